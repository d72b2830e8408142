"""Multinomial logit with design-based standard errors.

Fitted here and not by statsmodels: its MNLogit has no weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from scslab.analysis.fitted import Errors
from scslab.analysis.formula.matrix import Matrix
from scslab.analysis.formula.variables import Use
from scslab.analysis.models.checks import check_three, of_shares, separation
from scslab.analysis.models.gram import back, shift_of, shifted, spreads
from scslab.analysis.models.model import Model, as_fitted, ask, covariance_of, outcome_base
from scslab.analysis.models.multinomial_fit import (
    Multinomial,
    residuals,
    row_parts,
    solve_multinomial,
)
from scslab.analysis.models.newton import inverse_of
from scslab.analysis.models.sandwich import ScoreBlocks
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError, near
from scslab.core.threads import blocks, calm


@calm
def fit_multinomial(
    sample: Sample,
    formula: str,
    *,
    treat: Mapping[str, Use] | None = None,
    reference: Mapping[str, str] | None = None,
    errors: Errors | None = None,
) -> Model:
    """Fit log P(y = j) / P(y = base) = X b_j by weighted maximum likelihood.

    The base is the outcome's first category unless `reference` names another for the outcome, as
    in R's `nnet::multinom` after `relevel`. Coefficients are named "category:column".

    Parameters
    ----------
    formula, treat, reference, errors
        As in `fit_linear`.

    Raises
    ------
    ScslabError
        An outcome of two categories; predictors that say the same or separate the outcome;
        whatever is wrong in the formula.

    Notes
    -----
    The covariance is linearised from the analytic Hessian; `multinom` reads weights as counts.
    Degrees of freedom are the design's and 1 less the coefficients of one category, as `svyglm`
    has for each of the logits; R's `survey` has no multinomial model to follow.
    """
    _, rest, base = outcome_base(formula, reference)
    asked = ask(sample, formula, "categories", treat, rest, errors)
    matrix = with_base(asked.matrix, base)
    asked = replace(asked, matrix=matrix)
    check_three(matrix, "a multinomial model")
    weights, X, y, names = asked.weights, matrix.X, matrix.y, matrix.names
    shift = shift_of(X, names)
    others = len(matrix.levels) - 1
    turn = np.kron(np.eye(others), back(shift, names))
    problem = Multinomial(X, shift, y, others + 1, np.ptp(X, axis=0))
    peak = solve_multinomial(problem, weights)
    if peak.separated:
        pull = np.abs(peak.step.reshape(others, -1)).max(axis=0)
        raise separation(pull, spreads(X, weights), names, formula, matrix.formula.outcome)
    inverse = inverse_of(peak.information)

    def scores() -> ScoreBlocks:
        B = peak.b.reshape(others, -1)
        for rows in blocks(len(y)):
            part = shifted(X, shift, rows)
            left = residuals(row_parts(part @ B.T, y[rows])[1], y[rows]) * weights[rows, None]
            yield rows, (left[:, :, None] * part[:, None, :]).reshape(len(part), -1)

    def refit(other: np.ndarray) -> np.ndarray:
        try:
            found = solve_multinomial(problem, other / other.mean(), peak.b, in_passing=True)
        except ScslabError:
            return np.full(len(peak.b), np.nan)
        return np.full(len(peak.b), np.nan) if found.separated else found.b

    covariance, replicates = covariance_of(asked, peak.b, inverse, scores, inverse, refit)
    fitted = as_fitted(
        asked,
        kind="multinomial",
        link="logit",
        formula=formula,
        levels=matrix.levels,
        names=tuple(f"{level}:{name}" for level in matrix.levels[1:] for name in names),
        terms=matrix.terms * others,
        coefficients=turn @ peak.b,
        covariance=turn @ covariance @ turn.T,
        equations=others,
        log_likelihood=peak.log_likelihood,
        null_log_likelihood=null_log_likelihood(matrix, weights),
        rounds=peak.rounds,
    )
    kept = replicates @ turn.T if replicates is not None else None
    return Model(fitted, sample, matrix, weights, turn @ inverse @ turn.T, kept)


def with_base(matrix: Matrix, base: str | None) -> Matrix:
    """The matrix with a category of choice as the outcome's first.

    Raises
    ------
    ScslabError
        No such category.
    """
    if base is None:
        return matrix
    if base not in matrix.levels:
        raise ScslabError(
            f'the outcome has no level "{base}" among the rows used',
            where=matrix.formula.text,
            hint=near(base, matrix.levels),
        )
    at = matrix.levels.index(base)
    order = [at, *(i for i in range(len(matrix.levels)) if i != at)]
    place = np.argsort(order)
    return replace(matrix, y=place[matrix.y], levels=tuple(matrix.levels[i] for i in order))


def null_log_likelihood(matrix: Matrix, weights: np.ndarray) -> float:
    """Of the model with intercepts alone; without intercepts, of equal probabilities."""
    if not matrix.formula.intercept:
        return float(-weights.sum() * np.log(len(matrix.levels)))
    return of_shares(matrix.y, weights)
