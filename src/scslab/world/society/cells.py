"""The society as it is stored: cells in districts, never persons one by one.

Persons are numbered 0 .. persons - 1. Those of the same cell lie next to each other, the cells of
a district lie next to each other, and the districts of a province lie next to each other, so
that index arithmetic answers "who is this person" and "who is nearby".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scslab.core.compiled import allocating
from scslab.core.errors import ScslabError
from scslab.world.society.margins import Margins
from scslab.world.society.synthesis import (
    FitLine,
    Only,
    chosen_cells,
    fit_cells,
    fit_report,
    whole_persons,
)

EVERYWHERE = "everywhere"
# What tallies are not broken down by: provinces go in as regions, internet use is a survey matter.
NOT_TALLIED = frozenset({"province", "internet"})
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Society:
    """A synthetic society.

    Attributes
    ----------
    id : str
        Id of the margins.
    persons : int
        Synthetic persons, P.
    stands_for : float
        Real persons that they represent.
    scale : float
        Real persons for each synthetic one.
    attributes : dict
        Name -> categories, in storage order; ``region`` follows ``province`` where derived.
    cell_start : array of int64, shape (C + 1,)
        First person of each cell; the last entry is P. No cell is empty.
    cell_codes : dict of arrays (int8 or int16), shape (C,)
        Category of each cell in each attribute.
    cell_rated : array of bool, shape (C,)
        False for cells in an age that regimes do not rate.
    cell_group : array of int32, shape (C,)
        Tally group of each cell.
    group_codes : dict of arrays, shape (G,)
        Category of each group in each tallied attribute; groups in lexicographic order.
    district_cells : array of int64, shape (D + 1,)
        First cell of each district; the last entry is C.
    district_start : array of int64, shape (D + 1,)
        First person of each district; the last entry is P.
    district_place : tuple of str, length D
        Province of each district, or "everywhere".
    fit_report : tuple of FitLine
    """

    id: str
    persons: int
    stands_for: float
    scale: float
    attributes: dict[str, tuple[str, ...]]
    cell_start: Ints
    cell_codes: dict[str, NDArray[np.signedinteger]]
    cell_rated: NDArray[np.bool_]
    cell_group: NDArray[np.int32]
    group_codes: dict[str, NDArray[np.signedinteger]]
    district_cells: Ints
    district_start: Ints
    district_place: tuple[str, ...]
    fit_report: tuple[FitLine, ...]


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


def _codes(values: NDArray[np.signedinteger], categories: int) -> NDArray[np.signedinteger]:
    return values.astype(np.int8 if categories <= 127 else np.int16)


def _with_region(
    margins: Margins, codes: dict[str, NDArray[np.signedinteger]]
) -> tuple[dict[str, tuple[str, ...]], dict[str, NDArray[np.signedinteger]]]:
    """Attributes and codes with the derived region after the province."""
    attributes: dict[str, tuple[str, ...]] = {}
    full: dict[str, NDArray[np.signedinteger]] = {}
    for name, categories in margins.attributes.items():
        attributes[name], full[name] = categories, codes[name]
        if name == "province" and margins.regions:
            regions = tuple(dict.fromkeys(margins.regions[p] for p in categories))
            lookup = np.array([regions.index(margins.regions[p]) for p in categories])
            attributes["region"], full["region"] = regions, lookup[codes[name]]
    return attributes, full


def _groups(
    attributes: dict[str, tuple[str, ...]], codes: dict[str, NDArray[np.signedinteger]]
) -> tuple[NDArray[np.int32], dict[str, NDArray[np.signedinteger]]]:
    """Tally group of each cell, and the codes of the groups that occur."""
    tallied = [a for a in attributes if a not in NOT_TALLIED]
    if not tallied:
        return np.zeros(next(iter(codes.values())).size, dtype=np.int32), {}
    shape = tuple(len(attributes[a]) for a in tallied)
    flat = np.ravel_multi_index(tuple(codes[a].astype(np.int64) for a in tallied), shape)
    present, group = np.unique(flat, return_inverse=True)
    return group.astype(np.int32), {
        a: _codes(values, len(attributes[a]))
        for a, values in zip(tallied, np.unravel_index(present, shape), strict=True)
    }


def build_society(
    margins: Margins,
    persons: int,
    only: Only | None = None,
    stands_for: float | None = None,
    district_size: int = 32_768,
) -> Society:
    """Fit the margins, round to whole persons and lay them out in districts.

    Parameters
    ----------
    margins : Margins
    persons : int
        Synthetic persons.
    only : mapping, optional
        Attribute -> categories: leave everybody else out.
    stands_for : float, optional
        Real persons represented; by default those of the margins (within `only`), or `persons`
        where the margins are shares.
    district_size : int
        Most persons in a district. Each province is cut into equal districts, each with every
        cell in proportion.

    Returns
    -------
    Society

    Raises
    ------
    ScslabError
        As `fit_cells` and `whole_persons`.
    """
    if district_size < 1:
        raise ScslabError(
            "a district has at least one person", where="district_size", got=district_size
        )
    fit = fit_cells(margins)
    counts = whole_persons(fit, persons, only)
    if stands_for is None:
        real = float(fit.persons[chosen_cells(fit, only)].sum()) if only else margins.total
        stands_for = real if margins.in_persons else float(persons)
    if not stands_for > 0:
        raise ScslabError(
            "a society stands for at least one person", where="stands_for", got=stands_for
        )
    report = fit_report(fit, counts, persons, only)
    keep = counts > 0
    counts = counts[keep]
    plain = {name: fit.codes[i][keep] for i, name in enumerate(margins.attributes)}
    # Cells come in the order of the attributes; a stable sort brings a province together.
    if margins.place:
        order = np.argsort(plain[margins.place], kind="stable")
        counts, plain = counts[order], {name: c[order] for name, c in plain.items()}
        places = plain[margins.place]
        bounds = [0, *(np.flatnonzero(np.diff(places)) + 1).tolist(), counts.size]
        names = [margins.attributes[margins.place][int(places[b])] for b in bounds[:-1]]
    else:
        bounds, names = [0, counts.size], [EVERYWHERE]
    attributes, codes = _with_region(margins, plain)
    group, group_codes = _groups(attributes, codes)
    size, source, ends, place = _lay_out(counts, bounds, names, district_size)
    start = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    district_cells = np.concatenate([[0], ends]).astype(np.int64)
    cell_codes = {n: _codes(c, len(attributes[n]))[source] for n, c in codes.items()}
    rated = np.ones(counts.size, dtype=bool)
    if margins.unrated_ages:
        ages = margins.attributes["age"]
        rated = ~np.isin(plain["age"], [ages.index(a) for a in margins.unrated_ages])
    return Society(
        id=margins.id,
        persons=persons,
        stands_for=float(stands_for),
        scale=float(stands_for) / persons,
        attributes=attributes,
        cell_start=start,
        cell_codes=cell_codes,
        cell_rated=rated[source],
        cell_group=group[source],
        group_codes=group_codes,
        district_cells=district_cells,
        district_start=start[district_cells],
        district_place=place,
        fit_report=report,
    )


def _lay_out(
    counts: Ints, bounds: list[int], names: list[str], district_size: int
) -> tuple[Ints, Ints, Ints, tuple[str, ...]]:
    """Persons and base cell of each stored cell, last cell of each district, its place."""
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
