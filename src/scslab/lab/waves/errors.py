"""Truth beside measurement: the error of each headline, taken apart, and framing experiments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from scslab.analysis.estimate import mean
from scslab.analysis.indirect.list_experiment import list_shares
from scslab.analysis.sample import Sample
from scslab.core.printed import FramingResult, HeadlineErrors
from scslab.evaluation.findings import finding
from scslab.lab.waves.census import Census, has
from scslab.lab.waves.field import Fielded
from scslab.study.wave import Framing, Headline, WaveFile
from scslab.survey.answers import Variable

MEANS = {
    "coverage": "who cannot be reached at all thinks otherwise",
    "panel": "who is in the panel thinks otherwise than the frame",
    "nonresponse": "who begins, and comes to the end, thinks otherwise than the panel",
    "quotas and luck": "quotas, and the luck of the draw",
    "luck": "the luck of the draw",
    "earlier wave": "who took part before, and stays, thinks otherwise; and luck",
    "screening": "who is dropped for careless answers thinks otherwise",
    "weights": "what weighting changes",
    "falsification": "answers turned into safer ones",
    "measurement": "hurry, and answers left out",
}
DRAWN = {"river": "quotas and luck", "probability": "luck", "panel": "earlier wave"}
SAFER = "safer"  # the step of the fieldwork that turns answers


def headline_errors(
    headline: Headline, everybody: Census, fielded: Fielded, sample: Sample
) -> HeadlineErrors:
    """The share in the population, each error on the way, and the share as measured.

    Parameters
    ----------
    headline : Headline
    everybody : Census
        The true shares of the society.
    fielded : Fielded
        The wave.
    sample : Sample
        The answers kept, with their weights.
    """
    kept, weights = fielded.kept, sample.design.weights
    counts = has(fielded.truth, headline)
    completes, clean = float(np.nanmean(counts)), float(np.nanmean(counts[kept]))
    true = average(counts[kept], weights)
    safer = shares_after_safer(headline, fielded, weights)
    figure = measured(headline, sample)
    reached = [
        ("coverage", everybody.frame),
        ("panel", everybody.panel),
        ("nonresponse", everybody.response),
        (DRAWN[fielded.document.wave.sample.kind], completes),
        ("screening", clean),
        ("weights", true),
        ("falsification", safer),
        ("measurement", figure[0]),
    ]
    steps, before = [], everybody.population
    for name, value in reached:
        steps.append((name, value - before, MEANS[name]))
        before = value
    return HeadlineErrors(
        says=headline.says,
        truth=everybody.population,
        steps=tuple(steps),
        measured=figure[0],
        low=figure[1],
        high=figure[2],
        by_list=by_list(headline, sample),
        falsification=safer - true,
        id=headline.id,
        n=sample.design.n,
    )


def average(values: np.ndarray, weights: np.ndarray) -> float:
    """A weighted mean of those who have a value."""
    there = ~np.isnan(values)
    return float(np.average(values[there], weights=weights[there]))


def shares_after_safer(headline: Headline, fielded: Fielded, weights: np.ndarray) -> float:
    """The share after answers were turned into safer ones, and nothing else was done to them."""
    step = next(s for s in fielded.said.steps if s.name == SAFER)
    return average(has(step.columns, headline)[fielded.kept], weights)


def measured(headline: Headline, sample: Sample) -> tuple[float, float, float]:
    """The share as the survey gives it, with its interval at 95 %."""
    said = sample.answers.array(headline.variable).astype(float)
    return mean_of(sample, has({headline.variable: said}, headline))


def mean_of(sample: Sample, values: np.ndarray) -> tuple[float, float, float]:
    """The mean of some values under the design of a sample, with its interval at 95 %."""
    name = "figure"
    column = {name: (Variable(name, measure="scale"), pd.Series(values.astype(float)))}
    (row,) = mean(replace(sample, answers=sample.answers.with_columns(column)), name).rows
    return row.value, row.low, row.high


def by_list(headline: Headline, sample: Sample) -> tuple[float, float, float] | None:
    """The headline by a list experiment on its opposite: one less the share of the opposite."""
    spec = headline.by_list
    if spec is None:
        return None
    found = list_shares(sample, spec["count"], spec["group"], int(spec["items"]))
    low, high = found.intervals[0]
    return 1 - float(found.estimates[0]), 1 - float(high), 1 - float(low)


def framings_of(wave: WaveFile, sample: Sample) -> dict[str, tuple[FramingResult, ...]]:
    """All experiments of a wave, by their ids."""
    arms = {variable.name: variable.arms for variable in wave.variables}
    return {f.id: framing_results(f, sample, arms.get(f.arm or "", [])) for f in wave.framings}


def framing_results(
    framing: Framing, sample: Sample, names: Sequence[str] = ()
) -> tuple[FramingResult, ...]:
    """What each arm says, and by how much it differs from the control.

    `names` are the arms in the order of their codes, as the wave file names them.
    """
    outcome = counted(framing, sample, framing.outcome)
    if framing.before is not None:
        before = counted(framing, sample, framing.before)
        change = mean_of(sample, outcome - before)
        return (
            arm_result(framing, "before", "before", mean_of(sample, before), answers(before)),
            arm_result(
                framing, "after", "after", mean_of(sample, outcome), answers(outcome), change
            ),
        )
    assert framing.arm is not None
    labels = sample.answers.variable(framing.arm).labels
    codes = sample.answers.array(framing.arm)
    control = codes == names.index(framing.control or names[0])
    found = []
    for code, name in enumerate(names):
        here = codes == code
        said = np.where(here, outcome, np.nan)
        apart = None if name == framing.control else difference(sample, outcome, here, control)
        label = str(labels.get(float(code), name))
        found.append(arm_result(framing, name, label, mean_of(sample, said), answers(said), apart))
    return tuple(found)


def answers(values: np.ndarray) -> int:
    """How many have a value."""
    return int((~np.isnan(values)).sum())


def arm_result(
    framing: Framing,
    name: str,
    label: str,
    value: tuple[float, float, float],
    n: int,
    difference: tuple[float, float, float] | None = None,
) -> FramingResult:
    """One arm with the value that is printed of it, if one is."""
    known = framing.printed.get(name)
    printed = None if known is None else finding(known).number
    return FramingResult(label, *value, n, difference, printed)


def counted(framing: Framing, sample: Sample, name: str) -> np.ndarray:
    """The outcome as a number: the answer itself, or 1 where it counts."""
    said = sample.answers.array(name).astype(float)
    if not framing.codes:
        return said
    return np.where(np.isnan(said), np.nan, np.isin(said, framing.codes))


def difference(
    sample: Sample, outcome: np.ndarray, here: np.ndarray, control: np.ndarray
) -> tuple[float, float, float]:
    """The difference of two arms' means under the design, with its interval at 95 %."""
    weights = sample.design.weights
    known = ~np.isnan(outcome)
    parts = np.zeros(len(outcome))
    total = 0.0
    for arm, sign in ((here & known, 1.0), (control & known, -1.0)):
        average_of = float(np.average(outcome[arm], weights=weights[arm]))
        total += sign * average_of
        # The influence of a row on a weighted mean (linearisation), so that a plain mean of it
        # has the variance of the difference.
        scale = weights.sum() / weights[arm].sum()
        parts[arm] += sign * scale * (outcome[arm] - average_of)
    _, low, high = mean_of(sample, parts)
    centre = (low + high) / 2
    return total, total + low - centre, total + high - centre
