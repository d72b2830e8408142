"""Indices of one respondent's answers in a row, as R's `careless` 1.2 computes them.

All take answers as f8[k, n] (an item a row), which keeps every step a vector over respondents.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def longest_run(values: np.ndarray) -> np.ndarray:
    """Longest run of the same answer, f8[n]; NaN where nothing is answered.

    As `careless::longstring`: a missing answer ends a run and belongs to none longer than 1.

    Examples
    --------
    >>> longest_run(np.array([[1.0, 2.0], [1.0, 3.0], [1.0, 3.0]]))
    array([3., 2.])
    """
    run = np.ones(values.shape[1])
    longest = run.copy()
    for before, here in zip(values[:-1], values[1:], strict=True):
        run = np.where(before == here, run + 1, 1.0)
        np.maximum(longest, run, out=longest)
    longest[np.isnan(values).all(axis=0)] = np.nan
    return longest


def longest_true(marks: np.ndarray) -> np.ndarray:
    """Longest run of True over items (bool[k, n]), int[n]."""
    run = np.zeros(marks.shape[1], np.int64)
    longest = run.copy()
    for row in marks:
        run = np.where(row, run + 1, 0)
        np.maximum(longest, run, out=longest)
    return longest


def variability(values: np.ndarray) -> np.ndarray:
    """Standard deviation of a respondent's answers (`careless::irv`), f8[n].

    Divisor: answers less 1. NaN with fewer than two answers.

    Examples
    --------
    >>> variability(np.array([[1.0, 4.0], [3.0, 4.0]])).round(6).tolist()
    [1.414214, 0.0]
    """
    there = ~np.isnan(values)
    count = there.sum(axis=0)
    mean = np.where(there, values, 0.0).sum(axis=0) / np.maximum(count, 1)
    total = np.zeros(values.shape[1])
    for row, known in zip(values, there, strict=True):
        total += np.where(known, row - mean, 0.0) ** 2
    return np.where(count > 1, np.sqrt(total / np.maximum(count - 1, 1)), np.nan)


def same_answer(values: np.ndarray) -> np.ndarray:
    """The one answer that a respondent gave to all items answered, f8[n].

    NaN where answers differ or fewer than two are there. Compared exactly, not by a standard
    deviation near 0.
    """
    low, high = np.fmin.reduce(values), np.fmax.reduce(values)
    count = (values == values).sum(axis=0)  # NaN equals nothing
    return np.where((count > 1) & (low == high), low, np.nan)


def even_odd(scales: Sequence[np.ndarray]) -> np.ndarray:
    """Even-odd inconsistency, f8[n]: minus the corrected within-person correlation.

    As `careless::evenodd` 1.2: for each scale (f8[items, n], reversed items already turned) the
    mean of the answered items in even places and of those in odd places; their correlation r over
    the scales where both are known; Spearman-Brown 2 r / (1 + r), not below -1; then the sign is
    changed, so that higher is more careless. NaN where a half does not vary or fewer than two
    scales are known.
    """
    even = np.array([mean_answered(s[1::2]) for s in scales])
    odd = np.array([mean_answered(s[0::2]) for s in scales])
    both = ~(np.isnan(even) | np.isnan(odd))
    count = np.maximum(both.sum(axis=0), 1)
    even, odd = (
        np.where(both, half - np.where(both, half, 0.0).sum(axis=0) / count, 0.0)
        for half in (even, odd)
    )
    spread = (even**2).sum(axis=0), (odd**2).sum(axis=0)
    # A half that is constant leaves rounding only: some 1e-32 for answers of ordinary size.
    known = (both.sum(axis=0) > 1) & (spread[0] > 1e-24) & (spread[1] > 1e-24)
    root = np.sqrt(np.where(known, spread[0] * spread[1], 1.0))
    r = np.clip((even * odd).sum(axis=0) / root, -1.0, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        corrected = np.maximum(np.where(r <= -1.0, -1.0, 2 * r / (1 + r)), -1.0)
    return np.where(known, -corrected, np.nan)


def mean_answered(values: np.ndarray) -> np.ndarray:
    """Mean over the answered items, f8[n]; NaN where none is."""
    there = ~np.isnan(values)
    count = there.sum(axis=0)
    total = np.where(there, values, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
