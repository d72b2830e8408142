"""Learning: who was listed this month, or knows somebody who was, is deterred from now on."""

from __future__ import annotations

import numpy as np

from scslab.core.compiled import kernel
from scslab.core.tables import State


@kernel
def learn(entries: np.ndarray, month: int, ties: np.ndarray, state: State) -> None:
    """Note the month of a listing for its person and for the person's ties.

    All write the same month, so the order of shards does not matter.

    Parameters
    ----------
    entries : ENTRY[n]
        Blacklistings that began this month.
    ties : i8[n, ties]
        The persons tied to each entry's person.
    """
    for i in range(len(entries)):
        state.own[entries[i].subject] = month
        for k in range(ties.shape[1]):
            if ties[i, k] != entries[i].subject:
                state.tie[ties[i, k]] = month
