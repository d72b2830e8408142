"""Variables made from others: recoded, cut, averaged, turned, standardised.

Definitions are plain records (`scslab.survey.definitions`) and may use one another in any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from scslab.core.errors import ScslabError, near
from scslab.survey.answers import BLANK, VALID, Answers, Variable, plain
from scslab.survey.definitions import (
    RULES,
    AnyOf,
    Combine,
    Copy,
    Cut,
    Definition,
    Made,
    Recode,
    Reverse,
)
from scslab.survey.derive_rules import MAKERS

__all__ = ["AnyOf", "Combine", "Copy", "Cut", "Definition", "Recode", "Reverse", "derive"]


def derive(answers: Answers, definitions: Sequence[Definition]) -> Answers:
    """The answers with derived variables added.

    Raises
    ------
    ScslabError
        An unknown variable, a name that exists, a rule that is missing or double, definitions
        that need each other, and what the single rules refuse.

    Examples
    --------
    >>> answers = Answers(pd.DataFrame({"age": [17.0, 30.0, 71.0]}), {"age": Variable("age")})
    >>> groups = Cut("age", (0, 30, 65, np.inf), ("young", "middle", "old"))
    >>> made = derive(answers, [Definition("age_group", cut=groups)])
    >>> list(made.labelled("age_group"))
    ['young', 'middle', 'old']
    """
    for definition in in_order(answers, definitions):
        rule = rule_of(definition)
        made = MAKERS[rule](answers, definition)
        answers = added(answers, definition, made)
    return answers


def rule_of(definition: Definition) -> str:
    """Which rule makes a variable.

    Raises
    ------
    ScslabError
        None, or several.
    """
    rules = [name for name in RULES if getattr(definition, name)]
    if len(rules) != 1:
        raise ScslabError(
            "a derived variable needs exactly one rule",
            where=definition.name,
            got=", ".join(rules) or "none",
            expected="one of " + ", ".join(RULES),
        )
    return rules[0]


def sources(definition: Definition) -> tuple[str, ...]:
    """The variables that a definition is made from."""
    rule = getattr(definition, rule_of(definition))
    if isinstance(rule, str):
        return (rule,)
    if isinstance(rule, Combine):
        return rule.items
    return rule.variables if isinstance(rule, AnyOf) else (rule.variable,)


def in_order(answers: Answers, definitions: Sequence[Definition]) -> list[Definition]:
    """Definitions in an order in which each finds what it needs.

    Raises
    ------
    ScslabError
        Unknown variables, names defined twice or in use, definitions that need each other.
    """
    by_name: dict[str, Definition] = {}
    for definition in definitions:
        name = definition.name
        if name in by_name:
            raise ScslabError(f'"{name}" is defined twice', where="derive")
        if name in answers.variables and not definition.replace:
            raise ScslabError(
                f'a variable "{name}" exists',
                where="derive",
                hint="choose another name, or say replace: true",
            )
        by_name[name] = definition
    known = [*answers.variables, *by_name]
    for definition in definitions:
        for source in sources(definition):
            if source not in answers.variables and source not in by_name:
                hint = near(source, known)
                raise ScslabError(f'no variable "{source}"', where=definition.name, hint=hint)
    done: dict[str, Definition] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in done or name not in by_name:
            return
        if name in above:
            circle = " -> ".join([*above[above.index(name) :], name])
            raise ScslabError("definitions need each other", where="derive", got=circle)
        for source in sources(by_name[name]):
            if (
                source != name or name not in answers.variables
            ):  # replacing a variable by its recode
                visit(source, (*above, name))
        done[name] = by_name[name]

    for name in by_name:
        visit(name, ())
    return list(done.values())


def added(answers: Answers, definition: Definition, made: Made) -> Answers:
    """The answers with one made variable, its missing reasons carried on from a single source.

    Raises
    ------
    ScslabError
        A valid code of the new variable that is a missing code of its source.
    """
    name, given = definition.name, dict(definition.labels)
    source = answers.variable(made.source) if made.source else Variable(name)
    variable = Variable(
        name=name,
        label=definition.label or source.label,
        question=source.question,
        universe=source.universe,
        kind=made.kind,
        measure=definition.measure or made.measure,
        labels=MappingProxyType(given or dict(made.labels)),
    )
    old_marks = answers.marks.get(made.source) if made.source else None
    missing = source.missing
    result = answers.with_columns({name: (variable, pd.Series(made.values))})
    if old_marks is None:
        return result
    gone = pd.isna(pd.Series(made.values)).to_numpy()
    marks = np.where(gone, np.where(old_marks == VALID, BLANK, old_marks), VALID)
    used = set(pd.unique(pd.Series(made.values[~gone])))
    clash = [m.code for m in missing if m.code in used]
    if clash:
        raise ScslabError(
            f"code {plain(clash[0])} would be valid and missing at once",
            where=name,
            got=f'a missing code of "{made.source}"',
            hint="give the new variable other codes",
        )
    variables = dict(result.variables) | {name: replace(variable, missing=missing)}
    return replace(
        result, variables=variables, marks=dict(result.marks) | {name: marks.astype(np.int16)}
    )
