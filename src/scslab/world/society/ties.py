"""Ties as an implicit graph: who knows whom, computed when asked and stored never.

A person has six ties: the two next to him in his district (household and neighbours are near in
index), two more of his district, and two anywhere. The last four are reflections, j = c - i
modulo the size, so that ties are mutual: if i knows j, j knows i.
"""

from __future__ import annotations

import numpy as np

from scslab.core.compiled import allocating, inlined
from scslab.core.draws import address, below, decision

TIES = 6
NEAR, FAR = decision("tie near"), decision("tie far")


@inlined
def tie(
    seed: np.uint64, person: int, number: int, district: int, start: int, end: int, all_: int
) -> int:
    """The `number`-th tie of a person.

    Parameters
    ----------
    number : int
        From 0 to TIES - 1.
    district, start, end : int
        The person's district and its range of persons.
    all_ : int
        Persons in the society.

    Returns
    -------
    int
        A person; the person himself where the place is too small or the mirror falls on him.
    """
    size = end - start
    local = person - start
    if number == 0:
        return start + (local + 1) % size
    if number == 1:
        return start + (local + size - 1) % size
    if number < 4:
        centre = below(address(address(seed, NEAR), district * 4 + number), size)
        return start + (centre - local) % size
    centre = below(address(address(seed, FAR), number), all_)
    return (centre - person) % all_


@allocating
def ties_of(
    seed: np.uint64,
    persons: np.ndarray,
    districts: np.ndarray,
    district_start: np.ndarray,
) -> np.ndarray:
    """The ties of several persons, i8[persons, TIES]."""
    found = np.empty((len(persons), TIES), np.int64)
    for i in range(len(persons)):
        d = districts[i]
        for k in range(TIES):
            found[i, k] = tie(
                seed, persons[i], k, d, district_start[d], district_start[d + 1], district_start[-1]
            )
    return found
