"""The judge of a month: the same rules as for one dossier, over all deliveries of a shard."""

from __future__ import annotations

import numpy as np

from scslab.core.compiled import inlined, kernel
from scslab.core.tables import (
    COUNTED,
    MISATTRIBUTED,
    MISATTRIBUTED_RECORDS,
    NEVER,
    NO_LIST,
    NOTHING_RECORDS,
    RECORDS,
    TRUE,
    TRUE_RECORDS,
    Books,
    People,
    Rules,
    State,
)
from scslab.regimes.arithmetic import NO_LIMIT
from scslab.regimes.month_lists import (
    Files,
    counted,
    end_at_once,
    end_month,
    enter,
    extend,
    file_entries,
    lift,
    list_subject,
)
from scslab.regimes.month_scores import is_member, is_scored, new_score, set_score, too_low, veto


@inlined
def count_record(truth: int, flows: np.ndarray) -> None:
    """Count a record by its truth."""
    flows[RECORDS] += 1
    if truth == TRUE:
        flows[TRUE_RECORDS] += 1
    elif truth == MISATTRIBUTED:
        flows[MISATTRIBUTED_RECORDS] += 1
    else:
        flows[NOTHING_RECORDS] += 1


@kernel
def judge_month(
    deliveries: np.ndarray,
    month: int,
    people: People,
    rules: Rules,
    state: State,
    books: Books,
    files: Files,
) -> int:
    """Apply the rules in force to the records that arrive in a month.

    Parameters
    ----------
    deliveries : DELIVERY[n]
        Records that reach the regimes this month.
    files : Files
        The entries that stand, and room for new ones: for each delivery one, and three for each
        list.

    Returns
    -------
    int
        Number of new entries.
    """
    count = 0
    anybody_low = False
    if len(deliveries) > 0:
        file_entries(files)
    for i in range(len(deliveries)):
        row = deliveries[i]
        regime, person, conduct = row.regime, row.subject, row.conduct
        kind, group = people.kind[row.cell], people.group[row.cell]
        if row.lifts == 1:
            lift(files, row, month, rules)
            continue
        if not rules.covered[regime, kind]:
            continue
        member = is_member(regime, person, kind, rules, state)
        scored = member and rules.score_row[regime] >= 0
        grounds = rules.grounds[regime, conduct] & ~rules.closed[regime]
        grounds &= ~rules.barred[regime, conduct, rules.what[kind]]
        if not member:
            grounds &= rules.open_lists[regime]
        ends = rules.ends_on[regime, conduct]
        if not member and grounds == 0 and ends == 0:
            continue  # no file is kept on who is no member
        if rules.barred[regime, conduct, rules.what[kind]] and not scored and grounds | ends == 0:
            continue  # the rules speak of such records of other subjects only
        count_record(row.truth, books.flows[regime, group])
        if scored:
            old = state.score[rules.score_row[regime], person]
            new = new_score(old, regime, conduct, rules)
            anybody_low |= new < rules.limit[regime] or rules.graded_lists[regime]
            grade = veto(regime, person, group, conduct, rules, state, books)
            if new != old:
                set_score(regime, person, group, new, rules, state, books)
            if rules.keeps[regime] and (new != old or grade >= 0):
                count = enter(row, NO_LIST, new - old, month, NEVER, month, files, count)
                files.opened[count - 1].grade = grade
        if grounds | ends == 0:
            continue
        for list_ in range(rules.lists[regime]):
            bit = np.uint8(1 << list_)
            listed = state.listed[rules.listed_row[regime], person] & bit
            if ends & bit and listed:
                end_at_once(files, row, list_, month)
            if not grounds & bit:
                continue
            if rules.needed[regime, conduct, list_] > 1:
                before = counted(files, row, list_, rules)
                lapses = end_month(month, rules.within[regime, conduct, list_])
                count = enter(row, COUNTED, list_, month, lapses, month, files, count)
                if before + 1 < rules.needed[regime, conduct, list_]:
                    continue
            if listed:
                extend(files, row, list_, month, rules)
            else:
                stays = rules.stays[regime, conduct, list_]
                count = list_subject(
                    row, list_, stays, month, group, rules, state, books, files, count
                )
    if anybody_low:
        return list_low_scores(deliveries, month, people, rules, state, books, files, count)
    return count


@kernel
def list_low_scores(
    deliveries: np.ndarray,
    month: int,
    people: People,
    rules: Rules,
    state: State,
    books: Books,
    files: Files,
    count: int,
) -> int:
    """List the subjects whose score or grade is a ground after this month's records.

    Such a listing counts as wrongful where the record at hand is false.
    """
    for i in range(len(deliveries)):
        row = deliveries[i]
        regime, kind = row.regime, people.kind[row.cell]
        cannot_lower = (
            rules.points[regime, row.conduct] >= 0
            and rules.ceiling[regime, row.conduct] == NO_LIMIT
            and rules.drops[regime, row.conduct] == 0
            and not rules.graded_lists[regime]  # a grade can be a ground from above
        )
        if row.lifts == 1 or cannot_lower or not is_scored(regime, row.subject, kind, rules, state):
            continue
        for list_ in range(rules.lists[regime]):
            listed = state.listed[rules.listed_row[regime], row.subject] & np.uint8(1 << list_)
            open_ = not rules.closed[regime] & np.uint8(1 << list_)
            if not listed and open_ and too_low(regime, row.subject, list_, rules, state):
                stays = rules.below_stays[regime, list_]
                group = people.group[row.cell]
                count = list_subject(
                    row, list_, stays, month, group, rules, state, books, files, count
                )
    return count
