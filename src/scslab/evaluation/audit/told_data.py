"""What the inputs of a regime tell of a person: acts, attributes and dimensions by kind of data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scslab.core.cards import RowLine
from scslab.core.yamlfile import Place
from scslab.evaluation.audit.finding import act_text, named, way_text
from scslab.evaluation.audit.inputs import input_of, told_by_name
from scslab.evaluation.audit.parts import Conduct
from scslab.evaluation.audit.view import View

KIND_WORDS = {
    "membership": "membership of a party",
    "opinion": "political opinion",
    "finance": "financial accounts",
    "private-life": "private life",
    "identity": "ethnic identity",
    "status": "personal status",
    "ties": "personal ties",
}


def kind_words(kinds: Sequence[str]) -> str:
    """Kinds of data in words.

    Examples
    --------
    >>> kind_words(["health", "opinion"])
    'health and political opinion'
    """
    return named(KIND_WORDS.get(kind, kind) for kind in kinds)


@dataclass(frozen=True)
class Told:
    """An input and the kinds of data that it tells of; `plain` where it is the data itself.

    `asked` where an attribute or dimension is asked for, not told by an act.
    """

    name: str
    kinds: tuple[str, ...]
    plain: bool
    path: Place
    text: str
    rows: tuple[RowLine, ...]
    asked: bool = False


def told(view: View) -> Iterator[Told]:
    """All inputs of a regime that tell of something."""
    yield from told_by_scope(view)
    yield from told_by_dimensions(view)
    for conduct, text in inputs(view):
        if conduct.of_persons:
            kinds = input_of(conduct.act).tells
            if kinds:
                yield Told(
                    conduct.act, kinds, "membership" in kinds, conduct.path, text, conduct.rows
                )


def inputs(view: View) -> Iterator[tuple[Conduct, str]]:
    """Every act that counts, with the rule by which it does, in words; each rule once."""
    seen = set()
    ways = [
        (c, way_text(w))
        for n in view.lists
        for w in view.all_ways[n]
        if not w.by_score
        for c in w.conduct
    ]
    for conduct, text in [*((c, act_text(c)) for c in view.scored), *ways]:
        if (conduct.act, conduct.path) not in seen:
            seen.add((conduct.act, conduct.path))
            yield conduct, text


def told_by_scope(view: View) -> Iterator[Told]:
    """Attributes by which it is decided who is rated."""
    for i, among in enumerate(view.regime.who.among):
        kinds = told_by_name(f"{among.attribute} {' '.join(among.are)}")
        if kinds:
            text = f"only those with {among.attribute}: {', '.join(among.are)}"
            yield Told(among.attribute, kinds, True, ("who", "among", i), text, (), True)


def told_by_dimensions(view: View) -> Iterator[Told]:
    """Parts of a weighted score."""
    score = view.regime.score
    for name, part in (score.dimensions if score is not None else {}).items():
        kinds = told_by_name(f"{name} {part.says}")
        if kinds and view.value(part.weight):
            rows = view.row(part.weight)
            text = f'dimension {name}: "{part.says}" ({rows[0].value})'
            yield Told(name, kinds, True, ("score", "dimensions", name), text, rows, True)
