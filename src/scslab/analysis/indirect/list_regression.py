"""Regression of the sensitive item of a list experiment, and the shares that it predicts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from scslab.analysis.indirect import list_likelihood as ll
from scslab.analysis.indirect.common import about, groups_of
from scslab.analysis.indirect.list_fit import (
    ControlModel,
    Ends,
    ListFit,
    likelihood_fit,
    linear_fit,
    make_model,
    nls_fit,
    without,
)
from scslab.analysis.indirect.list_parts import (
    METHODS,
    PARTS,
    Method,
    Ready,
    check_choices,
    check_finite,
    parts_of,
    read,
)
from scslab.analysis.indirect.records import Estimates
from scslab.analysis.sample import Sample
from scslab.analysis.variance import covariance
from scslab.core.errors import ScslabError
from scslab.core.printed import ResultTable
from scslab.survey.answers import Code


@dataclass(frozen=True)
class ListRegression:
    """A regression of a sensitive item.

    Attributes
    ----------
    coefficients : Estimates
        Groups say which part of the model they belong to.
    shares : Estimates
        Predicted shares of the sensitive item, over everybody and by group, averaged over the
        sample's covariates; and of hiding at the ends, where modelled.
    log_likelihood : float
        With weights of mean 1; NaN for least squares.
    """

    coefficients: Estimates
    shares: Estimates
    method: Method
    items: int
    log_likelihood: float
    rounds: int
    n: int

    def table(self) -> ResultTable:
        """The coefficients; `shares.table()` gives the shares."""
        return self.coefficients.table()


def list_regression(
    sample: Sample,
    count: str,
    treatment: str,
    items: int,
    covariates: str = "~ 1",
    *,
    method: Method = "ml",
    control_model: ControlModel = "same",
    ends: Ends = "none",
    end_covariates: str = "~ 1",
    control: Code | None = None,
    by: str | None = None,
    level: float = 0.95,
) -> ListRegression:
    """Regress the sensitive item of a list experiment on covariates.

    Parameters
    ----------
    count, treatment, items, control
        As in `list_shares`.
    covariates : str
        A formula without an outcome, such as "~ age + sex".
    method : "ml", "nls" or "linear"
    control_model : "same", "shifted" or "separate"
        Whether those who mean yes to the sensitive item answer the control items alike, with
        another intercept, or by a model of their own ("same" and "separate" are the constrained
        and unconstrained models of R's `list`). Maximum likelihood only.
    ends : "none", "ceiling", "floor" or "both"
        Models people who hide a yes where the count would give it away, by "saying one less".
        Needs control_model "same", as Blair and Imai (2012) assume.
    end_covariates : str
        A formula for hiding at the ends.
    by : str, optional
        A variable whose groups get predicted shares of their own.

    Raises
    ------
    ScslabError
        Answers that cannot be, covariates that repeat each other, or no finite best fit.

    Notes
    -----
    Standard errors follow the design: sandwich with analytic scores and Hessian, or refits
    under replicate weights. Those of the shares count that covariates were sampled too.
    Degrees of freedom as `svyglm`: the design's plus 1, less the number of coefficients.
    """
    check_choices(method, control_model, ends)
    ready = read(sample, count, treatment, items, covariates, end_covariates, control)
    design = sample.design.within(ready.rows)
    groups = groups_of(sample, by, ready.rows)
    inside = [rows[ready.rows] for _, rows in groups]
    model = None
    if method == "ml":
        model = make_model(ready.y, ready.treated, ready.X, items, control_model, ends, ready.E)
    weights = design.weights[ready.rows]
    fit, model, warnings = first_fit(ready, model, method, weights)

    def refit(w: np.ndarray) -> np.ndarray:
        again = fit_once(ready, model, method, w[ready.rows], fit.parameters)
        values, _ = shares_of(ready, model, method, again, w[ready.rows], inside)
        return np.concatenate([again.parameters, values])

    shares, share_influence = shares_of(ready, model, method, fit, weights, inside)
    influence = np.zeros((len(ready.rows), len(fit.parameters) + len(shares)))
    influence[ready.rows] = np.hstack([fit.influence, share_influence])
    everything = np.concatenate([fit.parameters, shares])
    spread = covariance(design, everything, influence, refit)
    return as_record(
        sample, ready, model, method, fit, everything, spread, groups, (count, by, level), warnings
    )


def fit_once(
    ready: Ready,
    model: ll.ListModel | None,
    method: Method,
    weights: np.ndarray,
    start: np.ndarray | None = None,
) -> ListFit:
    """A fit under weights f8[rows used]."""
    if model is not None:
        return likelihood_fit(model, weights, start)
    if method == "linear":
        return linear_fit(ready.y, ready.treated, ready.X, weights)
    return nls_fit(ready.y, ready.treated, ready.X, weights / weights.mean(), ready.items, start)


def first_fit(
    ready: Ready, model: ll.ListModel | None, method: Method, weights: np.ndarray
) -> tuple[ListFit, ll.ListModel | None, tuple[str, ...]]:
    """The fit, without the hiding that it finds nobody does.

    Raises
    ------
    ScslabError
        Coefficients run away.
    """
    fit = fit_once(ready, model, method, weights)
    warnings: list[str] = []
    while model is not None:
        for predictor in model.predictors[3:]:
            values = predictor.matrix @ fit.parameters[predictor.place]
            if values.max() < -10:
                where = PARTS[predictor.kind].split()[-1]
                warnings.append(
                    f"Nobody is found to hide at the {where}: the share is at its edge, 0, and "
                    "the model was fitted without it."
                )
                model = without(model, predictor.kind)
                fit = fit_once(ready, model, method, weights)
                break
        else:
            break
    check_finite(ready, model, method, fit)
    return fit, model, tuple(warnings)


def shares_of(
    ready: Ready,
    model: ll.ListModel | None,
    method: Method,
    fit: ListFit,
    weights: np.ndarray,
    inside: list[np.ndarray],
) -> tuple[np.ndarray, np.ndarray]:
    """Predicted shares over everybody and each group, then of hiding, with influence."""
    k = len(ready.names)
    found = [(slice(0, k), ready.X, rows) for rows in inside]
    if model is not None:
        found += [(p.place, p.matrix, inside[0]) for p in model.predictors[3:]]
    values, columns = [], []
    for place, matrix, rows in found:
        eta = matrix @ fit.parameters[place]
        share = eta if method == "linear" else expit(eta)
        slope = np.ones(len(eta)) if method == "linear" else share * (1 - share)
        part = weights * rows / (weights @ rows)
        mean = float(part @ share)
        values.append(mean)
        columns.append(
            part * (share - mean) + fit.influence[:, place] @ (matrix.T @ (part * slope))
        )
    return np.array(values), np.column_stack(columns)


def as_record(
    sample: Sample,
    ready: Ready,
    model: ll.ListModel | None,
    method: Method,
    fit: ListFit,
    everything: np.ndarray,
    spread: np.ndarray,
    groups: list[tuple[str, np.ndarray]],
    said: tuple[str, str | None, float],
    warnings: tuple[str, ...],
) -> ListRegression:
    """The record of a fit."""
    count, by, level = said
    parts = parts_of(ready, model, len(ready.names))
    n, p = len(ready.y), len(fit.parameters)
    df = sample.design.within(ready.rows).df + 1 - p
    if df < 1:
        warnings = (
            *warnings,
            "More coefficients than degrees of freedom: tests are not to be used.",
        )
    hiding = [p.kind for p in model.predictors[3:]] if model is not None else []
    assumes = (
        f"{METHODS[method]}. Assumes groups drawn by lot, no design effect, and honest answers to "
        f"the sensitive item{' but for those modelled as hiding it' if hiding else ''}.",
        *ready.notes,
    )
    coefficients = Estimates(
        id=f"list-regression-{count}",
        title=f"List experiment, regression: {count}",
        names=tuple(name for _, _, names, _ in parts for name in names),
        groups=tuple(title for title, _, names, _ in parts for _ in names),
        estimates=everything[:p],
        covariance=spread[:p, :p],
        df=max(df, 1.0),
        n=(n,) * p,
        rows=n,
        level=level,
        notes=assumes,
        warnings=warnings,
        group_title="Part of the model",
        **about(sample),
    )
    names = ["Share, predicted"] * len(groups) + [PARTS[kind] for kind in hiding]
    shares = Estimates(
        id=f"list-predicted-{count}",
        title=f"List experiment, predicted shares: {count}",
        names=tuple(names),
        groups=(*(g for g, _ in groups), *("" for _ in hiding)),
        estimates=everything[p:],
        covariance=spread[p:, p:],
        df=max(df, 1.0),
        n=(*(int(np.count_nonzero(rows)) for _, rows in groups), *(n for _ in hiding)),
        rows=n,
        form="share",
        null=None,
        level=level,
        notes=("Averages over the covariates of the sample, weighted.", *assumes),
        warnings=warnings,
        group_title="" if by is None else sample.answers.variable(by).says,
        **about(sample),
    )
    return ListRegression(
        coefficients, shares, method, ready.items, fit.log_likelihood, fit.rounds, n
    )


def predicted(model: ListRegression, X: np.ndarray, labels: tuple[str, ...]) -> Estimates:
    """Share of the sensitive item for given covariates.

    Parameters
    ----------
    X : f8[m, k]
        Rows of covariates with the columns of the sensitive part, intercept first.
    labels : tuple of str, m

    Raises
    ------
    ScslabError
        Other columns than the model's.
    """
    whole = model.coefficients
    k = whole.groups.count(PARTS[ll.SENSITIVE])
    X = np.atleast_2d(np.asarray(X, dtype=float))
    if X.shape[1] != k or len(labels) != len(X):
        raise ScslabError(
            "these rows do not fit the model",
            got=f"{X.shape[1]} columns, {len(labels)} labels for {len(X)} rows",
            expected=f"{k} columns: {', '.join(whole.names[:k])}",
        )
    eta = X @ whole.estimates[:k]
    share = eta if model.method == "linear" else expit(eta)
    slope = np.ones(len(eta)) if model.method == "linear" else share * (1 - share)
    pull = X * slope[:, None]
    return replace(
        model.shares,
        title="List experiment, predicted shares",
        names=labels,
        groups=("",) * len(labels),
        estimates=share,
        covariance=pull @ whole.covariance[:k, :k] @ pull.T,
        n=(model.n,) * len(labels),
        notes=whole.notes,
    )
