"""Estimates against numbers worked by hand or printed in papers."""

import math

import numpy as np
import pytest

from scslab.analysis.distributions import Z_95
from scslab.analysis.estimate import weighted_share, wilson


def test_a_weighted_share_worked_by_hand():
    # p = (1 + 3 + 4) / 10; residuals .02, -.16, .06, .08; 4/3 of their squares is .048.
    got = weighted_share(np.array([1, 0, 1, 1]), np.array([1.0, 2.0, 3.0, 4.0]))
    assert got.value == pytest.approx(0.8)
    assert got.standard_error == pytest.approx(math.sqrt(0.048))
    assert got.deff == pytest.approx(1.2)  # 4 * 30 / 100
    assert got.n == 4
    assert got.low == pytest.approx(0.8 - Z_95 * math.sqrt(0.048))
    assert got.high == 1.0


def test_equal_weights_give_the_textbook_error():
    yes = np.array([1] * 30 + [0] * 70)
    got = weighted_share(yes, np.full(100, 2.5))
    assert got.standard_error == pytest.approx(math.sqrt(0.3 * 0.7 / 99))
    assert got.deff == pytest.approx(1)


def test_the_scale_of_weights_does_not_matter():
    yes, weights = np.array([1, 0, 0, 1, 1]), np.array([1.0, 2.0, 0.5, 0.7, 3.0])
    assert weighted_share(yes, weights).standard_error == pytest.approx(
        weighted_share(yes, weights * 1000).standard_error
    )


def test_one_answer_has_no_error():
    assert math.isnan(weighted_share(np.array([1]), np.array([1.0])).standard_error)


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [  # Newcombe 1998, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_against_the_published_table(count, n, low, high):
    assert wilson(count, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("count", "n"), [(0, 1), (3, 10), (50, 50), (0, 1000)])
def test_wilson_is_symmetric_and_holds_the_share(count, n):
    low, high = wilson(count, n)
    other = wilson(n - count, n)
    assert (1 - other[1], 1 - other[0]) == pytest.approx((low, high))
    assert 0 <= low <= count / n + 1e-15
    assert count / n - 1e-15 <= high <= 1


def test_wilson_solves_its_equation():
    for limit in wilson(7, 40):
        assert abs(7 / 40 - limit) == pytest.approx(Z_95 * math.sqrt(limit * (1 - limit) / 40))


def test_nothing_counted_says_nothing():
    assert wilson(0, 0) == (0.0, 1.0)
