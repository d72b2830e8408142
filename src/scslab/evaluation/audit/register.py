"""The register of criteria, read from `criteria.yaml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from scslab.core.audit import Criterion, ElementOfLaw, LegalSource
from scslab.core.errors import ScslabError, near
from scslab.core.shapes import fit
from scslab.core.values import Day, Strict
from scslab.core.yamlfile import read

NATIONWIDE = ("EU", "China")
Body = Literal["public body", "company"]


class SourceEntry(Strict):
    """One legal text."""

    title: str
    href: str
    since: Day
    place: Literal[
        "EU", "China", "Shanghai", "Zhejiang", "Shandong", "Henan", "Shenzhen", "Rongcheng"
    ]
    note: str = ""


class Citation(Strict):
    """A place in a legal text."""

    source: str
    at: str
    tag: Literal["published", "reported by press", "uncertain"]


class ElementEntry(Strict):
    """One element of the ban on social scoring."""

    title: str
    says: str
    test: str


class CriterionEntry(Strict):
    """One criterion."""

    instrument: str
    article: str
    title: str
    says: str
    wording: Literal["quote", "paraphrase"] = "paraphrase"
    by: Annotated[list[Citation], Field(min_length=1)]
    subjects: list[Literal["persons", "organisations"]]
    kinds: list[Literal["score", "list"]] = []
    binds: Body | None = None
    asks: Literal["declared", "rules", "told"]
    met: str
    test: str
    row: int = 0
    until: Day | None = None


class Register(Strict):
    """The file `criteria.yaml`."""

    sources: dict[str, SourceEntry]
    elements: dict[str, ElementEntry]
    criteria: dict[str, CriterionEntry]


@cache
def register() -> Register:
    """The parsed register."""
    return fit(Register, read(Path(__file__).with_name("criteria.yaml")))


@cache
def criteria() -> dict[str, Criterion]:
    """All criteria, in the order of the register."""
    return {id: record(id, entry) for id, entry in register().criteria.items()}


def record(id: str, entry: CriterionEntry) -> Criterion:
    """One criterion with its sources."""
    sources = tuple(legal_source(c) for c in entry.by)
    return Criterion(
        id=id,
        instrument=entry.instrument,
        article=entry.article,
        title=entry.title,
        says=entry.says,
        wording=entry.wording,
        place=place_of(sources),
        since=min(s.since for s in sources),
        until=entry.until or "",
        subjects=tuple(entry.subjects),
        kinds=tuple(entry.kinds),
        asks=entry.asks,
        met=entry.met,
        test=entry.test,
        sources=sources,
        row=entry.row,
    )


def place_of(sources: tuple[LegalSource, ...]) -> str:
    """Where a criterion binds: all of a land by one nationwide text, else in some regions only."""
    places = list(dict.fromkeys(s.place for s in sources))
    return next((p for p in places if p in NATIONWIDE), ", ".join(places))


def legal_source(cited: Citation) -> LegalSource:
    """A source with the place that is cited."""
    found = register().sources[cited.source]
    return LegalSource(
        cited.source,
        found.title,
        cited.at,
        found.href,
        cited.tag,
        found.since,
        found.place,
        found.note,
    )


def elements() -> tuple[ElementOfLaw, ...]:
    """The elements of Art. 5(1)(c)."""
    found = register().elements
    return tuple(ElementOfLaw(id, e.title, e.says, e.test) for id, e in found.items())


def instruments() -> tuple[str, ...]:
    """The names of all instruments."""
    return tuple(dict.fromkeys(c.instrument for c in criteria().values()))


def chosen(only: str | None = None, instrument: str | None = None) -> tuple[Criterion, ...]:
    """All criteria, or those that were asked for.

    Parameters
    ----------
    only : str, optional
        Ids of criteria, with commas between them.
    instrument : str, optional
        The name of an instrument; capitals do not matter.

    Raises
    ------
    ScslabError
        No such criterion or instrument, or none is left.
    """
    found = list(criteria().values())
    if instrument is not None:
        known = {name.lower(): name for name in instruments()}
        if instrument.lower() not in known:
            raise ScslabError(
                f'no instrument "{instrument}"',
                where="--instrument",
                hint=near(instrument, instruments()),
            )
        found = [c for c in found if c.instrument == known[instrument.lower()]]
    if only is not None:
        names = [name.strip() for name in only.split(",") if name.strip()]
        for name in names or [only]:
            if name not in criteria():
                raise ScslabError(
                    f'no criterion "{name}"', where="--only", hint=near(name, criteria())
                )
        found = [c for c in found if c.id in names]
    if not found:
        raise ScslabError("no criterion is left", where="--only", got=f"{only} of {instrument}")
    return tuple(found)
