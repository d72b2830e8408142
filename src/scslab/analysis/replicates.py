"""Replicate weights made from a design: jackknife, balanced half-samples, Fay's, bootstraps.

Made by the rules of R `survey` (`as.svrepdesign`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from scslab.analysis.design import Design, Replicates
from scslab.analysis.hadamard import hadamard
from scslab.core.errors import ScslabError, near

Made = Literal["auto", "JK1", "JKn", "BRR", "Fay", "bootstrap", "subbootstrap"]
MADE: tuple[str, ...] = get_args(Made)
GIB = 2.0**30


@dataclass(frozen=True)
class Factors:
    """Factors f8[clusters, R] on the weights of first-stage clusters, and their scales."""

    factors: np.ndarray
    scale: float
    rscales: np.ndarray


def with_replicates(
    design: Design,
    kind: Made = "auto",
    *,
    count: int = 50,
    rho: float = 0.5,
    seed: int = 0,
    matrix: np.ndarray | None = None,
    mse: bool = False,
    limit_gib: float = 4.0,
) -> Design:
    """A design with replicate weights made from its first-stage clusters.

    Parameters
    ----------
    kind : str
        "JK1" (no strata), "JKn" (strata), "BRR" and "Fay" (two clusters in each stratum, or an
        even number, which is split into pairs), "bootstrap" (Canty and Davison 1999: n of n, or
        n of the population where it is known), "subbootstrap" (Rao, Wu and Yue 1992: n - 1 of n).
        "auto" is JK1 without strata, else JKn.
    count : int
        Replicates of a bootstrap.
    rho : float
        Fay's; from 0 to below 1.
    seed : int
        Of a bootstrap; the same seed gives the same weights on every machine.
    matrix : [m, m], optional
        A Hadamard matrix of two values for BRR, one column a replicate and one row a stratum
        after the first row, as R takes it.
    mse : bool
        Whether deviations are from the full-sample estimate instead of the replicates' mean.
    limit_gib : float
        Refuse to make larger weights (rows x replicates x 8 bytes).

    Raises
    ------
    ScslabError
        A kind that the design does not allow; a stratum with one cluster (unless the design's
        `lonely` says what to do); weights that were raked already; too much memory.

    Notes
    -----
    As in R, finite populations enter by the first stage only, and not in BRR, Fay and
    "subbootstrap"; `about` of the new design says so. R's standard errors ignore that weights
    were raked before replicates were made; here it is an error.

    Examples
    --------
    >>> from scslab.analysis.design import make_design
    >>> with_replicates(make_design(n=3)).replicates.weights.tolist()
    [[0.0, 1.5, 1.5], [1.5, 0.0, 1.5], [1.5, 1.5, 0.0]]
    """
    if kind not in MADE:
        raise ScslabError("unknown kind of replicates", got=kind, hint=near(kind, MADE))
    if design.adjustments:
        raise ScslabError(
            "the weights were brought to margins before replicates were made",
            why="each replicate must be brought to them by itself",
            hint="make the replicates first, then weight",
        )
    if design.replicates is not None:
        raise ScslabError("the design has replicate weights already", got=design.replicates.kind)
    strata = len(design.stages[0].sampled)
    if kind == "auto":
        kind = "JK1" if strata == 1 else "JKn"
    if kind == "JK1" and strata > 1:
        raise ScslabError("JK1 is for a design without strata", got=f"{strata} strata", hint="JKn")
    clusters = len(design.stages[0].stratum)
    expected = {"JK1": clusters, "JKn": clusters, "BRR": clusters // 2, "Fay": clusters // 2}
    check_memory(len(design.weights), expected.get(kind, count), limit_gib)
    if kind in ("JK1", "JKn"):
        made = jackknife(design)
    elif kind in ("BRR", "Fay"):
        made = half_samples(design, rho if kind == "Fay" else 0.0, matrix)
    else:
        # The compiler behind addressed luck takes half a second to load.
        from scslab.analysis.resampling import bootstrap_factors

        found = bootstrap_factors(design, count, seed, less_one=kind == "subbootstrap")
        made = Factors(found[0], found[1], np.ones(count))
    weights = design.weights[:, None] * made.factors[design.stages[0].cluster]
    replicates = Replicates(weights, made.scale, made.rscales, mse, kind)
    said = f"{kind}, {weights.shape[1]} replicates"
    lost = dropped_populations(design, kind)
    return replace(
        design, replicates=replicates, about=(*design.about, ("replicates", said + lost))
    )


def check_memory(rows: int, replicates: int, limit_gib: float) -> None:
    """Weights that fit into memory.

    Raises
    ------
    ScslabError
        They do not; says how large they would be.
    """
    size = rows * replicates * 8 / GIB
    if size > limit_gib:
        raise ScslabError(
            "the replicate weights would take too much memory",
            got=f"{rows:,} rows x {replicates:,} replicates: {size:,.1f} GiB",
            expected=f"at most {limit_gib:g} GiB",
            hint="a bootstrap of few replicates, or linearised standard errors",
        )


def dropped_populations(design: Design, kind: str) -> str:
    """What is said of finite populations that the replicates do not know."""
    first = bool(np.isfinite(design.stages[0].population).any())
    if first and kind in ("BRR", "Fay", "subbootstrap"):
        return "; finite populations left out"
    if any(np.isfinite(stage.population).any() for stage in design.stages[1:]):
        return "; finite populations after the first stage left out"
    return ""


def jackknife(design: Design) -> Factors:
    """Leave one cluster out, the others of its stratum taking its place."""
    stage, lonely = design.stages[0], design.lonely
    n = stage.sampled
    left = 1 - n / stage.population  # 1 where the population is not known
    alone = (n == 1) & (left > 0)
    check_alone(design, alone)
    kept = left[stage.stratum] > 0
    if lonely != "adjust":
        kept &= ~alone[stage.stratum]
    if not kept.any():
        raise ScslabError(
            "no cluster varies, so there are no replicates",
            why="every stratum was drawn whole or has one cluster",
        )
    out = np.flatnonzero(kept)
    of = stage.stratum[out]
    inner = np.where(n > 1, n / np.maximum(n - 1, 1), 0.0)
    factors = np.ones((len(stage.stratum), len(out)))
    same = stage.stratum[:, None] == of
    factors = np.where(same, inner[of], factors)
    rscales = left[of] * (n[of] - 1) / n[of]
    single = np.flatnonzero(alone[of])
    if len(single):  # "adjust": without this stratum, the others taking its place
        strata = len(n)
        factors[:, single] = np.where(same[:, single], 0.0, strata / (strata - 1))
        rscales[single] = (strata - 1) / strata
    factors[out, np.arange(len(out))] = 0.0
    scale = len(stage.stratum) / len(out) if lonely == "average" and alone.any() else 1.0
    if len(n) == 1:
        return Factors(factors, float(rscales[0]) * scale, np.ones(len(out)))
    return Factors(factors, scale, rscales)


def check_alone(design: Design, alone: np.ndarray) -> None:
    """No stratum with one cluster where the design says "fail"."""
    if alone.any() and (design.lonely == "fail" or len(alone) == 1):
        names = design.stages[0].names
        at = int(np.flatnonzero(alone)[0])
        raise ScslabError(
            f'stratum "{names[at]}" has one cluster only'
            if names
            else "the design has one cluster only",
            got=f"{int(alone.sum())} such strata of {len(alone)}",
            hint='join it with another stratum, or choose lonely: "adjust", "average", "remove" '
            'or "certainty"',
        )


def half_samples(design: Design, rho: float, matrix: np.ndarray | None) -> Factors:
    """Balanced half-samples (McCarthy 1969), the other half weighing rho (Fay; Judkins 1990)."""
    if not 0 <= rho < 1:
        raise ScslabError("Fay's rho must be from 0 to below 1", got=rho)
    stage = design.stages[0]
    odd = stage.sampled % 2 == 1
    if odd.any():
        at = int(np.flatnonzero(odd)[0])
        name = f'stratum "{stage.names[at]}"' if stage.names else "the design"
        raise ScslabError(
            "balanced replication needs an even number of clusters in each stratum",
            got=f"{name} has {stage.sampled[at]:.0f}",
            hint="JKn, or a bootstrap",
        )
    signs = signs_of(matrix, int(stage.sampled.sum()) // 2)
    order = np.argsort(pair_order(stage.stratum, stage.sampled), kind="stable")
    pair = np.empty(len(order), np.int64)
    pair[order] = np.arange(len(order)) // 2
    second = np.empty(len(order), dtype=bool)
    second[order] = np.arange(len(order)) % 2 == 1
    chosen = signs[1 + pair] == second[:, None]
    factors = np.where(chosen, 2 - rho, rho)
    replicates = factors.shape[1]
    return Factors(factors, 1 / (replicates * (1 - rho) ** 2), np.ones(replicates))


def pair_order(stratum: np.ndarray, sampled: np.ndarray) -> np.ndarray:
    """Strata in R's order of rows of the matrix: those that are split first, then pairs."""
    large = sampled > 2
    place = np.empty(len(sampled), np.int64)
    place[np.argsort(~large, kind="stable")] = np.arange(len(sampled))
    return place[stratum]


def signs_of(matrix: np.ndarray | None, pairs: int) -> np.ndarray:
    """A Hadamard matrix (bool) with a row for every pair after the first row.

    Raises
    ------
    ScslabError
        The given one is too small or no Hadamard matrix.
    """
    if matrix is None:
        return hadamard(pairs + 1) > 0
    given = np.asarray(matrix)
    size = len(given)
    if given.shape != (size, size) or size <= pairs:
        raise ScslabError(
            "this matrix is too small",
            got=" x ".join(map(str, given.shape)),
            expected=f"at least {pairs + 1} x {pairs + 1}, for {pairs} pairs of clusters",
        )
    signs = given == given[0, 0]
    product = np.where(signs, 1, -1) @ np.where(signs, 1, -1).T
    if len(np.unique(given)) != 2 or (product != size * np.eye(size)).any():
        raise ScslabError(
            "this is no Hadamard matrix",
            expected="two values, and rows that agree with each other in half the columns",
        )
    return signs
