"""Variances of estimates under a design: linearised, or from replicate weights.

Linearised: Binder (1983), as R `survey` computes it (`svyrecvar`): sums of weighted influence
values by cluster, their variance within strata, at each stage.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scslab.analysis.design import Design, Replicates
from scslab.analysis.stages import Stage
from scslab.core.errors import ScslabError
from scslab.core.threads import blocks

Refit = Callable[[np.ndarray], np.ndarray]  # weights f8[n] -> estimates f8[k]


def covariance(
    design: Design, estimates: np.ndarray, influence: np.ndarray, refit: Refit | None = None
) -> np.ndarray:
    """Covariance f8[k, k] of estimates under a design.

    Parameters
    ----------
    estimates : f8[k]
    influence : f8[n, k]
        Influence of each row on each estimate, times its weight (0 outside the domain): the
        estimates' linearised change, so that a total's are weight * value.
    refit : function of weights, optional
        Gives the estimates under other weights. Needed with replicate weights.

    Raises
    ------
    ScslabError
        A stratum with one cluster where the design says "fail".

    Examples
    --------
    >>> from scslab.analysis.design import make_design
    >>> d = make_design(np.full(3, 2.0))
    >>> covariance(d, np.array([12.0]), np.array([[2.0], [4.0], [6.0]])).round(6).tolist()
    [[12.0]]
    """
    if design.replicates is not None:
        if refit is None:
            raise ScslabError(
                "this estimate has no standard error from replicate weights",
                hint="use a design with strata and clusters",
            )
        return replicate_covariance(design.replicates, estimates, refit)
    values = np.asarray(influence, dtype=float)
    for adjustment in design.adjustments:
        values = adjustment.residuals(values)
    found = np.zeros((values.shape[1], values.shape[1]))
    for k, stage in enumerate(design.stages):
        found += stage_covariance(stage, values, design, k + 1)
    return found


def stage_covariance(stage: Stage, values: np.ndarray, design: Design, number: int) -> np.ndarray:
    """What one stage adds to the covariance (R's `onestage` and `onestrat`)."""
    scale, alone = stage_scale(stage, design, number)
    scale = scale * of_average(stage, design, alone)
    totals = cluster_totals(stage, values)
    # Under "adjust" a cluster alone is set against the whole sample, whose influence sums to 0.
    centred = ~alone if design.lonely == "adjust" else np.ones(len(scale), dtype=bool)
    return scaled_products(totals, stage.stratum, scale, centred)


def stage_scale(stage: Stage, design: Design, number: int) -> tuple[np.ndarray, np.ndarray]:
    """What each stratum's sum of squares counts (f8), and which strata (bool) have one cluster.

    Raises
    ------
    ScslabError
        A stratum with one cluster where the design says "fail".
    """
    with np.errstate(invalid="ignore"):
        left = np.where(
            np.isinf(stage.population), 1.0, (stage.population - stage.sampled) / stage.population
        )
    certain = left < 1e-7
    alone = (stage.sampled == 1) & ~certain & (stage.factor > 0)
    if alone.any() and design.lonely == "fail":
        at = int(np.flatnonzero(alone)[0])
        name = f'stratum "{stage.names[at]}"' if stage.names else "the design"
        raise ScslabError(
            f"{name} has one cluster only, so its variance cannot be known",
            where=f"stage {number}" if len(design.stages) > 1 else "",
            got=f"{int(alone.sum())} such strata of {len(alone)}",
            hint='join it with another stratum, or choose lonely: "adjust", "average", "remove" '
            'or "certainty"',
        )
    more = np.where(stage.sampled > 1, stage.sampled, 2.0)
    scale = stage.factor * left * np.where(stage.sampled > 1, more / (more - 1), 1.0)
    gone = certain | alone if design.lonely == "average" else certain
    return np.where(gone, 0.0, scale), alone


def of_average(stage: Stage, design: Design, alone: np.ndarray) -> float:
    """The factor by which "average" makes up for strata with one cluster."""
    if design.lonely != "average" or not alone.any():
        return 1.0
    used = present(stage, design)
    return float(used.sum() / max((used & ~alone).sum(), 1))


def present(stage: Stage, design: Design) -> np.ndarray:
    """Which strata (bool) have a row of the domain."""
    found = np.zeros(len(stage.sampled), dtype=bool)
    found[stage.stratum[stage.cluster[design.inside]]] = True
    return found


def cluster_totals(stage: Stage, values: np.ndarray) -> np.ndarray:
    """Sums of rows by cluster, f8[clusters, k]."""
    clusters = len(stage.stratum)
    if clusters == len(values) and (stage.cluster == np.arange(clusters)).all():
        return values
    totals = np.zeros((clusters, values.shape[1]))
    add_by(totals, stage.cluster, values)
    return totals


def add_by(totals: np.ndarray, codes: np.ndarray, values: np.ndarray) -> None:
    """Add rows f8[m, k] to the totals f8[groups, k], in place, by their group's code.

    One flat `add.at` takes a fifth of the time of a `bincount` a column at 50,000 groups.
    """
    k = totals.shape[1]
    for part in blocks(len(codes)):
        flat = (codes[part] * k)[:, None] + np.arange(k)
        np.add.at(totals.reshape(-1), flat.ravel(), np.ascontiguousarray(values[part]).ravel())


def scaled_products(
    totals: np.ndarray, stratum: np.ndarray, scale: np.ndarray, centred: np.ndarray
) -> np.ndarray:
    """Sum over strata of scale times the cross products of (centred) cluster totals."""
    strata, k = len(scale), totals.shape[1]
    sums = np.zeros((strata, k))
    add_by(sums, stratum, totals)
    means = sums / np.maximum(np.bincount(stratum, minlength=strata), 1)[:, None]
    means[~centred] = 0.0
    root = np.sqrt(scale)
    found = np.zeros((k, k))
    for part in blocks(len(totals)):
        of = stratum[part]
        rest = (totals[part] - means[of]) * root[of][:, None]
        found += rest.T @ rest
    return found


def replicate_covariance(replicates: Replicates, estimates: np.ndarray, refit: Refit) -> np.ndarray:
    """Covariance from estimates under each set of replicate weights (R's `svrVar`).

    Raises
    ------
    ScslabError
        A replicate gives no estimate.
    """
    rows = [refit(replicates.weights[:, r]) for r in range(replicates.weights.shape[1])]
    return spread_of_replicates(replicates, estimates, np.array(rows))


def spread_of_replicates(
    replicates: Replicates, estimates: np.ndarray, found: np.ndarray
) -> np.ndarray:
    """Covariance from replicate estimates f8[R, k].

    Raises
    ------
    ScslabError
        A replicate gives no estimate.
    """
    lost = ~np.isfinite(found).all(axis=1)
    if lost.any():
        raise ScslabError(
            "some replicates give no estimate",
            got=f"{int(lost.sum())} of {len(found)}",
            why="a group or category may be empty under their weights",
            hint="join small categories, or use a design with strata and clusters",
        )
    used = replicates.rscales > 0
    centre = estimates if replicates.mse else found[used].mean(axis=0)
    rest = (found - centre) * np.sqrt(replicates.rscales)[:, None]
    return replicates.scale * (rest.T @ rest)
