"""A survey as one noun: answers under a design, with every estimate as a method.

A `Survey` does not change: weighting gives a new one that remembers its steps. Methods are those of
the rooms beside this file; their keywords, errors and sources stand there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from scslab.analysis import compare as comparing
from scslab.analysis import crosstab as crossing
from scslab.analysis import estimate
from scslab.analysis.crosstab import Crosstab
from scslab.analysis.design import Design, Lonely
from scslab.analysis.design_columns import design_from
from scslab.analysis.domain import domain_of
from scslab.analysis.estimate import Estimates
from scslab.analysis.models.linear import fit_linear
from scslab.analysis.models.logit import fit_logit
from scslab.analysis.models.model import Model
from scslab.analysis.models.multinomial import fit_multinomial
from scslab.analysis.models.ordinal import OrdinalModel, fit_ordinal
from scslab.analysis.replicates import with_replicates
from scslab.analysis.sample import Sample
from scslab.analysis.weighting.calibrate import calibrate
from scslab.analysis.weighting.diagnostics import WeightingReport
from scslab.analysis.weighting.margins import Margins, as_margins
from scslab.analysis.weighting.poststratify import poststratify
from scslab.analysis.weighting.rake import rake
from scslab.analysis.weighting.trim import trim
from scslab.core.errors import ScslabError
from scslab.survey.answers import Answers, Code
from scslab.survey.definitions import Definition
from scslab.survey.derive import derive
from scslab.survey.file.read import read_answers
from scslab.survey.screen.flags import screen
from scslab.survey.screen.plan import ScreenPlan
from scslab.survey.screen.result import Screen

MarginsLike = Margins | Mapping[Any, Mapping[Any, Any]] | str | Path


@dataclass(frozen=True)
class Survey:
    """Answers under a design.

    Attributes
    ----------
    sample : Sample
    weighting : tuple of WeightingReport
        What each step of weighting did, in order.
    """

    sample: Sample
    weighting: tuple[WeightingReport, ...] = ()

    def __repr__(self) -> str:
        """A line without any answer in it."""
        design = "; ".join(f"{k} {v}" for k, v in self.design.about) or "no design"
        return f"Survey({self.answers.source!r}, n={self.n}, {design})"

    @property
    def answers(self) -> Answers:
        """The answers with their dictionary."""
        return self.sample.answers

    @property
    def design(self) -> Design:
        """Weights, strata, clusters, replicates."""
        return self.sample.design

    @property
    def n(self) -> int:
        """Respondents in the domain, unweighted."""
        return self.design.n

    def where(self, **domain: Sequence[Code]) -> Survey:
        """The survey with only a domain counted: `survey.where(sex=["female"])`; no filter."""
        return replace(self, sample=self.sample.within(domain_of(self.answers, domain)))

    def define(self, *definitions: Definition) -> Survey:
        """The survey with variables added that are made from others."""
        made = derive(self.answers, definitions)
        return replace(self, sample=replace(self.sample, answers=made))

    def rake(
        self, margins: MarginsLike, *, on: Sequence[str] = (), cap: float | None = None, **keys: Any
    ) -> Survey:
        """Rake the weights to margins, with the largest weight held inside the loop."""
        return self.weighted(rake(self.sample, chosen(margins, on), cap=cap, **keys))

    def post_stratify(self, margin: MarginsLike) -> Survey:
        """Scale weights so that each category of one margin has its share."""
        return self.weighted(poststratify(self.sample, margin))

    def calibrate(self, margins: MarginsLike | None = None, **keys: Any) -> Survey:
        """Calibrate weights to margins and to totals of numbers."""
        return self.weighted(calibrate(self.sample, margins, **keys))

    def trim(self, upper: float = np.inf, lower: float = -np.inf, **keys: Any) -> Survey:
        """Hold weights between bounds."""
        return self.weighted(trim(self.sample, upper, lower, **keys))

    def weighted(self, step: tuple[Sample, WeightingReport]) -> Survey:
        """The survey after one step of weighting."""
        return Survey(step[0], (*self.weighting, step[1]))

    def with_replicates(self, kind: Any = "auto", **keys: Any) -> Survey:
        """The survey with replicate weights made from its design."""
        return replace(
            self, sample=replace(self.sample, design=with_replicates(self.design, kind, **keys))
        )

    def screen(self, plan: ScreenPlan) -> Screen:
        """Flag respondents by checks of data quality; nobody is dropped."""
        return screen(self.answers, plan)

    def mean(self, variables: str | Sequence[str], **options: Any) -> Estimates:
        """Means, by groups with `by=`."""
        return estimate.mean(self.sample, variables, **options)

    def total(self, variables: str | Sequence[str], **options: Any) -> Estimates:
        """Totals."""
        return estimate.total(self.sample, variables, **options)

    def ratio(self, numerator: str, denominator: str, **options: Any) -> Estimates:
        """The ratio of two totals."""
        return estimate.ratio(self.sample, numerator, denominator, **options)

    def share(self, variable: str, level: Any = None, **options: Any) -> Estimates:
        """Shares of the answers to a question, or of one answer."""
        return estimate.share(self.sample, variable, level, **options)

    def quantile(
        self, variables: str | Sequence[str], probabilities: Any = 0.5, **options: Any
    ) -> Estimates:
        """Quantiles with Woodruff intervals."""
        return estimate.quantile(self.sample, variables, probabilities, **options)

    def correlation(self, variables: Sequence[str], **options: Any) -> Estimates:
        """Correlations of all pairs."""
        return estimate.correlation(self.sample, variables, **options)

    def crosstab(self, variable: str, *, by: str, **options: Any) -> Crosstab:
        """Answers to a question (columns) by groups (rows), with a Rao-Scott test."""
        return crossing.crosstab(self.sample, by, variable, **options)

    def compare(self, variable: str, *, by: str, **options: Any) -> comparing.Comparison:
        """Differences between groups with their test."""
        return comparing.compare(self.sample, variable, by, **options)

    def ordinal(self, formula: str, **options: Any) -> OrdinalModel:
        """Ordinal regression; `link=` logit, probit, cloglog, loglog or cauchit."""
        return fit_ordinal(self.sample, formula, **options)

    def linear(self, formula: str, **options: Any) -> Model:
        """Linear regression."""
        return fit_linear(self.sample, formula, **options)

    def logit(self, formula: str, **options: Any) -> Model:
        """Binary regression."""
        return fit_logit(self.sample, formula, **options)

    def multinomial(self, formula: str, **options: Any) -> Model:
        """Multinomial regression."""
        return fit_multinomial(self.sample, formula, **options)


def margins(given: MarginsLike) -> Margins:
    """Margins: a set by name ("cn-online-2018"), a YAML file, or variable -> category -> share.

    Raises
    ------
    ScslabError
        No such set or file; figures that do not fit.

    Examples
    --------
    >>> margins({"sex": {"female": 0.39, "male": 0.61}}).margins[0].shares
    (0.39, 0.61)
    """
    return as_margins(given)


def chosen(margins: MarginsLike, on: Sequence[str]) -> Margins:
    """Margins, or those of them that are named.

    Raises
    ------
    ScslabError
        A name that is no margin.
    """
    found = as_margins(margins)
    known = [m.name for m in found.margins]
    for name in on:
        if name not in known:
            raise ScslabError(f'no margin "{name}"', where="on", expected=", ".join(known))
    if not on:
        return found
    return replace(found, margins=tuple(m for m in found.margins if m.name in on))


def read_survey(
    path: str | Path,
    *,
    weight: str | None = None,
    strata: str | Sequence[str] = (),
    cluster: str | Sequence[str] = (),
    fpc: str | Sequence[str] = (),
    nest: bool = False,
    lonely: Lonely = "fail",
    **reading: Any,
) -> Survey:
    """Read a survey file and its design.

    Parameters
    ----------
    path : path
        SPSS (.sav, .zsav, .por), Stata (.dta), CSV with or without a codebook, Qualtrics CSV,
        Parquet.
    weight : str, optional
        The weight variable; by default the one that the file itself names, else all weigh 1.
    strata, cluster, fpc : str or sequence of str
        Variables, one a stage, the first stage first.
    nest : bool
        Whether clusters are numbered anew in each stratum.
    lonely : str
        What a stratum with one cluster does: "fail" (an error), "remove", "certainty", "adjust",
        "average".
    **reading
        `missing`, `drop`, `codebook`, `encoding`, `synthetic`: see
        `scslab.survey.file.read.read_answers`.

    Raises
    ------
    ScslabError
        The file cannot be read; columns look like direct identifiers of persons; the design does
        not fit the file.
    """
    answers = read_answers(path, **reading)
    design = design_from(
        answers,
        weight=weight or answers.weight or None,
        strata=names(strata),
        clusters=names(cluster),
        fpc=names(fpc),
        nest=nest,
        lonely=lonely,
    )
    return Survey(Sample(answers, design))


def names(given: str | Sequence[str]) -> Sequence[str]:
    """One name or several."""
    return [given] if isinstance(given, str) else given
