"""CSV and TSV: codes as numbers, labels as text, nothing guessed about broken rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from scslab.core.errors import ScslabError
from scslab.survey.answers import BLANK, VALID, Answers, Kind, Variable, plain
from scslab.survey.file.cells import BLANKS, column_of
from scslab.survey.file.codebook import Codebook

_LAST_DIGITS = 2.0**53
# Numbers as they are written, to the last digit: pandas 3 always reads so.
_EXACT: dict[str, Any] = (
    {} if int(pd.__version__.split(".")[0]) > 2 else {"float_precision": "round_trip"}
)


@dataclass(frozen=True)
class Sheet:
    """A CSV as text: what is needed to read columns of it, and to read them again as text."""

    data: bytes
    delimiter: str
    names: tuple[str, ...]
    skip: int  # header rows
    where: str


def open_sheet(text: str, where: str, tabs: bool = False) -> Sheet:
    """The shape of a CSV: delimiter, names, and as many cells in every row.

    Raises
    ------
    ScslabError
        NUL bytes, no or doubled or empty column names, a row with more or fewer cells.
    """
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ScslabError(
            "the file has NUL bytes", where=f"{where}:{line}",
            why="it is damaged, or not a text file",
        )  # fmt: skip
    text = text.lstrip("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    head = text.split("\n", 1)[0]
    delimiter = "\t" if tabs else max(",;\t", key=_outside_quotes(head).count)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        names = [cell.strip() for cell in next(rows)]
    except (StopIteration, csv.Error):
        raise ScslabError("the file has no column names", where=where) from None
    data = text.encode("utf-8")
    check_rows(data, delimiter, len(names), where)
    return Sheet(data, delimiter, tuple(names), 1, where)


def _outside_quotes(line: str) -> str:
    return re.sub(r'"[^"]*"', "", line)


def check_names(names: Sequence[str], where: str) -> None:
    """Every column has a name of its own, and the names are names.

    Raises
    ------
    ScslabError
        A name stands twice or is missing, or the first row seems to hold answers.
    """
    for i, name in enumerate(names):
        if not name:
            raise ScslabError(
                f"column {i + 1} has no name", where=f"{where}:1", hint="give every column a name"
            )
        if name in names[:i]:
            raise ScslabError(
                f'two columns are called "{name}"', where=f"{where}:1",
                got=f"columns {names.index(name) + 1} and {i + 1}",
            )  # fmt: skip
    # Not shown, for they may be a person's: a file without header has answers here.
    if any(re.fullmatch(r"[-+]?\d[\d.,: -]*|\S+@\S+\.\S+", name) for name in names):
        raise ScslabError(
            "the first row seems to hold answers, not column names",
            where=f"{where}:1",
            expected="a first row with a name for every column, none of them a number",
        )


def check_rows(data: bytes, delimiter: str, width: int, where: str) -> None:
    """Every row has `width` cells; looked at without parsing, parsed only where that finds fault.

    Raises
    ------
    ScslabError
        The first row that has not, by its line.
    """
    raw = np.frombuffer(data, np.uint8)
    parts, ends = raw == ord(delimiter), raw == ord("\n")
    if b'"' in data:
        # Within quotes after an odd number of them; a doubled quote turns over twice.
        outside = ~np.bitwise_xor.accumulate(raw == ord('"'))
        parts, ends = parts & outside, ends & outside
    marks = np.flatnonzero(parts | ends)
    lines = np.flatnonzero(ends[marks])
    counts = np.diff(np.concatenate([[-1], lines]))
    starts = np.concatenate([[0], marks[lines][:-1] + 1])
    empty = marks[lines] == starts if len(lines) else np.zeros(0, bool)
    tail = len(marks) - (lines[-1] + 1 if len(lines) else 0)
    last = len(raw) and raw[-1] != ord("\n") and tail + 1 != width
    if not ((counts != width) & ~empty).any() and not last:
        return
    reader = csv.reader(io.StringIO(data.decode("utf-8")), delimiter=delimiter)
    line = 1
    try:
        for row in reader:
            if row and len(row) != width:
                raise ScslabError(
                    "a row has another number of cells than the first row",
                    where=f"{where}:{line}",
                    got=f"{len(row)} cells",
                    expected=f"{width}",
                    hint="text with a comma or a line break must stand in quotes",
                )
            line = reader.line_num + 1
    except csv.Error as error:
        raise ScslabError(
            "the row cannot be read", where=f"{where}:{line}", got=str(error)
        ) from error


def parse(sheet: Sheet, only: Sequence[str] | None = None, text: bool = False) -> pd.DataFrame:
    """Columns of a sheet; `text` reads every cell as it is written."""
    try:
        frame: pd.DataFrame = pd.read_csv(
            io.BytesIO(sheet.data),
            sep=sheet.delimiter,
            header=None,
            names=list(sheet.names),
            skiprows=sheet.skip,
            usecols=None if only is None else list(only),
            dtype=str if text else None,
            keep_default_na=False,
            na_values=[""],
            **_EXACT,
            low_memory=False,
            skip_blank_lines=len(sheet.names) > 1,
            encoding="utf-8",
        )
    except pd.errors.ParserError as error:
        raise _unparsed(sheet, str(error)) from None
    return frame


def _unparsed(sheet: Sheet, said: str) -> ScslabError:
    """What a parser that gave up says: mostly a quote that is never closed."""
    reader = csv.reader(io.StringIO(sheet.data.decode("utf-8")), delimiter=sheet.delimiter)
    start = last = 1
    for _ in reader:
        start, last = last, reader.line_num + 1
    if "EOF inside string" in said:
        return ScslabError("a quote is opened and never closed", where=f"{sheet.where}:{start}")
    return ScslabError("the rows cannot be read", where=sheet.where, got=said.splitlines()[0])


def columns_of(sheet: Sheet, book: Codebook | None = None, drop: Sequence[str] = ()) -> Answers:
    """Columns as numbers, dates or text with the variables they make, not settled yet.

    Numbers with leading zeros ("007"), too long for a float to hold (18 digits), and
    "TRUE"/"FALSE" stay text. A kind that the codebook states goes before what a column looks
    like; `drop` names columns that are not even parsed.
    """
    book = book or Codebook({}, {})
    told = {n: v for n, v in book.variables.items() if "kind" in book.stated[n]}
    kept = [n for n in sheet.names if n not in set(drop)]
    kinds = {name: variable.kind for name, variable in told.items()}
    frame = parse(sheet, kept)[kept]
    zeros = [n for n in _leading_zeros(sheet, frame) if kinds.get(n) != "number"]
    again = [
        name for name in kept
        if name in zeros or _lossy(frame[name])
        or (kinds.get(name, "number") != "number" and frame[name].dtype.kind in "iufb")
    ]  # fmt: skip
    if again:
        texts = parse(sheet, again, text=True)
        for name in again:
            frame[name] = texts[name].astype(object)
    series, variables, marks, blank = {}, {}, {}, []
    kind: Kind
    for name in kept:
        wanted = "text" if name in zeros else kinds.get(name, "")
        codes = _words_of(book.variables.get(name))
        codes |= frozenset(BLANKS) if book.blanks_are_text else frozenset()
        column = frame[name]
        if column.dtype.kind in "iuf":
            series[name], kind = column, "number"
        else:
            places, found = pd.factorize(column.to_numpy(dtype=object))
            comma = sheet.delimiter == ";"
            series[name], kind, had = column_of(places, found, wanted, codes, comma)
            blank += [name] if had else []
        if wanted and kind != wanted:
            raise ScslabError(
                f'"{name}" is {kind}, not {wanted} as the codebook says', where=sheet.where
            )
        variables[name] = Variable(name=name, kind=kind)
        if kind in ("date", "datetime", "time") and name in told and told[name].missing:
            variables[name] = replace(variables[name], missing=told[name].missing)
            marks[name] = _marks(column, told[name])
    notes = []
    if zeros:
        notes.append(f'numbers with leading zeros ("007") are kept as text: {", ".join(zeros)}')
    if blank:
        notes.append(f'cells such as "NA" are read as blank: {", ".join(blank)}')
    table = pd.DataFrame(series, index=frame.index)
    return Answers(frame=table, variables=variables, marks=marks, notes=tuple(notes))


def _marks(column: pd.Series, variable: Variable) -> np.ndarray:
    """Marks of a column of dates, in which missing codes are words."""
    place = {plain(m.code): k + 1 for k, m in enumerate(variable.missing)}
    codes, found = pd.factorize(column.to_numpy(dtype=object))
    table = np.array([*(place.get(str(w).strip(), VALID) for w in found), BLANK], dtype=np.int16)
    return table[codes]


def _words_of(variable: Variable | None) -> frozenset[str]:
    """Codes of a variable's dictionary as a file writes them."""
    if variable is None:
        return frozenset()
    codes = (*variable.labels, *(m.code for m in variable.missing))
    return frozenset(plain(c) for c in codes)


