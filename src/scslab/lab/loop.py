"""The months, one after the other: the only writer of last month's state."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scslab.core.calendar import first_day
from scslab.core.tables import State
from scslab.core.values import number_on
from scslab.lab.clerks import give_cases
from scslab.lab.month import Month, month_of_world
from scslab.lab.oversight import start_watch, watch_month
from scslab.lab.pipeline import AFTER_ALL, REVIEW, STAGES, Stage
from scslab.lab.shard import Shard, make_shards, make_state
from scslab.lab.world import World
from scslab.regimes.arithmetic import quota_floors
from scslab.regimes.rulebook import restart_month
from scslab.world.enrolment.join import count_scores
from scslab.world.records.relay import in_one_order

PERSONS_PER_SHARD = 262_144  # a shard's scores and acts fit a processor's cache

BIN_WIDTHS = (1, 2, 5, 10, 20, 25, 50, 100, 250, 500, 1000, 2500)

Progress = Callable[[int, int], None]
Watch = Callable[[World, Month, State], None]


@dataclass
class Tallies:
    """What all months left behind; everything adds over shards.

    Attributes
    ----------
    flows : i8[months, regimes, groups, FLOWS]
    stocks : i8[months, regimes, groups, STOCKS]
    grades : i8[months, regimes, groups, grades]
    found : i8[months, regimes, grades]
    refused, bitten, wrongly_refused, wrongly_bitten : i8[months, effects, groups]
    histograms : list of (month index, regime, edges, persons)
    events : list of (month, regime, what fell, why)
    """

    flows: np.ndarray
    stocks: np.ndarray
    grades: np.ndarray
    found: np.ndarray
    refused: np.ndarray
    bitten: np.ndarray
    wrongly_refused: np.ndarray
    wrongly_bitten: np.ndarray
    histograms: list[tuple[int, int, np.ndarray, np.ndarray]] = field(default_factory=list)
    events: list[tuple[str, str, str, str]] = field(default_factory=list)
    seconds: float = 0.0


def run_months(
    world: World,
    threads: int,
    shards: int | None = None,
    progress: Progress | None = None,
    watch: Watch | None = None,
    stages: Sequence[Stage] = STAGES,
) -> Tallies:
    """Live through all months.

    Parameters
    ----------
    threads : int
        Workers; results do not depend on it.
    shards : int, optional
        Parts of the society; results do not depend on it. By default some 262,000 persons each,
        and at least one for each worker.
    progress : callable, optional
        Called with (months done, months in all).
    watch : callable, optional
        Called at the end of each month with the world, the month and the state.
    stages : sequence of Stage, optional
        Those of a month, wrapped by whoever wants to look on.
    """
    state = make_state(world)
    wanted = shards or max(threads, -(-world.society.subjects // PERSONS_PER_SHARD))
    parts = make_shards(world, wanted)
    tallies = empty_tallies(world, parts[0])
    started = time.perf_counter()
    month: Month | None = None
    overseers = start_watch(world)
    fallen = overseers.fallen if overseers.done else None
    taken: list[tuple[int, int, np.ndarray]] = []
    clerks: dict[int, np.ndarray] = {}
    with workers(threads) as each:
        for index in range(len(world.months)):
            quotas = new_quotas(world, month, state, parts)
            month = month_of_world(world, index, month, quotas, fallen)
            pass_month(world, month, state, parts, each, stages, clerks)
            add_month(tallies, index, parts)
            if world.file.study.oversight:
                fallen = watch_month(
                    world, overseers, index, tallies.flows[index], tallies.stocks[index]
                )
            if (world.months[index] % 12 == 11) or index == len(world.months) - 1:
                taken += snapshots(world, month, state, parts)
            if watch is not None:
                watch(world, month, state)
            if progress is not None:
                progress(index + 1, len(world.months))
    tallies.histograms = binned(taken)
    tallies.events = overseers.events
    tallies.seconds = time.perf_counter() - started
    return tallies


@contextmanager
def workers(threads: int) -> Iterator[Callable]:
    """Something that calls a function for each shard: here, or on threads."""
    if threads == 1:
        yield lambda call, parts: [call(part) for part in parts]
        return
    pool = ThreadPoolExecutor(threads)
    try:
        yield lambda call, parts: list(pool.map(call, parts))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def pass_month(
    world: World,
    month: Month,
    state: State,
    parts: list[Shard],
    each: Callable,
    stages: Sequence[Stage] = STAGES,
    clerks: dict[int, np.ndarray] | None = None,
) -> None:
    """Live through one month in all shards; `each` calls a function for each of them.

    A desk of clerks serves all shards, so its months have a barrier before the review. `clerks`
    says when each is free, and is moved on; without it all begin the month with nothing to do.
    """
    for shard in parts:
        clear(shard)
    if month.ways.staffed.any():
        at = [stage.name for stage in stages].index(REVIEW)
        each(lambda shard: live(world, month, state, shard, stages[:at]), parts)
        give_cases(month, parts, {} if clerks is None else clerks)
        stages = stages[at:]
    each(lambda shard: live(world, month, state, shard, stages), parts)
    if state.own.size or world.linked:
        each(lambda shard: settle(world, month, state, shard), parts)
        hand_over(world, parts)


def clear(shard: Shard) -> None:
    """Begin a month's counts; what stands is carried on."""
    books = shard.books
    for counts in (books.flows, books.found, books.refused, books.bitten):
        counts[:] = 0
    books.wrongly_refused[:] = 0
    books.wrongly_bitten[:] = 0


