"""Logit, probit and cloglog models beside R's `svyglm`; separation; mistakes."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from r_models import made_sample, r_sample, sample_of
from test_linear import formula_of

from reference.values import load
from scslab.analysis.models.binary_fit import LINKS, Binary, derivatives, row_parts, solve_binary
from scslab.analysis.models.logit import fit_logit
from scslab.core.errors import ScslabError
from scslab.survey.answers import Variable

MODELS, REPLICATES = load("models"), load("replicates")
LOGIT = [i for i in MODELS if i.split("/")[1].startswith("logit") and i.count("/") == 1]
JACKKNIFES = [
    i for i, r in REPLICATES.items()
    if i.endswith("glm-logit") and r["design"]["replicate"]["file"] is None
]  # fmt: skip


@pytest.mark.parametrize("name", LOGIT)
def test_coefficients_and_covariance_are_those_of_svyglm(name):
    record = MODELS[name]
    told, fitted = record["values"], fit_logit(r_sample(record), formula_of(record)).fitted
    assert list(fitted.names) == told["names"]
    assert fitted.coefficients == pytest.approx(told["estimate"], rel=1e-7)
    assert fitted.standard_errors == pytest.approx(told["se"], rel=1e-7)
    scale = np.outer(told["se"], told["se"])
    np.testing.assert_allclose(fitted.covariance / scale, told["vcov"] / scale, atol=1e-7)
    assert fitted.df == told["df"]
    if fitted.dropped == 0:  # else R's weights are not of mean 1 over the rows used
        assert -2 * fitted.log_likelihood == pytest.approx(told["deviance"], rel=1e-9)
        assert -2 * fitted.null_log_likelihood == pytest.approx(told["null_deviance"], rel=1e-9)


@pytest.mark.parametrize("name", JACKKNIFES)
def test_replicate_errors_are_those_of_svyglm(name):
    record = REPLICATES[name]
    told, fitted = record["values"], fit_logit(r_sample(record), formula_of(record)).fitted
    assert fitted.coefficients == pytest.approx(told["estimate"], rel=1e-7)
    assert fitted.standard_errors == pytest.approx(told["se"], rel=1e-6)


# svyglm(I(sch.wide == "Yes") ~ ell + stype, quasibinomial(link), epsilon 1e-14) of apistrat in
# R 4.2.2, survey 4.1-1
OTHER_LINKS = {
    "probit": (
        [1.540775164, -0.00745550592682, -1.38760403887, -0.859316980374],
        [0.284431984892, 0.00638890476334, 0.280787974758, 0.269023134598],
    ),
    "cloglog": (
        [1.00318413748, -0.00492403614856, -1.24184386458, -0.702149182077],
        [0.215306658894, 0.00543199528385, 0.254677915962, 0.227398364726],
    ),
}


@pytest.mark.parametrize("link", OTHER_LINKS)
def test_other_links_are_those_of_svyglm(link):
    estimates, errors = OTHER_LINKS[link]
    sample = r_sample(MODELS["strat/logit"])
    fitted = fit_logit(sample, 'sch.wide == "Yes" ~ ell + stype', link=link).fitted
    assert fitted.coefficients == pytest.approx(estimates, rel=1e-6)
    assert fitted.standard_errors == pytest.approx(errors, rel=1e-5)


@pytest.mark.parametrize("link", LINKS)
def test_derivatives_are_those_of_the_likelihood(link):
    eta = np.linspace(-6, 3, 40)
    for y in (np.zeros(40), np.ones(40)):
        _, slope, _ = row_parts(link, eta, y)
        up, down = row_parts(link, eta + 1e-6, y)[0], row_parts(link, eta - 1e-6, y)[0]
        np.testing.assert_allclose(slope, (up - down) / 2e-6, rtol=1e-5, atol=1e-8)
    # Expected information: the mean of the squared slope.
    none, slope0, curve = row_parts(link, eta, np.zeros(40))
    some, slope1, _ = row_parts(link, eta, np.ones(40))
    mean = np.exp(none) * slope0**2 + np.exp(some) * slope1**2
    np.testing.assert_allclose(curve, mean, rtol=1e-8)


@pytest.mark.parametrize("link", LINKS)
def test_far_rows_stay_finite(link):
    eta = np.array([-700.0, -40.0, 40.0, 700.0])
    for y in (np.zeros(4), np.ones(4)):
        logs, _, curve = row_parts(link, eta, y)
        assert (logs <= 0).all() and not np.isnan(curve).any()


def test_the_gradient_is_nil_at_the_solution():
    frame, sample = made_sample()
    X = np.column_stack([np.ones(len(frame)), frame.x, frame.z])
    weights = frame.w.to_numpy() / frame.w.mean()
    problem = Binary(X, np.array([0.0, 0.0, 2000.0]), frame.yes.to_numpy(), "logit", np.zeros(3))
    peak = solve_binary(problem, weights)
    _, gradient, information = derivatives(problem, weights, peak.b)
    assert gradient @ np.linalg.solve(information, gradient) < 1e-14


def test_outcomes_can_be_said_in_many_ways():
    frame, sample = made_sample()
    frame["text"] = np.where(frame.yes == 1, "in favour", "against")
    frame["other"] = 1 - frame.yes
    sample = sample_of(frame, sample.design)
    base = fit_logit(sample, "yes ~ x + g").fitted
    for outcome in ("I(yes > 0)", "yes == 1", "factor(yes)", "text", 'text == "in favour"'):
        fitted = fit_logit(sample, f"{outcome} ~ x + g").fitted
        assert fitted.coefficients == pytest.approx(base.coefficients, rel=1e-12)
    turned = fit_logit(sample, "text ~ x + g", reference={"text": "in favour"}).fitted
    assert turned.levels == ("in favour", "against")
    assert turned.coefficients == pytest.approx(-base.coefficients, rel=1e-9)


def test_a_large_fit_begun_with_a_part_ends_at_the_same_place():
    rng = np.random.default_rng(4)
    n = 90_000
    x = rng.normal(size=n)
    yes = (rng.logistic(size=n) < x).astype(float)
    problem = Binary(np.column_stack([np.ones(n), x]), np.zeros(2), yes, "logit", np.zeros(2))
    weights = np.ones(n)
    from_zero = solve_binary(problem, weights, np.zeros(2))
    assert solve_binary(problem, weights, None, 0).b == pytest.approx(from_zero.b, rel=1e-7)


@pytest.mark.parametrize("link", LINKS)
def test_complete_separation_is_named(link):
    frame, sample = made_sample()
    frame["yes"] = (frame.x > 0.3) * 1.0
    with pytest.raises(ScslabError, match="yes ~ x \\+ z: x separates the outcome, so its effect"):
        fit_logit(sample_of(frame), "yes ~ x + z", link=link)


def test_separation_by_a_combination_names_its_parts():
    frame, sample = made_sample()
    frame["yes"] = (5 * frame.x + (frame.z - 2000) > 0) * 1.0
    with pytest.raises(ScslabError) as caught:
        fit_logit(sample_of(frame, sample.design), "yes ~ x + z + g")
    assert "together separate the outcome" in caught.value.what
    assert caught.value.what.split(" together")[0] in ("x, z", "z, x")


def test_a_category_with_one_answer_is_named():
    frame, sample = made_sample()
    frame.loc[frame.g == 3, "yes"] = 1.0
    with pytest.raises(ScslabError) as caught:
        fit_logit(sample_of(frame, sample.design), "yes ~ x + g")
    assert str(caught.value) == (
        "yes ~ x + g: gthree separates the outcome, so its effect has no finite estimate\n"
        "  why: where it takes some values, yes is always the same\n"
        "  try: look at a crosstab of the outcome by it; join categories or leave it out"
    )


def test_a_strong_effect_is_not_separation():
    rng = np.random.default_rng(8)
    x = rng.normal(size=4000) * 5
    frame = pd.DataFrame({"x": x, "yes": (x + rng.logistic(size=4000) > 0) * 1.0})
    fitted = fit_logit(sample_of(frame), "yes ~ I(6 * x)").fitted
    assert fitted.coefficients[1] == pytest.approx(1 / 6, rel=0.1)


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (
            "three ~ x",
            'the outcome "three" is not yes or no\n  got: 3 categories: one, two, three\n',
        ),
        ("three ~ x", 'try: three == "three"'),
        ("x ~ z", "expected: 0 and 1, two categories, or a comparison"),
        ("I(yes + 1) ~ z", "got: values 1, 2"),
        ("one ~ x", 'the outcome "one" has one value only among the rows used'),
        ("yes ~ x + yes", 'the outcome "yes" stands on the right side too'),
    ],
)
def test_mistakes_are_told(formula, message):
    frame, _ = made_sample()
    frame["one"] = 1.0
    with pytest.raises(ScslabError) as caught:
        fit_logit(sample_of(frame), formula)
    assert message in str(caught.value)


def test_an_unknown_link_is_told():
    _, sample = made_sample()
    with pytest.raises(ScslabError, match='unknown link\n  got: probits.*\n.*\n.*"probit"'):
        fit_logit(sample, "yes ~ x", link="probits")


def test_replicates_without_a_solution_are_told():
    record = REPLICATES["clus1_JK1/glm-logit"]
    sample = r_sample(record)
    dnum = sample.answers.frame["dnum"].to_numpy()
    only = dnum == dnum[0]
    frame = sample.answers.frame.copy()
    # Only one cluster holds a yes beside the split, so without it x separates the outcome.
    frame["yes"] = np.where(only & (np.arange(len(frame)) % 2 == 0), 1.0, (frame.api00 > 700) * 1.0)
    variables = sample.answers.variables
    answers = replace(sample.answers, frame=frame, variables={**variables, "yes": Variable("yes")})
    with pytest.raises(ScslabError, match="some replicates give no estimate\n  got: 1 of 15"):
        fit_logit(replace(sample, answers=answers), "yes ~ api00")
