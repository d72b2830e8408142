"""The judge: what the rules make of a dossier on a day. Pure: no dice.

The small functions at the top are the rules' arithmetic. The judge of one dossier (worked cases)
and the judge of a month's deliveries (a society) both call them, so they cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from scslab.core.calendar import add_months, add_working_days, day
from scslab.core.compiled import inlined
from scslab.core.errors import ScslabError
from scslab.core.values import Answer, Dated, number_on, on
from scslab.regimes.model import Case, CaseRecord, ListRules, Regime, ScoredAct

NO_LIMIT = 32_000  # scores are kept in 16 bits


@inlined
def moved(score: int, points: int, low: int, high: int) -> int:
    """A score after points, kept within the limits of the scale."""
    return min(max(score + points, low), high)


@inlined
def capped(score: int, ceiling: int) -> int:
    """A score after a direct downgrade to a grade whose highest score is `ceiling`."""
    return min(score, ceiling)


@inlined
def grade_of(score: int, floors: np.ndarray) -> int:
    """Index of the first floor reached, best grade first; the number of floors if none is."""
    for i in range(len(floors)):
        if score >= floors[i]:
            return i
    return len(floors)


@dataclass(frozen=True)
class Verdict:
    """What the rules make of one dossier on one day."""

    score: int | None
    grade: str | None
    rewards: tuple[str, ...]
    lists: tuple[str, ...]

    @property
    def listed(self) -> bool:
        """Whether the person is on any list of the regime."""
        return bool(self.lists)


def check_day(regime: Regime, when: date) -> None:
    """Refuse a day that the file does not cover.

    Raises
    ------
    ScslabError
        Naming the days that are covered.
    """
    text, to = when.isoformat(), regime.covers.to
    if text < regime.covers.from_ or (to is not None and text > to):
        until = f"to {to}" if to else "onward"
        raise ScslabError(f"{regime.id} covers {regime.covers.from_} {until}; {text} was asked")


def act_points(regime: Regime, act: ScoredAct, when: date) -> int:
    """Points of an act on a day: its own, or its move of a weighted dimension."""
    if act.points is not None:
        return round(number_on(act.points, when))
    if act.moves is None or act.dimension is None or regime.score is None:
        return 0
    span = number_on(regime.score.highest, when) - number_on(regime.score.lowest, when)
    weight = number_on(regime.score.dimensions[act.dimension].weight, when)
    return round(span * weight * number_on(act.moves, when))


def act_ceiling(regime: Regime, act: ScoredAct, when: date) -> int:
    """Highest score that a direct downgrade leaves, or `NO_LIMIT`."""
    if act.cuts is None or regime.grades is None or not on(act.cuts.holds, when).value:
        return NO_LIMIT
    better = list(regime.grades.floors)
    rank = better.index(act.cuts.to) if act.cuts.to in better else len(better)
    return (
        NO_LIMIT
        if rank == 0
        else round(number_on(regime.grades.floors[better[rank - 1]], when, NO_LIMIT)) - 1
    )


def limits(regime: Regime, when: date) -> tuple[int, int]:
    """Lowest and highest score on a day."""
    assert regime.score is not None
    return (
        round(number_on(regime.score.lowest, when, -NO_LIMIT)),
        round(number_on(regime.score.highest, when, NO_LIMIT)),
    )


def start_score(regime: Regime, when: date, dimensions: dict[str, float]) -> int:
    """The score of an empty dossier."""
    assert regime.score is not None
    if not regime.score.dimensions:
        return round(number_on(regime.score.start, when))
    low, high = limits(regime, when)
    share = sum(
        number_on(d.weight, when) * dimensions.get(name, 0.0)
        for name, d in regime.score.dimensions.items()
    )
    return round(low + (high - low) * share)


def score_in_force(regime: Regime, when: date) -> bool:
    """Whether the regime keeps scores on a day."""
    if regime.score is None:
        return False
    dated = regime.score.highest if regime.score.dimensions else regime.score.start
    return on(dated, when).value is not None


def rated(regime: Regime, case: Case, when: date) -> bool:
    """Whether the regime scores this person on this day."""
    who, person = regime.who, case.person
    if person.age < number_on(who.adults_from, when):
        return False
    if person.months_resident < number_on(who.residence, when):
        return False
    return bool(person.consents or not on(who.consent, when).value)


def judge(regime: Regime, case: Case) -> Verdict:
    """What the rules make of a worked case.

    Raises
    ------
    ScslabError
        The day is outside the days that the file covers.
    """
    when = day(case.on)
    check_day(regime, when)
    records = sorted((r for r in case.records if r.ended <= case.on), key=lambda r: r.ended)
    score = case_score(regime, case, records, when) if rated(regime, case, when) else None
    grade = None
    if score is not None and regime.grades is not None:
        names = [*regime.grades.floors, regime.grades.lowest]
        floors = np.array([number_on(f, when, NO_LIMIT) for f in regime.grades.floors.values()])
        if (floors < NO_LIMIT).any():
            grade = names[grade_of.py_func(score, floors)]
    rewards = sorted(
        name
        for name, reward in regime.rewards.items()
        if on(reward.gives, when).value
        and reached(reward.grades, reward.from_score, grade, score, when)
    )
    adult = case.person.age >= number_on(regime.who.adults_from, when)
    lists = tuple(
        name
        for name, rules in regime.lists.items()
        if adult
        and (case.person.consents or not rules.members_only)
        and on_list(regime, rules, records, when, score)
    )
    return Verdict(score, grade, tuple(rewards), lists)


def reached(
    grades: list[str] | None, floor: Dated | None, grade: str | None, score: int | None, when: date
) -> bool:
    """Whether a grade or score earns a reward."""
    if score is None:
        return False
    if grades is not None:
        return grade in grades
    answer: Answer = on(floor, when)
    return answer.value is not None and score >= answer.value


def case_score(regime: Regime, case: Case, records: list[CaseRecord], when: date) -> int | None:
    """The score of a dossier: start, then each record that still counts, in order of time."""
    if regime.score is None or not score_in_force(regime, when):
        return None
    low, high = limits(regime, when)
    score = start_score(regime, when, case.person.dimensions)
    keeps = on(regime.remedy.record_ends, when).value
    for record in records:
        act = regime.score.acts.get(record.act)
        ended = day(record.ended)
        if act is None or (keeps is not None and add_months(ended, int(keeps)) <= when):
            continue
        score = moved.py_func(score, act_points(regime, act, ended), low, high)
        score = capped.py_func(score, act_ceiling(regime, act, ended))
    return score


def on_list(
    regime: Regime, rules: ListRules, records: list[CaseRecord], when: date, score: int | None
) -> bool:
    """Whether the records put a person on a list and still keep her there."""
    term = gone = date.min  # the end by time, and by performance of every duty listed for
    for record in records:
        start = day(record.ended)
        months = ground_term(rules, record.act, start)
        if months is None:
            continue
        done = performance_ends(rules, record, when)
        if min(term, gone) > start:
            extra = int(number_on(rules.extends, start))
            endless = months < 0 or term == date.max
            term = date.max if endless else add_months(term, extra)
            gone = max(gone, done)
        else:
            term = date.max if months < 0 else add_months(start, months)
            gone = done
    if when < min(term, gone):
        return True
    return any(
        on(g.holds, when).value
        and score is not None
        and g.score_below is not None
        and score < number_on(g.score_below, when, -NO_LIMIT)
        for g in rules.grounds.values()
    )


def performance_ends(rules: ListRules, record: CaseRecord, when: date) -> date:
    """The day on which performing the duty takes a person off a list, if it does."""
    wait = on(rules.removal_after_performance, when).value
    if record.performed is None or wait is None:
        return date.max
    return add_working_days(day(record.performed), int(wait))


def ground_term(rules: ListRules, act: str, when: date) -> int | None:
    """Months on the list for an act on a day; -1 without a fixed term; None if no ground."""
    for ground in rules.grounds.values():
        if act in ground.acts and on(ground.holds, when).value:
            own = on(ground.stays, when) if ground.stays is not None else on(rules.stays, when)
            return -1 if own.value is None else int(own.value)
    return None


def check_case(regime: Regime, case: Case) -> list[str]:
    """The differences between a case's expectation and the judge, empty if none."""
    verdict = judge(regime, case)
    got: dict[str, object] = {
        "score": verdict.score,
        "grade": verdict.grade,
        "rewards": sorted(verdict.rewards),
        "listed": verdict.listed,
        "lists": sorted(verdict.lists),
    }
    dimensions = regime.score.dimensions if regime.score is not None else {}
    found = [
        f'"{name}" is not a dimension of {regime.id}'
        for name in case.person.dimensions
        if name not in dimensions
    ]
    for key, value in case.expect.items():
        expected = sorted(value) if isinstance(value, list) else value
        if key not in got:
            found.append(f'"{key}" is not something a case can expect ({", ".join(got)})')
        elif got[key] != expected:
            found.append(f"{key}: expected {expected}, got {got[key]}")
    return found
