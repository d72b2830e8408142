"""The order of a month: every stage, what it reads and what it writes.

Stages do not know each other. Within a month a shard depends on nothing but the state at its
start and on (seed, decision, month, place), so shards may run in any order and on any thread.
What crosses district borders (learning, listings that travel) runs when all shards have finished
the month.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scslab.core.tables import ACT, DELIVERY, ENTRY, HARDSHIP_LISTED, State
from scslab.lab import in_force
from scslab.lab.month import Month
from scslab.lab.shard import Shard, blacklists, room
from scslab.lab.world import World
from scslab.regimes.month import judge_month
from scslab.regimes.month_lists import Files, begin_waiting, file_entries
from scslab.world.conduct.acts import commit
from scslab.world.conduct.learning import learn
from scslab.world.consequences.bites import bite
from scslab.world.enrolment.join import enrol, forget, list_graded, restart
from scslab.world.records.agencies import invent, take_due, write_down
from scslab.world.records.relay import Links, cells_of, relay
from scslab.world.remedies.corrections import spread
from scslab.world.remedies.desk import queue, review, supervise
from scslab.world.remedies.exits import count_standing_hardship, leave
from scslab.world.remedies.notice import count_hardship, tell
from scslab.world.remedies.screening import screen
from scslab.world.society.representatives import representatives
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
            deletes = in_force.may_leave(world.file.study.regimes[regime], world.regimes[regime])
            forget(regime, shard.entries, world.people, month.rules, state, deletes)
        if month.rules.restarts[regime] and month.rules.score_row[regime] >= 0:
            restart(
                world.seed,
                regime,
                shard.cells,
                world.people,
                month.rules,
                state,
                members,
                shard.entries,
                shard.books,
            )
        if month.rules.graded_lists[regime] and month.rules.score_row[regime] >= 0:
            list_by_grade(world, month, state, shard, regime)


def list_by_grade(world: World, month: Month, state: State, shard: Shard, regime: int) -> None:
    """Open the listings of whom a grade is a ground, whatever has brought the grade about."""
    start = world.society.district_start
    subjects = int(start[shard.districts[1]] - start[shard.districts[0]])
    opened = room("opened", ENTRY, subjects * int(month.rules.lists[regime]))
    files = files_of(world, shard, opened)
    file_entries(files)
    count = list_graded(
        world.seed,
        regime,
        shard.cells,
        month.index,
        world.people,
        month.rules,
        state,
        shard.books,
        files,
        np.empty(1, DELIVERY),
    )
    if count:
        shard.entries = np.concatenate([shard.entries, opened[:count]])


def run_conduct(world: World, month: Month, state: State, shard: Shard) -> None:
    """Draw the acts of the month."""
    listed = bool((shard.entries["list"] >= 0).any())
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


def run_screening(world: World, month: Month, state: State, shard: Shard) -> None:
    """Let somebody look at the records before they count, where the rules ask for it."""
    if not month.ways.stops.any() or not len(shard.deliveries):
        return
    args = (month.faults.breach, world.people, month.rules, state, month.ways, shard.books)
    kept = screen(shard.deliveries, len(world.file.study.conduct), *args)
    shard.deliveries = shard.deliveries[:kept]


def run_judge(world: World, month: Month, state: State, shard: Shard) -> None:
    """Apply the rules in force to the records that have arrived."""
    # Rules that no longer let anybody wait leave those who wait already.
    waits = any(x.waits is not None for regime in world.regimes for x in regime.lists.values())
    if waits:
        begin_waiting(shard.entries, month.index, world.people, shard.books)
    most = 1 + 3 * int(month.rules.lists.max())
    opened = room("opened", ENTRY, most * len(shard.deliveries) + 16)
    files = files_of(world, shard, opened)
    count = judge_month(
        shard.deliveries,
        month.index,
        world.people,
        month.rules,
        state,
        shard.books,
        files,
    )
    shard.opened = opened[:count].copy()  # read when other shards have had the room
    if count:
        shard.entries = np.concatenate([shard.entries, shard.opened])
    if waits or month.rules.graded_lists.any():  # not all that begins now was decided here
        begun = (shard.entries["begun"] == month.index) & (shard.entries["list"] >= 0)
        shard.opened = shard.entries[begun].copy()


def files_of(world: World, shard: Shard, opened: np.ndarray) -> Files:
    """The entries of a shard and room for new ones."""
    first, last = (int(world.society.district_start[d]) for d in shard.districts)
    numbers = len(shard.entries) + len(opened)
    return Files(
        shard.entries,
        opened,
        room("last", np.dtype("i4"), last - first)[: last - first],
        room("before", np.dtype("i4"), numbers)[:numbers],
        first,
    )


def run_consequences(world: World, month: Month, state: State, shard: Shard) -> None:
    """Let listings refuse what their persons attempt."""
    bite(shard.entries, month.index, world.people, month.effects, shard.books)


def run_notice(world: World, month: Month, state: State, shard: Shard) -> None:
    """Give notice, hear those who are to be listed, take objections."""
    if not len(shard.entries):
        return
    args = (shard.entries, month.index, world.people, month.ways, shard.books)
    tell(*args)
    if month.ways.hardship.any():
        count_hardship(*args)


def run_review(world: World, month: Month, state: State, shard: Shard) -> None:
    """Decide objections and complaints; let corrections travel."""
    if not len(shard.entries):
        return
    entries, people, books = shard.entries, world.people, shard.books
    rules, ways = month.rules, month.ways
    waiting = queue(entries)
    if len(waiting):
        first, last = shard.districts
        capacity = ways.capacity[:, first:last].copy()
        review(entries, waiting, month.index, first, capacity, people, rules, ways, books)
    # After the desk, so that one who takes no time decides at once; whatever holds by then.
    supervise(entries, month.index, people, ways, books)
    if len(world.regimes) > 1:
        spread(entries, month.index, people, ways, books)


def run_exits(world: World, month: Month, state: State, shard: Shard) -> None:
    """End what is performed, repaired, expired, corrected or let off."""
    shard.left = shard.entries[:0]
    shard.books.stocks[:, :, HARDSHIP_LISTED] = 0
    if not len(shard.entries):
        return
    people, books, rules = world.people, shard.books, month.rules
    left = room("left", ENTRY, len(shard.entries))
    moved = room("moved", ENTRY, len(shard.entries))
    kept, gone, shifted = leave(
        shard.entries, month.index, people, rules, state, month.ways, books, left, moved
    )
    if world.linked:
        shard.left = left[:gone].copy()
    if shifted:
        shard.opened = np.concatenate([shard.opened, moved[:shifted]])
    if kept < len(shard.entries):
        shard.entries = shard.entries[:kept].copy()
    if month.ways.hardship.any():
        count_standing_hardship(shard.entries, month.index, people, month.ways, books)


def run_learning(world: World, month: Month, state: State, shard: Shard) -> None:
    """Tell persons and their ties of this month's listings."""
    if state.own.size == 0 or not len(shard.opened):
        return
    # Nobody is deterred by praise; records that only move a score are no news to others.
    black = np.array(blacklists(world.regimes))[shard.opened["regime"]]
    listed = np.maximum(shard.opened["list"], 0).astype(np.int64)
    news = shard.opened[(shard.opened["list"] >= 0) & (black >> listed & 1 == 1)]
    persons = news["subject"].astype(np.int64)
    districts = world.people.district[news["cell"]].astype(np.int64)
    society = world.society
    ties = ties_of(world.seed, persons, districts, society.district_start, society.persons)
    learn(news, month.index, ties, state)


