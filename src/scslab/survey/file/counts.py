"""How many chose what, with counts that could point at persons left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from scslab.core.printed import Suppressed
from scslab.survey.answers import Answers, Code
from scslab.survey.file.settle import tidy

FEWEST = 5  # a count of 1 to 4 is not shown
Count = int | Suppressed


@dataclass(frozen=True)
class ValueCount:
    """A code with its label, the reason where it is a missing code, and its count."""

    code: Code
    label: str
    reason: str
    n: Count


@dataclass(frozen=True)
class VariableCounts:
    """Counts of a variable; `other` is of valid values that have no label."""

    valid: Count
    blank: int
    values: tuple[ValueCount, ...]
    other: Count


def counts(answers: Answers, name: str) -> VariableCounts:
    """Unweighted counts of a variable's labelled codes, other values, missing codes and blanks.

    Counts of 1 to 4 are left out, and where one of them alone could be found by subtraction the
    next smallest as well. Values without a label are counted together: they may be of one person.
    Blanks, which say nothing about anybody, are always counted.
    """
    variable = answers.variable(name)
    mark = answers.marks.get(name, np.zeros(answers.n, np.int16))
    found = {tidy(c): int(n) for c, n in _found(answers.frame[name], variable.labels).items()}
    of_codes = [found.get(tidy(c), 0) for c in variable.labels]
    of_missing = [int((mark == k + 1).sum()) for k in range(len(variable.missing))]
    valid, blank = int((mark == 0).sum()), int((mark < 0).sum())
    inside, hidden = _hidden([*of_codes, valid - sum(of_codes)])
    outside, gone = _hidden(of_missing)
    codes = [
        ValueCount(tidy(c), text, "", n)
        for (c, text), n in zip(variable.labels.items(), inside, strict=False)
    ]
    codes += [
        ValueCount(m.code, m.label, m.reason, n)
        for m, n in zip(variable.missing, outside, strict=False)
    ]
    total: Count = Suppressed(FEWEST) if hidden or gone or 0 < valid < FEWEST else valid
    return VariableCounts(total, blank, tuple(codes), inside[-1])


def _found(column: pd.Series, labels: object) -> pd.Series:
    """Counts of the values of a column that has labels."""
    return column.value_counts() if labels else pd.Series(dtype=int)


def _hidden(parts: list[int]) -> tuple[list[Count], bool]:
    """Counts with small ones left out, and whether their sum would tell the only one."""
    small = {i for i, n in enumerate(parts) if 0 < n < FEWEST}
    others = sorted((n, i) for i, n in enumerate(parts) if n >= FEWEST)
    alone = len(small) == 1 and not others
    if len(small) == 1 and others:
        small.add(others[0][1])
    return [Suppressed(FEWEST) if i in small else n for i, n in enumerate(parts)], alone
