"""Estimates that are smooth functions of weighted sums: their values, variances and records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from scslab.analysis.design import Replicates
from scslab.analysis.distributions import t_quantile
from scslab.analysis.estimate.ground import Ground, pairs_by_group
from scslab.analysis.estimate.records import Estimate, Estimates
from scslab.analysis.estimate.spread import MOST, spread
from scslab.analysis.variance import spread_of_replicates


class Formula(Protocol):
    """A smooth function of sums: values f8[groups, k] from sums f8[groups, m]."""

    def values(self, sums: np.ndarray) -> np.ndarray:
        """The estimates."""
        ...

    def gradient(self, sums: np.ndarray) -> np.ndarray:
        """Their derivatives by the sums, f8[groups, k, m]."""
        ...


@dataclass(frozen=True)
class Solved:
    """Values and variances f8[groups, k], and the covariance f8[groups * k, groups * k] if made."""

    values: np.ndarray
    variance: np.ndarray
    covariance: np.ndarray | None
    notes: tuple[str, ...] = ()


def group_sums(
    code: np.ndarray, count: int, columns: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """Weighted sums of columns (f8[m, k]) by group, f8[count, k]."""
    if count == 1:
        return (weights @ columns)[None, :]
    return np.column_stack(
        [np.bincount(code, weights * columns[:, j], count) for j in range(columns.shape[1])]
    )


def solve(ground: Ground, columns: np.ndarray, formula: Formula) -> Solved:
    """Estimates with their linearised or replicate variances.

    Parameters
    ----------
    columns : f8[m, c]
        What is summed over the counted rows, unweighted.

    Raises
    ------
    ScslabError
        As `variance.covariance`.
    """
    sums = group_sums(ground.code, ground.count, columns, ground.weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = formula.values(sums)
        if ground.design.replicates is not None:
            return by_replicates(ground, columns, formula, values)
        slopes = formula.gradient(sums)
    influence = np.zeros((len(ground.rows), values.shape[1]))
    for j in range(influence.shape[1]):
        for m in range(columns.shape[1]):
            if (slopes[:, j, m] != 0).any():
                slope = slopes[0, j, m] if ground.count == 1 else slopes[ground.code, j, m]
                influence[:, j] += slope * columns[:, m]
        influence[:, j] *= ground.weights
    variance, covariance = spread(ground.design, influence, ground.rows, ground.code, ground.count)
    return without_single_clusters(ground, Solved(values, variance, covariance))


def without_single_clusters(ground: Ground, solved: Solved) -> Solved:
    """No standard error where a group rests on one cluster alone.

    Its influence values add up to zero there, so the formula gives 0 (as R prints); the truth is
    that nothing is known of the variance.
    """
    if not ground.design.df > 0:
        return solved
    size = np.abs(np.where(np.isfinite(solved.values), solved.values, 0.0))
    lost = solved.variance <= (1e-9 * np.maximum(size, 1e-9)) ** 2
    if lost.any():
        clusters, _ = pairs_by_group(ground.design, ground.rows, ground.code, ground.count)
        lost &= (clusters == 1)[:, None]
    if not lost.any():
        return solved
    note = (
        "Without a standard error: a group that lies in one cluster "
        f"({int(lost.any(axis=1).sum()):,} of {ground.count:,})."
    )
    return blank(solved, lost, note)


def blank(solved: Solved, lost: np.ndarray, note: str) -> Solved:
    """The same with some variances unknown."""
    covariance = solved.covariance
    if covariance is not None:
        covariance = covariance.copy()
        covariance[lost.ravel(), :] = np.nan
        covariance[:, lost.ravel()] = np.nan
    variance = np.where(lost, np.nan, solved.variance)
    return Solved(solved.values, variance, covariance, (*solved.notes, note))


def by_replicates(
    ground: Ground, columns: np.ndarray, formula: Formula, values: np.ndarray
) -> Solved:
    """Variances from estimates under each set of replicate weights."""
    replicates = ground.design.replicates
    assert replicates is not None
    weights = replicates.weights[ground.rows]
    found = np.stack(
        [
            formula.values(group_sums(ground.code, ground.count, columns, weights[:, r]))
            for r in range(weights.shape[1])
        ]
    )
    return from_replicates(replicates, values, found)


def from_replicates(replicates: Replicates, values: np.ndarray, found: np.ndarray) -> Solved:
    """Variances of estimates (f8[groups, k]) from replicates f8[R, groups, k].

    A group that is empty under some weights has no variance; where there is but one group that is
    an error.

    Raises
    ------
    ScslabError
        The only group has replicates without an estimate.
    """
    size = values.size
    flat = found.reshape(len(found), size)
    lost = ~np.isfinite(flat).all(axis=0)
    if len(values) == 1 or (size <= MOST and not lost.any()):
        whole = spread_of_replicates(replicates, values.ravel(), flat)
        return Solved(values, np.diag(whole).reshape(values.shape), whole)
    used = np.where(lost, 0.0, flat)
    centre = values.ravel() if replicates.mse else used[replicates.rscales > 0].mean(axis=0)
    variance = replicates.scale * (replicates.rscales @ (used - centre) ** 2)
    covariance = None
    if size <= MOST:
        covariance = spread_of_replicates(replicates, np.where(lost, 0.0, values.ravel()), used)
    solved = Solved(values, variance.reshape(values.shape), covariance)
    if not lost.any():
        return solved
    where = lost.reshape(values.shape)
    note = (
        "Without a standard error: a group that is empty under some replicate weights "
        f"({int(where.any(axis=1).sum()):,} of {len(values):,})."
    )
    return blank(solved, where, note)


def limits(
    values: np.ndarray, se: np.ndarray, df: np.ndarray, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric t intervals; `df` (f8[groups]) holds for a row of values (f8[groups, k])."""
    half = t_quantile(0.5 + confidence / 2, df)[:, None] * se
    return values - half, values + half


