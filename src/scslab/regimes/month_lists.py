"""Entries in a month: opened, found, lengthened, ended by what happens elsewhere."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scslab.core.compiled import inlined, kernel
from scslab.core.tables import (
    COUNTED,
    ENTRIES,
    LIFTED,
    LISTED,
    NEVER,
    NO_LIST,
    PERFORMED,
    SILENT,
    STAYS,
    TRUE,
    UNTOLD,
    WRONGFUL_ENTRIES,
    WRONGFUL_LISTED,
    Books,
    People,
    Record,
    Rules,
    State,
)


class Files(NamedTuple):
    """The entries of a shard, those of each subject chained: to find one needs no search of all."""

    standing: np.ndarray  # ENTRY[n]: those that stood at the start of the month
    opened: np.ndarray  # ENTRY[m]: room for those of the month; numbered on from the standing
    last: np.ndarray  # the last entry of each subject of the shard, -1 without; i4[subjects]
    before: np.ndarray  # the subject's entry before this one, -1 without; i4[n + m]
    first: int  # the first subject of the shard


@kernel
def file_entries(files: Files) -> None:
    """Chain the standing entries of each subject."""
    files.last[:] = -1
    for i in range(len(files.standing)):
        subject = files.standing[i].subject - files.first
        files.before[i] = files.last[subject]
        files.last[subject] = i


@inlined
def entry_at(files: Files, i: int) -> Record:
    """An entry by its number."""
    n = len(files.standing)
    return files.standing[i] if i < n else files.opened[i - n]


@inlined
def enter(
    delivery: Record,
    list_: int,
    points: int,
    begins: int,
    ends: int,
    month: int,
    files: Files,
    count: int,
) -> int:
    """Open an entry; the new number of entries opened."""
    if count < len(files.opened):
        number = len(files.standing) + count
        files.before[number] = files.last[delivery.subject - files.first]
        files.last[delivery.subject - files.first] = number
        row = files.opened[count]
        row.luck = delivery.luck
        row.subject = delivery.subject
        row.cell = delivery.cell
        row.points = points
        row.decided = month
        row.begun = begins
        row.ends = ends
        row.grade = -1
        row.filed = -1
        row.performed = -1
        row.conduct = delivery.conduct
        row.regime = delivery.regime
        row.list = list_
        row.truth = delivery.truth
        row.record = delivery.record
        row.told_of = NEVER
        row.filed_at = -1.0
        row.due = -1.0
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


@kernel
def list_subject(
    delivery: Record,
    list_: int,
    stays: int,
    month: int,
    group: int,
    rules: Rules,
    state: State,
    books: Books,
    files: Files,
    count: int,
) -> int:
    """Put a subject on a list, at once or after the list's waiting time; the number of entries."""
    regime, bit = delivery.regime, np.uint8(1 << list_)
    begins = month + rules.waits[regime, list_]
    state.listed[rules.listed_row[regime], delivery.subject] |= bit
    follows = 0  # listings elsewhere that hold it up
    if delivery.conduct >= 0 and rules.follows[regime, delivery.conduct] & bit:
        follows = 1
    if begins == month:
        count_entry(regime, group, delivery.truth, books)
    return enter(delivery, list_, follows, begins, end_month(begins, stays), month, files, count)


@kernel
def begin_waiting(entries: np.ndarray, month: int, people: People, books: Books) -> None:
    """Let the listings take effect whose waiting time is over."""
    for i in range(len(entries)):
        row = entries[i]
        if row.list >= 0 and row.begun == month and row.decided < month:
            count_entry(row.regime, people.group[row.cell], row.truth, books)


@kernel
def find(files: Files, subject: int, regime: int, list_: int) -> int:
    """The number of a subject's entry on a list, -1 if there is none."""
    i = files.last[subject - files.first]
    while i >= 0:
        row = entry_at(files, i)
        if row.regime == regime and row.list == list_:
            return i
        i = files.before[i]
    return -1


@kernel
def extend(files: Files, delivery: Record, list_: int, month: int, rules: Rules) -> None:
    """Lengthen the term of a subject's listing.

    A further ground without a term takes the term away; one that meets a subject who has
    performed and waits for removal begins a term of its own. A listing that follows others
    stands as long as one of them does.
    """
    regime, conduct = delivery.regime, delivery.conduct
    at = find(files, delivery.subject, regime, list_)
    if at < 0:
        return
    row = entry_at(files, at)
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


@kernel
def end_at_once(files: Files, delivery: Record, list_: int, month: int) -> None:
    """End a subject's listing because of an act that ends it."""
    at = find(files, delivery.subject, delivery.regime, list_)
    if at >= 0:
        row = entry_at(files, at)
        row.way_out = PERFORMED
        row.ends = month


@kernel
def lift(files: Files, delivery: Record, month: int, rules: Rules) -> None:
    """End what rests on a listing elsewhere that is over.

    A listing that followed several ends with the last of them; one that followed none, because
    the ground was not in force when the other began, has nothing to lose.
    """
    follows = rules.ends_with[delivery.regime, delivery.conduct]
    i = files.last[delivery.subject - files.first]
    while i >= 0:
        row = entry_at(files, i)
        i = files.before[i]
        if row.regime != delivery.regime:
            continue
        if row.list == NO_LIST and row.conduct == delivery.conduct:
            row.way_out = LIFTED
        elif row.list >= 0 and row.points > 0 and follows & np.uint8(1 << row.list):
            row.points -= 1
            if row.points == 0:
                row.way_out = LIFTED
                row.ends = month


@kernel
def counted(files: Files, delivery: Record, list_: int, rules: Rules) -> int:
    """Acts of a subject that stand towards a ground of several."""
    found = 0
    ground = rules.ground[delivery.regime, delivery.conduct, list_]
    i = files.last[delivery.subject - files.first]
    while i >= 0:
        row = entry_at(files, i)
        i = files.before[i]
        found += (
            row.list == COUNTED
            and row.regime == delivery.regime
            and row.points == list_
            and rules.ground[row.regime, row.conduct, list_] == ground
        )
    return found
