"""What a stage changed in the files of one subject: the rows before and after, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from scslab.core.tables import (
    COMPLAINED,
    CORRECTED,
    COUNTED,
    EXEMPTED,
    FILED,
    LIFTED,
    NEVER,
    NO_LIST,
    PERFORMED,
    REJECTED,
    SILENT,
    TOLD,
    UNTOLD,
    People,
)
from scslab.lab.month import Month
from scslab.lab.shard import Shard
from scslab.lab.trace.seen import Seen

Key = tuple[int, int, int]  # luck, list, and the list towards which it counts
Files = dict[Key, np.void]


@dataclass(frozen=True)
class Look:
    """The entries of one subject before and after a stage, and its scores that moved."""

    people: People
    month: Month
    stage: str
    subject: int
    record: int
    was: Files
    now: Files
    scores: dict[int, tuple[int | None, int]]
    shard: Shard

    def seen(self, kind: str, row: np.void, was: np.void | None = None, **facts: Any) -> Seen:
        """Something seen in this look, with the score of the row's regime if it moved."""
        score = self.scores.get(int(row["regime"]))
        if score is not None:
            facts = {"score": score, **facts}
        return Seen(self.month, self.stage, kind, row, was, facts)


def noted(look: Look) -> Iterator[Seen]:
    """All that a stage changed."""
    if look.stage in ("enrolment", "rating"):
        yield from opened(look)
    by_stage = {
        "rating": lengthened,
        "consequences": learned,
        "notice": told,
        "review": reviewed,
        "exits": ended,
    }
    if look.stage in by_stage:
        yield from by_stage[look.stage](look)


def both(look: Look) -> Iterator[tuple[np.void, np.void]]:
    """Each entry that was there before, as it was and as it is."""
    for key, was in look.was.items():
        if key in look.now:
            yield was, look.now[key]


def opened(look: Look) -> Iterator[Seen]:
    """Entries that are new."""
    index = look.month.index
    for key, row in look.now.items():
        if key in look.was:
            continue
        if row["list"] == NO_LIST:
            yield look.seen("points", row)
        elif row["list"] == COUNTED:
            yield look.seen("counted", row)
        else:
            yield look.seen("listed" if row["begun"] <= index else "to be listed", row)


def unentered(look: Look, deliveries: np.ndarray) -> Iterator[Seen]:
    """Records that are not kept one by one: those that moved a score, and those of no effect."""
    opened_now = [row for key, row in look.now.items() if key not in look.was]
    entered = {(int(row["regime"]), int(row["record"])) for row in opened_now}
    longer = {int(row["regime"]) for was, row in both(look) if row["ends"] != was["ends"]}
    for row in deliveries:
        regime = int(row["regime"])
        if (regime, int(row["record"])) in entered:
            continue
        moved = regime in look.scores and look.scores[regime][0] is not None
        without = "lengthens another" if regime in longer else "no effect"
        yield look.seen("points" if moved else without, row)


def lengthened(look: Look) -> Iterator[Seen]:
    """Listings that take effect, that a further record lengthens, or that another one ends."""
    for was, row in both(look):
        if row["list"] < 0:
            continue
        if row["begun"] == look.month.index > row["decided"]:
            yield look.seen("in effect", row, was)
        if row["way_out"] == LIFTED != was["way_out"]:
            yield look.seen("nothing to follow", row, was)
        elif row["way_out"] == PERFORMED != was["way_out"]:
            yield look.seen("ended by an act", row, was)
        elif row["ends"] != was["ends"] or row["points"] != was["points"]:
            yield look.seen("lengthened", row, was)


def learned(look: Look) -> Iterator[Seen]:
    """Entries of which a refusal told."""
    for was, row in both(look):
        if was["state"] == UNTOLD and row["state"] == TOLD:
            yield look.seen("learns", row, was)


