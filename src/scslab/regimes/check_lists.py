"""The sense of lists, platforms and inspections: what they name exists."""

from __future__ import annotations

from scslab.core.acts import check_act
from scslab.core.errors import ScslabError, near
from scslab.core.yamlfile import Document, Place
from scslab.regimes.check_scores import check_grade_name, check_other_list
from scslab.regimes.lists import Ground
from scslab.regimes.model import Regime


def check_lists(regime: Regime, document: Document) -> None:
    """Grounds name known acts, a score or grade that exists, or a list elsewhere."""
    if len(regime.lists) > 8:
        raise ScslabError("a regime has at most 8 lists", where=document.where(("lists",)))
    for list_name, rules in regime.lists.items():
        for name, ground in rules.grounds.items():
            check_ground(ground, regime, ("lists", list_name, "grounds", name), document)
        for i, act in enumerate(rules.ends_on):
            check_act(act, document.where(("lists", list_name, "ends_on", i)))
        target = rules.escalates.to if rules.escalates is not None else None
        if target is not None and (target == list_name or target not in regime.lists):
            raise ScslabError(
                f'"{target}" is no other list of this regime',
                where=document.where(("lists", list_name, "escalates", "to")),
                hint=near(target, [n for n in regime.lists if n != list_name]),
            )


def check_ground(ground: Ground, regime: Regime, place: Place, document: Document) -> None:
    """A ground is of one kind, and what it names exists."""
    where = document.where(place)
    for i, act in enumerate(ground.acts):
        check_act(act, document.where((*place, "acts", i)))
    for name in ground.listed_on:
        check_other_list(name, document.where((*place, "listed_on")))
    kinds = [ground.acts, ground.score_below, ground.listed_on, ground.grades]
    if sum(bool(k) for k in kinds) != 1:
        raise ScslabError(
            "a ground needs one of acts, score_below, grades and listed_on", where=where
        )
    if ground.score_below is not None and regime.score is None:
        raise ScslabError("a regime without a score cannot list by score", where=where)
    for i, grade in enumerate(ground.grades):
        check_grade_name(grade, regime, (*place, "grades", i), document)
    if (ground.of != "same" or ground.follows) and not ground.listed_on:
        raise ScslabError("only a listing elsewhere can be followed (listed_on)", where=where)
    if (ground.times or ground.within) and not ground.acts:
        raise ScslabError("only acts are counted (times, within)", where=where)
    if ground.within is not None and ground.times is None:
        raise ScslabError("within needs times", where=where)


def check_links(regime: Regime, document: Document) -> None:
    """Platforms name known acts; inspections name grades; a regime does something."""
    if regime.platform is not None:
        for name, link in regime.platform.links.items():
            for i, act in enumerate(link.acts):
                check_act(act, document.where(("platform", "links", name, "acts", i)))
    for grade in regime.inspections.visits if regime.inspections is not None else ():
        check_grade_name(grade, regime, ("inspections", "visits", grade), document)
    does = (regime.score, regime.grades, regime.lists, regime.platform, regime.identity)
    if not any(does):
        raise ScslabError(
            "this regime does nothing",
            where=document.where(("id",)),
            expected="a score, grades, lists, a platform or an identity code",
        )
