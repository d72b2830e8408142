"""A result table as an Excel workbook: real numbers with formats, notes on a second sheet."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable
from numbers import Real
from typing import TYPE_CHECKING, Any

from scslab.core.printed import Cell, Column, ResultTable, Row, Suppressed
from scslab.report.texts import clean, clean_block, columns, wrapped
from scslab.report.writers.grid import check, notes, number, padded
from scslab.report.writers.office import AUTHOR, DATE, without_clock
from scslab.report.writers.rounding import printed

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

FONT = "Calibri"
LONGEST = 32_000  # characters that Excel keeps in a cell


def xlsx_bytes(table: ResultTable) -> bytes:
    """A workbook with the table on one sheet and its notes and code on another.

    Numbers keep their full precision and are shown rounded. Text is stored as text, marked as
    Excel marks what was typed after an apostrophe, so that it never runs as a formula, not even
    after it was edited. The same table gives the same bytes.

    Parameters
    ----------
    table : ResultTable
        The table.

    Returns
    -------
    bytes
        The .xlsx file.

    Raises
    ------
    ScslabError
        A table that cannot be written (see `grid.check`).
    """
    from openpyxl import Workbook

    check(table)
    book = Workbook()
    book.properties.creator = AUTHOR
    book.properties.title = clean(table.title)[:250]
    book.properties.created = book.properties.modified = DATE
    sheet = book.active
    assert sheet is not None
    sheet.title = "Table (synthetic)" if table.synthetic else "Table"
    _fill(sheet, table)
    _notes(book.create_sheet("Notes"), table)
    file = io.BytesIO()
    book.save(file)
    return without_clock(file.getvalue())


def number_format(column: Column, row: Row, value: float) -> str:
    """Excel's format of a number: the rounding that a printed page would show.

    Examples
    --------
    >>> number_format(Column("p", "p", "p"), Row((0.2,)), 0.2)
    '[<0.001]"<0.001";0.000'
    """
    form = column.form if row.form is None or column.form == "text" else row.form
    places = "." + "0" * column.decimals if column.decimals > 0 else ""
    least = f"{10.0**-column.decimals:.{max(column.decimals, 0)}f}"
    if form == "share":
        decimals = column.decimals
        found = f"0{'.' + '0' * decimals if decimals > 0 else ''}%"
    elif form == "p" and 0 <= value <= 1:
        found = f'[<{least}]"<{least}";0{places}'
    elif form in ("count", "text") or isinstance(value, int):
        found = "#,##0" if form != "text" else "General"
    else:
        text = printed(value, "number", column.decimals)
        shown = len(text.partition(".")[2])
        found = "0.0E+00" if "e" in text else f"#,##0{'.' + '0' * shown if shown else ''}"
    if row.kind == "beneath" and form in ("number", "share"):
        return f"({found});(-{found})"
    return found


def _fill(sheet: Worksheet, table: ResultTable) -> None:
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    thin = Side(style="thin")
    for place, column in enumerate(table.columns, 1):
        head = sheet.cell(1, place)
        _put_text(head, column.title)
        head.font = Font(name=FONT, bold=True)
        head.border = Border(top=thin, bottom=thin)
        side = "left" if column.form == "text" else "right"
        head.alignment = Alignment(horizontal=side, vertical="bottom", wrap_text=True)
    before = "body"
    for at, row in enumerate(table.rows, 2):
        width = 1 if row.kind == "heading" else len(table.columns)
        cells = padded(row, width)
        for place, (cell, column) in enumerate(zip(cells, table.columns, strict=False), 1):
            target = sheet.cell(at, place)
            _put(target, cell, column, row)
            if row.kind == "foot" and before != "foot":
                target.border = Border(top=thin)
        before = row.kind
    lines = 1
    for place, column in enumerate(table.columns):
        wide = _width(table, place)
        lines = max(lines, wrapped(column.title, wide - 3).count("\n") + 1)
        sheet.column_dimensions[get_column_letter(place + 1)].width = wide
    sheet.row_dimensions[1].height = 15 * lines + 1
    sheet.freeze_panes = "B2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape" if len(table.columns) > 6 else "portrait"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _put(target: Any, cell: Cell, column: Column, row: Row) -> None:
    from openpyxl.styles import Alignment, Font

    found = number(cell)
    if row.kind == "heading":
        target.font = Font(name=FONT, bold=True)
    elif row.kind == "beneath":
        target.font = Font(name=FONT, size=9, color="595959")
    if found is not None:
        target.value = found
        target.number_format = number_format(column, row, found)
        return
    if isinstance(cell, Suppressed | str) or _infinite(cell):
        _put_text(target, printed(cell))
    side = "left" if column.form == "text" else "right"
    target.alignment = Alignment(
        horizontal=side, vertical="top", wrap_text=side == "left" and row.kind != "heading"
    )


def _infinite(cell: Cell) -> bool:
    return isinstance(cell, Real) and math.isinf(float(cell))


def _put_text(target: Any, text: str, block: bool = False) -> None:
    """Text that stays text: openpyxl alone would make a formula of what starts with "="."""
    found = (clean_block(text).expandtabs(4) if block else clean(text))[:LONGEST]
    if not found:
        return
    target.value = found
    target.data_type = "s"
    if found[0] in "=+-@'\uff1d\uff0b\uff0d\uff20":
        target.quotePrefix = True


def _width(table: ResultTable, place: int) -> float:
    """Column width in characters: its widest cell, within reason."""
    title = clean(table.columns[place].title)
    texts = [columns(title) / 2, *map(columns, title.split())]
    for row in table.rows:
        if row.kind != "heading" and place < len(row.cells):
            cell = row.cells[place]
            texts.append(columns(printed(cell, table.columns[place].form)) if cell else 0)
    return min(max([*texts, 8.0]), 48.0) + 2


def _notes(sheet: Worksheet, table: ResultTable) -> None:
    from openpyxl.styles import Alignment, Font

    for at, (text, bold, block) in enumerate(_note_lines(table), 1):
        target = sheet.cell(at, 1)
        _put_text(target, text, block)
        target.alignment = Alignment(wrap_text=True, vertical="top")
        if bold:
            target.font = Font(name=FONT, bold=True)
        elif block:
            target.font = Font(name="Consolas", size=9)
    sheet.column_dimensions["A"].width = 100


def _note_lines(table: ResultTable) -> Iterable[tuple[str, bool, bool]]:
    """Lines of the notes: text, whether it is a heading, whether it is code."""
    yield table.title, True, False
    for note in notes(table):
        yield note, False, False
    for name, text in table.code.items():
        yield name, True, False
        for line in clean_block(text).split("\n"):
            yield line, False, True
