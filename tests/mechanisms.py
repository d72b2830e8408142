"""Regimes and studies with the newer mechanisms: lists with options, organisations, places."""

from typing import Any

from small import (
    BREACH,
    GOOD,
    OTHER,
    agency,
    false_monthly,
    held,
    in_first_month,
    monthly,
    months,
    one_list,
    one_score,
    points,
    share,
    study,
    write_regime,
    yes,
)

PRAISE, FINE = "civic.blood-donation", "traffic.ticket"
ACTS = (BREACH, OTHER, GOOD, PRAISE, FINE)
BUSY = {act: {"rate": monthly(0.07)} for act in ACTS}
ONCE = {BREACH: {"rate": in_first_month(0.3)}}
FAULTS = {"wrong_subject": share(0.2), "from_nothing": false_monthly(0.004)}

OFF = {"removal_after_performance": held("working days", 3)}


def times(*values: Any) -> dict:
    return held("times", *values)


def ground(*acts: str, **more: Any) -> dict:
    return {"says": "Did it", "acts": list(acts), "holds": yes(), **more}


def a_list(*acts: str, says: str = "Listed", grounds: dict | None = None, **more: Any) -> dict:
    return {"says": says, "grounds": grounds or {"did": ground(*acts)}, **more}


def busy(folder, name: str = "lists", **parts: Any):
    parts = {"persons": 500, "length": 13, "conduct": BUSY, "agencies": agency(*ACTS)} | parts
    return study(folder, **({"regimes": [name]} | parts))


FIRM_ACT, FIRM_GOOD, BOTH = "pollution.excess", "honour.enterprise", "charity.donation"
PLACES = ("Anhui", "Fujian", "Gansu")
CITY = {"Xia": {"in": "Anhui", "persons": held("persons", 100_000)}}
BOTH_BUSY = {a: {"rate": monthly(0.1)} for a in (BREACH, FIRM_ACT, BOTH)}


def margins(counts: str = "persons") -> dict:
    other = {"sex": ["female", "male"]} if counts == "persons" else {"sector": ["trade", "other"]}
    name, words = next(iter(other.items()))
    return {
        "counts": counts,
        "attributes": {"province": list(PLACES), **other},
        "regions": {p: f"region {i % 2}" for i, p in enumerate(PLACES)},
        "margins": [
            {"over": ["province"], counts: dict.fromkeys(PLACES, 400_000)},
            {"over": [name], "shares": dict.fromkeys(words, 0.5)},
        ],
    }


def society(persons: int = 600, organisations: int = 600, **more: Any) -> dict:
    firms = {"margins": margins("organisations"), "count": organisations}
    return {"margins": margins(), "persons": persons, "organisations": firms, **more}


def mixed(folder, *uses: Any, **parts: Any):
    """A study of persons and organisations."""
    parts = {"conduct": BOTH_BUSY, "society": society()} | parts
    parts.setdefault("agencies", agency(*parts["conduct"]))
    return study(folder, regimes=list(uses), **parts)


def visits(**yearly: float) -> dict:
    """Inspections a year by grade."""
    return {"says": "I", "visits": {g: held("visits per year", v) for g, v in yearly.items()}}


def whole_country(folder):
    """Links between persons and organisations, localities, quotas and oversight at once."""
    write_regime(
        folder,
        "firms",
        who={"subjects": ["organisations"]},
        score=one_score(1000) | {"acts": {FIRM_ACT: {"says": "P", "points": points(-10)}}},
        grades={"lowest": "C", "quotas": {"A": share(0.3), "B": share(0.4)}},
        lists=one_list((FIRM_ACT,), 3),
        inspections=visits(A=0, B=2, C=6),
    )
    ground = {"says": "Speaks for it", "listed_on": ["firms/listed"], "of": "representative"}
    family = {"says": "Kin", "listed_on": ["city/listed"], "of": "family", "holds": yes()}
    lists = {
        "led": {"says": "L", "grounds": {"g": ground | {"follows": True, "holds": yes()}}},
        "kin": {"says": "K", "grounds": {"g": family}, "stays": months(2)},
    }
    write_regime(folder, "persons-too", lists=lists)
    write_regime(folder, "city", who={"places": ["Xia"]}, lists=one_list((BREACH,), 4))
    outcry = {
        "speaks": share(1.0),
        "outlets": share(0.5),
        "fades": months(3),
        "above": held("voices per 1000", 400),
    }
    about = {"says": "Outcry", "regimes": [], "source": "made-up", "at": "here"}
    watch = {"watch": {"says": "W", "sees": [BREACH, FIRM_ACT, BOTH], "detection": share(0.6)}}
    watch["watch"] |= {"lag": months(1), "wrong_subject": share(0.1)}
    watch["watch"]["inspects"] = {"by": "firms", "finds": share(0.5), "within": months(6)}
    receives = {"coverage": share(0.7), "delay": months(1)}
    return mixed(
        folder,
        "firms",
        {"use": "persons-too", "receives": receives},
        "city",
        society=society(1500, 900, localities=CITY),
        agencies=watch,
        length=15,
        oversight=[about | {"outcry": outcry}],
    )
