"""Variables as a formula uses them: numbers, or categories coded as small integers.

A variable is categories where R haven users expect a factor: text, and numbers whose values carry
labels in a nominal measure. Labelled ordinal and scale variables are numbers unless the formula
says factor(x). `treat` overrides both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError, near
from scslab.survey.answers import Code, Variable, plain

Use = Literal["number", "categories"]
NEARLY_ALL = 0.9  # of the values that occur, the share with a label that makes a nominal one coded
SPAN = 20_000  # integer codes that lie within such a span are looked up rather than sorted


@dataclass(frozen=True)
class Coded:
    """A variable as categories.

    Attributes
    ----------
    codes : int16 or int32 [n]
        The level of each row; -1 where missing.
    levels : tuple of str
        By label where a code has one, in the order of the codes.
    values : tuple of codes
        What stands in the file for each level.
    """

    codes: np.ndarray
    levels: tuple[str, ...]
    values: tuple[Code, ...]

    def place(self, level: object) -> int:
        """The place of a level given by its label or its code, or -1."""
        if isinstance(level, str):
            if level in self.levels:
                return self.levels.index(level)
            return self.values.index(level) if level in self.values else -1
        numbers = [i for i, v in enumerate(self.values) if not isinstance(v, str) and v == level]
        return numbers[0] if numbers else -1


def use_of(sample: Sample, name: str, treat: Mapping[str, Use] | None) -> Use:
    """Whether a variable counts as numbers or as categories.

    Raises
    ------
    ScslabError
        No such variable, a date, or text that is to be a number.
    """
    variable = sample.answers.variable(name)
    told = (treat or {}).get(name)
    if told not in (None, "number", "categories"):
        raise ScslabError(
            f'"{name}" cannot be treated so', got=told, expected="number or categories"
        )
    if variable.kind == "text":
        if told == "number":
            raise ScslabError(
                f'"{name}" is text, not a number',
                where=sample.answers.source,
                expected="a variable of numbers",
            )
        return "categories"
    if variable.kind != "number":
        raise ScslabError(
            f'"{name}" is a {variable.kind} and cannot stand in a model',
            where=sample.answers.source,
            hint="make a number of it first, such as a year or an age",
        )
    if told:
        return told
    nominal = variable.measure == "nominal" and bool(variable.labels)
    return "categories" if nominal and labelled_share(sample, variable) >= NEARLY_ALL else "number"


def labelled_share(sample: Sample, variable: Variable) -> float:
    """The share of the distinct values that have a label."""
    found = distinct(sample.answers.column(variable.name))
    return sum(v in variable.labels for v in found) / len(found) if found else 0.0


def distinct(column: pd.Series) -> list[float]:
    """The numbers that occur, sorted."""
    values = column.to_numpy()
    if values.dtype.kind not in "iuf":
        values = column.to_numpy(dtype=float, na_value=np.nan)
    window = span_of(values)
    if window is None:
        return [float(v) for v in np.unique(values[~np.isnan(values)])]
    low, places, count = window
    return [float(low + i) for i in np.flatnonzero(np.bincount(places, minlength=count + 1)[:-1])]


def span_of(values: np.ndarray) -> tuple[int, np.ndarray, int] | None:
    """Integers of a small span as places from the lowest; missing ones at the last place.

    None where they are not integers or lie far apart.
    """
    if not len(values):
        return None
    with np.errstate(invalid="ignore"):
        low, high = np.fmin.reduce(values), np.fmax.reduce(values)
    if not (np.isfinite(low) and np.isfinite(high) and high - low < SPAN):
        return None
    count = int(high - low) + 1
    low = int(np.floor(low))
    if values.dtype.kind in "iu":
        return low, (values - low).astype(np.int32), count
    gone = np.isnan(values)
    places = np.where(gone, count, values - low)
    whole = places.astype(np.int32)
    return (low, whole, count) if (whole == places).all() else None


def coded(sample: Sample, name: str, used: np.ndarray, most: int) -> Coded:
    """A variable as categories.

    Parameters
    ----------
    used : bool[n]
        Rows whose levels count against `most`.

    Raises
    ------
    ScslabError
        More than `most` levels.
    """
    variable, column = sample.answers.variable(name), sample.answers.column(name)
    if variable.kind == "number":
        return coded_numbers(variable, column, used, most)
    codes, found = pd.factorize(column, sort=False)
    check_count(name, int(np.count_nonzero(np.bincount(codes[used] + 1)[1:])), most)
    values: tuple[Code, ...] = tuple(sorted({*map(str, found), *map(str, variable.labels)}))
    place = {v: i for i, v in enumerate(values)}
    table = np.array([*(place[str(v)] for v in found), -1])
    return Coded(small(table[codes], len(values)), names_of(variable, values), values)


def coded_numbers(variable: Variable, column: pd.Series, used: np.ndarray, most: int) -> Coded:
    """Numbers as categories, in their order."""
    values = column.to_numpy()
    if values.dtype.kind not in "iuf":
        values = column.to_numpy(dtype=float, na_value=np.nan)
    labelled = [float(c) for c in variable.labels if not isinstance(c, str)]
    window = span_of(values)
    if window is None:
        codes, found = pd.factorize(values, sort=True)
        occurring = [float(v) for v in found]
        check_count(variable.name, int(np.count_nonzero(np.bincount(codes[used] + 1)[1:])), most)
    else:
        low, codes, count = window
        present = np.bincount(codes, minlength=count + 1)[:-1] > 0
        among = np.bincount(codes[used], minlength=count + 1)[:-1]
        check_count(variable.name, int(np.count_nonzero(among)), most)
        occurring = [float(low + i) for i in np.flatnonzero(present)]
    levels: tuple[float, ...] = tuple(sorted({*occurring, *labelled}))
    place = {v: i for i, v in enumerate(levels)}
    if window is None:
        table = np.array([*(place[v] for v in occurring), -1])
    else:
        table = np.full(count + 1, -1)
        table[np.flatnonzero(present)] = [place[v] for v in occurring]
    small_table = small(table, len(levels))
    return Coded(small_table[codes], names_of(variable, levels), levels)


def small(codes: np.ndarray, levels: int) -> np.ndarray:
    """Codes in as few bytes as hold them."""
    return codes.astype(np.int16 if levels < 2**15 else np.int32)


def names_of(variable: Variable, values: tuple[Code, ...]) -> tuple[str, ...]:
    """Names of levels: labels where there are; two codes with one label stay apart."""
    names = [variable.labels.get(v) or plain(v) for v in values]
    if len(set(names)) < len(names):
        names = [f"{plain(v)} {n}" for v, n in zip(values, names, strict=True)]
    return tuple(names)


def check_count(name: str, count: int, most: int) -> None:
    """That categories are not too many for a model.

    Raises
    ------
    ScslabError
        They are.
    """
    if count > most:
        raise ScslabError(
            f'"{name}" has too many categories for a model',
            got=f"{count:,} categories among the rows used",
            expected=f"at most {most:,}",
            hint=f'if "{name}" is a number, take it out of factor() or treat it as a number; '
            "else group its categories",
        )


def known(sample: Sample, names: tuple[str, ...], formula: str) -> None:
    """That all variables exist.

    Raises
    ------
    ScslabError
        One does not; the nearest name is told.
    """
    for name in names:
        if name not in sample.answers.variables:
            raise ScslabError(
                f'no variable "{name}"', where=formula, hint=near(name, sample.answers.variables)
            )
