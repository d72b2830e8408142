"""Maximum likelihood of an ordinal model by Newton's method, in blocks of rows.

The gradient and the Hessian are analytic (McCullagh 1980); a fit ends when Newton's decrement is
nil, not when the likelihood seems to stand still. Rows are worked on in blocks that stay in the
processor's cache, so memory beyond the data does not grow with n.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from scslab.analysis.models.gram import shifted
from scslab.analysis.models.newton import Peak, ascend
from scslab.analysis.models.ordinal_links import LINKS, Link
from scslab.core.errors import ScslabError
from scslab.core.threads import BLOCK, add_up, blocks

FAR_OFF = 10.0  # a mean so many ranges from 0 (a year, a date) is taken off first
FIRST_LOOK = 20_000  # rows that a large fit is begun with


@dataclass(frozen=True)
class Problem:
    """An ordinal outcome and its predictors.

    Attributes
    ----------
    X : f8[n, k]
        Predictors, without a column of ones.
    y : int64[n]
        Category from 0.
    categories : int
    link : Link
    shift : f8[k]
        Taken off X in every block, so that a year or a date loses no figures; thresholds are
        those of the shifted predictors.
    reach : f8[k]
        The range of each predictor.
    """

    X: np.ndarray
    y: np.ndarray
    categories: int
    link: Link
    shift: np.ndarray
    reach: np.ndarray

    @property
    def size(self) -> int:
        """Coefficients and thresholds."""
        return self.X.shape[1] + self.categories - 1


@dataclass(frozen=True)
class RowParts:
    """Derivatives of each row's log-likelihood by its two bounds u (upper) and l (lower)."""

    logs: np.ndarray
    by_upper: np.ndarray
    by_lower: np.ndarray
    upper2: np.ndarray
    lower2: np.ndarray
    both: np.ndarray


def make_problem(
    X: np.ndarray, y: np.ndarray, categories: int, link: str, *, centred: bool = False
) -> Problem:
    """An ordinal problem with its link by name; `centred` shifts columns far from 0."""
    values = np.ascontiguousarray(X, dtype=float)
    reach = np.zeros(values.shape[1])
    if len(values):
        reach = values.max(axis=0) - values.min(axis=0)
    shift = np.zeros(values.shape[1])
    if centred:
        means = values[:BLOCK].mean(axis=0)
        # Only where figures would be lost: a block that is not shifted is not copied.
        shift = np.where(np.abs(means) > FAR_OFF * reach, means, 0.0)
    return Problem(values, y, categories, LINKS[link], shift, reach)


def row_parts(problem: Problem, parameters: np.ndarray, rows: slice) -> RowParts:
    """Each row's log-likelihood with first and second derivatives by its bounds."""
    k = problem.X.shape[1]
    bounds = np.concatenate([[-np.inf], parameters[k:], [np.inf]])
    y = problem.y[rows]
    eta = shifted(problem.X, problem.shift, rows) @ parameters[:k]
    upper, lower = bounds[y + 1] - eta, bounds[y] - eta
    if problem.link.name == "logit":
        return logit_parts(upper, lower)
    link = problem.link
    far = lower > link.middle
    inside = np.where(
        far, link.above(lower) - link.above(upper), link.below(upper) - link.below(lower)
    )
    inside = np.maximum(inside, 1e-300)
    at_upper, at_lower = link.density(upper) / inside, link.density(lower) / inside
    return RowParts(
        logs=np.log(inside),
        by_upper=at_upper,
        by_lower=-at_lower,
        upper2=link.slope(upper) / inside - at_upper**2,
        lower2=-link.slope(lower) / inside - at_lower**2,
        both=at_upper * at_lower,
    )


def logit_parts(upper: np.ndarray, lower: np.ndarray) -> RowParts:
    """`row_parts` of the logit in closed form, a third of the time of the general one."""
    # With A = e^-u and B = e^l: F(u) = 1/(1+A), 1-F(l) = 1/(1+B), and the probability between
    # the bounds is (1 - A B) / ((1 + A) (1 + B)), which loses no figures in either tail.
    with np.errstate(over="ignore"):
        A, B = np.exp(-upper), np.exp(lower)
        gap = -np.expm1(lower - upper)
    below, above = 1 / (1 + A), 1 / (1 + B)
    # Log of the odds-free form; e^-u and e^l overflow only where the row is hopeless.
    logs = np.log(gap) + np.log(below) + np.log(above)
    by_upper = (1 - below) / (above * gap)
    by_lower = (1 - above) / (below * gap)
    both = by_upper * by_lower
    return RowParts(
        logs=logs,
        by_upper=by_upper,
        by_lower=-by_lower,
        upper2=by_upper * (1 - 2 * below) - by_upper**2,
        lower2=-by_lower * (2 * above - 1) - by_lower**2,
        both=both,
    )


