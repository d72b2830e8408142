"""What a listing does in a month, found out by letting the stage itself work on a copy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scslab.core.tables import Books, State
from scslab.lab.month import Month
from scslab.lab.shard import Shard
from scslab.lab.trace.observe import stage_named
from scslab.lab.world import World


def bitten(
    world: World, month: Month, state: State, shard: Shard, books: Books, row: np.void
) -> dict[str, int]:
    """The measures that bite one entry this month, each with the attempts it refuses.

    The stage `consequences` itself counts, in other books: no draw is made in two ways.
    """
    books.bitten[:], books.refused[:] = 0, 0
    alone = replace(shard, books=books, entries=np.array([row]))
    stage_named("consequences").run(world, month, state, alone)
    found = {}
    for number, (_, _, name) in enumerate(world.effects):
        if books.bitten[number].any():
            found[name] = int(books.refused[number].sum())
    return found
