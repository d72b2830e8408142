"""What a listing does: refused attempts, month by month."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scslab.core.compiled import kernel
from scslab.core.draws import address, poisson
from scslab.core.tables import TOLD, UNTOLD, Books, People


class Effects(NamedTuple):
    """The effects of listings in force in a month, as kernels see them."""

    regime: np.ndarray  # i4[effects]
    list: np.ndarray  # i4[effects]
    holds: np.ndarray  # bool[effects]
    attempts: np.ndarray  # refused attempts per listed person and month; f8[effects]
    name: np.ndarray  # number of the decision to attempt; u8[effects]
    learns: np.ndarray  # whether a refusal tells the person of the listing; bool[regimes]


@kernel
def bite(entries: np.ndarray, month: int, people: People, effects: Effects, books: Books) -> None:
    """Let each listing in force refuse what its person attempts in the month.

    Attempts are a Poisson count; an entry that was unknown to its person is known after the
    first refusal.
    """
    if len(effects.regime) == 0:
        return
    for i in range(len(entries)):
        row = entries[i]
        group = people.group[row.cell]
        for effect in range(len(effects.regime)):
            if (
                effects.regime[effect] != row.regime
                or effects.list[effect] != row.list
                or not effects.holds[effect]
            ):
                continue
            books.bitten[effect, group] += 1
            if effects.attempts[effect] <= 0.0:
                continue
            word = address(address(row.luck, effects.name[effect]), month)
            refused = poisson(word, effects.attempts[effect])
            books.refused[effect, group] += refused
            if refused > 0 and row.state == UNTOLD and effects.learns[row.regime]:
                row.state = TOLD
