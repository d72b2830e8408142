"""What a draft is filled from: the rules of one regime, and what a run counted about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from scslab.core.calendar import first_day, month
from scslab.core.values import Dated, Source
from scslab.evaluation.harm import harm, measure_totals, totals
from scslab.regimes.model import Regime

SUBJECT = "subject"


@dataclass(frozen=True)
class Practice:
    """What a study assumes around the rules of one regime.

    `values` are dated values by their place in the practice (desk.staff), `agencies` those that
    write down what the regime rates.
    """

    values: Mapping[str, Dated]
    sources: Mapping[str, Source]
    agencies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figures:
    """One regime in one run.

    Attributes
    ----------
    tallies, measures : DataFrame
        The rows of this regime, as a run keeps them.
    whole : Series
        Totals over all months and subjects, by the names of flows and of stocks (`_months`).
    groups : tuple of str
        Attributes by which tables can be split, without `subject`.
    """

    regime: Regime
    manifest: Mapping[str, Any]
    tallies: pd.DataFrame
    measures: pd.DataFrame
    whole: pd.Series
    harm: pd.DataFrame
    groups: tuple[str, ...]
    practice: Practice

    @property
    def months(self) -> str:
        """First and last month in words."""
        return f"{self.manifest['first_month']} to {self.manifest['last_month']}"

    @property
    def month_count(self) -> int:
        """How many months were lived through."""
        return month(self.manifest["last_month"]) - month(self.manifest["first_month"]) + 1

    @property
    def day(self) -> date:
        """The day whose rules are told: the first of the last month."""
        return first_day(month(self.manifest["last_month"]))

    @property
    def source(self) -> str:
        """Where numbers come from, as the foot of a table says it."""
        found = self.manifest
        return (
            f"scslab {found['versions']['scslab']}, study {found['study']}, seed {found['seed']}, "
            f"run {found['fingerprint']}"
        )

    def count(self, name: str) -> int:
        """A flow summed over all months and subjects."""
        return int(self.whole[name])


def figures(
    tallies: pd.DataFrame,
    measures: pd.DataFrame,
    regime: Regime,
    manifest: Mapping[str, Any],
    practice: Practice,
) -> Figures:
    """Gather what a run counted about one regime.

    Parameters
    ----------
    tallies, measures : DataFrame
        Of the whole run: a row per regime, month and group (and measure).
    manifest : mapping
        What the run is: months, scale, groups, fingerprint.

    Raises
    ------
    ScslabError
        The tables are of an older version.
    """
    mine = of_regime(tallies, regime.id)
    bites = of_regime(measures, regime.id)
    whole = totals(mine)
    return Figures(
        regime=regime,
        manifest=manifest,
        tallies=mine,
        measures=bites,
        whole=whole.iloc[0],
        harm=own_rows(harm(whole, measure_totals(bites)), regime.id),
        groups=tuple(g for g in manifest["groups"] if g != SUBJECT and mine[g].notna().any()),
        practice=practice,
    )


def of_regime(frame: pd.DataFrame, regime: str) -> pd.DataFrame:
    """The rows of one regime."""
    found = frame[frame["regime"].astype(str) == regime].copy()
    if isinstance(found["regime"].dtype, pd.CategoricalDtype):
        found["regime"] = found["regime"].cat.remove_unused_categories()
    return found


def own_rows(frame: pd.DataFrame, regime: str) -> pd.DataFrame:
    """The rows of a frame of harm without those of all regimes together."""
    return frame[frame["regime"].astype(str) == regime].reset_index(drop=True)


def harm_by(found: Figures, attribute: str) -> pd.DataFrame:
    """Harm by one attribute: quantity, kind, the attribute, amount, n, rate, low, high."""
    by = [attribute]
    rows = harm(totals(found.tallies, by), measure_totals(found.measures, by), by)
    return own_rows(rows, found.regime.id)


def last_month(found: Figures) -> pd.DataFrame:
    """The tallies at the end of the last month."""
    return found.tallies[found.tallies["month"].astype(str) == found.manifest["last_month"]]


def weights(found: Figures, rows: pd.DataFrame) -> pd.Series:
    """Real subjects behind a simulated one, for each row: persons and organisations differ."""
    manifest = found.manifest
    one = pd.Series(float(manifest["scale"]), rows.index)
    if SUBJECT in rows and manifest["organisations"]:
        real = manifest["organisations_stand_for"] / manifest["organisations"]
        one[rows[SUBJECT].astype(str) == "organisation"] = real
    return one


def real(found: Figures, rows: pd.DataFrame, column: str) -> float:
    """A count of simulated subjects as a count of the real ones for whom they stand."""
    return float((rows[column] * weights(found, rows)).sum())


def categories(found: Figures, attribute: str) -> Sequence[str]:
    """The categories of an attribute in their order."""
    return [str(one) for one in found.manifest["groups"][attribute]]
