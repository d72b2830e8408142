"""What must not change an estimate, and what must: scale, order, doubled rows, domains."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from reference.samples import answers_of, replicated, sample_of
from reference.values import data, load
from scslab.analysis import estimate
from scslab.analysis.design import make_design
from scslab.analysis.estimate.spread import spread
from scslab.analysis.sample import Sample
from scslab.analysis.variance import covariance
from scslab.core.errors import ScslabError
from scslab.core.printed import Suppressed
from scslab.survey.answers import MissingCode, Variable

STATISTICS = {
    "mean": lambda s: estimate.mean(s, ["x1", "y"], by="f3"),
    "ratio": lambda s: estimate.ratio(s, "x2", "x6", by=["f4", "f1"]),
    "share": lambda s: estimate.share(s, "f3", by="x5"),
    "wilson": lambda s: estimate.share(s, "f3", by="x5", method="wilson"),
    "quantile": lambda s: estimate.quantile(s, "x2", [0.2, 0.5], by="f4"),
    "sd": lambda s: estimate.sd(s, ["x1", "y"], by="x5"),
    "correlation": lambda s: estimate.correlation(s, ["x1", "x2", "y"], by="x5"),
}


def generated(frame=None, factor=1.0, double=False):
    """The generated sample with strata and clusters, of any rows of its frame."""
    frame = data("generated") if frame is None else frame
    design = make_design(
        frame["weight"].to_numpy() * factor,
        strata=[frame["stratum"].to_numpy()],
        clusters=[frame["cluster"].to_numpy()],
    )
    return Sample(answers_of(frame), design)


def figures(found):
    """All numbers of estimates that do not depend on the scale of weights or on n."""
    return np.array([[r.value, r.se, r.low, r.high, r.df] for r in found.rows])


@pytest.mark.parametrize("name", STATISTICS)
def test_scaling_weights_changes_nothing(name):
    np.testing.assert_allclose(
        figures(STATISTICS[name](generated())),
        figures(STATISTICS[name](generated(factor=1234.5))),
        rtol=1e-9,
        atol=1e-12,
    )


def test_scaling_weights_scales_totals():
    once, scaled = (estimate.total(generated(factor=f), "x2", by="f3") for f in (1.0, 8.0))
    np.testing.assert_allclose(scaled.values, 8 * once.values)
    np.testing.assert_allclose(scaled.standard_errors, 8 * once.standard_errors)


@pytest.mark.parametrize("name", STATISTICS)
def test_permuting_rows_changes_nothing(name):
    order = np.random.default_rng(5).permutation(2209)
    shuffled = generated(data("generated").iloc[order].reset_index(drop=True))
    ours, theirs = STATISTICS[name](generated()), STATISTICS[name](shuffled)
    assert [row.groups for row in ours.rows] == [row.groups for row in theirs.rows]
    np.testing.assert_allclose(figures(ours), figures(theirs), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", ["mean", "ratio", "share", "quantile"])
def test_doubling_rows_within_their_cluster_changes_nothing(name):
    frame = data("generated")
    twice = generated(pd.concat([frame, frame]).reset_index(drop=True))
    np.testing.assert_allclose(
        figures(STATISTICS[name](generated())),
        figures(STATISTICS[name](twice)),
        rtol=1e-9,
        atol=1e-12,
    )


def test_doubling_rows_as_their_own_clusters_does_change_the_error():
    frame = data("generated")
    plain = Sample(answers_of(frame), make_design(frame["weight"].to_numpy()))
    both = pd.concat([frame, frame]).reset_index(drop=True)
    twice = Sample(answers_of(both), make_design(both["weight"].to_numpy()))
    once, more = (estimate.mean(s, "x1").rows[0].se for s in (plain, twice))
    assert more == pytest.approx(once / np.sqrt(2), rel=1e-3)


def test_an_unused_category_changes_nothing():
    sample = sample_of(load("estimates")["clus1/mean-numeric"])
    variable = sample.answers.variable("stype")
    more = replace(variable, labels={**variable.labels, 9.0: "unused"})
    answers = replace(sample.answers, variables={**sample.answers.variables, "stype": more})
    wider = replace(sample, answers=answers)
    ours, theirs = (
        estimate.mean(sample, "api00", by="stype"),
        estimate.mean(wider, "api00", by="stype"),
    )
    assert ours.rows == theirs.rows
    shares = estimate.share(wider, "stype")
    assert [row.level for row in shares.rows] == ["E", "H", "M", "unused"]
    assert shares.rows[3].value == 0.0
    assert shares.rows[:3] == estimate.share(sample, "stype").rows


def test_a_domain_is_not_a_filter():
    # Some districts of apiclus1 have no high school, and apistrat has domains across strata.
    record = load("estimates")["domain-clus1-empty-psu/mean"]
    whole = sample_of(load("estimates")["clus1/mean-numeric"])
    high = whole.number("stype") == 2
    asked = estimate.mean(whole, "api00", where=high)
    assert asked.rows[0].se == pytest.approx(record["values"]["se"][0], rel=1e-9)
    frame = data("apiclus1")[high].reset_index(drop=True)
    filtered = Sample(
        answers_of(frame),
        make_design(
            frame["pw"].to_numpy(),
            clusters=[frame["dnum"].to_numpy()],
            fpc=[frame["fpc"].to_numpy()],
        ),
    )
    other = estimate.mean(filtered, "api00")
    assert other.values == pytest.approx(asked.values)
    assert abs(other.rows[0].se / asked.rows[0].se - 1) > 0.01


@pytest.mark.parametrize("name", ["clus1", "clus2", "strat", "two_stage", "generated", "nhanes"])
def test_a_group_is_the_same_domain(name):
    sample = sample_of(load("estimates")[f"{name}/mean-numeric"])
    what, by = {
        "two_stage": ("y", "group"),
        "generated": ("x1", "f3"),
        "nhanes": (
            "HI_CHOL",
            "race",
        ),
    }.get(name, ("api00", "stype"))
    groups = estimate.mean(sample, what, by=by, df="group")
    category = sample.categories(by)
    for row in groups.rows:
        own = np.asarray(category == row.groups[0][1])
        alone = estimate.mean(sample, what, where=own).rows[0]
        for field in ("value", "se", "low", "high", "deff", "n", "df", "weighted_n"):
            assert getattr(row, field) == pytest.approx(getattr(alone, field), rel=1e-9), field


def test_groups_with_replicates_are_the_same_domains():
    sample = replicated("clus1_JK1")
    groups = estimate.mean(sample, "api00", by="comp.imp", df="group")
    for row, code in zip(groups.rows, (1.0, 2.0), strict=True):
        alone = estimate.mean(sample, "api00", where=sample.number("comp.imp") == code).rows[0]
        assert (row.value, row.se, row.df) == pytest.approx((alone.value, alone.se, alone.df))


@pytest.mark.parametrize("lonely", ["adjust", "average", "remove", "certainty"])
@pytest.mark.parametrize("clustered", [True, False])
def test_sums_by_group_equal_the_variance_of_columns(lonely, clustered):
    rng = np.random.default_rng(3)
    n, count, k = 400, 7, 3
    stratum = np.sort(rng.integers(0, 12, n))
    stratum[-1] = 99  # one row alone
    stages = {"strata": [stratum]}
    if clustered:
        stages["clusters"] = [np.where(stratum == 99, 0, rng.integers(0, 6, n))]
    fpc = np.where(stratum == 99, 50.0, 600.0)
    design = make_design(rng.uniform(1, 3, n), fpc=[fpc], nest=True, lonely=lonely, **stages)
    code = rng.integers(-1, count, n)
    rows = np.flatnonzero(code >= 0)
    design = design.within(code >= 0)
    influence = rng.normal(1.0, 1.0, (len(rows), k))
    columns = np.zeros((n, count * k))
    columns[rows[:, None], (code[rows] * k)[:, None] + np.arange(k)] = influence
    whole = covariance(design, np.zeros(count * k), columns)
    if lonely == "average":  # groups are domains of their own, with strata of their own
        whole = np.zeros_like(whole)
        for g in range(count):
            part = slice(g * k, g * k + k)
            own = covariance(design.within(code == g), np.zeros(k), columns[:, part])
            whole[part, part] = own
    for most in (400, 0):
        variance, found = spread(design, influence, rows, code[rows], count, most=most)
        np.testing.assert_allclose(variance.ravel(), np.diag(whole), rtol=1e-10)
        if most and lonely != "average":
            np.testing.assert_allclose(found, whole, rtol=1e-8, atol=1e-8)
        assert (found is None) == (most == 0)


def test_many_groups_are_fast_and_right():
    rng = np.random.default_rng(8)
    n = 50_000
    frame = pd.DataFrame({"x": rng.normal(5, 2, n), "g": rng.integers(0, 3000, n)})
    design = make_design(rng.uniform(1, 2, n), strata=[rng.integers(0, 9, n)])
    sample = Sample(answers_of(frame), design)
    found = estimate.mean(sample, "x", by="g", many=True, df="group")
    assert len(found.rows) == frame["g"].nunique()
    assert found.covariance is None
    row = found.rows[1234]
    alone = estimate.mean(sample, "x", where=(frame["g"] == int(row.groups[0][1])).to_numpy())
    assert (row.value, row.se, row.df) == pytest.approx(
        (alone.rows[0].value, alone.rows[0].se, alone.rows[0].df)
    )


def test_a_group_in_one_cluster_has_no_error():
    sample = sample_of(load("estimates")["clus1/mean-numeric"])
    districts = estimate.mean(sample, "api00", by="dnum")
    assert np.isnan(districts.standard_errors).all()  # R prints 0
    assert "lies in one cluster (15 of 15)" in districts.notes[-1]


def test_correlation_by_hand():
    frame = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0], "b": [2.0, 1.0, 4.0, 3.0]})
    sample = Sample(answers_of(frame), make_design(np.array([1.0, 2.0, 2.0, 1.0])))
    found = estimate.correlation(sample, ["a", "b"])
    w = np.array([1, 2, 2, 1]) / 6
    a, b = frame["a"] - (w * frame["a"]).sum(), frame["b"] - (w * frame["b"]).sum()
    expected = (w * a * b).sum() / np.sqrt((w * a * a).sum() * (w * b * b).sum())
    assert found.values[0] == pytest.approx(expected)
    matrix = estimate.correlation_matrix(found)
    assert matrix.loc["b", "a"] == matrix.loc["a", "b"] == found.values[0]
    assert -1 < found.rows[0].low < found.values[0] < found.rows[0].high < 1


def test_fishers_limits_are_those_of_z():
    found = estimate.correlation(generated(), ["x1", "count"]).rows[0]
    plain = estimate.correlation(generated(), ["x1", "count"], interval="t").rows[0]
    half = (np.arctanh(found.high) - np.arctanh(found.low)) / 2
    t = (plain.high - plain.low) / 2 / plain.se
    assert half == pytest.approx(t * found.se / (1 - found.value**2))
    test = estimate.tests(estimate.correlation(generated(), ["x1", "count"]))[0]
    assert test.statistic == pytest.approx(found.value / found.se)


@pytest.mark.parametrize("method", ["wilson", "beta", "logit", "asin", "likelihood"])
def test_limits_of_a_simple_sample_hold_the_share_and_are_symmetric(method):
    p = np.array([0.05, 0.3, 0.5, 0.9])
    se, n, df = np.sqrt(p * (1 - p) / 120), np.full(4, 121), np.full(4, 120.0)
    low, high = estimate.share_interval(p, se, n, df, 0.95, method)
    other_low, other_high = estimate.share_interval(1 - p, se, n, df, 0.95, method)
    assert ((low > 0) & (low < p) & (p < high) & (high < 1)).all()
    np.testing.assert_allclose((low, high), (1 - other_high, 1 - other_low), rtol=1e-8)


def test_wilson_equals_the_plain_one_where_the_design_is_simple():
    p, n = 7 / 40, 40
    se = np.sqrt(p * (1 - p) / n)
    low, high = estimate.share_interval(
        np.array([p]), np.array([se]), np.array([n]), np.array([np.inf]), 0.95, "wilson"
    )
    assert (low[0], high[0]) == pytest.approx(estimate.wilson(7, 40), rel=1e-12)


def test_a_share_of_none_has_clopper_and_pearsons_limit():
    frame = pd.DataFrame({"q": [1.0] * 30})
    answers = answers_of(frame)
    variables = {"q": Variable("q", labels={1.0: "yes", 2.0: "no"})}
    sample = Sample(replace(answers, variables=variables), make_design(n=30))
    none = estimate.share(sample, "q", "no").rows[0]
    assert (none.value, none.se, none.low) == (0.0, 0.0, 0.0)
    assert none.high == pytest.approx(1 - 0.025 ** (1 / 30))


def with_reasons():
    """Ten answers of which four are missing for three reasons."""
    values = np.array([1.0, 1, 2, 2, 2, 1, np.nan, np.nan, np.nan, np.nan])
    answers = answers_of(pd.DataFrame({"q": values, "x": np.arange(10.0)}))
    told = Variable(
        "q",
        "Trust",
        labels={1.0: "yes", 2.0: "no"},
        missing=(MissingCode(8.0, "Don't know", "dk"), MissingCode(9.0, "", "refused")),
    )
    marks = np.array([0, 0, 0, 0, 0, 0, 1, 1, 2, -1], dtype=np.int16)
    answers = replace(answers, variables={**answers.variables, "q": told}, marks={"q": marks})
    return Sample(answers, make_design(n=10))


def test_valid_shares_and_shares_of_all():
    valid = estimate.share(with_reasons(), "q")
    assert [(r.level, r.value, r.n) for r in valid.rows] == [("yes", 0.5, 6), ("no", 0.5, 6)]
    assert "Without an answer to Trust: 4 (Don't know 2, refused 1, blank 1)." in valid.notes
    every = estimate.share(with_reasons(), "q", missing="show")
    assert [(r.level, r.value, r.n) for r in every.rows] == [
        ("yes", 0.3, 10),
        ("no", 0.3, 10),
        ("no answer in the file", 0.1, 10),
        ("Don't know", 0.2, 10),
        ("refused", 0.1, 10),
    ]
    assert every.title() == "Shares of Trust"


def test_the_table_hides_small_cells_and_says_so():
    frame = data("generated").iloc[:60].reset_index(drop=True)
    sample = Sample(answers_of(frame), make_design(frame["weight"].to_numpy()))
    found = estimate.share(sample, "y")
    cases = [row.cases for row in found.rows]
    assert sum(0 < c < 5 for c in cases) >= 1  # so that the test can fail
    table = found.table()
    hidden = [isinstance(row.cells[1], Suppressed) for row in table.rows]
    assert all(hidden[k] for k in range(len(cases)) if cases[k] < 5)
    assert sum(hidden) >= 2
    assert "fewer than 5 respondents" in table.notes[-1]
    assert not any(
        isinstance(cell, Suppressed) for row in found.table(below=0).rows for cell in row.cells
    )
    assert [c.title for c in table.columns][:3] == ["Answer", "Share", "Standard error"]


def test_tables_and_frames_tell_the_same():
    found = estimate.mean(generated(), ["x1", "y"], by=["f4", "x5"])
    frame, table = found.frame(), found.table(below=0)
    assert list(frame)[:4] == ["f4", "x5", "variable", "level"]
    assert table.title == "Mean of x1, y, by f4 and x5"
    assert [row.cells[3] for row in table.rows] == frame["value"].tolist()
    assert found.respondents() == 2209


def test_design_effects_of_weights_that_are_not_counts():
    found = estimate.mean(generated(), "x1")
    replaced = estimate.mean(generated(), "x1", deff="replace")
    assert found.rows[0].deff == replaced.rows[0].deff
    assert any("do not add up to a population" in note for note in found.notes)
    assert not replaced.notes


def test_degrees_of_freedom_are_by_default_those_that_r_takes():
    sample = sample_of(load("estimates")["clus1/mean-numeric"])
    assert {row.df for row in estimate.mean(sample, "api00", by="stype").rows} == {14.0}
    assert [row.df for row in estimate.share(sample, "awards", by="stype").rows] == [
        *(14.0, 14.0, 7.0, 7.0, 11.0, 11.0)
    ]
    assert [row.df for row in estimate.median(sample, "api00", by="stype").rows] == [14, 7, 11]
    some = estimate.mean(sample, "api00", by="stype", df=5.0).rows[0]
    assert (some.high - some.low) / 2 / some.se == pytest.approx(2.570581835636314)


class Margins:
    """Takes out what two groups' totals explain, with weights w."""

    def __init__(self, w, group):
        self.w, self.x = w, np.column_stack([group == 0, group == 1]).astype(float)

    def residuals(self, influence):
        gross = (self.x * self.w[:, None]).T @ self.x
        slope = np.linalg.solve(gross, self.x.T @ influence)
        return influence - self.w[:, None] * (self.x @ slope)


