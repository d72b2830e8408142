"""Stages of drawing: the cluster and stratum of each row, and how many were drawn of how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scslab.core.errors import ScslabError


@dataclass(frozen=True)
class Stage:
    """One stage of drawing; clusters and strata are numbered over the whole sample.

    Attributes
    ----------
    cluster : int64[n]
        The cluster of each row.
    stratum : int64[clusters]
        The stratum of each cluster; at later stages a stratum lies within one cluster above.
    sampled : f8[strata]
        Clusters drawn in each stratum.
    population : f8[strata]
        Clusters in the population of each stratum; infinite where none was given.
    factor : f8[strata]
        What the stages above leave of this stage's variance: the product of their sampling
        fractions (Lumley 2010, appendix A).
    names : tuple of str
        The strata as messages name them.
    """

    cluster: np.ndarray
    stratum: np.ndarray
    sampled: np.ndarray
    population: np.ndarray
    factor: np.ndarray
    names: tuple[str, ...]


def population_sizes(fpc: Sequence[np.ndarray], rows: int) -> list[tuple[bool, np.ndarray]]:
    """Finite populations by stage: whether they are fractions, and the numbers.

    Raises
    ------
    ScslabError
        Counts and fractions mixed, or a missing number.
    """
    found = []
    for stage, column in enumerate(fpc, 1):
        numbers = np.asarray(column, dtype=float)
        if np.isnan(numbers).any() or (numbers <= 0).any():
            raise ScslabError(
                "a finite population must be a positive number in every row",
                where=f"fpc of stage {stage}",
                got=f"row {int(np.flatnonzero(~(numbers > 0))[0]) + 1:,}",
            )
        if (numbers > 1).any() and (numbers < 1).any():
            raise ScslabError(
                "finite populations mix counts and fractions",
                where=f"fpc of stage {stage}",
                got=f"{numbers[numbers > 1][0]:g} and {numbers[numbers < 1][0]:g}",
                expected="counts of the population (at least 1) or sampling fractions (at most 1)",
            )
        found.append((not (numbers > 1).any(), numbers))
    return found


def make_stages(
    drawn: Sequence[np.ndarray],
    layers: Sequence[tuple[np.ndarray, pd.Index]],
    sizes: Sequence[tuple[bool, np.ndarray]],
    nest: bool,
) -> list[Stage]:
    """Stages from codes: clusters numbered within those above, strata within clusters above.

    Raises
    ------
    ScslabError
        Clusters in several strata, or a population smaller than its sample.
    """
    stages: list[Stage] = []
    rows = len(drawn[0])
    above = np.zeros(rows, np.int64)  # the cluster of the stage above, of each row
    factor = np.ones(1)  # of each cluster above
    for k, code in enumerate(drawn):
        layer, names = layers[min(k, len(layers) - 1)] if layers else (np.zeros(rows, int), None)
        by_row = numbered(above, layer)
        cluster = numbered(above, by_row if nest else np.zeros(rows, np.int64), code)
        count = int(cluster.max()) + 1 if rows else 0
        first = np.full(count, -1, np.int64)
        first[cluster[::-1]] = np.arange(rows)[::-1]
        stratum = by_row[first]
        if k == 0 and (stratum[cluster] != by_row).any():
            split = int(np.flatnonzero(stratum[cluster] != by_row)[0])
            raise split_cluster(split, int(first[cluster[split]]), layer, names)
        sampled = np.bincount(stratum).astype(float)
        population = np.full(len(sampled), np.inf)
        if k < len(sizes):
            fraction, numbers = sizes[k]
            of_stratum = np.empty(len(sampled))
            of_stratum[by_row] = numbers
            population = sampled / of_stratum if fraction else of_stratum
            check_population(k, population, sampled, of_stratum[by_row], numbers)
        parent = np.empty(len(sampled), np.int64)
        parent[stratum] = above[first]
        labels = stratum_names(len(sampled), by_row, layer, names)
        stages.append(Stage(cluster, stratum, sampled, population, factor[parent], labels))
        factor = (factor[parent] * sampled / population)[stratum]
        above = cluster
    return stages


def split_cluster(row: int, other: int, layer: np.ndarray, names: pd.Index | None) -> ScslabError:
    """The mistake of a cluster with rows in two strata."""
    here, there = (str(names[layer[r]]) if names is not None else "" for r in (row, other))
    return ScslabError(
        "a cluster lies in several strata",
        where="clusters",
        got=f"row {row + 1:,} lies in stratum {here}, row {other + 1:,} of its cluster in {there}",
        hint="nest: true, if clusters are numbered anew in each stratum",
    )


def check_population(
    stage: int, population: np.ndarray, sampled: np.ndarray, told: np.ndarray, numbers: np.ndarray
) -> None:
    """A stratum has one population, and it is not smaller than its sample.

    Raises
    ------
    ScslabError
        It is smaller, or differs between rows of one stratum.
    """
    where = f"fpc of stage {stage + 1}"
    if (told != numbers).any():
        row = int(np.flatnonzero(told != numbers)[0])
        raise ScslabError(
            "the finite population differs within a stratum",
            where=where,
            got=f"row {row + 1:,} says {numbers[row]:g}, another row of its stratum {told[row]:g}",
        )
    if (population < sampled * (1 - 1e-9)).any():
        at = int(np.flatnonzero(population < sampled)[0])
        raise ScslabError(
            "more was sampled than the population holds",
            where=where,
            got=f"{sampled[at]:,.0f} clusters sampled of {population[at]:,.0f}",
            hint="fpc counts clusters at this stage, not persons",
        )


def numbered(*codes: np.ndarray) -> np.ndarray:
    """One number, from 0, for each combination of codes that occurs, in the order of the rows."""
    joined = codes[0].astype(np.int64)
    for code in codes[1:]:
        joined = pd.factorize(joined * (int(code.max(initial=0)) + 1) + code)[0]
    found: np.ndarray = pd.factorize(joined)[0].astype(np.int64)
    return found


def stratum_names(
    count: int, by_row: np.ndarray, layer: np.ndarray, names: pd.Index | None
) -> tuple[str, ...]:
    """What messages call each stratum."""
    if names is None or count > 10_000:
        return ()
    code = np.zeros(count, np.int64)
    code[by_row] = layer
    return tuple(str(names[c]) for c in code)
