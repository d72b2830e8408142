"""The small frozen records of one simulated person's story: steps, and the rows behind them."""

from __future__ import annotations

from dataclasses import dataclass

from scslab.core.cards import RowLine
from scslab.core.results import SourceLine

STUDY = "study"  # whose row it is, where it is no regime's


@dataclass(frozen=True)
class Behind:
    """A row behind a step: a rule of a regime, or a value of the study.

    Attributes
    ----------
    of : str
        Id of the regime, platform or code, or "study".
    key : str
        Dotted path in its file.
    row : RowLine
        The row in force in the month of the step.
    title : str
        Title of its source.
    says : str
        What the rule does, where the step does not say it.
    """

    of: str
    key: str
    row: RowLine
    title: str
    says: str = ""


@dataclass(frozen=True)
class Chance:
    """What was luck in a step: what was drawn, and how likely it was to come out as it did."""

    says: str
    p: float


@dataclass(frozen=True)
class Step:
    """Something that happened to the person in a month.

    Attributes
    ----------
    month : str
    stage : str
        The stage of the month, as `scslab plan` names it.
    kind : str
        A short name: act, recorded, listed, told, objects ...
    says : str
        What happened, in plain words.
    rows : tuple of Behind
    chances : tuple of Chance
    """

    month: str
    stage: str
    kind: str
    says: str
    rows: tuple[Behind, ...] = ()
    chances: tuple[Chance, ...] = ()


@dataclass(frozen=True)
class CaseCount:
    """A kind of story, and how many there are in a run: persons, and listings or rewards."""

    name: str
    says: str
    persons: int
    found: int


@dataclass(frozen=True)
class Story:
    """One simulated person, from act or false record to outcome.

    Attributes
    ----------
    study, title, seed, fingerprint, version
        Which run it is of.
    first_month, last_month : str
    case : CaseCount
        The kind of story, and of how many it is one.
    regime : str
        The regime asked for; empty where any was.
    pick : int
        Its number, from 1, in `order`.
    order : str
        How the persons of a case are ordered, in words.
    what : str
        "person" or "organisation".
    subject : int
        Its number in the simulated society.
    attributes : tuple of (attribute, category)
    steps : tuple of Step
        In order of time.
    facts : tuple of (name, value)
        The outcome in short.
    beside : tuple of str
        What else happened to the person, in a line each.
    systems : tuple of (id, name)
        The regimes and platforms of which it tells.
    sources : tuple of SourceLine
        Of all rows behind the steps.
    """

    study: str
    title: str
    seed: int
    fingerprint: str
    version: str
    first_month: str
    last_month: str
    case: CaseCount
    regime: str
    pick: int
    order: str
    what: str
    subject: int
    attributes: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    facts: tuple[tuple[str, str], ...]
    beside: tuple[str, ...]
    systems: tuple[tuple[str, str], ...]
    sources: tuple[SourceLine, ...]

    @property
    def says(self) -> str:
        """The sentence that stands above every story."""
        return (
            f"This {self.what} is synthetic: made by a program from published margins and dice. "
            "Nobody real is meant, rated or described."
        )
