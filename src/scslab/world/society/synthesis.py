"""From margins to cells: proportional fitting, then controlled rounding to whole persons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scslab.core.errors import ScslabError, near
from scslab.world.society.margins import Margins
from scslab.world.society.rounding import rake_cells, round_cells

TOLERANCE = 1e-9
MOST_SWEEPS = 3000
# Starts of the rounding, tried in turn; in the last ones cells may leave floor and ceiling.
ATTEMPTS = ((0.5, False), (0.2, False), (0.8, False), (0.05, False), (0.5, True), (0.2, True))
MOST_PERSONS = 2_000_000_000
Floats = NDArray[np.float64]
Only = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Fit:
    """The fitted joint table, cells above zero only.

    Attributes
    ----------
    margins : Margins
    cells : array of int64, shape (C,)
        Place of each cell in the full joint table (C order over `margins.attributes`).
    codes : array of int16, shape (A, C)
        Category of each cell in each attribute.
    persons : array of float64, shape (C,)
        Fitted persons, or shares where the margins are shares.
    sweeps : int
    error : float
        Largest relative error of any margin category.
    """

    margins: Margins
    cells: NDArray[np.int64]
    codes: NDArray[np.int16]
    persons: Floats
    sweeps: int
    error: float


@dataclass(frozen=True)
class FitLine:
    """How well one margin is met, in persons of the synthetic society."""

    name: str
    over: tuple[str, ...]
    categories: int
    deviation: float
    category: str
    target: float
    status: str


def margin_slots(
    codes: NDArray[np.int16], attributes: Mapping[str, tuple[str, ...]], over: tuple[str, ...]
) -> NDArray[np.int32]:
    """The category of a margin (flat, C order over `over`) that each cell falls into."""
    names = list(attributes)
    shape = tuple(len(attributes[a]) for a in over)
    axes = tuple(codes[names.index(a)].astype(np.int64) for a in over)
    return np.ravel_multi_index(axes, shape).astype(np.int32)


def category_name(margins: Margins, over: tuple[str, ...], slot: int) -> str:
    """The words of one margin category: "Tibet x rural"."""
    shape = tuple(len(margins.attributes[a]) for a in over)
    spot = np.unravel_index(slot, shape)
    return " x ".join(margins.attributes[a][int(i)] for a, i in zip(over, spot, strict=True))


def fit_cells(margins: Margins) -> Fit:
    """Iterative proportional fitting of the seed table to all margins.

    Parameters
    ----------
    margins : Margins

    Returns
    -------
    Fit
        Cells in the unit of the margins (persons or shares).

    Raises
    ------
    ScslabError
        If the margins cannot be met together; names the worst one.
    """
    attributes = margins.attributes
    shape = margins.seed.shape
    cells = np.flatnonzero(margins.seed > 0)
    codes = np.stack(np.unravel_index(cells, shape)).astype(np.int16)
    keep = np.ones(cells.size, dtype=bool)
    for table in margins.tables:
        keep &= table.target.ravel()[margin_slots(codes, attributes, table.over)] > 0
    cells, codes = cells[keep], np.ascontiguousarray(codes[:, keep])
    free = [a for a in attributes if not any(a in t.over for t in margins.tables)]
    if free:
        raise ScslabError(
            f"no margin counts the attribute {free[0]!r}",
            where=margins.id,
            hint="add a margin over it, or remove it from attributes",
        )
    rows: list[NDArray[np.int32]] = []
    targets: list[Floats] = []
    owners: list[tuple[int, int]] = []
    offset = 0
    for number, table in enumerate(margins.tables):
        rows.append(margin_slots(codes, attributes, table.over) + np.int32(offset))
        targets.append(table.target.ravel())
        owners += [(number, slot) for slot in range(table.target.size)]
        offset += table.target.size
    flat = np.concatenate(targets)
    used = np.flatnonzero(flat > 0)
    renumber = np.zeros(flat.size, dtype=np.int32)
    renumber[used] = np.arange(used.size)
    persons = margins.seed.ravel()[cells].astype(np.float64)
    sweeps, error, worst = rake_cells(
        persons,
        np.ascontiguousarray(renumber[np.stack(rows)]),
        flat[used],
        TOLERANCE / 100,
        MOST_SWEEPS,
    )
    if not error <= TOLERANCE:
        number, slot = owners[int(used[worst])]
        table = margins.tables[number]
        raise ScslabError(
            f"margin {table.name!r} cannot be met",
            where=margins.id,
            got=f"{category_name(margins, table.over, slot)} is still off by {error:.2g} of its "
            f"target after {sweeps} sweeps",
            why="together with the other margins and the structural zeros no joint table fits",
            hint="compare it with the margins that share an attribute with it",
        )
    return Fit(margins, cells.astype(np.int64), codes, persons, int(sweeps), float(error))


def chosen_cells(fit: Fit, only: Only | None) -> NDArray[np.bool_]:
    """Which cells are within `only`, shape (C,)."""
    keep = np.ones(fit.cells.size, dtype=bool)
    names = list(fit.margins.attributes)
    for attribute, wanted in (only or {}).items():
        if attribute not in names:
            raise ScslabError(
                f"unknown attribute {attribute!r}", where="only", hint=near(attribute, names)
            )
        known = fit.margins.attributes[attribute]
        for word in wanted:
            if word not in known:
                raise ScslabError(
                    f"unknown category of {attribute}",
                    where="only",
                    got=word,
                    hint=near(word, known),
                )
        keep &= np.isin(fit.codes[names.index(attribute)], [known.index(w) for w in wanted])
    if not keep.any():
        raise ScslabError("nobody is left", where="only", got=dict(only or {}))
    return keep


def _targets(fit: Fit, persons: int, keep: NDArray[np.bool_]) -> Floats:
    """Persons wanted in each chosen cell."""
    return fit.persons[keep] * (persons / float(fit.persons[keep].sum()))


def _wanted(
    fit: Fit, over: tuple[str, ...], cells: Floats, keep: NDArray[np.bool_], persons: int
) -> Floats:
    """Target of a margin in whole-society persons: as stated, or as fitted within `only`."""
    table = next((t for t in fit.margins.tables if t.over == over), None)
    if keep.all() and table is not None:
        return table.target.ravel() * (persons / fit.margins.total)
    shape = tuple(len(fit.margins.attributes[a]) for a in over)
    slots = margin_slots(fit.codes[:, keep], fit.margins.attributes, over)
    have = np.bincount(slots, weights=cells, minlength=int(np.prod(shape)))
    return have.astype(np.float64)


def whole_persons(fit: Fit, persons: int, only: Only | None = None) -> NDArray[np.int64]:
    """Controlled rounding: whole persons per cell, each margin category within one person.

    The one-way totals of every attribute are kept within one person too, and the total exactly.

    Parameters
    ----------
    fit : Fit
    persons : int
        Synthetic persons.
    only : mapping, optional
        Attribute -> categories: a society of these categories only.

    Returns
    -------
    array of int64, shape (C,)
        Aligned with `fit.cells`; 0 outside `only`.

    Raises
    ------
    ScslabError
        Naming a margin, if it cannot be met within one person.
    """
    if not 1 <= persons <= MOST_PERSONS:
        raise ScslabError(
            f"not a possible number of {fit.margins.counts}",
            where=fit.margins.counts,
            got=persons,
            expected=f"1 to {MOST_PERSONS:,}",
        )
    keep = chosen_cells(fit, only)
    cells = _targets(fit, persons, keep)
    attributes = fit.margins.attributes
    overs = [t.over for t in fit.margins.tables]
    overs += [(a,) for a in attributes if (a,) not in overs]
    columns: list[NDArray[np.int32]] = [np.zeros(cells.size, dtype=np.int32)]
    targets = [np.array([float(persons)])]
    owners: list[tuple[tuple[str, ...], int]] = [((), 0)]
    for over in overs:
        wanted = _wanted(fit, over, cells, keep, persons)
        columns.append(margin_slots(fit.codes[:, keep], attributes, over) + np.int32(len(owners)))
        targets.append(wanted)
        owners += [(over, slot) for slot in range(wanted.size)]
    slots = np.ascontiguousarray(np.stack(columns, axis=1))
    for start, wide in ATTEMPTS:
        whole, stuck = round_cells(cells, slots, np.concatenate(targets), start, 4_000, wide)
        if stuck < 0:
            break
    else:
        over, slot = owners[stuck]
        where = " x ".join(over) or "total"
        raise ScslabError(
            f"margin {where!r} cannot be met within one {fit.margins.counts[:-1]}",
            where=fit.margins.id,
            got=category_name(fit.margins, over, slot) if over else "the total",
            hint=f"use more {fit.margins.counts} or coarser categories",
        )
    counts = np.zeros(fit.cells.size, dtype=np.int64)
    counts[keep] = whole
    return counts


def fit_report(
    fit: Fit, counts: NDArray[np.int64], persons: int, only: Only | None = None
) -> tuple[FitLine, ...]:
    """For each margin the category furthest from its target, in persons."""
    keep = chosen_cells(fit, only)
    cells = _targets(fit, persons, keep)
    lines = []
    for table in fit.margins.tables:
        wanted = _wanted(fit, table.over, cells, keep, persons)
        slots = margin_slots(fit.codes, fit.margins.attributes, table.over)
        have = np.bincount(slots, weights=counts, minlength=wanted.size)
        apart = np.abs(have - wanted)
        worst = int(apart.argmax())
        lines.append(
            FitLine(
                table.name,
                table.over,
                wanted.size,
                float(apart[worst]),
                category_name(fit.margins, table.over, worst),
                float(wanted[worst]),
                table.status,
            )
        )
    return tuple(lines)
