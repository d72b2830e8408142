"""Write answers to a file of any known format, whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from scslab.core.errors import ScslabError
from scslab.survey.answers import VALID, Answers, Variable, plain
from scslab.survey.file.codebook import codebook_csv, codebook_json
from scslab.survey.file.limits import Losses
from scslab.survey.file.parquet import write_parquet
from scslab.survey.file.write_labelled import Written, write_spss, write_stata

SUFFIXES = (".sav", ".zsav", ".dta", ".csv", ".parquet")


def write_answers(answers: Answers, path: str | Path) -> tuple[str, ...]:
    """Write answers so that `read_answers` gives them again, by the file's suffix.

    What a format cannot carry is told, and stands in NAME.codebook.json beside the file, from
    which reading takes it back:

    - .sav, .zsav: names of at most 64 bytes (upper and lower case are one), variable labels of
      256 bytes, value labels of 120, a file label of 64, texts of 32,767 (longer ones are an
      error), three missing codes or a range and one, none with letters; question texts and
      universes; reasons that a label does not tell.
    - .dta (Stata 14 or later): names of at most 32 characters, variable labels of 80; missing
      codes become letters .a to .z; labels of texts and fractions; the level of measurement; the
      weight variable; question texts, universes, reasons.
    - .csv: everything, in NAME.codebook.csv and NAME.codebook.json; codes stand in the data.
    - .parquet: everything, in the file and in NAME.codebook.json.

    Spaces at the end of a text are dropped, an empty text is a blank answer, and line breaks in
    CSV are single. Display formats are of the program that wrote them.

    Returns
    -------
    tuple of str
        What the file itself does not carry, with the variables concerned; empty if nothing.

    Raises
    ------
    ScslabError
        Something stands there already, the suffix is unknown, a text is too long, the disk is
        full. Nothing is left behind.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ScslabError(
            "unknown kind of file", where=str(path), got=suffix or "no suffix",
            expected=", ".join(SUFFIXES),
        )  # fmt: skip
    if not answers.variables:
        raise ScslabError("there are no variables to write", where=str(path))
    stem = path.name[: -len(suffix)]
    books = [path.with_name(f"{stem}.codebook.json")]
    if suffix == ".csv":
        books.insert(0, path.with_name(f"{stem}.codebook.csv"))
    losses = Losses()
    with whole_files([*books, path]) as partial:
        names: dict[str, str] = {}
        written: Written = {}
        if suffix == ".csv":
            write_csv(answers, partial[path])
            partial[books[0]].write_text(codebook_csv(answers), encoding="utf-8")
        elif suffix == ".parquet":
            write_parquet(answers, partial[path])
        elif suffix == ".dta":
            names, written = write_stata(answers, partial[path], losses)
        else:
            names, written = write_spss(answers, partial[path], suffix == ".zsav", losses)
        if losses.of or suffix in (".csv", ".parquet"):
            book = codebook_json(answers, names, written)
            partial[books[-1]].write_text(book, encoding="utf-8")
    notes = losses.notes()
    return (*notes, f"all of it stands in {books[-1].name}") if notes else ()


@contextlib.contextmanager
def whole_files(paths: list[Path]) -> Iterator[dict[Path, Path]]:
    """A path beside each file to write to, renamed into place at the end; removed on any error.

    Raises
    ------
    ScslabError
        Something stands at one of the paths, or it cannot be written.
    """
    for path in paths:
        if path.exists():
            raise ScslabError(
                "there is a file already", where=str(path), hint="name another file, or remove it"
            )
    partial = {p: p.with_name(f".partial-{os.getpid()}-{p.name}") for p in paths}
    done: list[Path] = []
    try:
        yield partial
        for path, part in partial.items():
            if part.exists():
                part.rename(path)
                done.append(path)
    except BaseException as error:
        for path in done:
            path.unlink(missing_ok=True)
        if isinstance(error, ScslabError):
            raise
        if isinstance(error, Exception):
            reason = getattr(error, "strerror", None) or (str(error).splitlines() or [""])[0]
            raise ScslabError(
                "the file could not be written", where=str(paths[-1]), got=reason,
                why="nothing was left behind",
            ) from error  # fmt: skip
        raise
    finally:
        for part in partial.values():
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


def write_csv(answers: Answers, path: Path) -> None:
    """Codes as CSV in UTF-8: missing codes in place, blanks empty, days as 2020-01-31."""
    columns = {n: csv_column(answers, v) for n, v in answers.variables.items()}
    frame = pd.DataFrame(columns, index=pd.RangeIndex(answers.n))
    frame.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def csv_column(answers: Answers, variable: Variable) -> pd.Series:
    """One column as CSV has it."""
    column = answers.frame[variable.name]
    mark = answers.marks.get(variable.name)
    coded = mark is not None and bool((mark > VALID).any())
    if variable.kind == "number":
        values = column.to_numpy()
        if values.dtype.kind == "f":
            there = values[~np.isnan(values)]
            if (there == np.floor(there)).all() and (np.abs(there) < 2**53).all():
                column = column.astype("Int64")
        if not coded:
            return column
        letters = any(isinstance(m.code, str) for m in variable.missing)
        fractions = any(not isinstance(m.code, str) and m.code % 1 for m in variable.missing)
        if letters or fractions:
            column = column.astype(object)
    else:
        column = pd.Series(_words(column, variable), dtype=object)
    if coded and mark is not None:
        column = column.copy()
        text = column.dtype == object
        for k, m in enumerate(variable.missing):
            column[mark == k + 1] = plain(m.code) if text else m.code
    return column


def _words(column: pd.Series, variable: Variable) -> np.ndarray:
    """Texts, days and times as words; None where there is none."""
    if variable.kind == "text":
        return column.to_numpy(dtype=object)
    gone = column.isna().to_numpy()
    if variable.kind == "time":
        micros = column.to_numpy().astype("timedelta64[us]").astype(np.int64)
        words = np.array(
            [None if g else _clock(m) for g, m in zip(gone, micros, strict=True)], object
        )
    else:
        days = column.to_numpy().astype("datetime64[us]")
        dates = days.astype("datetime64[D]") if variable.kind == "date" else days
        words = np.datetime_as_string(dates).astype(object)
    words[gone] = None
    return words


def _clock(micros: int) -> str:
    """A duration as 26:03:04, with a fraction where it has one."""
    sign, micros = ("-", -micros) if micros < 0 else ("", micros)
    seconds, rest = divmod(int(micros), 1_000_000)
    words = f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{words}.{rest:06}" if rest else words
