"""The shape of a wave file (`wave/1`): whom a survey reaches, what they think, what they say.

Numbers carry their source here as in study files, but no days: a wave is fielded once.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from scslab.core.values import Source, Strict

Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Pair = Annotated[list[float], Field(min_length=2, max_length=2)]
Code = Annotated[int, Field(strict=False)]  # as a key, which a file always gives as text


class Estimate(Strict):
    """A number, its source, and the range of a guess."""

    value: float
    """The number."""
    source: str
    """A key of sources; if you guessed, one of kind assumption."""
    at: str | None = Field(None, description="the place in the source")
    between: Pair | None = Field(None, description="the range of an assumption: [low, high]")
    note: str | None = None
    """Free text."""


class Chance(Strict):
    """A chance on the scale of log-odds: base, and what moves it."""

    base: Estimate
    """Log-odds where every effect is nil."""
    effects: dict[str, Estimate] = Field(
        default_factory=dict,
        description="log-odds by trait, life, variable, attribute=category or variable=code",
    )


class Life(Strict):
    """What the regimes brought to a person by the month of the wave; exactly one way."""

    says: str
    """In words."""
    member_of: list[Name] | None = Field(None, description="1 for members of one of these regimes")
    score_of: Name | None = Field(None, description="the score; none for who is no member")
    beside_ties: Name | None = Field(
        None, description="own score less the mean score of ties who are members"
    )
    rewarded: list[str] | None = Field(
        None, description="1 where one of these rewards (regime.reward) is earned in that month"
    )
    barred: list[str] | None = Field(
        None, description="1 where listed under one of these effects (regime.effect)"
    )
    listed: list[Name] | None = Field(
        None, description="1 where on a blacklist of one of these regimes; of any, if empty"
    )
    score_below: dict[Name, float] | None = Field(
        None, description="1 for members whose score is below this"
    )
    heard: bool | None = Field(None, description="1 for who was listed or knows somebody who was")
    lives_in: list[str] | None = Field(
        None, description='1 in these localities; "pilots" stands for all pilot places'
    )


class Option(Strict):
    """One answer of a question with several: what makes a person choose it."""

    code: int | None = Field(None, description="the answer's code; of one_of only")
    base: Estimate
    """Log-odds where every effect is nil; of one_of beside the first option."""
    effects: dict[str, Estimate] = Field(default_factory=dict)
    """Log-odds, as of a chance."""
    only: str | None = Field(None, description="a condition without which nobody chooses it")


class Variable(Strict):
    """How one answer comes about, in a person who tells the truth.

    `years`: a whole number within the age band, and within `limits`. `attribute`: codes of an
    attribute. `life`: what the regimes brought, or a number near it. `ordered`: an ordered logit
    with `cuts`; codes run from `lowest`. `yes_no`: 1 or 0. `one_of`: a multinomial logit over
    `options`. `ticks`: each option by itself, columns `name_option`. `number`: normal. `arm`: drawn
    by the researcher, codes from 0. `count`: how many of `of` are 1, and of `plus` where its
    condition holds. `when`: 1 where a condition holds, else 0.
    """

    name: Word
    """Its name, as in the instrument where it is asked."""
    says: str = ""
    """In words."""
    kind: Literal[
        "years", "attribute", "life", "ordered", "yes_no", "one_of", "ticks", "number", "arm",
        "count", "when",
    ]  # fmt: skip
    """How it comes about."""
    among: str | None = Field(None, description="a condition; all others have no value")
    attribute: str | None = Field(
        None, description="of attribute: which; of years: whose bands, age where it is left out"
    )
    codes: dict[str, int] = Field(default_factory=dict, description="of attribute: its codes")
    life: Word | None = Field(None, description="of life: which")
    lowest: int = Field(1, description="of ordered: the code below the first cut")
    cuts: list[Estimate] = Field(default_factory=list, description="of ordered, rising")
    base: Estimate | None = Field(
        None, description="of yes_no and number; of ordered, where it moves all cuts at once"
    )
    effects: dict[str, Estimate] = Field(default_factory=dict)
    """Of ordered, yes_no (log-odds) and number (its unit), as of a chance."""
    spread: Estimate | None = Field(
        None, description="standard deviation of number; of the error with which a life is told"
    )
    limits: Pair | None = Field(
        None,
        description="of number, life and years: lowest and highest; where both are whole, so are "
        "the values of number, and of a life with a spread",
    )
    options: dict[Word, Option] = Field(default_factory=dict)
    """Of one_of and ticks."""
    otherwise: Word | None = Field(
        None, description="of ticks: the column that is 1 where nothing else is ticked"
    )
    arms: list[Word] = Field(default_factory=list, description="of arm: equal chances")
    of: list[Word] = Field(default_factory=list, description="of count: variables")
    plus: dict[Word, str] = Field(
        default_factory=dict, description="of count: variable -> condition for counting it"
    )
    holds: str | None = Field(None, description="of when: the condition")
    centre: float = Field(0, description="subtracted where the variable is an effect on another")


class Quotas(Strict):
    """How many completes are taken from each crossing of some margins."""

    to: str
    """A margin set by name, or a file."""
    on: dict[str, dict[str, list[str]]]
    """Its margin -> its category -> the society's categories; none where names are the same."""
    slack: Estimate | None = Field(None, description="share by which a quota may be overfilled")


