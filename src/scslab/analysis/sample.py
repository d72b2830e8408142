"""Answers under a design: what every estimate and model is given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from scslab.analysis.design import Design
from scslab.core.errors import ScslabError
from scslab.survey.answers import Answers


@dataclass(frozen=True)
class Sample:
    """Answers and the design they were drawn by; rows of both are the same."""

    answers: Answers
    design: Design

    def number(self, name: str) -> np.ndarray:
        """A variable as f8[n], NaN where missing.

        Raises
        ------
        ScslabError
            No such variable, or it holds text.
        """
        variable = self.answers.variable(name)
        if variable.kind != "number":
            raise ScslabError(
                f'"{name}" is {variable.kind}, not a number',
                where=self.answers.source,
                expected="a variable of numbers",
            )
        values = self.answers.array(name)
        if values.dtype.kind in "fiub":
            return values.astype(float, copy=False)
        return self.answers.column(name).to_numpy(dtype=float, na_value=np.nan)

    def categories(self, name: str) -> pd.Categorical:
        """A variable as categories, by label where codes have one; missing is code -1."""
        return self.answers.labelled(name)

    def answered(self, names: Iterable[str]) -> np.ndarray:
        """Who (bool[n]) has an answer to every one of these variables."""
        kept = np.ones(self.answers.n, dtype=bool)
        for name in names:
            gone = self.answers.unanswered(name)
            if gone is not None:
                kept &= ~gone
        return kept

    def within(self, domain: np.ndarray) -> Sample:
        """The sample with only a domain (bool[n]) counted; strata and clusters stay."""
        return replace(self, design=self.design.within(domain))
