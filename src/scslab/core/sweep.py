"""Records of a sweep: what varied, how strongly outcomes answer, and where they are worst."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

Moves = Literal["set", "times", "between"]
STEPS = 6  # a range has some 10**6 different values, so that tables stay readable


@dataclass(frozen=True)
class Factor:
    """A value that varies: over a range, or over levels.

    Attributes
    ----------
    name, path : str
        As in tables; where it stands in the study, or in the rules of a regime.
    unit : str
        Of its values; "position" where several rows move within ranges of their own, from 0 (all
        at their low end) to 1; "" where it is no dated value.
    low, high : float
        Ends of the range; positions of the first and last level, 0 and their number less 1.
    levels : tuple or None
        The only values it takes, in order.
    whole : bool
        Whether it takes whole numbers only, each as likely as the next.
    moves : str
        Rows of a dated value are set to the number, multiplied by it, or moved within `between`.
    base : number, bool, text or None
        Its value in the study, where that is one value.
    """

    name: str
    path: str
    unit: str
    low: float
    high: float
    levels: tuple[Any, ...] | None = None
    whole: bool = False
    moves: Moves = "set"
    base: Any = None


def value_at(factor: Factor, share: float) -> Any:
    """The value of a factor at a share of its range, from 0 to 1.

    Examples
    --------
    >>> value_at(Factor("a", "a", "share", 0.2, 0.6), 0.5)
    0.4
    >>> yes = Factor("b", "b", "yes/no", 0, 1, (False, True))
    >>> [value_at(yes, u) for u in (0.0, 0.49, 0.5, 1.0)]
    [False, False, True, True]
    >>> terms = Factor("c", "c", "months", 1, 3, whole=True)
    >>> [value_at(terms, u) for u in (0.0, 0.34, 0.9, 1.0)]
    [1, 2, 3, 3]
    """
    if factor.levels is not None:
        return factor.levels[min(int(share * len(factor.levels)), len(factor.levels) - 1)]
    span = factor.high - factor.low
    if factor.whole:
        return int(factor.low) + min(int(share * (span + 1)), int(span))
    digits = max(STEPS - math.floor(math.log10(span)), 0)
    return min(max(round(factor.low + share * span, digits), factor.low), factor.high)


def share_of(factor: Factor, value: Any) -> float:
    """The share of its range at which a factor has a value: the middle of a level.

    Examples
    --------
    >>> share_of(Factor("b", "b", "yes/no", 0, 1, (False, True)), True)
    0.75
    """
    if factor.levels is not None:
        return (factor.levels.index(value) + 0.5) / len(factor.levels)
    if factor.whole:
        return (value - factor.low + 0.5) / (factor.high - factor.low + 1)
    return (value - factor.low) / (factor.high - factor.low)


def ordered(factor: Factor) -> bool:
    """Whether the values of a factor go up: those of a range, growing numbers, two levels.

    Examples
    --------
    >>> [ordered(Factor("f", "f", "", 0, 2, x)) for x in (None, (1, 2, 5), ("a", "b", "c"))]
    [True, True, False]
    """
    levels = factor.levels
    if levels is None or len(levels) < 3:
        return True
    plain = all(isinstance(v, int | float) and not isinstance(v, bool) for v in levels)
    return plain and list(levels) == sorted(levels)


def shown(value: Any) -> str:
    """A value of a factor as it stands in tables.

    Examples
    --------
    >>> shown(True), shown(0.25), shown(12), shown(["notice", "help"]), shown([]), shown(None)
    ('true', '0.25', '12', 'notice+help', 'none', '')
    """
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "+".join(map(str, value)) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class Index:
    """How strongly an outcome answers to a factor.

    `measure` is S1, ST, S2, mu*, mu, sigma, rank correlation or swing; `low` and `high` are its
    interval, NaN where it has none.
    """

    outcome: str
    factor: str
    measure: str
    value: float
    low: float = math.nan
    high: float = math.nan


@dataclass(frozen=True)
class Peel:
    """A step of the search for a box of bad cases: how many cases are in it, and how bad.

    Attributes
    ----------
    cases, bad : int
        Cases in the box, and those of them with a bad outcome.
    coverage, density, mass : float
        Share of all bad cases that are in it; share of its cases that are bad; share of all cases.
    """

    cases: int
    bad: int
    coverage: float
    density: float
    mass: float


@dataclass(frozen=True)
class Limit:
    """A restriction of a box: within these ends, or these levels only.

    `p` is the chance of a density as high without this restriction, were it of no account (the
    quasi-p-value of Bryant and Lempert 2010); small values say that it counts.
    """

    factor: str
    low: float
    high: float
    levels: tuple[Any, ...] | None
    p: float


@dataclass(frozen=True)
class Box:
    """A box of bad cases: its restrictions, what it holds, and the peels on the way to it.

    Restrictions that may be chance are left out, so the box is simpler than those of `peels`.
    """

    outcome: str
    number: int
    threshold: float
    side: Literal["above", "below"]
    limits: tuple[Limit, ...]
    held: Peel
    peels: tuple[Peel, ...]


@dataclass(frozen=True)
class Scatter:
    """An outcome over one factor, a point for each case: numbers, or names of levels."""

    factor: str
    unit: str
    xs: tuple[float | str, ...]
    ys: tuple[float, ...]
    levels: tuple[str, ...] = ()


@dataclass(frozen=True)
class OutcomePart:
    """All that the report says of one outcome.

    `mean`, `low` and `high` are over cases, `missing` counts those without a value. Indices stand
    in order of rank.
    """

    name: str
    says: str
    unit: str
    better: str
    mean: float
    low: float
    high: float
    cases: int
    missing: int
    scatters: tuple[Scatter, ...]
    indices: tuple[Index, ...]
    boxes: tuple[Box, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class FactorLine:
    """What the report says of one factor."""

    name: str
    path: str
    unit: str
    range: str
    base: str
    moves: str


@dataclass(frozen=True)
class SweepReport:
    """All that the report of a sweep says."""

    id: str
    title: str
    study: str
    about: str
    cannot_tell: str
    version: str
    fingerprint: str
    method: str
    cases: int
    replications: int
    seed: int
    persons: int
    months: str
    factors: tuple[FactorLine, ...]
    outcomes: tuple[OutcomePart, ...]
    left_out: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
