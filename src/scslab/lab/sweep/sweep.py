"""Sweep a study: run the cases that are missing, and make tables, indices and boxes of them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scslab.core.errors import ScslabError
from scslab.core.files import sha256
from scslab.core.sweep import Box, Index, shown
from scslab.lab.frames import write_parquet
from scslab.lab.sweep.discovery import boxes
from scslab.lab.sweep.indices import indices, ranked
from scslab.lab.sweep.plan import Plan
from scslab.lab.sweep.run import Base, build, run_case
from scslab.lab.sweep.sound import check_cases
from scslab.lab.sweep.store import (
    check_complete,
    describe,
    json_text,
    open_folder,
    read_all,
    write_case,
    write_whole,
)
from scslab.lab.sweep.tables import behaviorspace, case_frame, over_cases, result_frame
from scslab.lab.sweep.worker import Found, run_on_workers

WORTH = 15.0  # seconds of work left that make up for starting further processes

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Sweep:
    """A sweep with the outcomes of all its cases.

    Attributes
    ----------
    plan : Plan
    mark : str
        The fingerprint of all that decides its results.
    values : dict
        Case -> f8[replications, steps, outcomes].
    """

    plan: Plan
    mark: str
    values: dict[int, np.ndarray]

    @property
    def problem(self) -> dict[str, Any]:
        """The problem in SALib's words."""
        return self.plan.problem

    @cached_property
    def cases(self) -> pd.DataFrame:
        """A row for each case: its number and the value of each factor."""
        return case_frame(self.plan)

    @cached_property
    def results(self) -> pd.DataFrame:
        """Tidy results: run, case, replication, seed, month, outcome, value."""
        return result_frame(self.plan, self.values)

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """A row for each case: its outcomes over the whole period, means over replications."""
        names = [outcome.text for outcome in self.plan.outcomes]
        found = pd.DataFrame(over_cases(self.plan, self.values), columns=names)
        found.insert(0, "case", sorted(self.values))
        return found

    @cached_property
    def table(self) -> str:
        """The results as BehaviorSpace writes its table."""
        return behaviorspace(self.plan, self.values, self.mark)

    @cached_property
    def found(self) -> dict[str, tuple[list[Index], list[Box], list[str]]]:
        """Indices, boxes and notes of each outcome.

        Raises
        ------
        ScslabError
            Not all cases have been run.
        """
        if len(self.values) < self.plan.design.cases:
            raise ScslabError(
                "not all cases have been run",
                got=f"{len(self.values):,} of {self.plan.design.cases:,}",
            )
        table = over_cases(self.plan, self.values)
        everything = {}
        for o, outcome in enumerate(self.plan.outcomes):
            rows, why = indices(self.plan.design, table[:, o], outcome.text)
            share = self.plan.sweep.spec.worst
            peeled, none = boxes(self.plan.design, table[:, o], outcome.text, share, outcome.better)
            everything[outcome.text] = (rows, peeled, [note for note in (why, none) if note])
        return everything

    @cached_property
    def indices(self) -> pd.DataFrame:
        """Sensitivity: outcome, factor, measure, value, low, high, and the rank of a factor."""
        rows = []
        for found, _, _ in self.found.values():
            places = {id(row): place for place, row in ranked(found)}
            for row in found:
                rows.append((*vars(row).values(), places.get(id(row))))
        columns = ["outcome", "factor", "measure", "value", "low", "high", "rank"]
        return pd.DataFrame(rows, columns=columns).astype({"rank": "Int64"})

    @cached_property
    def boxes(self) -> pd.DataFrame:
        """Boxes of the worst cases: a row for each restriction of each box."""
        rows = [
            (box.outcome, box.number, box.side, box.threshold, peel.cases, peel.bad)
            + (peel.coverage, peel.density, peel.mass, limit.factor, limit.low, limit.high)
            + ("|".join(map(shown, limit.levels or ())), limit.p)
            for _, found, _ in self.found.values()
            for box in found
            for peel in (box.held,)
            for limit in box.limits
        ]
        columns = ["outcome", "box", "side", "threshold", "cases", "bad", "coverage", "density"]
        columns += ["mass", "factor", "low", "high", "levels", "p"]
        return pd.DataFrame(rows, columns=columns)


