"""A small society under any system of the library: everybody commits every act that it knows."""

from typing import Any

from scslab.core.acts import acts
from scslab.core.calendar import first_day, month, month_text
from scslab.core.values import on
from scslab.lab.recording import wanted_acts
from scslab.regimes.load import library, read_regime
from scslab.regimes.model import Regime
from scslab.regimes.rulebook import followed
from scslab.study.read import StudyFile, parse_study
from small import SOURCES, share

# Months; an entry moves to another list after three years.
LENGTH, LONG = 18, 48
PROVINCES = ("Shanghai",)


def closure(name: str) -> list[Regime]:
    """A system and all systems whose lists its rules follow."""
    found: dict[str, Regime] = {}
    wanted = [name]
    while wanted:
        one = wanted.pop()
        if one not in found and one in library():
            found[one] = read_regime(library()[one])
            wanted += [listing.split("/")[0] for listing in followed([found[one]])]
    return list(found.values())


def begins(regime: Regime) -> int:
    """The month after that from which the file covers."""
    return month(regime.covers.from_[:7]) + 1


def held(unit: str, value: Any, first: str) -> dict:
    rows = [{"from": first, "value": value, "source": "made-up", "at": "here"}]
    return {"unit": unit, "rows": rows}


def study_of(name: str, persons: int = 3000, organisations: int = 1500) -> StudyFile:
    """A study in which a system of the library runs for a year and a half."""
    regimes = closure(name)
    start = begins(regimes[0])
    moves = any(rules.escalates for rules in regimes[0].lists.values())
    length = LONG if moves else LENGTH
    day = first_day(start).isoformat()
    conduct = sorted({act for regime in regimes for act in wanted_acts(regime)})
    uses = [use_of(regime, start, day) for regime in regimes if rates(regime)]
    if regimes[0].platform is not None or regimes[0].identity is not None:
        raise ValueError(f"{name} rates nobody")
    both = any("organisations" in r.who.subjects for r in regimes)
    society: dict[str, Any] = {"margins": "cn-2018", "persons": persons}
    here = [place for place in regimes[0].who.places if place in PROVINCES]
    if here:
        society["only"] = {"province": here}
    if both:
        society["organisations"] = {
            "margins": "cn-2018-organisations",
            "count": organisations,
            "only": ({"province": here} if here else {})
            | {a.attribute: a.are for a in regimes[0].who.among},
        }
    agencies = {
        "watch": {
            "says": "Sees all",
            "sees": conduct,
            "detection": held("share", 1.0, day),
        }
    }
    shape = {
        "schema": "study/1",
        "id": "catalogue",
        "title": name,
        "about": "Made up for a test.",
        "cannot_tell": "Anything.",
        "society": society,
        "period": {"from": month_text(start), "to": month_text(start + length - 1)},
        "sources": SOURCES,
        "conduct": {act: {"rate": held("acts per 1000 person-years", 600, day)} for act in conduct},
        "agencies": agencies,
        "practice": {
            "notice": held("share", 0.5, day),
            "objects_wronged": held("share", 0.5, day),
            "performs_first": held("share", 0.1, day),
            "performs_later": held("share", 0.1, day),
            "repairs": held("share", 0.2, day),
        },
        "regimes": uses,
    }
    import json

    return parse_study(json.dumps(shape))


def rates(regime: Regime) -> bool:
    return bool(regime.score or regime.grades or regime.lists)


def use_of(regime: Regime, start: int, day: str) -> dict[str, Any]:
    """How the study uses a system: most join, members bring half of each dimension."""
    use: dict[str, Any] = {"use": regime.id}
    if begins(regime) > start:
        use["since"] = month_text(begins(regime))
    if regime.who.consent is not None:
        use["joins"] = {"share": held("share", 0.8, day)}
    if regime.score is not None and regime.score.dimensions:
        bring = {"mean": held("share", 0.5, day), "spread": held("share", 0.3, day)}
        use["brings"] = dict.fromkeys(regime.score.dimensions, bring)
    return use


def lists_in_reach(regime: Regime, present: set[str], last: int) -> set[str]:
    """The lists that acts or listings of the study lead to, in force at some time of it."""
    found = set()
    when = first_day(last)
    for name, rules in regime.lists.items():
        for ground in rules.grounds.values():
            elsewhere = {x.split("/")[0] for x in ground.listed_on} & present
            if (ground.acts or elsewhere) and on(ground.holds, when).value:
                found.add(name)
    return found


def known(act: str) -> bool:
    return act in acts()


__all__ = ["LENGTH", "closure", "lists_in_reach", "share", "study_of"]
