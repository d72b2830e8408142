"""The design of respondents, for rows of profiles."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from scslab.analysis.design import Adjustment, Design
from scslab.analysis.sample import Sample
from scslab.analysis.stages import Stage
from scslab.core.errors import ScslabError


@dataclass(frozen=True)
class OfRespondents:
    """Margins that respondents' weights were brought to, for rows of profiles."""

    inner: Adjustment
    index: np.ndarray
    size: int

    def residuals(self, influence: np.ndarray) -> np.ndarray:
        """Residuals of the respondents' sums, on the first row of each."""
        summed = np.column_stack(
            [np.bincount(self.index, column, self.size) for column in influence.T]
        )
        rest = self.inner.residuals(summed)
        found = np.zeros_like(influence)
        owners, first = np.unique(self.index, return_index=True)
        found[first] = rest[owners]
        return found


def expanded(design: Design, index: np.ndarray) -> Design:
    """A design of respondents for rows that belong to them (index int64[rows])."""
    replicates = design.replicates
    if replicates is not None:
        replicates = replace(replicates, weights=replicates.weights[index])
    return replace(
        design,
        weights=design.weights[index],
        stages=tuple(replace(stage, cluster=stage.cluster[index]) for stage in design.stages),
        replicates=replicates,
        adjustments=tuple(OfRespondents(a, index, len(design.weights)) for a in design.adjustments),
    )


def clustered(sample: Sample, respondent: str) -> Design:
    """The design with a respondent's rows drawn together.

    Raises
    ------
    ScslabError
        A respondent lies in two clusters or strata, or rows were given finite populations.
    """
    column = sample.answers.column(respondent)
    if column.isna().any():
        raise ScslabError(
            "rows without a respondent",
            where=respondent,
            got=f"{int(column.isna().sum()):,} rows",
        )
    person = pd.factorize(column)[0]
    design = sample.design
    first = design.stages[0]
    if design.replicates is not None:
        return design
    rows = len(person)
    people = int(person.max()) + 1
    if len(first.stratum) < rows or people == rows:
        lies = np.zeros(people, np.int64)
        lies[person] = first.cluster
        if (lies[person] != first.cluster).any():
            at = int(np.flatnonzero(lies[person] != first.cluster)[0])
            raise ScslabError(
                "a respondent lies in several clusters",
                where=respondent,
                got=f"{column.iloc[at]}",
                hint="every row of a respondent must have the same cluster",
            )
        return design
    if np.isfinite(first.population).any() or design.adjustments:
        raise ScslabError(
            "rows of profiles need the respondent as a cluster",
            where=respondent,
            why="the design's populations or margins count respondents, not rows",
            hint=f"clusters: {respondent}, or reshape wide data with conjoint_long",
        )
    stratum = np.zeros(people, np.int64)
    stratum[person] = first.stratum[first.cluster]
    if (stratum[person] != first.stratum[first.cluster]).any():
        raise ScslabError("a respondent lies in several strata", where=respondent)
    sampled = np.bincount(stratum, minlength=len(first.sampled)).astype(float)
    stage = Stage(person, stratum, sampled, first.population, first.factor, first.names)
    return replace(design, stages=(stage,))
