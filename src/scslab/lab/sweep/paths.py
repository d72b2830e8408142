"""Paths of values: in a study and in the rules of its regimes, as a sweep file writes them.

A path of a study is written as in variants, with regimes by their names:
`regimes.NAME.practice.notice`. A value of the rules is `regimes.NAME.rules.PATH`, with the path
that `changes` of a study takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pydantic import BaseModel

from scslab.core.calendar import first_day, last_day, month
from scslab.core.errors import ScslabError, near
from scslab.core.yamlfile import Document, Place, read
from scslab.lab.folder import restore_ends
from scslab.lab.safeguards import completed
from scslab.regimes.load import find_regime
from scslab.study.model import Practice, RegimeUse
from scslab.study.read import StudyFile, check_study
from scslab.study.variants import by_name

# What the months of a run do not read: nobody is asked in a sweep, and nothing is compared.
NOT_READ = ("surveys", "waves", "variants", "compare")
SAFEGUARDS = "safeguards"


@dataclass(frozen=True)
class Spot:
    """A value that may vary: its path, what stands there, and how to put something in its place.

    Attributes
    ----------
    path : str
        As a sweep file writes it.
    place : Place
        In the data of the study; of a value of the rules: where `changes` holds it.
    now : Any
        What stands there.
    where : str
        File and line, for messages.
    """

    path: str
    place: Place
    now: Any
    where: str


def dated(data: Any) -> bool:
    """Whether plain data is a dated value: a unit with rows."""
    return isinstance(data, dict) and "unit" in data and isinstance(data.get("rows"), list)


def plain_study(file: StudyFile) -> StudyFile:
    """The study without what a sweep does not read, so that it is not checked for each case.

    What its safeguards fill in of the practice is written out, so that it can vary like the rest.
    """
    data = {k: v for k, v in file.document.data.items() if k not in NOT_READ}
    done = completed(file).study
    if done is not file.study:
        data = deepcopy(data) | {"sources": plain(done.sources)}
        for use, filled, own in zip(data["regimes"], done.regimes, file.study.regimes, strict=True):
            fill_in(use, filled, own)
    document = Document(file.document.name, data, file.document.lines)
    period = {"period": file.study.period}
    found = check_study(document, file.text, file.folder)
    return replace(found, study=found.study.model_copy(update=period))


def fill_in(use: dict[str, Any], filled: RegimeUse, own: RegimeUse) -> None:
    """Write what safeguards have filled in into the data of a regime's use."""
    for key in Practice.model_fields:
        new = getattr(filled.practice, key)
        if new != getattr(own.practice, key):
            use.setdefault("practice", {})[key] = plain(new)
    if filled.joins is not None and filled.joins != own.joins:
        use["joins"] = plain(filled.joins)


def plain(value: Any) -> Any:
    """A part of a study as a file holds it."""
    if isinstance(value, BaseModel):
        found = value.model_dump(by_alias=True, exclude_none=True, exclude_unset=True, mode="json")
        return restore_ends(found)
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value


def spots(file: StudyFile) -> dict[str, Spot]:
    """All dated values of a study and of the rules of its regimes, by path."""
    found: dict[str, Spot] = {}
    for place, data in walk(file.document.data):
        if place[0] in NOT_READ or (len(place) > 2 and place[2] == "changes"):
            continue
        path = path_of(file, place)
        found[path] = Spot(path, place, data, file.document.where(place))
    for i, use in enumerate(file.document.data["regimes"]):
        found |= rule_spots(file, i, use)
    return found


def rule_spots(file: StudyFile, i: int, use: dict[str, Any]) -> dict[str, Spot]:
    """The dated values of the rules of one regime, as the study changes them."""
    rules = rules_of(file, i)
    changed = use.get("changes", {})
    found = {}
    for place, data in walk(rules.data):
        target = ".".join(map(str, place))
        path = f"regimes.{use['use']}.rules.{target}"
        spot: Place = ("regimes", i, "changes", target)
        now, where = data, rules.where(place)
        if target in changed:
            now, where = changed[target], file.document.where(spot)
        found[path] = Spot(path, spot, now, where)
    return found


