"""Paired differences: the same seed under two sets of rules, and what pairing saves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import stats

LEVEL = 0.95


class Paired(NamedTuple):
    """Paired differences over seeds; every field has the shape of the values without their seeds.

    Attributes
    ----------
    first, other : mean of each side over the seeds that count
    difference : mean of other minus first
    sd : standard deviation of the difference between seeds
    se : standard error of its mean
    low, high : interval of the mean difference
    unpaired_se : standard error that as many runs with other luck on each side would have
    saves : how many times fewer seeds are needed than without pairing; infinite where no seed
        differs from another, NaN where nothing varies at all
    seeds : seeds in which both sides have a value
    """

    first: np.ndarray
    other: np.ndarray
    difference: np.ndarray
    sd: np.ndarray
    se: np.ndarray
    low: np.ndarray
    high: np.ndarray
    unpaired_se: np.ndarray
    saves: np.ndarray
    seeds: np.ndarray


def paired(first: np.ndarray, other: np.ndarray, level: float = LEVEL) -> Paired:
    """Mean paired difference with its Student interval, and what unpaired runs would give.

    Parameters
    ----------
    first, other : f8[..., seeds]
        Values of the same seeds on both sides; NaN where a seed has none.
    level : float
        Of the interval.

    Returns
    -------
    Paired
        NaN where fewer than two seeds have a value on both sides.

    Notes
    -----
    With d the differences of K seeds, se = sd(d) / sqrt(K) and the interval is mean(d) -+ t se
    with Student's t of K - 1 degrees of freedom. Runs with other luck on each side have
    se' = sqrt((var(first) + var(other)) / K); a standard error falls with the root of the seeds,
    so that (se' / se)^2 times as many of them give the same interval.

    Examples
    --------
    >>> found = paired(np.array([10.0, 14.0, 12.0]), np.array([9.0, 12.0, 11.0]))
    >>> round(float(found.difference), 3), round(float(found.se), 3), round(float(found.saves), 1)
    (-1.333, 0.333, 19.0)
    >>> same = paired(np.array([3.0, 5.0]), np.array([3.0, 5.0]))
    >>> float(same.low), float(same.high)
    (0.0, 0.0)
    """
    both = np.isfinite(first) & np.isfinite(other)
    seeds = both.sum(axis=-1)
    mean_first, var_first = moments(first, both)
    mean_other, var_other = moments(other, both)
    # Values that do not count are NaN or beside one: their difference is not taken.
    change = np.subtract(other, first, where=both, out=np.full(both.shape, np.nan))
    difference, variance = moments(change, both)
    count = np.where(seeds >= 2, seeds, np.nan)
    se = np.sqrt(variance / count)
    unpaired_se = np.sqrt((var_first + var_other) / count)
    half = student(seeds, level) * se
    with np.errstate(divide="ignore", invalid="ignore"):
        saves = (unpaired_se / se) ** 2
    return Paired(
        mean_first,
        mean_other,
        difference,
        np.sqrt(variance),
        se,
        difference - half,
        difference + half,
        unpaired_se,
        saves,
        seeds,
    )


def interval(
    values: np.ndarray, level: float = LEVEL
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Mean over seeds, its Student interval and the number of seeds that have a value.

    Parameters
    ----------
    values : f8[..., seeds]
        NaN where a seed has none.

    Examples
    --------
    >>> [round(float(x), 2) for x in interval(np.array([1.0, 2.0, 3.0]))]
    [2.0, -0.48, 4.48, 3.0]
    """
    known = np.isfinite(values)
    seeds = known.sum(axis=-1)
    mean, variance = moments(values, known)
    half = student(seeds, level) * np.sqrt(variance / np.maximum(seeds, 1))
    return mean, mean - half, mean + half, seeds


def student(seeds: np.ndarray, level: float) -> np.ndarray:
    """Student's t of an interval over so many seeds."""
    return np.asarray(stats.t.ppf((1 + level) / 2, np.maximum(seeds - 1, 1)))


def moments(values: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance over the last axis of the values that count; NaN below two of them.

    A mean needs one value only, but a comparison of one seed is none.
    """
    number = np.where(counts.sum(axis=-1) >= 2, counts.sum(axis=-1), np.nan)
    kept = np.where(counts, values, 0.0)
    mean = kept.sum(axis=-1) / number
    centred = np.where(counts, kept - mean[..., None], 0.0)
    return mean, (centred**2).sum(axis=-1) / (number - 1)
