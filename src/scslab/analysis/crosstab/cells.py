"""A table of two variables computed: totals of cells with their covariance, shares, the test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Unpack

import numpy as np

from scslab.analysis.crosstab.association import Association, association_test
from scslab.analysis.crosstab.records import PERCENTS, Crosstab, Percent, Shares
from scslab.analysis.estimate.ground import DomainOptions, Ground, find_ground, pairs_by_group
from scslab.analysis.estimate.groups import numbered
from scslab.analysis.estimate.intervals import METHOD_WORDS, ShareMethod, share_interval
from scslab.analysis.estimate.shares import Coded, Missing, coded_answers, within_coded
from scslab.analysis.estimate.smooth import over_simple
from scslab.analysis.estimate.spread import spread
from scslab.analysis.sample import Sample
from scslab.analysis.variance import spread_of_replicates
from scslab.core.errors import ScslabError

LARGEST = 2000  # cells


@dataclass(frozen=True)
class Cells:
    """Totals of all cells.

    `code` (int64[m]) is the cell of each counted row, `covariance` f8[r * c, r * c] that of the
    totals, `replicates` (f8[R, r * c]) the totals under replicate weights, if the design has any.
    """

    code: np.ndarray
    count: np.ndarray
    totals: np.ndarray
    covariance: np.ndarray
    replicates: np.ndarray | None


def crosstab(
    sample: Sample,
    rows: str,
    columns: str,
    *,
    statistic: Association = "F",
    method: ShareMethod = "logit",
    missing: Missing = "exclude",
    **options: Unpack[DomainOptions],
) -> Crosstab:
    """Cross two variables under the design.

    Parameters
    ----------
    sample : Sample
    rows, columns : str
        Two variables; those who answered both are counted.
    statistic : str
        The test: see `association_test`.
    method : str
        Of the intervals of shares: see `estimate.intervals.share_interval`.
    missing : {"exclude", "show"}
        "show" makes reasons of missing answers rows and columns of their own; the test then
        counts them too.
    **options
        `where`, `confidence`, `deff`, `df`, as `estimate.mean`; not `by` (cross within domains).

    Returns
    -------
    Crosstab
        Without a test, and a note that says why, where "F" cannot be computed.

    Raises
    ------
    ScslabError
        One variable twice, more than 2,000 cells, and as `estimate.share` and `association_test`.

    Examples
    --------
    >>> from scslab.analysis.estimate.examples import three_classes
    >>> found = crosstab(three_classes(), "hours", "sex")
    >>> found.count.tolist(), found.row_levels
    ([[2, 0], [1, 1], [0, 2]], ('1', '2', '3'))
    """
    if rows == columns:
        raise ScslabError("a table crosses two different variables", got=f'"{rows}" twice')
    if "by" in options:
        raise ScslabError(
            "a table has no groups besides its own", hint="one table for each domain: where="
        )
    first = coded_answers(sample, rows, missing)
    second = coded_answers(sample, columns, missing)
    shape = (len(first.levels), len(second.levels))
    if shape[0] * shape[1] > LARGEST:
        raise ScslabError(
            f"a table of {shape[0] * shape[1]:,} cells",
            got=f'{shape[0]:,} answers to "{rows}" and {shape[1]:,} to "{columns}"',
            expected=f"no more than {LARGEST:,}",
            hint="join categories first",
        )
    ground = find_ground(within_coded(sample, [first, second]), [rows, columns], **options)
    cells = cell_totals(ground, first, second)
    n, df = int(cells.count.sum()), float(ground.df[0])
    test, notes = None, list(ground.notes)
    try:
        test = association_test(
            cells.totals,
            cells.covariance,
            n,
            df,
            statistic,
            shares=covariance_of_shares(ground, cells),
        )
    except ScslabError as error:
        if statistic != "F":
            raise
        notes.append(f"Not tested: {error.what}.")
    squares = np.maximum(np.diag(cells.covariance), 0.0)
    answers = sample.answers
    return Crosstab(
        rows=answers.variable(rows).says,
        columns=answers.variable(columns).says,
        row_levels=first.levels,
        column_levels=second.levels,
        count=cells.count,
        weighted=cells.totals,
        weighted_se=np.sqrt(squares).reshape(shape),
        shares={percent: cell_shares(ground, cells, percent, method) for percent in PERCENTS},
        test=test,
        n=n,
        df=df,
        confidence=ground.confidence,
        method=METHOD_WORDS[method],
        notes=tuple(notes),
        synthetic=answers.synthetic,
        source=answers.source,
    )


def cell_totals(ground: Ground, first: Coded, second: Coded) -> Cells:
    """Weighted totals of all cells with their covariance."""
    shape = (len(first.levels), len(second.levels))
    size = shape[0] * shape[1]
    code = first.code[ground.rows] * shape[1] + second.code[ground.rows]
    totals = np.bincount(code, ground.weights, size)
    used, found = ground.design.replicates, None
    if used is None:
        covariance = covariance_of_totals(ground, code, size)
    else:
        weights = used.weights[ground.rows]
        found = np.stack([np.bincount(code, column, size) for column in weights.T])
        covariance = spread_of_replicates(used, totals, found)
    count = np.bincount(code, minlength=size).reshape(shape)
    return Cells(code, count, totals.reshape(shape), covariance, found)


def covariance_of_totals(ground: Ground, cell: np.ndarray, size: int) -> np.ndarray:
    """Linearised covariance of the totals of all cells (f8[size, size]), 0 for empty ones.

    Raises
    ------
    ScslabError
        The table is too large for it.
    """
    code, used = numbered(cell, size)
    found = None
    if not ground.design.adjustments or len(ground.design.weights) * len(used) <= 2e8:
        _, found = spread(
            ground.design, ground.weights[:, None], ground.rows, code, len(used), most=LARGEST
        )
    if found is None:
        raise ScslabError(
            f"a table of {size:,} cells is too large for so many respondents and clusters",
            hint="join categories first",
        )
    whole = np.zeros((size, size))
    whole[np.ix_(used, used)] = found
    return whole


def covariance_of_shares(ground: Ground, cells: Cells) -> np.ndarray | None:
    """Covariance of shares of all under replicate weights; None where they are linearised."""
    used, found = ground.design.replicates, cells.replicates
    if used is None or found is None:
        return None
    shares = cells.totals.ravel() / cells.totals.sum()
    return spread_of_replicates(used, shares, found / found.sum(axis=1, keepdims=True))


def cell_shares(ground: Ground, cells: Cells, percent: Percent, method: ShareMethod) -> Shares:
    """Shares of cells of their row, their column or all, with their precision."""
    r, c = cells.totals.shape
    places = np.arange(r * c)
    base = {"row": places // c, "column": places % c, "total": np.zeros(r * c, dtype=np.int64)}[
        percent
    ]
    same = (base[:, None] == base).astype(float)  # cells of one base, f8[r * c, r * c]
    flat = cells.totals.ravel()
    size, n = same @ flat, same @ cells.count.ravel()
    with np.errstate(divide="ignore", invalid="ignore"):
        p = flat / size
        if cells.replicates is None:
            variance = linear_variance(p, size, same, cells.covariance)
            if (variance == 0).any():
                variance[alone_in_cluster(ground, cells.code, base) & (variance == 0)] = np.nan
        else:
            found = cells.replicates / (cells.replicates @ same)
            variance = replicate_variance(ground, p, found)
        of_row = p * (1 - p) * n / (n - 1)
    se = np.sqrt(np.maximum(variance, 0.0))
    df = np.full(p.shape, ground.df[0])
    low, high = share_interval(p, se, n, df, ground.confidence, method)
    deff = over_simple(ground.deff, variance, of_row, n, size)
    return Shares(*(a.reshape(r, c) for a in (p, se, low, high, deff)))


def linear_variance(
    p: np.ndarray, size: np.ndarray, same: np.ndarray, covariance: np.ndarray
) -> np.ndarray:
    """Variance of a total over the total of its base, by the delta method."""
    with_base = np.where(same > 0, covariance, 0.0).sum(axis=1)
    of_base = np.einsum("ij,ji->i", same, covariance @ same)
    found = (np.diag(covariance) - 2 * p * with_base + p**2 * of_base) / size**2
    return np.where((p == 0) | (p == 1), 0.0, found)


def replicate_variance(ground: Ground, p: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Variance from replicates f8[R, cells]; NaN where a base is empty under some weights."""
    used = ground.design.replicates
    assert used is not None
    centre = p if used.mse else found[used.rscales > 0].mean(axis=0)
    return used.scale * (used.rscales @ (found - centre) ** 2)


def alone_in_cluster(ground: Ground, code: np.ndarray, base: np.ndarray) -> np.ndarray:
    """Which cells (bool) have a base that lies in one cluster: its variance is not known."""
    if not ground.design.df > 0:
        return np.zeros(len(base), dtype=bool)
    count = int(base.max()) + 1
    clusters, _ = pairs_by_group(ground.design, ground.rows, base[code], count)
    return clusters[base] == 1
