"""What weighting did: margins before and after, the largest weight, the price in precision."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scslab.analysis.distributions import Z_95
from scslab.analysis.weighting.matching import Coded
from scslab.core.printed import Column, Form, ResultTable, Row


@dataclass(frozen=True)
class Kish:
    """Kish's design effect of unequal weights, and the n of equal weights worth the same."""

    deff: float
    effective_n: float

    @property
    def margin_of_error(self) -> float:
        """Half the 95 % interval of a share of 50 %, in percentage points.

        1.96 sqrt(deff * 0.25 / n); it leaves clusters and strata out.
        """
        return 100 * Z_95 * math.sqrt(0.25 / self.effective_n)


@dataclass(frozen=True)
class Level:
    """A category of a margin, or a total of a number (then `level` is "")."""

    variable: str
    level: str
    n: int
    target: float
    before: float
    after: float


@dataclass(frozen=True)
class WeightingReport:
    """How weights were brought to margins.

    Attributes
    ----------
    method : str
        "raking", "post-stratification", "linear calibration", ...
    rounds : int
        Rounds of raking, or steps of calibration; 1 where there is one step only.
    off : float
        Largest difference from a target: in shares, or relative for totals of numbers.
    levels : tuple of Level
        Weighted shares (or totals) before and after, beside their targets.
    largest, smallest : float
        Weights after, in mean weights.
    cap, at_cap : float or None, float
        Largest weight allowed, in mean weights, and the share of respondents who have it.
    before, after : Kish
    weighted_n : float
        What the weights sum to.
    """

    method: str
    source: str
    n: int
    rounds: int
    off: float
    levels: tuple[Level, ...]
    largest: float
    smallest: float
    cap: float | None
    at_cap: float
    before: Kish
    after: Kish
    weighted_n: float
    synthetic: bool = False
    data: str = ""
    notes: tuple[str, ...] = ()


def kish(weights: np.ndarray) -> Kish:
    """Kish's design effect 1 + CV(w)^2 = n sum w^2 / (sum w)^2 (Kish 1965) and n / deff.

    Rows of weight 0 do not count. Neither clusters nor strata enter: it is the price of unequal
    weights alone, for estimates that have nothing to do with the weights.

    Parameters
    ----------
    weights : f8[n]

    Examples
    --------
    >>> found = kish(np.array([1.0, 1.0, 2.0]))
    >>> found.deff, round(found.effective_n, 6), round(found.margin_of_error, 1)
    (1.125, 2.666667, 60.0)
    """
    n = int(np.count_nonzero(weights))
    squares = float((weights**2).sum())
    total = float(weights.sum())
    return Kish(n * squares / total**2, total**2 / squares)


def levels_of(coded: Sequence[Coded], before: np.ndarray, after: np.ndarray) -> tuple[Level, ...]:
    """Shares of all margins before and after."""
    found = []
    for margin in coded:
        size = len(margin.target)
        n = np.bincount(margin.code, minlength=size)
        old = np.bincount(margin.code, before, size) / before.sum()
        new = np.bincount(margin.code, after, size) / after.sum()
        found += [
            Level(
                margin.name,
                margin.levels[i],
                int(n[i]),
                float(margin.target[i]),
                float(old[i]),
                float(new[i]),
            )
            for i in range(size)
        ]
    return tuple(found)


def make_report(
    method: str,
    before: np.ndarray,
    after: np.ndarray,
    *,
    levels: tuple[Level, ...] = (),
    rounds: int = 1,
    off: float = 0.0,
    source: str = "",
    cap: float | None = None,
    at_cap: float = 0.0,
    synthetic: bool = False,
    data: str = "",
    notes: Sequence[str] = (),
) -> WeightingReport:
    """A report from the weights (f8[n], of the domain) before and after."""
    told = list(notes)
    negative = int((after < 0).sum())
    if negative:
        told.append(f"{negative:,} of {len(after):,} weights are negative; bounds prevent that")
    mean = after.mean()
    return WeightingReport(
        method=method,
        source=source,
        n=len(after),
        rounds=rounds,
        off=off,
        levels=levels,
        largest=float(after.max() / mean),
        smallest=float(after.min() / mean),
        cap=cap,
        at_cap=at_cap,
        before=kish(before),
        after=kish(after),
        weighted_n=float(after.sum()),
        synthetic=synthetic,
        data=data,
        notes=tuple(told),
    )


def weighting_table(
    report: WeightingReport, id: str = "weights", *, probability: bool = True
) -> ResultTable:
    """The report as a table: margins, then what the weights cost.

    Parameters
    ----------
    probability : bool
        Whether respondents were drawn by chance. If not, the precision is not called a margin of
        error (AAPOR 2021: report what any interval assumes).

    Examples
    --------
    >>> r = make_report("raking", np.ones(4), np.array([1.0, 1.0, 1.0, 2.0]))
    >>> [row.cells[0] for row in weighting_table(r).rows][:2]
    ['Design effect of the weights (Kish)', 'Effective n']
    """
    columns = (
        Column("category", "Category"),
        Column("n", "Respondents", "count", 0),
        Column("target", "Target", "share", 1),
        Column("before", "Before", "share", 1),
        Column("after", "After", "share", 1),
    )
    notes = [f"{report.method}, {report.rounds} rounds; margins met to {report.off:.1g}"]
    if report.source:
        notes.append(f"Targets: {report.source}")
    if not probability:
        notes.append(
            "The respondents were not drawn by chance: the interval's width assumes that they "
            "were, given the margins"
        )
    return ResultTable(
        id=id,
        title=f"Weights by {report.method}",
        columns=columns,
        rows=(*margin_rows(report), *price_rows(report, probability)),
        n=report.n,
        source=report.data,
        unit="weighted share",
        notes=(*notes, *report.notes),
        synthetic=report.synthetic,
    )


def margin_rows(report: WeightingReport) -> list[Row]:
    """A heading for each margin and a row for each of its levels."""
    rows: list[Row] = []
    heading = ""
    for level in report.levels:
        if level.variable != heading:
            heading = level.variable
            if level.level:
                rows.append(Row((heading,), "heading"))
        cells = (level.level or heading, level.n, level.target, level.before, level.after)
        rows.append(Row(cells, form=None if level.level else "number"))
    return rows


def price_rows(report: WeightingReport, probability: bool) -> list[Row]:
    """What the weights cost, before and after."""
    before, after = report.before, report.after
    width = "Margin of error" if probability else "Half-width if drawn by chance"

    def foot(name: str, old: float | None, new: float | None, form: Form = "number") -> Row:
        return Row((name, None, None, old, new), "foot", form)

    rows = [
        foot("Design effect of the weights (Kish)", before.deff, after.deff),
        foot("Effective n", before.effective_n, after.effective_n, "count"),
        foot(
            f"{width}, share of 50 %, points at 95 %",
            before.margin_of_error,
            after.margin_of_error,
        ),
        foot("Largest weight (mean weights)", None, report.largest),
        foot("Smallest weight (mean weights)", None, report.smallest),
    ]
    if report.cap is not None:
        rows.append(foot("Cap (mean weights)", None, report.cap))
        rows.append(Row(("Respondents at the cap", None, None, None, report.at_cap), "foot"))
    return rows
