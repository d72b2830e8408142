"""The answers of a survey with their dictionary: what every file format is read into.

A missing answer keeps its reason. Values in `frame` are valid ones only; where one is missing,
`marks` says by which code ("98", ".a") and the variable's dictionary says what the code means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
import pandas as pd

from scslab.core.errors import ScslabError, near

Reason = Literal[
    "dk", "refused", "not_applicable", "not_asked", "no_answer", "invalid", "attrition", "unknown"
]
REASONS: tuple[str, ...] = get_args(Reason)
Kind = Literal["number", "text", "date", "datetime", "time"]
Measure = Literal["nominal", "ordinal", "scale", "unknown"]
Code = float | str

BLANK = -1  # a mark: nothing was written in the file (SPSS system-missing, Stata ".", empty cell)
VALID = 0  # a mark: the value is an answer; marks above 0 count the variable's missing codes


@dataclass(frozen=True)
class MissingCode:
    """A code that stands for a missing answer: -1 "don't know", 99, or Stata's ".a"."""

    code: Code
    label: str = ""
    reason: Reason = "unknown"


@dataclass(frozen=True)
class Variable:
    """What a file says about one column.

    `labels` are of valid codes only; labels of missing codes stand in `missing`. `missing_range`
    keeps SPSS's range of missing values, whose codes that occur are in `missing` as well.
    """

    name: str
    label: str = ""
    kind: Kind = "number"
    measure: Measure = "unknown"
    labels: Mapping[Code, str] = field(default_factory=lambda: MappingProxyType({}))
    missing: tuple[MissingCode, ...] = ()
    missing_range: tuple[float, float] | None = None
    question: str = ""
    universe: str = ""
    format: str = ""  # the file's own display format, such as F8.2 or %9.0g

    @property
    def says(self) -> str:
        """The label, or the name where there is none."""
        return self.label or self.name


@dataclass(frozen=True)
class Answers:
    """The answers of one file, a row a respondent.

    Attributes
    ----------
    frame : DataFrame, n rows
        Valid values: float64 or int64 for numbers (NaN where missing), str or None for text,
        datetime64 for dates. Codes, not labels.
    marks : mapping of variable to int16[n]
        `VALID`, `BLANK`, or k > 0 for the k-th missing code of the variable. Only variables with
        some missing answer are in it.
    variables : mapping of name to Variable, in the order of the frame.
    label : str
        The file's own title.
    source : str
        Where the answers are from, as figures and tables say it.
    notes : tuple of str
        What the reader did or left out; shown in the report.
    weight : str
        The weight variable that the file names, or "".
    synthetic : bool
        Whether the respondents are simulated; every table and figure says so.
    """

    frame: pd.DataFrame
    variables: Mapping[str, Variable]
    marks: Mapping[str, np.ndarray] = field(default_factory=lambda: MappingProxyType({}))
    label: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()
    weight: str = ""
    synthetic: bool = False
    _arrays: dict[str, np.ndarray] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def n(self) -> int:
        """Respondents."""
        return len(self.frame)

    def variable(self, name: str) -> Variable:
        """A variable's dictionary.

        Raises
        ------
        ScslabError
            No such variable; the nearest name is told.
        """
        if name not in self.variables:
            raise ScslabError(
                f'no variable "{name}"', where=self.source, hint=near(name, self.variables)
            )
        return self.variables[name]

    def column(self, name: str) -> pd.Series:
        """The valid values of a variable; missing ones are NaN or None."""
        self.variable(name)
        return self.frame[name]

    def array(self, name: str) -> np.ndarray:
        """A variable's values as they lie in the frame; not to be written to.

        Kept, because a frame takes longer to find a column than a fit to 2,000 rows to read it.
        """
        found = self._arrays.get(name)
        if found is None:
            found = self._arrays[name] = self.column(name).to_numpy()
        return found

    def unanswered(self, name: str) -> np.ndarray | None:
        """Whose answer (bool[n]) is missing, or None where nobody's is."""
        values = self.array(name)
        if values.dtype.kind in "iub":
            return None
        gone = np.isnan(values) if values.dtype.kind == "f" else np.asarray(pd.isna(values))
        return gone if gone.any() else None

    def reasons(self, name: str) -> np.ndarray:
        """Why each answer is missing: "" where it is not, else a reason; "blank" without one."""
        variable = self.variable(name)
        marks = self.marks.get(name)
        if marks is None:
            return np.full(self.n, "", dtype=object)
        words = np.array(["blank", "", *(m.reason for m in variable.missing)], dtype=object)
        return words[marks + 1]

    def labelled(self, name: str) -> pd.Categorical:
        """A variable as categories in the order of its codes, by label where it has them.

        Codes without a label show as they are; categories that nobody chose are kept where they
        have a label, so that a table shows their zero.
        """
        variable, values = self.variable(name), self.column(name)
        found = pd.unique(values.dropna())
        codes = sorted({*found, *variable.labels}, key=lambda c: (isinstance(c, str), c))
        names = [variable.labels.get(c) or plain(c) for c in codes]
        if len(set(names)) < len(names):  # two codes with one label stay two categories
            names = [f"{plain(c)} {n}" for c, n in zip(codes, names, strict=True)]
        place = {c: i for i, c in enumerate(codes)}
        positions = values.map(place).fillna(-1).to_numpy(np.int64)
        return pd.Categorical.from_codes(positions, categories=names, ordered=is_ordered(variable))

    def __repr__(self) -> str:
        """A line without any answer in it."""
        return f"Answers({self.source!r}, n={self.n}, variables={len(self.variables)})"

    def with_columns(self, columns: Mapping[str, tuple[Variable, pd.Series]]) -> Answers:
        """The answers with columns added or replaced."""
        frame = self.frame.copy(deep=False)
        variables, marks = dict(self.variables), dict(self.marks)
        for name, (variable, values) in columns.items():
            frame[name] = np.asarray(values)
            variables[name] = variable
            gone = frame[name].isna().to_numpy()
            marks.pop(name, None)
            if gone.any():
                marks[name] = np.where(gone, BLANK, VALID).astype(np.int16)
        return replace(self, frame=frame, variables=variables, marks=marks)


def is_ordered(variable: Variable) -> bool:
    """Whether the order of a variable's codes means something."""
    return variable.measure in ("ordinal", "scale")


def plain(code: Code) -> str:
    """A code as a reader writes it: 3 and not 3.0.

    Examples
    --------
    >>> plain(3.0), plain(2.5), plain("a")
    ('3', '2.5', 'a')
    """
    if isinstance(code, str):
        return code
    return str(int(code)) if float(code).is_integer() else repr(float(code))
