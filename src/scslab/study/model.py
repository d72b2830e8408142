"""The shape of a study file (`study/1`): a society, a period, regimes, surveys, comparisons."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from scslab.core.values import Dated, Month, Source, Strict

Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Times = dict[str, float]


class Varies(Strict):
    """A rate differs by an attribute: times the rate, per category (1 where none is given)."""

    by: str = Field(alias="with", description="an attribute of the society")
    times: Times
    """Category -> times."""
    source: str
    """A key of sources."""
    note: str | None = None
    """Free text."""


class LocalitySpec(Strict):
    """A place inside a province: a city or county with rules of its own."""

    in_: str = Field(alias="in", description="its province")
    persons: Dated
    """Real persons who live there."""
    of: Dated | None = Field(
        None, description="real persons of the province by the same count; else by the margins"
    )
    pilot: bool = Field(False, description="whether it was one of the pilots of 2015 and 2016")


class OrganisationsSpec(Strict):
    """Which organisations there are: margins, how many, and how many real ones they stand for."""

    margins: str | dict[str, Any] = Field(description="a margin set by name, or margins in place")
    count: Annotated[int, Field(description="simulated organisations")]
    only: dict[str, list[str]] = Field(
        default_factory=dict, description="keep only these categories"
    )
    stands_for: Dated | None = Field(
        None, description="real organisations they stand for; by default those of the margins"
    )


class Movers(Strict):
    """Persons who live away from where they are registered."""

    share: Dated
    """Share of persons."""
    stay: Dated = Field(description="mean months that they stay; stays end at random")
    permit: Dated = Field(description="share of them with a residence permit")


class SocietySpec(Strict):
    """Who lives here: margins, how many persons, and how many real persons they stand for."""

    margins: str | dict[str, Any] = Field(description="a margin set by name, or margins in place")
    persons: Annotated[int, Field(description="simulated persons")]
    only: dict[str, list[str]] = Field(
        default_factory=dict, description="keep only these categories"
    )
    stands_for: Dated | None = Field(
        None, description="real persons the society stands for; by default those of the margins"
    )
    organisations: OrganisationsSpec | None = None
    """Firms, social organisations, government bodies; none where it is left out."""
    localities: str | dict[str, LocalitySpec] | None = Field(
        None, description="places with rules of their own: a set by name, or places in place"
    )
    every_locality: bool = Field(
        False, description="of a set, also places that no rule of the study names"
    )
    movers: Movers | None = None
    """Who is new in a place; nobody where it is left out."""


class Period(Strict):
    """First and last month, both included."""

    from_: Month = Field(alias="from")
    """First month."""
    to: Month
    """Last month."""


class Conduct(Strict):
    """How often persons commit an act."""

    rate: Dated = Field(description="mean rate of a person with all multipliers 1")
    varies: list[Varies] = Field(default_factory=list)
    """Times the rate, by attribute."""
    frailty: Dated | None = Field(
        None, description="skew k between persons: (k + 1) u^k times the rate, u uniform in (0, 1)"
    )
    while_listed: Dated | None = Field(None, description="times the rate while on a list")


class Learning(Strict):
    """Deterrence: how much less likely an act is after a sanction, and how that fades."""

    own: Dated = Field(description="share by which one's own listing lowers the rate at once")
    tie: Dated = Field(description="share by which the listing of a tie lowers the rate at once")
    fades: Dated = Field(description="months after which half of the effect is gone")


class Inspects(Strict):
    """Inspections: a regime's grade sets how often, and that sets what is found."""

    by: Name
    """The regime whose grades set the visits."""
    finds: Dated = Field(description="share of standing breaches that a visit finds")
    within: Dated = Field(description="months for which a breach can be found")


class Agency(Strict):
    """Who sees acts and writes them down, with which faults."""

    says: str
    """Who it is."""
    sees: list[str]
    """Acts that it can record."""
    detection: Dated = Field(description="share of acts that are recorded")
    overlooks: list[Varies] = Field(
        default_factory=list, description="times the detection, by attribute: who escapes"
    )
    lag: Dated | None = Field(None, description="mean months from act to record")
    wrong_subject: Dated | None = Field(
        None, description="share of records attached to another person of the same place"
    )
    from_nothing: Dated | None = Field(
        None, description="the agency's records that rest on no act, spread over the acts it sees"
    )
    inspects: Inspects | None = None
    """Visits to organisations, besides what is seen anyhow."""


