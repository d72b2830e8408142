"""The shape of a regime file (`regime/1`): what a rule can say."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from scslab.core.values import Dated, Day, Source, Strict


class Covers(Strict):
    """The days that the file speaks about; a day outside is refused."""

    from_: Day = Field(alias="from")
    """First day."""
    to: Day | None = None
    """Last day; null where it still holds."""


class Who(Strict):
    """Whom the regime rates."""

    adults_from: Dated | None = Field(None, description="youngest rated age, in years")
    residence: Dated | None = Field(
        None, description="months of residence needed; worked cases only"
    )
    permit_for_non_locals: Dated | None = None
    """Non-locals need a permit; shown, not simulated."""
    consent: Dated | None = Field(None, description="whether a person must agree first")


class Cut(Strict):
    """A direct downgrade: the score falls just below the floor of the next better grade."""

    to: str = Field(description="the grade")
    holds: Dated
    """Whether the downgrade is in force."""


class ScoredAct(Strict):
    """What a recorded act does to the score: points, a move of one dimension, or a cut."""

    says: str
    """What the rule calls it."""
    repeats: Literal["monthly"] | None = None
    """Whether it counts each month; shown, not simulated."""
    points: Dated | None = None
    """Points gained or lost."""
    dimension: str | None = None
    """The dimension that moves."""
    moves: Dated | None = Field(None, description="share of the dimension gained or lost")
    cuts: Cut | None = None
    """A direct downgrade."""


class Dimension(Strict):
    """One part of a weighted score."""

    says: str
    """What it is."""
    weight: Dated
    """Its share of the score."""


class Score(Strict):
    """A score: where it starts, its limits, and what moves it."""

    start: Dated | None = Field(None, description="not for a score of weighted dimensions")
    lowest: Dated | None = None
    """Lower end of the scale."""
    highest: Dated | None = None
    """Upper end of the scale."""
    updated: Dated | None = Field(
        None, description="day of the month of the update; shown, not simulated"
    )
    dimensions: dict[str, Dimension] = Field(default_factory=dict)
    """Parts of a weighted score."""
    acts: dict[str, ScoredAct] = Field(default_factory=dict)
    """Act -> what it does to the score."""


class Grades(Strict):
    """Grades, best first: a person has the first whose floor is reached, else the lowest."""

    lowest: str
    """Name of the lowest grade."""
    floors: dict[str, Dated]
    """Grade -> lowest score, best first."""


class Reward(Strict):
    """A benefit at a grade or from a score on."""

    says: str
    """What it is."""
    grades: list[str] | None = None
    """Grades that earn it."""
    from_score: Dated | None = None
    """Or the score from which it is earned."""
    gives: Dated
    """Its amount, or whether it is in force."""


class Ground(Strict):
    """A ground of listing: certain acts, or a score below a limit."""

    says: str
    """What it is."""
    acts: list[str] = Field(default_factory=list)
    """Acts that are the ground."""
    score_below: Dated | None = None
    """A score below this is the ground."""
    holds: Dated
    """Whether the ground is in force."""
    stays: Dated | None = Field(None, description="months; overrides that of the list")


class Effect(Strict):
    """A measure that follows from a listing."""

    says: str
    """What it does."""
    holds: Dated
    """Whether it is in force."""


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
    stays: Dated | None = Field(None, description="months; none: until removed")
    extends: Dated | None = Field(None, description="months added by a further ground")
    removal_after_performance: Dated | None = Field(None, description="working days")
    score_after: Dated | None = Field(None, description="score on leaving the list")


class Remedy(Strict):
    """Terms of notice, objection, correction, repair and expiry."""

    warning_first: Dated | None = None
    """A warning comes before the record; shown, not simulated."""
    notice_before_listing: Dated | None = None
    """Days of notice; shown, not simulated."""
    heard_before_listing: Dated | None = None
    """The person is heard first; shown, not simulated."""
    objection: Dated | None = Field(None, description="time to decide an objection")
    objection_own_data: Dated | None = None
    """The same for data of the operator."""
    objection_others_data: Dated | None = None
    """The same for data of others."""
    basis_cancelled: Dated | None = None
    """Time to remove after the basis fell; shown, not simulated."""
    record_ends: Dated | None = Field(None, description="months from the end of the conduct")
    repair_opens_ordinary: Dated | None = None
    """Months until repair is open; shown, not simulated."""
    repair_opens_serious: Dated | None = None
    """The same for serious conduct; shown, not simulated."""
    shown_at_most_ordinary: Dated | None = None
    """Longest publication; shown, not simulated."""
    shown_at_most_serious: Dated | None = None
    """The same for serious conduct; shown, not simulated."""


class LeftOutRule(Strict):
    """What the file does not model."""

    what: str
    """What is left out."""
    why: str
    """Why."""
    effect: str
    """In which direction that errs."""


class Regime(Strict):
    """One scoring or listing system and its operator, as dated and sourced data."""

    schema_: Literal["regime/1"] = Field(alias="schema")
    """The shape of the file and its version."""
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    """Name of the regime and of its folder."""
    name: str
    """Its name in English."""
    name_zh: str | None = Field(None, description="the name in Chinese, where it is published")
    about: str
    """What it is, in a few sentences."""
    operator: str
    """Who runs it."""
    covers: Covers
    """The days of which the file speaks."""
    reviewed: Day
    """Day on which somebody last compared the file with its sources."""
    status: Literal["draft", "checked", "released"]
    """How far the file has been checked."""
    sources: dict[str, Source]
    """Where the values come from."""
    who: Who = Who()
    """Whom it rates."""
    score: Score | None = None
    """A score and what moves it."""
    grades: Grades | None = None
    """Grades and their floors."""
    rewards: dict[str, Reward] = Field(default_factory=dict)
    """Benefits of a grade or score."""
    lists: dict[str, ListRules] = Field(default_factory=dict)
    """Blacklists and redlists."""
    limits: dict[str, Dated] = Field(default_factory=dict)
    """What the rules forbid the regime to do; shown, not simulated."""
    remedy: Remedy = Remedy()
    """Terms of remedies."""
    not_modelled: list[LeftOutRule]
    """What of the real system the file leaves out."""

    @property
    def kind(self) -> str:
        """What sort of system it is: list, points or weighted score."""
        if self.score is None:
            return "list"
        return "weighted score" if self.score.dimensions else "points"


class CasePerson(Strict):
    """The person of a worked case."""

    age: int
    consents: bool = True
    months_resident: int = 1200
    dimensions: dict[str, float] = Field(default_factory=dict)


class CaseRecord(Strict):
    """A record of a worked case; `performed` is the day on which the duty was performed."""

    act: str
    ended: Day
    performed: Day | None = None


class Case(Strict):
    """A case worked by hand from the text, then checked by machine."""

    name: str
    on: Day
    person: CasePerson
    records: list[CaseRecord]
    expect: dict[str, None | bool | int | float | str | list[str]]
