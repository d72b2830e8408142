"""Scores and grades of subjects in a month."""

from __future__ import annotations

from scslab.core.compiled import inlined
from scslab.core.tables import GAINED, LOST, SCORE_SUM, Books, Rules, State
from scslab.regimes.arithmetic import NO_LIMIT, capped, dropped, grade_of, lifted, moved


@inlined
def is_member(regime: int, person: int, kind: int, rules: Rules, state: State) -> bool:
    """Whether a regime rates a subject now: covered, and a member where one must be."""
    if not rules.covered[regime, kind]:
        return False
    return rules.member_row[regime] < 0 or state.member[rules.member_row[regime], person] == 1


@inlined
def is_scored(regime: int, person: int, kind: int, rules: Rules, state: State) -> bool:
    """Whether a regime keeps a score of a subject now."""
    return rules.score_row[regime] >= 0 and is_member(regime, person, kind, rules, state)


@inlined
def give_grade(
    regime: int, person: int, group: int, new: int, rules: Rules, state: State, books: Books
) -> None:
    """Give a subject a new standing grade."""
    row = rules.grade_row[regime]
    old = state.grade[row, person]
    if new != old:
        state.grade[row, person] = new
        books.grades[regime, group, old] -= 1
        books.grades[regime, group, new] += 1


@inlined
def set_score(
    regime: int, person: int, group: int, new: int, rules: Rules, state: State, books: Books
) -> None:
    """Give a subject a new score, and carry sum and grades along."""
    row = rules.score_row[regime]
    old = state.score[row, person]
    state.score[row, person] = new
    books.stocks[regime, group, SCORE_SUM] += new - old
    if new > old:
        books.flows[regime, group, GAINED] += new - old
    else:
        books.flows[regime, group, LOST] += old - new
    if rules.floor_count[regime] == 0 or rules.yearly[regime]:
        return
    after = grade_of(new, rules.floors[regime])
    if rules.grade_row[regime] >= 0:
        give_grade(regime, person, group, after, rules, state, books)
        return
    before = grade_of(old, rules.floors[regime])
    if before != after:
        books.grades[regime, group, before] -= 1
        books.grades[regime, group, after] += 1


@inlined
def veto(
    regime: int, person: int, group: int, conduct: int, rules: Rules, state: State, books: Books
) -> int:
    """Lower a yearly grade at once: vetoes and drops do not wait for the next restart.

    Returns
    -------
    int
        The grade before, so that a correction can give it back; -1 where it stays.
    """
    row = rules.grade_row[regime]
    if not rules.yearly[regime] or row < 0 or rules.floor_count[regime] == 0:
        return -1
    old = state.grade[row, person]
    new = min(old + rules.drops[regime, conduct], rules.floor_count[regime])
    if rules.ceiling[regime, conduct] != NO_LIMIT:
        new = max(new, grade_of(rules.ceiling[regime, conduct], rules.floors[regime]))
    if new <= old:
        return -1
    give_grade(regime, person, group, new, rules, state, books)
    return int(old)


@inlined
def grade_now(regime: int, person: int, rules: Rules, state: State) -> int:
    """The grade that a scored subject has: the standing one, or that of its score; -1 without."""
    if rules.floor_count[regime] == 0:
        return -1
    if rules.grade_row[regime] >= 0:
        return int(state.grade[rules.grade_row[regime], person])
    return grade_of(state.score[rules.score_row[regime], person], rules.floors[regime])


@inlined
def too_low(regime: int, person: int, list_: int, rules: Rules, state: State) -> bool:
    """Whether a scored subject's score or grade is a ground of a list."""
    if state.score[rules.score_row[regime], person] < rules.below[regime, list_]:
        return True
    grades = rules.by_grade[regime, list_]
    if grades == 0:
        return False
    grade = grade_now(regime, person, rules, state)
    return grade >= 0 and (grades >> grade) & 1 == 1


@inlined
def new_score(old: int, regime: int, conduct: int, rules: Rules) -> int:
    """A score after a record: points, then a grade earned, grades lost, a veto."""
    low, high = rules.low[regime], rules.high[regime]
    new = moved(old, rules.points[regime, conduct], low, high)
    new = lifted(new, rules.lift[regime, conduct])
    if rules.drops[regime, conduct] > 0:
        count = rules.floor_count[regime]
        new = dropped(new, rules.drops[regime, conduct], rules.floors[regime], count)
    return moved(capped(new, rules.ceiling[regime, conduct]), 0, low, high)
