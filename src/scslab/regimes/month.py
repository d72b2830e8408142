"""The judge of a month: the same rules as for one dossier, over all deliveries of a shard."""

from __future__ import annotations

import numpy as np

from scslab.core.compiled import inlined, kernel
from scslab.core.tables import (
    ENTRIES,
    GAINED,
    LISTED,
    LOST,
    MISATTRIBUTED,
    MISATTRIBUTED_RECORDS,
    NEVER,
    NO_LIST,
    NOTHING_RECORDS,
    PERFORMED,
    RECORDS,
    SCORE_SUM,
    STAYS,
    TRUE,
    TRUE_RECORDS,
    UNTOLD,
    WRONGFUL_ENTRIES,
    WRONGFUL_LISTED,
    Books,
    People,
    Record,
    Rules,
    State,
)
from scslab.regimes.arithmetic import NO_LIMIT, capped, grade_of, moved


@inlined
def is_scored(regime: int, person: int, kind: int, rules: Rules, state: State) -> bool:
    """Whether a regime keeps a score of a person now."""
    if rules.score_row[regime] < 0 or not rules.covered[regime, kind]:
        return False
    return rules.member_row[regime] < 0 or state.member[rules.member_row[regime], person] == 1


@inlined
def set_score(
    regime: int, person: int, group: int, new: int, rules: Rules, state: State, books: Books
) -> None:
    """Give a person a new score, and carry sum and grades along."""
    row = rules.score_row[regime]
    old = state.score[row, person]
    state.score[row, person] = new
    books.stocks[regime, group, SCORE_SUM] += new - old
    if new > old:
        books.flows[regime, group, GAINED] += new - old
    else:
        books.flows[regime, group, LOST] += old - new
    if rules.floor_count[regime] > 0:
        before = grade_of(old, rules.floors[regime])
        after = grade_of(new, rules.floors[regime])
        if before != after:
            books.grades[regime, group, before] -= 1
            books.grades[regime, group, after] += 1


@inlined
def enter(
    delivery: Record,
    list_: int,
    points: int,
    ends: int,
    month: int,
    out: np.ndarray,
    count: int,
) -> int:
    """Open an entry; the new number of entries."""
    if count < len(out):
        row = out[count]
        row.luck = delivery.luck
        row.subject = delivery.subject
        row.cell = delivery.cell
        row.points = points
        row.begun = month
        row.ends = ends
        row.filed = -1
        row.conduct = delivery.conduct
        row.regime = delivery.regime
        row.list = list_
        row.truth = delivery.truth
        row.state = UNTOLD
        row.way_out = STAYS
    return count + 1


@inlined
def end_month(month: int, stays: int) -> int:
    """The month in which a term of `stays` months from `month` ends."""
    return NEVER if stays >= NEVER else month + stays


@inlined
def list_person(
    delivery: Record,
    list_: int,
    ends: int,
    month: int,
    group: int,
    rules: Rules,
    state: State,
    books: Books,
    out: np.ndarray,
    count: int,
) -> int:
    """Put a person on a list; the new number of entries."""
    regime = delivery.regime
    state.listed[rules.listed_row[regime], delivery.subject] |= np.uint8(1 << list_)
    books.flows[regime, group, ENTRIES] += 1
    books.stocks[regime, group, LISTED] += 1
    if delivery.truth != TRUE:
        books.flows[regime, group, WRONGFUL_ENTRIES] += 1
        books.stocks[regime, group, WRONGFUL_LISTED] += 1
    return enter(delivery, list_, 0, ends, month, out, count)


@kernel
def extend(
    entries: np.ndarray,
    person: int,
    regime: int,
    list_: int,
    month: int,
    months: int,
    stays: int,
) -> bool:
    """Lengthen the term of a person's listing, if it has one; whether it was found.

    A further ground without a term takes the term away; one that meets a person who has
    performed and waits for removal begins a term of its own.
    """
    for i in range(len(entries)):
        row = entries[i]
        if row.subject == person and row.regime == regime and row.list == list_:
            if row.way_out == PERFORMED:
                row.way_out = STAYS
                row.ends = end_month(month, stays)
            elif stays >= NEVER:
                row.ends = NEVER
            elif row.ends < NEVER:
                row.ends = min(row.ends + months, NEVER - 1)
            return True
    return False


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
    entries: np.ndarray,
    out: np.ndarray,
) -> int:
    """Apply the rules in force to the records that arrive in a month.

    Parameters
    ----------
    deliveries : DELIVERY[n]
        Records that reach the regimes this month.
    entries : ENTRY[m]
        Entries that stand already; a further ground lengthens their term.
    out : ENTRY[k]
        Room for new entries: for each delivery one, and two for each list.

    Returns
    -------
    int
        Number of new entries.
    """
    count = 0
    anybody_low = False
    for i in range(len(deliveries)):
        row = deliveries[i]
        regime, person, conduct = row.regime, row.subject, row.conduct
        kind, group = people.kind[row.cell], people.group[row.cell]
        if not rules.covered[regime, kind]:
            continue
        scored = is_scored(regime, person, kind, rules, state)
        grounds = rules.grounds[regime, conduct]
        if not scored:
            grounds &= rules.open_lists[regime]
        if rules.member_row[regime] >= 0 and not scored and grounds == 0:
            continue  # no file is kept on who is no member
        count_record(row.truth, books.flows[regime, group])
        if scored:
            old = state.score[rules.score_row[regime], person]
            new = moved(old, rules.points[regime, conduct], rules.low[regime], rules.high[regime])
            new = capped(new, rules.ceiling[regime, conduct])
            anybody_low |= new < rules.limit[regime]
            if new != old:
                set_score(regime, person, group, new, rules, state, books)
                if rules.keeps[regime]:
                    count = enter(row, NO_LIST, new - old, NEVER, month, out, count)
        for list_ in range(rules.lists[regime] if grounds != 0 else 0):
            if not grounds & np.uint8(1 << list_):
                continue
            stays = rules.stays[regime, conduct, list_]
            if state.listed[rules.listed_row[regime], person] & np.uint8(1 << list_):
                months = rules.extends[regime, conduct, list_]
                if not extend(out[:count], person, regime, list_, month, months, stays):
                    extend(entries, person, regime, list_, month, months, stays)
            else:
                ends = end_month(month, stays)
                count = list_person(row, list_, ends, month, group, rules, state, books, out, count)
    if anybody_low:
        return list_low_scores(deliveries, month, people, rules, state, books, out, count)
    return count


@kernel
def list_low_scores(
    deliveries: np.ndarray,
    month: int,
    people: People,
    rules: Rules,
    state: State,
    books: Books,
    out: np.ndarray,
    count: int,
) -> int:
    """List the persons whom this month's records have left below a regime's limit.

    Such a listing counts as wrongful where the record at hand is false.
    """
    for i in range(len(deliveries)):
        row = deliveries[i]
        regime, kind = row.regime, people.kind[row.cell]
        cannot_lower = (
            rules.points[regime, row.conduct] >= 0
            and rules.ceiling[regime, row.conduct] == NO_LIMIT
        )
        if cannot_lower or not is_scored(regime, row.subject, kind, rules, state):
            continue
        score = state.score[rules.score_row[regime], row.subject]
        for list_ in range(rules.lists[regime]):
            listed = state.listed[rules.listed_row[regime], row.subject] & np.uint8(1 << list_)
            if score < rules.below[regime, list_] and not listed:
                ends = end_month(month, rules.below_stays[regime, list_])
                group = people.group[row.cell]
                count = list_person(row, list_, ends, month, group, rules, state, books, out, count)
    return count
