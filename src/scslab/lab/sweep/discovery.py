"""Scenario discovery: which ranges of factors go with the worst outcomes (PRIM).

The patient rule induction method of Friedman and Fisher (1999), Statistics and Computing 9: from
all cases a thin slice is peeled off, again and again, that leaves the highest share of bad cases.
Coverage and density are those of Bryant and Lempert (2010), Technological Forecasting and Social
Change 77, as are the quasi-p-values of restrictions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy import stats

from scslab.core.sweep import Box, Factor, Limit, Peel, ordered, value_at
from scslab.lab.sweep.indices import levelled
from scslab.lab.sweep.samplers import Design

SLICE = 0.05  # of the cases in the box that a peel takes
SMALLEST = 0.05  # of all cases that a box holds
CHANCE = 0.05  # quasi-p-value above which a restriction is dropped
FEWEST = 20  # cases below which no box is looked for
MOST_BOXES = 3
BETTER = 1.5  # times the share of bad cases among those looked at, for a box worth telling


@dataclass(frozen=True)
class Cut:
    """A restriction of one factor: positions from `low` to `high`, or a set of levels."""

    factor: int
    low: float = -np.inf
    high: float = np.inf
    levels: frozenset[int] | None = None


Cuts = dict[int, Cut]


def worst(values: np.ndarray, share: float, better: str) -> tuple[np.ndarray, float, str]:
    """The worst cases of an outcome, bool[cases], the value that parts them, and on which side.

    Parameters
    ----------
    values : f8[cases]
        NaN where a case has no value; such a case is not bad.
    share : float
        Per cent of the cases that count as the worst.
    better : str
        "more" where low values are bad; else high ones are.
    """
    known = values[np.isfinite(values)]
    low = better == "more"
    if not len(known):
        return np.zeros(len(values), bool), np.nan, "below" if low else "above"
    limit = float(np.percentile(known, share if low else 100 - share))
    with np.errstate(invalid="ignore"):
        bad = values < limit if low else values > limit
    return bad, limit, "below" if low else "above"


def boxes(
    design: Design,
    values: np.ndarray,
    outcome: str = "outcome",
    share: float = 20.0,
    better: str = "less",
) -> tuple[list[Box], str]:
    """The boxes of the worst cases of an outcome, the best first; and a note where there is none.

    Each box is the one of its peels with the highest harmonic mean of coverage and density,
    without the restrictions that may be chance (quasi-p-value above `CHANCE`), if it is much denser
    than all cases. A further box is looked for among the cases outside.
    """
    bad, limit, side = worst(values, share, better)
    usable = np.isfinite(values) & np.isfinite(design.positions).all(axis=1)
    if design.method == "one-at-a-time":
        return [], "no boxes: one factor moves at a time"
    if usable.sum() < FEWEST:
        return [], f"no boxes: {int(usable.sum())} cases with a value are too few"
    if not 0 < bad[usable].mean() < 0.5:
        return [], "no boxes: too many cases have the same value"
    table = levelled(design)
    left, found = usable.copy(), []
    for number in range(1, MOST_BOXES + 1):
        peels, cuts = peel(design.factors, table[left], bad[left], int(bad[usable].sum()))
        chosen = best_peel(peels)
        kept = pruned(table[left], bad[left], cuts[chosen])
        held = peeled(within(table[left], kept), bad[left], int(bad[usable].sum()))
        if not kept or held.density < BETTER * bad[left].mean():
            break
        inside = left & within(table, kept)
        limits = limits_of(design.factors, table[left], bad[left], kept)
        word: Literal["above", "below"] = "above" if side == "above" else "below"
        share_of_all = [replace(p, mass=p.cases / int(usable.sum())) for p in (held, *peels)]
        found.append(
            Box(outcome, number, limit, word, limits, share_of_all[0], tuple(share_of_all[1:]))
        )
        left &= ~inside
        if left.sum() < FEWEST or not bad[left].any():
            break
    return found, "" if found else "no boxes: nowhere do bad cases lie close together"


def peel(
    factors: Sequence[Factor], table: np.ndarray, bad: np.ndarray, all_bad: int
) -> tuple[list[Peel], list[Cuts]]:
    """Peel slices off until a box is as small as it may be; all boxes on the way.

    Parameters
    ----------
    table : f8[cases, factors]
    bad : bool[cases]
    all_bad : int
        Bad cases in all, of which coverage is a share.
    """
    inside = np.ones(len(table), bool)
    cuts: Cuts = {}
    peels, path = [peeled(inside, bad, all_bad)], [cuts]
    least = max(SMALLEST * len(table), 2)
    while True:
        best: tuple[float, int, Cut, np.ndarray] | None = None
        for j, factor in enumerate(factors):
            for cut, kept in slices(factor, j, table, inside, cuts.get(j, Cut(j))):
                number = int(kept.sum())
                if number < least:
                    continue
                density = float(bad[kept].mean())
                # The gain by a case that is lost, so that a wide slice has to be worth it.
                gain = (density - float(bad[inside].mean())) / (int(inside.sum()) - number)
                if best is None or (gain, number) > best[:2]:
                    best = (gain, number, cut, kept)
        if best is None or peels[-1].density == 1.0:
            return peels, path
        _, _, cut, inside = best
        cuts = cuts | {cut.factor: cut}
        peels.append(peeled(inside, bad, all_bad))
        path.append(cuts)


def slices(
    factor: Factor, j: int, table: np.ndarray, inside: np.ndarray, now: Cut
) -> list[tuple[Cut, np.ndarray]]:
    """The boxes that are left when one slice of a factor is peeled off."""
    column = table[:, j]
    here = column[inside]
    different = np.unique(here)
    if len(different) < 2:
        return []
    if not ordered(factor):
        kept_levels = now.levels or frozenset(map(int, np.unique(column)))
        return [
            (Cut(j, levels=kept_levels - {level}), inside & (column != level))
            for level in map(int, different)
        ]
    number = max(int(SLICE * len(here)), 1)
    ranked = np.sort(here)
    low = max(ranked[number], different[1])
    high = min(ranked[-number - 1], different[-2])
    below, above = different[different < low][-1], different[different > high][0]
    return [
        (replace(now, low=(below + low) / 2), inside & (column >= low)),
        (replace(now, high=(above + high) / 2), inside & (column <= high)),
    ]


def peeled(inside: np.ndarray, bad: np.ndarray, all_bad: int) -> Peel:
    """What a box holds."""
    cases, hits = int(inside.sum()), int(bad[inside].sum())
    return Peel(cases, hits, hits / all_bad, hits / cases, cases / len(inside))


def best_peel(peels: Sequence[Peel]) -> int:
    """The box with the highest harmonic mean of coverage and density; the wider of equals."""
    score = [2 * p.coverage * p.density / (p.coverage + p.density) if p.bad else 0 for p in peels]
    return int(np.argmax(score))


def within(table: np.ndarray, cuts: Cuts) -> np.ndarray:
    """The cases in a box, bool[cases]."""
    found = np.ones(len(table), bool)
    for j, cut in cuts.items():
        column = table[:, j]
        if cut.levels is not None:
            found &= np.isin(column, list(cut.levels))
        else:
            found &= (column >= cut.low) & (column <= cut.high)
    return found


def pruned(table: np.ndarray, bad: np.ndarray, cuts: Cuts) -> Cuts:
    """The restrictions that count: those that may be chance are dropped, the weakest first."""
    cuts = dict(cuts)
    while cuts:
        chances = {j: chance_of(table, bad, cuts, j) for j in cuts}
        weakest = max(chances, key=lambda j: chances[j])
        if chances[weakest] <= CHANCE:
            break
        del cuts[weakest]
    return cuts


def chance_of(table: np.ndarray, bad: np.ndarray, cuts: Cuts, j: int) -> float:
    """The quasi-p-value of a restriction.

    The chance of as many bad cases or more among those in the box, were they drawn from the box
    without this restriction.
    """
    inside = within(table, cuts)
    without = within(table, {k: cut for k, cut in cuts.items() if k != j})
    hits, share = int(bad[inside].sum()), float(bad[without].mean())
    return float(stats.binom.sf(hits - 1, int(inside.sum()), share))


def limits_of(
    factors: Sequence[Factor], table: np.ndarray, bad: np.ndarray, cuts: Cuts
) -> tuple[Limit, ...]:
    """The restrictions of a box, those that count most first."""
    found = [told(factors[j], cut, chance_of(table, bad, cuts, j)) for j, cut in cuts.items()]
    return tuple(sorted(found, key=lambda limit: limit.p))


def told(factor: Factor, cut: Cut, chance: float) -> Limit:
    """A restriction in the factor's own values."""
    if cut.levels is not None:
        levels = factor.levels or ()
        kept = tuple(levels[i] for i in sorted(cut.levels))
        return Limit(factor.name, np.nan, np.nan, kept, chance)
    low, high = factor.low, factor.high
    if factor.levels is not None or factor.whole:  # the table counts levels from 0
        start = 0 if factor.levels is not None else int(low)
        low = start + int(np.ceil(max(cut.low, 0.0)))
        high = min(start + int(np.floor(cut.high)), int(high)) if np.isfinite(cut.high) else high
        if factor.levels is not None:
            kept = tuple(factor.levels[int(low) : int(high) + 1])
            return Limit(factor.name, np.nan, np.nan, kept, chance)
        return Limit(factor.name, int(low), int(high), None, chance)
    low = float(value_at(factor, cut.low)) if np.isfinite(cut.low) else low
    high = float(value_at(factor, cut.high)) if np.isfinite(cut.high) else high
    return Limit(factor.name, low, high, None, chance)
