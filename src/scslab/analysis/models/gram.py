"""Sums of squares and products of a design matrix, in blocks of rows that stay in the cache."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scslab.core.threads import BLOCK, add_up

INTERCEPT = "(Intercept)"


def centred_products(
    X: np.ndarray, weights: np.ndarray, centre: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Weighted means f8[k] of columns, and their squares and products f8[k, k] about them.

    Without `centre` the means are still given but the products are about 0. Columns are shifted
    by the means of the first rows, so that no figures are lost where a mean is large beside its
    standard deviation (a year).
    """
    k = X.shape[1]
    first = X[:BLOCK].mean(axis=0)
    shift = first if centre else np.zeros(k)

    def of_block(rows: slice) -> tuple[np.ndarray, np.ndarray]:
        part = X[rows] - shift
        weighed = part * weights[rows, None]
        return weighed.sum(axis=0), part.T @ weighed

    sums, found = add_up(len(X), of_block)
    total = float(weights.sum())
    if centre:
        found -= np.outer(sums, sums) / total
    return shift + sums / total, found


def spreads(X: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted standard deviations f8[k] of columns."""
    _, found = centred_products(X, weights, True)
    return np.sqrt(np.maximum(np.diag(found), 0.0) / float(weights.sum()))


def shift_of(X: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """What to take off each column (f8[k]) so that sums of squares keep their figures.

    Means of the first rows beside an intercept, which takes the shift up again; 0 without one.
    """
    if INTERCEPT not in names:
        return np.zeros(X.shape[1])
    found: np.ndarray = X[:BLOCK].mean(axis=0)
    found[list(names).index(INTERCEPT)] = 0.0
    return found


def back(shift: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """The matrix f8[k, k] that turns coefficients of shifted columns into those of the columns."""
    found = np.eye(len(shift))
    if INTERCEPT in names:
        found[list(names).index(INTERCEPT)] -= shift
    return found


def shifted(X: np.ndarray, shift: np.ndarray, rows: slice) -> np.ndarray:
    """A block of rows with the shift taken off; the block itself where there is none."""
    return X[rows] - shift if shift.any() else X[rows]
