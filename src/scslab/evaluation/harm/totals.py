"""Sums over the months of a run, by regime and group: what all figures of harm are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scslab.core.errors import ScslabError, near
from scslab.core.tables import FLOWS, STOCKS
from scslab.evaluation.harm.capital import CAPITAL, has_capital, political_capital

MONTHS = tuple(f"{stock}_months" for stock in STOCKS)
ENDS = ("listed_end", "wrongful_listed_end")  # stocks at the end of the last month
SUMS = (*FLOWS, *MONTHS, *ENDS)
ANYWHERE = "anywhere_months"
MEASURE_KEYS = ("regime", "measure", "comes_of")
MEASURE_SUMS = ("person_months", "refused", "wrongful_person_months", "wrongful_refused")


@dataclass(frozen=True)
class Collapsed:
    """Tallies with the months summed away.

    Attributes
    ----------
    sums : a row per regime and group
    anywhere : a row per group: months of subjects on file with any regime
    months : how many months there were
    """

    sums: pd.DataFrame
    anywhere: pd.DataFrame
    months: int


def totals(tallies: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Sum tallies over months: one row per regime and group.

    Parameters
    ----------
    tallies : DataFrame
        The tallies of a run: a row per regime, month and group.
    by : sequence of str
        Attributes, or political_capital. Subjects to which one of them does not apply (the age
        of a firm) are left out.

    Returns
    -------
    DataFrame
        regime, `by`, each flow summed, each stock summed over the ends of the months as
        `{stock}_months` (subject-months), `listed_end` and `wrongful_listed_end` (at the end of
        the last month), `anywhere_months` and `months`. `anywhere_months` counts the months of
        subjects on file anywhere once, however many regimes have them on file: in each
        combination of all attributes and each month, those of the regime with most on file,
        which is exact where one regime has everybody and the least possible where none has. It
        is the same for all regimes of a group; the other columns add over regimes.

    Raises
    ------
    ScslabError
        A column is missing, as in runs of older versions, or an attribute is not known.
    """
    return regroup(collapse(tallies, by), by)


def collapse(tallies: pd.DataFrame, keep: Sequence[str]) -> Collapsed:
    """Sum the months away and keep some attributes; missing ones stay missing."""
    needed = ["regime", "month", *FLOWS, *STOCKS]
    check_columns(tallies, needed, "tallies")
    attributes = attributes_of(tallies)
    check_attributes(keep, attributes)
    rows = with_capital(tallies, keep)
    month, names = pd.factorize(rows["month"], sort=True)
    values = rows[[*FLOWS, *STOCKS]].rename(columns=dict(zip(STOCKS, MONTHS, strict=True)))
    last = month == len(names) - 1
    for stock, end in zip(("listed", "wrongful_listed"), ENDS, strict=True):
        values[end] = rows[stock].to_numpy() * last
    sums = add_up(rows, ["regime", *keep], values)
    # The widest file of each cell and month stands for all who are on file anywhere.
    cell, _ = codes_of(rows, attributes)
    cells, first, place = np.unique(cell, return_index=True, return_inverse=True)
    widest = np.zeros(len(cells) * len(names), np.int64)
    np.maximum.at(widest, place * len(names) + month, rows["covered"].to_numpy())
    found = pd.DataFrame({ANYWHERE: widest.reshape(len(cells), -1).sum(axis=1)})
    return Collapsed(sums, add_up(rows.iloc[first], keep, found), len(names))


def regroup(collapsed: Collapsed, by: Sequence[str]) -> pd.DataFrame:
    """Sum collapsed tallies by fewer attributes, and set what is common to regimes beside them."""
    kept = collapsed.sums.dropna(subset=list(by))
    found = add_up(kept, ["regime", *by], kept[list(SUMS)])
    everywhere = collapsed.anywhere.dropna(subset=list(by))
    anywhere = add_up(everywhere, by, everywhere[[ANYWHERE]])
    if by:
        own, other = same_codes(found, anywhere, by)
        places = np.searchsorted(other, own)
        found[ANYWHERE] = anywhere[ANYWHERE].to_numpy()[places]
    else:
        found[ANYWHERE] = int(anywhere[ANYWHERE].sum())
    found["months"] = collapsed.months
    return found


