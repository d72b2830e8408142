"""What an audit looks at: acts that count, ways onto a list, measures and benefits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scslab.core.acts import acts as vocabulary
from scslab.core.cards import RowLine
from scslab.core.contexts import Degree, act_context, degree_rank, own_field_open
from scslab.core.yamlfile import Place
from scslab.regimes.lists import Effect, Ground


@dataclass(frozen=True)
class Conduct:
    """An act that counts, with the rule by which it does; `through` names a listing elsewhere."""

    act: str
    path: Place
    says: str
    gravity: Degree
    rows: tuple[RowLine, ...]
    harms: bool
    through: str = ""

    @property
    def context(self) -> str:
        """Its field of life."""
        return act_context(self.act)

    @property
    def of_persons(self) -> bool:
        """Whether persons do it."""
        return vocabulary()[self.act]["by"] in ("persons", "both")

    @property
    def of_organisations(self) -> bool:
        """Whether organisations do it."""
        return vocabulary()[self.act]["by"] in ("organisations", "both")


@dataclass(frozen=True)
class Way:
    """A ground in force: how one gets on a list."""

    list: str
    name: str
    path: Place
    ground: Ground
    conduct: tuple[Conduct, ...]
    rows: tuple[RowLine, ...]
    unknown: tuple[str, ...] = ()
    several: bool = False

    @property
    def by_score(self) -> bool:
        """Whether a score or grade is itself the ground."""
        return self.ground.score_below is not None or bool(self.ground.grades)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Whom it can put on the list."""
        if self.ground.of != "same":
            return ("persons",)
        return tuple(self.ground.subjects) or ("persons", "organisations")


@dataclass(frozen=True)
class Measure:
    """A measure of a list that is in force, or a benefit of a score or redlist."""

    key: str
    list: str
    path: Place
    says: str
    by: str
    subjects: tuple[str, ...]
    context: str | None
    severity: Degree | None
    rows: tuple[RowLine, ...]
    source: str
    benefit: bool = False
    effect: Effect | None = None

    @property
    def weighs(self) -> bool:
        """Whether it is more than slight; what is not known may be."""
        return self.severity is None or degree_rank(self.severity) > 0


def field_open(measure: Measure, way: Way | None, conduct: Sequence[Conduct]) -> bool:
    """Whether a score or grade of several fields leads to a measure of "the act's own field".

    `conduct` are the acts that move the score; no ground stands for the score itself.
    """
    by_score = way is None or way.by_score
    return by_score and own_field_open((c.context for c in conduct), measure.context)


# An act that leads to a measure, with the ground of the list; no ground where a score decides.
Pair = tuple[Way | None, Conduct]
