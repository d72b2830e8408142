"""Rankings and the frontier: known orders, ties, and how sure they are."""

from itertools import product

import numpy as np
import pytest

from scslab.lab.compare.frontier import frontier, undominated
from scslab.lab.compare.ranking import midranks, ranks, resampled


def test_replicates_draw_every_seed_equally_often():
    taken = resampled(8)
    assert taken.shape == (4000, 8)
    assert (taken.sum(axis=1) == 8).all()
    # A count is binomial (8, 1/8): mean 1, variance 7/8, over 4000 replicates.
    assert np.abs(taken.mean(axis=0) - 1).max() < 4 * np.sqrt(7 / 8 / 4000)
    assert taken.var() == pytest.approx(7 / 8, rel=0.03)


def test_shares_of_ranks_are_those_of_all_possible_replicates():
    """With three seeds there are 27 replicates: the shares are known without drawing."""
    values = np.array([[1.0, 5.0, 3.0], [2.0, 3.0, 4.0]])
    wins = np.mean(
        [values[0, list(i)].sum() < values[1, list(i)].sum() for i in product(range(3), repeat=3)]
    )
    ties = np.mean(
        [values[0, list(i)].sum() == values[1, list(i)].sum() for i in product(range(3), repeat=3)]
    )
    assert 0 < wins < 1 and 0 < ties < 1
    found = ranks(values, "less", resampled(3))
    assert found.best[0] == pytest.approx(wins + ties / 2, abs=0.03)
    assert found.shares.sum(axis=1) == pytest.approx([1, 1])
    assert found.shares.sum(axis=0) == pytest.approx([1, 1])


def test_more_is_better_turns_the_order_round():
    values = np.array([[1.0, 2.0], [8.0, 9.0], [4.0, 6.0]])
    taken = resampled(2, 50)
    less, more = (ranks(values, which, taken) for which in ("less", "more"))
    assert less.place.tolist() == [1, 3, 2]
    assert more.place.tolist() == [3, 1, 2]
    assert less.low.tolist() == less.high.tolist() == [1, 3, 2]
    assert more.best.tolist() == [0, 1, 0]


def test_equals_share_their_ranks_exactly():
    """Sums of thirds differ in the last bit with the order of adding: not between equals."""
    row = np.array([1 / 3, 2 / 3, 1 / 7, 0.1, 0.7])
    found = ranks(np.stack([row, row, row]), "less", resampled(5))
    assert found.place.tolist() == [2, 2, 2]
    assert found.best == pytest.approx([1 / 3] * 3)
    assert found.low.tolist() == found.high.tolist() == [2, 2, 2]


def test_a_rank_nobody_can_tell_is_left_open():
    values = np.array([[1.0, 2.0], [np.nan, np.nan]])
    found = ranks(values, "less", resampled(2, 20))
    assert np.isnan(found.place).all()
    assert np.isnan(found.shares).all()
    assert np.isnan(midranks(np.array([[np.nan, 1.0]]))).tolist() == [[True, False]]


def test_the_frontier_is_that_of_all_pairs():
    rng = np.random.default_rng(11)
    x, y = rng.integers(0, 6, (40, 7)).astype(float), rng.integers(0, 6, (40, 7)).astype(float)
    found = undominated(x, y, ("less", "more"))
    for row in range(40):
        for i in range(7):
            beaten = any(
                x[row, j] <= x[row, i]
                and y[row, j] >= y[row, i]
                and (x[row, j], y[row, j]) != (x[row, i], y[row, i])
                for j in range(7)
            )
            assert found[row, i] == (not beaten)
    assert 0 < found.mean() < 1


def test_how_sure_the_frontier_is():
    """The second arm is beaten in the first seed only: in one replicate of four it is alone."""
    harm = np.array([[1.0, 3.0], [2.0, 2.0]])
    kept = np.array([[5.0, 5.0], [4.0, 4.0]])
    found = frontier(harm, kept, ("less", "more"), resampled(2, 4000))
    assert found.on.tolist() == [True, False]  # equal harm on average, less compliance
    assert found.share[0] == 1
    assert found.share[1] == pytest.approx(0.25, abs=0.03)


def test_what_has_no_value_is_not_on_the_frontier():
    harm = np.array([[1.0, 1.0], [np.nan, np.nan], [2.0, 2.0]])
    kept = np.array([[1.0, 1.0], [9.0, 9.0], [2.0, 2.0]])
    found = frontier(harm, kept, ("less", "more"), resampled(2, 10))
    assert found.on.tolist() == [True, False, True]
    assert np.isnan(found.share).all()
