"""The shape of systems that rate nobody: platforms between agencies, codes that name subjects."""

from __future__ import annotations

from pydantic import Field

from scslab.core.values import Dated, Strict


class Link(Strict):
    """One kind of records that a platform takes."""

    says: str
    """Which records, from whom to whom."""
    acts: list[str]
    """Acts whose records are passed on."""
    holds: Dated
    """Whether they are passed on."""


class Platform(Strict):
    """A platform between agencies and regimes: what reaches whom, how late, with which loss."""

    links: dict[str, Link]
    """What is passed on; nothing else is."""
    coverage: Dated = Field(description="share of the records taken that arrive")
    delay: Dated = Field(description="whole months from the agency to the regime")
    wrong_subject: Dated | None = Field(
        None, description="share of a person's records that the platform files under another name"
    )
    wrong_organisation: Dated | None = Field(
        None, description="the same for records of organisations"
    )


class Identity(Strict):
    """A code that names each subject: how much of the confusion of names it removes."""

    says: str
    """Whom it names, and how."""
    holds: Dated
    """Whether the code is in use."""
    removes: Dated = Field(description="share of identity errors removed")


class Inspections(Strict):
    """How often subjects are inspected, by their grade."""

    says: str
    """Who inspects whom."""
    visits: dict[str, Dated] = Field(
        description="grade -> inspections of an organisation in a year"
    )
