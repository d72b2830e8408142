"""A result table as comma-separated values: full precision, for R, pandas and the like."""

from __future__ import annotations

import csv
import io
import math
import re
from numbers import Real

from scslab.core.printed import Cell, Column, ResultTable, Suppressed
from scslab.report.texts import clean
from scslab.report.writers.grid import check, notes, number, padded

# What a spreadsheet would take for the start of a formula, in half and full width.
_FORMULA = re.compile("^[\\s']*[=+\\-@\uff1d\uff0b\uff0d\uff20]")


def csv_text(table: ResultTable) -> str:
    """The rows of a table as CSV in plain UTF-8, without a byte-order mark.

    R's read.csv would make the mark part of the first name; for Excel there is the .xlsx. The
    header holds machine names. Missing numbers are empty, suppressed cells "n<5", infinity "Inf";
    text that a spreadsheet would run as a formula gets an apostrophe in front. A table with more
    than plain rows gets the columns `row_group` (its heading) and `row_kind` (body, beneath: the
    standard errors, foot), and each row beneath repeats the text of the cell above. Synthetic
    results say so in a last column.

    Parameters
    ----------
    table : ResultTable
        Numbers are written in full, never rounded.

    Returns
    -------
    str
        The text of a .csv file.

    Raises
    ------
    ScslabError
        A table that cannot be written (see `grid.check`).
    """
    check(table)
    kinds = {row.kind for row in table.rows}
    more = ["row_group"] if "heading" in kinds else []
    more += ["row_kind"] if kinds & {"beneath", "foot"} else []
    more += ["synthetic"] if table.synthetic else []
    names = [guarded(column.name) for column in table.columns]
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(names + [_free(name, names) for name in more])
    heading, term = "", ""
    for row in table.rows:
        if row.kind == "heading":
            heading = _text(row.cells[0]) if row.cells else ""
            continue
        if row.kind == "foot":
            heading = ""
        cells = [_text(cell) for cell in padded(row, len(names))]
        term = cells[0] if row.kind != "beneath" else term
        if row.kind == "beneath":
            cells[0] = cells[0] or term
        says = {"row_group": heading, "row_kind": row.kind, "synthetic": "TRUE"}
        writer.writerow(cells + [says[name] for name in more])
    return file.getvalue()


def csv_notes(table: ResultTable) -> str:
    """What a reader of the CSV must know: title, notes, what each column is, the code."""
    lines = [clean(table.title), "", *notes(table), "", "Columns"]
    lines += [f"{guarded(one.name)}: {_column_words(one)}" for one in table.columns]
    if any(row.kind == "beneath" for row in table.rows):
        lines.append('Rows of the kind "beneath" belong to the row before them.')
    return "\n".join(lines) + "\n"


def guarded(text: str) -> str:
    """Text that no spreadsheet runs as a formula.

    Examples
    --------
    >>> guarded("=1+1"), guarded("a = b")
    ("'=1+1", 'a = b')
    """
    found = clean(text)
    return f"'{found}" if _FORMULA.match(found) else found


def _text(cell: Cell) -> str:
    if isinstance(cell, Suppressed):
        return f"n<{cell.below}"
    if isinstance(cell, str):
        return guarded(cell)
    found = number(cell)
    if found is not None:
        return repr(found)
    if isinstance(cell, Real) and math.isinf(float(cell)):
        return "Inf" if cell > 0 else "-Inf"
    return ""


def _free(name: str, names: list[str]) -> str:
    while name in names:
        name += "_"
    return name


def _column_words(column: Column) -> str:
    told = {"share": "share from 0 to 1", "count": "count", "p": "p value", "number": "number"}
    title = clean(column.title) or "no title"
    return f"{title} ({told[column.form]})" if column.form in told else title
