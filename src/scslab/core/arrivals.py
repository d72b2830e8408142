"""Rare events scattered over persons: cost grows with events, not with persons.

All persons of a district lie on a line on which each takes as much room as events are expected
of him in a month. Walking that line in exponential steps of mean 1 hits each person exactly as
a Poisson process of his own rate would.
"""

from __future__ import annotations

import numpy as np

from scslab.core.compiled import inlined


@inlined
def next_cell(
    position: float,
    cell: int,
    closes: float,
    last: int,
    rates: np.ndarray,
    kind: np.ndarray,
    cell_start: np.ndarray,
) -> tuple[int, float, float]:
    """Go on to the cell in which a position lies, when it lies beyond the present one.

    Parameters
    ----------
    position : float
        Position on the district's line of expected events.
    cell, closes : int, float
        The present cell, and the position at which it ends; before the first cell these are
        the cell before it and 0.
    last : int
        End of the district's cells.
    rates : f8[kinds]
        Events per person and month.

    Returns
    -------
    cell, opens, closes : int, float, float
        The cell, and where it begins and ends; `last` where the line ends before the position.
    """
    opens = closes
    while position >= closes:
        cell += 1
        if cell == last:
            break
        opens = closes
        closes += (cell_start[cell + 1] - cell_start[cell]) * rates[kind[cell]]
    return cell, opens, closes


@inlined
def person_at(position: float, cell: int, opens: float, rate: float, cell_start: np.ndarray) -> int:
    """The person of a cell on whose stretch of the line a position lies."""
    offset = int((position - opens) / rate)
    # Rounding can reach one past the last person.
    return min(cell_start[cell] + offset, cell_start[cell + 1] - 1)