def told(look: Look) -> Iterator[Seen]:
    """Notices, hearings, pleas and objections."""
    takes = look.month.ways.notice_takes
    for was, row in both(look):
        if was["state"] not in (UNTOLD, TOLD):
            continue
        if was["state"] == UNTOLD and row["state"] == UNTOLD:
            if look.month.index - row["decided"] == takes[row["regime"]].max():
                yield look.seen("not told", row, was)
            continue
        if was["state"] == UNTOLD:
            yield look.seen("told", row, was)
        if row["state"] == CORRECTED:
            yield look.seen("cleared", row, was)
        elif row["way_out"] == EXEMPTED:
            yield look.seen("let off", row, was)
        elif row["state"] == FILED:
            yield look.seen("objects", row, was)
        elif row["state"] == SILENT:
            yield look.seen("silent", row, was)


def reviewed(look: Look) -> Iterator[Seen]:
    """Decisions of desks and supervisors, and corrections that come from elsewhere."""
    for was, row in both(look):
        changed = row["state"] != was["state"]
        if not changed or (row["state"] == CORRECTED and learned_of(look, row)):
            continue
        if was["state"] == FILED:
            yield look.seen("upheld" if row["state"] == CORRECTED else "rejected", row, was)
            if row["state"] == COMPLAINED:
                yield look.seen("complains", row, was)
        elif was["state"] == COMPLAINED:
            kind = "supervisor rejects" if row["state"] == REJECTED else "supervisor upholds"
            yield look.seen(kind, row, was)
    made = corrections(look)
    for was, row in both(look):
        sources = [int(r) for r in made["regime"][is_source(look, made, row)]]
        if row["told_of"] < NEVER == was["told_of"]:
            yield look.seen("correction sent", row, was, by=sources)
        elif sources and row["told_of"] == NEVER and row["state"] != CORRECTED:
            yield look.seen("correction missed", row, was, by=sources)
        if row["state"] == CORRECTED != was["state"] and learned_of(look, row):
            yield look.seen("corrected elsewhere", row, was)


def learned_of(look: Look, row: np.void) -> bool:
    """Whether news of a correction elsewhere has arrived."""
    return bool(row["told_of"] <= look.month.index)


def corrections(look: Look) -> np.ndarray:
    """The entries on the record of the story that were corrected this month, whoever's they are.

    What only learns of a correction tells nobody.
    """
    entries = look.shard.entries
    if not any(row["record"] == np.uint64(look.record) for row in look.now.values()):
        return entries[:0]
    same = entries[entries["record"] == np.uint64(look.record)]
    made: np.ndarray = same[(same["state"] == CORRECTED) & (same["told_of"] > look.month.index)]
    return made


def is_source(look: Look, made: np.ndarray, row: np.void) -> np.ndarray:
    """Which corrections are made elsewhere, of a record that an entry rests on; bool[n]."""
    district = look.people.district
    found: np.ndarray = (
        (made["record"] == row["record"])
        & (made["regime"] != row["regime"])
        & (made["truth"] == row["truth"])
        & (district[made["cell"]] == district[row["cell"]])
    )
    return found


def ended(look: Look) -> Iterator[Seen]:
    """Duties performed, entries that move to another list, and entries that are over."""
    index = look.month.index
    left = look.shard.left
    over = {
        (int(row["luck"]), int(row["list"]), 0): row
        for row in left[left["subject"] == look.subject].copy()
    }
    for key, was in look.was.items():
        row = look.now.get(key)
        last = row if row is not None else over.get(key, was)
        if last["performed"] == index != was["performed"]:
            yield look.seen("performs", last, was)
        if row is not None:
            continue
        moved = next(
            (now for k, now in look.now.items() if k[0] == key[0] and k not in look.was), None
        )
        if moved is not None and was["list"] >= 0:
            yield look.seen("moves", moved, was)
        elif was["list"] >= 0:
            yield look.seen("leaves" if was["begun"] <= index else "never listed", last, was)
        elif was["list"] == NO_LIST:
            yield look.seen("points back", last, was)
