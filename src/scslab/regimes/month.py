"""The judge of a month: the same rules as for one dossier, over all deliveries of a shard."""

from __future__ import annotations

import numpy as np

from scslab.core.compiled import inlined, kernel
from scslab.core.tables import (
    COUNTED,
    ENTRIES,
    GAINED,
    LIFTED,
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
    SILENT,
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
) -> None:
    """Lower a yearly grade at once: vetoes and drops do not wait for the next restart."""
    row = rules.grade_row[regime]
    if not rules.yearly[regime] or row < 0 or rules.floor_count[regime] == 0:
        return
    old = state.grade[row, person]
    new = min(old + rules.drops[regime, conduct], rules.floor_count[regime])
    if rules.ceiling[regime, conduct] != NO_LIMIT:
        new = max(new, grade_of(rules.ceiling[regime, conduct], rules.floors[regime]))
    if new > old:
        give_grade(regime, person, group, new, rules, state, books)


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


@inlined
def enter(
    delivery: Record,
    list_: int,
    points: int,
    begins: int,
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
        row.decided = month
        row.begun = begins
        row.ends = ends
        row.filed = -1
        row.performed = -1
        row.conduct = delivery.conduct
        row.regime = delivery.regime
        row.list = list_
        row.truth = delivery.truth
        row.state = SILENT if list_ == COUNTED else UNTOLD
        row.way_out = STAYS
    return count + 1


@inlined
def end_month(month: int, stays: int) -> int:
    """The month in which a term of `stays` months from `month` ends."""
    return NEVER if stays >= NEVER else month + stays


@inlined
def count_entry(regime: int, group: int, truth: int, books: Books) -> None:
    """Count a listing that takes effect."""
    books.flows[regime, group, ENTRIES] += 1
    books.stocks[regime, group, LISTED] += 1
    if truth != TRUE:
        books.flows[regime, group, WRONGFUL_ENTRIES] += 1
        books.stocks[regime, group, WRONGFUL_LISTED] += 1


@inlined
def list_subject(
    delivery: Record,
    list_: int,
    stays: int,
    month: int,
    group: int,
    rules: Rules,
    state: State,
    books: Books,
    out: np.ndarray,
    count: int,
) -> int:
    """Put a subject on a list, at once or after the list's waiting time; the number of entries."""
    regime = delivery.regime
    begins = month + rules.waits[regime, list_]
    state.listed[rules.listed_row[regime], delivery.subject] |= np.uint8(1 << list_)
    if begins == month:
        count_entry(regime, group, delivery.truth, books)
    return enter(delivery, list_, 1, begins, end_month(begins, stays), month, out, count)


@kernel
def begin_waiting(entries: np.ndarray, month: int, people: People, books: Books) -> None:
    """Let the listings take effect whose waiting time is over."""
    for i in range(len(entries)):
        row = entries[i]
        if row.list >= 0 and row.begun == month and row.decided < month:
            count_entry(row.regime, people.group[row.cell], row.truth, books)


@inlined
def find(entries: np.ndarray, person: int, regime: int, list_: int) -> int:
    """The place of a subject's entry on a list, -1 if there is none."""
    for i in range(len(entries)):
        row = entries[i]
        if row.subject == person and row.regime == regime and row.list == list_:
            return i
    return -1


@kernel
def extend(
    entries: np.ndarray,
    delivery: Record,
    list_: int,
    month: int,
    rules: Rules,
) -> bool:
    """Lengthen the term of a subject's listing, if it has one; whether it was found.

    A further ground without a term takes the term away; one that meets a subject who has
    performed and waits for removal begins a term of its own. A listing that follows others
    stands as long as one of them does.
    """
    regime, conduct = delivery.regime, delivery.conduct
    at = find(entries, delivery.subject, regime, list_)
    if at < 0:
        return False
    row = entries[at]
    stays = rules.stays[regime, conduct, list_]
    if rules.follows[regime, conduct] & np.uint8(1 << list_):
        row.points += 1
        row.ends = NEVER
        row.way_out = STAYS
    elif row.way_out == PERFORMED:
        row.way_out = STAYS
        row.performed = -1
        row.ends = end_month(month, stays)
    elif stays >= NEVER:
        row.ends = NEVER
    elif row.ends < NEVER:
        row.ends = min(row.ends + rules.extends[regime, conduct, list_], NEVER - 1)
    return True


@kernel
def end_at_once(entries: np.ndarray, delivery: Record, list_: int, month: int) -> bool:
    """End a subject's listing because of an act that ends it; whether there was one."""
    at = find(entries, delivery.subject, delivery.regime, list_)
    if at < 0:
        return False
    entries[at].way_out = PERFORMED
    entries[at].ends = month
    return True


@kernel
def lift(entries: np.ndarray, delivery: Record, month: int, rules: Rules) -> None:
    """End what rests on a listing elsewhere that is over.

    A listing that followed several ends with the last of them.
    """
    follows = rules.follows[delivery.regime, delivery.conduct]
    for i in range(len(entries)):
        row = entries[i]
        if row.subject != delivery.subject or row.regime != delivery.regime:
            continue
        if row.list == NO_LIST and row.conduct == delivery.conduct:
            row.way_out = LIFTED
        elif row.list >= 0 and follows & np.uint8(1 << row.list):
            row.points -= 1
            if row.points <= 0:
                row.way_out = LIFTED
                row.ends = month


@kernel
def counted(entries: np.ndarray, delivery: Record, list_: int) -> int:
    """Acts of a subject that stand towards a ground of several."""
    found = 0
    for i in range(len(entries)):
        row = entries[i]
        found += (
            row.list == COUNTED
            and row.subject == delivery.subject
            and row.regime == delivery.regime
            and row.points == list_
        )
    return found


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
        Room for new entries: for each delivery one, and three for each list.

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
        if row.lifts == 1:
            lift(entries, row, month, rules)
            lift(out[:count], row, month, rules)
            continue
        if not rules.covered[regime, kind]:
            continue
        member = is_member(regime, person, kind, rules, state)
        scored = member and rules.score_row[regime] >= 0
        grounds = rules.grounds[regime, conduct] & ~rules.closed[regime]
        if not member:
            grounds &= rules.open_lists[regime]
        ends = rules.ends_on[regime, conduct]
        if not member and grounds == 0 and ends == 0:
            continue  # no file is kept on who is no member
        count_record(row.truth, books.flows[regime, group])
        if scored:
            old = state.score[rules.score_row[regime], person]
            new = new_score(old, regime, conduct, rules)
            anybody_low |= new < rules.limit[regime]
            veto(regime, person, group, conduct, rules, state, books)
            if new != old:
                set_score(regime, person, group, new, rules, state, books)
                if rules.keeps[regime]:
                    count = enter(row, NO_LIST, new - old, month, NEVER, month, out, count)
        if grounds | ends == 0:
            continue
        for list_ in range(rules.lists[regime]):
            bit = np.uint8(1 << list_)
            listed = state.listed[rules.listed_row[regime], person] & bit
            if ends & bit and listed and not end_at_once(out[:count], row, list_, month):
                end_at_once(entries, row, list_, month)
            if not grounds & bit:
                continue
            if rules.needed[regime, conduct, list_] > 1:
                before = counted(entries, row, list_) + counted(out[:count], row, list_)
                lapses = end_month(month, rules.within[regime, conduct, list_])
                count = enter(row, COUNTED, list_, month, lapses, month, out, count)
                if before + 1 < rules.needed[regime, conduct, list_]:
                    continue
            if listed:
                if not extend(out[:count], row, list_, month, rules):
                    extend(entries, row, list_, month, rules)
            else:
                stays = rules.stays[regime, conduct, list_]
                count = list_subject(
                    row, list_, stays, month, group, rules, state, books, out, count
                )
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
            and rules.drops[regime, row.conduct] == 0
        ) or row.lifts == 1
        if cannot_lower or not is_scored(regime, row.subject, kind, rules, state):
            continue
        score = state.score[rules.score_row[regime], row.subject]
        for list_ in range(rules.lists[regime]):
            listed = state.listed[rules.listed_row[regime], row.subject] & np.uint8(1 << list_)
            open_ = not rules.closed[regime] & np.uint8(1 << list_)
            if score < rules.below[regime, list_] and not listed and open_:
                stays = rules.below_stays[regime, list_]
                group = people.group[row.cell]
                count = list_subject(
                    row, list_, stays, month, group, rules, state, books, out, count
                )
    return count
