"""Tables of a comparison: harms with intervals, paired differences, rankings, the frontier."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scslab.core.trial import ALL
from scslab.evaluation.harm import QUANTITIES
from scslab.evaluation.harm.registry import PERSON_YEARS
from scslab.lab.compare.frontier import frontier
from scslab.lab.compare.paired import interval, paired
from scslab.lab.compare.ranking import ranks, resampled
from scslab.lab.compare.values import FIGURES, Values


def harm_table(values: Values) -> pd.DataFrame:
    """Means over seeds of every quantity under every arm, each with its 95 % interval.

    The interval is of the mean over the luck of the simulation; it holds no assumption's range.
    It is Student's, cut where nothing can be: below nought, and of shares above one.
    """
    parts = []
    for arm, label in enumerate(values.labels):
        found = values.keys.copy()
        found.insert(0, "safeguard", label)
        for name in FIGURES:
            mean, low, high, _ = interval(getattr(values, name)[:, arm])
            low, high = np.clip(low, 0, None), np.minimum(high, highest(values, name))
            found[name], found[f"{name}_low"], found[f"{name}_high"] = mean, low, high
        found["n"] = values.n[:, arm].mean(axis=1)
        parts.append(found)
    return pd.concat(parts, ignore_index=True)


def highest(values: Values, figure: str) -> np.ndarray:
    """The highest value that a figure of each row can have, f8[rows]."""
    names = values.keys["quantity"]
    shares = [figure == "rate" and QUANTITIES[name].unit == "share" for name in names]
    return np.where(shares, 1.0, np.inf)


def difference_table(values: Values) -> pd.DataFrame:
    """Paired differences of every arm to the first one, of amounts and of rates.

    Columns: `of` says which figure; `first` and `mean` are means over the seeds in which both
    sides have one; `sd`, `se`, `low`, `high` are of the paired difference; `unpaired_se` is the
    standard error without pairing, and `saves` how many times more seeds that would need.
    """
    parts = []
    for arm, label in enumerate(values.labels[1:], 1):
        for name in FIGURES:
            figures = getattr(values, name)
            found = paired(figures[:, 0], figures[:, arm])
            table = values.keys.copy()
            table.insert(0, "safeguard", label)
            table.insert(1, "of", name)
            table = table.assign(
                first=found.first,
                mean=found.other,
                difference=found.difference,
                sd=found.sd,
                se=found.se,
                low=found.low,
                high=found.high,
                unpaired_se=found.unpaired_se,
                saves=found.saves,
                seeds=found.seeds,
            )
            parts.append(table)
    return pd.concat(parts, ignore_index=True)


def figure_of(quantity: str) -> str:
    """Which figure of a quantity is compared first: its amount or its rate.

    A safeguard may change who is on file. Harms per year on file would then hide that fewer are
    exposed to them, so harms are compared as amounts in the same society; shares, means and
    compliance as rates.

    Examples
    --------
    >>> figure_of("wrongful_months"), figure_of("never_corrected"), figure_of("breaches")
    ('amount', 'rate', 'rate')
    """
    found = QUANTITIES[quantity]
    counts = found.per in (None, PERSON_YEARS) and found.kind != "compliance"
    return "amount" if counts else "rate"


def unit_of(quantity: str) -> str:
    """The unit of the main figure.

    Examples
    --------
    >>> unit_of("wrongful_months"), unit_of("refused"), unit_of("never_corrected")
    ('months', 'count', 'share')
    """
    unit = QUANTITIES[quantity].unit
    if figure_of(quantity) == "rate":
        return unit
    return unit.partition("per ")[0].strip() or "count"


def figures(values: Values, quantity: str, regime: str = ALL) -> np.ndarray:
    """The main figure of a quantity for everybody, f8[arms, seeds]; NaN where nobody counts it."""
    row = values.row(quantity, regime)
    if row is None:
        return np.full(values.amount.shape[1:], np.nan)
    found: np.ndarray = getattr(values, figure_of(quantity))[row]
    return found


def ranking_table(values: Values, quantity: str, regime: str = ALL) -> pd.DataFrame:
    """Ranks of the arms in one quantity, best first."""
    found = figures(values, quantity, regime)
    ranked = ranks(found, QUANTITIES[quantity].better, resampled(len(values.seeds)))
    table = pd.DataFrame(
        {
            "quantity": quantity,
            "of": figure_of(quantity),
            "regime": regime,
            "safeguard": values.labels,
            "mean": found.mean(axis=1),
            "place": ranked.place,
            "low": ranked.low,
            "high": ranked.high,
            "best": ranked.best,
        }
    )
    for rank in range(len(values.labels)):
        table[f"rank_{rank + 1}"] = ranked.shares[:, rank]
    return table.sort_values("place", kind="stable", ignore_index=True)


def frontier_table(values: Values, harm: str, compliance: str, regime: str = ALL) -> pd.DataFrame:
    """Harm and compliance of each arm, and whether another one beats it in both."""
    x, y = figures(values, harm, regime), figures(values, compliance, regime)
    better = (QUANTITIES[harm].better, QUANTITIES[compliance].better)
    found = frontier(x, y, better, resampled(len(values.seeds)))
    return pd.DataFrame(
        {
            "harm": harm,
            "compliance": compliance,
            "regime": regime,
            "safeguard": values.labels,
            "harm_mean": x.mean(axis=1),
            "compliance_mean": y.mean(axis=1),
            "on": found.on,
            "share": found.share,
        }
    )


def names_of(*kinds: str) -> list[str]:
    """The quantities of some kinds, or of all."""
    return [name for name, quantity in QUANTITIES.items() if not kinds or quantity.kind in kinds]
