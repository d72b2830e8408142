"""The small frozen records of what a run adds to an audit. Synthetic persons only."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Amount:
    """One count or rate of a run: what, how much, in which unit."""

    says: str
    value: float
    unit: str


@dataclass(frozen=True)
class GroupRate:
    """The group of an attribute that a rule hits most, beside the one that it hits least."""

    attribute: str
    most: str
    most_rate: float
    most_n: int
    least: str
    least_rate: float
    least_n: int
    unit: str


@dataclass(frozen=True)
class Evidence:
    """What a run adds to a finding: people hit, months, groups. Synthetic persons only."""

    run: str
    amounts: tuple[Amount, ...]
    groups: tuple[GroupRate, ...] = ()


@dataclass(frozen=True)
class ImpactRow:
    """Listed months of one group, wrongful ones apart, per 1,000 covered person-months."""

    regime: str
    attribute: str
    category: str
    covered_months: int
    listed_months: int
    wrongful_months: int


@dataclass(frozen=True)
class ErrorRow:
    """Errors and remedies of one regime in a run."""

    regime: str
    entries: int
    wrongful_entries: int
    told: int | None
    objections: int
    corrected_wronged: int
    rejected_wronged: int
    decided: int
    months_waited: float


@dataclass(frozen=True)
class RunNote:
    """The run behind the evidence."""

    name: str
    study: str
    seed: str
    months: str
    persons: int
    same_rules: dict[str, str] = field(default_factory=dict)
    """Regime -> whether the run used the same rules, in words."""
