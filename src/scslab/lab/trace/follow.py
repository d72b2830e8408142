"""Follow one subject through the months: what each stage changes in its files, noted as it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scslab.core.tables import COUNTED, MAX_LISTS, Books, State
from scslab.lab.month import Month
from scslab.lab.pipeline import STAGES
from scslab.lab.shard import Shard, make_books
from scslab.lab.trace.changes import Files, Key, Look, noted, unentered
from scslab.lab.trace.rewards import earned_by
from scslab.lab.trace.seen import Seen
from scslab.lab.trace.trials import bitten
from scslab.lab.world import World

AT = {stage.name: i for i, stage in enumerate(STAGES)}


@dataclass
class Follower:
    """An onlooker who follows one subject and the record on which its story rests.

    Attributes
    ----------
    subject, cell : int
    record : int
        The word of the record; the act has the same.
    seen : list of Seen
        What was noted, in no order.
    """

    subject: int
    cell: int
    record: int
    seen: list[Seen] = field(default_factory=list)
    places: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    looked: int = 0  # how many entries of the shard have been looked through
    files: Files = field(default_factory=dict)
    scores: dict[int, int] = field(default_factory=dict)
    rewards: dict[int, tuple[str, ...]] = field(default_factory=dict)
    measures: dict[Key, tuple[str, ...]] = field(default_factory=dict)
    written: bool = False
    scratch: Books | None = None
    last: Month | None = None

    def before(self, stage: str, world: World, month: Month, state: State, shard: Shard) -> Any:
        """What is refused this month, before it is; how many entries stood."""
        if stage == "consequences" and self.lives_in(world, shard):
            if self.scratch is None:
                self.scratch = make_books(world)
            args = (world, month, state, shard, self.scratch)
            mine = {key: row for key, row in self.files.items() if self.is_main(row)}
            return {key: bitten(*args, row) for key, row in mine.items()}
        return len(shard.entries)

    def after(
        self, stage: str, world: World, month: Month, state: State, shard: Shard, kept: Any
    ) -> None:
        """Note what the stage did to the subject, and to the record wherever it is."""
        here = self.lives_in(world, shard)
        self.last = month
        if stage == "conduct":
            self.note_acts(month, shard, here)
        if stage == "rating":
            self.note_others(month, shard, kept)
        if not here:
            return
        if stage in ("records", "human review"):
            self.note_records(stage, world, month, shard)
            return
        if stage == "conduct":
            return
        was, scores = self.files, self.scores
        self.look_through(stage, shard)
        self.files = by_key(shard.entries[self.places].copy())
        self.scores = scores_of(self.subject, month, state)
        moved = {r: (scores.get(r), now) for r, now in self.scores.items() if scores.get(r) != now}
        if stage == "consequences":
            self.note_bites(month, was, kept)
        look = Look(
            world.people, month, stage, self.subject, self.record, was, self.files, moved, shard
        )
        self.seen += noted(look)
        if stage == "rating":
            mine = about(shard.deliveries, self.subject, self.record)
            self.seen += unentered(look, mine[mine["lifts"] == 0])
        if stage == "exits":
            self.note_rewards(world, month, state)

    def lives_in(self, world: World, shard: Shard) -> bool:
        """Whether the subject lies in a shard."""
        first, last = shard.districts
        return bool(first <= world.people.district[self.cell] < last)

    def look_through(self, stage: str, shard: Shard) -> None:
        """Find the subject's entries: new ones stand at the end, exits close the ranks."""
        if stage == "exits":
            self.places, self.looked = np.empty(0, np.int64), 0
        new = np.flatnonzero(shard.entries["subject"][self.looked :] == self.subject)
        self.places = np.concatenate([self.places, self.looked + new])
        self.looked = len(shard.entries)

    def note_acts(self, month: Month, shard: Shard, here: bool) -> None:
        """Note the act behind the record, whoever did it, and what else the subject did."""
        acts = shard.acts
        for act in acts[acts["luck"] == np.uint64(self.record)].copy():
            self.seen.append(Seen(month, "conduct", "act", act))
        if here:
            mine = acts[(acts["subject"] == self.subject)]
            for act in mine[mine["luck"] != np.uint64(self.record)].copy():
                self.seen.append(Seen(month, "conduct", "other act", act))

    def note_others(self, month: Month, shard: Shard, before: int) -> None:
        """Note listings of others that rest on the same record."""
        new = shard.entries[before:]
        same = (new["record"] == np.uint64(self.record)) & (new["subject"] != self.subject)
        for row in new[same & (new["list"] >= 0)].copy():
            self.seen.append(Seen(month, "rating", "other listed", row))

    def note_records(self, stage: str, world: World, month: Month, shard: Shard) -> None:
        """Note that the record is written, that it arrives, or that somebody stops it."""
        mine = about(shard.deliveries, self.subject, self.record)
        if stage == "human review":
            left = {int(row["luck"]) for row in mine}
            for one in [s for s in self.seen if s.kind == "arrived" and s.month is month]:
                if one.row is not None and int(one.row["luck"]) not in left:
                    self.seen.append(Seen(month, stage, "stopped", one.row))
            return
        under_way = about(shard.waiting, self.subject, self.record)
        acts = len(world.file.study.conduct)
        for row in [*mine, *under_way]:
            if not self.written and row["conduct"] < acts:
                self.written = True
                self.seen.append(Seen(month, stage, "recorded", row))
        for row in mine:
            heard = "heard" if row["conduct"] >= acts else "arrived"
            self.seen.append(Seen(month, stage, "over" if row["lifts"] else heard, row))
        others = shard.deliveries
        others = others[(others["subject"] == self.subject) & (others["lifts"] == 0)]
        for row in others[others["record"] != np.uint64(self.record)].copy():
            self.seen.append(Seen(month, stage, "other record", row))

    def is_main(self, row: np.void) -> bool:
        """Whether an entry is a listing for the record on which the story rests."""
        return bool(row["record"] == np.uint64(self.record) and row["list"] >= 0)

    def note_bites(self, month: Month, files: Files, kept: dict[Key, dict[str, int]]) -> None:
        """Note what the measures refused, and which of them bite from now on, or no more."""
        for key, counts in kept.items():
            row = files[key]
            now, was = tuple(counts), self.measures.get(key, ())
            self.measures[key] = now
            begun = tuple(name for name in now if name not in was)
            over = tuple(name for name in was if name not in now)
            if begun:
                self.seen.append(
                    Seen(month, "consequences", "measures", row, facts={"names": begun})
                )
            if over:
                self.seen.append(
                    Seen(month, "consequences", "measures over", row, facts={"names": over})
                )
            refused = {name: count for name, count in counts.items() if count}
            if refused:
                facts = {"refused": refused}
                self.seen.append(Seen(month, "consequences", "refused", row, facts=facts))

    def note_rewards(self, world: World, month: Month, state: State) -> None:
        """Note rewards that begin or end."""
        kind = int(world.people.kind[self.cell])
        for regime, rules in enumerate(world.regimes):
            if not rules.rewards:
                continue
            now = earned_by(world, month, state, regime, self.subject, kind)
            was = self.rewards.get(regime, now)  # what is earned from the start is no news
            self.rewards[regime] = now
            facts = {"regime": regime}
            for name in now:
                if name not in was:
                    more = facts | {"reward": name}
                    self.seen.append(Seen(month, "exits", "rewarded", None, facts=more))
            for name in was:
                if name not in now:
                    more = facts | {"reward": name}
                    self.seen.append(Seen(month, "exits", "reward over", None, facts=more))

    def in_order(self) -> Iterator[Seen]:
        """What was noted, in the order of the months and of their stages.

        What a stage did to others comes first, by their numbers: other shards note it in any order.
        """

        def place(one: Seen) -> tuple[int, ...]:
            when = (one.month.index, AT[one.stage])
            if one.kind != "other listed" or one.row is None:
                return *when, 1, 0, 0
            return *when, 0, int(one.row["regime"]), int(one.row["subject"])

        return iter(sorted(self.seen, key=place))


def by_key(rows: np.ndarray) -> Files:
    """The entries of a subject by what tells them apart: one record can open several."""
    found: Files = {}
    for row in rows:
        at = int(row["points"]) if row["list"] == COUNTED else 0
        key = (int(row["luck"]), int(row["list"]), at)
        while key in found:
            key = (*key[:2], key[2] + MAX_LISTS)
        found[key] = row
    return found


def about(deliveries: np.ndarray, subject: int, record: int) -> np.ndarray:
    """The deliveries of a record that are about a subject."""
    mine = deliveries["subject"] == subject
    return deliveries[mine & (deliveries["record"] == np.uint64(record))].copy()


def scores_of(subject: int, month: Month, state: State) -> dict[int, int]:
    """The scores that stand for a subject, by regime."""
    rows = month.rules.score_row
    members = month.rules.member_row
    return {
        r: int(state.score[row, subject])
        for r, row in enumerate(rows.tolist())
        if row >= 0 and (members[r] < 0 or state.member[members[r], subject])
    }
