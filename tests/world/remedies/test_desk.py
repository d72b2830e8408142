"""The desk: the oldest objections first, each desk for its own district."""

import numpy as np
import pytest

from scslab.core.tables import (
    COMPLAINED,
    COMPLAINTS,
    CORRECTED,
    DAYS,
    DAYS_WAITED,
    DECIDED,
    ENTRY,
    FILED,
    LATE,
    MISATTRIBUTED,
    MONTHS_WAITED,
    REJECTED,
    UPHELD,
    UPHELD_WRONGED,
    WAITING,
)
from scslab.lab.month import month_of_world
from scslab.lab.shard import make_books
from scslab.lab.world import build_world
from scslab.world.remedies.desk import case_times, queue, review, supervise
from small import agency, desk_monthly, listing_study, places, share, step_through

MONTH = 5


@pytest.fixture(scope="module")
def setting(tmp_path_factory):
    """A world of three districts of 100 persons, and what holds in its first month."""
    file = listing_study(
        tmp_path_factory.mktemp("desk"), None, persons=300, margins=places(3), length=8
    )
    world = build_world(file, 1)
    return world, month_of_world(world, 0, None)


def filed_in(world, when: dict[int, list[int]]) -> np.ndarray:
    """Filed entries: district -> months in which they were filed, in the order of the book."""
    rows = [(d, m) for d, months in when.items() for m in months]
    entries = np.zeros(len(rows), ENTRY)
    entries["luck"] = np.arange(len(rows)) + 1
    entries["state"] = FILED
    entries["filed"] = [m for _, m in rows]
    entries["due"] = -1
    entries["cell"] = [world.people.district_cells[d] for d, _ in rows]
    entries["subject"] = world.people.cell_start[entries["cell"]]
    return entries


def decide(setting, entries, capacity: list[int]) -> np.ndarray:
    """Which entries are decided in a month by desks of these capacities."""
    world, month = setting
    left = np.array([capacity], np.int64)
    review(
        entries,
        queue(entries),
        MONTH,
        0,
        left,
        world.people,
        month.rules,
        month.ways,
        make_books(world),
    )
    return np.isin(entries["state"], [CORRECTED, REJECTED])


def test_the_oldest_come_first(setting):
    world, _ = setting
    entries = filed_in(world, {0: [4, 2, 5, 3, 2, 1]})
    assert decide(setting, entries, [3, 0, 0]).tolist() == [False, True, False, False, True, True]


def test_of_one_month_the_lot_decides_and_not_the_place_in_the_book(setting):
    world, _ = setting
    entries = filed_in(world, {0: [2, 2, 2, 2]})
    entries["luck"] = [40, 10, 30, 20]
    assert decide(setting, entries, [2, 0, 0]).tolist() == [False, True, False, True]


def test_each_desk_works_for_its_own_district(setting):
    world, _ = setting
    entries = filed_in(world, {0: [1, 1], 1: [1, 1], 2: [0, 5, 4]})
    done = decide(setting, entries, [0, 9, 2])
    assert done.tolist() == [False, False, True, True, True, False, True]


@pytest.mark.parametrize("capacity", [0, 1, 2, 5, 7, 100])
def test_as_many_are_decided_as_the_desk_can(setting, capacity):
    world, _ = setting
    entries = filed_in(world, {1: [0, 3, 1, 5, 2, 5, 0]})
    assert decide(setting, entries, [9, capacity, 9]).sum() == min(capacity, 7)


def staffed(setting, entries, capacity=(0, 0, 0), deadline: float = 10.0, **shares: float):
    """What a desk of clerks decides in the month; its books."""
    world, month = setting
    ways = month.ways._replace(staffed=np.array([True]), deadline=np.array([deadline]))
    for name, value in shares.items():
        ways = ways._replace(**{name: np.array([[value, value]])})
    books = make_books(world)
    books.stocks[:, :, WAITING] = 100
    left = np.array([capacity], np.int64)
    args = (world.people, month.rules, ways, books)
    review(entries, queue(entries), MONTH, 0, left, *args)
    assert left.tolist() == [list(capacity)]  # clerks need no capacity
    return books


