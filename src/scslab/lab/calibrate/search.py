"""The search for the best values: steps within a box, slopes learnt from every step.

A trust region in the shape of a box within the ranges; slopes are learnt from the steps that led
down (Broyden 1965) and measured anew where they no longer do, or no longer well.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scslab.lab.calibrate.evaluate import Evaluator
from scslab.lab.calibrate.slopes import slopes_at
from scslab.lab.calibrate.step import Linear, best_within, cost, gain, learnt

# Slopes: learnt on the way, measured on one side, measured on both.
LEARNT, ONE_SIDE, BOTH = 0, 1, 2
STEP = 0.05
WIDEST, FIRST, NARROWEST = 1.0, 0.5, 1e-6
TRIALS = (1.0, 0.5, 0.25)
WORTH = 0.1  # of the cost: less is not worth measuring all slopes again
POOR = 0.25  # of what slopes promised: less came of the step, so they are poor

CONVERGED = "converged"
STUCK = "no better point near"


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
    measured_at: int = 0  # evaluations when slopes were last measured

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


def descend(search: Search, tolerance: float) -> str:
    """Go down until slopes measured on both sides promise nothing more; say why it ended."""
    measure(search, ONE_SIDE)
    while True:
        steps, promised = ahead(search)
        little, before = promised < tolerance, search.now()
        if not little and went(search, steps):
            if before - search.now() < POOR * promised and due(search):
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


def ahead(search: Search) -> tuple[list[np.ndarray], float]:
    """The steps to try, longest first, and how much the longest would lower the cost.

    The box is drawn in to the longest step, so that the others are shorter ones in any case.
    """
    assert search.slopes is not None  # measured before
    about = search.linear(search.slopes)
    longest = best_within(about, search.radius)
    search.radius = min(search.radius, max(float(np.abs(longest).max()), NARROWEST))
    shorter = [best_within(about, search.radius * share) for share in TRIALS[1:]]
    return [longest, *shorter], gain(about, longest)


def went(search: Search, steps: list[np.ndarray]) -> bool:
    """Try some steps; if the best of them leads down, go there and learn from all of them."""
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
    tried = [(*at, moments) for at, moments in zip(points.values(), found, strict=True)]
    # The best is learnt from last, so that the slopes agree with it. Steps that all led up are not
    # learnt from: over such a distance the moments are bent, and shorter steps come next.
    tried.sort(key=lambda each: -search.cost(each[1], each[2]))
    share, best, moments = tried[-1]
    if search.cost(best, moments) >= search.now():
        return False
    assert search.slopes is not None  # measured before
    for _, point, seen in tried:
        moved, change = problem.share(point) - here, problem.scores(seen) - scores
        search.slopes = learnt(search.slopes, moved, change, search.step)
    search.values, search.moments, search.level = best, moments, LEARNT
    search.radius = min(2 * share * search.radius, WIDEST)
    return True


def due(search: Search) -> bool:
    """Whether as much was spent on steps since as measuring all slopes again would cost."""
    return search.evaluator.asked - search.measured_at >= len(search.values)


def look_further(search: Search) -> None:
    """Once, out of a hollow of rough moments: slopes over twice the step, and long steps again."""
    s = search
    s.slopes = slopes_at(s.evaluator, s.values, s.moments, 2 * s.step, True)
    s.radius, s.widened = FIRST, True


def measure(search: Search, level: int) -> None:
    """Measure all slopes where the search stands."""
    s = search
    s.slopes = slopes_at(s.evaluator, s.values, s.moments, s.step, level == BOTH)
    s.level, s.measured_at = level, s.evaluator.asked
    if level == BOTH:
        s.both, s.at_both = s.slopes, s.now()
