"""One margin as written in YAML or CSV rows, brought into an array."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scslab.core.errors import ScslabError, near

SHARE_TOLERANCE = 1e-6
STATUSES = ("published", "derived", "assumed")
COUNTS = ("persons", "organisations")
_NOT_CATEGORIES = frozenset({*COUNTS, "share", "shares", "status", "source", "note", "as_of"})


@dataclass(frozen=True)
class Margin:
    """Target of one margin: `target` has one axis for each attribute in `over`."""

    name: str
    over: tuple[str, ...]
    target: NDArray[np.float64]
    says: str
    status_counts: dict[str, int]
    sources: tuple[str, ...]

    @property
    def status(self) -> str:
        """The weakest status of its rows; "stated" where the study gives the numbers itself."""
        return next((s for s in reversed(STATUSES) if self.status_counts.get(s)), "stated")


def word_of(value: object) -> str:
    """A category as text."""
    # YAML 1.1 reads a bare yes or no as a truth value.
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def category_of(
    name: str, value: object, attributes: Mapping[str, tuple[str, ...]], at: str
) -> str:
    """The category, checked."""
    if name not in attributes:
        raise ScslabError(f"unknown attribute {name!r}", where=at, hint=near(name, attributes))
    word = word_of(value)
    if word not in attributes[name]:
        raise ScslabError(
            f"unknown category of {name}", where=at, got=word, hint=near(word, attributes[name])
        )
    return word


def pick(
    entry: Mapping[str, Any], attributes: Mapping[str, tuple[str, ...]], at: str
) -> dict[str, tuple[str, ...]]:
    """Categories chosen in some attributes: {age: [0-13], party: [yes]}."""
    chosen = {}
    for name, values in entry.items():
        many = values if isinstance(values, list | tuple) else [values]
        chosen[str(name)] = tuple(category_of(str(name), v, attributes, at) for v in many)
    return chosen


def index_of(
    chosen: Mapping[str, tuple[str, ...]], attributes: Mapping[str, tuple[str, ...]]
) -> tuple[NDArray[np.intp], ...]:
    """Index into the joint table of the chosen categories (all where none is chosen)."""
    return np.ix_(
        *(
            [c.index(v) for v in chosen[name]] if name in chosen else range(len(c))
            for name, c in attributes.items()
        )
    )


def number_of(value: object, at: str) -> float:
    """A finite number, 0 or more."""
    try:
        number = float(str(value))
    except ValueError:
        number = float("nan")
    if not np.isfinite(number):
        raise ScslabError("not a number", where=at, got=value)
    if number < 0:
        raise ScslabError("a negative value", where=at, got=value, expected="0 or more")
    return number


def parse_margin(
    raw: Mapping[str, Any],
    attributes: Mapping[str, tuple[str, ...]],
    seed: NDArray[np.float64],
    where: str,
) -> tuple[Margin, str]:
    """One margin, and its unit: "counts" (of persons or organisations) or "shares"."""
    over = tuple(str(a) for a in raw.get("over", ()))
    name = str(raw.get("name", " x ".join(over)))
    at = f"{where}: margin {name!r}"
    if not over or len(set(over)) < len(over):
        raise ScslabError(
            "a margin is over one or more different attributes",
            where=at,
            got=list(over),
            expected="over: [attribute, ...]",
        )
    for attribute in over:
        if attribute not in attributes:
            raise ScslabError(
                f"unknown attribute {attribute!r}", where=at, hint=near(attribute, attributes)
            )
    given = [key for key in (*COUNTS, "shares", "rows") if key in raw]
    unknown = [str(k) for k in raw if k not in {"name", "over", "says", *COUNTS, "shares", "rows"}]
    if unknown or len(given) != 1:
        raise ScslabError(
            "a margin has one of persons, shares or rows",
            where=at,
            got=", ".join(unknown or given) or "none of them",
        )
    values = raw[given[0]]
    if isinstance(values, Mapping):
        if len(over) > 1:
            raise ScslabError(
                "a margin over several attributes is a list of rows",
                where=at,
                hint=f"rows: [{{{over[0]}: ..., {over[1]}: ..., persons: ...}}]",
            )
        values = [{over[0]: category, given[0]: number} for category, number in values.items()]
    if not values:
        raise ScslabError("this margin has no rows", where=at)
    target = np.full([len(attributes[a]) for a in over], np.nan)
    units: set[str] = set()
    counts: dict[str, int] = {}
    sources: dict[str, None] = {}
    for row in values:
        for key in row:
            if key not in over and key not in _NOT_CATEGORIES:
                raise ScslabError(
                    f"unknown attribute {str(key)!r} in a row", where=at, hint=near(str(key), over)
                )
        missing = [a for a in over if a not in row]
        unit = next((key for key in (*COUNTS, "shares", "share") if key in row), None)
        if missing or unit is None:
            raise ScslabError(
                "a row lacks a column",
                where=at,
                got=row,
                expected=", ".join([*over, "persons or shares"]),
            )
        units.add("counts" if unit in COUNTS else "shares")
        words = [category_of(a, row[a], attributes, at) for a in over]
        spot = tuple(attributes[a].index(w) for a, w in zip(over, words, strict=True))
        if not np.isnan(target[spot]):
            raise ScslabError("a row is given twice", where=at, got=" x ".join(words))
        target[spot] = number_of(row[unit], f"{at}, {' x '.join(words)}")
        if "status" in row:
            counts[str(row["status"])] = counts.get(str(row["status"]), 0) + 1
        if "source" in row:
            sources[str(row["source"])] = None
    _fill_impossible(target, over, attributes, seed, at)
    if len(units) > 1:
        raise ScslabError("rows in persons and rows in shares", where=at, expected="one of them")
    total = float(target.sum())
    if total <= 0:
        raise ScslabError("the total of this margin is zero", where=at)
    unit = units.pop()
    if unit == "shares" and abs(total - 1) > SHARE_TOLERANCE:
        raise ScslabError(
            "the shares of this margin do not add up to 1",
            where=at,
            got=f"{total:.9g}",
            hint="give persons, or shares that add up to 1",
        )
    return Margin(name, over, target, str(raw.get("says", "")), counts, tuple(sources)), unit


def _fill_impossible(
    target: NDArray[np.float64],
    over: tuple[str, ...],
    attributes: Mapping[str, tuple[str, ...]],
    seed: NDArray[np.float64],
    at: str,
) -> None:
    """Rows left out are zeros where nobody can be, else an error."""
    order = list(attributes)
    others = tuple(i for i, a in enumerate(order) if a not in over)
    reach = seed.max(axis=others)
    kept = [a for a in order if a in over]
    reach = np.transpose(reach, [kept.index(a) for a in over])
    target[np.isnan(target) & (reach == 0)] = 0.0
    gaps = np.argwhere(np.isnan(target))
    if len(gaps):
        words = [attributes[a][i] for a, i in zip(over, gaps[0], strict=True)]
        raise ScslabError(
            "a category is missing",
            where=at,
            got=f"no row for {' x '.join(words)}",
            hint="give it 0 if nobody is in it",
        )
