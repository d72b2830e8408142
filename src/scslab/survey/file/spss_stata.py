"""SPSS (.sav, .zsav, .por) and Stata (.dta) files as answers, every code kept with its label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from scslab.core.errors import ScslabError
from scslab.survey.answers import Answers, Code, Measure, MissingCode, Variable
from scslab.survey.file.moments import Maker, kind_of, moments
from scslab.survey.file.reasons import reason_of
from scslab.survey.file.settle import settle, tidy
from scslab.survey.file.spss_header import weight_of

SYNTHETIC = "synthetic respondents"  # as the file's note (SPSS) or before its label (Stata)
_LOWEST = -1.7e308  # SPSS writes LOWEST as the smallest float


def read_spss(
    path: Path, drop: Sequence[str] = (), encoding: str | None = None
) -> tuple[Answers, tuple[str, ...]]:
    """An SPSS file, settled, and the names of all its variables.

    The portable format is read without its missing codes: the reader does not tell them.

    Raises
    ------
    ScslabError
        It cannot be read: truncated or damaged.
    """
    import pyreadstat

    weight = ""
    if path.suffix.lower() == ".por":
        frame, meta, names = _read(pyreadstat.read_por, path, "SPSS portable", drop)
    else:
        try:
            weight = weight_of(path)
        except ValueError as error:
            raise _broken("SPSS", path, str(error)) from None
        frame, meta, names = _read(
            pyreadstat.read_sav, path, "SPSS", drop, user_missing=True, encoding=encoding
        )
    variables = {name: _spss_variable(name, meta) for name in frame.columns}
    notes = tuple(meta.notes or ())
    answers = Answers(
        frame=frame,
        variables=variables,
        label=(meta.file_label or "").strip(),
        weight=weight if weight in variables else "",
        synthetic=any(SYNTHETIC in note for note in notes),
        notes=_portable() if path.suffix.lower() == ".por" else (),
    )
    return dated(settle(answers), "spss"), names


def _portable() -> tuple[str, ...]:
    return (
        "user-missing codes of the portable format are not read: such answers are blank; "
        "save the file as .sav to keep their reasons",
    )


def read_stata(
    path: Path, drop: Sequence[str] = (), encoding: str | None = None
) -> tuple[Answers, tuple[str, ...]]:
    """A Stata file, settled, and the names of all its variables.

    Extended missing values become the codes ".a" to ".z".

    Raises
    ------
    ScslabError
        It cannot be read: truncated or damaged.
    """
    import pyreadstat

    with path.open("rb") as file:
        modern = file.read(11) == b"<stata_dta>"
        file.seek(max(0, path.stat().st_size - 12))
        if modern and file.read() != b"</stata_dta>":
            raise _broken("Stata", path, "it ends before its last part")
    frame, meta, names = _read(
        pyreadstat.read_dta, path, "Stata", drop, user_missing=True, encoding=encoding
    )
    variables = {}
    for name in frame.columns:
        variables[name] = _stata_variable(name, meta)
        if frame[name].dtype == object and variables[name].kind == "number":
            frame[name] = _lettered(frame[name])
    label = (meta.file_label or "").strip()
    synthetic = label.startswith(SYNTHETIC)
    answers = Answers(
        frame=frame,
        variables=variables,
        label=label.removeprefix(SYNTHETIC).removeprefix(": ").strip() if synthetic else label,
        synthetic=synthetic,
    )
    return dated(settle(answers), "stata"), names


def _read(reader: Any, path: Path, what: str, drop: Sequence[str], **options: Any) -> Any:
    """Call a reader of pyreadstat; dates stay numbers, for some are beyond Python's."""
    from pyreadstat import ReadstatError

    try:
        names = list(reader(str(path), metadataonly=True, **_only(options))[1].column_names)
        if len(set(names)) < len(names) or not all(isinstance(n, str) and n for n in names):
            raise _broken(what, path, "variables without a name of their own")
        kept = [name for name in names if name not in set(drop)]
        only = {"usecols": kept} if len(kept) < len(names) and kept else {}
        frame, meta = reader(str(path), disable_datetime_conversion=True, **_only(options), **only)
    except UnicodeDecodeError:
        raise _broken(
            what, path, "text in an encoding that it does not name", "--encoding"
        ) from None
    except (ReadstatError, ValueError) as error:
        if "encoding" in str(error).lower() or "convert" in str(error).lower():
            raise _broken(
                what, path, "text in another encoding than the file says", "--encoding gb18030"
            ) from None
        why = "fewer rows than its header says" if "rows" in str(error) else str(error).lower()
        raise _broken(what, path, why) from None
    return frame[kept], meta, tuple(names)


