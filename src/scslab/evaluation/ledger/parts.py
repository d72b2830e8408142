"""Known parts of groups: wordings and whom they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scslab.evaluation.ledger.ages import with_ages
from scslab.evaluation.ledger.convert import Variables, as_code, where_of
from scslab.evaluation.ledger.entries import (
    Entry,
    all_wordings,
    alone,
    is_home,
    is_yes_no,
    names,
    says_something,
    words_of_name,
)
from scslab.evaluation.ledger.model import LedgerFile
from scslab.evaluation.ledger.records import Share, Where
from scslab.evaluation.ledger.words import WEAK_OF_GROUPS, bag, raw_tokens, tokens
from scslab.survey.answers import Variable

LINKS = re.compile(r"\s*(,(?!\d{3}\b)|;|&|\band\b|\bor\b|/(?!\d))\s*")
AND_OR = (",", "and", "or")
# What a person is, by the words of the question's name and label.
PERSONAL = frozenset(
    raw_tokens(
        "age sex gender residence residential region province education schooling employment"
        " occupation profession income hukou nationality ethnicity religion marital generation"
        " arm group"
    )
)
BODIES = frozenset(raw_tokens("the central local provincial municipal state government company"))
Words = frozenset[str]
Parts = Mapping[Words, frozenset[Where]]


@dataclass(frozen=True)
class GroupIndex:
    """Known parts of groups: of the ledger, of its quantities, of labels; and their opposites."""

    own: Parts
    quantities: Parts
    labels: Parts
    opposites: Parts
    says: Mapping[Words, str]
    variables: Variables

    def part(self, words: Words, composition: bool = False) -> frozenset[Where]:
        """What one part can mean; the ledger's own wording goes before all others.

        The composition of a sample is told by groups, not by what they think: without quantities.
        """
        answered = frozenset() if composition else self.quantities.get(words, frozenset())
        return self.own.get(words) or answered or self.labels.get(words) or frozenset()


def group_index(file: LedgerFile, entries: Iterable[Entry], variables: Variables) -> GroupIndex:
    """All parts of groups that can be understood.

    Raises
    ------
    ScslabError
        A group of the ledger with an unknown variable or code, with its line.
    """
    own, quantities, labels, opposites = Found(), Found(), Found(), Found()
    says: dict[Words, str] = {}
    for i, spec in enumerate(file.ledger.groups):
        place = ("groups", i)
        where = where_of(spec.where, variables, file.document, (*place, "where"))
        for text in all_wordings(spec.says, file.document, (*place, "says")):
            own.add(text, where, says)
            opposites.add(text, rest_of(where, variables), says)
    for one in entries:
        if isinstance(one.measure, Share) and one.measure.base == "valid":
            rest = rest_of(one.measure.of, variables)
            for text in one.texts:
                if words_of(text) <= BODIES:  # "(trusts) the government" is also "the government"
                    continue
                quantities.add(text, joined(one.among, one.measure.of), says)
                opposites.add(text, None if rest is None else joined(one.among, rest), says)
    for variable in variables.values():
        for text, where in claims(variable):
            labels.add(text, where, says)
            opposites.add(text, rest_of(where, variables), says)
    return GroupIndex(
        own.frozen(), quantities.frozen(), labels.frozen(), opposites.frozen(), says, variables
    )


class Found:
    """Parts as they are collected."""

    def __init__(self) -> None:
        self.parts: dict[Words, set[Where]] = {}

    def add(self, text: str, where: Where | None, says: dict[Words, str]) -> None:
        """A wording and what it means, if it means something.

        Of one answer to one question "or" says no more than a comma.
        """
        if where is None:
            return
        words = words_of(text)
        for key in {words, words - {"or"}} if len(where) <= 1 else {words}:
            if key:
                self.parts.setdefault(key, set()).add(where)
                says.setdefault(key, text)

    def frozen(self) -> Parts:
        """The parts, not to be changed."""
        return {words: frozenset(wheres) for words, wheres in self.parts.items()}


def claims(variable: Variable) -> Iterator[tuple[str, Where]]:
    """Groups that a variable's labels name."""
    if is_yes_no(variable):
        yield variable.says, ((variable.name, (1.0,)),)
    for code, label in variable.labels.items():
        if not says_something(label):
            continue
        where = ((variable.name, (as_code(code),)),)
        for text in [f"{name} {label}" for name in names(variable)]:
            yield text, where
        if alone(label, variable) and is_home(label, variable) and is_of_persons(variable):
            yield label, where


def is_of_persons(variable: Variable) -> bool:
    """Whether a variable tells who one is, so that an answer alone names a group.

    Of what one thinks or chooses, "the central government" is an answer and no group of persons;
    `manager = the central government` is one.

    Examples
    --------
    >>> is_of_persons(Variable("manager", "Who should run a nationwide system"))
    False
    >>> is_of_persons(Variable("x3", "Highest level of education"))
    True
    """
    return not PERSONAL.isdisjoint(words_of_name(variable))


def words_of(text: str) -> Words:
    """A part of a group as its telling words; "or" is one of them."""
    return key_of(linked(text))


def key_of(words: Sequence[str]) -> Words:
    """The words of a part, its commas and "and" left out."""
    return bag(tuple(w for w in words if w not in (",", "and")))


def linked(text: str) -> list[str]:
    """A group's words with its links (",", "and", "or") between them."""
    found: list[str] = []
    for piece in LINKS.split(with_ages(text)):
        if LINKS.fullmatch(piece):
            found.append({"&": "and", "/": "or", ";": ","}.get(piece.strip(), piece.strip()))
        else:
            found += tokens(piece, WEAK_OF_GROUPS)
    while found and found[-1] in AND_OR:
        found.pop()
    return [w for k, w in enumerate(found) if w not in AND_OR or (k and found[k - 1] not in AND_OR)]


def rest_of(where: Where, variables: Variables) -> Where | None:
    """Those with another answer to the one variable of a group."""
    if len(where) != 1:
        return None
    ((name, codes),) = where
    labelled = {as_code(c) for c in variables[name].labels}
    rest = tuple(sorted(labelled - set(codes), key=lambda c: (isinstance(c, str), c)))
    return ((name, rest),) if rest and set(codes) <= labelled else None


def joined(one: Where, other: Where) -> Where | None:
    """Those in both groups; none if no answer allows it."""
    found = dict(one)
    for name, codes in other:
        kept = tuple(c for c in found.get(name, codes) if c in codes)
        if not kept:
            return None
        found[name] = kept
    return tuple(sorted(found.items()))
