"""Whether a study makes sense with its factors at their ends, before any case is run."""

from __future__ import annotations

from collections.abc import Sequence

from scslab.core.errors import ScslabError
from scslab.core.sweep import shown, value_at
from scslab.lab.sweep.levers import Lever, with_values
from scslab.lab.world import read_rules
from scslab.study.read import StudyFile
from scslab.study.sweep import SweepFile


def workable(
    sweep: SweepFile, file: StudyFile, levers: Sequence[Lever]
) -> tuple[list[Lever], list[str]]:
    """The levers at both of whose ends the study makes sense; why the others are left out.

    Only assumptions are left out: a factor that the file names has to work.

    Raises
    ------
    ScslabError
        A factor of the sweep file does not, at its place in the file.
    """
    wrong: dict[str, tuple[Lever, float, ScslabError]] = {}
    for position in (0.0, 1.0):
        for lever, error in culprits(file, list(levers), position):
            wrong.setdefault(lever.spot.path, (lever, position, error))
    left_out = []
    for path, (lever, position, error) in wrong.items():
        value = shown(value_at(lever.factor, position))
        name = lever.factor.name
        if name in sweep.spec.factors:
            raise ScslabError(
                f'with "{name}" at {value}: {error.what}',
                where=sweep.document.where(("factors", name)),
                got=error.got or None,
                expected=error.expected,
                why=error.where,
                hint=error.hint,
            ) from error
        left_out.append(f"{path}: at {value}, {error.what}")
    return [lever for lever in levers if lever.spot.path not in wrong], left_out


def culprits(
    file: StudyFile, levers: list[Lever], position: float
) -> list[tuple[Lever, ScslabError]]:
    """The levers that by themselves break the study at a position."""
    found: list[tuple[Lever, ScslabError]] = []
    left = levers
    while left:
        try:
            check_levers(file, left, position)
        except ScslabError as error:
            likely = [lever for lever in left if about(error, lever)]
            new = halved(file, likely, position) or halved(file, left, position)
            if not new:  # only together
                break
            found += new
            wrong = {lever.spot.path for lever, _ in new}
            left = [lever for lever in left if lever.spot.path not in wrong]
        else:
            break
    return found


def about(error: ScslabError, lever: Lever) -> bool:
    """Whether a mistake may be that of a lever: of its agency, its act or its regime."""
    place = lever.spot.place[:2]
    part = place[1] if len(place) > 1 and isinstance(place[1], int) else None
    told = f"{place[0]}, row {part + 1}" if part is not None else ".".join(map(str, place))
    return told in error.where


def halved(
    file: StudyFile, levers: list[Lever], position: float
) -> list[tuple[Lever, ScslabError]]:
    """The levers that break the study, found by halving those that do so together."""
    if not levers:
        return []
    try:
        check_levers(file, levers, position)
    except ScslabError as error:
        if len(levers) == 1:
            return [(levers[0], error)]
        half = len(levers) // 2
        parts = (levers[:half], levers[half:])
        return [found for part in parts for found in halved(file, part, position)]
    return []


def check_levers(file: StudyFile, levers: Sequence[Lever], position: float) -> None:
    """Check the study and its rules with some factors at a position, the others as they are."""
    values = [value_at(lever.factor, position) for lever in levers]
    read_rules(with_values(file, list(levers), values))
