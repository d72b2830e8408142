"""Small waves as data, and persons to ask; all numbers are made up."""

from typing import Any

import numpy as np

from scslab.study.wave import Chance, WaveFile
from scslab.world.attitudes.truth import Respondents

SEED = np.uint64(20181231)
CATEGORIES = {"sex": ("female", "male"), "age": ("14-17", "18-30", "66+")}


def number(value: float) -> dict[str, Any]:
    return {"value": value, "source": "made-up", "at": "here"}


def numbers(**values: float) -> dict[str, Any]:
    return {key: number(value) for key, value in values.items()}


def chance(base: float, **effects: float) -> Chance:
    return Chance.model_validate({"base": number(base), "effects": numbers(**effects)})


def ordered(name: str, cuts: list[float], effects: dict[str, float] | None = None, **more: Any):
    rows = [number(cut) for cut in cuts]
    return {"name": name, "kind": "ordered", "cuts": rows, **effects_of(effects), **more}


def yes_no(name: str, base: float, effects: dict[str, float] | None = None, **more: Any):
    return {"name": name, "kind": "yes_no", "base": number(base), **effects_of(effects), **more}


def effects_of(effects: dict[str, float] | None) -> dict[str, Any]:
    return {"effects": numbers(**effects)} if effects else {}


def make_wave(*variables: dict, id: str = "first") -> WaveFile:
    """A wave of these variables, with two traits and two lives."""
    sure = {"base": number(0)}
    return WaveFile.model_validate(
        {
            "wave": "wave/1",
            "id": id,
            "title": "A small wave",
            "instrument": "small",
            "population": {},
            "sources": {"made-up": {"kind": "commentary", "title": "Made up for a test"}},
            "traits": {"trust": "trust", "open": "openness"},
            "lives": {
                "member": {"says": "a member", "member_of": ["app"]},
                "score": {"says": "the score", "score_of": "app"},
            },
            "variables": list(variables),
            "sample": {"kind": "river", "wanted": 1},
            "field": {"starts": sure, "finishes": sure, "mobile": sure, "seconds": number(8)},
            "design": "design.yaml",
            "analysis": "analysis.yaml",
        }
    )


def people(n: int, first: int = 0) -> Respondents:
    """Persons: every second a man, every third a member with a score from 400 to 499."""
    return asked(np.arange(first, first + n, dtype=np.int64))


def asked(persons: np.ndarray) -> Respondents:
    """These persons, each with what belongs to the number."""
    member = persons % 3 == 0
    return Respondents(
        persons=persons,
        codes={"sex": persons % 2, "age": (persons // 7) % 3},
        categories=CATEGORIES,
        lives={
            "member": member.astype(float),
            "score": np.where(member, 400.0 + persons % 100, np.nan),
        },
    )
