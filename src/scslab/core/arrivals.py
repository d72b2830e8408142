"""Rare events scattered over persons: cost grows with events, not with persons.

All persons of a district lie on a line on which each takes as much room as events are expected
of him in a month. Walking that line in exponential steps of mean 1 hits each person exactly as
a Poisson process of his own rate would.
"""

from __future__ import annotations

import numpy as np

from scslab.core.compiled import inlined


@inlined
def locate(
    position: float,
    cell: int,
    opened: float,
    last: int,
    rates: np.ndarray,
    kind: np.ndarray,
    cell_start: np.ndarray,
) -> tuple[int, float]:
    """Go on to the cell in which a position lies.

    Parameters
    ----------
    position : float
        Position on the district's line of expected events.
    cell, opened : int, float
        Cell reached before, and the position at which it opens.
    last : int
        End of the district's cells; returned where the line ends before the position.
    rates : f8[kinds]
        Events per person and month.
    """
    while cell < last:
        width = (cell_start[cell + 1] - cell_start[cell]) * rates[kind[cell]]
        if position < opened + width:
            return cell, opened
        opened += width
        cell += 1
    return last, opened


@inlined
def person_at(
    position: float, cell: int, opened: float, rate: float, cell_start: np.ndarray
) -> int:
    """The person of a cell on whose stretch of the line a position lies."""
    offset = int((position - opened) / rate)
    # Rounding can reach one past the last person.
    return min(cell_start[cell] + offset, cell_start[cell + 1] - 1)
