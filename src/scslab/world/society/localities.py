"""Localities: named places inside a province, with districts and a regime of their own.

A locality takes its share of the province's subjects, each category in proportion. Whatever is
split off is taken from the cells of the province, so its totals and all margins stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scslab.core.errors import ScslabError, near
from scslab.world.society.rounding import round_cells

ELSEWHERE = "elsewhere"
LOCALITY = "locality"
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Codes = NDArray[np.signedinteger]
# Starts of the rounding, tried in turn.
STARTS = (0.5, 0.2, 0.8, 0.05)
# Shares that add up to 1 but for floating-point noise leave nobody elsewhere.
NOISE = 1e-9


@dataclass(frozen=True)
class Locality:
    """A named place inside a province.

    Attributes
    ----------
    place : str
        Its province.
    share : float
        Share of the province's subjects that live there, above 0 and at most 1; the shares within
        a province add up to at most 1.
    """

    place: str
    share: float


def check_localities(localities: Mapping[str, Locality], provinces: Sequence[str] | None) -> None:
    """Raise unless the localities fit into the provinces.

    Parameters
    ----------
    localities : mapping
        Name -> locality.
    provinces : sequence of str or None
        None where the margins have no provinces.

    Raises
    ------
    ScslabError
        Naming the locality at fault.
    """
    total: dict[str, float] = {}
    for name, locality in localities.items():
        where = f"localities: {name}"
        if provinces is None:
            raise ScslabError(
                "localities need a society with provinces",
                where=where,
                why="a locality is carved out of a province",
            )
        if name in ("", ELSEWHERE):
            raise ScslabError(
                f'"{ELSEWHERE}" is who lives in no locality' if name else "a locality needs a name",
                where=where,
                hint="give the locality its own name",
            )
        if locality.place not in provinces:
            raise ScslabError(
                "no such province",
                where=where,
                got=locality.place,
                hint=near(locality.place, provinces),
            )
        if not 0 < locality.share <= 1:
            raise ScslabError(
                "not a share of a province",
                where=where,
                got=locality.share,
                expected="above 0 and at most 1",
            )
        total[locality.place] = total.get(locality.place, 0.0) + locality.share
        if total[locality.place] > 1 + NOISE:
            raise ScslabError(
                f"the localities of {locality.place} hold more than all of it",
                where=where,
                got=f"{total[locality.place]:.6g}",
                expected="shares that add up to at most 1",
            )


def locality_sizes(subjects: int, shares: Sequence[float]) -> Ints:
    """Whole subjects elsewhere (first) and in each locality of a province.

    Each locality is within one subject of its share and has one at least; what that takes comes
    from elsewhere, or from the largest locality where nobody lives elsewhere.

    Parameters
    ----------
    subjects : int
        Subjects of the province, at least one a locality.
    shares : sequence of float
        Share of each locality.

    Returns
    -------
    array of int64, shape (1 + localities,)
    """
    left = 1.0 - sum(shares)
    wanted = np.array([left if left > NOISE else 0.0, *shares]) * subjects
    sizes = np.floor(wanted + NOISE).astype(np.int64)
    most = np.argsort(-(wanted - sizes), kind="stable")
    sizes[most[: subjects - int(sizes.sum())]] += 1
    for locality in np.flatnonzero(sizes[1:] == 0) + 1:
        sizes[0 if sizes[0] > 0 else int(sizes.argmax())] -= 1
        sizes[locality] = 1
    return sizes


def split_cells(counts: Ints, codes: Sequence[Codes], sizes: Ints) -> Ints:
    """Split the cells of a province into parts, each category in proportion.

    Parts are taken one by one by controlled rounding, each category within one subject of its
    share (where that cannot be, by systematic rounding over the cells); the largest part keeps
    what is left.

    Parameters
    ----------
    counts : array of int64, shape (C,)
        Subjects of each cell.
    codes : sequence of arrays, shape (C,)
        Category of each cell in each attribute.
    sizes : array of int64, shape (parts,)
        Subjects of each part; they add up to all.

    Returns
    -------
    array of int64, shape (parts, C)
        Adds up to `counts` over the parts and to `sizes` over the cells.
    """
    parts = np.zeros((sizes.size, counts.size), dtype=np.int64)
    keeper = int(sizes.argmax())
    left = counts.copy()
    for part, size in enumerate(sizes.tolist()):
        if part != keeper and size > 0:
            parts[part] = _take(left, counts, codes, size)
            left -= parts[part]
    parts[keeper] = left
    return parts


def _take(left: Ints, counts: Ints, codes: Sequence[Codes], size: int) -> Ints:
    """`size` subjects out of `left`, each category as in `counts`."""
    inside = np.flatnonzero(left)
    wanted = left[inside].astype(np.float64) * (size / float(left.sum()))
    columns = [np.zeros(inside.size, dtype=np.int32)]
    targets = [np.array([float(size)])]
    first = 1
    for code in codes:
        categories, slot = np.unique(code, return_inverse=True)
        share = np.bincount(slot, weights=counts) * (size / float(counts.sum()))
        columns.append((slot[inside] + first).astype(np.int32))
        targets.append(share)
        first += categories.size
    slots = np.ascontiguousarray(np.stack(columns, axis=1))
    target = np.concatenate(targets)
    # A category that is used up is no longer to be met.
    gone = np.ones(target.size, dtype=bool)
    gone[slots] = False
    target[gone] = 0.0
    taken = np.zeros(left.size, dtype=np.int64)
    for start in STARTS:
        whole, stuck = round_cells(wanted, slots, target, start, 400, False)
        if stuck < 0:
            break
    else:
        whole = _systematic(wanted, size)
    taken[inside] = whole
    return taken


def _systematic(wanted: Floats, size: int) -> Ints:
    """Each cell its floor or one more, in proportion to its fraction; `size` in all."""
    low = np.floor(wanted + 1e-7)
    run = np.cumsum(np.maximum(wanted - low, 0.0))
    run *= (size - low.sum()) / run[-1] if run[-1] > 0 else 0.0
    more = np.diff(np.floor(np.round(run, 6) + 0.5), prepend=0.0)
    more[-1] += size - float(low.sum() + more.sum())
    return (low + more).astype(np.int64)


def carve(
    counts: Ints,
    codes: Mapping[str, Codes],
    place: str,
    provinces: Sequence[str],
    localities: Mapping[str, Locality],
    needed: Mapping[str, str],
) -> tuple[Ints, Ints, Ints]:
    """Split the cells of all provinces with localities.

    Parameters
    ----------
    counts : array of int64, shape (C,)
        Subjects of each cell, the cells of a province next to each other.
    codes : mapping of arrays, shape (C,)
        Category of each cell in each attribute.
    place : str
        The attribute of the province.
    provinces : sequence of str
        Its categories.
    localities : mapping
    needed : mapping
        Province -> what to try where a locality has nobody.

    Returns
    -------
    arrays of int64, shape (C',)
        For each cell by locality, in the order province, locality, cell: the cell it is part of,
        its subjects (none is empty), and its locality (0 elsewhere, then in the order given).

    Raises
    ------
    ScslabError
        A locality has no subject.
    """
    rows: list[Ints] = []
    sizes: list[Ints] = []
    numbers: list[Ints] = []
    found = codes[place]
    inner = [code for name, code in codes.items() if name != place]
    names = list(localities)
    for number, province in enumerate(provinces):
        here = np.flatnonzero(found == number)
        mine = [name for name in names if localities[name].place == province]
        subjects = int(counts[here].sum())
        if subjects < len(mine):
            raise ScslabError(
                "a locality has nobody",
                where=f"localities: {mine[subjects]}",
                got=f"{subjects} in {province} for {len(mine)} localities",
                hint=needed.get(province, ""),
            )
        whole = locality_sizes(subjects, [localities[name].share for name in mine])
        parts = split_cells(counts[here], [code[here] for code in inner], whole)
        for part, name in enumerate((ELSEWHERE, *mine)):
            full = np.flatnonzero(parts[part])
            rows.append(here[full])
            sizes.append(parts[part][full])
            locality = names.index(name) + 1 if part else 0
            numbers.append(np.full(full.size, locality, dtype=np.int64))
    return np.concatenate(rows), np.concatenate(sizes), np.concatenate(numbers)
