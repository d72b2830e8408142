"""Links of an ordinal model: P(y <= j) = F(threshold_j - x b).

Names are those of R's `ordinal::clm`. MASS's `polr` calls "cloglog" and "loglog" the same two, but
`survey::svyolr` 4.1 means "loglog" where it says "cloglog" (it uses pgumbel).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

Curve = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Link:
    """A link: `below` is F, `above` is 1 - F without loss of figures, `inverse` is F's inverse.

    `density` is F', `slope` F''. `middle` is where the smaller tail changes side: probabilities
    of categories beyond it are differences of `above`.
    """

    name: str
    below: Curve
    above: Curve
    density: Curve
    slope: Curve
    inverse: Curve
    middle: float = 0.0


def logit_density(x: np.ndarray) -> np.ndarray:
    """F (1 - F)."""
    return special.expit(x) * special.expit(-x)


def logit_slope(x: np.ndarray) -> np.ndarray:
    """F (1 - F) (1 - 2 F)."""
    return logit_density(x) * -np.tanh(x / 2)


def probit_density(x: np.ndarray) -> np.ndarray:
    """The normal density."""
    return np.exp(-0.5 * x * x) / np.sqrt(2 * np.pi)


def probit_slope(x: np.ndarray) -> np.ndarray:
    """-x times the normal density, 0 at infinity."""
    finite = np.where(np.isfinite(x), x, 0.0)
    return -finite * probit_density(x)


def cauchit_below(x: np.ndarray) -> np.ndarray:
    """The Cauchy distribution; its far tail is 1/(pi |x|), which 0.5 + atan/pi would round away."""
    with np.errstate(divide="ignore"):
        tail = np.arctan(1.0 / np.where(x == 0, np.inf, -x)) / np.pi
    return np.where(x < -1, tail, 0.5 + np.arctan(x) / np.pi)


def cauchit_slope(x: np.ndarray) -> np.ndarray:
    """Derivative of the Cauchy density, 0 at infinity."""
    finite = np.where(np.isfinite(x), x, 0.0)
    return np.where(np.isfinite(x), -2 * finite / (np.pi * (1 + finite**2) ** 2), 0.0)


def cloglog_density(x: np.ndarray) -> np.ndarray:
    """exp(x - e^x)."""
    with np.errstate(over="ignore", invalid="ignore"):
        found = np.exp(x - np.exp(x))
    return np.where(np.isfinite(x), found, 0.0)


def cloglog_slope(x: np.ndarray) -> np.ndarray:
    """(1 - e^x) exp(x - e^x)."""
    with np.errstate(over="ignore", invalid="ignore"):
        found = cloglog_density(x) * (1 - np.exp(x))
    return np.where(np.isfinite(found), found, 0.0)


def cloglog_above(x: np.ndarray) -> np.ndarray:
    """exp(-e^x)."""
    with np.errstate(over="ignore"):
        return np.exp(-np.exp(x))


def cloglog_below(x: np.ndarray) -> np.ndarray:
    """1 - exp(-e^x)."""
    with np.errstate(over="ignore"):
        return -np.expm1(-np.exp(x))


LINKS: dict[str, Link] = {
    "logit": Link(
        "logit",
        special.expit,
        lambda x: special.expit(-x),
        logit_density,
        logit_slope,
        special.logit,
    ),
    "probit": Link(
        "probit",
        special.ndtr,
        lambda x: special.ndtr(-x),
        probit_density,
        probit_slope,
        special.ndtri,
    ),
    "cauchit": Link(
        "cauchit",
        cauchit_below,
        lambda x: cauchit_below(-x),
        lambda x: 1 / (np.pi * (1 + x * x)),
        cauchit_slope,
        lambda p: np.tan(np.pi * (p - 0.5)),
    ),
    "cloglog": Link(
        "cloglog",
        cloglog_below,
        cloglog_above,
        cloglog_density,
        cloglog_slope,
        lambda p: np.log(-np.log1p(-p)),
    ),
    "loglog": Link(
        "loglog",
        lambda x: cloglog_above(-x),
        lambda x: cloglog_below(-x),
        lambda x: cloglog_density(-x),
        lambda x: -cloglog_slope(-x),
        lambda p: -np.log(-np.log(p)),
    ),
}
