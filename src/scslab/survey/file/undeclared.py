"""Codes that look like missing answers though nothing in the file says so: told, never guessed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scslab.survey.answers import Answers, Code, Variable, plain
from scslab.survey.file.reasons import reason_in
from scslab.survey.file.settle import tidy

_NEGATIVE = (*range(-9, 0), *range(-99, -95), -88, -77, *range(-999, -996), -888, -777)
_HIGH = ((7, 8, 9), (66, 77, 88, 96, 97, 98, 99), (666, 777, 888, 996, 997, 998, 999))
_MOST = 200  # more different values than this are a measurement, not codes
_SCALE = 12  # up to so many values a column is a scale, above it a measurement such as age
_SHOWN = 12  # variables that a note names


def undeclared_notes(answers: Answers) -> tuple[str, ...]:
    """One note that names the codes that look missing, and how to declare them; or none.

    Suspect are codes whose label says "don't know", "refused" and so on; -1 to -9, -77, -88,
    -99 and the like where all else is 0 or more; 7, 8, 9 (97, 98, 99; 997, ...) where a gap
    parts them from the highest other value and the highest of the series is among them.
    """
    found = [
        (name, codes)
        for name, variable in answers.variables.items()
        if variable.kind == "number" and (codes := suspects(answers.frame[name], variable))
    ]
    if not found:
        return ()
    listed = "; ".join(
        f"{name} ({', '.join(plain(c) for c in codes)})" for name, codes in found[:_SHOWN]
    )
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    name, codes = found[0]
    example = ", ".join(f"{plain(c)}: {r}" for c, r in codes.items())
    return (
        f"codes that look like missing answers count as answers, for nothing declares them "
        f"missing: {listed}{more}; to declare them: missing: {{{name}: {{{example}}}}}",
    )


def suspects(column: pd.Series, variable: Variable) -> dict[Code, str]:
    """Codes of one numeric column that look missing, each with the reason to propose."""
    values = column.to_numpy()
    if len(values) > 100_000 and len(np.unique(values[:: len(values) // 10_000])) > _MOST:
        return {}
    found = pd.unique(values)
    found = found[~np.isnan(found)] if found.dtype.kind == "f" else found
    if len(found) > _MOST or (found != np.floor(found)).any():
        return {}
    present = {int(v) for v in found}
    told: dict[Code, str] = {
        tidy(c): reason
        for c, label in variable.labels.items()
        if c in present and (reason := reason_in(label)) is not None
    }
    rest = sorted(present - {int(c) for c in told if not isinstance(c, str)})
    high = _high(rest)
    if high and len(rest) > _SCALE and not _heaped(column, high):
        high = []
    told |= {c: "unknown" for c in (*_negative(rest), *high) if c not in variable.labels}
    return {code: told[code] for code in sorted(told, key=float)}


def _heaped(column: pd.Series, codes: list[int]) -> bool:
    """Whether some of the codes is far more frequent than the other values of a measurement."""
    counts = column.value_counts()
    return bool(counts[codes].max() >= 3 * counts.drop(codes).median())


def _negative(present: list[int]) -> list[int]:
    """Negative codes, where they are all of the usual ones and other values are not below 0."""
    below = [v for v in present if v < 0]
    return below if below and len(below) < len(present) and set(below) <= set(_NEGATIVE) else []


def _high(present: list[int]) -> list[int]:
    """7, 8, 9 and longer series of them, parted by a gap from the highest other value."""
    for series in _HIGH:
        top = [v for v in present if v in series]
        rest = [v for v in present if v >= 0 and v not in series]
        if not top or len(rest) < 2 or max(top) != present[-1]:
            continue
        highest = rest[-1]
        while top and top[0] - highest < 2:
            highest = max(highest, top.pop(0))
        if top and top[-1] >= series[-2]:
            return top
    return []
