"""The questionnaire of Canada's Algorithmic Impact Assessment, as its own tool holds it.

Questions, answers and points are those of the tool (version and commit stand in `aia.json`), under
its licence (MIT, Government of Canada), which the file carries.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

Answers = Mapping[str, Sequence[str]]

PHASE = "projectDetailsPhase"
DESIGN, IMPLEMENTATION = "item1", "item2"


@dataclass(frozen=True)
class Item:
    """One answer of a question and its points."""

    value: str
    text: str
    points: int


@dataclass(frozen=True)
class Question:
    """A question; `form` tells how it is answered, `counts` towards which score."""

    id: str
    form: Literal["one", "several", "text"]
    counts: Literal["risk", "mitigation", "none"]
    text: str
    help: str
    asked_if: Any
    items: tuple[Item, ...]

    @property
    def most(self) -> int:
        """The most points it can give: the best answer, or all of several together."""
        if self.form == "several":
            return sum(item.points for item in self.items)
        return max((item.points for item in self.items), default=0)

    def points(self, values: Sequence[str]) -> int:
        """Points of an answer."""
        return sum(item.points for item in self.items if item.value in values)

    def said(self, values: Sequence[str]) -> str:
        """An answer in the words of the form."""
        return "; ".join(item.text for item in self.items if item.value in values)


@dataclass(frozen=True)
class Page:
    """A page of the form; some are asked in one phase of a project only."""

    id: str
    title: str
    intro: str
    asked_if: Any
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Duty:
    """A requirement of the Directive at the impact levels I to IV."""

    title: str
    levels: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """The whole questionnaire and where it comes from."""

    version: str
    source: str
    commit: str
    licence: str
    duties: tuple[Duty, ...]
    pages: tuple[Page, ...]

    @property
    def questions(self) -> Iterator[Question]:
        """All questions in the order of the form."""
        return (question for page in self.pages for question in page.questions)

    def most(self, counts: str) -> int:
        """The most points of all questions of one kind, both phases counted, as the tool does."""
        return sum(q.most for q in self.questions if q.counts == counts)


@cache
def form() -> Form:
    """The form that comes with the package.

    Examples
    --------
    >>> form().version, form().most("risk"), form().most("mitigation")
    ('1.0.1', 167, 154)
    """
    found = json.loads(Path(__file__).with_name("aia.json").read_text(encoding="utf-8"))
    return Form(
        version=found["version"],
        source=found["source"],
        commit=found["commit"],
        licence=found["licence"],
        duties=tuple(Duty(one["title"], tuple(one["levels"])) for one in found["duties"]),
        pages=tuple(map(_page, found["pages"])),
    )


def _page(row: dict[str, Any]) -> Page:
    asked_if = row.get("asked_if")
    questions = tuple(_question(one) for one in row["questions"])
    return Page(row["id"], row["title"], row["intro"], asked_if, questions)


def _question(row: dict[str, Any]) -> Question:
    return Question(
        id=row["id"],
        form=row["form"],
        counts=row["counts"],
        text=row["text"],
        help=row.get("help", ""),
        asked_if=row.get("asked_if"),
        items=tuple(Item(c["value"], c["text"], c["points"]) for c in row.get("choices", ())),
    )


@cache
def conditions() -> dict[str, tuple[Any, ...]]:
    """What must hold for each question to be asked: the condition of its page and its own."""
    return {
        question.id: tuple(c for c in (page.asked_if, question.asked_if) if c is not None)
        for page in form().pages
        for question in page.questions
    }


def asked(name: str, answers: Answers) -> bool | None:
    """Whether the form asks a question, given answers; None where that is still open.

    Examples
    --------
    >>> asked("aboutAlgorithm8A", {}) is None
    True
    >>> asked("aboutAlgorithm8A", {"aboutAlgorithm8": ["item1-3"]})
    True
    >>> asked("aboutAlgorithm8A", {"aboutAlgorithm8": ["item2-0"]})
    False
    """
    return _all(holds(one, answers) for one in conditions()[name])


def holds(condition: Any, answers: Answers) -> bool | None:
    """Whether a condition holds; None where an answer that decides it is missing."""
    if "all" in condition:
        return _all(holds(one, answers) for one in condition["all"])
    if "any" in condition:
        found = [holds(one, answers) for one in condition["any"]]
        return True if True in found else (None if None in found else False)
    name = condition["question"]
    given = answers.get(name)
    if given is None:
        # A question that is not asked has no answer and never will.
        return False if asked(name, answers) is False else None
    return any(value in condition["is"] for value in given)


def _all(parts: Iterator[bool | None]) -> bool | None:
    found = list(parts)
    return False if False in found else (None if None in found else True)
