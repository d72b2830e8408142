"""Estimates against R survey 4.1: over all designs, lonely clusters, domains and replicates."""

import re

import numpy as np
import pytest

from reference.samples import replicated, sample_of, with_yes
from reference.values import load
from scslab.analysis import estimate

RECORDS = load("estimates") | load("replicates")


def matching(pattern, **without):
    """Records whose call has a form, with what the pattern found.

    R's `survey.adjust.domain.lonely` is not a rule of `Design`; where R fails there is nothing to
    equal.
    """
    found = []
    for id, record in RECORDS.items():
        told = re.fullmatch(pattern, record["call"])
        if told is None or not record["design"] or record["design"].get("domain_lonely"):
            continue
        if "error" in record["values"] or record.get("note", "").startswith("survey 4.1 finds"):
            continue
        found.append(pytest.param(record, told, id=id))
    assert found
    return found


def sample_for(record):
    """The sample of a record, with its replicate weights if it has any."""
    told = record["design"]
    if told.get("replicate") is None:
        return sample_of(record)
    sample = replicated(record["id"].split("/")[0])
    if told.get("domain"):
        from reference.samples import chosen
        from reference.values import data

        sample = sample.within(chosen(data(told["data"]), told["domain"]))
    return sample


def same(ours, theirs, tolerance=1e-9):
    """Equal, where a missing value of R's is one of ours."""
    theirs = np.array([np.nan if x is None else x for x in np.ravel(theirs)], dtype=float)
    np.testing.assert_allclose(np.ravel(ours), theirs, rtol=tolerance, atol=1e-12, equal_nan=True)


def same_errors(ours, record, values):
    """Equal standard errors; zeros may differ by what rounding leaves of the estimate."""
    theirs = np.ravel(np.array(record["values"]["se"], dtype=float))
    small = 1e-9 * np.maximum(np.abs(np.ravel(values)), 1e-9)
    np.testing.assert_allclose(np.ravel(ours), theirs, rtol=1e-8, atol=float(small.max()))


def names_of(text):
    return [word.strip() for word in text.split("+")]


def is_factor(sample, name):
    variable = sample.answers.variable(name)
    return bool(variable.labels) or variable.kind == "text"


@pytest.mark.parametrize(("record", "told"), matching(r"svy(mean|total)\(~([\w. +]+), d(.*)\)"))
def test_means_and_totals(record, told):
    values, names = record["values"], names_of(told[2])
    sample = sample_for(record)
    options = {"deff": "replace" if '"replace"' in told[3] else "srs", "df": "design"}
    if is_factor(sample, names[0]):
        if told[1] == "mean":
            found = estimate.share(sample, names[0], method="mean", **options)
        else:
            found = estimate.weighted_n(sample, by=names[0], **options)
    else:
        found = getattr(estimate, told[1])(sample, names, **options)
    same(found.values, values["estimate"])
    same_errors(found.standard_errors, record, found.values)
    same([row.df for row in found.rows], [values["df"]] * len(found.rows))
    if (found.standard_errors > 1e-9).all():
        same([row.low for row in found.rows], values["ci_low"], 1e-8)
        same([row.high for row in found.rows], values["ci_high"], 1e-8)
        theirs = np.array(values["vcov"])
        np.testing.assert_allclose(found.covariance, theirs, atol=1e-9 * np.abs(theirs).max())
        if "deff" in values and not any("do not add up" in note for note in found.notes):
            same([row.deff for row in found.rows], values["deff"], 1e-8)


@pytest.mark.parametrize(
    ("record", "told"),
    matching(
        r"svyby\(~([\w. +]+), ~([\w. +]+), (?:denominator = ~([\w.]+), )?d, svy(mean|total|ratio).*"
    ),
)
def test_groups(record, told):
    values, names, by = record["values"], names_of(told[1]), names_of(told[2])
    sample = sample_for(record)
    if told[4] == "ratio":
        found = estimate.ratio(sample, names[0], told[3], by=by, df="design")
    elif is_factor(sample, names[0]):
        found = estimate.share(sample, names[0], by=by, method="mean", df="design")
    else:
        found = getattr(estimate, told[4])(sample, names, by=by, df="design")
    places: dict[tuple[str, ...], list[int]] = {}
    for k, row in enumerate(found.rows):
        places.setdefault(tuple(c for _, c in row.groups), []).append(k)
    groups = list(zip(*(values["groups"][name] for name in by), strict=True))
    each = len(values["estimate"]) // len(groups)
    order = [places[group][k] for k in range(each) for group in groups]
    assert sorted(order) == list(range(len(found.rows)))
    same(found.values[order], values["estimate"])
    errors, theirs = found.standard_errors[order], np.array(values["se"], dtype=float)
    unknown = np.isnan(errors)
    assert (theirs[unknown] < 1e-7).all()  # groups in one cluster: R prints 0, we say unknown
    np.testing.assert_allclose(
        errors[~unknown], theirs[~unknown], rtol=1e-8, atol=1e-9 * np.abs(found.values).max()
    )
    lows = np.array([found.rows[k].low for k in order])[~unknown]
    np.testing.assert_allclose(
        lows, np.array(values["ci_low"], dtype=float)[~unknown], rtol=1e-7, atol=1e-9
    )
    if "vcov" in values and not unknown.any():
        covariance, scale = np.array(values["vcov"]), np.abs(values["vcov"]).max()
        ours = found.covariance[np.ix_(order, order)]
        np.testing.assert_allclose(ours, covariance, atol=1e-9 * scale)