class Receives(Strict):
    """What of the agencies' records reaches the regime, and how late."""

    through: Name | None = Field(None, description="a platform that passes records on")
    coverage: Dated | None = None
    """Share of records passed on; all where it is left out."""
    delay: Dated | None = Field(None, description="whole months")
    lifts: Dated | None = Field(
        None,
        description="of the listings told to it, the share of which it is also told that they are "
        "over; all where it is left out",
    )


class Joins(Strict):
    """Who joins, or agrees where consent is needed: a share of the persons eligible."""

    share: Dated
    """Share of the eligible who are members."""
    varies: list[Varies] = Field(default_factory=list)
    """Times the share, by attribute."""
    withdraws: Dated | None = Field(
        None, description="share of members who leave for good each month, where the rules let them"
    )


class Brings(Strict):
    """What a member brings to one dimension of a weighted score, before any record."""

    mean: Dated
    """Mean share of the dimension."""
    spread: Dated = Field(description="half-width of the uniform spread around the mean")
    varies: list[Varies] = Field(default_factory=list)
    """Times the mean, by attribute."""


class Desk(Strict):
    """The review desk: how fast it works and how it errs.

    With `decisions` each district has a desk of that capacity; with `staff` one desk of clerks
    serves all, one case after the other, and waiting is counted in working days.
    """

    decisions: Dated | None = Field(None, description="capacity; none: no queue")
    staff: Dated | None = Field(None, description="clerks, instead of `decisions`")
    case_takes: Dated | None = Field(
        None, description="mean working days of a clerk for a case; times are exponential"
    )
    rejects_wronged: Dated | None = Field(
        None, description="share of founded objections that are rejected"
    )
    corrects_rightful: Dated | None = Field(
        None, description="share of unfounded objections that are upheld"
    )


class Channel(Strict):
    """One way in which notice is given."""

    says: str
    """What it is: a letter, a text message, a public notice."""
    reaches: Dated
    """Share of the entered whom it reaches."""
    varies: list[Varies] = Field(default_factory=list)
    """Times the share, by attribute."""
    takes: Dated | None = Field(None, description="whole months until it arrives")


class Hearing(Strict):
    """What a hearing before listing finds."""

    appears_wronged: Dated = Field(description="share of the wronged, if told, who are heard")
    appears_rightful: Dated = Field(description="the same of those rightly to be listed")
    clears_wronged: Dated = Field(description="share of the wronged heard who are not listed")
    clears_rightful: Dated = Field(description="the same of those rightly to be listed")


class Screening(Strict):
    """What a person who looks at records before they count stops."""

    stops_wronged: Dated = Field(description="share of false records that are stopped")
    stops_rightful: Dated = Field(description="share of true records that are stopped")


class Complaint(Strict):
    """Complaints to a supervisor about rejected objections."""

    complains_wronged: Dated = Field(
        description="share of the wronged, once rejected, who complain"
    )
    complains_rightful: Dated = Field(description="the same of those rightly entered")
    takes: Dated = Field(description="whole months until the supervisor decides")
    upholds_wronged: Dated = Field(description="share of founded complaints that are upheld")
    upholds_rightful: Dated = Field(description="share of unfounded complaints that are upheld")


class HardshipCases(Strict):
    """How many entries rest on hardship, and who is let off."""

    share: Dated = Field(description="share of true acts that hardship brought about")
    varies: list[Varies] = Field(default_factory=list)
    """Times the share, by attribute."""
    applies: Dated = Field(description="share of those in hardship, if told, who apply")
    grants: Dated = Field(description="share of their applications that are granted")
    applies_others: Dated | None = Field(None, description="share of the others who apply")
    grants_others: Dated | None = Field(None, description="share of theirs that are granted")


class Helps(Strict):
    """Of the wronged who are told and would stay silent, the share who object after all."""

    reasons: Dated | None = Field(None, description="where the notice gives reasons")
    method: Dated | None = Field(None, description="where the method is published")
    help: Dated | None = Field(None, description="where somebody helps to object")


