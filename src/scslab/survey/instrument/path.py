"""The path of one respondent through a questionnaire: what is asked next, and what was skipped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scslab.core.errors import ScslabError, moved_to, near
from scslab.survey.instrument.answer import Told, columns_at, holds, read_answer
from scslab.survey.instrument.columns import columns_of, conditions_of
from scslab.survey.instrument.draw import Step, draw_arms, draw_steps
from scslab.survey.instrument.model import Instrument


@dataclass(frozen=True)
class Visit:
    """One step of a path.

    Attributes
    ----------
    step : Step
    told : Told or None
        The answer; None where it was not asked.
    unmet : str
        The condition by which it was not asked, or "".
    """

    step: Step
    told: Told | None
    unmet: str = ""


@dataclass(frozen=True)
class Path:
    """A respondent's path: arms drawn, steps in order, answers given to nothing that was asked."""

    arms: Mapping[str, int]
    visits: tuple[Visit, ...]
    unused: tuple[str, ...]


def columns_told(
    instrument: Instrument, arms: Mapping[str, int], given: Mapping[str, Told]
) -> dict[str, float]:
    """All columns after some answers: NaN where there is none."""
    columns = dict.fromkeys(columns_of(instrument), float("nan"))
    columns.update({name: float(code) for name, code in arms.items()})
    for told in given.values():
        columns.update(told.columns)
    return columns


def unmet(step: Step, columns: Mapping[str, float]) -> str:
    """The first condition by which a step is not shown, or ""."""
    conditions = conditions_of(step.part, step.question)
    return next((text for text in conditions if not holds(text, columns)), "")


def next_step(
    instrument: Instrument,
    steps: list[Step],
    arms: Mapping[str, int],
    given: Mapping[str, Told],
) -> Step | None:
    """The next step that is shown after some answers; None at the end.

    Parameters
    ----------
    instrument : Instrument
    steps : list of Step
        As drawn for the respondent.
    arms : mapping of name to int
        As drawn.
    given : mapping of step name to Told
        Answers so far; whoever goes back takes the last one away.

    Examples
    --------
    >>> from scslab.survey.instrument.load import read_instrument
    >>> framing = read_instrument("framing-2019").instrument
    >>> steps, given = draw_steps(framing, 1), {"informed": Told({"informed": 1.0})}
    >>> next_step(framing, steps, {"arm": 2}, given).name
    'text_order'
    >>> next_step(framing, steps, {"arm": 0}, given).name
    'support'
    """
    columns = columns_told(instrument, arms, given)
    for step in steps:
        if step.name not in given and not unmet(step, columns):
            return step
    return None


def walk(
    instrument: Instrument,
    answers: Mapping[str, str],
    seed: int,
    where: Callable[[str], str] = str,
) -> Path:
    """The whole path of a respondent whose answers are known.

    Parameters
    ----------
    instrument : Instrument
    answers : mapping of question (of a grid, item) name to text
        As `read_answer` takes them; what is not in it is left out. An arm given here is taken
        instead of the one drawn.
    seed : int
        Of arms and random orders.
    where : callable
        From the name of an answer to its place, for messages.

    Raises
    ------
    ScslabError
        A name that is no question, or a text that is no answer.
    """
    arms = draw_arms(instrument, seed)
    steps = draw_steps(instrument, seed)
    names = [*arms, *(step.name for step in steps if step.question.type != "info")]
    for name in answers:
        if name not in names:
            raise ScslabError(f'no question "{name}"', where=where(name), hint=near(name, names))
    for question in instrument.questions:
        if question.name in arms and question.name in answers:
            text, count = answers[question.name], len(question.arms or [])
            arms[question.name] = read_arm(text, count, where(question.name))
    given: dict[str, Told] = {}
    visits: list[Visit] = []
    for step in steps:
        columns = columns_told(instrument, arms, given)
        condition = unmet(step, columns)
        told = None
        if not condition:
            told = told_by(step, answers.get(step.name, ""), columns, where(step.name))
            given[step.name] = told
        visits.append(Visit(step, told, condition))
    unused = [name for name in answers if name not in given and name not in arms]
    return Path(arms, tuple(visits), tuple(unused))


def told_by(step: Step, text: str, columns: Mapping[str, float], where: str) -> Told:
    """An answer from a file: what is missing in it is left out, even where it could not be."""
    if not text.strip():
        missing = {name: float("nan") for name in columns_at(step)}
        return Told(missing, "no_answer" if missing else "")
    try:
        return read_answer(step, text, columns)
    except ScslabError as error:
        raise moved_to(error, where) from error


def read_arm(text: str, arms: int, where: str) -> int:
    """The code of an arm."""
    if text.strip() in [str(code) for code in range(arms)]:
        return int(text)
    raise ScslabError("no such arm", where=where, got=text, expected=f"0 to {arms - 1}")
