"""Raking on codes: rounds of scaling to each margin in turn, on collapsed cells.

Deming and Stephan (1940). Respondents who share all margins (and, under a cap, their start
weight) get the same factor, so that the rounds run over cells; a million rows cost what their
cells cost (measured: 372 cells against 1,000,000 rows, 0.04 s against 4 s).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from scslab.core.errors import ScslabError

CapUnit = Literal["mean", "design"]
TOLERANCE = 1e-9
ROUNDS = 500
WAIT = 50  # rounds without progress after which raking is in a cycle


@dataclass(frozen=True)
class Raking:
    """What raking came to.

    `weights` (f8[n]) have mean 1 (over copies); `off` is the largest difference from a target
    share, in the margin `worst`; `stuck` says that more rounds would not help.
    """

    weights: np.ndarray
    off: float
    worst: int
    rounds: int
    converged: bool
    stuck: bool


@dataclass(frozen=True)
class Cells:
    """Rows that get the same factor, taken together.

    `of_row` int64[n]; `codes` of each cell in each margin; `mass` f8[cells] is the start weight
    of a cell or, under a cap, its rows (copies), whose weight is then `start`.
    """

    of_row: np.ndarray
    codes: list[np.ndarray]
    mass: np.ndarray
    start: np.ndarray


def rake_codes(
    codes: Sequence[np.ndarray],
    targets: Sequence[np.ndarray],
    start_weights: np.ndarray | None = None,
    cap: float | None = None,
    *,
    copies: np.ndarray | None = None,
    cap_relative_to: CapUnit = "mean",
    tolerance: float = TOLERANCE,
    rounds: int = ROUNDS,
    give_up: bool = True,
) -> Raking:
    """Rake weights to margins, with the largest weight held inside the loop.

    Capping after raking leaves margins unmet; capping within each round does not
    (measured on 2,209 answers: margins off by 10 % against 5e-10).

    Parameters
    ----------
    codes : sequence of int arrays, shape (n,)
        Category of each respondent in each margin, from 0.
    targets : sequence of float arrays
        Population share of each category; each margin sums to 1. Respondents of a category
        with target 0 get weight 0.
    start_weights : f8[n], optional
        Positive; 1 for everybody by default.
    cap : float, optional
        Largest weight, in mean weights; above 1. With `cap_relative_to="design"` the largest
        ratio of a weight to its start weight, both in mean weights.
    copies : f8[n], optional
        How often each row counts, all above 0; 1 by default. Weights, their mean and their cap are
        then of one copy.
    tolerance : float
        Largest difference of a weighted share from its target.
    give_up : bool
        Whether to stop before the last round where the difference no longer falls.

    Returns
    -------
    Raking
        Its `off` is above the tolerance only where the margins cannot be met: by this many
        rounds, by these respondents or under this cap. The caller decides what that means.

    Raises
    ------
    ScslabError
        A category with a target but no respondent; a cap that is not above 1.

    Examples
    --------
    >>> found = rake_codes([np.array([0, 0, 0, 1])], [np.array([0.5, 0.5])], cap=2.0)
    >>> found.weights.round(3).tolist(), found.converged
    ([0.667, 0.667, 0.667, 2.0], True)
    """
    for k, (code, target) in enumerate(zip(codes, targets, strict=True)):
        empty = (np.bincount(code, minlength=len(target)) == 0) & (target > 0)
        if empty.any():
            raise ScslabError(
                "a category of the population has no respondent",
                where=f"margin {k + 1}, category {int(np.flatnonzero(empty)[0]) + 1}",
            )
    if cap is not None and not cap > 1:
        raise ScslabError(
            "a cap on weights must be above 1",
            got=cap,
            expected="a number of mean weights, such as 2.0",
        )
    count = np.ones(len(codes[0])) if copies is None else np.asarray(copies, dtype=float)
    n = float(count.sum())
    start = np.ones(len(count)) if start_weights is None else np.asarray(start_weights, dtype=float)
    start = start * (n / (start @ count))
    sizes = [len(t) for t in targets]
    cells = collapse(codes, sizes, start, count, capped=cap is not None)
    limit = np.inf if cap is None else cap * (cells.start if cap_relative_to == "design" else 1.0)
    weights, done = run_rounds(cells, targets, n, limit, tolerance, rounds, give_up)
    weights = weights[cells.of_row]
    if cap is None:
        weights *= start
    return Raking(weights, done.off, done.worst, done.rounds, done.off <= tolerance, done.stuck)


def collapse(
    codes: Sequence[np.ndarray],
    sizes: Sequence[int],
    start: np.ndarray,
    copies: np.ndarray,
    capped: bool,
) -> Cells:
    """Cells of rows that get the same factor."""
    keys = list(codes)
    shape = list(sizes)
    if capped and start.min() < start.max():
        same, values = pd.factorize(start)
        keys.append(same)
        shape.append(len(values))
    of_row, count, first = joint_codes(keys, shape)
    inner = [np.asarray(c)[first] for c in codes]
    if capped:
        return Cells(of_row, inner, np.bincount(of_row, copies, count), start[first])
    return Cells(of_row, inner, np.bincount(of_row, start * copies, count), np.ones(count))


def joint_codes(
    codes: Sequence[np.ndarray], sizes: Sequence[int]
) -> tuple[np.ndarray, int, np.ndarray]:
    """Number the combinations of codes that occur; gives their count and a row of each."""
    joined = np.asarray(codes[0], dtype=np.int64)
    size = sizes[0]
    for code, levels in zip(codes[1:], sizes[1:], strict=True):
        joined = joined * levels + code
        size *= levels
        if size > 1 << 20:
            joined, values = pd.factorize(joined)
            joined, size = joined.astype(np.int64), len(values)
    n = len(joined)
    first = np.full(size, -1, np.int64)
    first[joined[::-1]] = np.arange(n - 1, -1, -1)
    kept = first >= 0
    number = np.cumsum(kept) - 1
    return number[joined], int(kept.sum()), first[kept]


@dataclass(frozen=True)
class Done:
    """How the rounds ended."""

    off: float
    worst: int
    rounds: int
    stuck: bool


def run_rounds(
    cells: Cells,
    targets: Sequence[np.ndarray],
    n: float,
    limit: float | np.ndarray,
    tolerance: float,
    rounds: int,
    give_up: bool = True,
) -> tuple[np.ndarray, Done]:
    """Factors (or, under a cap, weights) of cells after scaling to each margin in turn."""
    weights = cells.start.copy()
    capped = bool(np.isfinite(limit).all())
    before = np.inf
    stuck = False
    off, worst = np.inf, 0
    count = 0
    for count in range(1, rounds + 1):  # noqa: B007 (its last value is what is told)
        for code, target in zip(cells.codes, targets, strict=True):
            have = np.bincount(code, cells.mass * weights, minlength=len(target)) / n
            weights *= np.divide(target, have, out=np.ones_like(target), where=have > 0)[code]
            if capped:
                weights = np.minimum(weights, limit)
        weights = mean_one(weights, cells.mass, n, limit)
        off, worst = off_by(cells, targets, weights)
        if off <= tolerance:
            break
        if count % WAIT == 0:
            stuck = off > before * (1 - 1e-6)
            if stuck and give_up:
                break
            before = off
    return weights, Done(off, worst, count, stuck)


def mean_one(
    weights: np.ndarray, mass: np.ndarray, n: float, limit: float | np.ndarray
) -> np.ndarray:
    """Weights of mean 1, none above the cap; needs a cap above 1 and no weight of 0."""
    for _ in range(100):
        weights = weights * (n / (mass * weights).sum())
        if (weights <= limit * (1 + 1e-12)).all():
            break
        weights = np.minimum(weights, limit)
    return np.minimum(weights, limit)


def off_by(cells: Cells, targets: Sequence[np.ndarray], weights: np.ndarray) -> tuple[float, int]:
    """The largest difference between a weighted share and its target, and its margin."""
    carried = cells.mass * weights
    total = carried.sum()
    gaps = [
        float(np.abs(np.bincount(c, carried, minlength=len(t)) / total - t).max())
        for c, t in zip(cells.codes, targets, strict=True)
    ]
    worst = int(np.argmax(gaps))
    return gaps[worst], worst
