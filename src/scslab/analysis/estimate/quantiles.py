"""Quantiles under a design, with Woodruff's intervals, as R `survey` 4.1 has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, Unpack, get_args

import numpy as np

from scslab.analysis.distributions import t_quantile
from scslab.analysis.estimate.ground import Ground, Options, find_ground
from scslab.analysis.estimate.intervals import share_interval
from scslab.analysis.estimate.means import Means, listed, numbers
from scslab.analysis.estimate.qrules import RULES, QRule, quantile_of
from scslab.analysis.estimate.records import Estimates
from scslab.analysis.estimate.smooth import Solved, from_replicates, records, solve
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError

QuantileInterval = Literal["mean", "beta", "xlogit", "asin", "replicates"]
INTERVALS: tuple[str, ...] = get_args(QuantileInterval)
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "mean": "Woodruff's, from t limits of the share",
        "beta": "Woodruff's, from beta limits of the share",
        "xlogit": "Woodruff's, from logit limits of the share",
        "asin": "Woodruff's, from arcsine limits of the share",
        "replicates": "t, from quantiles under replicate weights",
    }
)
SHARE_METHOD: dict[str, Literal["mean", "beta", "xlogit", "asin"]] = {
    "mean": "mean",
    "beta": "beta",
    "xlogit": "xlogit",
    "asin": "asin",
}


def quantile(
    sample: Sample,
    variables: str | Sequence[str],
    probabilities: float | Sequence[float] = 0.5,
    *,
    qrule: QRule = "math",
    interval: QuantileInterval = "mean",
    **options: Unpack[Options],
) -> Estimates:
    """Quantiles with the rules and intervals of `svyquantile` in R `survey` 4.1.

    Parameters
    ----------
    sample, variables, **options
        As `mean`.
    probabilities : float or sequence of float
        Between 0 and 1.
    qrule : str
        "math" (default), "school" (the mean of two middle values), "shahvaish" or "hf1" to "hf9"
        (Hyndman and Fan 1996, with weights): see `estimate.qrules`.
    interval : str
        Woodruff's (1952): limits of the share of answers up to the quantile, turned back into
        quantiles. "mean" (default), "beta", "xlogit" and "asin" are kinds of limits of that share.
        A limit outside 0 to 1 has no quantile and stays unknown. "replicates" takes quantiles
        under all replicate weights (R's `interval.type = "quantile"`); not sound for jackknives.

    Returns
    -------
    Estimates
        `level` is the probability. The standard error is the interval's length over 2 t, as R's.

    Raises
    ------
    ScslabError
        A probability outside 0 to 1, an unknown rule or interval, "replicates" without replicate
        weights, and as `mean`.

    Examples
    --------
    >>> from scslab.analysis.estimate.examples import three_classes
    >>> quantile(three_classes(), "score", [0.25, 0.5], qrule="school").values.tolist()
    [3.0, 5.0]
    """
    p = np.atleast_1d(np.asarray(probabilities, dtype=float))
    if not ((p >= 0) & (p <= 1)).all():
        raise ScslabError(
            "a quantile's probability lies between 0 and 1",
            got=", ".join(f"{x:g}" for x in p),
            hint="0.9 for the ninetieth percentile",
        )
    for what, got, known in (("rule", qrule, RULES), ("interval", interval, INTERVALS)):
        if got not in known:
            raise ScslabError(f"unknown {what} of quantiles", got=got, expected=", ".join(known))
    options.setdefault("df", "group")
    names = listed(variables)
    ground = find_ground(sample, names, **options)
    answers = numbers(ground, names)
    values, variances, lows, highs, notes = [], [], [], [], []
    for column in answers.T:
        found, low, high = one_quantile(ground, column, p, qrule, interval)
        values.append(found.values)
        variances.append(found.variance)
        lows.append(low)
        highs.append(high)
        notes += [note for note in found.notes if note not in notes]
    joined = Solved(np.hstack(values), np.hstack(variances), None)
    return records(
        ground,
        "quantile",
        [(name, f"{x:g}") for name in names for x in p],
        joined,
        interval=(np.hstack(lows), np.hstack(highs)),
        method=WORDS[interval],
        notes=notes,
    )


def median(sample: Sample, variables: str | Sequence[str], **options: Unpack[Options]) -> Estimates:
    """Medians: `quantile` at 0.5 with R's default rule and interval.

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
    >>> median(three_classes(), "score").values.tolist()
    [5.0]
    """
    return quantile(sample, variables, 0.5, **options)


def one_quantile(
    ground: Ground, column: np.ndarray, p: np.ndarray, qrule: QRule, interval: QuantileInterval
) -> tuple[Solved, np.ndarray, np.ndarray]:
    """Quantiles of one variable in each group with their limits, f8[groups, probabilities]."""
    order = np.lexsort((column, ground.code))
    ends = np.searchsorted(ground.code[order], np.arange(ground.count + 1))
    parts = [order[a:b] for a, b in zip(ends[:-1], ends[1:], strict=True)]

    def at(weights: np.ndarray, wanted: np.ndarray) -> np.ndarray:
        return np.stack(
            [
                quantile_of(column[part], weights[part], wanted[g], qrule)
                for g, part in enumerate(parts)
            ]
        )

    wanted = np.broadcast_to(p, (ground.count, len(p)))
    values = at(ground.weights, wanted)
    t = t_quantile(0.5 + ground.confidence / 2, ground.df)[:, None]
    if interval == "replicates":
        solved = by_refits(ground, values, wanted, at)
        half = t * np.sqrt(solved.variance)
        return solved, values - half, values + half
    below = (column[:, None] <= values[ground.code]).astype(float)
    shares = solve(ground, np.column_stack([np.ones(len(column)), below]), Means())
    low, high = share_interval(
        shares.values,
        np.sqrt(shares.variance),
        ground.n[:, None],
        ground.df[:, None],
        ground.confidence,
        SHARE_METHOD[interval],
    )
    flat = (shares.values >= 1) & (interval != "mean")  # as R, which has no limits of 1 then
    low = np.where((low < -1e-12) | flat, np.nan, np.maximum(low, 0.0))
    high = np.where((high > 1 + 1e-12) | flat, np.nan, np.minimum(high, 1.0))
    lower, upper = at(ground.weights, low), at(ground.weights, high)
    solved = Solved(values, ((upper - lower) / (2 * t)) ** 2, None, shares.notes)
    return solved, lower, upper


def by_refits(
    ground: Ground,
    values: np.ndarray,
    wanted: np.ndarray,
    at: Callable[[np.ndarray, np.ndarray], np.ndarray],
) -> Solved:
    """Variances of quantiles from those under each set of replicate weights.

    Raises
    ------
    ScslabError
        The design has none.
    """
    replicates = ground.design.replicates
    if replicates is None:
        raise ScslabError(
            'the interval "replicates" needs replicate weights', hint='interval="mean"'
        )
    weights = replicates.weights[ground.rows]
    found = np.stack([at(weights[:, r], wanted) for r in range(weights.shape[1])])
    return from_replicates(replicates, values, found)
