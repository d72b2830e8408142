"""Invariants, limits and mistakes of ordinal models."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from scslab.analysis.design import Replicates, make_design
from scslab.analysis.models.ordinal import fit_ordinal
from scslab.analysis.models.ordinal_fit import derivatives, make_problem, row_scores, solve
from scslab.analysis.models.ordinal_links import LINKS
from scslab.analysis.models.ordinal_partial import PartialProblem, partial_derivatives
from scslab.analysis.models.ordinal_replicates import replicate_estimates
from scslab.analysis.models.ordinal_tests import brant_test, fit_partial
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError
from scslab.survey.answers import Answers, Variable

FORMULA = "y ~ x + z + factor(g)"


def make(n=600, seed=3, levels=4):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "x": rng.normal(size=n),
            "z": rng.normal(size=n) * 40 + 500,
            "g": rng.integers(1, 5, n).astype(float),
        }
    )
    latent = 0.8 * frame.x + 0.01 * (frame.z - 500) + 0.3 * (frame.g == 3) + rng.logistic(size=n)
    frame["y"] = np.searchsorted(np.quantile(latent, np.linspace(0, 1, levels + 1)[1:-1]), latent)
    return frame, rng.uniform(0.5, 2, n), rng.integers(0, 5, n), rng.integers(0, 60, n)


def sample_of(frame, weights, strata=None, clusters=None):
    design = make_design(
        weights,
        strata=[] if strata is None else [strata],
        clusters=[] if clusters is None else [clusters],
        nest=True,
    )
    return Sample(Answers(frame, {c: Variable(c) for c in frame}, source="made"), design)


@pytest.mark.parametrize("link", LINKS)
def test_derivatives_are_those_of_the_likelihood(link):
    frame, weights, *_ = make(200)
    problem = make_problem(frame[["x"]].to_numpy(), frame.y.to_numpy(), 4, link)
    at = solve(problem, weights).b + 0.05
    total, gradient, information = derivatives(problem, weights, at)
    steps = 1e-6 * np.eye(len(at))
    for j, step in enumerate(steps):
        up, down = (
            derivatives(problem, weights, at + step),
            derivatives(problem, weights, at - step),
        )
        assert (up[0] - down[0]) / 2e-6 == pytest.approx(gradient[j], abs=1e-5)
        np.testing.assert_allclose(-(up[1] - down[1]) / 2e-6, information[j], atol=1e-5)
    np.testing.assert_allclose(weights @ row_scores(problem, at, slice(0, 200)), gradient)


@pytest.mark.parametrize("link", LINKS)
def test_a_partial_model_with_equal_effects_is_the_model(link):
    frame, weights, *_ = make(200)
    X, y = frame[["x", "z"]].to_numpy(), frame.y.to_numpy()
    whole = make_problem(X, y, 4, link)
    at = solve(whole, weights).b
    partial = PartialProblem(X[:, :1], X[:, 1:], y, 4, LINKS[link])
    same = np.concatenate([at[:1], *([cut, at[1]] for cut in at[2:])])
    total, gradient, _ = partial_derivatives(partial, weights, same)
    assert total == pytest.approx(derivatives(whole, weights, at)[0], rel=1e-12)
    assert abs(gradient[0]) < 1e-5


@pytest.mark.parametrize("link", LINKS)
def test_far_tails_keep_their_figures(link):
    x = np.array([-30.0, -12.0, -3.0, 3.0, 12.0, 30.0])
    one = LINKS[link]
    np.testing.assert_allclose(one.below(x) + one.above(x), 1.0, rtol=1e-15)
    inner = (one.below(x) > 0) & (one.above(x) > 1e-9) & (one.below(x) < 1)
    np.testing.assert_allclose(one.inverse(one.below(x[inner])), x[inner], rtol=1e-6)
    numeric = (one.below(x + 1e-5) - one.below(x - 1e-5)) / 2e-5
    np.testing.assert_allclose(one.density(x), numeric, atol=1e-10)


def figures(model):
    return np.concatenate([model.fitted.coefficients, model.fitted.thresholds]), model.fitted


def test_scaling_all_weights_changes_nothing():
    frame, w, strata, clusters = make()
    one, many = (
        fit_ordinal(sample_of(frame, w * k, strata, clusters), FORMULA).fitted for k in (1, 1e6)
    )
    np.testing.assert_allclose(many.coefficients, one.coefficients, rtol=1e-9)
    np.testing.assert_allclose(many.standard_errors, one.standard_errors, rtol=1e-9)
    assert many.log_likelihood == pytest.approx(one.log_likelihood, rel=1e-12)


def test_permuting_rows_changes_nothing():
    frame, w, strata, clusters = make()
    order = np.random.default_rng(1).permutation(len(frame))
    one = fit_ordinal(sample_of(frame, w, strata, clusters), FORMULA).fitted
    other = fit_ordinal(
        sample_of(
            frame.iloc[order].reset_index(drop=True), w[order], strata[order], clusters[order]
        ),
        FORMULA,
    ).fitted
    np.testing.assert_allclose(other.coefficients, one.coefficients, rtol=1e-9)
    np.testing.assert_allclose(other.covariance, one.covariance, rtol=1e-8, atol=1e-14)


def test_duplicating_rows_as_clusters_changes_nothing():
    frame, w, *_ = make()
    rows = np.arange(len(frame))
    twice = np.concatenate([rows, rows])
    one = fit_ordinal(sample_of(frame, w, clusters=rows), FORMULA).fitted
    other = fit_ordinal(
        sample_of(frame.iloc[twice].reset_index(drop=True), w[twice], clusters=twice), FORMULA
    ).fitted
    np.testing.assert_allclose(other.covariance, one.covariance, rtol=1e-8, atol=1e-14)
    naive = fit_ordinal(
        sample_of(frame.iloc[twice].reset_index(drop=True), w[twice]), FORMULA
    ).fitted
    assert (naive.standard_errors < 0.75 * one.standard_errors).all()


def test_an_unused_category_changes_nothing():
    frame, w, strata, clusters = make()
    labels = {float(i): f"answer {i}" for i in range(6)}
    variables = {c: Variable(c) for c in frame} | {
        "y": Variable("y", labels=labels, measure="ordinal")
    }
    design = sample_of(frame, w, strata, clusters).design
    more = Sample(Answers(frame, variables), design)
    one = fit_ordinal(sample_of(frame, w, strata, clusters), FORMULA).fitted
    other = fit_ordinal(more, FORMULA).fitted
    assert other.levels == ("answer 0", "answer 1", "answer 2", "answer 3")
    np.testing.assert_array_equal(other.coefficients, one.coefficients)
    np.testing.assert_array_equal(other.covariance, one.covariance)


def test_a_domain_is_not_a_filter():
    frame, w, _, clusters = make()
    # A domain that some clusters lie wholly outside of: a filter would forget that they were drawn.
    domain = (clusters % 3 > 0) & (frame.x > -1).to_numpy()
    whole = sample_of(frame, w, clusters=clusters)
    inside = fit_ordinal(whole.within(domain), FORMULA).fitted
    filtered = fit_ordinal(
        sample_of(frame[domain].reset_index(drop=True), w[domain], clusters=clusters[domain]),
        FORMULA,
    ).fitted
    np.testing.assert_allclose(inside.coefficients, filtered.coefficients, rtol=1e-10)
    drawn, left = 60, len(np.unique(clusters[domain]))
    # Scores sum to 0 over all clusters, so only n / (n - 1) differs.
    ratio = np.sqrt(drawn / (drawn - 1) / (left / (left - 1)))
    np.testing.assert_allclose(inside.standard_errors / filtered.standard_errors, ratio, rtol=1e-8)
    assert ratio < 1


def test_replicates_with_jackknife_weights_equal_the_long_way():
    frame, w, _, clusters = make()
    groups = np.unique(clusters)
    weights = np.column_stack(
        [w * (clusters != g) * len(groups) / (len(groups) - 1) for g in groups]
    )
    base = sample_of(frame, w, clusters=clusters)
    scale = (len(groups) - 1) / len(groups)
    replicates = Replicates(weights, scale, np.ones(len(groups)), False, "JK1")
    model = fit_ordinal(replace(base, design=replace(base.design, replicates=replicates)), FORMULA)
    long = []
    for g in groups:
        kept = clusters != g
        part = fit_ordinal(sample_of(frame[kept].reset_index(drop=True), w[kept]), FORMULA).fitted
        long.append(np.concatenate([part.coefficients, part.thresholds]))
    np.testing.assert_allclose(model.replicates, long, rtol=1e-6, atol=1e-7)
    rest = np.array(long) - np.mean(long, axis=0)
    errors = np.sqrt(np.diag(scale * rest.T @ rest))
    np.testing.assert_allclose(model.fitted.standard_errors, errors, rtol=1e-6)
    linear = fit_ordinal(base, FORMULA).fitted
    np.testing.assert_allclose(model.fitted.standard_errors, linear.standard_errors, rtol=0.15)


def test_a_replicate_without_a_category_is_refused():
    frame, w, *_ = make()
    problem = make_problem(frame[["x"]].to_numpy(), frame.y.to_numpy(), 4, "logit")
    start = solve(problem, w).b
    without = np.asarray(w * (frame.y != 0))[:, None]
    found = replicate_estimates(problem, without, start)
    assert np.isnan(found).all()


def test_one_fit_for_a_table_of_counts_and_for_its_persons():
    frame, *_ = make(300)
    frame["x"] = frame.x.round()
    counts = frame.groupby(["x", "g", "y"], as_index=False).size()
    persons = fit_ordinal(sample_of(frame, np.ones(300)), "y ~ x + g", errors="model").fitted
    cells = fit_ordinal(
        sample_of(counts[["x", "g", "y"]], counts["size"].to_numpy(float)),
        "y ~ x + g",
        errors="model",
    ).fitted
    np.testing.assert_allclose(cells.coefficients, persons.coefficients, rtol=1e-8)
    np.testing.assert_allclose(cells.standard_errors, persons.standard_errors, rtol=1e-8)


def told(frame, formula=FORMULA, **keys):
    with pytest.raises(ScslabError) as error:
        fit_ordinal(sample_of(frame, np.ones(len(frame))), formula, **keys)
    return str(error.value)


def test_a_constant_outcome_is_named():
    frame, *_ = make()
    frame["y"] = 2.0
    assert told(frame).startswith(f'{FORMULA}: the outcome "y" has one value only')


def test_two_categories_say_use_logit():
    frame, *_ = make()
    frame["y"] = (frame.y > 1).astype(float)
    message = told(frame)
    assert "the outcome has two categories" in message
    assert "try: use logit" in message


def test_a_column_that_repeats_others_is_named():
    frame, *_ = make()
    frame["twice"] = 2 * frame.x - frame.z
    message = told(frame, "y ~ x + z + twice")
    assert "twice" in message


def test_a_predictor_that_separates_is_named():
    frame, *_ = make()
    frame["leader"] = (frame.y >= 2).astype(float)
    message = told(frame, "y ~ x + leader")
    assert "leader separates the outcome" in message


def test_an_unknown_link_says_which_is_near():
    frame, *_ = make()
    assert told(frame, link="logitt").endswith('try: did you mean "logit"?')


def test_errors_that_the_design_cannot_give():
    frame, *_ = make()
    assert "no replicate weights" in told(frame, errors="replicates")


def test_brant_is_of_the_logit_only():
    frame, *_ = make()
    model = fit_ordinal(sample_of(frame, np.ones(600)), FORMULA, link="probit")
    with pytest.raises(ScslabError, match="Brant's test is of the logit link"):
        brant_test(model)


def test_a_term_to_free_must_be_there():
    frame, *_ = make()
    model = fit_ordinal(sample_of(frame, np.ones(600)), FORMULA)
    with pytest.raises(ScslabError, match='no term "factor\\(h\\)" to free'):
        fit_partial(model, ["factor(h)"])
