"""The same ordinal model under many sets of weights, each fit begun where the whole one ended."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scslab.analysis.models.ordinal_fit import Problem, solve
from scslab.core.errors import ScslabError


def replicate_estimates(problem: Problem, weights: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Parameters (f8[R, size]) under each column of weights (f8[n, R]).

    A replicate whose likelihood has no maximum (a category without weight) gives NaN, which the
    variance refuses.

    Examples
    --------
    >>> from scslab.analysis.models.ordinal_fit import make_problem
    >>> p = make_problem(np.arange(6.0)[:, None] % 4, np.array([0, 1, 2, 0, 1, 2]), 3, "logit")
    >>> whole = solve(p, np.ones(6)).b
    >>> bool(np.allclose(replicate_estimates(p, np.ones((6, 2)), whole), whole))
    True
    """
    # Two threads take longer than one here: a step is shorter than their hand-over (measured).
    return np.array([one_replicate(problem, column, start) for column in weights.T])


def one_replicate(problem: Problem, weights: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Parameters under one set of weights, some of which may be 0."""
    kept = np.flatnonzero(weights)
    part = problem
    if len(kept) < len(weights):
        part = replace(problem, X=problem.X[kept], y=problem.y[kept])
        weights = weights[kept]
    if np.bincount(part.y, minlength=part.categories).min() == 0:
        return np.full(problem.size, np.nan)
    try:
        found = solve(part, weights, start, in_passing=True)
    except ScslabError:
        return np.full(problem.size, np.nan)
    return np.full(problem.size, np.nan) if found.separated else found.b
