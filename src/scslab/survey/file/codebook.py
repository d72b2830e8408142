"""Codebooks beside data: one row a value in CSV, the whole dictionary in JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from scslab.core.errors import ScslabError, near
from scslab.survey.answers import BLANK, VALID, Answers, Code, MissingCode, Variable, plain
from scslab.survey.file.settle import tidy

FORMAT = "scslab codebook 1"
COLUMNS = (
    "variable",
    "label",
    "value",
    "value_label",
    "missing",
    "question",
    "universe",
    "kind",
    "measure",
    "format",
)
RANGE = "range"  # in the column "missing" of a row whose value is "90..99"


@dataclass(frozen=True)
class Codebook:
    """A dictionary without data.

    `stated` names, for each variable, the fields that the codebook says something about; the
    others are left as the data file has them. `written` maps a variable's code to how the data
    file writes it where the format could not carry it, and `columns` a column's name in the data
    file to the variable's. `blanks_are_text`: words such as "NA" in the data are answers, which
    holds of files written here.
    """

    variables: Mapping[str, Variable]
    stated: Mapping[str, frozenset[str]]
    label: str = ""
    source: str = ""
    weight: str = ""
    synthetic: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    written: Mapping[str, Mapping[Code, Code]] = field(default_factory=dict)
    blanks_are_text: bool = False
    notes: tuple[str, ...] = ()


def codebook_json(
    answers: Answers,
    columns: Mapping[str, str] | None = None,
    written: Mapping[str, Mapping[Code, Code]] | None = None,
) -> str:
    """The dictionary of answers as JSON; `columns` and `written` as in `Codebook`."""
    names = {name: column for column, name in (columns or {}).items()}
    book = {
        "format": FORMAT,
        "label": answers.label,
        "source": answers.source,
        "weight": answers.weight,
        "synthetic": answers.synthetic,
        "NA": "text",
        "variables": [
            _entry(v, names.get(v.name), (written or {}).get(v.name, {}))
            for v in answers.variables.values()
        ],
    }
    return json.dumps(book, ensure_ascii=False, indent=1) + "\n"


def _entry(variable: Variable, column: str | None, written: Mapping[Code, Code]) -> dict[str, Any]:
    """One variable as JSON has it; empty fields are left out."""
    entry: dict[str, Any] = {"name": variable.name}
    if column is not None and column != variable.name:
        entry["column"] = column
    entry |= {"label": variable.label, "kind": variable.kind, "measure": variable.measure}
    entry["labels"] = [[tidy(code), text] for code, text in variable.labels.items()]
    entry["missing"] = [
        {"code": tidy(m.code), "label": m.label, "reason": m.reason}
        | ({"written": written[m.code]} if m.code in written else {})
        for m in variable.missing
    ]
    if variable.missing:  # "null" says that the codes are no range, though the file has one
        low_high = variable.missing_range
        entry["missing_range"] = None if low_high is None else list(low_high)
    entry |= {"question": variable.question, "universe": variable.universe}
    entry["format"] = variable.format
    kept = {"label"} if "column" in entry else set()  # for there the file has the name as label
    return {k: v for k, v in entry.items() if k in kept or v not in ("", [])}


def codebook_csv(answers: Answers) -> str:
    """The dictionary of answers as CSV, one row a value; a row without variable is of the file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for key in ("label", "source", "weight"):
        if getattr(answers, key):
            writer.writerow(["", "", key, getattr(answers, key), "", "", "", "", "", ""])
    if answers.synthetic:
        writer.writerow(["", "", "synthetic", "yes", "", "", "", "", "", ""])
    writer.writerow(["", "", "NA", "text", "", "", "", "", "", ""])
    for v in answers.variables.values():
        values = [(plain(c), text, "") for c, text in v.labels.items()]
        values += [(plain(m.code), m.label, m.reason) for m in v.missing]
        if v.missing_range is not None:
            low, high = v.missing_range
            values.append((f"{low!r}..{high!r}", "", RANGE))
        for value, text, reason in values or [("", "", "")]:
            writer.writerow(
                [v.name, v.label, value, text, reason, v.question, v.universe, v.kind, v.measure]
                + [v.format]
            )
    return out.getvalue()


def apply_codebook(answers: Answers, book: Codebook, where: str) -> Answers:
    """Answers with what a codebook says; the codebook wins over the file.

    Codes that it declares missing still stand in the frame: settle the answers afterwards.

    Raises
    ------
    ScslabError
        The codebook names a variable that the file does not have.
    """
    names = dict(book.columns)
    frame = answers.frame.rename(columns=names)
    variables = {
        names.get(n, n): replace(v, name=names.get(n, n)) for n, v in answers.variables.items()
    }
    marks = {names.get(n, n): mark for n, mark in answers.marks.items()}
    for name, told in book.variables.items():
        if name not in variables:
            raise ScslabError(
                f'the codebook names a variable that the file does not have: "{name}"',
                where=where,
                hint=near(name, variables),
            )
        stated = book.stated[name]
        old = variables[name]
        changes = {k: getattr(told, k) for k in stated - {"labels", "missing"}}
        if stated & {"missing", "labels"}:
            labels, entries, places = _values(old, told, book.written.get(name, {}))
            changes |= {"labels": labels, "missing": entries}
            if name in marks:
                marks[name] = places[marks[name] + 1]
        variables[name] = replace(old, **changes)
    return replace(
        answers,
        frame=frame,
        variables=variables,
        marks=marks,
        label=book.label or answers.label,
        source=book.source or answers.source,
        weight=book.weight or answers.weight,
        synthetic=book.synthetic or answers.synthetic,
        notes=answers.notes + book.notes,
    )


def _values(
    old: Variable, told: Variable, written: Mapping[Code, Code]
) -> tuple[dict[Code, str], tuple[MissingCode, ...], np.ndarray]:
    """Labels and missing codes of a variable, the codebook's over the file's.

    The last is where each mark of the file goes, from BLANK on.
    """
    back = {as_written: code for code, as_written in written.items()}
    mine = [replace(m, code=back.get(m.code, m.code)) for m in old.missing]
    codes = {m.code for m in told.missing}
    entries = (*told.missing, *(m for m in mine if m.code not in codes))
    place = {m.code: k + 1 for k, m in enumerate(entries)}
    gone = codes | set(back)
    labels = {c: t for c, t in {**old.labels, **told.labels}.items() if c not in gone}
    places = np.array([BLANK, VALID, *(place[m.code] for m in mine)], dtype=np.int16)
    return labels, entries, places
