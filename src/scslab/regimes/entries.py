"""Stays on a list, and the ways off it, as the judge of one dossier keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scslab.core.values import Row
from scslab.regimes.steps import Step


@dataclass
class Way:
    """A way off a list: the first day off it, how, by which rows."""

    day: date
    how: str = ""
    rows: tuple[Row, ...] = ()


@dataclass
class Entry:
    """One stay on a list: from, to by its term, to by performance, repair or a later act."""

    start: date
    term: date
    way: Way
    why: str
    rows: tuple[Row, ...]
    term_says: str = "the term is over"

    @property
    def end(self) -> date:
        """The day on which it is over."""
        return min(self.term, self.way.day)

    def step(self, name: str, when: date) -> Step:
        """The stay in words, as a reader sees it on a day."""
        left = self.way.day <= self.term and self.way.day < date.max
        how = self.way.how if left else self.term_says
        rows = self.rows + (self.way.rows if left else ())
        stay = f"on it since {self.start}, without a fixed term"
        if when < self.start:
            stay = f"takes effect on {self.start}"
        elif self.end <= when:
            stay = f"was on it from {self.start} to {self.end}: {how}"
        elif self.end < date.max:
            stay = f"on it since {self.start}, until {self.end}: then {how}"
        return Step(f"list {name}: {self.why}; {stay}", rows)
