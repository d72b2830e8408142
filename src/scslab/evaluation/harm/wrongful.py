"""Who is wronged: wrongful entries by group, with n and interval."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from scslab.analysis.estimate import wilson
from scslab.core.results import GroupShare

SMALLEST_N = 30  # a share of fewer entries is not shown


def wrongful_by_group(
    listings: pd.DataFrame, attribute: str, categories: Sequence[str]
) -> list[GroupShare]:
    """Share of list entries that rest on a false record, for each category of an attribute.

    Parameters
    ----------
    listings : DataFrame
        Rows by regime, month and `attribute`, with covered, entries and wrongful_entries.
    categories : sequence of str
        In the order wanted.

    Returns
    -------
    list of GroupShare
        With Wilson's 95 % interval of the share, and wrongful entries per 100,000 covered
        person-years.
    """
    found = []
    for regime, rows in listings.groupby("regime", sort=False):
        sums = rows.groupby(attribute, observed=True)[
            ["covered", "entries", "wrongful_entries"]
        ].sum()
        for category in categories:
            if category not in sums.index:
                continue
            covered, n, wrongful = (int(x) for x in sums.loc[category])
            if covered == 0:
                continue
            low, high = wilson(wrongful, n)
            found.append(
                GroupShare(
                    regime=str(regime),
                    attribute=attribute,
                    category=category,
                    n=n,
                    wrongful=wrongful,
                    share=wrongful / n if n else 0.0,
                    low=low,
                    high=high,
                    per_100k=wrongful / covered * 12 * 100_000,
                    shown=n >= SMALLEST_N,
                )
            )
    return found
