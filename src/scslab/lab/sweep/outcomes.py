"""Outcomes: what a sweep measures of each run, over the whole period or in each month.

An outcome is `NAME`, `NAME in REGIME` or `NAME ... for ATTRIBUTE=CATEGORY`. NAME is a quantity of
harm (a rate, see `evaluation.harm`), or a count of `core.tables`: a flow adds over months, a stock
is taken at the end of the period.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from scslab.core.errors import ScslabError, near
from scslab.core.tables import COVERED, FLOWS, STOCKS
from scslab.core.yamlfile import Document
from scslab.evaluation.harm import ALL, QUANTITIES, harm, measure_totals, totals
from scslab.lab.frames import measure_frame, tally_frame
from scslab.lab.loop import Tallies
from scslab.lab.world import World

FORM = re.compile(
    r"(?P<name>\w+)(?: in (?P<regime>[\w-]+))?(?: for (?P<attribute>[\w-]+)=(?P<category>.+))?\Z"
)
DEFAULT = (
    "wrongful_months",
    "wrongful_refused",
    "months_to_correction",
    "missed_share",
    "listed_months",
)
STEP = "step"  # the month as an attribute, where each month is measured by itself


@dataclass(frozen=True)
class Outcome:
    """One outcome: its text in tables, what it names, and what it is.

    `kind` is "quantity", "flow" or "stock"; `better` is "less", "more" or "" where that cannot be
    said.
    """

    text: str
    name: str
    regime: str
    attribute: str
    category: str
    kind: str
    says: str
    unit: str
    better: str


def parse_outcome(text: str, where: str = "") -> Outcome:
    """An outcome from its text, before regimes and attributes are known.

    Raises
    ------
    ScslabError
        The text has another form, or names neither a quantity nor a count.

    Examples
    --------
    >>> found = parse_outcome("listed in cn-sesame for sex=male")
    >>> found.kind, found.regime, found.attribute, found.category
    ('stock', 'cn-sesame', 'sex', 'male')
    """
    match = FORM.match(text)
    if match is None:
        raise ScslabError(
            "this is no outcome",
            where=where,
            got=text,
            expected="NAME, NAME in REGIME, NAME in REGIME for ATTRIBUTE=CATEGORY",
        )
    name = match["name"]
    rest = (match["regime"] or ALL, match["attribute"] or "", match["category"] or "")
    if name in QUANTITIES:
        found = QUANTITIES[name]
        return Outcome(text, name, *rest, "quantity", found.says, found.unit, found.better)
    if name in FLOWS:
        says = f"{name.replace('_', ' ')}, counted over the period"
        return Outcome(text, name, *rest, "flow", says, "count", "")
    if name in STOCKS:
        says = f"{name.replace('_', ' ')} at the end of the period"
        return Outcome(text, name, *rest, "stock", says, "count", "")
    raise ScslabError(
        f'no outcome "{name}"', where=where, hint=near(name, [*QUANTITIES, *FLOWS, *STOCKS])
    )


def check_outcomes(outcomes: Sequence[Outcome], world: World, document: Document) -> None:
    """Regimes, attributes and categories of outcomes exist.

    Raises
    ------
    ScslabError
        Otherwise, with the line of the sweep file.
    """
    regimes = [regime.id for regime in world.regimes]
    known = {a: world.society.attributes[a] for a in world.society.group_codes}
    for i, outcome in enumerate(outcomes):
        where = document.where(("outcomes", i))
        if outcome.regime != ALL and outcome.regime not in regimes:
            raise ScslabError(
                f'no regime "{outcome.regime}" in this study',
                where=where,
                hint=near(outcome.regime, regimes),
            )
        single = outcome.kind == "quantity" and QUANTITIES[outcome.name].together_only
        if single and outcome.regime != ALL:
            raise ScslabError(f"{outcome.name} is of all regimes together", where=where)
        if outcome.attribute and outcome.attribute not in known:
            raise ScslabError(
                f'outcomes cannot be split by "{outcome.attribute}"',
                where=where,
                hint=near(outcome.attribute, known),
            )
        if outcome.attribute and outcome.category not in known[outcome.attribute]:
            raise ScslabError(
                f'{outcome.attribute} has no category "{outcome.category}"',
                where=where,
                hint=near(outcome.category, known[outcome.attribute]),
            )


def measured(
    world: World, tallies: Tallies, outcomes: Sequence[Outcome], every: bool
) -> np.ndarray:
    """The outcomes of a run, f8[steps, outcomes]; NaN where a rate has nothing beneath it.

    Parameters
    ----------
    every : bool
        Measure each month by itself first; the last step is the whole period.
    """
    whole = steps_of(world, tallies, outcomes, False)
    return np.vstack([steps_of(world, tallies, outcomes, True), whole]) if every else whole


def steps_of(
    world: World, tallies: Tallies, outcomes: Sequence[Outcome], every: bool
) -> np.ndarray:
    """The outcomes in each month, or in one step over the whole period, f8[steps, outcomes]."""
    steps = len(world.months) if every else 1
    found = np.full((steps, len(outcomes)), np.nan)
    groups = dict.fromkeys((o.attribute, o.category) for o in outcomes)
    for attribute, category in groups:
        mine = [
            i for i, o in enumerate(outcomes) if (o.attribute, o.category) == (attribute, category)
        ]
        kept = chosen_groups(world, attribute, category)
        rates = None
        if any(outcomes[i].kind == "quantity" for i in mine):
            rates = harm_rates(world, tallies, kept, every)
        for i in mine:
            outcome = outcomes[i]
            if outcome.kind == "quantity":
                assert rates is not None
                found[:, i] = rates[outcome.name, outcome.regime]
            else:
                found[:, i] = counted(world, tallies, outcome, kept, every)
    return found


def chosen_groups(world: World, attribute: str, category: str) -> np.ndarray:
    """The tally groups of a category, all without one; bool[groups]."""
    if not attribute:
        return np.ones(world.groups, bool)
    code = world.society.attributes[attribute].index(category)
    return np.asarray(world.society.group_codes[attribute] == code)


def counted(
    world: World, tallies: Tallies, outcome: Outcome, kept: np.ndarray, every: bool
) -> np.ndarray:
    """A flow or a stock of some groups, f8[steps]."""
    names = FLOWS if outcome.kind == "flow" else STOCKS
    table = tallies.flows if outcome.kind == "flow" else tallies.stocks
    one = table[..., names.index(outcome.name)][:, :, kept].sum(axis=2)
    regimes = [regime.id for regime in world.regimes]
    monthly = one.sum(axis=1) if outcome.regime == ALL else one[:, regimes.index(outcome.regime)]
    if every:
        return monthly.astype(float)
    total = monthly.sum() if outcome.kind == "flow" else monthly[-1]
    return np.array([float(total)])


def harm_rates(
    world: World, tallies: Tallies, kept: np.ndarray, every: bool
) -> dict[tuple[str, str], np.ndarray]:
    """The rate of each quantity of harm by regime in some groups, f8[steps]."""
    small_world, small = summed(world, tallies, kept)
    counts, measures = tally_frame(small_world, small), measure_frame(small_world, small)
    by = [STEP] if every else []
    if every:  # each month is a group of its own, in a period of one month
        counts = counts.assign(step=counts["month"], month="all")
        measures = measures.assign(step=measures["month"], month="all")
    sums = totals(counts, by)
    months = [str(m) for m in counts[STEP].cat.categories] if every else []
    # On file anywhere: in each group and month, those of the regime with most on file.
    widest = tallies.stocks[..., COVERED][:, :, kept].max(axis=1).sum(axis=1)
    sums["anywhere_months"] = (
        widest[sums[STEP].cat.codes.to_numpy()] if every else int(widest.sum())
    )
    rates = harm(sums, measure_totals(measures, by), by)
    return by_name(rates, months)


def by_name(rates: pd.DataFrame, months: list[str]) -> dict[tuple[str, str], np.ndarray]:
    """Rates of harm as arrays over the steps, by quantity and regime."""
    if not months:
        keys = zip(rates["quantity"], rates["regime"], strict=True)
        return {k: np.array([v]) for k, v in zip(keys, rates["rate"].to_numpy(), strict=True)}
    place = {month: i for i, month in enumerate(months)}
    found: dict[tuple[str, str], np.ndarray] = {}
    rows = zip(rates["quantity"], rates["regime"], rates[STEP], rates["rate"], strict=True)
    for quantity, regime, month, rate in rows:
        found.setdefault((quantity, regime), np.full(len(months), np.nan))[place[str(month)]] = rate
    return found


def summed(world: World, tallies: Tallies, kept: np.ndarray) -> tuple[World, Tallies]:
    """The tallies of some groups as those of one group, and a world of one group to read them."""

    def one(table: np.ndarray) -> np.ndarray:
        return np.asarray(np.compress(kept, table, axis=2).sum(axis=2, keepdims=True))

    society = replace(world.society, group_codes={})
    small = replace(
        tallies,
        flows=one(tallies.flows),
        stocks=one(tallies.stocks),
        grades=one(tallies.grades),
        refused=one(tallies.refused),
        bitten=one(tallies.bitten),
        wrongly_refused=one(tallies.wrongly_refused),
        wrongly_bitten=one(tallies.wrongly_bitten),
    )
    return replace(world, society=society), small
