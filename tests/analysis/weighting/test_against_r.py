"""Weights, and standard errors after weighting, are those of R survey 4.1."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from r_samples import sample

from reference.values import data, load
from scslab.analysis.design import Design, rank_df
from scslab.analysis.replicates import with_replicates
from scslab.analysis.replicates_read import replicates_from
from scslab.analysis.sample import Sample
from scslab.analysis.variance import covariance
from scslab.analysis.weighting.calibrate import calibrate
from scslab.analysis.weighting.margins import margins
from scslab.analysis.weighting.poststratify import poststratify
from scslab.analysis.weighting.rake import rake
from scslab.analysis.weighting.trim import trim

RECORDS = load("weights")
LINEARISED = [i for i, r in RECORDS.items() if "replicate" not in r["design"]]
REPLICATED = [i for i, r in RECORDS.items() if "replicate" in r["design"]]
STATISTICS = ("/mean", "/total", "/mean-factor", "/by-mean", "/by-total", "/ratio", "/domain-mean")


def with_step(found: Sample, step: dict[str, Any]) -> Sample:
    kind = step["kind"]
    if kind == "rake":
        return rake(found, step["margins"], tolerance=1e-13, rounds=5000)[0]
    if kind == "poststratify":
        columns = step["columns"]
        columns = [columns] if isinstance(columns, str) else columns
        figures = {tuple(row[c] for c in columns): row["n"] for row in step["table"]}
        return poststratify(found, margins({tuple(columns): figures}))[0]
    if kind == "trim":
        return trim(found, step["upper"], step["lower"], strict=step["strict"])[0]
    terms = [t.strip() for t in step["formula"].strip("~ ").split("+")]
    size = step["totals"]["(Intercept)"]
    factors, numbers = {}, {}
    for term in terms:
        if term in step["totals"]:
            numbers[term] = step["totals"][term]
            continue
        known = data(found.answers.source)[term].cat.categories
        told = {level: step["totals"].get(term + level) for level in known}
        rest = size - sum(v for v in told.values() if v is not None)
        factors[term] = {level: rest if v is None else v for level, v in told.items()}
    bounds = step["bounds"] or (-np.inf, np.inf)
    return calibrate(
        found, factors, totals=numbers, kind=step["distance"], bounds=tuple(bounds), tolerance=1e-12
    )[0]


def replicated(found: Sample, plan: dict[str, Any]) -> Sample:
    if plan["file"] is None:
        return Sample(found.answers, with_replicates(found.design, plan["type"], mse=plan["mse"]))
    factors = data(plan["file"]).to_numpy(float)
    full = found.design.weights
    read = replicates_from(factors, "bootstrap", weights=full, combined=False, mse=plan["mse"])
    return Sample(found.answers, Design(full, found.design.stages, replicates=read))


def weighted(record: dict[str, Any]) -> Sample:
    return weighted_once(record["id"].rsplit("/", 1)[0])


@cache
def weighted_once(design: str) -> Sample:
    """The sample of a design, weighted once for all its statistics."""
    record = RECORDS[f"{design}/weights"]
    found = sample(record)
    if "replicate" in record["design"]:
        found = replicated(found, record["design"]["replicate"])
    for step in record["design"]["steps"]:
        found = with_step(found, step)
    return found


def ratio(design: Design, above: np.ndarray, below: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ratios of totals (columns of both) and their standard errors."""

    def fit(w: np.ndarray) -> np.ndarray:
        return (w @ above) / (w @ below)

    w = design.weights
    found = fit(w)
    influence = w[:, None] * (above - below * found) / (w @ below)
    return found, np.sqrt(np.diag(covariance(design, found, influence, fit)))


