"""Newton's method on a likelihood, and how it notices that there is no maximum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.linalg.lapack import dposv as posv

from scslab.core.errors import ScslabError

# Of the decrement: the squared distance from the solution in standard errors.
TOLERANCE = 1e-14  # solved
NEAR_ENOUGH = 1e-7  # one more step, unseen, solves it: a step about squares the decrement
STANDS_STILL = 1e-6  # from here on a step of a true maximum moves no row
STILL_MOVING = 0.1  # of a row's linear predictor, where the likelihood stands still
# A standard error, if weights were counts, over the range of its column: below 10 at a maximum. In
# the tails of a complementary log-log steps shrink with the slope, so only this shows separation.
FAR = 300.0
SINGULAR = 1e-10  # smallest root of an information with a diagonal of ones
ROUNDS = 80

Derivatives = tuple[float, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Peak:
    """Where the likelihood is largest, and its information there.

    With `separated` there is no such point: the likelihood still rises along `step`.
    """

    b: np.ndarray
    information: np.ndarray
    log_likelihood: float
    rounds: int
    step: np.ndarray
    separated: bool = False


def ascend(
    derivatives: Callable[[np.ndarray], Derivatives],
    moves: Callable[[np.ndarray], float],
    start: np.ndarray,
    *,
    reach: np.ndarray,
    in_passing: bool = False,
) -> Peak:
    """Climb a concave log-likelihood.

    Parameters
    ----------
    derivatives : function of parameters
        Log-likelihood, gradient f8[k], information f8[k, k] (observed or expected).
    moves : function of a step
        How far it moves any row's linear predictor.
    reach : f8[k]
        The range of each parameter's column; 0 where it has none.
    in_passing : bool
        Whether only `b` is wanted, as of a replicate: the last look is left out then.

    Raises
    ------
    ScslabError
        No maximum within reach.

    Notes
    -----
    Where predictors separate the outcome, the likelihood comes to stand still while each step
    still adds about 1 to the linear predictors of the separated rows, for ever (Albert and
    Anderson 1984). Near a true maximum both come to nothing together.
    """
    b, watched = start, in_passing
    total, gradient, information = derivatives(b)
    if not np.isfinite(total):
        raise ScslabError(
            "the model cannot be begun",
            why="some categories have next to no weight, or a predictor is out of all proportion",
            hint="join categories that few chose; look at the weights",
        )
    for rounds in range(1, ROUNDS + 1):
        step = newton_step(information, gradient)
        decrement = float(gradient @ step)
        if 0 <= decrement < STANDS_STILL and not watched:
            if moves(step) > STILL_MOVING:
                return Peak(b, information, total, rounds, step, True)
            watched = True
        if 0 <= decrement < TOLERANCE:
            gone = runs_away(information, reach)
            return Peak(b, information, total, rounds - 1, step, gone)
        if in_passing and 0 <= decrement < NEAR_ENOUGH:
            gone = moves(step) > STILL_MOVING or runs_away(information, reach)
            return Peak(b + step, information, total, rounds, step, gone)
        there = uphill(derivatives, b, step, total)
        if there is None:  # no step is uphill any more: as near as figures of this size allow
            if abs(decrement) < 1e-9:
                gone = runs_away(information, reach)
                return Peak(b, information, total, rounds, step, gone)
            break
        b, (total, gradient, information) = there
    raise ScslabError(
        "the model found no maximum",
        got=f"{ROUNDS} rounds of Newton's method",
        hint="look at a crosstab of the outcome by each predictor",
    )


def runs_away(information: np.ndarray, reach: np.ndarray) -> bool:
    """Whether the likelihood is flat along some column: it has no maximum, or not one."""
    scale = scale_of(information)
    values, vectors = np.linalg.eigh(information * np.outer(scale, scale))
    if values[0] < SINGULAR:
        return True
    errors = scale * np.sqrt((vectors**2 / values).sum(axis=1))
    return bool((errors * reach > FAR).any())


def scale_of(information: np.ndarray) -> np.ndarray:
    """What brings the diagonal of an information to 1."""
    found: np.ndarray = 1 / np.sqrt(np.maximum(np.abs(np.diag(information)), 1e-300))
    return found


def inverse_of(information: np.ndarray) -> np.ndarray:
    """The inverse of an information, taken where its diagonal is 1, so that units do not matter."""
    scale = scale_of(information)
    both = np.outer(scale, scale)
    return np.asarray(np.linalg.inv(information * both) * both)


def uphill(
    derivatives: Callable[[np.ndarray], Derivatives], b: np.ndarray, step: np.ndarray, total: float
) -> tuple[np.ndarray, Derivatives] | None:
    """The furthest of shrinking steps that goes uphill, with the derivatives there."""
    for halving in range(30):
        there = b + step / 2**halving
        found = derivatives(there)
        # Rounding may cost the last few figures of a sum over n rows.
        if np.isfinite(found[0]) and found[0] >= total - 1e-12 * abs(total):
            return there, found
    return None


def newton_step(information: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """The step of Newton's method; where the likelihood bends upwards, of a bent-down one."""
    scale = scale_of(information)
    scaled = information * np.outer(scale, scale)
    for ridge in (0.0, 1e-8, 1e-3, 0.1, 1.0, 10.0):
        curve = scaled + ridge * np.eye(len(scaled)) if ridge else scaled
        # LAPACK's own routine: scipy's wrappers around it take longer than it does.
        _, found, failed = posv(curve, scale * gradient, lower=1)
        if not failed:
            return np.asarray(scale * found)
    return scale**2 * gradient
