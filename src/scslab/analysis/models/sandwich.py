"""Design-based covariance of a model from its scores, block by block.

The sandwich of Binder (1983): the inverse Hessian on both sides of the covariance of the scores'
total under the design. It gives what `variance.covariance` gives of the influence values
`scores @ inverse`, without ever holding an n x k matrix beyond the predictors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from scslab.analysis.design import Design
from scslab.analysis.stages import Stage
from scslab.analysis.variance import add_by, covariance, of_average, stage_scale

MOST_STRATA = 500  # that are asked for their scales at once
ScoreBlocks = Iterable[tuple[slice, np.ndarray]]


def scores_covariance(
    design: Design, rows: np.ndarray, score_blocks: ScoreBlocks, inverse_hessian: np.ndarray
) -> np.ndarray:
    """Linearised covariance f8[k, k] of estimates that solve: the weighted scores sum to 0.

    Parameters
    ----------
    design : Design
        Of the whole sample; rows that are not used count with a score of 0.
    rows : bool[n]
        Rows used.
    score_blocks : iterable of (slice, f8[rows of the slice, k])
        Weighted scores of the rows used, in their order; slices count the rows used from 0 and
        cover them once. A block may be written over after it was given.
    inverse_hessian : f8[k, k]
        Of minus the weighted log-likelihood, under the same scale of weights as the scores.

    Raises
    ------
    ScslabError
        A stratum with one cluster where the design says "fail".

    Examples
    --------
    >>> from scslab.analysis.design import make_design
    >>> y = np.array([[1.0], [2.0], [6.0]])
    >>> d = make_design(np.ones(3))
    >>> blocks = [(slice(0, 3), y - y.mean())]
    >>> scores_covariance(d, np.ones(3, bool), blocks, np.array([[1 / 3]])).round(6).tolist()
    [[2.333333]]
    """
    k = len(inverse_hessian)
    design = replace(design, replicates=None)
    places = None if rows.all() else np.flatnonzero(rows)
    placed = in_place(places, score_blocks)
    nothing = np.zeros(k)
    if design.adjustments or len(design.stages) > 1:
        # Margins and later stages need each row's value.
        values = np.zeros((len(rows), k))
        for at, scores in placed:
            values[at] = scores
        middle = covariance(design, nothing, values)
    else:
        stage = design.stages[0]
        rowwise = len(stage.stratum) == len(stage.cluster) and is_counting(stage.cluster)
        if rowwise and len(stage.sampled) <= MOST_STRATA:
            middle = rowwise_covariance(design, stage, placed, k)
        else:
            totals, stage, inside = summed(stage, design.inside, placed, k, rowwise)
            middle = covariance(replace(design, stages=(stage,), weights=inside), nothing, totals)
    return inverse_hessian.T @ middle @ inverse_hessian


def in_place(
    places: np.ndarray | None, score_blocks: ScoreBlocks
) -> Iterator[tuple[slice | np.ndarray, np.ndarray]]:
    """Blocks with their places among all rows of the sample."""
    for part, scores in score_blocks:
        yield part if places is None else places[part], scores


def is_counting(codes: np.ndarray) -> bool:
    """Whether codes are 0, 1, 2, ..."""
    return bool((codes == np.arange(len(codes))).all())


def rowwise_covariance(
    design: Design, stage: Stage, placed: Iterable[tuple[slice | np.ndarray, np.ndarray]], k: int
) -> np.ndarray:
    """Covariance f8[k, k] of a total where every row is a cluster, in one pass over the scores.

    Squares within a stratum about its mean are those about 0 less n times the mean's, which costs
    no figures here: scores lie about 0.
    """
    strata = len(stage.sampled)
    scales, alone = stage_scale(stage, design, 1)
    scales = scales * of_average(stage, design, alone)
    root = np.sqrt(scales)[stage.stratum]
    sums, squares = np.zeros((strata, k)), np.zeros((k, k))
    for at, scores in placed:
        if strata == 1:
            sums[0] += scores.sum(axis=0)
        else:
            add_by(sums, stage.stratum[at], scores)
        weighed = scores * root[at, None]
        squares += weighed.T @ weighed
    rows = np.bincount(stage.stratum, minlength=strata)
    about_zero = alone & (design.lonely == "adjust")
    drawn = sums * np.sqrt(np.where(about_zero, 0.0, scales / np.maximum(rows, 1)))[:, None]
    found: np.ndarray = squares - drawn.T @ drawn
    return found


def summed(
    stage: Stage,
    inside: np.ndarray,
    placed: Iterable[tuple[slice | np.ndarray, np.ndarray]],
    k: int,
    rowwise: bool,
) -> tuple[np.ndarray, Stage, np.ndarray]:
    """Scores summed by cluster (f8[clusters, k]), a stage of these sums, and which count."""
    clusters = len(stage.stratum)
    totals = np.zeros((clusters, k))
    for at, scores in placed:
        if rowwise:
            totals[at] = scores
        else:
            add_by(totals, stage.cluster[at], scores)
    counted = np.zeros(clusters)
    counted[stage.cluster[inside]] = 1.0
    return totals, replace(stage, cluster=np.arange(clusters)), counted
