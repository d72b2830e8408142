"""Conditions of an instrument: they look back, at columns and codes that there are."""

from __future__ import annotations

from collections.abc import Iterator

from scslab.core.conditions import Compare, Condition, Not, Tree, parse_condition
from scslab.core.errors import ScslabError, near
from scslab.core.yamlfile import Document, Place
from scslab.survey.answers import plain
from scslab.survey.instrument.columns import Column, columns_from, columns_of
from scslab.survey.instrument.matching import ever
from scslab.survey.instrument.model import Instrument, Question


def check_conditions(instrument: Instrument, document: Document) -> None:
    """Check every condition of the file.

    Raises
    ------
    ScslabError
        It cannot be read, names an unknown column, looks ahead, or can never hold.
    """
    columns = columns_of(instrument)
    told: dict[str, Column] = {}
    for i, part in enumerate(instrument.parts):
        if part.shows_when is not None:
            place: Place = ("parts", i, "shows_when")
            check_one(part.shows_when, columns, told, place, document)
            check_no_arms(part.questions, place, document)
        before = dict(told)
        for j, question in enumerate(part.questions):
            # In a random order, any other question of the part may come later.
            known = before if part.order == "random" else told
            for place, text in conditions_in(question, ("parts", i, "questions", j)):
                check_one(text, columns, known, place, document)
            for column in columns_from(instrument, part, question):
                told[column.name] = column
                if question.type == "assigned":
                    before[column.name] = column


def conditions_in(question: Question, at: Place) -> Iterator[tuple[Place, str]]:
    """The conditions of a question and of its items, with their places."""
    if question.shows_when is not None:
        yield (*at, "shows_when"), question.shows_when
    for k, item in enumerate(question.items or []):
        if item.shows_when is not None:
            place: Place = (*at, "items", k, "shows_when")
            yield place, item.shows_when


def check_no_arms(questions: list[Question], place: Place, document: Document) -> None:
    """A part with a condition draws no arm: arms are drawn for everybody."""
    for question in questions:
        if question.type == "assigned":
            raise ScslabError(
                "an arm is drawn for everybody, so its part has no condition",
                where=document.where(place),
                hint=f'move "{question.name}" to an earlier part',
            )


def check_one(
    text: str,
    columns: dict[str, Column],
    told: dict[str, Column],
    place: Place,
    document: Document,
) -> None:
    """One condition: readable, of known columns that are told before, of codes that occur."""
    where = document.where(place)
    condition = parse_condition(text, where)
    check_known(condition, columns, where)
    for name in condition.names:
        if name not in told:
            raise ScslabError(
                f'"{name}" is not answered before this',
                where=where,
                got=text,
                why="a condition can only look back, also where the order is random",
            )
    for compare in comparisons(condition.tree):
        check_values(compare, columns[compare.name], where)
        if not ever(compare, columns[compare.name]):
            raise ScslabError(f'no answer to "{compare.name}" fulfils this', where=where, got=text)


def check_known(condition: Condition, columns: dict[str, Column], where: str) -> None:
    """Every name is a column; of a question with several answers, the columns are told."""
    for name in condition.names:
        own = [c.name for c in columns.values() if c.question.name == name and c.name != name]
        if name not in columns and own:
            raise ScslabError(
                f'"{name}" has several columns',
                where=where,
                got=condition.text,
                expected=f"one of {', '.join(own[:4])}{', ...' if len(own) > 4 else ''}",
            )
    condition.check(columns, where)


def comparisons(tree: Tree) -> Iterator[Compare]:
    """All comparisons of a condition."""
    if isinstance(tree, Compare):
        yield tree
    elif isinstance(tree, Not):
        yield from comparisons(tree.part)
    else:
        for part in tree.parts:
            yield from comparisons(part)


def check_values(compare: Compare, column: Column, where: str) -> None:
    """A code that is compared with is one that the column can have."""
    if column.values is None:
        low, high = column.question.between or (0, 0)
        for value in compare.values:
            if not low <= value <= high:
                raise ScslabError(
                    f"{compare.name} is never {plain(value)}",
                    where=where,
                    expected=f"{plain(low)} to {plain(high)}",
                )
        return
    for value in compare.values:
        if value not in column.values:
            raise ScslabError(
                f'"{compare.name}" has no code {plain(value)}',
                where=where,
                hint=near(plain(value), map(plain, column.values)),
            )
