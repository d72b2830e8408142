"""The small frozen records of harm and fairness: who is hit, by how much, and how sure that is.

Counts are of simulated subjects. Every interval is at 95 % and tells the luck of one run, not what
the assumptions may be wrong by.
"""

from __future__ import annotations

from dataclasses import dataclass

Group = tuple[tuple[str, str], ...]  # attribute and category; empty for everybody

FOUR_FIFTHS = 0.8  # of the best-treated group; a line to look at, not a verdict


@dataclass(frozen=True)
class HarmLine:
    """One quantity of one regime ("all" for all together) and one group.

    `rate` is `amount` / `n` in the unit; `shown` is false where n is too small to show it.
    """

    quantity: str
    says: str
    kind: str  # harm, error, benefit or compliance
    unit: str
    regime: str
    group: Group
    amount: float
    n: float
    rate: float
    low: float
    high: float
    shown: bool


@dataclass(frozen=True)
class ImpactRatio:
    """How a group fares beside the best-treated one.

    `ratio` is at most 1 but for luck: the group's rate over that of the best where more is better,
    that of the best over the group's where less is better. So it can be held against `line`
    either way. `times` is the group's rate over that of the best, as it is.
    """

    quantity: str
    says: str
    kind: str
    unit: str
    regime: str
    group: Group
    n: float
    rate: float
    best: Group
    best_rate: float
    times: float
    ratio: float
    low: float
    high: float
    shown: bool
    line: float = FOUR_FIFTHS


@dataclass(frozen=True)
class ErrorRate:
    """How often a group is wronged, and the gap to the group that is wronged least."""

    quantity: str
    says: str
    unit: str
    regime: str
    group: Group
    amount: float
    n: float
    rate: float
    low: float
    high: float
    least: Group
    gap: float
    gap_low: float
    gap_high: float
    shown: bool


@dataclass(frozen=True)
class Contrast:
    """One group's rate over another's: the answer to one question about fairness."""

    question: str
    quantity: str
    says: str
    unit: str
    regime: str
    group: Group
    against: Group
    n: float
    against_n: float
    rate: float
    against_rate: float
    ratio: float
    low: float
    high: float


@dataclass(frozen=True)
class HarmReport:
    """What the report of a run says about harm and fairness.

    Attributes
    ----------
    whole : lines of all regimes together, persons and organisations apart (attribute subject)
    systems : lines of single regimes
    groups : lines of persons by attribute, all regimes together
    capital : how political capital was told from attributes; empty where it cannot be
    mixed : regimes with lists of sanctions and of praise, whose listings count both
    """

    whole: tuple[HarmLine, ...]
    systems: tuple[HarmLine, ...]
    groups: tuple[HarmLine, ...]
    ratios: tuple[ImpactRatio, ...]
    errors: tuple[ErrorRate, ...]
    contrasts: tuple[Contrast, ...]
    capital: str = ""
    mixed: tuple[str, ...] = ()
