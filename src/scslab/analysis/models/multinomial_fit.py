"""Maximum likelihood of a baseline-category logit: Newton's method in blocks of rows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from scslab.analysis.models.binary_fit import FIRST_LOOK
from scslab.analysis.models.gram import shifted
from scslab.analysis.models.newton import Derivatives, Peak, ascend
from scslab.core.errors import ScslabError
from scslab.core.threads import add_up, blocks


@dataclass(frozen=True)
class Multinomial:
    """A nominal outcome and its predictors; coefficients run by category, then by column."""

    X: np.ndarray
    shift: np.ndarray
    y: np.ndarray
    categories: int
    reach: np.ndarray  # the range of each predictor

    @property
    def size(self) -> int:
        """Coefficients of all categories but the first."""
        return self.X.shape[1] * (self.categories - 1)


def row_parts(eta: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each row's log-likelihood, and probabilities f8[rows, categories - 1] but the first's.

    `eta` (f8[rows, categories - 1]) are linear predictors against the first category's 0.
    """
    top = np.maximum(eta.max(axis=1), 0.0)
    e = np.exp(eta - top[:, None])
    total = e.sum(axis=1) + np.exp(-top)
    own = np.where(y > 0, eta[np.arange(len(y)), np.maximum(y, 1) - 1], 0.0)
    return own - top - np.log(total), e / total[:, None]


def residuals(p: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Which category a row is in, less the probabilities; f8[rows, categories - 1]."""
    found = -p
    rows = np.flatnonzero(y > 0)
    found[rows, y[rows] - 1] += 1.0
    return found


def derivatives(
    problem: Multinomial, weights: np.ndarray, b: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Weighted log-likelihood, gradient f8[size] and information f8[size, size]."""
    k, others = problem.X.shape[1], problem.categories - 1
    B = b.reshape(others, k)

    def of_block(rows: slice) -> Derivatives:
        part, w, y = shifted(problem.X, problem.shift, rows), weights[rows], problem.y[rows]
        logs, p = row_parts(part @ B.T, y)
        information = np.zeros((others, k, others, k))
        for i in range(others):
            for j in range(i, others):
                curve = w * p[:, i] * ((i == j) - p[:, j])
                information[i, :, j] = (part * curve[:, None]).T @ part
        return float(w @ logs), (residuals(p, y) * w[:, None]).T @ part, information

    total, gradient, information = add_up(len(problem.y), of_block)
    for i in range(others):
        for j in range(i):
            information[i, :, j] = information[j, :, i].T
    return total, gradient.ravel(), information.reshape(problem.size, problem.size)


def solve_multinomial(
    problem: Multinomial,
    weights: np.ndarray,
    start: np.ndarray | None = None,
    *,
    in_passing: bool = False,
) -> Peak:
    """Maximise the weighted likelihood (weights of mean 1), from a start or a first guess.

    Raises
    ------
    ScslabError
        No maximum within reach.
    """
    return ascend(
        lambda b: derivatives(problem, weights, b),
        lambda step: moves(problem, step),
        first_guess(problem, weights) if start is None else start,
        reach=np.tile(problem.reach, problem.categories - 1),
        in_passing=in_passing,
    )


def moves(problem: Multinomial, step: np.ndarray) -> float:
    """How far a step of the coefficients moves any linear predictor."""
    by_category = step.reshape(problem.categories - 1, -1).T
    return max(
        float(np.abs(shifted(problem.X, problem.shift, rows) @ by_category).max())
        for rows in blocks(len(problem.y))
    )


def first_guess(problem: Multinomial, weights: np.ndarray) -> np.ndarray:
    """0; for a large n the solution of a part of the rows."""
    guess = np.zeros(problem.size)
    n = len(problem.y)
    if n < 4 * FIRST_LOOK:
        return guess
    rows = slice(None, None, n // FIRST_LOOK)
    part = replace(problem, X=np.ascontiguousarray(problem.X[rows]), y=problem.y[rows])
    try:
        found = solve_multinomial(part, weights[rows] / weights[rows].mean(), guess)
    except ScslabError:  # a rare category is not in the part
        return guess
    return guess if found.separated else found.b
