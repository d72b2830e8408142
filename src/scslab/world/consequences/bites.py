"""What a listing does: refused attempts, month by month."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scslab.core.compiled import kernel
from scslab.core.draws import address, decision, poisson, unit_for
from scslab.core.tables import COMPLAINED, FILED, MAX_LISTS, TOLD, TRUE, UNTOLD, Books, People

TAKEN_UP = decision("effect taken up")


class Effects(NamedTuple):
    """The effects of listings in force in a month, as kernels see them."""

    first: np.ndarray  # first effect of each list, and the end; i8[regimes * MAX_LISTS + 1]
    holds: np.ndarray  # bool[effects]
    attempts: np.ndarray  # refused attempts per listed subject and month; f8[effects]
    taken_up: np.ndarray  # share of the listed against whom it is taken; f8[effects]
    name: np.ndarray  # number of the decision to attempt; u8[effects]
    barred: np.ndarray  # whether it is not for persons (0), organisations (1); bool[effects, 2]
    what: np.ndarray  # 0 for kinds of persons, 1 for kinds of organisations; u1[kinds]
    learns: np.ndarray  # whether a refusal tells the person of the listing; bool[regimes]
    marked: np.ndarray  # share of refusals that a mark as disputed prevents; f8[regimes]
    unrelated: np.ndarray  # whether the rules keep the effect from entries that rest on the
    # conduct; bool[effects, conducts]


@kernel
def bite(entries: np.ndarray, month: int, people: People, effects: Effects, books: Books) -> None:
    """Let each listing in force refuse what its subject attempts in the month.

    Attempts are a Poisson count; an entry that was unknown to its subject is known after the
    first refusal.
    """
    if len(effects.holds) == 0:
        return
    for i in range(len(entries)):
        row = entries[i]
        if row.list < 0 or row.begun > month:
            continue
        group, what = people.group[row.cell], effects.what[people.kind[row.cell]]
        at = row.regime * MAX_LISTS + row.list
        for effect in range(effects.first[at], effects.first[at + 1]):
            if not effects.holds[effect] or effects.barred[effect, what]:
                continue
            if row.conduct >= 0 and effects.unrelated[effect, row.conduct]:
                continue
            word = address(row.luck, effects.name[effect])
            share = effects.taken_up[effect]
            if share < 1.0 and unit_for(word, TAKEN_UP) >= share:
                continue
            books.bitten[effect, group] += 1
            books.wrongly_bitten[effect, group] += row.truth != TRUE
            attempts = effects.attempts[effect]
            if row.state == FILED or row.state == COMPLAINED:
                attempts *= 1.0 - effects.marked[row.regime]
            if attempts <= 0.0:
                continue
            refused = poisson(address(word, month), attempts)
            books.refused[effect, group] += refused
            if row.truth != TRUE:
                books.wrongly_refused[effect, group] += refused
            if refused > 0 and row.state == UNTOLD and effects.learns[row.regime]:
                row.state = TOLD
