"""Who comes first when persons are drawn from the society, with chances by kind."""

from __future__ import annotations

import numpy as np

from scslab.core.compiled import kernel
from scslab.core.draws import exponential, unit_for
from scslab.core.tables import People

FIRST_LENGTH = 4096


@kernel
def queue_of(
    word: np.uint64,
    below: float,
    people: People,
    asked: np.ndarray,
    odds: np.ndarray,
    keys: np.ndarray,
    persons: np.ndarray,
    cells: np.ndarray,
) -> int:
    """List the persons whose place in a queue is below a limit.

    A place is an exponential draw over the odds of being in the panel, so the first n are a
    sample without replacement with probabilities by odds (Efraimidis and Spirakis 2006).

    Parameters
    ----------
    word : np.uint64
        The word of luck of the queue.
    below : float
        The limit.
    people : People
        The society.
    asked : bool[kinds]
        Whether persons of the kind stand in the queue.
    odds : f8[kinds]
        Odds of being in the panel; who has none is never asked.
    keys, persons, cells : f8[m], i8[m], i8[m]
        Places, persons and cells are written here, in the order of the society.

    Returns
    -------
    int
        How many there are; more than m where the arrays were too short.
    """
    count = 0
    for cell in range(len(people.kind)):
        kind = people.kind[cell]
        if not asked[kind] or odds[kind] <= 0.0:
            continue
        for person in range(people.cell_start[cell], people.cell_start[cell + 1]):
            key = exponential(unit_for(word, person)) / odds[kind]
            if key < below:
                if count < len(keys):
                    keys[count] = key
                    persons[count] = person
                    cells[count] = cell
                count += 1
    return count


def front_of(
    word: np.uint64, below: float, people: People, asked: np.ndarray, odds: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Persons and cells of a queue below a limit, first in front; i8[m], i8[m].

    Parameters are those of `queue_of`.
    """
    length = FIRST_LENGTH
    while True:
        keys, persons, cells = (
            np.empty(length),
            np.empty(length, np.int64),
            np.empty(length, np.int64),
        )
        count = queue_of(word, below, people, asked, odds, keys, persons, cells)
        if count <= length:
            order = np.argsort(keys[:count], kind="stable")
            return persons[order], cells[order]
        length = count
