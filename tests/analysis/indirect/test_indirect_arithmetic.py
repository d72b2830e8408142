"""Normal orthants, mixture weights, distances, tests and records, on cases known exactly."""

import numpy as np
import pytest
from indirect_samples import people

import scslab.analysis.fitted as fitted
from scslab.analysis.indirect.list_checks import (
    below_zero,
    distance_from_orthant,
    mixture_weights,
)
from scslab.analysis.indirect.list_experiment import list_shares
from scslab.analysis.indirect.orthant import orthant
from scslab.analysis.indirect.records import in_words, quantile, wald
from scslab.core.errors import ScslabError


@pytest.mark.parametrize("k", range(1, 8))
def test_orthants_with_correlation_one_half_are_one_in_k_plus_1(k) -> None:
    """The first of k + 1 equal draws is the smallest (David 1953)."""
    found = orthant(0.5 * np.eye(k) + 0.5)
    assert found == pytest.approx(1 / (k + 1), abs=1e-12 if k < 4 else 5e-5)


def test_four_dimensions_agree_with_products_of_two() -> None:
    block = np.array([[1.0, -0.6], [-0.6, 1.0]])
    both = np.block([[block, np.zeros((2, 2))], [np.zeros((2, 2)), block]])
    assert orthant(both) == pytest.approx(orthant(block) ** 2, abs=1e-5)


def test_mixture_weights_are_shares_with_half_on_even_ones() -> None:
    rng = np.random.default_rng(1)
    for k in (2, 3, 4, 5):
        root = rng.normal(size=(k, k))
        weights = mixture_weights(root @ root.T)
        assert (weights > -1e-6).all()
        assert weights[::2].sum() == pytest.approx(0.5, abs=1e-3)
    np.testing.assert_allclose(mixture_weights(np.eye(4)), np.array([1, 4, 6, 4, 1]) / 16)


def test_mixture_weights_by_simulation() -> None:
    rng = np.random.default_rng(2)
    root = rng.normal(size=(4, 4))
    covariance = root @ root.T
    weights = mixture_weights(covariance)
    draws = rng.multivariate_normal(np.zeros(4), covariance, 1000)
    statistics = np.array([distance_from_orthant(v, covariance) for v in draws])
    p = [below_zero(v, covariance, 1000, select=False)[1] for v in draws[:100]]
    assert np.mean(statistics == 0) == pytest.approx(weights[0], abs=0.05)
    assert np.mean(np.array(p) < 0.1) == pytest.approx(0.1, abs=0.09)


def test_distance_is_that_of_a_fine_grid() -> None:
    covariance = np.array([[1.0, 0.7], [0.7, 2.0]])
    values = np.array([-1.0, 0.4])
    grid = np.stack(np.meshgrid(np.linspace(0, 3, 601), np.linspace(0, 3, 601)), -1).reshape(-1, 2)
    rest = values - grid
    best = np.einsum("ni,ij,nj->n", rest, np.linalg.inv(covariance), rest).min()
    assert distance_from_orthant(values, covariance) == pytest.approx(best, abs=1e-4)
    assert distance_from_orthant(np.array([1.0, 0.0]), covariance) == 0.0


def test_many_cells_take_the_bonferroni_bound() -> None:
    values = np.full(12, 0.1)
    values[3] = -3.0
    distance, p = below_zero(values, np.eye(12), 100, select=False)
    assert distance == pytest.approx(9)
    assert p == pytest.approx(12 * 0.0013498980316300933)


def test_cells_clearly_above_zero_are_left_out() -> None:
    """sqrt(log 1000) is 2.63 standard errors."""
    values = np.array([-1.0, 2.7])
    assert below_zero(values, np.eye(2), 1000, select=True)[1] == pytest.approx(
        0.5 * 0.3173105, rel=1e-6
    )
    assert below_zero(np.array([5.0]), np.eye(1), 1000, select=True)[0] == 0.0


def test_wald_leaves_out_directions_without_variance() -> None:
    covariance = np.array([[1.0, 1.0], [1.0, 1.0]])
    found = wald("x", np.array([2.0, 2.0]), covariance, 20.0)
    assert (found.df, found.statistic) == (1.0, pytest.approx(4.0))
    assert found.p == pytest.approx(0.0592657, rel=1e-5)
    assert np.isnan(wald("x", np.zeros(1), np.zeros((1, 1)), 20.0).p)


def test_tests_in_words() -> None:
    assert in_words(fitted.Test("A", 2.5, 3, 120, 0.0001)) == "A: F(3, 120) = 2.500, p < 0.001."
    assert in_words(fitted.Test("B", 2.5, 3, np.inf, 0.475, "Rough.")) == (
        "B: chi-squared(3) = 2.500, p = 0.475. Rough."
    )


def test_records_say_where_they_are_from_and_find_their_estimates() -> None:
    found = list_shares(people(), "count", "treat", 3, by="region", level=0.9)
    table = found.table()
    assert [c.title for c in table.columns] == [
        "Estimate of",
        "region",
        "Estimate",
        "Standard error",
        "90 % interval: low",
        "high",
        "p",
        "n",
    ]
    assert table.source == "made up"
    assert [r.cells[1] for r in table.rows] == ["all", "north", "south", "west"]
    assert table.rows[0].p[2] == pytest.approx(found.p_values[0])
    half = quantile(0.9, 87) * found.standard_errors[0]
    assert found.intervals[0].tolist() == pytest.approx(
        [found.estimates[0] - half, found.estimates[0] + half]
    )
    assert found.n == (900, *(int(r.cells[-1]) for r in table.rows[1:]))
    assert sum(found.n[1:]) == 900
    with pytest.raises(ScslabError, match='no estimate "Share" of group "east"'):
        found.at("Share", "east")
    with pytest.raises(ScslabError, match="a confidence level outside 0-1"):
        quantile(95, 10)
