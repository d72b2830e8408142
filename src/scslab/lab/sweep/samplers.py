"""Samplers: which values each case has. Cases depend on the sweep alone, not on the machine.

Positions lie between 0 and 1 (see `core.sweep.value_at`); NaN leaves a value as in the study.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from scipy.stats import qmc

from scslab.core.draws import decision, units, word_of
from scslab.core.errors import ScslabError, near
from scslab.core.sweep import Factor, share_of, value_at
from scslab.core.yamlfile import Document
from scslab.lab.sweep.problems import MORRIS_LEVELS, by_salib
from scslab.study.sweep import MOST_CASES, Sampler

BITS = 30  # of a Sobol point


@dataclass(frozen=True)
class Design:
    """The cases of a sweep as positions, and how they were chosen.

    Attributes
    ----------
    factors : tuple of Factor
        The k factors.
    method : str
    positions : f8[n, k]
        From 0 to 1; NaN where a value is as in the study.
    base, levels : int
        Of saltelli and morris; 0 otherwise.
    second_order : bool
    groups : tuple of str
        The group of each factor; empty without groups.
    seed : int
    """

    factors: tuple[Factor, ...]
    method: str
    positions: np.ndarray
    base: int = 0
    levels: int = 0
    second_order: bool = False
    groups: tuple[str, ...] = ()
    seed: int = 1

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return len(self.positions)


def make_design(
    factors: Sequence[Factor],
    sampler: Sampler,
    seed: int,
    groups: Sequence[str] = (),
    document: Document | None = None,
) -> Design:
    """Choose the cases of a sweep.

    Parameters
    ----------
    factors : sequence of Factor
    sampler : Sampler
        As in the sweep file.
    seed : int
        Luck of the samplers that draw.
    groups : sequence of str
        The group of each factor, for saltelli and morris.
    document : Document, optional
        Of the sweep file, for messages.

    Raises
    ------
    ScslabError
        Too many cases, a point that names no factor, or SALib is needed and not there.
    """
    method = sampler.method
    check_count(len(factors), sampler, factors, groups, document)
    if method == "list":
        return Design(tuple(factors), method, listed(factors, sampler, document), seed=seed)
    if method in ("saltelli", "morris"):
        found = by_salib([f.name for f in factors], sampler, seed, groups)
        base = (sampler.base if method == "saltelli" else sampler.trajectories) or 1
        levels = sampler.levels or MORRIS_LEVELS
        pairs = sampler.second_order
        return Design(tuple(factors), method, found, base, levels, pairs, tuple(groups), seed)
    if method == "one-at-a-time":
        found = one_at_a_time(factors, sampler.levels or 2)
    elif method == "factorial":
        found = factorial(factors, sampler.levels or 2)
    else:
        assert sampler.cases is not None  # checked with the file
        found = (latin if method == "lhs" else sobol)(factors, sampler.cases, seed)
    return Design(tuple(factors), method, found, levels=sampler.levels or 2, seed=seed)


def count_cases(factors: Sequence[Factor], sampler: Sampler, groups: Sequence[str] = ()) -> int:
    """How many cases a sampler makes."""
    moving = len(set(groups)) or len(factors)
    match sampler.method:
        case "lhs" | "sobol":
            return sampler.cases or 0
        case "saltelli":
            return (sampler.base or 0) * (2 * moving + 2 if sampler.second_order else moving + 2)
        case "morris":
            return (sampler.trajectories or 0) * (moving + 1)
        case "list":
            return len(sampler.points or ())
    levels = [level_count(f, sampler.levels or 2) for f in factors]
    return math.prod(levels) if sampler.method == "factorial" else 1 + sum(levels)


def check_count(
    number: int,
    sampler: Sampler,
    factors: Sequence[Factor],
    groups: Sequence[str],
    document: Document | None,
) -> None:
    """Refuse what nobody can run."""
    cases = count_cases(factors, sampler, groups)
    if cases > MOST_CASES:
        raise ScslabError(
            "this sweep has too many cases",
            where=document.where(("sampler",)) if document else "",
            got=f"{cases:,} cases of {number} factors" if cases < 10**12 else f"{number} factors",
            expected=f"at most {MOST_CASES:,}",
            hint="fewer factors or levels" if sampler.method == "factorial" else "fewer cases",
        )


def level_count(factor: Factor, levels: int) -> int:
    """How many values a factor takes where ranges are cut into levels."""
    if factor.levels is not None:
        return len(factor.levels)
    return min(levels, int(factor.high - factor.low) + 1) if factor.whole else levels


def level_positions(factor: Factor, levels: int) -> list[float]:
    """The positions of a factor's levels: evenly from end to end."""
    count = level_count(factor, levels)
    if factor.levels is not None:
        return [(i + 0.5) / count for i in range(count)]
    return [i / (count - 1) for i in range(count)]


