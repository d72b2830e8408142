"""Quantities of harm of every run, as one table and as arrays over arms and seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scslab.core.trial import ALL, Arm
from scslab.evaluation.harm import harm
from scslab.lab.compare.run import ARM, SEED, Split, Sums

KEYS = ["quantity", "kind", "regime", "by", "group"]
FIGURES = ("amount", "rate")


@dataclass(frozen=True)
class Values:
    """The same quantities under every arm and seed.

    Attributes
    ----------
    keys : DataFrame
        A row per quantity, regime and group; columns of `KEYS`.
    amount, n, rate : f8[rows, arms, seeds]
        What was counted, out of how many, and as a rate; a rate of nothing is NaN.
    labels : tuple of str
        Of the arms.
    seeds : tuple of int
    places : dict
        Row of each quantity, regime, split and group.
    """

    keys: pd.DataFrame
    amount: np.ndarray
    n: np.ndarray
    rate: np.ndarray
    labels: tuple[str, ...]
    seeds: tuple[int, ...]
    places: dict[tuple[str, ...], int]

    def row(self, quantity: str, regime: str = ALL, by: str = ALL, group: str = ALL) -> int | None:
        """The number of a row, or None where nothing of the kind was counted."""
        return self.places.get((quantity, regime, by, group))


def values_of(sums: Mapping[Split, Sums], arms: Sequence[Arm], seeds: Sequence[int]) -> Values:
    """All quantities of all runs.

    Parameters
    ----------
    sums : mapping
        From `run_all`.
    """
    parts = [harms_of(split, found) for split, found in sums.items()]
    table = pd.concat(parts, ignore_index=True)
    codes = table.groupby(KEYS, sort=False, observed=True).ngroup().to_numpy()
    keys = table.loc[~pd.Series(codes).duplicated(), KEYS].reset_index(drop=True)
    shape = (len(keys), len(arms), len(seeds))
    at = (codes, table[ARM].to_numpy(), table[SEED].to_numpy())
    # A group that a run never counted anything of has amounts of nought and no rate.
    filled = {}
    for name, empty in (("amount", 0.0), ("n", 0.0), ("rate", np.nan)):
        filled[name] = np.full(shape, empty)
        filled[name][at] = table[name].to_numpy(np.float64)
    labels = tuple(arm.label for arm in arms)
    at_keys = keys[[name for name in KEYS if name != "kind"]].itertuples(index=False, name=None)
    places = {key: row for row, key in enumerate(at_keys)}
    return Values(keys, **filled, labels=labels, seeds=tuple(seeds), places=places)


def harms_of(split: Split, sums: Sums) -> pd.DataFrame:
    """The quantities of all runs for one split, with the split and the group as text."""
    table = harm(sums.totals, sums.measures, by=[ARM, SEED, *split])
    group = pd.Series(ALL if not split else table[split[0]].astype(str), table.index)
    for name in split[1:]:
        group = group + ", " + table[name].astype(str)
    return table.assign(
        quantity=table["quantity"].astype(str),
        kind=table["kind"].astype(str),
        regime=table["regime"].astype(str),
        by="+".join(split) or ALL,
        group=group,
    )[[*KEYS, ARM, SEED, "amount", "n", "rate"]]


def seed_table(values: Values) -> pd.DataFrame:
    """One row per arm, seed, quantity, regime and group."""
    rows, arms, seeds = values.amount.shape
    # Names as codes: rows are many.
    keys = values.keys.astype("category").loc[np.repeat(np.arange(rows), arms * seeds)]
    sides = np.tile(np.repeat(np.arange(arms), seeds), rows)
    found = keys.reset_index(drop=True)
    found.insert(0, "safeguard", pd.Categorical.from_codes(sides, list(values.labels)))
    found.insert(1, "seed", np.tile(np.array(values.seeds), rows * arms))
    for name in ("amount", "n", "rate"):
        found[name] = getattr(values, name).reshape(-1)
    return found
