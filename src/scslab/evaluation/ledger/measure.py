"""One figure of one wave, with the wave's weights and design."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from math import sqrt

import numpy as np
import pandas as pd

from scslab.analysis import estimate as est
from scslab.analysis.distributions import Z_95, t_quantile, t_two_sided
from scslab.analysis.fitted import Fitted
from scslab.analysis.models.wald import wald_terms
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError
from scslab.evaluation.ledger.records import (
    NAN,
    Change,
    Coefficient,
    Coefficients,
    Distribution,
    Mean,
    Measured,
    Rate,
    Share,
    Wanted,
    Where,
)
from scslab.survey.answers import Answers, Code, Variable

Model = Callable[[str], Fitted]
Rates = Mapping[str, tuple[float, int]]
MOST_PARTS = 6  # conditions of a group whose combinations are counted


def measure(wanted: Wanted, sample: Sample, model: Model, rates: Rates) -> Measured:
    """Measure one figure on one wave.

    Parameters
    ----------
    wanted : Wanted
    sample : Sample
        The wave's answers, the analysis's variables among them, under its design.
    model : callable of id
        A fitted model of the analysis.
    rates : mapping of name to (rate, n)
        Of the fieldwork, such as finished: completes by starts, and starts.

    Returns
    -------
    Measured
        With n 0 and the reason in `detail` where the wave cannot give it: nobody in the group, or
        a model that cannot be fitted.

    Examples
    --------
    >>> from scslab.analysis.estimate.examples import three_classes
    >>> found = measure(Wanted(Share((("sex", (1.0,)),))), three_classes(), None, {})
    >>> found.value, found.n
    (0.5, 6)
    """
    try:
        return measured(wanted, sample, model, rates)
    except ScslabError as error:
        return unmeasured(": ".join(w for w in (error.what, error.got) if w))


def unmeasured(why: str) -> Measured:
    """A figure that a wave cannot give."""
    return Measured(NAN, NAN, 0, detail=why)


def measured(wanted: Wanted, sample: Sample, model: Model, rates: Rates) -> Measured:
    """As `measure`, with errors raised.

    Raises
    ------
    ScslabError
        The wave cannot give the figure.
    """
    what = wanted.measure
    if isinstance(what, Rate):
        return rate(what, rates)
    if isinstance(what, Coefficients):
        parts = tuple(coefficient(one, model(one.model), sample) for one in what.of)
        if len(parts) == 1:
            return parts[0]
        return Measured(NAN, NAN, min(p.n for p in parts), parts=parts, bases=parts[0].bases)
    if isinstance(what, Change):
        return change(what, wanted.where, sample)
    if isinstance(what, Distribution):
        parts = tuple(
            share(Share(((what.variable, codes),)), wanted.where, sample) for codes in what.parts
        )
        return Measured(NAN, NAN, parts[0].n, parts=parts, bases=parts[0].bases)
    if isinstance(what, Mean):
        return mean(what, wanted.where, sample)
    return share(what, wanted.where, sample)


def mean(what: Mean, where: Where, sample: Sample) -> Measured:
    """A mean within a group."""
    values = sample.number(what.variable)
    return of_column(values, where, sample, is_share=False)


def share(what: Share, where: Where, sample: Sample) -> Measured:
    """A share within a group: of valid answers to all questions named, or of everybody."""
    yes = inside(what.of, sample)
    values = yes.astype(float)
    if what.base == "valid":
        values[~sample.answered(name for name, _ in what.of)] = np.nan
    return of_column(values, where, sample, is_share=True)


def of_column(values: np.ndarray, where: Where, sample: Sample, *, is_share: bool) -> Measured:
    """The mean of a column (f8[n], NaN where it does not count) within a group."""
    one = Sample(with_column(values, sample.answers.source), sample.design)
    group = inside(where, sample)
    row = est.mean(one, "wanted", where=group, deff="none").rows[0]
    low, high = row.low, row.high
    if is_share:
        limits = est.share_interval(
            np.array([row.value]), np.array([row.se]), np.array([row.n]), np.array([row.df]), 0.95
        )
        low, high = (float(x[0]) for x in limits)
    return Measured(
        row.value,
        row.se,
        row.n,
        low=low,
        high=high,
        bases=bases(where, sample, row.n),
        is_share=is_share,
    )


def with_column(values: np.ndarray, source: str) -> Answers:
    """Answers of one column alone."""
    return Answers(pd.DataFrame({"wanted": values}), {"wanted": Variable("wanted")}, source=source)


def inside(where: Where, sample: Sample) -> np.ndarray:
    """Who (bool[n]) has one of the codes in every variable; everybody if there is none."""
    kept = np.ones(sample.answers.n, dtype=bool)
    for name, codes in where:
        kept &= having(name, codes, sample.answers)
    return kept


def having(name: str, codes: Iterable[Code], answers: Answers) -> np.ndarray:
    """Who (bool[n]) has one of some codes; a word among them is a reason of a missing answer."""
    numbers = [c for c in codes if not isinstance(c, str)]
    words = [c for c in codes if isinstance(c, str)]
    column = answers.column(name)
    if answers.variable(name).kind != "number":
        return np.asarray(column.isin(words))
    found = np.asarray(column.isin(numbers))
    return found | np.isin(answers.reasons(name).astype(str), words) if words else found


def bases(where: Where, sample: Sample, n: int) -> tuple[int, ...]:
    """Numbers that a printed n may be: of all, of each part of the group, and of the group.

    Papers print the n of the whole sample under the figures of its parts.
    """
    drawn = sample.design.inside
    parts = [having(name, codes, sample.answers) & drawn for name, codes in where[:MOST_PARTS]]
    found = {n, int(drawn.sum())}
    for size in range(1, len(parts) + 1):
        for some in combinations(parts, size):
            found.add(int(np.logical_and.reduce(some).sum()))
    return tuple(sorted(found))


def change(what: Change, where: Where, sample: Sample) -> Measured:
    """The difference of a mean between two groups, by the delta method where it is relative.

    Raises
    ------
    ScslabError
        Somebody is in both groups, or nobody in one.
    """
    start, end = inside(what.start, sample), inside(what.end, sample)
    if (start & end).any():
        raise ScslabError("somebody is in both groups of a difference")
    frame = pd.DataFrame(
        {
            "wanted": sample.number(what.variable),
            "side": np.where(start, 0.0, np.where(end, 1, np.nan)),
        }
    )
    side = Variable("side", measure="nominal", labels={0.0: "from", 1.0: "to"})
    answers = Answers(frame, {"wanted": Variable("wanted"), "side": side}, source="")
    found = est.mean(
        Sample(answers, sample.design),
        "wanted",
        by="side",
        where=inside(where, sample),
        deff="none",
    )
    if len(found.rows) != 2 or found.covariance is None:
        raise ScslabError("nobody is in one of the groups of a difference")
    first, last = found.rows
    value = last.value - first.value
    slope = np.array([-1.0, 1.0])
    if what.relative:
        if first.value == 0:
            raise ScslabError("a change relative to a mean of 0")
        value, slope = (
            value / first.value,
            np.array([-last.value / first.value**2, 1 / first.value]),
        )
    se = sqrt(max(float(slope @ found.covariance @ slope), 0.0))
    n = first.n + last.n
    return of_estimate(value, se, n, first.df, (n, int(sample.design.n)))


def of_estimate(
    value: float, se: float, n: int, df: float, counted: tuple[int, ...], detail: str = ""
) -> Measured:
    """An estimate with a t interval and a test against 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        p = float(t_two_sided(np.float64(value) / se, df)) if df > 0 else NAN
    half = float(t_quantile(0.975, df)) * se if df > 0 else NAN
    return Measured(
        value, se, n, p=p, detail=detail, low=value - half, high=value + half, bases=counted
    )


