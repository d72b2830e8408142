"""Definitions of derived variables, as plain records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import numpy as np

from scslab.survey.answers import Code, Kind, Measure


@dataclass(frozen=True)
class Recode:
    """Codes to codes; to None: missing. A key may be a missing code of the source.

    Codes not in the mapping are an error unless `other` says to keep them or make them missing.
    """

    variable: str
    codes: Mapping[Code, Code | None]
    other: Literal["keep", "missing"] | None = None


@dataclass(frozen=True)
class Cut:
    """Classes 1, 2, ... of a number between `breaks`, which may begin and end with infinity.

    `closed` "left": a class holds its lower break (18 to under 30); "right": its upper one. A
    number in no class is an error unless `outside` is "missing".
    """

    variable: str
    breaks: tuple[float, ...]
    labels: tuple[str, ...] = ()
    closed: Literal["left", "right"] = "left"
    outside: Literal["missing"] | None = None


@dataclass(frozen=True)
class Combine:
    """Mean or sum of items; missing where fewer than `at_least` (default all) are answered.

    With fewer answers the mean is of those answered, and the sum is plain, so smaller. `reverse`
    items are turned within `scale` (lowest, highest).
    """

    items: tuple[str, ...]
    at_least: int | None = None
    reverse: tuple[str, ...] = ()
    scale: tuple[float, float] | None = None


@dataclass(frozen=True)
class AnyOf:
    """1 if any variable has one of the codes, 0 if none has, missing where that is not known.

    It is not known where no code is met and an answer is missing; with `missing_is_no` such an
    answer counts as no (boxes left unticked).
    """

    variables: tuple[str, ...]
    codes: tuple[Code, ...]
    missing_is_no: bool = False


@dataclass(frozen=True)
class Reverse:
    """A scale turned round: lowest + highest - code. Without `scale` the labels' codes are used."""

    variable: str
    scale: tuple[float, float] | None = None


@dataclass(frozen=True)
class Copy:
    """A copy with its own label and labels or, with `order`, with categories in that order.

    `order` lists the text levels, or the labels of codes, from the lowest; the copy then has codes
    1, 2, ... and is ordinal.
    """

    variable: str
    order: tuple[str, ...] = ()


@dataclass(frozen=True)
class Definition:
    """A variable to make, by exactly one of the rules below.

    `labels` name the new codes; `replace` allows the name of a variable that exists (which the
    rule may itself use).
    """

    name: str
    label: str = ""
    labels: Mapping[Code, str] = field(default_factory=lambda: MappingProxyType({}))
    measure: Measure | None = None
    replace: bool = False
    recode: Recode | None = None
    cut: Cut | None = None
    mean_of: Combine | None = None
    sum_of: Combine | None = None
    any_of: AnyOf | None = None
    reverse: Reverse | None = None
    standardise: str = ""
    copy: Copy | None = None


RULES = ("recode", "cut", "mean_of", "sum_of", "any_of", "reverse", "standardise", "copy")


@dataclass(frozen=True)
class Made:
    """Values of a new variable and what its dictionary says.

    `source` is the single variable whose missing reasons are carried on, or "".
    """

    values: np.ndarray
    source: str = ""
    labels: Mapping[Code, str] = field(default_factory=dict)
    kind: Kind = "number"
    measure: Measure = "scale"
