"""Probability samples: persons within drawn clusters, or persons alone.

A drawn person carries the chances of both stages; the base weight is 1 over their product
(Horvitz and Thompson 1952).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scslab.core.draws import units, word_of
from scslab.core.errors import ScslabError
from scslab.survey.fieldwork.clusters import Clusters
from scslab.survey.fieldwork.luck import numbers_of, shuffled
from scslab.survey.fieldwork.whole import allocate


@dataclass(frozen=True)
class Drawn:
    """Persons drawn.

    Attributes
    ----------
    chosen : i8[n]
        Their places in the frame, rising.
    first, second : f8[n]
        Inclusion probabilities of the cluster, and of the person within it.
    stratum, cluster : i8[n]
        The design for variances: strata and units of the first stage.
    notes : tuple of str
        What a methods report must say of it.
    """

    chosen: np.ndarray
    first: np.ndarray
    second: np.ndarray
    stratum: np.ndarray
    cluster: np.ndarray
    notes: tuple[str, ...] = ()

    @property
    def weight(self) -> np.ndarray:
        """Base weights, f8[n]: 1 over the inclusion probability."""
        return 1.0 / (self.first * self.second)


def draw_within(
    place: np.ndarray, persons: np.ndarray, clusters: Clusters, wanted: int, word: np.uint64
) -> Drawn:
    """Draw equal numbers of persons within drawn clusters, without replacement.

    Where `wanted` cannot be divided, luck says which clusters give one more. A cluster with too
    few persons gives all of them, and `notes` says so.

    Parameters
    ----------
    place : i8[N]
        The cluster of each person of the frame: its place in the list of clusters.
    persons : i8[N]
        Their numbers.
    clusters : Clusters
    wanted : int
        Persons to be drawn, at least one a cluster.
    word : uint64
        The wave's luck.

    Raises
    ------
    ScslabError
        Fewer persons wanted than clusters drawn.
    """
    m = len(clusters.chosen)
    if wanted < m:
        raise ScslabError(
            f"{wanted:,} persons cannot be spread over {m:,} clusters",
            where="sample",
            expected=f"at least {m:,} persons",
        )
    each = np.full(m, wanted // m, np.int64)
    each[shuffled(word, "one more", clusters.chosen)[: wanted % m]] += 1
    drawn_as = np.full(clusters.listed, -1, np.int64)
    drawn_as[clusters.chosen] = np.arange(m)
    group = drawn_as[np.asarray(place, np.int64)]
    rows = np.flatnonzero(group >= 0)
    there = np.bincount(group[rows], minlength=m)
    kept = rows[first_by_luck(word, numbers_of(persons)[rows], group[rows], each)]
    of = group[kept]
    second = np.minimum(each, there)[of] / there[of]
    own = clusters.alone[of]
    stratum = np.where(own, clusters.listed + clusters.chosen[of], clusters.stratum[of])
    cluster = np.where(own, clusters.listed + kept, clusters.chosen[of])
    return Drawn(
        kept, clusters.chance[of], second, stratum, cluster, cluster_notes(clusters, each, there)
    )


def first_by_luck(
    word: np.uint64, persons: np.ndarray, group: np.ndarray, each: np.ndarray
) -> np.ndarray:
    """Places of the first `each[group]` of every group in an order by luck, rising."""
    order = np.lexsort((units(word_of(word, "persons"), persons), group))
    in_order = group[order]
    starts = np.flatnonzero(np.diff(in_order, prepend=-1))
    rank = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    return np.sort(order[rank < each[in_order]])


def cluster_notes(clusters: Clusters, each: np.ndarray, there: np.ndarray) -> tuple[str, ...]:
    """What is said of certain clusters and of those that were too small."""
    notes = []
    sure, m = int(clusters.certain.sum()), len(clusters.chosen)
    if sure:
        own = int(clusters.alone.sum())
        as_said = (
            "each of these is a stratum of its own, with persons as its units"
            if own == sure
            else f"{own} of these are strata of their own, with persons as their units"
        )
        notes.append(f"{sure} of {m} clusters were taken with certainty; {as_said}.")
    small = int((there < each).sum())
    if small:
        notes.append(
            f"{small} of {m} clusters had fewer persons than wanted and were taken whole "
            f"({int((each - there)[there < each].sum())} persons missing)."
        )
    return tuple(notes)


def draw_persons(
    persons: np.ndarray, wanted: int, word: np.uint64, strata: np.ndarray | None = None
) -> Drawn:
    """Draw persons without clusters: a simple sample, or within strata in proportion to size.

    Parameters
    ----------
    persons : i8[N]
        Numbers of the persons in the frame.
    wanted : int
        Persons to be drawn.
    word : uint64
        The wave's luck.
    strata : [N], optional
        The stratum of each: numbers or words; each gives at least two persons.

    Raises
    ------
    ScslabError
        More persons wanted than there are; strata with fewer than two.

    Examples
    --------
    >>> from scslab.survey.fieldwork.luck import wave_word
    >>> word, strata = wave_word(np.uint64(1), "spring"), np.array([0, 0, 0, 0, 1, 1])
    >>> got = draw_persons(np.arange(6), 4, word, strata)
    >>> got.stratum.tolist(), got.weight.tolist()
    ([0, 0, 1, 1], [2.0, 2.0, 1.0, 1.0])
    """
    n = len(persons)
    if strata is None:
        if not 0 < wanted <= n:
            raise ScslabError(
                f"{wanted:,} persons cannot be drawn from {n:,}", where="sample", got=wanted
            )
        group, there, each = np.zeros(n, np.int64), np.array([n]), np.array([wanted])
    else:
        names, group = np.unique(strata, return_inverse=True)
        there = np.bincount(group, minlength=len(names))
        each = allocate(there.astype(float), there, wanted, names=[str(name) for name in names])
    kept = first_by_luck(word, numbers_of(persons), group, each)
    of = group[kept]
    return Drawn(kept, np.ones(len(kept)), (each / there)[of], of, kept)