def measure_totals(measures: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Sum measures over months: one row per regime, measure and group.

    Parameters
    ----------
    measures : DataFrame
        The measures of a run.
    by : sequence of str
        Attributes, or political_capital.

    Returns
    -------
    DataFrame
        regime, measure, comes_of (blacklist, redlist or score), `by`, person_months and refused,
        and the same of the wrongly listed.

    Raises
    ------
    ScslabError
        A column is missing, as in runs of older versions, or an attribute is not known.
    """
    return regroup_measures(collapse_measures(measures, by), by)


def collapse_measures(measures: pd.DataFrame, keep: Sequence[str]) -> pd.DataFrame:
    """Sum the months away and keep some attributes; missing ones stay missing."""
    check_columns(measures, [*MEASURE_KEYS, *MEASURE_SUMS], "measures")
    check_attributes(keep, attributes_of(measures, (*MEASURE_KEYS, "month", *MEASURE_SUMS)))
    rows = with_capital(measures, keep)
    return add_up(rows, [*MEASURE_KEYS, *keep], rows[list(MEASURE_SUMS)])


def regroup_measures(collapsed: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Sum collapsed measures by fewer attributes."""
    rows = collapsed.dropna(subset=list(by)) if by else collapsed
    return add_up(rows, [*MEASURE_KEYS, *by], rows[list(MEASURE_SUMS)])


def attributes_of(
    frame: pd.DataFrame, others: Sequence[str] = ("regime", "month", *FLOWS, *STOCKS)
) -> list[str]:
    """The attributes of a frame: what is neither a key nor a count."""
    return [c for c in frame.columns if c not in others and not str(c).startswith("grade_")]


def check_columns(frame: pd.DataFrame, needed: Sequence[str], what: str) -> None:
    """Say which columns a frame lacks."""
    missing = [name for name in needed if name not in frame.columns]
    if missing:
        shown = ", ".join(missing[:4]) + (f" and {len(missing) - 4} more" if missing[4:] else "")
        raise ScslabError(
            f"these {what} lack columns that harm is counted from",
            got=f"no {shown}",
            why="they are of an older version",
            hint="run the study again",
        )


def check_attributes(by: Sequence[str], known: Sequence[str]) -> None:
    """Say which attribute is not known."""
    if isinstance(by, str):
        raise ScslabError("by takes a list of attributes", got=by, expected=f'["{by}"]')
    names = [*known, CAPITAL] if has_capital(list(known)) else list(known)
    for name in by:
        if name not in names:
            raise ScslabError(f'harm cannot be split by "{name}"', hint=near(name, names))
    if len(set(by)) < len(by):
        raise ScslabError("by names an attribute twice", got=", ".join(by))


def with_capital(frame: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """The frame with political capital, where it is asked for and not there yet."""
    if CAPITAL not in by or CAPITAL in frame.columns:
        return frame
    return frame.assign(**{CAPITAL: political_capital(frame)})


def categories(column: pd.Series) -> pd.Categorical:
    """A column as codes with names; a plain one in the order of its names."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.array
    return pd.Categorical(column)


def codes_of(rows: pd.DataFrame, keys: Sequence[str]) -> tuple[np.ndarray, list[pd.Categorical]]:
    """One whole number per row for its combination of keys, in their order; missing comes first."""
    code = np.zeros(len(rows), np.int64)
    columns = [categories(rows[key]) for key in keys]
    for column in columns:
        code = code * (len(column.categories) + 1) + column.codes + 1
    return code, columns


def same_codes(
    one: pd.DataFrame, other: pd.DataFrame, keys: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Codes of two frames whose keys have the same categories."""
    return codes_of(one, keys)[0], codes_of(other, keys)[0]


def add_up(rows: pd.DataFrame, keys: Sequence[str], values: pd.DataFrame) -> pd.DataFrame:
    """Sums of values by the keys of rows, in the order of the categories."""
    code, columns = codes_of(rows, keys)
    sums = values.groupby(code, sort=True).sum()
    left = sums.index.to_numpy()
    decoded: dict[str, pd.Categorical] = {}
    for key, column in zip(reversed(list(keys)), reversed(columns), strict=True):
        left, at = np.divmod(left, len(column.categories) + 1)
        decoded[key] = pd.Categorical.from_codes(at - 1, dtype=column.dtype)
    found = pd.DataFrame({key: decoded[key] for key in keys})
    return pd.concat([found, sums.reset_index(drop=True)], axis=1)
