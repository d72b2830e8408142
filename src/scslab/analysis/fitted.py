"""What a fitted model is, whatever its kind: what tables, tests and effects are made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

ModelKind = Literal["ordinal", "linear", "logit", "multinomial"]
Errors = Literal["linearised", "replicates", "model"]


@dataclass(frozen=True)
class Test:
    """A test: its statistic, degrees of freedom (`ddf` infinite for a chi-squared) and p."""

    name: str
    statistic: float
    df: float
    ddf: float
    p: float
    note: str = ""


@dataclass(frozen=True)
class Fitted:
    """A fitted model.

    Attributes
    ----------
    kind, link, formula, outcome : str
    names : tuple of str
        Coefficients as R names them: "age", "educationhigh", "age:sexmale".
    terms : tuple of str
        The term of the formula that each coefficient belongs to.
    coefficients : f8[k]
        Without thresholds or, in a linear or logit model, with "(Intercept)".
    thresholds : f8[levels - 1]
        Of an ordinal model, else empty; P(y <= j) = F(threshold_j - x b).
    covariance : f8[k + thresholds, k + thresholds]
        Of coefficients and thresholds, by the design (or the model, if `errors` says so).
    levels : tuple of str
        Categories of the outcome in order; empty in a linear model.
    n, weighted_n, dropped : numbers of rows used, their weights' sum, rows left out for a missing
        answer.
    df : float
        Of t tests of coefficients: the design's less the number of coefficients, as R does.
    log_likelihood, null_log_likelihood : float
        Weighted, with weights of mean 1 so that they do not grow with the weights' scale.
    used : bool[n]
        Rows that the model rests on; two models are compared only where they are the same.
    """

    kind: ModelKind
    link: str
    formula: str
    outcome: str
    names: tuple[str, ...]
    terms: tuple[str, ...]
    coefficients: np.ndarray
    thresholds: np.ndarray
    threshold_names: tuple[str, ...]
    covariance: np.ndarray
    errors: Errors
    levels: tuple[str, ...]
    n: int
    weighted_n: float
    dropped: int
    df: float
    log_likelihood: float
    null_log_likelihood: float
    used: np.ndarray
    synthetic: bool = False
    source: str = ""
    notes: tuple[str, ...] = ()
    iterations: int = 0
    about: tuple[tuple[str, str], ...] = field(default=())  # of the design, for the code shown

    @property
    def standard_errors(self) -> np.ndarray:
        """Standard errors of coefficients, then of thresholds."""
        return np.sqrt(np.diag(self.covariance))
