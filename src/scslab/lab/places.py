"""Places with rules of their own: which localities a study needs, and how large they are."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from scslab.core.calendar import last_day
from scslab.core.errors import ScslabError, near
from scslab.core.shapes import fit
from scslab.core.values import Source, Strict, check_dated, check_sources, number_on
from scslab.core.yamlfile import read
from scslab.regimes.model import Regime
from scslab.study.model import LocalitySpec
from scslab.study.read import StudyFile
from scslab.world.society.localities import Locality
from scslab.world.society.margins import Margins

SETS = Path(__file__).parent.parent / "world" / "society" / "localities"


class LocalitySet(Strict):
    """A set of localities with the sources of their sizes."""

    about: str
    """What they are."""
    sources: dict[str, Source] = Field(default_factory=dict)
    localities: dict[str, LocalitySpec]


def read_localities(name: str, where: str) -> dict[str, LocalitySpec]:
    """A set of localities that comes with the package.

    Raises
    ------
    ScslabError
        No such set, or the first mistake in it.
    """
    path = SETS / f"{name}.yaml"
    if not path.is_file():
        known = [p.stem for p in SETS.glob("*.yaml")]
        raise ScslabError(f'no set of localities "{name}"', where=where, hint=near(name, known))
    document = read(path)
    found = fit(LocalitySet, document)
    check_sources(found.sources, document)
    for place, spec in found.localities.items():
        for key in ("persons", "of"):
            dated = getattr(spec, key)
            if dated is not None:
                check_dated(dated, ("localities", place, key), found.sources, document)
    return found.localities


def find_localities(
    file: StudyFile, regimes: list[Regime], margins: Margins
) -> dict[str, Locality] | None:
    """The localities of a study: all that it spells out, or of a set those that its rules name."""
    spec = file.study.society.localities
    if spec is None:
        return None
    where = file.document.where(("society", "localities"))
    if isinstance(spec, str):
        named = {place for regime in regimes for place in regime.who.places}
        every = file.study.society.every_locality
        spec = {n: s for n, s in read_localities(spec, where).items() if every or n in named}
    persons = persons_of_provinces(margins, where)
    when = last_day(file.months[-1])
    found = {}
    for name, locality in spec.items():
        if locality.in_ not in persons:
            raise ScslabError(
                f'"{locality.in_}" is no province of the society',
                where=file.document.where(("society", "localities", name, "in")),
                hint=near(locality.in_, persons),
            )
        whole = number_on(locality.of, when, persons[locality.in_])
        living = number_on(locality.persons, when)
        if not 0 < living <= whole:
            raise ScslabError(
                f"{name} has nobody" if living <= 0 else f"{name} holds more than its province",
                where=file.document.where(("society", "localities", name, "persons")),
                got=f"{living:,.0f} of {whole:,.0f} in {locality.in_} on {when}",
                hint="say of how many in the province by the same count (of: ...)"
                if living > 0 and locality.of is None
                else "",
            )
        found[name] = Locality(locality.in_, living / whole)
    return found or None


def persons_of_provinces(margins: Margins, where: str) -> dict[str, float]:
    """Real persons in each province, from the margin of provinces alone."""
    if margins.place is None or not margins.in_persons:
        raise ScslabError("localities need margins that count persons by province", where=where)
    for table in margins.tables:
        if margins.place in table.over:
            axis = table.over.index(margins.place)
            others = tuple(i for i in range(len(table.over)) if i != axis)
            sums = table.target.sum(axis=others)
            return dict(zip(margins.attributes[margins.place], sums.tolist(), strict=True))
    raise ScslabError("localities need a margin of provinces", where=where)
