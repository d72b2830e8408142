"""Raking a sample to margins: design weights in, weights that meet every margin out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from scslab.analysis.design import Adjustment, Design
from scslab.analysis.sample import Sample
from scslab.analysis.weighting.adjustments import Raked
from scslab.analysis.weighting.diagnostics import WeightingReport, levels_of, make_report
from scslab.analysis.weighting.margins import Margins, as_margins
from scslab.analysis.weighting.matching import Coded, match
from scslab.analysis.weighting.reach import Task, check_cap, unmet
from scslab.analysis.weighting.rounds import (
    ROUNDS,
    TOLERANCE,
    CapUnit,
    Raking,
    joint_codes,
    rake_codes,
)
from scslab.core.errors import ScslabError

JUST_BELOW = 1 - 1e-11  # so that rounding lifts no weight above the cap
Weigh = Callable[[np.ndarray, str], np.ndarray]  # weights f8[n], whose they are -> new weights


def rake(
    sample: Sample,
    margins: Margins | Mapping[Any, Mapping[Any, Any]] | str | Path,
    *,
    cap: float | None = None,
    cap_relative_to: CapUnit = "mean",
    tolerance: float = TOLERANCE,
    rounds: int = ROUNDS,
) -> tuple[Sample, WeightingReport]:
    """Rake the weights of a sample to margins.

    Equals R's `rake` run to the same tolerance (R stops at a change of one person by default).
    With a cap, weights are held below it within every round; R has no counterpart. Standard
    errors leave out what the margins explain, with R's ten rounds of unweighted means; `calibrate`
    of kind "raking" gives the same weights and the textbook's residuals. Replicate weights are
    raked one by one; where a replicate has a respondent several times, the cap is on each time.

    Parameters
    ----------
    margins : Margins, dict, name or file
        See `margins` and `read_margins`. Rows outside the sample's domain are not weighted.
    cap : float, optional
        Largest weight in mean weights, above 1.
    cap_relative_to : "mean" or "design"
        "design" caps the ratio of a weight to its start weight (in mean weights) instead.
    tolerance : float
        Largest difference of a weighted share from its target.

    Returns
    -------
    Sample, WeightingReport
        Weights sum to the total of the margins or, where they have none, to what they summed to.

    Raises
    ------
    ScslabError
        Margins that do not fit the sample, contradict each other or cannot be met under the cap;
        names the margin, the category and how far off.

    Examples
    --------
    >>> import pandas as pd
    >>> from scslab.analysis.design import make_design
    >>> from scslab.survey.answers import Answers, Variable
    >>> frame = pd.DataFrame({"sex": ["f", "m", "m", "m"]})
    >>> answers = Answers(frame, {"sex": Variable("sex", kind="text")})
    >>> raked, report = rake(Sample(answers, make_design(n=4)), {"sex": {"f": 0.4, "m": 0.6}})
    >>> raked.design.weights.round(3).tolist(), round(report.after.deff, 3)
    ([1.6, 0.8, 0.8, 0.8], 1.12)
    """
    given = as_margins(margins)
    coded = match(sample, given)
    design, inside = sample.design, sample.design.inside
    before = design.weights[inside]
    check_positive(before)
    total = before.sum() if given.total is None else given.total
    last: list[Raking] = []

    def weigh(weights: np.ndarray, whose: str) -> np.ndarray:
        # A replicate has a respondent so many times; the cap holds for each time.
        used = weights != 0
        copies = (weights / before)[used] if whose else np.ones(len(weights))
        part = [replace(m, code=m.code[used]) for m in coded] if whose else coded
        start = before[used] * (copies.sum() / weights.sum())
        task = Task(part, start, copies, cap, cap_relative_to, whose)
        found = met(task, tolerance, rounds)
        last.append(found)
        new = np.zeros(len(weights))
        new[used] = found.weights * copies * (total / copies.sum())
        return new

    after = weigh(before, "")
    done = last[0]
    cell, count, first = joint_codes([m.code for m in coded], [len(m.target) for m in coded])
    levels = tuple(m.code[first] for m in coded)
    weights = spread(after, inside)
    adjustment = Raked(spread(cell, inside), levels, weights)
    of = " + ".join(m.name for m in coded)
    report = make_report(
        "raking" if cap is None else f"raking with a cap of {cap:g}",
        before,
        after,
        levels=levels_of(coded, before, after),
        rounds=done.rounds,
        off=done.off,
        source=given.source,
        cap=cap if cap_relative_to == "mean" else None,
        at_cap=at_cap(before, after, cap, cap_relative_to),
        synthetic=sample.answers.synthetic,
        data=sample.answers.source,
        notes=given.notes,
    )
    reraked = reweighted(design, weights, weigh, adjustment, ("rake", of))
    return replace(sample, design=reraked), report


def check_positive(weights: np.ndarray) -> None:
    """Weights that raking can start from."""
    negative = int((weights < 0).sum())
    if negative:
        raise ScslabError(
            "negative weights cannot be raked",
            got=f"{negative:,} of {len(weights):,}; the lowest is {weights.min():g}",
            why="linear calibration without bounds may give such weights",
            hint="rake first, or calibrate with bounds",
        )


def met(task: Task, tolerance: float, rounds: int) -> Raking:
    """Weights that meet the margins, or the reason why none do."""
    check_cap(task)
    for margin in task.coded if task.whose else ():
        lost = (np.bincount(margin.code, minlength=len(margin.target)) == 0) & (margin.target > 0)
        if lost.any():
            raise empty_in_replicate(margin, int(np.argmax(lost)), task.whose)
    found = rake_codes(
        [m.code for m in task.coded],
        [m.target for m in task.coded],
        task.start,
        None if task.cap is None else task.cap * JUST_BELOW,
        copies=task.copies,
        cap_relative_to=task.unit,
        tolerance=tolerance,
        rounds=rounds,
    )
    if not found.converged:
        raise unmet(task, found)
    return found


def empty_in_replicate(margin: Coded, level: int, whose: str) -> ScslabError:
    """The mistake of a category that a replicate has no weight in."""
    return ScslabError(
        f'no respondent of "{margin.levels[level]}" has a weight{whose}',
        where=f'margin "{margin.name}"',
        got=f"its target is {margin.target[level] * 100:.4g} %",
        hint="join it with another category, or use a design with strata and clusters",
    )


def at_cap(before: np.ndarray, after: np.ndarray, cap: float | None, unit: CapUnit) -> float:
    """The share of respondents whose weight is held by the cap."""
    if cap is None:
        return 0.0
    size = after / after.mean()
    if unit == "design":
        size = size / (before / before.mean())
    return float((size >= cap * (1 - 1e-9)).mean())


def spread(values: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Values of the domain's rows among all rows; 0 outside."""
    found = np.zeros(len(inside), dtype=values.dtype)
    found[inside] = values
    return found


def reweighted(
    design: Design,
    weights: np.ndarray,
    weigh: Weigh,
    adjustment: Adjustment | None,
    said: tuple[str, str],
) -> Design:
    """The design with new weights; replicates are adjusted again, one by one.

    With replicates the margins' part of the variance shows in them, so no residuals are needed.
    """
    about = (*design.about, said)
    replicates = design.replicates
    if replicates is None:
        adjustments = design.adjustments + (() if adjustment is None else (adjustment,))
        return replace(design, weights=weights, adjustments=adjustments, about=about)
    inside = design.inside
    columns = np.zeros_like(replicates.weights)
    for r in range(columns.shape[1]):
        old = replicates.weights[inside, r]
        columns[inside, r] = weigh(old, f" in replicate {r + 1}")
    new = replace(replicates, weights=columns, df=None)
    return replace(design, weights=weights, replicates=new, about=about)
