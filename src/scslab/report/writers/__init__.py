"""Write tables and figures to files, each by the suffix of its name."""

from __future__ import annotations

from pathlib import Path

from scslab.core.errors import ScslabError
from scslab.core.printed import ResultTable
from scslab.report.writers.delimited import csv_notes, csv_text
from scslab.report.writers.figures import write_figure
from scslab.report.writers.html import html_text
from scslab.report.writers.latex import latex_text
from scslab.report.writers.saving import save
from scslab.report.writers.word import word_bytes
from scslab.report.writers.xlsx import xlsx_bytes

__all__ = ["TABLE_SUFFIXES", "write_figure", "write_table"]

TABLE_SUFFIXES = (".html", ".tex", ".docx", ".csv", ".xlsx")


def write_table(table: ResultTable, path: str | Path, stars: bool = False) -> tuple[Path, ...]:
    """Write a table in the format that the name's suffix asks for.

    Parameters
    ----------
    table : ResultTable
        Numbers as they were computed: .html, .tex and .docx round them, .csv and .xlsx keep them.
    path : Path
        A name that ends in .html, .tex, .docx, .csv or .xlsx. The same table gives the same
        bytes.
    stars : bool
        Whether estimates get stars (* p < .05, ** p < .01, *** p < .001), told in a note; never in
        .csv and .xlsx, where they would make text of numbers.

    Returns
    -------
    tuple of Path
        The files written: `path`, and for a CSV its notes, NAME.notes.txt.

    Raises
    ------
    ScslabError
        Another suffix, a table that cannot be written, a folder that cannot be written to.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in TABLE_SUFFIXES:
        raise ScslabError(
            "no writer for a table of this kind",
            where=str(path),
            got=suffix or "no suffix",
            expected=", ".join(TABLE_SUFFIXES),
        )
    files: dict[Path, bytes] = {}
    if suffix == ".html":
        files[path] = html_text(table, stars).encode("utf-8")
    elif suffix == ".tex":
        files[path] = latex_text(table, stars).encode("utf-8")
    elif suffix == ".docx":
        files[path] = word_bytes(table, stars)
    elif suffix == ".xlsx":
        files[path] = xlsx_bytes(table)
    else:
        files[path] = csv_text(table).encode("utf-8")
        files[path.with_suffix(".notes.txt")] = csv_notes(table).encode("utf-8")
    for name, data in files.items():
        save(name, data)
    return tuple(files)
