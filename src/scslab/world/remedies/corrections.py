"""Corrections that travel: who else holds the record, and whom the correction reaches."""

from __future__ import annotations

import numpy as np

from scslab.core.compiled import inlined, kernel
from scslab.core.draws import address, decision, unit_for
from scslab.core.tables import (
    COPIES,
    COPIES_CORRECTED,
    CORRECTED,
    FILED,
    NEVER,
    WAITING,
    Books,
    People,
    Record,
)
from scslab.world.remedies.ways import Ways

REACHED = decision("remedy correction reaches")


def spread(entries: np.ndarray, month: int, people: People, ways: Ways, books: Books) -> None:
    """Tell other systems of this month's corrections; let those that arrive now count.

    A system holds a copy where an entry of it, about a subject of the same district, rests on the
    same record and is as true or as false: whom only a platform took for another, the others know
    by the right name. What a correction elsewhere has corrected tells nobody in turn: who told it
    tells all.
    """
    # What was corrected in months before is gone: these are corrections of this month.
    made = np.flatnonzero(entries["state"] == CORRECTED)
    arrive(entries, month, people, books)
    if not len(made):
        return
    made = made[np.argsort(entries["record"][made], kind="stable")]
    copies = np.empty(len(entries), np.int64)
    copies = copies[: find_copies(entries, made, people, copies)]
    if len(copies):
        rows = entries[copies]
        order = np.lexsort((rows["subject"], rows["regime"], rows["truth"], rows["record"]))
        tell_holders(entries, made, copies[order], month, people, ways, books)


@inlined
def correct(row: Record, people: People, books: Books) -> None:
    """Let a correction made elsewhere count; an objection that waits has nothing left to ask."""
    if row.state == FILED:
        books.stocks[row.regime, people.group[row.cell], WAITING] -= 1
    row.state = CORRECTED


@kernel
def arrive(entries: np.ndarray, month: int, people: People, books: Books) -> None:
    """Let the corrections count of which other systems learn this month."""
    for i in range(len(entries)):
        row = entries[i]
        if row.told_of <= month and row.state != CORRECTED:
            correct(row, people, books)


@inlined
def first_of(entries: np.ndarray, made: np.ndarray, record: np.uint64) -> int:
    """The place in `made` of the first entry that rests on a record, or on a later one."""
    low, high = 0, len(made)
    while low < high:
        middle = (low + high) // 2
        if entries[made[middle]].record < record:
            low = middle + 1
        else:
            high = middle
    return low


@inlined
def is_copy(row: Record, source: Record, people: People) -> bool:
    """Whether an entry is another system's copy of a corrected one on the same record.

    What the record did elsewhere in the operator's own files is objected to by itself.
    """
    return (
        source.regime != row.regime
        and source.truth == row.truth
        and people.district[source.cell] == people.district[row.cell]
    )


@kernel
def find_copies(entries: np.ndarray, made: np.ndarray, people: People, out: np.ndarray) -> int:
    """Write the places of all copies that nobody has told of a correction yet; how many."""
    count = 0
    for i in range(len(entries)):
        row = entries[i]
        if row.state == CORRECTED or row.told_of < NEVER:
            continue
        at = first_of(entries, made, row.record)
        while at < len(made) and entries[made[at]].record == row.record:
            if is_copy(row, entries[made[at]], people):
                out[count] = i
                count += 1
                break
            at += 1
    return count


@kernel
def tell_holders(
    entries: np.ndarray,
    made: np.ndarray,
    copies: np.ndarray,
    month: int,
    people: People,
    ways: Ways,
    books: Books,
) -> None:
    """Draw which holders a correction reaches; a system with several entries is counted once.

    Parameters
    ----------
    made : i8[n]
        Places of the entries corrected this month, in the order of their records.
    copies : i8[m]
        Places of the copies, those of one system about one subject next to each other.
    """
    last, reached = 0, False
    for i in range(len(copies)):
        row, before = entries[copies[i]], entries[copies[last]]
        same = i > 0 and row.record == before.record and row.truth == before.truth
        same = same and row.regime == before.regime and row.subject == before.subject
        flows = books.flows[row.regime, people.group[row.cell]]
        if not same:
            last, reached = i, False
            flows[COPIES] += 1
        arrives = arrival(entries, made, row, month, people, ways)
        if arrives == NEVER:
            continue
        if not reached:
            reached = True
            flows[COPIES_CORRECTED] += 1
        row.told_of = arrives
        if arrives <= month:
            correct(row, people, books)


@inlined
def arrival(
    entries: np.ndarray, made: np.ndarray, row: Record, month: int, people: People, ways: Ways
) -> int:
    """The month in which the holder of a copy learns of a correction, NEVER if nobody tells."""
    found = NEVER
    at = first_of(entries, made, row.record)
    while at < len(made) and entries[made[at]].record == row.record:
        source = entries[made[at]]
        at += 1
        if not is_copy(row, source, people):
            continue
        luck = unit_for(address(row.luck, REACHED), ways.tells[source.regime])
        if luck < ways.reaches[source.regime]:
            found = min(found, month + int(ways.reach_takes[source.regime]))
    return found
