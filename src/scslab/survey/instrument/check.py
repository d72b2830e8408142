"""The sense of an instrument file: what a shape cannot say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scslab.core.errors import ScslabError, near
from scslab.core.values import check_sources
from scslab.core.yamlfile import Document, Place
from scslab.survey.instrument.check_conditions import check_conditions
from scslab.survey.instrument.check_names import check_names
from scslab.survey.instrument.check_questions import check_question, check_scale
from scslab.survey.instrument.model import Instrument, Text


def check_instrument(instrument: Instrument, document: Document) -> None:
    """Check sources, texts, names, answers and conditions.

    Raises
    ------
    ScslabError
        The first mistake, with its line.
    """
    check_sources(instrument.sources, document)
    check_cited(instrument, document)
    check_languages(instrument, document)
    for name, choices in instrument.scales.items():
        check_scale(choices, ("scales", name), document)
    for i, part in enumerate(instrument.parts):
        for j, question in enumerate(part.questions):
            check_question(question, instrument, ("parts", i, "questions", j), document)
    check_names(instrument, document)
    check_conditions(instrument, document)
    check_scales_used(instrument, document)


def check_cited(instrument: Instrument, document: Document) -> None:
    """Sources that are cited stand in the file; each language's wording has one."""
    cited: list[tuple[Place, str]] = [(("items",), instrument.items)]
    cited += [
        (("wordings", language, "source"), wording.source)
        for language, wording in instrument.wordings.items()
    ]
    for i, part in enumerate(instrument.parts):
        for j, question in enumerate(part.questions):
            if question.source is not None:
                cited.append((("parts", i, "questions", j, "source"), question.source))
    for place, key in cited:
        if key not in instrument.sources:
            raise ScslabError(
                f'source "{key}" is not in sources',
                where=document.where(place),
                hint=near(key, instrument.sources),
            )
    for language in instrument.languages:
        if language not in instrument.wordings:
            raise ScslabError(
                f'say on what the wordings in "{language}" rest',
                where=document.where(("wordings",)),
                hint=f"{language}: {{source: ..., says: ...}}",
            )


def check_languages(instrument: Instrument, document: Document) -> None:
    """Every text stands in every language, once."""
    languages = instrument.languages
    for i, language in enumerate(languages):
        if language in languages[:i]:
            raise ScslabError(
                f'language "{language}" stands twice', where=document.where(("languages", i))
            )
    for place, text in texts(instrument, ()):
        for language in languages:
            if not (getattr(text, language) or "").strip():
                raise ScslabError(
                    f'the text in "{language}" is missing',
                    where=document.where(place),
                    why=f"the file's languages are {', '.join(languages)}",
                )


def texts(model: Any, place: Place) -> Iterator[tuple[Place, Text]]:
    """Every text of a file with its place, in order."""
    if isinstance(model, Text):
        yield place, model
    elif hasattr(type(model), "model_fields"):
        for name in type(model).model_fields:
            yield from texts(getattr(model, name), (*place, name))
    elif isinstance(model, dict):
        for key, value in model.items():
            yield from texts(value, (*place, key))
    elif isinstance(model, list):
        for i, value in enumerate(model):
            yield from texts(value, (*place, i))


def check_scales_used(instrument: Instrument, document: Document) -> None:
    """A shared scale is used by some question."""
    used = {question.scale for question in instrument.questions}
    for name in instrument.scales:
        if name not in used:
            raise ScslabError(
                f'no question uses scale "{name}"', where=document.where(("scales", name))
            )
