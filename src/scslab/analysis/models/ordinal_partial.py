"""Partial proportional odds: some predictors act differently at each threshold.

P(y <= j) = F(threshold_j - x b - z g_j), so that g_j reads like b: above 0 it raises answers above
the j-th threshold (Peterson and Harrell 1990; `nominal=` of R's `ordinal::clm`, which gives -g_j).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scslab.analysis.models.newton import Peak, ascend
from scslab.analysis.models.ordinal_fit import make_problem, solve
from scslab.analysis.models.ordinal_links import Link
from scslab.core.errors import ScslabError
from scslab.core.threads import blocks


@dataclass(frozen=True)
class PartialProblem:
    """An ordinal outcome with predictors X of one effect and Z of an effect at each threshold.

    Parameters are in the order b, then for each threshold its value and its g.
    """

    X: np.ndarray
    Z: np.ndarray
    y: np.ndarray
    categories: int
    link: Link

    @property
    def size(self) -> int:
        """Number of parameters."""
        return self.X.shape[1] + (self.categories - 1) * (1 + self.Z.shape[1])


def bounds(problem: PartialProblem, parameters: np.ndarray, rows: slice) -> np.ndarray:
    """Every threshold less its linear predictor, f8[rows, categories - 1]."""
    k, m = problem.X.shape[1], problem.Z.shape[1]
    cuts = parameters[k:].reshape(problem.categories - 1, 1 + m)
    return (
        cuts[:, 0] - problem.Z[rows] @ cuts[:, 1:].T - (problem.X[rows] @ parameters[:k])[:, None]
    )


def partial_parts(
    problem: PartialProblem, parameters: np.ndarray, rows: slice
) -> tuple[np.ndarray, ...]:
    """Log-likelihood and derivatives by upper and lower bound of each row (as `RowParts`)."""
    edges = bounds(problem, parameters, rows)
    y, at = problem.y[rows], np.arange(rows.stop - rows.start)
    padded = np.column_stack([np.full(len(at), -np.inf), edges, np.full(len(at), np.inf)])
    upper, lower, link = padded[at, y + 1], padded[at, y], problem.link
    far = lower > link.middle
    inside = np.where(
        far, link.above(lower) - link.above(upper), link.below(upper) - link.below(lower)
    )
    # Where thresholds cross for a row its probability is negative: no likelihood.
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.where(inside > 0, np.log(inside), -np.inf)
        inside = np.where(inside > 0, inside, 1.0)
    at_upper, at_lower = link.density(upper) / inside, link.density(lower) / inside
    return (
        logs,
        at_upper,
        -at_lower,
        link.slope(upper) / inside - at_upper**2,
        -link.slope(lower) / inside - at_lower**2,
        at_upper * at_lower,
    )


def side_designs(problem: PartialProblem, rows: slice) -> tuple[np.ndarray, np.ndarray]:
    """Derivative of a row's upper and lower bound by all parameters, f8[rows, size] each."""
    k, width = problem.X.shape[1], 1 + problem.Z.shape[1]
    X, y = problem.X[rows], problem.y[rows]
    tilde = np.column_stack([np.ones(len(y)), -problem.Z[rows]])
    sides = []
    for shift in (0, -1):
        found = np.zeros((len(y), problem.size))
        found[:, :k] = -X
        for j in range(problem.categories - 1):
            of = y + shift == j
            found[of, k + j * width : k + (j + 1) * width] = tilde[of]
        edge = (y + shift < 0) | (y + shift >= problem.categories - 1)
        found[edge] = 0.0
        sides.append(found)
    return sides[0], sides[1]


def partial_derivatives(
    problem: PartialProblem, weights: np.ndarray, parameters: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Weighted log-likelihood, gradient and information."""
    total, gradient = 0.0, np.zeros(problem.size)
    information = np.zeros((problem.size, problem.size))
    for rows in blocks(len(problem.y)):
        logs, by_upper, by_lower, upper2, lower2, both = partial_parts(problem, parameters, rows)
        w = weights[rows]
        up, low = side_designs(problem, rows)
        total += float(w @ logs)
        gradient += (w * by_upper) @ up + (w * by_lower) @ low
        cross = (up * (w * both)[:, None]).T @ low
        information -= (up * (w * upper2)[:, None]).T @ up
        information -= (low * (w * lower2)[:, None]).T @ low
        information -= cross + cross.T
    return total, gradient, information


def partial_scores(problem: PartialProblem, parameters: np.ndarray, rows: slice) -> np.ndarray:
    """Each row's gradient of its log-likelihood, unweighted, f8[rows, size]."""
    _, by_upper, by_lower, *_ = partial_parts(problem, parameters, rows)
    up, low = side_designs(problem, rows)
    return up * by_upper[:, None] + low * by_lower[:, None]


def solve_partial(problem: PartialProblem, weights: np.ndarray) -> Peak:
    """Maximise the weighted likelihood (of weights of mean 1).

    Raises
    ------
    ScslabError
        No maximum within reach: thresholds cross, or a predictor separates categories.
    """
    weights = weights / weights.mean()
    try:
        found = ascend(
            lambda at: partial_derivatives(problem, weights, at),
            lambda step: moves(problem, step),
            proportional_start(problem, weights),
            reach=np.zeros(problem.size),
        )
    except ScslabError as error:
        raise no_partial(error) from error
    if found.separated:
        raise no_partial(None)
    return found


def no_partial(error: ScslabError | None) -> ScslabError:
    """The mistake of a partial model without a maximum."""
    return ScslabError(
        "the partial proportional-odds model found no maximum",
        got=error.got if error is not None else None,
        why="its thresholds cross for some respondents, or a predictor separates categories",
        hint="free fewer predictors, or join categories that few chose",
    )


def moves(problem: PartialProblem, step: np.ndarray) -> float:
    """How far a step moves any row from any threshold."""
    return max(float(np.abs(bounds(problem, step, rows)).max()) for rows in blocks(len(problem.y)))


def proportional_start(problem: PartialProblem, weights: np.ndarray) -> np.ndarray:
    """The proportional model's solution in the parameters of the partial one."""
    k, m = problem.X.shape[1], problem.Z.shape[1]
    X = np.column_stack([problem.X, problem.Z])
    whole = make_problem(X, problem.y, problem.categories, problem.link.name)
    found = solve(whole, weights).b
    cuts = np.empty((problem.categories - 1, 1 + m))
    cuts[:, 0] = found[k + m :]
    cuts[:, 1:] = found[k : k + m]
    return np.concatenate([found[:k], cuts.ravel()])