def run_relay(world: World, month: Month, state: State, shard: Shard) -> None:
    """Write the messages about listings that began or are over."""
    shard.outbox = np.empty(0, DELIVERY)
    if not len(month.links.regime):
        return
    links = month.links
    parts = [
        messages(world, month, shard.left, 1, links),
        messages(world, month, shard.opened, 0, links),
    ]
    for delay in np.unique(links.delay[month.waking]):
        # What is still under way, or arrived this month, is heard anyhow: not to be told twice.
        due = shard.entries["begun"].astype(np.int64) + 1 + delay
        woken = Links(*(column[month.waking & (links.delay == delay)] for column in links))
        parts.append(messages(world, month, shard.entries[due < month.index], 0, woken))
    shard.outbox = np.concatenate(parts)


def messages(
    world: World, month: Month, entries: np.ndarray, lifts: int, links: Links
) -> np.ndarray:
    """The messages to all listeners about some entries, DELIVERY[n]."""
    heard = entries[(entries["list"] >= 0) & (entries["begun"] <= month.index)]
    if not len(heard):
        return np.empty(0, DELIVERY)
    targets = who_is_told(world, heard)
    args = (heard, lifts, month.index, targets, cells_of(targets, world.people), links)
    out = np.empty(relay(*args, np.empty(0, DELIVERY), 0), DELIVERY)
    relay(*args, out, 0)
    return out


def who_is_told(world: World, entries: np.ndarray) -> np.ndarray:
    """The subject of each entry, the representative of an organisation, a person's family.

    Returns
    -------
    i8[n, 3]
        -1 where there is none. Family is the nearest tie: household and neighbours lie close.
    """
    subjects = entries["subject"].astype(np.int64)
    found = np.full((len(subjects), 3), -1, np.int64)
    found[:, 0] = subjects
    persons = world.society.persons
    firms = subjects >= persons
    if world.registry is not None and firms.any():
        found[firms, 1] = representatives(world.seed, subjects[firms], world.registry)
    if (~firms).any():
        districts = world.people.district[entries["cell"][~firms]].astype(np.int64)
        start = world.society.district_start
        nearest = ties_of(world.seed, subjects[~firms], districts, start, persons)[:, 0]
        found[~firms, 2] = np.where(nearest == subjects[~firms], -1, nearest)
    return found


REVIEW = "review"  # before it desks of clerks wait for all shards

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
        "human review",
        "world/remedies",
        "somebody looks at records before they count, where the rules ask for it",
        ("deliveries", "rules in force"),
        ("deliveries", "flows"),
        run_screening,
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
        "notice",
        "world/remedies",
        "notice, hearing before listing, plea of hardship, objection",
        ("entries", "rules in force"),
        ("entries", "flows", "stocks"),
        run_notice,
    ),
    Stage(
        REVIEW,
        "world/remedies",
        "desks decide objections, supervisors complaints; corrections travel",
        ("entries", "clerks", "rules in force"),
        ("entries", "flows", "stocks"),
        run_review,
    ),
    Stage(
        "exits",
        "world/remedies",
        "performance, repair, correction, expiry",
        ("entries", "rules in force"),
        ("entries", "scores", "listed", "flows", "stocks"),
        run_exits,
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
    Stage(
        "relay",
        "world/records",
        "listings that began or ended are told to the rules that follow them",
        ("entries opened", "entries left", "who represents whom"),
        ("records under way",),
        run_relay,
    ),
)
