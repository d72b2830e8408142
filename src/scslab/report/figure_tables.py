"""The numbers of a figure as a table: "show as table"."""

from __future__ import annotations

from scslab.core.printed import (
    CoefficientFigure,
    CoefficientRow,
    Column,
    ErrorsFigure,
    Figure,
    FrameworkFigure,
    LikertFigure,
    PrintedFigure,
    ResultTable,
    Row,
)
from scslab.report import printed_tables


def as_table(figure: Figure) -> ResultTable:
    """All numbers that a figure draws.

    Examples
    --------
    >>> from scslab.core.printed import LikertItem
    >>> item = LikertItem("trust", (0.25, 0.75), 80)
    >>> drawn = LikertFigure("f", "Trust", "share", "made up", ("low", "high"), (item,))
    >>> as_table(drawn).rows[0].cells
    ('trust', 0.25, 0.75, 80)
    """
    match figure:
        case LikertFigure():
            return _likert(figure)
        case PrintedFigure():
            return printed_tables.of_printed(figure)
        case ErrorsFigure():
            return printed_tables.of_errors(figure)
        case FrameworkFigure():
            return printed_tables.of_framework(figure)
    return _coefficients(figure)


def _coefficients(figure: CoefficientFigure) -> ResultTable:
    several = len({row.series for row in figure.rows}) > 1
    columns = (
        Column("term", "Term"),
        *((Column("series", "Series"),) if several else ()),
        Column("estimate", "Estimate", "number"),
        Column("low", "95% interval from", "number"),
        Column("high", "to", "number"),
    )
    return ResultTable(
        id=figure.id,
        title=figure.title,
        columns=columns,
        rows=tuple(Row(_cells(row, several)) for row in figure.rows),
        n=figure.n,
        source=figure.source,
        unit=figure.unit,
        notes=figure.notes,
        synthetic=figure.synthetic,
    )


def _cells(row: CoefficientRow, several: bool) -> tuple[str | float, ...]:
    series = (row.series,) if several else ()
    return (row.term, *series, row.estimate, row.low, row.high)


def _likert(figure: LikertFigure) -> ResultTable:
    levels = len(figure.levels)
    return ResultTable(
        id=figure.id,
        title=figure.title,
        columns=(
            Column("item", "Item"),
            *(
                Column(f"level_{place}", level, "share")
                for place, level in enumerate(figure.levels, 1)
            ),
            Column("n", "n", "count"),
        ),
        rows=tuple(
            Row(
                (
                    item.name,
                    *(item.shares if len(item.shares) == levels else (None,) * levels),
                    item.n,
                )
            )
            for item in figure.items
        ),
        n=max((item.n for item in figure.items), default=0),
        source=figure.source,
        unit=figure.unit,
        notes=figure.notes,
        synthetic=figure.synthetic,
    )
