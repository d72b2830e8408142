"""Exhibits of shares and means: single rows, and rows by columns."""

from __future__ import annotations

from collections.abc import Sequence

from scslab.core.printed import Cell, Column, Part, Row, Suppressed
from scslab.core.yamlfile import Place
from scslab.evaluation.exhibits.beside import (
    Beside,
    Values,
    cells,
    columns,
    interval,
    measured_at,
    printed_digits,
    with_headings,
)
from scslab.evaluation.exhibits.making import Making, chart, table
from scslab.evaluation.exhibits.paper import Exhibit, PaperColumn, PaperRow, told
from scslab.evaluation.ledger.model import Domain, MeasureSpec


def shares(making: Making, place: int) -> list[Part]:
    """Rows of single figures."""
    exhibit = making.file.paper.exhibits[place]
    rows = [
        one_row(making, exhibit, row, ("exhibits", place, "rows", k))
        for k, row in enumerate(exhibit.rows)
    ]
    parts: list[Part] = []
    if exhibit.table:
        made = [(one.heading, Row((one.label, *cells(one, making.below)))) for one in rows]
        parts.append(
            table(making, exhibit, (Column("row", ""), *columns(rows)), with_headings(made), rows)
        )
    return [*parts, *chart(making, exhibit, rows)]


def one_row(making: Making, exhibit: Exhibit, row: PaperRow, at: Place) -> Beside:
    """A row, measured, beside print."""
    where = {**exhibit.where, **row.where}
    found = measured_at(making.measured, row, where, making.file.document, at)
    said, n = making.look_up(row.finding)
    said = row.value or said
    between = None if row.range is None else (row.range[0], row.range[1])
    values = values_of(row)
    sign = row.coefficient is not None
    return Beside(row.label, found, values, said, n, row.heading, between, sign)


def values_of(measure: MeasureSpec) -> Values:
    """Whether a measure is a share or another number."""
    return "share" if told(measure)[0] in ("share", "rate") else "number"


def crosstab(making: Making, place: int) -> list[Part]:
    """Rows by columns: the figure, its interval beneath it, and the printed value beside it."""
    exhibit = making.file.paper.exhibits[place]
    grid = [
        [one_cell(making, place, k, column) for column in exhibit.columns]
        for k in range(len(exhibit.rows))
    ]
    parts: list[Part] = []
    every = [one for line in grid for one in line]
    if exhibit.table:
        heads, known = cross_columns(exhibit, grid)
        made = [
            (line[0].heading, row)
            for line in grid
            for row in cross_rows(line, known, same_n(grid), making.below)
        ]
        parts.append(table(making, exhibit, heads, with_headings(made), every))
    drawn = [one for line in grid for one in line_drawn(exhibit, line)]
    return [*parts, *chart(making, exhibit, drawn)]


def one_cell(making: Making, place: int, k: int, column: PaperColumn) -> Beside:
    """A cell of a crosstab, in the domain of its row and of its column."""
    exhibit = making.file.paper.exhibits[place]
    row = exhibit.rows[k]
    measure: MeasureSpec = row if told(row) else column
    where: Domain = {**exhibit.where, **column.where, **row.where}
    at = ("exhibits", place, "rows", k)
    found = measured_at(making.measured, measure, where, making.file.document, at)
    said, n = making.look_up(row.findings.get(column.id))
    return Beside(row.label, found, values_of(measure), said, n, row.heading)


def cross_columns(
    exhibit: Exhibit, grid: Sequence[Sequence[Beside]]
) -> tuple[tuple[Column, ...], list[bool]]:
    """The columns of a crosstab; one without any printed value has no column for it.

    n has one column where the columns' domains are the rows' own, else one for each.
    """
    found, known = [Column("row", "")], []
    for k, column in enumerate(exhibit.columns):
        below = [line[k] for line in grid]
        values = below[0].values
        found.append(Column(column.id, column.label, values, 1 if values == "share" else 3))
        known.append(any(one.said for one in below))
        if known[-1]:
            digits = printed_digits(below)
            found.append(Column(f"{column.id}-printed", "Printed", values, digits))
        if not same_n(grid) or k == len(exhibit.columns) - 1:
            found.append(Column(f"{column.id}-n", "n", "count"))
    return tuple(found), known


def same_n(grid: Sequence[Sequence[Beside]]) -> bool:
    """Whether each row rests on the same respondents in every column."""
    return all(one.n == line[0].n for line in grid for one in line)


def cross_rows(line: Sequence[Beside], known: Sequence[bool], one_n: bool, below: int) -> list[Row]:
    """A row of a crosstab; beneath it the intervals, and what becomes of the printed value."""
    first: list[Cell] = [line[0].label]
    second: list[Cell] = [""]
    for k, (one, has) in enumerate(zip(line, known, strict=True)):
        value, low, _, n, said, agreed = cells(one, below)
        first.append(value)
        second.append("" if isinstance(low, Suppressed) else interval(one))
        if has:
            first.append(said)
            second.append(agreed)
        if not one_n or k == len(line) - 1:
            first.append(n)
            second.append("")
    return [Row(tuple(first)), Row(tuple(second), "beneath")]


def line_drawn(exhibit: Exhibit, line: Sequence[Beside]) -> list[Beside]:
    """A row of a crosstab as rows of a figure.

    With one column drawn rows keep their headings; with several each row is a heading, and the
    columns stand beneath it.
    """
    kept = [k for k, column in enumerate(exhibit.columns) if column.drawn]
    if len(kept) == 1:
        return [line[kept[0]]]
    labels = [row.label for row in exhibit.rows]
    found = []
    for k in kept:
        one = line[k]
        above = f"{one.heading}: {one.label}" if labels.count(one.label) > 1 else one.label
        found.append(
            Beside(exhibit.columns[k].label, one.found, one.values, one.said, one.n_printed, above)
        )
    return found
