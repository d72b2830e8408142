"""Differences between groups against R's svyttest, svycontrast and p.adjust."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from reference.samples import replicated, sample_of, with_yes
from reference.values import load
from scslab.analysis import estimate
from scslab.analysis.compare import adjusted, change, compare, contrast
from scslab.core.errors import ScslabError
from scslab.core.printed import Suppressed
from scslab.survey.answers import Variable

RECORDS = load("estimates")


@pytest.mark.parametrize("name", ["srs", "strat", "clus1", "clus2", "generated", "two_stage"])
def test_two_groups_as_svyttest(name):
    record = RECORDS[f"{name}/ttest"]
    what, by = record["call"].removeprefix("svyttest(").removesuffix(", d)").split(" ~ ")
    sample, by = with_yes(sample_of(record), by)
    found = compare(sample, what, by)
    (pair,), values = found.pairs, record["values"]
    ours = (pair.t, pair.df, pair.p, pair.value, pair.low, pair.high)
    theirs = [values[k] for k in ("statistic", "df", "p", "estimate", "ci_low", "ci_high")]
    assert ours == pytest.approx(theirs, rel=1e-8)
    assert found.overall.statistic == pytest.approx(pair.t**2)
    assert found.overall.p == pytest.approx(pair.p)


def test_missing_answers_count_in_the_degrees_of_freedom_as_in_svyttest():
    # svyttest(enroll ~ comp.imp) on apiclus2, in which six schools have no enrolment.
    pair = compare(sample_of(RECORDS["clus2/mean-missing"]), "enroll", "comp.imp").pairs[0]
    assert (pair.t, pair.df, pair.p) == pytest.approx((-2.8882, 36, 0.006518), rel=1e-4)
    assert (pair.low, pair.high) == pytest.approx((-384.24757, -67.22654), rel=1e-7)


def test_change_as_the_one_sample_test():
    values = RECORDS["clus1/ttest-one-sample"]["values"]
    pair = change(sample_of(RECORDS["clus1/ttest-one-sample"]), "api99", "api00").pairs[0]
    ours = (pair.t, pair.df, pair.p, pair.value, pair.low, pair.high)
    theirs = [values[k] for k in ("statistic", "df", "p", "estimate", "ci_low", "ci_high")]
    assert ours == pytest.approx(theirs, rel=1e-9)
    assert pair.name == "api00 - api99"


@pytest.mark.parametrize("name", ["srs", "strat", "clus1", "clus2"])
def test_contrasts_of_domains_count_shared_clusters(name):
    record = RECORDS[f"{name}/contrast-stype"]
    means = estimate.mean(sample_of(record), "api00", by="stype", df="design")
    found = contrast(means, {"E-H": [1, -1, 0], "E-M": ("M", "E"), "H-M": ("M", "H")})
    values = record["values"]
    assert [d.value for d in found] == pytest.approx(values["estimate"], rel=1e-9)
    assert [d.se for d in found] == pytest.approx(values["se"], rel=1e-9)
    assert [d.low for d in found] == pytest.approx(values["ci_low"], rel=1e-8)
    if name.startswith("clus"):  # without the covariance the error would be another
        apart = np.sqrt((means.standard_errors[:2] ** 2).sum())
        assert abs(found[0].se / apart - 1) > 0.05


def test_the_overall_test_is_the_wald_test_of_all_contrasts():
    sample = sample_of(RECORDS["clus1/mean-numeric"])
    found = compare(sample, "api00", "stype")
    slope = np.array([[1.0, -1, 0], [0.2, 0.8, -1]])  # any basis gives the same
    rest, spread = slope @ found.groups.values, slope @ found.groups.covariance @ slope.T
    assert found.overall.statistic == pytest.approx(rest @ np.linalg.solve(spread, rest) / 2)
    assert (found.overall.df, found.overall.ddf) == (2, 12)
    # regTermTest(svyglm(api00 ~ stype, dclus1), ~stype) in R
    assert found.overall.statistic == pytest.approx(1.278200742518, rel=1e-6)
    assert found.overall.p == pytest.approx(0.313879768243, rel=1e-5)


def test_shares_of_an_answer_between_groups():
    sample, name = with_yes(sample_of(RECORDS["generated/mean-numeric"]), "I(y > 3)")
    share = compare(sample, name, "f4", level=1).pairs
    mean = compare(sample, name, "f4").pairs
    for ours, theirs in zip(share, mean, strict=True):
        assert (ours.value, ours.se, ours.p) == pytest.approx((theirs.value, theirs.se, theirs.p))


def test_holm_as_p_adjust():
    p = np.array([0.01, 0.02, 0.03, 0.005, 0.4])
    assert adjusted(p).tolist() == pytest.approx([0.04, 0.06, 0.06, 0.025, 0.4])
    assert adjusted(p, "bonferroni").tolist() == pytest.approx([0.05, 0.1, 0.15, 0.025, 1.0])
    assert (adjusted(p, "none") == p).all()
    pairs = compare(sample_of(RECORDS["generated/mean-numeric"]), "x1", "f3").pairs
    assert len(pairs) == 10
    assert [d.p_adjusted for d in pairs] == pytest.approx(
        adjusted(np.array([d.p for d in pairs])).tolist()
    )


def test_a_reference_group():
    found = compare(sample_of(RECORDS["clus1/mean-numeric"]), "api00", "stype", reference="M")
    assert [d.name for d in found.pairs] == ["E - M", "H - M"]


def test_replicates_compare_as_the_difference_refitted():
    sample = replicated("clus1_JK1")
    pair = compare(sample, "api00", "comp.imp").pairs[0]
    used, x, yes = sample.design.replicates, sample.number("api00"), sample.number("comp.imp") == 2

    def difference(w):
        return np.average(x[yes], weights=w[yes]) - np.average(x[~yes], weights=w[~yes])

    each = np.array([difference(w) for w in used.weights.T])
    variance = used.scale * (used.rscales * (each - each.mean()) ** 2).sum()
    assert pair.se == pytest.approx(np.sqrt(variance), rel=1e-9)


def test_change_by_groups_and_its_table():
    sample = sample_of(RECORDS["clus1/mean-numeric"])
    found = change(sample, "api99", "api00", by="stype")
    assert [d.name for d in found.pairs] == ["E", "H", "M"]
    assert found.table().title == "Change: api00 - api99"
    assert found.frame()["value"].tolist() == [d.value for d in found.pairs]


def test_the_table_hides_small_groups():
    sample = sample_of(RECORDS["generated/mean-numeric"])
    small = pd.Series(np.where(np.arange(2209) % 600 == 0, 1, 2))
    answers = sample.answers.with_columns({"few": (Variable("few"), small)})
    found = compare(replace(sample, answers=answers), "x1", "few")
    assert found.pairs[0].n == 4
    table = found.table()
    assert isinstance(table.rows[0].cells[1], Suppressed)
    assert "fewer than 5 respondents" in table.notes[-1]
    assert not isinstance(found.table(below=0).rows[0].cells[1], Suppressed)


def test_contrasts_that_do_not_fit_are_told():
    means = estimate.mean(sample_of(RECORDS["clus1/mean-numeric"]), "api00", by="stype")
    with pytest.raises(ScslabError, match="a contrast has a weight for each estimate"):
        contrast(means, {"a": [1.0, -1.0]})
    with pytest.raises(ScslabError, match='no group "X"'):
        contrast(means, {"a": ("E", "X")})
    medians = estimate.median(sample_of(RECORDS["clus1/mean-numeric"]), "api00", by="stype")
    with pytest.raises(ScslabError, match="no covariance"):
        contrast(medians, {"a": ("E", "H")})