class SampleSpec(Strict):
    """Who is asked: exactly one way."""

    kind: Literal["river", "probability", "panel"]
    """A stream of volunteers; a drawn sample; the respondents of an earlier wave."""
    wanted: Annotated[int, Field(gt=0)]
    """Completes wanted (river), persons drawn (probability), at most so many (panel)."""
    quotas: Quotas | None = Field(None, description="of river")
    strata: list[str] = Field(default_factory=list, description="of probability: attributes")
    clusters: int | None = Field(None, description="of probability: how many places are drawn")
    of: Name | None = Field(None, description="of panel: the earlier wave")


class Careless(Strict):
    """Respondents who hurry: who they are, and how they answer."""

    who: Chance
    """Who hurries."""
    straight: Estimate = Field(description="share of them who give one answer down a block")
    wild: Estimate = Field(description="share of the answers of the others drawn at random")
    pace: Estimate = Field(description="their time, as a share of the usual")


class Safer(Strict):
    """Preference falsification: an answer turned into a safer one."""

    risk: Chance
    """Chance that a risky answer is turned; grows with perceived risk."""
    answers: dict[Word, dict[Code, int]]
    """Variable -> risky code -> the safer code."""


class FieldSpec(Strict):
    """Fieldwork: from the panel to the answers as given."""

    reach: dict[str, Estimate] = Field(
        default_factory=dict,
        description="log-odds of being in the panel: attribute=category, or pilots",
    )
    starts: Chance
    """Who, once invited, begins."""
    finishes: Chance
    """Who, having begun, comes to the end."""
    careless: Careless | None = None
    """Hurry and straight-lining; nobody where it is left out."""
    skips: Estimate | None = Field(None, description="share of single answers left out")
    unsure: dict[Word, Chance] = Field(
        default_factory=dict, description="variable -> who says that he does not know"
    )
    untold: dict[Word, Chance] = Field(
        default_factory=dict, description="variable -> who refuses to say"
    )
    safer: Safer | None = None
    """Preference falsification; none where it is left out."""
    seconds: Estimate = Field(description="usual seconds a question")
    mobile: Chance
    """Who answers on a phone."""


class Headline(Strict):
    """A share that the survey is about, whose errors are taken apart."""

    id: Name
    """Its name."""
    says: str
    """In words."""
    variable: Word
    """The variable."""
    codes: list[int]
    """Its codes that count."""
    by_list: dict[str, str] | None = Field(
        None,
        description="a list experiment on its opposite: count, group and items of the short list",
    )


class Framing(Strict):
    """An experiment within a wave: what an arm changes."""

    id: Name
    """Its name."""
    says: str
    """In words."""
    outcome: Word
    """The answer that may change."""
    codes: list[int] = Field(default_factory=list, description="codes that count; else the mean")
    arm: Word | None = Field(None, description="the variable of the arms")
    control: Word | None = Field(None, description="the arm that the others are set beside")
    before: Word | None = Field(None, description="or the same question before the information")
    printed: dict[str, str] = Field(
        default_factory=dict, description="arm, before or after -> the finding printed of it"
    )


class WaveFile(Strict):
    """One fielding of an instrument (`wave/1`)."""

    wave: Literal["wave/1"]
    """The version of this shape."""
    id: Name
    """Its name."""
    title: str
    """Its title."""
    instrument: str
    """An instrument by name, or a file beside this one."""
    language: Literal["en", "zh"] = "en"
    """In which it is fielded; reports are in English."""
    population: dict[str, list[str]] = Field(
        description="attribute -> categories: whose opinion is asked for"
    )
    frame: dict[str, list[str]] = Field(
        default_factory=dict, description="who of them can be reached; all where it is left out"
    )
    sources: dict[str, Source]
    """Where the numbers come from."""
    traits: dict[Word, str] = Field(
        default_factory=dict,
        description="standard normal features that stay with a person: name -> what it is",
    )
    lives: dict[Word, Life] = Field(default_factory=dict)
    """What the regimes brought."""
    variables: list[Variable]
    """How answers come about, in this order; each may use those above it."""
    sample: SampleSpec
    """Who is asked."""
    field: FieldSpec
    """What becomes of them, and of their answers."""
    kept: list[Word] = Field(
        default_factory=list,
        description="variables that are no question and yet stand beside the answers",
    )
    headlines: list[Headline] = Field(default_factory=list)
    """Shares whose errors are taken apart."""
    framings: list[Framing] = Field(default_factory=list)
    """Experiments within the wave."""
    design: str
    """The design file of the analysis, beside this one."""
    analysis: str
    """The analysis file, beside this one."""
    findings: str | None = Field(None, description="the ledger, beside this one")
    paper: str | None = Field(None, description="the exhibits of the paper, beside this one")
    calibrated: str | None = Field(
        None, description="values fitted by `scslab calibrate`, beside this one"
    )