def records(
    ground: Ground,
    statistic: str,
    names: Sequence[tuple[str, str]],
    solved: Solved,
    *,
    deff: np.ndarray | None = None,
    interval: tuple[np.ndarray, np.ndarray] | None = None,
    method: str = "t with design degrees of freedom",
    cases: np.ndarray | None = None,
    notes: Sequence[str] = (),
) -> Estimates:
    """Frozen records of estimates: groups outer, (variable, level) pairs of `names` inner."""
    se = np.sqrt(np.maximum(solved.variance, 0.0))
    low, high = interval or limits(solved.values, se, ground.df, ground.confidence)
    deff = np.full(se.shape, np.nan) if deff is None else deff
    n = np.broadcast_to(ground.n[:, None], se.shape)
    cases = n if cases is None else cases
    shape = se.shape
    found = zip(
        *(np.broadcast_to(a, shape).ravel().tolist() for a in (solved.values, se, low, high, deff)),
        n.ravel().tolist(),
        cases.ravel().tolist(),
        np.broadcast_to(ground.df[:, None], shape).ravel().tolist(),
        np.broadcast_to(ground.weighted_n[:, None], shape).ravel().tolist(),
        strict=True,
    )
    heads = ((variable, level, group) for group in ground.groups for variable, level in names)
    rows = tuple(Estimate(statistic, *head, *row) for head, row in zip(heads, found, strict=True))
    answers = ground.sample.answers
    used = {v for pair in names for v in pair} | {v for v, _ in ground.groups[0]}
    return Estimates(
        statistic=statistic,
        rows=rows,
        covariance=solved.covariance,
        confidence=ground.confidence,
        method=method,
        notes=(*ground.notes, *solved.notes, *notes),
        synthetic=answers.synthetic,
        source=answers.source,
        labels={v: answers.variables[v].says for v in used if v in answers.variables},
    )


def design_effect(
    ground: Ground, variance: np.ndarray, of_row: np.ndarray, *, total: bool = False
) -> np.ndarray:
    """Variance over that of a simple random sample of the same size, as R's `deff`.

    Parameters
    ----------
    variance : f8[groups, k]
        Of means, or of totals.
    of_row : f8[groups, k]
        Variance of one answer.

    Returns
    -------
    f8[groups, k]
        NaN where the weights of a group add up to no more than its n (with "srs"), or where all
        answers are the same.
    """
    n, size = ground.n[:, None].astype(float), ground.weighted_n[:, None]
    return over_simple(ground.deff, variance, of_row * (size**2 if total else 1.0), n, size)


def over_simple(
    deff: str, variance: np.ndarray, of_row: np.ndarray, n: np.ndarray, size: np.ndarray
) -> np.ndarray:
    """Variance over `of_row` / n, with "srs" less the share of the population that was sampled."""
    if deff == "none":
        return np.full(variance.shape, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        simple = of_row / n
        if deff == "srs":
            simple = simple * np.where(size > n, (size - n) / size, np.nan)
        return np.where(of_row > 0, variance / simple, np.nan)
