"""Read answers to Canada's Algorithmic Impact Assessment and check them against the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field

from scslab.core.errors import ScslabError, near
from scslab.core.shapes import fit
from scslab.core.values import Strict
from scslab.core.yamlfile import Document, read
from scslab.evaluation.impact.aia_form import DESIGN, IMPLEMENTATION, PHASE, Question, asked, form

Given = str | list[str]


class AiaAnswers(Strict):
    """Answers to the questionnaire (`aia/1`)."""

    schema_: Literal["aia/1"] = Field(alias="schema")
    """The shape of the file and its version."""
    answers: dict[str, str | list[str]]
    """Question of the form -> the answer's value or its English text; a list where several fit,
    an empty one where the question is left blank on purpose."""


class SavedForm(Strict):
    """What the official tool saves: a JSON file."""

    version: str = ""
    """Version of the tool."""
    current_page: int = Field(0, alias="currentPage")
    """Where its user stopped."""
    data: dict[str, str | list[str]]
    """Question -> value, or values."""
    translations: dict[str, str] = Field(default_factory=dict, alias="translationsOnResult")
    """French or English of free texts; not read."""


@dataclass(frozen=True)
class Filled:
    """Answers by their values, and free texts, both by question."""

    chosen: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, str]
    notes: tuple[str, ...] = ()


def read_answers(path: Path) -> Filled:
    """Read a file of answers: `aia/1`, or the JSON that the official tool saves.

    Raises
    ------
    ScslabError
        The first mistake with its line: an unknown question or answer, two answers where one
        fits, an answer to a question that the form does not ask.
    """
    document = read(path)
    if (
        isinstance(document.data, dict)
        and "data" in document.data
        and "schema" not in document.data
    ):
        saved = fit(SavedForm, document)
        return checked(saved.data, document, "data", version_note(saved.version))
    return checked(fit(AiaAnswers, document).answers, document, "answers")


def version_note(version: str) -> tuple[str, ...]:
    """A note where a form was saved by another version of the tool."""
    known = form().version
    if version.removeprefix("v") in ("", known):
        return ()
    return (f"The answers were saved by version {version} of the tool; scored by {known}.",)


def checked(
    given: Mapping[str, Given], document: Document, under: str, notes: Sequence[str] = ()
) -> Filled:
    """Answers that fit the form.

    Raises
    ------
    ScslabError
        The first that does not, with its line.
    """
    questions = {question.id: question for question in form().questions}
    chosen: dict[str, tuple[str, ...]] = {}
    texts: dict[str, str] = {}
    for name, answer in given.items():
        where = document.where((under, name))
        if name not in questions:
            raise ScslabError(
                f'the form has no question "{name}"', where=where, hint=near(name, questions)
            )
        question = questions[name]
        if question.form == "text":
            texts[name] = one_text(answer, where)
        else:
            chosen[name] = values_of(question, answer, where)
    for name in chosen:
        if asked(name, chosen) is False:
            raise not_asked(questions[name], document.where((under, name)))
    return Filled(chosen, texts, tuple(notes))


def one_text(answer: Given, where: str) -> str:
    """A free text."""
    if not isinstance(answer, str):
        raise ScslabError(
            "this question takes one text", where=where, got=f"a list of {len(answer)}"
        )
    return " ".join(answer.split())


def values_of(question: Question, answer: Given, where: str) -> tuple[str, ...]:
    """The values of an answer, given as values or in the words of the form.

    Raises
    ------
    ScslabError
        An answer that the question does not have, or several where one fits.
    """
    given = [answer] if isinstance(answer, str) else list(answer)
    if question.form == "one" and len(given) > 1:
        raise ScslabError(f'"{question.id}" takes one answer', where=where, got=", ".join(given))
    found = []
    for one in given:
        value = next(
            (
                item.value
                for item in question.items
                if one == item.value or one.strip().casefold() == item.text.strip().casefold()
            ),
            None,
        )
        if value is None:
            known = "; ".join(f"{item.value} ({item.text})" for item in question.items)
            raise ScslabError(
                f'"{question.id}" has no such answer', where=where, got=one, expected=known
            )
        found.append(value)
    return tuple(dict.fromkeys(found))


def not_asked(question: Question, where: str) -> ScslabError:
    """The message for an answer to a question that the other answers rule out."""
    page = next(p for p in form().pages if question in p.questions)
    why = "other answers rule it out"
    if page.asked_if is not None:
        phases = {DESIGN: "Design", IMPLEMENTATION: "Implementation"}
        wanted = phases[page.asked_if["is"][0]]
        why = f"{question.id} belongs to the phase {wanted}; see {PHASE}"
    return ScslabError(
        "the form does not ask this question",
        where=where,
        got=question.id,
        why=why,
        hint="remove the answer",
    )


def aia_schema() -> dict[str, object]:
    """The JSON Schema of a file of answers."""
    return AiaAnswers.model_json_schema(by_alias=True)
