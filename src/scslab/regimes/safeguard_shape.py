"""The shape of a safeguard (`change/1`): a named change of rows, with the law behind it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from scslab.core.values import Number, Source, Strict, Unit
from scslab.regimes.model import LeftOutRule

Part = Literal["score", "grades", "blacklists"]


class LaidRow(Strict):
    """A row without its first day: it begins where the safeguard is laid."""

    value: Number
    """The value."""
    source: str
    """A key of sources; if you guessed, one of kind assumption."""
    at: str | None = Field(None, description="the place in the source")
    between: Annotated[list[Number], Field(min_length=2, max_length=2)] | None = Field(
        None, description="the range of an assumption: [low, high]"
    )
    note: str | None = None
    """Free text."""


class Laid(Strict):
    """A value that a safeguard lays, with its source."""

    unit: Unit
    """Its unit."""
    row: LaidRow
    """Value and source."""


class Change(Laid):
    """One change of rows; names of the file's own are patterns (lists.*.waits)."""

    set_: str | None = Field(None, alias="set", description="the path that takes this value")
    at_most: str | None = Field(
        None, description="the path that may not exceed it; having no such rule exceeds it"
    )
    at_least: str | None = Field(None, description="the path that may not fall below it")
    has: list[Part] = Field(
        default_factory=list, description="only in regimes with at least one of these"
    )

    @property
    def how(self) -> Literal["set", "at_most", "at_least"]:
        """Which of the three it is."""
        if self.set_ is not None:
            return "set"
        return "at_most" if self.at_most is not None else "at_least"

    @property
    def path(self) -> str:
        """Where it changes something."""
        return self.set_ or self.at_most or self.at_least or ""


class LaidBound(Strict):
    """Something that the rules may not do from then on (see `bounds` of a regime)."""

    says: str
    """What is not allowed."""
    acts: list[str] = Field(default_factory=list, description="conduct that does not count")
    effects: list[str] = Field(default_factory=list, description="measures that may not follow")
    listings_of: list[Literal["representative", "family"]] = Field(
        default_factory=list, description="whose listings are no ground for listing another"
    )
    only: Literal["related", "proportionate", "four-fields"] | None = None
    """As in the bounds of a regime."""
    holds: Laid
    """That it holds."""


class LaidHardship(Strict):
    """Whom the rules let off on application from then on."""

    says: str
    """What the exemption is."""
    acts: list[str] = Field(default_factory=list, description="only for these; all if empty")
    holds: Laid
    """That it holds."""


class Only(Strict):
    """Which regimes a safeguard is for; what is left out bars none."""

    has: list[Part] = Field(default_factory=list, description="regimes with at least one of these")
    rates: Literal["persons", "organisations"] | None = None
    """Regimes that rate such subjects, besides others or alone."""
    not_: dict[str, str] = Field(
        default_factory=dict, alias="not", description="regime -> why not this one"
    )


class Law(Strict):
    """An article behind a safeguard."""

    source: str
    """A key of sources."""
    at: str
    """The article."""
    says: str
    """What it says, in plain words."""


class Need(Strict):
    """What a study must say itself, for a safeguard to work there."""

    any_of: list[str] = Field(description="keys of a study's practice; one of them is enough")
    why: str
    """What they are for."""


class Safeguard(Strict):
    """A protection that can be laid over rules, as sourced data."""

    schema_: Literal["change/1"] = Field(alias="schema")
    """The shape of the file and its version."""
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    """Its name, and that of its file."""
    name: str
    """One line."""
    about: str
    """What it does, in a few sentences."""
    law: list[Law] = Field(default_factory=list)
    """The articles it rests on."""
    only: Only = Only()
    """Which regimes it is for."""
    sources: dict[str, Source]
    """Where the values come from."""
    changes: list[Change] = Field(default_factory=list)
    """Rows that it changes."""
    bounds: dict[str, LaidBound] = Field(default_factory=dict)
    """What the rules may not do any more."""
    hardship: LaidHardship | None = None
    """Whom the rules let off."""
    practice: dict[str, Any] = Field(
        default_factory=dict,
        description="how well it works, in the shape of a study's practice, with `row` for `rows`; "
        "laid where the study says nothing",
    )
    joins: dict[str, Any] | None = Field(
        None, description="who joins where consent is asked for, in the shape of a study's `joins`"
    )
    needs: list[Need] = Field(default_factory=list)
    """Without what it has no effect in a study."""
    not_modelled: list[LeftOutRule]
    """What of the real protection is left out."""
