"""Is one effect enough for all thresholds? Tests of proportional odds (Brant 1990).

Brant's test fits a binary model at each threshold and asks whether the coefficients agree. With
`errors="model"` their joint covariance is Brant's own formula, as in R's package `brant`; by the
design it comes from the stacked scores of the binary models, which R has nowhere.
"""

from __future__ import annotations

import numpy as np
from scipy import linalg, special

from scslab.analysis.models.ordinal_links import LINKS
from scslab.core.errors import ScslabError

ROUNDS = 50


def binary_logit(
    X: np.ndarray, y: np.ndarray, weights: np.ndarray, name: str = ""
) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients and information of a weighted binary logit; X holds its column of ones.

    Raises
    ------
    ScslabError
        A predictor separates the two groups.
    """
    b = np.zeros(X.shape[1])
    for _ in range(ROUNDS):
        p = special.expit(X @ b)
        information = (X * (weights * p * (1 - p))[:, None]).T @ X
        gradient = X.T @ (weights * (y - p))
        try:
            step = linalg.solve(information, gradient, assume_a="pos")
        except linalg.LinAlgError:
            break
        b = b + step
        if gradient @ step < 1e-16 * len(y):
            return b, information
        if np.abs(b).max() > 1e6:
            break
    raise ScslabError(
        "proportional odds cannot be tested",
        where=name,
        why="a predictor separates the answers at this threshold",
        hint="join categories that few chose, or leave the predictor out",
    )


def threshold_fits(
    X: np.ndarray, y: np.ndarray, categories: int, weights: np.ndarray, names: tuple[str, ...]
) -> tuple[np.ndarray, list[np.ndarray], np.ndarray]:
    """Binary fits of y > j: coefficients f8[cuts, 1 + k], informations, p f8[n, cuts]."""
    ones = np.column_stack([np.ones(len(X)), X])
    found, informations, fitted = [], [], []
    for j in range(categories - 1):
        b, information = binary_logit(ones, (y > j).astype(float), weights, names[j])
        found.append(b)
        informations.append(information)
        fitted.append(special.expit(ones @ b))
    return np.array(found), informations, np.column_stack(fitted)


def brant_covariance(
    X: np.ndarray, weights: np.ndarray, informations: list[np.ndarray], fitted: np.ndarray
) -> np.ndarray:
    """Joint covariance of all binary coefficients but the constants (Brant 1990, section 3)."""
    ones = np.column_stack([np.ones(len(X)), X])
    cuts, k = fitted.shape[1], X.shape[1]
    inverses = [linalg.inv(one) for one in informations]
    found = np.empty((cuts * k, cuts * k))
    for j in range(cuts):
        for m in range(j, cuts):
            shared = fitted[:, m] * (1 - fitted[:, j])
            middle = (ones * (weights * shared)[:, None]).T @ ones
            block = (inverses[j] @ middle @ inverses[m])[1:, 1:]
            found[j * k : (j + 1) * k, m * k : (m + 1) * k] = block
            found[m * k : (m + 1) * k, j * k : (j + 1) * k] = block.T
    return found


def influence_of_thresholds(
    X: np.ndarray,
    y: np.ndarray,
    weights: np.ndarray,
    informations: list[np.ndarray],
    fitted: np.ndarray,
) -> np.ndarray:
    """Influence of each row on all binary coefficients but the constants, f8[n, cuts k]."""
    ones = np.column_stack([np.ones(len(X)), X])
    parts = []
    for j in range(fitted.shape[1]):
        score = ones * (weights * ((y > j) - fitted[:, j]))[:, None]
        parts.append((score @ linalg.inv(informations[j]))[:, 1:])
    return np.column_stack(parts)


def differences(cuts: int, k: int, which: np.ndarray) -> np.ndarray:
    """Contrasts: coefficients `which` at each threshold less those at the first."""
    rows = []
    for j in range(1, cuts):
        for at in which:
            row = np.zeros(cuts * k)
            row[at], row[j * k + at] = -1.0, 1.0
            rows.append(row)
    return np.array(rows)


def knows_link(link: str) -> None:
    """Brant's test is of the logit.

    Raises
    ------
    ScslabError
        Another link.
    """
    if link != "logit":
        raise ScslabError(
            "Brant's test is of the logit link",
            got=link,
            expected="logit" if link in LINKS else ", ".join(LINKS),
            hint="test with a partial model instead: free: [term]",
        )
