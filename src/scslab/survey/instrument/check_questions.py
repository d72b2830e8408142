"""The sense of one question: what its kind needs, its codes, names and limits."""

from __future__ import annotations

from scslab.core.errors import ScslabError, near
from scslab.core.yamlfile import Document, Place
from scslab.survey.instrument.model import Choice, Instrument, Question

# What a question of a kind must have, and what it may have besides.
NEEDS: dict[str, tuple[str, ...]] = {
    "single": ("choices",),
    "yes_no": (),
    "multiple": ("choices",),
    "number": ("between",),
    "count": ("items",),
    "grid": ("items", "choices"),
    "info": (),
    "assigned": ("arms",),
}
TAKES: dict[str, tuple[str, ...]] = {
    "single": ("scale", "ordered", "order", "last_fixed"),
    "yes_no": ("order",),
    "multiple": ("exclusive", "order", "last_fixed"),
    "number": (),
    "count": ("items_order",),
    "grid": ("scale", "ordered", "items_order"),
    "info": (),
    "assigned": (),
}
ANSWERED = ("dont_know", "refuse", "required", "hint")
LIMITED = (
    "choices", "scale", "items", "arms", "ordered", "exclusive", "between", "order", "last_fixed",
    "items_order", *ANSWERED,
)  # fmt: skip
HIGHEST = 1_000_000_000


def check_question(
    question: Question, instrument: Instrument, at: Place, document: Document
) -> None:
    """Check one question by itself; names and conditions are checked for all together.

    Raises
    ------
    ScslabError
        The first mistake, with its line.
    """
    check_keys(question, at, document)
    if question.scale is not None and question.scale not in instrument.scales:
        raise ScslabError(
            f'no scale "{question.scale}"',
            where=document.where((*at, "scale")),
            hint=near(question.scale, instrument.scales),
        )
    if question.choices is not None:
        named = question.type == "multiple"
        check_choices(question.choices, named, (*at, "choices"), document)
    for key in ("items", "arms"):
        if getattr(question, key) is not None:
            check_choices(getattr(question, key), True, (*at, key), document)
    for key in ("choices", "arms", "items"):
        if question.type != "count":
            check_unconditional(getattr(question, key) or [], (*at, key), document)
    check_order(question, at, document)
    check_exclusive(question, at, document)
    check_between(question, at, document)


def check_keys(question: Question, at: Place, document: Document) -> None:
    """A question has what its kind needs, and nothing that its kind does not know."""
    given = {key for key in LIMITED if key in question.model_fields_set}
    takes = {*NEEDS[question.type], *TAKES[question.type]}
    if question.type not in ("info", "assigned"):
        takes |= {*ANSWERED}
    for key in LIMITED:
        if key in given and key not in takes:
            raise ScslabError(
                f'a question of type {question.type} has no "{key}"',
                where=document.where((*at, key)),
            )
    if {"choices", "scale"} <= given:
        raise ScslabError(
            "choices stand here, or in a scale: one of them",
            where=document.where((*at, "scale")),
        )
    for key in NEEDS[question.type]:
        if key not in given and not (key == "choices" and "scale" in given):
            raise ScslabError(
                f'a question of type {question.type} needs "{key}"', where=document.where(at)
            )
    if question.type == "assigned" and question.shows_when is not None:
        raise ScslabError(
            "an arm is drawn for everybody",
            where=document.where((*at, "shows_when")),
            hint="put the condition on the questions that differ",
        )


def check_scale(choices: list[Choice], at: Place, document: Document) -> None:
    """A shared scale has codes, and no conditions."""
    check_choices(choices, False, at, document)
    check_unconditional(choices, at, document)


def check_choices(choices: list[Choice], named: bool, at: Place, document: Document) -> None:
    """At least two choices, each with a code or name of its own."""
    if len(choices) < 2:
        raise ScslabError(
            "a list of answers, items or arms has at least two",
            where=document.where(at),
            got=len(choices),
        )
    key, other = ("name", "code") if named else ("code", "name")
    seen: list[object] = []
    for i, choice in enumerate(choices):
        place: Place = (*at, i)
        value = getattr(choice, key)
        if value is None:
            raise ScslabError(f'"{key}" is missing', where=document.where(place))
        if getattr(choice, other) is not None:
            raise ScslabError(
                f'here a choice has a {key} and no "{other}"', where=document.where((*place, other))
            )
        if value in seen:
            raise ScslabError(f'{key} "{value}" stands twice', where=document.where((*place, key)))
        if isinstance(value, int) and not 0 <= value <= HIGHEST:
            raise ScslabError(
                "a code lies out of range",
                where=document.where((*place, key)),
                got=value,
                expected="0 or more" if value < 0 else f"at most {HIGHEST}",
                why="codes below 0 stand for missing answers" if value < 0 else "",
            )
        seen.append(value)


def check_unconditional(choices: list[Choice], at: Place, document: Document) -> None:
    """Only items of a list that is counted have conditions."""
    for i, choice in enumerate(choices):
        if choice.shows_when is not None:
            raise ScslabError(
                "only an item of a count can have a condition",
                where=document.where((*at, i, "shows_when")),
                hint="put it on the question",
            )


def check_order(question: Question, at: Place, document: Document) -> None:
    """Choices that stay last are fewer than all, in a random order."""
    if not question.last_fixed:
        return
    if question.order != "random":
        raise ScslabError(
            "last_fixed is for a random order", where=document.where((*at, "last_fixed"))
        )
    choices = question.choices or []
    if question.scale is None and question.last_fixed > len(choices) - 2:
        raise ScslabError(
            "nothing is left to put in a random order",
            where=document.where((*at, "last_fixed")),
            got=question.last_fixed,
            expected=f"at most {len(choices) - 2}",
        )


def check_exclusive(question: Question, at: Place, document: Document) -> None:
    """Choices that exclude all others are choices of the question, and not all of them."""
    if question.exclusive is None:
        return
    where = document.where((*at, "exclusive"))
    if not question.exclusive:
        raise ScslabError("no choice is named", where=where, hint="leave exclusive out")
    names = [str(choice.name) for choice in question.choices or []]
    for name in question.exclusive:
        if name not in names:
            raise ScslabError(f'no choice "{name}"', where=where, hint=near(name, names))
    if set(question.exclusive) == set(names):
        raise ScslabError(
            "if every choice excludes all others, this is a single choice", where=where
        )


def check_between(question: Question, at: Place, document: Document) -> None:
    """Limits are whole numbers in order, and not below 0, where missing codes lie."""
    if question.between is None:
        return
    where = document.where((*at, "between"))
    low, high = question.between
    whole = all(value == int(value) for value in (low, high) if abs(value) <= HIGHEST)
    if not (whole and low >= 0 and abs(high) <= HIGHEST):
        raise ScslabError(
            "limits are whole numbers from 0",
            where=where,
            got=[low, high],
            why="numbers below 0 stand for missing answers" if low < 0 else "",
        )
    if low >= high:
        raise ScslabError("the range runs backwards", where=where, expected="[low, high]")
