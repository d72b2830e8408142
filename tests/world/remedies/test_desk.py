"""The desk: the oldest objections first, each desk for its own district."""

import numpy as np
import pytest

from scslab.core.tables import CORRECTED, ENTRY, FILED, REJECTED
from scslab.lab.month import month_of_world
from scslab.lab.shard import make_books
from scslab.lab.world import build_world
from scslab.world.remedies.desk import queue, review
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
