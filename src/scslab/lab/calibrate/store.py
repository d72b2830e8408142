"""The shape of a calibrated file (`calibrated/1`): fitted values, and how far they can be trusted.

The file is read in place of guesses: its values override those of the wave file, by path.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from scslab.core.errors import ScslabError
from scslab.core.shapes import fit as shaped
from scslab.core.values import Strict
from scslab.core.yamlfile import Document, read
from scslab.lab.calibrate.problem import Kind

Finite = Annotated[float, Field(allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0)]


class FittedValue(Strict):
    """A fitted value: what it is, and what the targets say about it."""

    value: Finite
    """The value that is used."""
    se: NotNegative | None = Field(
        None, description="standard error from the targets alone; none where not identified"
    )
    between: Annotated[list[Finite], Field(min_length=2, max_length=2)]
    """The range in which it was sought."""
    start: Finite
    """The guess in the wave file from which the search began."""
    identified: bool
    """Whether the targets tell it within a quarter of its range."""
    note: str | None = Field(None, description="not identified, and why; at the edge of its range")
    moved_by: list[str] = Field(
        default_factory=list, description="targets that answer to it most, the strongest first"
    )


class TargetFit(Strict):
    """A finding beside what the fitted values give."""

    id: str
    """The finding."""
    quantity: str
    """What it says."""
    group: str = ""
    """About whom."""
    kind: Kind = "equal"
    """Whether the printed value is to be met, or to be a lower or an upper bound."""
    printed: Finite
    """As published."""
    simulated: Finite | None = Field(None, description="with the fitted values; none if undefined")
    error: NotNegative | None = Field(
        None, description="standard error of the printed value, rounding included"
    )
    away: Finite | None = Field(
        None, description="how far off, in standard errors; 0 where a bound is kept"
    )


class CalibratedFile(Strict):
    """Values fitted by `scslab calibrate` (`calibrated/1`)."""

    calibrated: Literal["calibrated/1"]
    """The version of this shape."""
    study: str
    """The study."""
    wave: str
    """Its wave."""
    version: str
    """The version of scslab that fitted it."""
    fingerprint: str
    """Of study, wave and findings, but for the fitted values; another one says: fit again."""
    seeds: list[Count]
    """Seeds of the simulations."""
    persons: Count
    """Simulated persons."""
    respondents: Count
    """Simulated respondents behind the moments."""
    evaluations: Count
    """Simulations of the wave."""
    seconds: NotNegative
    """Time it took."""
    machine: str
    """On which machine."""
    stopped: str
    """Why the search ended: converged, no better point near, evaluations or time."""
    notes: list[str] = Field(default_factory=list)
    """What else is to be said of this fit."""
    input: list[str] = Field(
        default_factory=list, description="findings that are themselves values of the study"
    )
    values: dict[str, FittedValue]
    """Path in the wave file -> the fitted value."""
    targets: list[TargetFit]
    """Findings that the values were fitted to: they say nothing for the model."""
    held_out: list[TargetFit] = Field(
        default_factory=list, description="findings that were not looked at: its test"
    )


@dataclass(frozen=True)
class Calibrated:
    """A calibrated file that was read; `note` is empty, or says that it is stale."""

    file: CalibratedFile
    document: Document
    note: str


def read_calibrated(path: Path, fingerprint: str = "") -> Calibrated:
    """Read a calibrated file.

    Parameters
    ----------
    fingerprint : str
        Of the study and wave as they are now; where it differs, the file is read all the same
        and `note` says so.

    Raises
    ------
    ScslabError
        The file cannot be read, or does not have this shape.
    """
    document = read(path)
    file = shaped(CalibratedFile, document)
    check_values(file, document)
    check_targets(file, document)
    note = ""
    if fingerprint and fingerprint != file.fingerprint:
        note = (
            f"{path}: these values were fitted to a study and wave that have changed since "
            f"(fingerprint {file.fingerprint}, now {fingerprint}); "
            f"run: scslab calibrate {file.study}"
        )
    return Calibrated(file, document, note)


def values_of(file: CalibratedFile) -> dict[str, float]:
    """The fitted values by their path in the wave file."""
    return {path: fitted.value for path, fitted in file.values.items()}


def check_values(file: CalibratedFile, document: Document) -> None:
    """Every value lies in its range, and has a standard error only where it is identified."""
    for path, fitted in file.values.items():
        low, high = fitted.between
        if not low <= fitted.value <= high:
            raise ScslabError(
                "the value lies outside its range",
                where=document.where(("values", path, "value")),
                got=fitted.value,
                expected=f"{low} to {high}, as between says",
                hint="a fitted value is not edited: change the wave file and calibrate again",
            )
        if not fitted.identified and not fitted.note:
            raise ScslabError(
                "a value that is not identified needs a note that says so",
                where=document.where(("values", path)),
            )


def check_targets(file: CalibratedFile, document: Document) -> None:
    """No finding is both fitted to and held out, or there twice."""
    first: dict[str, str] = {}
    parts: tuple[tuple[str, Sequence[TargetFit]], ...] = (
        ("targets", file.targets),
        ("held_out", file.held_out),
    )
    for part, rows in parts:
        for i, row in enumerate(rows):
            if row.id in first:
                raise ScslabError(
                    f'"{row.id}" is there twice (first in {first[row.id]})',
                    where=document.where((part, i, "id")),
                    why="a finding that was fitted to is no test of the fit",
                )
            first[row.id] = part
