"""What measures cost those whom they bite: refused trips, lost credit, lost posts, and so on."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from scslab.core.yamlfile import read

OTHER = "other"
BLACKLIST, REDLIST, SCORE = "blacklist", "redlist", "score"
COST, BENEFIT = "cost", "benefit"


@cache
def table() -> dict[str, dict]:
    """The rows of `costs.yaml`."""
    found: dict[str, dict] = read(Path(__file__).with_name("costs.yaml")).data
    return found


@cache
def cost_kinds() -> dict[str, str]:
    """Every kind of cost and what it is, the last one for all that fits no other."""
    return {name: row["says"] for name, row in table().items()} | {OTHER: "Anything else"}


@cache
def cost_kind(measure: str) -> str:
    """The kind of cost of a measure, by its name.

    Examples
    --------
    >>> cost_kind("fast_trains"), cost_kind("bank_credit"), cost_kind("my_own_measure")
    ('travel', 'credit', 'other')
    """
    for kind, row in table().items():
        if any(fnmatchcase(measure, pattern) for pattern in row["measures"]):
            return str(kind)
    return OTHER


def cost_counts(measures: pd.DataFrame, place: np.ndarray, rows: int) -> dict[str, np.ndarray]:
    """Costs and benefits side by side.

    Parameters
    ----------
    measures : DataFrame
        From `measure_totals`.
    place : i8[n]
        The row of the result to which each measure counts.
    rows : int
        How many rows there are.

    Returns
    -------
    dict of f8[rows]
        For each kind of cost, and for `cost` (all kinds together): `{kind}_months`,
        `{kind}_refused`, `wrongful_{kind}_months`, `wrongful_{kind}_refused` of measures of
        blacklists, and `{kind}_most`, the months of the measure of most months. `benefit_months`
        and `benefit_most` are of redlists and scores.
    """
    kinds = [name.replace("-", "_") for name in cost_kinds()]
    at = {kind: i for i, kind in enumerate(cost_kinds())}
    names = measures["measure"].astype("category")
    kind = np.array([at[cost_kind(str(name))] for name in names.cat.categories], np.int64)
    kind = kind[names.cat.codes] if len(measures) else np.zeros(0, np.int64)
    kind = np.where(measures["comes_of"].to_numpy() == BLACKLIST, kind, len(kinds))
    cell, size = place * (len(kinds) + 1) + kind, rows * (len(kinds) + 1)

    def added(column: str) -> np.ndarray:
        sums: np.ndarray = np.bincount(cell, measures[column].to_numpy(float), size)
        return sums.reshape(rows, len(kinds) + 1)

    most = np.zeros(size)
    np.maximum.at(most, cell, measures["person_months"].to_numpy(float))
    tables = {
        "{}_months": added("person_months"),
        "{}_refused": added("refused"),
        "wrongful_{}_months": added("wrongful_person_months"),
        "wrongful_{}_refused": added("wrongful_refused"),
        "{}_most": most.reshape(rows, len(kinds) + 1),
    }
    found: dict[str, np.ndarray] = {}
    for form, counts in tables.items():
        found |= {form.format(name): counts[:, i] for i, name in enumerate(kinds)}
        costs = counts[:, :-1]
        found[form.format(COST)] = costs.max(axis=1) if "most" in form else costs.sum(axis=1)
        found[form.format(BENEFIT)] = counts[:, -1]
    return found


def praising(measures: pd.DataFrame) -> set[str]:
    """The regimes whose lists bring praise only: a listing there is no harm."""

    def regimes(of: str) -> set[str]:
        return set(measures.loc[measures["comes_of"] == of, "regime"].astype(str).unique())

    return regimes(REDLIST) - regimes(BLACKLIST)
