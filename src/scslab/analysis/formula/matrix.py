"""The design matrix of a formula, as R's `model.matrix` makes it with treatment contrasts.

Categories become columns of 0 and 1 against a reference, the first level unless told otherwise.
Ordered factors get treatment contrasts too, not R's polynomial ones. Columns are computed in
blocks of rows straight from the answers, so that nothing of n x k exists but the matrix itself,
and can be computed again with a variable set to another value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import numpy as np

from scslab.analysis.formula.outcome import read_outcome
from scslab.analysis.formula.read import Formula, read_formula
from scslab.analysis.formula.store import Store, make_store
from scslab.analysis.formula.variables import Use
from scslab.analysis.formula.walk import written
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError
from scslab.core.threads import BLOCK

Outcome = Literal["number", "categories", "binary", "none"]
INTERCEPT = "(Intercept)"
MOST_LEVELS = 200


@dataclass(frozen=True)
class Levels:
    """Categories of a factor in the matrix: those that occur, the reference first."""

    levels: tuple[str, ...]
    reference: str


@dataclass(frozen=True)
class Part:
    """A factor within a column: its place and, for categories, which level the column is of."""

    factor: int
    level: int = -1


@dataclass(frozen=True)
class Matrix:
    """A design matrix with its outcome; rows are those used, in the order of the sample.

    Attributes
    ----------
    X : f8[n_used, k], C order
    names, terms : tuple of str, k
        Of each column, as R names them.
    assign : int64[k]
        The term of each column by its number in the formula from 1; 0 is the intercept.
    factors : mapping of factor ("sex", "factor(x)") to Levels
    y : f8[n_used] (number; binary 0 or 1), int64[n_used] (categories), or empty (none)
    levels : tuple of str
        Categories of the outcome that occur, in the order of their codes; of a binary one first
        what counts 0, then what counts 1.
    rows : bool[n]
        Rows used: in the domain and complete.
    dropped : int
        Rows of the domain left out for a missing answer.
    dropped_by : mapping of variable to rows that lack it
    notes : tuple of str
        What the reader of a table should know: levels without rows, labelled numbers.
    """

    formula: Formula
    X: np.ndarray
    names: tuple[str, ...]
    terms: tuple[str, ...]
    assign: np.ndarray
    factors: Mapping[str, Levels]
    y: np.ndarray
    levels: tuple[str, ...]
    rows: np.ndarray
    dropped: int
    dropped_by: Mapping[str, int]
    notes: tuple[str, ...]
    columns: tuple[tuple[Part, ...], ...] = field(repr=False, default=())
    store: Store | None = field(repr=False, default=None)

    @property
    def n(self) -> int:
        """Rows used."""
        return len(self.X)


def model_frame(
    formula: Formula | str,
    sample: Sample,
    *,
    outcome: Outcome,
    treat: Mapping[str, Use] | None = None,
    reference: Mapping[str, str] | None = None,
    intercept: bool = False,
    most_levels: int = MOST_LEVELS,
) -> Matrix:
    """The design matrix and outcome of a formula.

    Parameters
    ----------
    outcome : "number", "categories", "binary" or "none"
        What the left side is read as. "binary" takes 0 and 1, a comparison, or two categories, of
        which the second counts 1, as in R's `glm`.
    treat : mapping of variable to "number" or "categories", optional
    reference : mapping of variable to level, optional
        By label or code, of a variable ("sex") or a factor ("factor(x)").
    intercept : bool
        Whether the matrix has a column for the intercept, if the formula has one. False for
        models whose thresholds take its place; categories are then coded as beside an intercept.
    most_levels : int
        More categories than this in one variable are an error.

    Raises
    ------
    ScslabError
        Unknown variables, levels or uses; no complete row; a variable or outcome without
        variation; values such as log(0).

    Notes
    -----
    A row is used if it has an answer to every variable of the formula; R keeps one with a gap
    where a comparison is certain without it (`I(x > 3 & z < 0)`). Levels that nobody among the
    rows used has get no column (R keeps them, with NA coefficients) and a note. Categories of text
    are in the order of their characters' codes; R's order depends on the computer's language.
    """
    read = read_formula(formula) if isinstance(formula, str) else formula
    if not intercept and not read.intercept:
        raise ScslabError(
            "this model has thresholds in the place of an intercept",
            where=read.text,
            hint='leave "- 1" or "0" out of the formula',
        )
    if (read.response is None) != (outcome == "none"):
        raise ScslabError(
            "no outcome in the formula" if read.response is None else "an outcome is not asked for",
            where=read.text,
            expected="~ terms" if outcome == "none" else "outcome ~ terms",
        )
    store = make_store(read, sample, treat, reference, most_levels)
    y, levels, said = read_outcome(read, sample, store, outcome, most_levels)
    found = lay_out(read, store, intercept)
    names, assign, columns = zip(*found, strict=True) if found else ((), (), ())
    terms = (INTERCEPT, *(t.name for t in read.terms))
    X = fill(store, columns)
    matrix = Matrix(
        formula=read,
        X=X,
        names=names,
        terms=tuple(terms[a] for a in assign),
        assign=np.array(assign, dtype=np.int64),
        factors=MappingProxyType(
            {
                written(read.factors[f]): Levels(c.levels, c.levels[0])
                for f, c in store.categories.items()
            }
        ),
        y=y,
        levels=levels,
        rows=store.rows,
        dropped=store.dropped,
        dropped_by=store.dropped_by,
        notes=(*store.notes, *said),
        columns=columns,
        store=store,
    )
    check_ranges(matrix)
    return matrix


def check_ranges(matrix: Matrix) -> None:
    """That columns of numbers are finite and, beside an intercept, vary.

    Raises
    ------
    ScslabError
        One is not, or does not.
    """
    low = np.full(len(matrix.names), np.inf)
    high = -low
    for start in range(0, matrix.n, BLOCK):  # one pass: columns lie apart in memory
        part = matrix.X[start : start + BLOCK]
        np.minimum(low, part.min(axis=0), out=low)
        np.maximum(high, part.max(axis=0), out=high)
    for j, parts in enumerate(matrix.columns):
        if not np.isfinite(low[j]) or not np.isfinite(high[j]):
            bad = int(np.count_nonzero(~np.isfinite(matrix.X[:, j])))
            raise ScslabError(
                f'"{matrix.names[j]}" has no finite value in some rows',
                where=matrix.formula.text,
                got=f"{bad:,} of {matrix.n:,} rows used",
                hint="a logarithm of 0, a root of a negative number, or a division by 0",
            )
        number = len(parts) == 1 and parts[0].level < 0
        if number and low[j] == high[j] and matrix.formula.intercept:
            raise ScslabError(
                f'"{matrix.names[j]}" has one value only among the rows used',
                where=matrix.formula.text,
                got=f"{low[j]:g}",
                hint="leave it out of the formula",
            )


def lay_out(
    formula: Formula, store: Store, intercept: bool
) -> list[tuple[str, int, tuple[Part, ...]]]:
    """Name, term number and parts of every column, coded by R's rules of marginality.

    A factor within a term is coded by contrasts if the term without it is in the model before,
    else by all its levels (`TermCode` in R's model.c); without an intercept the first factor of
    the first term that has one gets all its levels (`modelmatrix`).
    """
    found: list[tuple[str, int, tuple[Part, ...]]] = []
    if intercept and formula.intercept:
        found.append((INTERCEPT, 0, ()))
    whole_first = not formula.intercept
    for number, term in enumerate(formula.terms, 1):
        before = [set(t.factors) for t in formula.terms[: number - 1]]
        columns: list[tuple[str, tuple[Part, ...]]] = [("", ())]
        for f in term.factors:
            rest = set(term.factors) - {f}
            kept = not rest or any(rest <= b for b in before)
            if f in store.categories and whole_first:
                kept, whole_first = False, False
            # The first factor of a term varies fastest, as in R.
            columns = [
                (f"{name}:{label}" if name else label, (*parts, part))
                for label, part in columns_of(formula, store, f, kept)
                for name, parts in columns
            ]
        found.extend((name, number, parts) for name, parts in columns)
    return found


def columns_of(
    formula: Formula, store: Store, factor: int, contrasts: bool
) -> list[tuple[str, Part]]:
    """The columns that one factor gives, with their names."""
    label = written(formula.factors[factor])
    if factor not in store.categories:
        return [(label, Part(factor))]
    levels = store.categories[factor].levels
    start = 1 if contrasts else 0
    return [(label + levels[i], Part(factor, i)) for i in range(start, len(levels))]


def fill(
    store: Store,
    columns: tuple[tuple[Part, ...], ...],
    setting: Mapping[str, object] | None = None,
    start: int = 0,
    stop: int | None = None,
    step: Mapping[str, float] | None = None,
) -> np.ndarray:
    """The matrix of some rows used, block by block."""
    end = store.n if stop is None else min(stop, store.n)
    X = np.empty((max(end - start, 0), len(columns)))
    needed = sorted({p.factor for parts in columns for p in parts})
    for begin in range(start, end, BLOCK):
        rows = store.block(begin, min(begin + BLOCK, end), setting, step)
        values = {f: rows.factor(f) for f in needed}
        part = X[begin - start : begin - start + BLOCK]
        for j, parts in enumerate(columns):
            column = part[:, j]
            if not parts:
                column[:] = 1.0
            for i, p in enumerate(parts):
                value = values[p.factor] if p.level < 0 else values[p.factor] == p.level
                if i:
                    column *= value
                else:
                    column[:] = value
    return X


def with_values(
    matrix: Matrix, setting: Mapping[str, object], *, start: int = 0, stop: int | None = None
) -> np.ndarray:
    """The matrix (f8[rows, k]) as it would be if variables had other values in every row.

    Parameters
    ----------
    setting : mapping of variable to value
        A number, or a level by label or code. All terms that hold the variable follow.
    start, stop : int
        Which of the rows used; all by default.

    Raises
    ------
    ScslabError
        A variable that is not in the formula, or a level that has no column.
    """
    assert matrix.store is not None
    matrix.store.check_setting(setting)
    return fill(matrix.store, matrix.columns, setting, start, stop)


def with_value(
    matrix: Matrix, variable: str, value: object, *, start: int = 0, stop: int | None = None
) -> np.ndarray:
    """As `with_values`, of one variable."""
    return with_values(matrix, {variable: value}, start=start, stop=stop)


def with_step(
    matrix: Matrix, variable: str, step: float, *, start: int = 0, stop: int | None = None
) -> np.ndarray:
    """The matrix with a step added to a variable of numbers in every row, for derivatives.

    Raises
    ------
    ScslabError
        The variable is not in the formula or stands in it as categories.
    """
    store = matrix.store
    assert store is not None
    store.check_setting({variable: 0.0}, number=True)
    return fill(store, matrix.columns, None, start, stop, {variable: step})
