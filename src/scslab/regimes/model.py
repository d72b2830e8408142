"""The shape of a regime file (`regime/1`): what a rule can say."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from scslab.core.values import Dated, Day, Source, Strict
from scslab.regimes.links import Identity, Inspections, Platform
from scslab.regimes.lists import Bound, ListRules, Remedy


class Covers(Strict):
    """The days that the file speaks about; a day outside is refused."""

    from_: Day = Field(alias="from")
    """First day."""
    to: Day | None = None
    """Last day; null where it still holds."""


class Among(Strict):
    """Only subjects with certain attributes are rated."""

    attribute: str = Field(alias="with", description="an attribute of the society")
    are: list[str]
    """The categories that are rated."""
    source: str
    """A key of sources."""
    at: str | None = Field(None, description="the place in the source")


class Exemption(Strict):
    """Subjects whom the rules spare."""

    says: str
    """Who they are."""
    acts: list[str] = Field(
        default_factory=list, description="only for these acts; all acts if empty"
    )
    holds: Dated
    """Whether the exemption is in force."""


class Who(Strict):
    """Whom the regime rates."""

    subjects: list[Literal["persons", "organisations"]] = ["persons"]
    """Persons, organisations or both."""
    places: list[str] = Field(
        default_factory=list, description="localities or provinces where it applies; all if empty"
    )
    among: list[Among] = Field(default_factory=list)
    """Only subjects with these attributes."""
    adults_from: Dated | None = Field(None, description="youngest rated age, in years")
    residence: Dated | None = Field(None, description="months of residence needed")
    permit_for_non_locals: Dated | None = None
    """Non-locals need a permit."""
    consent: Dated | None = Field(None, description="whether a person must agree first")
    withdrawal: Dated | None = Field(
        None, description="whether a member can leave; the records are deleted then"
    )
    exempt: dict[str, Exemption] = Field(default_factory=dict)
    """Whom the rules spare."""


class Cut(Strict):
    """A grade given at once, whatever the score: down to it or up to it."""

    to: str = Field(description="the grade")
    holds: Dated
    """Whether the rule is in force."""


class GradedAct(Strict):
    """What a recorded act does to the grade."""

    says: str
    """What the rule calls it."""
    repeats: Literal["monthly"] | None = None
    """Whether it counts each month; shown, not simulated."""
    gravity: Literal["slight", "ordinary", "serious"] = Field(
        "ordinary", description="which terms of repair hold"
    )
    cuts: Cut | None = Field(
        None, description="a veto: the score falls just below the floor of the next better grade"
    )
    lifts: Cut | None = Field(None, description="the score rises to the floor of a grade")
    drops: Dated | None = Field(None, description="grades by which the subject falls")


class ScoredAct(GradedAct):
    """What a recorded act does to the score: points, a move of one dimension, or a grade."""

    points: Dated | None = None
    """Points gained or lost."""
    dimension: str | None = None
    """The dimension that moves."""
    moves: Dated | None = Field(None, description="share of the dimension gained or lost")


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
    listings: dict[str, ScoredAct] = Field(
        default_factory=dict, description="REGIME/LIST -> what standing on that list does"
    )
    restarts: Dated | None = Field(
        None,
        description="month of the year in which all scores restart; the grade that a subject then "
        "has stands until the next",
    )


class Grades(Strict):
    """Grades, best first: by floors of the score, by quota, or by rule alone.

    With floors a subject has the first grade whose floor is reached, else the lowest. With quotas
    the best subjects have the first grade, as many as its share allows, and so on. A ladder needs
    no score: subjects begin at one of its grades, and acts move them.
    """

    lowest: str | None = Field(None, description="the lowest grade; it has no floor and no quota")
    floors: dict[str, Dated] = Field(default_factory=dict)
    """Grade -> lowest score, best first."""
    quotas: dict[str, Dated] = Field(
        default_factory=dict, description="grade -> share of subjects, best first"
    )
    ladder: list[str] = Field(default_factory=list, description="grades without score, best first")
    start: str | None = Field(None, description="the grade of the ladder where subjects begin")
    acts: dict[str, GradedAct] = Field(default_factory=dict)
    """Act -> what it does on the ladder."""
    listings: dict[str, GradedAct] = Field(
        default_factory=dict, description="REGIME/LIST -> what standing on that list does"
    )

    @property
    def names(self) -> list[str]:
        """All grades, best first."""
        if self.ladder:
            return self.ladder
        return [*(self.quotas or self.floors), self.lowest or ""]


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
    inspections: Inspections | None = None
    """How often subjects are inspected."""
    platform: Platform | None = None
    """A platform that passes records on."""
    identity: Identity | None = None
    """A code that tells organisations apart."""
    limits: dict[str, Dated] = Field(default_factory=dict)
    """What the rules forbid the regime to do; shown, not simulated."""
    bounds: dict[str, Bound] = Field(default_factory=dict)
    """What the rules may not do; the laboratory holds them to it."""
    remedy: Remedy = Remedy()
    """Terms of remedies."""
    not_modelled: list[LeftOutRule]
    """What of the real system the file leaves out."""

    @property
    def kind(self) -> str:
        """What sort of system it is."""
        if self.platform is not None:
            return "platform"
        if self.identity is not None:
            return "identity code"
        if self.score is None:
            return "grades by rule" if self.grades is not None else "list"
        return "weighted score" if self.score.dimensions else "points"

    @property
    def rates(self) -> dict[str, GradedAct]:
        """What moves a score or grade: acts, and listings on other lists."""
        if self.score is not None:
            return {**self.score.acts, **self.score.listings}
        if self.grades is not None:
            return {**self.grades.acts, **self.grades.listings}
        return {}
