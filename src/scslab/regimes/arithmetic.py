"""The arithmetic of the rules, and the rules read as numbers on a day.

The judge of one dossier (worked cases) and the judge of a month's deliveries (a society) both call
these functions, so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from scslab.core.compiled import inlined
from scslab.core.values import number_on, on
from scslab.regimes.model import GradedAct, Regime, ScoredAct

NO_LIMIT = 32_000  # scores are kept in 16 bits


@inlined
def moved(score: int, points: int, low: int, high: int) -> int:
    """A score after points, kept within the limits of the scale."""
    return min(max(score + points, low), high)


@inlined
def capped(score: int, ceiling: int) -> int:
    """A score after a veto that leaves at most `ceiling`."""
    return min(score, ceiling)


@inlined
def lifted(score: int, floor: int) -> int:
    """A score after an act that earns at least the grade whose floor is `floor`."""
    return max(score, floor)


@inlined
def grade_of(score: int, floors: np.ndarray) -> int:
    """Index of the first floor reached, best grade first; the number of floors if none is."""
    for i in range(len(floors)):
        if score >= floors[i]:
            return i
    return len(floors)


@inlined
def dropped(score: int, grades: int, floors: np.ndarray, count: int) -> int:
    """A score after falling some grades: the highest of the grade fallen to.

    Parameters
    ----------
    count : int
        Floors in use; `floors` may be padded.
    """
    now = grade_of(score, floors)
    after = min(now + grades, count)
    return score if after <= now else min(score, floors[after - 1] - 1)


def score_in_force(regime: Regime, when: date) -> bool:
    """Whether the regime keeps scores or a ladder of grades on a day."""
    if regime.score is None:
        return regime.grades is not None and bool(regime.grades.ladder)
    dated = regime.score.highest if regime.score.dimensions else regime.score.start
    return on(dated, when).value is not None


def floors_on(regime: Regime, when: date) -> list[int]:
    """Lowest score of each grade but the last, best first; `NO_LIMIT` where none is in force.

    A ladder of n grades is a score of 0 to n - 1; grades by quota have no floors of their own.
    """
    grades = regime.grades
    if grades is None:
        return []
    if grades.ladder:
        return list(range(len(grades.ladder) - 1, 0, -1))
    if grades.quotas:
        return [NO_LIMIT] * len(grades.quotas)
    return [round(number_on(f, when, NO_LIMIT)) for f in grades.floors.values()]


def limits(regime: Regime, when: date) -> tuple[int, int]:
    """Lowest and highest score on a day."""
    if regime.score is None:
        assert regime.grades is not None
        return 0, len(regime.grades.ladder) - 1
    return (
        round(number_on(regime.score.lowest, when, -NO_LIMIT)),
        round(number_on(regime.score.highest, when, NO_LIMIT)),
    )


def start_score(regime: Regime, when: date, dimensions: dict[str, float]) -> int:
    """The score of an empty dossier."""
    if regime.score is None:
        assert regime.grades is not None and regime.grades.start is not None
        return len(regime.grades.ladder) - 1 - regime.grades.ladder.index(regime.grades.start)
    if not regime.score.dimensions:
        return round(number_on(regime.score.start, when))
    low, high = limits(regime, when)
    share = sum(
        number_on(d.weight, when) * dimensions.get(name, 0.0)
        for name, d in regime.score.dimensions.items()
    )
    return round(low + (high - low) * share)


def act_points(regime: Regime, act: GradedAct, when: date) -> int:
    """Points of an act on a day: its own, or its move of a weighted dimension."""
    if not isinstance(act, ScoredAct):
        return 0
    if act.points is not None:
        return round(number_on(act.points, when))
    if act.moves is None or act.dimension is None or regime.score is None:
        return 0
    span = number_on(regime.score.highest, when) - number_on(regime.score.lowest, when)
    weight = number_on(regime.score.dimensions[act.dimension].weight, when)
    return round(span * weight * number_on(act.moves, when))


def act_drops(act: GradedAct, when: date) -> int:
    """Grades by which an act lowers on a day."""
    return int(number_on(act.drops, when))


def act_ceiling(
    regime: Regime, act: GradedAct, when: date, floors: Sequence[int] | np.ndarray
) -> int:
    """Highest score that a veto leaves, or `NO_LIMIT`; `floors` are those in force."""
    if act.cuts is None or not on(act.cuts.holds, when).value:
        return NO_LIMIT
    return highest_of(regime, act.cuts.to, floors)


def highest_of(regime: Regime, grade: str, floors: Sequence[int] | np.ndarray) -> int:
    """The highest score of a grade, or `NO_LIMIT` for the best."""
    assert regime.grades is not None
    rank = regime.grades.names.index(grade)
    if rank == 0 or rank > len(floors) or floors[rank - 1] >= NO_LIMIT:
        return NO_LIMIT
    return int(floors[rank - 1]) - 1


def act_lift(regime: Regime, act: GradedAct, when: date, floors: Sequence[int] | np.ndarray) -> int:
    """Lowest score that an act which earns a grade leaves, or `-NO_LIMIT`."""
    if act.lifts is None or regime.grades is None or not on(act.lifts.holds, when).value:
        return -NO_LIMIT
    rank = regime.grades.names.index(act.lifts.to)
    return -NO_LIMIT if rank >= len(floors) or floors[rank] >= NO_LIMIT else int(floors[rank])


def quota_floors(counts: np.ndarray, lowest: int, shares: list[float]) -> list[int]:
    """The floors that give each grade and the better ones together at most their shares.

    Subjects with one score stay together; what a grade leaves free, the next may fill.

    Parameters
    ----------
    counts : i8[scores]
        Subjects at each score, the first at `lowest`.
    shares : list of float
        Share of each grade but the last, best first.

    Examples
    --------
    >>> quota_floors(np.array([5, 3, 2]), 0, [0.2, 0.3])
    [2, 1]
    """
    total = counts.sum()
    above = counts[::-1].cumsum()[::-1]  # subjects with this score or a higher one
    found = []
    allowed = 0.0
    for share in shares:
        allowed += share
        fits = np.flatnonzero(above <= allowed * total + 1e-9)
        found.append(lowest + int(fits[0]) if fits.size else lowest + len(counts))
    return found
