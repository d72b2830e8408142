"""The rule of small cells: what rests on too few respondents is not shown."""

from __future__ import annotations

import numpy as np

BELOW = 5


def rule(below: int) -> str:
    """The rule in words, for the note beneath a table."""
    return (
        f"Cells that rest on fewer than {below} respondents (unweighted) are not shown. Where one "
        "cell alone would be hidden in a row or column, the next smallest is hidden too, so that "
        "totals do not give it away."
    )


def hide_lone_cells(hidden: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """A line of cells (bool[k]) of which never exactly one is hidden.

    Examples
    --------
    >>> hide_lone_cells(np.array([True, False, False]), np.array([2, 30, 12])).tolist()
    [True, False, True]
    """
    if hidden.sum() != 1 or len(hidden) < 2:
        return hidden
    shown = np.flatnonzero(~hidden)
    found = hidden.copy()
    found[shown[np.argmin(counts[shown])]] = True
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
        The last row and column are the totals. Small cells are hidden, and then the next smallest
        in every line (a row or column with its total) of which just one cell is hidden, until
        there is no such line. A total is hidden where it is small itself, or where no other cell
        of its line is left. Linear programmes may still narrow a hidden cell's range.

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
    # Totals are the largest of their line, so that the smallest shown cell is never a total unless
    # no other is left.
    while True:
        before = hidden.sum()
        for i in range(len(full)):
            hidden[i] = hide_lone_cells(hidden[i], full[i])
        for j in range(full.shape[1]):
            hidden[:, j] = hide_lone_cells(hidden[:, j], full[:, j])
        if hidden.sum() == before:
            return hidden
