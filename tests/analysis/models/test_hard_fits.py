"""Fits where a careless method gives a number: flat tails, empty replicates, dates."""

import os
import threading
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_info

from scslab.analysis.design import Replicates, make_design
from scslab.analysis.models.linear import fit_linear
from scslab.analysis.models.logit import fit_logit
from scslab.analysis.models.multinomial import fit_multinomial
from scslab.analysis.models.ordinal import fit_ordinal
from scslab.analysis.models.ordinal_links import LINKS
from scslab.analysis.models.ordinal_tests import brant_test, fit_partial
from scslab.analysis.replicates import with_replicates
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError
from scslab.core.threads import CHUNK
from scslab.survey.answers import Answers, Variable


def sample_of(frame, weights=None, clusters=None):
    kinds = {c: "text" if v.dtype.kind not in "if" else "number" for c, v in frame.items()}
    answers = Answers(frame, {c: Variable(c, kind=k) for c, k in kinds.items()}, source="made")
    clusters = [] if clusters is None else [clusters]
    return Sample(answers, make_design(weights, clusters=clusters, n=len(frame)))


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("end", [1, 3])
def test_a_level_that_is_all_in_an_end_category_is_separation(link, end):
    rng = np.random.default_rng(4)
    g = np.repeat(["a", "b", "c"], [40, 40, 6])
    y = np.where(g == "c", end, rng.integers(1, 4, 86))
    frame = pd.DataFrame({"g": g, "x": rng.normal(size=86), "y": y.astype(float)})
    with pytest.raises(ScslabError, match="separate"):
        fit_ordinal(sample_of(frame), "y ~ x + g", link=link)


@pytest.mark.parametrize("link", ["logit", "probit", "cloglog"])
@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_level_that_is_all_yes_or_no_is_separation(link, value):
    rng = np.random.default_rng(4)
    g = np.repeat(["a", "b", "c"], [40, 40, 6])
    y = np.where(g == "c", value, rng.integers(0, 2, 86))
    frame = pd.DataFrame({"g": g, "x": rng.normal(size=86), "y": y})
    with pytest.raises(ScslabError, match="separate"):
        fit_logit(sample_of(frame), "y ~ x + g", link=link)


@pytest.mark.parametrize("link", LINKS)
def test_a_rare_level_is_no_separation(link):
    rng = np.random.default_rng(4)
    g = np.repeat(["a", "c"], [3000, 3])
    y = np.concatenate([rng.integers(1, 4, 3000), [1, 2, 3]])
    frame = pd.DataFrame({"g": g, "y": y.astype(float)})
    assert np.isfinite(fit_ordinal(sample_of(frame), "y ~ g", link=link).fitted.covariance).all()


FITS = {
    "ordinal": (fit_ordinal, "three ~ x + g"),
    "linear": (fit_linear, "x ~ z + g"),
    "logit": (fit_logit, "yes ~ x + g"),
    "multinomial": (fit_multinomial, "three ~ x + g"),
}


@pytest.mark.parametrize("name", FITS)
def test_replicates_that_cannot_know_a_level_are_refused(name):
    rng = np.random.default_rng(2)
    clusters = np.repeat(np.arange(20), 15)
    g = np.where((clusters == 0) & (np.arange(300) < 9), "z", rng.choice(["a", "b"], 300))
    frame = pd.DataFrame(
        {
            "g": g,
            "x": rng.normal(size=300),
            "z": rng.normal(size=300) * 7 + 1990,
            "yes": rng.integers(0, 2, 300).astype(float),
            "three": rng.integers(1, 4, 300).astype(float),
        }
    )
    whole = sample_of(frame, clusters=clusters)
    fit, formula = FITS[name]
    formula = formula.replace("three", "factor(three)") if name == "multinomial" else formula
    assert np.isfinite(fit(whole, formula).fitted.covariance).all()
    made = replace(whole, design=with_replicates(whole.design, "JK1"))
    with pytest.raises(ScslabError, match="some replicates give no estimate"):
        fit(made, formula)


