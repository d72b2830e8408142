"""The rules by which R `survey` 4.1 reads a quantile from weighted values (`svyquantile`, qrule).

`math` and `hf1` invert the distribution function; `school` and `hf2` take the mean of two values
where it is flat; `hf3` prefers the even of two; `hf4` to `hf9` are Hyndman and Fan's (1996)
interpolations with weights; `shahvaish` is Shah and Vaish's (2006).
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

QRule = Literal[
    "math",
    "school",
    "shahvaish",
    "hf1",
    "hf2",
    "hf3",
    "hf4",
    "hf5",
    "hf6",
    "hf7",
    "hf8",
    "hf9",
]
RULES: tuple[str, ...] = get_args(QRule)


def quantile_of(
    values: np.ndarray, weights: np.ndarray, p: np.ndarray, qrule: QRule = "math"
) -> np.ndarray:
    """Quantiles of sorted values.

    Parameters
    ----------
    values : f8[m]
        In rising order.
    weights : f8[m]
        Those of 0 are left out.
    p : f8[k]
        Probabilities; NaN gives NaN.
    qrule : str

    Returns
    -------
    f8[k]
        NaN where there are no values. As in R, a probability below the first value's share gives
        the second value under "math" and "school" and its kin.

    Examples
    --------
    >>> quantile_of(np.arange(4.0), np.ones(4), np.array([0.5]), "school").tolist()
    [1.5]
    """
    kept = weights > 0
    if not kept.all():
        values, weights = values[kept], weights[kept]
    if len(values) == 0:
        return np.full(len(p), np.nan)
    wanted = np.where(np.isnan(p), 0.5, p)
    if qrule in ("math", "school", "hf1", "hf2", "hf3", "hf4"):
        found = by_steps(values, weights, wanted, qrule)
    elif qrule == "shahvaish":
        found = by_shah_and_vaish(values, weights, wanted)
    else:
        found = by_lines(values, weights, wanted, qrule)
    return np.where(np.isnan(p), np.nan, found)


def by_steps(values: np.ndarray, weights: np.ndarray, p: np.ndarray, qrule: str) -> np.ndarray:
    """Rules that look at the values on both sides of the probability."""
    if qrule == "hf3":
        first = np.flatnonzero(np.append(True, values[1:] != values[:-1]))
        values, weights = values[first], np.add.reduceat(weights, first)
    # Where p falls on a sum to the last digit, R takes whichever side its rounding gives: weights
    # kept as probabilities, summed in extended precision, compared exactly. So does this.
    sums = np.cumsum(1 / (1 / weights), dtype=np.longdouble).astype(float)
    whole = sums[-1]
    low = np.maximum(np.searchsorted(sums, p * whole, side="right") - 1, 0)
    high = np.minimum(low + 1, len(values) - 1)
    flat = p - sums[low] / whole == 0
    if qrule in ("math", "hf1"):
        return np.where(flat, values[low], values[high])
    if qrule in ("school", "hf2"):
        return np.where(flat, (values[low] + values[high]) / 2, values[high])
    if qrule == "hf3":
        return np.where(flat & (low % 2 == 1), values[low], values[high])
    below, above = p - sums[low] / whole, sums[high] / whole - p
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(below + above == 0, 0.0, below / (below + above))
    return values[low] * (1 - part) + values[high] * part


def by_lines(values: np.ndarray, weights: np.ndarray, p: np.ndarray, qrule: str) -> np.ndarray:
    """Rules that draw straight lines between points of the distribution function."""
    sums, last = np.cumsum(weights), weights[-1]
    before = np.append(0.0, sums[:-1])
    if len(values) == 1:
        return np.full(len(p), values[0])
    points = {
        "hf5": lambda: (sums - weights / 2) / sums[-1],
        "hf6": lambda: sums / (sums[-1] + last),
        "hf7": lambda: before / sums[-2],
        "hf8": lambda: (before / 3 + sums * 2 / 3) / (sums[-1] + last / 3),
        "hf9": lambda: (before * 3 / 8 + sums * 5 / 8) / (sums[-1] + last / 4),
    }[qrule]()
    return np.interp(p, points, values)


def by_shah_and_vaish(values: np.ndarray, weights: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Shah and Vaish's steps, with R's half weight that is not scaled."""
    n = len(values)
    points = (np.cumsum(weights / weights.mean()) + 0.5 - weights / 2) / (n + 1)
    order = np.argsort(points, kind="stable")
    at = np.searchsorted(points[order], p, side="right") - 1
    return values[order][np.clip(at, 0, n - 1)]
