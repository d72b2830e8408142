"""Trimming: weights held between bounds, what is cut off given to the others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scslab.analysis.sample import Sample
from scslab.analysis.weighting.diagnostics import WeightingReport, make_report
from scslab.analysis.weighting.rake import reweighted
from scslab.core.errors import ScslabError

MANY = 10_000  # rounds of strict trimming


def trim(
    sample: Sample,
    upper: float = np.inf,
    lower: float = -np.inf,
    *,
    strict: bool = False,
    in_means: bool = False,
) -> tuple[Sample, WeightingReport]:
    """Hold weights between bounds; the total stays (R's `trimWeights`).

    Margins that the weights were raked to are not met any more: give `rake` a cap instead.

    Parameters
    ----------
    upper, lower : float
        Bounds on weights, or on weights divided by their mean with `in_means`.
    strict : bool
        Repeat until no weight is out of bounds; without it, what is cut off may lift others
        above the bound (a note counts them).

    Returns
    -------
    Sample, WeightingReport
        Each replicate is trimmed by the same bounds, its weights of 0 excepted (R 4.1 does not
        trim replicate designs correctly: their analysis weights stay and replicates mix rows).

    Raises
    ------
    ScslabError
        Bounds that exclude the mean weight, so that the total cannot be kept.

    Examples
    --------
    >>> import pandas as pd
    >>> from scslab.analysis.design import make_design
    >>> from scslab.survey.answers import Answers
    >>> s = Sample(Answers(pd.DataFrame(index=range(3)), {}), make_design(np.array([1.0, 2, 6])))
    >>> trim(s, 4)[0].design.weights.tolist()
    [2.0, 3.0, 4.0]
    """
    design, inside = sample.design, sample.design.inside
    before = design.weights[inside]
    scale = before.mean() if in_means else 1.0
    low, high = lower * scale, upper * scale
    if not low < high:
        raise ScslabError("bounds of weights the wrong way round", got=f"{lower:g} to {upper:g}")

    def weigh(weights: np.ndarray, whose: str) -> np.ndarray:
        new = weights.copy()
        used = weights != 0
        new[used] = trimmed(weights[used], low, high, strict, whose)
        return new

    after = weigh(before, "")
    weights = np.zeros(len(inside))
    weights[inside] = after
    cut = int(((before < low) | (before > high)).sum())
    notes = [f"{cut:,} of {len(before):,} weights were out of bounds"]
    left = int(((after < low) | (after > high)).sum())
    if left:
        notes.append(f"{left:,} weights are out of bounds by what they were given; strict: true")
    if design.adjustments or any(said[0] in ("rake", "calibrate") for said in design.about):
        notes.append("The margins are not met any more: a cap within raking keeps them")
    report = make_report(
        "trimming",
        before,
        after,
        cap=high / before.mean() if np.isfinite(high) else None,
        at_cap=float((after >= high * (1 - 1e-12)).mean()),
        synthetic=sample.answers.synthetic,
        data=sample.answers.source,
        notes=notes,
    )
    said = ("trim", f"{lower:g} to {upper:g}")
    return replace(sample, design=reweighted(design, weights, weigh, None, said)), report


def trimmed(
    weights: np.ndarray, low: float, high: float, strict: bool, whose: str = ""
) -> np.ndarray:
    """Weights between bounds; what is cut off is added to the others in equal parts."""
    mean = weights.mean()
    if not low <= mean <= high:
        raise ScslabError(
            f"these bounds on weights cannot keep their total{whose}",
            got=f"{low:g} to {high:g}",
            expected=f"bounds around the mean weight, {mean:g}",
        )
    for _ in range(MANY):
        outside = (weights < low) | (weights > high)
        if not outside.any():
            return weights
        new = np.clip(weights, low, high)
        given = (weights - new).sum()
        if outside.all():
            raise ScslabError(
                f"every weight is out of bounds{whose}",
                got=f"{low:g} to {high:g}",
                expected="bounds that some weights keep, to take what is cut off the others",
            )
        new[~outside] += given / (~outside).sum()
        weights = new
        if not strict:
            return weights
    return np.clip(weights, low, high)  # only where a bound is the mean itself, or next to it
