"""The rule of small cells: what rests on too few respondents is not shown, nor what tells it."""

from __future__ import annotations

import numpy as np

BELOW = 5


def rule(below: int) -> str:
    """The rule in words, for the note beneath a table."""
    return (
        f"What rests on fewer than {below} respondents (unweighted) is not shown. Where it could "
        "be worked out from what is shown and from n, the next smallest is hidden too."
    )


def hide_lone_cells(hidden: np.ndarray, counts: np.ndarray, below: int = 0) -> np.ndarray:
    """A line of cells (bool[k]) that add up to a known total, with as many hidden as it takes.

    Parameters
    ----------
    hidden : bool[k]
        Cells that are hidden on their own account.
    counts : int64[k]
        Unweighted respondents.
    below : int
        What the hidden ones must add up to at least.

    Returns
    -------
    bool[k]
        The smallest shown cells are hidden too, empty ones last, until not just one is hidden and
        the hidden ones add up to `below`: the total less the shown ones then tells none of them.

    Examples
    --------
    >>> hide_lone_cells(np.array([True, False, False]), np.array([2, 30, 12])).tolist()
    [True, False, True]
    >>> hide_lone_cells(np.array([True, True, False]), np.array([2, 0, 12]), below=5).tolist()
    [True, True, True]
    """
    found = hidden.copy()
    while found.any() and (found.sum() == 1 or counts[found].sum() < below):
        shown = np.flatnonzero(~found)
        if not len(shown):
            break
        # An empty cell is no cover: whoever sees that the hidden ones add up to 2 need only guess
        # which of them is empty.
        pool = shown[counts[shown] > 0] if (counts[shown] > 0).any() else shown
        found[pool[np.argmin(counts[pool])]] = True
    return found


def hidden_cells(counts: np.ndarray, below: int = BELOW) -> np.ndarray:
    """Which cells of a table with its totals are hidden.

    Parameters
    ----------
    counts : int[r, c]
        Unweighted respondents.

    Returns
    -------
    bool[r + 1, c + 1]
        The last row and column are the totals. Small cells are hidden, then the smallest others
        of their rows and columns (`hide_lone_cells`), until no hidden cell of 1 to `below` - 1
        follows from the shown ones (`told_by_others`). A total is hidden where it is small itself
        or no other cell of its line is left. A hidden cell's range may still be narrow.

    Examples
    --------
    >>> hidden_cells(np.array([[2, 40, 30], [20, 25, 60]])).astype(int).tolist()
    [[1, 0, 1, 0], [1, 0, 1, 0], [0, 0, 0, 0]]
    """
    full = np.zeros((counts.shape[0] + 1, counts.shape[1] + 1), dtype=np.int64)
    full[:-1, :-1] = counts
    full[-1] = full[:-1].sum(axis=0)
    full[:, -1] = full.sum(axis=1)
    hidden = full < below
    while True:
        hidden = cover_lines(full, hidden, below)
        told = told_by_others(full, hidden) & (full > 0) & (full < below)
        told[-1, -1] = False  # n stands beneath the table in any case
        if not told.any() or not cover(full, hidden, told):
            return hidden


def cover_lines(full: np.ndarray, hidden: np.ndarray, below: int) -> np.ndarray:
    """`hide_lone_cells` of every row and column with its total, until none changes."""
    found = hidden.copy()
    # Totals are the largest of their line, so that the smallest shown cell is never a total unless
    # no other is left. A hidden total says nothing of what the others add up to.
    while True:
        before = found.sum()
        for line, counts in (*zip(found, full, strict=True), *zip(found.T, full.T, strict=True)):
            line[:] = hide_lone_cells(line, counts, 0 if line[-1] else below)
        if found.sum() == before:
            return found


def cover(full: np.ndarray, hidden: np.ndarray, told: np.ndarray) -> bool:
    """Hide the smallest shown cell beside each cell that others tell; whether there was one."""
    before = hidden.sum()
    for i, j in np.argwhere(told):
        beside = np.zeros_like(hidden)
        beside[i], beside[:, j], beside[-1, -1] = True, True, False
        pool = np.argwhere(~hidden & beside & (full > 0))
        if len(pool):
            place = pool[np.argmin([full[x, y] for x, y in pool])]
            hidden[place[0], place[1]] = True
    return bool(hidden.sum() > before)


def told_by_others(full: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """Which hidden cells have but one value that fits the shown ones and n.

    Parameters
    ----------
    full : int64[r + 1, c + 1]
        A table with its totals.
    hidden : bool[r + 1, c + 1]
        The last cell, n, counts as shown.

    Returns
    -------
    bool[r + 1, c + 1]

    Notes
    -----
    Counts of 0 or more that fit are flows in a graph of rows and columns whose edges are the hidden
    cells; totals run the other way. A cell can have another value where a circle of other hidden
    cells passes what it gains or loses on, and an empty cell only gains. That is: its row and
    column are in one strongly connected component, and it is no bridge of that component. This is
    exact, in whole numbers too (flows are totally unimodular); a linear programme for every cell
    gives the same, slowly.

    Examples
    --------
    >>> full = np.array([[2, 3, 5], [4, 9, 13], [6, 12, 18]])
    >>> told_by_others(full, full < 5).astype(int).tolist()
    [[1, 1, 0], [1, 0, 0], [0, 0, 0]]
    """
    r, c = full.shape
    unknown = hidden.copy()
    unknown[-1, -1] = False
    forth, back = unknown.copy(), unknown & (full > 0)
    forth[-1], forth[:, -1] = back[-1], back[:, -1]
    back[-1], back[:, -1] = unknown[-1], unknown[:, -1]
    arcs = np.eye(r + c, dtype=np.float32)
    arcs[:r, r:], arcs[r:, :r] = forth, back.T
    for _ in range(int(np.ceil(np.log2(r + c)))):  # who reaches whom
        arcs = (arcs @ arcs > 0).astype(np.float32)
    same = (arcs > 0) & (arcs.T > 0)
    edges = np.zeros((r + c, r + c))
    edges[:r, r:] = unknown & same[:r, r:]
    edges += edges.T
    # A bridge is an edge of resistance 1 between its ends.
    inverse = np.linalg.inv(np.diag(edges.sum(axis=1)) - edges + same)
    own = np.diag(inverse)
    resistance = own[:r, None] + own[None, r:] - 2 * inverse[:r, r:]
    varies = (edges[:r, r:] > 0) & (resistance < 1 - 1e-7)
    one_way = unknown & (forth ^ back) & same[:r, r:]
    return unknown & ~varies & ~one_way
