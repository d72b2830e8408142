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

from scslab.analysis.stages import Stage, make_stages, population_sizes
from scslab.core.errors import ScslabError

Lonely = Literal["fail", "remove", "certainty", "adjust", "average"]
LONELY: tuple[str, ...] = get_args(Lonely)


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
