"""Weights for those who did not answer."""

from __future__ import annotations

import numpy as np

from scslab.core.errors import ScslabError


def adjust(
    weights: np.ndarray,
    answered: np.ndarray,
    groups: np.ndarray,
    wider: np.ndarray | None = None,
) -> np.ndarray:
    """Weights of those who answered, brought up for those who did not, f8[n].

    Within a group, base weight times (weight of all drawn / weight of those who answered): with
    equal weights drawn / answered. Those who did not answer get 0. Groups where nobody answered
    are carried by the others of their wider group.

    Parameters
    ----------
    weights : f8[n]
        Base weights of all persons drawn.
    answered : bool[n]
    groups : [n]
        Strata or clusters, within which those who answered stand for the others.
    wider : [n], optional
        Larger groups (the strata of clusters).

    Raises
    ------
    ScslabError
        Nobody answered in some group, and no wider one helps.

    Examples
    --------
    >>> adjust(np.full(4, 10.0), np.array([True, False, True, True]), np.array([0, 0, 1, 1]))
    array([20.,  0., 10., 10.])
    """
    kept = np.where(answered, weights, 0.0)
    if wider is not None:
        names, group = np.unique(groups, return_inverse=True)
        whole, left = (np.bincount(group, w, minlength=len(names)) for w in (weights, kept))
        up = np.divide(whole, left, out=np.ones(len(names)), where=left > 0)
        kept, groups = kept * up[group], wider
    names, group = np.unique(groups, return_inverse=True)
    whole, left = (np.bincount(group, w, minlength=len(names)) for w in (weights, kept))
    if (left == 0).any():
        empty = [str(name) for name in names[left == 0]]
        raise ScslabError(
            f"nobody answered in {len(empty)} of {len(names)} groups",
            where="nonresponse weights",
            got=", ".join(empty[:12]) + (", ..." if len(empty) > 12 else ""),
            hint="adjust within wider groups, such as strata in place of clusters",
        )
    return kept * (whole / left)[group]
