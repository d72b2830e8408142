"""The command `audit`: legal tests of rules, for people and for gates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scslab.core.errors import ScslabError, near

FORMATS = ("text", "json", "sarif", "html", "docx")
FAILS = 3  # exit code where a test fails


def audit(
    target: Annotated[
        str,
        typer.Argument(help="A regime's name or folder, or a folder with regime folders in it."),
    ],
    on: Annotated[
        str | None,
        typer.Option(help="The day whose rules are tested; else the last day of each file."),
    ] = None,
    run: Annotated[
        Path | None, typer.Option(help="A run folder: adds people hit, months and groups.")
    ] = None,
    form: Annotated[
        str, typer.Option("--format", help="text, json, sarif, html or docx.")
    ] = "text",
    out: Annotated[Path | None, typer.Option(help="A new file; html and docx need it.")] = None,
    only: Annotated[
        str | None, typer.Option(help="Only these criteria: ids with commas between them.")
    ] = None,
    instrument: Annotated[
        str | None,
        typer.Option(help="Only EU AI Act, GDPR, PIPL or Chinese limits."),
    ] = None,
    safeguards: Annotated[
        str | None,
        typer.Option(help="Safeguards laid over the rules first: notice,reasons."),
    ] = None,
) -> None:
    """Test rules by the EU AI Act, the GDPR, the PIPL and Chinese limits. Not legal advice.

    Ends with 3 where a test fails, so that a repository of rules can be gated.
    """
    check_form(form, out)
    from scslab.api.audits import audit as audit_rules

    laid = [name.strip() for name in (safeguards or "").split(",") if name.strip()]
    report = audit_rules(target, on=on, run=run, only=only, instrument=instrument, safeguards=laid)
    data = written(report, form)
    if out is None:
        typer.echo(data.decode("utf-8"), nl=False)
    else:
        write_new(out, data)
        typer.echo(f"{form}: {out}; not met: {len(report.failed)}")
    if report.failed:
        raise typer.Exit(FAILS)


def check_form(form: str, out: Path | None) -> None:
    """Refuse an unknown format, or one for a page without a file, before anything is read.

    Raises
    ------
    ScslabError
        Naming the option.
    """
    if form not in FORMATS:
        raise ScslabError(f'no format "{form}"', where="--format", hint=near(form, FORMATS))
    if form in ("html", "docx") and out is None:
        raise ScslabError(
            f"a report as {form} needs a file", where="--out", hint=f"--out audit.{form}"
        )
    if out is not None:
        refuse_existing(out)


def refuse_existing(out: Path) -> None:
    """A report is never written over another one, which may have a human part by now."""
    if out.exists():
        raise ScslabError(
            "there is such a file already",
            where=str(out),
            why="what people wrote into it would be lost",
            hint="name a new file, or move that one away",
        )
    if not out.absolute().parent.is_dir():
        raise ScslabError("no such folder", where=str(out.parent))


def written(report: object, form: str) -> bytes:
    """The report in one form."""
    from scslab.core.audit import AuditReport

    assert isinstance(report, AuditReport)
    if form == "docx":
        from scslab.report.audit_docx import audit_docx

        return audit_docx(report)
    if form == "html":
        from scslab.report.audit_page import audit_page

        text = audit_page(report)
    elif form == "json":
        from scslab.report.audit_json import audit_json

        text = audit_json(report)
    elif form == "sarif":
        from scslab.report.audit_sarif import audit_sarif

        text = audit_sarif(report)
    else:
        from scslab.report.audit_text import audit_text

        text = audit_text(report) + "\n"
    return text.encode("utf-8", "replace")


def write_new(out: Path, data: bytes) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    ScslabError
        It cannot be written.
    """
    partial = out.with_name(f".{out.name}.partial")
    try:
        partial.write_bytes(data)
        partial.rename(out)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise ScslabError(
            "the report cannot be written", where=str(out), got=error.strerror
        ) from error
