"""Tails and quantiles of t, F, chi-squared and beta, and of mixtures of chi-squared.

Degrees of freedom may be fractions, and infinite where a normal or chi-squared limit is meant.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import scipy.special as special

MixtureMethod = Literal["exact", "saddlepoint", "satterthwaite"]
MIXTURES: tuple[str, ...] = get_args(MixtureMethod)

Z_95 = 1.959963984540054  # normal quantile of 97.5 %


def t_quantile(p: float, df: np.ndarray | float) -> np.ndarray:
    """Quantile of Student's t; NaN where `df` is not positive.

    Examples
    --------
    >>> t_quantile(0.975, np.array([14.0, np.inf])).round(6).tolist()
    [2.144787, 1.959964]
    """
    degrees = np.asarray(df, dtype=float)
    finite = np.where(np.isfinite(degrees) & (degrees > 0), degrees, 1.0)
    found = np.where(np.isinf(degrees), special.ndtri(p), special.stdtrit(finite, p))
    return np.where(degrees > 0, found, np.nan)


def t_two_sided(t: np.ndarray | float, df: np.ndarray | float) -> np.ndarray:
    """Two-sided p of a t statistic; NaN where `df` is not positive.

    Examples
    --------
    >>> float(t_two_sided(2.144787, 14.0).round(6))
    0.05
    """
    degrees, size = np.asarray(df, dtype=float), -np.abs(np.asarray(t, dtype=float))
    finite = np.where(np.isfinite(degrees) & (degrees > 0), degrees, 1.0)
    tail = np.where(np.isinf(degrees), special.ndtr(size), special.stdtr(finite, size))
    return np.where(degrees > 0, 2 * tail, np.nan)


def f_tail(x: float, df: float, ddf: float) -> float:
    """P(F > x) on `df` and `ddf` degrees of freedom; chi-squared / df where `ddf` is infinite.

    Examples
    --------
    >>> round(f_tail(5.1934, 1.4946, 20.925), 5)
    0.02175
    """
    if not (df > 0 and ddf > 0) or np.isnan(x):
        return float("nan")
    if np.isinf(ddf):
        return chi2_tail(x * df, df)
    return float(special.fdtrc(df, ddf, max(x, 0.0)))


def chi2_tail(x: float, df: float) -> float:
    """P(chi-squared > x) on `df` degrees of freedom.

    Examples
    --------
    >>> round(chi2_tail(3.841459, 1), 6)
    0.05
    """
    return float(special.chdtrc(df, max(x, 0.0))) if df > 0 else float("nan")


def beta_quantile(p: float, a: np.ndarray | float, b: np.ndarray | float) -> np.ndarray:
    """Quantile of the beta distribution: 0 where `a` is 0, 1 where `b` is 0.

    Examples
    --------
    >>> float(beta_quantile(0.025, 5.0, 46.0).round(4))
    0.0333
    """
    first, second = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    found = special.betaincinv(np.maximum(first, 1e-300), np.maximum(second, 1e-300), p)
    found = np.where(first <= 0, 0.0, np.where(second <= 0, 1.0, found))
    return np.where(np.isnan(first) | np.isnan(second), np.nan, found)


def mixture_tail(
    x: float,
    weights: np.ndarray,
    ddf: float = float("inf"),
    method: MixtureMethod = "exact",
) -> float:
    """P(sum of weights * chi-squared(1) > x * chi-squared(ddf) / ddf).

    Parameters
    ----------
    x : float
    weights : f8[k]
        Positive weights: the generalised design effects of a test (Rao and Scott 1981).
    ddf : float
        Degrees of freedom of the denominator; infinite for a plain mixture of chi-squared.
    method : {"exact", "saddlepoint", "satterthwaite"}
        "exact" inverts the moment generating function (R reaches the same figure by Imhof's or
        Davies' integral in `CompQuadForm`), "saddlepoint" is Kuonen's (1999), and "satterthwaite"
        matches two moments. R `survey` 4.1 cuts `ddf` to a whole number in its saddlepoint,
        which is off by up to a fifth of p for small `ddf`; this does not.

    Examples
    --------
    >>> round(mixture_tail(3.841459, np.ones(1)), 6)
    0.05
    >>> round(mixture_tail(11.94089, np.array([1.818111, 0.481146]), 20.92496), 5)
    0.022
    """
    lambdas = np.asarray(weights, dtype=float)
    lambdas = lambdas[lambdas > 1e-12 * lambdas.max(initial=0.0)]
    if len(lambdas) == 0 or np.isnan(x):
        return float("nan")
    if x <= 0:
        return 1.0
    if method == "satterthwaite":
        scale = (lambdas**2).sum() / lambdas.sum()
        df = lambdas.sum() ** 2 / (lambdas**2).sum()
        return f_tail(x / scale / df, df, ddf)
    if method == "saddlepoint":
        found = saddlepoint(x, lambdas, ddf)
        return mixture_tail(x, lambdas, ddf, "satterthwaite") if np.isnan(found) else found
    return contour_tail(x, lambdas, ddf)


def contour_tail(x: float, lambdas: np.ndarray, ddf: float) -> float:
    """The tail by its inversion integral along a parabola, right to 9 digits or more.

    P(Q > x D) is the integral of exp(K(z)) / (2 pi i z), K the cumulants of Q - x D, on a path
    between 0 and the branch cut that begins at 1 / (2 max lambda). Bent around the cut, the path
    leads to where exp(K) falls fast.
    """
    scaled, at = lambdas / lambdas.max(), x / lambdas.max()
    start = 0.25 + 0.25 / (1 + 1 / at)
    bend = 1.0 / (1.0 + at)
    s = np.arange(-6000, 6000) * 0.002 + 0.001
    t = np.sinh(s)
    z = start + bend * t**2 + 1j * t * np.sqrt(bend)
    step = (2 * bend * t + 1j * np.sqrt(bend)) * np.cosh(s)
    below = z * at if np.isinf(ddf) else 0.5 * ddf * np.log1p(2 * z * at / ddf)
    cumulants = -0.5 * np.log(1 - 2 * np.outer(z, scaled)).sum(axis=1) - below
    value = (np.exp(cumulants) / z * step).sum() * 0.002 / (2j * np.pi)
    return float(np.clip(value.real, 0.0, 1.0))


def saddlepoint(x: float, lambdas: np.ndarray, ddf: float) -> float:
    """R `survey`'s saddlepoint approximation; NaN near the mean, where it does not hold."""
    if np.isinf(ddf):
        coefficients, freedom, at = lambdas, np.ones(len(lambdas)), x
    else:
        coefficients = np.append(lambdas, -x / ddf)
        freedom, at = np.append(np.ones(len(lambdas)), ddf), 0.0
    top = coefficients.max()
    c, at = coefficients / top, at / top
    low = -max(1.0, len(c) / (2 * at)) if at > 0 else (1 / (2 * c[c < 0])).max()
    high = 0.5
    for _ in range(200):  # bisection: the derivative of the cumulants rises
        zeta = (low + high) / 2
        rises = float((freedom * c / (1 - 2 * zeta * c)).sum()) > at
        low, high = (low, zeta) if rises else (zeta, high)
    zeta = (low + high) / 2
    if abs(zeta) < 1e-4:
        return float("nan")
    k0 = -0.5 * float((freedom * np.log(1 - 2 * zeta * c)).sum())
    k2 = 2 * float((freedom * c**2 / (1 - 2 * zeta * c) ** 2).sum())
    w = np.sign(zeta) * np.sqrt(2 * (zeta * at - k0))
    v = zeta * np.sqrt(k2)
    return float(special.ndtr(-(w + np.log(v / w) / w)))
