"""Intervals at 95 %: how sure a figure of one run is, given that harms come in clusters."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaincinv

from scslab.analysis.estimate import wilson

TAIL = 0.025
Z = 1.959963984540054


def poisson_limits(count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Exact limits of the mean of a Poisson count (Garwood 1936).

    These are half the quantiles of chi-squared with 2k and 2k + 2 degrees of freedom; k need not
    be whole.

    Examples
    --------
    >>> low, high = poisson_limits(np.array([0.0, 10.0]))
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 4.795], [3.689, 18.39])
    """
    low = np.where(count > 0, gammaincinv(np.maximum(count, 1e-12), TAIL), 0.0)
    return low, gammaincinv(count + 1.0, 1.0 - TAIL)


def rate_limits(
    rate: np.ndarray, events: np.ndarray, one: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Limits of a rate that rests on some independent events, each of which weighs the same.

    Parameters
    ----------
    rate : f8[n]
    events : f8[n]
        Independent events behind the rate.
    one : f8[n]
        What one event would make of the rate, where there was none.
    """
    low, high = poisson_limits(events)
    each = np.where(events > 0, rate / np.where(events > 0, events, 1.0), one)
    return low * each, high * each


def mean_limits(mean: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Limits of a mean time, as if times were exponential (Epstein and Sobel 1953).

    Examples
    --------
    >>> low, high = mean_limits(np.array([4.0]), np.array([10.0]))
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([2.34], [8.34])
    """
    some = np.maximum(n, 1.0)
    total = mean * n
    low = total / gammaincinv(some, 1.0 - TAIL)
    high = total / gammaincinv(some, TAIL)
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def share_limits(count: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Wilson's limits of shares; the same pair is computed once."""
    pairs = np.stack([count, n], axis=1).astype(np.int64)
    unique, place = np.unique(pairs, axis=0, return_inverse=True)
    limits = np.array([wilson(int(k), int(m)) for k, m in unique]).reshape(-1, 2)
    low, high = limits[place.ravel()].T
    return low, high


def ratio_limits(ratio: float, variance: float) -> tuple[float, float]:
    """Limits of a ratio by the delta method on its logarithm (Katz and others 1978).

    Parameters
    ----------
    variance : float
        Of the logarithm: the sum of 1 / events of both, less 1 / n of both where they are shares.

    Examples
    --------
    >>> [round(x, 3) for x in ratio_limits(0.5, 1 / 20 + 1 / 40)]
    [0.292, 0.855]
    """
    factor = float(np.exp(Z * np.sqrt(max(variance, 0.0))))
    return ratio / factor, ratio * factor


def gap_limits(
    rate: float, limits: tuple[float, float], other: float, other_limits: tuple[float, float]
) -> tuple[float, float]:
    """Limits of the difference of two independent rates from their own (Zou and Donner 2008).

    For shares with Wilson's limits this is method 10 of Newcombe (1998).

    Examples
    --------
    >>> from scslab.analysis.estimate import wilson
    >>> low, high = gap_limits(56 / 70, wilson(56, 70), 48 / 80, wilson(48, 80))
    >>> round(low, 4), round(high, 4)
    (0.0524, 0.3339)
    """
    gap = rate - other
    low = gap - float(np.hypot(rate - limits[0], other_limits[1] - other))
    high = gap + float(np.hypot(limits[1] - rate, other - other_limits[0]))
    return low, high
