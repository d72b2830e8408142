"""What linear, logit and multinomial models share: rows, weights, covariance, the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from scslab.analysis.estimate.hidden import BELOW
from scslab.analysis.fitted import Errors, Fitted, ModelKind
from scslab.analysis.formula.matrix import Matrix, Outcome, model_frame
from scslab.analysis.formula.read import Formula, read_formula
from scslab.analysis.formula.variables import Use
from scslab.analysis.formula.walk import variables_of
from scslab.analysis.model_tables import dummy_counts, models_table
from scslab.analysis.models.checks import check_df, check_rank
from scslab.analysis.models.gram import INTERCEPT
from scslab.analysis.models.sandwich import ScoreBlocks, scores_covariance
from scslab.analysis.sample import Sample
from scslab.analysis.variance import spread_of_replicates
from scslab.core.errors import ScslabError
from scslab.core.printed import ResultTable


@dataclass(frozen=True)
class Model:
    """A fitted model with what tests and effects are made from.

    Attributes
    ----------
    fitted : Fitted
    sample : Sample
    matrix : Matrix
    weights : f8[n_used]
        Of mean 1.
    inverse : f8[k, k]
        Of the information under these weights: the covariance if they were counts (in a linear
        model, times the residual variance). R's `naive.cov`.
    replicates : f8[R, k] or None
        Coefficients under each set of replicate weights.
    """

    fitted: Fitted
    sample: Sample
    matrix: Matrix
    weights: np.ndarray
    inverse: np.ndarray
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


@dataclass(frozen=True)
class Question:
    """What is to be fitted."""

    sample: Sample
    matrix: Matrix
    weights: np.ndarray
    scale: float  # the mean of the weights before they were brought to mean 1
    errors: Errors


def ask(
    sample: Sample,
    formula: str,
    outcome: Outcome,
    treat: Mapping[str, Use] | None,
    reference: Mapping[str, str] | None,
    errors: Errors | None,
) -> Question:
    """Read the formula and check that its columns can be told apart.

    Raises
    ------
    ScslabError
        Whatever is wrong in the formula; columns that say the same; no replicate weights.
    """
    matrix = model_frame(
        formula, sample, outcome=outcome, treat=treat, reference=reference, intercept=True
    )
    if not matrix.names:
        raise ScslabError("the formula has no terms", where=formula, hint="y ~ 1, y ~ a")
    weights = sample.design.weights[matrix.rows]
    scale = float(weights.mean())
    weights = weights / scale
    check_rank(matrix.X, weights, matrix.names, constant=INTERCEPT in matrix.names, formula=formula)
    chosen = errors or ("linearised" if sample.design.replicates is None else "replicates")
    if chosen == "replicates" and sample.design.replicates is None:
        raise ScslabError("the design has no replicate weights", got='errors="replicates"')
    return Question(sample, matrix, weights, scale, chosen)


def outcome_base(
    formula: str, reference: Mapping[str, str] | None
) -> tuple[Formula, dict[str, str], str | None]:
    """The formula, the references of predictors, and the outcome's own reference level."""
    read = read_formula(formula)
    names = {read.outcome, *(variables_of(read.response) if read.response is not None else ())}
    rest = {k: v for k, v in (reference or {}).items() if k not in names}
    base = next((v for k, v in (reference or {}).items() if k in names), None)
    return read, rest, base


def covariance_of(
    question: Question,
    estimates: np.ndarray,
    model_covariance: np.ndarray,
    scores: Callable[[], ScoreBlocks],
    bread: np.ndarray,
    refit: Callable[[np.ndarray], np.ndarray],
) -> tuple[np.ndarray, np.ndarray | None]:
    """Covariance by the design (or the model), and the replicates' estimates where there are.

    Parameters
    ----------
    scores : function
        Gives the weighted scores of the rows used, block by block.
    bread : f8[k, k]
        The inverse information that belongs to them.
    refit : function of weights (f8[n_used], some 0)
        Gives the estimates under them; NaN where there are none.
    """
    design = question.sample.design
    if question.errors == "model":
        return model_covariance, None
    if question.errors == "replicates":
        assert design.replicates is not None
        weights = design.replicates.weights
        rows = None if question.matrix.rows.all() else np.flatnonzero(question.matrix.rows)
        found = np.array(
            [
                refit(weights[:, r] if rows is None else weights[rows, r])
                for r in range(weights.shape[1])
            ]
        )
        return spread_of_replicates(design.replicates, estimates, found), found
    return scores_covariance(design, question.matrix.rows, scores(), bread), None


def degrees(question: Question, coefficients: int) -> float:
    """Degrees of freedom of t tests: the design's and 1, less the coefficients, as `svyglm`.

    The design's are those of the rows used; with replicate weights, as in R, of the domain.
    """
    if question.errors == "model":
        return float(question.matrix.n - coefficients)
    sample = question.sample
    whole = question.errors == "replicates"
    return (sample if whole else sample.within(question.matrix.rows)).design.df + 1 - coefficients


def as_fitted(
    question: Question,
    *,
    kind: ModelKind,
    link: str,
    formula: str,
    levels: tuple[str, ...],
    names: tuple[str, ...],
    terms: tuple[str, ...],
    coefficients: np.ndarray,
    covariance: np.ndarray,
    equations: int,
    log_likelihood: float,
    null_log_likelihood: float,
    rounds: int,
) -> Fitted:
    """The record of a fit; `equations` is how many share the predictors."""
    sample, matrix = question.sample, question.matrix
    k = len(names) // equations
    df = degrees(question, k)
    return Fitted(
        kind=kind,
        link=link,
        formula=formula,
        outcome=matrix.formula.outcome,
        names=names,
        terms=terms,
        coefficients=coefficients,
        thresholds=np.empty(0),
        threshold_names=(),
        covariance=covariance,
        errors=question.errors,
        levels=levels,
        n=matrix.n,
        weighted_n=float(question.scale * matrix.n),
        dropped=matrix.dropped,
        df=df,
        log_likelihood=log_likelihood,
        null_log_likelihood=null_log_likelihood,
        used=matrix.rows,
        synthetic=sample.answers.synthetic,
        source=sample.answers.source,
        notes=(*matrix.notes, *check_df(df, df + k - 1, k)),
        iterations=rounds,
        about=sample.design.about,
    )
