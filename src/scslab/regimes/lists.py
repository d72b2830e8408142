"""The shape of lists and of remedies: grounds, terms, ways out, effects."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scslab.core.values import Dated, Strict

# What the State Council's document 2020 No. 49 leaves to lists of serious dishonesty.
Subjects = Literal["persons", "organisations"]
Field_ = Literal["health-and-life", "market-and-order", "legal-duty", "defence"]


class Ground(Strict):
    """A ground of listing: acts, a score below a limit, a grade, or a listing elsewhere."""

    says: str
    """What it is."""
    acts: list[str] = Field(default_factory=list)
    """Acts that are the ground."""
    times: Dated | None = Field(None, description="how many such acts are needed; one if left out")
    within: Dated | None = Field(None, description="months within which they must fall")
    score_below: Dated | None = None
    """A score below this is the ground."""
    grades: list[str] = Field(default_factory=list, description="falling to one of these grades")
    listed_on: list[str] = Field(
        default_factory=list, description="standing on another list: REGIME/LIST"
    )
    of: Literal["same", "representative", "family"] = Field(
        "same",
        description="whose listing it is: one's own, that of the organisation that one represents, "
        "or that of a member of one's household",
    )
    follows: bool = Field(
        False,
        description="with listed_on: the entry stands while the other listing stands; what stands "
        "there when the ground comes into force is taken up",
    )
    subjects: list[Subjects] = Field(
        default_factory=list, description="persons or organisations only; both if empty"
    )
    holds: Dated
    """Whether the ground is in force."""
    stays: Dated | None = Field(None, description="months; overrides that of the list")
    field: Field_ | None = Field(
        None, description="the field of serious dishonesty (document 2020 No. 49), if it is in one"
    )


class Effect(Strict):
    """A measure that follows from a listing."""

    says: str
    """What it does."""
    by: str | None = Field(None, description="the agency that takes it, where another one does")
    subjects: list[Subjects] = Field(
        default_factory=list, description="persons or organisations only; both if empty"
    )
    context: str | None = Field(
        None, description="the field of life it bites in; else by its name, where that is known"
    )
    severity: Literal["slight", "ordinary", "serious"] | None = Field(
        None, description="how hard it bites; else by its name, where that is known"
    )
    holds: Dated
    """Whether it is in force."""


class Escalation(Strict):
    """Where an entry moves that nobody has cleared."""

    to: str
    """A list of the same regime."""
    after: Dated = Field(description="months on this list")


class ListRules(Strict):
    """A blacklist or redlist: grounds, term, ways out, effects."""

    says: str
    """What the list is."""
    colour: Literal["black", "red"] = "black"
    """Black for sanctions, red for praise."""
    members_only: bool = Field(False, description="only persons who joined can be listed")
    grounds: dict[str, Ground]
    """Why one is listed."""
    effects: dict[str, Effect] = Field(default_factory=dict)
    """What follows from being listed."""
    waits: Dated | None = Field(
        None,
        description="time between decision and listing, in which one can object, or perform (where "
        "performance removes) and never be listed; a society counts whole months",
    )
    stays: Dated | None = Field(None, description="months; none: until removed")
    extends: Dated | None = Field(None, description="months added by a further ground")
    ends_on: list[str] = Field(default_factory=list, description="acts that end an entry at once")
    removal_after_performance: Dated | None = Field(None, description="working days")
    repair_opens: Dated | None = Field(
        None, description="months until one can apply to leave early"
    )
    repair_after: Literal["listing", "performance"] = Field(
        "listing",
        description="from when these months count; from performance, it must have come first",
    )
    escalates: Escalation | None = None
    """Where an entry moves that stands too long."""
    score_after: Dated | None = Field(None, description="score on leaving the list")
    closed: Dated | None = Field(
        None, description="whether the list is closed: nobody enters, everybody leaves"
    )


class Hardship(Strict):
    """Whom the rules let off on application, such as a debtor who fell ill."""

    says: str
    """What the exemption is."""
    acts: list[str] = Field(
        default_factory=list, description="only for these acts; all acts if empty"
    )
    holds: Dated
    """Whether one can apply."""


class Bound(Strict):
    """Something that the rules may not do; the laboratory holds them to it."""

    says: str
    """What is not allowed."""
    acts: list[str] = Field(
        default_factory=list,
        description="conduct that does not count, by name or pattern (petition.*)",
    )
    effects: list[str] = Field(
        default_factory=list, description="measures that may not follow, by name or pattern"
    )
    listings_of: list[Literal["representative", "family"]] = Field(
        default_factory=list, description="whose listings are no ground for listing another"
    )
    only: Literal["related", "proportionate", "four-fields"] | None = Field(
        None,
        description="only measures in the field of life of the act; only measures no more severe "
        "than the act is grave; only lists in the four fields of document 2020 No. 49",
    )
    holds: Dated
    """Whether the bound is in force."""


class Remedy(Strict):
    """Terms of notice, objection, correction, repair and expiry."""

    warning_first: Dated | None = None
    """A warning comes before the record; shown, not simulated."""
    notice_before_listing: Dated | None = None
    """Days of notice; shown, not simulated: a list `waits` whole months."""
    heard_before_listing: Dated | None = Field(
        None, description="the person is heard first, in the time that a list `waits`"
    )
    human_review: Dated | None = None
    """A person looks at each record before it counts."""
    reasons_given: Dated | None = None
    """The notice says which record and which rule."""
    method_published: Dated | None = None
    """Everybody can read how scores and listings come about."""
    help_with_objections: Dated | None = None
    """Somebody helps to write an objection."""
    marked_as_disputed: Dated | None = None
    """An entry is marked while an objection to it waits."""
    complaint: Dated | None = Field(
        None, description="a supervisor outside the operator hears who was rejected"
    )
    correction_reaches: Dated | None = Field(
        None, description="a correction must reach everybody who has the record"
    )
    hardship: Hardship | None = None
    """Who is let off on application."""
    objection: Dated | None = Field(None, description="time to decide an objection")
    objection_own_data: Dated | None = None
    """The same for data of the operator."""
    objection_others_data: Dated | None = None
    """The same for data of others."""
    basis_cancelled: Dated | None = None
    """Time to remove after the basis fell; shown, not simulated."""
    record_ends: Dated | None = Field(None, description="months from the end of the conduct")
    repair_opens_slight: Dated | None = Field(
        None, description="months until a record of a slight act can be repaired"
    )
    repair_opens_ordinary: Dated | None = Field(
        None, description="the same for ordinary conduct: all acts that are not said to be other"
    )
    repair_opens_serious: Dated | None = Field(None, description="the same for serious conduct")
    shown_at_most_slight: Dated | None = None
    """Longest publication of a slight act; shown, not simulated."""
    shown_at_most_ordinary: Dated | None = None
    """The same for ordinary conduct; shown, not simulated."""
    shown_at_most_serious: Dated | None = None
    """The same for serious conduct; shown, not simulated."""
