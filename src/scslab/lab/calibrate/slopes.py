"""How moments answer to parameters: finite differences with steps wide enough for a sample."""

from __future__ import annotations

import numpy as np

from scslab.lab.calibrate.evaluate import Evaluator


def slopes_at(
    evaluator: Evaluator, values: np.ndarray, moments: np.ndarray, step: float, both: bool
) -> np.ndarray:
    """Change of each score over the whole range of each parameter, f8[m, k].

    Moments of a simulated sample are counts: over a short step few persons change their answer
    and the slope is rough; over a long one it is bent. A step of 5 % of the range is between (see
    docs/design.md). One-sided slopes look towards the middle of the range, two-sided ones use the
    same points and those across. A side whose moments are not finite is left out; with none left
    the slope is taken to be nil.
    """
    problem = evaluator.problem
    shares = problem.share(values)
    inward = np.where(shares < 0.5, step, -step)
    first = tried(evaluator, values, inward, np.ones(len(values), dtype=bool))
    blind = ~np.isfinite(first[1]).all(axis=1)
    second = tried(evaluator, values, -inward, blind | both)
    one, other = (problem.scores(found) for found in (first[1], second[1]))
    here = problem.scores(moments)
    # Where a side cannot be used, the point itself stands in for it.
    one_at, one = usable(first[0], one, shares, here)
    other_at, other = usable(second[0], other, shares, here)
    apart = one_at - other_at
    seen = apart != 0
    slopes = np.zeros_like(one)
    slopes[seen] = (one[seen] - other[seen]) / apart[seen, None]
    return slopes.T


def tried(
    evaluator: Evaluator, values: np.ndarray, by: np.ndarray, which: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Where each parameter was put, f8[k] (shares), and the moments there, f8[k, m].

    Parameters that are not asked for, or cannot be moved that way, stay and have no moments.
    """
    problem = evaluator.problem
    shares = problem.share(values)
    put = shares.copy()
    found = np.full((len(values), len(problem.targets)), np.nan)
    points, places = [], []
    for i in np.flatnonzero(which):
        moved = shares.copy()
        moved[i] = np.clip(shares[i] + by[i], 0.0, 1.0)
        point = values.copy()
        point[i] = problem.at(moved)[i]
        if point[i] != values[i]:
            put[i] = problem.share(point)[i]
            points.append(point)
            places.append(i)
    if points:
        found[places] = evaluator.many(points)
    return put, found


def usable(
    at: np.ndarray, scores: np.ndarray, shares: np.ndarray, here: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Places and scores of one side, the point itself where that side has none."""
    good = np.isfinite(scores).all(axis=1)
    return np.where(good, at, shares), np.where(good[:, None], scores, here)
