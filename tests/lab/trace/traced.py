"""Runs in folders, and a society with every remedy on, for the tests of stories."""

from pathlib import Path
from typing import Any

from scslab.lab.simulate import simulate
from scslab.study.read import StudyFile
from small import (
    BREACH,
    GOOD,
    OTHER,
    agency,
    desk_monthly,
    false_monthly,
    held,
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

DAYS = held("working days", 21)
FLIGHTS = {"flights": {"says": "No flights", "holds": yes()}}
BITES = {"flights": held("attempts per listed person-year", 6)}


def run_folder(file: StudyFile, to: Path, seed: int = 1, **more: Any) -> Path:
    """A run written to a folder."""
    simulate(file, seed=seed, out=to, **({"threads": 1} | more))
    return to


def practice(**more: Any) -> dict:
    """What happens to entries: something of everything."""
    return {
        "notices": {
            "letter": {"says": "by letter", "reaches": share(0.4)},
            "poster": {"says": "by poster", "reaches": share(0.2), "takes": months(1)},
        },
        "learns_when_refused": yes(),
        "objects_wronged": share(0.7),
        "objects_rightful": share(0.3),
        "objects_varies": [{"with": "sex", "times": {"female": 0.8}, "source": "made-up"}],
        "helps": {"reasons": share(0.3)},
        "screening": {"stops_wronged": share(0.2), "stops_rightful": share(0.05)},
        "desk": {
            "decisions": desk_monthly(0.02),
            "rejects_wronged": share(0.4),
            "corrects_rightful": share(0.1),
        },
        "marked": share(0.5),
        "complaint": {
            "complains_wronged": share(0.8),
            "complains_rightful": share(0.2),
            "takes": months(2),
            "upholds_wronged": share(0.6),
            "upholds_rightful": share(0.1),
        },
        "corrections_reach": share(0.5),
        "corrections_take": months(1),
        "hardship": {
            "share": share(0.3),
            "applies": share(0.6),
            "grants": share(0.5),
            "applies_others": share(0.05),
            "grants_others": share(0.1),
        },
        "performs_first": share(0.2),
        "performs_later": share(0.05),
        **more,
    }


REMEDY = {
    "human_review": yes(),
    "reasons_given": yes(),
    "marked_as_disputed": yes(),
    "complaint": yes(),
    "objection": DAYS,
    "hardship": {"says": "Falls ill", "acts": [BREACH], "holds": yes()},
}


def rich(folder: Path, **more: Any) -> StudyFile:
    """Three regimes on the same acts, one of which follows another, with every remedy on."""
    days_off = {"removal_after_performance": held("working days", 3), "extends": months(2)}
    lists = one_list((BREACH,), 9, effects=FLIGHTS, **days_off)
    write_regime(folder, "courts", lists=lists, remedy=REMEDY)
    low = {"says": "Few points", "score_below": points(965), "holds": yes()}
    write_regime(
        folder,
        "city",
        score=one_score(1000, breach=-20, other=-35, good=5),
        grades={"lowest": "B", "floors": {"A": points(1010)}},
        rewards={"praise": {"says": "Is praised", "grades": ["A"], "gives": yes()}},
        lists={"low": {"says": "Few points", "grounds": {"low": low}, "stays": months(4)}},
        remedy=REMEDY | {"record_ends": months(9)},
    )
    ground = {"says": "Stands with the courts", "listed_on": ["courts/listed"], "holds": yes()}
    write_regime(
        folder,
        "railway",
        lists={"banned": {"says": "Banned", "grounds": {"listed": ground | {"follows": True}}}},
        remedy=REMEDY,
    )
    uses = [
        {"use": "courts", "practice": practice(), "bites": BITES},
        {"use": "city", "practice": practice(), "receives": {"coverage": share(0.9)}},
        {"use": "railway", "practice": practice(desk={"rejects_wronged": share(0.2)})},
    ]
    faults = {"wrong_subject": share(0.1), "from_nothing": false_monthly(0.002), "lag": months(1)}
    parts = {
        "persons": 600,
        "length": 14,
        "conduct": {
            BREACH: {"rate": monthly(0.04)},
            OTHER: {"rate": monthly(0.02)},
            GOOD: {"rate": monthly(0.05)},
        },
        "agencies": agency(BREACH, OTHER, GOOD, detection=0.8, **faults),
        "regimes": uses,
    }
    return study(folder, **(parts | more))


def unusual(folder: Path) -> StudyFile:
    """Lists that wait, count, escalate and end on an act; a hearing, clerks, points alone."""
    twice = {"says": "Did it twice", "acts": [OTHER], "holds": yes()}
    twice |= {"times": held("times", 2), "within": months(6)}
    serious = {
        "says": "Not cleared",
        "grounds": {"none": {"says": "None", "acts": [OTHER], "holds": yes(False)}},
    }
    slow = {"waits": months(1), "stays": months(12), "removal_after_performance": DAYS}
    did = {"did": {"says": "Did it", "acts": [BREACH], "holds": yes()}}
    write_regime(
        folder,
        "office",
        lists={
            "named": {"says": "Named", "grounds": did, **slow},
            "often": {
                "says": "Often",
                "grounds": {"twice": twice},
                "ends_on": [GOOD],
                "escalates": {"to": "worse", "after": months(2)},
            },
            "worse": serious | {"stays": months(3)},
        },
        remedy={"heard_before_listing": yes(), "objection": DAYS, "human_review": yes()},
    )
    write_regime(
        folder, "plain", score=one_score(1000, breach=-20, good=5), lists=one_list((BREACH,), 6)
    )
    hearing = {
        "appears_wronged": share(0.8),
        "appears_rightful": share(0.3),
        "clears_wronged": share(0.7),
        "clears_rightful": share(0.1),
    }
    clerks = {"staff": held("clerks per 1000000 subjects", 2000), "case_takes": held(*TWO_DAYS)}
    told = {"notice": share(0.7), "objects_wronged": share(0.7), "objects_rightful": share(0.4)}
    desk = clerks | {"rejects_wronged": share(0.3), "corrects_rightful": share(0.1)}
    screening = {"stops_wronged": share(0.3), "stops_rightful": share(0.1)}
    uses = [
        {
            "use": "office",
            "practice": told
            | {"hearing": hearing, "desk": desk, "screening": screening}
            | {"performs_first": share(0.3), "performs_later": share(0.1)},
        },
        {"use": "plain", "practice": {"notice": share(0.5)}},
    ]
    faults = {"wrong_subject": share(0.2), "from_nothing": false_monthly(0.01)}
    return study(
        folder,
        persons=500,
        length=14,
        conduct={
            BREACH: {"rate": monthly(0.04)},
            OTHER: {"rate": monthly(0.2)},
            GOOD: {"rate": monthly(0.05)},
        },
        agencies=agency(BREACH, OTHER, GOOD, **faults),
        regimes=uses,
    )


TWO_DAYS = ("working days", 2)
