"""A small study with two systems and safeguards of its own, and comparisons of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scslab.lab.compare.compose import compare
from scslab.lab.compare.trial import Trial
from scslab.study.read import StudyFile
from small import (
    BREACH,
    OTHER,
    SOURCES,
    agency,
    desk_monthly,
    false_monthly,
    held,
    monthly,
    months,
    one_list,
    share,
    study,
    write_regime,
    yes,
)

LAW = {"law": {"kind": "law", "title": "Made up for a test", "date": "2019-01-01"}}


def change(path: str, unit: str, value: Any, how: str = "at_most") -> dict[str, Any]:
    """One change of rows of a safeguard."""
    return {how: path, "unit": unit, "row": {"value": value, "source": "law", "at": "art. 1"}}


def safeguard(folder: Path, name: str, *changes: dict[str, Any], **more: Any) -> str:
    """Write a safeguard beside the study; its name."""
    shape = {
        "schema": "change/1",
        "id": name,
        "name": f"Safeguard {name}",
        "about": "Made up for a test.",
        "law": [{"source": "law", "at": "art. 1", "says": "It is made up"}],
        "sources": LAW,
        "changes": list(changes),
        "not_modelled": [{"what": "The rest", "why": "A test", "effect": "None"}],
    }
    (folder / "safeguards").mkdir(exist_ok=True)
    text = json.dumps(shape | more, indent=1)
    (folder / "safeguards" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return name


def two_systems(folder: Path, **more: Any) -> StudyFile:
    """Two lists for two acts that know nothing of each other, with faults and a desk."""
    effects = {"flights": {"says": "No flights", "holds": yes()}}
    for name, act in (("first", BREACH), ("second", OTHER)):
        rules = one_list((act,), 9, effects=effects)
        # The list has a name of its own, so that a safeguard can be for it alone.
        lists = {f"{name}-list": rules["listed"]}
        write_regime(folder, name, lists=lists, remedy={"objection": held("working days", 21)})
    safeguard(folder, "short", change("lists.first-list.stays", "months", 3))
    safeguard(folder, "slow", change("lists.second-list.waits", "months", 2, "at_least"))
    practice = {
        "notice": share(0.6),
        "objects_wronged": share(0.5),
        "objects_rightful": share(0.1),
        "desk": {
            "decisions": desk_monthly(0.02),
            "rejects_wronged": share(0.2),
            "corrects_rightful": share(0.1),
        },
        "performs_first": share(0.1),
        "performs_later": share(0.05),
    }
    flights = {"flights": held("attempts per listed person-year", 6)}
    parts = {
        "persons": 6000,
        "length": 14,
        "conduct": {BREACH: {"rate": monthly(0.04)}, OTHER: {"rate": monthly(0.03)}},
        "agencies": agency(
            BREACH,
            OTHER,
            detection=0.8,
            wrong_subject=share(0.2),
            from_nothing=false_monthly(0.002),
        ),
        "regimes": [
            {"use": name, "practice": practice, "bites": flights} for name in ("first", "second")
        ],
        "sources": SOURCES,
    }
    return study(folder, **(parts | more))


def trial(file: StudyFile, *specs: str, seeds: Any = 4, **more: Any) -> Trial:
    """A comparison in memory."""
    return compare(file, specs, seeds, **({"threads": 1} | more))


def difference(
    found: Trial, arm: str, quantity: str, regime: str = "all", of: str = "amount", **by: str
) -> pd.Series:
    """One row of the table of differences."""
    rows = found.pairs
    wanted = {"safeguard": arm, "quantity": quantity, "regime": regime, "of": of}
    wanted |= {"by": "all", "group": "all"} | by
    kept = np.logical_and.reduce([rows[key] == value for key, value in wanted.items()])
    (row,) = [row for _, row in rows[kept].iterrows()]
    return row


__all__ = ["change", "difference", "months", "safeguard", "trial", "two_systems"]
