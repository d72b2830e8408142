"""The frontier of harm against compliance: which safeguards no other one beats in both."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scslab.lab.compare.ranking import replicate_means


class Frontier(NamedTuple):
    """Which arms of a comparison are not dominated.

    Attributes
    ----------
    on : bool[arms]
        By the means over all seeds.
    share : f8[arms]
        Share of replicates in which it is so; NaN where a mean is missing.
    """

    on: np.ndarray
    share: np.ndarray


def frontier(
    harm: np.ndarray,
    compliance: np.ndarray,
    better: tuple[str, str],
    taken: np.ndarray,
) -> Frontier:
    """Find the arms that no other arm beats in one figure without losing in the other.

    Parameters
    ----------
    harm, compliance : f8[arms, seeds]
    better : pair of "less" or "more"
        What is better in each of the two.
    taken : f8[replicates, seeds]
        From `ranking.resampled`.

    Examples
    --------
    >>> from scslab.lab.compare.ranking import resampled
    >>> harm = np.array([[9.0, 9.0], [5.0, 5.0], [7.0, 7.0]])
    >>> kept = np.array([[0.6, 0.6], [0.5, 0.5], [0.4, 0.4]])
    >>> frontier(harm, kept, ("less", "more"), resampled(2, 10)).on.tolist()
    [True, True, False]
    """
    every = np.ones((1, harm.shape[1]))
    on = undominated(replicate_means(harm, every), replicate_means(compliance, every), better)[0]
    x, y = replicate_means(harm, taken), replicate_means(compliance, taken)
    known = np.isfinite(x).all(axis=1) & np.isfinite(y).all(axis=1)
    if not known.any():
        return Frontier(on, np.full(len(harm), np.nan))
    return Frontier(on, undominated(x[known], y[known], better).mean(axis=0))


def undominated(x: np.ndarray, y: np.ndarray, better: tuple[str, str]) -> np.ndarray:
    """Which points of each row no other point of it beats, bool[rows, points].

    A point is beaten by one that is at least as good in both and better in one; equals do not
    beat each other. A point without a value is not on the frontier and beats nobody.
    """
    a, b = ((v if which == "less" else -v) for v, which in zip((x, y), better, strict=True))
    no_worse = (a[:, None, :] <= a[:, :, None]) & (b[:, None, :] <= b[:, :, None])
    truly = (a[:, None, :] < a[:, :, None]) | (b[:, None, :] < b[:, :, None])
    known = np.isfinite(a) & np.isfinite(b)
    return np.asarray(known & ~(no_worse & truly).any(axis=2))
