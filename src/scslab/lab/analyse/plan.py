"""The shapes of `design.yaml` (`design/1`) and `analysis.yaml` (`analysis/1`)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from scslab.analysis.design import Lonely
from scslab.core.values import Strict
from scslab.survey.answers import Reason

Scalar = str | int | float | bool
Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
TableFormat = Literal["html", "csv", "tex", "docx", "xlsx"]
FigureFormat = Literal["svg", "png", "pdf"]
Cells = dict[str, Any]  # category -> share or count, or one level deeper for a joint margin
Pair = Annotated[list[float], Field(min_length=2, max_length=2)]


class ReplicateColumns(Strict):
    """Replicate weights: columns of the file, or made from the design."""

    kind: Literal["JK1", "JKn", "BRR", "Fay", "bootstrap", "subbootstrap", "other"]
    """How they were, or are to be, made."""
    columns: str | list[str] | None = Field(
        None, description='columns of the file, such as "rep*"; without it they are made'
    )
    count: int | None = Field(None, description="how many to make, for a bootstrap")
    seed: int | None = Field(None, description="of a bootstrap that is made")
    rho: float | None = Field(None, description="Fay's coefficient")
    scale: float | None = Field(None, description="of the variance; by default that of the kind")
    rscales: list[float] | None = Field(None, description="of each replicate; by default 1")
    combined: bool = Field(True, description="whether columns are whole weights, not factors")
    mse: bool = Field(False, description="deviations from the full sample, not from their mean")


class Weighting(Strict):
    """One step of weighting; steps follow each other."""

    method: Literal["rake", "post-stratify", "calibrate", "trim"]
    """What to do."""
    to: str | dict[str, Cells] | None = Field(
        None, description="margins: a set by name, a file, or variable -> category -> share"
    )
    on: list[str] = Field(default_factory=list, description="which margins; by default all")
    cap: float | None = Field(None, description="largest weight inside raking, in mean weights")
    total: float | None = Field(None, description="population total of margins given as shares")
    distance: Literal["linear", "raking", "logit"] = Field("linear", description="of a calibration")
    bounds: Pair | None = Field(
        None, description="of a calibration: smallest and largest factor on a weight"
    )
    lower: float | None = Field(None, description="of trimming: smallest weight, in mean weights")
    upper: float | None = Field(None, description="of trimming: largest weight, in mean weights")
    strict: bool = Field(True, description="of trimming: trim until no weight is outside")


class DesignFile(Strict):
    """How the respondents were sampled and weighted (`design/1`)."""

    design: Literal["design/1"]
    """The version of this shape."""
    weight: str | None = Field(
        None,
        description="the weight variable; else what the file names, else from fpc, else 1 for all",
    )
    strata: list[str] = Field(
        default_factory=list, description="one a stage, the first stage first"
    )
    clusters: list[str] = Field(
        default_factory=list, description="one a stage; without them each row is drawn by itself"
    )
    fpc: list[str] = Field(
        default_factory=list,
        description="units in the population, or sampling fractions, one a stage",
    )
    nest: bool = Field(False, description="whether clusters are numbered anew in each stratum")
    lonely: Lonely = Field("fail", description="what a stratum with one cluster does")
    replicates: ReplicateColumns | None = None
    """Replicate weights; all variances are then made from them."""
    weighting: list[Weighting] = Field(
        default_factory=list, description="raking, post-stratification, calibration, trimming"
    )
    sample: Literal["probability", "non-probability"] = Field(
        "probability", description="whether sampling had known chances; intervals say so if not"
    )
    population: str = Field("", description="whom the sample is to stand for, in words")
    missing: dict[str, dict[Scalar, Reason]] = Field(
        default_factory=dict, description="variable -> code -> why the answer is missing"
    )
    drop: list[str] = Field(default_factory=list, description="columns not to be read at all")
    source: str = Field("", description="where the answers are from, as tables say it")
    synthetic: bool = Field(False, description="whether the respondents are simulated")


class Define(Strict):
    """A variable made from others; exactly one of the ways."""

    name: str
    """Its name."""
    label: str = ""
    """Its label."""
    from_: str | None = Field(None, alias="from", description="the variable it is made from")
    recode: dict[Scalar, Scalar | None] | None = Field(
        None, description="old code or text -> new code; nothing for missing"
    )
    otherwise: Literal["error", "keep", "missing"] = Field(
        "error", description="what becomes of codes that recode, or numbers that cut, leaves out"
    )
    cut: list[float] | None = Field(None, description="breaks, rising; one class between two")
    closed: Literal["left", "right"] = Field("left", description="which end belongs to a class")
    order: list[str] | None = Field(None, description="texts in their order; makes it ordinal")
    mean_of: list[str] | None = Field(None, description="items to take the mean of")
    sum_of: list[str] | None = Field(None, description="items to add up")
    at_least: int | None = Field(None, description="items that must be answered, by default all")
    turned: list[str] = Field(default_factory=list, description="items that are turned round first")
    any_of: list[str] | None = Field(None, description="items; 1 if any has one of `codes`")
    codes: list[Scalar] = Field(default_factory=list, description="of any_of")
    unticked: bool = Field(False, description="of any_of: a missing answer means no")
    scale: Pair | None = Field(None, description="lowest and highest step of items to be turned")
    reverse: bool = Field(False, description="turn the variable round within its scale")
    standardise: bool = Field(False, description="to mean 0 and standard deviation 1")
    labels: dict[Scalar, str] = Field(default_factory=dict, description="code -> label")
    measure: Literal["nominal", "ordinal", "scale"] | None = None
    """What its order means."""
    replace: bool = Field(False, description="whether it may take the name of a variable")


Where = dict[str, list[Scalar]]


class GridSpec(Strict):
    """Items asked together on one scale."""

    items: list[str] = Field(min_length=1)
    """Their names."""
    reverse: list[str] = Field(default_factory=list, description="items asked the other way round")
    scale: Pair | None = Field(None, description="lowest and highest step")
    title: str = ""
    """What tables call it."""


class ScreenSpec(Strict):
    """Checks of data quality; they flag and never drop. A check without variables is not made."""

    seconds: str = Field("", description="the variable of the interview's length")
    fastest: float = Field(1 / 3, description="speeders are below this share of the median")
    seconds_below: float | None = Field(None, description="or below so many seconds")
    page_seconds: list[str] = Field(default_factory=list, description="lengths of pages")
    pages_fast: float = Field(0.5, description="share of pages too fast from which to flag")
    items: list[str] = Field(default_factory=list, description="items in the order asked")
    longest_run: int | None = Field(
        None, description="same answers in a row from which to flag; by default half of the items"
    )
    irv_lowest: float = Field(0.05, description="quantile of variability below which to flag")
    irv_below: float | None = Field(None, description="or a standard deviation")
    mahalanobis_p: float = Field(0.01, description="of the chi-squared value beyond which to flag")
    grids: list[GridSpec] = Field(default_factory=list, description="blocks for straight-lining")
    straight_grids: float = Field(0.5, description="share of straight grids from which to flag")
    scales: list[GridSpec] = Field(
        default_factory=list, description="at least three scales, for even-odd consistency"
    )
    even_odd_below: float = Field(0.3, description="correlation below which to flag")
    agree: list[Annotated[list[str], Field(min_length=2, max_length=2)]] = Field(
        default_factory=list, description="pairs of variables that must agree"
    )
    agree_within: float = Field(0.0, description="by how much they may differ")
    impossible: dict[str, dict[str, list[Scalar]]] = Field(
        default_factory=dict, description="title -> variable -> codes that cannot go together"
    )
    duplicates: list[str] = Field(
        default_factory=list, description="items whose answers no two respondents should share"
    )
    duplicate_ids: list[str] = Field(
        default_factory=list, description="variables whose values should each be there once"
    )
    dont_know_run: int = Field(5, description="don't-knows in a row from which to flag")
    nonresponse: float = Field(0.5, description="share of items unanswered from which to flag")
    attention: dict[str, list[Scalar]] = Field(
        default_factory=dict, description="attention check -> right answers"
    )
    attention_failed: int = Field(1, description="failed checks from which to flag")
    started: str = Field("", description="the variable of the start")
    field: Annotated[list[str], Field(min_length=2, max_length=2)] | None = Field(
        None, description="first and last day in the field"
    )
    at_least: int = Field(1, description="flags from which estimates without them are shown")


class EstimateSpec(Strict):
    """Estimates of some variables, by groups."""

    id: Name
    """Its name, also of its files."""
    title: str = ""
    """Its title; made from the variables if left out."""
    statistic: Literal["share", "mean", "total", "ratio", "quantile", "sd", "correlation"]
    """What is estimated."""
    of: list[str] = Field(min_length=1)
    """Variables."""
    per: list[str] = Field(default_factory=list, description="denominators of ratios")
    at: list[float] = Field(
        default_factory=lambda: [0.25, 0.5, 0.75], description="probabilities of quantiles"
    )
    by: list[str] = Field(default_factory=list, description="groups")
    where: Where = Field(default_factory=dict, description="a domain: variable -> categories")
    interval: Literal["logit", "wilson", "beta", "mean"] = Field(
        "logit", description="the interval of shares"
    )
    missing: Literal["exclude", "show"] = Field(
        "exclude", description="shares of valid answers, or of all with reasons shown"
    )
    compare: bool = Field(
        False, description="differences between groups with their test, of means and shares"
    )


class CrosstabSpec(Strict):
    """A table of two questions with a Rao-Scott test."""

    id: Name
    """Its name."""
    title: str = ""
    """Its title."""
    rows: str
    """The variable of the rows."""
    columns: str
    """The variable of the columns."""
    shares: Literal["row", "column", "total"] = Field("row", description="what sums to 100 %")
    where: Where = Field(default_factory=dict, description="a domain: variable -> categories")
    test: Literal["F", "chisq", "wald", "adjwald"] = Field("F", description="as R's svychisq")


class ModelSpec(Strict):
    """A regression."""

    id: Name
    """Its name; tables and hypotheses refer to it."""
    title: str = ""
    """How tables head its column."""
    kind: Literal["ordinal", "linear", "logit", "multinomial"]
    """The kind of outcome."""
    formula: str
    """As in R: "approval ~ age + education * residence"."""
    link: str | None = Field(
        None, description="of ordinal: logit, probit, cloglog, loglog, cauchit"
    )
    where: Where = Field(default_factory=dict, description="a domain: variable -> categories")
    reference: dict[str, Scalar] = Field(
        default_factory=dict, description="variable -> its reference category"
    )
    treat: dict[str, Literal["number", "categories"]] = Field(
        default_factory=dict, description="variables to read as numbers or as categories"
    )
    parallel: bool = Field(False, description="test proportional odds")
    free: list[str] = Field(
        default_factory=list, description="terms with an effect at each threshold"
    )
    effects: list[str] = Field(
        default_factory=list, description="predictors to show average marginal effects of"
    )


class ModelTable(Strict):
    """Models side by side."""

    id: Name
    """Its name."""
    title: str = ""
    """Its title."""
    models: list[str] = Field(min_length=1)
    """Their ids, in order."""
    plot: bool = Field(True, description="draw the coefficients as well")
    nested: bool = Field(False, description="test each model against the one before it")


class HypothesisSpec(Strict):
    """What was expected of one coefficient."""

    id: str
    """Its number or name."""
    says: str
    """In words."""
    model: str
    """The id of a model."""
    coefficient: str
    """The coefficient's name."""
    expected: Literal["+", "-", "0"]
    """The expected sign."""


