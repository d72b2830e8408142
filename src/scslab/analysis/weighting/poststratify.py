"""Post-stratification: weights scaled to one margin, simple or joint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from scslab.analysis.sample import Sample
from scslab.analysis.weighting.adjustments import PostStratified
from scslab.analysis.weighting.diagnostics import WeightingReport, levels_of, make_report
from scslab.analysis.weighting.margins import Margins, as_margins
from scslab.analysis.weighting.matching import match
from scslab.analysis.weighting.rake import empty_in_replicate, reweighted, spread
from scslab.core.errors import ScslabError


def poststratify(
    sample: Sample, margin: Margins | Mapping[Any, Mapping[Any, Any]] | str | Path
) -> tuple[Sample, WeightingReport]:
    """Scale weights so that each category of one margin has its share (R's `postStratify`).

    Parameters
    ----------
    margin : Margins, dict, name or file
        With one margin, simple ("sex") or joint ("sex x age").

    Returns
    -------
    Sample, WeightingReport
        Standard errors leave out what the strata explain; replicate weights are post-stratified
        one by one.

    Raises
    ------
    ScslabError
        Several margins; a margin that does not fit the sample (see `match`); a replicate without
        a respondent of a category.

    Examples
    --------
    >>> import pandas as pd
    >>> from scslab.analysis.design import make_design
    >>> from scslab.survey.answers import Answers, Variable
    >>> answers = Answers(pd.DataFrame({"x": ["a", "b", "b"]}), {"x": Variable("x", kind="text")})
    >>> found, _ = poststratify(Sample(answers, make_design(n=3)), {"x": {"a": 10, "b": 10}})
    >>> found.design.weights.tolist()
    [10.0, 5.0, 5.0]
    """
    given = as_margins(margin)
    if len(given.margins) != 1:
        raise ScslabError(
            "post-stratification is to one margin",
            got=", ".join(m.name for m in given.margins),
            hint='a joint margin such as "sex x age", or raking to several',
        )
    coded = match(sample, given)
    code, target = coded[0].code, coded[0].target
    design, inside = sample.design, sample.design.inside
    before = design.weights[inside]
    total = before.sum() if given.total is None else given.total

    def weigh(weights: np.ndarray, whose: str) -> np.ndarray:
        have = np.bincount(code, weights, len(target))
        lost = (have == 0) & (target > 0)
        if lost.any():
            raise empty_in_replicate(coded[0], int(np.argmax(lost)), whose)
        factor = np.divide(target * total, have, out=np.zeros(len(target)), where=have != 0)
        return weights * factor[code]

    after = weigh(before, "")
    weights = spread(after, inside)
    adjustment = PostStratified(spread(code, inside), design.weights, weights)
    report = make_report(
        "post-stratification",
        before,
        after,
        levels=levels_of(coded, before, after),
        source=given.source,
        synthetic=sample.answers.synthetic,
        data=sample.answers.source,
        notes=given.notes,
    )
    said = ("poststratify", coded[0].name)
    return replace(sample, design=reweighted(design, weights, weigh, adjustment, said)), report
