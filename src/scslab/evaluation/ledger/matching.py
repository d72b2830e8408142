"""Which known quantities a wording means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scslab.evaluation.ledger.convert import Variables, as_code
from scslab.evaluation.ledger.effects import effects
from scslab.evaluation.ledger.entries import Entry
from scslab.evaluation.ledger.records import Coefficients, Share
from scslab.evaluation.ledger.words import NEAR, alike, bag, tokens

BRACKET = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
SCALE = re.compile(r"\b(on|an?|the|from|to|scale|points?|steps?|codes?|coded|of|and|or|dummy)\b")
TELLS_NOTHING = re.compile(
    r"[\s\W]*|n ?= ?[\d,.]+|weighted|dummy|standardised|standardized|log-odds"
)


@dataclass(frozen=True)
class Reading:
    """A wording without some of its brackets, and what stood in those."""

    text: str
    left_out: tuple[str, ...] = ()


def readings(text: str) -> list[Reading]:
    """Ways to read a wording: what stands in brackets belongs to it, or explains it."""
    merged = Reading(BRACKET.sub(r" \1 ", text))
    inside = tuple(BRACKET.findall(text))
    return [merged] if not inside else [merged, Reading(BRACKET.sub(" ", text), inside)]


def matching(reading: Reading, entries: Sequence[Entry], variables: Variables) -> list[Entry]:
    """Quantities that a wording means: in the same order of words, else with the same words."""
    words = tokens(reading.text)
    mine = bag(words)
    kept = entries
    if reading.left_out:
        kept = [e for e in entries if explains(reading, e, variables)]
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


def explains(reading: Reading, entry: Entry, variables: Variables) -> bool:
    """Whether brackets left out of a wording say only what the quantity is anyway."""
    return all(is_plain(inside, entry, variables) for inside in reading.left_out)


def is_plain(inside: str, entry: Entry, variables: Variables) -> bool:
    """Whether a bracket holds a scale, the codes that are counted, or nothing that tells."""
    text = inside.strip().lower()
    if TELLS_NOTHING.fullmatch(text):
        return True
    bare = SCALE.sub(" ", text)
    if not re.fullmatch(r"[\d\s.,/–=-]+", bare):
        return False
    numbers = {float(x) for x in re.findall(r"\d+(?:\.\d+)?", bare)}
    measure = entry.measure
    if isinstance(measure, Coefficients):
        return True  # the scale of a predictor
    if isinstance(measure, Share):
        for name, codes in measure.of:
            labelled = {as_code(c) for c in variables[name].labels if not isinstance(c, str)}
            ends = {min(labelled), max(labelled)} if labelled else set()
            if numbers in (set(codes), ends):
                return True
        return False
    return True


def nearest(text: str, entries: Iterable[Entry]) -> str:
    """The wording that has most words in common with this one, in quotation marks, or ""."""
    mine = bag(tokens(BRACKET.sub(r" \1 ", text)))
    best, score = "", NEAR
    for one in entries:
        found = max((alike(mine, words) for words in one.bags), default=0.0)
        if found > score:
            best, score = one.says, found
    return f'"{best}"' if best else ""
