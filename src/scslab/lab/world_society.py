"""The society of a study: persons and organisations, of the size that was asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scslab.core.calendar import last_day
from scslab.core.errors import ScslabError, moved_to
from scslab.core.values import number_on
from scslab.core.yamlfile import Place
from scslab.lab.places import find_localities
from scslab.regimes.model import Regime
from scslab.study.read import StudyFile
from scslab.world.society.cells import Society, build_society
from scslab.world.society.localities import Locality
from scslab.world.society.margins import Margins, parse_margins, read_margins
from scslab.world.society.organisations import join_societies


def make_society(
    file: StudyFile, regimes: list[Regime], persons: int | None, organisations: int | None
) -> tuple[Margins, Society]:
    """The society of a study, of another size where asked."""
    spec = file.study.society
    size = spec.persons if persons is None else persons
    where = "--persons" if persons is not None else file.document.where(("society", "persons"))
    if size < 1:
        raise ScslabError("a society needs at least 1 person", where=where, got=size)
    if size > 1_400_000_000:
        raise ScslabError(
            "a society has at most 1,400,000,000 persons", where=where, got=f"{size:,}"
        )
    margins = margins_of(file, spec.margins, ("society", "margins"))
    localities = find_localities(file, regimes, margins)
    last = last_day(file.months[-1])
    stands_for = None
    if spec.stands_for is not None:
        stands_for = number_on(spec.stands_for, last, float(size))
    only = {name: tuple(found) for name, found in spec.only.items()} or None
    place: Place = ("society", "only" if only else "margins")
    found = society_of(file, margins, size, only, stands_for, localities, place)
    others = make_organisations(file, organisations, localities, size / spec.persons)
    try:
        return margins, join_societies(found, others)
    except ScslabError as error:
        at = file.document.where(("society", "organisations", "margins"))
        raise moved_to(error, at) from error


def make_organisations(
    file: StudyFile, count: int | None, localities: dict[str, Locality] | None, scale: float
) -> Society | None:
    """The organisations of a study, of another number where asked; none where it has none.

    Where only the number of persons is another one, organisations go along (`scale`).
    """
    spec = file.study.society.organisations
    if spec is None:
        if count is not None:
            raise ScslabError("the study has no organisations", where="--organisations", got=count)
        return None
    scaled = spec.count if scale == 1 else max(round(spec.count * scale), 1)
    size = scaled if count is None else count
    where = ("society", "organisations", "count")
    at = "--organisations" if count is not None else file.document.where(where)
    if not 1 <= size <= 50_000_000:
        raise ScslabError("a society has 1 to 50,000,000 organisations", where=at, got=f"{size:,}")
    place: Place = ("society", "organisations", "margins")
    margins = margins_of(file, spec.margins, place)
    last = last_day(file.months[-1])
    stands_for = None
    if spec.stands_for is not None:
        stands_for = number_on(spec.stands_for, last, float(size))
    only = {name: tuple(found) for name, found in spec.only.items()} or None
    return society_of(file, margins, size, only, stands_for, localities, place)


def margins_of(file: StudyFile, named: str | dict[str, Any], place: Place) -> Margins:
    """Margins given in a study, or named by it."""
    if isinstance(named, dict):
        return parse_margins(named, file.document.where(place))
    beside = file.folder / named if file.folder is not None else Path(named)
    try:
        return read_margins(beside if beside.exists() else named)
    except ScslabError as error:
        if error.where not in ("", "margins"):
            raise
        raise moved_to(error, file.document.where(place)) from error


def society_of(
    file: StudyFile,
    margins: Margins,
    size: int,
    only: dict[str, tuple[str, ...]] | None,
    stands_for: float | None,
    localities: dict[str, Locality] | None,
    place: Place,
) -> Society:
    """A society of persons or of organisations; mistakes are told at their place in the study."""
    # A district holds some 30,000 persons, and more where there would be over 4,096 of them.
    district = max(32_768, size // 4096)
    try:
        return build_society(margins, size, only, stands_for, district, localities)
    except ScslabError as error:
        if error.where.startswith("localities: "):
            name = error.where.removeprefix("localities: ")
            at = file.document.where(("society", "localities", name))
            raise moved_to(error, at) from error
        at = file.document.where(place)
        raise moved_to(error, f"{at}: {error.where}" if error.where else at) from error
