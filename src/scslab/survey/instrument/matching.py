"""Which answers fulfil a comparison: what every other language of conditions is written from."""

from __future__ import annotations

import numpy as np

from scslab.core.conditions import Compare, evaluate
from scslab.survey.instrument.columns import Column


def matching(compare: Compare, column: Column) -> list[int]:
    """The codes of a column that fulfil a comparison, in the order of its answers.

    Raises
    ------
    ValueError
        The column is a number without codes.

    Examples
    --------
    >>> from scslab.core.conditions import parse_condition
    >>> from scslab.survey.instrument.columns import columns_of
    >>> from scslab.survey.instrument.load import read_instrument
    >>> columns = columns_of(read_instrument("kostka-2018").instrument)
    >>> matching(parse_condition("approval >= 4").tree, columns["approval"])
    [4, 5]
    """
    if column.values is None:
        raise ValueError(f"{column.name} has no codes")
    codes = np.array(column.values, dtype=float)
    holds = evaluate(compare, {compare.name: codes}, len(codes))
    return [int(code) for code in codes[holds]]


def ever(compare: Compare, column: Column) -> bool:
    """Whether some answer fulfils a comparison."""
    if column.values is not None:
        return bool(matching(compare, column))
    low, high = column.question.between or (0.0, 0.0)
    first = compare.values[0]
    ends = {"<": low < first, "<=": low <= first, ">": high > first, ">=": high >= first}
    return ends.get(compare.operator, True)


def ticked(compare: Compare, column: Column) -> bool | None:
    """Whether a comparison asks for a choice to be chosen; None: only that there is an answer."""
    codes = matching(compare, column)
    return None if len(codes) != 1 else codes[0] == 1
