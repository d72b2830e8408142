"""Variances of estimates in many groups at once, without a matrix of rows by groups.

A row influences the estimates of its own group only. Sums over the pairs of clusters and groups
that occur are then all that `variance.covariance` would use of a column for each group.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from scslab.analysis.design import Design
from scslab.analysis.stages import Stage
from scslab.analysis.variance import (
    covariance,
    scaled_products,
    stage_scale,
)

MOST = 400  # estimates of which the whole covariance is made
CELLS = 30_000_000  # numbers that a matrix of clusters by estimates may hold


def spread(
    design: Design,
    influence: np.ndarray,
    rows: np.ndarray,
    code: np.ndarray,
    count: int,
    most: int = MOST,
) -> tuple[np.ndarray, np.ndarray | None]:
    """Linearised variances of k estimates in each group.

    Parameters
    ----------
    design : Design
        Its domain is the rows that are counted.
    influence : f8[m, k]
        Weighted influence of each counted row on the estimates of its group.
    rows, code : int64[m]
        Its place in the design, and its group.
    count : int
        Groups.
    most : int
        Estimates of which the whole covariance is made.

    Returns
    -------
    variance : f8[count, k]
    covariance : f8[count * k, count * k] or None
        Groups outer, estimates inner; None where there are too many.
    """
    k = influence.shape[1]
    full = count * k <= most
    if design.adjustments or count == 1:
        return dense(design, influence, rows, code, count, full)
    variance = np.zeros((count, k))
    whole = np.zeros((count * k, count * k)) if full else None
    for number, stage in enumerate(design.stages, 1):
        scale, alone = stage_scale(stage, design, number)
        free = alone if design.lonely == "adjust" else np.zeros_like(alone)
        blocks, across = sums_by_stage(stage, scale, free, influence, rows, code, count, full)
        factor = average_factors(stage, design, alone, rows, code, count)
        variance += blocks * factor[:, None]
        if whole is not None and across is not None:
            root = np.repeat(np.sqrt(factor), k)
            whole += across * np.outer(root, root)
        else:
            whole = None
    if whole is not None:
        np.fill_diagonal(whole, variance.ravel())
    return variance, whole


def dense(
    design: Design,
    influence: np.ndarray,
    rows: np.ndarray,
    code: np.ndarray,
    count: int,
    full: bool,
) -> tuple[np.ndarray, np.ndarray | None]:
    """The same through a column for each estimate: one group, or weights brought to margins."""
    n, k = len(design.weights), influence.shape[1]
    if len(rows) == n and count == 1:
        columns = influence
    elif full:
        columns = np.zeros((n, count * k))
        columns[rows[:, None], (code * k)[:, None] + np.arange(k)] = influence
    else:
        return by_parts(design, influence, rows, code, count), None
    found = covariance(design, np.zeros(count * k), columns)
    return np.diag(found).reshape(count, k), found


def by_parts(
    design: Design, influence: np.ndarray, rows: np.ndarray, code: np.ndarray, count: int
) -> np.ndarray:
    """Variances of margins' residuals, some groups at a time."""
    k = influence.shape[1]
    found = np.zeros((count, k))
    step = max(1, 64 // k)
    order = np.argsort(code, kind="stable")
    ends = np.searchsorted(code[order], np.arange(count + 1))
    for start in range(0, count, step):
        stop = min(start + step, count)
        part = order[ends[start] : ends[stop]]
        columns = np.zeros((len(design.weights), (stop - start) * k))
        columns[rows[part][:, None], ((code[part] - start) * k)[:, None] + np.arange(k)] = (
            influence[part]
        )
        some = covariance(design, np.zeros(columns.shape[1]), columns)
        found[start:stop] = np.diag(some).reshape(stop - start, k)
    return found


def average_factors(
    stage: Stage, design: Design, alone: np.ndarray, rows: np.ndarray, code: np.ndarray, count: int
) -> np.ndarray:
    """The factor (f8[count]) by which "average" makes up for strata with one cluster."""
    if design.lonely != "average" or not alone.any():
        return np.ones(count)
    stratum = stage.stratum[stage.cluster[rows]]
    pairs = np.unique(stratum * count + code)
    used = np.bincount(pairs % count, minlength=count)
    kept = np.bincount(pairs % count, ~alone[pairs // count], count)
    return used / np.maximum(kept, 1)


def sums_by_stage(
    stage: Stage,
    scale: np.ndarray,
    free: np.ndarray,
    influence: np.ndarray,
    rows: np.ndarray,
    code: np.ndarray,
    count: int,
    full: bool,
) -> tuple[np.ndarray, np.ndarray | None]:
    """One stage's variances (f8[count, k]) and, if asked, its whole covariance.

    Strata that are `free` (bool[strata]) are set against zero, not against their mean.
    """
    k, clusters = influence.shape[1], len(stage.stratum)
    cluster = stage.cluster[rows]
    single = clusters == len(stage.cluster)
    if full and not single and clusters * count * k <= CELLS:
        totals = dense_totals(cluster, clusters, influence, code, count)
        found = scaled_products(totals, stage.stratum, scale, ~free)
        return np.diag(found).reshape(count, k), found
    totals, group = influence, code
    if not single:
        pair, kept = pd.factorize(cluster * count + code)
        totals = np.column_stack([np.bincount(pair, influence[:, j], len(kept)) for j in range(k)])
        cluster, group = kept // count, kept % count
    return sparse_sums(stage, scale, free, totals, cluster, group, count, full and single)


def dense_totals(
    cluster: np.ndarray, clusters: int, influence: np.ndarray, code: np.ndarray, count: int
) -> np.ndarray:
    """Sums by cluster (f8[clusters, count * k]), a column for each group and estimate."""
    k = influence.shape[1]
    totals = np.empty((clusters, count, k))
    for j in range(k):
        sums = np.bincount(cluster * count + code, influence[:, j], clusters * count)
        totals[:, :, j] = sums.reshape(clusters, count)
    return totals.reshape(clusters, count * k)


def sparse_sums(
    stage: Stage,
    scale: np.ndarray,
    free: np.ndarray,
    totals: np.ndarray,
    cluster: np.ndarray,
    group: np.ndarray,
    count: int,
    full: bool,
) -> tuple[np.ndarray, np.ndarray | None]:
    """The sums over pairs of cluster and group; the other clusters of a stratum count as zero.

    With d the pairs' totals less their mean m in the stratum and group, a of N clusters there,
    the sum of squares about the stratum's mean is sum d^2 + a (N - a) / N m^2.
    """
    k, strata = totals.shape[1], len(scale)
    stratum = stage.stratum[cluster]
    drawn = np.bincount(stage.stratum, minlength=strata).astype(float)
    place, kept = stratum * count + group, np.arange(strata * count)
    if strata * count > 4 * len(place) + 1000:
        place, kept = pd.factorize(place)
    of_stratum, of_group = kept // count, kept % count
    a = np.bincount(place, minlength=len(kept)).astype(float)
    mean = np.column_stack([np.bincount(place, totals[:, j], len(kept)) for j in range(k)])
    mean = mean / np.maximum(a, 1.0)[:, None]
    N = np.maximum(drawn[of_stratum], 1.0)
    outer = np.where(free[of_stratum], a, a * (N - a) / N) * scale[of_stratum]
    variance = np.zeros((count, k))
    rest = totals - mean[place]
    by_row = scale[stratum]
    for j in range(k):
        variance[:, j] = np.bincount(group, by_row * rest[:, j] ** 2, count)
        variance[:, j] += np.bincount(of_group, outer * mean[:, j] ** 2, count)
    if not full or strata * count * k > CELLS:
        return variance, None
    sums = np.zeros((strata, count, k))
    sums[of_stratum, of_group] = mean * a[:, None]
    flat = sums.reshape(strata, count * k)
    between = np.where(free, 0.0, scale / np.maximum(drawn, 1.0))
    whole = -(flat.T * between) @ flat
    order = np.argsort(group, kind="stable")
    ends = np.searchsorted(group[order], np.arange(count + 1))
    for g in range(count):  # within a group the sums about means are exact; set them instead
        part, own = order[ends[g] : ends[g + 1]], of_group == g
        block = (rest[part].T * by_row[part]) @ rest[part]
        block += (mean[own].T * outer[own]) @ mean[own]
        whole[g * k : (g + 1) * k, g * k : (g + 1) * k] = block
    return variance, whole
