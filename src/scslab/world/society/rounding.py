"""Compiled kernels: proportional fitting of cells, and controlled rounding to whole persons.

A *slot* is one category of one margin; `slots[c, m]` says into which slot of margin m cell c
falls, numbered through over all margins. Nothing here is random.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scslab.core.compiled import allocating

Floats = NDArray[np.float64]
Slots = NDArray[np.int32]
# A whole number may differ from its target by less than one person; the gap below one keeps the
# floating-point noise of a target out of the comparison.
LIMIT = 1.0 - 1e-5


@allocating
def rake_cells(
    cells: Floats, slots: Slots, target: Floats, tolerance: float, sweeps: int
) -> tuple[int, float, int]:
    """Iterative proportional fitting of `cells` (C,), in place, to the slot targets.

    Returns the sweeps used, the largest relative error met in the last sweep, and its slot.
    """
    margins = slots.shape[0]
    sums = np.zeros(target.size)
    worst, slot = 0.0, 0
    for sweep in range(sweeps):
        worst = 0.0
        sums[:] = 0.0
        for m in range(margins):
            row = slots[m]
            for c in range(cells.size):
                sums[row[c]] += cells[c]
            for c in range(cells.size):
                k = row[c]
                cells[c] *= target[k] / sums[k]
        for k in range(target.size):
            error = abs(sums[k] / target[k] - 1.0)
            if error > worst:
                worst, slot = error, k
        if worst <= tolerance:
            return sweep + 1, worst, slot
    return sweeps, worst, slot


@allocating
def _score(slots: Slots, off: Floats, weight: Floats, c: int) -> tuple[float, float]:
    score, mass = 0.0, 0.0
    for m in range(slots.shape[1]):
        k = slots[c, m]
        score += weight[k] * off[k]
        mass += weight[k]
    return 2.0 * score, mass


@allocating
def _move(slots: Slots, off: Floats, whole: NDArray[np.int64], c: int, by: int) -> None:
    whole[c] += by
    for m in range(slots.shape[1]):
        off[slots[c, m]] += by


@allocating
def round_cells(
    cells: Floats, slots: Slots, target: Floats, start: float, steps: int, wide: bool
) -> tuple[NDArray[np.int64], int]:
    """Whole persons per cell, every slot within one person of its target.

    Starts from systematic rounding (each cell is its floor or one more, in proportion to its
    fraction), takes every single step that lowers the sum of squared deviations, then repairs
    the slots that are still a person off with a tabu search whose weights grow on the slots that
    resist.

    Parameters
    ----------
    cells : array, shape (C,)
        Fitted persons, above zero.
    slots : array, shape (C, M)
        Slot of each cell in each margin.
    target : array, shape (K,)
        Persons wanted in each slot.
    start : float
        Where systematic rounding starts, 0 to 1; another start is another way out of a dead end.
    steps : int
        Most repair steps.
    wide : bool
        Let a cell leave its floor and ceiling (never below zero), where nothing else helps.

    Returns
    -------
    array of int64, shape (C,), and the slot that could not be met or -1
    """
    size, margins = slots.shape
    low = np.floor(cells + 1e-7)
    whole = low.astype(np.int64)
    cost = np.zeros(size)
    movable = np.zeros(size, dtype=np.bool_)
    off = -target
    home = np.zeros(target.size, dtype=np.int64)
    run = start
    for c in range(size):
        part = cells[c] - low[c]
        movable[c] = part > 1e-7
        part = min(max(part, 1e-12), 1.0 - 1e-12)
        # Unlikely cells should be the last to be filled.
        cost[c] = 0.25 * np.log((1.0 - part) / part)
        if movable[c]:
            run += part
            if run >= 1.0:
                run -= 1.0
                whole[c] += 1
        for m in range(margins):
            off[slots[c, m]] += whole[c]
            home[slots[c, m]] = m
    weight = np.ones(target.size)
    # A stride near the golden section visits the cells evenly spread rather than in order.
    stride = int(size * 0.6180339887) | 1
    while np.gcd(stride, size) != 1:
        stride += 2
    ask = 4.0 * margins
    for _ in range(60):
        moved = 0
        c = 0
        for _visit in range(size):
            c = (c + stride) % size
            if not movable[c]:
                continue
            score, mass = _score(slots, off, weight, c)
            if whole[c] == low[c]:
                if score + mass + cost[c] < -ask:
                    _move(slots, off, whole, c, 1)
                    moved += 1
            elif -score + mass - cost[c] < -ask:
                _move(slots, off, whole, c, -1)
                moved += 1
        if ask <= 1e-9 and moved == 0:
            break
        ask = ask / 2.0 if ask > 1.0 else 0.0
    frozen = np.zeros(size, dtype=np.int64)
    slot = -1
    for step in range(steps):
        slot, most = -1, 0.0
        for k in range(target.size):
            if abs(off[k]) >= LIMIT and weight[k] * abs(off[k]) > most:
                slot, most = k, weight[k] * abs(off[k])
        if slot < 0:
            return whole, -1
        by = 1 if off[slot] < 0 else -1
        column = home[slot]
        best, chosen = np.inf, -1
        for c in range(size):
            if slots[c, column] != slot or frozen[c] > step:
                continue
            if by > 0 and not (wide or (movable[c] and whole[c] == low[c])):
                continue
            if by < 0 and (whole[c] == 0 or not (wide or (movable[c] and whole[c] > low[c]))):
                continue
            score, mass = _score(slots, off, weight, c)
            gain = by * score + mass + by * cost[c]
            if gain < best:
                best, chosen = gain, c
        weight[slot] += 0.1
        # Old resistance is forgotten by halves; without that the search circles around it.
        if step % 50 == 49:
            weight = 0.5 + 0.5 * weight
        if chosen >= 0:
            _move(slots, off, whole, chosen, by)
            frozen[chosen] = step + 12 + step % 7
    return whole, slot
