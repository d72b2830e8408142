"""One step of a fit: the best point nearby if the moments were linear."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import lsq_linear

from scslab.lab.calibrate.problem import counts, off

ROUNDS = 20


@dataclass(frozen=True, eq=False)
class Linear:
    """Moments near a point, taken to be linear; all in standard errors and shares of ranges.

    `scores` f8[m] at `shares` f8[k], `slopes` f8[m, k], `home` f8[k] the start, `prior` the
    standard deviation around it, `sides` i8[m] which targets have one side.
    """

    scores: np.ndarray
    shares: np.ndarray
    slopes: np.ndarray
    home: np.ndarray
    prior: float
    sides: np.ndarray


def cost(scores: np.ndarray, shares: np.ndarray, about: Linear) -> float:
    """Squared distances from the targets and from the start (half of it is -log posterior)."""
    if not np.isfinite(scores).all():
        return float("inf")
    away = (shares - about.home) / about.prior
    return float(np.sum(off(scores, about.sides) ** 2) + np.sum(away**2))


def best_within(about: Linear, radius: float) -> np.ndarray:
    """The step f8[k] of lowest cost within the ranges and a box of this radius.

    A one-sided target counts where it is missed after the step, so the step is solved again until
    the same targets are missed before and after; the cost is convex and this ends in a few rounds.
    """
    low = np.maximum(-radius, -about.shares)
    high = np.minimum(radius, 1.0 - about.shares)
    weight = np.eye(len(about.home)) / about.prior
    pull = (about.home - about.shares) / about.prior
    active = counts(about.scores, about.sides)
    step = np.zeros(len(about.home))
    for _ in range(ROUNDS):
        rows = np.vstack([about.slopes[active], weight])
        wanted = np.concatenate([-about.scores[active], pull])
        step = lsq_linear(rows, wanted, bounds=(low, high), method="bvls").x
        after = counts(about.scores + about.slopes @ step, about.sides)
        if np.array_equal(after, active):
            break
        active = after
    return step


def gain(about: Linear, step: np.ndarray) -> float:
    """How much a step would lower the cost if the moments were linear."""
    now = cost(about.scores, about.shares, about)
    return now - cost(about.scores + about.slopes @ step, about.shares + step, about)


def learnt(slopes: np.ndarray, step: np.ndarray, change: np.ndarray, noise: float) -> np.ndarray:
    """Slopes that agree better with a change seen along a step (Broyden 1965).

    `noise` is a length below which a step says little, because moments of a sample are rough.
    """
    if not np.isfinite(change).all():
        return slopes
    missed = change - slopes @ step
    return slopes + np.outer(missed, step) / (step @ step + noise * noise)
