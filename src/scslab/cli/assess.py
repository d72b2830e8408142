"""The command `assess`: draft an impact assessment from a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from scslab.core.impact import ImpactDocument


def assess(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")],
    kind: Annotated[
        str,
        typer.Option(
            help="fria (EU AI Act), dpia (GDPR), aia (Canada) or bias (New York City's table)."
        ),
    ],
    out: Annotated[Path, typer.Option(help="A new file: .docx (Word) or .html.")],
    regime: Annotated[
        list[str] | None,
        typer.Option(help="Only this regime of the run; can be given several times."),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(
            help="For aia: answers to the questionnaire (aia/1), or the official tool's JSON."
        ),
    ] = None,
) -> None:
    """Draft an impact assessment: what a run can fill in is filled in, the rest is asked.

    Machine-filled and human parts are marked. A draft of synthetic numbers, not legal advice.
    """
    # Slow imports come after the call is known to be right.
    from scslab.api.impact import assess as assess_run

    document = assess_run(run, kind=kind, regime=regime or None, answers=answers, out=out)
    typer.echo(told(document, out))


def told(document: ImpactDocument, out: Path) -> str:
    """What was written, in a few lines."""
    lines = [f"{document.title} (synthetic draft, not legal advice)", ""]
    for chapter in document.chapters:
        machine, human = len(chapter.parts("machine")), len(chapter.parts("human"))
        lines.append(f"{chapter.regime}: {machine} parts filled by machine, {human} for people")
        # The first part of Canada's assessment is its score, or the range of it.
        first = chapter.sections[0].parts[0]
        if document.kind == "aia" and first.mark == "machine":
            lines.append(f"  {first.text}")
    return "\n".join([*lines, "", f"draft: {out}"])
