"""The rows of a file that hold a number and its source, by path: `variables.approval.cuts.0`.

A path joins keys with dots; an item of a list is called by its `name` or `id`, else by its place
from 0 (as in the variants of a study).
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scslab.core.errors import ScslabError, near
from scslab.core.ledger import fingerprint


@dataclass(frozen=True)
class FittedRow:
    """A row that may be fitted: its path, the value it starts from, its range."""

    path: str
    value: float
    low: float
    high: float


def rows_of(data: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every mapping with a value and a source below some data, with its path, in order.

    Examples
    --------
    >>> cut = {"value": 1.5, "source": "fit", "between": [0, 3]}
    >>> data = {"variables": [{"name": "joy", "cuts": [cut], "base": cut}]}
    >>> [path for path, _ in rows_of(data)]
    ['variables.joy.cuts.0', 'variables.joy.base']
    """
    if isinstance(data, dict):
        if "value" in data and "source" in data:
            yield path, data
            return
        items = [(str(key), item) for key, item in data.items()]
    elif isinstance(data, list):
        items = [(called(item, i), item) for i, item in enumerate(data)]
    else:
        return
    for key, item in items:
        yield from rows_of(item, f"{path}.{key}" if path else key)


def called(item: Any, place: int) -> str:
    """What an item of a list is called in a path."""
    if isinstance(item, dict):
        for key in ("name", "id"):
            if isinstance(item.get(key), str):
                return str(item[key])
    return str(place)


def fitted_rows(data: Any, kinds: Collection[str] = ("calibration",)) -> tuple[FittedRow, ...]:
    """The rows whose source is of one of these kinds and that name a range.

    Parameters
    ----------
    data : mapping
        A checked wave file as plain data, with its `sources`.
    """
    sources = data["sources"]
    rows = []
    for path, row in rows_of(data):
        if sources[row["source"]]["kind"] in kinds and row.get("between") is not None:
            low, high = row["between"]
            rows.append(FittedRow(path, float(row["value"]), float(low), float(high)))
    return tuple(rows)


def with_values(data: Any, values: Mapping[str, float], where: str = "") -> Any:
    """A copy of some data in which rows have other values.

    Raises
    ------
    ScslabError
        A path leads to no row.
    """
    copied = copy.deepcopy(data)
    rows = dict(rows_of(copied))
    for path, value in values.items():
        if path not in rows:
            raise ScslabError(f'there is no value at "{path}"', where=where, hint=near(path, rows))
        rows[path]["value"] = value
    return copied


def fingerprint_without(parts: Mapping[str, Any], fitted: Collection[str]) -> str:
    """A hash of all that a calibration rests on but the fitted values themselves.

    Where it differs from the one in a calibrated file, that file is stale. Ranges, sources and
    every other value count.

    Parameters
    ----------
    parts : mapping
        By name, plain data: wave, study, findings, regimes, seed, persons, version.
    fitted : collection of str
        Paths within `parts["wave"]`.
    """
    gone = dict.fromkeys(fitted, 0.0)
    return fingerprint({**parts, "wave": with_values(parts["wave"], gone)})
