"""Persons and organisations as one society of subjects.

Persons keep their numbers; organisations are numbered on from them and lie in districts of their
own after those of the persons, so that whatever loops over subjects, cells or districts needs to
know nothing of the difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from scslab.core.errors import ScslabError
from scslab.world.society.cells import Society

SUBJECT = "subject"
PERSON, ORGANISATION = "person", "organisation"
NOT_APPLICABLE = -1
Attributes = dict[str, tuple[str, ...]]
Codes = NDArray[np.signedinteger]


def join_societies(persons: Society, organisations: Society | None) -> Society:
    """One society of all subjects: the persons, then the organisations.

    Parameters
    ----------
    persons : Society
    organisations : Society or None
        A society built from margins that count organisations; its "persons" are organisations.

    Returns
    -------
    Society
        `persons` itself where there are no organisations. Otherwise with the attribute
        ``subject`` first, then those of persons, then those that only organisations have; a code
        is -1 where an attribute does not apply.

    Raises
    ------
    ScslabError
        A shared attribute has different categories.
    """
    if organisations is None:
        return persons
    attributes = _merged(persons, organisations)
    tallied = [
        a
        for a in attributes
        if a == SUBJECT or a in persons.group_codes or a in organisations.group_codes
    ]
    first_group = 1 + int(persons.cell_group.max())
    return replace(
        persons,
        id=f"{persons.id} + {organisations.id}",
        attributes=attributes,
        cell_start=_after(persons.cell_start, organisations.cell_start),
        cell_codes=_stacked(
            attributes,
            (persons.cell_codes, persons.cell_rated.size),
            (organisations.cell_codes, organisations.cell_rated.size),
        ),
        cell_rated=np.concatenate([persons.cell_rated, organisations.cell_rated]),
        cell_group=np.concatenate(
            [persons.cell_group, organisations.cell_group + np.int32(first_group)]
        ),
        group_codes=_stacked(
            {a: attributes[a] for a in tallied},
            (persons.group_codes, first_group),
            (organisations.group_codes, 1 + int(organisations.cell_group.max())),
        ),
        district_cells=_after(persons.district_cells, organisations.district_cells),
        district_start=_after(persons.district_start, organisations.district_start),
        district_place=persons.district_place + organisations.district_place,
        fit_report=persons.fit_report
        + tuple(replace(f, name=f"organisations: {f.name}") for f in organisations.fit_report),
        organisations=organisations.persons,
        organisations_stand_for=organisations.stands_for,
    )


def _merged(persons: Society, organisations: Society) -> Attributes:
    """All attributes: the subject, those of persons, those of organisations alone."""
    for society in (persons, organisations):
        if SUBJECT in society.attributes:
            raise ScslabError(
                f'"{SUBJECT}" tells persons from organisations',
                where=society.id,
                hint="give the attribute another name",
            )
    for name, categories in organisations.attributes.items():
        known = persons.attributes.get(name, categories)
        if known != categories:
            raise ScslabError(
                f"persons and organisations have different categories of {name}",
                where=organisations.id,
                got=", ".join(categories),
                expected=", ".join(known),
                why="one rule or place must mean the same for both",
            )
    return {SUBJECT: (PERSON, ORGANISATION), **persons.attributes, **organisations.attributes}


def _after(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
    """Boundaries of both, those of the second following on."""
    return np.concatenate([first, second[1:] + first[-1]])


def _stacked(
    attributes: Attributes,
    persons: tuple[Mapping[str, Codes], int],
    organisations: tuple[Mapping[str, Codes], int],
) -> dict[str, Codes]:
    """Codes of both, -1 where one has no such attribute; `persons` and so on with their length."""
    stacked: dict[str, Codes] = {}
    for name, categories in attributes.items():
        dtype = np.int8 if len(categories) <= 127 else np.int16
        parts = []
        for code, (codes, size) in enumerate((persons, organisations)):
            missing = code if name == SUBJECT else NOT_APPLICABLE
            found = codes.get(name)
            parts.append(np.full(size, missing, dtype) if found is None else found.astype(dtype))
        stacked[name] = np.concatenate(parts)
    return stacked