class LikertSpec(Strict):
    """Diverging bars of items on one scale."""

    id: Name
    """Its name."""
    title: str
    """Its title."""
    items: list[str] = Field(min_length=1)
    """Their names."""
    by: str | None = Field(None, description="one bar a group, for a single item")
    neutral: str | None = Field(None, description="the middle level")
    neutral_apart: bool = Field(False, description="the middle as a block at the right")
    where: Where = Field(default_factory=dict, description="a domain: variable -> categories")


class ListSpec(Strict):
    """A list experiment (item count)."""

    id: Name
    """Its name."""
    count: str
    """How many items a respondent named."""
    treatment: str
    """Which list a respondent had; two groups, the longer list second."""
    items: int
    """Items of the control list."""
    direct: str | None = Field(None, description="the same question asked directly")
    direct_asked: Literal["everybody", "control"] = Field(
        "control", description="who was asked directly"
    )
    by: str | None = Field(None, description="groups")
    predictors: str | None = Field(None, description='of a regression: "~ age + party"')
    method: Literal["ml", "nls", "linear"] = Field("ml", description="of the regression")
    ends: Literal["none", "ceiling", "floor", "both"] = Field(
        "none", description="liars at the ends of the list that the regression allows for"
    )


class RandomisedSpec(Strict):
    """A randomised response question."""

    id: Name
    """Its name."""
    answer: str
    """The answer as given."""
    device: Literal["mirrored", "crosswise", "forced", "disguised", "unrelated"]
    """How the answer was hidden."""
    p: float
    """Chance of the sensitive question."""
    forced_yes: float | None = Field(None, description="of forced: chance of a forced yes")
    other: float | None = Field(
        None, description="of unrelated: share of its yes; of disguised: chance of red for a no"
    )
    by: str | None = Field(None, description="groups")
    predictors: str | None = Field(None, description='of a regression: "~ age + party"')


