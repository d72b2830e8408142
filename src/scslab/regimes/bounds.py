"""What bounds leave of the rules: acts that count, grounds that hold, measures that may follow."""

from __future__ import annotations

from datetime import date
from fnmatch import fnmatchcase

from scslab.core.contexts import (
    act_context,
    act_gravity,
    measure_context,
    measure_severity,
    related,
)
from scslab.core.values import on
from scslab.regimes.lists import Bound, Effect, Ground
from scslab.regimes.model import Regime

RANK = {"slight": 0, "ordinary": 1, "serious": 2}


def bounds_on(regime: Regime, when: date) -> list[Bound]:
    """The bounds in force on a day."""
    return [bound for bound in regime.bounds.values() if on(bound.holds, when).value]


def counts(act: str, bounds: list[Bound]) -> bool:
    """Whether an act may count."""
    return not any(fnmatchcase(act, pattern) for bound in bounds for pattern in bound.acts)


def allowed(ground: Ground, bounds: list[Bound]) -> bool:
    """Whether a ground of a blacklist may hold; acts that may not count are told by `counts`.

    Who only follows another list is asked about the listing that it follows.
    """
    for bound in bounds:
        if ground.listed_on and ground.of in bound.listings_of:
            return False
        if bound.only == "four-fields" and ground.field is None and not ground.listed_on:
            return False
    return True


def may_follow(name: str, effect: Effect, acts: list[str], bounds: list[Bound]) -> bool:
    """Whether a measure may follow from a listing that rests on one of some acts.

    Where the field of life or the severity of a measure is not known, nothing bars it.
    """
    context = effect.context or measure_context(name)
    severity = effect.severity or measure_severity(name)
    for bound in bounds:
        if any(fnmatchcase(name, pattern) for pattern in bound.effects):
            return False
        if not acts:
            continue
        if bound.only == "related" and context is not None:
            if any(related(act_context(act), context) for act in acts):
                continue
            return False
        gravest = max(RANK[act_gravity(act)] for act in acts)
        if bound.only == "proportionate" and severity is not None and RANK[severity] > gravest:
            return False
    return True
