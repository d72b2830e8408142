"""The command `trace`: one simulated person's story."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scslab.core.errors import ScslabError


def trace(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")],
    case: Annotated[
        str | None,
        typer.Option(help="The kind of story, such as wrongly-listed; see --list-cases."),
    ] = None,
    pick: Annotated[int, typer.Option(help="Which of them: 1 is the most eventful.")] = 1,
    regime: Annotated[
        str | None, typer.Option(help="Only listings and rewards of this regime.")
    ] = None,
    list_cases: Annotated[
        bool, typer.Option("--list-cases", help="Only say how many stories of each kind there are.")
    ] = False,
    form: Annotated[str, typer.Option("--format", help="text, html, markdown or json.")] = "text",
    out: Annotated[
        Path | None, typer.Option(help="File to write; else the story is printed.")
    ] = None,
    threads: Annotated[
        int | None,
        typer.Option(min=1, help="Workers, by default one a processor; no result depends on it."),
    ] = None,
) -> None:
    """Follow one simulated person of a run, from act or false record to outcome.

    Each step comes with the row of the rules, or the assumption, behind it, and with what was luck.
    """
    if case is None and not list_cases:
        raise ScslabError("which story?", where="--case", hint="see --list-cases")
    if out is not None and not out.parent.is_dir():
        raise ScslabError("no such folder", where="--out", got=str(out.parent))
    # Slow imports come after the first mistakes that can be seen.
    from scslab.api import stories
    from scslab.report.story import case_lines

    if list_cases or case is None:
        typer.echo(case_lines(stories.story_cases(run, regime=regime, threads=threads)))
        return
    stories.check_format(form)
    story = stories.trace(run, case=case, pick=pick, regime=regime, threads=threads)
    text = stories.told(story, form)
    if out is None:
        typer.echo(text.rstrip("\n"))
        return
    out.write_text(text, encoding="utf-8")
    typer.echo(f"story: {out}")
