"""The sense of scores and grades: what moves them exists, their floors and weights fit together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


def check_once(names: Sequence[str], place: Place, document: Document) -> None:
    """No name stands twice in a list."""
    for i, name in enumerate(names):
        if name in names[:i]:
            raise ScslabError(f'"{name}" stands here twice', where=document.where((*place, i)))


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
    does = ["cuts", "lifts", "drops"]
    if isinstance(act, ScoredAct):
        does = ["points", "moves", *does]
    if all(getattr(act, key) is None for key in does):
        raise ScslabError(
            f"this act does nothing: say {', '.join(does[:-1])} or {does[-1]}",
            where=document.where(place),
        )
    for key in ("cuts", "lifts"):
        cut = getattr(act, key)
        if cut is not None:
            check_grade_name(cut.to, regime, (*place, key, "to"), document)
            end = {"cuts": 0, "lifts": -1}[key]
            if regime.grades is not None and cut.to == regime.grades.names[end]:
                raise ScslabError(
                    f"this does nothing: nobody stands {('above', 'below')[end]} the "
                    f'{("best", "lowest")[end]} grade "{cut.to}"',
                    where=document.where((*place, key, "to")),
                )
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
    if score.dimensions and score.start is not None:
        raise ScslabError(
            "a score of weighted dimensions has no start",
            where=document.where(("score", "start")),
            why="it starts at what a person brings to the dimensions",
        )
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
            if act.moves is not None and act.points is not None:
                raise ScslabError("say points or moves, not both", where=document.where(place))
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
    """The scale has an extent, and scores start on it."""
    ends = [d for d in (score.lowest, score.highest) if d is not None]
    for when in change_days(ends) if len(ends) == 2 else []:
        low, high = on(ends[0], when).value, on(ends[1], when).value
        if low is not None and high is not None and low >= high:
            raise ScslabError(
                f"lowest ({low}) must lie below highest ({high})",
                where=document.where(("score", "lowest")),
            )
    if score.start is not None:
        for when in change_days([score.start, *ends]):
            check_on_scale(score, score.start, "start", ("score", "start"), when, document)


def check_on_scale(
    score: Score, dated: Dated, name: str, place: Place, when: date, document: Document
) -> None:
    """A start or floor lies on the scale."""
    value, low, high = (on(d, when).value for d in (dated, score.lowest, score.highest))
    below = value is not None and low is not None and value < low
    above = value is not None and high is not None and value > high
    if below or above:
        raise ScslabError(
            f"{name} ({value}) lies {'below' if below else 'above'} the scale (on {when})",
            where=document.where(place),
            expected=f"{'at least' if below else 'at most'} {low if below else high}",
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
        if regime.score is not None:
            ends = [d for d in (regime.score.lowest, regime.score.highest) if d is not None]
            for name, floor in regime.grades.floors.items():
                for when in change_days([floor, *ends]):
                    place: Place = ("grades", "floors", name)
                    what = f"the floor of {name}"
                    check_on_scale(regime.score, floor, what, place, when, document)
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
        if reward.grades is not None and not reward.grades:
            raise ScslabError(
                "no grade earns this reward", where=document.where(("rewards", name, "grades"))
            )
        check_once(reward.grades or [], ("rewards", name, "grades"), document)


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
        check_ladder(regime, grades, document)
        return
    if regime.score is None:
        raise ScslabError("grades need a score", where=where, hint="or use a ladder")
    for key in ("acts", "listings", "start"):
        if getattr(grades, key):
            raise ScslabError(
                f"only a ladder has {'a start' if key == 'start' else f'{key} of its own'}",
                where=document.where(("grades", key)),
                hint=f"put {'it' if key == 'start' else 'them'} under score",
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


def check_ladder(regime: Regime, grades: Grades, document: Document) -> None:
    """A ladder has at least two grades, a start on it, and no score."""
    where = document.where(("grades", "start"))
    check_once(grades.ladder, ("grades", "ladder"), document)
    if len(grades.ladder) < 2:
        raise ScslabError(
            "a ladder needs at least two grades",
            where=document.where(("grades", "ladder")),
            got=", ".join(grades.ladder),
        )
    if grades.start is None:
        raise ScslabError(
            '"start" is missing',
            where=document.where(("grades",)),
            expected="the grade of the ladder where subjects begin",
        )
    if grades.start not in grades.ladder:
        raise ScslabError(
            "start must be a grade of the ladder",
            where=where,
            got=grades.start,
            hint=near(grades.start, grades.ladder),
        )
    if regime.score is not None:
        raise ScslabError(
            "a ladder has no score",
            where=document.where(("score",)),
            hint="grade by floors of the score, or leave the score out",
        )
    if grades.lowest is not None:
        raise ScslabError(
            "a ladder has no lowest",
            where=document.where(("grades", "lowest")),
            why="its last grade is the lowest",
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