@pytest.mark.parametrize("link", LINKS)
def test_dates_as_numbers_cost_no_figures(link):
    rng = np.random.default_rng(9)
    day = rng.integers(1, 31, 400).astype(float)
    latent = 0.05 * day + rng.logistic(size=400)
    y = np.searchsorted([0.0, 1.5, 3.0], latent).astype(float)
    plain, dated = (
        fit_ordinal(sample_of(pd.DataFrame({"day": day + shift, "y": y})), "y ~ day", link=link)
        for shift in (0.0, 20190300.0)
    )
    one, other = plain.fitted, dated.fitted
    np.testing.assert_allclose(other.coefficients, one.coefficients, rtol=1e-7)
    np.testing.assert_allclose(other.standard_errors[0], one.standard_errors[0], rtol=1e-7)
    moved = one.thresholds + 20190300.0 * other.coefficients[0]
    np.testing.assert_allclose(other.thresholds, moved, rtol=1e-9)
    first, second = (fit_partial(m, ["day"]) for m in (plain, dated))
    np.testing.assert_allclose(second.coefficients, first.coefficients, rtol=1e-6)
    np.testing.assert_allclose(second.standard_errors[:3], first.standard_errors[:3], rtol=1e-6)
    if link == "logit":
        tests = [brant_test(m).tests[0].statistic for m in (plain, dated)]
        assert tests[1] == pytest.approx(tests[0], rel=1e-6)


def test_a_category_of_next_to_no_weight_is_named():
    rng = np.random.default_rng(1)
    y = rng.integers(1, 5, 400).astype(float)
    frame = pd.DataFrame({"x": rng.normal(size=400), "y": y})
    fitted = fit_ordinal(sample_of(frame, np.where(y >= 3, 1e-5, 1.0)), "y ~ x").fitted
    assert np.isfinite(fitted.covariance).all()
    with pytest.raises(ScslabError, match='"[34]" has next to no weight'):
        fit_ordinal(sample_of(frame, np.where(y >= 3, 1e-10, 1.0)), "y ~ x")


def test_degrees_of_freedom_with_replicates_are_the_domains():
    rng = np.random.default_rng(3)
    clusters = np.repeat(np.arange(30), 10)
    x = rng.normal(size=300)
    x[clusters < 3] = np.nan
    frame = pd.DataFrame({"x": x, "y": rng.integers(1, 4, 300).astype(float)})
    whole = sample_of(frame, clusters=clusters)
    made = replace(whole, design=with_replicates(whole.design, "JK1"))
    assert fit_ordinal(made, "y ~ x").fitted.df == 29 - 1  # as R's svyolr
    assert fit_ordinal(whole, "y ~ x").fitted.df == 26 - 1


def big():
    rng = np.random.default_rng(5)
    n = CHUNK + 1000
    frame = pd.DataFrame({"x": rng.normal(size=n), "y": rng.integers(1, 4, n).astype(float)})
    return sample_of(frame)


def blas_threads():
    return [lib["num_threads"] for lib in threadpool_info() if lib["user_api"] == "blas"]


def test_fits_at_the_same_time_agree_and_let_threads_go_again():
    sample, before = big(), blas_threads()
    found = []

    def fit():
        found.append(fit_ordinal(sample, "y ~ x").fitted.covariance)

    pool = [threading.Thread(target=fit) for _ in range(4)]
    for thread in pool:
        thread.start()
    for thread in pool:
        thread.join()
    assert all((one == found[0]).all() for one in found)
    assert blas_threads() == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_can_fit_after_its_parent_did():
    sample = big()
    expected = fit_ordinal(sample, "y ~ x").fitted.coefficients[0]
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, repr(float(fit_ordinal(sample, "y ~ x").fitted.coefficients[0])).encode())
        os._exit(0)
    os.close(writer)
    alarm = threading.Timer(60, lambda: os.kill(child, 9))
    alarm.start()
    told = os.read(reader, 100).decode()
    alarm.cancel()
    os.waitpid(child, 0)
    assert float(told or "nan") == expected


def test_replicates_of_the_scale_of_a_bootstrap_are_not_taken_for_separation():
    rng = np.random.default_rng(8)
    n = 800
    frame = pd.DataFrame({"x": rng.normal(size=n), "y": rng.integers(1, 6, n).astype(float)})
    whole = sample_of(frame)
    weights = rng.multinomial(n, np.full(n, 1 / n), size=50).T.astype(float)
    made = Replicates(weights, 1 / 49, np.ones(50), False, "bootstrap")
    fitted = fit_ordinal(
        replace(whole, design=replace(whole.design, replicates=made)), "y ~ x"
    ).fitted
    linear = fit_ordinal(whole, "y ~ x").fitted
    assert fitted.standard_errors[0] == pytest.approx(linear.standard_errors[0], rel=0.4)
