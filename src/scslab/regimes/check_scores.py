"""The sense of scores and grades: what moves them exists, their floors and weights fit together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from scslab.core.acts import check_act
from scslab.core.calendar import day
from scslab.core.errors import ScslabError, near
from scslab.core.values import Dated, Row, number_on, on
from scslab.core.yamlfile import Document, Place
from scslab.regimes.model import GradedAct, Grades, Regime, Score, ScoredAct


def check_other_list(name: str, where: str) -> None:
    """A listing elsewhere is named REGIME/LIST."""
    if name.count("/") != 1 or not all(name.split("/")):
        raise ScslabError(
            "a listing elsewhere is named REGIME/LIST",
            where=where,
            got=name,
            hint="for example cn-spc-judgment-debtors/dishonest",
        )


def check_grade_name(name: str, regime: Regime, place: Place, document: Document) -> None:
    """A grade must be one of this regime's."""
    if regime.grades is None:
        raise ScslabError(
            f'"{name}" is a grade, but this regime has no grades', where=document.where(place)
        )
    known = regime.grades.names
    if name not in known:
        raise ScslabError(
            f'grade "{name}" is not a grade of this regime',
            where=document.where(place),
            hint=near(name, known),
        )


def check_graded_act(act: GradedAct, regime: Regime, place: Place, document: Document) -> None:
    """An act does something, and names grades that exist."""
    does = [act.cuts, act.lifts, act.drops]
    if isinstance(act, ScoredAct):
        does += [act.points, act.moves]
    if all(d is None for d in does):
        raise ScslabError(
            "this act does nothing: say points, moves, cuts, lifts or drops",
            where=document.where(place),
        )
    for key in ("cuts", "lifts"):
        cut = getattr(act, key)
        if cut is not None:
            check_grade_name(cut.to, regime, (*place, key, "to"), document)
    if act.drops is not None and regime.grades is None:
        raise ScslabError(
            "a regime without grades cannot lower them", where=document.where((*place, "drops"))
        )


def check_score(regime: Regime, document: Document) -> None:
    """Acts are known; an act has points, a move or a grade; dimensions add up to one."""
    score = regime.score
    if score is None:
        return
    if not score.dimensions and score.start is None:
        raise ScslabError('"start" is missing', where=document.where(("score",)))
    if score.dimensions and (score.lowest is None or score.highest is None):
        raise ScslabError(
            "a score of weighted dimensions needs lowest and highest",
            where=document.where(("score",)),
        )
    for name in score.listings:
        check_other_list(name, document.where(("score", "listings", name)))
    for group in ("acts", "listings"):
        for name, act in getattr(score, group).items():
            place: Place = ("score", group, name)
            if group == "acts":
                check_act(name, document.where(place))
            check_graded_act(act, regime, place, document)
            if (act.moves is None) != (act.dimension is None):
                raise ScslabError("moves and dimension go together", where=document.where(place))
            if act.dimension is not None and act.dimension not in score.dimensions:
                raise ScslabError(
                    f'"{act.dimension}" is not a dimension of this regime',
                    where=document.where((*place, "dimension")),
                    hint=near(act.dimension, score.dimensions),
                )
    weights = [d.weight for d in score.dimensions.values()]
    for when in change_days(weights):
        total = sum(number_on(w, when) for w in weights)
        if abs(total - 1.0) > 1e-9:
            raise ScslabError(
                f"the weights must add up to 1 (on {when})",
                where=document.where(("score", "dimensions")),
                got=round(total, 6),
            )
    check_scale(score, document)


def check_scale(score: Score, document: Document) -> None:
    """The scale has an extent."""
    ends = [d for d in (score.lowest, score.highest) if d is not None]
    for when in change_days(ends) if len(ends) == 2 else []:
        low, high = on(ends[0], when).value, on(ends[1], when).value
        if low is not None and high is not None and low >= high:
            raise ScslabError(
                f"lowest ({low}) must lie below highest ({high})",
                where=document.where(("score", "lowest")),
            )


def change_days(values: Iterable[Dated]) -> list[date]:
    """The days on which one of the values changes, in order."""
    return sorted({day(row.from_) for dated in values for row in dated.rows})


def check_grades(regime: Regime, document: Document) -> None:
    """Grades come from floors, quotas or a ladder; rewards name grades."""
    if regime.grades is not None:
        check_kind_of_grades(regime, regime.grades, document)
        for (better, high), (worse, low) in pairwise(regime.grades.floors.items()):
            for when in change_days([high, low]):
                check_order(better, on(high, when).row, worse, on(low, when).row, document)
        for group in ("acts", "listings"):
            for name, act in getattr(regime.grades, group).items():
                where = document.where(("grades", group, name))
                check_act(name, where) if group == "acts" else check_other_list(name, where)
                check_graded_act(act, regime, ("grades", group, name), document)
    for name, reward in regime.rewards.items():
        if (reward.grades is None) == (reward.from_score is None):
            raise ScslabError(
                "a reward needs either grades or from_score",
                where=document.where(("rewards", name)),
            )
        if regime.score is None and reward.grades is None:
            raise ScslabError(
                "a regime without a score cannot reward", where=document.where(("rewards", name))
            )
        for grade in reward.grades or []:
            check_grade_name(grade, regime, ("rewards", name, "grades"), document)


def check_kind_of_grades(regime: Regime, grades: Grades, document: Document) -> None:
    """One kind of grades, with what it needs."""
    where = document.where(("grades",))
    kinds = [k for k in ("floors", "quotas", "ladder") if getattr(grades, k)]
    if len(kinds) != 1:
        raise ScslabError(
            "grades come from floors, quotas or a ladder: one of them",
            where=where,
            got=" and ".join(kinds) or "none",
        )
    if grades.ladder:
        if grades.start not in grades.ladder:
            raise ScslabError(
                "start must be a grade of the ladder", where=where, got=str(grades.start)
            )
        if regime.score is not None or grades.lowest is not None:
            raise ScslabError("a ladder has neither score nor lowest", where=where)
        return
    if regime.score is None:
        raise ScslabError("grades need a score", where=where, hint="or use a ladder")
    if grades.acts or grades.listings or grades.start:
        raise ScslabError(
            "only a ladder has acts of its own", where=where, hint="put them under score"
        )
    if grades.lowest is None:
        raise ScslabError('"lowest" is missing', where=where)
    if grades.lowest in grades.names[:-1]:
        raise ScslabError(
            "the lowest grade has no floor: it is what remains",
            where=document.where(("grades", kinds[0], grades.lowest)),
        )
    for when in change_days(grades.quotas.values()):
        total = sum(number_on(q, when) for q in grades.quotas.values())
        if total > 1 + 1e-9:
            raise ScslabError(
                f"the quotas add up to more than all (on {when})",
                where=document.where(("grades", "quotas")),
                got=round(total, 6),
            )


def check_order(
    better: str, above: Row | None, worse: str, below: Row | None, document: Document
) -> None:
    """Of two floors in force on a day, the worse grade's stays below, ranges included."""
    if above is None or below is None or above.value is None or below.value is None:
        return
    bottom = min(above.between) if above.between else above.value
    top = max(below.between) if below.between else below.value
    if top >= bottom:
        raise ScslabError(
            f"the floor of {worse} (up to {top}) reaches into that of {better} (from {bottom})",
            where=document.where(("grades", "floors", worse)),
        )
