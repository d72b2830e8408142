"""Maximum likelihood of a yes-no outcome: Newton's method (Fisher scoring) in blocks of rows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from scslab.analysis.models.gram import shifted
from scslab.analysis.models.newton import Derivatives, Peak, ascend
from scslab.core.errors import ScslabError
from scslab.core.threads import add_up, blocks

LINKS = ("logit", "probit", "cloglog")
FIRST_LOOK = 20_000  # rows that a large fit is begun with


@dataclass(frozen=True)
class Binary:
    """A yes-no outcome and its predictors; `shift` (f8[k]) is taken off X in every block."""

    X: np.ndarray
    shift: np.ndarray
    y: np.ndarray
    link: str
    reach: np.ndarray  # the range of each predictor


def row_parts(link: str, eta: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, ...]:
    """Log-likelihood, its slope by eta, and the expected information of each row."""
    if link == "logit":
        e = np.exp(-np.abs(eta))
        high = 1 / (1 + e)
        mu = np.where(eta >= 0, high, e * high)
        logs = np.minimum(np.where(y == 1, eta, -eta), 0.0) - np.log1p(e)
        return logs, y - mu, e * high * high
    if link == "probit":
        sign = 2 * y - 1
        logs = special.log_ndtr(sign * eta)
        density = -0.5 * eta**2 - 0.5 * np.log(2 * np.pi)
        slope = sign * np.exp(density - logs)
        both = special.log_ndtr(eta) + special.log_ndtr(-eta)
        return logs, slope, np.exp(2 * density - both)
    rate = np.exp(np.minimum(eta, 50.0))
    none = -np.expm1(-rate)  # P(y = 1)
    none = np.maximum(none, 1e-300)
    logs = np.where(y == 1, np.log(none), -rate)
    odds = rate * np.exp(-rate) / none
    return logs, np.where(y == 1, odds, -rate), rate * odds


def link_of(link: str, p: float) -> float:
    """The linear predictor that gives a probability."""
    if link == "logit":
        return float(special.logit(p))
    return float(special.ndtri(p)) if link == "probit" else float(np.log(-np.log1p(-p)))


def derivatives(
    problem: Binary, weights: np.ndarray, b: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Weighted log-likelihood, gradient f8[k] and expected information f8[k, k]."""

    def of_block(rows: slice) -> Derivatives:
        part, w = shifted(problem.X, problem.shift, rows), weights[rows]
        logs, slope, curve = row_parts(problem.link, part @ b, problem.y[rows])
        return float(w @ logs), (w * slope) @ part, (part * (w * curve)[:, None]).T @ part

    total, gradient, information = add_up(len(problem.y), of_block)
    return total, gradient, information


def solve_binary(
    problem: Binary,
    weights: np.ndarray,
    start: np.ndarray | None = None,
    intercept: int = -1,
    *,
    in_passing: bool = False,
) -> Peak:
    """Maximise the weighted likelihood (weights of mean 1).

    Parameters
    ----------
    start : f8[k], optional
        Where to begin; else at 0, with the intercept (its place, or -1) from the share of yes.

    Raises
    ------
    ScslabError
        No maximum within reach.
    """
    begin = first_guess(problem, weights, intercept) if start is None else start
    return ascend(
        lambda b: derivatives(problem, weights, b),
        lambda step: moves(problem, step),
        begin,
        reach=problem.reach,
        in_passing=in_passing,
    )


def moves(problem: Binary, step: np.ndarray) -> float:
    """How far a step of the coefficients moves any row's linear predictor."""
    return max(
        float(np.abs(shifted(problem.X, problem.shift, rows) @ step).max())
        for rows in blocks(len(problem.y))
    )


def first_guess(problem: Binary, weights: np.ndarray, intercept: int) -> np.ndarray:
    """0 with the intercept from the share; for a large n the solution of a part of the rows."""
    guess = np.zeros(problem.X.shape[1])
    if intercept >= 0:
        share = float(weights @ problem.y / weights.sum())
        guess[intercept] = link_of(problem.link, min(max(share, 1e-9), 1 - 1e-9))
    n = len(problem.y)
    if n < 4 * FIRST_LOOK:
        return guess
    rows = slice(None, None, n // FIRST_LOOK)
    part = replace(problem, X=np.ascontiguousarray(problem.X[rows]), y=problem.y[rows])
    try:
        found = solve_binary(part, weights[rows] / weights[rows].mean(), guess)
    except ScslabError:
        return guess
    return guess if found.separated else found.b  # a part may be separated where the whole is not
