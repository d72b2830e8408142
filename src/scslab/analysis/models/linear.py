"""Linear regression with weights and design-based standard errors (R's `svyglm`, gaussian).

Fitted here and not by statsmodels: its sandwich knows neither strata, finite populations nor
replicates, and would hold several copies of the predictors.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy import linalg

from scslab.analysis.fitted import Errors
from scslab.analysis.formula.variables import Use
from scslab.analysis.models.gram import INTERCEPT, back, shift_of, shifted
from scslab.analysis.models.model import Model, as_fitted, ask, covariance_of
from scslab.analysis.models.newton import SINGULAR
from scslab.analysis.models.sandwich import ScoreBlocks
from scslab.analysis.sample import Sample
from scslab.core.threads import blocks, calm


@calm
def fit_linear(
    sample: Sample,
    formula: str,
    *,
    treat: Mapping[str, Use] | None = None,
    reference: Mapping[str, str] | None = None,
    errors: Errors | None = None,
) -> Model:
    """Fit y = X b by weighted least squares.

    Parameters
    ----------
    formula : str
        As in R: "income ~ age + education * sex".
    treat : mapping of variable to "number" or "categories", optional
    reference : mapping of variable to the level that others are set against, optional
    errors : "linearised", "replicates" or "model", optional
        By default those of the design.

    Returns
    -------
    Model
        Its log-likelihood is the normal one at the weighted maximum.

    Raises
    ------
    ScslabError
        Whatever is wrong in the formula; columns that say the same; fewer rows than columns.
    """
    asked = ask(sample, formula, "number", treat, reference, errors)
    matrix, weights = asked.matrix, asked.weights
    X, y, names = matrix.X, matrix.y, matrix.names
    shift = shift_of(X, names)
    turn = back(shift, names)
    b, inverse = least_squares(X, y, weights, shift)
    squares = sum(
        float(weights[r] @ (y[r] - shifted(X, shift, r) @ b) ** 2) for r in blocks(len(y))
    )
    mean = float(weights @ y / weights.sum()) if INTERCEPT in names else 0.0
    null = float(weights @ (y - mean) ** 2)

    def scores() -> ScoreBlocks:
        for rows in blocks(len(y)):
            part = shifted(X, shift, rows)
            yield rows, part * (weights[rows] * (y[rows] - part @ b))[:, None]

    def refit(other: np.ndarray) -> np.ndarray:
        try:
            return np.asarray(least_squares(X, y, other / other.mean(), shift)[0])
        except linalg.LinAlgError:
            return np.full(len(b), np.nan)

    residual_df = max(len(y) - len(b), 1)
    covariance, replicates = covariance_of(
        asked, b, inverse * (squares / residual_df), scores, inverse, refit
    )
    fitted = as_fitted(
        asked,
        kind="linear",
        link="identity",
        formula=formula,
        levels=(),
        names=names,
        terms=matrix.terms,
        coefficients=turn @ b,
        covariance=turn @ covariance @ turn.T,
        equations=1,
        log_likelihood=normal(squares, len(y)),
        null_log_likelihood=normal(null, len(y)),
        rounds=1,
    )
    kept = replicates @ turn.T if replicates is not None else None
    return Model(fitted, sample, matrix, weights, turn @ inverse @ turn.T, kept)


def least_squares(
    X: np.ndarray, y: np.ndarray, weights: np.ndarray, shift: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients f8[k] of the shifted columns, and the inverse of their Gram matrix.

    From the Gram matrix, in blocks, with one round of refinement from the residuals, which gives
    back the figures that a Gram matrix loses.

    Raises
    ------
    LinAlgError
        The columns are not independent under these weights.
    """
    k = X.shape[1]
    gram, right = np.zeros((k, k)), np.zeros(k)
    for rows in blocks(len(y)):
        part = shifted(X, shift, rows)
        weighed = part * weights[rows, None]
        gram += weighed.T @ part
        right += weighed.T @ y[rows]
    scale = 1 / np.sqrt(np.maximum(np.diag(gram), 1e-300))
    scaled = gram * np.outer(scale, scale)
    if np.linalg.eigvalsh(scaled)[0] < SINGULAR:  # rounding may hide it from Cholesky
        raise linalg.LinAlgError
    factor = linalg.cho_factor(scaled)
    b = scale * linalg.cho_solve(factor, scale * right)
    rest = np.zeros(k)
    for rows in blocks(len(y)):
        part = shifted(X, shift, rows)
        rest += part.T @ (weights[rows] * (y[rows] - part @ b))
    b = b + scale * linalg.cho_solve(factor, scale * rest)
    return b, linalg.cho_solve(factor, np.eye(k)) * np.outer(scale, scale)


def normal(squares: float, n: int) -> float:
    """The normal log-likelihood at its maximum, from the weighted sum of squares."""
    return -0.5 * n * (np.log(2 * np.pi * max(squares, 1e-300) / n) + 1)
