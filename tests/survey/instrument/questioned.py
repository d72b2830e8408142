"""Shared by the tests of instruments: instruments, and respondents who answer at random."""

from functools import cache
from pathlib import Path

import numpy as np

from scslab.survey.instrument.columns import Column, columns_of
from scslab.survey.instrument.load import read_instrument
from scslab.survey.instrument.model import Instrument

# A small questionnaire with every kind of question and condition.
BASE = Path(__file__).parents[2] / "bad_files" / "instruments" / "valid.yaml"


@cache
def one(name: str | Path) -> Instrument:
    return read_instrument(name).instrument


def own_columns(instrument: Instrument) -> dict[str, list[Column]]:
    """The columns of each question, by its name."""
    found: dict[str, list[Column]] = {question.name: [] for question in instrument.questions}
    for column in columns_of(instrument).values():
        found[column.question.name].append(column)
    return found


def respondents(instrument: Instrument, n: int, seed: int) -> dict[str, np.ndarray]:
    """Answers at random, a tenth of them missing; arms are never missing."""
    luck = np.random.default_rng(seed)
    found: dict[str, np.ndarray] = {}
    for name, column in columns_of(instrument).items():
        question = column.question
        if column.values is None:
            low, high = question.between or (0, 1)
            values = luck.integers(int(low), int(high) + 1, n).astype(float)
        else:
            values = luck.choice(np.array(column.values, dtype=float), n)
        if question.type == "count":  # as many as any form shows
            values = luck.integers(0, len(question.items or []), n).astype(float)
        found[name] = values
    for question in instrument.questions:
        names = [column.name for column in own_columns(instrument)[question.name]]
        if question.type == "multiple":
            exclude(question.name, question.exclusive or [], names, found)
        groups = [names] if question.type == "multiple" else [[name] for name in names]
        for group in groups if question.type != "assigned" else []:
            gone = luck.random(n) < 0.1
            for name in group:
                found[name] = np.where(gone, np.nan, found[name])
    return found


def exclude(
    question: str, exclusive: list[str], names: list[str], found: dict[str, np.ndarray]
) -> None:
    """Take away ticks that do not go together; nobody leaves all boxes empty where one says so."""
    for choice in exclusive:
        own = f"{question}_{choice}"
        others = [name for name in names if name != own]
        some = np.any([found[name] == 1 for name in others], axis=0)
        found[own] = np.where(some, 0.0, 1.0)


def spoken_answers(
    instrument: Instrument, columns: dict[str, np.ndarray], i: int
) -> dict[str, str]:
    """What respondent i says to each question, as one would type it."""
    found: dict[str, str] = {}
    columns_by_question = own_columns(instrument)
    for question in instrument.questions:
        own = columns_by_question[question.name]
        values = {c.name: columns[c.name][i] for c in own}
        if question.type == "multiple":
            if np.isnan(list(values.values())).any():
                continue
            chosen = [str(c.choice.name) for c in own if c.choice and values[c.name] == 1]
            found[question.name] = ", ".join(chosen) or "nothing"
        else:
            found |= {n: str(int(v)) for n, v in values.items() if not np.isnan(v)}
    return found
