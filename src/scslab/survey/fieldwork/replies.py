"""From truth to what is said: the steps in their order, and why an answer is missing.

1 routing (what is not asked has no answer), 2 safer answers, 3 hurry, 4 don't know, 5 refusal,
6 skips; routing comes again after 3 and 6, since a questionnaire follows what was said.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from scslab.survey.fieldwork.luck import Chance
from scslab.survey.fieldwork.steps import (
    Columns,
    Groups,
    Step,
    answer_in_a_hurry,
    leave_out,
    made,
    make_safer,
    put_to,
)

ANSWERED, DONT_KNOW, REFUSED, NOT_ASKED, NO_ANSWER = 0, 1, 2, 3, 4
Asked = Columns | Callable[[Columns], Columns]


@dataclass(frozen=True)
class Questions:
    """What a questionnaire says about its columns.

    Attributes
    ----------
    codes : mapping of column to codes
        Columns that can be answered at random, and their codes.
    blocks : sequence of sequences of str
        Items of each grid, in order.
    groups : mapping of question to columns
        Choices of questions with several.
    kept : collection of str
        Columns that no respondent fills in (arms of experiments): never skipped, never random.
    required : collection of str
        Questions that cannot be left out.
    """

    codes: Mapping[str, Sequence[float]] = field(default_factory=dict)
    blocks: Sequence[Sequence[str]] = ()
    groups: Groups = field(default_factory=dict)
    kept: Collection[str] = ()
    required: Collection[str] = ()


@dataclass(frozen=True)
class Habits:
    """How people answer; without any of it they say what is true.

    Attributes
    ----------
    risk : float or f8[n]
        Chance that a risky answer is turned into a safer one.
    safer : mapping of column to {risky code: safer code}
    hurried : bool[n] or None
        Who hurries.
    straight : float
        Share of them who give one answer down a block.
    wild : float
        Share of the answers of the others that are drawn at random.
    unsure, untold : mappings of question to float or f8[n]
        Chances to say "don't know", and to refuse.
    skips : float or f8[n]
        Chance that a question is left out, for every question.
    """

    risk: Chance = 0.0
    safer: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    hurried: np.ndarray | None = None
    straight: Chance = 0.0
    wild: Chance = 0.0
    unsure: Mapping[str, Chance] = field(default_factory=dict)
    untold: Mapping[str, Chance] = field(default_factory=dict)
    skips: Chance = 0.0


@dataclass(frozen=True)
class Said:
    """What was said.

    Attributes
    ----------
    columns : mapping of column to f8[n]
        Answers; NaN where there is none.
    missing : mapping of column to i1[n]
        0 answered, 1 don't know, 2 refused, 3 not asked, 4 no answer.
    asked : mapping of column to bool[n]
        Whom each was put to, in the end.
    steps : tuple of Step
        Columns after each step and who was changed by it, in order.
    """

    columns: Columns
    missing: Columns
    asked: Columns
    steps: tuple[Step, ...]


def say(
    word: np.uint64,
    persons: np.ndarray,
    truth: Columns,
    asked: Asked,
    questions: Questions,
    habits: Habits,
) -> Said:
    """What respondents say, from what is true.

    Parameters
    ----------
    word : uint64
        The wave's luck.
    persons : i8[n]
        Their numbers.
    truth : mapping of column to f8[n]
        NaN where there is no answer in truth.
    asked : mapping of column to bool[n], or a function that makes one of columns
        Routing; with a function it follows what is said. A column that it lacks is asked of
        everybody.
    questions : Questions
    habits : Habits

    Raises
    ------
    ScslabError
        A chance outside 0 to 1; a variable that has no column.

    Examples
    --------
    >>> from scslab.survey.fieldwork.luck import wave_word
    >>> said = say(wave_word(np.uint64(1), "spring"), np.arange(3),
    ...            {"approval": np.array([1.0, 4.0, np.nan])}, {}, Questions(),
    ...            Habits(risk=1.0, safer={"approval": {1: 3}}))
    >>> said.columns["approval"].tolist(), said.missing["approval"].tolist()
    ([3.0, 4.0, nan], [0, 0, 4])
    """
    steps = [routed(truth, asked)]

    def now() -> Columns:
        return steps[-1].columns

    steps.append(make_safer(word, persons, now(), habits.risk, habits.safer))
    if habits.hurried is not None:
        random = {c: list(v) for c, v in questions.codes.items() if c not in questions.kept}
        hurry = answer_in_a_hurry(
            word, persons, now(), asked_of(now(), asked), habits.hurried,
            straight=habits.straight, wild=habits.wild, blocks=questions.blocks, codes=random,
            groups=questions.groups,
        )  # fmt: skip
        steps.append(hurry)
    steps.append(routed(now(), asked))
    free = [q for q in questions_of(truth, questions) if q not in questions.required]
    every = dict.fromkeys(free, habits.skips)
    reasons: list[tuple[str, Mapping[str, Chance], int]] = [
        ("unsure", habits.unsure, DONT_KNOW),
        ("untold", habits.untold, REFUSED),
        ("skipped", every, NO_ANSWER),
    ]
    why = {name: np.zeros(len(persons), np.int8) for name in truth}
    for name, chance, code in reasons:
        steps.append(leave_out(word, persons, now(), chance, questions.groups, name))
        for column, left in steps[-1].changed.items():
            why[column][left] = code
    steps.append(routed(now(), asked))
    put = asked_of(now(), asked)
    put = {name: put_to(put, name, persons) for name in truth}
    for name, values in now().items():
        why[name][np.isnan(values) & (why[name] == ANSWERED)] = NO_ANSWER
        why[name][~put[name]] = NOT_ASKED
    return Said(now(), why, put, tuple(steps))


def questions_of(truth: Columns, questions: Questions) -> list[str]:
    """Questions that a respondent fills in: single columns, and those with several choices."""
    several = {name for names in questions.groups.values() for name in names}
    single = [name for name in truth if name not in several and name not in questions.kept]
    return [*single, *questions.groups]


def asked_of(columns: Columns, asked: Asked) -> Columns:
    """Routing for what is said so far."""
    return asked(columns) if callable(asked) else asked


def routed(columns: Columns, asked: Asked) -> Step:
    """Take away the answers to what is not asked.

    A question may hang on the answer to another that is itself not asked, so routing is repeated
    until it takes nothing more away.
    """
    before = now = columns
    while True:
        put = asked_of(now, asked)
        gone = {name: ~put[name] & ~np.isnan(now[name]) for name in now if name in put}
        new = {name: np.where(w, np.nan, now[name]) for name, w in gone.items() if w.any()}
        if not new:
            break
        now = {**now, **new}
    changed = {name: now[name] for name in now if now[name] is not before[name]}
    return made("routing", before, changed)
