"""Parquet through DuckDB: valid values in the columns, why others are missing beside them.

The dictionary stands in the file's key-value metadata under "scslab.codebook". A variable with
reasons has a second column NAME__missing that holds the code ("98", ".a") where an answer is
missing by a code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scslab.core.errors import ScslabError
from scslab.survey.answers import BLANK, VALID, Answers, Kind, Variable, plain
from scslab.survey.file.codebook import Codebook, apply_codebook, codebook_json
from scslab.survey.file.codebook_files import codebook_from_json
from scslab.survey.file.limits import parquet_names

KEY = "scslab.codebook"
BESIDE = "__missing"
_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_WIDE = ("UBIGINT", "HUGEINT", "UHUGEINT")
_SQL: dict[Kind, str] = {
    "text": "VARCHAR",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "time": "DOUBLE",  # seconds; DuckDB's INTERVAL is known to few other readers
}


def read_parquet(
    path: Path, drop: Sequence[str] = ()
) -> tuple[Answers, tuple[str, ...], Codebook | None]:
    """A Parquet file not settled yet, the names of its variables, and the dictionary in it.

    Raises
    ------
    ScslabError
        It cannot be read, or a column holds lists or records.
    """
    import duckdb

    where = str(path)
    quoted = where.replace("'", "''")
    try:
        with duckdb.connect() as base:
            types = base.execute(f"DESCRIBE SELECT * FROM read_parquet('{quoted}')").fetchall()
            words = base.execute(
                f"SELECT decode(value) FROM parquet_kv_metadata('{quoted}') "
                f"WHERE decode(key) = '{KEY}'"
            ).fetchall()
            asked = [(name, _select(name, kind, where)) for name, kind, *_ in types]
            gone = {*drop, *(f"{name}{BESIDE}" for name in drop)}
            kept = [(name, sql) for name, sql in asked if name not in gone]
            if not kept:
                return Answers(pd.DataFrame(), {}), tuple(name for name, _ in asked), None
            frame = base.execute(
                f"SELECT {', '.join(sql for _, sql in kept)} FROM read_parquet('{quoted}')"
            ).df()
    except duckdb.Error as error:
        raise ScslabError(
            "the Parquet file is damaged or cut short",
            where=where,
            got=str(error).splitlines()[0].replace(where, path.name),
            hint="copy it again from its source",
        ) from None
    book = codebook_from_json(words[0][0], where) if words else None
    kinds = {name: _kind(sql) for name, sql, *_ in types}
    answers = _answers(frame, kinds, book)
    if book is not None:
        there = {book.columns.get(n, n) for n in answers.variables}
        known = {n: v for n, v in book.variables.items() if n in there}
        answers = apply_codebook(answers, replace(book, variables=known), where)
    return answers, tuple(name for name, _ in asked), book


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _select(name: str, sql: str, where: str) -> str:
    """How a column is asked for, by its type in the file."""
    column = _quote(name)
    if sql in _INTEGERS or sql in ("DOUBLE", "FLOAT", "VARCHAR", "DATE"):
        return column
    if sql == "BOOLEAN":
        return f"CAST({column} AS TINYINT) AS {column}"
    if sql.startswith("DECIMAL"):
        return f"CAST({column} AS DOUBLE) AS {column}"
    if sql in _WIDE or sql.startswith(("ENUM", "UUID")):
        return f"CAST({column} AS VARCHAR) AS {column}"
    if sql.startswith("TIMESTAMP"):
        return f"CAST({column} AS TIMESTAMP) AS {column}"
    if sql.startswith("TIME"):
        return f"date_part('epoch', CAST({column} AS TIME)) AS {column}"
    raise ScslabError(
        f'"{name}" holds no single values', where=where, got=sql.lower(),
        expected="numbers, text or dates", hint=f"--drop {name}",
    )  # fmt: skip


def _kind(sql: str) -> Kind:
    if sql == "DATE":
        return "date"
    if sql.startswith("TIMESTAMP"):
        return "datetime"
    if sql in ("VARCHAR", *_WIDE) or sql.startswith(("ENUM", "UUID")):
        return "text"
    return "time" if sql.startswith("TIME") else "number"


def _answers(frame: pd.DataFrame, kinds: dict[str, Kind], book: Codebook | None) -> Answers:
    """Answers of the columns, with the marks of those beside them."""
    told = {}
    if book is not None:
        back = {name: column for column, name in book.columns.items()}
        told = {back.get(name, name): v for name, v in book.variables.items()}
    columns: dict[str, Any] = {}
    variables, marks = {}, {}
    for name in frame.columns:
        of = name.removesuffix(BESIDE)
        if of != name and of in told:
            continue
        kind = told[name].kind if name in told else kinds[name]
        columns[name] = _column(frame[name], kind)
        variables[name] = Variable(name=name, kind=kind)
        if name in told and f"{name}{BESIDE}" in frame:
            variables[name] = replace(variables[name], missing=told[name].missing)
            marks[name] = _marks(frame[f"{name}{BESIDE}"], frame[name], told[name])
    table = pd.DataFrame(columns, index=pd.RangeIndex(len(frame)))
    return Answers(frame=table, variables=variables, marks=marks)


def _column(column: pd.Series, kind: Kind) -> pd.Series:
    """A column as DuckDB gives it, in the form that answers have."""
    if kind == "text":
        return column.astype(object)
    if kind in ("date", "datetime"):
        return pd.Series(column.to_numpy().astype("datetime64[us]"))
    values = column.to_numpy(dtype=np.float64, na_value=np.nan) if column.hasnans else column
    if kind == "time":
        seconds = np.asarray(values, dtype=np.float64)
        return pd.Series(pd.to_timedelta(seconds, unit="s").to_numpy().astype("timedelta64[us]"))
    return pd.Series(np.asarray(values))


def _marks(beside: pd.Series, column: pd.Series, variable: Variable) -> np.ndarray:
    """Marks from the codes beside a column."""
    place = {plain(m.code): k + 1 for k, m in enumerate(variable.missing)}
    codes, found = pd.factorize(beside.to_numpy(dtype=object))
    table = np.array([*(place.get(str(w), BLANK) for w in found), VALID], dtype=np.int16)
    mark = table[codes]
    gone = column.isna().to_numpy()
    return np.where(gone & (mark == VALID), BLANK, mark).astype(np.int16)


def write_parquet(answers: Answers, path: Path) -> None:
    """Answers as a Parquet file with their dictionary in it."""
    import duckdb

    columns: dict[str, pd.Series] = {}
    names = parquet_names(answers.variables)
    selects = []
    for name, variable in answers.variables.items():
        values = answers.frame[name]
        if variable.kind == "time":
            values = pd.Series(values.to_numpy().astype("timedelta64[us]")).dt.total_seconds()
        cast = _SQL.get(variable.kind, "BIGINT" if values.dtype.kind in "iu" else "DOUBLE")
        columns[f"c{len(columns)}"] = values
        column = f"c{len(columns) - 1}"
        if cast == "DOUBLE":  # DuckDB takes a float's NaN for a number; here it is no answer
            column = f"CASE WHEN isnan({column}) THEN NULL ELSE {column} END"
        selects.append(f"CAST({column} AS {cast}) AS {_quote(names[name])}")
        mark = answers.marks.get(name)
        if mark is not None and (mark > VALID).any():
            words = np.array([None, None, *(plain(m.code) for m in variable.missing)], object)
            columns[f"c{len(columns)}"] = pd.Series(words[mark + 1], dtype=object)
            selects.append(
                f"CAST(c{len(columns) - 1} AS VARCHAR) AS {_quote(names[name] + BESIDE)}"
            )
    table = pd.DataFrame(columns, index=pd.RangeIndex(answers.n))
    told = codebook_json(answers, {column: name for name, column in names.items()})
    book = told.replace("'", "''")
    place = str(path).replace("'", "''")
    with duckdb.connect() as base:
        base.register("answers", table)
        base.execute(
            f"COPY (SELECT {', '.join(selects)} FROM answers) TO '{place}' "
            f"(FORMAT parquet, COMPRESSION zstd, KV_METADATA {{'{KEY}': '{book}'}})"
        )
