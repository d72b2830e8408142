"""What a quality screen is told: which variables to look at and where to draw the lines.

No threshold is right for every questionnaire, so each can be set and the record of the screen
says which was used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from scslab.core.errors import ScslabError, near
from scslab.survey.answers import Answers, Code, plain

Operator = Literal["=", "!=", "<", "<=", ">", ">=", "in", "not in"]
OPERATORS: tuple[str, ...] = get_args(Operator)


@dataclass(frozen=True)
class Clause:
    """A condition on one variable: its codes, not its labels; a missing answer never holds.

    `value` is one code, or a tuple of codes with "in" and "not in".
    """

    variable: str
    operator: Operator
    value: Code | tuple[Code, ...]

    def __str__(self) -> str:
        """The condition as a reader writes it."""
        values = self.value if isinstance(self.value, tuple) else (self.value,)
        return f"{self.variable} {self.operator} {', '.join(plain(v) for v in values)}"


@dataclass(frozen=True)
class Impossible:
    """A combination of answers that cannot be: all its clauses hold at once."""

    title: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class Grid:
    """Items asked as one block on one scale.

    `reverse` names the items worded the other way round. `scale` (lowest, highest) is needed to
    turn them; without it the labels' codes are used, then the answers' lowest and highest.
    """

    items: tuple[str, ...]
    reverse: tuple[str, ...] = ()
    scale: tuple[float, float] | None = None
    title: str = ""


@dataclass(frozen=True)
class Attention:
    """An item that tells the respondent which answer to give, and the right answers."""

    item: str
    right: tuple[Code, ...]


@dataclass(frozen=True)
class ScreenPlan:
    """Which checks to make; a check whose variables are not named is not made.

    Attributes
    ----------
    seconds, fastest, seconds_below
        Variable of the time taken; flagged below `fastest` times the median, or below
        `seconds_below` seconds where that is given.
    page_seconds, pages_fast
        Variables of the time on each page; flagged where at least this share of a respondent's
        pages took less than `fastest` times the page's median.
    items : tuple of str
        The items in the order asked: longest run, variability, Mahalanobis distance,
        don't-know runs, nonresponse.
    longest_run : int or None
        Flagged from this many same answers in a row; None is half of the items, rounded up
        (Curran 2016).
    irv_lowest, irv_below
        Flagged below this quantile of the standard deviation across items (so about that share is
        flagged by construction), or below `irv_below` where that is given.
    mahalanobis_p : float
        Flagged where the squared distance is beyond the chi-squared value of this probability.
    grids, straight_grids
        Flagged where at least this share of a respondent's grids has one answer throughout.
    scales, even_odd_below
        At least three scales of items; flagged where the corrected even-odd correlation is below
        this (0.3: Jackson 1977, in Johnson 2005).
    agree, agree_within, impossible
        Pairs of variables that must not differ by more than `agree_within`; impossible
        combinations.
    duplicates, duplicate_ids
        Items whose answers, taken together, no two respondents should share; id or device
        variables that should each be there once.
    dont_know_run, nonresponse : int, float
        Flagged from this many don't-knows in a row, or from this share of asked items unanswered.
    attention, attention_failed
        Attention checks, and from how many failed ones a respondent is flagged.
    started, field : str, pair of ISO dates
        Variable of the start and the first and last day in the field (both included).
    """

    seconds: str = ""
    fastest: float = 1 / 3
    seconds_below: float | None = None
    page_seconds: tuple[str, ...] = ()
    pages_fast: float = 0.5
    items: tuple[str, ...] = ()
    longest_run: int | None = None
    irv_lowest: float = 0.05
    irv_below: float | None = None
    mahalanobis_p: float = 0.01
    grids: tuple[Grid, ...] = ()
    straight_grids: float = 0.5
    scales: tuple[Grid, ...] = ()
    even_odd_below: float = 0.3
    agree: tuple[tuple[str, str], ...] = ()
    agree_within: float = 0.0
    impossible: tuple[Impossible, ...] = ()
    duplicates: tuple[str, ...] = ()
    duplicate_ids: tuple[str, ...] = ()
    dont_know_run: int = 5
    nonresponse: float = 0.5
    attention: tuple[Attention, ...] = ()
    attention_failed: int = 1
    started: str = ""
    field: tuple[str, str] | None = None


SHARES = (
    "fastest", "pages_fast", "irv_lowest", "mahalanobis_p", "straight_grids", "nonresponse",
)  # fmt: skip


def check_plan(plan: ScreenPlan, answers: Answers) -> None:
    """See that a plan asks for something and that its variables and shares make sense.

    Raises
    ------
    ScslabError
        Nothing to check, an unknown variable, fewer than two items, a share outside 0 to 1.
    """
    named = {
        "items": plan.items,
        "duplicates": plan.duplicates,
        **{f"grids[{k + 1}]": g.items for k, g in enumerate(plan.grids)},
        **{f"scales[{k + 1}]": g.items for k, g in enumerate(plan.scales)},
    }
    single = {
        "seconds": (plan.seconds,) if plan.seconds else (),
        "page_seconds": plan.page_seconds,
        "duplicate_ids": plan.duplicate_ids,
        "agree": tuple(name for pair in plan.agree for name in pair),
        "impossible": tuple(c.variable for i in plan.impossible for c in i.clauses),
        "attention": tuple(a.item for a in plan.attention),
        "started": (plan.started,) if plan.started else (),
    }
    if not any([*named.values(), *single.values()]):
        raise ScslabError(
            "the screen has nothing to check", expected="variables for at least one check"
        )
    for where, names in {**named, **single}.items():
        for name in names:
            if name not in answers.variables:
                hint = near(name, answers.variables)
                raise ScslabError(f'no variable "{name}"', where=where, hint=hint)
    for where, names in named.items():
        if len(names) == 1 or len(set(names)) < len(names):
            raise ScslabError(
                "a block needs at least two different items", where=where, got=", ".join(names)
            )
    for name in SHARES:
        if not 0 <= getattr(plan, name) <= 1:
            raise ScslabError(
                "a share outside 0 to 1", where=name, got=getattr(plan, name), expected="0 to 1"
            )
    for where, grids in (("grids", plan.grids), ("scales", plan.scales)):
        for grid in grids:
            check_reverse(where, grid)


def check_reverse(where: str, grid: Grid) -> None:
    """See that reversed items are items of their grid.

    Raises
    ------
    ScslabError
        One is not.
    """
    for name in grid.reverse:
        if name not in grid.items:
            raise ScslabError(
                f'"{name}" is reversed but no item of the block',
                where=where,
                hint=near(name, grid.items),
            )


def numbers(answers: Answers, names: tuple[str, ...], where: str) -> np.ndarray:
    """Variables as f8[k, n], an item a row, NaN where missing.

    Raises
    ------
    ScslabError
        A variable that holds no numbers, or no answer at all in any of them.
    """
    found = np.empty((len(names), answers.n))
    for k, name in enumerate(names):
        variable = answers.variable(name)
        if variable.kind != "number":
            raise ScslabError(
                f'"{name}" is {variable.kind}, not a number',
                where=where,
                expected="items with number codes",
                hint="derive a variable with number codes from it",
            )
        found[k] = answers.column(name).to_numpy(dtype=float, na_value=np.nan)
    if np.isnan(found).all():
        raise ScslabError("all answers are missing", where=where, got=", ".join(names))
    return found


def holds(answers: Answers, clause: Clause) -> np.ndarray:
    """Who (bool[n]) meets a condition; a missing answer does not.

    Raises
    ------
    ScslabError
        An unknown operator, or a text compared with a number.
    """
    column = answers.column(clause.variable)
    values = clause.value if isinstance(clause.value, tuple) else (clause.value,)
    text = answers.variable(clause.variable).kind == "text"
    if clause.operator not in OPERATORS or any(isinstance(v, str) != text for v in values):
        raise ScslabError(
            f"the condition {clause} cannot be checked",
            where="impossible",
            expected=f"one of {' '.join(OPERATORS)} and codes of the variable's kind "
            f"({'text' if text else 'number'})",
        )
    there = column.notna().to_numpy()
    if clause.operator in ("in", "=", "not in", "!="):
        inside = column.isin(values).to_numpy()
        return there & (inside if clause.operator in ("in", "=") else ~inside)
    return there & compared(column, clause.operator, values[0])


def compared(column: pd.Series, operator: str, value: Code) -> np.ndarray:
    """An ordered comparison, bool[n]; False where missing."""
    found = {"<": column.lt, "<=": column.le, ">": column.gt, ">=": column.ge}[operator](value)
    return found.fillna(False).to_numpy(dtype=bool)
