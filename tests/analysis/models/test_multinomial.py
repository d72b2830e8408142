"""Multinomial logit beside R (Newton fits, `nnet::multinom`); invariants; mistakes."""

import re
from dataclasses import replace

import numpy as np
import pytest
from r_models import made_sample, r_sample, sample_of

from reference.values import load
from scslab.analysis.models.logit import fit_logit
from scslab.analysis.models.multinomial import fit_multinomial
from scslab.analysis.models.multinomial_fit import Multinomial, derivatives
from scslab.analysis.replicates import with_replicates
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError

MODELS = load("models")
MULTINOMIAL = [i for i in MODELS if i.endswith("/multinomial")]


@pytest.mark.parametrize("name", MULTINOMIAL)
def test_coefficients_and_covariance_are_those_of_r(name):
    record = MODELS[name]
    told = record["values"]
    formula = re.search(r"\((.*?), d", record["call"]).group(1)
    fitted = fit_multinomial(r_sample(record), formula).fitted
    assert list(fitted.names) == told["names"]
    assert fitted.coefficients == pytest.approx(told["estimate"], rel=1e-6)
    assert fitted.standard_errors == pytest.approx(told["se"], rel=1e-6)
    scale = np.outer(told["se"], told["se"])
    np.testing.assert_allclose(fitted.covariance / scale, told["vcov"] / scale, atol=1e-6)
    mean = fitted.weighted_n / fitted.n  # R's likelihood has the weights as they are
    assert fitted.log_likelihood * mean == pytest.approx(told["loglik"], rel=1e-9)
    assert fitted.null_log_likelihood * mean == pytest.approx(told["null_loglik"], rel=1e-9)
    assert fitted.df == told["df_design"] + 1 - len(fitted.names) // (len(fitted.levels) - 1)


def test_model_errors_of_an_unweighted_fit_are_those_of_multinom():
    record = MODELS["generated_unweighted/multinomial"]
    formula = re.search(r"\((.*?), d", record["call"]).group(1)
    fitted = fit_multinomial(r_sample(record), formula, errors="model").fitted
    assert fitted.standard_errors == pytest.approx(record["values"]["se_counts"], rel=1e-6)


def test_derivatives_are_those_of_the_likelihood():
    frame, _ = made_sample(150)
    problem = Multinomial(
        np.column_stack([np.ones(150), frame.x, frame.z]),
        np.array([0.0, 0.0, 2000.0]),
        frame.three.to_numpy(int) - 1,
        3,
        np.zeros(3),
    )
    weights, at = frame.w.to_numpy(), np.array([0.2, 0.5, -0.02, -0.4, 0.9, 0.03])
    _, gradient, information = derivatives(problem, weights, at)
    for j, step in enumerate(1e-6 * np.eye(6)):
        up, down = (
            derivatives(problem, weights, at + step),
            derivatives(problem, weights, at - step),
        )
        assert (up[0] - down[0]) / 2e-6 == pytest.approx(gradient[j], rel=1e-5, abs=1e-5)
        np.testing.assert_allclose((down[1] - up[1]) / 2e-6, information[j], rtol=1e-5, atol=1e-4)


def test_the_base_is_of_choice_and_says_the_same():
    _, sample = made_sample()
    first = fit_multinomial(sample, "three ~ x + g").fitted
    other = fit_multinomial(
        sample, "three ~ x + g", reference={"three": "two", "g": "three"}
    ).fitted
    assert first.levels == ("one", "two", "three") and other.levels == ("two", "one", "three")
    of = dict(zip(first.names, first.coefficients, strict=True))
    turned = dict(zip(other.names, other.coefficients, strict=True))
    assert turned["one:x"] == pytest.approx(-of["two:x"], rel=1e-9)
    assert turned["three:x"] == pytest.approx(of["three:x"] - of["two:x"], rel=1e-9)
    assert turned["three:gone"] == pytest.approx(of["two:gthree"] - of["three:gthree"], rel=1e-9)
    assert other.log_likelihood == pytest.approx(first.log_likelihood, rel=1e-12)


def test_the_scale_of_weights_changes_nothing():
    frame, sample = made_sample()
    larger = Sample(sample.answers, replace(sample.design, weights=sample.design.weights * 40))
    first, second = (fit_multinomial(s, "three ~ x + g").fitted for s in (sample, larger))
    assert second.coefficients == pytest.approx(first.coefficients, rel=1e-10)
    np.testing.assert_allclose(second.covariance, first.covariance, rtol=1e-9)


def test_replicates_agree_with_linearisation_about():
    # Jackknife and linearised errors of a smooth estimate differ by a few per cent at 48 clusters.
    _, sample = made_sample(2000)
    linearised = fit_multinomial(sample, "three ~ x + g").fitted
    replicated = fit_multinomial(
        Sample(sample.answers, with_replicates(sample.design, "JKn")), "three ~ x + g"
    )
    assert replicated.fitted.errors == "replicates"
    assert replicated.fitted.coefficients == pytest.approx(linearised.coefficients, rel=1e-10)
    ratio = replicated.fitted.standard_errors / linearised.standard_errors
    assert (np.abs(ratio - 1) < 0.05).all()
    # Dropping a cluster is what its replicate says: fit without it.
    design = replicated.sample.design
    weights = design.replicates.weights[:, 0]
    alone = Sample(sample.answers, replace(sample.design, weights=weights))
    again = fit_multinomial(alone, "three ~ x + g").fitted
    assert replicated.replicates[0] == pytest.approx(again.coefficients, rel=1e-6)


def test_each_pair_of_categories_is_near_its_own_logit():
    # Begg and Gray (1984): binary fits against the base estimate the same coefficients.
    frame, sample = made_sample(4000)
    whole = fit_multinomial(sample, "three ~ x").fitted
    pair = sample.within((frame.three != 2).to_numpy())
    apart = fit_logit(pair, "three ~ x").fitted
    at = whole.names.index("three:x")
    assert apart.coefficients[1] == pytest.approx(whole.coefficients[at], abs=0.1)


def test_separation_is_named():
    frame, sample = made_sample()
    frame["three"] = np.where(frame.x > 1, 3.0, np.minimum(frame.three, 2))
    with pytest.raises(ScslabError, match="three ~ x \\+ z: x separates the outcome"):
        fit_multinomial(sample_of(frame, sample.design), "three ~ x + z")


def test_mistakes_are_told():
    _, sample = made_sample()
    with pytest.raises(
        ScslabError, match="has two categories among the rows used\n.*\n.*\n.*logit"
    ):
        fit_multinomial(sample, "yes ~ x")
    with pytest.raises(ScslabError, match='no level "twoo" among the rows used\n.*"two"'):
        fit_multinomial(sample, "three ~ x", reference={"three": "twoo"})
    with pytest.raises(ScslabError, match='"x" has too many categories for a model'):
        fit_multinomial(sample, "x ~ z")
