"""Tests of independence in a table under a design: Rao and Scott's, and Wald's."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from scslab.analysis.distributions import chi2_tail, f_tail, mixture_tail
from scslab.analysis.fitted import Test
from scslab.core.errors import ScslabError

Association = Literal["F", "chisq", "wald", "adjwald", "lincom", "saddlepoint"]
STATISTICS: tuple[str, ...] = get_args(Association)


def association_test(
    totals: np.ndarray,
    covariance: np.ndarray,
    n: int,
    df: float,
    statistic: Association = "F",
    *,
    shares: np.ndarray | None = None,
) -> Test:
    """Test whether rows and columns are independent, as R's `svychisq`.

    Parameters
    ----------
    totals : f8[r, c]
        Weighted cells; empty rows and columns do not count.
    covariance : f8[r * c, r * c]
        Of the totals, the columns varying fastest.
    n : int
        Unweighted respondents in the table.
    df : float
        Degrees of freedom of the design.
    statistic : str
        "F" : Pearson's X2 with Rao and Scott's (1984) second-order correction. X2 over the sum of
        its generalised design effects has an F distribution (Thomas and Rao 1987).
        "chisq" : the first-order correction, X2 over the mean design effect as chi-squared. The
        statistic given is the corrected one (R prints X2 beside the corrected p).
        "wald", "adjwald" : Wald's test of the residuals of independence, and its adjustment for
        few degrees of freedom (Koch et al. 1975; Thomas and Rao 1987). Poor for sparse tables.
        "lincom", "saddlepoint" : the tail of the mixture of chi-squared over chi-squared, exact
        and approximate. With replicate weights R takes an infinite denominator for these two;
        here it is that of "F" for all designs.
    shares : f8[r * c, r * c], optional
        Covariance of the shares of all, where it is not that of the totals linearised (replicate
        weights).

    Returns
    -------
    Test
        Its note has Pearson's X2 (scaled to n; R counts those with missing answers too, which
        changes X2 but no test).

    Raises
    ------
    ScslabError
        An unknown statistic, fewer than two rows or columns, or a Wald test that the clusters are
        too few for.

    Examples
    --------
    >>> cells = np.array([[30.0, 20.0], [20.0, 30.0]])
    >>> simple = 100 * (np.diag(cells.ravel() / 100) - np.outer(cells, cells) / 100**2)
    >>> test = association_test(cells, simple, 100, np.inf, "chisq")
    >>> round(test.statistic, 6), test.df, round(test.p, 4)
    (4.0, 1, 0.0455)
    """
    if statistic not in STATISTICS:
        raise ScslabError("unknown test of a table", got=statistic, expected=", ".join(STATISTICS))
    rows, columns = totals.sum(axis=1) > 0, totals.sum(axis=0) > 0
    if rows.sum() < 2 or columns.sum() < 2:
        raise ScslabError(
            "a test needs two rows and two columns with respondents",
            got=f"{int(rows.sum())} rows and {int(columns.sum())} columns",
        )
    kept = np.outer(rows, columns).ravel()
    cells = totals[np.ix_(rows, columns)]
    spread = covariance[np.ix_(kept, kept)]
    p = cells / cells.sum()
    part = shares_covariance(cells, spread) if shares is None else shares[np.ix_(kept, kept)]
    note = f"Pearson's X2 = {pearson(p, n):.6g}"
    freedom = (len(p) - 1) * (p.shape[1] - 1)
    if statistic in ("wald", "adjwald"):
        return wald(cells, spread, df, statistic == "adjwald", note)
    x2, delta = pearson(p, n), generalised_deffs(p, part, n)
    total, squares = float(np.trace(delta)), float((delta * delta.T).sum())
    if not total > 0:
        raise ScslabError(
            "the design leaves the table no variance, so it cannot be tested",
            hint="look whether strata or clusters are the table's own variables",
        )
    first = total**2 / squares
    if statistic == "F":
        f = x2 / total
        return Test("Rao-Scott F", f, first, first * df, f_tail(f, first, first * df), note)
    if statistic == "chisq":
        corrected = x2 / (total / freedom)
        name = "Rao-Scott chi-squared, first order"
        return Test(name, corrected, freedom, np.inf, chi2_tail(corrected, freedom), note)
    weights = np.linalg.eigvals(delta).real
    tail = mixture_tail(
        x2, weights, first * df, "exact" if statistic == "lincom" else "saddlepoint"
    )
    how = "mixture of chi-squared" if statistic == "lincom" else "saddlepoint"
    return Test(f"Rao-Scott, {how}", x2 / total, first, first * df, tail, note)


def pearson(p: np.ndarray, n: int) -> float:
    """Pearson's X2 of shares (f8[r, c]) for n respondents."""
    expected = np.outer(p.sum(axis=1), p.sum(axis=0))
    return float(n * ((p - expected) ** 2 / expected).sum())


