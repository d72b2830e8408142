"""What the columns of a matrix are computed from: a sample's answers, the rows used, the levels.

Numbers are read in place from the answers; categories are held as small integers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from scslab.analysis.formula.levels import (
    LOGICAL,
    check_texts,
    labelled_note,
    no_level,
    only_used,
    with_reference,
)
from scslab.analysis.formula.read import Formula
from scslab.analysis.formula.variables import Coded, Use, coded, known, use_of
from scslab.analysis.formula.walk import (
    as_numbers,
    compared,
    is_logical,
    names_for,
    variables_of,
    written,
)
from scslab.analysis.formula.words import Call, Expression, Name, work_out
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError, near


@dataclass(frozen=True)
class Store:
    """Answers, rows and levels behind a matrix.

    Attributes
    ----------
    factors : the formula's
    numbers : mapping of variable to its numbers [n], as they lie in the answers
    levels : mapping of variable to Coded, of variables that are compared with text
    categories : mapping of factor place to Coded, levels among the rows used, reference first
    rows : bool[n]; places : int64[n_used] or None where all rows are used
    """

    factors: tuple[Expression, ...]
    numbers: Mapping[str, np.ndarray]
    levels: Mapping[str, Coded]
    categories: Mapping[int, Coded]
    rows: np.ndarray
    places: np.ndarray | None
    n: int
    dropped: int
    dropped_by: Mapping[str, int]
    notes: tuple[str, ...]

    def block(
        self,
        start: int,
        stop: int,
        setting: Mapping[str, object] | None = None,
        step: Mapping[str, float] | None = None,
    ) -> Block:
        """Rows `start` to `stop` of those used, with variables set or moved."""
        at = slice(start, stop) if self.places is None else self.places[start:stop]
        return Block(self, at, stop - start, setting or {}, step or {})

    def check_setting(self, setting: Mapping[str, object], number: bool = False) -> None:
        """That variables can be set so.

        Raises
        ------
        ScslabError
            A variable is not in the formula, a level has no column, or categories where
            `number` is asked for.
        """
        names = {v for e in self.factors for v in variables_of(e)}
        for name, value in setting.items():
            if name not in names:
                raise ScslabError(f'"{name}" is not in the model', hint=near(name, names))
            for f, e in enumerate(self.factors):
                if name not in variables_of(e):
                    continue
                if f in self.categories and not is_logical(e):
                    if number:
                        raise ScslabError(f'"{name}" stands in the model as categories')
                    found = self.categories[f]
                    if found.place(value) < 0:
                        raise no_level(name, value, found.levels)
                elif isinstance(value, str) and name not in self.levels:
                    raise ScslabError(
                        f'"{name}" is a number in the model', got=value, expected="a number"
                    )
                elif name in self.levels and self.levels[name].place(value) < 0:
                    raise no_level(name, value, self.levels[name].levels)


@dataclass(frozen=True)
class Block:
    """Values of variables in a block of rows (a `Rows` for expressions)."""

    store: Store
    at: slice | np.ndarray
    n: int
    setting: Mapping[str, object]
    step: Mapping[str, float]

    def number(self, name: str) -> np.ndarray:
        """Values, f8[rows]."""
        if name in self.setting:
            return np.full(self.n, self.as_number(name))
        values: np.ndarray = self.store.numbers[name][self.at]
        return values + self.step[name] if name in self.step else values

    def as_number(self, name: str) -> float:
        """A value that was set, as a number: that of the level where a label was given."""
        value = self.setting[name]
        if isinstance(value, str) and name in self.store.levels:
            found = self.store.levels[name]
            value = found.values[found.place(value)]
        return float(value)  # type: ignore[arg-type]

    def is_level(self, name: str, level: str) -> np.ndarray:
        """Which rows (bool) have this level."""
        found = self.store.levels[name]
        wanted = found.place(level)
        if name in self.setting:
            return np.full(self.n, found.place(self.setting[name]) == wanted)
        same: np.ndarray = found.codes[self.at] == wanted
        return same

    def factor(self, place: int) -> np.ndarray:
        """A factor's values, or the places of its levels."""
        e = self.store.factors[place]
        if place not in self.store.categories:
            return np.broadcast_to(work_out(e, self), self.n)
        if is_logical(e):
            value = np.broadcast_to(work_out(e, self), self.n)
            return value if self.store.categories[place].levels[0] == "FALSE" else ~value
        found = self.store.categories[place]
        (name,) = variables_of(e)
        if name in self.setting:
            return np.full(self.n, found.place(self.setting[name]))
        codes: np.ndarray = found.codes[self.at]
        return codes


