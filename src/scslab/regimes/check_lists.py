"""The sense of lists, platforms and inspections: what they name exists."""

from __future__ import annotations

from scslab.core.acts import check_act
from scslab.core.errors import ScslabError, near
from scslab.core.values import on
from scslab.core.yamlfile import Document, Place
from scslab.regimes.check_scores import change_days, check_grade_name, check_once, check_other_list
from scslab.regimes.lists import Ground, ListRules
from scslab.regimes.model import Regime


def check_lists(regime: Regime, document: Document) -> None:
    """Grounds name known acts, a score or grade that exists, or a list elsewhere."""
    if len(regime.lists) > 8:
        raise ScslabError("a regime has at most 8 lists", where=document.where(("lists",)))
    for list_name, rules in regime.lists.items():
        if not rules.grounds:
            raise ScslabError(
                "nobody can get on this list: it has no grounds",
                where=document.where(("lists", list_name, "grounds")),
            )
        for name, ground in rules.grounds.items():
            check_ground(ground, regime, ("lists", list_name, "grounds", name), document)
        check_ways_out(rules, regime, ("lists", list_name), document)
        target = rules.escalates.to if rules.escalates is not None else None
        if target is not None and (target == list_name or target not in regime.lists):
            raise ScslabError(
                f'"{target}" is no other list of this regime',
                where=document.where(("lists", list_name, "escalates", "to")),
                hint=near(target, [n for n in regime.lists if n != list_name]),
            )


def acts_of(rules: ListRules) -> list[str]:
    """The acts that put a subject on a list or end an entry."""
    return [*(act for ground in rules.grounds.values() for act in ground.acts), *rules.ends_on]


def check_ways_out(rules: ListRules, regime: Regime, place: Place, document: Document) -> None:
    """Terms and ways out fit each other and the regime."""
    grounds = [act for ground in rules.grounds.values() for act in ground.acts]
    check_once(rules.ends_on, (*place, "ends_on"), document)
    for i, act in enumerate(rules.ends_on):
        check_act(act, document.where((*place, "ends_on", i)))
        if act in grounds:
            raise ScslabError(
                f'"{act}" is a ground of this list and would end it at once',
                where=document.where((*place, "ends_on", i)),
            )
    if rules.extends is not None and not (
        rules.stays or any(ground.stays for ground in rules.grounds.values())
    ):
        raise ScslabError(
            "there is no term to extend",
            where=document.where((*place, "extends")),
            hint="say stays, or leave extends out",
        )
    if rules.repair_after == "performance" and rules.repair_opens is None:
        raise ScslabError(
            "repair_after needs repair_opens", where=document.where((*place, "repair_after"))
        )
    if rules.score_after is not None and regime.score is None:
        raise ScslabError(
            "a regime without a score cannot set one",
            where=document.where((*place, "score_after")),
        )
    if rules.escalates is None or rules.stays is None:
        return
    for when in change_days([rules.stays, rules.escalates.after]):
        stays, after = on(rules.stays, when).value, on(rules.escalates.after, when).value
        if stays is not None and after is not None and stays < after:
            raise ScslabError(
                f"entries end before they can move (on {when})",
                where=document.where((*place, "escalates", "after")),
                got=f"stays {stays} months, moves after {after}",
            )


def check_ground(ground: Ground, regime: Regime, place: Place, document: Document) -> None:
    """A ground is of one kind, and what it names exists."""
    where = document.where(place)
    for i, act in enumerate(ground.acts):
        check_act(act, document.where((*place, "acts", i)))
    for i, name in enumerate(ground.listed_on):
        at = document.where((*place, "listed_on", i))
        check_other_list(name, at)
        check_own_list(name, ground, regime, str(place[1]), at)
    check_once(ground.acts, (*place, "acts"), document)
    check_once(ground.listed_on, (*place, "listed_on"), document)
    kinds = [k for k in ("acts", "score_below", "grades", "listed_on") if getattr(ground, k)]
    if len(kinds) != 1:
        raise ScslabError(
            "a ground needs one of acts, score_below, grades and listed_on",
            where=where,
            got=" and ".join(kinds),
        )
    if ground.score_below is not None and regime.score is None:
        raise ScslabError("a regime without a score cannot list by score", where=where)
    for i, grade in enumerate(ground.grades):
        check_grade_name(grade, regime, (*place, "grades", i), document)
    if ground.follows and not ground.listed_on:
        raise ScslabError(
            "only a listing elsewhere can be followed (listed_on)",
            where=document.where((*place, "follows")),
        )
    if ground.of != "same" and not ground.listed_on:
        raise ScslabError(
            "of says whose listing elsewhere it is, so it needs listed_on",
            where=document.where((*place, "of")),
        )
    for key in ("times", "within"):
        if getattr(ground, key) is not None and not ground.acts:
            raise ScslabError(
                "only acts are counted (times, within)", where=document.where((*place, key))
            )
    if ground.subjects and not (ground.acts or ground.listed_on):
        raise ScslabError(
            "only acts and listings are of persons or of organisations (subjects)", where=where
        )
    if ground.within is not None and ground.times is None:
        raise ScslabError(
            "within needs times",
            where=document.where((*place, "within")),
            why="it is the time in which so many acts must fall",
        )


def check_own_list(name: str, ground: Ground, regime: Regime, list_name: str, where: str) -> None:
    """A listing on a list of this regime is on one that it has, and no list follows itself."""
    source, other = name.split("/")
    if source != regime.id:
        return
    if other not in regime.lists:
        raise ScslabError(
            f'this regime has no list "{other}"', where=where, hint=near(other, regime.lists)
        )
    if other == list_name and ground.of == "same":
        raise ScslabError("a list cannot follow itself", where=where, got=name)


def check_links(regime: Regime, document: Document) -> None:
    """Platforms name known acts; inspections name grades; a regime does something."""
    if regime.platform is not None:
        if not regime.platform.links:
            raise ScslabError(
                "this platform passes nothing on", where=document.where(("platform", "links"))
            )
        for name, link in regime.platform.links.items():
            check_once(link.acts, ("platform", "links", name, "acts"), document)
            if not link.acts:
                raise ScslabError(
                    "this link passes nothing on",
                    where=document.where(("platform", "links", name, "acts")),
                )
            for i, act in enumerate(link.acts):
                check_act(act, document.where(("platform", "links", name, "acts", i)))
    check_inspections(regime, document)
    does = (regime.score, regime.grades, regime.lists, regime.platform, regime.identity)
    if not any(does):
        raise ScslabError(
            "this regime does nothing",
            where=document.where(("id",)),
            expected="a score, grades, lists, a platform or an identity code",
        )


def check_inspections(regime: Regime, document: Document) -> None:
    """Inspections are of organisations, by grades that exist."""
    if regime.inspections is None:
        return
    visits = regime.inspections.visits
    for grade in visits:
        check_grade_name(grade, regime, ("inspections", "visits", grade), document)
    if not visits:
        raise ScslabError("no grade is inspected", where=document.where(("inspections", "visits")))
    if "organisations" not in regime.who.subjects:
        raise ScslabError(
            "only organisations are inspected, and this regime rates none",
            where=document.where(("inspections",)),
            hint="who: {subjects: [organisations]}",
        )
