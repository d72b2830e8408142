"""Fields of life: where an act is done and where a measure bites, and what is related to what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

from scslab.core.errors import ScslabError, near
from scslab.core.yamlfile import read

Degree = Literal["slight", "ordinary", "serious"]
DEGREES: tuple[Degree, ...] = ("slight", "ordinary", "serious")


@cache
def table() -> dict[str, Any]:
    """The parts of `contexts.yaml`."""
    found: dict[str, Any] = read(Path(__file__).with_name("contexts.yaml")).data
    return found


def contexts() -> dict[str, str]:
    """All fields of life: name -> what it is."""
    return dict(table()["contexts"])


@cache
def looked_up(part: str, name: str) -> tuple[str, Degree] | None:
    """Field and degree of a name: its own row wins, then the longest pattern."""
    rows: Mapping[str, list[str]] = table()[part]
    if name in rows:
        field, degree = rows[name]
        return field, cast(Degree, degree)
    fits = [pattern for pattern in rows if "*" in pattern and fnmatchcase(name, pattern)]
    if not fits:
        return None
    field, degree = rows[max(fits, key=len)]
    return field, cast(Degree, degree)


def of_act(act: str) -> tuple[str, Degree]:
    """Field of life and gravity of an act of the vocabulary.

    Raises
    ------
    ScslabError
        The act stands in no row of the table.
    """
    found = looked_up("acts", act)
    if found is None:
        raise ScslabError(f'no field of life is known for "{act}"', hint=near(act, table()["acts"]))
    return found


def act_context(act: str) -> str:
    """The field of life in which an act is done.

    Raises
    ------
    ScslabError
        The act stands in no row of the table.

    Examples
    --------
    >>> act_context("utility.theft"), act_context("judgment.refused")
    ('utilities', 'courts')
    """
    return of_act(act)[0]


def act_gravity(act: str) -> Degree:
    """How grave an act is: slight, ordinary or serious.

    Raises
    ------
    ScslabError
        The act stands in no row of the table.

    Examples
    --------
    >>> act_gravity("traffic.ticket"), act_gravity("traffic.hit-and-run")
    ('slight', 'serious')
    """
    return of_act(act)[1]


def measure_context(name: str) -> str | None:
    """The field of life in which an effect or reward bites, by its key; None if not known.

    Examples
    --------
    >>> measure_context("flights"), measure_context("haicang_discount")
    ('travel', 'traffic')
    >>> measure_context("my_own_measure") is None
    True
    """
    found = looked_up("measures", name)
    return found[0] if found else None


def measure_severity(name: str) -> Degree | None:
    """How hard an effect bites, or how much a reward is, by its key; None if not known.

    Examples
    --------
    >>> measure_severity("exit_ban"), measure_severity("no_honours")
    ('serious', 'slight')
    """
    found = looked_up("measures", name)
    return found[1] if found else None


@cache
def pairs(part: str) -> dict[tuple[str, str], str]:
    """The pairs of one part: field of the act and of the measure -> why."""
    return {(act, measure): why for act, measure, why in table()[part]}


def why_related(act_field: str, measure_field: str) -> str | None:
    """Why a measure in one field is related to an act in another; None if it is not.

    Examples
    --------
    >>> why_related("courts", "money")
    'A court debt tells of the ability and will to pay'
    >>> why_related("petition", "travel") is None
    True
    """
    if act_field == measure_field:
        return "Both are in the same field of life"
    return table()["everywhere"].get(measure_field) or pairs("related").get(
        (act_field, measure_field)
    )


def related(act_field: str, measure_field: str) -> bool:
    """Whether a measure in one field of life is related to an act in another.

    Examples
    --------
    >>> related("travel", "travel"), related("traffic", "schools"), related("food", "own-field")
    (True, False, True)
    """
    return why_related(act_field, measure_field) is not None


def own_field_open(act_fields: Iterable[str], measure_field: str | None) -> bool:
    """Whether a measure of the act's own field has no one field to be of.

    It is taken "in the field of the act, by the agency in charge". Where a score or a grade of
    acts in several fields brings it about, no one act does, and it is not related to any of them.

    Parameters
    ----------
    act_fields : iterable of str
        The fields of life of all acts that move the score or grade.
    measure_field : str or None
        The field in which the measure bites.

    Examples
    --------
    >>> own_field_open(["family", "traffic"], "own-field")
    True
    >>> own_field_open(["tax", "tax"], "own-field"), own_field_open(["family", "tax"], "tax")
    (False, False)
    """
    return measure_field == "own-field" and len(set(act_fields)) > 1


def why_contested(act_field: str, measure_field: str) -> str | None:
    """Over what lawyers differ, where a pair is not plainly related or unrelated; else None."""
    return (
        None
        if related(act_field, measure_field)
        else pairs("contested").get((act_field, measure_field))
    )


def degree_rank(degree: Degree) -> int:
    """0 for slight, 1 for ordinary, 2 for serious."""
    return DEGREES.index(degree)
