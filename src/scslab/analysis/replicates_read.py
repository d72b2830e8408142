"""Replicate weights that come with a file, by the rules of R's `svrepdesign`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scslab.analysis.design import Replicates
from scslab.core.errors import ScslabError, near

Scales = tuple[float, np.ndarray]


def replicates_from(
    columns: np.ndarray,
    kind: str,
    *,
    weights: np.ndarray,
    scale: float | None = None,
    rscales: np.ndarray | None = None,
    rho: float | None = None,
    combined: bool = True,
    mse: bool = False,
    df: float | None = None,
) -> Replicates:
    """Replicate weights that come with a file, by the rules of R's `svrepdesign`.

    Parameters
    ----------
    columns : f8[n, R]
        Replicate weights; with `combined` false, factors on the weights.
    kind : str
        "JK1", "JKn", "JK2", "BRR", "Fay", "bootstrap", "ACS", "successive-difference", "other".
    weights : f8[n]
        The full-sample weights.
    scale, rscales : float and f8[R], optional
        Where the kind does not tell them: rscales of combined JKn weights, both of "other"
        (R would take 1 and warn).
    rho : float
        Fay's.

    Raises
    ------
    ScslabError
        Missing weights; scales that the kind needs or does not take; columns that look like
        factors but are called combined, or the other way round.

    Examples
    --------
    >>> full = np.array([1.0, 1.0])
    >>> replicates_from(np.array([[0.0, 2.0], [2.0, 0.0]]), "JK1", weights=full).scale
    0.5
    """
    given = np.asarray(columns, dtype=float)
    full = np.asarray(weights, dtype=float)
    check_columns(given, full, combined)
    if kind not in READ:
        raise ScslabError("unknown kind of replicates", got=kind, hint=near(kind, READ))
    if kind in FIXED and (scale is not None or rscales is not None):
        raise ScslabError(f"{kind} replicates have scales of their own", hint="leave them out")
    if (rho is not None) != (kind == "Fay"):
        raise ScslabError(
            "Fay replicates need their rho" if kind == "Fay" else f"{kind} replicates have no rho",
            expected="the rho they were made with, from 0 to below 1" if kind == "Fay" else "",
        )
    if rho is not None and not 0 <= rho < 1:
        raise ScslabError("Fay's rho must be from 0 to below 1", got=rho)
    count = given.shape[1]
    if rscales is not None and np.size(rscales) not in (1, count):
        raise ScslabError("one of rscales for each replicate", got=f"{np.size(rscales)} of {count}")
    plain_scale, plain_rscales = READ[kind](given, combined, rho or 0.0, scale, rscales)
    return Replicates(
        weights=given if combined else given * full[:, None],
        scale=plain_scale if scale is None else float(scale),
        rscales=plain_rscales if rscales is None else np.broadcast_to(rscales, count).astype(float),
        mse=mse,
        kind=kind,
        df=df,
    )


def check_columns(given: np.ndarray, full: np.ndarray, combined: bool) -> None:
    """Columns that can be replicate weights of these weights."""
    if given.ndim != 2 or len(given) != len(full) or given.shape[1] < 2:
        raise ScslabError(
            "replicate weights must be columns beside the weights",
            got=" x ".join(map(str, given.shape)),
            expected=f"{len(full):,} rows, at least 2 columns",
        )
    if not np.isfinite(given).all():
        column = int(np.flatnonzero(~np.isfinite(given).all(axis=0))[0])
        raise ScslabError("missing replicate weights", where=f"replicate {column + 1}")
    mean, ratio = float(given.mean()), float(full.mean() / given.mean())
    if combined and mean < 5 and ratio > 5:
        raise ScslabError(
            "these replicate weights look like factors on the weights",
            got=f"mean {mean:.4g}, weights of mean {full.mean():.4g}",
            hint="combined: false",
        )
    if not combined and mean > 5 and ratio < 5:
        raise ScslabError(
            "these replicate weights look like whole weights",
            got=f"mean {mean:.4g}, weights of mean {full.mean():.4g}",
            hint="combined: true",
        )


def ones(count: int) -> np.ndarray:
    """Equal scales."""
    return np.ones(count)


Rule = Callable[[np.ndarray, bool, float, "float | None", "np.ndarray | None"], Scales]


def jk1_scales(w: np.ndarray, combined: bool, rho: float, *_: object) -> Scales:
    """(R - 1) / R, or what the largest factor tells."""
    count = w.shape[1]
    return ((count - 1) / count if combined else 1 / float(w[:, 0].max())), ones(count)


def jkn_scales(
    w: np.ndarray, combined: bool, rho: float, scale: float | None, rscales: np.ndarray | None
) -> Scales:
    """(n - 1) / n of each stratum, which factors tell and whole weights do not."""
    if rscales is not None:
        return 1.0, ones(w.shape[1])
    if combined:
        raise ScslabError(
            "JKn replicates that are whole weights need their rscales",
            expected="(n - 1) / n of the stratum of each replicate",
        )
    return 1.0, 1 / w.max(axis=0)


def other_scales(
    w: np.ndarray, combined: bool, rho: float, scale: float | None, rscales: np.ndarray | None
) -> Scales:
    """None but those that are told."""
    if scale is None:
        raise ScslabError('replicates of kind "other" need their scale')
    return scale, ones(w.shape[1])


READ: dict[str, Rule] = {
    "JK1": jk1_scales,
    "JKn": jkn_scales,
    "JK2": lambda w, *_: (1.0, ones(w.shape[1])),
    "BRR": lambda w, *_: (1 / w.shape[1], ones(w.shape[1])),
    "Fay": lambda w, _, rho, *__: (1 / (w.shape[1] * (1 - rho) ** 2), ones(w.shape[1])),
    "bootstrap": lambda w, *_: (1 / (w.shape[1] - 1), ones(w.shape[1])),
    "ACS": lambda w, *_: (4 / w.shape[1], ones(w.shape[1])),
    "successive-difference": lambda w, *_: (4 / w.shape[1], ones(w.shape[1])),
    "other": other_scales,
}
FIXED = frozenset(("BRR", "Fay", "JK2", "ACS", "successive-difference"))
