"""Names of parts and columns: right for SPSS and Stata, and each one's own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scslab.core.errors import ScslabError
from scslab.core.yamlfile import Document, Place
from scslab.survey.instrument.model import Instrument

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
LONGEST = 32
# Words that SPSS, Stata or a condition reads as their own.
RESERVED = {
    "all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with", "byte",
    "const", "double", "float", "if", "in", "int", "long", "strl", "str", "using",
}  # fmt: skip
SPOKEN = ("dk", "refuse", "refused", "back", "nothing")  # answers that every question may know


def check_names(instrument: Instrument, document: Document) -> None:
    """Check every name of the file.

    Raises
    ------
    ScslabError
        A name that SPSS or Stata would not take, or one that stands twice.
    """
    for name in instrument.scales:
        check_name(name, "scale", ("scales", name), document)
    seen: dict[str, str] = {}
    for i, part in enumerate(instrument.parts):
        check_name(part.id, "part", ("parts", i, "id"), document)
        check_own(part.id, "part", ("parts", i, "id"), seen, document)
    for place, name, kind in names_of(instrument):
        check_name(name, kind, place, document)
        if kind != "choice":
            check_own(name, kind, place, seen, document)


def names_of(instrument: Instrument) -> Iterator[tuple[Place, str, str]]:
    """Every name below the parts, its place, and what it names."""
    for i, part in enumerate(instrument.parts):
        for j, question in enumerate(part.questions):
            at: Place = ("parts", i, "questions", j)
            yield (*at, "name"), question.name, "question"
            for k, item in enumerate(question.items or []):
                kind = "column" if question.type == "grid" else "choice"
                yield (*at, "items", k, "name"), str(item.name), kind
            for k, arm in enumerate(question.arms or []):
                yield (*at, "arms", k, "name"), str(arm.name), "choice"
            if question.type == "multiple":
                for k, choice in enumerate(question.choices or []):
                    place: Place = (*at, "choices", k, "name")
                    yield place, str(choice.name), "choice"
                    yield place, f"{question.name}_{choice.name}", "column"


def check_name(name: str, kind: str, place: Place, document: Document) -> None:
    """A name has the right letters and length and is no reserved word."""
    if not NAME.match(name) or len(name) > LONGEST:
        raise ScslabError(
            f'"{name}" is not a name',
            where=document.where(place),
            got=f"{len(name)} characters" if NAME.match(name) else "",
            expected=f"a small letter, then small letters, digits and _, {LONGEST} at most",
        )
    if name in (SPOKEN if kind == "choice" else RESERVED):
        raise ScslabError(
            f'"{name}" has a meaning of its own',
            where=document.where(place),
            why="it stands for an answer that is none, or for a step back"
            if kind == "choice"
            else "it is a word of SPSS, of Stata or of conditions",
            hint="choose another name",
        )


def check_own(name: str, kind: str, place: Place, seen: dict[str, str], document: Document) -> None:
    """A name of a part, question or column is given once."""
    if name in seen:
        raise ScslabError(
            f'"{name}" is the name of a {seen[name]} already', where=document.where(place)
        )
    seen[name] = kind
