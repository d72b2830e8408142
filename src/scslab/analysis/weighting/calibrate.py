"""Calibration of a sample to margins and totals: linear, raking or logit, with bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from scslab.analysis.sample import Sample
from scslab.analysis.weighting.adjustments import Calibrated
from scslab.analysis.weighting.bounds import check_bounds, check_reach, not_calibrated
from scslab.analysis.weighting.diagnostics import (
    Level,
    WeightingReport,
    levels_of,
    make_report,
)
from scslab.analysis.weighting.distances import Kind, Solution, solve
from scslab.analysis.weighting.margins import Margins, as_margins
from scslab.analysis.weighting.matching import Coded, match
from scslab.analysis.weighting.rake import reweighted, spread
from scslab.analysis.weighting.rounds import joint_codes
from scslab.core.errors import ScslabError

TOLERANCE = 1e-9


@dataclass(frozen=True)
class Problem:
    """What is calibrated to: variables by distinct row, their totals and names.

    Columns are scaled to a mean square of 1, so that money does not drown heads.
    """

    table: np.ndarray  # f8[rows, k]
    row: np.ndarray  # int64[n]
    totals: np.ndarray  # f8[k]
    names: tuple[str, ...]
    coded: tuple[Coded, ...]
    population: float | None


def calibrate(
    sample: Sample,
    margins: Margins | Mapping[Any, Mapping[Any, Any]] | str | Path | None = None,
    *,
    totals: Mapping[str, float] | None = None,
    size: float | None = None,
    kind: Kind = "linear",
    bounds: tuple[float, float] = (-np.inf, np.inf),
    tolerance: float = TOLERANCE,
) -> tuple[Sample, WeightingReport]:
    """Calibrate weights to margins and to totals of numbers (R's `calibrate`).

    Parameters
    ----------
    margins : Margins, dict, name or file, optional
        Shares of categories; R's model matrix with an intercept and these factors.
    totals : mapping of variable to float, optional
        Population totals of variables of numbers.
    size : float, optional
        Persons in the population, where neither margins nor anything else tell: R's
        "(Intercept)". Margins of shares without a total take the sum of the weights.
    kind : "linear", "raking" or "logit"
        The distance of new from old weights (Deville and Sarndal 1992). "linear" may give
        negative weights unless bounded (a note counts them); "logit" needs bounds.
    bounds : (float, float)
        Least and largest ratio of a new weight to the old one.
    tolerance : float
        Largest miss, relative to 1 + the total.

    Returns
    -------
    Sample, WeightingReport
        Standard errors rest on residuals of a regression on the calibration variables;
        replicate weights are calibrated one by one.

    Raises
    ------
    ScslabError
        Nothing to calibrate to; missing answers; bounds that keep a margin from its target (says
        how far it reaches, and which bounds would do); margins that cannot be met at all.

    Examples
    --------
    >>> import pandas as pd
    >>> from scslab.analysis.design import make_design
    >>> from scslab.survey.answers import Answers, Variable
    >>> answers = Answers(pd.DataFrame({"x": [1.0, 2.0, 3.0]}), {"x": Variable("x")})
    >>> found, _ = calibrate(Sample(answers, make_design(n=3)), totals={"x": 7.0}, size=3)
    >>> found.design.weights.round(6).tolist()
    [0.5, 1.0, 1.5]
    """
    given = None if margins is None else as_margins(margins)
    low, high = check_bounds(kind, bounds)
    design, inside = sample.design, sample.design.inside
    before = design.weights[inside]
    problem = make_problem(sample, given, totals or {}, size, before)
    steps: list[Solution] = []

    def weigh(weights: np.ndarray, whose: str) -> np.ndarray:
        mass = np.bincount(problem.row, weights, len(problem.table))
        if np.isfinite([low, high]).any():
            check_reach(problem.coded, problem.population, weights, low, high, whose)
        table = problem.table
        found = solve(table, mass, problem.totals, kind, low, high, tolerance)
        if not found.converged:
            raise not_calibrated(
                found, table, mass, problem.totals, problem.names, problem.coded, low, high, whose
            )
        steps.append(found)
        return weights * found.ratio[problem.row]

    after = weigh(before, "")
    done = steps[0]
    weights = spread(after, inside)
    mass = np.bincount(problem.row, before, len(problem.table))
    cross = (problem.table * mass[:, None]).T @ problem.table
    inverse = np.linalg.pinv(cross, rcond=1e-12, hermitian=True)
    row = spread(problem.row, inside)
    adjustment = Calibrated(problem.table, row, design.weights, done.ratio, inverse)
    method = {"linear": "linear calibration", "raking": "raking calibration"}.get(
        kind, "logit calibration"
    )
    bounded = np.isfinite([low, high]).any()
    report = make_report(
        f"{method} within {low:g} to {high:g}" if bounded else method,
        before,
        after,
        levels=(
            *levels_of(problem.coded, before, after),
            *number_levels(sample, totals or {}, inside, before, after),
        ),
        rounds=done.steps,
        off=done.off,
        source=given.source if given else "",
        synthetic=sample.answers.synthetic,
        data=sample.answers.source,
        notes=given.notes if given else (),
    )
    said = ("calibrate", " + ".join(dict.fromkeys(n.split(": ")[0] for n in problem.names)))
    return replace(sample, design=reweighted(design, weights, weigh, adjustment, said)), report


def make_problem(
    sample: Sample,
    margins: Margins | None,
    totals: Mapping[str, float],
    size: float | None,
    before: np.ndarray,
) -> Problem:
    """Calibration variables and totals: a constant, categories but the first, numbers."""
    coded = match(sample, margins) if margins else []
    if not coded and not totals:
        raise ScslabError(
            "nothing to calibrate to", expected="margins, or totals of variables of numbers"
        )
    population = population_of(margins, size, before)
    n = len(before)
    if totals:
        row, count, first = np.arange(n), n, np.arange(n)
    else:
        row, count, first = joint_codes([m.code for m in coded], [len(m.target) for m in coded])
    columns, goals, names = [], [], []
    if population is not None:
        columns.append(np.ones(count))
        goals.append(population)
        names.append("everybody")
        for margin in coded:
            code = margin.code[first]
            for level in range(1, len(margin.target)):
                columns.append((code == level).astype(float))
                goals.append(population * margin.target[level])
                names.append(f"{margin.name}: {margin.levels[level]}")
    for name, total in totals.items():
        columns.append(numbers_of(sample, name)[sample.design.inside])
        goals.append(float(total))
        names.append(name)
    table = np.column_stack(columns)
    mass = np.bincount(row, before, count)
    scale = np.sqrt((mass[:, None] * table**2).sum(axis=0) / mass.sum())
    scale[scale == 0] = 1.0
    goal = np.array(goals) / scale
    return Problem(table / scale, row, goal, tuple(names), tuple(coded), population)


def population_of(margins: Margins | None, size: float | None, before: np.ndarray) -> float | None:
    """Persons in the population, as far as they are calibrated to."""
    told = margins.total if margins else None
    if told is not None and size is not None and abs(told - size) > 1e-6 * size:
        raise ScslabError(
            "the size of the population is not that of the margins",
            got=f"size {size:,.10g}, margins of {told:,.10g}",
        )
    if told is not None or size is not None:
        return told if size is None else float(size)
    return float(before.sum()) if margins else None


def numbers_of(sample: Sample, name: str) -> np.ndarray:
    """A variable of numbers without gaps in the domain."""
    values = sample.number(name)
    missing = int(np.isnan(values[sample.design.inside]).sum())
    if missing:
        n = sample.design.n
        raise ScslabError(
            f'missing answers in "{name}"',
            where="totals to calibrate to",
            got=f"{missing:,} of {n:,} respondents ({missing / n * 100:.1f} %)",
            hint="weight within the domain of those who answered",
        )
    return values


def number_levels(
    sample: Sample,
    totals: Mapping[str, float],
    inside: np.ndarray,
    before: np.ndarray,
    after: np.ndarray,
) -> Sequence[Level]:
    """Totals of numbers before and after."""
    found = []
    for name, total in totals.items():
        x = sample.number(name)[inside]
        old, new = float(before @ x), float(after @ x)
        found.append(Level(name, "", len(x), float(total), old, new))
    return found
