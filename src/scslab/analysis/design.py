"""A sampling design: weights, strata, clusters of several stages, finite populations, replicates.

Every estimate takes a design and never loses a row of it: a domain keeps the rows outside it with
weight 0, so that strata and clusters count as they were drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol, get_args

import numpy as np
import pandas as pd

from scslab.core.errors import ScslabError

Lonely = Literal["fail", "remove", "certainty", "adjust", "average"]
LONELY: tuple[str, ...] = get_args(Lonely)


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


@dataclass(frozen=True)
class Replicates:
    """Replicate weights.

    `weights` (f8[n, R]) are whole analysis weights, not factors. The covariance of an estimate t
    is scale * sum over r of rscales[r] * (t_r - centre)^2, where the centre is the full-sample
    estimate with `mse`, else the mean of the replicates (as R `survey` does by default).
    """

    weights: np.ndarray
    scale: float
    rscales: np.ndarray
    mse: bool
    kind: str
    df: float | None = None


class Adjustment(Protocol):
    """What bringing weights to margins takes out of the variance."""

    def residuals(self, influence: np.ndarray) -> np.ndarray:
        """Weighted influence values (f8[n, k]) less what the margins explain of them."""
        ...


@dataclass(frozen=True)
class Design:
    """A design; make one with `make_design`.

    Attributes
    ----------
    weights : f8[n]
        Analysis weights; 0 outside the domain.
    stages : tuple of Stage
        The first stage alone unless finite populations were given (then all).
    lonely : str
        What a stratum with one cluster does: "fail" (an error), "remove" and "certainty" (adds no
        variance), "adjust" (centred on the whole sample), "average" (as the other strata).
    replicates : Replicates or None
        Where given, all variances are made from them.
    adjustments : tuple of Adjustment
        Margins that the weights were brought to, in order.
    about : tuple of (str, str)
        What the design was made of (weight, strata, clusters, fpc, ...: column names), for tables
        and for the code shown.
    """

    weights: np.ndarray
    stages: tuple[Stage, ...]
    lonely: Lonely = "fail"
    replicates: Replicates | None = None
    adjustments: tuple[Adjustment, ...] = ()
    about: tuple[tuple[str, str], ...] = ()

    @property
    def inside(self) -> np.ndarray:
        """Which rows (bool[n]) belong to the domain."""
        return self.weights != 0

    @property
    def n(self) -> int:
        """Respondents in the domain, unweighted."""
        return int(np.count_nonzero(self.weights))

    @property
    def df(self) -> float:
        """Degrees of freedom: clusters less strata in the domain, as R's `degf`.

        With replicate weights the rank of their matrix less 1, as R takes it.
        """
        if self.replicates is not None:
            if self.replicates.df is not None:
                return self.replicates.df
            return rank_df(self.replicates.weights[self.inside])
        first = self.stages[0]
        clusters = np.zeros(len(first.stratum), dtype=bool)
        clusters[first.cluster[self.inside]] = True
        strata = np.zeros(len(first.sampled), dtype=bool)
        strata[first.stratum[clusters]] = True
        return float(clusters.sum() - strata.sum())

    def within(self, domain: np.ndarray) -> Design:
        """The design with only a domain (bool[n]) counted; nothing is filtered."""
        kept = np.asarray(domain, dtype=bool)
        replicates = self.replicates
        if replicates is not None:
            # The degrees of freedom of a domain are those of its own replicate weights.
            replicates = replace(replicates, weights=replicates.weights * kept[:, None], df=None)
        return replace(self, weights=np.where(kept, self.weights, 0.0), replicates=replicates)


def make_design(
    weights: np.ndarray | None = None,
    *,
    strata: Sequence[np.ndarray] = (),
    clusters: Sequence[np.ndarray] = (),
    fpc: Sequence[np.ndarray] = (),
    n: int | None = None,
    nest: bool = False,
    lonely: Lonely = "fail",
    about: Sequence[tuple[str, str]] = (),
) -> Design:
    """Make a design from columns, by the rules of R's `svydesign`.

    Parameters
    ----------
    weights : f8[n], optional
        Positive and finite. Without them: from `fpc`, else 1 for everybody.
    strata, clusters, fpc : sequences of arrays [n]
        One a stage, the first stage first. Without clusters every row is drawn by itself.
        `fpc` holds numbers of units in the population (all at least 1) or sampling fractions
        (all at most 1).
    n : int, optional
        Rows, where no column is given.
    nest : bool
        Whether clusters are numbered anew in each stratum.

    Raises
    ------
    ScslabError
        Missing, negative or zero weights; a missing stratum or cluster; clusters that lie in
        several strata; finite populations smaller than the sample.

    Examples
    --------
    >>> d = make_design(np.ones(4), strata=[np.array(["a", "a", "b", "b"])])
    >>> d.n, d.df
    (4, 2.0)
    """
    columns = [*([] if weights is None else [weights]), *strata, *clusters, *fpc]
    rows = len(columns[0]) if columns else int(n or 0)
    if weights is not None:
        weights = check_weights(np.asarray(weights, dtype=float))
    for what, given in (("stratum", strata), ("cluster", clusters)):
        for column in given:
            check_codes(what, column)
    drawn = [pd.factorize(pd.Series(c))[0] for c in clusters] or [np.arange(rows)]
    layers = [pd.factorize(pd.Series(s), sort=True) for s in strata]
    sizes = population_sizes(fpc, rows)
    stages = make_stages(drawn, layers, sizes, nest)
    if weights is None:
        weights = np.ones(rows)
        if fpc:
            for stage in stages:
                inverse = stage.population / stage.sampled
                weights *= np.where(np.isfinite(inverse), inverse, 1.0)[stage.stratum][
                    stage.cluster
                ]
    used = tuple(stages) if fpc else tuple(stages[:1])
    return Design(weights=weights, stages=used, lonely=lonely, about=tuple(about))


def check_weights(weights: np.ndarray, name: str = "weight") -> np.ndarray:
    """Weights that are positive and finite.

    Raises
    ------
    ScslabError
        Some are not; says how many, and the row of the first.
    """
    for what, bad, hint in (
        (
            "missing weights",
            np.isnan(weights),
            "leave these rows out of the file, or give them a weight",
        ),
        ("infinite weights", np.isinf(weights), "mend the weights"),
        ("negative weights", weights < 0, "mend the weights"),
        (
            "weights of zero",
            weights == 0,
            "use a domain for those who are not to count; leave out those who were not sampled",
        ),
    ):
        if bad.any():
            raise ScslabError(
                what,
                where=name,
                got=f"{int(bad.sum()):,} of {len(weights):,} rows; the first is row "
                f"{int(np.flatnonzero(bad)[0]) + 1:,}",
                expected="a positive number in every row",
                hint=hint,
            )
    return weights


def check_codes(what: str, column: np.ndarray) -> None:
    """A column of strata or clusters without gaps.

    Raises
    ------
    ScslabError
        A row has none.
    """
    gone = pd.isna(pd.Series(column)).to_numpy()
    if gone.any():
        raise ScslabError(
            f"a row without a {what}",
            got=f"{int(gone.sum()):,} rows; the first is row {int(np.flatnonzero(gone)[0]) + 1:,}",
            expected=f"a {what} for every row",
        )


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


def rank_df(weights: np.ndarray, tolerance: float = 1e-5) -> float:
    """Degrees of freedom of replicate weights: their rank less 1 (R's `degf`).

    R takes a column as dependent where its part orthogonal to the columns before is below 1e-5
    of its length. The same is read off the Cholesky factor of the cross products, which is
    R x R however many rows there are.

    Parameters
    ----------
    weights : f8[n, R]
        Analysis weights; of a domain, 0 outside it.

    Examples
    --------
    >>> rank_df(np.array([[0.0, 1.5, 1.5], [1.5, 0.0, 1.5], [1.5, 1.5, 0.0]]))
    2.0
    """
    rest = weights.T @ weights
    length = np.diag(rest).copy()
    rank = 0
    for r in range(len(rest)):
        if rest[r, r] <= tolerance**2 * length[r] or length[r] == 0:
            continue
        rank += 1
        column = rest[r:, r] / np.sqrt(rest[r, r])
        rest[r:, r:] -= np.outer(column, column)
    return float(rank - 1)
