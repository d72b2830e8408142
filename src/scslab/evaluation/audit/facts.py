"""What a regime file declares on one day, and what its bounds keep out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from scslab.core.cards import RowLine
from scslab.core.values import Dated, Row, on
from scslab.core.yamlfile import Document
from scslab.evaluation.audit.inputs import is_public
from scslab.evaluation.audit.parts import Conduct, Measure, Way
from scslab.regimes.bounds import bounds_on, may_follow
from scslab.regimes.lists import Bound
from scslab.regimes.model import Regime
from scslab.regimes.telling import row_line


@dataclass(frozen=True)
class Facts:
    """One regime file on one day."""

    regime: Regime
    day: date
    document: Document

    # Whom and what the regime is about.

    @property
    def persons(self) -> bool:
        """Whether it rates persons."""
        return "persons" in self.regime.who.subjects

    @cached_property
    def public(self) -> str:
        """Whether the operator is a public body, a company, or not known."""
        declared, _ = self.limit("operated_by_public_body")
        return is_public(self.regime.operator, None if declared is None else bool(declared))

    # What the file declares.

    def row(self, dated: Dated | None, yes: tuple[str, str] = ("yes", "no")) -> tuple[RowLine, ...]:
        """The row of a dated value that is in force on the day, in words."""
        found = on(dated, self.day).row
        if dated is None or found is None:
            return ()
        return (self.line(found, dated, yes),)

    def line(self, row: Row, dated: Dated, yes: tuple[str, str] = ("yes", "no")) -> RowLine:
        """One row in words."""
        return row_line(row, dated.unit, self.regime.sources[row.source], yes, "ended")

    def value(self, dated: Dated | None) -> float | bool | None:
        """The value in force on the day."""
        return on(dated, self.day).value

    def guessed(self, dated: Dated | None, good: Callable[[float], bool]) -> str:
        """How a value is assumed, where its range holds what passes and what fails; else empty."""
        found = on(dated, self.day).row
        if dated is None or found is None or found.between is None:
            return ""
        low, high = found.between
        if good(low) == good(high):
            return ""
        span = self.line(found, dated).between.replace(" to ", " and ").replace(" or ", " and ")
        return f"assumed, between {span}"

    def limit(self, *names: str) -> tuple[float | bool | None, str]:
        """What one of some limits says on the day, and its name; a "yes" wins over a "no"."""
        found: tuple[float | bool | None, str] = (None, names[0])
        for name in names:
            value = self.value(self.regime.limits.get(name))
            if value is True:
                return value, name
            if value is not None:
                found = (value, name)
        return found

    def limit_rows(self, name: str) -> tuple[RowLine, ...]:
        """The row of a limit."""
        return self.row(self.regime.limits.get(name))

    def source_kind(self, rows: tuple[RowLine, ...]) -> str:
        """The kind of the source of the first row: law, rule, press and so on."""
        return self.regime.sources[rows[0].source].kind if rows else ""

    # What bounds keep out.

    @cached_property
    def bounds(self) -> list[Bound]:
        """The bounds that hold."""
        return bounds_on(self.regime, self.day)

    def kept_apart(self, way: Way | None, conduct: Conduct, measure: Measure) -> bool:
        """Whether a bound keeps a measure from following an act, as the engine is held to it.

        Where a score is the ground, no single act is, and only bounds on acts and effects count.
        """
        if measure.effect is None or way is None or way.by_score:
            return False
        return not may_follow(measure.key, measure.effect, [conduct.act], self.bounds)
