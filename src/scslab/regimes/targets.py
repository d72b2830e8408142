"""Which places of a regime a safeguard is about: its paths with their patterns made plain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from scslab.regimes.safeguard_shape import Only

Data = dict[str, Any]
PARTS = ("score", "grades", "blacklists")
MADE = ("remedy", "who", "limits")  # parts that every regime has, even if its file has not


@dataclass(frozen=True)
class Target:
    """A dated value that a path means.

    `endless_too`: whether having no such rule is to be mended, too. `begins`: the first day of the
    list that it is about; before that day there is nothing to mend.
    """

    place: tuple[str, ...]
    endless_too: bool = True
    begins: str = ""


def applies(only: Only, data: Data) -> bool:
    """Whether a safeguard is for a regime; it is for none that only praises or rates nobody."""
    subjects = (data.get("who") or {}).get("subjects", ["persons"])
    return (
        has_one(data, PARTS)
        and data.get("id") not in only.not_
        and (not only.has or has_one(data, only.has))
        and (only.rates is None or only.rates in subjects)
    )


def has_one(data: Data, parts: Sequence[str]) -> bool:
    """Whether a regime has at least one of a score, grades and blacklists."""
    lists = (data.get("lists") or {}).values()
    has = {
        "score": bool(data.get("score")),
        "grades": bool(data.get("grades")),
        "blacklists": any(rules.get("colour") != "red" for rules in lists),
    }
    return any(has[part] for part in parts)


def targets(data: Data, path: str) -> list[Target]:
    """The places that a path means in a regime.

    Only blacklists are meant by patterns below `lists`: praise needs no protection. A list that
    does nothing but follow others begins and ends with them, so it needs neither notice nor term
    of its own. Terms are for entries that rest on acts: what rests on a score or grade ends with
    it, and a term would make it stand on.
    """
    parts = path.split(".")
    places = expand(data, parts)
    if parts[0] != "lists":
        return [Target(place) for place in places]
    places = [place for place in places if means_list(data, place, parts[-1])]
    if parts[-1] == "stays":
        found = [target for place in places for target in term(data, place)]
    else:
        found = [Target(place) for place in places]
    begins = {name: begins_on(rules) for name, rules in (data.get("lists") or {}).items()}
    return [replace(t, begins=begins[t.place[1]]) for t in found]


def begins_on(rules: Data) -> str:
    """The first day on which somebody can be on a list."""
    rows = [row for ground in grounds_of(rules) for row in ground["holds"]["rows"]]
    return min((row["from"] for row in rows if row["value"]), default="9999-12-31")


def expand(data: Any, parts: list[str], before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The places that parts with patterns mean; the last part need not be there yet."""
    part, rest = parts[0], parts[1:]
    if any(sign in part for sign in "*?["):
        names = [key for key in data if fnmatchcase(key, part)] if isinstance(data, dict) else []
    else:
        there = isinstance(data, dict) and (not rest or part in data or not before and part in MADE)
        names = [part] if there else []
    if not rest:
        return [(*before, name) for name in names]
    return [
        place for name in names for place in expand(data.get(name) or {}, rest, (*before, name))
    ]


def means_list(data: Data, place: tuple[str, ...], last: str) -> bool:
    """Whether a blacklist is meant; one that only follows others has no terms of its own."""
    rules = data_at(data, place[:2])
    if rules.get("colour") == "red":
        return False
    own = any(not ground.get("follows") for ground in grounds_of(rules))
    return own or last not in ("stays", "waits")


def term(data: Data, place: tuple[str, ...]) -> list[Target]:
    """A term of a list, or of one of its grounds, as far as entries rest on acts or listings."""
    rules = data_at(data, place[:2])
    own = [ground for ground in grounds_of(rules) if not ground.get("follows")]
    only_acts = all(by_act(ground) for ground in own)
    if place[2] != "grounds":
        return [Target(place, endless_too=only_acts)]
    ground = data_at(data, place[:-1])
    if "stays" in ground:
        return [Target(place, endless_too=by_act(ground))]
    rows = (rules.get("stays") or {}).get("rows", [])
    ends = any(row["value"] is not None for row in rows)
    return [] if only_acts or ends or not by_act(ground) else [Target(place)]


def by_act(ground: Data) -> bool:
    """Whether a ground is an act or a listing elsewhere that it does not follow."""
    return bool(ground.get("acts") or ground.get("listed_on")) and not ground.get("follows")


def grounds_of(rules: Data) -> list[Data]:
    """The grounds of a list."""
    return list((rules.get("grounds") or {}).values())


def acts_of(data: Data) -> list[str]:
    """The acts that a regime counts or lists for, each once."""
    found: list[str] = []
    for part in ("score", "grades"):
        found += (data.get(part) or {}).get("acts") or {}
    for rules in (data.get("lists") or {}).values():
        found += [act for ground in grounds_of(rules) for act in ground.get("acts") or ()]
    return list(dict.fromkeys(found))


def data_at(data: Data, place: tuple[str, ...], make: bool = False) -> Data:
    """The mapping at a place; made where it is missing and `make` says so."""
    at = data
    for part in place:
        if make and not isinstance(at.get(part), dict):
            at[part] = {}
        at = at.get(part, {})
    return at
