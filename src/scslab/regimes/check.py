"""The sense of a regime file: what a shape cannot say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from scslab.core.acts import check_act
from scslab.core.calendar import day
from scslab.core.errors import ScslabError, near
from scslab.core.values import (
    Dated,
    Row,
    check_dated,
    check_sources,
    number_on,
    on,
    walk_dated,
)
from scslab.core.yamlfile import Document, Place
from scslab.regimes.model import Regime, Score

# Which units a place takes, by its last part.
UNITS = {
    "adults_from": {"years"},
    "consent": {"yes/no"},
    "points": {"points"},
    "moves": {"share of dimension"},
    "weight": {"share"},
    "holds": {"yes/no"},
    "stays": {"months"},
    "extends": {"months"},
    "record_ends": {"months"},
    "start": {"points"},
    "lowest": {"points"},
    "highest": {"points"},
    "score_below": {"points"},
    "score_after": {"points"},
    "from_score": {"points"},
    "removal_after_performance": {"working days"},
    "objection": {"working days", "days"},
    "objection_own_data": {"working days", "days"},
    "objection_others_data": {"working days", "days"},
    "residence": {"months"},
    "permit_for_non_locals": {"yes/no"},
    "updated": {"days"},
    "warning_first": {"yes/no"},
    "heard_before_listing": {"yes/no"},
    "notice_before_listing": {"working days", "days"},
    "basis_cancelled": {"working days", "days"},
    "repair_opens_ordinary": {"months"},
    "repair_opens_serious": {"months"},
    "shown_at_most_ordinary": {"months"},
    "shown_at_most_serious": {"months"},
}


def check_regime(regime: Regime, document: Document) -> None:
    """Check values, acts, grades and ranges of a regime.

    Raises
    ------
    ScslabError
        The first mistake, with its line.
    """
    check_sources(regime.sources, document)
    for place, dated in walk_dated(regime):
        check_dated(dated, place, regime.sources, document)
        check_unit(dated, place, document)
        check_whole(dated, place, document)
    check_covers(regime, document)
    check_score(regime, document)
    check_grades(regime, document)
    check_lists(regime, document)


def check_unit(dated: Dated, place: Place, document: Document) -> None:
    """A place that the judge reads takes only the units that the judge knows."""
    if place[0] == "limits":  # free names
        return
    floor = place[:2] == ("grades", "floors")
    wanted = {"points"} if floor else UNITS.get(str(place[-1]))
    if wanted and dated.unit not in wanted:
        raise ScslabError(
            "this unit does not fit here",
            where=document.where((*place, "unit")),
            got=dated.unit,
            expected=" or ".join(sorted(wanted)),
        )


def check_whole(dated: Dated, place: Place, document: Document) -> None:
    """Points and terms are whole numbers: the judge counts in them."""
    if dated.unit not in ("points", "months", "days", "working days"):
        return
    for i, row in enumerate(dated.rows):
        if row.value is not None and row.value != int(row.value):
            raise ScslabError(
                f"{dated.unit} must be a whole number",
                where=document.where((*place, "rows", i, "value")),
                got=row.value,
            )


def check_covers(regime: Regime, document: Document) -> None:
    """The days covered run forward."""
    start = day(regime.covers.from_, document.where(("covers", "from")))
    if (
        regime.covers.to is not None
        and day(regime.covers.to, document.where(("covers", "to"))) < start
    ):
        raise ScslabError("covers ends before it begins", where=document.where(("covers", "to")))
    day(regime.reviewed, document.where(("reviewed",)))


def check_score(regime: Regime, document: Document) -> None:
    """Acts are known; an act has points, a move or a cut; dimensions add up to one."""
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
    for name, act in score.acts.items():
        place: Place = ("score", "acts", name)
        check_act(name, document.where(place))
        if act.points is None and act.moves is None and act.cuts is None:
            raise ScslabError(
                "this act does nothing: say points, moves or cuts", where=document.where(place)
            )
        if (act.moves is None) != (act.dimension is None):
            raise ScslabError("moves and dimension go together", where=document.where(place))
        if act.dimension is not None and act.dimension not in score.dimensions:
            raise ScslabError(
                f'"{act.dimension}" is not a dimension of this regime',
                where=document.where((*place, "dimension")),
                hint=near(act.dimension, score.dimensions),
            )
        if act.cuts is not None:
            check_grade_name(act.cuts.to, regime, (*place, "cuts", "to"), document)
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


def check_grade_name(name: str, regime: Regime, place: Place, document: Document) -> None:
    """A grade must be one of this regime's."""
    if regime.grades is None:
        raise ScslabError(
            f'"{name}" is a grade, but this regime has no grades', where=document.where(place)
        )
    known = [*regime.grades.floors, regime.grades.lowest]
    if name not in known:
        raise ScslabError(
            f'grade "{name}" is not a grade of this regime',
            where=document.where(place),
            hint=near(name, known),
        )


def check_grades(regime: Regime, document: Document) -> None:
    """Floors fall from grade to grade, also at the ends of their ranges; rewards name grades."""
    if regime.grades is not None:
        if regime.score is None:
            raise ScslabError("grades need a score", where=document.where(("grades",)))
        if regime.grades.lowest in regime.grades.floors:
            raise ScslabError(
                "the lowest grade has no floor: it is what remains",
                where=document.where(("grades", "floors", regime.grades.lowest)),
            )
        for (better, high), (worse, low) in pairwise(regime.grades.floors.items()):
            for when in change_days([high, low]):
                check_order(better, on(high, when).row, worse, on(low, when).row, document)
    for name, reward in regime.rewards.items():
        if (reward.grades is None) == (reward.from_score is None):
            raise ScslabError(
                "a reward needs either grades or from_score",
                where=document.where(("rewards", name)),
            )
        if regime.score is None:
            raise ScslabError(
                "a regime without a score cannot reward", where=document.where(("rewards", name))
            )
        for grade in reward.grades or []:
            check_grade_name(grade, regime, ("rewards", name, "grades"), document)


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


def check_lists(regime: Regime, document: Document) -> None:
    """Grounds name known acts or a score that exists."""
    if len(regime.lists) > 8:
        raise ScslabError("a regime has at most 8 lists", where=document.where(("lists",)))
    for list_name, rules in regime.lists.items():
        for name, ground in rules.grounds.items():
            place: Place = ("lists", list_name, "grounds", name)
            for i, act in enumerate(ground.acts):
                check_act(act, document.where((*place, "acts", i)))
            if bool(ground.acts) == (ground.score_below is not None):
                raise ScslabError(
                    "a ground needs either acts or score_below", where=document.where(place)
                )
            if ground.score_below is not None and regime.score is None:
                raise ScslabError(
                    "a regime without a score cannot list by score", where=document.where(place)
                )
