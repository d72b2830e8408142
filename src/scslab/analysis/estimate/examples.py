"""A small sample that the examples of this folder use."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scslab.analysis.design import make_design
from scslab.analysis.sample import Sample
from scslab.survey.answers import Answers, Variable


def three_classes() -> Sample:
    """Six pupils in three classes, each with weight 2.

    Examples
    --------
    >>> three_classes().design.df
    2.0
    """
    frame = pd.DataFrame(
        {
            "score": [3.0, 3.0, 5.0, 5.0, 7.0, 7.0],
            "hours": [1.0, 3.0, 2.0, 2.0, 1.0, 3.0],
            "sex": [1, 2, 1, 2, 1, 2],
        }
    )
    variables = {
        "score": Variable("score"),
        "hours": Variable("hours"),
        "sex": Variable("sex", measure="nominal", labels={1: "man", 2: "woman"}),
    }
    design = make_design(np.full(6, 2.0), clusters=[np.array([1, 1, 2, 2, 3, 3])])
    return Sample(Answers(frame=frame, variables=variables, source="example"), design)
