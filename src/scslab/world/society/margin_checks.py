"""Checks that margins agree with each other and can be met at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from scslab.core.errors import ScslabError

TOLERANCE = 1e-6
Floats = NDArray[np.float64]
Table = tuple[str, tuple[str, ...], Floats]


def sum_over(table: Floats, over: Sequence[str], keep: Sequence[str]) -> Floats:
    """Sum a table with axes `over` to the attributes `keep`, in the order of `keep`."""
    order = [a for a in over if a in keep]
    summed = table.sum(axis=tuple(i for i, a in enumerate(over) if a not in keep))
    return np.transpose(summed, [order.index(a) for a in keep])


def check_agreement(
    tables: Sequence[Table], attributes: Mapping[str, tuple[str, ...]], where: str
) -> None:
    """Raise unless all margins have one total and shared sub-margins are equal (to 1e-6).

    Raises
    ------
    ScslabError
        Naming two margins and what each says.
    """
    for i, (name, over, target) in enumerate(tables):
        for other, other_over, other_target in tables[:i]:
            both = [a for a in over if a in other_over]
            mine, theirs = sum_over(target, over, both), sum_over(other_target, other_over, both)
            total, other_total = float(target.sum()), float(other_target.sum())
            slack = TOLERANCE * other_total
            if abs(total - other_total) > slack:
                raise ScslabError(
                    f"margins {other!r} and {name!r} disagree in total",
                    where=where,
                    got=f"{other}: {other_total:,.6g}; {name}: {total:,.6g}",
                    why="both count all persons of the same society",
                )
            apart = np.abs(mine - theirs)
            if apart.max() > slack:
                spot = np.unravel_index(int(apart.argmax()), apart.shape)
                words = " x ".join(attributes[a][j] for a, j in zip(both, spot, strict=True))
                raise ScslabError(
                    f"margins {other!r} and {name!r} contradict each other",
                    where=where,
                    got=f"{words}: {other} {float(theirs[spot]):,.9g}, "
                    f"{name} {float(mine[spot]):,.9g}",
                    why=f"summed to {' x '.join(both)}, they count the same persons",
                )


def reconcile(tables: Sequence[tuple[tuple[str, ...], Floats]]) -> list[Floats]:
    """Remove what is left of disagreement within the tolerance: later margins follow earlier."""
    done: list[Floats] = []
    for i, (over, target) in enumerate(tables):
        fitted = target.astype(np.float64)
        for _ in range(100):
            change = 0.0
            for j in range(i):
                both = [a for a in over if a in tables[j][0]]
                want, have = sum_over(done[j], tables[j][0], both), sum_over(fitted, over, both)
                factor = np.where(have > 0, want / np.where(have > 0, have, 1.0), 1.0)
                change = max(change, float(np.abs(factor - 1).max()))
                fitted = fitted * _spread(factor, both, over)
            if change < 1e-14:
                break
        done.append(fitted)
    return done


def _spread(factor: Floats, keep: Sequence[str], over: Sequence[str]) -> Floats:
    inside = [a for a in over if a in keep]
    moved = np.transpose(factor, [keep.index(a) for a in inside]) if inside else factor
    sizes = iter(moved.shape)
    return moved.reshape([next(sizes) if a in keep else 1 for a in over])


def check_reachable(
    tables: Sequence[Table], attributes: Mapping[str, tuple[str, ...]], seed: Floats, where: str
) -> None:
    """Raise if a category with a target above zero has no cell that may hold anybody.

    A cell is closed by the structural zeros, by zero odds, or by another margin that is zero
    there.
    """
    names = list(attributes)
    open_cells = seed > 0
    for closing in (False, True):
        for name, over, target in tables:
            reach = sum_over(open_cells.astype(np.float64), names, over)
            stuck = np.argwhere((reach == 0) & (target > 0))
            if len(stuck):
                words = " x ".join(attributes[a][j] for a, j in zip(over, stuck[0], strict=True))
                raise ScslabError(
                    f"margin {name!r} cannot be met: nobody can be in {words}",
                    where=where,
                    got=f"target {float(target[tuple(stuck[0])]):,.6g}",
                    why="other margins with a zero close every cell of this category"
                    if closing
                    else "the structural zeros or the seed table close every cell of it",
                    hint="set its target to 0, or open a cell under impossible or seed_table",
                )
        for _, over, target in tables:
            open_cells = open_cells & _spread((target > 0).astype(np.float64), over, names).astype(
                bool
            )
