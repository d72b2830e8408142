"""Ordinal regression whose standard errors know the design."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from scslab.analysis.estimate.hidden import BELOW
from scslab.analysis.fitted import Errors, Fitted
from scslab.analysis.formula.matrix import Matrix, model_frame
from scslab.analysis.formula.variables import Use
from scslab.analysis.model_tables import dummy_counts, models_table
from scslab.analysis.models.checks import check_df, check_rank, check_three, of_shares, separation
from scslab.analysis.models.gram import spreads
from scslab.analysis.models.newton import Peak, inverse_of
from scslab.analysis.models.ordinal_fit import (
    Problem,
    make_problem,
    row_scores,
    solve,
    unshifted,
)
from scslab.analysis.models.ordinal_links import LINKS
from scslab.analysis.models.ordinal_replicates import replicate_estimates
from scslab.analysis.models.sandwich import scores_covariance
from scslab.analysis.sample import Sample
from scslab.analysis.variance import spread_of_replicates
from scslab.core.errors import ScslabError, near
from scslab.core.printed import ResultTable
from scslab.core.threads import blocks, calm


@dataclass(frozen=True)
class OrdinalModel:
    """A fitted ordinal model with what effects and tests are made from.

    `weights` (f8[used rows]) are of mean 1. `peak.b` are parameters of the predictors as they are,
    `peak.information` is of the shifted ones of `problem`. `replicates` (f8[R, size]) are the
    parameters under each set of replicate weights.
    """

    fitted: Fitted
    sample: Sample
    matrix: Matrix
    problem: Problem
    weights: np.ndarray
    peak: Peak
    replicates: np.ndarray | None = None

    def __repr__(self) -> str:
        """A line; `table()` has the figures."""
        fitted = self.fitted
        return f"{type(self).__name__}({fitted.formula!r}, {fitted.link}, n={fitted.n})"

    def table(self, id: str = "model", title: str = "", *, below: int = BELOW) -> ResultTable:
        """Coefficients with standard errors beneath; several models: `models_table`."""
        counts = [dummy_counts(self.matrix)]
        fits = [("Estimate", self.fitted)]
        return models_table(fits, id=id, title=title, counts=counts, below=below)


@calm
def fit_ordinal(
    sample: Sample,
    formula: str,
    *,
    link: str = "logit",
    treat: Mapping[str, Use] | None = None,
    reference: Mapping[str, str] | None = None,
    errors: Errors | None = None,
) -> OrdinalModel:
    """Fit P(y <= j) = F(threshold_j - x b) by weighted maximum likelihood.

    Coefficients have the sign of R's `svyolr` and `polr`: above 0 raises the answer.

    Parameters
    ----------
    formula : str
        As in R: "approval ~ age + education * residence". The outcome's categories are in the
        order of their codes.
    link : str
        "logit", "probit", "cloglog", "loglog" or "cauchit".
    errors : "linearised", "replicates" or "model", optional
        By default those of the design. "model" reads weights as counts of persons, as `polr` and
        `clm` do with `weights=`: right for a table of counts or an unweighted simple sample only.

    Raises
    ------
    ScslabError
        An outcome of one or two categories; predictors that say the same; a predictor that
        separates the answers; whatever is wrong in the formula.

    Notes
    -----
    Linearised covariance: Binder (1983), scores at the analytic Hessian. R's `svyolr` takes a
    Hessian by finite differences, so the fourth figure of its standard errors may differ where
    predictors have large numbers (4e-4 on the WVS with age in years).
    """
    if link not in LINKS:
        raise ScslabError("unknown link", got=link, hint=near(link, LINKS))
    matrix = model_frame(formula, sample, outcome="categories", treat=treat, reference=reference)
    check_three(matrix, "an ordinal model")
    rows, weights = matrix.rows, sample.design.weights[matrix.rows]
    check_rank(matrix.X, weights, matrix.names, formula=formula)
    check_weighed(matrix, weights)
    problem = make_problem(matrix.X, matrix.y, len(matrix.levels), link, centred=True)
    turn = unshifted(problem)
    peak = solve(problem, weights)
    if peak.separated:
        spread = np.append(spreads(matrix.X, weights), np.zeros(len(matrix.levels) - 1))
        raise separation(peak.step, spread, names_of(matrix), formula, matrix.formula.outcome)
    chosen = errors or ("linearised" if sample.design.replicates is None else "replicates")
    inverse = inverse_of(peak.information)
    replicates = None
    if chosen == "model":
        covariance = inverse / weights.mean()
    elif chosen == "replicates":
        if sample.design.replicates is None:
            raise ScslabError("the design has no replicate weights", got='errors="replicates"')
        replicates = replicate_estimates(problem, sample.design.replicates.weights[rows], peak.b)
        covariance = spread_of_replicates(sample.design.replicates, peak.b, replicates)
        replicates = replicates @ turn.T
    else:
        covariance = scores_covariance(
            sample.design, rows, weighted_scores(problem, peak.b, weights), inverse
        )
    covariance = turn @ covariance @ turn.T
    peak = replace(peak, b=turn @ peak.b)
    k = matrix.X.shape[1]
    # As svyolr counts them: the design's less the coefficients, thresholds not counted; with
    # replicate weights the domain's, whoever did not answer.
    design = (sample if chosen == "replicates" else sample.within(rows)).design
    df = np.inf if chosen == "model" else design.df - k
    mean_one = weights / weights.mean()
    fitted = Fitted(
        kind="ordinal",
        link=link,
        formula=formula,
        outcome=matrix.formula.outcome,
        names=matrix.names,
        terms=matrix.terms,
        coefficients=peak.b[:k],
        thresholds=peak.b[k:],
        threshold_names=names_of(matrix)[k:],
        covariance=covariance,
        errors=chosen,
        levels=matrix.levels,
        n=len(weights),
        weighted_n=float(weights.sum()),
        dropped=matrix.dropped,
        df=df,
        log_likelihood=peak.log_likelihood,
        null_log_likelihood=of_shares(matrix.y, mean_one),
        used=rows,
        synthetic=sample.answers.synthetic,
        source=sample.answers.source,
        notes=(*matrix.notes, *check_df(df, df + k, k)),
        iterations=peak.rounds,
        about=sample.design.about,
    )
    return OrdinalModel(fitted, sample, matrix, problem, mean_one, peak, replicates)


def check_weighed(matrix: Matrix, weights: np.ndarray) -> None:
    """Every category has some weight.

    Raises
    ------
    ScslabError
        One has next to none, so that its threshold cannot be known.
    """
    shares = np.bincount(matrix.y, weights) / weights.sum()
    if shares.min() < 1e-8:
        raise ScslabError(
            f'"{matrix.levels[int(shares.argmin())]}" has next to no weight',
            where=matrix.formula.text,
            got=f"a share of {shares.min():.1g}",
            hint="join it with another category, or look at the weights",
        )


def weighted_scores(
    problem: Problem, parameters: np.ndarray, weights: np.ndarray
) -> Iterator[tuple[slice, np.ndarray]]:
    """Each row's weighted gradient at the solution, block by block, under weights of mean 1."""
    scale = 1 / weights.mean()
    for rows in blocks(len(weights)):
        scores = row_scores(problem, parameters, rows)
        scores *= (weights[rows] * scale)[:, None]
        yield rows, scores


def names_of(matrix: Matrix) -> tuple[str, ...]:
    """Names of coefficients, then of thresholds ("low|high")."""
    pairs = zip(matrix.levels, matrix.levels[1:], strict=False)
    return (*matrix.names, *(f"{low}|{high}" for low, high in pairs))
