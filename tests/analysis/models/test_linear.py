"""Linear models beside R's `svyglm`; invariants; mistakes. The checks of columns shared by all."""

import re

import numpy as np
import pandas as pd
import pytest
from r_models import made_sample, r_sample, sample_of

from reference.values import load
from scslab.analysis.design import make_design
from scslab.analysis.models.checks import check_rank
from scslab.analysis.models.linear import fit_linear
from scslab.analysis.models.wald import pseudo_r2
from scslab.analysis.variance import covariance
from scslab.core.errors import ScslabError

MODELS, REPLICATES = load("models"), load("replicates")
LINEAR = [i for i in MODELS if i.split("/")[1].startswith("linear") and "test" not in i]
JACKKNIFES = [
    i for i, r in REPLICATES.items()
    if i.endswith("glm-gaussian") and r["design"]["replicate"]["file"] is None
]  # fmt: skip


def formula_of(record):
    return re.match(r"\w+\((.*?), d", record["call"]).group(1)


@pytest.mark.parametrize("name", LINEAR)
def test_coefficients_and_covariance_are_those_of_svyglm(name):
    record = MODELS[name]
    told, fitted = record["values"], fit_linear(r_sample(record), formula_of(record)).fitted
    assert list(fitted.names) == told["names"]
    assert fitted.coefficients == pytest.approx(told["estimate"], rel=1e-9)
    assert fitted.standard_errors == pytest.approx(told["se"], rel=1e-9)
    scale = np.outer(told["se"], told["se"])
    np.testing.assert_allclose(fitted.covariance / scale, told["vcov"] / scale, atol=1e-9)
    assert fitted.df == told["df"]
    # Without missing rows R's deviance is our sum of squares, and R squared follows.
    if fitted.dropped == 0:
        explained = 1 - told["deviance"] / told["null_deviance"]
        assert pseudo_r2(fitted).cox_snell == pytest.approx(explained, rel=1e-9)


@pytest.mark.parametrize("name", JACKKNIFES)
def test_replicate_errors_are_those_of_svyglm(name):
    record = REPLICATES[name]
    told, model = record["values"], fit_linear(r_sample(record), formula_of(record))
    assert model.fitted.errors == "replicates"
    assert model.fitted.coefficients == pytest.approx(told["estimate"], rel=1e-9)
    assert model.fitted.standard_errors == pytest.approx(told["se"], rel=1e-8)


def test_large_means_lose_no_figures():
    # A Gram matrix of years and their squares would; numpy's QR is the judge.
    rng = np.random.default_rng(1)
    year = rng.integers(1990, 2021, 500).astype(float)
    frame = pd.DataFrame({"year": year, "y": 3 * (year - 2000) ** 2 + 1e6 + rng.normal(size=500)})
    fitted = fit_linear(sample_of(frame), "y ~ year + I(year^2)").fitted
    about = np.polynomial.Polynomial.fit(year - 2000, frame.y, 2).convert()
    assert fitted.coefficients[2] == pytest.approx(about.coef[2], rel=1e-9)
    assert fitted.coefficients[1] == pytest.approx(about.coef[1] - 4000 * about.coef[2], rel=1e-9)


def test_model_errors_are_those_of_ordinary_least_squares():
    frame, sample = made_sample()
    fitted = fit_linear(sample_of(frame), "y ~ x + z", errors="model").fitted
    X = np.column_stack([np.ones(len(frame)), frame.x, frame.z - 2000])
    rest = frame.y - X @ np.linalg.lstsq(X, frame.y, rcond=None)[0]
    expected = np.linalg.inv(X.T @ X) * (rest @ rest) / (len(frame) - 3)
    assert fitted.standard_errors[1:] == pytest.approx(np.sqrt(np.diag(expected))[1:], rel=1e-9)
    assert fitted.df == len(frame) - 3


