"""Laying a safeguard over a regime: rows changed from a day on, in the data of its file.

Whatever protects as well already stays. So a safeguard laid twice is laid once, the order of
several does not matter for what holds, and rows of later days cannot undo one.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from math import ceil, floor
from typing import Any

from scslab.core.values import Number
from scslab.core.yamlfile import Document
from scslab.regimes.safeguard_shape import (
    Change,
    Laid,
    LaidBound,
    LaidHardship,
    LaidRow,
    Safeguard,
)
from scslab.regimes.targets import acts_of, applies, data_at, grounds_of, has_one, targets

Data = dict[str, Any]
# Units of one kind of size: how many make a month, as the months of a society count them.
IN_A_MONTH = {"months": 1, "working days": 21, "days": 30}
PATTERNS = ("acts", "effects", "listings_of")


@dataclass(frozen=True)
class Touch:
    """What a safeguard changes at one place of a regime."""

    regime: str
    path: str
    before: str
    after: str
    source: str


def changed(
    document: Document, safeguard: Safeguard, since: str = ""
) -> tuple[Document, list[Touch]]:
    """The data of a regime with a safeguard laid over it.

    Parameters
    ----------
    document : Document
        The parsed file of a regime; it is not changed.
    since : str
        First day on which the safeguard holds; the first day of the regime if it begins later, or
        if none is given.

    Returns
    -------
    Document, list of Touch
        The same document where the safeguard is not for this regime, or adds nothing to it.

    Examples
    --------
    >>> from scslab.core.yamlfile import parse
    >>> from scslab.regimes.safeguard import read_safeguard
    >>> text = "{id: one, covers: {from: 2020-01-01}, lists: {black: {}}}"
    >>> found, touches = changed(parse(text, "x"), read_safeguard("reasons"), "2021-01-01")
    >>> [(t.path, t.before, t.after) for t in touches]
    [('remedy.reasons_given', 'no rule', 'yes')]
    """
    covers = document.data.get("covers") or {}
    since = max(since, str(covers.get("from", "")))
    if not applies(safeguard.only, document.data) or since > str(covers.get("to") or "9999"):
        return document, []
    data = deepcopy(document.data)
    laying = Laying(data, safeguard, since, [])
    for change in safeguard.changes:
        lay_change(laying, change)
    for name, bound in safeguard.bounds.items():
        lay_bound(laying, name, bound)
    if safeguard.hardship is not None:
        lay_hardship(laying, safeguard.hardship)
    if not laying.touches:
        return document, []
    return Document(document.name, data, document.lines), laying.touches


@dataclass(frozen=True)
class Laying:
    """A regime's data while a safeguard is laid over it, and what it has touched so far."""

    data: Data
    safeguard: Safeguard
    since: str
    touches: list[Touch]

    def touch(self, path: str, before: str, after: str, row: LaidRow) -> None:
        """Note a change, and bring its source along."""
        source = self.safeguard.sources[row.source]
        place = row.at or "assumed"
        cited = f"{source.title.partition(' (')[0]}, {place}"
        found = Touch(self.data["id"], path, before, after, cited)
        self.touches.append(found)
        self.data.setdefault("sources", {})[self.key(row)] = source.model_dump(exclude_none=True)

    def key(self, row: LaidRow) -> str:
        """A source's key in the regime: that of the safeguard's file, behind the safeguard's."""
        return f"{self.safeguard.id}.{row.source}"

    def row(self, row: LaidRow, first: str, value: Number | None, unit: tuple[str, str]) -> Data:
        """A row of the regime; its day is that of the experiment, not that of the law."""
        found: Data = {"from": first, "value": value, "source": self.key(row), "dated": "assumed"}
        if row.at is not None:
            found["at"] = row.at
        if row.between is not None:
            low, high = row.between
            found["between"] = [in_unit(low, unit, floor), in_unit(high, unit, ceil)]
        found["note"] = f"safeguard {self.safeguard.id}" + (f": {row.note}" if row.note else "")
        return found


