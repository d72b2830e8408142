"""Districts: equal slices of a place, each with every cell in proportion."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scslab.core.compiled import allocating

Ints = NDArray[np.int64]


@allocating
def _deal(
    counts: Ints,
    first: int,
    last: int,
    districts: int,
    out: Ints,
    source: Ints,
    ends: Ints,
    at: int,
    fill: bool,
) -> int:
    """Deal cells first..last-1 evenly over `districts`; returns the next free row of `out`.

    What does not divide evenly goes to consecutive districts, each cell going on where the last
    one stopped, so that districts differ by one person at most.
    """
    offset = np.zeros(last - first + 1, dtype=np.int64)
    for c in range(first, last):
        offset[c - first + 1] = (offset[c - first] + counts[c]) % districts
    for d in range(districts):
        for c in range(first, last):
            share, rest = counts[c] // districts, counts[c] % districts
            if (d - offset[c - first]) % districts < rest:
                share += 1
            if share > 0:
                if fill:
                    out[at] = share
                    source[at] = c
                at += 1
        if fill:
            ends[d] = at
    return at


def lay_out(
    counts: Ints, bounds: Sequence[int], names: Sequence[str], district_size: int
) -> tuple[Ints, Ints, Ints, tuple[str, ...]]:
    """Cut places into districts.

    Parameters
    ----------
    counts : array of int64, shape (C,)
        Subjects of each cell.
    bounds : sequence of int, length places + 1
        First cell of each place, and the end.
    names : sequence of str, length places
    district_size : int
        Most subjects in a district.

    Returns
    -------
    size, source : arrays of int64, shape (stored cells,)
        Subjects of each stored cell, and the cell it is part of.
    ends : array of int64, shape (D,)
        End of each district in stored cells.
    place : tuple of str, length D
        Name of each district's place.
    """
    nothing = np.zeros(0, dtype=np.int64)
    sizes: list[Ints] = []
    sources: list[Ints] = []
    ends: list[Ints] = []
    place: list[str] = []
    done = 0
    for first, last, name in zip(bounds[:-1], bounds[1:], names, strict=True):
        districts = max(1, -(-int(counts[first:last].sum()) // district_size))
        rows = _deal(counts, first, last, districts, nothing, nothing, nothing, 0, False)
        out, source = np.empty(rows, dtype=np.int64), np.empty(rows, dtype=np.int64)
        end = np.empty(districts, dtype=np.int64)
        _deal(counts, first, last, districts, out, source, end, 0, True)
        sizes.append(out)
        sources.append(source)
        ends.append(end + done)
        place += [name] * districts
        done += rows
    return np.concatenate(sizes), np.concatenate(sources), np.concatenate(ends), tuple(place)
