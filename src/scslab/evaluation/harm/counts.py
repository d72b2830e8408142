"""The counts that quantities are made of, as arrays: a place per regime and group."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scslab.evaluation.harm.costs import cost_counts, praising
from scslab.evaluation.harm.registry import PERSON_YEARS, Quantity
from scslab.evaluation.harm.totals import ANYWHERE, ENDS, SUMS, categories

Counts = dict[str, np.ndarray]

# What a regime whose lists are all of praise counts is no harm.
OF_LISTS = (
    "entries", "wrongful_entries", "exits", "wrongful_exits", "listed_months",
    "wrongful_listed_months", "hardship_listed_months", "hardship_entries", *ENDS,
    "wrongs_corrected", "months_wronged", "performed",
)  # fmt: skip


def count_all(totals: pd.DataFrame, measures: pd.DataFrame, keys: list[str]) -> Counts:
    """All counts by name, f8[rows of totals]."""
    counts = {name: totals[name].to_numpy(float) for name in (*SUMS, ANYWHERE, "months")}
    praise = totals["regime"].astype(str).isin(praising(measures)).to_numpy()
    if praise.any():
        counts |= {name: np.where(praise, 0.0, counts[name]) for name in OF_LISTS}
    place = places(measures, totals, keys)
    known = place >= 0
    counts |= cost_counts(measures[known], place[known], len(totals))
    return counts | derived(counts)


def places(rows: pd.DataFrame, of: pd.DataFrame, keys: list[str]) -> np.ndarray:
    """For each row the place of its keys in another frame, -1 where it is not there."""
    mine, theirs = np.zeros(len(rows), np.int64), np.zeros(len(of), np.int64)
    missing = np.zeros(len(rows), bool)
    for key in keys:
        column = categories(of[key])
        codes = pd.Categorical(rows[key], categories=column.categories).codes
        missing |= codes < 0
        mine = mine * len(column.categories) + codes
        theirs = theirs * len(column.categories) + column.codes
    order = np.argsort(theirs)
    found = np.searchsorted(theirs, mine, sorter=order)
    at = order[np.minimum(found, len(of) - 1)] if len(of) else found
    return np.where(missing | (theirs[at] != mine), -1, at) if len(of) else np.full(len(rows), -1)


def derived(c: Counts) -> Counts:
    """Counts made of other counts."""
    listings = c["exits"] + c["listed_end"]
    wrongful = c["wrongful_exits"] + c["wrongful_listed_end"]
    rightful = np.maximum(listings - wrongful, 0.0)
    of_wronged = c["rejected_wronged"] + c["corrected_wronged"]
    return {
        PERSON_YEARS: c["covered_months"] / 12,
        "anywhere_years": c[ANYWHERE] / 12,
        "listings": listings,
        "wrongful_listings": wrongful,
        "rightful_listings": rightful,
        "rightful_entries": np.maximum(c["entries"] - c["wrongful_entries"], 0.0),
        "not_corrected": np.maximum(wrongful - c["wrongs_corrected"], 0.0),
        "performed": np.minimum(c["performed"], rightful),
        "false_records": c["misattributed"] + c["from_nothing"],
        "found_false": c["corrected"] + c["upheld"] + c["cleared"],
        "copies_left": np.maximum(c["copies"] - c["copies_corrected"], 0.0),
        "objections_of_wronged": of_wronged,
        "objections_of_others": c["decided"] - of_wronged,
        "corrected_others": c["corrected"] - c["corrected_wronged"],
    }


def luck(quantity: Quantity, counts: Counts) -> tuple[np.ndarray, np.ndarray]:
    """Variance of an amount by luck, and what one event would make of it where there is none.

    With k independent events that weigh the same the variance is amount^2 / k; over regimes it
    adds. For months on a list and what follows from them, events are listings; for attempts,
    which come at random while a listing stands, k = attempts x listings / (attempts + listings).
    """
    amount, kind = counts[quantity.amount], quantity.luck
    events, one = amount, np.ones_like(amount)
    if kind in ("listings", "wronged"):
        wrongly = "wrongful_" if kind == "wronged" else ""
        whole, listings = counts[f"{wrongly}listed_months"], counts[f"{wrongly}listings"]
        months = counts.get(quantity.amount.removesuffix("_months") + "_most", amount)
        events = np.minimum(over(months, whole, 1.0), 1.0) * listings
        if quantity.per == PERSON_YEARS:
            one = np.maximum(over(whole, listings, 1.0), 1.0)
    elif kind in ("refusals", "wrongful refusals"):
        listings = counts["listings" if kind == "refusals" else "wrongful_listings"]
        events = amount * over(listings, amount + listings, 0.0)
    elif kind == "points":
        events = counts["records"]
    elif kind == "benefits":
        one = np.maximum(counts["months"], 1.0)
        events = counts["benefit_most"] / one
    least = amount / np.maximum(counts["months"], 1.0)
    events = np.minimum(np.where(events > 0, events, least), amount)
    return over(amount**2, events, 0.0), one


def over(top: np.ndarray, beneath: np.ndarray, otherwise: float) -> np.ndarray:
    """Element by element, with a value for what would be divided by 0.

    Examples
    --------
    >>> over(np.array([1.0, 3.0]), np.array([0.0, 2.0]), 0.0).tolist()
    [0.0, 1.5]
    """
    return np.where(beneath > 0, top / np.where(beneath > 0, beneath, 1.0), otherwise)