class EndorsementSpec(Strict):
    """An endorsement experiment."""

    id: Name
    """Its name."""
    items: list[str] = Field(min_length=1)
    """Support of each policy."""
    treatment: str
    """Whether the policies were endorsed; two groups, the endorsed second."""
    by: str | None = Field(None, description="groups")


class ConjointSpec(Strict):
    """A conjoint experiment; the file has a row a profile."""

    id: Name
    """Its name."""
    chosen: str
    """1 where the profile was chosen, or a rating."""
    attributes: list[str] = Field(min_length=1)
    """Attributes of profiles."""
    respondent: str
    """Who answered."""
    task: str | None = Field(None, description="which task of the respondent")
    reference: dict[str, str] = Field(
        default_factory=dict, description="attribute -> its reference level"
    )
    by: str | None = Field(None, description="groups of respondents to set beside each other")


class AnalysisFile(Strict):
    """What is to be computed from a survey file (`analysis/1`)."""

    analysis: Literal["analysis/1"]
    """The version of this shape."""
    title: str
    """Of the report."""
    about: str = Field("", description="what it asks, for the report's head")
    define: list[Define] = Field(default_factory=list, description="variables made from others")
    where: Where = Field(default_factory=dict, description="a domain for everything")
    screen: ScreenSpec | None = None
    """Checks of data quality."""
    estimates: list[EstimateSpec] = Field(default_factory=list, description="in order")
    crosstabs: list[CrosstabSpec] = Field(default_factory=list, description="in order")
    models: list[ModelSpec] = Field(default_factory=list, description="in order")
    model_tables: list[ModelTable] = Field(default_factory=list, description="models side by side")
    hypotheses: list[HypothesisSpec] = Field(default_factory=list, description="and their verdicts")
    likert: list[LikertSpec] = Field(default_factory=list, description="figures of items")
    list_experiments: list[ListSpec] = Field(default_factory=list, description="item counts")
    randomised_responses: list[RandomisedSpec] = Field(
        default_factory=list, description="hidden answers"
    )
    endorsements: list[EndorsementSpec] = Field(default_factory=list, description="experiments")
    conjoints: list[ConjointSpec] = Field(default_factory=list, description="experiments")
    stars: bool = Field(False, description="* p < .05, ** p < .01, *** p < .001 in model tables")
    smallest_cell: int = Field(5, ge=0, description="cells on fewer respondents are not shown")
    files: list[TableFormat] = Field(
        ["csv", "xlsx"], description="formats of the tables beside the page"
    )
    figures: list[FigureFormat] = Field([], description="formats of the figures beside the page")
