"""What is to be fitted: parameters with ranges, targets with errors, and the simulator between."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from scslab.core.errors import ScslabError
from scslab.core.ledger import fingerprint

Kind = Literal["equal", "at least", "at most"]
KINDS: tuple[Kind, ...] = ("equal", "at least", "at most")
# Values are rounded before they are tried, so that those in the file are those that were tried.
DECIMALS = 4
FINEST = 1000  # a range has at least so many steps


@dataclass(frozen=True, eq=False)
class Problem:
    """Parameters within ranges, and the targets that simulated moments are brought to.

    Attributes
    ----------
    names : tuple of str
        Paths of the k parameters.
    start, low, high : f8[k]
        Where each starts, and its range.
    targets : tuple of str
        Names of the m targets; also the order of the moments.
    printed, errors : f8[m]
        Each printed value and its standard error, sampling and rounding together.
    moments : callable
        f8[k] -> f8[m], with common random numbers: the same values always give the same moments.
        It is called from several threads. A moment that is not finite says that these values are
        not allowed (cuts that do not rise, a model that cannot be fitted); they are then avoided.
    kinds : tuple of str
        "equal" (all, if left out), "at least" or "at most": a target met on one side, such as a
        z value of at least 3 for an effect of which only the sign and the stars are printed.
    about : str
        Fingerprint of all else that decides the moments: study, wave, seed, persons, version.
    prior : float
        Standard deviation, in widths of the range, with which each value is held to its start;
        too weak to matter where targets speak, it decides where they are silent.
    """

    names: tuple[str, ...]
    start: np.ndarray
    low: np.ndarray
    high: np.ndarray
    targets: tuple[str, ...]
    printed: np.ndarray
    errors: np.ndarray
    moments: Callable[[np.ndarray], np.ndarray]
    kinds: tuple[Kind, ...] = ()
    about: str = ""
    prior: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what cannot be fitted."""
        for name in ("start", "low", "high", "printed", "errors"):
            object.__setattr__(self, name, np.array(getattr(self, name), dtype=float))
        if not self.kinds:
            object.__setattr__(self, "kinds", ("equal",) * len(self.targets))
        check_sizes(self)
        check_parameters(self)
        check_targets(self)

    @cached_property
    def width(self) -> np.ndarray:
        """Width of each range, f8[k]."""
        return self.high - self.low

    @cached_property
    def decimals(self) -> tuple[int, ...]:
        """Decimals to which each value is rounded: 4, more where the range is narrow."""
        return tuple(max(DECIMALS, math.ceil(-math.log10(w / FINEST) - 1e-9)) for w in self.width)

    @cached_property
    def sides(self) -> np.ndarray:
        """What counts as off: 0 both sides (equal), -1 below (at least), 1 above (at most), i8."""
        return np.array([{"equal": 0, "at least": -1, "at most": 1}[k] for k in self.kinds])

    @property
    def mark(self) -> str:
        """Fingerprint of all that decides the moments; ranges, starts and printed values do not."""
        parts = {"names": self.names, "targets": self.targets, "about": self.about}
        return fingerprint(parts)

    def rounded(self, values: np.ndarray) -> np.ndarray:
        """Values within their ranges, as they are tried and written, f8[k]."""
        near = [round(float(v), d) for v, d in zip(values, self.decimals, strict=True)]
        return np.clip(near, self.low, self.high) + 0.0

    def share(self, values: np.ndarray) -> np.ndarray:
        """Values as shares of their ranges, f8[k]."""
        return (values - self.low) / self.width

    def at(self, shares: np.ndarray) -> np.ndarray:
        """The rounded values at these shares of their ranges, f8[k]."""
        return self.rounded(self.low + shares * self.width)

    def scores(self, moments: np.ndarray) -> np.ndarray:
        """How far moments lie from the targets, in standard errors, f8[m]."""
        return (moments - self.printed) / self.errors


def off(scores: np.ndarray, sides: np.ndarray) -> np.ndarray:
    """What counts of a distance: nothing on the good side of a one-sided target, f8[m].

    Examples
    --------
    >>> off(np.array([-2.0, -2.0, 2.0]), np.array([0, -1, -1])).tolist()
    [-2.0, -2.0, 0.0]
    """
    return np.where(counts(scores, sides), scores, 0.0)


def counts(scores: np.ndarray, sides: np.ndarray) -> np.ndarray:
    """Which targets are missed, or have two sides, bool[m]."""
    return (sides == 0) | (scores * sides > 0)


def check_sizes(problem: Problem) -> None:
    """As many starts and ranges as names, as many printed values as targets."""
    k, m = len(problem.names), len(problem.targets)
    if not k:
        raise ScslabError(
            "there is nothing to fit", expected="at least one value with a range (between: ...)"
        )
    if not m:
        raise ScslabError(
            "there is nothing to fit to", expected="at least one finding marked for calibration"
        )
    sizes = {"start": k, "low": k, "high": k, "printed": m, "errors": m, "kinds": m}
    for name, size in sizes.items():
        if len(getattr(problem, name)) != size:
            got = len(getattr(problem, name))
            raise ScslabError(f"{name} has the wrong length", got=got, expected=str(size))
    for names in (problem.names, problem.targets):
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ScslabError("a name is there twice", where=twice)


def check_parameters(problem: Problem) -> None:
    """Every range has a width, and every start lies within it."""
    rows = zip(problem.names, problem.start, problem.low, problem.high, strict=True)
    for name, start, low, high in rows:
        if not (math.isfinite(low) and math.isfinite(high) and low < high):
            raise ScslabError(
                "a value to be fitted needs a range with a width",
                where=name,
                got=f"{low:g} to {high:g}",
                expected="between: [low, high]",
            )
        if not low <= start <= high:
            raise ScslabError(
                "the value lies outside its range",
                where=name,
                got=f"{start:g}",
                expected=f"{low:g} to {high:g}",
            )


def check_targets(problem: Problem) -> None:
    """Every target has a finite printed value, a positive error and a known kind."""
    rows = zip(problem.targets, problem.printed, problem.errors, problem.kinds, strict=True)
    for name, printed, error, kind in rows:
        if not math.isfinite(printed):
            raise ScslabError("a target needs a printed value", where=name, got=printed)
        if not (math.isfinite(error) and error > 0):
            raise ScslabError(
                "a target needs a standard error above 0",
                where=name,
                got=f"{error:g}",
                hint="at least half a unit of the last printed digit",
            )
        if kind not in KINDS:
            raise ScslabError("unknown kind of target", where=name, got=kind, expected=str(KINDS))
