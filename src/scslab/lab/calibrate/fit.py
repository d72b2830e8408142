"""The method of simulated moments: bounded Gauss-Newton steps on rough moments.

The estimator is that of McFadden (1989) and Gouriéroux, Monfort and Renault (1993), each target
weighed by its own error; `search` says how the best values are sought.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from scslab.core.errors import ScslabError
from scslab.core.threads import calm
from scslab.lab.calibrate.evaluate import Enough, Evaluator
from scslab.lab.calibrate.journal import Journal
from scslab.lab.calibrate.problem import Problem
from scslab.lab.calibrate.slopes import slopes_at
from scslab.lab.calibrate.step import Linear, best_within, cost, gain, learnt

# Slopes: learnt on the way, measured on one side, measured on both.
LEARNT, ONE_SIDE, BOTH = 0, 1, 2
STEP = 0.05
WIDEST, FIRST = 1.0, 0.5
TRIALS = (1.0, 0.5, 0.25)
POOR = 0.25  # of the gain promised: slopes that were learnt no longer serve
WORTH = 0.1  # of the cost: less is not worth measuring all slopes again

CONVERGED = "converged"
STUCK = "no better point near"


@dataclass(frozen=True, eq=False)
class Fit:
    """The best point that was found.

    Attributes
    ----------
    values, moments : f8[k], f8[m]
        The fitted values, rounded as they were tried, and the moments they give.
    slopes : f8[m, k] or None
        Change of each moment, in standard errors of its target, over the whole range of each
        parameter; None where there was no time to measure it.
    measured : bool
        Whether the slopes were measured on both sides of (or very near) the fitted values.
    cost : float
        Sum of squared distances from targets (standard errors) and starts (prior).
    evaluations, computed : int
        Different points asked for; those not read from the journal.
    seconds : float
        Time it took, now.
    stopped : str
        "converged", "no better point near", "evaluations" or "time".
    """

    problem: Problem
    values: np.ndarray
    moments: np.ndarray
    slopes: np.ndarray | None
    measured: bool
    cost: float
    evaluations: int
    computed: int
    seconds: float
    stopped: str


@dataclass
class Search:
    """Where the search stands."""

    evaluator: Evaluator
    step: float
    values: np.ndarray
    moments: np.ndarray
    slopes: np.ndarray | None = None
    level: int = LEARNT
    radius: float = FIRST
    # The slopes last measured on both sides, and the cost there: what standard errors rest on.
    both: np.ndarray | None = None
    at_both: float = float("inf")
    widened: bool = False
    spent: int = 0  # evaluations asked for when slopes were last measured

    def linear(self, slopes: np.ndarray) -> Linear:
        """Moments near this point."""
        p = self.evaluator.problem
        shares, home = p.share(self.values), p.share(p.start)
        return Linear(p.scores(self.moments), shares, slopes, home, p.prior, p.sides)

    def cost(self, values: np.ndarray, moments: np.ndarray) -> float:
        """The cost of a point."""
        p = self.evaluator.problem
        about = self.linear(np.empty((0, 0)))
        return cost(p.scores(moments), p.share(values), about)

    def now(self) -> float:
        """The cost of the best point."""
        return self.cost(self.values, self.moments)

    def go_to_best(self) -> None:
        """Go to the best point of all that were asked for; some were to measure slopes only."""
        known = {key: self.evaluator.known[key] for key in self.evaluator.seen}
        points = {key: np.frombuffer(key) for key in known}
        best = min(known, key=lambda key: (self.cost(points[key], known[key]), key))
        if self.cost(points[best], known[best]) < self.now():
            self.values, self.moments, self.level = points[best].copy(), known[best], LEARNT

    def settled(self) -> bool:
        """Whether slopes were measured on both sides here, or hardly lower than here."""
        return self.at_both - self.now() < WORTH


@calm
def fit(
    problem: Problem,
    *,
    journal: Journal | None = None,
    threads: int = 1,
    evaluations: int = 2000,
    seconds: float = float("inf"),
    step: float = STEP,
    tolerance: float = 0.01,
    tell: Callable[[int, float], None] | None = None,
) -> Fit:
    """Fit the parameters of a problem to its targets.

    Parameters
    ----------
    journal : Journal, optional
        Where evaluations are written down; what stands there is not computed again.
    threads : int
        Evaluations at a time; the result does not depend on it.
    evaluations, seconds : int, float
        Limits. Both keep enough back to measure the slopes at the end, for the standard errors.
    step : float
        Width of the finite differences, as a share of each range.
    tolerance : float
        The search ends where a linear model promises less than this of the cost.
    tell : callable, optional
        Called with the number of evaluations and the cost so far.

    Raises
    ------
    ScslabError
        The start gives moments that are not finite, or the journal does not fit.

    Examples
    --------
    >>> line = Problem(("a",), [0.2], [0], [2], ("t",), [3.0], [0.001], lambda v: 2 * v + 1)
    >>> found = fit(line)
    >>> found.values.tolist(), found.stopped
    ([1.0], 'converged')
    """
    began = time.monotonic()
    evaluator = Evaluator(problem, journal, threads, evaluations, seconds)
    search = begin(evaluator, step)
    if tell is not None:
        evaluator.told = lambda asked: tell(asked, search.now())
    evaluator.reserve = 2 * len(problem.names)
    try:
        stopped = descend(search, tolerance)
    except Enough as enough:
        stopped = enough.why
    evaluator.reserve = 0
    search.go_to_best()
    finish(search)
    search.go_to_best()
    return Fit(
        problem,
        search.values,
        search.moments,
        search.both if search.settled() else search.slopes,
        search.settled(),
        search.now(),
        evaluator.asked,
        evaluator.computed,
        time.monotonic() - began,
        stopped,
    )


def begin(evaluator: Evaluator, step: float) -> Search:
    """The search at its start."""
    problem = evaluator.problem
    values = problem.rounded(problem.start)
    try:
        (moments,) = evaluator.many([values])
    except Enough as enough:
        raise ScslabError(
            f"the limit of {enough.why} leaves nothing for a single evaluation"
        ) from enough
    bad = [t for t, x in zip(problem.targets, moments, strict=True) if not np.isfinite(x)]
    if bad:
        raise ScslabError(
            "the values to start from give no figure for some targets",
            got=", ".join(bad),
            hint="check that cuts rise and that each model of the analysis can be fitted",
        )
    return Search(evaluator, step, values, moments)


def descend(search: Search, tolerance: float) -> str:
    """Go down until slopes measured on both sides promise nothing more; say why it ended."""
    measure(search, ONE_SIDE)
    while True:
        assert search.slopes is not None  # measured above
        about = search.linear(search.slopes)
        longest = best_within(about, search.radius)
        steps = [longest, *(best_within(about, search.radius * share) for share in TRIALS[1:])]
        promised = gain(about, steps[0])
        little = promised < tolerance
        before = search.now()
        if not little and went(search, steps):
            spent = search.evaluator.asked - search.spent
            if before - search.now() < POOR * promised and spent >= len(search.values):
                measure(search, ONE_SIDE)
            continue
        ended = ""
        if little and search.settled():
            ended = CONVERGED
        elif search.level < BOTH:
            measure(search, BOTH if little else search.level + 1)
            search.radius = max(search.radius, 2 * search.step)
        elif search.radius > search.step / 2:
            search.radius *= TRIALS[-1] / 2
        else:
            ended = STUCK
        if ended and (search.widened or search.now() <= len(search.moments)):
            return ended
        if ended:
            look_further(search)


def went(search: Search, steps: list[np.ndarray]) -> bool:
    """Try some steps, longest first; learn from each; go to the best, if it is better."""
    problem = search.evaluator.problem
    here, scores = problem.share(search.values), problem.scores(search.moments)
    points: dict[bytes, tuple[float, np.ndarray]] = {}
    for share, step in zip(TRIALS, steps, strict=True):
        point = problem.at(here + step)
        if not np.array_equal(point, search.values):
            points.setdefault(point.tobytes(), (share, point))
    if not points:
        return False
    found = search.evaluator.many([point for _, point in points.values()])
    assert search.slopes is not None
    best, best_cost = -1, search.now()
    for i, ((_, point), moments) in enumerate(zip(points.values(), found, strict=True)):
        step, change = problem.share(point) - here, problem.scores(moments) - scores
        search.slopes = learnt(search.slopes, step, change, search.step)
        reached = search.cost(point, moments)
        if reached < best_cost:
            best, best_cost = i, reached
    if best < 0:
        return False
    share, point = list(points.values())[best]
    search.values, search.moments, search.level = point, found[best], LEARNT
    search.radius = min(2 * share * search.radius, WIDEST)
    return True


def look_further(search: Search) -> None:
    """Once, out of a hollow of rough moments: slopes over twice the step, and long steps again."""
    s = search
    s.slopes = slopes_at(s.evaluator, s.values, s.moments, 2 * s.step, True)
    s.radius, s.widened = FIRST, True


def measure(search: Search, level: int) -> None:
    """Measure all slopes where the search stands."""
    s = search
    s.slopes = slopes_at(s.evaluator, s.values, s.moments, s.step, level == BOTH)
    s.level = level
    s.spent = s.evaluator.asked
    if level == BOTH:
        s.both, s.at_both = s.slopes, s.now()


def finish(search: Search) -> None:
    """Slopes for the standard errors: on both sides, on one, or those learnt on the way."""
    for level in (BOTH, ONE_SIDE):
        if search.level < level and not search.settled():
            with suppress(Enough):
                measure(search, level)
