"""Write the report of a run: one HTML file that needs no script, no network and no other file."""

from __future__ import annotations

from pathlib import Path

from scslab.core.results import RunSummary
from scslab.report import sections, words
from scslab.report.templates import fill


def write_report(summary: RunSummary, path: Path) -> None:
    """Write the report page of a run.

    Parameters
    ----------
    summary : RunSummary
        All that the report says.
    path : Path
        The HTML file to write; the same summary gives the same bytes.
    """
    path.write_bytes(render(summary).encode("utf-8", "replace"))


def render(summary: RunSummary) -> str:
    """The HTML text of the report.

    Parameters
    ----------
    summary : RunSummary
        All that the report says.

    Returns
    -------
    str
        A whole page, with every text of the summary escaped.
    """
    return fill(
        "page.html",
        "page.css",
        run=summary,
        about=sections.paragraphs(summary.about),
        cannot_tell=sections.paragraphs(summary.cannot_tell),
        facts=_facts(summary),
        sections=sections.sections(summary),
        source_line=f"scslab {summary.version}, seed {summary.seed}, synthetic",
        linked=_linked,
    )


def _facts(run: RunSummary) -> list[tuple[str, str]]:
    """The key-facts line: short name and value."""
    months = words.months_between(run.first_month, run.last_month)
    period = f"{words.month_name(run.first_month)} to {words.month_name(run.last_month)}"
    if not run.first_month:
        period = words.NONE
    persons = words.count(run.persons)
    if run.rated:
        persons += f", {words.count(run.rated)} of an age that is rated"
    organisations = []
    if run.organisations:
        real = run.organisations_stand_for / run.organisations
        organisations = [
            ("Simulated organisations", words.count(run.organisations)),
            ("Each stands for", f"{words.number(real)} real organisations"),
        ]
    return [
        ("Simulated persons", persons),
        ("Each stands for", f"{words.number(run.scale)} real persons"),
        *organisations,
        ("Months", f"{words.count(months)} ({period})" if months else period),
        ("Regimes", words.count(len(run.regimes))),
        ("Seed", str(run.seed)),
    ]


def _linked(href: str) -> bool:
    """Whether a source's address may be a link: only plain web addresses."""
    return href.startswith(("https://", "http://"))
