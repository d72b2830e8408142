"""Respondents who share all their answers, or an id."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd


def group_sizes(columns: Sequence[np.ndarray]) -> np.ndarray:
    """How many other rows have the same values in all columns, f8[n].

    Exact (codes of values are combined, not hashed). Two missing values are the same; a row that
    is missing in every column is not compared (NaN).

    Examples
    --------
    >>> group_sizes([np.array([1.0, 1.0, 2.0]), np.array([5.0, 5.0, 5.0])])
    array([1., 1., 0.])
    """
    n = len(columns[0])
    code = np.zeros(n, np.int64)
    empty = np.ones(n, dtype=bool)
    groups = 1
    for column in columns:
        values, levels = pd.factorize(pd.Series(column), use_na_sentinel=True)
        empty &= values < 0
        code = code * (len(levels) + 1) + values + 1
        groups *= len(levels) + 1
        if groups > n:  # renumber before the product can overflow
            code, found = pd.factorize(code)
            groups = len(found)
    code = pd.factorize(code)[0]
    return np.where(empty, np.nan, np.bincount(code)[code] - 1.0)
