"""Mahalanobis distance of a respondent's answers from the sample's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

from scslab.core.errors import ScslabError

SINGULAR = 1e-10  # share of an item's variance that the items before it leave unexplained


@dataclass(frozen=True)
class Distances:
    """Squared distances (f8[n]), the items they rest on, and items left out as redundant."""

    squared: np.ndarray
    used: tuple[int, ...]
    redundant: tuple[int, ...]


def mahalanobis(values: np.ndarray) -> Distances:
    """Squared Mahalanobis distances as `careless::mahad` gives them.

    The covariance is pairwise (each pair of items over those who answered both) and an unanswered
    item adds nothing to a distance, as in `psych::outlier`, on which `mahad` rests. An item that
    is constant, or that the items before it determine, is left out and named: the distance from
    the rest is the same as with a generalised inverse of the whole.

    Parameters
    ----------
    values : f8[k, n]
        Answers, an item a row, NaN where missing.

    Raises
    ------
    ScslabError
        Too few answers in common for a covariance.
    """
    there = ~np.isnan(values)
    # psych::outlier centres on each item's own mean, whoever answered the others.
    means = np.where(there, values, 0.0).sum(axis=1) / np.maximum(there.sum(axis=1), 1)
    centred = np.where(there, values - means[:, None], 0.0)
    covariance = pairwise_covariance(centred, there)
    used, redundant = independent(covariance)
    squared = np.full(values.shape[1], np.nan)
    if used:
        root = np.linalg.cholesky(covariance[np.ix_(used, used)])
        inverse = solve_triangular(root, np.eye(len(used)), lower=True)
        scores = inverse @ (centred[used] if redundant else centred)
        squared = np.einsum("kn,kn->n", scores, scores)
    squared[~there.any(axis=0)] = np.nan
    return Distances(squared, tuple(used), tuple(redundant))


def pairwise_covariance(centred: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Covariance of each pair over those who answered both (R's use = "pairwise").

    Raises
    ------
    ScslabError
        A pair that fewer than two respondents answered.
    """
    n = there.shape[1]
    if there.all():
        return np.asarray(centred @ centred.T / max(n - 1, 1))
    known = there.astype(float)
    count = known @ known.T
    if (count < 2).any():
        a, b = np.argwhere(count < 2)[0]
        raise ScslabError(
            "two items have fewer than two respondents in common",
            where="Mahalanobis distance",
            got=f"items {a + 1} and {b + 1} of the block",
            hint="leave one of them out of the items",
        )
    sums = centred @ known.T  # sum of item a over those who answered b
    return np.asarray((centred @ centred.T - sums * sums.T / count) / (count - 1))


def independent(covariance: np.ndarray) -> tuple[list[int], list[int]]:
    """Items kept, and items that those before them determine, by a Cholesky row at a time.

    Raises
    ------
    ScslabError
        A pairwise covariance that no answers could have.
    """
    used: list[int] = []
    redundant: list[int] = []
    for item in range(len(covariance)):
        left = variance = covariance[item, item]
        if used:
            root = np.linalg.cholesky(covariance[np.ix_(used, used)])
            part = solve_triangular(root, covariance[used, item], lower=True)
            left = variance - part @ part
        if left < -1e-6 * variance:
            raise ScslabError(
                "the items' pairwise covariance is no covariance",
                where="Mahalanobis distance",
                why="too few respondents answered the same items",
                hint="leave the items with the most missing answers out of the screen",
            )
        (used if left > SINGULAR * max(variance, 1e-300) else redundant).append(item)
    return used, redundant
