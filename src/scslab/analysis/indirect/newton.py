"""Newton's method for likelihoods that may bend the wrong way far from their top."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from scslab.core.errors import ScslabError

# parameters -> value, gradient, information, a safe (never negative) information
Step = Callable[[np.ndarray], tuple[float, np.ndarray, np.ndarray, np.ndarray]]
Value = Callable[[np.ndarray], float]

ROUNDS = 500
ENOUGH = 1e-11  # of Newton's decrement: how much higher the top may lie


@dataclass(frozen=True)
class Top:
    """Where a climb ended: parameters, value, information there, and the rounds it took."""

    parameters: np.ndarray
    value: float
    information: np.ndarray
    rounds: int


def climb(step: Step, value: Value, start: np.ndarray, what: str) -> Top:
    """Go to the top of a function; steps are Newton's where they lead uphill, else safe ones.

    Raises
    ------
    ScslabError
        No top was found: parameters run away or are not told apart.
    """
    at = start
    for count in range(1, ROUNDS + 1):
        height, gradient, sharp, safe = step(at)
        newton = True
        try:
            move = cho_solve(cho_factor(sharp), gradient)
        except (LinAlgError, ValueError):
            newton = False
            move = safe_move(safe, gradient, what)
        gain = float(gradient @ move)
        if newton and gain < ENOUGH:
            return Top(at + move, height, sharp, count)
        for _ in range(40):
            found = value(at + move)
            if np.isfinite(found) and found >= height - 1e-9 * abs(height):
                break
            move = move / 2
        else:
            break
        at = at + move
    raise ScslabError(
        f"{what} has no finite best fit",
        got=f"after {count} rounds the largest coefficient is {np.abs(at).max():.1f}",
        why="a share may be 0 or 1 for some values of a covariate, or the data cannot tell the "
        "parts of the model apart",
        hint="leave out covariates, or use a simpler model",
    )


def safe_move(safe: np.ndarray, gradient: np.ndarray, what: str) -> np.ndarray:
    """An uphill step with the safe information, held positive."""
    scale = float(np.trace(safe)) / len(safe)
    try:
        return cho_solve(cho_factor(safe + 1e-8 * max(scale, 1e-8) * np.eye(len(safe))), gradient)
    except (LinAlgError, ValueError):
        raise ScslabError(
            f"{what} cannot be fitted: a covariate is a combination of others, or hardly varies",
            hint="leave out a covariate",
        ) from None
