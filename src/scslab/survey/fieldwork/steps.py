"""One step from truth to what is said, each a function: columns in, new columns out.

A step keeps the columns that it does not change, as they are, and says who was changed where, so
that the error of a survey can be taken apart step by step. All luck is addressed by person,
question and step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scslab.core.draws import units, word_of
from scslab.core.errors import ScslabError, near
from scslab.survey.fieldwork.luck import Chance, decide, numbers_of

Columns = Mapping[str, np.ndarray]
Groups = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Step:
    """Columns after a step, and who was changed by it.

    Attributes
    ----------
    name : str
        "safer", "hurried", "routing", "unsure", "untold" or "skipped".
    columns : mapping of column to f8[n]
        All columns as they are after the step; NaN is no answer.
    changed : mapping of column to bool[n]
        Whose answer is another one, or none, for this step; columns with any such person.
    """

    name: str
    columns: Columns
    changed: Columns


def made(name: str, before: Columns, new: Columns) -> Step:
    """A step from the columns that it may have changed."""
    columns, changed = dict(before), {}
    for column, values in new.items():
        old = before[column]
        other = ~((values == old) | (np.isnan(values) & np.isnan(old)))
        if other.any():
            columns[column], changed[column] = values, other
    return Step(name, columns, changed)


def known(name: str, names: Mapping[str, object] | Sequence[str], where: str) -> None:
    """Check that a column or question is there.

    Raises
    ------
    ScslabError
        It is not; the nearest one is told.
    """
    if name not in names:
        raise ScslabError(f'no answers to "{name}"', where=where, hint=near(name, names))


def answered(columns: Columns, names: Sequence[str]) -> np.ndarray:
    """Who has an answer in any of some columns, bool[n]."""
    there = ~np.isnan(columns[names[0]])
    for name in names[1:]:
        there |= ~np.isnan(columns[name])
    return there


def make_safer(
    word: np.uint64,
    persons: np.ndarray,
    columns: Columns,
    chance: Chance,
    answers: Mapping[str, Mapping[int, int]],
) -> Step:
    """Turn risky answers into safer ones: preference falsification.

    Each risky answer is turned with the person's chance, independently of his other answers.

    Parameters
    ----------
    word : uint64
        The wave's luck.
    persons : i8[n]
    columns : mapping of column to f8[n]
    chance : float or f8[n]
        Chance of each person that a risky answer is turned.
    answers : mapping of column to {risky code: safer code}

    Raises
    ------
    ScslabError
        A column that is not there; a chance outside 0 to 1.

    Examples
    --------
    >>> from scslab.survey.fieldwork.luck import wave_word
    >>> said = make_safer(wave_word(np.uint64(1), "spring"), np.arange(3),
    ...                   {"approval": np.array([1.0, 2.0, 5.0])}, 1.0, {"approval": {1: 3, 2: 3}})
    >>> said.columns["approval"].tolist(), said.changed["approval"].tolist()
    ([3.0, 3.0, 5.0], [True, True, False])
    """
    new = {}
    for name, turns in answers.items():
        known(name, columns, "safer")
        truth = columns[name]
        safer = truth.copy()
        for risky, safe in turns.items():
            safer[truth == risky] = safe
        turned = decide(word, f"safer {name}", persons, chance, among=safer != truth)
        new[name] = np.where(turned, safer, truth)
    return made("safer", columns, new)


def answer_in_a_hurry(
    word: np.uint64,
    persons: np.ndarray,
    columns: Columns,
    asked: Columns,
    hurried: np.ndarray,
    *,
    straight: Chance = 0.0,
    wild: Chance = 0.0,
    blocks: Sequence[Sequence[str]] = (),
    codes: Mapping[str, Sequence[float]] | None = None,
    groups: Groups | None = None,
) -> Step:
    """Answers of those who hurry: one down each block, or some at random.

    A hurried person with the chance `straight` gives every item of a block that he is asked the
    answer to the first of them. The other hurried persons draw each answer with the chance `wild`
    at random from its codes (which may hit the true one); of several choices they tick one.

    Parameters
    ----------
    word : uint64
        The wave's luck.
    persons : i8[n]
    columns, asked : mappings of column to f8[n] and bool[n]
        A column that `asked` lacks is asked of everybody.
    hurried : bool[n]
    straight, wild : float or f8[n]
    blocks : sequence of sequences of str
        Items of each grid, in order.
    codes : mapping of column to codes
        Columns that can be answered at random, and their codes.
    groups : mapping of question to columns
        Choices of questions with several.

    Raises
    ------
    ScslabError
        A column that is not there; a chance outside 0 to 1.
    """
    new: dict[str, np.ndarray] = {}
    liners = decide(word, "straight", persons, straight, among=hurried)
    for block in blocks:
        for name in block:
            known(name, columns, "blocks")
        new.update(one_answer(columns, asked, block, liners))
    others = hurried & ~liners
    several = groups or {}
    single = {name for columns_of in several.values() for name in columns_of}
    choices: dict[str, Sequence[str]] = {
        name: [name] for name in codes or {} if name not in single
    } | dict(several)
    for question, names in choices.items():
        for name in names:
            known(name, columns, "codes")
        there = others & answered(columns, names)
        rows = np.flatnonzero(decide(word, f"wild {question}", persons, wild, among=there))
        if not len(rows):
            continue
        several_here = question in several
        options = np.arange(len(names)) if several_here else np.asarray((codes or {})[question])
        drawn = units(word_of(word, f"any code {question}"), numbers_of(persons)[rows])
        place = np.minimum((drawn * len(options)).astype(np.int64), len(options) - 1)
        for k, name in enumerate(names):
            values = new.get(name, columns[name]).copy()
            values[rows] = place == k if several_here else options[place]
            new[name] = values
    return made("hurried", columns, new)


def one_answer(
    columns: Columns, asked: Columns, block: Sequence[str], who: np.ndarray
) -> dict[str, np.ndarray]:
    """A block with the answer to the first item, of those asked, at all of them."""
    first = np.full(len(who), np.nan)
    for name in block:
        first = np.where(np.isnan(first), columns[name], first)
    here = who & ~np.isnan(first)
    return {name: np.where(here & put_to(asked, name, who), first, columns[name]) for name in block}


def put_to(asked: Columns, name: str, like: np.ndarray) -> np.ndarray:
    """Who is asked a column, bool[n]: everybody where nothing is said."""
    return asked[name] if name in asked else np.ones(len(like), dtype=bool)


def leave_out(
    word: np.uint64,
    persons: np.ndarray,
    columns: Columns,
    chance: Mapping[str, Chance],
    groups: Groups | None = None,
    step: str = "skipped",
) -> Step:
    """Take answers away: who does not know, will not say, or skips a question.

    Only answers that are there can be left out. All choices of a question with several go
    together.

    Parameters
    ----------
    word : uint64
        The wave's luck.
    persons : i8[n]
    columns : mapping of column to f8[n]
    chance : mapping of question to float or f8[n]
        Chances by column, or by a question of `groups`.
    groups : mapping of question to columns
    step : str
        "unsure", "untold" or "skipped": another step is other luck.

    Raises
    ------
    ScslabError
        A question that is not there, or one choice of a question with several.

    Examples
    --------
    >>> from scslab.survey.fieldwork.luck import wave_word
    >>> step = leave_out(wave_word(np.uint64(1), "spring"), np.arange(2),
    ...                  {"income": np.array([1.0, 2.0])}, {"income": np.array([0.0, 1.0])})
    >>> step.columns["income"].tolist(), step.changed["income"].tolist()
    ([1.0, nan], [False, True])
    """
    several = groups or {}
    owner = {name: question for question, names in several.items() for name in names}
    new = {}
    for question, p in chance.items():
        if question in owner and question not in several:
            raise ScslabError(
                f'"{question}" is one choice of "{owner[question]}"',
                where=step,
                why="the choices of a question are left out together",
                hint=owner[question],
            )
        names = several.get(question, [question])
        for name in names:
            known(name, columns, step)
        there = answered(columns, names)
        left = decide(word, f"{step} {question}", persons, p, among=there)
        if left.any():
            for name in names:
                new[name] = np.where(left, np.nan, columns[name])
    return made(step, columns, new)
