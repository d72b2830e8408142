"""The numbers of figures that stand beside print, as tables: "show as table"."""

from __future__ import annotations

import math

from scslab.core.printed import (
    Cell,
    Column,
    ErrorsFigure,
    FrameworkFigure,
    PrintedFigure,
    PrintedRow,
    ResultTable,
    Row,
)


def of_printed(figure: PrintedFigure) -> ResultTable:
    """Estimates with their intervals, n and printed values; headings are rows of their own.

    A printed number keeps its column, text such as "+" stands in it as it is.

    Examples
    --------
    >>> row = PrintedRow("urban", 0.81, 0.79, 0.83, 1850, printed=0.82)
    >>> of_printed(PrintedFigure("f", "Approval", "share", "made up", (row,))).rows[0].cells
    ('urban', 0.81, 0.79, 0.83, 1850, 0.82)
    """
    form = figure.values
    ranges = any(row.between for row in figure.rows)
    columns = [
        Column("row", ""),
        Column("simulated", "Simulated", form),
        Column("low", "95% interval from", form),
        Column("high", "to", form),
        Column("n", "n", "count"),
        Column("printed", "Printed", form),
    ]
    if ranges:
        columns += [
            Column("printed_low", "printed range from", form),
            Column("printed_high", "to", form),
        ]
    rows, heading = [], ""
    for row in figure.rows:
        if row.heading and row.heading != heading:
            rows.append(Row((row.heading,), "heading"))
        heading = row.heading
        rows.append(Row(_cells(row, ranges)))
    return ResultTable(
        id=figure.id,
        title=figure.title,
        columns=tuple(columns),
        rows=tuple(rows),
        n=max((row.n for row in figure.rows), default=0),
        source=figure.source,
        unit=figure.unit,
        notes=figure.notes,
        synthetic=figure.synthetic,
    )


def _cells(row: PrintedRow, ranges: bool) -> tuple[Cell, ...]:
    shown = [row.estimate, row.low, row.high]
    said: Cell = row.says or None if row.printed is None else row.printed
    numbers = [None if math.isnan(value) else value for value in shown]
    between = (row.between or (None, None)) if ranges else ()
    return (row.label, *numbers, row.n, said, *between)


def of_errors(figure: ErrorsFigure) -> ResultTable:
    """The truth, every change with the share after it, and what was measured."""
    rows: list[Row] = [Row(("Truth in the population", None, figure.truth, None, None, ""))]
    after = figure.truth
    for step in figure.steps:
        after += step.change
        rows.append(Row((step.name, 100 * step.change, after, None, None, step.meaning)))
    between = (figure.low, figure.high)
    rows.append(Row(("As measured", None, figure.measured, *between, ""), "foot"))
    if figure.by_list is not None:
        value, low, high = figure.by_list
        rows.append(Row(("By the list experiment", None, value, low, high, ""), "foot"))
    return ResultTable(
        id=figure.id,
        title=figure.title,
        columns=(
            Column("step", ""),
            Column("change", "Change, percentage points", "number", 2),
            Column("share", "Share then", "share"),
            Column("low", "95% interval from", "share"),
            Column("high", "to", "share"),
            Column("meaning", "What it is"),
        ),
        rows=tuple(rows),
        n=figure.n,
        source=figure.source,
        unit=figure.unit,
        notes=figure.notes,
        synthetic=figure.synthetic,
    )


def of_framework(figure: FrameworkFigure) -> ResultTable:
    """Every hypothesis with its signs, under its factor."""
    rows = []
    for factor in figure.factors:
        rows.append(Row((factor.name,), "heading"))
        rows += [
            Row((line.id, line.says, line.expected, line.printed or None, line.simulated or None))
            for line in factor.lines
        ]
    return ResultTable(
        id=figure.id,
        title=figure.title,
        columns=(
            Column("id", ""),
            Column("hypothesis", "Hypothesis"),
            Column("expected", "Expected"),
            Column("printed", "Printed"),
            Column("simulated", "Simulated"),
        ),
        rows=tuple(rows),
        n=figure.n,
        source=figure.source,
        unit=figure.unit,
        notes=figure.notes,
        synthetic=figure.synthetic,
    )
