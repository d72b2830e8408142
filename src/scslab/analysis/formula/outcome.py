"""The outcome of a model: numbers, categories, or yes and no."""

from __future__ import annotations

import numpy as np

from scslab.analysis.formula.read import Formula
from scslab.analysis.formula.store import Store
from scslab.analysis.formula.variables import Coded, coded, labelled_share, small
from scslab.analysis.formula.walk import is_logical, written
from scslab.analysis.formula.words import Call, Expression, Name, work_out
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError
from scslab.survey.answers import plain


def read_outcome(
    formula: Formula, sample: Sample, store: Store, outcome: str, most: int
) -> tuple[np.ndarray, tuple[str, ...], tuple[str, ...]]:
    """Values of the left side among the rows used, its levels, and notes.

    Raises
    ------
    ScslabError
        It is not of the kind asked for, or has one value only.
    """
    e = formula.response
    if e is None:
        return np.empty(0), (), ()
    notes: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    if outcome == "number":
        y = numbers(e, sample, store)
        one = bool((y == y[0]).all())
    elif is_logical(e):
        y, levels = values_of(e, store).astype(float), ("FALSE", "TRUE")
        one = bool((y == y[0]).all())
        y = y if outcome == "binary" else y.astype(np.int64)
    elif outcome == "binary" and is_plain_number(e, sample):
        y, levels = numbers(e, sample, store), ("0", "1")
        one = bool((y == y[0]).all())
        if not one:
            check_zero_one(e, y)
    else:
        y, levels, notes = categories(e, sample, store, most)
        one = len(levels) == 1
        if outcome == "binary" and not one:
            check_two(e, sample, levels)
            y = y.astype(float)
            notes = (f"the outcome counts 1 where {written(e)} is {levels[1]}",)
    if one:
        raise ScslabError(
            f'the outcome "{written(e)}" has one value only among the rows used',
            where=formula.text,
            got=levels[0] if len(levels) == 1 else f"{float(y[0]):g}",
        )
    return y, levels, notes


def values_of(e: Expression, store: Store) -> np.ndarray:
    """An expression over all rows used."""
    return np.broadcast_to(work_out(e, store.block(0, store.n)), store.n)


def numbers(e: Expression, sample: Sample, store: Store) -> np.ndarray:
    """The outcome as f8[n_used].

    Raises
    ------
    ScslabError
        It is categories, or not finite somewhere.
    """
    if isinstance(e, Call) and e.function == "factor":
        raise ScslabError(
            "the outcome of this model is a number", got=written(e), hint="leave out factor()"
        )
    if isinstance(e, Name):
        sample.number(e.name)  # a text says so itself
    y = np.array(values_of(e, store), dtype=float)
    bad = int(np.count_nonzero(~np.isfinite(y)))
    if bad:
        raise ScslabError(
            f'the outcome "{written(e)}" has no finite value in some rows',
            got=f"{bad:,} of {len(y):,} rows used",
            hint="a logarithm of 0, a root of a negative number, or a division by 0",
        )
    return y


def is_plain_number(e: Expression, sample: Sample) -> bool:
    """Whether the outcome is numbers without labels."""
    if isinstance(e, Name):
        variable = sample.answers.variable(e.name)
        return variable.kind == "number" and not variable.labels
    return not (isinstance(e, Call) and e.function == "factor")


def check_zero_one(e: Expression, y: np.ndarray) -> None:
    """That numbers are 0 and 1.

    Raises
    ------
    ScslabError
        They are not.
    """
    if not ((y == 0) | (y == 1)).all():
        values = np.unique(y)
        shown = ", ".join(plain(float(v)) for v in values[:6]) + (
            ", ..." if len(values) > 6 else ""
        )
        name = written(e)
        raise ScslabError(
            f'the outcome "{name}" is not yes or no',
            got=f"values {shown}",
            expected="0 and 1, two categories, or a comparison",
            hint=f"{name} == {plain(float(values[-1]))}"
            if len(values) <= 6
            else f"I({name} > {plain(float(np.median(y)))})",
        )


def categories(
    e: Expression, sample: Sample, store: Store, most: int
) -> tuple[np.ndarray, tuple[str, ...], tuple[str, ...]]:
    """The outcome as places of its levels, int64[n_used]; levels without rows are left out."""
    inner = e.argument if isinstance(e, Call) and e.function == "factor" else e
    notes: tuple[str, ...] = ()
    if isinstance(inner, Name):
        found = coded(sample, inner.name, store.rows, most)
        codes = found.codes[store.rows].astype(np.int64)
        if sample.answers.variable(inner.name).kind == "text":
            shown = ", ".join(found.levels[:6]) + (", ..." if len(found.levels) > 6 else "")
            notes = (f"{inner.name} is text: its categories are in the order {shown}",)
    else:
        found = from_numbers(numbers(e, sample, store))
        codes = found.codes.astype(np.int64)
    kept = np.bincount(codes, minlength=len(found.levels)) > 0
    place = np.cumsum(kept) - 1
    levels = tuple(name for name, k in zip(found.levels, kept, strict=True) if k)
    return place[codes], levels, notes


def from_numbers(y: np.ndarray) -> Coded:
    """Numbers as categories in their order."""
    values, codes = np.unique(y, return_inverse=True)
    numbers = tuple(float(v) for v in values)
    return Coded(small(codes, len(numbers)), tuple(plain(v) for v in numbers), numbers)


def check_two(e: Expression, sample: Sample, levels: tuple[str, ...]) -> None:
    """That categories can be read as no and yes: two of them, and with names.

    Raises
    ------
    ScslabError
        They cannot.
    """
    unnamed = False
    if isinstance(e, Name):
        variable = sample.answers.variable(e.name)
        unnamed = variable.kind == "number" and labelled_share(sample, variable) < 1
    if len(levels) == 2 and not unnamed:
        return
    shown = ", ".join(levels[:6]) + (", ..." if len(levels) > 6 else "")
    name = written(e)
    hint = f"{name} == 1" if unnamed else f'{name} == "{levels[-1]}"'
    raise ScslabError(
        f'the outcome "{name}" is not yes or no',
        got=f"values {shown}" if unnamed else f"{len(levels)} categories: {shown}",
        expected="0 and 1, two categories, or a comparison",
        hint=hint,
    )
