"""Codes of missing answers out of the columns and into marks: the last step of every reader."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from scslab.core.errors import ScslabError, near
from scslab.survey.answers import BLANK, VALID, Answers, Code, MissingCode, Variable, plain
from scslab.survey.file.reasons import declared_reason, reason_of

LETTER = re.compile(r"\.[a-z]")  # Stata's extended missing values
_EXACT = 2.0**53  # above it, whole floats skip numbers


def tidy(code: Any) -> Code:
    """A code in one form in all formats: 3 for 3.0, text as it is.

    Examples
    --------
    >>> tidy(3.0), tidy(2.5), tidy(".a")
    (3, 2.5, '.a')
    """
    if isinstance(code, str):
        return code
    number = float(code)
    return int(number) if number.is_integer() else number


def settle(answers: Answers) -> Answers:
    """Answers whose frame still holds missing codes, with the codes moved to `marks`.

    Numbers become int64 where none is missing and all are whole, else float64; text becomes str
    with None where it is empty; so every format gives the same Answers.
    """
    frame, variables, marks = {}, {}, {}
    for name, variable in answers.variables.items():
        column = answers.frame[name]
        if variable.kind == "number":
            values, mark, variable = settle_number(column, variable, answers.marks.get(name))
        elif variable.kind == "text":
            values, mark = settle_text(column, variable, answers.marks.get(name))
        else:
            values = pd.Series(column.to_numpy())
            mark = np.where(values.isna(), BLANK, VALID).astype(np.int16)
            known = answers.marks.get(name)
            mark = mark if known is None else known
        frame[name], variables[name] = values, variable
        if mark.any():
            marks[name] = mark
    table = pd.DataFrame(frame, index=pd.RangeIndex(len(answers.frame)))
    return replace(answers, frame=table, variables=variables, marks=marks)


def settle_number(
    column: pd.Series, variable: Variable, known: np.ndarray | None = None
) -> tuple[pd.Series, np.ndarray, Variable]:
    """Values, marks and dictionary of a numeric column; letters such as ".a" are codes too."""
    if column.dtype == object:
        values, letters = pd.to_numeric(column, errors="coerce").to_numpy(np.float64), column
    else:
        values, letters = column.to_numpy(), None
    mark = np.where(np.isnan(values), BLANK, VALID).astype(np.int16)
    if letters is not None:
        written = letters.notna().to_numpy() & (mark == BLANK)
        tags = letters[written].astype(str).to_numpy()
        places = np.flatnonzero(written)
        codes = {m.code for m in variable.missing}
        new = sorted(set(pd.unique(tags).tolist()) - codes)
        if not all(LETTER.fullmatch(code) for code in new):
            raise ScslabError(f'"{variable.name}" holds text among its numbers')
        variable = replace(
            variable, missing=variable.missing + tuple(MissingCode(code) for code in new)
        )
        for k, missing in enumerate(variable.missing):
            if isinstance(missing.code, str):
                mark[places[tags == missing.code]] = k + 1
    for k, missing in enumerate(variable.missing):
        if not isinstance(missing.code, str):
            mark[values == missing.code] = k + 1
    if variable.missing_range is not None:
        variable = _mark_range(values, mark, variable)
    if known is not None:
        mark = np.where(known != VALID, known, mark).astype(np.int16)
    return whole(np.where(mark == VALID, values, np.nan) if mark.any() else values), mark, variable


def _mark_range(values: np.ndarray, mark: np.ndarray, variable: Variable) -> Variable:
    """Codes within a variable's range of missing values, found and marked (in place)."""
    low, high = variable.missing_range or (np.nan, np.nan)
    inside = (values >= low) & (values <= high) & (mark == VALID)
    found = {tidy(v) for v in pd.unique(values[inside])}
    labelled = {c for c in variable.labels if not isinstance(c, str) and low <= c <= high}
    known = {m.code for m in variable.missing}
    codes = sorted((c for c in found | labelled if c not in known), key=float)
    start = len(variable.missing)
    if start + len(codes) > np.iinfo(np.int16).max:
        raise ScslabError(
            f'"{variable.name}" has too many missing codes',
            got=f"{len(codes)} different values in its range of missing values",
            expected=f"at most {np.iinfo(np.int16).max}",
        )
    if found:
        table = np.array([float(c) for c in codes])
        mark[inside] = start + 1 + np.searchsorted(table, values[inside])
    labels = {c: text for c, text in variable.labels.items() if c not in labelled}
    told = tuple(
        MissingCode(c, variable.labels.get(c, ""), reason_of(variable.labels.get(c, "")))
        for c in codes
    )
    return replace(variable, labels=labels, missing=variable.missing + told)


