"""What must not change a list experiment, exact small cases, derivatives, and speed."""

import time

import numpy as np
import pandas as pd
import pytest
from indirect_samples import frame, people, sample_of

from scslab.analysis.indirect.list_experiment import list_shares
from scslab.analysis.indirect.list_fit import make_model
from scslab.analysis.indirect.list_likelihood import (
    information,
    log_likelihood,
    pieces,
    row_scores,
)
from scslab.analysis.indirect.list_regression import list_regression

WEIGHTED = {"weights": "weight", "strata": "stratum", "clusters": "cluster"}


def everything(sample):
    shares = list_shares(sample, "count", "treat", 3, by="region", direct="direct")
    model = list_regression(
        sample, "hiding", "treat", 3, "~ age10 + region", ends="ceiling", by="region"
    )
    parts = (shares, model.coefficients, model.shares)
    return np.concatenate([x for p in parts for x in (p.estimates, p.standard_errors)])


def test_scaling_weights_and_permuting_rows_change_nothing() -> None:
    base = everything(people())
    data = frame("people")
    np.testing.assert_allclose(everything(people(weight=data["weight"] * 37)), base, rtol=1e-7)
    shuffled = data.sample(frac=1, random_state=np.random.default_rng(3))
    np.testing.assert_allclose(everything(sample_of(shuffled, **WEIGHTED)), base, rtol=1e-7)


def test_doubling_rows_within_their_clusters_changes_nothing() -> None:
    data = frame("people")
    twice = pd.concat([data, data])
    np.testing.assert_allclose(
        everything(sample_of(twice, **WEIGHTED)), everything(people()), rtol=1e-7
    )


def test_difference_in_means_by_hand() -> None:
    """Without weights the variance is that of two means times n / (n - 1)."""
    y = np.array([0.0, 1, 2, 1, 3, 2, 1, 4])
    found = list_shares(sample_of({"y": y, "t": [0] * 4 + [1] * 4}), "y", "t", 3)
    assert found.estimates[0] == pytest.approx(1.5)
    variance = (y[:4].var() / 4 + y[4:].var() / 4) * 8 / 7
    assert found.covariance[0, 0] == pytest.approx(variance)
    assert found.df == 7
    assert "150.0 %, outside 0-100 %" in found.warnings[0]


def test_a_domain_keeps_strata_and_clusters() -> None:
    """A domain's error is not that of the filtered file."""
    sample = people()
    inside = frame("people")["male"].to_numpy() == 1
    domain = list_shares(sample.within(inside), "count", "treat", 3)
    filtered = sample_of(frame("people")[inside], **WEIGHTED)
    alone = list_shares(filtered, "count", "treat", 3)
    assert domain.estimates[0] == pytest.approx(alone.estimates[0])
    by_group = list_shares(sample, "count", "treat", 3, by="male")
    at = by_group.at("Share, list experiment", "1")
    assert domain.standard_errors[0] == pytest.approx(by_group.standard_errors[at])


def test_missing_counts_and_groups_are_counted() -> None:
    data = frame("people")
    count, treat = data["count"].astype(float), data["treat"].astype(float)
    count[:5], treat[3:9] = np.nan, np.nan
    found = list_shares(people(count=count, treat=treat), "count", "treat", 3)
    assert found.notes[-1] == "Left out of the sample: 5 without a count and 4 without a group."
    assert found.rows == found.n[0] == 891


@pytest.mark.parametrize(
    ("control", "ends"),
    [("same", "none"), ("shifted", "none"), ("separate", "none"), ("same", "both")],
)
def test_scores_and_information_are_derivatives_of_the_likelihood(control, ends) -> None:
    rng = np.random.default_rng(5)
    n = 60
    X = np.column_stack([np.ones(n), rng.normal(size=n)])
    treated = np.arange(n) % 2 == 1
    y = rng.integers(0, 4, n).astype(float) + (treated & (rng.random(n) < 0.4))
    model = make_model(y, treated, X, 3, control, ends, X)
    b, w = rng.normal(0, 0.5, model.size), rng.uniform(0.5, 2, n)
    found = pieces(model, b)
    gradient = w @ row_scores(model, found)
    step = 1e-5 * np.eye(model.size)
    numeric = [
        (log_likelihood(model, b + s, w) - log_likelihood(model, b - s, w)) / 2e-5 for s in step
    ]
    np.testing.assert_allclose(gradient, numeric, rtol=1e-6, atol=1e-6)
    curved = [
        (w @ row_scores(model, pieces(model, b - s)) - w @ row_scores(model, pieces(model, b + s)))
        / 2e-5
        for s in step
    ]
    np.testing.assert_allclose(information(model, found.observed, w), curved, rtol=1e-5, atol=1e-5)
    roots = np.linalg.eigvalsh(information(model, found.complete, w))
    assert roots.min() > -1e-9


def test_speed() -> None:
    """Far above what it takes (0.09 s and 0.02 s on two shared cores), far below an R or a loop."""
    rng = np.random.default_rng(6)
    n = 1_000_000
    t = rng.integers(0, 2, n)
    big = sample_of(
        {"y": rng.integers(0, 4, n) + t * (rng.random(n) < 0.3), "t": t, "w": rng.uniform(1, 2, n)},
        weights="w",
    )
    small = people(x1=rng.normal(size=900), x2=rng.normal(size=900))

    def fastest(work) -> float:
        taken = []
        for _ in range(3):
            begun = time.perf_counter()
            work()
            taken.append(time.perf_counter() - begun)
        return min(taken)

    assert fastest(lambda: list_shares(big, "y", "t", 3)) < 0.4
    formula = "~ age10 + male + x1 + x2 + I(x1 * x2)"
    assert fastest(lambda: list_regression(small, "count", "treat", 3, formula)) < 0.5
