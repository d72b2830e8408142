"""The small frozen records that analysis and evaluation give and the report draws.

Every count is of simulated persons (or records of them) unless a name says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from scslab.core.harm import HarmReport


@dataclass(frozen=True)
class SourceLine:
    """One source of the study or of a regime; an assumption is a source with a reason."""

    key: str
    used_by: str
    kind: str
    title: str
    date: str
    href: str
    because: str


@dataclass(frozen=True)
class ValueShares:
    """How many sourced values rest on rules or papers, on the press, on assumptions."""

    owner: str
    published: int
    press: int
    assumed: int

    @property
    def total(self) -> int:
        """All sourced values of the owner."""
        return self.published + self.press + self.assumed


@dataclass(frozen=True)
class LeftOut:
    """What a regime file does not model, and in which direction that errs."""

    regime: str
    what: str
    why: str
    effect: str


@dataclass(frozen=True)
class FitRow:
    """How well the society meets one margin: the largest deviation, in persons."""

    margin: str
    over: str
    categories: int
    deviation: float
    at: str
    target: float
    status: str


@dataclass(frozen=True)
class ListSeries:
    """Entries, exits and stock of one regime's list, month by month."""

    regime: str
    name: str
    months: tuple[str, ...]
    entries: tuple[int, ...]
    exits: tuple[int, ...]
    listed: tuple[int, ...]
    wrongful_entries: tuple[int, ...]
    wrongful_listed: tuple[int, ...]


@dataclass(frozen=True)
class ScoreHistogram:
    """Scores of one regime in one month: persons per bin [low, high)."""

    regime: str
    month: str
    low: tuple[int, ...]
    high: tuple[int, ...]
    persons: tuple[int, ...]


@dataclass(frozen=True)
class GradeSeries:
    """Persons in each grade, month by month, with the mean score; grades best first."""

    regime: str
    months: tuple[str, ...]
    mean_score: tuple[float, ...]
    scored: tuple[int, ...]
    grades: dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class Flow:
    """From records to corrections over the whole run, true and false apart.

    `by_record` says that a record which only moves a score can be objected to as well; otherwise
    objections are to listings.
    """

    regime: str
    acts: int
    records_true: int
    records_misattributed: int
    records_from_nothing: int
    entries_rightful: int
    entries_wrongful: int
    objections_rightful: int
    objections_wrongful: int
    corrected_rightful: int
    corrected_wrongful: int
    rejected_rightful: int
    rejected_wrongful: int
    waiting: int
    mean_wait_months: float
    late: int
    by_record: bool = False


@dataclass(frozen=True)
class GroupShare:
    """Share of a group's list entries that were wrongful, with its interval.

    `low` and `high` bound the share by Wilson's interval at 95 %; `shown` is false below the
    smallest n at which a share is printed.
    """

    regime: str
    attribute: str
    category: str
    n: int
    wrongful: int
    share: float
    low: float
    high: float
    per_100k: float
    shown: bool


@dataclass(frozen=True)
class MeasureTotal:
    """What listed or graded persons lived through over the whole run."""

    regime: str
    measure: str
    says: str
    person_months: int
    events: int
    scaled: float = 0.0  # person-months, or organisation-months, of real subjects


@dataclass(frozen=True)
class Comparison:
    """A published finding beside the simulated figure, scaled to the real population.

    `role` is "calibrated" when the study was tuned to the finding, "input" when the finding itself
    is one of the study's values, "check" when neither.
    """

    finding: str
    quantity: str
    group: str
    source: str
    kind: str
    published: float
    simulated: float
    interval: tuple[float, float] | None
    role: str
    note: str
    n: str = ""


@dataclass(frozen=True)
class SurveyResult:
    """One simulated survey: the true value beside the measured one.

    Shares are between 0 and 1. `deff` is Kish's design effect of the weights.
    """

    id: str
    question: str
    month: str
    population: str
    eligible: int
    drawn: int
    n: int
    true_value: float
    measured: float
    standard_error: float
    low: float
    high: float
    deff: float
    unweighted: float
    without_falsification: float
    categories: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True)
class WaveHeadline:
    """One share of a fielded questionnaire: the truth in the population, and as measured."""

    says: str
    truth: float
    measured: float
    low: float
    high: float


@dataclass(frozen=True)
class WaveLine:
    """A fielded questionnaire as the run's report tells it; `href` is its own report.

    `agree` of `compared` published findings are as printed in this one wave.
    """

    id: str
    title: str
    month: str
    n: int
    href: str
    headlines: tuple[WaveHeadline, ...]
    agree: int
    compared: int


@dataclass(frozen=True)
class RegimeLine:
    """A regime as the report introduces it."""

    id: str
    name: str
    operator: str
    about: str
    kind: str
    status: str


@dataclass(frozen=True)
class SystemLine:
    """One system of a study at a glance: counts over the whole run, and stocks at its end."""

    regime: str
    kind: str
    subjects: str
    rated: int
    records: int
    false_records: int
    entries: int
    wrongful_entries: int
    listed: int
    wrongful_listed: int
    scored: int
    mean_score: float | None
    refused: int


@dataclass(frozen=True)
class InspectionLine:
    """Inspections by one grade of a regime (or "all") over the whole run, and what they found."""

    variant: str
    regime: str
    grade: str
    organisation_years: float
    visits: float
    found: int


@dataclass(frozen=True)
class OversightEvent:
    """A rule that oversight stopped."""

    variant: str
    month: str
    regime: str
    what: str
    why: str


@dataclass(frozen=True)
class VariantRow:
    """One figure in the study as it stands and in its variants, all with the same luck."""

    figure: str
    regime: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class RunSummary:
    """All that the report says about one run."""

    study: str
    title: str
    about: str
    cannot_tell: str
    seed: int
    first_month: str
    last_month: str
    persons: int
    rated: int
    stands_for: float
    scale: float
    society: str
    version: str
    fingerprint: str
    machine: str
    seconds: float
    regimes: tuple[RegimeLine, ...]
    fit: tuple[FitRow, ...]
    lists: tuple[ListSeries, ...]
    histograms: tuple[ScoreHistogram, ...]
    grades: tuple[GradeSeries, ...]
    flows: tuple[Flow, ...]
    groups: tuple[GroupShare, ...]
    measures: tuple[MeasureTotal, ...]
    comparisons: tuple[Comparison, ...]
    surveys: tuple[SurveyResult, ...]
    values: tuple[ValueShares, ...]
    sources: tuple[SourceLine, ...]
    left_out: tuple[LeftOut, ...]
    warnings: tuple[str, ...] = field(default=())
    organisations: int = 0
    organisations_stand_for: float = 0.0
    systems: tuple[SystemLine, ...] = ()
    lists_held: tuple[int, ...] = ()  # persons on exactly 1, 2, 3 ... blacklisting systems
    inspections: tuple[InspectionLine, ...] = ()
    events: tuple[OversightEvent, ...] = ()
    variants: tuple[tuple[str, str], ...] = ()  # name and what is different
    variant_rows: tuple[VariantRow, ...] = ()
    waves: tuple[WaveLine, ...] = ()
    harm: HarmReport | None = None