def _lossy(column: pd.Series) -> bool:
    """Whether reading a column as numbers lost some of its cells."""
    kind = column.dtype.kind
    if kind == "f":
        return bool((column.abs() >= _LAST_DIGITS).any())
    if column.dtype == object:  # pandas gives TRUE beside empty cells as objects
        first = column.dropna().iloc[:1]
        return len(first) == 1 and not isinstance(first.iloc[0], str)
    return kind == "b" or (kind == "u" and bool((column > np.iinfo(np.int64).max).any()))


def _leading_zeros(sheet: Sheet, frame: pd.DataFrame) -> list[str]:
    """Numeric columns in which some cell is written with leading zeros."""
    raw = np.frombuffer(sheet.data, np.uint8)
    if len(raw) < 3:
        return []
    start = (raw[:-2] == ord(sheet.delimiter)) | (raw[:-2] == 10) | (raw[:-2] == 34)
    digit = (raw[2:] >= 48) & (raw[2:] <= 57)
    if not (start & (raw[1:-1] == 48) & digit).any():
        return []
    numbers = [n for n in frame.columns if frame[n].dtype.kind in "iuf"]
    if not numbers:
        return []
    texts = parse(sheet, numbers, text=True)
    return [n for n in numbers if texts[n].str.match(r"0\d", na=False).any()]


def answers_of(sheet: Sheet, book: Codebook | None = None, drop: Sequence[str] = ()) -> Answers:
    """Answers of a CSV with one header row, not settled yet."""
    sheet, notes = without_row_numbers(sheet)
    check_names(sheet.names, sheet.where)
    answers = columns_of(sheet, book, drop)
    return replace(answers, notes=notes + answers.notes)


def without_row_numbers(sheet: Sheet) -> tuple[Sheet, tuple[str, ...]]:
    """A sheet whose nameless first column, as R and pandas write row names, is called row."""
    if len(sheet.names) < 2 or sheet.names[0] or "row" in sheet.names:
        return sheet, ()
    named = replace(sheet, names=("row", *sheet.names[1:]))
    return named, ('the first column has no name and is called "row"',)
