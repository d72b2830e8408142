"""Codebooks read from CSV and JSON, and found beside a data file."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from scslab.core.errors import ScslabError, near
from scslab.survey.answers import Code, Kind, Measure, MissingCode, Variable
from scslab.survey.file.codebook import COLUMNS, RANGE, Codebook
from scslab.survey.file.encodings import decoded
from scslab.survey.file.reasons import declared_reason, reason_of
from scslab.survey.file.settle import LETTER, tidy

_YES = {"yes", "y", "1", "true", "x", "missing", "ja", "oui", "是"}
_NO = {"", "no", "n", "0", "false", "valid", "nein", "non", "否"}
_TEXTS = ("label", "question", "universe", "format")


def beside(path: Path) -> Path | None:
    """The codebook of a data file: NAME.codebook.csv, .json, NAME-codebook, or codebook.csv.

    A CSV goes before a JSON, for it is the one that people edit.
    """
    stem = path.name[: -len(path.suffix)] if path.suffix else path.name
    names = [f"{stem}{mid}codebook{end}" for mid in (".", "-", "_") for end in (".csv", ".json")]
    for name in (*names, "codebook.csv", "codebook.json"):
        if name != path.name and path.with_name(name).is_file():
            return path.with_name(name)
    return None


def read_codebook(path: Path, encoding: str | None = None) -> Codebook:
    """A codebook, by its suffix.

    Raises
    ------
    ScslabError
        It cannot be read, a value stands twice, or a word in it is unknown.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ScslabError(
            "the codebook cannot be read", where=str(path), got=error.strerror
        ) from error
    if path.suffix.lower() == ".json":
        return codebook_from_json(data, str(path))
    if path.suffix.lower() not in (".csv", ".tsv"):
        raise ScslabError(
            "a codebook is CSV or JSON", where=str(path), got=path.suffix or "no suffix"
        )
    text = decoded(data, str(path), encoding)
    head = text.split("\n", 1)[0]
    mark = max(",;\t", key=head.count)
    return _from_rows(list(csv.reader(text.splitlines(keepends=True), delimiter=mark)), str(path))


def codebook_from_json(data: bytes | str, where: str) -> Codebook:
    """A codebook from its JSON."""
    try:
        book = json.loads(data)
        entries = book["variables"]
        variables = {e["name"]: _variable(e, where) for e in entries}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ScslabError(
            "this is not a codebook",
            where=where,
            expected='JSON with "variables", each with a "name"',
        ) from error
    if len(variables) < len(entries):
        names = [e["name"] for e in entries]
        twice = next(n for n in names if names.count(n) > 1)
        raise ScslabError(f'the codebook names the variable "{twice}" twice', where=where)
    return Codebook(
        variables=variables,
        stated={e["name"]: _stated(e) for e in entries},
        **{k: book.get(k, "") for k in ("label", "source", "weight")},
        synthetic=bool(book.get("synthetic", False)),
        blanks_are_text=book.get("NA") == "text",
        columns={e["column"]: e["name"] for e in entries if "column" in e},
        written={
            e["name"]: {tidy(m["code"]): tidy(m["written"]) for m in e["missing"] if "written" in m}
            for e in entries
            if "missing" in e
        },
    )


def _stated(entry: dict[str, Any]) -> frozenset[str]:
    """Fields that an entry says something about."""
    known = (*_TEXTS, "kind", "measure", "labels", "missing", "missing_range")
    return frozenset(k for k in known if k in entry)


