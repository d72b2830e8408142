"""Whole numbers that add up: quotas and sample sizes from shares."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scslab.core.errors import ScslabError


def largest_remainder(shares: np.ndarray, total: int) -> np.ndarray:
    """Whole numbers nearest to shares of a total that add up to it (Hamilton's method), i8[k].

    Each is the exact share rounded down or up; of equal remainders the first is rounded up.

    Parameters
    ----------
    shares : f8[k]
        Not negative; only their ratios count.
    total : int

    Raises
    ------
    ScslabError
        Negative or missing shares, or none above 0.

    Examples
    --------
    >>> largest_remainder(np.array([0.5, 0.3, 0.2]), 7).tolist()
    [4, 2, 1]
    """
    given = np.asarray(shares, dtype=float)
    if not (given >= 0).all() or not given.sum() > 0 or not np.isfinite(given).all():
        raise ScslabError(
            "shares must be numbers of 0 or more, not all of them 0",
            where="shares",
            got=", ".join(f"{x:g}" for x in given.flat[:12]),
        )
    return round_to(given / given.sum() * total, total)


def round_to(exact: np.ndarray, total: int) -> np.ndarray:
    """Round numbers that add up to a whole total so that they still do, i8[k]."""
    whole = np.floor(exact).astype(np.int64)
    rest = np.round(exact - whole, 9)  # so that a lost bit does not decide between equal remainders
    up = np.argsort(-rest, kind="stable")[: total - int(whole.sum())]
    whole[up] += 1
    return whole


def allocate(
    sizes: np.ndarray, most: np.ndarray, total: int, least: int = 2, names: Sequence[object] = ()
) -> np.ndarray:
    """Share a sample out to strata in proportion to size, at least `least` each, i8[k].

    Strata that would get less than the least or more than there is are held at that bound; the
    others share the rest in proportion to size.

    Parameters
    ----------
    sizes : f8[k]
        Sizes of the strata.
    most : i8[k]
        Units in each stratum.
    total : int
        Units to be drawn.
    least : int
        So many in each stratum; two are needed to estimate a variance.
    names : sequence, optional
        What strata are called in a message.

    Raises
    ------
    ScslabError
        Strata with fewer than `least` units; fewer or more units wanted than can be had.

    Examples
    --------
    >>> allocate(np.array([900.0, 90.0, 10.0]), np.array([50, 50, 50]), 10).tolist()
    [6, 2, 2]
    """
    most = np.asarray(most, dtype=np.int64)
    sizes = np.asarray(sizes, dtype=float)
    strata = len(most)
    labels = list(names) or list(range(strata))
    short = [f"{name} ({m})" for name, m in zip(labels, most, strict=True) if m < least]
    if short:
        raise ScslabError(
            f"{len(short)} of {strata} strata have fewer than {least} units to draw from",
            where="strata",
            got=", ".join(short[:12]) + (", ..." if len(short) > 12 else ""),
            why="a variance cannot be estimated from one unit of a stratum",
            hint="join them with others, or use fewer strata",
        )
    if not least * strata <= total <= most.sum():
        raise ScslabError(
            f"{total:,} units cannot be drawn from {strata} strata",
            where="strata",
            got=total,
            expected=f"{least * strata:,} ({least} a stratum) to {most.sum():,} (all there are)",
            hint="draw more units, or use fewer strata"
            if total < least * strata
            else "draw fewer units",
        )
    low, high = 0.0, float((most / sizes).max())
    for _ in range(100):  # the rate at which bounded shares add up to the total
        middle = (low + high) / 2
        if np.clip(middle * sizes, least, most).sum() < total:
            low = middle
        else:
            high = middle
    return round_to(np.clip(high * sizes, least, most), total)
