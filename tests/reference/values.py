"""The reference values from R and the data sets they were computed on (see README.md)."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

HERE = Path(__file__).parent


@cache
def load(name: str) -> dict[str, dict[str, Any]]:
    """Return the records of values/<name>.json by their ids.

    `name` is estimates, replicates, weights or models. Callers must not change what they get.
    """
    content = json.loads((HERE / "values" / f"{name}.json").read_text(encoding="utf-8"))
    return {record["id"]: record for record in content["records"]}


@cache
def _levels() -> dict[str, dict[str, dict[str, Any]]]:
    """Return the factor levels of every data set, in R's order."""
    return json.loads((HERE / "data" / "levels.json").read_text(encoding="utf-8"))


def data(name: str) -> pd.DataFrame:
    """Return data/<name>.csv as a new frame, its factors as categoricals in R's order of levels.

    Empty fields are missing. Numbers are read to the last bit.
    """
    factors = _levels().get(name, {})
    frame = pd.read_csv(
        HERE / "data" / f"{name}.csv",
        dtype=dict.fromkeys(factors, str),
        keep_default_na=False,
        na_values=[""],
    )
    for column, factor in factors.items():
        frame[column] = pd.Categorical(frame[column], factor["levels"], ordered=factor["ordered"])
    return frame