def test_clerks_decide_what_is_due_by_the_end_of_the_month(setting):
    world, _ = setting
    entries = filed_in(world, {0: [2, 3, 4], 2: [5, 5, 5]})
    end = DAYS * (MONTH + 1)
    entries["filed_at"] = DAYS * entries["filed"]
    entries["due"] = [end - 20.6, end, -1, end - 0.1, end + 3, -1]
    books = staffed(setting, entries)
    assert (entries["state"] != FILED).tolist() == [True, False, False, True, False, False]
    flows = books.flows.sum(axis=(0, 1))
    assert flows[DECIDED] == 2
    assert flows[MONTHS_WAITED] == 3  # of the first
    assert flows[DAYS_WAITED] == round(4 * DAYS - 20.6) + round(DAYS - 0.1)
    assert flows[LATE] == 2
    assert books.stocks[:, :, WAITING].sum() == 100 * world.groups - 2


@pytest.mark.parametrize(("deadline", "late"), [(4.0, 2), (5.0, 1), (9.0, 0), (np.inf, 0)])
def test_a_decision_is_late_after_the_working_days_of_the_rules(setting, deadline, late):
    world, _ = setting
    entries = filed_in(world, {0: [5, 5, 5]})
    entries["filed_at"] = DAYS * MONTH
    entries["due"] = entries["filed_at"] + [3.5, 5.0, 9.0]
    books = staffed(setting, entries, deadline=deadline)
    assert books.flows[:, :, LATE].sum() == late


def test_a_case_takes_an_exponential_time_of_its_own(setting):
    world, _ = setting
    entries = filed_in(world, {0: [1] * 5000})
    entries["luck"] = np.random.default_rng(3).integers(0, 2**63, 5000, np.uint64)
    takes, twice, again = (np.empty(5000) for _ in range(3))
    case_times(entries, 2.0, takes)
    case_times(entries, 4.0, twice)
    case_times(entries[::-1].copy(), 2.0, again)
    assert np.allclose(twice, 2 * takes) and (again == takes[::-1]).all()
    assert abs(takes.mean() - 2) < 3 * 2 / np.sqrt(5000)
    assert abs((takes > 3).mean() - np.exp(-1.5)) < 3 * np.sqrt(0.25 / 5000)


def test_who_is_rejected_complains_and_the_supervisor_decides_when_it_is_due(setting):
    world, month = setting
    entries = filed_in(world, {0: [5] * 6})
    entries["due"] = DAYS * MONTH + 1
    entries["truth"][:2] = MISATTRIBUTED
    books = staffed(setting, entries, upholds=0.0, complains=1.0)
    assert (entries["state"] == COMPLAINED).all() and (entries["filed"] == MONTH).all()
    assert books.flows[:, :, COMPLAINTS].sum() == 6
    takes = month.ways._replace(
        complaint_takes=np.array([2], np.int16), sustains=np.array([[1.0, 0.0]])
    )
    for later in range(4):
        supervise(entries, MONTH + later, world.people, takes, books)
        states = entries["state"].tolist()
        done = [CORRECTED] * 2 + [REJECTED] * 4
        assert states == (done if later >= 2 else [COMPLAINED] * 6)
    flows = books.flows.sum(axis=(0, 1))
    assert flows[UPHELD] == flows[UPHELD_WRONGED] == 2


def test_a_queued_desk_favours_no_group(tmp_path):
    practice = {
        "notice": share(1.0),
        "objects_rightful": share(1.0),
        "desk": {"decisions": desk_monthly(0.01)},
    }
    file = listing_study(
        tmp_path, None, persons=20000, margins=places(1), length=18, practice=practice
    )
    waits = {}
    for world, month, _, (shard,) in step_through(file):
        entries = shard.entries
        waiting = entries[entries["state"] == FILED]
        if month.index == 17:
            half = world.society.persons // 2
            waits = {
                "first half": np.mean(waiting["subject"] < half),
                "n": len(waiting),
            }
    spread = 0.5 / np.sqrt(waits["n"])
    assert waits["n"] > 100
    assert abs(waits["first half"] - 0.5) < 4 * spread


def test_nobody_who_waits_has_filed_before_one_who_was_decided(tmp_path):
    practice = {
        "notice": share(0.8),
        "objects_rightful": share(0.9),
        "desk": {"decisions": desk_monthly(0.008)},
    }
    file = listing_study(
        tmp_path,
        None,
        persons=3000,
        margins=places(10),
        length=24,
        practice=practice,
        agencies=agency(),
    )
    seen_waiting = False
    for world, _, _, (shard,) in step_through(file):
        entries = shard.entries
        desk = world.people.district[entries["cell"]]
        for d in range(10):
            mine = entries[desk == d]
            waiting = mine[mine["state"] == FILED]["filed"]
            decided = mine[np.isin(mine["state"], [CORRECTED, REJECTED])]["filed"]
            if len(waiting) and len(decided):
                seen_waiting = True
                assert waiting.min() >= decided.max()
    assert seen_waiting
