"""Write the report of an analysis: one HTML file that needs no script, network or other file."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from scslab.core.printed import (
    AnalysisReport,
    AnalysisSection,
    Figure,
    Paragraph,
    Part,
    ResultTable,
)
from scslab.report import charts_survey, vega, words
from scslab.report.figure_tables import as_table
from scslab.report.templates import fill
from scslab.report.texts import clean
from scslab.report.writers.grid import Printed, figure_notes, prepared, sentence
from scslab.report.writers.saving import save


@dataclass(frozen=True)
class Drawn:
    """A figure in two widths, what stands beneath it, and its numbers."""

    title: str
    wide: str
    narrow: str
    notes: tuple[str, ...]
    table: Printed


@dataclass(frozen=True)
class Block:
    """One thing in a section: text, or a numbered table or figure."""

    text: str = ""
    number: int = 0
    table: Printed | None = None
    figure: Drawn | None = None


@dataclass(frozen=True)
class Section:
    """A section of the page."""

    title: str
    blocks: tuple[Block, ...]


def write_analysis(report: AnalysisReport, path: Path, stars: bool = False) -> None:
    """Write the report page of an analysis.

    Parameters
    ----------
    report : AnalysisReport
        All that the page says; the same record gives the same bytes.
    path : Path
        The HTML file.
    stars : bool
        Whether estimates get stars by their p values.

    Raises
    ------
    ScslabError
        A table that cannot be written, or a folder that cannot be written to.
    """
    save(path, render(report, stars).encode("utf-8"))


def render(report: AnalysisReport, stars: bool = False) -> str:
    """The HTML text of the report, with every text of the record escaped."""
    said = (
        ("Simulated respondents" if report.synthetic else "Respondents", words.count(report.n)),
        *report.facts,
        ("Source", report.source),
    )
    facts: dict[str, str] = {}
    for name, value in said:
        facts.setdefault(clean(name), clean(value))
    return fill(
        "analysis.html",
        "page.css",
        "analysis.css",
        synthetic=report.synthetic,
        version=clean(report.version),
        title=clean(report.title) or "Untitled analysis",
        about=_paragraphs(report.about),
        facts=facts.items(),
        warnings=[sentence(one) for one in report.warnings],
        sections=list(_sections(report.sections, stars)),
    )


def _paragraphs(text: str) -> list[str]:
    return [clean(one) for one in text.split("\n\n") if clean(one)]


def _sections(sections: tuple[AnalysisSection, ...], stars: bool) -> Iterator[Section]:
    """Sections with their tables and figures numbered through the whole page."""
    pictures = iter(_drawings([part for one in sections for part in one.parts]))
    tables = figures = 0
    for section in sections:
        blocks: list[Block] = []
        for part in section.parts:
            if isinstance(part, Paragraph):
                blocks += [Block(text=one) for one in _paragraphs(part.text)]
            elif isinstance(part, ResultTable):
                tables += 1
                blocks.append(Block(number=tables, table=prepared(part, stars)))
            else:
                figures += 1
                blocks.append(Block(number=figures, figure=next(pictures)))
        if blocks:
            yield Section(clean(section.title), tuple(blocks))


def _drawings(parts: list[Part]) -> Iterator[Drawn]:
    """All figures of the page, drawn side by side: the renderer works outside Python's lock."""
    found = [part for part in parts if isinstance(part, Figure)]
    with ThreadPoolExecutor(2) as pool:
        wide = pool.map(lambda one: charts_survey.draw(one, vega.WIDE), found)
        narrow = pool.map(lambda one: charts_survey.draw(one, vega.NARROW), found)
        for figure, page, phone in zip(found, wide, narrow, strict=True):
            yield Drawn(
                title=clean(figure.title),
                wide=page,
                narrow=phone,
                notes=figure_notes(figure),
                table=prepared(as_table(figure)),
            )
