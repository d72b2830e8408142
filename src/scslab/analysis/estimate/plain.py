"""Shares of a weighted list of answers, without a design: what simulated surveys are told by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scslab.analysis.distributions import Z_95


@dataclass(frozen=True)
class Share:
    """A weighted share with its precision."""

    value: float
    standard_error: float
    low: float
    high: float
    n: int
    deff: float


def weighted_share(yes: np.ndarray, weights: np.ndarray) -> Share:
    """Share of a weighted sample, linearised as if drawn with replacement.

    The variance is that of R `survey` for `svydesign(ids = ~1, weights = ~w)`:
    n / (n - 1) times the sum of squared weighted residuals (Lumley 2010, chapter 2). The design
    effect is Kish's, 1 + CV(w)^2.

    Examples
    --------
    >>> s = weighted_share(np.array([1, 1, 0, 1]), np.array([1.0, 1.0, 1.0, 1.0]))
    >>> s.value, round(s.standard_error, 6), s.deff
    (0.75, 0.25, 1.0)
    """
    n = len(yes)
    total = weights.sum()
    value = float((weights * yes).sum() / total)
    residual = weights * (yes - value) / total
    error = float(np.sqrt(n / (n - 1) * (residual**2).sum())) if n > 1 else float("nan")
    return Share(
        value=value,
        standard_error=error,
        low=max(0.0, value - Z_95 * error),
        high=min(1.0, value + Z_95 * error),
        n=n,
        deff=float(n * (weights**2).sum() / total**2),
    )


def wilson(count: int, n: int) -> tuple[float, float]:
    """Wilson's interval of a share at 95 % (Wilson 1927).

    Examples
    --------
    >>> [round(x, 4) for x in wilson(5, 50)]
    [0.0435, 0.2136]
    """
    if n == 0:
        return 0.0, 1.0
    p, z2 = count / n, Z_95**2
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 / (1 + z2 / n) * float(np.sqrt(p * (1 - p) / n + z2 / (4 * n * n)))
    return max(0.0, centre - half), min(1.0, centre + half)
