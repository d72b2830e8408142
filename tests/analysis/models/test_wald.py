"""Joint tests beside R's `regTermTest`, nested models, pseudo R-squared."""

from functools import cache

import numpy as np
import pytest
from r_models import made_sample, r_sample, sample_of
from test_linear import formula_of

from reference.values import load
from scslab.analysis.design import make_design
from scslab.analysis.models.linear import fit_linear
from scslab.analysis.models.logit import fit_logit
from scslab.analysis.models.multinomial import fit_multinomial
from scslab.analysis.models.wald import (
    compare_likelihoods,
    compare_nested,
    likelihood_ratio,
    misspecification,
    pseudo_r2,
    wald_coefficients,
    wald_terms,
)
from scslab.core.errors import ScslabError

MODELS = load("models")
GLM = [i for i in MODELS if i.split("/")[1].startswith(("linear", "logit"))]
TESTS = [i for i in GLM if "/test-" in i and not i.endswith("-LRT")]
RATIOS = [i for i in GLM if i.endswith("-LRT")]
SHARES = [i for i in GLM if i.endswith("/r-squared")]


@cache
def fit(name):
    record = MODELS[name]
    fit_one = fit_linear if "/linear" in name else fit_logit
    return fit_one(r_sample(record), formula_of(record))


@pytest.mark.parametrize("name", TESTS)
def test_joint_tests_are_those_of_r(name):
    model, terms = name.split("/test-")
    told = MODELS[name]["values"]
    found = wald_terms(fit(model).fitted, terms.split("+"))
    assert found.statistic == pytest.approx(told["statistic"], rel=1e-6)
    assert (found.df, found.ddf) == (told["ndf"], told["ddf"])
    assert found.p == pytest.approx(told["p"], rel=1e-6)


@pytest.mark.parametrize("name", RATIOS)
def test_likelihood_ratio_tests_are_those_of_r(name):
    model, terms = name.removesuffix("-LRT").split("/test-")
    told, large = MODELS[name]["values"], fit(model)
    formula = " - ".join([large.fitted.formula, *terms.split("+")])
    fit_one = fit_linear if "/linear" in model else fit_logit
    small = fit_one(large.sample.within(large.fitted.used), formula).fitted
    added = np.array([i for i, n in enumerate(large.fitted.names) if n not in small.names])
    change = likelihood_ratio(small, large.fitted)
    lambdas = misspecification(large.fitted, large.inverse, added)
    # R's weights are of mean 1 before rows with gaps go, ours after: the scale cancels in p.
    assert change / lambdas.sum() == pytest.approx(told["chisq"] / np.sum(told["lambda"]), rel=1e-6)
    assert lambdas / lambdas.sum() == pytest.approx(
        np.array(told["lambda"]) / np.sum(told["lambda"]), rel=1e-6
    )
    found = compare_likelihoods(small, large.fitted, large.inverse)
    assert found.p == pytest.approx(told["p"], rel=1e-5)
    assert found.ddf == told["ddf"]


@pytest.mark.parametrize("name", SHARES)
def test_pseudo_r2_is_that_of_r(name):
    told, found = MODELS[name]["values"], pseudo_r2(fit(name.removesuffix("/r-squared")).fitted)
    assert found.cox_snell == pytest.approx(told["cox_snell"], rel=1e-9)
    assert found.nagelkerke == pytest.approx(told["nagelkerke"], rel=1e-9)


def test_mcfadden_is_one_less_the_ratio_of_likelihoods():
    fitted = fit("srs/logit").fitted
    told = MODELS["srs/logit"]["values"]
    expected = 1 - told["deviance"] / told["null_deviance"]
    assert pseudo_r2(fitted).mcfadden == pytest.approx(expected, rel=1e-9)


def test_a_test_of_one_coefficient_is_the_square_of_its_t():
    fitted = fit("clus1/linear").fitted
    at = fitted.names.index("meals")
    t = fitted.coefficients[at] / fitted.standard_errors[at]
    assert wald_terms(fitted, "meals").statistic == pytest.approx(t**2, rel=1e-10)
    told = MODELS["clus1/linear"]["values"]
    assert wald_terms(fitted, "meals").p == pytest.approx(told["p"][at], rel=1e-6)
    null = wald_coefficients(fitted, ["meals"], values=[fitted.coefficients[at]])
    assert null.statistic == pytest.approx(0, abs=1e-20) and null.p == 1