def total(design: Design, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    w = design.weights
    found = w @ values
    covered = covariance(design, found, w[:, None] * values, lambda v: v @ values)
    return found, np.sqrt(np.diag(covered))


def estimated(found: Sample, record: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """What the record's call asks for."""
    frame, statistic = data(found.answers.source), record["id"].rsplit("/", 1)[1]
    api = found.answers.source != "generated"
    numbers = frame[["api00", "api.stu"] if api else ["x1", "y"]].to_numpy(float)
    one = np.ones_like(numbers)
    if statistic == "mean":
        return ratio(found.design, numbers, one)
    if statistic == "total":
        return total(found.design, numbers)
    if statistic == "ratio":
        names = ["api.stu", "api00"] if api else ["x2", "x6"]
        return ratio(found.design, *(frame[[n]].to_numpy(float) for n in names))
    if statistic == "domain-mean":
        inside = frame["comp.imp"] == "No" if api else frame["binary"] == 1
        return ratio(found.within(inside.to_numpy()).design, numbers[:, :1], one[:, :1])
    if statistic == "by-total":
        group = frame["comp.imp" if api else "f4"]
    else:
        group = frame["stype" if api else "f3"]
    dummies = np.column_stack([group == c for c in group.cat.categories]).astype(float)
    if statistic == "mean-factor":
        return ratio(found.design, dummies, np.ones_like(dummies))
    if statistic == "by-total":
        return total(found.design, dummies * numbers[:, :1])
    return ratio(found.design, dummies * numbers[:, :1], dummies)


@pytest.mark.parametrize("name", [i for i in LINEARISED if i.endswith("/weights")])
def test_weights(name):
    told = RECORDS[name]["values"]
    weights = weighted(RECORDS[name]).design.weights
    first = np.array(told["weights"])
    assert weights[: len(first)] == pytest.approx(first, rel=1e-6)
    assert weights.sum() == pytest.approx(told["sum"], rel=1e-9)
    assert (weights**2).sum() == pytest.approx(told["sum_of_squares"], rel=1e-6)
    assert [weights.min(), weights.max()] == pytest.approx([told["min"], told["max"]], rel=1e-6)


@pytest.mark.parametrize("name", [i for i in LINEARISED if i.endswith(STATISTICS)])
def test_estimates_and_standard_errors(name):
    told = RECORDS[name]["values"]
    found, errors = estimated(weighted(RECORDS[name]), RECORDS[name])
    assert found == pytest.approx(np.array(told["estimate"], dtype=float), rel=1e-6)
    # Where the weights fix the estimate, R's error is rounding.
    scale = np.abs(found) * 1e-9
    assert errors == pytest.approx(np.array(told["se"], dtype=float), rel=1e-5, abs=scale.max())


def by_column(weights: np.ndarray) -> np.ndarray:
    """Columns in an order of their own: R takes strata as they come, we sort them."""
    return weights[:, np.lexsort(weights.round(4))]


@pytest.mark.parametrize("name", [i for i in REPLICATED if i.endswith("/weights")])
def test_replicates_are_adjusted_one_by_one(name):
    told = RECORDS[name]["values"]
    design = weighted(RECORDS[name]).design
    columns = design.replicates.weights
    assert design.weights[:20] == pytest.approx(told["weights"], rel=1e-6)
    assert np.sort(columns.sum(axis=0)) == pytest.approx(np.sort(told["replicate_sums"]), rel=1e-6)
    assert by_column(columns[:5]) == pytest.approx(
        by_column(np.array(told["analysis_weights_first_rows"])), rel=1e-6, abs=1e-9
    )
    assert design.replicates.scale == pytest.approx(told["scale"])


@pytest.mark.parametrize("name", [i for i in REPLICATED if i.endswith(STATISTICS)])
def test_standard_errors_from_replicates(name):
    told = RECORDS[name]["values"]
    design = weighted(RECORDS[name])
    found, errors = estimated(design, RECORDS[name])
    assert found == pytest.approx(np.array(told["estimate"], dtype=float), rel=1e-6)
    scale = np.abs(found) * 1e-9
    assert errors == pytest.approx(np.array(told["se"], dtype=float), rel=1e-5, abs=scale.max())
    if "df" in told:
        assert rank_df(design.design.replicates.weights) == told["df"]