def lay_change(laying: Laying, change: Change) -> None:
    """Change the rows at every place that a path means in a regime."""
    if change.has and not has_one(laying.data, change.has):
        return
    for target in targets(laying.data, change.path):
        holder = data_at(laying.data, target.place[:-1], make=True)
        late = replace(laying, since=max(laying.since, target.begins))
        told_of = guard(late, holder, target.place[-1], change, change.how, target.endless_too)
        if told_of is not None:
            laying.touch(".".join(target.place), *told_of, change.row)


def guard(
    laying: Laying, holder: Data, last: str, laid: Laid, how: str, endless_too: bool = True
) -> tuple[str, str] | None:
    """See to it that a dated value protects as well as a laid one from the day on.

    Rows that protect stay; a row that does not gives way to one that says the limit.

    Parameters
    ----------
    holder : dict
        Where the dated value stands, under the key `last`; it is changed.
    endless_too : bool
        Whether having no rule is to be mended, too.

    Returns
    -------
    tuple of str, or None
        What held and what holds, in words; None where nothing had to be changed.
    """
    old: Data = holder.get(last) or {"unit": laid.unit, "rows": []}
    unit = (laid.unit, str(old["unit"]))
    limit = in_unit(laid.row.value, unit, floor if how == "at_most" else ceil)
    kept = [row for row in old["rows"] if row["from"] < laying.since]
    later = [row for row in old["rows"] if row["from"] >= laying.since]
    if not later or later[0]["from"] > laying.since:
        later.insert(0, {"from": laying.since, "value": kept[-1]["value"] if kept else None})
    new = False
    for row in later:
        value = row["value"]
        if (value is None and not endless_too) or protects(value, limit, how):
            kept += [row] if "source" in row else []  # what holds already needs no row
            continue
        if not (new and kept[-1]["value"] == limit):
            kept.append(laying.row(laid.row, row["from"], limit, unit))
        new = True
    if not new:
        return None
    holder[last] = {"unit": old["unit"], "rows": kept}
    return told(old["rows"], unit[1], laying.since), told(kept, unit[1], laying.since)


def protects(value: Any, limit: Number, how: str) -> bool:
    """Whether a value (None: no such rule) protects as well as the limit does."""
    if how == "at_most":
        return value is not None and value <= limit
    if how == "at_least":
        return value is not None and value >= limit
    if limit is False:
        return not value
    return value is not None and value == limit


def in_unit(value: Number, unit: tuple[str, str], rounded: Any) -> Number:
    """A value in another unit of the same kind; terms are whole numbers.

    Examples
    --------
    >>> in_unit(1, ("months", "working days"), ceil), in_unit(10, ("working days", "days"), ceil)
    (21, 15)
    """
    of, to = unit
    if of == to or of not in IN_A_MONTH or to not in IN_A_MONTH:
        return value
    whole: int = rounded(value * IN_A_MONTH[to] / IN_A_MONTH[of])
    return whole


def told(rows: list[Data], unit: str, since: str) -> str:
    """What rows say from a day on, in words.

    Examples
    --------
    >>> rows = [{"from": "2017-05-01", "value": 24}, {"from": "2020-01-01", "value": None}]
    >>> told(rows, "months", "2018-01-01")
    '24 months, from 2020-01-01 no rule'
    """
    held = [row for row in rows if row["from"] <= since][-1:]
    texts = [said(held[0]["value"] if held else None, unit)]
    words = list(texts)
    for row in rows:
        text = said(row["value"], unit)
        if row["from"] > since and text != texts[-1]:
            texts.append(text)
            words.append(f"from {row['from']} {text}")
    return ", ".join(words)


def said(value: Any, unit: str) -> str:
    """A value in words."""
    if value is None:
        return "no rule"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g} {unit.removesuffix('s') if value == 1 else unit}".removesuffix(" share")


