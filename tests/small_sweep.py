"""Small sweeps for tests: a study with one list, ranges, and sweeps of it as data."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from scslab.core.sweep import Factor
from scslab.lab.sweep.plan import Plan, make_plan
from scslab.lab.sweep.samplers import Design, make_design
from scslab.study.read import StudyFile
from scslab.study.sweep import Sampler, SweepFile, read_sweep_file
from small import BREACH, OTHER, agency, false_monthly, held, listing_study, monthly, months, share

LIST = "a-list"
OUTCOMES = ["listed", "entries", "wrongful_months", "missed_share"]


def ranged(dated: dict, low: Any, high: Any) -> dict:
    """A dated value whose rows all give a range."""
    return dated | {"rows": [row | {"between": [low, high]} for row in dated["rows"]]}


def swept_study(folder: Path, **more: Any) -> StudyFile:
    """A study of 600 persons and 6 months, on disk, with assumptions that have ranges."""
    parts: dict[str, Any] = {
        "persons": 600,
        "length": 6,
        "conduct": {
            BREACH: {"rate": ranged(monthly(0.05), 120, 1200)},
            OTHER: {"rate": monthly(0.01), "frailty": ranged(held("exponent", 1), 0, 3)},
        },
        "agencies": agency(
            BREACH,
            OTHER,
            detection=0.7,
            wrong_subject=ranged(share(0.1), 0.01, 0.2),
            from_nothing=ranged(false_monthly(0.002), 0, 120),
        ),
        "practice": {
            "notice": ranged(share(0.6), 0.2, 1.0),
            "learns_when_refused": ranged(held("yes/no", True), False, True),
            "objects_wronged": share(0.5),
            "objects_rightful": share(0.1),
            "performs_later": ranged(share(0.05, ("2020-03-01", 0.1)), 0.02, 0.3),
        },
    }
    file = listing_study(folder, ranged(months(12), 2, 24), LIST, **(parts | more))
    (folder / "study.yaml").write_text(file.text, encoding="utf-8")
    return file


def sweep_data(**more: Any) -> dict[str, Any]:
    """A sweep of `swept_study` as data: two factors, eight cases."""
    found: dict[str, Any] = {
        "schema": "sweep/1",
        "id": "small",
        "study": "study.yaml",
        "factors": {
            "detection": {"path": "agencies.watch.detection", "low": 0.2, "high": 1.0},
            "term": {"path": f"regimes.{LIST}.rules.lists.listed.stays", "low": 1, "high": 12},
        },
        "sampler": {"method": "lhs", "cases": 8},
        "outcomes": OUTCOMES,
    }
    return found | more


def sweep_on_disk(folder: Path, **more: Any) -> SweepFile:
    """A sweep file beside its study."""
    path = folder / "sweep.yaml"
    path.write_text(yaml.safe_dump(sweep_data(**more), sort_keys=False), encoding="utf-8")
    return read_sweep_file(path)


def small_plan(folder: Path, **more: Any) -> Plan:
    """The plan of a sweep of the small study, written into a folder."""
    if not (folder / "study.yaml").exists():
        swept_study(folder)
    return make_plan(sweep_on_disk(folder, **more))


def plain_factors(bounds: dict[str, tuple[float, float]]) -> list[Factor]:
    """Factors over ranges, for functions that need no study."""
    return [Factor(name, name, "", low, high) for name, (low, high) in bounds.items()]


def designed(factors: Sequence[Factor], seed: int = 1, **sampler: Any) -> Design:
    """The cases of some factors."""
    return make_design(factors, Sampler(**sampler), seed)
