"""The rules of a regime in words: every rule that the shape can say becomes a line with its rows.

`describe` prints these lines, `card` puts them on a page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from scslab.core.calendar import day
from scslab.core.cards import RowLine, RuleLine, RulePart
from scslab.core.values import Dated, Row, Source, on
from scslab.regimes.model import Regime

SPRING, SUMMER = ("January", "February", "March", "April"), ("May", "June", "July", "August")
MONTHS = (*SPRING, *SUMMER, "September", "October", "November", "December")
IN_FORCE = ("in force", "not in force")
SHOWN_ONLY = " (shown, not simulated)"


def basis_of(source: Source) -> str:
    """On what a row of a source rests: published, press or assumed."""
    if source.kind in ("assumption", "calibration"):
        return "assumed"
    return "press" if source.kind == "press" else "published"


def number_words(value: float) -> str:
    """A number without idle zeros.

    Examples
    --------
    >>> number_words(1000), number_words(0.05), number_words(-2.0)
    ('1,000', '0.05', '-2')
    """
    return f"{value:,.10g}"


def value_words(
    value: float | None, unit: str, yes: tuple[str, str] = ("yes", "no"), none: str = "ended"
) -> str:
    """A value with its unit, as a reader says it.

    Examples
    --------
    >>> value_words(24, "months"), value_words(1, "working days"), value_words(0.35, "share")
    ('24 months', '1 working day', '35%')
    >>> value_words(True, "yes/no"), value_words(None, "months")
    ('yes', 'ended')
    >>> value_words(7, "month of the year")
    'July'
    """
    if value is None:
        return none
    if isinstance(value, bool):
        return yes[0] if value else yes[1]
    if unit == "month of the year" and 1 <= value <= 12:
        return MONTHS[int(value) - 1]
    number = number_words(value)
    if unit.startswith("share"):
        of = " of the dimension" if unit == "share of dimension" else ""
        return f"{number_words(value * 100)}%{of}"
    words = {"visits per year": "inspections a year", "RMB/year": "RMB a year"}.get(unit, unit)
    if abs(value) == 1 and unit in ("points", "years", "months", "days", "working days", "grades"):
        words = words.removesuffix("s")
    return f"{number} {words}"


def row_line(row: Row, unit: str, source: Source, yes: tuple[str, str], none: str) -> RowLine:
    """One row in words."""
    return RowLine(
        since=row.from_,
        value=value_words(row.value, unit, yes, none),
        source=row.source,
        at=row.at or "",
        basis=basis_of(source),
        between=range_words(row, unit, yes, none),
        day_assumed=row.dated == "assumed",
        note=" ".join((row.note or "").split()),
    )


def range_words(row: Row, unit: str, yes: tuple[str, str], none: str) -> str:
    """The range of an assumption."""
    if row.between is None:
        return ""
    low, high = row.between
    if low == high:
        return value_words(low, unit, yes, none)
    if isinstance(low, bool):
        return f"{yes[1]} or {yes[0]}"
    bare = not unit.startswith("share") and unit != "month of the year"
    first = number_words(low) if bare else value_words(low, unit, yes, none)
    return f"{first} to {value_words(high, unit, yes, none)}"


class Teller:
    """Tells the rules of a regime: all rows, or those in force on a day."""

    def __init__(self, regime: Regime, when: str | None) -> None:
        self.regime = regime
        self.when: date | None = day(when) if when is not None else None

    def rows(self, dated: Dated) -> Iterable[Row]:
        """The rows to tell: all, or the one in force."""
        if self.when is None:
            return dated.rows
        row = on(dated, self.when).row
        return () if row is None else (row,)

    def rule(
        self,
        says: str,
        dated: Dated | None,
        key: str,
        yes: tuple[str, str] = ("yes", "no"),
        none: str = "ended",
    ) -> list[RuleLine]:
        """The line of one dated value; none where it says nothing (on the day).

        A value that ended says nothing on a day, unless `none` gives it a meaning.
        """
        rows = self.rows(dated) if dated is not None else ()
        if self.when is not None and none == "ended":
            rows = [r for r in rows if r.value is not None]
        if dated is None or not rows:
            return []
        sources = self.regime.sources
        lines = [row_line(r, dated.unit, sources[r.source], yes, none) for r in rows]
        return [RuleLine(says, key, tuple(lines))]

    def gated(
        self, says: str, holds: Dated, key: str, under: Iterable[RuleLine] = (), name: str = ""
    ) -> list[RuleLine]:
        """A rule that is in force or not, and what belongs to it; on a day only if in force."""
        if self.when is not None and not on(holds, self.when).value:
            return []
        lines = self.rule(says, holds, key, IN_FORCE)
        return [replace(line, name=name) for line in lines] + below(under)

    def cited(self, says: str, source: str, at: str | None) -> RuleLine:
        """A rule without a day, with its source behind it."""
        assumed = basis_of(self.regime.sources[source]) == "assumed"
        place = f"assumed: {source}" if assumed else f"{source}, {at}"
        return RuleLine(f"{says} [{place}]")


def below(lines: Iterable[RuleLine]) -> list[RuleLine]:
    """Lines that belong to the one before."""
    return [replace(line, under=True) for line in lines]


def part(title: str, lines: list[RuleLine]) -> list[RulePart]:
    """A titled part, or nothing where it is empty."""
    return [RulePart(title, tuple(lines))] if lines else []


def tell(regime: Regime, when: str | None = None) -> list[RulePart]:
    """All rules of a regime in words, under their titles."""
    from scslab.regimes import telling_lists, telling_others, telling_scores

    teller = Teller(regime, when)
    parts = part("Whom it rates", telling_others.who(teller))
    parts += telling_scores.parts(teller)
    parts += telling_lists.parts(teller)
    parts += telling_others.parts(teller)
    return parts