def shares_covariance(totals: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """Covariance of shares of all from that of the totals."""
    size = totals.sum()
    slope = np.eye(totals.size) / size - totals.ravel()[:, None] / size**2
    return slope @ covariance @ slope.T


def generalised_deffs(p: np.ndarray, covariance: np.ndarray, n: int) -> np.ndarray:
    """Rao and Scott's matrix of generalised design effects of the interaction.

    (C' D^-1 C / n)^-1 (C' D^-1 V D^-1 C), C the contrasts of the interaction less what rows and
    columns explain of them, D the shares, V their covariance.
    """
    r, c = p.shape
    contrasts = np.kron(helmert(r), helmert(c))  # orthogonal to the rows' and columns' effects
    inverse = np.where(p.ravel() > 0, 1 / np.where(p.ravel() > 0, p.ravel(), 1.0), 0.0)
    scaled = contrasts * inverse[:, None]
    return np.linalg.solve(contrasts.T @ scaled / n, scaled.T @ covariance @ scaled)


def helmert(size: int) -> np.ndarray:
    """Contrasts of `size` levels, f8[size, size - 1]: each with the mean of those before it.

    Examples
    --------
    >>> helmert(3).tolist()
    [[-1.0, -1.0], [1.0, -1.0], [0.0, 2.0]]
    """
    found = np.zeros((size, size - 1))
    for k in range(1, size):
        found[:k, k - 1] = -1.0
        found[k, k - 1] = k
    return found


def wald(cells: np.ndarray, covariance: np.ndarray, df: float, adjust: bool, note: str) -> Test:
    """Wald's test of cells less the product of their margins.

    Raises
    ------
    ScslabError
        The design has too few degrees of freedom for it.
    """
    r, c = cells.shape
    size, row, column = cells.sum(), cells.sum(axis=1), cells.sum(axis=0)
    rest = cells - np.outer(row, column) / size
    in_row = np.kron(np.eye(r), np.ones((1, c)))  # sums of rows, f8[r, r * c]
    in_column = np.kron(np.ones((1, r)), np.eye(c))
    slope = np.eye(r * c)
    slope -= np.repeat(in_row, c, axis=0) * np.tile(column, r)[:, None] / size
    slope -= np.tile(in_column, (r, 1)) * np.repeat(row, c)[:, None] / size
    slope += (np.outer(row, column) / size**2).ravel()[:, None]
    used = np.outer(np.arange(r) > 0, np.arange(c) > 0).ravel()
    spread = (slope @ covariance @ slope.T)[np.ix_(used, used)]
    freedom = (r - 1) * (c - 1)
    ddf = df - freedom + 1 if adjust else df
    if ddf <= 0 or np.linalg.matrix_rank(spread, hermitian=True) < freedom:
        raise ScslabError(
            "the design has too few clusters for a Wald test of this table",
            got=f"{df:g} degrees of freedom for {freedom} of the table",
            hint='statistic="F"',
        )
    y = rest.ravel()[used]
    w = float(y @ np.linalg.solve(spread, y)) / freedom
    if adjust:
        w *= ddf / df
    name = "Wald F, adjusted" if adjust else "Wald F"
    return Test(name, w, freedom, ddf, f_tail(w, freedom, ddf), note)
