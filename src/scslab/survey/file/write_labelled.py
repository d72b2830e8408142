"""Answers as SPSS and Stata files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scslab.core.errors import ScslabError
from scslab.survey.answers import VALID, Answers, Code, Variable
from scslab.survey.file import limits
from scslab.survey.file.limits import Losses, cut_bytes
from scslab.survey.file.moments import format_for, numbers
from scslab.survey.file.reasons import reason_of
from scslab.survey.file.spss_header import set_weight, without_clock
from scslab.survey.file.spss_stata import SYNTHETIC

_LONGEST_INTEGER = 2_147_483_620  # of Stata's long
Written = dict[str, Mapping[Code, Code]]


def write_spss(
    answers: Answers, path: Path, compressed: bool, losses: Losses
) -> tuple[dict[str, str], Written]:
    """An SPSS file; the names of its columns, and the codes that it has others for."""
    import pyreadstat

    names = limits.spss_names(answers.variables)
    options: dict[str, dict[str, Any]] = {
        k: {} for k in ("labels", "values", "missing", "measure", "format")
    }
    columns: dict[str, pd.Series] = {}
    written: Written = {}
    for name, variable in answers.variables.items():
        column = names[name]
        columns[column], codes, told = _spss_column(answers, variable, losses)
        if any(code != number for code, number in codes.items()):
            written[name] = codes
            losses.add("letters and scattered missing codes have other numbers", name)
        if variable.missing_range is None and any(isinstance(t, dict) for t in told):
            losses.add("missing codes are declared as a range", name)
        options["missing"][column] = told
        options["measure"][column] = variable.measure
        options["labels"][column] = _label(variable, name, column, losses, limits.SPSS_LABEL)
        values = _labels(variable, codes)
        options["values"][column] = limits.declared(values, limits.SPSS_VALUE_LABEL)
        if any(len(t.encode()) > limits.SPSS_VALUE_LABEL for t in values.values()):
            losses.add(f"value labels are cut to {limits.SPSS_VALUE_LABEL} bytes", name)
        if variable.kind not in ("number", "text"):
            options["format"][column] = format_for(variable.format, variable.kind, "spss")
        elif variable.kind == "number" and re.fullmatch(r"F\d+(\.\d+)?", variable.format):
            options["format"][column] = variable.format
        _common_losses(variable, name, losses)
    title = cut_bytes(answers.label, limits.SPSS_TITLE)
    if title != answers.label:
        losses.add(f"the file's label is cut to {limits.SPSS_TITLE} bytes", path.suffix)
    pyreadstat.write_sav(
        pd.DataFrame(columns, index=pd.RangeIndex(answers.n)),
        str(path),
        file_label=title,
        column_labels=options["labels"],
        compress=compressed,
        row_compress=not compressed,
        note=SYNTHETIC if answers.synthetic else None,
        variable_value_labels={k: v for k, v in options["values"].items() if v},
        missing_ranges={k: v for k, v in options["missing"].items() if v},
        variable_measure=options["measure"],
        variable_format=options["format"],
    )
    if answers.synthetic:
        without_clock(path)
    if answers.weight in names:
        set_weight(path, names[answers.weight])
    return {column: name for name, column in names.items()}, written


def _spss_column(
    answers: Answers, variable: Variable, losses: Losses
) -> tuple[pd.Series, dict[Code, Any], list[Any]]:
    """Values with the codes in place, each code as SPSS has it, and what it declares missing."""
    name, mark = variable.name, answers.marks.get(variable.name)
    if variable.kind == "text":
        text = _text(answers, variable)
        longest = max((len(t.encode()) for t in text.unique()), default=0)
        if longest > limits.SPSS_TEXT:
            raise ScslabError(
                f'"{name}" has a text that is too long for SPSS',
                got=f"{longest} bytes", expected=f"at most {limits.SPSS_TEXT}",
                hint="write .csv, .dta or .parquet",
            )  # fmt: skip
        codes: dict[Code, Any] = {m.code: m.code for m in variable.missing}
        if len(codes) > 3 or any(len(str(c).encode()) > 8 for c in codes):
            losses.add("missing codes of texts are not declared (at most three of 8 bytes)", name)
            return text, codes, []
        return text, codes, list(codes)
    values = _numbers(answers, variable, "spss")
    there = np.zeros(len(values), bool) if mark is None else mark > VALID
    told, numbers_of = limits.spss_missing(variable, values[~np.isnan(values)])
    if there.any() and mark is not None:
        table = np.array([np.nan, *(numbers_of[m.code] for m in variable.missing)])
        values = np.where(there, table[np.maximum(mark, 0)], values)
    return pd.Series(values), dict(numbers_of), told


def write_stata(answers: Answers, path: Path, losses: Losses) -> tuple[dict[str, str], Written]:
    """A Stata file; the names of its columns, and the codes that it has others for."""
    import pyreadstat

    names = limits.stata_names(answers.variables)
    options: dict[str, dict[str, Any]] = {k: {} for k in ("labels", "values", "missing", "format")}
    columns: dict[str, pd.Series] = {}
    written: Written = {}
    for name, variable in answers.variables.items():
        column = names[name]
        columns[column], letters = _stata_column(answers, variable, losses)
        if any(code != f".{letter}" for code, letter in letters.items()):
            written[name] = {code: f".{letter}" for code, letter in letters.items()}
            losses.add("missing codes are written as Stata's letters", name)
        if letters:
            options["missing"][column] = list(letters.values())
        options["labels"][column] = _label(variable, name, column, losses, limits.STATA_LABEL)
        values = _labels(variable, letters)
        kept = {c: t for c, t in values.items() if _stata_code(c, letters)}
        if variable.kind == "text":
            kept = {}
        if len(kept) < len(values):
            losses.add("labels of codes that are no whole numbers are not carried", name)
        whole = columns[column].dtype == np.int32
        options["values"][column] = {
            c if isinstance(c, str) else int(c) if whole else float(c): cut_bytes(
                t, limits.STATA_VALUE_LABEL
            )
            for c, t in kept.items()
        }
        if variable.kind not in ("number", "text"):
            options["format"][column] = format_for(variable.format, variable.kind, "stata")
        elif re.fullmatch(r"%-?0?\d+(\.\d+)?[gfe]c?", variable.format):
            options["format"][column] = variable.format
        if variable.measure != "unknown":
            losses.add("the level of measurement is not carried", name)
        if variable.missing_range is not None:
            losses.add("the range of missing values is not carried", name)
        _common_losses(variable, name, losses)
    title = f"{SYNTHETIC}: {answers.label}" if answers.synthetic else answers.label
    if len(title) > limits.STATA_TITLE:
        losses.add(f"the file's label is cut to {limits.STATA_TITLE} characters", path.suffix)
    if answers.weight:
        losses.add("Stata files name no weight variable", answers.weight)
    pyreadstat.write_dta(
        pd.DataFrame(columns, index=pd.RangeIndex(answers.n)),
        str(path),
        file_label=title[: limits.STATA_TITLE],
        column_labels=options["labels"],
        variable_value_labels={k: v for k, v in options["values"].items() if v},
        missing_user_values=options["missing"],
        variable_format=options["format"],
    )
    return {column: name for name, column in names.items()}, written


def _stata_code(code: Code, letters: Mapping[Code, str]) -> bool:
    """Whether Stata can label a code: a letter or a whole number of 32 bits."""
    if isinstance(code, str):
        return code in letters.values()
    return float(code).is_integer() and abs(code) <= _LONGEST_INTEGER


def _stata_column(
    answers: Answers, variable: Variable, losses: Losses
) -> tuple[pd.Series, dict[Code, str]]:
    """Values with letters in place, and the letter of each missing code."""
    mark = answers.marks.get(variable.name)
    if variable.kind == "text":
        if variable.missing:
            losses.add("missing codes of texts are not declared", variable.name)
        return _text(answers, variable), {}
    letters = limits.stata_letters(variable.missing, variable.name)
    values = _numbers(answers, variable, "stata")
    if mark is None or not (mark > VALID).any():
        whole = variable.kind == "number" and answers.frame[variable.name].dtype.kind in "iu"
        if whole and len(values) and np.abs(values).max() <= _LONGEST_INTEGER:
            return pd.Series(values.astype(np.int32)), letters
        return pd.Series(values), letters
    column = values.astype(object)
    column[np.isnan(values)] = None
    for k, missing in enumerate(variable.missing):
        column[mark == k + 1] = letters[missing.code]
    return pd.Series(column, dtype=object), letters


def _numbers(answers: Answers, variable: Variable, maker: Any) -> np.ndarray:
    """Values as f8[n], NaN where missing; dates as the program counts them."""
    column = answers.frame[variable.name]
    if variable.kind == "number":
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    return numbers(column, variable.kind, maker)


def _text(answers: Answers, variable: Variable) -> pd.Series:
    """Texts with missing codes in place and "" where there is none."""
    column = answers.frame[variable.name]
    text = np.where(column.isna(), "", column.to_numpy(dtype=object))
    mark = answers.marks.get(variable.name)
    for k, missing in enumerate(variable.missing):
        if mark is not None:
            text[mark == k + 1] = missing.code
    return pd.Series(text, dtype=object)


def _labels(variable: Variable, codes: Mapping[Code, Any]) -> dict[Code, str]:
    """Value labels of valid and missing codes, the latter as the file has them."""
    labels: dict[Code, str] = {
        c if isinstance(c, str) else float(c): t for c, t in variable.labels.items() if t
    }
    return labels | {codes.get(m.code, m.code): m.label for m in variable.missing if m.label}


def _label(variable: Variable, name: str, column: str, losses: Losses, most: int) -> str:
    """The variable's label in the file; a name that the file cannot have becomes a label."""
    if column != name:
        losses.add("names are changed to what the program takes", name)
    label = variable.label or (name if column != name else "")
    cut = cut_bytes(label, most) if most == limits.SPSS_LABEL else label[:most]
    if cut != label:
        unit = "bytes" if most == limits.SPSS_LABEL else "characters"
        losses.add(f"variable labels are cut to {most} {unit}", name)
    return cut


def _common_losses(variable: Variable, name: str, losses: Losses) -> None:
    """What neither program's file has a place for."""
    if variable.question or variable.universe:
        losses.add("question texts and universes are not carried", name)
    if any(reason_of(m.label) != m.reason for m in variable.missing):
        losses.add("reasons that labels of missing codes do not tell are not carried", name)
