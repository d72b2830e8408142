"""Harm, errors, benefits and compliance as rates with intervals, by regime and group."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from scslab.core.errors import ScslabError, near
from scslab.evaluation.harm.counts import Counts, count_all, luck, over
from scslab.evaluation.harm.intervals import mean_limits, rate_limits, share_limits
from scslab.evaluation.harm.registry import PERSON_YEARS, QUANTITIES, Quantity
from scslab.evaluation.harm.totals import categories, codes_of
from scslab.evaluation.harm.wrongful import SMALLEST_N

ALL = "all"
FIGURES = ("amount", "n", "rate", "low", "high", "events", "shown")

__all__ = ["ALL", "QUANTITIES", "Quantity", "harm"]


def harm(
    totals: pd.DataFrame,
    measures: pd.DataFrame,
    by: Sequence[str] = (),
    only: Sequence[str] = tuple(QUANTITIES),
) -> pd.DataFrame:
    """Every quantity of `QUANTITIES`, by regime and group.

    Parameters
    ----------
    totals, measures : DataFrame
        From `totals` and `measure_totals`, both split by `by`.
    by : sequence of str
        Attributes.
    only : sequence of str
        Of the quantities, these.

    Returns
    -------
    DataFrame
        quantity, kind, regime, `by`, amount (the count), n (what it is divided by), rate (amount
        / n in the quantity's unit), low and high (95 %), events (independent happenings on which
        the interval rests) and shown (False where n is below 30: too small to show). The regime
        "all" is all regimes together: counts add, while person-years are those of subjects on
        file anywhere, each counted once.

    Raises
    ------
    ScslabError
        Unknown quantity.

    Notes
    -----
    Shares have Wilson's interval, counts the exact Poisson one. Months on a list, refusals and
    costs come in clusters, since one listing brings many: their intervals are those of a Poisson
    count of listings (a little wide where one subject has several, a little narrow where lengths
    differ much). Means of times are taken as if times were exponential. Listings of regimes that
    only praise are left out; where a regime has lists of both kinds, both are counted.

    Examples
    --------
    >>> run.harm(by=["residence"])  # doctest: +SKIP
    """
    for name in only:
        if name not in QUANTITIES:
            raise ScslabError(f'no quantity "{name}"', hint=near(name, QUANTITIES))
    counts = count_all(totals, measures, ["regime", *by])
    code, _ = codes_of(totals, by)
    _, first, group = np.unique(code, return_index=True, return_inverse=True)
    parts = [part for name in only for part in rows_of(QUANTITIES[name], counts, first, group)]
    return framed(parts, totals, by, first)


def rows_of(
    quantity: Quantity, counts: Counts, first: np.ndarray, group: np.ndarray
) -> list[tuple[Quantity, bool, np.ndarray]]:
    """The figures of a quantity for all regimes together, and for each regime.

    Returns
    -------
    list of (quantity, whether for all together, f8[6, rows] of FIGURES but the last)
    """
    amount = counts[quantity.amount]
    n = counts[quantity.per or PERSON_YEARS]
    variance, one = luck(quantity, counts)
    sums, all_n, variances = (np.bincount(group, x, len(first)) for x in (amount, n, variance))
    if quantity.per == PERSON_YEARS:
        all_n = counts["anywhere_years"][first]
    largest = np.zeros(len(first))
    np.maximum.at(largest, group, one)
    found = [(quantity, True, figures(quantity, sums, all_n, variances, largest))]
    if not quantity.together_only:
        found.append((quantity, False, figures(quantity, amount, n, variance, one)))
    return found


def figures(
    quantity: Quantity, amount: np.ndarray, n: np.ndarray, variance: np.ndarray, one: np.ndarray
) -> np.ndarray:
    """Amount, n, rate, low, high, events; f8[6, rows]."""
    rate = over(amount, n, np.nan) * quantity.times
    events = over(amount**2, variance, 0.0)
    if quantity.luck == "share":
        low, high = (np.where(n > 0, x, np.nan) for x in share_limits(amount, n))
    elif quantity.luck == "mean":
        low, high = mean_limits(rate, n)
        events = n
    else:
        low, high = rate_limits(rate, events, over(one, n, np.nan) * quantity.times)
    return np.stack([amount, n, rate, low, high, events])


def framed(
    parts: list[tuple[Quantity, bool, np.ndarray]],
    totals: pd.DataFrame,
    by: Sequence[str],
    first: np.ndarray,
) -> pd.DataFrame:
    """The figures of all quantities as a frame."""
    every = np.arange(len(totals))
    place = np.concatenate([first if together else every for _, together, _ in parts])
    sizes = [len(first) if together else len(every) for _, together, _ in parts]
    regimes = totals["regime"].astype(str).to_numpy(object)
    values = np.concatenate([values for _, _, values in parts], axis=1)
    together = np.repeat([together for _, together, _ in parts], sizes)
    found: dict[str, object] = {
        "quantity": np.repeat(np.array([q.name for q, _, _ in parts], object), sizes),
        "kind": np.repeat(np.array([q.kind for q, _, _ in parts], object), sizes),
        "regime": np.where(together, ALL, regimes[place]),
    }
    found |= {name: categories(totals[name]).take(place) for name in by}
    found |= dict(zip(FIGURES, values, strict=False))
    return pd.DataFrame(found | {"shown": values[1] >= SMALLEST_N})
