"""What the targets say about each parameter: standard errors, and a plain word where nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scslab.core.threads import calm
from scslab.lab.calibrate.fit import Fit
from scslab.lab.calibrate.problem import Kind, Problem, counts, off

# Told apart where the standard error is at most a quarter of the range.
TOLD = 0.25
# No direction is told to be wider than the range itself.
WIDEST = 1.0
# Named together where their errors are correlated more than this.
TOGETHER = 0.5
MOVED_BY, PARTNERS = 3, 2
EDGE = 1e-9

AT_EDGE = "at the edge of its range"
UNMEASURED = "no time to measure what moves it"
APPROXIMATE = "standard errors rest on approximate slopes"


@dataclass(frozen=True)
class Parameter:
    """A fitted value and what is known of it.

    `se` is the standard error that the targets alone give; `held` the one with the start as prior
    knowledge, for drawing values. `identified` is whether the targets tell the value within a
    quarter of its range; `note` says what is to be said. `moved_by` are the targets that
    answer to it most, as multiples of their errors.
    """

    name: str
    value: float
    start: float
    low: float
    high: float
    se: float | None
    held: float | None
    identified: bool
    note: str
    moved_by: tuple[str, ...]


@dataclass(frozen=True)
class Reached:
    """A target: printed, simulated, and how far off in standard errors of the printed value."""

    id: str
    printed: float
    simulated: float
    error: float
    off: float
    kind: Kind


def reached(problem: Problem, moments: np.ndarray) -> tuple[Reached, ...]:
    """Each target beside the moments f8[m]; a one-sided target that is met is off by 0."""
    missed = off(problem.scores(moments), problem.sides)
    rows = zip(
        problem.targets, problem.printed, moments, problem.errors, missed, problem.kinds,
        strict=True,
    )  # fmt: skip
    return tuple(Reached(t, float(p), float(s), float(e), float(o), k) for t, p, s, e, o, k in rows)


def speaking(fit: Fit) -> np.ndarray:
    """Which targets say something here, bool[m]: not those met on one side."""
    return counts(fit.problem.scores(fit.moments), fit.problem.sides)


def covariance(
    slopes: np.ndarray, share: float = 0.0, correlation: np.ndarray | None = None
) -> np.ndarray:
    """Covariance of the estimates from the targets alone, in widths of the ranges, f8[k, k].

    (1 + share) G R G' with G = inv(J'J) J', where J f8[m, k] are changes of the targets, in their
    standard errors, over the whole ranges and R f8[m, m] is the correlation of their errors:
    least squares that weigh each target by its own error (Gouriéroux, Monfort and Renault 1993;
    with S simulated samples share = 1/S). Without R the targets are taken to be independent and
    this is (1 + share) inv(J'J). G is taken from the singular values of J, so that a direction
    which the targets do not see does not spoil the others; it gets a standard deviation of one
    width of the range, the most there is to know.

    Examples
    --------
    >>> covariance(np.array([[4.0, 0.0], [0.0, 0.0]])).tolist()
    [[0.0625, 0.0], [0.0, 1.0]]
    """
    left, found, directions = np.linalg.svd(slopes, full_matrices=True)
    n = int(np.sum(found * WIDEST > np.sqrt(1 + share)))  # singular values fall
    back = directions[:n].T / found[:n] @ left[:, :n].T
    spread = back if correlation is None else back @ correlation
    blind = directions[n:]
    return (1 + share) * (spread @ back.T) + WIDEST**2 * (blind.T @ blind)


def covariance_held(slopes: np.ndarray, prior: float, share: float = 0.0) -> np.ndarray:
    """Covariance with the start as prior knowledge, in widths of the ranges, f8[k, k].

    inv(J'J / (1 + share) + I / prior^2), of the posterior at the fitted values.
    """
    k = slopes.shape[1]
    return np.linalg.inv(slopes.T @ slopes / (1 + share) + np.eye(k) / prior**2)


@calm
def identify(
    fit: Fit, simulation_share: float = 0.0, correlation: np.ndarray | None = None
) -> tuple[Parameter, ...]:
    """What the targets say about each parameter.

    Parameters
    ----------
    simulation_share : float
        Printed respondents for each simulated one (n printed / n simulated): the simulated
        moments are a sample too.
    correlation : f8[m, m], optional
        Correlation of the errors of the targets, as of moments simulated with several seeds; the
        shares of one question are far from independent. Left out, they are taken to be.

    Notes
    -----
    Standard errors are those of a model that is right: they know the printed values' errors and
    the simulation's, not that people may answer in other ways than the wave file says. They also
    know no ranges: for a value at the edge of its range they are too wide on one side.
    """
    problem = fit.problem
    if fit.slopes is None:
        return tuple(parameter(fit, i, None, None, (), (UNMEASURED,)) for i in indices(problem))
    speaks = speaking(fit)
    slopes = fit.slopes[speaks]
    among = None if correlation is None else correlation[np.ix_(speaks, speaks)]
    known = covariance(slopes, simulation_share, among)
    held = np.sqrt(np.diag(covariance_held(slopes, problem.prior, simulation_share)))
    se = np.sqrt(np.diag(known))
    found = []
    for i in indices(problem):
        notes = [unknown(problem, slopes, known, i)] if se[i] > TOLD else []
        moved_by = movers(problem, fit.slopes[:, i])
        found.append(parameter(fit, i, float(se[i]), float(held[i]), moved_by, tuple(notes)))
    return tuple(found)


def indices(problem: Problem) -> range:
    """Places of the parameters."""
    return range(len(problem.names))


def parameter(
    fit: Fit,
    i: int,
    se: float | None,
    held: float | None,
    moved_by: tuple[str, ...],
    notes: tuple[str, ...],
) -> Parameter:
    """One fitted value, its errors turned from shares of the range into its own unit."""
    p = fit.problem
    value, low, high, width = (float(x[i]) for x in (fit.values, p.low, p.high, p.width))
    if min(value - low, high - value) <= EDGE * width:
        notes = (*notes, AT_EDGE)
    identified = se is not None and se <= TOLD
    return Parameter(
        p.names[i],
        value,
        float(p.start[i]),
        low,
        high,
        se * width if se is not None and identified else None,
        None if held is None else held * width,
        identified,
        "; ".join(notes),
        moved_by,
    )


def unknown(problem: Problem, slopes: np.ndarray, known: np.ndarray, i: int) -> str:
    """Why a parameter is not identified: nothing moves, too little, or only with others."""
    alone = float(np.linalg.norm(slopes[:, i]))
    if alone == 0.0:
        return "not identified: no target moves with it"
    if 1.0 / alone > TOLD:
        return "not identified: the targets hardly move with it"
    spread = np.sqrt(np.diag(known))
    alike = np.abs(known[i]) / (spread * spread[i])
    alike[i] = 0.0
    near = [j for j in np.argsort(-alike, kind="stable")[:PARTNERS] if alike[j] > TOGETHER]
    others = " and ".join(problem.names[j] for j in near) if near else "others"
    return f"not identified: only together with {others}"


def movers(problem: Problem, slope: np.ndarray) -> tuple[str, ...]:
    """The targets that answer most to one parameter, the strongest first, f8[m].

    Those that over the whole range move by less than one standard error, or by a tenth of the
    strongest, are left out.
    """
    size = np.abs(slope)
    strong = max(1.0, 0.1 * float(size.max()))
    order = np.argsort(-size, kind="stable")[:MOVED_BY]
    return tuple(problem.targets[j] for j in order if size[j] >= strong)
