"""Samples of R's reference records for models, and made ones."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from reference.samples import chosen
from reference.samples import sample_of as r_sample_of
from reference.values import data
from scslab.analysis.design import Design, make_design
from scslab.analysis.replicates import with_replicates
from scslab.analysis.sample import Sample
from scslab.survey.answers import Answers, Variable

LABELS = {1.0: "one", 2.0: "two", 3.0: "three"}


def r_sample(record: dict[str, Any]) -> Sample:
    """The sample of a record, with replicates made here where it has some."""
    plan = record["design"]
    whole = r_sample_of({"design": plan | {"domain": None}})
    drawn = plan.get("replicate")
    if drawn:
        whole = replace(
            whole, design=with_replicates(whole.design, drawn["type"], mse=drawn["mse"])
        )
    if not plan.get("domain"):
        return whole
    return whole.within(chosen(data(plan["data"]), plan["domain"]))


def made_sample(n: int = 300, seed: int = 5) -> tuple[pd.DataFrame, Sample]:
    """Numbers x, z, w; nominal g of three labels; text t; m with gaps; outcomes yes, three."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "x": rng.normal(size=n),
            "z": rng.normal(size=n) * 5 + 2000,
            "w": rng.uniform(0.5, 2, n),
            "g": rng.integers(1, 4, n).astype(float),
            "t": rng.choice(["north", "south"], n),
            "m": np.where(rng.random(n) < 0.1, np.nan, rng.normal(size=n)),
            "stratum": rng.integers(0, 4, n),
        }
    )
    frame["cluster"] = frame.stratum * 100 + rng.integers(0, 12, n)
    frame["yes"] = (rng.logistic(size=n) < 0.8 * frame.x - 0.3 * (frame.g == 2)).astype(float)
    frame["three"] = np.searchsorted([-0.7, 0.5], 0.6 * frame.x + rng.normal(size=n)) + 1.0
    frame["y"] = 2 + frame.x + 0.5 * (frame.g == 3) + rng.normal(size=n)
    design = make_design(
        frame.w.to_numpy(), strata=[frame.stratum.to_numpy()], clusters=[frame.cluster.to_numpy()]
    )
    return frame, sample_of(frame, design)


def sample_of(frame: pd.DataFrame, design: Design | None = None) -> Sample:
    """A frame as a sample; g and three have labels."""
    variables = {
        c: Variable(
            c,
            kind="number" if frame[c].dtype.kind in "iuf" else "text",
            measure="nominal" if c in ("g", "three") else "scale",
            labels=LABELS if c in ("g", "three") else {},
        )
        for c in frame
    }
    return Sample(Answers(frame, variables, source="made"), design or make_design(n=len(frame)))
