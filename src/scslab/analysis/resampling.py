"""Bootstrap factors of clusters; luck is addressed, so the same seed gives the same bits.

Draw k of replicate r in stratum h is the word at the address (seed, "bootstrap", h, r n + k),
mixed as in `core.draws`, here for whole arrays at once.
"""

from __future__ import annotations

import numpy as np

from scslab.analysis.design import Design
from scslab.analysis.stages import Stage
from scslab.core.draws import BELOW_ONE, GAMMA, HALF, S11, TO_UNIT, address, decision, mix
from scslab.core.errors import ScslabError

RARE = 100  # a population so many times the sample is drawn from as if it had no end


def bootstrap_factors(
    design: Design, count: int, seed: int, less_one: bool
) -> tuple[np.ndarray, float]:
    """Factors f8[clusters, count] and the scale of the variance (R's `bootweights`).

    Canty and Davison (1999) draw n of a stratum's n clusters or, where the population is known,
    n without replacement from the clusters repeated to its size; the scale corrects by the
    harmonic mean of n. Rao, Wu and Yue (1992) draw n - 1 (`less_one`), whatever the population.

    Raises
    ------
    ScslabError
        A stratum with one cluster, unless the design says "remove" or "certainty"; fewer than 2
        replicates.
    """
    if count < 2:
        raise ScslabError("a bootstrap needs at least 2 replicates", got=count)
    stage = design.stages[0]
    check_strata(design)
    word = np.uint64(address(np.uint64(seed), decision("bootstrap")))
    factors = np.ones((len(stage.stratum), count))
    by_stratum = np.argsort(stage.stratum, kind="stable")
    ends = np.cumsum(stage.sampled).astype(np.int64)
    for h, end in enumerate(ends):
        n = int(stage.sampled[h])
        if n == 1:
            continue
        members = by_stratum[end - n : end]
        own = np.uint64(address(word, h))
        if less_one:
            drawn = tallied(own, n, n - 1, count)
            factors[members] = drawn * (n / (n - 1))
        elif stage.population[h] > RARE * n:
            factors[members] = tallied(own, n, n, count)
        else:
            factors[members] = without_return(own, n, round(stage.population[h]), count)
    if less_one:
        return factors, 1 / (count - 1)
    varied = stage.sampled[stage.sampled > 1]
    mean = 1 / float((1 / varied).mean())
    return factors, mean / ((mean - 1) * (count - 1))


def check_strata(design: Design) -> None:
    """Strata that can be drawn from again."""
    stage: Stage = design.stages[0]
    alone = (stage.sampled == 1) & ~(stage.population <= 1)
    if (alone.any() and design.lonely not in ("remove", "certainty")) or (stage.sampled == 1).all():
        at = int(np.flatnonzero(stage.sampled == 1)[0])
        raise ScslabError(
            f'stratum "{stage.names[at]}" has one cluster only'
            if stage.names
            else "the design has one cluster only",
            got=f"{int(alone.sum())} such strata of {len(alone)}",
            why="drawing it again gives the same cluster",
            hint='join it with another stratum, or choose lonely: "certainty"',
        )


def units(word: np.uint64, numbers: np.ndarray) -> np.ndarray:
    """Numbers in (0, 1) at many addresses below a word: `unit_for` of core.draws, bit for bit.

    Examples
    --------
    >>> from scslab.core.draws import unit_for
    >>> word = np.uint64(7)
    >>> units(word, np.arange(3))[2] == unit_for(word, 2)
    np.True_
    """
    mixed = mix.py_func(word + GAMMA * (numbers.astype(np.uint64) + np.uint64(1)))
    return np.minimum((mixed >> S11) * TO_UNIT + HALF, BELOW_ONE)


def tallied(word: np.uint64, n: int, draws: int, count: int) -> np.ndarray:
    """How often each of n clusters is drawn, with return; f8[n, count]."""
    u = units(word, np.arange(draws * count)).reshape(count, draws)
    chosen = (u * n).astype(np.int64) + n * np.arange(count)[:, None]
    return np.bincount(chosen.ravel(), minlength=n * count).reshape(count, n).T.astype(float)


def without_return(word: np.uint64, n: int, population: int, count: int) -> np.ndarray:
    """How often each of n clusters is drawn, n times, from a population made of them."""
    first = np.argsort(units(np.uint64(address(word, 0)), np.arange(n)))
    members = first[np.arange(population) % n]  # who is repeated once more is luck as well
    found = np.empty((n, count))
    own = np.uint64(address(word, 1))
    for r in range(count):
        u = units(own, r * population + np.arange(population))
        drawn = members[np.argpartition(u, n - 1)[:n]] if population > n else members
        found[:, r] = np.bincount(drawn, minlength=n)
    return found
