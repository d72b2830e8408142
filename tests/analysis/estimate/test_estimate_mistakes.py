"""Each mistake of a user is one clear error."""

import numpy as np
import pandas as pd
import pytest

from reference.samples import answers_of, sample_of
from reference.values import load
from scslab.analysis import estimate
from scslab.analysis.compare import compare
from scslab.analysis.crosstab import crosstab
from scslab.analysis.design import make_design
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError


def small():
    """Eight answers, one variable empty, one constant, one of text."""
    frame = pd.DataFrame(
        {
            "x": [1.0, 2, 3, 4, 5, 6, 7, 8],
            "empty": [np.nan] * 8,
            "same": [3.0] * 8,
            "zero": [0.0] * 8,
            "words": ["a", "b"] * 4,
            "id": np.arange(8.0),
        }
    )
    return Sample(answers_of(frame), make_design(n=8))


def big():
    """2,000 answers, all different."""
    frame = pd.DataFrame({"x": np.arange(2000.0), "group": np.arange(2000)})
    return Sample(answers_of(frame), make_design(n=2000))


NOBODY = np.zeros(8, dtype=bool)

MISTAKES = {
    '"words" is text, not a number': lambda: estimate.mean(small(), "words"),
    'nobody in the domain has an answer to "empty"': lambda: estimate.mean(small(), "empty"),
    "nobody is in the domain": lambda: estimate.mean(small(), "x", where=NOBODY),
    "a domain is true or false for every respondent": lambda: estimate.mean(
        small(), "x", where=np.arange(8)
    ),
    '"group" makes 2,000 groups': lambda: estimate.mean(big(), "x", by="group"),
    '"same" is the same for all, so it has no correlation': lambda: estimate.correlation(
        small(), ["x", "same"]
    ),
    "a quantile's probability lies between 0 and 1": lambda: estimate.quantile(small(), "x", 50),
    "unknown rule of quantiles": lambda: estimate.quantile(small(), "x", qrule="hf10"),
    'the interval "replicates" needs replicate weights': lambda: estimate.quantile(
        small(), "x", interval="replicates"
    ),
    "a level of confidence lies between 0 and 1": lambda: estimate.mean(
        small(), "x", confidence=95
    ),
    "unknown design effect": lambda: estimate.mean(small(), "x", deff="kish"),
    "unknown degrees of freedom": lambda: estimate.mean(small(), "x", df=-1.0),
    'no variable "xx"': lambda: estimate.mean(small(), "xx"),
    "name each variable once": lambda: estimate.mean(small(), ["x", "x"]),
    '"zero" adds up to 0': lambda: estimate.ratio(small(), "x", "zero"),
    '"words" has no answer "c"': lambda: estimate.share(small(), "words", "c"),
    '"x" has 2,000 different answers': lambda: estimate.share(big(), "x"),
    "unknown interval of a share": lambda: estimate.share(small(), "words", method="wald"),
    "unknown way with missing answers": lambda: estimate.share(small(), "words", missing="drop"),
    "a correlation needs two variables": lambda: estimate.correlation(small(), ["x"]),
    "a table crosses two different variables": lambda: crosstab(small(), "x", "x"),
    "a table has no groups besides its own": lambda: crosstab(small(), "x", "words", by="id"),
    "unknown test of a table": lambda: crosstab(small(), "x", "words", statistic="G"),
    "a comparison needs two groups": lambda: compare(small(), "x", "same"),
    'no group "c"': lambda: compare(small(), "x", "words", reference="c"),
    "unknown adjustment": lambda: compare(small(), "x", "words", adjust="tukey"),
    "some groups have no standard error": lambda: compare(small(), "x", "id"),
}


@pytest.mark.parametrize("said", MISTAKES)
def test_a_mistake_is_told(said):
    with pytest.raises(ScslabError) as caught:
        MISTAKES[said]()
    assert said in str(caught.value)


def test_the_whole_message_of_too_many_groups():
    with pytest.raises(ScslabError) as caught:
        estimate.mean(big(), "x", by="group")
    assert str(caught.value) == (
        '"group" makes 2,000 groups\n'
        "  expected: no more than 1,000\n"
        "  try: join categories, or say many=True if all these groups are wanted"
    )
    assert len(estimate.mean(big(), "x", by="group", many=True).rows) == 2000


def test_a_lonely_cluster_is_told_as_by_the_variance():
    sample = sample_of(load("estimates")["scd_lonely-adjust/mean-numeric"])
    from dataclasses import replace

    failing = replace(sample, design=replace(sample.design, lonely="fail"))
    for by in ((), "arrests"):
        with pytest.raises(ScslabError, match="has one cluster only"):
            estimate.mean(failing, "alive", by=by)


def test_an_unknown_option_is_an_error():
    with pytest.raises(TypeError, match="weights"):
        estimate.mean(small(), "x", weights="w")
