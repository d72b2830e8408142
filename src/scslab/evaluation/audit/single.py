"""Whether one act alone leads onto a list that is entered by score or grade."""

from __future__ import annotations

from scslab.evaluation.audit.parts import Conduct, Way
from scslab.evaluation.audit.view import View
from scslab.regimes.model import ScoredAct


def suffices(view: View, way: Way, conduct: Conduct) -> bool:
    """Whether a single act is enough for a ground, as far as the file tells.

    A ground by acts needs one act, or several where it says so. A score is taken at its start.
    """
    if not way.by_score:
        return not way.several
    act = view.regime.rates.get(conduct.through or conduct.act)
    if act is None:
        return False
    if act.cuts is not None and view.value(act.cuts.holds) and act.cuts.to in way.ground.grades:
        return True
    if act.drops is not None and view.value(act.drops):
        return ladder_falls(view, way, int(view.value(act.drops) or 0))
    if isinstance(act, ScoredAct) and act.points is not None:
        return score_falls(view, way, float(view.value(act.points) or 0))
    return False


def ladder_falls(view: View, way: Way, steps: int) -> bool:
    """Whether some grades down from the start is a grade of the ground."""
    grades = view.regime.grades
    if grades is None or grades.start not in grades.ladder:
        return False
    at = min(grades.ladder.index(grades.start) + steps, len(grades.ladder) - 1)
    return grades.ladder[at] in way.ground.grades


def score_falls(view: View, way: Way, points: float) -> bool:
    """Whether the start and the points of one act lie below the limit of the ground."""
    score, grades = view.regime.score, view.regime.grades
    start = view.value(score.start) if score is not None else None
    if start is None:
        return False
    below = view.value(way.ground.score_below)
    if below is not None:
        return start + points < below
    if grades is None or not way.ground.grades:
        return False
    floors = [(name, view.value(floor)) for name, floor in grades.floors.items()]
    reached = next(
        (name for name, floor in floors if floor is not None and start + points >= floor),
        grades.lowest,
    )
    return reached in way.ground.grades
