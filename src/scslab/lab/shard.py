"""A shard: some districts, with what stands open in them and what is counted there."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import numpy as np

from scslab.core.tables import ACT, DELIVERY, ENTRY, FLOWS, GRADES, STOCKS, Books, State
from scslab.lab.world import World
from scslab.regimes.model import Regime


@dataclass
class Shard:
    """What one worker needs besides the world: it is handed from stage to stage."""

    districts: tuple[int, int]
    cells: tuple[int, int]
    books: Books
    acts: np.ndarray = field(default_factory=lambda: np.empty(0, ACT))
    deliveries: np.ndarray = field(default_factory=lambda: np.empty(0, DELIVERY))
    waiting: np.ndarray = field(default_factory=lambda: np.empty(0, DELIVERY))
    entries: np.ndarray = field(default_factory=lambda: np.empty(0, ENTRY))
    opened: np.ndarray = field(default_factory=lambda: np.empty(0, ENTRY))
    left: np.ndarray = field(default_factory=lambda: np.empty(0, ENTRY))
    outbox: np.ndarray = field(default_factory=lambda: np.empty(0, DELIVERY))


# Buffers belong to a worker, not to a shard: used for one shard after the other they stay in the
# processor's cache.
BUFFERS = threading.local()


def room(name: str, dtype: np.dtype, length: int) -> np.ndarray:
    """A buffer of this worker, made larger when needed; it lasts for one month of one shard."""
    found: np.ndarray | None = getattr(BUFFERS, name, None)
    if found is None or len(found) < length:
        found = np.empty(length + length // 4 + 256, dtype)
        setattr(BUFFERS, name, found)
    return found


def make_state(world: World) -> State:
    """The memory of subjects at the start of a run."""
    persons = world.society.subjects
    count = {name: max(rows, default=-1) + 1 for name, rows in world.rows.items()}
    black = blacklists(world.regimes)
    learns = persons if world.file.study.learning is not None else 0
    return State(
        score=np.zeros((count["score"], persons), np.int16),
        member=np.zeros((count["member"], persons), np.uint8),
        listed=np.zeros((count["listed"], persons), np.uint8),
        black=np.array(
            [b for b, row in zip(black, world.rows["listed"], strict=True) if row >= 0], np.uint8
        ),
        grade=np.zeros((count["grade"], persons), np.uint8),
        own=np.full(learns, -1, np.int16),
        tie=np.full(learns, -1, np.int16),
    )


def blacklists(regimes: list[Regime]) -> list[int]:
    """The lists of each regime that are blacklists, a bit each."""
    return [
        sum(1 << j for j, rules in enumerate(r.lists.values()) if rules.colour == "black")
        for r in regimes
    ]


def make_books(world: World) -> Books:
    """Empty books for all regimes, groups and effects."""
    regimes, groups, effects = len(world.regimes), world.groups, len(world.effects)
    return Books(
        flows=np.zeros((regimes, groups, len(FLOWS)), np.int64),
        stocks=np.zeros((regimes, groups, len(STOCKS)), np.int64),
        grades=np.zeros((regimes, groups, GRADES), np.int64),
        found=np.zeros((regimes, GRADES), np.int64),
        refused=np.zeros((effects, groups), np.int64),
        bitten=np.zeros((effects, groups), np.int64),
        wrongly_refused=np.zeros((effects, groups), np.int64),
        wrongly_bitten=np.zeros((effects, groups), np.int64),
    )


def make_shards(world: World, count: int) -> list[Shard]:
    """Cut the society into shards of about the same number of persons, at district borders."""
    starts = world.society.district_start
    cuts = np.searchsorted(starts, np.linspace(0, starts[-1], count + 1)[1:-1])
    bounds = sorted({0, *cuts.tolist(), len(starts) - 1})
    cells = world.people.district_cells
    return [
        Shard((a, b), (int(cells[a]), int(cells[b])), make_books(world))
        for a, b in zip(bounds[:-1], bounds[1:], strict=True)
    ]
