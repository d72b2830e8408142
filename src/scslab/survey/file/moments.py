"""Dates and times as SPSS and Stata count them, and back."""

from __future__ import annotations

import re
from typing import Any, Literal

import numpy as np
import pandas as pd

from scslab.survey.answers import Kind

Maker = Literal["spss", "stata"]

_SPSS_KINDS: tuple[tuple[Kind, str], ...] = (
    ("datetime", r"(DATETIME|YMDHMS)[\d.]*"),
    ("date", r"(DATE|ADATE|EDATE|JDATE|SDATE|QYR|MOYR|WKYR)[\d.]*"),
    ("time", r"(TIME|DTIME|MTIME)[\d.]*"),
)
_STATA_KINDS: tuple[tuple[Kind, str], ...] = (
    ("time", r"%-?\d*t[cC](HH|hh|Hh).*"),
    ("datetime", r"%-?\d*t[cC].*"),
    ("date", r"%-?\d*(td|d).*"),
)
_SPSS_ZERO = np.datetime64("1582-10-14", "us")  # seconds are counted from here
_STATA_ZERO = np.datetime64("1960-01-01", "us")  # days (%td) or milliseconds (%tc) from here
_SECOND, _DAY = 1_000_000, 86_400_000_000
_FURTHEST = 1e11  # seconds either way, some 3,000 years: beyond it a number is no date
_DEFAULT: dict[tuple[str, Kind], str] = {
    ("spss", "date"): "SDATE10",
    ("spss", "datetime"): "DATETIME23.3",
    ("spss", "time"): "TIME11.2",
    ("stata", "date"): "%td",
    ("stata", "datetime"): "%tc",
    ("stata", "time"): "%tcHH:MM:SS",
}


def kind_of(form: str, maker: Maker) -> Kind:
    """What a display format says a number is; weeks, months and quarters of Stata are numbers.

    Examples
    --------
    >>> kind_of("ADATE10", "spss"), kind_of("%tc", "stata"), kind_of("F8.2", "spss")
    ('date', 'datetime', 'number')
    """
    kinds = _SPSS_KINDS if maker == "spss" else _STATA_KINDS
    return next((kind for kind, pattern in kinds if re.fullmatch(pattern, form)), "number")


def format_for(form: str, kind: Kind, maker: Maker) -> str:
    """The file's own format where this program knows it, else its usual one for the kind."""
    return form if kind_of(form, maker) == kind else _DEFAULT[maker, kind]


def _unit(kind: Kind, maker: Maker) -> int:
    """Microseconds of the number's unit."""
    if maker == "spss":
        return _SECOND
    return _DAY if kind == "date" else 1000


def moments(values: np.ndarray, kind: Kind, maker: Maker) -> pd.Series | None:
    """Numbers (NaN where missing) as datetimes or durations; None where some are no dates."""
    numbers = np.asarray(values, dtype=np.float64)
    unit, there = _unit(kind, maker), ~np.isnan(numbers)
    if (np.abs(numbers[there]) * (unit / _SECOND) > _FURTHEST).any():
        return None
    micros = np.zeros(len(numbers), np.int64)
    micros[there] = np.round(numbers[there] * unit).astype(np.int64)
    span = micros.astype("timedelta64[us]")
    out: Any = span
    if kind != "time":
        out = (_SPSS_ZERO if maker == "spss" else _STATA_ZERO) + span
    out[~there] = np.timedelta64("NaT") if kind == "time" else np.datetime64("NaT")
    return pd.Series(out)


def numbers(column: pd.Series, kind: Kind, maker: Maker) -> np.ndarray:
    """Datetimes or durations as the program's numbers, NaN where missing."""
    gone = column.isna().to_numpy()
    if kind == "time":
        micros = column.to_numpy().astype("timedelta64[us]").astype(np.int64)
    else:
        zero = _SPSS_ZERO if maker == "spss" else _STATA_ZERO
        micros = (column.to_numpy().astype("datetime64[us]") - zero).astype(np.int64)
    out = micros / _unit(kind, maker)
    out[gone] = np.nan
    return out
