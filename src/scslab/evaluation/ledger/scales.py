"""Scales printed in brackets, "(1-4)", beside the scales of the answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scslab.evaluation.ledger.convert import Models, Variables, as_code
from scslab.evaluation.ledger.entries import Entry
from scslab.evaluation.ledger.records import Change, Coefficients, Distribution, Mean, Share
from scslab.evaluation.ledger.words import bag, tokens
from scslab.survey.answers import Variable, plain

SCALE = re.compile(r"\b(on|an?|the|from|to|scale|points?|steps?|codes?|coded|of|and|or|dummy)\b")
NUMBERS = re.compile(r"[\d\s.,/–=-]+")
STEPS = re.compile(r"\b(\d+)[ -](?:points?|steps?)\b")
TOLD = re.compile(r"(?<![\d.,])(\d+) ?(?:to|-|–) ?(\d+)(?![\d.,]*\d)")


def numbers_of(inside: str) -> frozenset[float]:
    """The numbers of a bracket that holds a scale or codes and nothing else, else none.

    Examples
    --------
    >>> sorted(numbers_of("on a scale from 0 to 10")), numbers_of("in 2018 only")
    ([0.0, 10.0], frozenset())
    """
    bare = SCALE.sub(" ", inside.strip().lower().replace("−", "-"))
    if not NUMBERS.fullmatch(bare):
        return frozenset()
    return frozenset(float(x) for x in re.findall(r"\d+(?:\.\d+)?", bare))


def codes_of_scale(variable: Variable) -> list[float]:
    """The codes of a variable, or the ends that its own words tell; none if neither is known.

    Examples
    --------
    >>> codes_of_scale(Variable("s", "Support (mean of eight items, 1 to 5)"))
    [1.0, 5.0]
    """
    codes = sorted(float(c) for c in map(as_code, variable.labels) if not isinstance(c, str))
    told = None if codes else TOLD.search(f"{variable.label} {variable.question}")
    return codes if told is None else [float(told[1]), float(told[2])]


def is_scale(inside: str, variable: Variable) -> bool:
    """Whether a bracket tells the scale of a variable: its ends, all its codes, or how many."""
    codes = codes_of_scale(variable)
    numbers = numbers_of(inside)
    if not codes:
        return False
    steps = STEPS.search(inside.lower())
    if steps and len(numbers) == 1:
        return bool(variable.labels) and int(steps[1]) == len(codes)
    return numbers in ({codes[0], codes[-1]}, set(codes))


def fits(inside: str, before: str, entry: Entry, variables: Variables, models: Models) -> bool:
    """Whether a bracket of numbers tells a scale or the counted codes of a quantity.

    `before` is what stands before it: in "effect of age on approval (1-5)" the outcome is meant.
    """
    if isinstance(entry.measure, Share):
        numbers = numbers_of(inside)
        return any(
            numbers == set(codes) or is_scale(inside, variables[name])
            for name, codes in entry.measure.of
        )
    if told_by(inside, entry):
        return True
    found = list(scaled(entry, before, variables, models))
    return bool(found) and all(is_scale(inside, one) for one in found)


def told_by(inside: str, entry: Entry) -> bool:
    """Whether a wording of the quantity tells this scale itself: "mean support on 0-10"."""
    if isinstance(entry.measure, Coefficients):
        return False
    wanted = numbers_of(inside)
    return len(wanted) > 1 and any(
        {float(x) for pair in TOLD.findall(text) for x in pair} == wanted for text in entry.texts
    )


def scaled(entry: Entry, before: str, variables: Variables, models: Models) -> Iterator[Variable]:
    """The variables that a bracket after some words tells the scale of."""
    measure = entry.measure
    if isinstance(measure, Mean | Change | Distribution):
        yield variables[measure.variable]
    if isinstance(measure, Coefficients):
        words = tokens(before)
        outcome = any(y and bag(words[-len(y) :]) == y for _, y in entry.effects)
        for one in measure.of:
            name = models[one.model].outcome if outcome else one.name
            yield variables.get(name, Variable(name))


def scale_words(
    inside: str, before: str, entry: Entry, variables: Variables, models: Models
) -> str:
    """Why a bracket of numbers does not fit a quantity."""
    printed = inside.strip()
    numbers = sorted(numbers_of(inside))
    if len(numbers) > 1:
        printed = f"{plain(numbers[0])}-{plain(numbers[-1])}"
    for one in scaled(entry, before, variables, models):
        if not is_scale(inside, one):
            codes = codes_of_scale(one)
            known = f"are {plain(codes[0])}-{plain(codes[-1])}" if codes else "have no known scale"
            return f"printed on a scale of {printed}, the answers {known}"
    return ""
