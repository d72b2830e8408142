"""Small studies and regimes written as text, and runs of them in memory.

Everything here is made up for a test; each value is constant unless a test says otherwise.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from scslab.core.tables import State
from scslab.lab.loop import new_quotas, pass_month
from scslab.lab.month import Month, month_of_world
from scslab.lab.run import Run
from scslab.lab.shard import Shard, make_shards, make_state
from scslab.lab.simulate import simulate
from scslab.lab.world import World, build_world
from scslab.study.read import StudyFile, parse_study

START = "2020-01-01"
SOURCES = {"made-up": {"kind": "commentary", "title": "Made up for a test"}}
BREACH, OTHER, GOOD = "contract.breach", "judgment.refused", "civic.volunteering"
PLAIN = {
    "attributes": {"sex": ["female", "male"], "residence": ["rural", "urban"]},
    "margins": [
        {"over": ["sex"], "shares": {"female": 0.5, "male": 0.5}},
        {"over": ["residence"], "shares": {"rural": 0.4, "urban": 0.6}},
    ],
}


def held(unit: str, *values: Any) -> dict:
    """A dated value: one value from the start, or pairs of a first day and a value."""
    pairs = [v if isinstance(v, tuple) else (START, v) for v in values]
    rows = [{"from": d, "value": v, "source": "made-up", "at": "here"} for d, v in pairs]
    return {"unit": unit, "rows": rows}


def share(*values: Any) -> dict:
    return held("share", *values)


def months(*values: Any) -> dict:
    return held("months", *values)


def points(*values: Any) -> dict:
    return held("points", *values)


def yes(*values: Any) -> dict:
    return held("yes/no", *(values or (True,)))


def monthly(*values: Any) -> dict:
    """A rate given as acts per person and month."""
    scaled = [(v[0], v[1] * 12_000) if isinstance(v, tuple) else v * 12_000 for v in values]
    return held("acts per 1000 person-years", *scaled)


def in_first_month(rate: float) -> dict:
    """A rate per person and month that ends with the first month."""
    return monthly(rate, ("2020-02-01", 0.0))


def false_monthly(value: float) -> dict:
    """Records on nothing, per person and month."""
    return held("records per 1000 person-years", value * 12_000)


def desk_monthly(value: float) -> dict:
    """Decisions per person and month."""
    return held("decisions per 1000 persons and year", value * 12_000)


def places(count: int) -> dict:
    """Margins with equal provinces, each a district of its own."""
    names = [f"place {i:02d}" for i in range(count)]
    return {
        "attributes": {"province": names, "sex": ["female", "male"]},
        "regions": {p: f"region {i % 3}" for i, p in enumerate(names)},
        "margins": [
            {"over": ["province"], "shares": dict.fromkeys(names, 1 / count)},
            {"over": ["sex"], "shares": {"female": 0.5, "male": 0.5}},
        ],
    }


def one_list(acts: tuple[str, ...] = (BREACH,), stays: Any = 12, **more: Any) -> dict:
    """Lists of a regime with one list for some acts; `stays` in months, None for good."""
    ground = {"says": "Did it", "acts": list(acts), "holds": yes()}
    rules = {"says": "Those who did it", "grounds": {"did": ground}, **more}
    if stays is not None:
        rules["stays"] = stays if isinstance(stays, dict) else months(stays)
    return {"listed": rules}


def one_score(start: int = 1000, **acts: int) -> dict:
    """A score and the points of acts, named by what they are called here."""
    named = {"breach": BREACH, "other": OTHER, "good": GOOD}
    moves = {named[k]: {"says": "Moves it", "points": points(v)} for k, v in acts.items()}
    return {"start": points(start), "acts": moves}


def write_regime(folder: Path, name: str, **parts: Any) -> str:
    """Write a regime folder; its name."""
    shape = {
        "schema": "regime/1",
        "id": name,
        "name": name,
        "about": "Made up for a test.",
        "operator": "nobody",
        "covers": {"from": START, "to": None},
        "reviewed": START,
        "status": "draft",
        "sources": SOURCES,
        "not_modelled": [],
    }
    (folder / name).mkdir(parents=True, exist_ok=True)
    text = json.dumps(shape | parts, indent=1)
    (folder / name / "regime.yaml").write_text(text, encoding="utf-8")
    return name


def agency(*sees: str, detection: float = 1.0, **faults: Any) -> dict:
    seen = list(sees) or [BREACH]
    return {"watch": {"says": "Looks", "sees": seen, "detection": share(detection), **faults}}


def study_text(**parts: Any) -> str:
    """The text of a study; `persons`, `months` and `margins` are short for their sections."""
    persons, length = parts.pop("persons", 2000), parts.pop("length", 12)
    margins = parts.pop("margins", PLAIN)
    last = 2020 * 12 + length - 1
    shape = {
        "schema": "study/1",
        "id": "small",
        "title": "A small study",
        "about": "Made up for a test.",
        "cannot_tell": "Anything.",
        "society": {"margins": margins, "persons": persons},
        "period": {"from": "2020-01", "to": f"{last // 12}-{last % 12 + 1:02d}"},
        "sources": SOURCES,
        "conduct": {BREACH: {"rate": monthly(0.02)}},
        "agencies": agency(),
    }
    return json.dumps(shape | parts, indent=1)


def study(folder: Path, **parts: Any) -> StudyFile:
    """A small study; regimes are looked for in `folder`."""
    uses = parts.get("regimes", [])
    parts["regimes"] = [{"use": u} if isinstance(u, str) else u for u in uses]
    return parse_study(study_text(**parts), folder=folder)


def listing_study(folder: Path, stays: Any = 12, name: str = "a-list", **parts: Any) -> StudyFile:
    """A study with one list for one act; `practice` goes to the regime."""
    write_regime(folder, name, lists=one_list(stays=stays, **parts.pop("rules", {})))
    use = {"use": name} | {k: parts.pop(k) for k in ("practice", "changes") if k in parts}
    return study(folder, regimes=[use], **parts)


def run(file: StudyFile, seed: int = 1, **more: Any) -> Run:
    return simulate(file, seed=seed, **({"threads": 1} | more))


def totals(found: Run, column: str, regime: str | None = None) -> np.ndarray:
    """A count of one regime (the first if none is named), summed over groups, by month."""
    regime = regime or found.manifest["regimes"][0]
    rows = found.tallies[found.tallies["regime"] == regime]
    return rows.groupby("month", sort=True, observed=True)[column].sum().to_numpy()


def step_through(
    file: StudyFile, seed: int = 1, shards: int = 1
) -> Iterator[tuple[World, Month, State, list[Shard]]]:
    """Live through a study and stop at the end of each month, with the shards to look into."""
    world = build_world(file, seed)
    state, parts = make_state(world), make_shards(world, shards)
    month = None
    for index in range(len(world.months)):
        quotas = new_quotas(world, month, state, parts)
        month = month_of_world(world, index, month, quotas)
        pass_month(world, month, state, parts, here)
        yield world, month, state, parts


def here(call: Any, parts: list[Shard]) -> None:
    """Call a function for each shard, one after the other."""
    for part in parts:
        call(part)


def near(got: float, expected: float, error: float, times: float = 3.0) -> bool:
    """Whether a figure lies within some standard errors of what is expected."""
    return abs(got - expected) <= times * error


def exponent(value: int) -> dict:
    return held("exponent", value)


def everything(folder: Path, **more: Any) -> StudyFile:
    """A study with every mechanism on: 40 small places, three regimes, faults, queues, learning."""
    score = one_score(1000, breach=-20, other=-35, good=5)
    score |= {"lowest": points(900), "highest": points(1100)}
    low = {"says": "Few points", "score_below": points(965), "holds": yes()}
    write_regime(
        folder,
        "points-and-list",
        score=score,
        grades={"lowest": "C", "floors": {"A": points(1005), "B": points(970)}},
        lists={
            "low": {
                "says": "Few points",
                "grounds": {"low": low},
                "stays": months(4),
                "score_after": points(975),
                "effects": {"flights": {"says": "No flights", "holds": yes()}},
            }
        },
        rewards={"praise": {"says": "Praised", "grades": ["A"], "gives": yes()}},
        remedy={"record_ends": months(9), "objection": held("working days", 21)},
    )
    rules = {"removal_after_performance": held("working days", 3), "extends": months(2)}
    write_regime(folder, "debtors", lists=one_list((BREACH, OTHER), 8, **rules))
    write_regime(
        folder,
        "joined",
        who={"consent": yes()},
        score=one_score(600, breach=-15, good=2),
        lists=one_list((BREACH,), None, members_only=True)
        | {"kept": one_list((OTHER,), 3)["listed"]},
    )
    practice = {
        "notice": share(0.6),
        "learns_when_refused": yes(),
        "objects_wronged": share(0.7),
        "objects_rightful": share(0.2),
        "desk": {
            "decisions": desk_monthly(0.02),
            "rejects_wronged": share(0.2),
            "corrects_rightful": share(0.1),
        },
        "performs_first": share(0.2),
        "performs_later": share(0.05),
    }
    flights = held("attempts per listed person-year", 6)
    uses = [
        {"use": "points-and-list", "practice": practice, "bites": {"flights": flights}},
        {"use": "debtors", "practice": practice, "receives": {"coverage": share(0.8)}},
        {
            "use": "joined",
            "practice": practice,
            "receives": {"delay": months(2)},
            "joins": {"share": share(0.3, ("2020-05-01", 0.6), ("2020-09-01", 0.45))},
        },
    ]
    attitude = {
        "confidence": [share(0.1), share(0.2), share(0.4), share(0.3)],
        "cuts": [held("log-odds", c) for c in (-2.5, -1.5, 1.5, 3.0)],
        "effects": {
            "confidence": held("log-odds", 0.5),
            "listed": held("log-odds", -1),
            "heard": held("log-odds", -0.5),
            "member": held("log-odds", 0.3),
            "sex=male": held("log-odds", 0.2),
        },
    }
    wave = {
        "id": "wave",
        "month": "2020-11",
        "respondents": 300,
        "weight_by": ["sex", "region"],
        "reaches": [{"with": "sex", "times": {"male": 1.4}, "source": "made-up"}],
        "completes": share(0.7),
        "falsifies": share(0.2),
        "falsifies_when_heard": share(0.4),
        "attitude": attitude,
    }
    agencies = agency(
        BREACH,
        OTHER,
        detection=0.7,
        lag=months(1.5),
        wrong_subject=share(0.1),
        from_nothing=false_monthly(0.003),
    ) | {"praise": {"says": "Praises", "sees": [GOOD], "detection": share(0.9)}}
    parts = {
        "persons": 4000,
        "length": 14,
        "margins": places(40),
        "conduct": {
            BREACH: {
                "rate": monthly(0.06),
                "frailty": exponent(2),
                "while_listed": held("times", 0.5),
                "varies": [{"with": "sex", "times": {"female": 0.6}, "source": "made-up"}],
            },
            OTHER: {"rate": monthly(0.03)},
            GOOD: {"rate": monthly(0.1), "frailty": exponent(1)},
        },
        "agencies": agencies,
        "learning": {"own": share(0.5), "tie": share(0.3), "fades": months(6)},
        "regimes": uses,
        "surveys": [wave],
    }
    return study(folder, **(parts | more))


def lived_through(file: StudyFile, seed: int = 1) -> tuple[World, Month, State, list[Shard]]:
    """A study at the end of its last month."""
    *_, last = step_through(file, seed)
    return last
