"""The score and grade of one dossier, step by step, with the rows of the rules behind each step."""

from __future__ import annotations

from datetime import date

import numpy as np

from scslab.core.calendar import add_months, day
from scslab.core.values import Row, number_on, on
from scslab.regimes.arithmetic import (
    NO_LIMIT,
    act_ceiling,
    act_drops,
    act_lift,
    act_points,
    capped,
    dropped,
    floors_on,
    grade_of,
    lifted,
    limits,
    moved,
    start_score,
)
from scslab.regimes.cases import Case, CaseRecord
from scslab.regimes.model import GradedAct, Regime
from scslab.regimes.steps import Step, rows_of


def score_and_grade(
    regime: Regime, case: Case, records: list[CaseRecord], when: date, steps: list[Step]
) -> tuple[int, str | None]:
    """Score of a dossier on a day, and its grade: of now, or of the last yearly restart."""
    restart = last_restart(regime, when)
    if restart is None:
        score = case_score(regime, case, records, when, steps)
        return score, grade_name(regime, case, score, when, steps)
    before = [r for r in records if r.ended < restart.isoformat()]
    opened = last_restart(regime, date(restart.year - 1, restart.month, 2))
    since = [r for r in before if opened is None or r.ended >= opened.isoformat()]
    span = f"from {opened} " if opened is not None else ""
    steps.append(Step(f"first the records {span}to the restart on {restart}, for the grade"))
    past = case_score(regime, case, since, restart, steps)
    grade = grade_name(regime, case, past, restart, steps)
    says = f"all scores restart on {restart}" + (f"; grade {grade} stands on" if grade else "")
    steps.append(Step(says, restart_rows(regime, when)))
    now = [r for r in records if r.ended >= restart.isoformat()]
    score = case_score(regime, case, now, when, steps)
    return score, vetoed(regime, grade, now, steps)


def restart_rows(regime: Regime, when: date) -> tuple[Row, ...]:
    """The row behind a yearly restart."""
    return rows_of(when, regime.score.restarts if regime.score is not None else None)


def last_restart(regime: Regime, when: date) -> date | None:
    """The first day of the last month up to a day in which all scores restart."""
    month = on(regime.score.restarts, when).value if regime.score is not None else None
    if month is None:
        return None
    this_year = date(when.year, int(month), 1)
    return this_year if this_year <= when else date(when.year - 1, int(month), 1)


def vetoed(
    regime: Regime, grade: str | None, records: list[CaseRecord], steps: list[Step]
) -> str | None:
    """A standing grade after the vetoes and drops since the restart: they do not wait."""
    if regime.grades is None or grade is None:
        return grade
    names = regime.grades.names
    for record in records:
        act = act_of(regime, record)
        when = day(record.ended)
        if act is None:
            continue
        place = min(names.index(grade) + act_drops(act, when), len(names) - 1)
        if act.cuts is not None and on(act.cuts.holds, when).value:
            place = max(place, names.index(act.cuts.to))
        if place > names.index(grade):
            grade = names[place]
            says = f"{record.ended}: down to grade {grade} at once"
            rows = rows_of(when, act.cuts.holds if act.cuts else None, act.drops)
            steps.append(Step(says, rows))
    return grade


def act_of(regime: Regime, record: CaseRecord) -> GradedAct | None:
    """What the rules say about the act, or the listing elsewhere, of a record."""
    if record.of != "same":
        return None  # the listing of somebody else is a ground of lists, no more
    return regime.rates.get(record.act or record.listed_on or "")