def test_scale_of_weights_and_order_of_rows_change_nothing():
    frame, sample = made_sample()
    first = fit_linear(sample, "y ~ x * g + t").fitted
    order = np.random.default_rng(0).permutation(len(frame))
    moved = frame.iloc[order].reset_index(drop=True)
    design = make_design(
        7 * moved.w.to_numpy(),
        strata=[moved.stratum.to_numpy()],
        clusters=[moved.cluster.to_numpy()],
    )
    second = fit_linear(sample_of(moved, design), "y ~ x * g + t").fitted
    assert second.coefficients == pytest.approx(first.coefficients, rel=1e-10)
    assert second.standard_errors == pytest.approx(first.standard_errors, rel=1e-10)
    assert second.log_likelihood == pytest.approx(first.log_likelihood, rel=1e-12)


def test_rows_outside_a_domain_and_with_gaps_count_in_the_design_only():
    frame, sample = made_sample()
    domain = (frame.t == "north").to_numpy()
    fitted = fit_linear(sample.within(domain), "y ~ m").fitted
    kept = domain & frame.m.notna().to_numpy()
    assert (fitted.n, fitted.dropped) == (kept.sum(), (domain & ~kept).sum())
    np.testing.assert_array_equal(fitted.used, kept)
    # The same by hand: influence values of 0 elsewhere.
    X = np.column_stack([np.ones(len(frame)), frame.m.fillna(0)])
    w = frame.w.to_numpy() * kept
    inverse = np.linalg.inv((X * w[:, None]).T @ X)
    rest = frame.y.to_numpy() - X @ fitted.coefficients
    influence = X * (w * rest)[:, None] @ inverse
    expected = covariance(sample.within(kept).design, fitted.coefficients, influence)
    np.testing.assert_allclose(fitted.covariance, expected, rtol=1e-9)


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("x ~ g + h", '"h" says the same as other columns\n  got: h = gthree\n'),
        ("x ~ mix + z + y", '"y" says the same as other columns\n  got: y = 0.5 mix - 2 z\n'),
        ("y ~ 0 + x + twice", "got: twice = 2 x"),
        ("x ~ one + z", '"one" has one value only among the rows used\n  got: 1'),
        ("one ~ x", 'the outcome "one" has one value only'),
        ("t ~ x", '"t" is text, not a number'),
        ("factor(g) ~ x", "the outcome of this model is a number"),
        ("x ~ -1", "the formula has no terms"),
        ("log(x) ~ z", 'the outcome "log(x)" has no finite value in some rows'),
    ],
)
def test_mistakes_are_told(formula, message):
    frame, _ = made_sample()
    frame["h"] = (frame.g == 3) * 1.0
    frame["mix"], frame["one"], frame["twice"] = frame.x + frame.z, 1.0, 2 * frame.x
    frame["y"] = 0.5 * frame.mix - 2 * frame.z
    with pytest.raises(ScslabError) as caught:
        fit_linear(sample_of(frame), formula)
    assert message in str(caught.value)


def test_more_coefficients_than_rows():
    with pytest.raises(ScslabError, match="more coefficients than rows\n  got: 4 coef"):
        check_rank(np.eye(3), np.ones(3), ["a", "b", "c"])


def test_dummies_of_all_levels_beside_a_constant():
    dummies = np.eye(3)[np.arange(30) % 3]
    check_rank(dummies, np.ones(30), ["a", "b", "c"], constant=False)
    with pytest.raises(ScslabError, match="got: c = 1 - a - b"):
        check_rank(dummies, np.ones(30), ["a", "b", "c"])


def test_near_collinearity_is_no_error():
    rng = np.random.default_rng(2)
    x = rng.normal(size=200) + 2000
    near = np.column_stack([x, x + 1e-4 * rng.normal(size=200)])
    assert check_rank(near, np.ones(200), ["a", "b"]) is None
    with pytest.raises(ScslabError, match='"b" says the same as other columns'):
        check_rank(np.column_stack([x, 2 * x]), np.ones(200), ["a", "b"])


def test_replicate_errors_need_replicates():
    _, sample = made_sample()
    with pytest.raises(ScslabError, match="the design has no replicate weights"):
        fit_linear(sample, "y ~ x", errors="replicates")


def test_a_design_without_degrees_of_freedom_is_noted():
    frame, _ = made_sample(60)
    design = make_design(n=60, clusters=[np.arange(60) % 3])
    fitted = fit_linear(sample_of(frame, design), "y ~ x + z + g").fitted
    assert fitted.df == 2 + 1 - 5
    assert any("no degrees of freedom are left" in n for n in fitted.notes)
