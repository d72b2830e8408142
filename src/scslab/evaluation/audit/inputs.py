"""What inputs tell of a person, and words in rules: the tables of `inputs.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from scslab.core.yamlfile import read


@dataclass(frozen=True)
class Input:
    """What an act is, as an input: in the catalogue or not, credit or not, what it tells."""

    catalogue: str
    credit: str
    tells: tuple[str, ...] = ()


@cache
def tables() -> dict[str, Any]:
    """The parts of `inputs.yaml`."""
    found: dict[str, Any] = read(Path(__file__).with_name("inputs.yaml")).data
    return found


@cache
def input_of(act: str) -> Input:
    """What an act is, as an input; its own row wins, then the longest pattern.

    Examples
    --------
    >>> input_of("petition.repeated").catalogue, input_of("judgment.refused").catalogue
    ('out', 'in')
    """
    rows = tables()["acts"]
    fits = [p for p in rows if p == act or ("*" in p and fnmatchcase(act, p))]
    row = rows[act] if act in rows else rows[max(fits, key=len)]
    return Input(row["catalogue"], row["credit"], tuple(row.get("tells", ())))


def listed(table: str) -> tuple[str, ...]:
    """A list of `inputs.yaml`."""
    return tuple(tables()[table])


def words_in(text: str, words: Iterable[str]) -> tuple[str, ...]:
    """Those of some words (or runs of words) that stand whole in a text.

    Examples
    --------
    >>> words_in("No better schools for the children", ["child", "children"])
    ('children',)
    """
    low = text.lower().replace("_", " ")
    return tuple(w for w in words if re.search(rf"\b{re.escape(w)}\b", low))


@cache
def told_by_name(text: str) -> tuple[str, ...]:
    """Kinds of data that the name of an attribute or dimension tells of.

    Examples
    --------
    >>> told_by_name("health: Medical history"), told_by_name("Identity traits")
    (('health',), ('status',))
    """
    low = re.sub(r"[^a-z]+", " ", text.lower())
    found = []
    for kind, words in tables()["words"].items():
        if any(re.search(rf"\b{w}s?\b", low) for w in words):
            found.append(kind)
    return tuple(found)


def is_public(operator: str, declared: bool | None) -> str:
    """Whether an operator is a public body, a company, or not known, by the words that name it.

    Examples
    --------
    >>> is_public("Weihai municipal government", None), is_public("Zhima Credit, a company", None)
    ('public body', 'company')
    """
    if declared is not None:
        return "public body" if declared else "company"
    if words_in(operator, listed("public_words")):
        return "public body"
    return "company" if words_in(operator, listed("private_words")) else "not known"
