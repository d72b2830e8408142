"""What the command line says about survey files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from scslab.core.errors import ScslabError
from scslab.core.printed import AnalysisReport, Figure, ResultTable


def say(step: str) -> None:
    """One step of progress, beside the output proper."""
    typer.echo(f"{step} ...", err=True)


def shown(report: AnalysisReport, out: Path) -> str:
    """The analysis in a few lines."""
    lines = [f"{report.title}{' (synthetic)' if report.synthetic else ''}", report.source, ""]
    who = "Simulated respondents" if report.synthetic else "Respondents"
    facts = [(who, f"{report.n:,}"), *report.facts]
    width = max(len(name) for name, _ in facts)
    lines += [f"{name:<{width}}  {value}" for name, value in facts]
    lines.append("")
    for section in report.sections:
        tables = sum(isinstance(p, ResultTable) for p in section.parts)
        figures = sum(isinstance(p, Figure) for p in section.parts)
        if tables or figures:
            counts = [
                f"{n} {word}{'' if n == 1 else 's'}"
                for n, word in ((tables, "table"), (figures, "figure"))
                if n
            ]
            lines.append(f"{section.title}: {', '.join(counts)}")
    lines += [f"warning: {text}" for text in report.warnings]
    return "\n".join([*lines, "", f"folder: {out}", f"report: {out / 'report.html'}"])


def converted(file: Path, to: Path, drop: Sequence[str], encoding: str | None) -> str:
    """Write a survey file in another format; what was written and what it cannot carry.

    Raises
    ------
    ScslabError
        The file cannot be read, or the new one cannot be written.
    """
    from scslab.survey.file.ddi import ddi_xml
    from scslab.survey.file.r_loader import r_loader
    from scslab.survey.file.read import read_answers
    from scslab.survey.file.write import write_answers

    answers = read_answers(file, drop=drop, encoding=encoding)
    notes: tuple[str, ...] = answers.notes
    if to.suffix in (".xml", ".R") and to.exists():
        raise ScslabError(
            "there is a file already", where=str(to), hint="name another file, or remove it"
        )
    if to.suffix == ".xml":
        to.write_text(ddi_xml(answers, file.name), encoding="utf-8")
    elif to.suffix == ".R":
        to.write_text(r_loader(answers, file.name), encoding="utf-8")
    else:
        notes = (*notes, *write_answers(answers, to))
    head = f"{to}: {answers.n:,} respondents, {len(answers.variables):,} variables"
    return "\n".join([head, *(f"note: {note}" for note in notes)])
