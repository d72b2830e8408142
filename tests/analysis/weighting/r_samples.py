"""The samples that R's reference records of weights were computed on."""

from typing import Any

import numpy as np

from reference.samples import chosen, sample_of
from reference.values import data
from scslab.analysis.sample import Sample


def sample(record: dict[str, Any]) -> Sample:
    """The whole sample of a record; its domain is taken after weighting."""
    return sample_of({"design": record["design"] | {"domain": None}})


def inside(record: dict[str, Any]) -> np.ndarray:
    """Which rows the record's domain has."""
    return chosen(data(record["data"]), record["design"]["domain"])