def whole(values: np.ndarray) -> pd.Series:
    """Numbers as int64 where all are whole and there, else float64."""
    if values.dtype.kind in "iu":
        return pd.Series(values.astype(np.int64))
    values = values.astype(np.float64, copy=False)
    if not len(values) or not np.isfinite(values).all():
        return pd.Series(values)
    exact = (values == np.floor(values)).all() and np.abs(values).max() < _EXACT
    return pd.Series(values.astype(np.int64) if exact else values)


def settle_text(
    column: pd.Series, variable: Variable, known: np.ndarray | None = None
) -> tuple[pd.Series, np.ndarray]:
    """Values and marks of a text column; empty text is blank."""
    codes, found = pd.factorize(column.to_numpy(dtype=object))
    mark = np.where(codes < 0, BLANK, VALID).astype(np.int16)
    place = {m.code: k + 1 for k, m in enumerate(variable.missing)}
    texts = [str(text).rstrip() for text in found]
    marks = np.array([place.get(t, BLANK if t == "" else VALID) for t in texts], dtype=np.int16)
    if len(marks):
        mark = np.where(codes < 0, BLANK, marks[codes]).astype(np.int16)
    words = np.array([*texts, None], dtype=object)
    words[:-1][marks != VALID] = None
    if known is not None:
        mark = np.where(known > VALID, known, mark).astype(np.int16)
    return pd.Series(words[codes], dtype=object), mark


def declare_missing(
    answers: Answers, missing: Mapping[str, Mapping[Code, str]], where: str
) -> Answers:
    """Answers with more codes declared missing; "*" names every variable that has the code.

    Raises
    ------
    ScslabError
        An unknown variable or reason.
    """
    variables, marks = dict(answers.variables), dict(answers.marks)
    frame = answers.frame.copy(deep=False)
    for name, codes in missing.items():
        if name != "*" and name not in variables:
            raise ScslabError(
                f'missing: no variable "{name}"', where=where, hint=near(name, variables)
            )
        at = f"{where}: missing: {name}"
        reasons = {tidy(c): declared_reason(r, at) for c, r in codes.items()}
        for each in variables if name == "*" else (name,):
            variable, column = variables[each], frame[each]
            if name == "*":  # what is said of the variable itself goes before it
                told = {tidy(c) for c in missing.get(each, {})}
                mine = {
                    c: r for c, r in reasons.items() if c not in told and _has(variable, column, c)
                }
            else:
                mine = {_code_for(variable, c, at): r for c, r in reasons.items()}
            if mine:
                frame[each], marks[each], variables[each] = _declare(
                    column, marks.get(each), variable, mine
                )
    marks = {name: mark for name, mark in marks.items() if mark.any()}
    return replace(answers, frame=frame, variables=variables, marks=marks)


def _code_for(variable: Variable, code: Code, where: str) -> Code:
    """A code that a user wrote, as a number or text as the variable is."""
    if variable.kind == "text":
        return plain(code)
    if not isinstance(code, str) or LETTER.fullmatch(code):
        return code
    try:
        return tidy(float(code))
    except ValueError:
        raise ScslabError(
            f'"{variable.name}" holds numbers', where=where, got=code, expected="a number"
        ) from None


def _has(variable: Variable, column: pd.Series, code: Code) -> bool:
    """Whether a code stands in a column or its labels."""
    if (variable.kind == "text") != isinstance(code, str) or variable.kind not in (
        "number",
        "text",
    ):
        return False
    return code in variable.labels or bool((column == code).any())


def _declare(
    column: pd.Series, mark: np.ndarray | None, variable: Variable, codes: Mapping[Code, Any]
) -> tuple[pd.Series, np.ndarray, Variable]:
    """One column with codes declared missing; a code that was missing already gets the reason."""
    mark = np.zeros(len(column), np.int16) if mark is None else mark.copy()
    known = {m.code: k for k, m in enumerate(variable.missing)}
    entries, values = list(variable.missing), column.to_numpy()
    for code, reason in codes.items():
        label = variable.labels.get(code, "")
        if code in known:
            entries[known[code]] = replace(entries[known[code]], reason=reason)
            continue
        entries.append(MissingCode(code, label, reason))
        mark[np.asarray(values == code, dtype=bool)] = len(entries)
    labels = {c: text for c, text in variable.labels.items() if c not in codes}
    kept = replace(variable, labels=labels, missing=tuple(entries))
    if variable.kind == "number":
        series = whole(np.where(mark == VALID, values, np.nan) if mark.any() else values)
    else:
        series = pd.Series(np.where(mark == VALID, values, None), dtype=column.dtype)
    return series, mark, kept