class Practice(Strict):
    """What happens to an entry in practice: notice, objection, review, performance."""

    notice: Dated | None = Field(None, description="share told in the month of entry")
    notices: dict[Name, Channel] = Field(
        default_factory=dict, description="ways in which notice is given, instead of `notice`"
    )
    learns_when_refused: Dated | None = Field(None, description="a refused attempt is a notice")
    objects_wronged: Dated | None = Field(
        None, description="share of the wrongly entered who object once told"
    )
    objects_rightful: Dated | None = Field(
        None, description="share of the rightly entered who object once told"
    )
    objects_varies: list[Varies] = Field(default_factory=list)
    """Times the shares who object, by attribute."""
    helps: Helps | None = None
    """Who objects only because the rules make it easier."""
    hearing: Hearing | None = None
    """What hearings find, where the rules ask for them and a list waits."""
    screening: Screening | None = None
    """What human review stops, where the rules ask for it."""
    desk: Desk = Desk()
    """Who decides objections."""
    marked: Dated | None = Field(
        None,
        description="share of refusals that do not happen while an entry is marked as disputed, "
        "where the rules ask for the mark",
    )
    complaint: Complaint | None = None
    """What comes of complaints, where the rules allow them."""
    corrections_reach: Dated | None = Field(
        None,
        description="of the other systems that hold a corrected record, the share that learns of "
        "it; none where it is left out, all where the rules ask for it",
    )
    corrections_take: Dated | None = Field(None, description="whole months until they learn of it")
    hardship: HardshipCases | None = None
    """Who acts out of hardship, and who is let off where the rules allow it."""
    performs_first: Dated | None = Field(
        None, description="share of the rightly listed who perform within a month of entry"
    )
    performs_later: Dated | None = Field(
        None, description="share of those left who perform in each later month"
    )
    repairs: Dated | None = Field(
        None, description="share who apply for repair in each month in which the rules allow it"
    )


class Exempt(Strict):
    """How many subjects an exemption of the rules fits."""

    share: Dated
    """Share of subjects."""
    varies: list[Varies] = Field(default_factory=list)
    """Times the share, by attribute."""


class RegimeUse(Strict):
    """A regime in force in the study, with the practice around its rules."""

    use: Name
    """Folder of a regime beside the study, or one of the library."""
    since: Month | None = Field(
        None, description="first month in which it takes part, where its rules begin later"
    )
    receives: Receives = Receives()
    """What of the records arrives."""
    joins: Joins | None = None
    """Who is a member; needed where the rules ask for consent."""
    brings: dict[str, Brings] = Field(default_factory=dict)
    """Dimension -> what members bring to it."""
    among: dict[str, list[str]] = Field(
        default_factory=dict, description="attribute -> categories: rates nobody else here"
    )
    exempt: dict[str, Exempt] = Field(default_factory=dict)
    """Exemption of the rules -> how many it fits; nobody where it is left out."""
    bites: dict[str, Dated] = Field(
        default_factory=dict, description="effect of a list -> refused attempts"
    )
    enforces: dict[str, Dated] = Field(
        default_factory=dict, description="effect of a list -> share of the listed it is taken on"
    )
    practice: Practice = Practice()
    """What happens to entries; what is left out is taken from the practice of the study."""
    changes: dict[str, Dated] = Field(
        default_factory=dict, description="rows of the rules replaced in this study"
    )
    safeguards: list[Name] = Field(
        default_factory=list,
        description="safeguards laid over its rules from the first month on, besides the study's",
    )


class Attitude(Strict):
    """The ordered logit behind the approval question."""

    cuts: Annotated[list[Dated], Field(min_length=4, max_length=4)]
    """Thresholds between the five answers, lowest first."""
    confidence: Annotated[list[Dated], Field(min_length=4, max_length=4)] = Field(
        description="shares with confidence in the government 1 (none), 2, 3, 4 (full)"
    )
    effects: dict[str, Dated] = Field(
        default_factory=dict,
        description="log-odds: attribute=category, confidence, listed, member or heard",
    )


class Survey(Strict):
    """One fielding of the approval question."""

    id: Name
    """Name of the survey and of its file."""
    month: Month
    """Fielded at the end of this month."""
    respondents: Annotated[int, Field(gt=0)]
    """Answers wanted."""
    among: dict[str, list[str]] = Field(default_factory=dict)
    """Attribute -> categories that are asked; all others are left out."""
    weight_by: list[str] | None = Field(
        None, description="attributes of the weights; by default age, sex and region, if there are"
    )
    cap: float = Field(2.0, gt=1.0, description="largest weight, in means")
    reaches: list[Varies] = Field(
        default_factory=list, description="who is in the panel: odds of being drawn"
    )
    completes: Dated | None = Field(None, description="share who finish")
    falsifies: Dated | None = Field(
        None, description="share of disapproving answers turned into a safer one"
    )
    falsifies_when_heard: Dated | None = Field(
        None, description="the same for persons who were listed or know somebody who was"
    )
    attitude: Attitude
    """What persons think."""


class WaveUse(Strict):
    """A questionnaire fielded at the end of a month."""

    id: Name
    """Its name; results are told under it."""
    month: Month
    """Fielded at the end of this month."""
    file: str
    """The wave file, beside the study."""


