"""Public verbs for one simulated person's story: `trace` tells one, `story_cases` counts them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from scslab.core.errors import ScslabError, near
from scslab.core.story import CaseCount, Story
from scslab.lab.trace import trace as lab
from scslab.report import story as report

FORMATS = ("text", "html", "json", "markdown")


def trace(
    run: str | Path,
    *,
    case: str,
    pick: int = 1,
    regime: str | None = None,
    threads: int | None = None,
) -> Story:
    """Follow one simulated person of a run from act or false record to outcome.

    The months of the run are lived through twice more, with its seed and luck: once to find who
    was listed or rewarded, once to follow the one that is picked.

    Parameters
    ----------
    run : str or Path
        A run folder, as `simulate` writes it.
    case : str
        The kind of story, such as wrongly-listed; `story_cases` counts them.
    pick : int
        Which of them, from 1: those to whom most happened come first.
    regime : str, optional
        Only listings and rewards of this regime.
    threads : int, optional
        Workers; the story does not depend on it.

    Raises
    ------
    ScslabError
        No run folder, or changed since it was written; its months come out differently here; no
        such case or regime, or fewer stories of it than asked for.
    """
    return lab.trace(run, case, pick, regime, threads)


def story_cases(
    run: str | Path, *, regime: str | None = None, threads: int | None = None
) -> tuple[CaseCount, ...]:
    """How many stories of each kind a run has.

    Raises
    ------
    ScslabError
        As `trace`.
    """
    return lab.count_cases(run, regime, threads)


def told(story: Story, form: str = "text") -> str:
    """A story as text, html, markdown or json.

    Raises
    ------
    ScslabError
        No such format.
    """
    if form == "json":
        told = {"schema": "story/1", "synthetic": True, "says": story.says, **asdict(story)}
        return json.dumps(told, indent=2, ensure_ascii=False) + "\n"
    check_format(form)
    forms = {"text": report.text, "html": report.page, "markdown": report.markdown}
    return forms[form](story)


def check_format(form: str) -> None:
    """A story has these formats.

    Raises
    ------
    ScslabError
        No such format.
    """
    if form not in FORMATS:
        raise ScslabError(f'no format "{form}"', where="--format", hint=near(form, FORMATS))
