"""Fits of list regressions under weights: linear, nonlinear least squares, maximum likelihood.

Each gives the parameters and the influence of every row on them, so that the design can say how
much they would vary.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.special import expit

from scslab.analysis.indirect import list_likelihood as ll
from scslab.analysis.indirect.newton import Top, climb
from scslab.core.errors import ScslabError

Ends = Literal["none", "ceiling", "floor", "both"]
ControlModel = Literal["same", "shifted", "separate"]


@dataclass(frozen=True)
class ListFit:
    """Parameters f8[p] with influence f8[n, p] (times weight), and how the fit ended."""

    parameters: np.ndarray
    influence: np.ndarray
    log_likelihood: float
    rounds: int


def solved(matrix: np.ndarray, right: np.ndarray, what: str) -> np.ndarray:
    """matrix^-1 right, for a covariance-like matrix.

    Raises
    ------
    ScslabError
        It cannot be inverted.
    """
    scale = np.sqrt(np.abs(np.diag(matrix)))
    scale[scale == 0] = 1.0
    scaled = matrix / np.outer(scale, scale)
    if np.linalg.cond(scaled) > 1e13:
        raise ScslabError(
            f"{what} cannot be fitted: a covariate is a combination of others, or hardly varies",
            hint="leave out a covariate",
        )
    found: np.ndarray = np.linalg.solve(scaled, (right.T / scale).T)
    return (found.T / scale).T


def linear_fit(y: np.ndarray, treated: np.ndarray, X: np.ndarray, w: np.ndarray) -> ListFit:
    """Count on covariates and covariates times treatment, by weighted least squares.

    Parameters stand as in the other fits: sensitive item, then control items.
    """
    both = np.hstack([X * treated[:, None], X])
    cross = both.T @ (both * w[:, None])
    parameters = solved(cross, both.T @ (w * y), "the linear list regression")
    scores = both * (w * (y - both @ parameters))[:, None]
    influence = solved(cross, scores.T, "the linear list regression").T
    return ListFit(parameters, influence, float("nan"), 1)


def curve(
    y: np.ndarray, X: np.ndarray, w: np.ndarray, most: float, start: np.ndarray, what: str
) -> Top:
    """Weighted least squares of y on most * logistic(X b)."""

    def step(b: np.ndarray) -> tuple[float, np.ndarray, np.ndarray, np.ndarray]:
        p = expit(X @ b)
        rest, slope = y - most * p, most * p * (1 - p)
        safe = w * slope**2
        sharp = safe - w * rest * slope * (1 - 2 * p)
        height = -0.5 * float(w @ rest**2)
        return (
            height,
            X.T @ (w * rest * slope),
            X.T @ (X * sharp[:, None]),
            X.T @ (X * safe[:, None]),
        )

    return climb(step, lambda b: -0.5 * float(w @ (y - most * expit(X @ b)) ** 2), start, what)


def nls_fit(
    y: np.ndarray,
    treated: np.ndarray,
    X: np.ndarray,
    w: np.ndarray,
    items: int,
    start: np.ndarray | None = None,
) -> ListFit:
    """Two-step nonlinear least squares (Imai 2011, section 3.1).

    Control items in the control group first; then what the treatment group counts beyond them.
    The influence of the first step is carried into the second.
    """
    k = X.shape[1]
    first = np.zeros(2 * k) if start is None else start
    w0, w1 = w * ~treated, w * treated
    control = curve(y, X, w0, items, first[k:], "nonlinear least squares of the control items")
    h = expit(X @ control.parameters)
    beyond = y - items * h
    sensitive = curve(
        beyond, X, w1, 1.0, first[:k], "nonlinear least squares of the sensitive item"
    )
    g = expit(X @ sensitive.parameters)
    h_slope, g_slope = items * h * (1 - h), g * (1 - g)
    scores0 = X * (w0 * (y - items * h) * h_slope)[:, None]
    own0 = solved(control.information, scores0.T, "the control items").T
    carried = X.T @ (X * (w1 * g_slope * h_slope)[:, None])
    scores1 = X * (w1 * (beyond - g) * g_slope)[:, None] - own0 @ carried.T
    own1 = solved(sensitive.information, scores1.T, "the sensitive item").T
    parameters = np.concatenate([sensitive.parameters, control.parameters])
    rounds = control.rounds + sensitive.rounds
    return ListFit(parameters, np.hstack([own1, own0]), float("nan"), rounds)


def make_model(
    y: np.ndarray,
    treated: np.ndarray,
    X: np.ndarray,
    items: int,
    control_model: ControlModel,
    ends: Ends,
    E: np.ndarray,
) -> ll.ListModel:
    """A mixture model; E f8[n, e] are the covariates of hiding at the ends."""
    k, e = X.shape[1], E.shape[1]
    found = [
        ll.Predictor(ll.SENSITIVE, X, slice(0, k)),
        ll.Predictor(ll.CONTROL, X, slice(k, 2 * k)),
    ]
    at = 2 * k
    if control_model == "same":
        found.append(ll.Predictor(ll.CONTROL_YES, X, slice(k, 2 * k)))
    elif control_model == "shifted":
        wide = np.hstack([X, np.ones((len(X), 1))])
        found.append(ll.Predictor(ll.CONTROL_YES, wide, slice(k, 2 * k + 1)))
        at += 1
    else:
        found.append(ll.Predictor(ll.CONTROL_YES, X, slice(2 * k, 3 * k)))
        at += k
    for kind, name in ((ll.CEILING, "ceiling"), (ll.FLOOR, "floor")):
        if ends in (name, "both"):
            found.append(ll.Predictor(kind, E, slice(at, at + e)))
            at += e
    return ll.ListModel(y, treated, items, tuple(found), at)


def starts(model: ll.ListModel, w: np.ndarray) -> list[np.ndarray]:
    """Where to begin: least squares; with a control model of their own for those who mean yes,
    also from below and above, for such mixtures may have several tops.
    """
    X = model.predictors[0].matrix
    k = X.shape[1]
    base = np.zeros(model.size)
    try:
        fit = nls_fit(model.counts, model.treated, X, w, model.items)
        base[: 2 * k] = np.clip(fit.parameters, -5, 5)
        if np.abs(fit.parameters).max() > 10:
            base[:k] = 0.0
    except ScslabError:
        pass  # the likelihood may still have a top where least squares has none
    for predictor in model.predictors[3:]:
        base[predictor.place.start] = -2.0
    yes = model.predictors[2].place
    if yes.start == k and yes.stop == 2 * k:
        return [base]
    found = []
    for shift in (0.0, -1.0, 1.0):
        own = base.copy()
        if yes.start != k:
            own[yes] = base[k : 2 * k]
            own[yes.start] += shift
        else:
            own[yes.stop - 1] = shift
        found.append(own)
    return found


def likelihood_fit(model: ll.ListModel, w: np.ndarray, start: np.ndarray | None = None) -> ListFit:
    """Weighted maximum likelihood; the influence is that of the scores (a sandwich).

    Raises
    ------
    ScslabError
        No finite top.
    """
    scaled = w / w[w > 0].mean()

    def step(b: np.ndarray) -> tuple[float, np.ndarray, np.ndarray, np.ndarray]:
        found = ll.pieces(model, b)
        sharp = ll.information(model, found.observed, scaled)
        safe = ll.information(model, found.complete, scaled, diagonal=True)
        uphill = ll.gradient(model, found, scaled)
        return float(scaled @ found.log_likelihood), uphill, sharp, safe

    value: Callable[[np.ndarray], float] = lambda b: ll.log_likelihood(model, b, scaled)  # noqa: E731
    tops, lost = [], None
    for begin in [start] if start is not None else starts(model, scaled):
        try:
            tops.append(climb(step, value, begin, "the list regression"))
        except ScslabError as error:
            lost = error
    if not tops:
        assert lost is not None
        raise lost
    top = max(tops, key=lambda t: t.value)
    scores = ll.row_scores(model, ll.pieces(model, top.parameters)) * scaled[:, None]
    influence = solved(top.information, scores.T, "the list regression").T
    return ListFit(top.parameters, influence, top.value, top.rounds)


def without(model: ll.ListModel, kind: int) -> ll.ListModel:
    """The model without hiding at one of the ends."""
    gone = next(p for p in model.predictors if p.kind == kind)
    width = gone.place.stop - gone.place.start
    kept = tuple(
        replace(p, place=slice(p.place.start - width, p.place.stop - width))
        if p.place.start > gone.place.start
        else p
        for p in model.predictors
        if p.kind != kind
    )
    return replace(model, predictors=kept, size=model.size - width)
