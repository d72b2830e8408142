"""Cells of a CSV as numbers, dates or text, decided by the different words of a column."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from scslab.survey.file.settle import LETTER

BLANKS = ("NA", "NaN", "nan", "NULL", "null", "N/A", "#N/A", "#NULL!", ".")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?")
_LAST_DIGITS = 2.0**53


def column_of(
    codes: np.ndarray, found: np.ndarray, wanted: str, known: frozenset[str], comma: bool
) -> tuple[pd.Series, Any, bool]:
    """A column of text as numbers, dates or text, and whether words like NA were read as blank.

    Parameters
    ----------
    codes, found : arrays
        Each cell's place in the different words found, -1 for an empty cell.
    wanted : str
        The kind that is told, or "" where the words decide.
    known : set of str
        Codes that a codebook names; they are never blank, and may be letters among numbers.
    comma : bool
        Whether numbers may have a decimal comma.
    """
    words = [str(w).strip() for w in found]
    blank = [w in BLANKS and w not in known for w in words]
    rest = [w for w, b in zip(words, blank, strict=True) if not b]
    if wanted in ("", "number"):
        numbers = _numbers(rest, known, comma)
        if numbers is not None and (rest or wanted == "number" or not any(blank)):
            there = iter(numbers)
            table = np.array([*(np.nan if b else next(there) for b in blank), np.nan], object)
            out = pd.Series(table[codes], dtype=object)
            letters = any(isinstance(number, str) for number in numbers)
            return (out if letters else out.astype(float)), "number", any(blank)
    if wanted in ("", "date", "datetime", "time"):
        moments = [w for w in rest if w not in known] if wanted else rest
        dates = times_of(moments, wanted)
        if dates is not None:
            place = {word: i for i, word in enumerate(moments)}
            days = np.append(dates.to_numpy(), np.array(["NaT"], dates.dtype))
            rows = np.array([*(place.get(w, -1) for w in words), -1])
            return pd.Series(days[rows[codes]]), _kind(dates, wanted, moments), any(blank)
    # Among words only NA is blank: it is what R writes.
    blank = [w == "NA" and w not in known for w in words]
    texts = [None if b else str(w) for w, b in zip(found, blank, strict=True)]
    return (
        pd.Series(np.array([*texts, None], dtype=object)[codes], dtype=object),
        "text",
        any(blank),
    )


def _numbers(words: list[str], known: frozenset[str], comma: bool) -> list[float | str] | None:
    """Words as numbers, letters and known codes as they are; None where one is neither."""
    out: list[float | str] = []
    for word in words:
        number = _number(word.replace(",", ".") if comma else word)
        if number is None and not (LETTER.fullmatch(word) or word in known):
            return None
        out.append(word if number is None else number)
    return out if not out or any(not isinstance(w, str) for w in out) else None


def _number(word: str) -> float | None:
    """A word as a number that a float holds exactly enough, or None."""
    if re.match(r"[-+]?0\d", word) or "_" in word:
        return None
    try:
        number = float(word)
    except ValueError:
        return None
    return number if abs(number) < _LAST_DIGITS else None


def times_of(words: list[str], wanted: str) -> pd.Series | None:
    """Words in ISO form as datetimes (or durations, for times); None where one is none."""
    if wanted == "time":
        times = pd.to_timedelta(pd.Series(words, dtype=object), errors="coerce")
        return None if times.isna().any() else times.astype("timedelta64[us]")
    if not (words or wanted) or not all(_DATE.fullmatch(w) or _TIME.fullmatch(w) for w in words):
        return None
    try:
        return pd.Series(np.array([w.removesuffix("Z") for w in words], dtype="datetime64[us]"))
    except ValueError:  # a day that does not exist
        return None


def _kind(dates: pd.Series, wanted: str, words: list[str]) -> Any:
    return wanted or ("date" if all(len(w) == 10 for w in words) else "datetime")
