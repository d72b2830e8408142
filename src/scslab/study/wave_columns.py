"""The columns of answers that a wave file makes, and what each of them rests on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from scslab.core.conditions import Condition, parse_condition
from scslab.core.errors import ScslabError, near
from scslab.study.wave import Chance, Variable, WaveFile

WHOLE = re.compile(r"[-+]?[0-9]+\Z")


@dataclass(frozen=True)
class Column:
    """One column of answers.

    Attributes
    ----------
    name : str
        As in the answers.
    variable : Variable
        What makes it.
    option : str
        Of ticks: which option, or the one that stands for all others; else empty.
    """

    name: str
    variable: Variable
    option: str = ""


class Term(NamedTuple):
    """What an effect looks at: a name's value, or whether it has a code or category."""

    kind: Literal["value", "code", "category"]
    name: str
    value: str = ""


def columns_of(wave: WaveFile) -> dict[str, Column]:
    """All columns of answers by name, in the order in which they come about.

    Examples
    --------
    >>> estimate = {"value": 0.0, "source": "s"}
    >>> options = {"sesame": {"base": estimate}, "other": {"base": estimate}}
    >>> row = {"name": "systems", "kind": "ticks", "options": options, "otherwise": "none"}
    >>> [c.name for c in columns_from(Variable.model_validate(row))]
    ['systems_sesame', 'systems_other', 'systems_none']
    """
    return {c.name: c for variable in wave.variables for c in columns_from(variable)}


def columns_from(variable: Variable) -> Iterator[Column]:
    """The columns that one variable makes: one, or of ticks one for each option."""
    if variable.kind != "ticks":
        yield Column(variable.name, variable)
        return
    for option in variable.options:
        yield Column(f"{variable.name}_{option}", variable, option)
    if variable.otherwise is not None:
        yield Column(f"{variable.name}_{variable.otherwise}", variable, variable.otherwise)


def codes_of(variable: Variable) -> tuple[int, ...] | None:
    """The codes that a column of the variable can have; None where they are not counted.

    Examples
    --------
    >>> codes_of(Variable(name="arm", kind="arm", arms=["control", "order"]))
    (0, 1)
    """
    kind = variable.kind
    if kind in ("yes_no", "ticks", "when"):
        return (0, 1)
    if kind == "ordered":
        return tuple(range(variable.lowest, variable.lowest + len(variable.cuts) + 1))
    if kind == "one_of":
        return tuple(o.code for o in variable.options.values() if o.code is not None)
    if kind == "attribute":
        return tuple(sorted(set(variable.codes.values())))
    if kind == "arm":
        return tuple(range(len(variable.arms)))
    if kind == "count":
        return tuple(range(len(variable.of) + len(variable.plus) + 1))
    return None


def term(key: str, columns: Collection[str]) -> Term:
    """What the key of an effect looks at.

    `name=number` is a code where `name` is a column; every other `a=b` is a category of an
    attribute, so that an attribute and a column may share a name.

    Examples
    --------
    >>> term("age=18-30", {"age"}).kind, term("fairness=4", {"fairness"}).kind
    ('category', 'code')
    """
    name, sign, value = key.partition("=")
    if not sign:
        return Term("value", name)
    if name in columns and WHOLE.match(value):
        return Term("code", name, value)
    return Term("category", name, value)


@cache
def condition(text: str) -> Condition:
    """A condition, read once."""
    return parse_condition(text)


def rests_on(column: Column, columns: Mapping[str, Column]) -> list[str]:
    """The columns that one column needs directly, each at least once."""
    variable = column.variable
    found = names_of_condition(variable.among) + names_of_condition(variable.holds)
    found += [*variable.of, *variable.plus]
    for text in variable.plus.values():
        found += names_of_condition(text)
    effects = list(variable.effects)
    if variable.kind == "ticks" and column.option == variable.otherwise:
        found += [f"{variable.name}_{option}" for option in variable.options]
    else:
        for name, option in variable.options.items():
            if variable.kind == "one_of" or name == column.option:
                effects += option.effects
                found += names_of_condition(option.only)
    found += [term(key, columns).name for key in effects if is_of_column(key, columns)]
    return [name for name in found if name in columns]


def is_of_column(key: str, columns: Collection[str]) -> bool:
    """Whether an effect looks at a column, and not at a trait, a life or an attribute."""
    looked = term(key, columns)
    return looked.kind != "category" and looked.name in columns


def names_of_condition(text: str | None) -> list[str]:
    """The names in a condition that may be left out."""
    return [] if text is None else list(condition(text).names)


def needs(wave: WaveFile, needed: Collection[str]) -> dict[str, Column]:
    """Some columns and all that they rest on, in the order in which they come about.

    Parameters
    ----------
    needed : collection of str
        Columns; the name of a ticks variable stands for all its columns.

    Raises
    ------
    ScslabError
        A name that is no column.
    """
    columns = columns_of(wave)
    ticks = {v.name: v for v in wave.variables if v.kind == "ticks"}
    open_: list[str] = []
    for name in needed:
        if name in ticks:
            open_ += [c.name for c in columns_from(ticks[name])]
        elif name in columns:
            open_.append(name)
        else:
            raise ScslabError(f'no variable "{name}" in wave "{wave.id}"', hint=near(name, columns))
    wanted: set[str] = set()
    while open_:
        name = open_.pop()
        if name not in wanted:
            wanted.add(name)
            open_ += rests_on(columns[name], columns)
    return {name: column for name, column in columns.items() if name in wanted}


def names_in(chance: Chance, wave: WaveFile) -> list[str]:
    """The columns that a chance rests on directly; give them to `needed`."""
    columns = columns_of(wave)
    return [term(k, columns).name for k in chance.effects if is_of_column(k, columns)]
