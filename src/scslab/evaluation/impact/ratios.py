"""Selection rates and impact ratios of groups."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

SMALL = 0.02  # a group with a smaller part of all may be left out of an audit
Z = 1.959963984540054


@dataclass(frozen=True)
class Group:
    """One group of an audit.

    Attributes
    ----------
    rate : float
        Selection rate: selected / n.
    ratio : float
        Impact ratio: the rate over the best rate among groups of 2 % or more.
    low, high : float
        Of the ratio, 95 %; NaN for the reference itself.
    small : bool
        Whether the group is less than 2 % of all, which may be left out.
    """

    name: str
    n: int
    selected: int
    ratio: float
    low: float
    high: float
    small: bool
    best: bool

    @property
    def rate(self) -> float:
        """Selection rate."""
        return self.selected / self.n


def groups_of(rows: pd.DataFrame, attributes: tuple[str, ...]) -> tuple[list[Group], int]:
    """The groups of an audit with impact ratios, and how many subjects have none.

    Parameters
    ----------
    rows : DataFrame
        Attributes, and counts `pool` and `selected`, in any number of rows.
    attributes : tuple of str
        One, or two for intersections.

    Returns
    -------
    (list of Group, int)
        In the order of the categories. The best group, whose rate is the reference, is one of
        at least 2 % of all where there is one.
    """
    lacks = rows[list(attributes)].isna().any(axis=1)
    missing = int(rows.loc[lacks, "pool"].sum())
    sums = (
        rows[~lacks].groupby(list(attributes), observed=True, sort=True)[["pool", "selected"]].sum()
    )
    sums = sums[sums["pool"] > 0]
    if not len(sums):
        return [], missing
    pool, selected = sums["pool"].to_numpy(float), sums["selected"].to_numpy(float)
    rate, small = selected / pool, pool < SMALL * pool.sum()
    able = [i for i in range(len(sums)) if not small[i]] or list(range(len(sums)))
    best = max(able, key=lambda i: rate[i])
    found = []
    for i, name in enumerate(sums.index):
        low, high = ratio_interval(selected[i], pool[i], selected[best], pool[best])
        found.append(
            Group(
                name=", ".join(map(str, name)) if isinstance(name, tuple) else str(name),
                n=int(pool[i]),
                selected=int(selected[i]),
                ratio=float(rate[i] / rate[best]) if rate[best] else math.nan,
                low=math.nan if i == best else low,
                high=math.nan if i == best else high,
                small=bool(small[i]),
                best=i == best,
            )
        )
    return found, missing


def ratio_interval(a: float, n: float, b: float, m: float) -> tuple[float, float]:
    """The 95 % interval of (a / n) / (b / m).

    Notes
    -----
    Katz, Baptista, Azen and Pike (1978), Biometrics 34, method C; NaN where a count is 0.

    Examples
    --------
    >>> tuple(round(x, 3) for x in ratio_interval(40, 100, 50, 100))
    (0.587, 1.091)
    """
    if not a or not b:
        return math.nan, math.nan
    se = math.sqrt(max(1 / a - 1 / n + 1 / b - 1 / m, 0.0))
    ratio = (a / n) / (b / m)
    return ratio * math.exp(-Z * se), ratio * math.exp(Z * se)
