"""Logit, probit and cloglog models with design-based standard errors (R's `svyglm`).

Fitted here and not by statsmodels: its standard errors know no survey design, and Newton's method
in blocks is faster and needs no second copy of the predictors.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from scslab.analysis.fitted import Errors
from scslab.analysis.formula.matrix import Matrix
from scslab.analysis.formula.variables import Use
from scslab.analysis.models.binary_fit import LINKS, Binary, row_parts, solve_binary
from scslab.analysis.models.checks import separation
from scslab.analysis.models.gram import INTERCEPT, back, shift_of, shifted, spreads
from scslab.analysis.models.model import Model, as_fitted, ask, covariance_of, outcome_base
from scslab.analysis.models.newton import inverse_of
from scslab.analysis.models.sandwich import ScoreBlocks
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError, near
from scslab.core.threads import blocks, calm


@calm
def fit_logit(
    sample: Sample,
    formula: str,
    *,
    link: str = "logit",
    treat: Mapping[str, Use] | None = None,
    reference: Mapping[str, str] | None = None,
    errors: Errors | None = None,
) -> Model:
    """Fit P(y = 1) = F(X b) by weighted maximum likelihood.

    Parameters
    ----------
    formula : str
        As in R: 'vote == "yes" ~ age + education'. The outcome is 0 and 1, a comparison, or two
        categories, of which the second counts 1 unless `reference` names the one that counts 0.
    link : str
        "logit", "probit" or "cloglog".
    treat, reference, errors
        As in `fit_linear`.

    Raises
    ------
    ScslabError
        An outcome that is not yes or no; predictors that say the same or separate the outcome;
        whatever is wrong in the formula.

    Notes
    -----
    Converged to a Newton decrement below 1e-14. The covariance takes the expected information, as
    `svyglm` does, which under the logit link is the observed one.
    """
    if link not in LINKS:
        raise ScslabError(
            "unknown link", got=link, expected=", ".join(LINKS), hint=near(link, LINKS)
        )
    _, rest, base = outcome_base(formula, reference)
    asked = ask(sample, formula, "binary", treat, rest, errors)
    matrix, weights = asked.matrix, asked.weights
    y, levels = counted_from(matrix, base)
    names, X = matrix.names, matrix.X
    shift = shift_of(X, names)
    turn = back(shift, names)
    problem = Binary(X, shift, y, link, np.ptp(X, axis=0))
    at = names.index(INTERCEPT) if INTERCEPT in names else -1
    peak = solve_binary(problem, weights, None, at)
    if peak.separated:
        raise separation(peak.step, spreads(X, weights), names, formula, matrix.formula.outcome)
    inverse = inverse_of(peak.information)

    def scores() -> ScoreBlocks:
        for rows in blocks(len(y)):
            part = shifted(X, shift, rows)
            slope = row_parts(link, part @ peak.b, y[rows])[1]
            yield rows, part * (weights[rows] * slope)[:, None]

    def refit(other: np.ndarray) -> np.ndarray:
        try:
            found = solve_binary(problem, other / other.mean(), peak.b, in_passing=True)
        except ScslabError:
            return np.full(len(peak.b), np.nan)
        return np.full(len(peak.b), np.nan) if found.separated else found.b

    covariance, replicates = covariance_of(asked, peak.b, inverse, scores, inverse, refit)
    fitted = as_fitted(
        asked,
        kind="logit",
        link=link,
        formula=formula,
        levels=levels,
        names=names,
        terms=matrix.terms,
        coefficients=turn @ peak.b,
        covariance=turn @ covariance @ turn.T,
        equations=1,
        log_likelihood=peak.log_likelihood,
        null_log_likelihood=null_log_likelihood(y, weights, link, INTERCEPT in names),
        rounds=peak.rounds,
    )
    kept = replicates @ turn.T if replicates is not None else None
    return Model(fitted, sample, matrix, weights, turn @ inverse @ turn.T, kept)


def counted_from(matrix: Matrix, base: str | None) -> tuple[np.ndarray, tuple[str, ...]]:
    """The outcome with a level of choice as its 0, and the levels in that order.

    Raises
    ------
    ScslabError
        No such level.
    """
    if base is None or base == matrix.levels[0]:
        return matrix.y, matrix.levels
    if base != matrix.levels[1]:
        raise ScslabError(
            f'the outcome has no level "{base}" among the rows used',
            where=matrix.formula.text,
            hint=near(base, matrix.levels),
        )
    return 1.0 - matrix.y, matrix.levels[::-1]


def null_log_likelihood(y: np.ndarray, weights: np.ndarray, link: str, intercept: bool) -> float:
    """Of the model with an intercept alone; without one, of a linear predictor of 0."""
    if not intercept:
        logs = row_parts(link, np.zeros(len(y)), y)[0]
        return float(weights @ logs)
    yes, total = float(weights @ y), float(weights.sum())
    return yes * float(np.log(yes / total)) + (total - yes) * float(np.log1p(-yes / total))
