"""Events scattered over persons: each is hit in proportion to his rate, nobody else is."""

import math

import numpy as np

from scslab.core.arrivals import next_cell, person_at
from scslab.core.draws import address, decision, exponential, unit

# Five cells of three kinds: the second is empty, kind 2 has no events.
CELL_START = np.array([10, 14, 14, 20, 23, 30])
KIND = np.array([0, 1, 2, 1, 0], np.int32)
RATES = np.array([0.5, 2.0, 0.0])
TOTAL = 4 * 0.5 + 0 + 0 + 3 * 2.0 + 7 * 0.5


def go_on(position: float, cell: int, opens: float, closes: float, rates=RATES) -> tuple:
    """The cell in which a position lies, as the kernels ask for it."""
    if position >= closes:
        return next_cell(position, cell, closes, 5, rates, KIND, CELL_START)
    return cell, opens, closes


def hit(position: float) -> int | None:
    """The person on whose stretch a position lies, None past the end of the line."""
    cell, opens, _ = go_on(position, -1, 0.0, 0.0)
    if cell == 5:
        return None
    return person_at(position, cell, opens, RATES[KIND[cell]], CELL_START)


def walk(rounds: int) -> np.ndarray:
    """How often each person is hit in some months, walked as the kernels walk."""
    counts = np.zeros(30, int)
    for month in range(rounds):
        key, step = np.uint64(address(decision("seed 5"), month)), 0
        cell, opens, closes, position = -1, 0.0, 0.0, 0.0
        while True:
            position += exponential(unit(np.uint64(address(key, step))))
            step += 1
            cell, opens, closes = go_on(position, cell, opens, closes)
            if cell == 5:
                break
            counts[person_at(position, cell, opens, RATES[KIND[cell]], CELL_START)] += 1
    return counts


def test_each_person_has_room_in_proportion_to_the_rate():
    step = TOTAL / 23_000
    hits = [hit((i + 0.5) * step) for i in range(23_000)]
    room = np.bincount(hits, minlength=30) * step
    expected = np.zeros(30)
    expected[10:14], expected[20:23], expected[23:30] = 0.5, 2.0, 0.5
    assert np.abs(room - expected).max() < 2 * step


def test_first_and_last_person_are_reached():
    assert hit(0.0) == 10
    assert hit(math.nextafter(TOTAL, 0)) == 29


def test_the_line_ends():
    assert hit(TOTAL) is None
    assert hit(1e9) is None


def test_borders_between_cells_belong_to_the_next():
    assert hit(math.nextafter(2.0, 0)) == 13
    assert hit(2.0) == 20  # past the empty cell and the cell without events
    assert hit(8.0) == 23


def test_rounding_does_not_reach_into_the_next_cell():
    start = np.array([0, 3, 6])
    kind = np.zeros(2, np.int32)
    for rate in (0.1, 1 / 3, 1e-9, 0.7):
        rates = np.array([rate])
        position = math.nextafter(3 * rate, 0)
        cell, opens, _ = next_cell(position, -1, 0.0, 2, rates, kind, start)
        assert cell == 0
        assert person_at(position, cell, opens, rate, start) == 2


def test_a_walk_may_go_on_where_it_stopped():
    cell, opens, closes = -1, 0.0, 0.0
    for position in np.linspace(0, TOTAL * 0.999, 997):
        cell, opens, closes = go_on(position, cell, opens, closes)
        assert (cell, opens, closes) == go_on(position, -1, 0.0, 0.0)


def test_nobody_is_hit_where_nothing_happens():
    assert go_on(0.0, -1, 0.0, 0.0, np.zeros(3))[0] == 5
    assert next_cell(0.0, 2, 0.0, 3, RATES, KIND, CELL_START)[0] == 3  # no cell is left
    assert next_cell(0.0, 0, 0.0, 3, RATES, KIND, CELL_START)[0] == 3  # empty and quiet cells


def test_a_walk_hits_each_person_as_a_poisson_process_of_his_own_rate():
    rounds = 2000
    counts = walk(rounds)
    rate = np.zeros(30)
    rate[10:14], rate[20:23], rate[23:30] = 0.5, 2.0, 0.5
    assert counts[rate == 0].sum() == 0
    hit_, expected = counts[rate > 0], rounds * rate[rate > 0]
    chi2 = ((hit_ - expected) ** 2 / expected).sum()
    assert abs(chi2 - len(hit_)) < 3 * math.sqrt(2 * len(hit_))