def derivatives(
    problem: Problem, weights: np.ndarray, parameters: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Weighted log-likelihood, its gradient f8[size], and the information f8[size, size].

    Thresholds out of order have no likelihood.
    """
    k, cuts = problem.X.shape[1], problem.categories - 1
    if (np.diff(parameters[k:]) <= 0).any():
        return -np.inf, np.zeros(problem.size), np.zeros((problem.size, problem.size))

    def of_block(rows: slice) -> tuple[float, np.ndarray, np.ndarray]:
        gradient = np.zeros(problem.size)
        information = np.zeros((problem.size, problem.size))
        part, w, y = row_parts(problem, parameters, rows), weights[rows], problem.y[rows]
        X = shifted(problem.X, problem.shift, rows)
        by_upper, by_lower = w * part.by_upper, w * part.by_lower
        upper2, lower2, both = w * part.upper2, w * part.lower2, w * part.both
        gradient[:k] = -(by_upper + by_lower) @ X
        counts = problem.categories
        gradient[k:] = np.bincount(y, by_upper, counts)[:-1] + np.bincount(y, by_lower, counts)[1:]
        information[:k, :k] = -(X * (upper2 + 2 * both + lower2)[:, None]).T @ X
        # What couples a row's two thresholds with its predictors.
        coupling = np.zeros((len(y), cuts + 2))
        at = np.arange(len(y))
        coupling[at, y + 1] = upper2 + both
        coupling[at, y] = lower2 + both
        information[:k, k:] = X.T @ coupling[:, 1:-1]
        place = np.arange(k, k + cuts)
        information[place, place] = -(
            np.bincount(y, upper2, counts)[:-1] + np.bincount(y, lower2, counts)[1:]
        )
        information[place[:-1], place[1:]] = -np.bincount(y, both, counts)[1:-1]
        return float(w @ part.logs), gradient, information

    total, gradient, information = add_up(len(problem.y), of_block)
    upper = np.triu(information, 1)
    return total, gradient, upper + upper.T + np.diag(np.diag(information))


def row_scores(problem: Problem, parameters: np.ndarray, rows: slice) -> np.ndarray:
    """Each row's gradient of its log-likelihood, unweighted, f8[rows, size]."""
    k, part, y = problem.X.shape[1], row_parts(problem, parameters, rows), problem.y[rows]
    found = np.zeros((len(y), problem.size + 2))
    at = np.arange(len(y))
    found[at, k + y + 1] = part.by_upper
    found[at, k + y] = part.by_lower  # the first category's lower bound falls on column k ...
    found[:, k : k + problem.categories - 1] = found[:, k + 1 : k + problem.categories]
    found[:, :k] = (
        shifted(problem.X, problem.shift, rows) * -(part.by_upper + part.by_lower)[:, None]
    )
    return found[:, : problem.size]


def solve(
    problem: Problem,
    weights: np.ndarray,
    start: np.ndarray | None = None,
    *,
    in_passing: bool = False,
) -> Peak:
    """Maximise the weighted likelihood.

    Parameters
    ----------
    weights : f8[n]
        Positive; their scale does not matter.
    start : f8[size], optional
        Where to begin; else from the shares of the categories (and, for a large n, from a fit to
        every so-manieth row).
    in_passing : bool
        Whether only the parameters are wanted, as of a replicate.

    Raises
    ------
    ScslabError
        The likelihood has no maximum within reach.
    """
    weights = weights / weights.mean()
    return ascend(
        lambda at: derivatives(problem, weights, at),
        lambda step: moves(problem, step),
        first_guess(problem, weights) if start is None else start,
        reach=np.append(problem.reach, np.zeros(problem.categories - 1)),
        in_passing=in_passing,
    )


def unshifted(problem: Problem) -> np.ndarray:
    """The matrix that turns parameters of shifted predictors into those of the predictors.

    threshold - (x - s) b is (threshold + s b) - x b.
    """
    k = problem.X.shape[1]
    found = np.eye(problem.size)
    found[k:, :k] = problem.shift
    return found


def moves(problem: Problem, step: np.ndarray) -> float:
    """How far a step moves any row from its thresholds."""
    k, cuts = problem.X.shape[1], step[problem.X.shape[1] :]
    furthest = 0.0
    for rows in blocks(len(problem.y)):
        eta, y = shifted(problem.X, problem.shift, rows) @ step[:k], problem.y[rows]
        upper = np.abs(cuts[np.minimum(y, len(cuts) - 1)] - eta)
        lower = np.abs(cuts[np.maximum(y - 1, 0)] - eta)
        furthest = max(furthest, float(np.maximum(upper, lower).max()))
    return furthest


def first_guess(problem: Problem, weights: np.ndarray) -> np.ndarray:
    """Thresholds from the categories' shares; for a large n the solution of a part of the rows."""
    shares = np.bincount(problem.y, weights, problem.categories) / weights.sum()
    below = np.clip(np.cumsum(shares)[:-1], 1e-9, 1 - 1e-6)
    # Categories with next to no weight still need thresholds apart.
    below = np.maximum.accumulate(below + 1e-9 * np.arange(len(below)))
    guess = np.concatenate([np.zeros(problem.X.shape[1]), problem.link.inverse(below)])
    n = len(problem.y)
    if n < 4 * FIRST_LOOK:
        return guess
    rows = slice(None, None, n // FIRST_LOOK)
    part = replace(problem, X=np.ascontiguousarray(problem.X[rows]), y=problem.y[rows])
    try:
        found = solve(part, weights[rows], guess)
    except ScslabError:  # a rare category is not in the part
        return guess
    return guess if found.separated else found.b
