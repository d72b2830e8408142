"""Conditions in LimeSurvey's ExpressionScript, and the codes by which it calls questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scslab.core.conditions import Compare, Every, Not, Tree
from scslab.core.errors import ScslabError
from scslab.survey.answers import plain
from scslab.survey.instrument.columns import Column
from scslab.survey.instrument.matching import matching, ticked
from scslab.survey.instrument.model import Instrument, Question

# Of a question's code, and of an answer's, in LimeSurvey 6 (its models Question and Answer).
LONGEST, LONGEST_ANSWER = 20, 5
TAKEN = ("time", "self", "that", "this", "lang", "sid", "token", "qid", "gid", "sgq", "savedid")


@dataclass(frozen=True)
class Codes:
    """LimeSurvey's codes: letters and digits only.

    Attributes
    ----------
    questions : mapping of question name to code
        Of a number that can be left out with a reason also of the question for it, `name_why`.
    parts : mapping of question name to (choice or item name -> code)
        Of questions with subquestions.
    """

    questions: Mapping[str, str]
    parts: Mapping[str, Mapping[str, str]]


def codes_for(instrument: Instrument) -> Codes:
    """The codes of all questions, and of the choices and items that are subquestions there."""
    whys = [f"{q.name}_why" for q in instrument.questions if q.type in ("number", "count")]
    questions = short([*(q.name for q in instrument.questions), *whys])
    parts = {}
    for question in instrument.questions:
        if question.type == "multiple":
            names = [str(choice.name) for choice in question.choices or []]
            parts[question.name] = short(names)
        elif question.type == "grid":
            names = [str(item.name) for item in question.items or []]
            ahead = f"{question.name}_"
            bare = [name.removeprefix(ahead) for name in names]
            # surveil_train, an item of surveil, is surveil_train there too.
            parts[question.name] = dict(zip(names, short(bare).values(), strict=True))
    return Codes(questions, parts)


def short(names: Iterable[str]) -> dict[str, str]:
    """A code for each name: without _, at most 20 characters, each its own.

    Examples
    --------
    >>> short(["score_sesame", "scoresesame", "time"])
    {'score_sesame': 'scoresesame', 'scoresesame': 'scoresesame2', 'time': 'time2'}
    """
    found: dict[str, str] = {}
    for name in names:
        code = base = name.replace("_", "")[:LONGEST]
        number = 2
        while code in found.values() or code in TAKEN:
            code = base[: LONGEST - len(str(number))] + str(number)
            number += 1
        found[name] = code
    return found


def answer_code(code: int, question: Question) -> str:
    """The code of an answer.

    Raises
    ------
    ScslabError
        It is too long for LimeSurvey.
    """
    if len(str(code)) > LONGEST_ANSWER:
        raise ScslabError(
            f'code {code} of "{question.name}" is too long for LimeSurvey',
            expected=f"at most {LONGEST_ANSWER} digits",
        )
    return str(code)


def to_script(tree: Tree, columns: Mapping[str, Column], codes: Codes) -> str:
    """A condition in ExpressionScript.

    `.NAOK` takes a question that was not asked for an empty one; without it the whole expression
    would fail, also where "not" makes it true.

    Examples
    --------
    >>> from scslab.core.conditions import parse_condition
    >>> from scslab.survey.instrument.columns import columns_of
    >>> from scslab.survey.instrument.load import read_instrument
    >>> kostka = read_instrument("kostka-2018").instrument
    >>> tree = parse_condition("systems_sesame and not approval >= 4").tree
    >>> to_script(tree, columns_of(kostka), codes_for(kostka))
    'systems_sesame.NAOK == "Y" and !(approval.NAOK == "4" or approval.NAOK == "5")'
    """
    if isinstance(tree, Not):
        return f"!({to_script(tree.part, columns, codes)})"
    if isinstance(tree, Compare):
        return comparison(tree, columns[tree.name], codes)
    word = " and " if isinstance(tree, Every) else " or "
    return word.join(bracketed(part, columns, codes) for part in tree.parts)


def bracketed(tree: Tree, columns: Mapping[str, Column], codes: Codes) -> str:
    """A part of a longer expression, in brackets where it holds words that join."""
    text = to_script(tree, columns, codes)
    joined = not isinstance(tree, Not) and (" and " in text or " or " in text)
    return f"({text})" if joined else text


def comparison(compare: Compare, column: Column, codes: Codes) -> str:
    """One comparison."""
    question = column.question
    if column.choice is not None:
        return of_ticks(compare, column, codes)
    name = f"{variable(column, codes)}.NAOK"
    if question.type in ("number", "count"):
        if compare.operator in ("=", "in"):
            return " or ".join(f"{name} == {plain(value)}" for value in compare.values)
        # An empty answer is less than any number there.
        return f"!is_empty({name}) and {name} {compare.operator} {plain(compare.values[0])}"
    found = matching(compare, column)
    return " or ".join(f'{name} == "{code}"' for code in found) if found else "0"


def variable(column: Column, codes: Codes) -> str:
    """The name of a column there: a question's code, with that of its subquestion."""
    question = codes.questions[column.question.name]
    about = column.choice or column.item
    if about is None:
        return question
    return f"{question}_{codes.parts[column.question.name][str(about.name)]}"


def of_ticks(compare: Compare, column: Column, codes: Codes) -> str:
    """Whether a choice of a question with several answers is chosen, or is not."""
    chosen = f'{variable(column, codes)}.NAOK == "Y"'
    wanted = ticked(compare, column)
    if wanted:
        return chosen
    question = codes.questions[column.question.name]
    parts = [*codes.parts[column.question.name].values()]
    if not column.question.exclusive:
        parts.append(NOTHING_CODE)
    told = ", ".join(f"{question}_{part}.NAOK" for part in parts)
    # An unticked box is empty, and so is the box of a question that was left out.
    return " and ".join([f"count({told}) > 0", *([] if wanted is None else [f"!({chosen})"])])


NOTHING_CODE = "nothing"
