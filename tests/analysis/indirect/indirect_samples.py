"""Samples and reference values for the tests of indirect questions."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scslab.analysis.design import make_design
from scslab.analysis.sample import Sample
from scslab.survey.answers import BLANK, Answers, Variable

HERE = Path(__file__).parent / "reference"


@cache
def values(name: str = "values") -> dict[str, Any]:
    return json.loads((HERE / f"{name}.json").read_text())


@cache
def frame(name: str) -> pd.DataFrame:
    found = pd.read_csv(HERE / f"{name}.csv")
    if "age" in found:
        found["age10"] = found["age"] / 10
    return found


def sample_of(
    data: pd.DataFrame | Mapping[str, Any],
    *,
    weights: str | None = None,
    strata: str | None = None,
    clusters: str | None = None,
    labels: Mapping[str, Mapping[Any, str]] | None = None,
    lonely: str = "fail",
) -> Sample:
    table = pd.DataFrame(data).reset_index(drop=True)
    variables = {
        c: Variable(
            c,
            kind="number" if pd.api.types.is_numeric_dtype(table[c]) else "text",
            labels=(labels or {}).get(c, {}),
        )
        for c in table
    }
    marks = {c: np.where(table[c].isna(), BLANK, 0).astype(np.int16) for c in table}
    answers = Answers(table, variables, marks, source="made up")
    design = make_design(
        table[weights].to_numpy() if weights else None,
        strata=[table[strata].to_numpy()] if strata else (),
        clusters=[table[clusters].to_numpy()] if clusters else (),
        n=len(table),
        lonely=lonely,
    )
    return Sample(answers, design)


def people(**changes: Any) -> Sample:
    """The sample that the reference values were computed on."""
    data = frame("people").assign(**changes)
    return sample_of(data, weights="weight", strata="stratum", clusters="cluster")


def logistic(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def same(found: Any, expected: Any, tolerance: float) -> None:
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance * 1e-2)
