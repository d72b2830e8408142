"""Tables of two variables against R's svychisq and svytable, their limits and the small cells."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from reference.samples import answers_of, replicated, sample_of
from reference.values import load
from scslab.analysis import estimate
from scslab.analysis.crosstab import crosstab, suppress
from scslab.analysis.design import make_design
from scslab.analysis.distributions import mixture_tail
from scslab.analysis.estimate import hidden_cells
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError
from scslab.core.printed import Suppressed
from scslab.survey.answers import MissingCode

RECORDS = load("estimates") | load("replicates")


def records_of(statistic):
    """Records of a test, with their variables."""
    found = []
    for id, record in RECORDS.items():
        call = rf'svychisq\(~([\w.]+) \+ ([\w.]+), d, statistic = "{statistic}"\)'
        told = re.fullmatch(call, record["call"])
        if told and "error" not in record["values"]:
            found.append(pytest.param(record, *told.groups(), id=id))
    assert found
    return found


def sample_for(record):
    """The sample of a record, with its replicate weights if it has any."""
    if record["design"].get("replicate"):
        return replicated(record["id"].split("/")[0])
    return sample_of(record)


@pytest.mark.parametrize(("record", "rows", "columns"), records_of("F"))
def test_rao_scott_f(record, rows, columns):
    test, values = crosstab(sample_for(record), rows, columns).test, record["values"]
    ours = (test.statistic, test.df, test.ddf, test.p)
    theirs = tuple(values[k] for k in ("statistic", "ndf", "ddf", "p"))
    assert ours == pytest.approx(theirs, rel=1e-8)


@pytest.mark.parametrize(("record", "rows", "columns"), records_of("Chisq"))
def test_first_order_chi_squared(record, rows, columns):
    sample, values = sample_for(record), record["values"]
    found = crosstab(sample, rows, columns, statistic="chisq")
    assert (found.test.df, found.test.p) == pytest.approx((values["df"], values["p"]), rel=1e-8)
    # R scales X2 to all rows, those with missing answers too.
    x2 = float(found.test.note.split("=")[1]) * sample.answers.n / found.n
    assert x2 == pytest.approx(values["statistic"], rel=1e-5)


@pytest.mark.parametrize("statistic", ["Wald", "adjWald"])
def test_wald(statistic):
    for parameter in records_of(statistic):
        record, rows, columns = parameter.values
        found = crosstab(sample_for(record), rows, columns, statistic=statistic.lower()).test
        theirs = tuple(record["values"][k] for k in ("statistic", "ndf", "ddf", "p"))
        assert (found.statistic, found.df, found.ddf, found.p) == pytest.approx(theirs, rel=1e-7)


def test_the_exact_mixture():
    done = 0
    for record in RECORDS.values():
        told = re.fullmatch(r'rao_scott_exact\("([\w.]+)", "([\w.]+)", d\)', record["call"])
        if told:
            found = crosstab(sample_of(record), told[1], told[2], statistic="lincom").test
            # Imhof's integral in R is right to about 1e-12.
            assert found.p == pytest.approx(record["values"]["p"], rel=1e-9, abs=2e-13)
            done += 1
    assert done > 20


@pytest.mark.parametrize(("record", "rows", "columns"), records_of("saddlepoint"))
def test_the_saddlepoint(record, rows, columns):
    sample, values = sample_of(record), record["values"]
    found = crosstab(sample, rows, columns, statistic="saddlepoint").test
    exact = RECORDS[record["id"].replace("-saddlepoint", "-lincom")]["values"]
    eigenvalues = np.atleast_1d(exact["eigenvalues"])
    # R repeats -x / ddf as often as the whole part of ddf says, so it drops the fraction; ours is
    # then no further from the exact figure.
    whole = np.floor(exact["ddf"] + 1e-9)
    x = values["statistic"]
    theirs = mixture_tail(x * whole / exact["ddf"], eigenvalues, whole, "saddlepoint")
    # Its root finder stops at 1e-8, which near the mean leaves an error of 1e-3.
    assert theirs == pytest.approx(values["p"], rel=1e-3, abs=1e-15)
    ours = mixture_tail(x, eigenvalues, exact["ddf"], "saddlepoint")
    assert found.p == pytest.approx(ours, rel=1e-6, abs=1e-15)
    assert abs(np.log(found.p / exact["p"])) <= abs(np.log(values["p"] / exact["p"])) + 0.02


@pytest.mark.parametrize("name", ["srs", "strat", "clus1", "clus2", "nhanes", "generated", "wvs"])
def test_weighted_counts_and_shares(name):
    record = RECORDS[f"{name}/table"]
    rows, columns = record["values"]["levels"]
    found = crosstab(sample_of(record), rows, columns)
    assert list(found.row_levels) == record["values"]["levels"][rows]
    np.testing.assert_allclose(found.weighted, record["values"]["counts"], rtol=1e-10)
    # The shares of a row are those of svyby(~columns, ~rows, svymean) and the shares of `share`.
    by = estimate.share(sample_of(record), columns, by=rows, df="design")
    shape = found.count.shape
    for field in ("value", "se", "low", "high", "deff"):
        ours = getattr(found.shares["row"], field)
        theirs = np.array([getattr(row, field) for row in by.rows]).reshape(shape)
        np.testing.assert_allclose(ours, theirs, rtol=1e-7, atol=1e-9, err_msg=field)
    assert found.count.sum(axis=1).tolist() == [row.n for row in by.rows[:: shape[1]]]
    np.testing.assert_allclose(found.shares["column"].value.sum(axis=0), 1)
    assert found.shares["total"].value.sum() == pytest.approx(1)


def test_shares_of_replicates():
    sample = replicated("clus1_JK1")
    found = crosstab(sample, "stype", "comp.imp")
    by = estimate.share(sample, "comp.imp", by="stype")
    np.testing.assert_allclose(found.shares["row"].se.ravel(), by.standard_errors, rtol=1e-9)


def test_empty_rows_change_no_test():
    sample = sample_of(RECORDS["clus1/chisq-sch.wide-x-stype-F"])
    variable = sample.answers.variable("stype")
    more = replace(variable, labels={**variable.labels, 0.5: "none", 7.0: "other"})
    answers = replace(sample.answers, variables={**sample.answers.variables, "stype": more})
    wide = crosstab(replace(sample, answers=answers), "stype", "sch.wide")
    assert wide.row_levels == ("none", "E", "H", "M", "other")
    assert wide.test == crosstab(sample, "stype", "sch.wide").test
    assert np.isnan(wide.shares["row"].value[0]).all()
    assert wide.count[[0, 4]].sum() == 0


def test_a_domain_of_a_table():
    sample = sample_of(RECORDS["generated/chisq-f4-x-f1-F"])
    old = sample.number("x6") > 50
    found = crosstab(sample, "f4", "f1", where=old)
    assert found.n == int(old.sum())
    assert found.df <= sample.design.df


def test_scale_order_and_sides_change_no_test():
    record = RECORDS["generated/chisq-f3-x-y-F"]
    sample = sample_of(record)
    test = crosstab(sample, "f3", "y").test
    turned = crosstab(sample, "y", "f3").test
    scaled = replace(sample, design=replace(sample.design, weights=sample.design.weights * 70))
    for other in (turned, crosstab(scaled, "f3", "y").test):
        assert (other.statistic, other.p) == pytest.approx((test.statistic, test.p), rel=1e-9)


def test_missing_reasons_shown_in_a_table():
    frame = pd.DataFrame({"q": [1.0, 2, np.nan, 1, 2, np.nan], "g": [1.0, 1, 1, 2, 2, 2]})
    answers = answers_of(frame)
    told = replace(answers.variables["q"], missing=(MissingCode(9.0, "Don't know", "dk"),))
    marks = {"q": np.array([0, 0, 1, 0, 0, 1], dtype=np.int16)}
    answers = replace(answers, variables={**answers.variables, "q": told}, marks=marks)
    sample = Sample(answers, make_design(n=6))
    assert crosstab(sample, "q", "g").count.tolist() == [[1, 1], [1, 1]]
    found = crosstab(sample, "q", "g", missing="show")
    assert found.row_levels == ("1", "2", "Don't know")
    assert found.count.tolist() == [[1, 1], [1, 1], [1, 1]]
    assert found.n == 6


def test_one_row_only_has_no_test():
    frame = pd.DataFrame({"a": [1.0] * 9, "b": [1.0, 2, 3] * 3})
    found = crosstab(Sample(answers_of(frame), make_design(n=9)), "a", "b")
    assert found.test is None
    assert found.notes[-1] == (
        "Not tested: a test needs two rows and two columns with respondents."
    )


def test_wald_with_too_few_clusters_is_told():
    sample = sample_of(RECORDS["two_stage/chisq-group-x-stratum-F"])
    few = replace(
        sample, design=make_design(n=sample.answers.n, clusters=[np.arange(sample.answers.n) % 4])
    )
    with pytest.raises(ScslabError, match="too few clusters for a Wald test"):
        crosstab(few, "group", "stratum", statistic="wald")


def test_a_table_of_too_many_cells():
    frame = pd.DataFrame({"a": np.arange(500.0), "b": np.arange(500.0) % 50})
    with pytest.raises(ScslabError, match="a table of 25,000 cells"):
        crosstab(Sample(answers_of(frame), make_design(n=500)), "a", "b")


def test_no_line_has_one_hidden_cell():
    rng = np.random.default_rng(2)
    for _ in range(200):
        counts = rng.poisson(rng.uniform(1, 20), rng.integers(1, 6, 2))
        hidden = hidden_cells(counts, 5)
        full = np.pad(counts, ((0, 1), (0, 1)))
        full[-1], full[:, -1] = full.sum(axis=0), full.sum(axis=1) + full[-1].sum() * 0
        full[-1, -1] = counts.sum()
        assert hidden[full < 5].all()
        for line in (*hidden, *hidden.T):
            assert line.sum() != 1
    assert not hidden_cells(np.full((3, 3), 5), 5).any()


def test_the_printed_table():
    sample = sample_of(RECORDS["clus1/chisq-sch.wide-x-stype-F"])
    found = crosstab(sample, "stype", "sch.wide")
    assert found.count.tolist() == [[12, 132], [3, 11], [8, 17]]
    hidden = suppress(found)
    assert hidden.tolist() == [
        [False, False, False],
        [True, True, False],
        [True, True, False],
        [False, False, False],
    ]
    table = found.table()
    cells = [row.cells for row in table.rows if row.kind == "body"]
    assert cells[1] == ("H", Suppressed(5), Suppressed(5), 14)
    assert cells[0][1] == pytest.approx(12 / 144)
    assert table.rows[-1].cells == ("n", 23, 160, 183)
    assert "Rao-Scott F = 5.193 on 1.49 and 20.9 degrees of freedom, p = 0.022." in table.notes
    assert "fewer than 5 respondents" in table.notes[-1]
    assert table.n == 183
    assert not any("fewer than" in note for note in found.table(below=0).notes)
    assert sum(row.kind == "beneath" for row in table.rows) == 3
    total = found.table(percent="total", below=0, se=False)
    shares = [row.cells[1:3] for row in total.rows if row.kind == "body"]
    assert np.sum(shares) == pytest.approx(1)
    assert len(found.frame()) == 6
