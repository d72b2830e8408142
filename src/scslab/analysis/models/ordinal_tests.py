"""Tests of proportional odds for a fitted model, and the partial model that gives them up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import linalg

from scslab.analysis.distributions import chi2_tail, f_tail
from scslab.analysis.fitted import Fitted, Test
from scslab.analysis.models import parallel
from scslab.analysis.models.newton import inverse_of
from scslab.analysis.models.ordinal import OrdinalModel
from scslab.analysis.models.ordinal_partial import PartialProblem, partial_scores, solve_partial
from scslab.analysis.models.sandwich import scores_covariance
from scslab.analysis.variance import covariance
from scslab.core.errors import ScslabError, near
from scslab.core.printed import Column, ResultTable, Row
from scslab.core.threads import blocks, calm


@dataclass(frozen=True)
class ParallelTests:
    """Brant's test of the whole model, then of each term."""

    tests: tuple[Test, ...]
    n: int
    source: str
    synthetic: bool
    note: str

    def table(self, id: str = "parallel") -> ResultTable:
        """A row a test."""
        return ResultTable(
            id=id,
            title="Do coefficients differ between thresholds? (test of proportional odds)",
            columns=(
                Column("term", "Term"),
                Column("statistic", "Statistic", "number", 2),
                Column("df", "df", "number", 0),
                Column("ddf", "Denominator df", "number", 0),
                Column("p", "p", "p"),
            ),
            rows=tuple(
                Row((t.name, t.statistic, t.df, t.ddf if np.isfinite(t.ddf) else None, t.p))
                for t in self.tests
            ),
            n=self.n,
            source=self.source,
            notes=(self.note,),
            synthetic=self.synthetic,
        )


@calm
def brant_test(model: OrdinalModel, errors: str = "") -> ParallelTests:
    """Brant's test: binary logits at each threshold, and whether their coefficients agree.

    Parameters
    ----------
    errors : "design" or "model", optional
        By default the design's. "model" is Brant's own formula for a simple sample, with weights
        read as counts; its statistic is a chi-squared, as R's package `brant` prints.

    Raises
    ------
    ScslabError
        Another link than logit; a threshold that a predictor separates; replicate weights (they
        would need every binary model again).
    """
    parallel.knows_link(model.fitted.link)
    chosen = errors or ("model" if model.fitted.errors == "model" else "design")
    # Constants are not compared, so predictors may be shifted.
    X, y, w = model.problem.X - model.problem.shift, model.problem.y, model.weights
    cuts, k = model.problem.categories - 1, X.shape[1]
    found, informations, fitted = parallel.threshold_fits(
        X, y, cuts + 1, w, model.fitted.threshold_names
    )
    b = found[:, 1:].ravel()
    if chosen == "model":
        spread, ddf = parallel.brant_covariance(X, w, informations, fitted), np.inf
        spread *= model.fitted.n / model.fitted.weighted_n
    else:
        influence = np.zeros((len(model.matrix.rows), cuts * k))
        influence[model.matrix.rows] = parallel.influence_of_thresholds(
            X, y, w, informations, fitted
        )
        spread = covariance(model.sample.design, b, influence)
        ddf = model.sample.within(model.matrix.rows).design.df
    terms = list(dict.fromkeys(model.matrix.terms))
    tests = [wald("all terms", b, spread, parallel.differences(cuts, k, np.arange(k)), ddf)]
    for term in terms:
        which = np.flatnonzero([t == term for t in model.matrix.terms])
        tests.append(wald(term, b, spread, parallel.differences(cuts, k, which), ddf))
    note = (
        "Brant (1990), chi-squared of the model's own covariance."
        if chosen == "model"
        else "Brant (1990) with the design-based covariance of the binary models, F statistics."
    )
    small = note + " A small p speaks against one effect for all thresholds."
    return ParallelTests(
        tuple(tests), model.fitted.n, model.fitted.source, model.fitted.synthetic, small
    )


def wald(name: str, b: np.ndarray, spread: np.ndarray, contrasts: np.ndarray, ddf: float) -> Test:
    """Wald test that all contrasts are 0: F on the design's df as in R, else chi-squared."""
    values = contrasts @ b
    statistic = float(values @ linalg.pinvh(contrasts @ spread @ contrasts.T) @ values)
    df = len(values)
    if np.isinf(ddf):
        return Test(name, statistic, df, np.inf, chi2_tail(statistic, df))
    return Test(name, statistic / df, df, ddf, f_tail(statistic / df, df, ddf))


