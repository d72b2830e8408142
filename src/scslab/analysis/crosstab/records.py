"""A table of two variables under a design: the record, and how it is printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from scslab.analysis.estimate.hidden import BELOW, hidden_cells, rule
from scslab.analysis.fitted import Test
from scslab.core.errors import ScslabError
from scslab.core.printed import Cell, Column, ResultTable, Row, Suppressed

Percent = Literal["row", "column", "total"]
PERCENTS: tuple[Percent, ...] = get_args(Percent)


@dataclass(frozen=True)
class Shares:
    """Shares of cells (f8[r, c] each) with their precision; NaN where the base is empty."""

    value: np.ndarray
    se: np.ndarray
    low: np.ndarray
    high: np.ndarray
    deff: np.ndarray


@dataclass(frozen=True)
class Crosstab:
    """A table of two variables under a design.

    Attributes
    ----------
    rows, columns : str
        The variables, by label.
    row_levels, column_levels : tuple of str
    count : int64[r, c]
        Unweighted respondents.
    weighted, weighted_se : f8[r, c]
        Weighted counts and their standard errors.
    shares : mapping of "row", "column", "total" to Shares
        Shares of the row, of the column, and of all.
    test : Test or None
        Of independence; None where there is but one row or column.
    n : int
    df, confidence : float
    method : str
        Of the intervals.
    notes : tuple of str
    """

    rows: str
    columns: str
    row_levels: tuple[str, ...]
    column_levels: tuple[str, ...]
    count: np.ndarray
    weighted: np.ndarray
    weighted_se: np.ndarray
    shares: Mapping[str, Shares]
    test: Test | None
    n: int
    df: float
    confidence: float
    method: str
    notes: tuple[str, ...] = ()
    synthetic: bool = False
    source: str = ""

    def frame(self) -> pd.DataFrame:
        """A row for each cell with all its numbers; nothing is suppressed."""
        r, c = self.count.shape
        columns: dict[str, object] = {
            "row": np.repeat(np.array(self.row_levels, dtype=object), c),
            "column": np.tile(np.array(self.column_levels, dtype=object), r),
            "n": self.count.ravel(),
            "weighted": self.weighted.ravel(),
            "weighted_se": self.weighted_se.ravel(),
        }
        for percent in PERCENTS:
            for name in ("value", "se", "low", "high", "deff"):
                columns[f"{percent}_{name}"] = getattr(self.shares[percent], name).ravel()
        return pd.DataFrame(columns)

    def table(
        self,
        id: str = "crosstab",
        *,
        percent: Percent = "row",
        se: bool = True,
        below: int = BELOW,
        title: str = "",
    ) -> ResultTable:
        """The table for reading: shares, standard errors beneath, unweighted n at the margins.

        Parameters
        ----------
        percent : {"row", "column", "total"}
        se : bool
            Whether standard errors stand beneath the shares.
        below : int
            Cells of fewer respondents are hidden, by the rule of `suppress`; 0 hides none.

        Raises
        ------
        ScslabError
            An unknown kind of percentages.
        """
        if percent not in PERCENTS:
            raise ScslabError(
                "unknown percentages", got=percent, expected='"row", "column" or "total"'
            )
        hidden = suppress(self, below)
        found = self.shares[percent]
        columns = (
            Column("row", self.rows),
            *(Column(f"c{j}", name, "share", 1) for j, name in enumerate(self.column_levels, 1)),
            Column("n", "n", "count", 0),
        )
        rows: list[Row] = []
        for i, name in enumerate(self.row_levels):
            n: Cell = Suppressed(below) if hidden[i, -1] else int(self.count[i].sum())
            rows.append(Row((name, *shown(found.value[i], hidden[i], below), n)))
            if se:
                beneath = shown(found.se[i], hidden[i], below)
                rows.append(Row(("", *beneath, None), kind="beneath"))
        totals = self.count.sum(axis=0)
        foot = [
            Suppressed(below) if h else int(x) for x, h in zip(totals, hidden[-1], strict=False)
        ]
        whole = Suppressed(below) if hidden[-1, -1] else self.n
        rows.append(Row(("n", *foot, whole), kind="foot", form="count"))
        of = {"row": "row", "column": "column", "total": "all"}[percent]
        notes = [f"Shares of {of}, weighted; n unweighted.", *self.notes]
        if se:
            notes.insert(1, "Standard errors beneath.")
        if self.test is not None:
            notes.append(says(self.test))
        if hidden.any():
            notes.append(rule(below))
        return ResultTable(
            id=id,
            title=title or f"{self.rows} by {self.columns}",
            columns=columns,
            rows=tuple(rows),
            n=self.n,
            source=self.source,
            unit="%",
            notes=tuple(notes),
            synthetic=self.synthetic,
        )


def suppress(table: Crosstab, below: int = BELOW) -> np.ndarray:
    """Which cells and totals of a table rest on too few respondents to be shown.

    Parameters
    ----------
    table : Crosstab
    below : int
        Cells of fewer unweighted respondents are hidden, and then the next smallest of their rows
        and columns until none follows from those shown: see `estimate.hidden.hidden_cells`.

    Returns
    -------
    bool[r + 1, c + 1]
        The last row and column are the totals.

    Examples
    --------
    >>> from scslab.analysis.crosstab import crosstab
    >>> from scslab.analysis.estimate.examples import three_classes
    >>> suppress(crosstab(three_classes(), "score", "sex"), below=3).astype(int).tolist()
    [[1, 1, 1], [1, 1, 1], [1, 1, 1], [0, 0, 0]]
    """
    return hidden_cells(table.count, below)


def shown(values: np.ndarray, hidden: np.ndarray, below: int) -> list[Cell]:
    """Cells of one row."""
    return [
        Suppressed(below) if gone else None if np.isnan(x) else float(x)
        for x, gone in zip(values, hidden, strict=False)
    ]


def says(test: Test) -> str:
    """A test in words.

    Examples
    --------
    >>> says(Test("Rao-Scott F", 5.1934, 1.4946, 20.925, 0.02175))
    'Rao-Scott F = 5.193 on 1.49 and 20.9 degrees of freedom, p = 0.022.'
    """
    p = "p < 0.001" if test.p < 0.001 else f"p = {test.p:.3f}"
    ddf = "" if np.isinf(test.ddf) else f" and {test.ddf:,.1f}"
    return f"{test.name} = {test.statistic:.3f} on {test.df:.2f}{ddf} degrees of freedom, {p}."
