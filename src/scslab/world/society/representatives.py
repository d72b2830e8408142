"""The legal representative of each organisation: a person, computed when asked and stored never.

Each organisation has one, an adult of its locality or province; a person may represent several.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scslab.core.compiled import allocating, inlined
from scslab.core.draws import address, below, decision
from scslab.core.errors import ScslabError
from scslab.world.society.cells import Society
from scslab.world.society.kinds import Kinds
from scslab.world.society.localities import LOCALITY

REPRESENTS = decision("represents")
ADULT = 18
TRIES = 64
Ints = NDArray[np.int64]


class Registry(NamedTuple):
    """What it takes to find a representative."""

    cell_start: Ints  # first person of each cell of persons, and the end; i8[cells + 1]
    adult: NDArray[np.bool_]  # whether persons of the cell may represent; bool[cells]
    # Of each district of organisations, and the end; i8[districts + 1]
    start: Ints  # its first subject
    # Cells among which its representatives are drawn; i8[districts]
    first: Ints
    end: Ints


def registry(society: Society, kinds: Kinds, kind: NDArray[np.int32]) -> Registry:
    """The tables behind `representatives`.

    Representatives are adults that can be rated. They come from the locality of the organisation
    where it lies in one, else from its province; where no adult lives there, from the province or
    from everywhere.

    Parameters
    ----------
    society : Society
        With organisations.
    kinds : Kinds
    kind : array of int32, shape (cells,)
        Kind of each cell, as in `People`.

    Raises
    ------
    ScslabError
        Nobody in the society can represent an organisation.
    """
    districts = society.persons_districts
    cells = int(society.district_cells[districts])
    adult = (kinds.aged_from(ADULT) & kinds.persons())[kind[:cells]]
    if not adult.any():
        raise ScslabError(
            "nobody can represent an organisation",
            where=society.id,
            why=f"a legal representative is a person of {ADULT} or more whom regimes rate",
        )
    adults = np.concatenate([[0], np.cumsum(adult)])
    ranges = _cells_of_places(society, districts)
    first, end = [], []
    for place, locality in _places(society)[districts:]:
        for here in ((place, locality), (place, -1), ("", -1)):
            low, high = ranges.get(here, (0, 0))
            if adults[high] > adults[low]:
                break
        first.append(low)
        end.append(high)
    return Registry(
        cell_start=society.cell_start[: cells + 1],
        adult=adult,
        start=society.district_start[districts:],
        first=np.array(first, dtype=np.int64),
        end=np.array(end, dtype=np.int64),
    )


def _places(society: Society) -> list[tuple[str, int]]:
    """Province and locality (-1 where it lies in none) of each district."""
    if LOCALITY in society.cell_codes:
        found = society.cell_codes[LOCALITY][society.district_cells[:-1]].astype(np.int64)
        locality = np.where(found > 0, found, -1)
    else:
        locality = np.full(len(society.district_place), -1)
    return list(zip(society.district_place, locality.tolist(), strict=True))


def _cells_of_places(society: Society, districts: int) -> dict[tuple[str, int], tuple[int, int]]:
    """First and end cell of each locality, of each province (-1), and of all ("", -1)."""
    found = {("", -1): (0, int(society.district_cells[districts]))}
    for d, (place, locality) in enumerate(_places(society)[:districts]):
        low, high = (int(c) for c in society.district_cells[d : d + 2])
        # Districts of a province, and of a locality in it, lie next to each other.
        for here in {(place, locality), (place, -1)}:
            found[here] = (found.get(here, (low, 0))[0], high)
    return found


@inlined
def row_of(starts: np.ndarray, subject: int, low: int, high: int) -> int:
    """The row in low .. high - 1 whose range of subjects holds a subject."""
    while high - low > 1:
        middle = (low + high) // 2
        if starts[middle] <= subject:
            low = middle
        else:
            high = middle
    return low


@inlined
def representative(seed: np.uint64, organisation: int, book: Registry) -> int:
    """The person who represents an organisation.

    Parameters
    ----------
    seed : uint64
    organisation : int
        Subject number, from the number of persons on.
    book : Registry
    """
    district = row_of(book.start, organisation, 0, len(book.first))
    low, high = book.first[district], book.end[district]
    first, size = book.cell_start[low], book.cell_start[high] - book.cell_start[low]
    # By its number among organisations: more persons elsewhere change no luck.
    luck = address(address(seed, REPRESENTS), organisation - book.start[0])
    cell = low
    for number in range(TRIES):
        person = first + below(address(luck, number), size)
        cell = row_of(book.cell_start, person, low, high)
        if book.adult[cell]:
            return person
    while not book.adult[cell]:
        cell = cell + 1 if cell + 1 < high else low
    return book.cell_start[cell]


@allocating
def representatives(seed: np.uint64, organisations: np.ndarray, book: Registry) -> np.ndarray:
    """The persons who represent several organisations.

    Parameters
    ----------
    seed : uint64
    organisations : array of int64, shape (n,)
        Subject numbers.
    book : Registry

    Returns
    -------
    array of int64, shape (n,)
    """
    found = np.empty(len(organisations), np.int64)
    for i in range(len(organisations)):
        found[i] = representative(seed, organisations[i], book)
    return found
