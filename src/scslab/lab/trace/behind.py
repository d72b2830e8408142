"""The rows behind a step: rules of a regime, values of the study, as they stood in a month."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from scslab.core.calendar import first_day
from scslab.core.results import SourceLine
from scslab.core.story import STUDY, Behind
from scslab.core.values import Dated, Source, on, walk_dated
from scslab.lab.world import World
from scslab.regimes.model import Regime
from scslab.regimes.telling import row_line

NO_TERM = "no fixed term"


@dataclass(frozen=True)
class Library:
    """All dated values behind a run, by whose they are and their dotted path."""

    world: World

    @cached_property
    def owners(self) -> dict[str, Regime]:
        """The regimes, platforms and codes of the study."""
        return {regime.id: regime for regime in self.world.regimes} | self.world.platforms

    @cached_property
    def values(self) -> dict[tuple[str, str], Dated]:
        """Each dated value by (owner, path); those of the study's regimes by their names."""
        study = self.world.file.study
        found = {
            (name, ".".join(map(str, place))): dated
            for name, regime in self.owners.items()
            for place, dated in walk_dated(regime)
        }
        for place, dated in walk_dated(study):
            named = list(map(str, place))
            if place[0] == "regimes":
                named[1] = study.regimes[int(place[1])].use
            found[STUDY, ".".join(named)] = dated
        return found

    def rule(self, regime: int, number: int, *keys: str) -> tuple[Behind, ...]:
        """Rows of a regime's rules in force in a month; paths that it lacks are left out."""
        return self.rows(self.world.regimes[regime].id, number, *keys)

    def practice(self, regime: int, number: int, *keys: str) -> tuple[Behind, ...]:
        """Rows of the study about a regime; those that it has for all are told as such."""
        use = self.world.file.study.regimes[regime].use
        return tuple(
            row
            for key in keys
            for row in self.rows(STUDY, number, self.of_all(f"regimes.{use}.{key}", key))
        )

    def of_all(self, path: str, key: str) -> str:
        """The path of a value as the study says it: for one regime, or for all."""
        own, common = self.values.get((STUDY, path)), self.values.get((STUDY, key))
        return key if common is not None and common == own else path

    def rows(self, of: str, number: int, *keys: str) -> tuple[Behind, ...]:
        """Rows of an owner in force in a month."""
        found = []
        for key in keys:
            dated = self.values.get((of, key))
            row = on(dated, first_day(number)).row
            if dated is None or row is None:
                continue
            source = self.source(of, row.source)
            none = NO_TERM if key.endswith(".stays") else "ended"
            told = row_line(row, dated.unit, source, ("yes", "no"), none)
            found.append(Behind(of, key, told, source.title))
        return tuple(found)

    def source(self, of: str, key: str) -> Source:
        """A source by its key; changed rows of a regime may cite the study's."""
        own = self.owners[of].sources if of != STUDY else {}
        return own[key] if key in own else self.world.file.study.sources[key]

    def cited(self, rows: list[Behind]) -> tuple[SourceLine, ...]:
        """The sources of some rows, each once, in the order of their first use."""
        found = {}
        for one in rows:
            source = self.source(one.of, one.row.source)
            found[one.of, one.row.source] = SourceLine(
                key=one.row.source,
                used_by=one.of,
                kind=source.kind,
                title=source.title,
                date=source.date or "",
                href=source.href or "",
                because=" ".join((source.because or "").split()),
            )
        return tuple(found.values())
