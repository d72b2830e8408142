"""What estimates are: frozen records with their precision, and the tables made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd

from scslab.analysis.estimate.hidden import BELOW, hide_lone_cells, rule
from scslab.core.printed import Cell, Column, Form, ResultTable, Row, Suppressed

Statistic = Literal[
    "mean",
    "total",
    "ratio",
    "share",
    "quantile",
    "variance",
    "standard deviation",
    "correlation",
    "weighted n",
]
WORDS: Mapping[str, str] = MappingProxyType(
    {"share": "Shares", "weighted n": "Weighted number of respondents"}
)


@dataclass(frozen=True)
class Estimate:
    """One estimate with its precision.

    Attributes
    ----------
    what, variable, level : str
        The statistic, what it is of, and the answer (of a share), the probability (of a quantile)
        or the other variable (of a ratio or correlation); "" where there is none.
    groups : tuple of (variable, category)
        The group it is of, () for all.
    value, se, low, high : float
        NaN where it cannot be known.
    deff : float
        Variance over that of simple random sampling; NaN where it is not defined.
    n : int
        Respondents that the estimate rests on, unweighted: the base of a share.
    cases : int
        Respondents who gave the answer, of a share; else n. Small cells are judged by it.
    df : float
        Degrees of freedom of the interval.
    weighted_n : float
        Sum of the weights of the n.
    """

    what: str
    variable: str
    level: str
    groups: tuple[tuple[str, str], ...]
    value: float
    se: float
    low: float
    high: float
    deff: float
    n: int
    cases: int
    df: float
    weighted_n: float


@dataclass(frozen=True)
class Estimates:
    """Estimates that were made together.

    Attributes
    ----------
    statistic : str
    rows : tuple of Estimate
        Groups in order, within a group the variables or levels.
    covariance : f8[k, k] or None
        Of the rows; None where it was not made (quantiles, more than 400 rows).
    confidence : float
        Of the intervals, such as 0.95.
    method : str
        Of the intervals.
    notes : tuple of str
        What was left out and why.
    labels : mapping of variable to label
    """

    statistic: str
    rows: tuple[Estimate, ...]
    covariance: np.ndarray | None
    confidence: float
    method: str
    notes: tuple[str, ...] = ()
    synthetic: bool = False
    source: str = ""
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def values(self) -> np.ndarray:
        """The estimates, f8[k]."""
        return np.array([row.value for row in self.rows])

    @property
    def standard_errors(self) -> np.ndarray:
        """Their standard errors, f8[k]."""
        return np.array([row.se for row in self.rows])

    def frame(self) -> pd.DataFrame:
        """The estimates as a table of numbers, a column for each grouping variable first.

        Nothing is suppressed in it.
        """
        groups = [variable for variable, _ in self.rows[0].groups] if self.rows else []
        columns: dict[str, list[object]] = {
            name: [row.groups[k][1] for row in self.rows] for k, name in enumerate(groups)
        }
        for name in ("variable", "level", "value", "se", "low", "high", "deff", "n", "cases"):
            columns[name] = [getattr(row, name) for row in self.rows]
        columns["df"] = [row.df for row in self.rows]
        columns["weighted_n"] = [row.weighted_n for row in self.rows]
        return pd.DataFrame(columns)

    def table(self, id: str = "estimates", *, title: str = "", below: int = BELOW) -> ResultTable:
        """The estimates as a table for reading.

        Parameters
        ----------
        below : int
            Rows that rest on fewer respondents than this are hidden, and those that would give
            them away; 0 hides none.
        """
        groups = [variable for variable, _ in self.rows[0].groups] if self.rows else []
        variables = len({row.variable for row in self.rows}) > 1
        levels = any(row.level for row in self.rows)
        form: Form = "share" if self.statistic == "share" else "number"
        digits = 1 if form == "share" else 3
        percent = f"{100 * self.confidence:g} %"
        columns = (
            *(Column(name, self.says(name)) for name in groups),
            *([Column("variable", "Variable")] if variables else []),
            *([Column("level", LEVEL_TITLES.get(self.statistic, "Answer"))] if levels else []),
            Column("estimate", self.statistic.capitalize(), form, digits),
            Column("se", "Standard error", form, 2 if form == "share" else digits),
            Column("low", f"{percent} low", form, digits),
            Column("high", f"{percent} high", form, digits),
            Column("deff", "Design effect", "number", 2),
            Column("n", "n", "count", 0),
            Column("df", "df", "number", 0),
        )
        hidden = self.hidden(below)
        rows = tuple(
            Row((*self.head(row, variables, levels), *numbers(row, below if gone else 0)))
            for row, gone in zip(self.rows, hidden, strict=True)
        )
        notes = (f"Intervals: {self.method}.", *self.notes)
        return ResultTable(
            id=id,
            title=title or self.title(),
            columns=columns,
            rows=rows,
            n=self.respondents(),
            source=self.source,
            unit="%" if form == "share" else "",
            notes=(*notes, rule(below)) if any(hidden) else notes,
            synthetic=self.synthetic,
        )

    def says(self, name: str) -> str:
        """A variable's label."""
        return self.labels.get(name) or name

    def title(self) -> str:
        """The statistic, what it is of, and by what."""
        of = list(dict.fromkeys(row.variable for row in self.rows if row.variable))
        if self.statistic in ("correlation", "ratio"):
            of = list(dict.fromkeys([*of, *(row.level for row in self.rows)]))
        by = [name for name, _ in self.rows[0].groups] if self.rows else []
        text = WORDS.get(self.statistic, self.statistic.capitalize())
        text += f" of {', '.join(self.says(name) for name in of)}" if of else ""
        return text + (f", by {' and '.join(self.says(name) for name in by)}" if by else "")

    def respondents(self) -> int:
        """Respondents behind all rows."""
        bases = {(row.groups, row.n) for row in self.rows}
        return sum(n for _, n in bases)

    def head(self, row: Estimate, variables: bool, levels: bool) -> tuple[Cell, ...]:
        """The cells of a row that name it."""
        names: list[Cell] = [category for _, category in row.groups]
        names += [self.says(row.variable)] if variables else []
        return (*names, *([self.says(row.level)] if levels else []))

    def hidden(self, below: int) -> list[bool]:
        """Which rows are hidden by the rule of small cells."""
        if self.statistic == "share":
            return hidden_shares(self.rows, below).tolist()
        small = np.array([row.n < below for row in self.rows], dtype=bool)
        for found in alike((row.variable, row.level) for row in self.rows):
            if self.rows[found[0]].groups:  # the groups' n add up to that of the table
                n = np.array([self.rows[k].n for k in found])
                small[found] = hide_lone_cells(small[found], n, below)
        return small.tolist()


