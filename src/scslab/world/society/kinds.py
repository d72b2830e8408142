"""Kinds: the combinations of attributes that occur, whatever the district."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scslab.core.errors import ScslabError, near
from scslab.core.tables import People
from scslab.world.society.cells import Society
from scslab.world.society.organisations import ORGANISATION, SUBJECT


@dataclass(frozen=True)
class Kinds:
    """All kinds of a society.

    Attributes
    ----------
    attributes : dict
        Name -> categories.
    codes : dict of arrays, shape (kinds,)
        Category of each kind in each attribute; -1 where the attribute does not apply.
    rated : array of bool, shape (kinds,)
        Whether subjects of the kind can be rated.
    """

    attributes: dict[str, tuple[str, ...]]
    codes: dict[str, np.ndarray]
    rated: np.ndarray

    @property
    def count(self) -> int:
        """How many kinds there are."""
        return len(self.rated)

    def having(self, attribute: str, categories: Sequence[str], where: str) -> np.ndarray:
        """Which kinds have one of some categories, bool[kinds].

        Kinds to which the attribute does not apply have none.

        Raises
        ------
        ScslabError
            Unknown attribute or category.
        """
        if attribute not in self.attributes:
            raise ScslabError(
                f'the society has no attribute "{attribute}"',
                where=where,
                hint=near(attribute, self.attributes),
            )
        known = self.attributes[attribute]
        for name in categories:
            if name not in known:
                raise ScslabError(
                    f'"{name}" is not a category of {attribute}',
                    where=where,
                    hint=near(name, known),
                )
        wanted = [known.index(name) for name in categories]
        return np.isin(self.codes[attribute], wanted)

    def persons(self) -> np.ndarray:
        """Which kinds are of persons, bool[kinds]."""
        return ~self.organisations()

    def organisations(self) -> np.ndarray:
        """Which kinds are of organisations, bool[kinds]."""
        if SUBJECT not in self.attributes:
            return np.zeros(self.count, bool)
        return self.codes[SUBJECT] == self.attributes[SUBJECT].index(ORGANISATION)

    def aged_from(self, years: float) -> np.ndarray:
        """Which kinds are at least so old, by the lower end of the age band; bool[kinds].

        A society without ages has no children: all its kinds pass. Organisations have no age and
        pass too; whether a regime rates them is asked separately.
        """
        if "age" not in self.attributes or years <= 0:
            return self.rated.copy()
        lower = np.array([lowest_age(band) for band in self.attributes["age"]])
        age = self.codes["age"]
        old = (age >= 0) & (lower[age] >= years)
        return self.rated & (old | self.organisations())


def lowest_age(band: str) -> int:
    """The lower end of an age band such as 31-50 or 66+.

    Raises
    ------
    ScslabError
        The band does not begin with a number.
    """
    found = re.match(r"\d+", band)
    if found is None:
        raise ScslabError("an age band must begin with a number", got=band, expected="31-50 or 66+")
    return int(found[0])


def find_kinds(society: Society) -> tuple[Kinds, People]:
    """The kinds of a society, and the society as kernels see it."""
    names = list(society.cell_codes)
    table = np.stack([society.cell_codes[n].astype(np.int32) for n in names], axis=1)
    _, first, kind = np.unique(table, axis=0, return_index=True, return_inverse=True)
    kinds = Kinds(
        attributes=dict(society.attributes),
        codes={n: table[first, i] for i, n in enumerate(names)},
        rated=society.cell_rated[first],
    )
    sizes = np.diff(society.district_cells)
    people = People(
        cell_start=society.cell_start.astype(np.int64),
        kind=kind.reshape(-1).astype(np.int32),
        group=society.cell_group.astype(np.int32),
        rated=society.cell_rated,
        district=np.repeat(np.arange(len(sizes), dtype=np.int32), sizes),
        district_cells=society.district_cells.astype(np.int64),
    )
    return kinds, people
