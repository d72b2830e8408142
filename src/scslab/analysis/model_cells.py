"""Coefficients of models that say what few respondents answered, and so are not shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from scslab.analysis.fitted import Fitted
from scslab.analysis.formula.matrix import INTERCEPT, Matrix
from scslab.core.errors import ScslabError
from scslab.core.threads import BLOCK


def dummy_counts(matrix: Matrix) -> dict[str, int]:
    """Respondents behind the columns of a matrix that stand for categories.

    Parameters
    ----------
    matrix : Matrix

    Returns
    -------
    dict of column to rows used that are not 0
        Of columns of two values (dummies and their products; where neither is 0, rows with the
        higher one) and of products of a category with a number. Other columns are not in it.
    """
    X, found = matrix.X, {}
    low, high = np.full(X.shape[1], np.inf), np.full(X.shape[1], -np.inf)
    for rows in row_blocks(matrix.n):
        np.minimum(low, X[rows].min(axis=0), out=low)
        np.maximum(high, X[rows].max(axis=0), out=high)
    between = np.zeros(X.shape[1], dtype=np.int64)
    top, some = np.zeros_like(between), np.zeros_like(between)
    for rows in row_blocks(matrix.n):
        part = X[rows]
        between += np.count_nonzero((part != low) & (part != high), axis=0)
        top += np.count_nonzero(part == high, axis=0)
        some += np.count_nonzero(part, axis=0)
    for j, name in enumerate(matrix.names):
        parts = matrix.columns[j] if matrix.columns else ()
        if low[j] < high[j] and between[j] == 0:
            found[name] = int(some[j] if low[j] * high[j] == 0 else top[j])
        elif low[j] < high[j] and any(p.level >= 0 for p in parts):
            found[name] = int(some[j])
    return found


def row_blocks(n: int) -> Iterator[slice]:
    """Rows in blocks that the cache holds."""
    return (slice(start, start + BLOCK) for start in range(0, n, BLOCK))


def column_of(model: Fitted, name: str) -> str:
    """The column of the matrix that a coefficient belongs to.

    Those of multinomial models carry their category ("high:age"), free ones of partial ordinal
    models their threshold ("age:low|high").
    """
    if model.kind == "multinomial":
        for level in model.levels[1:]:
            if name.startswith(f"{level}:"):
                return name.removeprefix(f"{level}:")
    for low, high in zip(model.levels, model.levels[1:], strict=False):
        name = name.removesuffix(f":{low}|{high}")
    return name


def small_references(model: Fitted, counts: Mapping[str, int], below: int) -> list[str]:
    """Factors of a model (by term) whose reference category fewer than `below` rows have."""
    columns: dict[str, set[str]] = {}
    for name, term in zip(model.names, model.terms, strict=True):
        if ":" not in term and term != INTERCEPT:
            columns.setdefault(term, set()).add(column_of(model, name))
    return [
        term
        for term, names in columns.items()
        if names <= counts.keys() and 0 < model.n - sum(counts[c] for c in names) < below
    ]


def hidden_coefficients(
    model: Fitted, counts: Mapping[str, int], below: int
) -> tuple[np.ndarray, list[str]]:
    """Which coefficients and thresholds say what fewer than `below` respondents answered.

    Parameters
    ----------
    counts : mapping of column to respondents
        As `dummy_counts` gives.

    Returns
    -------
    bool[k + thresholds]
        Coefficients of small categories. Where a reference category is small: all coefficients of
        its factor, of its interactions and of what it interacts with (they are of the reference),
        the constant and the thresholds.
    list of str
        Terms whose reference is small.
    """
    small = small_references(model, counts, below)
    met = [set(t.split(":")) for t in model.terms if set(t.split(":")) & set(small)]
    hidden = [
        0 < counts.get(column_of(model, name), below) < below
        or any(set(term.split(":")) <= parts for parts in met)
        or (bool(small) and term == INTERCEPT)
        for name, term in zip(model.names, model.terms, strict=True)
    ]
    return np.array([*hidden, *[bool(small)] * len(model.thresholds)], dtype=bool), small


def hidden_in_all(
    models: Sequence[Fitted], counts: Sequence[Mapping[str, int]], below: int
) -> tuple[list[np.ndarray], tuple[str, ...]]:
    """What is hidden in each of several models, and the note that says so.

    Raises
    ------
    ScslabError
        Counts of fewer or more models.
    """
    if counts and len(counts) != len(models):
        raise ScslabError(
            "counts are given for each model",
            got=f"{len(counts)}",
            expected=f"{len(models)}",
            hint="dummy_counts(model.matrix)",
        )
    found = [
        hidden_coefficients(m, c, below)
        for m, c in zip(models, counts or [{}] * len(models), strict=True)
    ]
    flags = [hidden for hidden, _ in found]
    if not any(hidden.any() for hidden in flags):
        return flags, ()
    note = (
        f"Coefficients that rest on a category of fewer than {below} respondents (unweighted) are "
        "not shown."
    )
    terms = list(dict.fromkeys(term for _, small in found for term in small))
    if terms:
        note += (
            f" The reference category of {', '.join(terms)} is as small, so that all coefficients "
            "set against it and the constant or thresholds are hidden."
        )
    return flags, (note,)
