"""Intervals of a share under a design."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
import scipy.special as special

from scslab.analysis.distributions import beta_quantile, t_quantile
from scslab.core.errors import ScslabError

ShareMethod = Literal["logit", "wilson", "beta", "mean", "asin", "likelihood", "xlogit"]
METHODS: tuple[str, ...] = get_args(ShareMethod)
METHOD_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "logit": "logit with design degrees of freedom",
        "xlogit": "logit with design degrees of freedom",
        "wilson": "Wilson's with the effective sample size and t",
        "beta": "beta (Korn and Graubard) with the effective sample size",
        "mean": "t with design degrees of freedom",
        "asin": "arcsine of the square root, with t",
        "likelihood": "likelihood with the effective sample size and t",
    }
)


def share_interval(
    p: np.ndarray,
    se: np.ndarray,
    n: np.ndarray,
    df: np.ndarray,
    confidence: float,
    method: ShareMethod = "logit",
) -> tuple[np.ndarray, np.ndarray]:
    """Limits of shares.

    Parameters
    ----------
    p, se : f8[...]
        Shares and their design-based standard errors.
    n : int[...]
        Unweighted respondents.
    df : f8[...]
        Degrees of freedom of t.
    confidence : float
    method : str
        "logit" (default) and "xlogit" : t on the logit scale, as R's `svyciprop`, whose two forms
        are the same figure reached in two ways.
        "wilson" : Wilson's (1927) limits with t for z and n* = p (1 - p) / se^2 for n (Korn and
        Graubard 1998; compared in Dean and Pagano 2015 and Franco et al. 2019):
        (p + t^2 / 2n* -/+ t sqrt(p (1 - p) / n* + t^2 / 4n*^2)) / (1 + t^2 / n*).
        "beta" : Korn and Graubard's Clopper-Pearson limits with n* (t(n - 1) / t(df))^2.
        "mean" : p -/+ t se, not cut at 0 and 1.
        "asin" : t on the scale of the arcsine of the square root.
        "likelihood" : where 2 n* times the divergence of p from the limit is t^2 n / (n - 1). R
        profiles a fitted model with that dispersion, which gives the same to about 3e-4.

    Returns
    -------
    low, high : f8[...]
        A share of exactly 0 or 1 has no standard error; its limits are Clopper-Pearson's with the
        unweighted n (R gives none). With "mean" they are the share itself.

    Raises
    ------
    ScslabError
        An unknown method.

    Examples
    --------
    >>> low, high = share_interval(*(np.array([x]) for x in (0.1, 0.03, 100, np.inf)), 0.95)
    >>> round(float(low[0]), 4), round(float(high[0]), 4)
    (0.0547, 0.176)
    """
    if method not in METHODS:
        raise ScslabError("unknown interval of a share", got=method, expected=", ".join(METHODS))
    t = t_quantile(0.5 + confidence / 2, df)
    p, se, n, t = np.broadcast_arrays(p, se, np.asarray(n, dtype=float), t)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        low, high = LIMITS[method](p, se, n, t, confidence)
    edge = ((p <= 0) | (p >= 1)) & (n > 0) & ~np.isnan(se)
    if method == "mean" or not edge.any():
        return low, high
    tail = (1 - confidence) / 2
    count = p * n
    return (
        np.where(edge, beta_quantile(tail, count, n - count + 1), low),
        np.where(edge, beta_quantile(1 - tail, count + 1, n - count), high),
    )


Pair = tuple[np.ndarray, np.ndarray]


def by_logit(p: np.ndarray, se: np.ndarray, n: np.ndarray, t: np.ndarray, level: float) -> Pair:
    """Limits of t on the logit scale."""
    centre, half = np.log(p / (1 - p)), t * se / (p * (1 - p))
    return special.expit(centre - half), special.expit(centre + half)


def by_wilson(p: np.ndarray, se: np.ndarray, n: np.ndarray, t: np.ndarray, level: float) -> Pair:
    """Wilson's limits with the effective sample size."""
    size = p * (1 - p) / se**2
    centre = p + t**2 / (2 * size)
    half = t * np.sqrt(p * (1 - p) / size + t**2 / (4 * size**2))
    return (centre - half) / (1 + t**2 / size), (centre + half) / (1 + t**2 / size)


def by_beta(p: np.ndarray, se: np.ndarray, n: np.ndarray, t: np.ndarray, level: float) -> Pair:
    """Korn and Graubard's limits, as R's `svyciprop(method = "beta")`."""
    tail = (1 - level) / 2
    size = p * (1 - p) / se**2 * (t_quantile(1 - tail, n - 1) / t) ** 2
    return (
        beta_quantile(tail, size * p, size * (1 - p) + 1),
        beta_quantile(1 - tail, size * p + 1, size * (1 - p)),
    )


def by_mean(p: np.ndarray, se: np.ndarray, n: np.ndarray, t: np.ndarray, level: float) -> Pair:
    """Symmetric limits."""
    return p - t * se, p + t * se


def by_asin(p: np.ndarray, se: np.ndarray, n: np.ndarray, t: np.ndarray, level: float) -> Pair:
    """Limits of t on the scale of the arcsine of the square root."""
    centre, half = np.arcsin(np.sqrt(p)), t * se / (2 * np.sqrt(p * (1 - p)))
    return np.sin(centre - half) ** 2, np.sin(centre + half) ** 2


def by_likelihood(
    p: np.ndarray, se: np.ndarray, n: np.ndarray, t: np.ndarray, level: float
) -> Pair:
    """Limits at which the scaled log-likelihood has fallen by t^2 / 2, by bisection."""
    target = t**2 * se**2 / (p * (1 - p)) / 2 * n / (n - 1)
    found = []
    for edge in (0.0, 1.0):
        outer, inner = np.full(p.shape, edge), p.copy()
        for _ in range(80):
            middle = (outer + inner) / 2
            fall = special.rel_entr(p, middle) + special.rel_entr(1 - p, 1 - middle)
            far = fall > target
            outer, inner = np.where(far, middle, outer), np.where(far, inner, middle)
        found.append(np.where(np.isnan(target), np.nan, inner))
    return found[0], found[1]


LIMITS = {
    "logit": by_logit,
    "xlogit": by_logit,
    "wilson": by_wilson,
    "beta": by_beta,
    "mean": by_mean,
    "asin": by_asin,
    "likelihood": by_likelihood,
}