def test_the_chi_squared_test_is_the_f_test_without_its_denominator():
    fitted = fit("generated/linear").fitted
    f, chi2 = wald_terms(fitted, "f3"), wald_terms(fitted, "f3", chi2=True)
    assert chi2.statistic == pytest.approx(f.statistic * f.df, rel=1e-12)
    assert chi2.ddf == np.inf and chi2.p < f.p


def test_an_interaction_is_found_in_either_order():
    fitted = fit("clus1/linear-interaction").fitted
    first, second = wald_terms(fitted, "meals:stype"), wald_terms(fitted, "stype:meals")
    assert (first.statistic, first.df) == (second.statistic, 2.0)


def test_a_term_of_a_multinomial_model_is_tested_in_all_its_logits():
    _, sample = made_sample()
    assert wald_terms(fit_multinomial(sample, "three ~ x + g").fitted, "g").df == 4


def test_nested_models_are_compared_by_what_is_added():
    _, sample = made_sample()
    small, large = (fit_linear(sample, f).fitted for f in ("y ~ x", "y ~ x * g + t"))
    found = compare_nested(small, large)
    expected = wald_terms(large, ["g", "t", "x:g"])
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-12)
    assert found.note == "g + t + x:g"


def test_models_on_different_rows_are_not_compared():
    _, sample = made_sample()
    small, large = fit_linear(sample, "y ~ x").fitted, fit_linear(sample, "y ~ x + m").fitted
    with pytest.raises(ScslabError) as caught:
        compare_nested(small, large)
    lost = small.n - large.n
    assert lost > 10
    assert str(caught.value) == (
        "y ~ x and y ~ x + m: the two models rest on different respondents\n"
        f"  got: {lost} rows are in the first model only (n = 300 and {large.n})\n"
        f"  why: 0 and {lost} rows lack an answer to one of the variables; what differs may be "
        "the people and not the terms\n"
        "  try: fit both on the rows of the model with more variables: sample.within(model.used)"
    )
    same = fit_linear(sample.within(large.used), "y ~ x").fitted
    assert compare_nested(same, large).df == 1
    with pytest.raises(ScslabError, match="different respondents"):
        compare_likelihoods(small, large, np.eye(3))


@pytest.mark.parametrize(
    ("small", "large", "message"),
    [
        ("y ~ x + z", "y ~ x", "the models are not nested\n  got: only the smaller has z"),
        ("y ~ x", "y ~ x", "the models are not nested\n  got: no terms added"),
        ("z ~ x", "y ~ x", "the two models differ in their outcome\n  got: z, y"),
    ],
)
def test_other_comparisons_are_refused(small, large, message):
    _, sample = made_sample()
    with pytest.raises(ScslabError) as caught:
        compare_nested(fit_linear(sample, small).fitted, fit_linear(sample, large).fitted)
    assert str(caught.value).startswith(f"{small} and {large}: {message}")


def test_names_that_are_not_there_are_told():
    _, sample = made_sample()
    fitted = fit_linear(sample, "y ~ x + g").fitted
    with pytest.raises(ScslabError, match='no term "gg" in the model\n.*did you mean "g"'):
        wald_terms(fitted, "gg")
    with pytest.raises(ScslabError, match='no coefficient "gthre" in .*\n.*did you mean "gthree"'):
        wald_coefficients(fitted, ["gthre"])


def test_more_coefficients_than_clusters_allow_are_told():
    frame, _ = made_sample(200)
    design = make_design(n=200, clusters=[np.arange(200) % 4])
    fitted = fit_linear(sample_of(frame, design), "y ~ x + z + g + t").fitted
    with pytest.raises(ScslabError, match="no degrees of freedom are left for a test"):
        wald_terms(fitted, "x")
    with pytest.raises(ScslabError, match="their covariance is singular\n  got: 5 coefficients"):
        wald_terms(fitted, ["x", "z", "g", "t"], chi2=True)
