"""Margins: how many persons a society has in each category, and how sure that is.

Two ways in: a folder with ``margins.yaml`` and ``targets.csv`` (the shipped one is ``cn-2018``),
or the same keys written inline in a study file. Both end in `parse_margins`.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from scslab.core.errors import ScslabError, near
from scslab.world.society.margin_checks import check_agreement, check_reachable, reconcile
from scslab.world.society.margin_rows import (
    COUNTS,
    Margin,
    category_of,
    index_of,
    number_of,
    parse_margin,
    pick,
    word_of,
)

BUILTIN = Path(__file__).parent / "margins"
MOST_CELLS = 4_000_000
KEYS = frozenset(
    {
        "schema",
        "id",
        "about",
        "date",
        "counts",
        "sources",
        "attributes",
        "meanings",
        "regions",
        "unrated_ages",
        "margins",
        "impossible",
        "seed_table",
    }
)


@dataclass(frozen=True)
class Margins:
    """Everything `fit_cells` needs.

    `tables` hold persons where `in_persons`, else shares of 1. `seed` is the full joint table of
    odds (axes as in `attributes`), 0 in cells that cannot hold anybody. `counts` says what is
    counted: persons, or organisations, and then "persons" means these everywhere in fitting.
    """

    id: str
    about: str
    attributes: dict[str, tuple[str, ...]]
    place: str | None
    regions: dict[str, str]
    unrated_ages: tuple[str, ...]
    tables: tuple[Margin, ...]
    seed: NDArray[np.float64]
    impossible: tuple[dict[str, tuple[str, ...]], ...]
    total: float
    in_persons: bool
    sources: dict[str, dict[str, Any]]
    counts: str = "persons"


def read_margins(which: str | Path) -> Margins:
    """Read margins from a folder, or a built-in set by its id.

    Parameters
    ----------
    which : str or Path
        ``"cn-2018"``, or a folder with ``margins.yaml`` and ``targets.csv``.

    Raises
    ------
    ScslabError
        If there is no such set, or as `parse_margins`.
    """
    folder = BUILTIN / str(which)
    if not (folder / "margins.yaml").is_file():
        folder = Path(which)
    described, rows_file = folder / "margins.yaml", folder / "targets.csv"
    if not described.is_file():
        known = [path.name for path in BUILTIN.iterdir() if (path / "margins.yaml").is_file()]
        raise ScslabError(
            "no such margins",
            where="margins",
            got=which,
            expected="a built-in id or a folder with margins.yaml and targets.csv",
            hint=near(str(which), known),
        )
    raw = yaml.safe_load(described.read_text(encoding="utf-8"))
    if rows_file.is_file():
        with rows_file.open(newline="", encoding="utf-8") as file:
            rows = [{k: v for k, v in row.items() if v} for row in csv.DictReader(file)]
        margins = [dict(m) for m in raw.get("margins", [])]
        for margin in margins:
            margin["rows"] = [
                {k: v for k, v in row.items() if k != "margin"}
                for row in rows
                if row.get("margin") == margin.get("name")
            ]
        raw = {**raw, "margins": margins}
    return parse_margins(raw, str(described))


def parse_margins(raw: Mapping[str, Any], where: str) -> Margins:
    """Check margins as read from YAML and bring them into arrays.

    Parameters
    ----------
    raw : mapping
        Keys as in ``margins.yaml``. A margin is ``{over: [...], shares: {category: share}}`` or
        ``persons: {...}``; over several attributes ``rows: [{residence: urban, sex: male,
        persons: 1000}, ...]`` (also accepted under ``persons`` or ``shares``).
    where : str
        File and key, for messages.

    Raises
    ------
    ScslabError
        One message, naming the margin at fault.
    """
    for key in raw:
        if key not in KEYS:
            raise ScslabError(
                "unknown key in margins", where=where, got=key, hint=near(str(key), KEYS)
            )
    attributes = _attributes(raw.get("attributes"), where)
    listed = raw.get("margins")
    if not isinstance(listed, Sequence) or isinstance(listed, str) or not listed:
        raise ScslabError("no margins are given", where=where, expected="margins: a list")
    impossible = tuple(
        pick(entry, attributes, f"{where}: impossible") for entry in raw.get("impossible") or []
    )
    seed = np.ones([len(c) for c in attributes.values()])
    for block in raw.get("seed_table") or []:
        at = f"{where}: seed table {str(block.get('name', ''))!r}"
        for entry in block.get("odds", []):
            times = number_of(entry.get("times"), at)
            seed[
                index_of(
                    pick({k: v for k, v in entry.items() if k != "times"}, attributes, at),
                    attributes,
                )
            ] *= times
    for zero in impossible:
        seed[index_of(zero, attributes)] = 0.0
    tables, units = zip(*(parse_margin(m, attributes, seed, where) for m in listed), strict=True)
    repeated = {t.name for t in tables if sum(u.name == t.name for u in tables) > 1}
    if repeated:
        raise ScslabError("a margin is given twice", where=where, got=sorted(repeated)[0])
    in_persons = "counts" in units
    counted = [t for t, unit in zip(tables, units, strict=True) if unit == "counts"]
    total = float(counted[0].target.sum()) if counted else 1.0
    tables = tuple(
        t if unit == "counts" else _with(t, t.target * (total / t.target.sum()))
        for t, unit in zip(tables, units, strict=True)
    )
    check_agreement([(t.name, t.over, t.target) for t in tables], attributes, where)
    fixed = reconcile([(t.over, t.target) for t in tables])
    tables = tuple(_with(t, target) for t, target in zip(tables, fixed, strict=True))
    check_reachable([(t.name, t.over, t.target) for t in tables], attributes, seed, where)
    place = "province" if "province" in attributes else None
    return Margins(
        id=str(raw.get("id", "inline")),
        about=str(raw.get("about", "")),
        attributes=attributes,
        place=place,
        regions=_regions(raw.get("regions") or {}, attributes, where),
        unrated_ages=pick({"age": raw["unrated_ages"]}, attributes, where)["age"]
        if raw.get("unrated_ages")
        else (),
        tables=tables,
        seed=seed,
        impossible=impossible,
        total=total,
        in_persons=in_persons,
        sources=dict(raw.get("sources") or {}),
        counts=_counts(raw.get("counts", "persons"), where),
    )


def _counts(raw: object, where: str) -> str:
    if raw not in COUNTS:
        raise ScslabError(
            "margins count persons or organisations", where=f"{where}: counts", got=raw
        )
    return str(raw)


def _with(table: Margin, target: NDArray[np.float64]) -> Margin:
    return Margin(table.name, table.over, target, table.says, table.status_counts, table.sources)


def _attributes(raw: object, where: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(raw, Mapping) or not raw:
        raise ScslabError(
            "no attributes are given", where=where, expected="attributes: {name: [categories]}"
        )
    attributes: dict[str, tuple[str, ...]] = {}
    size = 1
    for name, categories in raw.items():
        if not isinstance(categories, Sequence) or isinstance(categories, str) or not categories:
            raise ScslabError(
                f"attribute {str(name)!r} needs a list of categories", where=where, got=categories
            )
        words = tuple(word_of(c) for c in categories)
        if len(set(words)) < len(words):
            raise ScslabError(f"attribute {str(name)!r} lists a category twice", where=where)
        if name == "region":
            raise ScslabError(
                '"region" is derived from the province',
                where=where,
                hint="give it under regions: {province: region}",
            )
        attributes[str(name)] = words
        size *= len(words)
    if size > MOST_CELLS:
        raise ScslabError(
            "the attributes make too many cells",
            where=where,
            got=f"{size:,}",
            expected=f"at most {MOST_CELLS:,}",
            hint="merge categories",
        )
    return attributes


def _regions(
    raw: Mapping[str, Any], attributes: Mapping[str, tuple[str, ...]], where: str
) -> dict[str, str]:
    regions = {
        category_of("province", p, attributes, f"{where}: regions"): str(r) for p, r in raw.items()
    }
    missing = [p for p in attributes.get("province", ()) if p not in regions] if regions else []
    if missing:
        raise ScslabError("a province has no region", where=f"{where}: regions", got=missing[0])
    return regions
