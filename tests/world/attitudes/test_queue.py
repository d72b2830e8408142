"""The queue of persons drawn from the society."""

import numpy as np
import pytest

from scslab.core.draws import units, word_of
from scslab.core.tables import People
from scslab.world.attitudes.panel import front_of, queue_of

WORD = word_of(np.uint64(3), "queue")
SIZES = np.array([20_000, 30_000, 0, 50_000, 10_000])
ODDS = np.array([1.0, 0.25, 4.0, 0.0])
ASKED = np.array([True, True, True, True])
KIND = np.array([0, 1, 2, 0, 3], np.int32)
PEOPLE = People(
    cell_start=np.concatenate([[0], np.cumsum(SIZES)]).astype(np.int64),
    kind=KIND,
    group=np.zeros(5, np.int32),
    rated=np.ones(5, np.bool_),
    district=np.zeros(5, np.int32),
    district_cells=np.array([0, 5], np.int64),
)


def test_share_below_a_limit_has_a_closed_form():
    persons, cells = front_of(WORD, 0.3, PEOPLE, ASKED, ODDS)
    for cell, odds in ((0, 1.0), (1, 0.25), (3, 1.0)):
        share = 1 - np.exp(-0.3 * odds)
        error = np.sqrt(share * (1 - share) / SIZES[cell])
        assert abs((cells == cell).sum() / SIZES[cell] - share) < 4 * error
    assert not np.isin(cells, (2, 4)).any()
    assert len(np.unique(persons)) == len(persons)


def test_persons_lie_in_their_cells_and_stand_in_order():
    persons, cells = front_of(WORD, 0.3, PEOPLE, ASKED, ODDS)
    assert (persons >= PEOPLE.cell_start[cells]).all()
    assert (persons < PEOPLE.cell_start[cells + 1]).all()
    places = -np.log(units(WORD, persons)) / ODDS[KIND[cells]]
    assert (np.diff(places) > -1e-9).all()
    assert places.max() < 0.3


def test_a_longer_queue_begins_with_the_shorter():
    short, _ = front_of(WORD, 0.02, PEOPLE, ASKED, ODDS)
    longer, _ = front_of(WORD, 0.2, PEOPLE, ASKED, ODDS)
    assert 0 < len(short) < len(longer)
    np.testing.assert_array_equal(longer[: len(short)], short)


def test_who_is_not_asked_leaves_the_others_in_place():
    everybody, cells = front_of(WORD, 0.1, PEOPLE, ASKED, ODDS)
    some, _ = front_of(WORD, 0.1, PEOPLE, ASKED & (np.arange(4) != 1), ODDS)
    np.testing.assert_array_equal(some, everybody[KIND[cells] != 1])


@pytest.mark.parametrize("room", [0, 10])
def test_arrays_that_are_too_short_tell_how_long_they_should_be(room):
    keys, persons, cells = np.empty(room), np.full(room, -1), np.full(room, -1)
    count = queue_of(WORD, 0.1, PEOPLE, ASKED, ODDS, keys, persons, cells)
    assert count == len(front_of(WORD, 0.1, PEOPLE, ASKED, ODDS)[0])
    assert (persons >= 0).all()