def test_margins_are_taken_out_in_groups_too():
    sample = generated()
    margins = Margins(sample.design.weights, np.arange(2209) % 2)
    sample = replace(sample, design=replace(sample.design, adjustments=(margins,)))
    groups = estimate.mean(sample, "y", by="f2")
    plain = estimate.mean(generated(), "y", by="f2")
    assert (groups.standard_errors != plain.standard_errors).all()
    for row in groups.rows:
        own = np.asarray(sample.categories("f2") == row.groups[0][1])
        assert row.se == pytest.approx(estimate.mean(sample, "y", where=own).rows[0].se)
    many = estimate.total(sample, "y", by="id", many=True, deff="none")  # by parts, no covariance
    assert many.covariance is None
    one = np.asarray(sample.number("id") == 77)
    assert many.rows[76].se == pytest.approx(estimate.total(sample, "y", where=one).rows[0].se)


def test_many_groups_with_replicates():
    sample = replicated("generated_JKn")
    answers = sample.answers.with_columns(
        {"tens": (Variable("tens"), pd.Series(np.arange(2209) // 4))}
    )
    sample = replace(sample, answers=answers)
    many = estimate.mean(sample, "y", by="tens")
    assert len(many.rows) == 553
    assert many.covariance is None
    row = many.rows[300]
    where = np.arange(2209) // 4 == 300
    if np.isnan(row.se):  # empty under some replicate weights
        with pytest.raises(ScslabError, match="some replicates give no estimate"):
            estimate.mean(sample, "y", where=where)
    else:
        assert row.se == pytest.approx(estimate.mean(sample, "y", where=where).rows[0].se)
    assert np.isfinite(many.standard_errors).any()
