"""Levels of categories among the rows used, and which of them is the reference."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from scslab.analysis.formula.variables import Coded, Use
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError, near

LOGICAL = Coded(np.empty(0, np.int16), ("FALSE", "TRUE"), (0.0, 1.0))


def only_used(found: Coded, name: str, rows: np.ndarray) -> tuple[Coded, list[str]]:
    """Categories with the levels among the rows used alone, and a note on those without rows.

    Raises
    ------
    ScslabError
        One level only.
    """
    counts = np.bincount(found.codes[rows].astype(np.int64), minlength=len(found.levels))
    kept = np.flatnonzero(counts)
    if len(kept) < 2:
        raise ScslabError(
            f'"{name}" has one value only among the rows used',
            got=found.levels[int(kept[0])],
            hint="leave it out of the formula",
        )
    if len(kept) == len(found.levels):
        return found, []
    table = np.full(len(found.levels) + 1, -1, found.codes.dtype)
    table[kept] = np.arange(len(kept))
    gone = [found.levels[i] for i in np.flatnonzero(counts == 0)]
    shown = ", ".join(gone[:5]) + (", ..." if len(gone) > 5 else "")
    left = Coded(
        table[found.codes],
        tuple(found.levels[i] for i in kept),
        tuple(found.values[i] for i in kept),
    )
    return left, [f"{name}: nobody among the rows used has {shown}; no column"]


def with_reference(found: Coded, name: str, first: str | None) -> Coded:
    """Categories with the reference level in front.

    Raises
    ------
    ScslabError
        No such level.
    """
    if first is None:
        return found
    at = found.place(first)
    if at < 0:
        raise no_level(name, first, found.levels)
    order = [at, *(i for i in range(len(found.levels)) if i != at)]
    table = np.full(len(order) + 1, -1, found.codes.dtype)
    table[order] = np.arange(len(order))
    return Coded(
        table[found.codes] if len(found.codes) else found.codes,
        tuple(found.levels[i] for i in order),
        tuple(found.values[i] for i in order),
    )


def no_level(name: str, level: object, levels: tuple[str, ...]) -> ScslabError:
    """The mistake of a level that does not occur."""
    return ScslabError(
        f'"{name}" has no level "{level}" among the rows used', hint=near(str(level), levels)
    )


def check_texts(found: Coded, name: str, texts: list[str]) -> Coded:
    """That a variable has the levels it is compared with.

    Raises
    ------
    ScslabError
        It has not.
    """
    for text in texts:
        if found.place(text) < 0:
            raise no_level(name, text, found.levels)
    return found


def labelled_note(sample: Sample, name: str, treat: Mapping[str, Use] | None) -> list[str]:
    """A note on a labelled variable that is taken as numbers without having been told."""
    labels = sample.answers.variable(name).labels
    if name in (treat or {}) or len(labels) < 3:
        return []
    return [f"{name} has value labels and is taken as a number; factor({name}) makes categories"]