@pytest.mark.parametrize(("record", "told"), matching(r"svyratio\(~([\w.]+), ~([\w.]+), d.*"))
def test_ratios(record, told):
    found = estimate.ratio(sample_for(record), told[1], told[2])
    same(found.values, record["values"]["estimate"])
    same(found.standard_errors, record["values"]["se"])


@pytest.mark.parametrize(("record", "told"), matching(r"svyvar\(~([\w. +]+), d\)"))
def test_variances(record, told):
    names = names_of(told[1])
    found = estimate.variance(sample_for(record), names)
    theirs, errors = (
        np.array(record["values"][key], dtype=float).reshape(len(names), -1).diagonal()
        for key in ("estimate", "se")
    )
    same(found.values, theirs)
    same(found.standard_errors, errors)
    roots = estimate.sd(sample_for(record), names)
    same(roots.values, np.sqrt(theirs))
    if record["design"].get("replicate") is None:
        same(roots.standard_errors, errors / (2 * np.sqrt(theirs)))  # the delta method


@pytest.mark.parametrize(
    ("record", "told"), matching(r"svyquantile\(~([\w. +]+), d, (?:probabilities|c\(.*?\))(.*)\)")
)
def test_quantiles(record, told):
    sample = sample_for(record)
    rule = re.search(r'qrule = "(\w+)"', told[2])
    interval = re.search(r'interval.type = "(\w+)"', told[2])
    options = {
        "qrule": rule[1] if rule else "math",
        "interval": interval[1] if interval else "mean",
    }
    options["interval"] = options["interval"].replace("quantile", "replicates")
    if "df = Inf" in told[2]:
        options["df"] = np.inf
    for name in names_of(told[1]):
        values = record["values"][name]
        found = estimate.quantile(sample, name, values["p"], **options)
        same(found.values, values["estimate"])
        same([row.low for row in found.rows], values["ci_low"])
        same([row.high for row in found.rows], values["ci_high"])
        same(found.standard_errors, values["se"])


@pytest.mark.parametrize(
    ("record", "told"), matching(r"svyby\(~([\w.]+), ~([\w.]+), d, svyquant.*")
)
def test_medians_of_groups(record, told):
    found = estimate.median(sample_for(record), told[1], by=told[2])
    assert [row.groups[0][1] for row in found.rows] == record["values"]["groups"][told[2]]
    same(found.values, record["values"]["estimate"])
    same(found.standard_errors, record["values"]["se"])


@pytest.mark.parametrize(("record", "told"), matching(r'svyciprop\(~(.*), d, method = "(\w+)"\)'))
def test_intervals_of_shares(record, told):
    sample, name = with_yes(sample_for(record), told[1])
    values, row = record["values"], estimate.share(sample, name, 1, method=told[2]).rows[0]
    # svyglm stops at a relative change of 1e-8, and its profile is a spline.
    near = {"logit": 1e-7, "likelihood": 5e-4}.get(told[2], 1e-9)
    same([row.value], [values["estimate"]], min(near, 1e-7))
    same([row.se], [values["se"]])
    same([row.low, row.high], [values["ci_low"], values["ci_high"]], near)


@pytest.mark.parametrize("name", ["srs", "strat", "clus1", "clus2", "generated"])
def test_correlations(name):
    record = RECORDS[f"{name}/correlation"]
    pair = ["x1", "count"] if name == "generated" else ["api00", "api99"]
    found = estimate.correlation(sample_of(record), pair, interval="t")
    same(found.values, record["values"]["estimate"])
    same(found.standard_errors, record["values"]["se"])
    same([found.rows[0].low], record["values"]["ci_low"])


def test_the_printed_figures_of_the_help_pages():
    row = estimate.mean(sample_of(RECORDS["clus1/mean-numeric"]), "api00").rows[0]
    assert row.value == pytest.approx(644.169, abs=5e-4)
    assert row.se == pytest.approx(23.542, abs=5e-4)
    assert row.deff == pytest.approx(9.3459, abs=5e-5)
    assert (row.low, row.high) == pytest.approx((593.68, 694.66), abs=5e-3)
    assert (row.df, row.n) == (14, 183)