def _only(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _broken(what: str, path: Path, got: str, hint: str = "") -> ScslabError:
    return ScslabError(
        f"the {what} file is damaged or cut short",
        where=str(path),
        got=got,
        hint=hint or "copy it again from its source",
    )


def _measure(name: str, meta: Any) -> Measure:
    word = meta.variable_measure.get(name, "unknown")
    return word if word in ("nominal", "ordinal", "scale") else "unknown"


def _spss_variable(name: str, meta: Any) -> Variable:
    """One variable of SPSS, with its missing codes and range."""
    text = meta.readstat_variable_types.get(name) == "string"
    labels: dict[Code, str] = {
        tidy(code): label for code, label in meta.variable_value_labels.get(name, {}).items()
    }
    missing, low_high = [], None
    for entry in meta.missing_ranges.get(name, []):
        low, high = (entry["lo"], entry["hi"]) if isinstance(entry, dict) else (entry, entry)
        if low == high:
            code = tidy(low.rstrip() if isinstance(low, str) else low)
            label = labels.pop(code, "")
            missing.append(MissingCode(code, label, reason_of(label)))
        else:
            low_high = (
                -np.inf if low <= _LOWEST else float(low),
                np.inf if high >= -_LOWEST else float(high),
            )
    return Variable(
        name=name,
        label=(meta.column_names_to_labels.get(name) or "").strip(),
        kind="text" if text else "number",
        measure=_measure(name, meta),
        labels=MappingProxyType(labels),
        missing=tuple(missing),
        missing_range=low_high,
        format=meta.original_variable_types.get(name) or "",
    )


def _stata_variable(name: str, meta: Any) -> Variable:
    """One variable of Stata; labels of its letters are of missing codes."""
    text = meta.readstat_variable_types.get(name) in ("string", "string_ref")
    labels: dict[Code, str] = {}
    missing = {f".{letter}": "" for letter in meta.missing_user_values.get(name, [])}
    for code, label in meta.variable_value_labels.get(name, {}).items():
        if isinstance(code, str) and not text:
            missing[f".{code}"] = label
        else:
            labels[tidy(code)] = label
    return Variable(
        name=name,
        label=(meta.column_names_to_labels.get(name) or "").strip(),
        kind="text" if text else "number",
        labels=MappingProxyType(labels),
        missing=tuple(
            MissingCode(code, label, reason_of(label)) for code, label in sorted(missing.items())
        ),
        format=meta.original_variable_types.get(name) or "",
    )


def _lettered(column: pd.Series) -> pd.Series:
    """Numbers with Stata's letters, which the reader gives as "a", as ".a"."""
    values = column.to_numpy(dtype=object)
    letters = np.fromiter((isinstance(v, str) for v in values), bool, len(values))
    values = values.copy()
    values[letters] = "." + values[letters].astype(object)
    return pd.Series(values, dtype=object)


def dated(answers: Answers, maker: Maker) -> Answers:
    """Settled answers with numbers that a format says are dates or times made so."""
    frame, variables = answers.frame.copy(deep=False), dict(answers.variables)
    odd = []
    for name, variable in answers.variables.items():
        kind = kind_of(variable.format, maker) if variable.kind == "number" else "number"
        if kind == "number":
            continue
        values = moments(answers.frame[name].to_numpy(), kind, maker)
        if values is None:
            odd.append(name)
        else:
            frame[name], variables[name] = values, replace(variable, kind=kind)
    notes = (f"dates beyond the calendar are kept as numbers: {', '.join(odd)}",) if odd else ()
    return replace(answers, frame=frame, variables=variables, notes=answers.notes + notes)
