"""Raking: margins are met, no weight is above the cap, and what cannot be met is said."""

import numpy as np
import pytest

from scslab.core.errors import ScslabError
from scslab.survey.weights import rake

SEX = np.array([0, 0, 0, 0, 0, 0, 1, 1, 1, 1])
AGE = np.array([0, 1, 2, 0, 1, 1, 0, 2, 2, 1])
SEXES, AGES = np.array([0.5, 0.5]), np.array([0.4, 0.35, 0.25])


def shares(code: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return np.bincount(code, weights) / weights.sum()


def test_both_margins_are_met():
    weights, off = rake([SEX, AGE], [SEXES, AGES], cap=5)
    assert off < 1e-9
    assert shares(SEX, weights) == pytest.approx(SEXES, abs=1e-8)
    assert shares(AGE, weights) == pytest.approx(AGES, abs=1e-8)
    assert weights.mean() == pytest.approx(1)


def test_weights_are_products_of_factors_of_the_margins():
    """Without a cap, raking gives w = a[sex] b[age]: the odds ratio within the sample is 1."""
    weights, _ = rake([SEX, AGE], [SEXES, AGES], cap=100)
    table = np.zeros((2, 3))
    table[SEX, AGE] = weights
    assert table[0, 0] * table[1, 1] == pytest.approx(table[0, 1] * table[1, 0])


def test_margins_are_met_under_a_cap_that_binds():
    person = np.arange(400)
    sex = (person % 10 < 3).astype(int)
    age = (person * 7 % 20 // 5) % 3
    targets = [np.array([0.45, 0.55]), np.array([0.3, 0.4, 0.3])]
    loose, _ = rake([sex, age], targets, cap=10)
    cap = 0.97 * loose.max()
    weights, off = rake([sex, age], targets, cap=cap)
    assert off < 1e-9
    assert weights.max() <= cap
    assert np.isclose(weights, cap).any()
    for code, target in zip((sex, age), targets, strict=True):
        assert shares(code, weights) == pytest.approx(target, abs=1e-8)


def test_a_cap_that_cannot_be_kept_is_reported_as_what_is_left():
    code = np.array([0] * 9 + [1])
    weights, off = rake([code], [np.array([0.5, 0.5])], cap=2.0)
    assert weights.max() <= 2.0
    # The only person of category 1 can weigh 2 of 11 (nine others weigh 1 each) at most.
    assert off == pytest.approx(0.5 - shares(code, weights)[1])
    assert off > 0.25


def test_a_sample_that_fits_keeps_weight_1():
    code = np.array([0, 1, 0, 1])
    weights, off = rake([code], [np.array([0.5, 0.5])], cap=2.0)
    assert weights.tolist() == [1, 1, 1, 1]
    assert off == 0


def test_a_category_without_respondents_is_an_error_that_names_it():
    with pytest.raises(ScslabError, match="no respondent") as found:
        rake([SEX, AGE * 0], [SEXES, AGES], cap=2)
    assert "margin 2, category 2" in str(found.value)


def test_a_category_without_respondents_and_persons_is_none():
    weights, off = rake([SEX], [np.array([0.5, 0.5, 0.0])], cap=2)
    assert off < 1e-9
    assert shares(SEX, weights) == pytest.approx(SEXES)


def test_a_category_without_persons_weighs_nothing():
    weights, off = rake([AGE], [np.array([0.5, 0.5, 0.0])], cap=3)
    assert off < 1e-9
    assert (weights[AGE == 2] == 0).all()