def alike(keys: Iterable[object]) -> Iterable[list[int]]:
    """Places of equal keys."""
    places: dict[object, list[int]] = {}
    for k, key in enumerate(keys):
        places.setdefault(key, []).append(k)
    return places.values()


def hidden_shares(rows: Sequence[Estimate], below: int) -> np.ndarray:
    """Which shares are hidden, bool[rows].

    The shares of a group add up to 1, so answers that have no row of their own count as one more,
    and a group of too few is hidden whole, with the next smallest if its n could be told.
    """
    small = np.array([row.cases < below for row in rows], dtype=bool)
    for found in alike((row.variable, row.groups) for row in rows):
        cases = np.array([rows[k].cases for k in found])
        rest = rows[found[0]].n - int(cases.sum())
        line = small[found]
        if rest > 0:
            line = np.append(line, rest < below or line.any())
            cases = np.append(cases, rest)
        small[found] = hide_lone_cells(line, cases, below)[: len(found)]
    for found in alike(row.variable for row in rows):
        n = {rows[k].groups: rows[k].n for k in found}
        bases = np.array(list(n.values()))
        gone = dict(zip(n, hide_lone_cells(bases < below, bases, below), strict=True))
        small[found] |= [gone[rows[k].groups] for k in found]
    return small


LEVEL_TITLES: Mapping[str, str] = MappingProxyType(
    {"quantile": "Probability", "correlation": "With", "ratio": "To"}
)


def numbers(row: Estimate, below: int) -> tuple[Cell, ...]:
    """The cells of a row after its names; hidden ones where `below` is above 0."""
    if below:
        return (Suppressed(below),) * 7
    shown: Sequence[float] = (row.value, row.se, row.low, row.high, row.deff)
    df = None if np.isinf(row.df) else row.df
    return (*(None if np.isnan(x) else x for x in shown), row.n, df)
