"""A small study with a questionnaire, written as files; everything is made up for a test.

A society of four provinces (one district each), two localities of which one is a pilot, two
regimes (an app with a score, a court with lists), and a wave with every kind of answer. By default
nothing is between truth and answer: all are reached, begin, finish, tell the truth and skip
nothing; a test switches on what it looks at.
"""

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scslab.study.read import StudyFile, read_study
from small import BREACH, GOOD, OTHER, SOURCES, held, monthly, months, points, share, write_regime
from small import yes as in_force
from small_wave_parts import AGES, ANALYSIS, DESIGN, LEDGER, WAVE, instrument

PROVINCES = ("Anhui", "Fujian", "Gansu", "Hainan")


def wave(**parts: Any) -> dict:
    """The small wave with other parts; of `field`, `sources` and `lives` what is new is added.

    A wave of another id has no ledger, since the ledger is that of the first.
    """
    found = copy.deepcopy(WAVE)
    if "id" in parts:
        del found["findings"]
    for key, value in parts.items():
        added = key in ("field", "sources", "lives")
        found[key] = {**found[key], **value} if added else value
    return found


def with_variable(variables: list[dict], name: str, **changes: Any) -> list[dict]:
    """The variables with one of them changed."""
    return [v | changes if v["name"] == name else v for v in copy.deepcopy(variables)]


def society(persons: int) -> dict:
    """Four provinces with two localities, by sex, residence, age and internet."""
    halves = {"over": ["sex"], "shares": {"female": 0.5, "male": 0.5}}
    margins = {
        "attributes": {
            "province": list(PROVINCES),
            "sex": ["female", "male"],
            "residence": ["rural", "urban"],
            "age": ["14-17", *AGES],
            "internet": ["offline", "online"],
        },
        "regions": {p: f"region {i % 2}" for i, p in enumerate(PROVINCES)},
        "margins": [
            {"over": ["province"], "persons": dict.fromkeys(PROVINCES, 300_000)},
            halves,
            {"over": ["residence"], "shares": {"rural": 0.4, "urban": 0.6}},
            {
                "over": ["age"],
                "shares": dict(zip(("14-17", *AGES), (0.1, 0.3, 0.4, 0.2), strict=True)),
            },
            {"over": ["internet"], "shares": {"offline": 0.3, "online": 0.7}},
        ],
    }
    places = {
        "Xia": {"in": "Anhui", "persons": held("persons", 100_000), "pilot": True},
        "Shang": {"in": "Gansu", "persons": held("persons", 60_000)},
    }
    return {"margins": margins, "persons": persons, "localities": places}


def regimes(folder: Path) -> list[dict]:
    """An app that persons join, with a score, grades, rewards and a list; and a court's lists."""
    acts = {
        BREACH: {"says": "Breaks a contract", "points": points(-40)},
        GOOD: {"says": "Helps", "points": points(15)},
    }
    write_regime(
        folder,
        "an-app",
        who={"consent": in_force(), "adults_from": held("years", 18)},
        score={"start": points(600), "lowest": points(350), "highest": points(950), "acts": acts},
        grades={"lowest": "C", "floors": {"A": points(640), "B": points(590)}},
        rewards={
            "bikes": {"says": "Bikes", "from_score": points(615), "gives": in_force()},
            "visa": {"says": "A visa", "grades": ["A"], "gives": in_force()},
            "odd": {"says": "For high and low", "grades": ["A", "C"], "gives": in_force()},
            "later": {
                "says": "Later",
                "from_score": points(0),
                "gives": in_force(False, ("2021-01-01", True)),
            },
        },
        lists={
            "low": {
                "says": "Few points",
                "grounds": {
                    "low": {"says": "Few", "score_below": points(565), "holds": in_force()}
                },
                "stays": months(6),
                "effects": {"loans": {"says": "No loans", "holds": in_force()}},
            }
        },
    )
    stays = {"stays": months(3)}
    write_regime(
        folder,
        "a-court",
        lists={
            "black": {
                "says": "Debtors",
                "grounds": {"did": {"says": "Did", "acts": [OTHER], "holds": in_force()}},
                "effects": {
                    "flights": {"says": "No flights", "holds": in_force()},
                    "trains": {"says": "No trains", "holds": in_force(False, ("2021-01-01", True))},
                },
                **stays,
            },
            "red": {
                "says": "Praised",
                "colour": "red",
                "grounds": {"did": {"says": "Did", "acts": [GOOD], "holds": in_force()}},
                **stays,
            },
        },
    )
    return [{"use": "an-app", "joins": {"share": share(0.5)}}, {"use": "a-court"}]


def write(
    folder: Path,
    *waves: Mapping[str, Any],
    persons: int = 6000,
    length: int = 4,
    fielded: tuple[str, ...] = ("2020-03", "2020-04"),
    design: Mapping[str, Any] | None = None,
    analysis: Mapping[str, Any] | None = None,
    ledger: Mapping[str, Any] | None = None,
    **parts: Any,
) -> Path:
    """Write the files of a study with some waves, fielded one after the other; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    asked = waves or (wave(),)
    uses = [
        {"id": one["id"], "month": when, "file": f"wave-{one['id']}.yaml"}
        for one, when in zip(asked, fielded, strict=False)
    ]
    study = {
        "schema": "study/1",
        "id": "small",
        "title": "A small study",
        "about": "Made up for a test.",
        "cannot_tell": "Anything.",
        "society": society(persons),
        "period": {"from": "2020-01", "to": f"2020-{length:02d}"},
        "sources": SOURCES,
        "conduct": {
            BREACH: {"rate": monthly(0.2)},
            OTHER: {"rate": monthly(0.05)},
            GOOD: {"rate": monthly(0.2)},
        },
        "agencies": {
            "watch": {"says": "Looks", "sees": [BREACH, OTHER, GOOD], "detection": share(1.0)}
        },
        "learning": {"own": share(0.5), "tie": share(0.3), "fades": months(6)},
        "regimes": regimes(folder),
        "waves": uses,
    }
    files = {
        "study": study | parts,
        "questions": instrument(),
        "design": DESIGN | (design or {}),
        "analysis": ANALYSIS | (analysis or {}),
        "findings": LEDGER | (ledger or {}),
        **{f"wave-{one['id']}": one for one in asked},
    }
    for name, data in files.items():
        text = json.dumps(data, indent=1)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def small_study(folder: Path, *waves: Mapping[str, Any], **parts: Any) -> StudyFile:
    """The study that `write` writes, read."""
    return read_study(write(folder, *waves, **parts))
