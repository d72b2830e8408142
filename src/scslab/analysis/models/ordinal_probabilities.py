"""Predicted probabilities of an ordinal model, and how they move with its parameters."""

from __future__ import annotations

import numpy as np

from scslab.analysis.models.ordinal_links import Link
from scslab.core.threads import blocks


def probabilities(X: np.ndarray, parameters: np.ndarray, link: Link) -> np.ndarray:
    """P(y = j) of each row, f8[n, categories].

    Examples
    --------
    >>> from scslab.analysis.models.ordinal_links import LINKS
    >>> probabilities(np.zeros((1, 1)), np.array([0.0, -1.0, 1.0]), LINKS["logit"]).round(3)
    array([[0.269, 0.462, 0.269]])
    """
    k = X.shape[1]
    eta = X @ parameters[:k]
    edges = parameters[k:] - eta[:, None]
    far = edges > link.middle
    below, above = link.below(edges), link.above(edges)
    found = np.empty((len(X), edges.shape[1] + 1))
    found[:, 0], found[:, -1] = below[:, 0], above[:, -1]
    inner = np.where(far[:, :-1], above[:, :-1] - above[:, 1:], below[:, 1:] - below[:, :-1])
    found[:, 1:-1] = inner
    return found


def mean_probabilities(
    X: np.ndarray, parameters: np.ndarray, link: Link, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Weighted mean of P(y = j), f8[categories], and its slope by parameters, f8[categories, size].

    The slope is what the delta method needs.
    """
    k, cuts = X.shape[1], len(parameters) - X.shape[1]
    mean = np.zeros(cuts + 1)
    by_bound = np.zeros(cuts)  # sum of w f(bound_j)
    by_slope = np.zeros((cuts, k))  # sum of w f(bound_j) x
    for rows in blocks(len(X)):
        part, w = X[rows], weights[rows]
        mean += w @ probabilities(part, parameters, link)
        density = link.density(parameters[k:] - (part @ parameters[:k])[:, None]) * w[:, None]
        by_bound += density.sum(axis=0)
        by_slope += density.T @ part
    slope = np.zeros((cuts + 1, k + cuts))
    at = np.arange(cuts)
    slope[at, k + at] += by_bound
    slope[at + 1, k + at] -= by_bound
    slope[:-1, :k] -= by_slope
    slope[1:, :k] += by_slope
    total = weights.sum()
    return mean / total, slope / total
