"""The society as it is stored: cells in districts, never persons one by one.

Persons are numbered 0 .. persons - 1. Those of the same cell lie next to each other, the cells of
a district lie next to each other, and the districts of a province lie next to each other, so
that index arithmetic answers "who is this person" and "who is nearby". Organisations, where there
are any, are numbered on from the persons and lie in districts of their own (see `organisations`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scslab.core.errors import ScslabError
from scslab.world.society.districts import lay_out
from scslab.world.society.localities import ELSEWHERE, LOCALITY, Locality, carve, check_localities
from scslab.world.society.margins import Margins
from scslab.world.society.synthesis import (
    Fit,
    FitLine,
    Only,
    chosen_cells,
    fit_cells,
    fit_report,
    whole_persons,
)

EVERYWHERE = "everywhere"
# What tallies are not broken down by: provinces go in as regions, internet use is a survey matter,
# and a locality's regime is tallied by regime.
NOT_TALLIED = frozenset({"province", LOCALITY, "internet"})
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
        Name -> categories, in storage order; ``region`` follows ``province`` where derived, then
        ``locality`` where there are localities; ``subject`` comes first where there are
        organisations.
    cell_start : array of int64, shape (C + 1,)
        First subject of each cell; the last entry is P + O. No cell is empty.
    cell_codes : dict of arrays (int8 or int16), shape (C,)
        Category of each cell in each attribute; -1 where the attribute does not apply.
    cell_rated : array of bool, shape (C,)
        False for cells in an age that regimes do not rate.
    cell_group : array of int32, shape (C,)
        Tally group of each cell.
    group_codes : dict of arrays, shape (G,)
        Category of each group in each tallied attribute, -1 where it does not apply; groups in
        lexicographic order, those of organisations after those of persons.
    district_cells : array of int64, shape (D + 1,)
        First cell of each district; the last entry is C.
    district_start : array of int64, shape (D + 1,)
        First subject of each district; the last entry is P + O.
    district_place : tuple of str, length D
        Province of each district, or "everywhere".
    fit_report : tuple of FitLine
    organisations : int
        Synthetic organisations, O, numbered from P on.
    organisations_stand_for : float
        Real organisations that they represent.
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
    organisations: int = 0
    organisations_stand_for: float = 0.0

    @property
    def subjects(self) -> int:
        """Persons and organisations."""
        return self.persons + self.organisations

    @property
    def persons_districts(self) -> int:
        """How many districts hold persons; those of organisations follow."""
        return int(np.searchsorted(self.district_start, self.persons))


def _codes(values: NDArray[np.signedinteger], categories: int) -> NDArray[np.signedinteger]:
    return values.astype(np.int8 if categories <= 127 else np.int16)


def _with_derived(
    margins: Margins, codes: Mapping[str, NDArray[np.signedinteger]], localities: tuple[str, ...]
) -> tuple[dict[str, tuple[str, ...]], dict[str, NDArray[np.signedinteger]]]:
    """Attributes and codes with the derived region and the localities after the province."""
    attributes: dict[str, tuple[str, ...]] = {}
    full: dict[str, NDArray[np.signedinteger]] = {}
    for name, categories in margins.attributes.items():
        attributes[name], full[name] = categories, codes[name]
        if name == "province" and margins.regions:
            regions = tuple(dict.fromkeys(margins.regions[p] for p in categories))
            lookup = np.array([regions.index(margins.regions[p]) for p in categories])
            attributes["region"], full["region"] = regions, lookup[codes[name]]
        if name == margins.place and localities:
            attributes[LOCALITY], full[LOCALITY] = (ELSEWHERE, *localities), codes[LOCALITY]
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
    localities: Mapping[str, Locality] | None = None,
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
    localities : mapping, optional
        Name -> locality: places inside provinces that get an attribute ``locality`` (``elsewhere``
        and their names) and districts of their own. Each has its share of the province within one
        subject, and one at least; province totals and margins stay as without them.

    Returns
    -------
    Society

    Raises
    ------
    ScslabError
        As `fit_cells`, `whole_persons` and `check_localities`; a locality has nobody.
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
    if localities:
        counts, plain = _split(fit, persons, only, counts, plain, localities)
    bounds, names = _places(margins, counts, plain)
    attributes, codes = _with_derived(margins, plain, tuple(localities or ()))
    group, group_codes = _groups(attributes, codes)
    size, source, ends, place = lay_out(counts, bounds, names, district_size)
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


def _split(
    fit: Fit,
    persons: int,
    only: Only | None,
    counts: Ints,
    plain: dict[str, NDArray[np.signedinteger]],
    localities: Mapping[str, Locality],
) -> tuple[Ints, dict[str, NDArray[np.signedinteger]]]:
    """Cells by locality: their subjects, and their codes with those of the locality."""
    margins = fit.margins
    provinces = margins.attributes[margins.place] if margins.place else None
    check_localities(localities, provinces)
    assert margins.place is not None and provinces is not None
    if LOCALITY in margins.attributes:
        raise ScslabError(f'the margins have an attribute "{LOCALITY}" already', where=margins.id)
    fitted = np.where(chosen_cells(fit, only), fit.persons, 0.0)
    where = fit.codes[list(margins.attributes).index(margins.place)]
    share = np.bincount(where, weights=fitted, minlength=len(provinces)) / fitted.sum()
    needed = {}
    for province, part in zip(provinces, share.tolist(), strict=True):
        wanted = sum(found.place == province for found in localities.values())
        needed[province] = (
            # Rounding may leave a province one subject short of its share.
            f"use {math.ceil((wanted + 1) / part):,} {margins.counts} or more, not {persons:,}"
            if part > 0
            else f"the society leaves {province} out; leave its localities out too"
        )
    rows, counts, numbers = carve(counts, plain, margins.place, provinces, localities, needed)
    return counts, {**{name: c[rows] for name, c in plain.items()}, LOCALITY: numbers}


def _places(
    margins: Margins, counts: Ints, plain: Mapping[str, NDArray[np.signedinteger]]
) -> tuple[list[int], list[str]]:
    """First cell of each place that gets districts of its own (and the end), and its province."""
    if not margins.place:
        return [0, counts.size], [EVERYWHERE]
    places = plain[margins.place].astype(np.int64)
    parts = places * 100_000 + plain[LOCALITY] if LOCALITY in plain else places
    bounds = [0, *(np.flatnonzero(np.diff(parts)) + 1).tolist(), counts.size]
    provinces = margins.attributes[margins.place]
    return bounds, [provinces[int(places[b])] for b in bounds[:-1]]
