"""Tables and figures as frozen records: what analysis gives and report writes.

A table holds numbers, not their print: a writer for a page rounds them, a writer for a data file
does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True)
class Suppressed:
    """A cell that is not shown because it rests on fewer than `below` respondents."""

    below: int


Cell = str | float | int | None | Suppressed
Form = Literal["text", "number", "share", "count", "p"]
RowKind = Literal["body", "beneath", "heading", "foot"]
Sign = Literal["+", "-", "0", ""]  # of an effect; "" is not known


@dataclass(frozen=True)
class Column:
    """A column: `name` for machines, `title` for readers, how its numbers are printed.

    "share" prints 0.125 as 12.5 %, "p" prints small values as < 0.001, "count" groups thousands.
    `digits` are decimals as printed: by default 3, of percentages 1.
    """

    name: str
    title: str
    form: Form = "text"
    digits: int | None = None

    @property
    def decimals(self) -> int:
        """Decimals as printed."""
        return decimals(self.form, self.digits)


def decimals(form: Form, digits: int | None = None) -> int:
    """Decimals as printed, where `digits` does not say them."""
    if digits is not None:
        return digits
    return 1 if form == "share" else 3


@dataclass(frozen=True)
class Row:
    """A row of a table.

    "beneath" belongs to the row above (standard errors in brackets), "heading" has one cell over
    all columns, "foot" stands below a rule (n, R2 and so on). `form` overrides the columns' form
    (a row of counts in a column of coefficients). `p` holds the p value behind each cell, or None,
    for a print with stars.
    """

    cells: tuple[Cell, ...]
    kind: RowKind = "body"
    form: Form | None = None
    p: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class ResultTable:
    """One table of results.

    `code` holds the same computation in other tools' words, by name: "R", "Stata", "Python".
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    n: int
    source: str
    unit: str = ""
    notes: tuple[str, ...] = ()
    synthetic: bool = False
    code: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class CoefficientRow:
    """One estimate with its interval in a coefficient plot."""

    series: str
    term: str
    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class CoefficientFigure:
    """Estimates with intervals, several series side by side; `zero` is the reference line."""

    id: str
    title: str
    unit: str
    n: int
    source: str
    rows: tuple[CoefficientRow, ...]
    notes: tuple[str, ...] = ()
    synthetic: bool = False
    zero: float | None = 0.0


@dataclass(frozen=True)
class LikertItem:
    """One item of a Likert figure: a share for each level (sum 1) and the n behind it."""

    name: str
    shares: tuple[float, ...]
    n: int


@dataclass(frozen=True)
class LikertFigure:
    """Diverging bars: levels from most negative to most positive.

    `neutral` is the place of the middle level, or None where there is none; it is split over zero
    or, with `neutral_apart`, set as a block at the right.
    """

    id: str
    title: str
    unit: str
    source: str
    levels: tuple[str, ...]
    items: tuple[LikertItem, ...]
    neutral: int | None = None
    neutral_apart: bool = False
    notes: tuple[str, ...] = ()
    synthetic: bool = False


@dataclass(frozen=True)
class Paragraph:
    """Running text of a section."""

    text: str


@dataclass(frozen=True)
class PrintedRow:
    """A simulated estimate with its interval, and what is printed of the same quantity.

    `estimate` is NaN where it is not shown. `printed` is the printed number, `between` the printed
    range; `says` is how a reader sees it ("80 %", "3.60"), also where it is no number ("+").
    Rows of one `heading` stand beneath it.
    """

    label: str
    estimate: float
    low: float
    high: float
    n: int
    printed: float | None = None
    between: tuple[float, float] | None = None
    says: str = ""
    heading: str = ""


@dataclass(frozen=True)
class PrintedFigure:
    """Simulated estimates with their intervals beside printed values, in the order given.

    `printed_in` names the print in the legend. `values` says how numbers are written; bars begin
    at zero, dots may leave it out. `zero` is a reference line.
    """

    id: str
    title: str
    unit: str
    source: str
    rows: tuple[PrintedRow, ...]
    form: Literal["bars", "dots"] = "dots"
    values: Literal["share", "number"] = "share"
    printed_in: str = ""
    zero: float | None = None
    notes: tuple[str, ...] = ()
    synthetic: bool = False


@dataclass(frozen=True)
class ErrorStep:
    """One source of survey error: by how much (a difference of shares) it moves the figure."""

    name: str
    change: float
    meaning: str = ""


@dataclass(frozen=True)
class ErrorsFigure:
    """Total survey error of a share: from the truth, step by step, to what was measured.

    `low` and `high` bound `measured`; `by_list` is the same share by a list experiment, with its
    interval.
    """

    id: str
    title: str
    unit: str
    n: int
    source: str
    truth: float
    steps: tuple[ErrorStep, ...]
    measured: float
    low: float
    high: float
    by_list: tuple[float, float, float] | None = None
    notes: tuple[str, ...] = ()
    synthetic: bool = False


@dataclass(frozen=True)
class FrameworkLine:
    """A hypothesis on one factor: signs expected, printed and simulated; "" is not known.

    "0" is an effect that cannot be told from none.
    """

    id: str
    says: str
    expected: Sign
    printed: Sign = ""
    simulated: Sign = ""


@dataclass(frozen=True)
class FrameworkFactor:
    """A box of the framework: a group of hypotheses."""

    name: str
    lines: tuple[FrameworkLine, ...]


@dataclass(frozen=True)
class FrameworkFigure:
    """A conceptual framework: factors in boxes that point at the outcome."""

    id: str
    title: str
    n: int
    source: str
    outcome: str
    factors: tuple[FrameworkFactor, ...]
    unit: str = ""
    notes: tuple[str, ...] = ()
    synthetic: bool = False


@dataclass(frozen=True)
class HeadlineErrors:
    """What evaluation is told of a headline: a share in the population, and as measured.

    Attributes
    ----------
    says : str
        The share in words.
    truth : float
        In the population.
    steps : tuple of (name, change, meaning)
        Changes as differences of shares; the truth and all changes add up to `measured`.
    measured, low, high : float
        As the survey gives it, weighted, with its interval.
    by_list : (estimate, low, high) or None
        The same share by a list experiment: 1 less the share of its opposite.
    falsification : float or None
        The change by preference falsification (one of the steps), which the list is to recover.
    n : int
        Respondents.
    """

    says: str
    truth: float
    steps: tuple[tuple[str, float, str], ...]
    measured: float
    low: float
    high: float
    by_list: tuple[float, float, float] | None = None
    falsification: float | None = None
    id: str = ""
    n: int = 0


@dataclass(frozen=True)
class FramingResult:
    """One arm of a framing experiment: its mean or share, and the difference from the control.

    `difference` is (estimate, low, high), None of the control itself. `printed` and
    `printed_difference` are the printed values, None where none was found.
    """

    arm: str
    value: float
    low: float
    high: float
    n: int
    difference: tuple[float, float, float] | None = None
    printed: float | None = None
    printed_difference: float | None = None


Figure = CoefficientFigure | LikertFigure | PrintedFigure | ErrorsFigure | FrameworkFigure
Part = ResultTable | Figure | Paragraph


@dataclass(frozen=True)
class AnalysisSection:
    """A section of an analysis: its parts in the order of reading."""

    id: str
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class AnalysisReport:
    """All that the report of an analysis says."""

    title: str
    about: str
    source: str
    n: int
    synthetic: bool
    version: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[AnalysisSection, ...]
    warnings: tuple[str, ...] = ()
