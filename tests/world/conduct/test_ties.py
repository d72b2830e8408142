"""Ties as an implicit graph: mutual, few of oneself, some far away."""

import numpy as np
import pytest

from scslab.core.draws import decision
from scslab.world.society.ties import TIES, ties_of

START = np.array([0, 1, 3, 40, 300, 1000], np.int64)
SEED = decision("seed 3")


@pytest.fixture(scope="module")
def ties():
    persons = np.arange(1000)
    districts = np.searchsorted(START, persons, side="right") - 1
    return ties_of(SEED, persons, districts.astype(np.int64), START), districts


def test_whom_i_know_knows_me(ties):
    found, _ = ties
    for i in range(1000):
        for j in found[i]:
            assert i in found[j]


def test_everybody_known_exists(ties):
    found, _ = ties
    assert found.shape == (1000, TIES)
    assert found.min() >= 0
    assert found.max() < 1000


def test_near_ties_stay_in_the_district_and_far_ones_leave_it(ties):
    found, districts = ties
    assert (districts[found[:, :4]] == districts[:, None]).all()
    far = districts[found[:, 4:]] != districts[:, None]
    assert far.mean() > 0.2


def test_few_know_themselves_where_there_is_room(ties):
    found, districts = ties
    own = found == np.arange(1000)[:, None]
    assert own[districts >= 2].mean() < 0.02
    assert own[0, :4].all()  # who lives alone has neighbours nowhere else
    assert own[:, 4:].sum() <= 4  # a mirror has two fixed points at most


def test_neighbours_are_the_next_in_the_district(ties):
    found, _ = ties
    assert found[300, :2].tolist() == [301, 999]
    assert found[500, :2].tolist() == [501, 499]


def test_another_seed_ties_others():
    persons = np.arange(300, 1000)
    districts = np.full(700, 4, np.int64)
    one, two = (ties_of(decision(f"seed {s}"), persons, districts, START) for s in (1, 2))
    assert (one[:, :2] == two[:, :2]).all()
    assert (one[:, 2:] != two[:, 2:]).mean() > 0.9