def live(world: World, month: Month, state: State, shard: Shard, stages: Sequence[Stage]) -> None:
    """Stages of a month that stay within a shard."""
    for stage in stages:
        stage.run(world, month, state, shard)


def settle(world: World, month: Month, state: State, shard: Shard) -> None:
    """The stages that wait for all shards."""
    for stage in AFTER_ALL:
        stage.run(world, month, state, shard)


def hand_over(world: World, parts: list[Shard]) -> None:
    """Give each shard the messages for its subjects, in an order that does not depend on shards."""
    sent = [shard.outbox for shard in parts if len(shard.outbox)]
    if not sent:
        return
    messages = in_one_order(np.concatenate(sent))
    district = world.people.district[messages["cell"]]
    for shard in parts:
        first, last = shard.districts
        mine = messages[(district >= first) & (district < last)]
        if len(mine):
            shard.waiting = np.concatenate([shard.waiting, mine])


def new_quotas(
    world: World, before: Month | None, state: State, parts: list[Shard]
) -> dict[int, list[int]] | None:
    """Floors that fit the quotas of grades, set after the first month and each December."""
    with_quotas = [
        r for r, regime in enumerate(world.regimes) if regime.grades and regime.grades.quotas
    ]
    if before is None or not with_quotas:
        return None
    number = world.months[before.index]
    found = {}
    for r in with_quotas:
        regime = world.regimes[r]
        anew = restart_month(regime, first_day(number + 1)) == first_day(number + 1).month
        if before.index > 0 and number % 12 != 11 and not anew:
            continue
        assert regime.grades is not None
        if before.rules.score_row[r] < 0:
            continue
        counts = np.zeros(1 << 16, np.int64)
        for shard in parts:
            count_scores(r, shard.cells, world.people, before.rules, state, counts)
        shares = [number_on(q, first_day(number + 1)) for q in regime.grades.quotas.values()]
        if counts.any():
            found[r] = quota_floors(counts, -(1 << 15), shares)
    return found or None


def empty_tallies(world: World, shard: Shard) -> Tallies:
    """Room for all months."""
    length = len(world.months)
    books = shard.books._asdict()
    room: dict[str, Any] = {
        name: np.zeros((length, *part.shape), np.int64) for name, part in books.items()
    }
    return Tallies(**room)


def add_month(tallies: Tallies, index: int, parts: list[Shard]) -> None:
    """Add the shards' books of a month."""
    for shard in parts:
        for name, counts in shard.books._asdict().items():
            getattr(tallies, name)[index] += counts


def snapshots(
    world: World, month: Month, state: State, parts: list[Shard]
) -> list[tuple[int, int, np.ndarray]]:
    """Persons at each score, for all scores in force at the end of a month."""
    found = []
    for regime, row in enumerate(month.rules.score_row):
        if row >= 0:
            counts = np.zeros(1 << 16, np.int64)
            for shard in parts:
                count_scores(regime, shard.cells, world.people, month.rules, state, counts)
            found.append((month.index, regime, counts))
    return found


def binned(
    snapshots: list[tuple[int, int, np.ndarray]],
) -> list[tuple[int, int, np.ndarray, np.ndarray]]:
    """Histograms of all snapshots; those of one regime have the same bins.

    Returns
    -------
    list of (month index, regime, edges, persons)
        At most some 30 bins of a round width over the scores that occur.
    """
    edges = {}
    for regime in {r for _, r, _ in snapshots}:
        total = np.sum([c for _, r, c in snapshots if r == regime], axis=0)
        used = np.flatnonzero(total) - (1 << 15)
        bottom, top = (int(used[0]), int(used[-1])) if used.size else (0, 0)
        width = next((w for w in BIN_WIDTHS if (top - bottom) / w <= 30), BIN_WIDTHS[-1])
        edges[regime] = np.arange(bottom // width * width, top + width + 1, width, dtype=np.int64)
    return [(index, r, edges[r], bins(counts, edges[r])) for index, r, counts in snapshots]


def bins(counts: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Persons in each bin [edges[b], edges[b + 1]); entry 32768 of `counts` is score 0."""
    used = np.flatnonzero(counts) - (1 << 15)
    persons, _ = np.histogram(used, edges, weights=counts[used + (1 << 15)])
    return persons.astype(np.int64)
