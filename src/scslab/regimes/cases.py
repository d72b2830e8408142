"""The shape of worked cases: an invented dossier, and what the rules must make of it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scslab.core.values import Day, Strict


class CasePerson(Strict):
    """The person of a worked case."""

    age: int
    has: dict[str, str] = Field(
        default_factory=dict, description="attribute -> category; all that the rules ask, if empty"
    )
    consents: bool = True
    months_resident: int = 1200
    local: bool = Field(True, description="registered here; others may need a permit")
    permit: bool = False
    place: str | None = Field(None, description="where the person lives; by default where rated")
    exempt: list[str] = Field(default_factory=list, description="exemptions that fit the person")
    dimensions: dict[str, float] = Field(default_factory=dict)
    rank: float | None = Field(
        None, description="share of subjects with a score at least as high, for grades by quota"
    )


class CaseOrganisation(Strict):
    """The organisation of a worked case: its category in each attribute that matters."""

    has: dict[str, str] = Field(
        default_factory=dict, description="attribute -> category; all that the rules ask, if empty"
    )
    consents: bool = True
    place: str | None = None
    exempt: list[str] = Field(default_factory=list)
    dimensions: dict[str, float] = Field(default_factory=dict)
    rank: float | None = None


class CaseRecord(Strict):
    """A record of a worked case: an act, or a listing elsewhere.

    `ended` is the last day of the conduct, or the first day of the listing elsewhere; `until` the
    day on which that listing ended; `performed` the day on which the duty was performed; `applied`
    the day on which the subject applied for repair.
    """

    act: str | None = None
    listed_on: str | None = Field(None, description="REGIME/LIST, instead of an act")
    of: Literal["same", "representative", "family"] = "same"
    ended: Day
    until: Day | None = None
    performed: Day | None = None
    applied: Day | None = None


class Case(Strict):
    """A case worked by hand from the text, then checked by machine."""

    name: str
    on: Day
    person: CasePerson | None = None
    organisation: CaseOrganisation | None = None
    records: list[CaseRecord]
    expect: dict[str, None | bool | int | float | str | list[str]]

    @property
    def subject(self) -> CasePerson | CaseOrganisation:
        """The person or organisation that is judged."""
        found = self.person or self.organisation
        assert found is not None  # checked when cases are read
        return found
