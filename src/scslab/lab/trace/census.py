"""Who is listed, how it ended, who is rewarded: one pass over the months, a short row for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scslab.core.compiled import kernel
from scslab.core.tables import (
    COMPLAINED,
    CORRECTED,
    ENTRY,
    REJECTED,
    TRUE,
    UNTOLD,
    People,
    State,
)
from scslab.lab.month import Month
from scslab.lab.shard import Shard
from scslab.lab.trace.rewards import earning
from scslab.lab.world import World
from scslab.world.remedies.ways import Ways, in_hardship

# One row per listing that took effect, or per record that brought a reward (list NO_LIST).
FOUND = np.dtype(
    [
        ("luck", "u8"),
        ("record", "u8"),
        ("subject", "i4"),
        ("cell", "i4"),
        ("regime", "i2"),
        ("conduct", "i2"),
        ("begun", "i2"),
        ("left", "i2"),  # -1 while it stands
        ("list", "i1"),
        ("truth", "i1"),
        ("state", "i1"),
        ("way_out", "i1"),
        ("steps", "i1"),  # told, objected, decided, performed, left
        ("late", "i1"),  # corrected after the deadline of the rules
        ("hardship", "i1"),
        ("systems", "i2"),  # that hold the same false record against the subject
    ],
    align=True,
)
HELD = np.dtype([("record", "u8"), ("subject", "i4"), ("regime", "i2")], align=True)


@kernel
def mark_hardship(entries: np.ndarray, people: People, ways: Ways, out: np.ndarray) -> None:
    """Which entries rest on an act that hardship brought about; out: i1[n]."""
    for i in range(len(entries)):
        out[i] = in_hardship(entries[i], people.kind[entries[i].cell], ways)


@dataclass
class Census:
    """An onlooker who counts the listings that end or stand at the end, and the rewards."""

    length: int
    found: list[np.ndarray] = field(default_factory=list)
    held: list[np.ndarray] = field(default_factory=list)
    earned: dict[tuple[int, int], np.ndarray] = field(default_factory=dict)

    def before(self, stage: str, world: World, month: Month, state: State, shard: Shard) -> Any:
        """How many entries stood before the rating."""
        return len(shard.entries) if stage == "rating" else None

    def after(
        self, stage: str, world: World, month: Month, state: State, shard: Shard, kept: Any
    ) -> None:
        """Note false records that are entered, and what has ended by the end of the month."""
        if stage == "rating":
            entered = shard.entries[kept:]
            false = entered[entered["truth"] != TRUE]
            if len(false):
                rows = np.empty(len(false), HELD)
                for name in HELD.names or ():
                    rows[name] = false[name]
                self.held.append(rows)
        if stage != "exits":
            return
        over = shard.left[shard.left["list"] >= 0]
        if len(over):
            self.found.append(rows_of(over, month.index, world, month))
        if month.index == self.length - 1:
            entries = shard.entries
            standing = entries[(entries["list"] >= 0) & (entries["begun"] <= month.index)]
            self.found.append(rows_of(standing, -1, world, month))
        self.note_rewards(world, month, state, shard)

    def note_rewards(self, world: World, month: Month, state: State, shard: Shard) -> None:
        """Note who earns a reward from this month on because of a record that arrived in it."""
        for regime, rules in enumerate(world.regimes):
            if not rules.rewards:
                continue
            first, now = earning(world, month, state, shard, regime)
            key = (shard.districts[0], regime)
            was = self.earned.get(key)
            self.earned[key] = now
            if was is None:
                continue
            came = shard.deliveries
            came = came[(came["regime"] == regime) & (came["lifts"] == 0)]
            at = came["subject"] - first
            came = came[now[at] & ~was[at]]
            if len(came):
                self.found.append(reward_rows(came, month.index))

    def table(self) -> np.ndarray:
        """All that was found, FOUND[n], in an order that no cut into shards can change."""
        found = np.concatenate([np.empty(0, FOUND), *self.found])
        names = ("luck", "list", "regime", "begun", "subject")
        found = found[np.lexsort(tuple(found[name] for name in names))]
        false = found["truth"] != TRUE
        found["systems"][false] = systems(found[false], self.held)
        return found


def rows_of(entries: np.ndarray, left: int, world: World, month: Month) -> np.ndarray:
    """The rows of some listings, as they were at the end."""
    rows = np.zeros(len(entries), FOUND)
    for name in FOUND.names or ():
        if name in (ENTRY.names or ()):
            rows[name] = entries[name]
    rows["left"] = left
    state = entries["state"]
    decided = np.isin(state, (REJECTED, CORRECTED, COMPLAINED))
    rows["steps"] = (
        (state != UNTOLD).astype(np.int8)
        + (entries["filed"] >= 0)
        + decided
        + (entries["performed"] >= 0)
        + (left >= 0)
    )
    rows["late"] = late(entries, month)
    if month.ways.hardship.any():
        marks = np.zeros(len(entries), np.int8)
        mark_hardship(entries, world.people, month.ways, marks)
        rows["hardship"] = marks
    return rows


def late(entries: np.ndarray, month: Month) -> np.ndarray:
    """Which entries were corrected on an objection decided after the deadline, bool[n]."""
    ways, regime = month.ways, entries["regime"]
    objected = (entries["state"] == CORRECTED) & (entries["filed"] >= 0)
    days = (entries["due"] - entries["filed_at"]).astype(np.float64)
    months = month.index - entries["filed"].astype(np.int64)
    over = np.where(
        ways.staffed[regime], days > ways.deadline[regime], months > month.rules.deadline[regime]
    )
    found: np.ndarray = objected & over
    return found


def reward_rows(deliveries: np.ndarray, index: int) -> np.ndarray:
    """The rows of records that brought a reward."""
    rows = np.zeros(len(deliveries), FOUND)
    for name in ("luck", "record", "subject", "cell", "regime", "conduct", "truth"):
        rows[name] = deliveries[name]
    rows["begun"], rows["left"], rows["list"] = index, -1, -1
    return rows


def systems(found: np.ndarray, held: list[np.ndarray]) -> np.ndarray:
    """How many regimes hold the false record of each row against its subject, i8[n]."""
    rows = np.unique(np.concatenate([np.empty(0, HELD), *held]))
    keys, counts = np.unique(rows[["record", "subject"]], return_counts=True)
    wanted = np.empty(len(found), keys.dtype)
    wanted["record"], wanted["subject"] = found["record"], found["subject"]
    at = np.searchsorted(keys, wanted)
    at = np.minimum(at, max(len(keys) - 1, 0))
    return np.where(keys[at] == wanted, counts[at], 0) if len(keys) else np.zeros(len(found))
