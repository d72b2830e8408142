"""Conditions as XPath 1.0 expressions of an XLSForm."""

from __future__ import annotations

from collections.abc import Mapping

from scslab.core.conditions import Compare, Every, Not, Tree
from scslab.survey.answers import plain
from scslab.survey.instrument.columns import Column
from scslab.survey.instrument.matching import matching, ticked

# Answers of a question with several choices that are none.
NO_TICKS = ("dk", "refused")


def to_xpath(tree: Tree, columns: Mapping[str, Column]) -> str:
    """A condition in the language of `relevant`.

    Codes are compared one by one, because "don't know" is a choice like others in a form; a
    question that was not asked is empty there and so fulfils nothing.

    Examples
    --------
    >>> from scslab.core.conditions import parse_condition
    >>> from scslab.survey.instrument.columns import columns_of
    >>> from scslab.survey.instrument.load import read_instrument
    >>> columns = columns_of(read_instrument("kostka-2018").instrument)
    >>> to_xpath(parse_condition("systems_sesame and not approval >= 4").tree, columns)
    "selected(${systems}, 'sesame') and not(${approval} = '4' or ${approval} = '5')"
    """
    if isinstance(tree, Not):
        return f"not({to_xpath(tree.part, columns)})"
    if isinstance(tree, Compare):
        return comparison(tree, columns[tree.name])
    word = " and " if isinstance(tree, Every) else " or "
    return word.join(bracketed(part, columns) for part in tree.parts)


def bracketed(tree: Tree, columns: Mapping[str, Column]) -> str:
    """A part of a longer expression, in brackets where it holds words that join."""
    text = to_xpath(tree, columns)
    joined = not isinstance(tree, Not) and (" and " in text or " or " in text)
    return f"({text})" if joined else text


def comparison(compare: Compare, column: Column) -> str:
    """One comparison."""
    if column.choice is not None:
        return of_ticks(compare, column)
    name = f"${{{compare.name}}}"
    if column.question.type in ("number", "count"):
        return of_numbers(compare, name)
    codes = matching(compare, column)
    return " or ".join(f"{name} = '{code}'" for code in codes) if codes else "false()"


def of_numbers(compare: Compare, name: str) -> str:
    """A comparison of a number; XPath takes an empty answer for unequal to every number."""
    if compare.operator in ("=", "in"):
        return " or ".join(f"{name} = {plain(value)}" for value in compare.values)
    return f"{name} != '' and {name} {compare.operator} {plain(compare.values[0])}"


def of_ticks(compare: Compare, column: Column) -> str:
    """Whether a choice of a question with several answers is chosen, or is not."""
    question = column.question
    name = f"${{{question.name}}}"
    chosen = f"selected({name}, '{column.choice.name if column.choice else ''}')"
    wanted = ticked(compare, column)
    if wanted:
        return chosen
    offered = {"dk": question.dont_know, "refused": question.refuse}
    none = [f"not(selected({name}, '{n}'))" for n in NO_TICKS if offered[n] == "offered"]
    last = [] if wanted is None else [f"not({chosen})"]
    return " and ".join([f"{name} != ''", *none, *last])
