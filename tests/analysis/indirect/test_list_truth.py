"""List experiments with a known truth: it is found again, and intervals hold it as promised."""

import numpy as np
import pandas as pd
import pytest
from indirect_samples import logistic, sample_of

from scslab.analysis.indirect.list_checks import design_effect_test, floor_ceiling
from scslab.analysis.indirect.list_double import double_list
from scslab.analysis.indirect.list_experiment import list_shares
from scslab.analysis.indirect.list_regression import list_regression, predicted


def answers(rng, n, *, hide=(0.0, 0.0), effect=0.0, items=3) -> pd.DataFrame:
    """Counts in clusters of 4, with weights that go with the sensitive answer."""
    shift = np.repeat(rng.normal(0, 0.5, n // 4), 4)
    x = rng.normal(size=n)
    z = rng.random(n) < logistic(-0.4 + 0.8 * x + shift)
    y0 = rng.binomial(items, logistic(0.2 - 0.3 * x))
    t = rng.integers(0, 2, n)
    hidden = (rng.random(n) < hide[0]) & (y0 == items) | (rng.random(n) < hide[1]) & (y0 == 0)
    lowered = (rng.random(n) < effect) & (y0 > 0) & (t == 1)
    return pd.DataFrame(
        {
            "y": (y0 - lowered + t * (z & ~hidden)).astype(float),
            "t": t,
            "x": x,
            "z": z.astype(float),
            "direct": (z & (rng.random(n) < 0.5)).astype(float),
            "cluster": np.repeat(np.arange(n // 4), 4),
            "w": np.where(x > 0, 2.0, 1.0),
        }
    )


def truth(rng) -> float:
    """The share that weights of 2 for x > 0 lead to."""
    big = answers(rng, 1_000_000)
    return float(np.average(big["z"], weights=big["w"]))


def covered(hits) -> None:
    """Between 91 and 98.5 % of 200: what 95 % gives in all but one of 300 times."""
    assert 0.91 <= np.mean(hits) <= 0.985, np.mean(hits)


def test_intervals_of_shares_hold_the_truth_95_times_in_100() -> None:
    rng = np.random.default_rng(11)
    share, hits, falsified = truth(rng), [], []
    for _ in range(200):
        sample = sample_of(answers(rng, 800), weights="w", clusters="cluster")
        found = list_shares(sample, "y", "t", 3, direct="direct")
        low, high = found.intervals.T
        hits.append(low[0] <= share <= high[0])
        falsified.append(low[2] <= -share / 2 <= high[2])
    covered(hits)
    covered(falsified)


def test_intervals_of_the_likelihood_regression_hold_the_truth() -> None:
    rng = np.random.default_rng(12)
    hits, shares, share = [], [], truth(rng)
    values = []
    for _ in range(200):
        sample = sample_of(answers(rng, 1200), weights="w", clusters="cluster")
        found = list_regression(sample, "y", "t", 3, "~ x")
        low, high = found.coefficients.intervals.T
        # The logit of the cluster-averaged share is a little flatter than that within clusters.
        hits.append(low[1] <= 0.77 <= high[1])
        shares.append(found.shares.intervals[0, 0] <= share <= found.shares.intervals[0, 1])
        values.append(found.coefficients.estimates[1])
    covered(hits)
    covered(shares)
    assert np.mean(values) == pytest.approx(0.77, abs=0.05)


def test_hiding_at_the_ends_is_found_where_the_plain_share_is_too_low() -> None:
    rng = np.random.default_rng(13)
    data = answers(rng, 30_000, hide=(0.9, 0.0))
    sample = sample_of(data)
    plain = list_shares(sample, "y", "t", 3).estimates[0]
    found = list_regression(sample, "y", "t", 3, "~ x", ends="ceiling")
    assert plain < data["z"].mean() - 0.03
    assert found.shares.estimates[0] == pytest.approx(data["z"].mean(), abs=0.03)
    assert found.shares.estimates[1] == pytest.approx(0.9, abs=0.1)
    both = list_regression(
        sample_of(answers(rng, 30_000, hide=(0.5, 0.4))), "y", "t", 3, "~ x", ends="both"
    )
    np.testing.assert_allclose(both.shares.estimates[1:], [0.5, 0.4], atol=0.15)


def test_where_nobody_hides_the_model_says_so_and_fits_without() -> None:
    for seed in range(12):
        data = answers(np.random.default_rng(seed), 1000)
        found = list_regression(sample_of(data), "y", "t", 3, "~ x", ends="ceiling")
        if found.coefficients.warnings:
            plain = list_regression(sample_of(data), "y", "t", 3, "~ x")
            np.testing.assert_array_equal(
                found.coefficients.estimates, plain.coefficients.estimates
            )
            assert "Nobody is found to hide at the ceiling" in found.coefficients.warnings[0]
            break
    else:
        pytest.fail("no sample at the edge")


def test_methods_agree_on_the_share_in_a_large_sample() -> None:
    data = answers(np.random.default_rng(14), 20_000)
    shares = [
        list_regression(sample_of(data), "y", "t", 3, "~ x", method=m).shares.estimates[0]
        for m in ("ml", "nls", "linear")
    ]
    np.testing.assert_allclose(shares, data["z"].mean(), atol=0.03)


def test_separate_control_models_find_control_answers_that_go_with_the_sensitive_one() -> None:
    rng = np.random.default_rng(15)
    n = 15_000
    z, t = rng.random(n) < 0.4, rng.integers(0, 2, n)
    y = rng.binomial(4, np.where(z, 0.7, 0.4)) + t * z
    sample = sample_of({"y": y.astype(float), "t": t})
    found = list_regression(sample, "y", "t", 4, control_model="separate")
    np.testing.assert_allclose(logistic(found.coefficients.estimates), [0.4, 0.4, 0.7], atol=0.05)
    shifted = list_regression(sample, "y", "t", 4, control_model="shifted")
    assert shifted.log_likelihood == pytest.approx(found.log_likelihood, abs=1e-6)
    assert list_regression(sample, "y", "t", 4).log_likelihood < found.log_likelihood - 50


def test_a_design_effect_is_found_and_none_is_not_invented() -> None:
    rng = np.random.default_rng(16)
    quiet = [
        design_effect_test(sample_of(answers(rng, 400)), "y", "t", 3).p < 0.05 for _ in range(100)
    ]
    loud = [
        design_effect_test(sample_of(answers(rng, 2000, effect=0.8)), "y", "t", 3).p < 0.05
        for _ in range(20)
    ]
    assert np.mean(quiet) <= 0.05
    assert np.mean(loud) > 0.8


def test_selection_of_cells_never_makes_the_test_weaker_here() -> None:
    data = answers(np.random.default_rng(17), 3000, effect=0.3)
    data = data.assign(y=np.where((data["t"] == 1) & (data["y"] == 2), 1, data["y"]))
    with_it = design_effect_test(sample_of(data), "y", "t", 3, select=True)
    without = design_effect_test(sample_of(data), "y", "t", 3, select=False)
    assert with_it.p <= without.p
    assert "generalised moment selection" in with_it.table().notes[-1]


def test_long_lists_are_tested_too() -> None:
    for items in (5, 7):
        data = answers(np.random.default_rng(18), 4000, items=items)
        found = design_effect_test(sample_of(data), "y", "t", items, select=False)
        assert found.p > 0.05
        assert len(found.cells.names) == 2 * (items + 1)


def test_two_lists_find_the_share_with_less_error_than_one() -> None:
    rng = np.random.default_rng(19)
    n = 20_000
    z, t = rng.random(n) < 0.3, rng.integers(0, 2, n)
    data = {
        "a": rng.binomial(3, 0.5, n) + t * z,
        "b": rng.binomial(3, 0.4, n) + (1 - t) * z,
        "t": t,
    }
    found = double_list(sample_of(data), "a", "b", "t", (3, 3))
    assert found.estimates[0] == pytest.approx(0.3, abs=4 * found.standard_errors[0])
    assert found.standard_errors[0] < 0.8 * found.standard_errors[1:3].min()


def test_several_sensitive_items_share_the_control_group() -> None:
    rng = np.random.default_rng(20)
    n = 30_000
    t = rng.integers(0, 3, n)
    z = rng.random(n) < np.choose(t, [0, 0.2, 0.5])
    sample = sample_of(
        {"y": rng.binomial(3, 0.5, n) + z, "t": t}, labels={"t": {0: "none", 1: "bribes", 2: "tax"}}
    )
    found = list_shares(sample, "y", "t", 3)
    assert found.names == ("Share: bribes", "Share: tax")
    np.testing.assert_allclose(found.estimates, [0.2, 0.5], atol=0.04)
    assert found.covariance[0, 1] > 0.3 * found.covariance[0, 0]


def test_floor_and_ceiling_shares_are_the_plain_shares() -> None:
    data = answers(np.random.default_rng(21), 2000)
    found = floor_ceiling(sample_of(data), "y", "t", 3)
    control, treated = data[data["t"] == 0]["y"], data[data["t"] == 1]["y"]
    expected = [
        *((control == k).mean() for k in (0, 3)),
        *((treated == k).mean() for k in (0, 3, 4)),
    ]
    np.testing.assert_allclose(found.estimates, expected)
    assert found.groups == ("0", "0", "1", "1", "1")
    assert len(found.warnings) == int(expected[0] > 0.15) + int(expected[1] > 0.15)


def test_prediction_for_given_covariates_is_the_logistic_of_the_coefficients() -> None:
    model = list_regression(sample_of(answers(np.random.default_rng(22), 3000)), "y", "t", 3, "~ x")
    found = predicted(model, np.array([[1.0, -1.0], [1.0, 1.0]]), ("low", "high"))
    b = model.coefficients.estimates
    np.testing.assert_allclose(found.estimates, logistic(np.array([b[0] - b[1], b[0] + b[1]])))
    step = 1e-6
    moved = logistic(b[0] + step - b[1]) - logistic(b[0] - b[1])
    assert found.standard_errors[0] > 0
    pull = np.array([moved / step, -moved / step])
    variance = pull @ model.coefficients.covariance[:2, :2] @ pull
    assert found.covariance[0, 0] == pytest.approx(variance, rel=1e-4)
