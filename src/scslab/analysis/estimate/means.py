"""Means, totals, ratios, and numbers of respondents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack

import numpy as np

from scslab.analysis.estimate.ground import Ground, Options, find_ground
from scslab.analysis.estimate.records import Estimates
from scslab.analysis.estimate.smooth import Solved, design_effect, group_sums, records, solve
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError


@dataclass(frozen=True)
class Means:
    """Sums over the first sum, which is that of the weights."""

    def values(self, sums: np.ndarray) -> np.ndarray:
        """Means of the columns after the first."""
        return sums[:, 1:] / sums[:, :1]

    def gradient(self, sums: np.ndarray) -> np.ndarray:
        """1 / N by their own sum, -mean / N by the weights'."""
        k = sums.shape[1] - 1
        found = np.zeros((len(sums), k, k + 1))
        found[:, :, 0] = -sums[:, 1:] / sums[:, :1] ** 2
        found[:, np.arange(k), np.arange(k) + 1] = 1 / sums[:, :1]
        return found


@dataclass(frozen=True)
class Totals:
    """The sums themselves."""

    def values(self, sums: np.ndarray) -> np.ndarray:
        """The sums."""
        return sums

    def gradient(self, sums: np.ndarray) -> np.ndarray:
        """One by their own sum."""
        return np.broadcast_to(np.eye(sums.shape[1]), (len(sums), *(2 * (sums.shape[1],))))


@dataclass(frozen=True)
class Ratios:
    """The first sum over the second."""

    def values(self, sums: np.ndarray) -> np.ndarray:
        """The ratio."""
        return sums[:, :1] / sums[:, 1:2]

    def gradient(self, sums: np.ndarray) -> np.ndarray:
        """1 / X by the first sum, -Y / X^2 by the second."""
        y, x = sums[:, 0], sums[:, 1]
        return np.stack([1 / x, -y / x**2], axis=1)[:, None, :]


def mean(sample: Sample, variables: str | Sequence[str], **options: Unpack[Options]) -> Estimates:
    """Means under the design (R's `svymean`, with `by` its `svyby`).

    Parameters
    ----------
    sample : Sample
    variables : str or sequence of str
        Variables of numbers. Of several, only those who answered all are counted, as in R.
    **options
        `by`, `where`, `confidence`, `deff`, `df`, `many`: see `estimate.ground.Options`.

    Raises
    ------
    ScslabError
        A variable of text, no answers, nobody in the domain, too many groups, or a stratum with
        one cluster.

    Examples
    --------
    >>> from scslab.analysis.estimate.examples import three_classes
    >>> found = mean(three_classes(), "score")
    >>> [round(x, 4) for x in (found.rows[0].value, found.rows[0].se, found.rows[0].df)]
    [5.0, 1.1547, 2.0]
    """
    names = listed(variables)
    ground = find_ground(sample, names, **options)
    values = numbers(ground, names)
    solved = solve(ground, np.column_stack([np.ones(len(values)), values]), Means())
    deff = design_effect(ground, solved.variance, row_variance(ground, values))
    return records(ground, "mean", [(name, "") for name in names], solved, deff=deff)


def total(sample: Sample, variables: str | Sequence[str], **options: Unpack[Options]) -> Estimates:
    """Totals of the population under the design (R's `svytotal`).

    Those without an answer add nothing, so a total says too little where answers are missing; the
    notes count them.

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
    >>> round(total(three_classes(), "score").rows[0].value, 4)
    60.0
    """
    names = listed(variables)
    ground = find_ground(sample, names, **options)
    values = numbers(ground, names)
    solved = solve(ground, values, Totals())
    deff = design_effect(ground, solved.variance, row_variance(ground, values), total=True)
    return records(ground, "total", [(name, "") for name in names], solved, deff=deff)


def ratio(
    sample: Sample, numerator: str, denominator: str, **options: Unpack[Options]
) -> Estimates:
    """Ratio of two totals (R's `svyratio`).

    Parameters
    ----------
    sample : Sample
    numerator, denominator : str
        Variables of numbers; those who answered both are counted.
    **options
        As `mean`.

    Raises
    ------
    ScslabError
        As `mean`, and where the denominator adds up to 0.

    Examples
    --------
    >>> from scslab.analysis.estimate.examples import three_classes
    >>> round(ratio(three_classes(), "score", "hours").rows[0].value, 4)
    2.5
    """
    names = [numerator, denominator]
    ground = find_ground(sample, names, **options)
    values = numbers(ground, names)
    size = group_sums(ground.code, ground.count, values[:, 1:], ground.weights)
    if (size == 0).any():
        raise ScslabError(
            f'"{denominator}" adds up to 0, so nothing can be divided by it',
            where=sample.answers.source,
        )
    solved = solve(ground, values, Ratios())
    rest = values[:, :1] - solved.values[ground.code] * values[:, 1:]
    of_row = row_variance(ground, rest / size[ground.code])
    deff = design_effect(ground, solved.variance, of_row, total=True)
    return records(ground, "ratio", [(numerator, denominator)], solved, deff=deff)


def weighted_n(sample: Sample, **options: Unpack[Options]) -> Estimates:
    """Weighted numbers of respondents with their standard errors, and the unweighted n.

    Parameters
    ----------
    sample, **options
        As `mean`.

    Raises
    ------
    ScslabError
        Nobody in the domain, or too many groups.

    Examples
    --------
    >>> from scslab.analysis.estimate.examples import three_classes
    >>> [(row.groups[0][1], row.n, row.value) for row in weighted_n(three_classes(), by="sex").rows]
    [('man', 3, 6.0), ('woman', 3, 6.0)]
    """
    ground = find_ground(sample, [], **options)
    solved: Solved = solve(ground, np.ones((len(ground.rows), 1)), Totals())
    return records(ground, "weighted n", [("", "")], solved)


def listed(variables: str | Sequence[str]) -> list[str]:
    """One name or several, as a list.

    Raises
    ------
    ScslabError
        None, or one twice.
    """
    names = [variables] if isinstance(variables, str) else list(variables)
    if not names or len(set(names)) < len(names):
        raise ScslabError(
            "name each variable once", got=", ".join(names) or "no variable", expected="variables"
        )
    return names


def numbers(ground: Ground, names: Sequence[str]) -> np.ndarray:
    """Answers of the counted rows, f8[m, k].

    Raises
    ------
    ScslabError
        A variable is not of numbers.
    """
    answers = ground.sample.answers
    for name in names:
        kind = answers.variable(name).kind
        if kind != "number":
            raise ScslabError(
                f'"{name}" is {kind}, not a number',
                where=answers.source,
                expected="a variable of numbers",
                hint=f'share(sample, "{name}") gives the share of each answer',
            )
    return np.column_stack([ground.sample.number(name)[ground.rows] for name in names])


def row_variance(ground: Ground, values: np.ndarray) -> np.ndarray:
    """Variance of one answer in each group (f8[groups, k]), as R's `svyvar`."""
    if ground.deff == "none":
        return np.full((ground.count, values.shape[1]), np.nan)
    centre = group_sums(ground.code, ground.count, values, ground.weights)
    centre /= ground.weighted_n[:, None]
    squares = (values - centre[ground.code]) ** 2
    found = group_sums(ground.code, ground.count, squares, ground.weights)
    n = ground.n[:, None].astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return found / ground.weighted_n[:, None] * n / (n - 1)
