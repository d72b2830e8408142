"""Rankings with their uncertainty: what another draw of seeds would put first."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scslab.core.draws import decision, units

REPLICATES = 4000
EDGES = (0.025, 0.975)


class Ranks(NamedTuple):
    """Where each safeguard stands in one quantity.

    Attributes
    ----------
    place : f8[arms]
        Rank of the mean, 1 for the best; equals share the middle of their ranks.
    low, high : f8[arms]
        Interval of the rank over replicates.
    best : f8[arms]
        Share of replicates in which it is first; equals share it.
    shares : f8[arms, ranks]
        Share of replicates at each rank.
    """

    place: np.ndarray
    low: np.ndarray
    high: np.ndarray
    best: np.ndarray
    shares: np.ndarray


def resampled(seeds: int, replicates: int = REPLICATES) -> np.ndarray:
    """How often each seed is taken in each replicate, f8[replicates, seeds].

    The same replicates serve all safeguards and quantities, so that comparisons stay paired.

    Examples
    --------
    >>> taken = resampled(5, 3)
    >>> taken.shape, taken.sum(axis=1).tolist()
    ((3, 5), [5.0, 5.0, 5.0])
    """
    numbers = np.arange(replicates * seeds, dtype=np.uint64)
    drawn = (units(decision("compare: seeds of a replicate"), numbers) * seeds).astype(np.int64)
    rows = np.repeat(np.arange(replicates), seeds)
    counts = np.bincount(rows * seeds + drawn, minlength=replicates * seeds)
    return counts.reshape(replicates, seeds).astype(np.float64)


def replicate_means(values: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """Means over the seeds of each replicate, f8[replicates, arms]; NaN where none has a value.

    Parameters
    ----------
    values : f8[arms, seeds]
    taken : f8[replicates, seeds]
        From `resampled`.
    """
    known = np.isfinite(values)
    # One arm after the other, each in the order of its seeds: equal values give equal means, bit
    # by bit, which a product of matrices does not promise.
    sums = np.stack([(taken * row).sum(axis=1) for row in np.where(known, values, 0.0)], axis=1)
    counts = np.stack([(taken * row).sum(axis=1) for row in known], axis=1)
    return np.divide(sums, counts, where=counts > 0, out=np.full(sums.shape, np.nan))


def ranks(values: np.ndarray, better: str, taken: np.ndarray) -> Ranks:
    """Rank the arms of a comparison in one quantity.

    Parameters
    ----------
    values : f8[arms, seeds]
    better : "less" or "more"
    taken : f8[replicates, seeds]
        From `resampled`.

    Examples
    --------
    >>> found = ranks(np.array([[5.0, 6.0], [1.0, 2.0]]), "less", resampled(2, 100))
    >>> found.place.tolist(), found.best.tolist()
    ([2.0, 1.0], [0.0, 1.0])
    """
    sign = 1.0 if better == "less" else -1.0
    means = replicate_means(values, np.ones((1, values.shape[1])))
    place = midranks(sign * means)[0]
    drawn = replicate_means(values, taken)
    drawn = sign * drawn[np.isfinite(drawn).all(axis=1)]
    arms = len(values)
    if not np.isfinite(place).all() or not len(drawn):
        nothing = np.full(arms, np.nan)
        return Ranks(nothing, nothing, nothing, nothing, np.full((arms, arms), np.nan))
    before = (drawn[:, None, :] < drawn[:, :, None]).sum(axis=2)
    equal = (drawn[:, None, :] == drawn[:, :, None]).sum(axis=2)
    shares = np.stack(
        [((before <= r) & (r < before + equal)) / equal for r in range(arms)], axis=2
    ).mean(axis=0)
    middle = before + (equal + 1) / 2
    low, high = np.quantile(middle, EDGES, axis=0, method="inverted_cdf")
    return Ranks(place, low, high, shares[:, 0], shares)


def midranks(values: np.ndarray) -> np.ndarray:
    """Ranks within each row, 1 for the least; equals get the middle of theirs; NaN stays NaN.

    Examples
    --------
    >>> midranks(np.array([[3.0, 1.0, 3.0]])).tolist()
    [[2.5, 1.0, 2.5]]
    """
    before = (values[:, None, :] < values[:, :, None]).sum(axis=2)
    equal = (values[:, None, :] == values[:, :, None]).sum(axis=2)
    return np.where(np.isfinite(values), before + (equal + 1) / 2, np.nan)
