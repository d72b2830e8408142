"""What margins take out of the variance, as R `survey` computes it (`svyrecvar`).

Each record turns weighted influence values x into the part that the margins do not explain.
Rows whose weight was 0 when the weights were adjusted (outside a domain) stay as they are: 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SWEEPS = 10  # rounds over the margins, R's number


@dataclass(frozen=True)
class PostStratified:
    """Post-stratification: x less the weighted mean of its stratum.

    `stratum` int64[n] (any number where the weight was 0), `before` and `after` f8[n] weights.
    """

    stratum: np.ndarray
    before: np.ndarray
    after: np.ndarray

    def residuals(self, influence: np.ndarray) -> np.ndarray:
        """Weighted influence (f8[n, k]) less stratum means under the weights of before."""
        ratio = divided(self.before, self.after)
        count = int(self.stratum.max(initial=0)) + 1
        sums = np.bincount(self.stratum, self.before, count)
        found = np.empty_like(influence)
        for j in range(influence.shape[1]):
            x = influence[:, j]
            means = divided(np.bincount(self.stratum, x * ratio, count), sums)
            found[:, j] = x - means[self.stratum] * self.after
        return found


@dataclass(frozen=True)
class Raked:
    """Raking: means of each margin's levels taken out in turn, ten times over.

    R takes unweighted means of the influence values; so does this. `cell` int64[n] counts joint
    cells, `levels` has each cell's level in each margin, `weights` f8[n] are those after raking.
    """

    cell: np.ndarray
    levels: tuple[np.ndarray, ...]
    weights: np.ndarray

    def residuals(self, influence: np.ndarray) -> np.ndarray:
        """Weighted influence (f8[n, k]) less what the margins explain.

        Level means depend on sums over cells only, so the rounds run over cells.
        """
        size = len(self.levels[0])
        inside = self.weights != 0
        n = np.bincount(self.cell[inside], minlength=size).astype(float)
        found = np.empty_like(influence)
        for j in range(influence.shape[1]):
            x = influence[:, j]
            sums = np.bincount(self.cell, divided(x, self.weights), size)
            explained = np.zeros(size)
            for _ in range(SWEEPS):
                for code in self.levels:
                    part = np.bincount(code, sums - n * explained) / np.bincount(code, n)
                    explained += part[code]
            found[:, j] = x - explained[self.cell] * self.weights
        return found


@dataclass(frozen=True)
class Calibrated:
    """Calibration: residuals of a regression on the calibration variables.

    Attributes
    ----------
    table : f8[rows, k]
        Calibration variables; rows that are equal are kept once.
    row : int64[n]
        The row of the table of each respondent.
    before : f8[n]
        Weights before.
    ratio : f8[rows]
        Weights after, divided by those before.
    inverse : f8[k, k]
        (Generalised) inverse of the weighted cross products of the variables.
    """

    table: np.ndarray
    row: np.ndarray
    before: np.ndarray
    ratio: np.ndarray
    inverse: np.ndarray

    def residuals(self, influence: np.ndarray) -> np.ndarray:
        """Weighted influence (f8[n, k]) less its regression on the calibration variables.

        Deville and Sarndal (1992): the regression is weighted by the weights before, its
        residuals by those after.
        """
        size = len(self.ratio)
        after = self.before * self.ratio[self.row]
        found = np.empty_like(influence)
        for j in range(influence.shape[1]):
            x = influence[:, j]
            sums = divided(np.bincount(self.row, x, size), self.ratio)
            slope = self.inverse @ (self.table.T @ sums)
            found[:, j] = x - (self.table @ slope)[self.row] * after
        return found


def divided(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """A quotient that is 0 where it would be divided by 0."""
    return np.divide(above, below, out=np.zeros(len(below)), where=below != 0)