def coefficient(wanted: Coefficient, fitted: Fitted, sample: Sample) -> Measured:
    """A coefficient of a model, or all of a term with the Wald test of the term.

    Raises
    ------
    ScslabError
        The model has neither a coefficient nor a term of that name.
    """
    counted = tuple(sorted({fitted.n, int(sample.design.n)}))
    places = [k for k, name in enumerate(fitted.names) if name == wanted.name]
    places = places or [k for k, term in enumerate(fitted.terms) if term == wanted.name]
    if not places:
        raise ScslabError(f'model "{wanted.model}" has no coefficient "{wanted.name}"')
    sign = -1.0 if wanted.turned else 1.0
    found = [
        of_estimate(
            sign * float(fitted.coefficients[k]),
            float(fitted.standard_errors[k]),
            fitted.n,
            fitted.df,
            counted,
            fitted.names[k],
        )
        for k in places
    ]
    if len(found) == 1:
        return found[0]
    test = wald_terms(fitted, wanted.name)
    return Measured(NAN, NAN, fitted.n, p=test.p, parts=tuple(found), bases=counted)


def rate(what: Rate, rates: Rates) -> Measured:
    """A rate of the fieldwork.

    Raises
    ------
    ScslabError
        The wave keeps no such rate, or one outside 0 to 1.
    """
    if what.name not in rates:
        raise ScslabError(f'the wave keeps no rate "{what.name}"')
    value, n = rates[what.name]
    if not 0 <= value <= 1:
        raise ScslabError(f'the rate "{what.name}" lies outside 0 to 1', got=f"{value:g}")
    se = sqrt(value * (1 - value) / n) if n else NAN
    low, high = max(0.0, value - Z_95 * se), min(1.0, value + Z_95 * se)
    return Measured(value, se, n, low=low, high=high, bases=(n,), is_share=True)
