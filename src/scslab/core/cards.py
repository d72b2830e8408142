"""The small frozen records of system cards: the rules of one system in words, with their rows."""

from __future__ import annotations

from dataclasses import dataclass

from scslab.core.results import LeftOut, SourceLine, ValueShares


@dataclass(frozen=True)
class RowLine:
    """One row of a rule: what holds from which day on, by which source.

    `basis` is published, press or assumed; `between` is the range of an assumption, in words.
    """

    since: str
    value: str
    source: str
    at: str
    basis: str
    between: str = ""
    day_assumed: bool = False
    note: str = ""


@dataclass(frozen=True)
class RuleLine:
    """One rule in words: what it says, its place in the file, its rows, oldest first.

    `name` is what the file calls it (ground refused, measure flights), where it has a name. A rule
    that is `under` another belongs to the one before it that is not.
    """

    says: str
    key: str = ""
    rows: tuple[RowLine, ...] = ()
    under: bool = False
    name: str = ""


@dataclass(frozen=True)
class RulePart:
    """Rules under one title."""

    title: str
    lines: tuple[RuleLine, ...]


@dataclass(frozen=True)
class GradeBand:
    """One grade of a scale, in words and in numbers.

    `low` and `high` bound its part of the drawn scale, between 0 and 1; equal where the scale has
    no lengths.
    """

    name: str
    says: str
    low: float
    high: float


@dataclass(frozen=True)
class Scale:
    """A score or ladder as it can be drawn: grades from worst to best, ends, and the start.

    `start` is its place on the drawn scale, -1 where there is none.
    """

    low: str
    high: str
    start: float
    start_says: str
    bands: tuple[GradeBand, ...]


@dataclass(frozen=True)
class ChangeDay:
    """What of the rules begins, changes or ends on one day."""

    day: str
    changes: tuple[str, ...]


@dataclass(frozen=True)
class SystemCard:
    """One scoring or listing system on one page."""

    id: str
    name: str
    name_zh: str
    group: str
    kind: str
    operator: str
    subjects: str
    places: str
    since: str
    until: str
    reviewed: str
    status: str
    about: str
    scale: Scale | None
    parts: tuple[RulePart, ...]
    timeline: tuple[ChangeDay, ...]
    values: ValueShares
    left_out: tuple[LeftOut, ...]
    sources: tuple[SourceLine, ...]

    @property
    def years(self) -> str:
        """The years of which the file speaks; no last one where the rules still hold."""
        return f"{self.since[:4]}\N{EN DASH}{self.until[:4]}"
