"""Variances, standard deviations and correlations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, Unpack

import numpy as np
import pandas as pd

from scslab.analysis.distributions import t_quantile, t_two_sided
from scslab.analysis.estimate.ground import Ground, Options, find_ground
from scslab.analysis.estimate.means import listed, numbers
from scslab.analysis.estimate.records import Estimates
from scslab.analysis.estimate.smooth import group_sums, records, solve
from scslab.analysis.fitted import Test
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError


@dataclass(frozen=True)
class Variances:
    """Variances from sums of the weights, of k columns and of their squares.

    `bessel` (f8[groups, 1]) is n / (n - 1); `root` gives standard deviations.
    """

    bessel: np.ndarray
    root: bool

    def values(self, sums: np.ndarray) -> np.ndarray:
        """Variances, or their roots."""
        k = (sums.shape[1] - 1) // 2
        mean = sums[:, 1 : k + 1] / sums[:, :1]
        found = self.bessel * (sums[:, k + 1 :] / sums[:, :1] - mean**2)
        return np.sqrt(np.maximum(found, 0.0)) if self.root else found

    def gradient(self, sums: np.ndarray) -> np.ndarray:
        """Derivatives by all sums."""
        k = (sums.shape[1] - 1) // 2
        N, own = sums[:, :1], np.arange(k)
        mean = sums[:, 1 : k + 1] / N
        found = np.zeros((len(sums), k, 2 * k + 1))
        found[:, :, 0] = self.bessel * (2 * mean**2 - sums[:, k + 1 :] / N) / N
        found[:, own, own + 1] = -2 * self.bessel * mean / N
        found[:, own, own + k + 1] = self.bessel / N
        return found / (2 * self.values(sums))[:, :, None] if self.root else found


@dataclass(frozen=True)
class Correlations:
    """Correlations of pairs from sums of the weights, the columns and their products.

    The columns are centred on their group's mean, so that the derivatives by the weights and by
    the columns are zero there.
    """

    size: int
    pairs: tuple[tuple[int, int], ...]  # of products, with those of a column by itself first

    def values(self, sums: np.ndarray) -> np.ndarray:
        """Correlations of the pairs of different columns."""
        mean = sums[:, 1 : self.size + 1] / sums[:, :1]
        moments = sums[:, self.size + 1 :] / sums[:, :1]
        first = np.array([a for a, _ in self.pairs])
        second = np.array([b for _, b in self.pairs])
        moments = moments - mean[:, first] * mean[:, second]
        sd = np.sqrt(moments[:, : self.size])
        rest = slice(self.size, None)
        return moments[:, rest] / (sd[:, first[rest]] * sd[:, second[rest]])

    def gradient(self, sums: np.ndarray) -> np.ndarray:
        """Derivatives by the sums of products."""
        r = self.values(sums)
        squares = sums[:, self.size + 1 : 2 * self.size + 1]
        found = np.zeros((len(sums), r.shape[1], sums.shape[1]))
        for j, (a, b) in enumerate(self.pairs[self.size :]):
            found[:, j, 2 * self.size + 1 + j] = 1 / np.sqrt(squares[:, a] * squares[:, b])
            found[:, j, self.size + 1 + a] = -r[:, j] / (2 * squares[:, a])
            found[:, j, self.size + 1 + b] = -r[:, j] / (2 * squares[:, b])
        return found


def variance(
    sample: Sample, variables: str | Sequence[str], **options: Unpack[Options]
) -> Estimates:
    """Variances in the population (R's `svyvar`, with its n / (n - 1)).

    Parameters
    ----------
    sample, variables, **options
        As `mean`.

    Raises
    ------
    ScslabError
        As `mean`.

    Examples
    --------
    >>> from scslab.analysis.estimate.examples import three_classes
    >>> round(variance(three_classes(), "score").rows[0].value, 4)
    3.2
    """
    return spread_of(sample, variables, False, **options)


def sd(sample: Sample, variables: str | Sequence[str], **options: Unpack[Options]) -> Estimates:
    """Standard deviations in the population: roots of `variance`, by the delta method.

    Parameters
    ----------
    sample, variables, **options
        As `mean`.

    Raises
    ------
    ScslabError
        As `mean`.
    """
    return spread_of(sample, variables, True, **options)


def spread_of(
    sample: Sample, variables: str | Sequence[str], root: bool, **options: Unpack[Options]
) -> Estimates:
    """Variances or standard deviations."""
    names = listed(variables)
    ground = find_ground(sample, names, **options)
    values = centred(ground, numbers(ground, names))
    n = ground.n[:, None].astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        bessel = n / (n - 1)
    columns = np.column_stack([np.ones(len(values)), values, values**2])
    solved = solve(ground, columns, Variances(bessel, root))
    statistic = "standard deviation" if root else "variance"
    return records(ground, statistic, [(name, "") for name in names], solved)


def centred(ground: Ground, values: np.ndarray) -> np.ndarray:
    """Values less their group's weighted mean, so that sums of squares lose no digits."""
    mean = group_sums(ground.code, ground.count, values, ground.weights)
    return values - (mean / ground.weighted_n[:, None])[ground.code]


def correlation(
    sample: Sample,
    variables: Sequence[str],
    *,
    interval: Literal["fisher", "t"] = "fisher",
    **options: Unpack[Options],
) -> Estimates:
    """Weighted correlations of all pairs with linearised or replicate standard errors.

    Parameters
    ----------
    sample : Sample
    variables : sequence of str
        At least two; those who answered all are counted.
    interval : {"fisher", "t"}
        "fisher" takes the delta method on Fisher's z, which keeps limits within -1 and 1; "t" is
        r -/+ t se, as R's `svycontrast` of `svyvar` gives.
    **options
        As `mean`.

    Returns
    -------
    Estimates
        A row a pair: `variable` and `level` name it. `correlation_matrix` lays them out,
        `tests` gives t and p.

    Raises
    ------
    ScslabError
        A variable that is the same for all, fewer than two variables, and as `mean`.

    Examples
    --------
    >>> from scslab.analysis.estimate.examples import three_classes
    >>> round(correlation(three_classes(), ["score", "hours"]).rows[0].value, 4)
    0.0
    """
    names = listed(variables)
    if len(names) < 2 or interval not in ("fisher", "t"):
        raise ScslabError(
            "a correlation needs two variables or more, and an interval that is known",
            got=f'{quoted_all(names)}; interval "{interval}"',
            expected='interval "fisher" or "t"',
        )
    ground = find_ground(sample, names, **options)
    values = numbers(ground, names)
    check_varies(ground, names, values)
    values = centred(ground, values)
    off = tuple(combinations(range(len(names)), 2))
    pairs = (*((k, k) for k in range(len(names))), *off)
    products = np.column_stack([values[:, a] * values[:, b] for a, b in pairs])
    columns = np.column_stack([np.ones(len(values)), values, products])
    solved = solve(ground, columns, Correlations(len(names), pairs))
    limits = None
    if interval == "fisher":
        with np.errstate(divide="ignore", invalid="ignore"):
            z = np.arctanh(np.clip(solved.values, -1, 1))
            half = np.sqrt(np.maximum(solved.variance, 0.0)) / (1 - solved.values**2)
        half = half * t_quantile(0.5 + ground.confidence / 2, ground.df)[:, None]
        limits = np.tanh(z - half), np.tanh(z + half)
    return records(
        ground,
        "correlation",
        [(names[a], names[b]) for a, b in off],
        solved,
        interval=limits,
        method="Fisher's z with t" if interval == "fisher" else "t with design degrees of freedom",
    )


def check_varies(ground: Ground, names: Sequence[str], values: np.ndarray) -> None:
    """Every variable differs between some respondents of every group.

    Raises
    ------
    ScslabError
        One does not.
    """
    order = np.argsort(ground.code, kind="stable")
    starts = np.searchsorted(ground.code[order], np.arange(ground.count))
    sorted_values = values[order]
    same = np.minimum.reduceat(sorted_values, starts) == np.maximum.reduceat(sorted_values, starts)
    if same.any():
        group, at = (int(x[0]) for x in np.nonzero(same))
        inside = ", ".join(f"{v} {c}" for v, c in ground.groups[group])
        raise ScslabError(
            f'"{names[at]}" is the same for all, so it has no correlation',
            where=inside or ground.sample.answers.source,
            got=f"{sorted_values[starts[group], at]:g} in each of {int(ground.n[group]):,} answers",
        )


def quoted_all(names: Sequence[str]) -> str:
    """Names in a row."""
    return ", ".join(names)


def correlation_matrix(found: Estimates) -> pd.DataFrame:
    """Correlations without groups as a square table with ones on the diagonal.

    Examples
    --------
    >>> from scslab.analysis.estimate.examples import three_classes
    >>> correlation_matrix(correlation(three_classes(), ["score", "hours"])).shape
    (2, 2)
    """
    names = list(dict.fromkeys(name for row in found.rows for name in (row.variable, row.level)))
    table = pd.DataFrame(np.eye(len(names)), index=names, columns=names)
    for row in found.rows:
        table.loc[row.variable, row.level] = table.loc[row.level, row.variable] = row.value
    return table


def tests(found: Estimates, null: float = 0.0) -> tuple[Test, ...]:
    """A t test of each estimate against a value.

    Parameters
    ----------
    found : Estimates
    null : float

    Returns
    -------
    tuple of Test
        t, the row's degrees of freedom (in `df`; `ddf` is the same) and the two-sided p.

    Examples
    --------
    >>> from scslab.analysis.estimate.means import mean
    >>> from scslab.analysis.estimate.examples import three_classes
    >>> test = tests(mean(three_classes(), "score"), null=5)[0]
    >>> test.statistic, test.p
    (0.0, 1.0)
    """
    made = []
    for row in found.rows:
        with np.errstate(divide="ignore", invalid="ignore"):
            t = float(np.float64(row.value - null) / row.se)
        name = " ".join(word for word in (row.what, row.variable, row.level) if word)
        made.append(Test(name, t, row.df, row.df, float(t_two_sided(t, row.df)), f"null {null:g}"))
    return tuple(made)