def rules_of(file: StudyFile, i: int) -> Document:
    """The file of a regime that a study uses."""
    use = file.document.data["regimes"][i]["use"]
    folder = find_regime(use, file.folder, file.document.where(("regimes", i, "use")))
    return read(folder / "regime.yaml" if folder.is_dir() else folder)


def walk(data: Any, place: Place = ()) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every dated value in plain data, with its place."""
    if dated(data):
        yield place, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from walk(value, (*place, key))
    elif isinstance(data, list):
        for i, value in enumerate(data):
            yield from walk(value, (*place, i))


def path_of(file: StudyFile, place: Place) -> str:
    """A place of the study as a path, with regimes by their names."""
    parts = [str(part) for part in place]
    if len(place) > 1 and place[0] == "regimes" and isinstance(place[1], int):
        parts[1] = file.document.data["regimes"][place[1]]["use"]
    return ".".join(parts)


def find_spot(file: StudyFile, path: str, known: dict[str, Spot], where: str) -> Spot:
    """The value at a path: a dated value, or a number, text or list of the study.

    Raises
    ------
    ScslabError
        The path leads nowhere, or to something that holds several values.
    """
    if path in known:
        return known[path]
    parts = path.split(".")
    if parts[0] in NOT_READ:
        raise ScslabError(
            f"nothing in a sweep reads {parts[0]}",
            where=where,
            got=path,
            why="it runs the months, and asks nobody",
        )
    if parts[-1] == SAFEGUARDS:  # there is nothing to be found where the study names none
        places: dict[str, Place] = {SAFEGUARDS: (SAFEGUARDS,)}
        for i, use in enumerate(file.study.regimes):
            places[f"regimes.{use.use}.{SAFEGUARDS}"] = ("regimes", i, SAFEGUARDS)
        if path in places:
            return Spot(path, places[path], [], file.document.where(places[path]))
    place: Place = ()
    at: Any = file.document.data
    while parts:
        keys = by_name(at)
        length = next((n for n in range(len(parts), 0, -1) if ".".join(parts[:n]) in keys), 0)
        if length == 0:
            raise ScslabError(
                f'"{path}" leads nowhere in {file.study.id}', where=where, hint=nearest(path, known)
            )
        key = keys[".".join(parts[:length])]
        place, at, parts = (*place, key), at[key], parts[length:]
    if isinstance(at, dict) or (isinstance(at, list) and any(isinstance(x, dict) for x in at)):
        inside = [p.removeprefix(f"{path}.") for p in known if p.startswith(f"{path}.")]
        raise ScslabError(
            f'"{path}" holds several values',
            where=where,
            expected="the path of one of them",
            hint=near("", inside).removeprefix("known: ") if inside else "",
        )
    return Spot(path, place, at, file.document.where(place))


def nearest(path: str, known: dict[str, Spot]) -> str:
    """A hint at the path that was meant: one with the same end, or the nearest in spelling."""
    end = path.rpartition(".")[2]
    same = [p for p in known if p.rpartition(".")[2] == end]
    return near(path, same if len(same) <= 12 and same else known)


def row_in_force(rows: list[dict[str, Any]], i: int, months: range) -> bool:
    """Whether a row of a dated value holds on some day of the months of the study."""
    first, last = first_day(months[0]).isoformat(), last_day(months[-1]).isoformat()
    ends = rows[i + 1]["from"] if i + 1 < len(rows) else date.max.isoformat()
    return bool(rows[i]["from"] <= last and ends > first)


def months_of(file: StudyFile, spot: Spot, months: range) -> range:
    """The months of a run in which a value can be read: all, or those of its regime."""
    if spot.place[0] == "regimes" and isinstance(spot.place[1], int):
        since = file.study.regimes[spot.place[1]].since
        if since is not None:
            return range(min(max(months[0], month(since)), months[-1]), months[-1] + 1)
    return months