def lay_bound(laying: Laying, name: str, bound: LaidBound) -> None:
    """Add a bound where the rules do something that it forbids and have none that does."""
    says = reach(laying.data, bound)
    if not says:
        return
    shape: Data = {"says": bound.says}
    for key in PATTERNS:
        if getattr(bound, key):
            shape[key] = list(getattr(bound, key))
    if bound.only is not None:
        shape["only"] = bound.only
    bounds: Data = laying.data.get("bounds") or {}
    others = [b for key, b in bounds.items() if key != name and covered(shape, b)]
    if any(always(b["holds"], laying.since) for b in others):
        return
    old: Data = bounds.get(name) or {}
    holder = {**shape, **old}
    for key in PATTERNS:
        both = [*old.get(key, []), *(x for x in shape.get(key, []) if x not in old.get(key, []))]
        if both:
            holder[key] = both
    told_of = guard(laying, holder, "holds", bound.holds, "set")
    if told_of is None and holder == old:
        return
    laying.data["bounds"] = {**bounds, name: holder}
    laying.touch(f"bounds.{name}", "allowed", says, bound.holds.row)


def covered(bound: Data, other: Data) -> bool:
    """Whether another bound forbids all that this one forbids."""
    return bound.get("only") == other.get("only") and all(
        set(bound.get(key, [])) <= set(other.get(key, [])) for key in PATTERNS
    )


def always(holds: Data, since: str) -> bool:
    """Whether a yes/no holds on a day and on all later ones."""
    held = [row["value"] for row in holds["rows"] if row["from"] <= since][-1:]
    return held == [True] and all(row["value"] for row in holds["rows"] if row["from"] > since)


def reach(data: Data, bound: LaidBound) -> str:
    """What a bound forbids of what a regime does, in words; empty where it does no such thing."""
    found: list[str] = []
    hit = [a for a in acts_of(data) if any(fnmatchcase(a, p) for p in bound.acts)]
    found += [f"does not count: {', '.join(hit)}"] if hit else []
    black = [rules for rules in (data.get("lists") or {}).values() if rules.get("colour") != "red"]
    names = list(dict.fromkeys(name for rules in black for name in rules.get("effects") or {}))
    hit = [n for n in names if any(fnmatchcase(n, p) for p in bound.effects)]
    found += [f"may not follow: {', '.join(hit)}"] if hit else []
    grounds = [g for rules in black for g in grounds_of(rules)]
    hit = [of for of in bound.listings_of if any(g.get("of") == of for g in grounds)]
    found += [f"no ground: listings of {' and '.join(hit)}"] if hit else []
    if bound.only in ("related", "proportionate") and names:
        found.append(f"only {bound.only} measures")
    outside = any(not g.get("field") and not g.get("listed_on") for g in grounds)
    if bound.only == "four-fields" and outside:
        found.append("only lists in the four fields")
    return "; ".join(found)


def lay_hardship(laying: Laying, hardship: LaidHardship) -> None:
    """Let off on application who acted out of hardship."""
    known = acts_of(laying.data)
    named = [a for a in known if any(fnmatchcase(a, p) for p in hardship.acts)]
    if hardship.acts and not named:
        return
    remedy = laying.data.setdefault("remedy", {})
    old: Data = remedy.get("hardship") or {}
    holder = {"says": hardship.says, **old, "acts": named}
    if old and hardship.acts:
        before = old.get("acts", [])
        holder["acts"] = [*before, *(a for a in named if a not in before)] if before else []
    told_of = guard(laying, holder, "holds", hardship.holds, "set")
    if told_of is None and holder["acts"] == old.get("acts", []):
        return
    remedy["hardship"] = holder
    after = f"for {', '.join(holder['acts']) or 'all acts'}"
    before_words = told_of[0] if told_of else f"for {', '.join(old['acts'])}"
    laying.touch("remedy.hardship", before_words, after, hardship.holds.row)
