"""A result table made ready to print: rounded cells in lines, and all that stands beneath."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral, Real

from scslab.core.errors import ScslabError
from scslab.core.printed import (
    Cell,
    Column,
    Figure,
    LikertFigure,
    PrintedFigure,
    ResultTable,
    Row,
    RowKind,
    Suppressed,
)
from scslab.report.texts import clean, clean_block
from scslab.report.words import count
from scslab.report.writers import rounding

SYNTHETIC = "Synthetic: every respondent counted here is simulated."


@dataclass(frozen=True)
class Shown:
    """A cell as a reader sees it; `right` where its column holds numbers."""

    text: str
    right: bool = False
    stars: str = ""


@dataclass(frozen=True)
class Line:
    """A printed row; `span` counts the rows that its first cell stands for, 0 if none."""

    kind: RowKind
    cells: tuple[Shown, ...]
    span: int = 1


@dataclass(frozen=True)
class Printed:
    """A table ready to print.

    `bracketed` says that some numbers stand in brackets, `starred` that some have stars: a writer
    keeps room for them, so that the digits of a column stay beneath each other.
    """

    title: str
    head: tuple[Shown, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    synthetic: bool
    code: tuple[tuple[str, str], ...]
    bracketed: bool
    starred: bool

    @property
    def groups(self) -> tuple[tuple[Line, ...], ...]:
        """Lines that belong together: a heading and what follows it, the rows of the foot."""
        found: list[list[Line]] = []
        for line in self.lines:
            starts = line.kind == "heading" or (line.kind == "foot") != _in_foot(found)
            if starts or not found:
                found.append([])
            found[-1].append(line)
        return tuple(map(tuple, found))


def _in_foot(groups: Sequence[Sequence[Line]]) -> bool:
    return bool(groups) and groups[-1][-1].kind == "foot"


def prepared(table: ResultTable, stars: bool = False) -> Printed:
    """Round every cell of a table and gather its notes.

    Parameters
    ----------
    table : ResultTable
        Numbers as they were computed.
    stars : bool
        Whether estimates get stars: from the p values of a row, else at a column of p values.

    Returns
    -------
    Printed
        Text only, cleaned of control characters, not yet escaped for any format.

    Raises
    ------
    ScslabError
        A table without columns, two columns of one name, or a row longer than the table is wide.
    """
    check(table)
    lines = [_line(row, table.columns, stars) for row in table.rows]
    for place, line in enumerate(lines):
        if line.kind == "body":
            beneath = _beneath(lines, place)
            if beneath:
                lines[place] = Line(line.kind, line.cells, 1 + beneath)
                for below in range(place + 1, place + 1 + beneath):
                    lines[below] = Line("beneath", lines[below].cells, 0)
    starred = any(cell.stars for line in lines for cell in line.cells)
    return Printed(
        title=clean(table.title),
        head=tuple(Shown(clean(one.title), one.form != "text") for one in table.columns),
        lines=tuple(lines),
        notes=notes(table, starred),
        synthetic=table.synthetic,
        code=tuple((clean(name), clean_block(text)) for name, text in table.code.items()),
        bracketed=any(row.kind == "beneath" for row in table.rows),
        starred=starred,
    )


def check(table: ResultTable) -> None:
    """A table can be written: it has columns with names of their own, and no row is too long.

    Raises
    ------
    ScslabError
        Otherwise.
    """
    where = f"table {clean(table.id)}"
    names = [column.name for column in table.columns]
    if not names:
        raise ScslabError("the table has no columns", where=where)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ScslabError("two columns have one name", where=where, got=", ".join(twice))
    for place, row in enumerate(table.rows, 1):
        most = 1 if row.kind == "heading" else len(names)
        if len(row.cells) > most:
            raise ScslabError(
                "a row has more cells than the table has columns",
                where=f"{where}, row {place}",
                got=len(row.cells),
                expected=f"at most {most}",
            )


def padded(row: Row, width: int) -> tuple[Cell, ...]:
    """The cells of a row, filled up with empty text."""
    return (*row.cells, *("" for _ in range(width - len(row.cells))))


def _line(row: Row, columns: Sequence[Column], stars: bool) -> Line:
    if row.kind == "heading":
        return Line("heading", (Shown(rounding.printed(row.cells[0] if row.cells else "")),))
    cells = padded(row, len(columns))
    marks = _stars(row, columns) if stars else ("",) * len(cells)
    return Line(
        row.kind,
        tuple(
            Shown(_printed(cell, row, column), column.form != "text", mark)
            for cell, column, mark in zip(cells, columns, marks, strict=True)
        ),
    )


def _printed(cell: Cell, row: Row, column: Column) -> str:
    form = column.form if row.form is None or column.form == "text" else row.form
    text = rounding.printed(cell, form, column.digits if form == column.form else None)
    if row.kind != "beneath":
        return text
    if cell is None:  # the dash stands above already
        return ""
    return f"({text})" if isinstance(cell, Real) and column.form != "text" else text


def _stars(row: Row, columns: Sequence[Column]) -> tuple[str, ...]:
    """Stars of each cell; where a row holds no p values they stand at the p column, as in R."""
    if row.kind != "body":
        return ("",) * len(columns)
    if row.p:
        ps = (*row.p, *(None for _ in columns))
        return tuple(
            rounding.stars(p) if number(cell) is not None else ""
            for cell, p in zip(padded(row, len(columns)), ps, strict=False)
        )
    return tuple(
        rounding.stars(float(cell)) if column.form == "p" and isinstance(cell, Real) else ""
        for cell, column in zip(padded(row, len(columns)), columns, strict=True)
    )


def _beneath(lines: Sequence[Line], place: int) -> int:
    """How many lines beneath this one leave their first cell to it."""
    number = 0
    for line in lines[place + 1 :]:
        if line.kind != "beneath" or line.cells[0].text:
            break
        number += 1
    return number


def notes(table: ResultTable, stars: bool = False) -> tuple[str, ...]:
    """What stands beneath a table: unit, n, its notes, what signs mean, source."""
    limits = sorted(
        {cell.below for row in table.rows for cell in row.cells if isinstance(cell, Suppressed)}
    )
    return (
        *_opening(table.synthetic, table.unit),
        f"n = {count(table.n)}.",
        *map(sentence, table.notes),
        *(
            f"n < {below}: not shown; it rests on fewer than {below} respondents, or would tell "
            "of such."
            for below in limits
        ),
        *([rounding.STARS_NOTE] if stars else []),
        _source(table.source, table.synthetic),
    )


def figure_notes(figure: Figure) -> tuple[str, ...]:
    """What stands beneath a figure: unit, n, its notes, source."""
    if isinstance(figure, LikertFigure):
        n = _range({item.n for item in figure.items}, "by item")
    elif isinstance(figure, PrintedFigure):
        n = _range({row.n for row in figure.rows}, "by row")
    else:
        n = count(figure.n)
    return (
        *_opening(figure.synthetic, figure.unit),
        f"n = {n}.",
        *map(sentence, figure.notes),
        _source(figure.source, figure.synthetic),
    )


def _range(numbers: set[int], by: str) -> str:
    found = sorted(numbers) or [0]
    return count(found[0]) + (f" to {count(found[-1])}, {by}" if len(found) > 1 else "")


def sentence(text: str) -> str:
    """Cleaned text that ends with a full stop or another end.

    Examples
    --------
    >>> sentence("Weighted"), sentence("Why?")
    ('Weighted.', 'Why?')
    """
    found = clean(text)
    return found if not found or found.endswith((".", "!", "?", "\u3002")) else f"{found}."


def _opening(synthetic: bool, unit: str) -> list[str]:
    found = [SYNTHETIC] if synthetic else []
    return [*found, sentence(f"Unit: {unit}")] if clean(unit) else found


def _source(source: str, synthetic: bool) -> str:
    return sentence(f"Source: {source.rstrip('. ')}{', synthetic' if synthetic else ''}")


def number(cell: Cell) -> float | int | None:
    """The number of a cell as a data file holds it; None for text, NaN and infinity.

    Examples
    --------
    >>> number(3), number(0.5), number("a"), number(float("nan"))
    (3, 0.5, None, None)
    """
    if not isinstance(cell, Real) or not math.isfinite(float(cell)):
        return None
    return int(cell) if isinstance(cell, Integral) else float(cell)
