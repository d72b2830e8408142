"""A design from the columns of a survey file."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scslab.analysis.design import Design, Lonely, check_weights, make_design
from scslab.core.errors import ScslabError
from scslab.survey.answers import Answers


def design_from(
    answers: Answers,
    *,
    weight: str | None = None,
    strata: Sequence[str] = (),
    clusters: Sequence[str] = (),
    fpc: Sequence[str] = (),
    nest: bool = False,
    lonely: Lonely = "fail",
) -> Design:
    """Make a design from variables by name.

    Raises
    ------
    ScslabError
        An unknown variable, weights or populations that are text, and what `make_design` refuses,
        with the variable's name.

    Examples
    --------
    >>> import pandas as pd
    >>> from scslab.survey.answers import Variable
    >>> a = Answers(pd.DataFrame({"w": [1.0, 2.0, 3.0]}), {"w": Variable("w")})
    >>> design_from(a, weight="w").about
    (('weight', 'w'),)
    """
    weights = None
    if weight is not None:
        weights = check_weights(number(answers, weight, "the weight"), weight)
    about = [
        (key, " + ".join(names))
        for key, names in (
            ("weight", [weight] if weight else []),
            ("strata", strata),
            ("clusters", clusters),
            ("fpc", fpc),
        )
        if names
    ]
    if nest:
        about.append(("nest", "true"))
    return make_design(
        weights,
        strata=[answers.column(name).to_numpy() for name in strata],
        clusters=[answers.column(name).to_numpy() for name in clusters],
        fpc=[number(answers, name, "a finite population") for name in fpc],
        n=answers.n,
        nest=nest,
        lonely=lonely,
        about=about,
    )


def number(answers: Answers, name: str, what: str) -> np.ndarray:
    """A column of numbers of the design.

    Raises
    ------
    ScslabError
        It holds text or dates.
    """
    variable = answers.variable(name)
    if variable.kind != "number":
        raise ScslabError(f"{what} is {variable.kind}, not a number", where=name)
    return answers.column(name).to_numpy(dtype=float, na_value=np.nan)
