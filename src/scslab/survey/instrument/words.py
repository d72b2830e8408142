"""Conditions in words, for readers of a printed page and of a path."""

from __future__ import annotations

from collections.abc import Mapping

from scslab.core.conditions import Compare, Every, Not, Some, Tree
from scslab.survey.answers import plain
from scslab.survey.instrument.columns import Column, choices_of, say
from scslab.survey.instrument.matching import matching, ticked
from scslab.survey.instrument.model import Instrument, Language

OF_NUMBERS: dict[Language, dict[str, str]] = {
    "en": {
        "=": "is {}", "!=": "is not {}", "in": "is {}", "<": "is less than {}",
        "<=": "is {} or less", ">": "is more than {}", ">=": "is {} or more",
    },
    "zh": {
        "=": "为{}", "!=": "不为{}", "in": "为{}", "<": "小于{}",
        "<=": "不大于{}", ">": "大于{}", ">=": "不小于{}",
    },
}  # fmt: skip


def in_words(
    tree: Tree,
    instrument: Instrument,
    columns: Mapping[str, Column],
    language: Language,
    numbers: Mapping[str, str],
) -> str:
    """A condition in words.

    Parameters
    ----------
    tree : Tree
        Of a checked condition.
    instrument, columns : Instrument, mapping of name to Column
        Whose columns the condition names.
    language : {"en", "zh"}
    numbers : mapping of question name to str
        How the page calls its questions.

    Examples
    --------
    >>> from scslab.core.conditions import parse_condition
    >>> from scslab.survey.instrument.columns import columns_of
    >>> from scslab.survey.instrument.load import read_instrument
    >>> kostka = read_instrument("kostka-2018").instrument
    >>> tree = parse_condition("systems_sesame or systems_tencent").tree
    >>> in_words(tree, kostka, columns_of(kostka), "en", {"systems": "11"})
    'you chose “Sesame Credit” or “Tencent Credit” at question 11'
    """
    if isinstance(tree, Compare):
        return clause([tree], instrument, columns, language, numbers)
    if isinstance(tree, Not):
        inner = in_words(tree.part, instrument, columns, language, numbers)
        if isinstance(tree.part, Some | Every):
            inner = f"({inner})" if language == "en" else f"（{inner}）"
        return f"it is not so that {inner}" if language == "en" else f"以下情况不成立：{inner}"
    parts: list[str] = []
    for group in grouped(tree, columns):
        if isinstance(group, list):
            parts.append(clause(group, instrument, columns, language, numbers))
            continue
        words = in_words(group, instrument, columns, language, numbers)
        nested = isinstance(group, Some | Every)
        parts.append((f"({words})" if language == "en" else f"（{words}）") if nested else words)
    either = isinstance(tree, Some)
    if language == "en":
        return (" or " if either else " and ").join(parts)
    return ("，或者" if either else "，并且").join(parts)


def grouped(tree: Some | Every, columns: Mapping[str, Column]) -> list[list[Compare] | Tree]:
    """The parts of a condition; choices of one question, any of which will do, stand together."""
    found: list[list[Compare] | Tree] = []
    for part in tree.parts:
        if not isinstance(part, Compare):
            found.append(part)
            continue
        column = columns[part.name]
        last = found[-1] if found else None
        together = (
            isinstance(tree, Some)
            and column.choice is not None
            and isinstance(last, list)
            and columns[last[0].name].question.name == column.question.name
            and all(ticked(c, columns[c.name]) is True for c in (*last, part))
        )
        if together and isinstance(last, list):
            last.append(part)
        else:
            found.append([part])
    return found


def clause(
    compares: list[Compare],
    instrument: Instrument,
    columns: Mapping[str, Column],
    language: Language,
    numbers: Mapping[str, str],
) -> str:
    """One comparison, or several choices of one question, in words."""
    compare, column = compares[0], columns[compares[0].name]
    question = column.question
    number = numbers.get(question.name, question.name)
    at = f"question {number}" if language == "en" else f"第{number}题"
    if column.choice is not None:
        chosen = [columns[c.name].choice for c in compares]
        labels = either([say(c, language) for c in chosen if c is not None], language)
        return of_ticks(ticked(compare, column), labels, at, language)
    if column.item is not None:
        item = say(column.item, language)
        at += f" (“{item}”)" if language == "en" else f"（“{item}”）"
    if question.type in ("number", "count"):
        values = either([plain(v) for v in compare.values], language, quoted=False)
        words = OF_NUMBERS[language][compare.operator].format(values)
        return f"the number at {at} {words}" if language == "en" else f"{at}填写的数字{words}"
    codes = matching(compare, column)
    choices = choices_of(instrument, question)
    labels = either([say(c, language) for c in choices if c.code in codes], language)
    if question.type == "assigned":
        return f"this form is of group {labels}" if language == "en" else f"本问卷属于{labels}组"
    others = [say(c, language) for c in choices if c.code not in codes]
    if not others:
        return f"you answered {at}" if language == "en" else f"您回答了{at}"
    if len(others) == 1 and len(choices) > 2:
        labels = either(others, language)
        if language == "en":
            return f"you answered {at} with another answer than {labels}"
        return f"您在{at}的回答不是{labels}"
    return f"your answer to {at} is {labels}" if language == "en" else f"您在{at}的回答是{labels}"


def of_ticks(chosen: bool | None, labels: str, at: str, language: Language) -> str:
    """A choice of a question with several answers in words."""
    if chosen is None:
        return f"you answered {at}" if language == "en" else f"您回答了{at}"
    if language == "en":
        return f"you chose {labels} at {at}" if chosen else f"you answered {at} without {labels}"
    return f"您在{at}{'选择了' if chosen else '作答但未选择'}{labels}"


def either(words: list[str], language: Language, quoted: bool = True) -> str:
    """Words of which one will do.

    Examples
    --------
    >>> either(["a", "b", "c"], "en")
    '“a”, “b” or “c”'
    """
    shown = [f"“{word}”" for word in words] if quoted else words
    comma, last = (", ", " or ") if language == "en" else ("、", "或")
    return last.join([comma.join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)