class Outcry(Strict):
    """Discontent that is heard: those newly hurt speak up where outlets let them."""

    speaks: Dated = Field(description="share of new listings and lost points that raise a voice")
    outlets: Dated = Field(description="freedom of outlets: share of voices that are heard")
    fades: Dated = Field(description="months after which half of what was heard is forgotten")
    above: Dated = Field(description="voices heard per 1000 subjects rated at which rules fall")


class Supervisor(Strict):
    """A supervisor who closes what lies outside the fields that the law leaves open."""

    from_: Month = Field(alias="from")
    """First month of its power."""
    allows: list[str]
    """Fields of serious dishonesty that lists may serve."""
    after: Dated = Field(description="months until it has acted")


class Oversight(Strict):
    """What can stop a rule: an outcry, a supervisor, or a decision on a day."""

    says: str
    """Who stops what, and why."""
    regimes: list[Name]
    """The regimes it is about; all if empty."""
    withdraws: list[str] = Field(
        default_factory=list, description="acts and lists that fall; the whole regime if empty"
    )
    outcry: Outcry | None = None
    """A rule that fires on simulated discontent."""
    supervisor: Supervisor | None = None
    """A supervisor with a scope."""
    decided: Month | None = Field(None, description="a decision on a day, whatever was heard")
    source: str
    """A key of sources."""
    at: str | None = Field(None, description="the place in the source")


class Variant(Strict):
    """The same study, with the same luck, but for some of its parts."""

    says: str
    """What is different."""
    without: list[Name] = Field(default_factory=list)
    """Regimes left out."""
    set_: dict[str, Any] = Field(
        default_factory=dict,
        alias="set",
        description="path of the study file -> what stands there instead; regimes by their names",
    )


class Compare(Strict):
    """A published finding to set beside the simulated figure."""

    finding: str
    """Id of a published finding."""
    measure: Literal[
        "entries",
        "listed",
        "exits",
        "performed",
        "performed-within-a-month",
        "refused",
        "grade-share",
        "approves",
        "approves-strongly",
    ]
    """Which simulated figure."""
    regime: Name | None = None
    """Whose figure; needed unless the measure is an approval."""
    effect: str | None = Field(None, description="which measure's refusals")
    grade: str | None = Field(None, description="which grade's share")
    part: Annotated[int, Field(ge=1)] | None = Field(
        None, description="which part of a published distribution, from 1"
    )
    survey: Name | None = None
    """Which survey; needed for an approval."""
    to: Month | None = Field(None, description="counted to the end of this month")
    role: Literal["calibrated", "input", "check"]
    """A value was chosen to meet it (calibrated), it is itself a value (input), or neither."""
    note: str | None = None
    """Free text."""


class Study(Strict):
    """One study: who lives under which rules, for how long, and what is compared."""

    schema_: Literal["study/1"] = Field(alias="schema")
    """The shape of the file and its version."""
    id: Name
    """Name of the study; run folders are named after it."""
    title: str
    """One line, shown on the report."""
    about: str
    """What the study asks."""
    cannot_tell: str = Field(description="what nobody may conclude from it")
    society: SocietySpec
    """Who lives here."""
    period: Period
    """First and last month."""
    sources: dict[str, Source] = Field(default_factory=dict)
    """Where the study's own values come from."""
    conduct: dict[str, Conduct]
    """Act of the vocabulary -> how often it happens."""
    agencies: dict[str, Agency]
    """Who writes acts down; each act is seen by at most one."""
    regimes: list[RegimeUse]
    """The regimes in force; each at most once."""
    safeguards: list[Name] = Field(
        default_factory=list,
        description="safeguards laid over the rules of all regimes from the first month on",
    )
    identity: Name | None = Field(
        None,
        description="a code that tells organisations apart; errors of names are as they are "
        "where it is left out",
    )
    practice: Practice = Practice()
    """What happens to entries where a regime's own practice says nothing."""
    oversight: list[Oversight] = Field(default_factory=list)
    """What can stop a rule; nothing where it is left out."""
    variants: dict[Name, Variant] = Field(default_factory=dict)
    """What else is run with the same luck, to be set beside it."""
    learning: Learning | None = None
    """Deterrence; nobody learns anything where it is left out."""
    surveys: list[Survey] = Field(default_factory=list)
    """Simulated surveys of one question."""
    waves: list[WaveUse] = Field(default_factory=list)
    """Questionnaires fielded in the society."""
    compare: list[Compare] = Field(default_factory=list)
    """Published figures to set beside the simulated ones."""
