"""Conditions on columns: who is asked a question, who can choose an answer.

The language: `name` (short for `name = 1`), `name = 3`, `!=`, `<`, `<=`, `>`, `>=`,
`name in (1, 2)`, `and`, `or`, `not`, brackets; `not` binds closest, then `and`, then `or`. A
missing value fulfils no comparison, not even `!=`, and `not` of that is true.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from scslab.core.errors import ScslabError, near

Operator = Literal["=", "!=", "<", "<=", ">", ">=", "in"]
TOKEN = re.compile(
    r"\s*(?P<word>[A-Za-z_][A-Za-z0-9_]*)|\s*(?P<number>[-+]?(\d+(\.\d*)?|\.\d+)(?![\w.]))"
    r"|\s*(?P<sign><=|>=|!=|[=<>(),])"
)
WORDS = ("and", "or", "not", "in")
COMPARE: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
DEEPEST = 40


@dataclass(frozen=True)
class Compare:
    """One column beside one value, or beside several with "in"."""

    name: str
    operator: Operator
    values: tuple[float, ...]


@dataclass(frozen=True)
class Not:
    """What holds where its part does not."""

    part: Tree


@dataclass(frozen=True)
class Every:
    """What holds where all its parts do."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True)
class Some:
    """What holds where at least one of its parts does."""

    parts: tuple[Tree, ...]


Tree = Compare | Not | Every | Some


@dataclass(frozen=True)
class Condition:
    """A condition that has been read.

    Attributes
    ----------
    text : str
        As it was written.
    names : tuple of str
        The columns in it, each once, in the order of the text.
    tree : Compare, Not, Every or Some
        What it says, for those who write it in another language.
    """

    text: str
    names: tuple[str, ...]
    tree: Tree = field(repr=False)

    def holds(self, columns: Mapping[str, np.ndarray], n: int) -> np.ndarray:
        """Where the condition holds.

        Parameters
        ----------
        columns : mapping of name to array, n long
            Numbers; NaN where there is no value.
        n : int
            Rows.

        Returns
        -------
        bool[n]

        Raises
        ------
        ScslabError
            A column that is not there; the nearest name is told.

        Examples
        --------
        >>> columns = {"age": np.array([17.0, 40.0, np.nan])}
        >>> parse_condition("age < 18").holds(columns, 3).tolist()
        [True, False, False]
        >>> parse_condition("not age < 18").holds(columns, 3).tolist()
        [False, True, True]
        """
        self.check(columns)
        return evaluate(self.tree, columns, n)

    def check(self, known: Iterable[str], where: str = "") -> None:
        """See that every column of the condition is known.

        Raises
        ------
        ScslabError
            The first that is not, with the nearest known name.

        Examples
        --------
        >>> parse_condition("systems_sesamy").check(["systems_sesame"], "form.yaml:8")
        Traceback (most recent call last):
        scslab.core.errors.ScslabError: form.yaml:8: "systems_sesamy" in a condition is not known
          got: systems_sesamy
          try: did you mean "systems_sesame"?
        """
        names = set(known)
        for name in self.names:
            if name not in names:
                raise ScslabError(
                    f'"{name}" in a condition is not known',
                    where=where,
                    got=self.text,
                    hint=near(name, names),
                )


def evaluate(tree: Tree, columns: Mapping[str, np.ndarray], n: int) -> np.ndarray:
    """Where a tree of comparisons holds, bool[n]."""
    if isinstance(tree, Compare):
        values = np.broadcast_to(np.asarray(columns[tree.name], dtype=float), (n,))
        if tree.operator == "in":
            return np.isin(values, tree.values)
        # NaN != 3 is true for numpy, but a missing value fulfils no comparison.
        return COMPARE[tree.operator](values, tree.values[0]) & ~np.isnan(values)
    if isinstance(tree, Not):
        return ~evaluate(tree.part, columns, n)
    found = [evaluate(part, columns, n) for part in tree.parts]
    return np.logical_and.reduce(found) if isinstance(tree, Every) else np.logical_or.reduce(found)


