"""Read what somebody types, or an answer file says, as an answer to a question."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from scslab.core.conditions import parse_condition
from scslab.core.errors import ScslabError, near
from scslab.survey.answers import plain
from scslab.survey.instrument.draw import Step
from scslab.survey.instrument.model import Choice

WHOLE = re.compile(r"[0-9]{1,12}\Z")
COMMAS = re.compile(r"[,，、]")
NOTHING = "nothing"
REASONS = {"dk": "dk", "refuse": "refused", "refused": "refused"}


@dataclass(frozen=True)
class Told:
    """An answer, or why there is none.

    Attributes
    ----------
    columns : mapping of name to float
        The values; NaN where there is no answer.
    reason : str
        "" where there is one, else "dk", "refused" or "no_answer".
    """

    columns: Mapping[str, float] = field(default_factory=dict)
    reason: str = ""


def shown_items(step: Step, columns: Mapping[str, float]) -> list[Choice]:
    """The items of a counted list that are shown after some answers, in the order shown."""
    return [item for item in step.items if item_shown(item, columns)]


def item_shown(item: Choice, columns: Mapping[str, float]) -> bool:
    """Whether an item's condition holds, or it has none."""
    return item.shows_when is None or holds(item.shows_when, columns)


def holds(text: str, columns: Mapping[str, float]) -> bool:
    """Whether a condition holds for one respondent's columns.

    Examples
    --------
    >>> holds("age >= 18 and not party", {"age": 40.0, "party": float("nan")})
    True
    """
    arrays = {name: np.array([value]) for name, value in columns.items()}
    return bool(parse_condition(text).holds(arrays, 1)[0])


def columns_at(step: Step) -> list[str]:
    """The columns that a step fills."""
    if step.question.type == "info":
        return []
    if step.question.type == "multiple":
        return [f"{step.question.name}_{choice.name}" for choice in step.question.choices or []]
    return [step.name]


def nothing_offered(step: Step) -> bool:
    """Whether "none of these" is offered: where no choice says it."""
    return step.question.type == "multiple" and not step.question.exclusive


def read_answer(step: Step, text: str, columns: Mapping[str, float]) -> Told:
    """An answer from a text.

    Parameters
    ----------
    step : Step
        What was asked.
    text : str
        A code; of several choices their numbers or names, with commas between; a number; `dk`,
        `refuse`, `nothing` (or 0) where no choice applies; empty to leave it out.
    columns : mapping of name to float
        Earlier answers, on which a list may depend.

    Raises
    ------
    ScslabError
        The text is no answer to this question; what would be one is told.

    Examples
    --------
    >>> from scslab.survey.instrument.draw import draw_steps
    >>> from scslab.survey.instrument.load import read_instrument
    >>> steps = {s.name: s for s in draw_steps(read_instrument("kostka-2018").instrument, 1)}
    >>> read_answer(steps["approval"], "4", {}).columns
    {'approval': 4.0}
    >>> read_answer(steps["approval"], "6", {})
    Traceback (most recent call last):
    scslab.core.errors.ScslabError: this is no answer
      got: 6
      expected: 1, 2, 3, 4, 5
    """
    question, word = step.question, text.strip().lower()
    if question.type == "info":
        return Told()
    missing = {name: float("nan") for name in columns_at(step)}
    if word == "":
        if question.required:
            raise ScslabError("this cannot be left out", expected=expected(step, columns))
        return Told(missing, "no_answer")
    if word in REASONS:
        offered = question.dont_know if word == "dk" else question.refuse
        if offered == "not offered":
            raise ScslabError(
                f'"{text.strip()}" is not offered here', expected=expected(step, columns)
            )
        return Told(missing, REASONS[word])
    if question.type == "multiple":
        return Told(read_ticks(step, word))
    if question.type in ("number", "count"):
        return Told({step.name: read_number(step, word, columns)})
    codes = [choice.code for choice in step.choices]
    if not WHOLE.match(word) or int(word) not in codes:
        raise no_answer(text, expected(step, columns))
    return Told({step.name: float(word)})


def read_ticks(step: Step, word: str) -> dict[str, float]:
    """The columns of a question with several answers."""
    choices = step.question.choices or []
    names = [str(choice.name) for choice in choices]
    wanted = [part.strip() for part in COMMAS.split(word) if part.strip()]
    if nothing_offered(step) and wanted in (["0"], [NOTHING]):
        wanted = []
    elif not wanted:
        raise no_answer(word, expected(step, {}))
    chosen: list[str] = []
    for part in wanted:
        if WHOLE.match(part) and 1 <= int(part) <= len(names):
            chosen.append(names[int(part) - 1])
        elif part in names:
            chosen.append(part)
        else:
            hint = "" if WHOLE.match(part) else near(part, names)
            raise no_answer(part, expected(step, {}), hint)
    alone = [name for name in step.question.exclusive or [] if name in chosen]
    if alone and len(set(chosen)) > 1:
        raise ScslabError(f'"{alone[0]}" excludes all others', got=", ".join(chosen))
    return {f"{step.question.name}_{name}": float(name in chosen) for name in names}


def read_number(step: Step, word: str, columns: Mapping[str, float]) -> float:
    """A whole number within its limits."""
    low, high = limits(step, columns)
    if not WHOLE.match(word) or not low <= int(word) <= high:
        raise no_answer(word, expected(step, columns))
    return float(word)


def limits(step: Step, columns: Mapping[str, float]) -> tuple[float, float]:
    """The lowest and highest number that fit; of a list, up to the items shown."""
    if step.question.type == "count":
        return 0.0, float(len(shown_items(step, columns)))
    low, high = step.question.between or (0.0, 0.0)
    return low, high


def no_answer(got: str, wanted: str, hint: str = "") -> ScslabError:
    """What was typed is no answer."""
    return ScslabError("this is no answer", got=got.strip(), expected=wanted, hint=hint)


def expected(step: Step, columns: Mapping[str, float]) -> str:
    """What can be answered, in words."""
    question = step.question
    words: Sequence[str]
    if question.type == "multiple":
        names = [str(choice.name) for choice in question.choices or []]
        words = [f"numbers 1 to {len(names)} or names ({', '.join(names)}), with commas between"]
        words += [NOTHING] if nothing_offered(step) else []
    elif question.type in ("number", "count"):
        low, high = limits(step, columns)
        words = [f"a whole number from {plain(low)} to {plain(high)}"]
    else:
        words = [str(choice.code) for choice in sorted(step.choices, key=lambda c: c.code or 0)]
    words = [*words, *(["dk"] if question.dont_know == "offered" else [])]
    return ", ".join([*words, *(["refuse"] if question.refuse == "offered" else [])])
