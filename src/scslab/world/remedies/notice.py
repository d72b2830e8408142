"""Notice, hearing, the plea of hardship, objection: what the entered hear and say."""

from __future__ import annotations

import numpy as np

from scslab.core.compiled import inlined, kernel
from scslab.core.draws import address, decision, unit_for
from scslab.core.tables import (
    CLEARED,
    CLEARED_WRONGED,
    CORRECTED,
    DAYS,
    EXEMPTED,
    FILED,
    HARDSHIP_ENTRIES,
    HEARD,
    OBJECTIONS,
    OBJECTIONS_WRONGED,
    SILENT,
    TOLD,
    TOLD_COUNT,
    TRUE,
    UNTOLD,
    WAITING,
    Books,
    People,
    Record,
)
from scslab.world.remedies.ways import RIGHTFUL, WRONGED, Ways, in_hardship, word_of

NOTICE, OBJECTS, DAY_FILED, APPEARS, CLEARS, APPLIES, GRANTS = (
    decision(f"remedy {w}")
    for w in ("notice", "objects", "day filed", "appears", "clears", "applies", "grants")
)


@inlined
def is_told(row: Record, kind: int, month: int, ways: Ways) -> bool:
    """Whether notice of an entry arrives this month, by any channel."""
    for channel in range(ways.notice.shape[1]):
        if month - row.decided != ways.notice_takes[row.regime, channel]:
            continue
        luck = word_of(row) if channel == 0 else address(word_of(row), channel)
        if unit_for(luck, NOTICE) < ways.notice[row.regime, channel, kind]:
            return True
    return False


@inlined
def is_cleared(row: Record, month: int, group: int, ways: Ways, books: Books) -> bool:
    """Whether a hearing before the listing finds that there is no ground for it."""
    if row.list < 0 or row.begun <= month:
        return False
    side = WRONGED if row.truth != TRUE else RIGHTFUL
    appears = ways.appears[row.regime, side]
    if appears <= 0.0 or unit_for(word_of(row), APPEARS) >= appears:
        return False
    books.flows[row.regime, group, HEARD] += 1
    if unit_for(word_of(row), CLEARS) >= ways.clears[row.regime, side]:
        return False
    books.flows[row.regime, group, CLEARED] += 1
    if side == WRONGED:
        books.flows[row.regime, group, CLEARED_WRONGED] += 1
    return True


@inlined
def is_let_off(row: Record, kind: int, ways: Ways) -> bool:
    """Whether who is told of a listing asks to be let off for hardship, and is."""
    if row.list < 0 or row.conduct < 0 or not ways.hardship_acts[row.regime, row.conduct]:
        return False
    side = 0 if in_hardship(row, kind, ways) else 1
    applies = ways.applies[row.regime, side]
    if applies <= 0.0 or unit_for(word_of(row), APPLIES) >= applies:
        return False
    return unit_for(word_of(row), GRANTS) < ways.grants[row.regime, side]


@kernel
def tell(entries: np.ndarray, month: int, people: People, ways: Ways, books: Books) -> None:
    """Give notice of entries; whoever knows of one is heard, asks to be let off, or objects, once.

    An entry that a hearing clears counts as corrected and ends before it takes effect.
    """
    for i in range(len(entries)):
        row = entries[i]
        if row.state != UNTOLD and row.state != TOLD:
            continue
        regime = row.regime
        kind, group = people.kind[row.cell], people.group[row.cell]
        if row.state == UNTOLD:
            if not is_told(row, kind, month, ways):
                continue
            row.state = TOLD
            books.flows[regime, group, TOLD_COUNT] += 1
        if is_cleared(row, month, group, ways, books):
            row.state = CORRECTED
            continue
        if is_let_off(row, kind, ways):
            row.state = SILENT
            row.way_out = EXEMPTED
            continue
        wronged = row.truth != TRUE
        share = ways.objects[WRONGED if wronged else RIGHTFUL, regime, kind]
        if unit_for(word_of(row), OBJECTS) >= share:
            row.state = SILENT
            continue
        row.state = FILED
        row.filed = month
        row.filed_at = DAYS * (month + unit_for(word_of(row), DAY_FILED))
        books.flows[regime, group, OBJECTIONS] += 1
        books.stocks[regime, group, WAITING] += 1
        if wronged:
            books.flows[regime, group, OBJECTIONS_WRONGED] += 1


@kernel
def count_hardship(
    entries: np.ndarray, month: int, people: People, ways: Ways, books: Books
) -> None:
    """Count the listings of this month that rest on an act of hardship."""
    for i in range(len(entries)):
        row = entries[i]
        if row.list >= 0 and row.begun == month and in_hardship(row, people.kind[row.cell], ways):
            books.flows[row.regime, people.group[row.cell], HARDSHIP_ENTRIES] += 1
