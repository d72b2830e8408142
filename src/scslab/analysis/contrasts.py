"""Linear contrasts of estimates with their full covariance, and p adjusted for their number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from scslab.analysis.distributions import f_tail, t_quantile, t_two_sided
from scslab.analysis.estimate.records import Estimates
from scslab.analysis.fitted import Test
from scslab.core.errors import ScslabError, near

Adjust = Literal["holm", "bonferroni", "none"]
ADJUSTMENTS: tuple[str, ...] = get_args(Adjust)
ADJUSTED: Mapping[str, str] = {"holm": "Holm's", "bonferroni": "Bonferroni's"}


@dataclass(frozen=True)
class Difference:
    """One contrast of estimates: `p_adjusted` allows for the others that were tested with it."""

    name: str
    value: float
    se: float
    low: float
    high: float
    t: float
    df: float
    p: float
    p_adjusted: float
    n: int  # the fewest respondents that one of its groups rests on
    of: tuple[int, ...] = ()  # the rows of the estimates that it is made of


def wald_equal(values: np.ndarray, covariance: np.ndarray, df: float) -> Test | None:
    """Wald F that all values are equal; None where the design's clusters are too few."""
    slope = np.column_stack([-np.ones(len(values) - 1), np.eye(len(values) - 1)])
    spread = slope @ covariance @ slope.T
    size = len(slope)
    if not df > 0 or np.linalg.matrix_rank(spread, hermitian=True) < size:
        return None
    rest = slope @ values
    f = float(rest @ np.linalg.solve(spread, rest)) / size
    return Test("Wald test that all groups are equal", f, size, df, f_tail(f, size, df))


def contrast(
    estimates: Estimates,
    contrasts: Mapping[str, tuple[str, str] | Sequence[float]],
    *,
    df: float | None = None,
    adjust: Adjust = "none",
) -> tuple[Difference, ...]:
    """Linear contrasts of estimates with their full covariance (R's `svycontrast`).

    Parameters
    ----------
    estimates : Estimates
        With a covariance.
    contrasts : mapping of name to weights
        A weight for each row, or a pair of categories of the (only) grouping variable: the second
        less the first.
    df : float, optional
        The estimates' own if not given.
    adjust : {"none", "holm", "bonferroni"}

    Returns
    -------
    tuple of Difference

    Raises
    ------
    ScslabError
        No covariance, or as many weights as rows are not given.

    Examples
    --------
    >>> from scslab.analysis.estimate import mean
    >>> from scslab.analysis.estimate.examples import three_classes
    >>> means = mean(three_classes(), ["score", "hours"])
    >>> round(contrast(means, {"difference": [1, -1]})[0].value, 4)
    3.0
    """
    if estimates.covariance is None:
        raise ScslabError("these estimates have no covariance, so they cannot be contrasted")
    weights = np.array([weights_of(estimates, name, c) for name, c in contrasts.items()])
    value = weights @ estimates.values
    se = np.sqrt(np.maximum(np.diag(weights @ estimates.covariance @ weights.T), 0.0))
    degrees = float(estimates.rows[0].df if df is None else df)
    half = t_quantile(0.5 + estimates.confidence / 2, degrees) * se
    with np.errstate(divide="ignore", invalid="ignore"):
        t = value / se
    p = t_two_sided(t, degrees)
    n = np.array([row.n for row in estimates.rows])
    fewest = [int(n[w != 0].min(initial=n.max())) for w in weights]
    corrected = adjusted(p, adjust)
    return tuple(
        Difference(
            name=name,
            value=float(value[k]),
            se=float(se[k]),
            low=float(value[k] - half[k]),
            high=float(value[k] + half[k]),
            t=float(t[k]),
            df=degrees,
            p=float(p[k]),
            p_adjusted=float(corrected[k]),
            n=fewest[k],
            of=tuple(np.flatnonzero(weights[k]).tolist()),
        )
        for k, name in enumerate(contrasts)
    )


def weights_of(
    estimates: Estimates, name: str, given: tuple[str, str] | Sequence[float]
) -> np.ndarray:
    """A contrast as a weight for each row, f8[k].

    Raises
    ------
    ScslabError
        An unknown category, or not as many weights as rows.
    """
    rows = estimates.rows
    if len(given) == 2 and all(isinstance(x, str) for x in given):
        names = [row.groups[0][1] if row.groups else row.variable for row in rows]
        for x in given:
            if names.count(str(x)) != 1:
                raise ScslabError(f'no group "{x}"', where=name, hint=near(str(x), names))
        return np.array([(n == given[1]) - float(n == given[0]) for n in names])
    found = np.asarray(given, dtype=float)
    if found.shape != (len(rows),):
        raise ScslabError(
            "a contrast has a weight for each estimate",
            where=name,
            got=f"{found.size} weights",
            expected=f"{len(rows)}",
        )
    return found


def adjusted(p: np.ndarray, adjust: Adjust = "holm") -> np.ndarray:
    """Values of p adjusted for their number, as R's `p.adjust`.

    Examples
    --------
    >>> adjusted(np.array([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    if adjust == "none":
        return p
    if adjust == "bonferroni":
        return np.minimum(p * len(p), 1.0)
    order = np.argsort(p)
    stepped = p[order] * np.arange(len(p), 0, -1)
    found = np.empty(len(p))
    found[order] = np.minimum(np.maximum.accumulate(stepped), 1.0)
    return found
