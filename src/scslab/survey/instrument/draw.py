"""What is drawn for a respondent: arms, and random orders. Same seed, same draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from scslab.core.draws import units, word_of
from scslab.survey.instrument.columns import choices_of
from scslab.survey.instrument.model import Choice, Instrument, Part, Question

T = TypeVar("T")


@dataclass(frozen=True)
class Step:
    """One thing that a respondent is asked or shown.

    Attributes
    ----------
    name : str
        The question's name; of a grid, the item's.
    part, question : Part, Question
    choices : tuple of Choice
        In the order shown.
    item : Choice or None
        Of a grid.
    items : tuple of Choice
        Of a list that is counted, in the order shown.
    """

    name: str
    part: Part
    question: Question
    choices: tuple[Choice, ...] = ()
    item: Choice | None = None
    items: tuple[Choice, ...] = ()


def shuffled(seed: int, what: str, things: Sequence[T], last_fixed: int = 0) -> list[T]:
    """Things in an order drawn for them; the last few keep their places.

    Examples
    --------
    >>> sorted(shuffled(1, "example", "abcd", 1)[:3]), shuffled(1, "example", "abcd", 1)[3]
    (['a', 'b', 'c'], 'd')
    """
    free = len(things) - last_fixed
    luck = units(word_of(np.uint64(seed), what), np.arange(free))
    order = [*np.argsort(luck, kind="stable").tolist(), *range(free, len(things))]
    return [things[i] for i in order]


def draw_arms(instrument: Instrument, seed: int) -> dict[str, int]:
    """The arm of each experiment, with equal chances.

    Examples
    --------
    >>> from scslab.survey.instrument.load import read_instrument
    >>> framing = read_instrument("framing-2019").instrument
    >>> {draw_arms(framing, seed)["arm"] for seed in range(20)}
    {0, 1, 2}
    """
    found = {}
    for question in instrument.questions:
        if question.type == "assigned":
            word = word_of(np.uint64(seed), f"{instrument.id}: arm of {question.name}")
            luck = units(word, np.zeros(1, dtype=np.int64))[0]
            found[question.name] = int(luck * len(question.arms or []))
    return found


def draw_steps(instrument: Instrument, seed: int | None) -> list[Step]:
    """All that may be asked or shown, in a respondent's order; without a seed, in the file's.

    Arms are no steps: they are drawn before.
    """
    found: list[Step] = []
    for part in instrument.parts:
        questions = [q for q in part.questions if q.type != "assigned"]
        if part.order == "random" and seed is not None:
            questions = shuffled(seed, f"{instrument.id}: order of {part.id}", questions)
        for question in questions:
            found += steps_of(instrument, part, question, seed)
    return found


def steps_of(
    instrument: Instrument, part: Part, question: Question, seed: int | None
) -> list[Step]:
    """The steps of one question: one, or of a grid one an item."""
    choices, items = choices_of(instrument, question), question.items or []
    where = f"{instrument.id}: {question.name}"
    if seed is not None and question.order == "random":
        choices = shuffled(seed, f"{where}, choices", choices, question.last_fixed)
    if seed is not None and question.items_order == "random":
        items = shuffled(seed, f"{where}, items", items)
    if question.type == "grid":
        return [Step(str(i.name), part, question, tuple(choices), i) for i in items]
    return [Step(question.name, part, question, tuple(choices), None, tuple(items))]
