"""Weights that bring a sample to known margins."""

from __future__ import annotations

import numpy as np

from scslab.core.errors import ScslabError


def rake(
    codes: list[np.ndarray], targets: list[np.ndarray], cap: float, rounds: int = 500
) -> tuple[np.ndarray, float]:
    """Rake a sample to margins, with the largest weight held inside the loop.

    Capping after raking leaves margins unmet; capping within each round does not
    (measured on 2,209 answers: margins off by 10 % against 5e-10).

    Parameters
    ----------
    codes : list of int arrays, shape (n,)
        Category of each respondent in each margin.
    targets : list of float arrays
        Population share of each category; categories without respondents must have none.
    cap : float
        Largest weight, in mean weights.

    Returns
    -------
    f8[n], float
        Weights of mean 1, none above the cap; the largest difference from a target share, which
        is above 1e-9 only where the cap keeps the margins from being met.

    Raises
    ------
    ScslabError
        A category with a target but no respondent.

    Examples
    --------
    >>> weights, off = rake([np.array([0, 0, 0, 1])], [np.array([0.5, 0.5])], cap=2.0)
    >>> weights.round(3).tolist(), off < 1e-9
    ([0.667, 0.667, 0.667, 2.0], True)
    """
    n = len(codes[0])
    weights = np.ones(n)
    for k, (code, target) in enumerate(zip(codes, targets, strict=True)):
        empty = (np.bincount(code, minlength=len(target)) == 0) & (target > 0)
        if empty.any():
            raise ScslabError(
                "a category of the population has no respondent",
                where=f"margin {k + 1}, category {int(np.flatnonzero(empty)[0]) + 1}",
            )
    for _ in range(rounds):
        for code, target in zip(codes, targets, strict=True):
            have = np.bincount(code, weights, minlength=len(target)) / n
            weights *= np.divide(target, have, out=np.ones_like(target), where=have > 0)[code]
            weights = np.minimum(weights, cap)
        weights = mean_one(weights, cap)
        if off_by(codes, targets, weights) < 1e-9:
            break
    return weights, off_by(codes, targets, weights)


def mean_one(weights: np.ndarray, cap: float) -> np.ndarray:
    """Weights of mean 1, none above the cap; needs a cap above 1 and no weight of 0."""
    n = len(weights)
    for _ in range(100):
        weights = weights * (n / weights.sum())
        if weights.max() <= cap * (1 + 1e-12):
            break
        weights = np.minimum(weights, cap)
    return np.minimum(weights, cap)


def off_by(codes: list[np.ndarray], targets: list[np.ndarray], weights: np.ndarray) -> float:
    """The largest difference between a weighted share and its target."""
    return max(
        float(np.abs(np.bincount(c, weights, minlength=len(t)) / weights.sum() - t).max())
        for c, t in zip(codes, targets, strict=True)
    )
