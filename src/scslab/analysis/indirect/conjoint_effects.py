"""Arithmetic of a conjoint: marginal means, and effects by weighted least squares."""

from __future__ import annotations

import numpy as np

from scslab.analysis.indirect.conjoint_plan import Plan, offsets
from scslab.analysis.indirect.conjoint_rows import Profiles
from scslab.core.errors import ScslabError


def means_of(
    read: Profiles, rows: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Marginal means f8[k] of all levels, with influence f8[n, k]; NaN for a level not met."""
    counted = weights * rows
    values, columns = [], []
    for a in read.attributes:
        k = len(a.levels)
        place = np.maximum(a.codes, 0)
        total = np.bincount(place, counted, k)
        with np.errstate(invalid="ignore", divide="ignore"):
            means = np.bincount(place, counted * read.outcome, k) / total
        rest = counted * (read.outcome - means[place])
        own = np.zeros((len(rows), k))
        own[np.arange(len(rows)), place] = np.where(counted != 0, rest / total[place], 0.0)
        values.append(means)
        columns.append(own)
    found = np.concatenate(values)
    if np.isnan(found).any():
        gone = int(np.isnan(found).sum())
        raise ScslabError(
            "a group has no profile with some level",
            where="conjoint",
            got=f"{gone} such levels",
            hint="join small groups or levels",
        )
    return found, np.hstack(columns)


def effects_of(
    read: Profiles, plan: Plan, rows: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Effects f8[k] by weighted least squares, with influence f8[n, k].

    Columns that repeat others (all levels beside the intercept) are met by a generalised inverse;
    the effects do not depend on which.

    Raises
    ------
    ScslabError
        An effect cannot be told from others.
    """
    columns = plan.pick.shape[1]
    X = np.zeros((len(rows), columns))
    X[:, 0] = 1.0
    starts, everyone = offsets(read, plan.cells), np.arange(len(rows))
    for i, a in enumerate(read.attributes):
        X[everyone, starts[i] + np.maximum(a.codes, 0)] = 1.0
    for p, (i, j) in enumerate(plan.pairs):
        a, b = read.attributes[i], read.attributes[j]
        for c, (x, y) in enumerate(plan.cells[p]):
            X[:, starts[len(read.attributes) + p] + c] = (a.codes == x) & (b.codes == y)
    counted = weights * rows
    cross = X.T @ (X * counted[:, None])
    roots, directions = np.linalg.eigh(cross)
    kept = roots > 1e-10 * roots[-1]
    blind = plan.pick @ directions[:, ~kept]
    lost = np.abs(blind).max(axis=1, initial=0.0) > 1e-7
    if lost.any():
        raise ScslabError(
            "an effect cannot be told from others",
            where=f"conjoint: {plan.names[int(np.flatnonzero(lost)[0])]}",
            why="its level was shown only together with some level of another attribute",
            hint="join levels, or leave one of the attributes out",
        )
    inverse = (directions[:, kept] / roots[kept]) @ directions[:, kept].T
    fitted = inverse @ (X.T @ (counted * read.outcome))
    rest = counted * (read.outcome - X @ fitted)
    return plan.pick @ fitted, (X @ (inverse @ plan.pick.T)) * rest[:, None]
