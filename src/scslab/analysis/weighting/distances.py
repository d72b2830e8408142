"""Calibration: ratios of new to old weights, nearest to 1 by a distance, that meet totals.

Deville and Sarndal (1992), solved by Newton's method as R `survey` does (`grake`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

Kind = Literal["linear", "raking", "logit"]
KINDS: tuple[str, ...] = get_args(Kind)
STEPS = 200
HALVINGS = 12
WAIT = 20  # steps in which the miss must shrink by a tenth, or there is no solution


@dataclass(frozen=True)
class Solution:
    """Ratios f8[rows] and how near they come; `misfit` f8[k] is target less achieved."""

    ratio: np.ndarray
    misfit: np.ndarray
    off: float
    steps: int
    converged: bool


def ratio_of(kind: Kind, u: np.ndarray, low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    """The ratio and its slope at linear predictors u (f8[rows])."""
    if kind == "logit":
        spread = (high - low) / ((high - 1) * (1 - low))
        # Divided through by the larger exponential, so that neither overflows.
        shrunk = np.exp(-spread * np.abs(u))
        near, far = np.where(u > 0, shrunk, 1.0), np.where(u > 0, 1.0, shrunk)
        below = (high - 1) * near + (1 - low) * far
        ratio = (low * (high - 1) * near + high * (1 - low) * far) / below
        return ratio, spread * (ratio - low) * (high - ratio) / (high - low)
    with np.errstate(over="ignore"):
        free = 1 + u if kind == "linear" else np.exp(u)
    slope = np.ones_like(u) if kind == "linear" else free
    within = (free > low) & (free < high)
    return np.clip(free, low, high), np.where(within, slope, 0.0)


def solve(
    table: np.ndarray,
    mass: np.ndarray,
    totals: np.ndarray,
    kind: Kind,
    low: float = -np.inf,
    high: float = np.inf,
    tolerance: float = 1e-9,
) -> Solution:
    """Ratios that meet totals.

    Parameters
    ----------
    table : f8[rows, k]
        Calibration variables.
    mass : f8[rows]
        Sums of the weights before, of the respondents of each row.
    totals : f8[k]
    low, high : float
        Bounds on the ratio; "logit" needs both, around 1.
    tolerance : float
        Largest miss of a total, relative to 1 + the total, in units of the mean |variable|.

    Examples
    --------
    >>> table = np.array([[1.0, 0.0], [1.0, 1.0]])
    >>> solve(table, np.array([1.0, 3.0]), np.array([4.0, 2.0]), "linear").ratio.round(6).tolist()
    [2.0, 0.666667]
    """
    scale = np.sqrt((mass[:, None] * table**2).sum(axis=0) / mass.sum())
    scale[scale == 0] = 1.0
    x, goal = table / scale, totals / scale
    eta = np.zeros(x.shape[1])
    norm = 1 + np.abs(goal)

    def look(eta: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
        ratio, slope = ratio_of(kind, x @ eta, low, high)
        with np.errstate(over="ignore", invalid="ignore"):
            misfit = goal - x.T @ (mass * ratio)
        size = float(np.abs(misfit / norm).max()) if np.isfinite(misfit).all() else np.inf
        return ratio, slope, misfit, size

    ratio, slope, misfit, size = look(eta)
    count, before = 0, np.inf
    while size > tolerance and count < STEPS:
        count += 1
        cross = (x * (mass * slope)[:, None]).T @ x
        step = np.linalg.pinv(cross, rcond=1e-12, hermitian=True) @ misfit
        for _ in range(HALVINGS):
            tried = look(eta + step)
            if tried[3] < size:
                break
            step = step / 2
        else:
            # Newton fails where too many ratios lie at a bound. A step with everyone's slope at
            # its largest cannot overshoot; it is slow, but leads out of there.
            steepest = 1.0 if kind == "linear" else float(ratio.max())
            cross = (x * (mass * steepest)[:, None]).T @ x
            step = np.linalg.pinv(cross, rcond=1e-12, hermitian=True) @ misfit
            tried = look(eta + step)
            if not np.isfinite(tried[3]):
                break
        eta = eta + step
        ratio, slope, misfit, size = tried
        if count % WAIT == 0:
            if size > 0.9 * before:
                break
            before = size
    return Solution(ratio, misfit * scale, size, count, size <= tolerance)