def latin(factors: Sequence[Factor], cases: int, seed: int) -> np.ndarray:
    """A Latin hypercube, f8[cases, factors]: each range cut into as many parts, one case in each.

    The luck of a factor hangs on its name, so a factor more leaves the others as they are.
    McKay, Beckman and Conover (1979), Technometrics 21(2).
    """
    rows = np.arange(cases, dtype=np.uint64)
    found = np.empty((cases, len(factors)))
    for j, factor in enumerate(factors):
        word = word_of(decision(f"seed {seed}"), f"sweep lhs {factor.name}")
        order = np.argsort(units(word, rows), kind="stable")
        within = units(word_of(word, "within"), rows)
        found[order, j] = (np.arange(cases) + within) / cases
    return found


def sobol(factors: Sequence[Factor], cases: int, seed: int) -> np.ndarray:
    """Points of a Sobol sequence with a digital shift, f8[cases, factors].

    The shift (exclusive or with random bits, one number for each factor) keeps the evenness of the
    points and takes them off 0. Owen (2003), Quasi-Monte Carlo sampling, section 3.
    """
    points = qmc.Sobol(len(factors), scramble=False, bits=BITS).random(cases)
    word = word_of(decision(f"seed {seed}"), "sweep sobol shift")
    shifts = units(word, np.arange(len(factors), dtype=np.uint64)) * (1 << BITS)
    digits = (points * (1 << BITS)).astype(np.int64) ^ shifts.astype(np.int64)
    return (digits + 0.5) / (1 << BITS)


def factorial(factors: Sequence[Factor], levels: int) -> np.ndarray:
    """All combinations of levels, f8[cases, factors]; the last factor moves first."""
    return np.array(list(product(*(level_positions(f, levels) for f in factors))))


def one_at_a_time(factors: Sequence[Factor], levels: int) -> np.ndarray:
    """The study as it is, then each factor at each of its levels, f8[cases, factors]."""
    rows = [np.full(len(factors), np.nan)]
    for j, factor in enumerate(factors):
        for position in level_positions(factor, levels):
            rows.append(np.full(len(factors), np.nan))
            rows[-1][j] = position
    return np.array(rows)


def listed(factors: Sequence[Factor], sampler: Sampler, document: Document | None) -> np.ndarray:
    """The cases of a list, f8[cases, factors]; a value of its own becomes the nearest position."""
    names = [f.name for f in factors]
    found = np.full((len(sampler.points or ()), len(factors)), np.nan)
    for i, point in enumerate(sampler.points or ()):
        for name, value in point.items():
            where = document.where(("sampler", "points", i, name)) if document else ""
            if name not in names:
                raise ScslabError(f'no factor "{name}"', where=where, hint=near(name, names))
            found[i, names.index(name)] = position_of(factors[names.index(name)], value, where)
    return found


def position_of(factor: Factor, value: Any, where: str) -> float:
    """The position of a value within the range or the levels of a factor."""
    value = tuple(value) if isinstance(value, list) else value
    if factor.levels is not None:
        same = [
            v
            for v in factor.levels
            if v == value and isinstance(v, bool) == isinstance(value, bool)
        ]
        if same:
            return share_of(factor, same[0])
        expected = ", ".join(str(v).lower() for v in factor.levels[:8])
    elif isinstance(value, int | float) and not isinstance(value, bool):
        if factor.low <= value <= factor.high and (not factor.whole or value == int(value)):
            return share_of(factor, value)
        expected = (
            f"{'a whole number from ' if factor.whole else ''}{factor.low:g} to {factor.high:g}"
        )
    else:
        expected = f"a number from {factor.low:g} to {factor.high:g}"
    raise ScslabError(
        f'"{factor.name}" does not take this value',
        where=where,
        got=str(value).lower(),
        expected=expected,
    )


def values_of(design: Design, row: int) -> list[Any]:
    """The values of one case by factor; None where the study's own stands."""
    positions = design.positions[row]
    return [
        None if np.isnan(p) else value_at(f, float(p))
        for f, p in zip(design.factors, positions, strict=True)
    ]
