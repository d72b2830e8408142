"""Who is scored: joining, consent, and the score that a member brings."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scslab.core.compiled import inlined, kernel
from scslab.core.draws import address, decision, unit_for
from scslab.core.tables import (
    COVERED,
    LIFTED,
    NO_LIST,
    SCORE_SUM,
    SCORED,
    TRUE,
    Books,
    People,
    Rules,
    State,
)
from scslab.regimes.arithmetic import grade_of
from scslab.regimes.month_lists import Files, list_subject
from scslab.regimes.month_scores import is_scored, too_low

GRADED = decision("listed by grade")

NO_GRADE = 255  # kept until floors or a first quota are in force


class Members(NamedTuple):
    """Membership and starting scores of one regime in a month, as kernels see it."""

    share: np.ndarray  # share that is a member; f8[kinds]
    joins: np.uint64  # number of the trait "joins this regime"
    start: int  # score of an empty dossier, without dimensions
    base: np.ndarray  # the same with dimensions at their means; f8[kinds] or empty
    spread: np.ndarray  # score points of half a dimension's spread; f8[dimensions, kinds]
    brings: np.ndarray  # numbers of the traits "brings to this dimension"; u8[dimensions]


@inlined
def starting_score(
    seed: np.uint64, person: int, kind: int, regime: int, members: Members, rules: Rules
) -> int:
    """The score of a new member."""
    if len(members.base) == 0:
        return members.start
    score = members.base[kind]
    for d in range(len(members.brings)):
        u = unit_for(address(seed, members.brings[d]), person)
        score += members.spread[d, kind] * (2.0 * u - 1.0)
    return min(max(int(np.floor(score + 0.5)), rules.low[regime]), rules.high[regime])


@inlined
def enrol_alike(
    regime: int,
    cell: int,
    group: int,
    people: People,
    rules: Rules,
    state: State,
    members: Members,
    books: Books,
) -> None:
    """Enrol a cell whose persons all get the same score, or none (10 times as fast)."""
    first, end = people.cell_start[cell], people.cell_start[cell + 1]
    size, score_row = end - first, rules.score_row[regime]
    books.stocks[regime, group, COVERED] += size
    if score_row < 0:
        return
    score = min(max(members.start, rules.low[regime]), rules.high[regime])
    state.score[score_row, first:end] = score
    books.stocks[regime, group, SCORED] += size
    books.stocks[regime, group, SCORE_SUM] += size * score
    if rules.floor_count[regime] > 0:
        grade = grade_of(score, rules.floors[regime])
        if rules.grade_row[regime] >= 0:
            state.grade[rules.grade_row[regime], first:end] = grade
        books.grades[regime, group, grade] += size
    elif rules.grade_row[regime] >= 0:
        state.grade[rules.grade_row[regime], first:end] = NO_GRADE


@inlined
def standing_grade(
    regime: int, person: int, score: int, new: bool, rules: Rules, state: State
) -> int:
    """The grade of a subject; a yearly one is read off the score for new subjects only."""
    grade = grade_of(score, rules.floors[regime])
    row = rules.grade_row[regime]
    if row < 0:
        return grade
    if new or not rules.yearly[regime] or state.grade[row, person] == NO_GRADE:
        state.grade[row, person] = grade
    return int(state.grade[row, person])


@kernel
def enrol(
    seed: np.uint64,
    regime: int,
    begins: bool,
    was_covered: np.ndarray,
    cells: tuple[int, int],
    people: People,
    rules: Rules,
    state: State,
    members: Members,
    books: Books,
) -> None:
    """Let persons join or leave a regime, and count its members and scores anew.

    A person is a member while the share of his kind exceeds his trait, so he joins once and
    early joiners stay early. Whoever is new, or newly covered, gets a starting score; `begins`
    gives one to all.

    Parameters
    ----------
    was_covered : bool[kinds]
        Whether the regime covered the kind in the month before.
    """
    row, score_row = rules.member_row[regime], rules.score_row[regime]
    books.stocks[regime, :, COVERED] = 0
    books.stocks[regime, :, SCORED] = 0
    books.stocks[regime, :, SCORE_SUM] = 0
    books.grades[regime] = 0
    trait = address(seed, members.joins)
    for cell in range(cells[0], cells[1]):
        kind, group = people.kind[cell], people.group[cell]
        covered = rules.covered[regime, kind]
        if not covered and not was_covered[kind]:
            continue
        new_here = begins or not was_covered[kind]
        alike = score_row < 0 or (new_here and len(members.base) == 0)
        if row < 0 and alike:
            if covered:
                enrol_alike(regime, cell, group, people, rules, state, members, books)
            continue
        for person in range(people.cell_start[cell], people.cell_start[cell + 1]):
            new = new_here
            if row >= 0:
                member = covered and unit_for(trait, person) < members.share[kind]
                new |= member and state.member[row, person] == 0
                state.member[row, person] = member
                if not member:
                    continue
            elif not covered:
                break
            books.stocks[regime, group, COVERED] += 1
            if score_row < 0:
                continue
            if new:
                state.score[score_row, person] = starting_score(
                    seed, person, kind, regime, members, rules
                )
            # The scale may have become narrower.
            low, high = rules.low[regime], rules.high[regime]
            score = min(max(state.score[score_row, person], low), high)
            state.score[score_row, person] = score
            books.stocks[regime, group, SCORED] += 1
            books.stocks[regime, group, SCORE_SUM] += score
            if rules.floor_count[regime] > 0:
                grade = standing_grade(regime, person, score, new, rules, state)
                books.grades[regime, group, grade] += 1
            elif rules.grade_row[regime] >= 0:
                state.grade[rules.grade_row[regime], person] = NO_GRADE


@kernel
def restart(
    seed: np.uint64,
    regime: int,
    cells: tuple[int, int],
    people: People,
    rules: Rules,
    state: State,
    members: Members,
    entries: np.ndarray,
    books: Books,
) -> None:
    """Grade all subjects by the year's score, then let every score start anew.

    Records of the past year keep no weight: undoing one changes nothing any more.
    """
    row, score_row = rules.member_row[regime], rules.score_row[regime]
    graded = rules.grade_row[regime] >= 0 and rules.floor_count[regime] > 0
    books.stocks[regime, :, SCORE_SUM] = 0
    books.grades[regime] = 0
    for cell in range(cells[0], cells[1]):
        kind, group = people.kind[cell], people.group[cell]
        if not rules.covered[regime, kind]:
            continue
        for person in range(people.cell_start[cell], people.cell_start[cell + 1]):
            if row >= 0 and state.member[row, person] == 0:
                continue
            if graded:
                grade = grade_of(state.score[score_row, person], rules.floors[regime])
                state.grade[rules.grade_row[regime], person] = grade
                books.grades[regime, group, grade] += 1
            score = starting_score(seed, person, kind, regime, members, rules)
            state.score[score_row, person] = score
            books.stocks[regime, group, SCORE_SUM] += score
    for i in range(len(entries)):
        if entries[i].regime == regime and entries[i].list == NO_LIST:
            entries[i].points = 0
            entries[i].grade = -1


@kernel
def list_graded(
    seed: np.uint64,
    regime: int,
    cells: tuple[int, int],
    month: int,
    people: People,
    rules: Rules,
    state: State,
    books: Books,
    files: Files,
    delivery: np.ndarray,
) -> int:
    """Put everybody on the lists of whom the grade that stands is a ground.

    Parameters
    ----------
    files : Files
        With room for an entry of each subject on each list of the regime.
    delivery : DELIVERY[1]
        Scratch: the cause of such a listing is no single record, so it counts as true.

    Returns
    -------
    int
        Number of new entries.
    """
    count = 0
    trait = address(address(address(seed, GRADED), regime), month)
    row = delivery[0]
    row.conduct, row.regime, row.truth, row.lifts = -1, regime, TRUE, 0
    for cell in range(cells[0], cells[1]):
        kind, group = people.kind[cell], people.group[cell]
        if not rules.covered[regime, kind]:
            continue
        for person in range(people.cell_start[cell], people.cell_start[cell + 1]):
            if not is_scored(regime, person, kind, rules, state):
                continue
            for list_ in range(rules.lists[regime]):
                bit = np.uint8(1 << list_)
                if (
                    rules.by_grade[regime, list_] == 0
                    or rules.closed[regime] & bit
                    or state.listed[rules.listed_row[regime], person] & bit
                    or not too_low(regime, person, list_, rules, state)
                ):
                    continue
                row.luck, row.subject, row.cell = address(trait, person), person, cell
                row.record = row.luck
                stays = rules.below_stays[regime, list_]
                count = list_subject(
                    row, list_, stays, month, group, rules, state, books, files, count
                )
    return count


@kernel
def forget(
    regime: int, entries: np.ndarray, people: People, rules: Rules, state: State, deletes: bool
) -> None:
    """Take the weight from records of persons who have left: whoever rejoins starts afresh.

    Where the rules let members leave, the records themselves are deleted (`deletes`).
    """
    row = rules.member_row[regime]
    if row < 0:
        return
    for i in range(len(entries)):
        entry = entries[i]
        if (
            entry.regime == regime
            and entry.list == NO_LIST
            and state.member[row, entry.subject] == 0
        ):
            entry.points = 0
            entry.grade = -1
            if deletes:
                entry.way_out = LIFTED


@kernel
def count_scores(
    regime: int,
    cells: tuple[int, int],
    people: People,
    rules: Rules,
    state: State,
    out: np.ndarray,
) -> None:
    """Count a shard's persons at each score; out: i8[65536], entry 32768 is score 0."""
    row, score_row = rules.member_row[regime], rules.score_row[regime]
    for cell in range(cells[0], cells[1]):
        if not rules.covered[regime, people.kind[cell]]:
            continue
        for person in range(people.cell_start[cell], people.cell_start[cell + 1]):
            if row < 0 or state.member[row, person] == 1:
                out[state.score[score_row, person] + 32768] += 1
