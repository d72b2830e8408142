"""Levers: a study with other values in the places of its factors.

A factor on a dated value moves all its rows at once:

- with a range of its own, every row that holds a number is set to the number (`as: times`: is
  multiplied by it); rows that end a rule, with null, stay as they are;
- without one it moves the rows that give `between: [low, high]`, and no others. Where these ranges
  are the same, the factor is the value itself. Where they differ, it is one position u between 0
  and 1, and each row has the value low + u (high - low).

Weights of the dimensions of a score are parts of one whole: where one of them moves, all of them
are divided by their new sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from scslab.core.sweep import Factor
from scslab.core.yamlfile import Document
from scslab.lab.sweep.paths import SAFEGUARDS, Spot, dated
from scslab.regimes.check import WHOLE
from scslab.regimes.safeguard import names_of
from scslab.study.read import StudyFile, check_study

# Units in which values are counted: a value that is whole, with a whole range, stays so.
COUNTED = frozenset(
    ("points", "years", "months", "days", "working days", "exponent", "persons", "grades")
    + ("organisations", "month of the year")
)
WHOLE_MONTHS = frozenset(("delay", "after", "takes", "corrections_take"))  # of a study


@dataclass(frozen=True)
class Lever:
    """A factor and the spot in the study that it moves; `whole` are all spots of its whole."""

    factor: Factor
    spot: Spot
    whole: tuple[Spot, ...] = ()


def is_whole(value: Any) -> bool:
    """Whether a number is whole."""
    return isinstance(value, int) or (isinstance(value, float) and value == int(value))


def counted(spot: Spot, numbers: Sequence[Any]) -> bool:
    """Whether a dated value takes whole numbers only.

    Rules count in some units and a study in some places; elsewhere a value stays whole where it
    and its range are.
    """
    unit = str(spot.now["unit"])
    rule = spot.place[2:3] == ("changes",)
    must = unit in WHOLE if rule else spot.place[-1] in WHOLE_MONTHS or unit == "exponent"
    return must or (unit in COUNTED and all(map(is_whole, numbers)))


def has_range(row: dict[str, Any]) -> bool:
    """Whether a row holds a number with a range that has a width."""
    between = row.get("between")
    return row["value"] is not None and between is not None and between[0] != between[1]


def moved(lever: Lever, value: Any) -> Any:
    """What stands at the spot of a lever when its factor has a value."""
    factor, now = lever.factor, lever.spot.now
    if not dated(now):
        if factor.moves == "times":
            return now * value
        if lever.spot.place[-1] == SAFEGUARDS:
            return names_of([value] if isinstance(value, str) else value)
        return list(value) if isinstance(value, tuple) else value
    found = deepcopy(now)
    for row in found["rows"]:
        before = row["value"]
        if before is None or (factor.moves == "between" and not has_range(row)):
            continue
        if factor.moves == "between" and factor.unit == "position":
            low, high = row["between"]
            new = positioned(low, high, value)
            numbers = [low, high, before]
        else:
            new = before * value if factor.moves == "times" else value
            numbers = [before]
        if factor.moves != "set" and not isinstance(new, bool) and counted(lever.spot, numbers):
            new = round(new)
        row["value"] = new
        widen(row)
    return found


def positioned(low: Any, high: Any, position: float) -> Any:
    """The value at a position between the ends of a range.

    Examples
    --------
    >>> positioned(2.0, 6.0, 0.25), positioned(False, True, 0.25)
    (3.0, False)
    """
    if isinstance(low, bool):
        return position >= 0.5
    return min(max(low + position * (high - low), low), high)


def widen(row: dict[str, Any]) -> None:
    """Let the range of an assumption hold its new value: the sweep says how far it varies."""
    between = row.get("between")
    if between is not None and isinstance(row["value"], int | float):
        row["between"] = [min(between[0], row["value"]), max(between[1], row["value"])]


def with_values(file: StudyFile, levers: list[Lever], values: list[Any]) -> StudyFile:
    """The study with other values in the places of its factors, checked like any other.

    A value of None leaves what stands there.

    Raises
    ------
    ScslabError
        The study makes no sense with these values.
    """
    data = deepcopy(file.document.data)
    for lever, value in zip(levers, values, strict=True):
        if value is not None:
            put_at(data, lever.spot, moved(lever, value))
    for whole in {x.whole[0].path: x.whole for x in levers if x.whole}.values():
        make_whole(data, whole)
    document = Document(file.document.name, data, file.document.lines)
    found = check_study(document, file.text, file.folder)
    months = {"period": file.study.period}  # where only the first months are run
    return replace(found, study=found.study.model_copy(update=months))


def put_at(data: Any, spot: Spot, value: Any) -> None:
    """Put a value into its spot."""
    *place, last = spot.place
    at = data
    for part in place:
        at = at.setdefault(part, {}) if isinstance(at, dict) else at[part]
    at[last] = value


def at_spot(data: Any, spot: Spot) -> Any:
    """What stands in a spot of changed data."""
    at = data
    for part in spot.place:
        at = at.get(part) if isinstance(at, dict) else at[part]
        if at is None:
            return spot.now
    return at


def make_whole(data: Any, spots: tuple[Spot, ...]) -> None:
    """Divide the parts of a whole by their sum, row by row; rows of other days are left alone."""
    parts = [deepcopy(at_spot(data, spot)) for spot in spots]
    days = [[row["from"] for row in part["rows"]] for part in parts]
    if any(day != days[0] for day in days):
        return
    for rows in zip(*(part["rows"] for part in parts), strict=True):
        total = sum(row["value"] or 0 for row in rows)
        for row in rows if total > 0 else ():
            row["value"] = (row["value"] or 0) / total
            widen(row)
    for spot, part in zip(spots, parts, strict=True):
        put_at(data, spot, part)
