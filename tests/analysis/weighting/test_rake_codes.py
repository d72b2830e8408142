"""Raking on codes: margins are met, no weight is above the cap, and what is left is said."""

from __future__ import annotations

import numpy as np
import pytest

from scslab.analysis.weighting.rounds import joint_codes, rake_codes
from scslab.core.errors import ScslabError

SEX = np.array([0, 0, 0, 0, 0, 0, 1, 1, 1, 1])
AGE = np.array([0, 1, 2, 0, 1, 1, 0, 2, 2, 1])
SEXES, AGES = np.array([0.5, 0.5]), np.array([0.4, 0.35, 0.25])


def shares(code: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return np.bincount(code, weights) / weights.sum()


def by_rows(codes, targets, start, cap, rounds):
    """Raking as the textbook has it, row by row, with a cap in every step."""
    n = len(start)
    weights = start * (n / start.sum())
    for _ in range(rounds):
        for code, target in zip(codes, targets, strict=True):
            weights = weights * (target * n / np.bincount(code, weights))[code]
            weights = np.minimum(weights, cap)
        while abs(weights.sum() / n - 1) > 1e-15 * n:
            weights = np.minimum(weights * (n / weights.sum()), cap)
    return weights


def test_both_margins_are_met():
    found = rake_codes([SEX, AGE], [SEXES, AGES], cap=5)
    assert found.converged and found.off < 1e-9
    assert shares(SEX, found.weights) == pytest.approx(SEXES, abs=1e-8)
    assert shares(AGE, found.weights) == pytest.approx(AGES, abs=1e-8)
    assert found.weights.mean() == pytest.approx(1)


def test_weights_are_products_of_factors_of_the_margins():
    """Without a cap, raking gives w = a[sex] b[age]: the odds ratio within the sample is 1."""
    weights = rake_codes([SEX, AGE], [SEXES, AGES]).weights
    table = np.zeros((2, 3))
    table[SEX, AGE] = weights
    assert table[0, 0] * table[1, 1] == pytest.approx(table[0, 1] * table[1, 0])


@pytest.mark.parametrize("same", [True, False])
@pytest.mark.parametrize("capped", [True, False])
def test_cells_give_what_rows_give(capped, same):
    rng = np.random.default_rng(4)
    codes = [rng.integers(0, k, 500) for k in (2, 4, 7)]
    targets = [rng.dirichlet(np.full(k, 30.0)) for k in (2, 4, 7)]
    start = np.ones(500) if same else rng.uniform(0.5, 2, 500)
    loose = by_rows(codes, targets, start, np.inf, 100)
    assert rake_codes(codes, targets, start).weights == pytest.approx(loose, rel=1e-8)
    if capped:
        cap = 0.9 * loose.max()
        found = rake_codes(codes, targets, start, cap, tolerance=1e-13, rounds=2000)
        assert found.weights == pytest.approx(by_rows(codes, targets, start, cap, 2000), rel=1e-9)
        assert found.weights.max() == pytest.approx(cap)


def test_margins_are_met_under_a_cap_that_binds():
    person = np.arange(400)
    sex = (person % 10 < 3).astype(int)
    age = (person * 7 % 20 // 5) % 3
    targets = [np.array([0.45, 0.55]), np.array([0.3, 0.4, 0.3])]
    loose = rake_codes([sex, age], targets, cap=10)
    cap = 0.97 * loose.weights.max()
    found = rake_codes([sex, age], targets, cap=cap)
    assert found.off < 1e-9
    assert found.weights.max() <= cap
    assert np.isclose(found.weights, cap).any()
    for code, target in zip((sex, age), targets, strict=True):
        assert shares(code, found.weights) == pytest.approx(target, abs=1e-8)


def test_a_cap_on_the_change_lets_large_start_weights_be():
    start = np.array([8.0, 1, 1, 1, 1, 1, 1, 1, 1, 1])
    found = rake_codes([SEX], [np.array([0.55, 0.45])], start, 2.0, cap_relative_to="design")
    ratio = found.weights / (start / start.mean())
    assert found.converged
    assert found.weights.max() > 2
    assert ratio.max() <= 2


def test_a_cap_that_cannot_be_kept_is_reported_as_what_is_left():
    code = np.array([0] * 9 + [1])
    found = rake_codes([code], [np.array([0.5, 0.5])], cap=2.0)
    assert not found.converged and found.stuck
    assert found.rounds < 500
    assert found.weights.max() <= 2.0
    # The only person of category 1 can weigh 2 of 11 (nine others weigh 1 each) at most.
    assert found.off == pytest.approx(0.5 - shares(code, found.weights)[1])
    assert found.off > 0.25
    assert rake_codes([code], [np.array([0.5, 0.5])], cap=2.0, give_up=False).rounds == 500


def test_a_sample_that_fits_keeps_weight_1():
    found = rake_codes([np.array([0, 1, 0, 1])], [np.array([0.5, 0.5])], cap=2.0)
    assert found.weights.tolist() == [1, 1, 1, 1]
    assert (found.off, found.rounds) == (0, 1)


def test_a_category_without_respondents_is_an_error_that_names_it():
    with pytest.raises(ScslabError, match="no respondent") as found:
        rake_codes([SEX, AGE * 0], [SEXES, AGES], cap=2)
    assert "margin 2, category 2" in str(found.value)


def test_a_category_without_respondents_and_persons_is_none():
    found = rake_codes([SEX], [np.array([0.5, 0.5, 0.0])], cap=2)
    assert found.off < 1e-9
    assert shares(SEX, found.weights) == pytest.approx(SEXES)


def test_a_category_without_persons_weighs_nothing():
    found = rake_codes([AGE], [np.array([0.5, 0.5, 0.0])], cap=3)
    assert found.off < 1e-9
    assert (found.weights[AGE == 2] == 0).all()


@pytest.mark.parametrize("sizes", [(3, 4), (2000, 3000, 5)])  # the second is numbered by hashing
def test_joint_codes_number_what_occurs(sizes):
    rng = np.random.default_rng(2)
    codes = [rng.integers(0, s, 400) for s in sizes]
    number, count, first = joint_codes(codes, sizes)
    rows = np.column_stack(codes)
    assert count == len(np.unique(rows, axis=0)) == number.max() + 1
    assert (rows[first][number] == rows).all()
