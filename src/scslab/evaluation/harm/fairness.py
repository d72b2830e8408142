"""Groups side by side: impact ratios, equal error rates, and who is favoured or escapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite

import pandas as pd

from scslab.core.errors import ScslabError, near
from scslab.core.harm import Contrast, ErrorRate, Group, HarmLine, ImpactRatio
from scslab.evaluation.harm.capital import CAPITAL
from scslab.evaluation.harm.intervals import gap_limits, ratio_limits
from scslab.evaluation.harm.quantities import ALL, FIGURES
from scslab.evaluation.harm.registry import QUANTITIES, Quantity

EXPECTED = 5  # events expected of a group at everybody's rate, below which it cannot be the best
ERRORS = ("wrongful_entries", "missed_share", "wrongly_rejected")
ESCAPES = ("missed_share", "breaches_listed")
MIDDLING = ("wrongful_entries", "listed_months", "refused", "benefit_months")


def attributes_of(frame: pd.DataFrame) -> list[str]:
    """The attributes by which a frame of `harm` is split."""
    return [c for c in frame.columns if c not in ("quantity", "kind", "regime", *FIGURES)]


def rows_of(frame: pd.DataFrame, quantity: str) -> dict[str, list[dict]]:
    """The rows of one quantity by regime, with `enough`: whether a group can be compared.

    Enough are 30 underneath and, at the rate of all groups together, 5 events: below that a
    group without any would often look best by luck.

    Raises
    ------
    ScslabError
        The quantity is not known.
    """
    if quantity not in QUANTITIES:
        raise ScslabError(f'no quantity "{quantity}"', hint=near(quantity, QUANTITIES))
    found: dict[str, list[dict]] = {}
    for row in frame[frame["quantity"] == quantity].to_dict("records"):
        found.setdefault(str(row["regime"]), []).append(row)
    for rows in found.values():
        events, n = sum(row["events"] for row in rows), sum(row["n"] for row in rows)
        for row in rows:
            expected = row["n"] * events / n if n > 0 else 0.0
            known = row["shown"] and isfinite(row["rate"])
            row["enough"] = bool(known and expected >= EXPECTED)
    return found


def group_of(row: Mapping[str, object], by: Sequence[str]) -> Group:
    """The group of a row: attributes with their categories."""
    return tuple((name, str(row[name])) for name in by)


def variance(row: Mapping[str, float], quantity: Quantity) -> float:
    """Variance of the logarithm of a rate."""
    if row["events"] <= 0:
        return float("nan")
    whole = 1.0 / row["n"] if quantity.luck == "share" else 0.0
    return 1.0 / row["events"] - whole


def harm_lines(frame: pd.DataFrame) -> list[HarmLine]:
    """Rows of a frame of `harm` as records."""
    by = attributes_of(frame)
    return [
        HarmLine(
            quantity=q.name,
            says=q.says,
            kind=q.kind,
            unit=q.unit,
            regime=str(row["regime"]),
            group=group_of(row, by),
            **{x: float(row[x]) for x in ("amount", "n", "rate", "low", "high")},
            shown=bool(row["shown"]),
        )
        for row in frame.to_dict("records")
        for q in [QUANTITIES[str(row["quantity"])]]
    ]


def impact_ratios(frame: pd.DataFrame, quantity: str) -> list[ImpactRatio]:
    """How each group fares beside the best-treated one, in each regime.

    The ratio is the group's rate over that of the best-treated group that is large enough, where
    more is better (benefits), and the inverse where less is (harms, errors): 1 for the best, below
    0.8 for a group that fares less than four fifths as well. `times` is the group's rate over that
    of the best in either case. The line of four fifths comes from rules on hiring (US Uniform
    Guidelines 1978, taken over by New York City's Local Law 144); it is a line to look at.

    Parameters
    ----------
    frame : DataFrame
        From `harm`, split by at least one attribute.
    quantity : str
        One of `QUANTITIES`.

    Returns
    -------
    list of ImpactRatio
        With an interval of the ratio by the delta method on its logarithm, as if the best group
        had been named beforehand. `shown` is False for groups that are too small, and for all
        where no group is large enough or the best rate is 0.

    Raises
    ------
    ScslabError
        Unknown quantity.
    """
    by, found = attributes_of(frame), []
    for rows in rows_of(frame, quantity).values():
        best = best_of(rows, QUANTITIES[quantity])
        found += [impact(row, best, QUANTITIES[quantity], by) for row in rows]
    return found


def best_of(records: list[dict], quantity: Quantity) -> dict | None:
    """The best-treated group that is large enough; None without one."""
    enough = [row for row in records if row["enough"]]
    if not enough:
        return None
    pick = min if quantity.better == "less" else max
    return pick(enough, key=lambda row: row["rate"])


def impact(row: dict, best: dict | None, quantity: Quantity, by: Sequence[str]) -> ImpactRatio:
    """The ratio of one group."""
    times = ratio = low = high = float("nan")
    if best is not None and best["rate"] > 0 and row["n"] > 0:
        times = row["rate"] / best["rate"]
        ratio = times if quantity.better == "more" else inverse(times)
        if row is best:
            low = high = 1.0
        elif isfinite(ratio):
            low, high = ratio_limits(ratio, variance(row, quantity) + variance(best, quantity))
    return ImpactRatio(
        quantity=quantity.name,
        says=quantity.says,
        kind=quantity.kind,
        unit=quantity.unit,
        regime=str(row["regime"]),
        group=group_of(row, by),
        n=float(row["n"]),
        rate=float(row["rate"]),
        best=group_of(best, by) if best is not None else (),
        best_rate=float(best["rate"]) if best is not None else float("nan"),
        times=times,
        ratio=ratio,
        low=low,
        high=high,
        shown=bool(row["enough"]) and isfinite(ratio),
    )


def inverse(value: float) -> float:
    """One over a value; there is none of 0."""
    return 1.0 / value if value > 0 else float("nan")


def error_rates(frame: pd.DataFrame, quantities: Sequence[str] = ERRORS) -> list[ErrorRate]:
    """How often each group is wronged, and the gap to the group that is wronged least.

    By default: listings on a false record per person-year, breaches missed of all breaches,
    objections to false records that were rejected. Equal error rates would be gaps of 0.

    Parameters
    ----------
    frame : DataFrame
        From `harm`, split by at least one attribute.

    Returns
    -------
    list of ErrorRate
        With the interval of each gap from those of both rates (Zou and Donner 2008).

    Raises
    ------
    ScslabError
        Unknown quantity.
    """
    by, found = attributes_of(frame), []
    for name in quantities:
        for rows in rows_of(frame, name).values():
            least = best_of(rows, QUANTITIES[name])
            found += [error_rate(row, least, QUANTITIES[name], by) for row in rows]
    return found


def error_rate(row: dict, least: dict | None, quantity: Quantity, by: Sequence[str]) -> ErrorRate:
    """The error rate of one group."""
    gap = low = high = float("nan")
    if row is least:
        gap = low = high = 0.0
    elif least is not None and row["n"] > 0:
        gap = row["rate"] - least["rate"]
        low, high = gap_limits(
            row["rate"], (row["low"], row["high"]), least["rate"], (least["low"], least["high"])
        )
    return ErrorRate(
        quantity=quantity.name,
        says=quantity.says,
        unit=quantity.unit,
        regime=str(row["regime"]),
        group=group_of(row, by),
        **{x: float(row[x]) for x in ("amount", "n", "rate", "low", "high")},
        least=group_of(least, by) if least is not None else (),
        gap=gap,
        gap_low=low,
        gap_high=high,
        shown=bool(row["shown"]),
    )


def contrast(
    frame: pd.DataFrame,
    quantity: str,
    category: str,
    against: str,
    question: str,
    regime: str = ALL,
) -> Contrast | None:
    """The rate of one category over that of another; None where one of the two is missing.

    Parameters
    ----------
    frame : DataFrame
        From `harm`, split by one attribute.
    """
    by, spec = attributes_of(frame), QUANTITIES[quantity]
    rows = rows_of(frame[frame["regime"] == regime], quantity).get(regime, [])
    by_name = {str(row[by[0]]): row for row in rows}
    if category not in by_name or against not in by_name:
        return None
    one, other = by_name[category], by_name[against]
    ratio, low, high = (float("nan"),) * 3
    if one["rate"] > 0 and other["rate"] > 0:
        ratio = one["rate"] / other["rate"]
        low, high = ratio_limits(ratio, variance(one, spec) + variance(other, spec))
    return Contrast(
        question=question,
        quantity=quantity,
        says=spec.says,
        unit=spec.unit,
        regime=regime,
        group=group_of(one, by),
        against=group_of(other, by),
        n=float(one["n"]),
        against_n=float(other["n"]),
        rate=float(one["rate"]),
        against_rate=float(other["rate"]),
        ratio=ratio,
        low=low,
        high=high,
    )


def urban_bias(frame: pd.DataFrame) -> list[Contrast]:
    """Benefits of the urban over those of the rural; `frame` is split by residence."""
    question = "Do benefits go to the towns?"
    return kept([contrast(frame, "benefit_months", "urban", "rural", question)])


def escape(frame: pd.DataFrame) -> list[Contrast]:
    """Whether the powerful escape: breaches missed, and listed, of those above and below.

    Parameters
    ----------
    frame : DataFrame
        From `harm`, split by income, by party or by political_capital.
    """
    ends = {"income": ("high", "low"), "party": ("yes", "no"), CAPITAL: ("high", "low")}
    pair = ends.get(attributes_of(frame)[0])
    if pair is None:
        return []
    question = "Do the powerful escape?"
    return kept([contrast(frame, name, *pair, question) for name in ESCAPES])


def middling(frame: pd.DataFrame) -> list[Contrast]:
    """Whether the middle is hit most, or gains most; `frame` is split by political_capital."""
    question = "Is middling political capital hit most?"
    return kept(
        [
            contrast(frame, name, "middle", other, question)
            for name in MIDDLING
            for other in ("low", "high")
        ]
    )


def kept(contrasts: Sequence[Contrast | None]) -> list[Contrast]:
    """The contrasts that there are."""
    return [one for one in contrasts if one is not None]
