"""What a formula is written in: words, and expressions that are worked out on blocks of rows.

Nothing here is Python code: an expression is a tree of a few kinds of nodes, and only the
functions listed in `FUNCTIONS` exist.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

FUNCTIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "log1p": np.log1p,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "abs": np.abs,
}
COMPARISONS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
ARITHMETIC: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
}
LOGIC: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "&": np.logical_and,
    "|": np.logical_or,
}
PLAIN_NAME = re.compile(r"(?:[^\W\d]|\.(?!\d))[\w.]*")


@dataclass(frozen=True)
class Name:
    """A variable."""

    name: str


@dataclass(frozen=True)
class Number:
    """A number, as it was written."""

    text: str


@dataclass(frozen=True)
class Text:
    """A level's name in quotes."""

    value: str


@dataclass(frozen=True)
class Call:
    """A function of one argument, I() and factor() among them."""

    function: str
    argument: Expression


@dataclass(frozen=True)
class Unary:
    """A sign, or "!"."""

    sign: str
    of: Expression


@dataclass(frozen=True)
class Binary:
    """Two expressions and the sign between them."""

    sign: str
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Bracket:
    """An expression in brackets."""

    of: Expression


Expression = Name | Number | Text | Call | Unary | Binary | Bracket


class Rows(Protocol):
    """Where an expression finds the values of variables, for one block of rows."""

    def number(self, name: str) -> np.ndarray:
        """Values, f8[rows]."""
        ...

    def is_level(self, name: str, level: str) -> np.ndarray:
        """Which rows (bool) have this level of a variable."""
        ...


def work_out(e: Expression, rows: Rows) -> np.ndarray:
    """The values of an expression in a block of rows: f8, or bool where it is logical.

    As in R's arithmetic, a logical value inside arithmetic counts 0 or 1.
    """
    match e:
        case Name(name):
            return rows.number(name)
        case Number(text):
            return np.asarray(float(text))
        case Bracket(of) | Call("I", of):
            return work_out(of, rows)
        case Call(function, argument):
            with np.errstate(all="ignore"):  # what has no value is told by the caller
                return FUNCTIONS[function](work_out(argument, rows).astype(float))
        case Unary(sign, of):
            value = work_out(of, rows)
            if sign == "!":
                return np.logical_not(value)
            return -value.astype(float) if sign == "-" else value
        case Binary(sign, left, right) if sign in ("==", "!=") and (
            isinstance(left, Text) or isinstance(right, Text)
        ):
            of, said = (left, right) if isinstance(right, Text) else (right, left)
            assert isinstance(of, Name) and isinstance(said, Text)
            same = rows.is_level(of.name, said.value)
            return same if sign == "==" else ~same
        case Binary(sign, left, right):
            a, b = work_out(left, rows), work_out(right, rows)
            if sign in COMPARISONS:
                return COMPARISONS[sign](a, b)
            if sign in LOGIC:
                return LOGIC[sign](a, b)
            with np.errstate(all="ignore"):
                return ARITHMETIC[sign](a.astype(float), b.astype(float))
    raise AssertionError(e)
