"""What the report of a run says about harm and fairness, from its tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from scslab.core.harm import Contrast, ErrorRate, HarmLine, HarmReport, ImpactRatio
from scslab.evaluation.harm.capital import CAPITAL, SAYS, has_capital
from scslab.evaluation.harm.fairness import (
    ERRORS,
    ESCAPES,
    MIDDLING,
    error_rates,
    escape,
    harm_lines,
    impact_ratios,
    middling,
    urban_bias,
)
from scslab.evaluation.harm.quantities import ALL, harm
from scslab.evaluation.harm.registry import QUANTITIES
from scslab.evaluation.harm.totals import (
    Collapsed,
    collapse,
    collapse_measures,
    regroup,
    regroup_measures,
)

SUBJECT, PERSON = "subject", "person"
# Of single regimes and of groups the report shows the most telling quantities.
OF_SYSTEMS = (
    "wrongful_entries", "wrongful_months", "listed_months", "refused", "never_corrected",
    "missed_share", "benefit_months",
)  # fmt: skip
OF_GROUPS = (
    "wrongful_entries", "wrongful_months", "listed_months", "refused", "lost_credit_months",
    "lost_post_months", "hardship_months", "never_corrected", "missed_share", "breaches_listed",
    "benefit_months",
)  # fmt: skip
RATIOS = ("wrongful_entries", "listed_months", "benefit_months")
INTERSECTION = ("residence", "income")


def harm_report(
    tallies: pd.DataFrame,
    measures: pd.DataFrame,
    attributes: Sequence[str],
    mixed: Sequence[str] = (),
) -> HarmReport:
    """Harm and fairness of a run: all subjects, each regime, and persons by group.

    Parameters
    ----------
    tallies, measures : DataFrame
        Of a run.
    attributes : sequence of str
        Those by which persons are split, where the run has them; political capital and the
        intersection of residence and income are added where they can be told.
    mixed : sequence of str
        The regimes with lists of sanctions and lists of praise, whose listings count both.

    Raises
    ------
    ScslabError
        Tables of an older version.
    """
    known = [name for name in attributes if name in tallies.columns]
    capital = has_capital(known)
    keep = [*known, CAPITAL] if capital else known
    split = SUBJECT in tallies.columns
    keys = [SUBJECT, *keep] if split else keep
    # Months are summed once; groups are made of the few rows that are left.
    sums, costs = collapse(tallies, keys), collapse_measures(measures, keys)

    def by(names: Sequence[str], only: Sequence[str] = tuple(QUANTITIES)) -> pd.DataFrame:
        return harm(regroup(sums, names), regroup_measures(costs, names), names, only)

    whole = by([SUBJECT] if split else [])
    lines = harm_lines(whole[whole["regime"] == ALL])
    systems = by([], OF_SYSTEMS)
    if split:
        sums, costs = of_persons(sums), costs[costs[SUBJECT] == PERSON]
    groups: list[HarmLine] = []
    ratios: list[ImpactRatio] = []
    errors: list[ErrorRate] = []
    contrasts: list[Contrast] = []
    wanted = tuple(dict.fromkeys((*OF_GROUPS, *RATIOS, *ERRORS, *ESCAPES, *MIDDLING)))
    for names in [[name] for name in keep] + intersections(known):
        frame = by(names, wanted)
        frame = frame[frame["regime"] == ALL]
        groups += harm_lines(frame[frame["quantity"].isin(OF_GROUPS)])
        for quantity in RATIOS:
            ratios += impact_ratios(frame, quantity)
        errors += error_rates(frame)
        contrasts += urban_bias(frame) if names == ["residence"] else []
        contrasts += escape(frame)
        contrasts += middling(frame) if names == [CAPITAL] else []
    return HarmReport(
        whole=tuple(lines),
        systems=tuple(harm_lines(systems[systems["regime"] != ALL])),
        groups=tuple(groups),
        ratios=tuple(ratios),
        errors=tuple(errors),
        contrasts=tuple(contrasts),
        capital=SAYS if capital else "",
        mixed=tuple(mixed),
    )


def intersections(known: Sequence[str]) -> list[list[str]]:
    """The intersection that the report shows, where the run has its attributes."""
    return [list(INTERSECTION)] if set(INTERSECTION) <= set(known) else []


def of_persons(collapsed: Collapsed) -> Collapsed:
    """The persons among the subjects."""
    return replace(
        collapsed,
        sums=collapsed.sums[collapsed.sums[SUBJECT] == PERSON],
        anywhere=collapsed.anywhere[collapsed.anywhere[SUBJECT] == PERSON],
    )
