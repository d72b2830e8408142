"""The columns of answers that a questionnaire makes: dictionary, routing, blocks and pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from scslab.core.conditions import parse_condition
from scslab.survey.answers import Code, Measure, MissingCode, Variable
from scslab.survey.instrument.model import Choice, Instrument, Language, Part, Question, Text

YES_NO = [Choice(code=1, en="yes", zh="是"), Choice(code=0, en="no", zh="否")]
TICKED = {"en": {0: "not chosen", 1: "chosen"}, "zh": {0: "未选", 1: "选择"}}
# The same four for every column, so that a code means one thing in the whole file.
MISSING: dict[Language, tuple[MissingCode, ...]] = {
    "en": (
        MissingCode(-1, "don't know", "dk"),
        MissingCode(-2, "refused", "refused"),
        MissingCode(-3, "not asked", "not_applicable"),
        MissingCode(-4, "no answer", "no_answer"),
    ),
    "zh": (
        MissingCode(-1, "不知道", "dk"),
        MissingCode(-2, "拒绝回答", "refused"),
        MissingCode(-3, "未询问", "not_applicable"),
        MissingCode(-4, "未作答", "no_answer"),
    ),
}


@dataclass(frozen=True)
class Column:
    """A column of answers and where it comes from.

    Attributes
    ----------
    name : str
        As in the answers.
    part : Part
    question : Question
    choice : Choice or None
        Of a question with several answers: the one that the column is about.
    item : Choice or None
        Of a grid: the item.
    values : tuple of int, or None
        The codes that the column can have; None for numbers within limits.
    """

    name: str
    part: Part
    question: Question
    choice: Choice | None
    item: Choice | None
    values: tuple[int, ...] | None


def say(text: Text, language: Language) -> str:
    """A text in a language, in one line."""
    return " ".join(str(getattr(text, language) or "").split())


def choices_of(instrument: Instrument, question: Question) -> list[Choice]:
    """The answers that can be chosen: the question's own, of a scale, yes and no, or arms."""
    if question.type == "yes_no":
        return YES_NO
    if question.type == "assigned":
        arms = question.arms or []
        return [arm.model_copy(update={"code": code}) for code, arm in enumerate(arms)]
    if question.scale is not None:
        return instrument.scales[question.scale]
    return question.choices or []


def columns_from(instrument: Instrument, part: Part, question: Question) -> list[Column]:
    """The columns that one question makes, in order."""
    choices = choices_of(instrument, question)
    name = question.name
    if question.type == "info":
        return []
    if question.type == "multiple":
        return [Column(f"{name}_{c.name}", part, question, c, None, (0, 1)) for c in choices]
    codes = tuple(int(c.code) for c in choices if c.code is not None)
    if question.type == "grid":
        items = question.items or []
        return [Column(str(i.name), part, question, None, i, codes) for i in items]
    if question.type == "count":
        codes = tuple(range(len(question.items or []) + 1))
    return [Column(name, part, question, None, None, codes or None)]


def columns_of(instrument: Instrument) -> dict[str, Column]:
    """All columns by name, in the order of the file."""
    found = [
        column
        for part in instrument.parts
        for question in part.questions
        for column in columns_from(instrument, part, question)
    ]
    return {column.name: column for column in found}


def conditions_of(part: Part, question: Question) -> list[str]:
    """The conditions that all must hold for a question to be asked: its part's and its own."""
    return [text for text in (part.shows_when, question.shows_when) if text is not None]


def codebook(instrument: Instrument, language: Language = "en") -> dict[str, Variable]:
    """What the answers' dictionary says of each column, in order.

    Parameters
    ----------
    instrument : Instrument
    language : {"en", "zh"}
        Of labels and question texts; universes are conditions on columns in either.

    Returns
    -------
    dict of name to Variable
        Every variable has the same missing codes: -1 don't know, -2 refused, -3 not asked,
        -4 no answer.

    Examples
    --------
    >>> from scslab.survey.instrument.load import read_instrument
    >>> book = codebook(read_instrument("kostka-2018").instrument)
    >>> book["approval"].labels[5], book["systems_sesame"].label
    ('strongly approve', 'systems used: Sesame Credit')
    """
    return {
        name: Variable(
            name=name,
            label=label_of(column, language),
            measure=measure_of(column),
            labels=labels_of(instrument, column, language),
            missing=MISSING[language],
            question=question_text(column, language),
            universe=" and ".join(bracketed(conditions_of(column.part, column.question))),
        )
        for name, column in columns_of(instrument).items()
    }