@calm
def fit_partial(model: OrdinalModel, free: Sequence[str]) -> Fitted:
    """The model with some terms free to act differently at each threshold.

    Coefficients of free terms carry their threshold: "age:1|2". They have the sign of all others:
    above 0 raises answers above that threshold (R's `clm(nominal=)` gives the opposite sign).

    Raises
    ------
    ScslabError
        A term that is not in the formula; thresholds that cross.
    """
    terms = model.matrix.terms
    for term in free:
        if term not in terms:
            raise ScslabError(
                f'no term "{term}" to free', where=model.fitted.formula, hint=near(term, terms)
            )
    loose = np.array([t in free for t in terms])
    shift = model.problem.shift
    problem = PartialProblem(
        X=model.problem.X[:, ~loose] - shift[~loose],
        Z=model.problem.X[:, loose] - shift[loose],
        y=model.problem.y,
        categories=model.problem.categories,
        link=model.problem.link,
    )
    peak = solve_partial(problem, model.weights)
    parameters, total = peak.b, peak.log_likelihood
    inverse = inverse_of(peak.information)
    if model.fitted.errors == "model":
        spread = inverse * len(model.weights) / model.fitted.weighted_n
    elif model.fitted.errors == "linearised":
        spread = scores_covariance(
            model.sample.design,
            model.matrix.rows,
            partial_blocks(model, problem, parameters),
            inverse,
        )
    else:
        raise ScslabError(
            "a partial model has no standard errors from replicate weights",
            hint="use a design with strata and clusters",
        )
    turn = unshifted(problem, shift[~loose], shift[loose])
    return partial_fitted(model, loose, turn @ parameters, turn @ spread @ turn.T, total)


def unshifted(problem: PartialProblem, of_X: np.ndarray, of_Z: np.ndarray) -> np.ndarray:
    """The matrix that turns parameters of shifted predictors into those of the predictors."""
    k, width = len(of_X), 1 + len(of_Z)
    found = np.eye(problem.size)
    for place in range(k, problem.size, width):
        found[place, :k] = of_X
        found[place, place + 1 : place + width] = of_Z
    return found


def partial_blocks(
    model: OrdinalModel, problem: PartialProblem, parameters: np.ndarray
) -> Iterator[tuple[slice, np.ndarray]]:
    """Each row's weighted gradient, block by block."""
    for rows in blocks(len(problem.y)):
        scores = partial_scores(problem, parameters, rows)
        yield rows, scores * model.weights[rows][:, None]


def partial_fitted(
    model: OrdinalModel, loose: np.ndarray, parameters: np.ndarray, spread: np.ndarray, total: float
) -> Fitted:
    """Parameters of a partial model in the order of tables: coefficients, then thresholds."""
    fixed, m = int((~loose).sum()), int(loose.sum())
    cuts = model.problem.categories - 1
    names = [n for n, one in zip(model.matrix.names, loose, strict=True) if not one]
    terms = [t for t, one in zip(model.matrix.terms, loose, strict=True) if not one]
    order = list(range(fixed))
    for j, threshold in enumerate(model.fitted.threshold_names):
        start = fixed + j * (1 + m) + 1
        order += range(start, start + m)
        for place in np.flatnonzero(loose):
            names.append(f"{model.matrix.names[place]}:{threshold}")
            terms.append(model.matrix.terms[place])
    edges = [fixed + j * (1 + m) for j in range(cuts)]
    every = [*order, *edges]
    return replace(
        model.fitted,
        names=tuple(names),
        terms=tuple(terms),
        coefficients=parameters[order],
        thresholds=parameters[edges],
        covariance=spread[np.ix_(every, every)],
        df=model.fitted.df - (len(order) - len(model.matrix.names)),
        log_likelihood=total,
        notes=(*model.fitted.notes, "partial proportional odds"),
    )


def likelihood_ratio(model: OrdinalModel, partial: Fitted) -> Test:
    """Likelihood-ratio test of proportional odds: the partial model against the model.

    As R's `anova` of two `clm` fits and `nominal_test`; weights are of mean 1, or counts in a model
    with `errors="model"`. It trusts the likelihood, so under a design with clusters or uneven
    weights use `equal_effects` instead.
    """
    statistic = 2 * (partial.log_likelihood - model.fitted.log_likelihood)
    if model.fitted.errors == "model":
        statistic *= model.fitted.weighted_n / model.fitted.n
    df = len(partial.coefficients) - len(model.fitted.coefficients)
    return Test("likelihood ratio", statistic, df, np.inf, chi2_tail(statistic, df))


def equal_effects(partial: Fitted, design_df: float) -> Test:
    """Wald test that the free effects of a partial model agree at all thresholds."""
    groups: dict[str, list[int]] = {}
    for place, name in enumerate(partial.names):
        stem, _, threshold = name.rpartition(":")
        if threshold in partial.threshold_names:
            groups.setdefault(stem, []).append(place)
    rows = []
    for places in groups.values():
        for other in places[1:]:
            row = np.zeros(len(partial.names))
            row[places[0]], row[other] = -1.0, 1.0
            rows.append(row)
    k = len(partial.names)
    ddf = np.inf if partial.errors == "model" else design_df
    return wald(
        "equal effects", partial.coefficients, partial.covariance[:k, :k], np.array(rows), ddf
    )
