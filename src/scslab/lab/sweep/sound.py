"""Whether the cases of a sweep can be run, and what is said of one that cannot."""

from __future__ import annotations

from scslab.core.errors import ScslabError
from scslab.core.sweep import shown
from scslab.lab.sweep.ends import check_levers
from scslab.lab.sweep.levers import with_values
from scslab.lab.sweep.plan import Plan
from scslab.lab.sweep.samplers import values_of
from scslab.lab.world import read_rules

MOST_TOLD = 6  # values of a case that a message names


def check_cases(plan: Plan) -> None:
    """Look at each case before any is run, where factors may not go together.

    Each end of each factor is sound by itself. Where all ends together are, cases are taken to be.

    Raises
    ------
    ScslabError
        The study makes no sense with the values of a case: the first such.
    """
    try:
        for position in (0.0, 1.0):
            check_levers(plan.file, plan.levers, position)
    except ScslabError:
        for number in range(1, plan.design.cases + 1):
            check_case(plan, number)


def check_case(plan: Plan, number: int) -> None:
    """Check the study and its rules with the values of one case."""
    values = values_of(plan.design, number - 1)
    try:
        read_rules(with_values(plan.file, list(plan.levers), values))
    except ScslabError as error:
        raise of_case(error, plan, number) from error


def of_case(error: ScslabError, plan: Plan, number: int) -> ScslabError:
    """A mistake in a study as one case changes it."""
    values = values_of(plan.design, number - 1)
    pairs = [(x, v) for x, v in zip(plan.levers, values, strict=True) if v is not None]
    # What the mistake is about comes first.
    pairs.sort(key=lambda pair: not error.where.startswith(pair[0].spot.where))
    told = [f"{lever.factor.name} {shown(value)}" for lever, value in pairs]
    more = f" and {len(told) - MOST_TOLD} more" if len(told) > MOST_TOLD else ""
    return ScslabError(
        f"case {number} cannot be run: {error.what}",
        where=error.where,
        got=error.got or None,
        expected=error.expected,
        why=f"with {', '.join(told[:MOST_TOLD])}{more}",
        hint=error.hint or "give the factors ranges that go together",
    )