def make_store(
    formula: Formula,
    sample: Sample,
    treat: Mapping[str, Use] | None,
    reference: Mapping[str, str] | None,
    most: int,
) -> Store:
    """Find the rows used, read the variables and code the categories of a formula.

    Raises
    ------
    ScslabError
        As `model_frame`.
    """
    known(sample, formula.variables, formula.text)
    check_names(formula, sample, treat or {}, "treat")
    check_references(formula, reference or {})
    rows, dropped, dropped_by = rows_used(formula, sample)
    n = int(np.count_nonzero(rows))
    used = [formula.factors[f] for t in formula.terms for f in t.factors]
    sides = used if formula.response is None else [*used, formula.response]
    store = Store(
        factors=formula.factors,
        numbers={},
        levels={
            v: check_texts(coded(sample, v, rows, most), v, texts)
            for v, texts in compared(sides).items()
        },
        categories={},
        rows=rows,
        places=None if n == len(rows) else np.flatnonzero(rows),
        n=n,
        dropped=dropped,
        dropped_by=dropped_by,
        notes=(),
    )
    categories: dict[int, Coded] = {}
    notes: list[str] = []
    for f in sorted({f for t in formula.terms for f in t.factors}):
        e = formula.factors[f]
        first = next((r for k, r in (reference or {}).items() if k in names_for(e)), None)
        if is_logical(e):
            categories[f] = with_reference(LOGICAL, written(e), first)
            continue
        (name, *_) = variables_of(e)
        is_factor = isinstance(e, Call) and e.function == "factor"
        if is_factor or (isinstance(e, Name) and use_of(sample, name, treat) == "categories"):
            found, said = only_used(coded(sample, name, rows, most), name, rows)
            categories[f] = with_reference(found, name, first)
            notes += said
        elif isinstance(e, Name):
            notes += labelled_note(sample, name, treat)
        if f not in categories and first is not None:
            raise ScslabError(
                f'"{written(e)}" is a number and has no reference level',
                where=formula.text,
                got=first,
                hint=f"factor({written(e)})",
            )
    numbers = read_numbers(formula, sample, categories)
    store = replace(
        store, numbers=numbers, categories=categories, notes=tuple(dict.fromkeys(notes))
    )
    for f in categories:
        if is_logical(formula.factors[f]):
            check_logical(store, formula.factors[f])
    return store


def read_numbers(
    formula: Formula, sample: Sample, categories: Mapping[int, Coded]
) -> dict[str, np.ndarray]:
    """The variables that the formula needs as numbers; an outcome of text is not one of them.

    Raises
    ------
    ScslabError
        Text where a number is needed.
    """
    needed: set[str] = set()
    for f in {f for t in formula.terms for f in t.factors}:
        e = formula.factors[f]
        if f not in categories or is_logical(e):
            needed |= as_numbers(e)
    left = formula.response
    text = isinstance(left, Name) and sample.answers.variable(left.name).kind != "number"
    if left is not None and not text:
        needed |= as_numbers(left)
    return {v: numbers_of(sample, v) for v in sorted(needed)}


def rows_used(formula: Formula, sample: Sample) -> tuple[np.ndarray, int, dict[str, int]]:
    """Rows (bool[n]) of the domain with every variable answered; those lost, and by variable.

    Raises
    ------
    ScslabError
        None is left.
    """
    inside = sample.design.inside
    rows = inside.copy()
    lost: dict[str, int] = {}
    for name in formula.variables:
        gone = sample.answers.unanswered(name)
        missing = 0 if gone is None else int(np.count_nonzero(inside & gone))
        if gone is not None and missing:
            lost[name] = missing
            rows &= ~gone
    left, whole = int(np.count_nonzero(rows)), int(np.count_nonzero(inside))
    if not left:
        by = sorted(lost.items(), key=lambda item: -item[1])[:3]
        raise ScslabError(
            "no row has an answer to every variable of the model"
            if whole
            else "the domain has no rows",
            where=formula.text,
            got="; ".join(f"{k} is missing in {v:,} of {whole:,} rows" for k, v in by) or None,
        )
    return rows, whole - left, lost


def numbers_of(sample: Sample, name: str) -> np.ndarray:
    """A variable's numbers, uncopied where they are plain numbers."""
    values = sample.answers.array(name)
    kind = sample.answers.variable(name).kind
    return values if kind == "number" and values.dtype.kind in "iuf" else sample.number(name)


def check_logical(store: Store, e: Expression) -> None:
    """That a comparison is neither true nor false throughout.

    Raises
    ------
    ScslabError
        It is.
    """
    value = np.broadcast_to(work_out(e, store.block(0, store.n)), store.n)
    if value.all() or not value.any():
        raise ScslabError(
            f'"{written(e)}" has one value only among the rows used',
            got="TRUE" if value.all() else "FALSE",
            hint="leave it out of the formula",
        )


def check_names(formula: Formula, sample: Sample, given: Mapping[str, object], what: str) -> None:
    """That an option names variables of the file.

    Raises
    ------
    ScslabError
        It does not.
    """
    for name in given:
        if name not in sample.answers.variables:
            raise ScslabError(
                f'no variable "{name}"', where=what, hint=near(name, formula.variables)
            )


def check_references(formula: Formula, reference: Mapping[str, str]) -> None:
    """That references are of factors in the formula.

    Raises
    ------
    ScslabError
        One is not.
    """
    names = {n for e in formula.factors for n in names_for(e)}
    for name in reference:
        if name not in names:
            raise ScslabError(
                f'"{name}" is no factor of the formula',
                where="reference",
                got=formula.text,
                hint=near(name, names),
            )
