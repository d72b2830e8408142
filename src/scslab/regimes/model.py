"""The shape of a regime file (`regime/1`): what a rule can say."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from scslab.core.values import Dated, Day, Source, Strict


class Covers(Strict):
    """The days that the file speaks about; a day outside is refused."""

    from_: Day = Field(alias="from")
    to: Day | None = None


class Who(Strict):
    """Whom the regime rates."""

    adults_from: Dated | None = Field(None, description="youngest rated age, in years")
    residence: Dated | None = Field(None, description="months of residence needed")
    permit_for_non_locals: Dated | None = None
    consent: Dated | None = Field(None, description="whether a person must agree first")


class Cut(Strict):
    """A direct downgrade: the score falls just below the floor of the next better grade."""

    to: str = Field(description="the grade")
    holds: Dated


class ScoredAct(Strict):
    """What a recorded act does to the score: points, a move of one dimension, or a cut."""

    says: str
    repeats: Literal["monthly"] | None = None
    points: Dated | None = None
    dimension: str | None = None
    moves: Dated | None = Field(None, description="share of the dimension gained or lost")
    cuts: Cut | None = None


class Dimension(Strict):
    """One part of a weighted score."""

    says: str
    weight: Dated


class Score(Strict):
    """A score: where it starts, its limits, and what moves it."""

    start: Dated | None = Field(None, description="not for a score of weighted dimensions")
    lowest: Dated | None = None
    highest: Dated | None = None
    updated: Dated | None = Field(None, description="day of the month of the update")
    dimensions: dict[str, Dimension] = Field(default_factory=dict)
    acts: dict[str, ScoredAct] = Field(default_factory=dict)


class Grades(Strict):
    """Grades, best first: a person has the first whose floor is reached, else the lowest."""

    lowest: str
    floors: dict[str, Dated]


class Reward(Strict):
    """A benefit at a grade or from a score on."""

    says: str
    grades: list[str] | None = None
    from_score: Dated | None = None
    gives: Dated


class Ground(Strict):
    """A ground of listing: certain acts, or a score below a limit."""

    says: str
    acts: list[str] = Field(default_factory=list)
    score_below: Dated | None = None
    holds: Dated
    stays: Dated | None = Field(None, description="months; overrides that of the list")


class Effect(Strict):
    """A measure that follows from a listing."""

    says: str
    holds: Dated


class ListRules(Strict):
    """A blacklist or redlist: grounds, term, ways out, effects."""

    says: str
    colour: Literal["black", "red"] = "black"
    members_only: bool = Field(False, description="only persons who joined can be listed")
    grounds: dict[str, Ground]
    effects: dict[str, Effect] = Field(default_factory=dict)
    stays: Dated | None = Field(None, description="months; none: until removed")
    extends: Dated | None = Field(None, description="months added by a further ground")
    removal_after_performance: Dated | None = Field(None, description="working days")
    score_after: Dated | None = Field(None, description="score on leaving the list")


class Remedy(Strict):
    """Terms of notice, objection, correction, repair and expiry."""

    warning_first: Dated | None = None
    notice_before_listing: Dated | None = None
    heard_before_listing: Dated | None = None
    objection: Dated | None = Field(None, description="time to decide an objection")
    objection_own_data: Dated | None = None
    objection_others_data: Dated | None = None
    basis_cancelled: Dated | None = None
    record_ends: Dated | None = Field(None, description="months from the end of the conduct")
    repair_opens_ordinary: Dated | None = None
    repair_opens_serious: Dated | None = None
    shown_at_most_ordinary: Dated | None = None
    shown_at_most_serious: Dated | None = None


class LeftOutRule(Strict):
    """What the file does not model."""

    what: str
    why: str
    effect: str


class Regime(Strict):
    """One scoring or listing system and its operator, as dated and sourced data."""

    schema_: Literal["regime/1"] = Field(alias="schema")
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    name: str
    name_zh: str | None = Field(None, description="the name in Chinese, where it is published")
    about: str
    operator: str
    covers: Covers
    reviewed: Day
    status: Literal["draft", "checked", "released"]
    sources: dict[str, Source]
    who: Who = Who()
    score: Score | None = None
    grades: Grades | None = None
    rewards: dict[str, Reward] = Field(default_factory=dict)
    lists: dict[str, ListRules] = Field(default_factory=dict)
    limits: dict[str, Dated] = Field(default_factory=dict)
    remedy: Remedy = Remedy()
    not_modelled: list[LeftOutRule]

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
