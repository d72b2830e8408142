"""Bounds of calibration: whether targets lie within reach, and which bounds would do."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from scslab.analysis.weighting.distances import KINDS, Kind, Solution, solve
from scslab.analysis.weighting.matching import Coded
from scslab.analysis.weighting.reach import conflict_of
from scslab.core.errors import ScslabError, near

SLACK = 1e-9


def check_bounds(kind: Kind, bounds: tuple[float, float]) -> tuple[float, float]:
    """Bounds that the kind of calibration can work with.

    Raises
    ------
    ScslabError
        An unknown kind; bounds that do not hold 1; logit without both bounds.
    """
    if kind not in KINDS:
        raise ScslabError("unknown kind of calibration", got=kind, hint=near(kind, KINDS))
    low, high = float(bounds[0]), float(bounds[1])
    if not low < high or math.isnan(low) or math.isnan(high):
        raise ScslabError("bounds the wrong way round", got=f"{low:g} to {high:g}")
    if kind == "logit" and not (math.isfinite(low) and math.isfinite(high) and low < 1 < high):
        raise ScslabError(
            "logit calibration needs two bounds around 1",
            got=f"{low:g} to {high:g}",
            expected="least and largest ratio of new to old weights, such as 0.5 to 2",
        )
    return low, high


def check_reach(
    coded: Sequence[Coded],
    population: float | None,
    weights: np.ndarray,
    low: float,
    high: float,
    whose: str = "",
) -> None:
    """Every target lies between what the bounds allow its respondents and the others.

    Raises
    ------
    ScslabError
        One does not; says how far it reaches.
    """
    if population is None:
        return
    total = float(weights.sum())
    if not low * (1 - SLACK) <= population / total <= high * (1 + SLACK):
        raise ScslabError(
            f"these bounds keep the weights from summing to the population{whose}",
            where=f"bounds {low:g} to {high:g}",
            got=f"the weights sum to {total:,.8g}, the population is {population:,.8g}: "
            f"{population / total:.4g} times",
            hint="design weights that sum to the population, or wider bounds",
        )
    for margin in coded:
        have = np.bincount(margin.code, weights, len(margin.target))
        most = np.minimum(high * have, population - low * (total - have))
        least = np.maximum(low * have, population - high * (total - have))
        goal = population * margin.target
        beyond = np.maximum(goal - most, least - goal)
        if (beyond > SLACK * population).any():
            at = int(np.argmax(beyond))
            ratio = goal[at] / have[at] if have[at] else math.inf
            rest = (population - goal[at]) / (total - have[at]) if total > have[at] else 1.0
            raise ScslabError(
                f'these bounds keep "{margin.levels[at]}" from its target{whose}',
                where=f'margin "{margin.name}"',
                got=f"it reaches {least[at] / population * 100:.4g} to "
                f"{most[at] / population * 100:.4g} %; the target is "
                f"{margin.target[at] * 100:.4g} %",
                hint=f"bounds that hold {min(ratio, rest):.3g} and {max(ratio, rest):.3g}",
            )


def not_calibrated(
    found: Solution,
    table: np.ndarray,
    mass: np.ndarray,
    totals: np.ndarray,
    names: Sequence[str],
    coded: Sequence[Coded],
    low: float,
    high: float,
    whose: str = "",
) -> ScslabError:
    """The mistake of targets that calibration does not reach."""
    relative = np.abs(found.misfit) / (1 + np.abs(totals))
    at = int(np.argmax(relative))
    off = f"{relative[at] * 100:.3g} % off after {found.steps} steps"
    why = conflict_of(coded, None) if len(coded) > 1 else ""
    free = solve(table, mass, totals, "raking")
    if why or not free.converged:
        return ScslabError(
            f"no positive weights of these respondents meet all targets{whose}",
            where=names[at],
            got=off,
            why=why or "the targets contradict each other for these respondents",
            hint="join categories, or mend the targets",
        )
    if not np.isfinite([low, high]).any():
        return ScslabError(
            f"calibration did not converge{whose}", where=names[at], got=off, hint="rake instead"
        )
    used = free.ratio[mass > 0]
    return ScslabError(
        f"these bounds keep the targets from being met{whose}",
        where=names[at],
        got=f"bounds {low:g} to {high:g}: {off}",
        hint=f"wider bounds: without any, raking's ratios run from {used.min():.3g} to "
        f"{used.max():.3g}",
    )
