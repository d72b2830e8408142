"""Formal expressions: `share approval in (4, 5)`, `mean confidence`, `coefficient m1 age`."""

from __future__ import annotations

import re

from scslab.core.errors import ScslabError
from scslab.evaluation.ledger.convert import (
    Models,
    Variables,
    codes_of,
    known_variable,
    model_of,
    of_numbers,
)
from scslab.evaluation.ledger.model import Scalar
from scslab.evaluation.ledger.records import (
    Coefficient,
    Coefficients,
    Mean,
    Measure,
    Rate,
    Share,
    Where,
)

NUMBER = re.compile(r"[-+]?\d+(\.\d+)?\Z")
CONDITION = re.compile(
    r"\s*(?P<name>[A-Za-z_]\w*)\s*(?:(?:=|:|==)\s*(?P<one>[^()=:]+?)|in\s*\((?P<many>[^()]*)\))\s*\Z"
)
AND = re.compile(
    r"\s+and\s+(?=[A-Za-z_]\w*\s*(?:=|:|in\b))|\s*[;,]\s*(?=[A-Za-z_]\w*\s*(?:=|:|in\b))"
)


def formal_measure(text: str, variables: Variables, models: Models) -> Measure | None:
    """What a formal expression measures; none if the text is no such expression.

    Raises
    ------
    ScslabError
        It is one, and names what there is not.
    """
    word, _, rest = text.strip().partition(" ")
    rest, names = rest.strip(), rest.split()
    if word == "share" and CONDITION.match(AND.split(rest)[0]):
        return Share(conditions(rest, variables))
    if word == "mean" and len(names) == 1 and (names[0] in variables or "_" in names[0]):
        return Mean(of_numbers(names[0], variables, ""))
    if word == "rate" and len(names) == 1:
        return Rate(names[0])
    if word == "coefficient" and len(names) == 2 and names[0] not in ("of", "for"):
        wanted = Coefficient(names[0], names[1])
        model_of(wanted, models)
        return Coefficients((wanted,))
    return None


def formal_where(text: str, variables: Variables) -> Where | None:
    """The group that conditions such as `residence = rural, age_group in (2, 3)` name.

    None if the text is no such condition, or names no variable.

    Raises
    ------
    ScslabError
        A variable has no such answer.
    """
    parts = AND.split(text)
    matches = [CONDITION.match(p) for p in parts]
    if not all(matches) or not any(m and m["name"] in variables for m in matches):
        return None
    return conditions(text, variables)


def conditions(text: str, variables: Variables) -> Where:
    """Conditions that must all hold.

    Raises
    ------
    ScslabError
        One cannot be read, or names what there is not.
    """
    found: dict[str, tuple[float | str, ...]] = {}
    for part in AND.split(text):
        match = CONDITION.match(part)
        if match is None:
            raise ScslabError("a condition cannot be read", got=part, expected="variable = answer")
        name = match["name"]
        if name in found:
            raise ScslabError(f'two conditions on "{name}"', hint=f"{name} in (..., ...)")
        listed = match["many"].split(",") if match["many"] is not None else [match["one"]]
        found[name] = codes_of(known_variable(name, variables), [scalar(s) for s in listed])
    return tuple(sorted(found.items()))


def scalar(text: str) -> Scalar:
    """A code, or a label without its quotes."""
    found = text.strip().strip("'\"")
    return float(found) if NUMBER.match(found) else found
