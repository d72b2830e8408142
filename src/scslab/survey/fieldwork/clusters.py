"""The first stage of a probability sample: clusters drawn with chances in proportion to size.

Clusters are drawn within strata, systematically from a list in random order (Madow 1949; Hartley
and Rao 1962), so that chances are exact. A cluster so large that its chance would reach 1 is taken
with certainty.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scslab.core.draws import units, word_of
from scslab.survey.fieldwork.luck import shuffled
from scslab.survey.fieldwork.whole import allocate


@dataclass(frozen=True)
class Clusters:
    """Clusters drawn.

    Attributes
    ----------
    chosen : i8[m]
        Their places in the list of clusters, rising.
    chance : f8[m]
        Inclusion probability of each.
    certain : bool[m]
        Taken with certainty.
    alone : bool[m]
        Certain ones that are a stratum of their own for the variance, with persons as its units.
        Where only one cluster of a stratum was left to chance, none is: the certain ones then
        stay with it as units, which makes standard errors rather too large than too small.
    stratum : i8[m]
        Numbers of the strata in sorted order.
    listed : int
        Clusters in the list.
    """

    chosen: np.ndarray
    chance: np.ndarray
    certain: np.ndarray
    alone: np.ndarray
    stratum: np.ndarray
    listed: int


def draw_clusters(sizes: np.ndarray, strata: np.ndarray, count: int, word: np.uint64) -> Clusters:
    """Draw clusters within strata with chances in proportion to size.

    Clusters are shared out to strata in proportion to the strata's size, at least two each.

    Parameters
    ----------
    sizes : i8[K]
        Persons in each cluster; those of size 0 are never drawn.
    strata : [K]
        The stratum of each: numbers or words.
    count : int
        Clusters to be drawn.
    word : uint64
        The wave's luck.

    Raises
    ------
    ScslabError
        Strata with fewer than two clusters that hold persons; fewer clusters wanted than two a
        stratum, or more than there are.

    Examples
    --------
    >>> from scslab.survey.fieldwork.luck import wave_word
    >>> sizes, strata = np.array([100, 100, 200, 50, 50]), np.array(["a", "a", "a", "b", "b"])
    >>> got = draw_clusters(sizes, strata, 4, wave_word(np.uint64(1), "spring"))
    >>> got.chance.tolist(), got.certain.tolist()
    ([0.5, 1.0, 1.0, 1.0], [False, True, True, True])
    """
    size = np.asarray(sizes, dtype=float)
    names, stratum = np.unique(strata, return_inverse=True)
    k = len(names)
    held = np.bincount(stratum, size, minlength=k)
    most = np.bincount(stratum[size > 0], minlength=k)
    counts = allocate(held, most, count, least=2, names=[str(name) for name in names])
    turn = np.empty(len(size), np.int64)
    turn[shuffled(word, "clusters", np.arange(len(size)))] = np.arange(len(size))
    starts = units(word_of(word, "first cluster"), np.arange(k))
    chance, certain, alone, drawn = (np.zeros(len(size), t) for t in (float, bool, bool, bool))
    for h in range(k):
        members = np.flatnonzero(stratum == h)
        members = members[np.argsort(turn[members])]
        p, sure = inclusion(size[members], int(counts[h]))
        chance[members], certain[members] = p, sure
        alone[members] = sure & (counts[h] - sure.sum() != 1)
        drawn[members] = sure
        drawn[members[~sure]] = systematic(p[~sure], float(starts[h]))
    chosen = np.flatnonzero(drawn)
    return Clusters(
        chosen, chance[chosen], certain[chosen], alone[chosen], stratum[chosen], len(size)
    )


def inclusion(sizes: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Chances in proportion to size that add up to `count`, f8[K], and who is certain, bool[K].

    A chance of 1 or more makes a cluster certain; the others then share the rest anew.

    Examples
    --------
    >>> inclusion(np.array([80.0, 10.0, 10.0]), 2)
    (array([1. , 0.5, 0.5]), array([ True, False, False]))
    """
    certain = np.zeros(len(sizes), dtype=bool)
    while True:
        rest = count - int(certain.sum())
        if rest == 0:
            return certain.astype(float), certain
        p = np.where(certain, 1.0, rest * sizes / sizes[~certain].sum())
        new = ~certain & (p >= 1 - 1e-12)
        if not new.any():
            return p, certain
        certain |= new


def systematic(chance: np.ndarray, start: float) -> np.ndarray:
    """A systematic sample with given chances, bool[K]: who holds start, start + 1, ... on a line.

    Examples
    --------
    >>> systematic(np.array([0.5, 0.25, 0.75, 0.5]), 0.6).tolist()
    [False, True, False, True]
    """
    ends = np.cumsum(chance)
    if len(ends):
        ends[-1] = round(ends[-1])  # a whole number but for rounding
    passed = np.floor(ends - start)
    return np.diff(passed, prepend=-1.0) > 0
