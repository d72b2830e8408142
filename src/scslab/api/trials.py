"""Public verb for safeguards: `compare` sets them beside each other, paired by luck."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from scslab.lab.compare.compose import compare as lab_compare
from scslab.lab.compare.trial import HARM, Trial
from scslab.report.compare_page import write_compare
from scslab.study.read import StudyFile, read_study

__all__ = ["Trial", "compare"]


def compare(
    study: StudyFile | str | Path,
    *,
    safeguards: Sequence[str],
    seeds: int | Sequence[int],
    persons: int | None = None,
    months: int | None = None,
    threads: int | None = None,
    by: Sequence[str] | None = None,
    quantity: str = HARM,
    out: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Trial:
    """Let the same society live under several sets of safeguards with the same luck.

    Parameters
    ----------
    study : StudyFile, str or Path
        From `read_study`, or what `read_study` takes.
    safeguards : sequence of str
        `none`, `notice`, or `notice+help` for both together; differences are to the first. `none`
        may stand there twice: nothing differs then.
    seeds : int or sequence of int
        So many seeds from 1 on, or these; at least two.
    persons, months : int, optional
        Another size of the society; only the first months.
    threads : int, optional
        Runs at once, by default one for each processor; no result depends on it.
    by : sequence of str, optional
        Splits: attributes of the society, `political_capital`, or several joined by `+`. By
        default subject, residence, sex and education, those that the society has.
    quantity : str
        By which safeguards are ranked.
    out : str or Path, optional
        Folder to write; must not exist or be empty. Nothing is written without it.
    progress : callable, optional
        Called with (runs done, runs in all).

    Returns
    -------
    Trial
        Harms, paired differences, rankings, the frontier.

    Raises
    ------
    ScslabError
        Whatever is wrong, before anything is computed where that can be known.
    """
    return lab_compare(
        study if isinstance(study, StudyFile) else read_study(study),
        safeguards,
        seeds,
        persons=persons,
        months=months,
        threads=threads or os.cpu_count() or 1,
        by=by,
        quantity=quantity,
        out=None if out is None else Path(out),
        progress=progress,
        draw=write_compare,
    )
