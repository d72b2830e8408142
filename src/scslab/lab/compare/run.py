"""Run every side of a comparison with every seed, and keep the totals that were asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from scslab.core.tables import COVERED, LISTED, WRONGFUL_LISTED
from scslab.core.trial import Arm
from scslab.evaluation.harm.totals import (
    ANYWHERE,
    SUMS,
    Collapsed,
    add_up,
    collapse_measures,
    regroup,
    regroup_measures,
    with_capital,
)
from scslab.lab.frames import group_columns, labelled, measure_frame, rated_groups
from scslab.lab.loop import Tallies, run_months
from scslab.lab.reuse import world_like
from scslab.lab.safeguards import with_safeguards
from scslab.lab.waves.seeds import seeded
from scslab.lab.world import World, build_world
from scslab.study.read import StudyFile

ARM, SEED = "(arm)", "(seed)"  # columns; no attribute of a society is written like this

Done = Callable[[int, int], None]
Split = tuple[str, ...]


@dataclass(frozen=True)
class Sums:
    """Totals of all runs, by arm, seed and the attributes of one split."""

    totals: pd.DataFrame
    measures: pd.DataFrame


class LeftError(Exception):
    """The comparison was stopped while this run was under way."""


def worlds_of(
    file: StudyFile, arms: Sequence[Arm], persons: int | None, months: int | None
) -> list[World]:
    """The world of each arm; the society is built once.

    Raises
    ------
    ScslabError
        Whatever is wrong with the study, or with its rules under a safeguard.
    """
    files = [with_safeguards(file, arm.safeguards) for arm in arms]
    base = build_world(files[0], 0, persons, months)
    return [base, *(world_like(base, other, months) for other in files[1:])]


def run_all(
    worlds: Sequence[World],
    arms: Sequence[Arm],
    seeds: Sequence[int],
    splits: Sequence[Split],
    threads: int,
    done: Done | None = None,
) -> dict[Split, Sums]:
    """Live through every arm with every seed.

    Parameters
    ----------
    worlds : sequence of World
        One for each arm.
    splits : sequence of tuple of str
        Attributes by which totals are split; () for everybody.
    threads : int
        Runs at once; where there are fewer runs, each gets several. No result depends on it.
    done : callable, optional
        Called with (runs done, runs in all).

    Returns
    -------
    dict of Sums
        By split; columns `ARM` and `SEED` hold their places, from 0.
    """
    tasks = [(arm, seed) for seed in range(len(seeds)) for arm in range(len(arms))]
    found: dict[tuple[int, int], dict[Split, Sums]] = {}
    at_once = max(1, min(threads, len(tasks)))

    def one(task: tuple[int, int], each: Callable[[], None]) -> dict[Split, Sums]:
        arm, seed = task
        world = seeded(worlds[arm], seeds[seed])
        tallies = run_months(world, threads // at_once, progress=lambda *_: each())
        return sums_of(world, tallies, splits)

    for task, sums in on_threads(one, tasks, at_once):
        found[task] = sums
        if done is not None:
            done(len(found), len(tasks))
    order = sorted(found)
    return {split: together([(task, found[task][split]) for task in order]) for split in splits}


def on_threads(
    one: Callable[[Any, Callable[[], None]], Any], tasks: Sequence[Any], workers: int
) -> Iterator[tuple[Any, Any]]:
    """Tasks with what each came to, as they end; on an error or a stop the others are left.

    `one` gets the task and a function to call now and then, which ends it when nobody waits.
    """
    stopped = threading.Event()

    def each() -> None:
        if stopped.is_set():
            raise LeftError

    with leaving(stopped, ThreadPoolExecutor(workers)) as pool:
        running: dict[Future[Any], Any] = {pool.submit(one, task, each): task for task in tasks}
        while running:
            ended, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                yield running.pop(future), future.result()


@contextmanager
def leaving(stopped: threading.Event, pool: ThreadPoolExecutor) -> Iterator[ThreadPoolExecutor]:
    """A pool whose tasks end soon after the block does, whatever ended it."""
    try:
        yield pool
    finally:
        stopped.set()
        pool.shutdown(wait=True, cancel_futures=True)


def sums_of(world: World, tallies: Tallies, splits: Sequence[Split]) -> dict[Split, Sums]:
    """Totals of one run, as its whole tables give them, but without a row for each month."""
    keep = sorted({name for split in splits for name in split})
    collapsed = collapse_run(world, tallies, keep)
    measures = collapse_measures(measure_frame(world, tallies), keep)
    return {s: Sums(regroup(collapsed, s), regroup_measures(measures, s)) for s in splits}


def collapse_run(world: World, tallies: Tallies, keep: Sequence[str]) -> Collapsed:
    """What `evaluation.harm.totals.collapse` makes of the tallies of a run.

    Months are summed before there is any table, which takes a tenth of the time.
    """
    names = [regime.id for regime in world.regimes]
    sums = np.concatenate(
        [
            tallies.flows.sum(axis=0),
            tallies.stocks.sum(axis=0),
            tallies.stocks[-1][..., [LISTED, WRONGFUL_LISTED]],
        ],
        axis=-1,
    )
    groups = [rated_groups(tallies, r) for r in range(len(names))]
    seen, regime = np.concatenate(groups), np.repeat(np.arange(len(names)), list(map(len, groups)))
    rows = pd.DataFrame({"regime": labelled(regime, names)} | group_columns(world, seen))
    values = pd.DataFrame(sums[regime, seen], columns=list(SUMS))
    every = np.unique(seen)
    # The widest file of each group and month stands for all who are on file anywhere.
    widest = tallies.stocks[:, :, every, COVERED].max(axis=1).sum(axis=0)
    anywhere = with_capital(pd.DataFrame(group_columns(world, every)), keep)
    return Collapsed(
        add_up(with_capital(rows, keep), ["regime", *keep], values),
        add_up(anywhere, keep, pd.DataFrame({ANYWHERE: widest})),
        len(world.months),
    )


def together(runs: Sequence[tuple[tuple[int, int], Sums]]) -> Sums:
    """Totals of all runs below each other, with the number of their arm and seed."""

    def stacked(name: str) -> pd.DataFrame:
        parts = [getattr(sums, name).assign(**{ARM: arm, SEED: seed}) for (arm, seed), sums in runs]
        return pd.concat(parts, ignore_index=True)

    return Sums(stacked("totals"), stacked("measures"))
