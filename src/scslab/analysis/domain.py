"""Domains: part of a sample, named by the answers that its members gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from scslab.core.errors import ScslabError, near
from scslab.survey.answers import Answers, Code, plain


def domain_of(answers: Answers, where: Mapping[str, Sequence[Code | bool]]) -> np.ndarray:
    """Who (bool[n]) has one of the named categories in every variable named.

    Parameters
    ----------
    where : mapping of variable to categories
        By label or by code. A missing answer is in no domain.

    Raises
    ------
    ScslabError
        An unknown variable or category, or nobody in the domain.

    Examples
    --------
    >>> import pandas as pd
    >>> from scslab.survey.answers import Variable
    >>> answers = Answers(pd.DataFrame({"sex": ["f", "m"]}), {"sex": Variable("sex", kind="text")})
    >>> domain_of(answers, {"sex": ["f"]}).tolist()
    [True, False]
    """
    kept = np.ones(answers.n, dtype=bool)
    for name, wanted in where.items():
        variable, values = answers.variable(name), answers.column(name)
        codes = {label: code for code, label in variable.labels.items()}
        found = set(values.dropna().unique()) | set(variable.labels)
        chosen = set()
        for one in wanted:
            code = codes.get(str(one), one) if isinstance(one, str) else one
            if code not in found:
                raise ScslabError(
                    f'"{name}" has no category "{plain(one)}"',
                    hint=near(str(one), [*codes, *(plain(c) for c in found)]),
                )
            chosen.add(code)
        kept &= values.isin(list(chosen)).to_numpy()
    if where and not kept.any():
        raise ScslabError("nobody is in this domain", got=domain_words(where))
    return kept


def domain_words(where: Mapping[str, Sequence[Code | bool]]) -> str:
    """A domain as a reader writes it.

    Examples
    --------
    >>> domain_words({"sex": ["f"], "region": ["East", "West"]})
    'sex f; region East or West'
    """
    return "; ".join(f"{k} {' or '.join(plain(v) for v in vs)}" for k, vs in where.items())
