"""The reference society in scslab: a study and a regime in files, no code of its own.

The study for a start score of 1,000 is ``benchmarks/reference/study.yaml``; for another start
score S it is ``benchmarks/reference/study-S.yaml``.
"""

import importlib
from pathlib import Path
from typing import Any

from benchmarks.peers.rules import EDUCATIONS, GROUPS, START, Result

REFERENCE = Path("benchmarks/reference")


def _numbered(frame: Any) -> Any:
    """Add the number of each row's group, 4 x urban + education, in order of the levels."""
    column = frame["education"]
    if hasattr(column, "cat"):
        levels = list(column.cat.categories)
    else:
        levels = sorted(column.unique().tolist())
    if len(levels) != EDUCATIONS:
        raise ValueError(f"the study has educations {levels}; the reference society has four")
    residences = set(frame["residence"].astype(str))
    if residences != {"urban", "rural"}:
        raise ValueError(f"the study has residences {residences}; expected urban and rural")
    urban = frame["residence"].astype(str) == "urban"
    return frame.assign(group=EDUCATIONS * urban.astype(int) + column.map(levels.index).astype(int))


def _by_group(frame: Any, column: str, empty: float) -> list[list[Any]]:
    """Give a column as one row for each month and one place for each group."""
    wide = _numbered(frame).pivot(index="month", columns="group", values=column).sort_index()
    rows: list[list[Any]] = wide.reindex(columns=range(GROUPS)).fillna(empty).to_numpy().tolist()
    return rows


def run(persons: int, months: int, seed: int, start_score: int = START, threads: int = 2) -> Result:
    """Run the reference society in scslab.

    The first run of a process compiles the kernels; ``benchmarks.peers.measure`` sees to it that
    this is not the one that is timed.

    Parameters
    ----------
    persons, months
        Size of the society and length of the run.
    seed
        Seed of the run.
    start_score
        Score of everybody at the start; it chooses the study file.
    threads
        Threads to use.

    Returns
    -------
    Result
        Times and monthly output by group.
    """
    scs: Any = importlib.import_module("scslab")
    name = "study.yaml" if start_score == START else f"study-{start_score}.yaml"
    study = scs.read_study(str(REFERENCE / name))
    done = scs.simulate(study, seed=seed, persons=persons, months=months, threads=threads)
    by = ["residence", "education"]
    listings, scores = done.table("listings", by=by), done.table("scores", by=by)
    covered = _by_group(scores, "covered", 0)
    return Result(
        seconds=float(done.timings["months"]),
        setup_seconds=float(done.timings["society"]),
        persons=[int(count) for count in covered[-1]],
        listed=[[int(count) for count in row] for row in _by_group(listings, "listed", 0)],
        mean_score=_by_group(scores, "mean_score", float("nan")),
    )
