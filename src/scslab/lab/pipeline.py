"""The order of a month: every stage, what it reads and what it writes.

Stages do not know each other. Within a month a shard depends on nothing but the state at its
start and on (seed, decision, month, place), so shards may run in any order and on any thread.
`learning` alone crosses district borders; it runs when all shards have finished the month.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scslab.core.tables import ACT, DELIVERY, ENTRY, NO_LIST, State
from scslab.lab.month import Month
from scslab.lab.shard import Shard, room
from scslab.lab.world import World
from scslab.regimes.month import judge_month
from scslab.world.conduct.acts import commit
from scslab.world.conduct.learning import learn
from scslab.world.consequences.bites import bite
from scslab.world.enrolment.join import enrol, forget
from scslab.world.records.agencies import invent, take_due, write_down
from scslab.world.remedies.desk import leave, queue, review, tell
from scslab.world.society.ties import ties_of

Run = Callable[[World, Month, State, Shard], None]


@dataclass(frozen=True)
class Stage:
    """One step of a month."""

    name: str
    room: str
    does: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    run: Run


def run_enrolment(world: World, month: Month, state: State, shard: Shard) -> None:
    """Let persons join or leave where the rules or the shares have changed."""
    for regime, members in enumerate(month.members):
        if month.enrols[regime]:
            enrol(
                world.seed,
                regime,
                month.begins[regime],
                month.was_covered[regime],
                shard.cells,
                world.people,
                month.rules,
                state,
                members,
                shard.books,
            )
            forget(regime, shard.entries, world.people, month.rules, state)


def run_conduct(world: World, month: Month, state: State, shard: Shard) -> None:
    """Draw the acts of the month."""
    listed = bool((shard.entries["list"] != NO_LIST).any())
    args = (world.seed, month.index, shard.districts, listed, world.people, state, month.rates)
    acts = room("acts", ACT, 1024)
    count = commit(*args, acts)
    if count > len(acts):
        acts = room("acts", ACT, count)
        count = commit(*args, acts)
    shard.acts = acts[:count]


def run_records(world: World, month: Month, state: State, shard: Shard) -> None:
    """Write records, true and false, and take those that arrive at the regimes now."""
    faults, people = month.faults, world.people
    written = room("written", DELIVERY, len(shard.acts) * len(world.regimes) + 1024)
    count = write_down(
        month.index, shard.acts, people, faults, month.rules, state, shard.books, written
    )
    while month.invents:
        total = invent(world.seed, month.index, shard.districts, people, faults, written, count)
        if total <= len(written):
            count = total
            break
        true = written[:count].copy()
        written = room("written", DELIVERY, total)
        written[:count] = true
    written = written[:count]
    if not month.lags and not len(shard.waiting):
        shard.deliveries = written
        return
    waiting = np.concatenate([shard.waiting, written])
    due = room("due", DELIVERY, len(waiting))
    moved = take_due(waiting, month.index, due)
    shard.waiting = waiting[: len(waiting) - moved]
    shard.deliveries = due[:moved]


def run_judge(world: World, month: Month, state: State, shard: Shard) -> None:
    """Apply the rules in force to the records that have arrived."""
    most = 1 + 2 * int(month.rules.lists.max())
    opened = room("opened", ENTRY, most * len(shard.deliveries) + 16)
    count = judge_month(
        shard.deliveries,
        month.index,
        world.people,
        month.rules,
        state,
        shard.books,
        shard.entries,
        opened,
    )
    shard.opened = opened[:count].copy()  # learning reads it when other shards have had the room
    if count:
        shard.entries = np.concatenate([shard.entries, shard.opened])


def run_consequences(world: World, month: Month, state: State, shard: Shard) -> None:
    """Let listings refuse what their persons attempt."""
    bite(shard.entries, month.index, world.people, month.effects, shard.books)


def run_remedies(world: World, month: Month, state: State, shard: Shard) -> None:
    """Give notice, take and decide objections, end what is performed, expired or corrected."""
    if not len(shard.entries):
        return
    people, books = world.people, shard.books
    tell(shard.entries, month.index, people, month.ways, books)
    waiting = queue(shard.entries)
    if len(waiting):
        first, last = shard.districts
        capacity = month.ways.capacity[:, first:last].copy()
        rules, ways = month.rules, month.ways
        review(shard.entries, waiting, month.index, first, capacity, people, rules, ways, books)
    kept = leave(shard.entries, month.index, people, month.rules, state, month.ways, books)
    if kept < len(shard.entries):
        shard.entries = shard.entries[:kept].copy()


def run_learning(world: World, month: Month, state: State, shard: Shard) -> None:
    """Tell persons and their ties of this month's listings."""
    if state.own.size == 0 or not len(shard.opened):
        return
    persons = shard.opened["subject"].astype(np.int64)
    districts = world.people.district[shard.opened["cell"]].astype(np.int64)
    ties = ties_of(world.seed, persons, districts, world.society.district_start)
    learn(shard.opened, month.index, ties, state)


STAGES: tuple[Stage, ...] = (
    Stage(
        "enrolment",
        "world/enrolment",
        "persons join, consent or leave; members get a starting score",
        ("society", "rules in force", "members"),
        ("members", "scores", "stocks", "entries of those who left"),
        run_enrolment,
    ),
    Stage(
        "conduct",
        "world/conduct",
        "acts happen, fewer where persons are deterred",
        ("society", "listed", "last listing of self and ties"),
        ("acts",),
        run_conduct,
    ),
    Stage(
        "records",
        "world/records",
        "agencies write acts down: late, under wrong names, or on nothing",
        ("acts", "records under way", "who is covered", "members"),
        ("deliveries", "records under way", "flows"),
        run_records,
    ),
    Stage(
        "rating",
        "regimes",
        "the rules of the month move scores and open listings; no dice",
        ("deliveries", "rules in force", "members", "scores", "listed", "entries"),
        ("scores", "listed", "entries", "flows", "stocks"),
        run_judge,
    ),
    Stage(
        "consequences",
        "world/consequences",
        "listings refuse what their persons attempt",
        ("entries", "effects in force"),
        ("refused", "listed person-months", "who knows"),
        run_consequences,
    ),
    Stage(
        "remedies",
        "world/remedies",
        "notice, objection, review, correction, performance, expiry",
        ("entries", "rules in force"),
        ("entries", "scores", "listed", "flows", "stocks"),
        run_remedies,
    ),
)
AFTER_ALL: tuple[Stage, ...] = (
    Stage(
        "learning",
        "world/conduct",
        "the listed and their ties are deterred from now on",
        ("entries opened",),
        ("last listing of self and ties",),
        run_learning,
    ),
)
