"""Ways out: performance, repair, expiry, correction, a plea that was granted."""

from __future__ import annotations

import numpy as np

from scslab.core.compiled import inlined, kernel
from scslab.core.draws import address, below, decision, unit_for
from scslab.core.tables import (
    CORRECTED,
    COUNTED,
    EXEMPTED,
    EXEMPTED_COUNT,
    EXITS,
    EXPIRED,
    FILED,
    HARDSHIP_ENTRIES,
    HARDSHIP_LISTED,
    LIFTED,
    LIFTED_COUNT,
    LISTED,
    MONTHS_WRONGED,
    NEVER,
    NO_LIST,
    NO_SCORE,
    PERFORMANCES,
    PERFORMED,
    PERFORMED_FIRST,
    REMOVED,
    REMOVED_ON_PERFORMANCE,
    REPAIRED,
    REPAIRED_COUNT,
    STAYS,
    TRUE,
    WAITING,
    WRONGFUL_EXITS,
    WRONGFUL_LISTED,
    WRONGS_CORRECTED,
    Books,
    People,
    Record,
    Rules,
    State,
)
from scslab.regimes.arithmetic import moved
from scslab.regimes.month_lists import count_entry
from scslab.regimes.month_scores import give_grade, is_scored, set_score, too_low
from scslab.world.remedies.ways import Ways, in_hardship, word_of

PERFORMS, DAY, REPAIRS = (decision(f"remedy {w}") for w in ("performs", "day", "repairs"))


@inlined
def perform(row: Record, month: int, rules: Rules, ways: Ways, group: int, books: Books) -> None:
    """Let a rightly listed person perform the duty; removal follows within the legal days.

    Whoever is listed for what is not his has no duty of his own to perform.
    """
    if row.list < 0 or row.truth != TRUE or row.performed >= 0 or row.decided >= month:
        return
    regime = row.regime
    first = month - row.decided == 1
    chance = ways.performs_first[regime] if first else ways.performs_later[regime]
    if chance <= 0.0 or unit_for(address(word_of(row), PERFORMS), month) >= chance:
        return
    day = below(address(address(word_of(row), DAY), month), ways.days)
    row.performed = month
    if rules.removal[regime, row.list, day] < NEVER:
        row.way_out = PERFORMED
        # In time, the listing that waited is dropped.
        removed = month if row.begun > month else month + rules.removal[regime, row.list, day]
        row.ends = min(row.ends, removed)
    books.flows[regime, group, PERFORMANCES] += 1
    if first:
        books.flows[regime, group, PERFORMED_FIRST] += 1


@inlined
def repair(row: Record, month: int, rules: Rules, ways: Ways) -> None:
    """Let a subject leave early on application, where the rules have opened that way."""
    regime = row.regime
    if row.list == COUNTED or row.way_out != STAYS or ways.repairs[regime] <= 0.0:
        return
    since = int(row.begun)
    if row.list == NO_LIST:
        opens = rules.record_repair[regime, row.conduct]
    else:
        opens = rules.repair[regime, row.list]
        if rules.after_performance[regime, row.list]:
            if row.performed < 0:
                return
            since = int(row.performed)
    if opens >= NEVER or month - since < max(opens, 1):
        return
    if unit_for(address(word_of(row), REPAIRS), month) < ways.repairs[regime]:
        row.way_out = REPAIRED
        row.ends = month


@inlined
def count_exit(row: Record, month: int, group: int, books: Books) -> None:
    """Count a way off a list."""
    flows = books.flows[row.regime, group]
    books.stocks[row.regime, group, LISTED] -= 1
    flows[EXITS] += 1
    if row.truth != TRUE:
        books.stocks[row.regime, group, WRONGFUL_LISTED] -= 1
        flows[WRONGFUL_EXITS] += 1
    if row.state == CORRECTED:
        flows[REMOVED] += 1
        if row.truth != TRUE:
            flows[WRONGS_CORRECTED] += 1
            flows[MONTHS_WRONGED] += month - row.begun
    elif row.way_out == EXEMPTED:
        flows[EXEMPTED_COUNT] += 1
    elif row.way_out == PERFORMED:
        flows[REMOVED_ON_PERFORMANCE] += 1
    elif row.way_out == REPAIRED:
        flows[REPAIRED_COUNT] += 1
    elif row.way_out == LIFTED:
        flows[LIFTED_COUNT] += 1
    else:
        flows[EXPIRED] += 1


@inlined
def undo(
    row: Record, month: int, kind: int, group: int, rules: Rules, state: State, books: Books
) -> None:
    """Take back what an entry did: its points or its listing."""
    regime, person = row.regime, row.subject
    if row.state == FILED:
        books.stocks[regime, group, WAITING] -= 1
    if row.list == COUNTED:
        return
    scored = is_scored(regime, person, kind, rules, state)
    if row.list == NO_LIST:
        if row.way_out == REPAIRED:
            books.flows[regime, group, REPAIRED_COUNT] += 1
        if scored:
            old = state.score[rules.score_row[regime], person]
            new = moved(old, -row.points, rules.low[regime], rules.high[regime])
            set_score(regime, person, group, new, rules, state, books)
            graded = rules.yearly[regime] and rules.floor_count[regime] > 0
            if graded and row.grade >= 0 and row.state == CORRECTED:
                give_grade(regime, person, group, row.grade, rules, state, books)
        return
    state.listed[rules.listed_row[regime], person] &= np.uint8(255 - (1 << row.list))
    if row.begun > month:  # it never took effect
        if row.way_out == EXEMPTED:
            books.flows[regime, group, EXEMPTED_COUNT] += 1
        return
    count_exit(row, month, group, books)
    after = rules.score_after[regime, row.list]
    if scored and after != NO_SCORE and row.state != CORRECTED:
        after = moved(after, 0, rules.low[regime], rules.high[regime])
        set_score(regime, person, group, after, rules, state, books)