def _variable(entry: dict[str, Any], where: str) -> Variable:
    """One variable from its JSON."""
    name = entry["name"]
    at = f"{where}: {name}"
    missing = tuple(
        MissingCode(
            tidy(m["code"]),
            m.get("label", ""),
            declared_reason(m["reason"], at) if "reason" in m else reason_of(m.get("label", "")),
        )
        for m in entry.get("missing", [])
    )
    codes = [tidy(c) for c, _ in entry.get("labels", [])] + [m.code for m in missing]
    _check_once(codes, name, where)
    low_high = entry.get("missing_range")
    return Variable(
        name=name,
        **{k: str(entry.get(k, "")) for k in _TEXTS},
        kind=_one_of(entry.get("kind", "number"), get_args(Kind), "kind", at),
        measure=_one_of(entry.get("measure", "unknown"), get_args(Measure), "measure", at),
        labels=MappingProxyType({tidy(c): str(text) for c, text in entry.get("labels", [])}),
        missing=missing,
        missing_range=(float(low_high[0]), float(low_high[1])) if low_high else None,
    )


def _one_of(word: Any, known: Sequence[str], what: str, where: str) -> Any:
    if word not in known:
        raise ScslabError(
            f"unknown {what}", where=where, got=word, expected=", ".join(known),
            hint=near(str(word), known),
        )  # fmt: skip
    return word


def _check_once(codes: list[Code], name: str, where: str) -> None:
    """A code has one meaning."""
    seen: set[Code] = set()
    for code in codes:
        if code in seen:
            raise ScslabError(
                f'the codebook gives a value of "{name}" twice', where=where, got=code
            )
        seen.add(code)


def _from_rows(rows: list[list[str]], where: str) -> Codebook:
    """A codebook from the rows of its CSV, one a value."""
    header = [cell.strip().casefold().replace(" ", "_") for cell in rows[0]] if rows else []
    if "variable" not in header:
        raise ScslabError(
            "this is not a codebook",
            where=where,
            got=f"columns {', '.join(header[:8])}" if header else "an empty file",
            expected=f"columns {', '.join(COLUMNS[:5])} and, if you like, {', '.join(COLUMNS[5:])}",
        )
    unused = [h for h in header if h and h not in COLUMNS]
    notes = (f"columns of the codebook that are not used: {', '.join(unused)}",) if unused else ()
    entries: dict[str, dict[str, Any]] = {}
    about: dict[str, str] = {}
    for number, row in enumerate(rows[1:], start=2):
        cells = dict(zip(header, (c.strip() for c in row), strict=False))
        if not any(cells.values()):
            continue
        name = cells["variable"]
        if not name:
            about[cells.get("value", "")] = cells.get("value_label", "")
            continue
        _add_row(entries.setdefault(name, {"name": name}), cells, f"{where}:{number}")
    book: dict[str, Any] = {"variables": list(entries.values()), **about}
    book["synthetic"] = about.get("synthetic", "").casefold() in _YES
    return replace(codebook_from_json(json.dumps(book), where), notes=notes)


def _add_row(entry: dict[str, Any], cells: dict[str, str], where: str) -> None:
    """One row of a codebook's CSV into the variable's entry (in place)."""
    for key in (*_TEXTS, "kind", "measure"):
        if cells.get(key):
            entry.setdefault(key, cells[key])
    value, label = cells.get("value", ""), cells.get("value_label", "")
    word = cells.get("missing", "").casefold()
    if not value:
        if label or word not in _NO:
            raise ScslabError("a row of the codebook has a label but no value", where=where)
        return
    if word == RANGE:
        low, _, high = value.partition("..")
        entry["missing_range"] = [float(low), float(high)]
        return
    code = _code(value, entry.get("kind", ""), where)
    if word in _NO:
        entry.setdefault("labels", []).append([code, label])
        return
    missing = {"code": code, "label": label}
    if word not in _YES:
        missing["reason"] = declared_reason(word, where)
    entry.setdefault("missing", []).append(missing)


def _code(value: str, kind: str, where: str) -> Code:
    """A value of a codebook as a code: a number where it is one and the kind is not text."""
    if kind == "text" or LETTER.fullmatch(value):
        return value
    try:
        return tidy(float(value))
    except ValueError:
        if kind == "number":
            raise ScslabError(
                "a value of a number is no number", where=where, got=value, expected="such as 3"
            ) from None
        return value
