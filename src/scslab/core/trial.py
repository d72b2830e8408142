"""Records of a comparison of safeguards: what the laboratory finds and the report draws.

Every figure is a mean over seeds of a simulated society. A difference is to the first safeguard of
the comparison, under the same luck; its interval holds that luck and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

from scslab.core.results import SourceLine

ALL = "all"  # the sum over regimes, and everybody instead of a group


@dataclass(frozen=True)
class RowChanged:
    """One row of a regime as a safeguard changes it.

    `source` is what the new row rests on, with the place in it; `key` is that of the safeguard's
    sources.
    """

    safeguard: str
    regime: str
    path: str
    before: str
    after: str
    source: str
    key: str


@dataclass(frozen=True)
class Arm:
    """One side of a comparison: its label and the safeguards that hold together there."""

    label: str
    safeguards: tuple[str, ...]


@dataclass(frozen=True)
class SafeguardLine:
    """A safeguard of a comparison: what it is, on what law it rests, which rows it changes.

    Attributes
    ----------
    law : (article, what it says)
    left_out : (what of the real protection is missing, in which direction that errs)
    """

    id: str
    name: str
    about: str
    law: tuple[tuple[str, str], ...] = ()
    rows: tuple[RowChanged, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    sources: tuple[SourceLine, ...] = ()


@dataclass(frozen=True)
class QuantityLine:
    """What a quantity of harm, error, benefit or compliance counts.

    `of` says whether its amount or its rate is shown, and `unit` is that figure's.
    """

    name: str
    says: str
    kind: str
    unit: str
    better: str  # "less" or "more"
    of: str


@dataclass(frozen=True)
class DifferenceLine:
    """One quantity under one arm of a comparison, beside the first arm.

    `saves`: how many times fewer seeds the paired runs need than unpaired ones; infinite where all
    seeds agree, None where nothing varies.
    """

    quantity: str
    of: str
    regime: str
    by: str
    group: str
    arm: str
    first: float
    mean: float
    difference: float
    low: float
    high: float
    saves: float | None
    seeds: int


@dataclass(frozen=True)
class RankLine:
    """Where an arm stands in a quantity, and in what share of replicates at each rank."""

    quantity: str
    arm: str
    mean: float
    place: float
    low: float
    high: float
    best: float
    shares: tuple[float, ...]


@dataclass(frozen=True)
class FrontierLine:
    """An arm between a harm and compliance; `share` of replicates in which none beats it."""

    harm: str
    compliance: str
    arm: str
    x: float
    y: float
    on: bool
    share: float


@dataclass(frozen=True)
class TrialSummary:
    """All that the report of a comparison says."""

    title: str
    study: str
    about: str
    cannot_tell: str
    version: str
    fingerprint: str
    facts: tuple[tuple[str, str], ...]
    regimes: tuple[tuple[str, str], ...]  # id and name
    seeds: tuple[int, ...]
    arms: tuple[Arm, ...]
    safeguards: tuple[SafeguardLine, ...]
    ranked: str  # the quantity by which arms are ranked
    main: tuple[str, ...]  # the quantities of figures and short tables
    axes: tuple[str, str]  # harm and compliance of the frontier
    quantities: tuple[QuantityLine, ...]
    differences: tuple[DifferenceLine, ...]  # all regimes together, everybody
    group_line: QuantityLine  # the ranked quantity as `by_group` has it: fit to compare groups
    by_group: tuple[DifferenceLine, ...]  # the ranked quantity, all regimes together
    by_regime: tuple[DifferenceLine, ...]  # the ranked quantity, everybody
    ranking: tuple[RankLine, ...]
    frontier: tuple[FrontierLine, ...]
    warnings: tuple[str, ...] = ()
    kind: str = "Comparison of safeguards"
