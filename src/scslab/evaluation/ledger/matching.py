"""Which known quantities a wording means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scslab.evaluation.ledger.convert import Models, Variables
from scslab.evaluation.ledger.effects import effects
from scslab.evaluation.ledger.entries import Entry
from scslab.evaluation.ledger.scales import fits, numbers_of, scale_words
from scslab.evaluation.ledger.words import NEAR, alike, bag, tokens

BRACKET = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
TELLS_NOTHING = re.compile(r"[\s\W]*|n ?= ?[\d,.]+|weighted|dummy|log-odds")


@dataclass(frozen=True)
class Reading:
    """A wording without some of its brackets, and what stood in those."""

    text: str
    left_out: tuple[str, ...] = ()
    before: tuple[str, ...] = ()  # what stands before each bracket


def readings(text: str) -> list[Reading]:
    """Ways to read a wording: what stands in brackets belongs to it, or explains it."""
    merged = Reading(BRACKET.sub(r" \1 ", text))
    found = list(BRACKET.finditer(text))
    inside = tuple(m[1] for m in found)
    before = tuple(BRACKET.sub(" ", text[: m.start()]) for m in found)
    return [merged] if not found else [merged, Reading(BRACKET.sub(" ", text), inside, before)]


def matching(
    reading: Reading, entries: Sequence[Entry], variables: Variables, models: Models
) -> list[Entry]:
    """Quantities that a wording means: in the same order of words, else with the same words."""
    words = tokens(reading.text)
    mine = bag(words)
    kept = entries
    if reading.left_out:
        kept = [e for e in entries if explains(reading, e, variables, models)]
    plain = [e for e in kept if words in e.words]
    plain = plain or [e for e in kept if e.words and mine in e.bags]
    if plain:
        return plain
    causal = [e for e in kept if e.effects]
    for x, y in effects(reading.text) if causal else ():
        found = [e for e in causal if any(x == a and y in (b, None) for a, b in e.effects)]
        if found:
            return found
    return []


def explains(reading: Reading, entry: Entry, variables: Variables, models: Models) -> bool:
    """Whether brackets left out say only what the quantity is anyway: its scale, its codes."""
    return all(
        TELLS_NOTHING.fullmatch(inside.strip().lower())
        or (numbers_of(inside) and fits(inside, before, entry, variables, models))
        for inside, before in zip(reading.left_out, reading.before, strict=True)
    )


def other_scale(
    reading: Reading, entries: Sequence[Entry], variables: Variables, models: Models
) -> str:
    """Why a wording that is known but for its scale is not produced, or ""."""
    scales = [
        (i, b) for i, b in zip(reading.left_out, reading.before, strict=True) if numbers_of(i)
    ]
    if not scales:
        return ""
    for one in matching(Reading(reading.text), entries, variables, models):
        for inside, before in scales:
            if why := scale_words(inside, before, one, variables, models):
                return why
    return ""


def nearest(text: str, entries: Iterable[Entry]) -> str:
    """The wording that has most words in common with this one, in quotation marks, or ""."""
    mine = bag(tokens(BRACKET.sub(r" \1 ", text)))
    best, score = "", NEAR
    for one in entries:
        found = max((alike(mine, words) for words in one.bags), default=0.0)
        if found > score:
            best, score = one.says, found
    return f'"{best}"' if best else ""
