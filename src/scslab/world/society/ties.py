"""Ties as an implicit graph: who knows whom, computed when asked and stored never.

A person has six ties: the two next to him in his district (household and neighbours are near in
index), two more of his district, and two anywhere. The last four are reflections, j = c - i
modulo the size, so that ties are mutual: if i knows j, j knows i. Organisations have their own
graph, apart from that of the persons.
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
        Persons in the society, all whom he may know.

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
    subjects: np.ndarray,
    districts: np.ndarray,
    district_start: np.ndarray,
    persons: int = -1,
) -> np.ndarray:
    """The ties of several subjects, i8[subjects, TIES].

    Parameters
    ----------
    seed : uint64
    subjects, districts : arrays of int64, shape (n,)
        Persons or organisations, and the district of each.
    district_start : array of int64, shape (districts + 1,)
    persons : int
        Persons in the society, where organisations follow them; -1 where there are none. Persons
        know persons and organisations organisations, so organisations change nobody's ties.
    """
    found = np.empty((len(subjects), TIES), np.int64)
    end = district_start[-1]
    split = end if persons < 0 else persons
    for i in range(len(subjects)):
        d = districts[i]
        base = split if subjects[i] >= split else 0
        all_ = end - split if subjects[i] >= split else split
        first, last = district_start[d] - base, district_start[d + 1] - base
        for k in range(TIES):
            found[i, k] = base + tie(seed, subjects[i] - base, k, d, first, last, all_)
    return found
