"""The judge of one dossier: what the rules make of it on a day, step by step. Pure: no dice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from scslab.core.calendar import day
from scslab.core.errors import ScslabError
from scslab.core.values import Dated, number_on, on
from scslab.regimes.arithmetic import score_in_force
from scslab.regimes.cases import Case, CasePerson, CaseRecord
from scslab.regimes.listing import on_lists
from scslab.regimes.lists import Subjects
from scslab.regimes.model import Regime
from scslab.regimes.scoring import score_and_grade
from scslab.regimes.steps import Step, rows_of


@dataclass(frozen=True)
class Verdict:
    """What the rules make of one dossier on one day."""

    score: int | None
    grade: str | None
    rewards: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    visits: float | None = None
    passed_on: bool | None = None
    delay: int | None = None
    matched_by: str | None = None
    steps: tuple[Step, ...] = field(default=(), compare=False)

    @property
    def listed(self) -> bool:
        """Whether the subject is on any list of the regime."""
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


def judge(regime: Regime, case: Case) -> Verdict:
    """What the rules make of a worked case.

    Raises
    ------
    ScslabError
        The day is outside the days that the file covers.
    """
    when = day(case.on)
    check_day(regime, when)
    steps: list[Step] = []
    records = sorted((r for r in case.records if r.ended <= case.on), key=lambda r: r.ended)
    counted = [r for r in records if not spared(regime, case, r, steps)]
    score, grade = None, None
    if scored(regime, case, when, steps):
        score, grade = score_and_grade(regime, case, counted, when, steps)
    lists: tuple[str, ...] = ()
    if may_be_listed(regime, case, when):
        lists = on_lists(regime, case, counted, when, score, grade, steps)
        steps += [Step(says) for says in unheard(regime, counted)]
    elif regime.lists and regime.score is None and regime.grades is None:
        steps.append(refusal_of_lists(regime, case, when))
    if regime.lists and not lists:
        steps.append(Step("on no list"))
    passed, delay = passes(regime, case, when, steps)
    return Verdict(
        score=score if regime.score is not None else None,
        grade=grade,
        rewards=rewards(regime, grade, score, when, steps),
        lists=lists,
        effects=effects(regime, case, lists, when, steps),
        visits=visits(regime, grade, when, steps),
        passed_on=passed,
        delay=delay,
        matched_by=matched_by(regime, case, when, steps),
        steps=tuple(steps),
    )


def covered(regime: Regime, case: Case) -> bool:
    """Whether the regime rates such a subject at all, here."""
    who, subject = regime.who, case.subject
    kind = "organisations" if case.organisation is not None else "persons"
    if kind not in who.subjects:
        return False
    if subject.place is not None and who.places and subject.place not in who.places:
        return False
    return all(subject.has.get(a.attribute, a.are[0]) in a.are for a in who.among if subject.has)


def of_age(regime: Regime, case: Case, when: date) -> bool:
    """Whether the subject is an organisation, or a person who is old enough."""
    subject = case.subject
    return not isinstance(subject, CasePerson) or subject.age >= number_on(
        regime.who.adults_from, when
    )


def may_be_listed(regime: Regime, case: Case, when: date) -> bool:
    """Whether the lists of the regime are open to the subject."""
    return covered(regime, case) and of_age(regime, case, when)


def refusal_of_lists(regime: Regime, case: Case, when: date) -> Step:
    """Why the lists of the regime are not open to the subject."""
    if not covered(regime, case):
        return Step("cannot be listed: outside whom the regime covers")
    return Step("cannot be listed: too young", rows_of(when, regime.who.adults_from))


def unheard(regime: Regime, records: list[CaseRecord]) -> list[str]:
    """Records that move nothing and are no ground of a list, in words."""
    if not regime.lists:
        return []
    grounds = [g for rules in regime.lists.values() for g in rules.grounds.values()]
    heard = {name for g in grounds for name in (*g.acts, *g.listed_on)} | set(regime.rates)
    heard |= {act for rules in regime.lists.values() for act in rules.ends_on}
    names = [(r.ended, r.act or r.listed_on or "") for r in records]
    return [
        f"{ended} {name}: no ground of a list here" for ended, name in names if name not in heard
    ]


def scored(regime: Regime, case: Case, when: date, steps: list[Step]) -> bool:
    """Whether the regime scores or grades this subject on this day."""
    if regime.score is None and regime.grades is None:
        return False
    who, subject = regime.who, case.subject
    refusal: tuple[str, Dated | None] | None = None
    if not covered(regime, case):
        refusal = ("not rated: outside whom the regime covers", None)
    elif not of_age(regime, case, when):
        refusal = ("not rated: too young", who.adults_from)
    elif not subject.consents and on(who.consent, when).value:
        refusal = ("not rated: has not agreed", who.consent)
    elif isinstance(subject, CasePerson):
        if subject.months_resident < number_on(who.residence, when):
            refusal = ("not rated: not resident for long enough", who.residence)
        elif not subject.local and not subject.permit and on(who.permit_for_non_locals, when).value:
            refusal = ("not rated: from elsewhere, without permit", who.permit_for_non_locals)
    if refusal is None and not score_in_force(regime, when):
        steps.append(Step("no score is in force on this day"))
        return False
    if refusal is not None:
        steps.append(Step(refusal[0], rows_of(when, refusal[1])))
    return refusal is None


def spared(regime: Regime, case: Case, record: CaseRecord, steps: list[Step]) -> bool:
    """Whether an exemption takes the weight from a record of an act."""
    for name in case.subject.exempt:
        exemption = regime.who.exempt.get(name)
        when = day(record.ended)
        if (
            exemption is not None
            and record.act is not None
            and on(exemption.holds, when).value
            and (not exemption.acts or record.act in exemption.acts)
        ):
            says = f"{record.ended} {record.act}: spared ({exemption.says})"
            steps.append(Step(says, rows_of(when, exemption.holds)))
            return True
    return False


def rewards(
    regime: Regime, grade: str | None, score: int | None, when: date, steps: list[Step]
) -> tuple[str, ...]:
    """The benefits that a grade or score earns, by name."""
    found = []
    for name, reward in regime.rewards.items():
        if score is None or not on(reward.gives, when).value:
            continue
        floor = on(reward.from_score, when).value
        if (
            grade in reward.grades
            if reward.grades is not None
            else (floor is not None and score >= floor)
        ):
            found.append(name)
            steps.append(
                Step(
                    f"reward {name}: {reward.says}", rows_of(when, reward.gives, reward.from_score)
                )
            )
    return tuple(sorted(found))


def effects(
    regime: Regime, case: Case, lists: tuple[str, ...], when: date, steps: list[Step]
) -> tuple[str, ...]:
    """The measures in force that follow from some lists for such a subject."""
    what: Subjects = "organisations" if case.organisation is not None else "persons"
    found = []
    for list_ in lists:
        for name, effect in regime.lists[list_].effects.items():
            if on(effect.holds, when).value and what in (effect.subjects or [what]):
                found.append(name)
                by = f", by {effect.by}" if effect.by else ""
                steps.append(
                    Step(f"measure {name}: {effect.says}{by}", rows_of(when, effect.holds))
                )
    return tuple(sorted(found))


def visits(regime: Regime, grade: str | None, when: date, steps: list[Step]) -> float | None:
    """Inspections in a year that a grade brings."""
    if regime.inspections is None or grade not in regime.inspections.visits:
        return None
    dated = regime.inspections.visits[grade]
    value = on(dated, when).value
    if value is not None:
        steps.append(Step(f"{value} inspections a year", rows_of(when, dated)))
    return None if value is None else float(value)


def passes(
    regime: Regime, case: Case, when: date, steps: list[Step]
) -> tuple[bool | None, int | None]:
    """Whether a platform passes the first record of a case on, and after how many months."""
    if regime.platform is None or not case.records:
        return None, None
    record = case.records[0]
    for link in regime.platform.links.values():
        if record.act in link.acts and on(link.holds, day(record.ended)).value:
            months = int(number_on(regime.platform.delay, when))
            rows = rows_of(when, link.holds, regime.platform.delay)
            steps.append(Step(f"{link.says}: passed on after {months} months", rows))
            return True, months
    steps.append(Step(f"{record.act}: not passed on"))
    return False, None


def matched_by(regime: Regime, case: Case, when: date, steps: list[Step]) -> str | None:
    """By what records are attached to the subject of a case."""
    if regime.identity is None:
        return None
    by = "code" if case.organisation and on(regime.identity.holds, when).value else "name"
    steps.append(Step(f"records are matched by {by}", rows_of(when, regime.identity.holds)))
    return by


def check_case(regime: Regime, case: Case) -> list[str]:
    """The differences between a case's expectation and the judge, empty if none."""
    verdict = judge(regime, case)
    got: dict[str, object] = {
        "score": verdict.score,
        "grade": verdict.grade,
        "rewards": sorted(verdict.rewards),
        "listed": verdict.listed,
        "lists": sorted(verdict.lists),
        "effects": sorted(verdict.effects),
        "visits": verdict.visits,
        "passed_on": verdict.passed_on,
        "delay": verdict.delay,
        "matched_by": verdict.matched_by,
    }
    dimensions = regime.score.dimensions if regime.score is not None else {}
    found = [
        f'"{name}" is not a dimension of {regime.id}'
        for name in case.subject.dimensions
        if name not in dimensions
    ]
    found += [
        f'"{name}" is not an exemption of {regime.id}'
        for name in case.subject.exempt
        if name not in regime.who.exempt
    ]
    for key, value in case.expect.items():
        expected = sorted(value) if isinstance(value, list) else value
        if key not in got:
            found.append(f'"{key}" is not something a case can expect ({", ".join(got)})')
        elif got[key] != expected:
            found.append(f"{key}: expected {expected}, got {got[key]}")
    return found
