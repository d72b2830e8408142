"""The Python package svy, in an environment of its own: it is no dependency of this project.

``PYTHON -m benchmarks.survey.svy_peer NAME FOLDER REPEATS SECONDS``, as `methods.py`.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.survey.data import MARGINS
from benchmarks.survey.methods import MARGIN_NAMES, Columns, Job, Method, measure, of_weights
from benchmarks.survey.tasks import CAP, TOLERANCE


def raking(capped: bool) -> Any:
    """Raking to the three margins; with a cap in rounds of trimming and raking."""

    def prepare(columns: Columns) -> Job:
        svy, polars = (importlib.import_module(name) for name in ("svy", "polars"))
        n = len(columns["age"])
        frame = polars.DataFrame({**columns, "start": np.ones(n)})
        shares = {k: dict.fromkeys(range(1, m + 1), 1 / m) for k, m in MARGINS}
        trimming = svy.TrimConfig(upper=CAP, max_iter=500) if capped else None

        def job() -> np.ndarray:
            sample = svy.Sample(frame, svy.Design(wgt="start"))
            found = sample.weighting.rake(
                shares=shares, tol=TOLERANCE, max_iter=500, trimming=trimming
            )
            weights: np.ndarray = found.data["rk_wgt"].to_numpy()
            return weights

        return job

    return prepare


def means(columns: Columns) -> Job:
    """Means by the 31 regions."""
    svy, polars = (importlib.import_module(name) for name in ("svy", "polars"))
    frame = polars.DataFrame(columns)
    sample = svy.Sample(frame, svy.Design(wgt="weight", stratum="stratum"))
    return lambda: sample.estimation.mean("x1", by="region")


def of_means(found: Any, columns: Columns) -> np.ndarray:
    """Means in the regions' order, then their standard errors."""
    rows = sorted(found.estimates, key=lambda row: int(row.by_level[0]))
    return np.array([row.est for row in rows] + [row.se for row in rows])


METHODS = {
    "rake": Method(raking(False), MARGIN_NAMES, of_weights),
    "rake-cap": Method(raking(True), MARGIN_NAMES, of_weights),
    "means": Method(means, ("x1", "region", "weight", "stratum"), of_means),
}

if __name__ == "__main__":
    measure(METHODS[sys.argv[1]], Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
