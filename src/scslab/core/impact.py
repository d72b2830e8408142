"""Drafts of impact assessments: what a run fills in, and what is left to a person.

Evaluation gives these records, report writes them as a page or a Word file. Each part says who
fills it: "machine" from the run or the rules, with its basis, or "human".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from scslab.core.printed import ResultTable
from scslab.core.results import SourceLine

Mark = Literal["machine", "human"]


@dataclass(frozen=True)
class Basis:
    """On what a machine-filled part rests, in words: tables, months, n, interval.

    What does not apply is empty: a rule has a source and no n.
    """

    source: str
    months: str = ""
    n: str = ""
    interval: str = ""

    @property
    def says(self) -> str:
        """The basis in one sentence.

        Examples
        --------
        >>> Basis("table listings", "2016-01 to 2016-12", "12 entries").says
        'Filled from: table listings; months 2016-01 to 2016-12; n = 12 entries; synthetic.'
        """
        facts = [
            self.source,
            self.months and f"months {self.months}",
            self.n and f"n = {self.n}",
            self.interval and f"interval: {self.interval}",
            "synthetic" if self.months else "",
        ]
        return f"Filled from: {'; '.join(filter(None, facts))}."


@dataclass(frozen=True)
class MachinePart:
    """Text or a table filled from the run or from the rules."""

    basis: Basis
    heading: str = ""
    text: str = ""
    table: ResultTable | None = None
    mark: Literal["machine"] = "machine"


@dataclass(frozen=True)
class Choice:
    """An answer to choose; `note` is what it brings ("3 points")."""

    text: str
    note: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class HumanPart:
    """A question that only a person can answer; `answer` is what one has answered already.

    With `choices` one of them is to be chosen, with `several` any number; with `rows` the same
    question is asked about each of them.
    """

    question: str
    guidance: str = ""
    answer: str = ""
    choices: tuple[Choice, ...] = ()
    several: bool = False
    rows: tuple[str, ...] = ()
    id: str = ""
    mark: Literal["human"] = "human"


Part = MachinePart | HumanPart


@dataclass(frozen=True)
class ImpactSection:
    """A section of a draft: `article` is what of the instrument it answers ("Art. 27(1)(a)")."""

    id: str
    heading: str
    article: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class ImpactDraft:
    """The draft of one assessment of one regime."""

    kind: str
    title: str
    instrument: str
    regime: str
    name: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[ImpactSection, ...]
    sources: tuple[SourceLine, ...]
    limits: tuple[str, ...]

    def parts(self, mark: Mark | None = None) -> tuple[Part, ...]:
        """All parts in the order of reading, or those of one mark."""
        found = [part for section in self.sections for part in section.parts]
        return tuple(part for part in found if mark is None or part.mark == mark)


@dataclass(frozen=True)
class ImpactDocument:
    """A file of drafts of one kind: a chapter for each regime of a run."""

    kind: str
    title: str
    study: str
    seed: int
    months: tuple[str, str]
    fingerprint: str
    version: str
    chapters: tuple[ImpactDraft, ...]
    warnings: tuple[str, ...] = field(default=())

    @property
    def source_line(self) -> str:
        """Where the numbers come from, for the foot of a table."""
        return (
            f"scslab {self.version}, study {self.study}, seed {self.seed}, "
            f"run {self.fingerprint}, synthetic"
        )
