"""Problems as SALib takes them, and its samplers; it is an extra of the package."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from fnmatch import fnmatchcase
from importlib import import_module
from typing import Any

import numpy as np

from scslab.core.errors import ScslabError, near
from scslab.core.sweep import Factor
from scslab.core.yamlfile import Document
from scslab.study.sweep import Sampler

INSTALL = "pip install 'scslab[sweep]'"
MORRIS_LEVELS = 4


def problem_of(
    factors: Sequence[Factor], outcomes: Sequence[str] = (), groups: Sequence[str] = ()
) -> dict[str, Any]:
    """The problem of a sweep in SALib's words: names, bounds, groups and outputs.

    A factor of m levels is bounded by 0 and m; its level is the whole part of the number.

    Examples
    --------
    >>> problem_of([Factor("a", "p", "share", 0.2, 0.6)], ["listed"])
    {'num_vars': 1, 'names': ['a'], 'bounds': [[0.2, 0.6]], 'outputs': ['listed']}
    """
    found: dict[str, Any] = {
        "num_vars": len(factors),
        "names": [f.name for f in factors],
        "bounds": [bounds_of(f) for f in factors],
    }
    found |= {"groups": list(groups)} if groups else {}
    return found | ({"outputs": list(outcomes)} if outcomes else {})


def bounds_of(factor: Factor) -> list[float]:
    """The ends between which a factor moves in a problem of SALib."""
    if factor.levels is not None:
        return [0.0, float(len(factor.levels))]
    return [float(factor.low), float(factor.high)]


def unit_problem(names: Sequence[str], groups: Sequence[str] = ()) -> dict[str, Any]:
    """A problem of SALib whose parameters are positions, from 0 to 1."""
    found: dict[str, Any] = {
        "num_vars": len(names),
        "names": list(names),
        "bounds": [[0.0, 1.0]] * len(names),
    }
    return found | ({"groups": list(groups)} if groups else {})


def by_salib(
    names: Sequence[str], sampler: Sampler, seed: int, groups: Sequence[str]
) -> np.ndarray:
    """The cases of Saltelli's scheme or of Morris's trajectories as positions, f8[n, factors]."""
    problem = unit_problem(names, groups)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that change in its own libraries
        if sampler.method == "saltelli":
            found = salib("sample.sobol").sample(
                problem, sampler.base, calc_second_order=sampler.second_order, seed=seed
            )
        else:
            found = salib("sample.morris").sample(
                problem, sampler.trajectories, sampler.levels or MORRIS_LEVELS, seed=seed
            )
    return np.asarray(found, dtype=float)


def salib(module: str) -> Any:
    """A module of SALib.

    Raises
    ------
    ScslabError
        It is not installed.
    """
    try:
        return import_module(f"SALib.{module}")
    except ImportError as error:
        raise ScslabError(
            "saltelli and morris need SALib, which is not installed", hint=INSTALL
        ) from error


def groups_of(
    factors: Sequence[Factor], named: dict[str, list[str]], document: Document
) -> tuple[str, ...]:
    """The group of each factor, in their order; a factor of no group is a group of its own.

    Raises
    ------
    ScslabError
        A pattern fits no factor, or a factor is in two groups.
    """
    if not named:
        return ()
    found: dict[str, str] = {}
    for group, patterns in named.items():
        for i, pattern in enumerate(patterns):
            where = document.where(("groups", group, i))
            fits = [
                f.name
                for f in factors
                if fnmatchcase(f.name, pattern) or fnmatchcase(f.path, pattern)
            ]
            if not fits:
                raise ScslabError(
                    f'no factor fits "{pattern}"',
                    where=where,
                    hint=near(pattern, [f.name for f in factors]),
                )
            for name in fits:
                if found.get(name, group) != group:
                    raise ScslabError(
                        f'"{name}" is in two groups', where=where, got=f"{found[name]} and {group}"
                    )
                found[name] = group
    return tuple(found.get(f.name, f.name) for f in factors)