def run_sweep(
    plan: Plan,
    *,
    folder: Path | None = None,
    cases: Sequence[int] | None = None,
    workers: int | None = None,
    restart: bool = False,
    progress: Progress | None = None,
) -> tuple[Base, dict[int, np.ndarray]]:
    """Run the cases of a sweep that have not been run yet.

    Parameters
    ----------
    folder : Path, optional
        Where cases are written as they end, and read when the sweep goes on.
    cases : sequence of int, optional
        Only these, by number.
    workers : int, optional
        Processes; no result depends on it. By default one for each processor where there is
        enough to do.
    restart : bool
        Throw away what the folder holds of this or another sweep.
    progress : callable, optional
        Called with (cases done, cases in all), of those asked for.

    Returns
    -------
    Base, dict
        The society of the sweep; case -> f8[replications, steps, outcomes], of all cases in the
        folder or run now.

    Raises
    ------
    ScslabError
        Whatever is wrong; what was run until then is kept in the folder.
    """
    check_cases(plan)
    base = build(plan)
    values: dict[int, np.ndarray] = {}
    if folder is not None:
        open_folder(folder, plan, base.mark, restart)
        values = read_all(folder, plan, base.mark)
    wanted = list(cases) if cases is not None else list(range(1, plan.design.cases + 1))
    todo = [number for number in wanted if number not in values]
    done = len(wanted) - len(todo)
    if progress is not None and done:
        progress(done, len(wanted))
    with closing(run_cases(base, todo, workers)) as running:
        for number, found, seconds in running:
            values[number] = found
            if folder is not None:
                write_case(folder, number, base.mark, found, seconds)
            done += 1
            if progress is not None:
                progress(done, len(wanted))
    return base, values


def run_cases(
    base: Base, cases: Sequence[int], workers: int | None
) -> Generator[Found, None, None]:
    """Run cases here, and on further processes where that is worth it."""
    processors = workers or os.cpu_count() or 1
    if workers is not None and workers > 1 and len(cases) > 1:
        yield from run_on_workers(base.plan, cases, workers)
        return
    seconds = 0.0
    for i, number in enumerate(cases):
        # The first run may compile, so the second one tells how long they take.
        if workers is None and i == 2 and processors > 1 and seconds * len(cases[i:]) > WORTH:
            yield from run_on_workers(base.plan, cases[i:], processors)
            return
        started = time.monotonic()
        found = run_case(base, number)
        seconds = time.monotonic() - started
        yield number, found, seconds


def gather(plan: Plan, mark: str, folder: Path) -> Sweep:
    """All cases of a folder as one sweep.

    Raises
    ------
    ScslabError
        Some have not been run.
    """
    values = read_all(folder, plan, mark)
    check_complete(values, plan, folder)
    return Sweep(plan, mark, values)


def write_tables(sweep: Sweep, folder: Path) -> None:
    """Write the tables of a whole sweep into its folder."""
    for name, frame in (
        ("cases", sweep.cases),
        ("results", sweep.results),
        ("outcomes", sweep.outcomes),
        ("indices", sweep.indices),
        ("boxes", sweep.boxes),
    ):
        write_whole(folder / f"{name}.csv", frame.to_csv(index=False, lineterminator="\n"))
    write_whole(folder / "table.csv", sweep.table)
    write_parquet(sweep.results, folder / "results.parquet")


def write_manifest(sweep: Sweep, folder: Path) -> None:
    """The manifest of a whole sweep: what it is, and the hash of every file but the cases'."""
    files = (p for p in sorted(folder.iterdir()) if p.is_file() and p.name != "manifest.json")
    outputs = {path.name: sha256(path) for path in files if not path.name.startswith(".")}
    found = describe(sweep.plan, sweep.mark) | {"complete": True, "outputs": outputs}
    write_whole(folder / "manifest.json", json_text(found))