def bracketed(conditions: list[str]) -> list[str]:
    """Conditions that may be joined by "and"."""
    return conditions if len(conditions) < 2 else [f"({text})" for text in conditions]


def label_of(column: Column, language: Language) -> str:
    """The short label of a column."""
    question = column.question
    label = say(question.label or question.ask, language)
    about = column.choice or column.item
    if about is None:
        return label
    joint = ": " if language == "en" else "："
    return f"{label}{joint}{say(about, language)}"


def question_text(column: Column, language: Language) -> str:
    """The words of a question, with the item of a grid."""
    words = say(column.question.ask, language)
    return words if column.item is None else f"{words} — {say(column.item, language)}"


def measure_of(column: Column) -> Measure:
    """The level of measurement."""
    question = column.question
    if question.type in ("number", "count"):
        return "scale"
    ordered = question.ordered if question.ordered is not None else question.scale is not None
    return "ordinal" if ordered and question.type in ("single", "grid") else "nominal"


def labels_of(instrument: Instrument, column: Column, language: Language) -> dict[Code, str]:
    """The labels of a column's codes."""
    if column.question.type in ("number", "count"):
        return {}
    if column.choice is not None:
        return {float(code): label for code, label in TICKED[language].items()}
    choices = choices_of(instrument, column.question)
    return {float(c.code): say(c, language) for c in choices if c.code is not None}


def routing(
    instrument: Instrument, columns: Mapping[str, np.ndarray], n: int
) -> dict[str, np.ndarray]:
    """Who is asked each column, by the conditions of parts and questions.

    Parameters
    ----------
    instrument : Instrument
    columns : mapping of name to f8[n]
        What people would answer, NaN where they have no answer. Needed are the columns that
        conditions name. Values of those who are not asked do not count.
    n : int
        Respondents.

    Returns
    -------
    dict of name to bool[n]
        For every column; an arm is drawn for all.

    Raises
    ------
    ScslabError
        A condition names a column that is not in `columns`.

    Examples
    --------
    >>> from scslab.survey.instrument.load import read_instrument
    >>> liu = read_instrument("framing-2019").instrument
    >>> routing(liu, {"arm": np.array([0.0, 1.0])}, 2)["support"].tolist()
    [True, True]
    """
    asked: dict[str, np.ndarray] = {}
    told: dict[str, np.ndarray] = {}
    for part in instrument.parts:
        for question in part.questions:
            who = np.ones(n, dtype=bool)
            for text in conditions_of(part, question):
                condition = parse_condition(text)
                # Columns of this file that are missing are an error; others cannot be named.
                condition.check(told, f"{instrument.id}: {question.name}")
                who &= condition.holds(told, n)
            for column in columns_from(instrument, part, question):
                asked[column.name] = who
                if column.name in columns:
                    values = np.asarray(columns[column.name], dtype=float)
                    told[column.name] = np.where(who, values, np.nan)
    return asked


def blocks(instrument: Instrument) -> list[list[str]]:
    """The columns of each grid, where straight-lining can be seen."""
    return [
        [str(item.name) for item in question.items or []]
        for question in instrument.questions
        if question.type == "grid"
    ]


def pages(instrument: Instrument) -> list[list[str]]:
    """The columns of each page, in the order of the file; arms stand on none.

    A part begins a page, and so does a question that says so.
    """
    found: list[list[str]] = []
    for part in instrument.parts:
        found.append([])
        for question in part.questions:
            if question.new_page:
                found.append([])
            if question.type != "assigned":
                found[-1] += [c.name for c in columns_from(instrument, part, question)]
    return [page for page in found if page]
