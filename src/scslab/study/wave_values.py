"""The numbers of a wave file by path, and the file with other numbers: for calibration."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from pydantic import BaseModel

from scslab.core.errors import ScslabError, near
from scslab.core.values import keys_of
from scslab.core.yamlfile import Place
from scslab.study.wave import Estimate, Variable, WaveFile

Change = tuple[str, str, float]  # what is left of a path, the whole path, the new value


def estimates(wave: WaveFile) -> dict[str, Estimate]:
    """Every number of a wave that has a source, by its path.

    Variables go by name, cuts are counted from 1: `variables.confidence.effects.trust`,
    `variables.confidence.cuts.1`, `variables.manager.options.local.base`, `field.starts.base`,
    `field.reach.age=18-30`.
    """
    return {path: estimate for path, _, estimate in walk(wave)}


def places(wave: WaveFile) -> dict[str, Place]:
    """Where each of these numbers stands in the file, for `Document.where`."""
    return {path: place for path, place, _ in walk(wave)}


def walk(wave: WaveFile) -> list[tuple[str, Place, Estimate]]:
    """Path, place and estimate of every number with a source, in the order of the file."""
    found: list[tuple[str, Place, Estimate]] = []
    gather(wave, (), (), found)
    return found


def gather(
    node: Any, path: tuple[str, ...], place: Place, found: list[tuple[str, Place, Estimate]]
) -> None:
    """Add every estimate below a part of a wave file to a list."""
    if isinstance(node, Estimate):
        found.append((".".join(path), place, node))
    elif isinstance(node, BaseModel):
        for name, key in keys_of(type(node)):
            value = getattr(node, name)
            if value is not None:
                gather(value, (*path, key), (*place, key), found)
    elif isinstance(node, dict):
        for key, value in node.items():
            gather(value, (*path, str(key)), (*place, str(key)), found)
    elif isinstance(node, list):
        for i, value in enumerate(node):
            name = value.name if isinstance(value, Variable) else str(i + 1)
            gather(value, (*path, name), (*place, i), found)


def with_values(wave: WaveFile, values: Mapping[str, float], where: str = "") -> WaveFile:
    """The same wave with other numbers; only what changes is copied.

    Parameters
    ----------
    wave : WaveFile
        Stays as it is.
    values : mapping of str to float
        By path, as in `estimates`.
    where : str
        File and line of the values, for messages.

    Raises
    ------
    ScslabError
        A path that is not in the wave; a value that is not finite or lies outside its range;
        cuts that no longer rise.
    """
    changes = [(path, path, float(value)) for path, value in values.items()]
    try:
        changed: WaveFile = put(wave, changes, where)
    except KeyError as error:
        path = str(error.args[0])
        raise ScslabError(
            f'the wave "{wave.id}" has no number "{path}"',
            where=where,
            hint=near(path, estimates(wave)),
        ) from None
    return changed


def put(node: Any, changes: list[Change], where: str) -> Any:
    """A part of a wave file with other numbers in it; KeyError names a path that leads nowhere."""
    if isinstance(node, Estimate):
        return replaced(node, changes, where)
    grouped: dict[Any, list[Change]] = {}
    children = children_of(node, changes)
    for rest, path, value in changes:
        head, _, tail = rest.partition(".")
        if rest in children:  # the key of an effect may hold a full stop
            head, tail = rest, ""
        if not rest or children.get(head) is None:
            raise KeyError(path)
        grouped.setdefault(head, []).append((tail, path, value))
    fresh = {head: put(children[head], group, where) for head, group in grouped.items()}
    if isinstance(node, dict):
        return {**node, **{key: fresh.get(str(key), old) for key, old in node.items()}}
    if isinstance(node, list):
        return [fresh.get(head, old) for head, old in zip(children, node, strict=True)]
    if isinstance(node, Variable) and "cuts" in fresh:
        check_rise([cut.value for cut in fresh["cuts"]], f"variables.{node.name}.cuts", where)
    return node.model_copy(update=fresh)


def children_of(node: Any, changes: list[Change]) -> dict[str, Any]:
    """What lies directly below a part of a wave file, by the names that paths give it."""
    if isinstance(node, BaseModel):
        return {name: getattr(node, name) for name in type(node).model_fields}
    if isinstance(node, dict):
        return {str(key): value for key, value in node.items()}
    if isinstance(node, list):
        return {
            value.name if isinstance(value, Variable) else str(i + 1): value
            for i, value in enumerate(node)
        }
    raise KeyError(changes[0][1])


def replaced(old: Estimate, changes: list[Change], where: str) -> Estimate:
    """An estimate with another value, within its range."""
    rest, path, value = changes[-1]
    if rest:
        raise KeyError(path)
    if not isfinite(value):
        raise ScslabError(f'"{path}" must be finite', where=where, got=value)
    if old.between is not None and not old.between[0] <= value <= old.between[1]:
        low, high = old.between
        raise ScslabError(
            f'"{path}" lies outside its range',
            where=where,
            got=value,
            expected=f"{low} to {high}, as between says",
        )
    return old.model_copy(update={"value": value})


def check_rise(cuts: list[float], what: str, where: str) -> None:
    """Cuts must rise from answer to answer.

    Raises
    ------
    ScslabError
        They do not.
    """
    if any(b <= a for a, b in zip(cuts, cuts[1:], strict=False)):
        raise ScslabError(f"{what} must rise from answer to answer", where=where, got=cuts)
