"""A small poll for tests of weighting."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from scslab.analysis.design import make_design
from scslab.analysis.sample import Sample
from scslab.survey.answers import Answers, Variable

MARGINS = {
    "sex": {"f": 0.5, "m": 0.5},
    "age": {"young": 0.5, "middle": 0.4, "old": 0.1},
    "region": {"East": 0.45, "Central": 0.35, "West": 0.2},
}


def poll(n: int = 300, seed: int = 1, weights: np.ndarray | None = None, **design: Any) -> Sample:
    """Respondents drawn by a fixed seed; columns are texts."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "sex": rng.choice(["f", "m"], n, p=[0.35, 0.65]),
            "age": rng.choice(["young", "middle", "old"], n, p=[0.6, 0.33, 0.07]),
            "region": rng.choice(["East", "Central", "West"], n),
        }
    ).astype(object)
    frame["income"] = rng.gamma(3, 1000, n)
    return of(frame, weights, **design)


def of(frame: pd.DataFrame, weights: np.ndarray | None = None, **design: Any) -> Sample:
    variables = {
        str(c): Variable(str(c), kind="number" if frame[c].dtype.kind in "if" else "text")
        for c in frame
    }
    answers = Answers(frame, variables, source="poll.csv")
    return Sample(answers, make_design(weights, n=len(frame), **design))


def changed(sample: Sample, **columns: Any) -> Sample:
    """The same poll with other columns."""
    return of(sample.answers.frame.assign(**columns), sample.design.weights)


def shares(sample: Sample, name: str) -> dict[str, float]:
    """Weighted shares of categories."""
    weights = pd.Series(sample.design.weights)
    sums = weights.groupby(sample.answers.frame[name].to_numpy()).sum()
    return (sums / weights.sum()).to_dict()
