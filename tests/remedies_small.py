"""Small studies with remedies: rules and practice in one line each, and a look at the entries."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from mechanisms import BOTH, CITY, FINE, FIRM_ACT, a_list, ground, society, times
from scslab.core.tables import FILED, LISTED, TRUE, WAITING, WRONGFUL_LISTED, State
from scslab.lab.loop import new_quotas, pass_month
from scslab.lab.month import Month, month_of_world
from scslab.lab.pipeline import STAGES, Stage
from scslab.lab.run import Run
from scslab.lab.shard import Shard, make_shards, make_state
from scslab.lab.world import World, build_world
from scslab.study.read import StudyFile
from small import (
    BREACH,
    OTHER,
    agency,
    desk_monthly,
    exponent,
    false_monthly,
    held,
    here,
    monthly,
    months,
    one_score,
    points,
    share,
    study,
    write_regime,
    yes,
)

FAULTS = {"wrong_subject": share(0.3), "from_nothing": false_monthly(0.01)}
ALL_TOLD = {"notice": share(1.0), "objects_wronged": share(1.0), "objects_rightful": share(1.0)}


def clerks(number: Any) -> dict:
    """Clerks per million subjects; a number, or pairs of a first day and a number."""
    return held("clerks per 1000000 subjects", *(number if isinstance(number, list) else [number]))


def days(*values: Any) -> dict:
    return held("working days", *values)


def bound(**what: Any) -> dict:
    """Bounds of a regime: one, called `it`, which holds from the start unless `holds` is given."""
    return {"it": {"says": "A bound", "holds": yes()} | what}


def channel(reaches: float, takes: int = 0, **varies: dict) -> dict:
    """A channel of notice; `sex={"male": 0.5}` lowers its reach."""
    rows = [{"with": k, "times": v, "source": "made-up"} for k, v in varies.items()]
    return {"says": "C", "reaches": share(reaches), "takes": months(takes), "varies": rows}


def hearing(appears: float, clears: float, rightful: tuple = (0.0, 0.0)) -> dict:
    return {
        "appears_wronged": share(appears),
        "appears_rightful": share(rightful[0]),
        "clears_wronged": share(clears),
        "clears_rightful": share(rightful[1]),
    }


def complaint(complains: float, upholds: float, takes: int = 1, rightful: float = 0.0) -> dict:
    return {
        "complains_wronged": share(complains),
        "complains_rightful": share(complains),
        "takes": months(takes),
        "upholds_wronged": share(upholds),
        "upholds_rightful": share(rightful),
    }


def hardship(part: float, applies: float = 0.0, grants: float = 0.0, **more: Any) -> dict:
    return {"share": share(part), "applies": share(applies), "grants": share(grants), **more}


def records_study(folder, practice: dict, name: str = "points", **parts: Any) -> StudyFile:
    """A score of which each record is an entry that can be objected to, one after the other."""
    write_regime(folder, name, score=one_score(0, breach=-1), remedy=parts.pop("remedy", {}))
    return study(folder, regimes=[{"use": name, "practice": practice}], **parts)


def live(
    file: StudyFile, seed: int = 1, shards: int = 1, stages: Sequence[Stage] = STAGES
) -> Iterator[tuple[World, Month, State, list[Shard]]]:
    """Live through a study month by month, clerks included, with the shards to look into."""
    world = build_world(file, seed)
    state, parts = make_state(world), make_shards(world, shards)
    month, desks = None, {}
    for index in range(len(world.months)):
        quotas = new_quotas(world, month, state, parts)
        month = month_of_world(world, index, month, quotas)
        pass_month(world, month, state, parts, here, stages, desks)
        yield world, month, state, parts


def recount(world: World, month: Month, parts: list[Shard]) -> dict[int, np.ndarray]:
    """Stocks counted anew from the entries that stand: column -> i8[regimes, groups]."""
    entries = np.concatenate([part.entries for part in parts])
    listed = (entries["list"] >= 0) & (entries["begun"] <= month.index)
    which = {
        LISTED: listed,
        WRONGFUL_LISTED: listed & (entries["truth"] != TRUE),
        WAITING: entries["state"] == FILED,
    }
    found = {}
    for column, rows in which.items():
        counts = np.zeros((len(world.regimes), world.groups), np.int64)
        groups = world.people.group[entries["cell"][rows]]
        np.add.at(counts, (entries["regime"][rows].astype(int), groups), 1)
        found[column] = counts
    return found


def stocks(parts: list[Shard]) -> np.ndarray:
    """What the books say stands, i8[regimes, groups, STOCKS]."""
    return np.sum([part.books.stocks for part in parts], axis=0)


def sums(found: Run, regime: str | None = None) -> dict[str, int]:
    """All counts of a run, summed over months and groups."""
    rows = found.tallies
    if regime is not None:
        rows = rows[rows["regime"] == regime]
    numbers = rows.select_dtypes("integer")
    return {column: int(numbers[column].sum()) for column in numbers}


SOME = {
    "notices": {
        "letter": channel(0.5, 0, sex={"male": 0.6}),
        "board": channel(0.4, 1),
        "post": channel(0.5, 2),
    },
    "learns_when_refused": yes(),
    "objects_wronged": share(0.6),
    "objects_rightful": share(0.3),
    "objects_varies": [{"with": "sex", "times": {"female": 1.3}, "source": "made-up"}],
    "helps": {"reasons": share(0.2), "method": share(0.1), "help": share(0.3)},
    "hearing": hearing(0.5, 0.6, (0.3, 0.2)),
    "screening": {"stops_wronged": share(0.2), "stops_rightful": share(0.05)},
    "marked": share(0.5),
    "complaint": complaint(0.7, 0.6, 2, 0.3),
    "corrections_reach": share(0.6),
    "corrections_take": months(1),
    "hardship": hardship(0.3, 0.5, 0.7, applies_others=share(0.1), grants_others=share(0.2))
    | {"varies": [{"with": "sex", "times": {"female": 1.5}, "source": "made-up"}]},
    "performs_first": share(0.1),
    "performs_later": share(0.03),
    "repairs": share(0.05),
}
QUEUE = {"decisions": desk_monthly(0.008), "rejects_wronged": share(0.4)}
STAFF = {
    "staff": clerks([2500, ("2020-06-01", 0), ("2020-08-01", 5000), ("2020-11-01", 1500)]),
    "case_takes": days(1.5),
    "rejects_wronged": share(0.4),
}
STAFF_OF_FEW = {**STAFF, "case_takes": days(0.8), "corrects_rightful": share(0.1)}
QUEUE_OF_FEW = {**QUEUE, "corrects_rightful": share(0.1)}
RULES = {
    name: yes()
    for name in (
        "heard_before_listing",
        "human_review",
        "reasons_given",
        "method_published",
        "help_with_objections",
        "marked_as_disputed",
        "complaint",
    )
} | {"objection": days(10)}
LET_OFF = {"hardship": {"says": "Ill", "acts": [BREACH], "holds": yes()}}


def every_remedy(folder, **more: Any) -> StudyFile:
    """A study with every remedy on: persons, firms, a city, and records that many systems hold."""
    effects = {
        "flights": {"says": "F", "holds": yes()},
        "honours": {"says": "H", "context": "honour", "severity": "slight", "holds": yes()},
    }
    later = yes(False, ("2020-09-01", True))
    write_regime(
        folder,
        "debts",
        who={"subjects": ["persons", "organisations"]},
        lists={
            "first": a_list(
                BREACH,
                FIRM_ACT,
                stays=months(8),
                extends=months(2),
                waits=months(1),
                effects=effects,
                escalates={"to": "second", "after": months(4)},
                removal_after_performance=days(3),
            ),
            "second": a_list(FINE, stays=months(5), effects=effects, repair_opens=months(2)),
        },
        bounds=bound(acts=["traffic.*"], only="related", holds=later),
        remedy=RULES | LET_OFF,
    )
    write_regime(
        folder,
        "firms",
        who={"subjects": ["organisations"]},
        score=one_score(1000) | {"acts": {FIRM_ACT: {"says": "P", "points": points(-10)}}},
        lists=_led(FIRM_ACT, 6),
        remedy=RULES | {"record_ends": months(7)},
    )
    write_regime(
        folder,
        "points",
        who={"consent": yes(), "withdrawal": yes(False, ("2020-04-01", True))},
        score=one_score(1000, breach=-20, other=-35) | {"lowest": points(900)},
        lists={
            "low": {
                "says": "Low",
                "grounds": {
                    "low": {"says": "L", "score_below": points(965), "holds": yes()},
                    "often": ground(OTHER, times=times(2), within=months(6)),
                },
                "stays": months(4),
                "effects": effects,
            }
        },
        remedy=RULES | LET_OFF | {"record_ends": months(9), "repair_opens_ordinary": months(2)},
    )
    follows = {"follows": True, "holds": yes()}
    speaks = {"says": "S", "listed_on": ["firms/listed"], "of": "representative"} | follows
    kin = {"says": "K", "listed_on": ["debts/first"], "of": "family", "holds": yes()}
    same = {"says": "D", "listed_on": ["debts/first", "debts/second"]} | follows
    write_regime(
        folder,
        "followers",
        lists={
            "led": {"says": "L", "grounds": {"g": speaks}},
            "kin": {"says": "K", "grounds": {"g": kin}, "stays": months(4)},
            "also": {"says": "A", "grounds": {"g": same, "own": ground(BREACH)}},
        },
        bounds=bound(listings_of=["family"], holds=later),
        remedy=RULES,
    )
    write_regime(folder, "city", who={"places": ["Xia"]}, lists=_led(BREACH, 4), remedy=RULES)
    bites = dict.fromkeys(("flights", "honours"), held("attempts per listed person-year", 8))
    part = {"coverage": share(0.8), "lifts": share(0.7)}
    withdraws = {"share": share(0.6), "withdraws": share(0.05)}
    uses = [
        {"use": "debts", "practice": SOME | {"desk": STAFF}, "bites": bites},
        {"use": "firms", "practice": SOME | {"desk": STAFF_OF_FEW}},
        {
            "use": "points",
            "practice": SOME | {"desk": QUEUE},
            "joins": withdraws,
            "bites": bites,
        },
        {"use": "followers", "practice": SOME | {"desk": QUEUE_OF_FEW}, "receives": part},
        {"use": "city", "practice": SOME, "since": "2020-03"},
    ]
    spared = [{"with": "sex", "times": {"male": 0.7}, "source": "made-up"}]
    faults = {"lag": months(1), "overlooks": spared, **FAULTS}
    acts = (BREACH, OTHER, FINE, FIRM_ACT, BOTH)
    conduct = {
        act: {"rate": monthly(0.06), "frailty": exponent(1), "while_listed": times(0.5)}
        for act in acts
    }
    parts = {
        "society": society(1500, 900, localities=CITY),
        "length": 16,
        "conduct": conduct,
        "agencies": agency(*acts, detection=0.8, **faults),
        "learning": {"own": share(0.4), "tie": share(0.2), "fades": months(5)},
    }
    return study(folder, regimes=uses, **(parts | more))


def _led(act: str, stays: int) -> dict:
    return {"listed": a_list(act, stays=months(stays), waits=months(1))}
