"""A plain way to measure what a paper's rows ask, so that exhibits are tested by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scslab.analysis import estimate as est
from scslab.analysis.distributions import t_quantile
from scslab.analysis.domain import domain_of
from scslab.analysis.fitted import Fitted
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError
from scslab.evaluation.exhibits.beside import Measure
from scslab.evaluation.findings import finding
from scslab.evaluation.ledger.model import Domain, MeasureSpec
from scslab.survey.answers import Variable


@dataclass(frozen=True)
class Found:
    value: float
    low: float
    high: float
    n: int


def printed(name: str) -> tuple[str, str]:
    return finding(name).value, finding(name).n


def measure_in(sample: Sample, fits: Mapping[str, Fitted]) -> Measure:
    """Measure in a sample and its models; completion is made up."""

    def measure(spec: MeasureSpec, where: Domain) -> Found | None:
        if spec.rate is not None:
            return Found(0.66, 0.64, 0.68, 2000)
        if spec.coefficient is not None:
            return of_model(fits[spec.coefficient.model or ""], spec.coefficient.name or "")
        try:
            within = sample.within(domain_of(sample.answers, where)) if where else sample
        except ScslabError as error:
            if error.what != "nobody is in this domain":
                raise
            return None
        if spec.mean is not None:
            return of_row(within, spec.mean)
        assert spec.share is not None
        return of_row(indicator(within, spec), "_met")

    return measure


def indicator(sample: Sample, spec: MeasureSpec) -> Sample:
    """1 for those who meet every part of a share, NaN without an answer unless of everybody."""
    assert spec.share is not None
    met, known = np.ones(sample.answers.n, bool), np.ones(sample.answers.n, bool)
    for name, codes in spec.share.items():
        column = sample.answers.column(name)
        reasons = [m.reason for m in sample.answers.variable(name).missing]
        marks = sample.answers.marks.get(name, np.zeros(sample.answers.n, int))
        words = [reasons.index(c) + 1 for c in codes if c in reasons]
        met &= column.isin([c for c in codes if c not in reasons]).to_numpy() | np.isin(
            marks, words
        )
        known &= column.notna().to_numpy() | (spec.base == "everybody")
    values = np.where(known, met * 1.0, np.nan)
    made = sample.answers.with_columns({"_met": (Variable("_met"), pd.Series(values))})
    return Sample(made, sample.design)


def of_row(sample: Sample, name: str) -> Found:
    row = est.mean(sample, name).rows[0]
    return Found(row.value, row.low, row.high, row.n)


def of_model(model: Fitted, name: str) -> Found | None:
    if name not in model.names:
        return None
    at = model.names.index(name)
    value, error = float(model.coefficients[at]), float(model.standard_errors[at])
    reach = float(t_quantile(0.975, model.df)) * error
    return Found(value, value - reach, value + reach, model.n)