def counts_still(
    regime: Regime, record: CaseRecord, act: GradedAct, when: date, steps: list[Step]
) -> bool:
    """Whether a record still moves the score: not too old, not repaired, its listing not over."""
    ended, keeps = day(record.ended), on(regime.remedy.record_ends, when)
    name = record.act or record.listed_on
    if record.until is not None and record.until <= when.isoformat():
        steps.append(Step(f"{record.ended} {name}: over since {record.until}"))
        return False
    if keeps.value is not None and add_months(ended, int(keeps.value)) <= when:
        says = f"{record.ended} {name}: too old to count"
        steps.append(Step(says, rows_of(when, regime.remedy.record_ends)))
        return False
    if record.applied is not None and record.applied <= when.isoformat():
        applied = day(record.applied)
        term = getattr(regime.remedy, f"repair_opens_{act.gravity}")
        opens = on(term, applied).value
        if opens is not None and add_months(ended, int(opens)) <= applied:
            says = f"{record.ended} {name}: repaired on {record.applied}"
            steps.append(Step(says, rows_of(applied, term)))
            return False
    return True


def case_score(
    regime: Regime, case: Case, records: list[CaseRecord], when: date, steps: list[Step]
) -> int:
    """The score of a dossier: start, then each record that still counts, in order of time."""
    low, high = limits(regime, when)
    score = start_score(regime, when, case.subject.dimensions)
    steps.append(Step(f"starts with {spoken(regime, score)}", start_rows(regime, when)))
    for record in records:
        act = act_of(regime, record)
        name = record.act or record.listed_on
        if act is None:
            steps.append(Step(f"{record.ended} {name}: moves no score here"))
            continue
        if not counts_still(regime, record, act, when, steps):
            continue
        ended = day(record.ended)
        before = score
        floors = np.array(floors_on(regime, ended), np.int64)
        score = moved.py_func(score, act_points(regime, act, ended), low, high)
        score = lifted.py_func(score, act_lift(regime, act, ended, floors))
        if act_drops(act, ended):
            score = dropped.py_func(score, act_drops(act, ended), floors, len(floors))
        score = capped.py_func(score, act_ceiling(regime, act, ended, floors))
        score = int(moved.py_func(score, 0, low, high))
        rows = rows_of(
            ended,
            getattr(act, "points", None),
            getattr(act, "moves", None),
            act.drops,
            act.lifts.holds if act.lifts else None,
            act.cuts.holds if act.cuts else None,
        )
        says = f"{record.ended} {name} ({act.says}): {spoken(regime, before)} to "
        steps.append(Step(says + spoken(regime, score), rows))
    return score


def start_rows(regime: Regime, when: date) -> tuple[Row, ...]:
    """The rows behind the score of an empty dossier."""
    score = regime.score
    if score is None:
        return ()
    if not score.dimensions:
        return rows_of(when, score.start)
    weights = [d.weight for d in score.dimensions.values()]
    return rows_of(when, score.lowest, score.highest, *weights)


def spoken(regime: Regime, score: int) -> str:
    """A score as a reader says it; on a ladder, the grade."""
    if regime.score is None and regime.grades is not None:
        return f"grade {regime.grades.ladder[len(regime.grades.ladder) - 1 - score]}"
    return f"{score:,}"


def grade_name(regime: Regime, case: Case, score: int, when: date, steps: list[Step]) -> str | None:
    """The grade of a score on a day; by quota, of a rank."""
    grades = regime.grades
    if grades is None:
        return None
    names, floors = grades.names, floors_on(regime, when)
    if grades.quotas:
        return quota_grade(regime, case, when, steps)
    if all(f >= NO_LIMIT for f in floors):
        return None
    place = int(grade_of.py_func(score, np.array(floors)))
    if not grades.ladder:
        floor = list(grades.floors.values())[place] if place < len(floors) else None
        steps.append(Step(f"{score:,} is grade {names[place]}", rows_of(when, floor)))
    return names[place]


def quota_grade(regime: Regime, case: Case, when: date, steps: list[Step]) -> str | None:
    """The grade of a subject whose score so large a share of subjects reaches."""
    assert regime.grades is not None
    rank, allowed = case.subject.rank, 0.0
    if rank is None:
        return None
    for name, quota in regime.grades.quotas.items():
        allowed += number_on(quota, when)
        if rank <= allowed + 1e-9:
            steps.append(Step(f"among the best {rank:.1%}: grade {name}", rows_of(when, quota)))
            return name
    steps.append(Step(f"among the best {rank:.1%}: grade {regime.grades.lowest}"))
    return regime.grades.lowest