def parse_condition(text: str, where: str = "") -> Condition:
    """Read a condition.

    Parameters
    ----------
    text : str
        Such as `age >= 18 and (party or systems in (1, 2))`.
    where : str
        File and line, for messages.

    Raises
    ------
    ScslabError
        What cannot be read, and after which word.

    Examples
    --------
    >>> parse_condition("sesame or tencent and score >= 600").names
    ('sesame', 'tencent', 'score')
    >>> parse_condition("score = high")
    Traceback (most recent call last):
    scslab.core.errors.ScslabError: this condition cannot be read
      got: "high" after "score ="
      expected: a number
    """
    reader = Reader(text, where, tokens_of(text, where))
    tree = reader.either(0)
    if reader.at < len(reader.tokens):
        reader.refuse("and, or, or the end of the condition")
    return Condition(text, tuple(dict.fromkeys(names_of(tree))), tree)


def names_of(tree: Tree) -> list[str]:
    """The columns of a tree, in order, as often as they stand in it."""
    if isinstance(tree, Compare):
        return [tree.name]
    if isinstance(tree, Not):
        return names_of(tree.part)
    return [name for part in tree.parts for name in names_of(part)]


@dataclass(frozen=True)
class Token:
    """A word, number or sign of a condition, and where it begins in the text."""

    kind: str
    text: str
    start: int


def tokens_of(text: str, where: str) -> list[Token]:
    """The words, numbers and signs of a condition."""
    found, at, end = [], 0, len(text.rstrip())
    while at < end:
        match = TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            rest = text[at:].strip()
            raise unreadable(text, text.index(rest, at), rest.split()[0], where)
        kind = next(k for k in ("word", "number", "sign") if match.group(k))
        found.append(Token(kind, match.group(kind), match.start(kind)))
        at = match.end()
    return found


def unreadable(text: str, start: int, got: str, where: str, expected: str = "") -> ScslabError:
    """What stands in the way, and after what."""
    before = text[:start].strip()
    after = f' after "{before}"' if before else ""
    got = f'"{got}"' if got else "the end" if before else "nothing"
    signs = "=, !=, <, <=, >, >=, in (1, 2), and, or, not, brackets"
    return ScslabError(
        "this condition cannot be read",
        where=where,
        got=got + after,
        expected=expected or f"names, numbers, {signs}",
    )


@dataclass
class Reader:
    """Reads tokens from left to right: `either` calls `each`, which calls `single`."""

    text: str
    where: str
    tokens: list[Token]
    at: int = 0

    def next(self, *texts: str, kind: str = "") -> Token | None:
        """Take the next token if it is one of these texts, or of this kind."""
        if self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.text in texts or (kind == token.kind and token.text not in WORDS):
                self.at += 1
                return token
        return None

    def refuse(self, expected: str) -> None:
        """Say that the next token does not fit."""
        last = self.at >= len(self.tokens)
        start = len(self.text) if last else self.tokens[self.at].start
        got = "" if last else self.tokens[self.at].text
        raise unreadable(self.text, start, got, self.where, expected)

    def need(self, expected: str, *texts: str, kind: str = "") -> Token:
        """Take the next token, which must be one of these."""
        token = self.next(*texts, kind=kind)
        if token is None:
            self.refuse(expected)
        assert token is not None
        return token

    def either(self, depth: int) -> Tree:
        """Parts joined by "or"."""
        parts = [self.each(depth)]
        while self.next("or"):
            parts.append(self.each(depth))
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def each(self, depth: int) -> Tree:
        """Parts joined by "and"."""
        parts = [self.single(depth)]
        while self.next("and"):
            parts.append(self.single(depth))
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def single(self, depth: int) -> Tree:
        """A comparison, a bracket, or "not" before one of them."""
        if depth > DEEPEST:
            self.refuse(f"at most {DEEPEST} brackets and nots within each other")
        if self.next("not"):
            return Not(self.single(depth + 1))
        if self.next("("):
            inner = self.either(depth + 1)
            self.need("a closing bracket", ")")
            return inner
        return self.comparison(self.need("the name of a column", kind="word").text)

    def comparison(self, name: str) -> Compare:
        """What follows the name of a column; nothing is short for = 1."""
        sign = self.next("in", *COMPARE)
        if sign is None:
            return Compare(name, "=", (1.0,))
        if sign.text != "in":
            return Compare(name, sign.text, (self.number(),))  # type: ignore[arg-type]
        self.need("numbers in brackets, such as (1, 2)", "(")
        values = [self.number()]
        while self.next(","):
            values.append(self.number())
        self.need("a comma or a closing bracket", ")")
        return Compare(name, "in", tuple(values))

    def number(self) -> float:
        """The next token as a number."""
        return float(self.need("a number", kind="number").text)
