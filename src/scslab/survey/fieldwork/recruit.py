"""River sampling: a queue of people who see an invitation, and quotas that fill up.

A river sample has no list of named persons: whoever comes by is invited, until enough interviews
are complete (AAPOR 2010, Report on Online Panels).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scslab.core.errors import ScslabError
from scslab.survey.fieldwork.dispositions import (
    BREAK_OFF,
    COMPLETE,
    IMPLICIT_REFUSAL,
    QUOTA_FILLED,
)
from scslab.survey.fieldwork.whole import largest_remainder


@dataclass(frozen=True)
class Recruited:
    """What became of a queue.

    Attributes
    ----------
    dispositions : i2[used]
        Codes of `dispositions.OUTCOMES`, in the order of the queue.
    completes : i8[m]
        Places in the queue of those who completed.
    filled : i8[cells]
        Completes of each quota cell; one cell without quotas.
    wanted : int
        Completes that were wanted.
    """

    dispositions: np.ndarray
    completes: np.ndarray
    filled: np.ndarray
    wanted: int

    @property
    def used(self) -> int:
        """How many of the queue were invited."""
        return len(self.dispositions)

    @property
    def short(self) -> int:
        """Completes that are missing: the queue ran dry, or the quotas were full before."""
        return self.wanted - len(self.completes)


def quota_cells(margins: Sequence[np.ndarray], wanted: int, slack: float = 0.0) -> np.ndarray:
    """Completes to be taken from each crossing of some margins, i8[cells].

    Cells are in the order of `cells_of`: the last margin runs fastest. Without slack they add up
    to `wanted`; with it each may be overfilled by that share of itself, rounded down.

    Parameters
    ----------
    margins : sequence of f8[k]
        Shares of each margin's categories; the cells are their products.
    wanted : int
        Completes wanted, all cells together.
    slack : float
        Share by which a quota may be overfilled.

    Raises
    ------
    ScslabError
        Negative shares or slack.

    Examples
    --------
    >>> quota_cells([np.array([0.5, 0.5]), np.array([0.2, 0.3, 0.5])], 20).tolist()
    [2, 3, 5, 2, 3, 5]
    >>> quota_cells([np.array([0.5, 0.5])], 20, slack=0.25).tolist()
    [12, 12]
    """
    if not slack >= 0:
        raise ScslabError("slack must be 0 or more", where="quotas", got=slack)
    cells = np.ones(1)
    for shares in margins:
        given = np.asarray(shares, dtype=float)
        if not (given >= 0).all() or not given.sum() > 0:
            raise ScslabError(
                "shares of a margin must be 0 or more, not all of them 0",
                where="quotas",
                got=", ".join(f"{x:g}" for x in given),
            )
        cells = np.multiply.outer(cells, given / given.sum()).ravel()
    quotas = largest_remainder(cells, wanted)
    return quotas + np.floor(slack * quotas + 1e-9).astype(np.int64)


def cells_of(codes: Sequence[np.ndarray], sizes: Sequence[int]) -> np.ndarray:
    """The quota cell of each person, i8[n], from their category on each margin; -1 if in none.

    Parameters
    ----------
    codes : sequence of i8[n]
        Categories, 0 to size - 1; others are in no cell.
    sizes : sequence of int
        Categories of each margin.

    Examples
    --------
    >>> cells_of([np.array([0, 1, 1]), np.array([2, 0, -1])], [2, 3]).tolist()
    [2, 3, -1]
    """
    given = [np.asarray(c, np.int64) for c in codes]
    inside = np.all([(c >= 0) & (c < size) for c, size in zip(given, sizes, strict=True)], axis=0)
    cells = np.ravel_multi_index(tuple(np.where(inside, c, 0) for c in given), tuple(sizes))
    return np.where(inside, cells, -1)


def take(
    started: np.ndarray,
    finished: np.ndarray,
    cells: np.ndarray | None,
    quotas: np.ndarray | None,
    wanted: int,
) -> Recruited:
    """Go through a queue until enough interviews are complete.

    In order: who does not start refuses by implication (2.112); who starts when the quota of his
    cell is full is screened out (4.8); of the others those who finish are completes (1.1) and the
    rest break off (2.12). The queue ends with the last complete that is wanted or that the quotas
    allow.

    Parameters
    ----------
    started, finished : bool[n]
        Who would begin, and who, having begun, would come to the end; in the order of the queue.
    cells : i8[n] or None
        The quota cell of each.
    quotas : i8[cells] or None
        Completes that each cell may have; None: no quotas.
    wanted : int
        Completes wanted.

    Raises
    ------
    ScslabError
        Quotas without cells, or a cell without a quota.

    Examples
    --------
    >>> yes = np.ones(4, dtype=bool)
    >>> got = take(yes, yes, np.array([0, 0, 1, 1]), np.array([1, 1]), 2)
    >>> got.dispositions.tolist(), got.completes.tolist()
    ([1100, 4800, 1100], [0, 2])
    """
    begun = np.asarray(started, dtype=bool)
    ended = begun & np.asarray(finished, dtype=bool)
    if quotas is None:
        group, limits = np.zeros(len(begun), np.int64), np.array([wanted], np.int64)
    else:
        limits = np.asarray(quotas, np.int64)
        group = checked_cells(cells, len(limits))
    full = earlier_in_cell(ended, group) >= limits[group]
    complete = ended & ~full
    places = np.flatnonzero(complete)
    stop = min(wanted, int(limits.sum()))
    if len(places) >= stop:
        places = places[:stop]
        used = int(places[-1]) + 1 if stop else 0
    else:
        used = len(begun)
    codes = np.full(used, IMPLICIT_REFUSAL, np.int16)
    codes[begun[:used]] = BREAK_OFF
    codes[(begun & full)[:used]] = QUOTA_FILLED
    codes[places] = COMPLETE
    filled = np.bincount(group[places], minlength=len(limits))
    return Recruited(codes, places, filled, wanted)


def checked_cells(cells: np.ndarray | None, count: int) -> np.ndarray:
    """Cells as i8[n], each with a quota.

    Raises
    ------
    ScslabError
        No cells, or some outside 0 to count - 1.
    """
    if cells is None:
        raise ScslabError("quotas need the cell of each person", where="quotas")
    group = np.asarray(cells, np.int64)
    outside = (group < 0) | (group >= count)
    if outside.any():
        raise ScslabError(
            f"{int(outside.sum()):,} persons are in no quota cell",
            where="quotas",
            got=f"cell {group[outside][0]}",
            expected=f"0 to {count - 1}",
            hint="leave them out of the queue, or give every category a share",
        )
    return group


def earlier_in_cell(ended: np.ndarray, group: np.ndarray) -> np.ndarray:
    """How many before each in the queue, of the same cell, would come to the end, i8[n].

    The first so many of them are completes, whatever happens to later ones, so a quota is full
    exactly when this reaches it.
    """
    order = np.argsort(group, kind="stable")
    sorted_group = group[order]
    before = np.cumsum(ended[order]) - ended[order]
    starts = np.flatnonzero(np.diff(sorted_group, prepend=-1))
    lengths = np.diff(np.append(starts, len(group)))
    counts = np.empty(len(group), np.int64)
    counts[order] = before - np.repeat(before[starts], lengths)
    return counts