@inlined
def has_risen(row: Record, kind: int, rules: Rules, state: State) -> bool:
    """Whether a score or grade that listed its subject without a term is no longer a ground."""
    regime = row.regime
    if row.list < 0 or row.ends < NEVER:
        return False
    if rules.below[regime, row.list] == NO_SCORE and rules.by_grade[regime, row.list] == 0:
        return False
    if row.conduct >= 0 and rules.grounds[regime, row.conduct] & np.uint8(1 << row.list):
        return False  # an act put it there
    if not is_scored(regime, row.subject, kind, rules, state):
        return True
    return not too_low(regime, row.subject, row.list, rules, state)


@inlined
def has_ended(row: Record, month: int, kind: int, rules: Rules, state: State) -> bool:
    """Whether the term of an entry is over.

    A retention limit that comes into force later also ends the records that stand by then, and a
    list that closes lets everybody go.
    """
    if row.state == CORRECTED or row.way_out == LIFTED or row.way_out == EXEMPTED:
        return True
    if row.conduct >= 0 and rules.stopped[row.regime, row.conduct]:
        row.way_out = LIFTED
        return True
    if has_risen(row, kind, rules, state):
        row.way_out = LIFTED
        return True
    if row.list == NO_LIST:
        return row.way_out == REPAIRED or month - row.begun >= rules.record_ends[row.regime]
    if row.list >= 0 and rules.closed[row.regime] & np.uint8(1 << row.list):
        row.way_out = LIFTED
        return True
    return row.ends <= month


@inlined
def moves_on(row: Record, month: int, rules: Rules) -> bool:
    """Whether an entry has stood so long that it moves to another list."""
    if row.list < 0 or rules.moves_to[row.regime, row.list] < 0:
        return False
    return month - row.begun >= rules.moves_after[row.regime, row.list]


@inlined
def move(row: Record, month: int, group: int, rules: Rules, state: State, books: Books) -> bool:
    """Move an entry to the list that it escalates to; False where the subject is on it already."""
    regime, target = row.regime, rules.moves_to[row.regime, row.list]
    bit = np.uint8(1 << target)
    already = state.listed[rules.listed_row[regime], row.subject] & bit
    if already or rules.closed[regime] & bit:
        return False
    state.listed[rules.listed_row[regime], row.subject] &= np.uint8(255 - (1 << row.list))
    state.listed[rules.listed_row[regime], row.subject] |= bit
    count_exit(row, month, group, books)
    count_entry(regime, group, row.truth, books)
    row.list = target
    row.decided, row.begun, row.performed = month, month, -1
    row.way_out = STAYS
    stays = rules.own_stays[regime, target]
    row.ends = NEVER if stays >= NEVER else month + stays
    return True


@kernel
def leave(
    entries: np.ndarray,
    month: int,
    people: People,
    rules: Rules,
    state: State,
    ways: Ways,
    books: Books,
    left: np.ndarray,
    moved_on: np.ndarray,
) -> tuple[int, int, int]:
    """End what is performed, repaired, expired, corrected or lifted.

    Parameters
    ----------
    left, moved_on : ENTRY[n]
        Room for listings that end, as they were, and for those that move to another list, as they
        are afterwards.

    Returns
    -------
    tuple of int
        How many entries stand, in their order; how many left; how many moved.
    """
    kept, gone, shifted = 0, 0, 0
    for i in range(len(entries)):
        row = entries[i]
        kind, group = people.kind[row.cell], people.group[row.cell]
        if row.state != CORRECTED and row.way_out != EXEMPTED:
            perform(row, month, rules, ways, group, books)
            repair(row, month, rules, ways)
        if has_ended(row, month, kind, rules, state):
            undo(row, month, kind, group, rules, state, books)
            if row.list >= 0 and row.begun <= month:
                left[gone] = entries[i]
                gone += 1
            continue
        if moves_on(row, month, rules):
            left[gone] = entries[i]
            if move(row, month, group, rules, state, books):
                if in_hardship(row, kind, ways):
                    books.flows[row.regime, group, HARDSHIP_ENTRIES] += 1
                gone += 1
                moved_on[shifted] = entries[i]
                shifted += 1
            elif not rules.closed[row.regime] & np.uint8(1 << rules.moves_to[row.regime, row.list]):
                undo(row, month, kind, group, rules, state, books)  # on the other list already
                gone += 1
                continue
        if kept != i:
            entries[kept] = entries[i]
        kept += 1
    return kept, gone, shifted


@kernel
def count_standing_hardship(
    entries: np.ndarray, month: int, people: People, ways: Ways, books: Books
) -> None:
    """Count who stands on a list at the end of the month for an act of hardship."""
    for i in range(len(entries)):
        row = entries[i]
        if row.list >= 0 and row.begun <= month and in_hardship(row, people.kind[row.cell], ways):
            books.stocks[row.regime, people.group[row.cell], HARDSHIP_LISTED] += 1
