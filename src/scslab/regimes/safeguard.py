"""Where safeguards are, and whether their files make sense."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter

from scslab.core.acts import acts
from scslab.core.errors import ScslabError, near
from scslab.core.shapes import fit
from scslab.core.values import Dated, Row, check_row, check_sources
from scslab.core.yamlfile import Document, Place, read
from scslab.regimes.check import UNITS
from scslab.regimes.model import Regime
from scslab.regimes.safeguard_shape import Change, Laid, Safeguard

FOLDER = Path(__file__).parent / "safeguards"
NONE = "none"
FIRST_DAY = "0001-01-01"  # stands for the day on which a safeguard will be laid


@cache
def safeguards() -> dict[str, Path]:
    """The safeguards that come with the package: id -> file."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}


def find_safeguard(name: str, beside: Path | None = None, where: str = "") -> Path:
    """The file of a safeguard: one in `safeguards/` beside the study wins over the package's.

    Raises
    ------
    ScslabError
        No such safeguard, with the nearest known name.
    """
    own = beside / "safeguards" if beside is not None else None
    if own is not None and (own / f"{name}.yaml").is_file():
        return own / f"{name}.yaml"
    if name in safeguards():
        return safeguards()[name]
    local = [path.stem for path in own.glob("*.yaml")] if own is not None else []
    raise ScslabError(
        f'no safeguard "{name}"', where=where, hint=near(name, [*safeguards(), *local])
    )


def names_of(words: Sequence[str]) -> list[str]:
    """The safeguards that some words name, each once, in one order: "notice+help" names two.

    Examples
    --------
    >>> names_of(["notice+help", "none", "help"])
    ['help', 'notice']
    """
    named = [name.strip() for word in words for name in word.split("+")]
    return sorted({name for name in named if name not in ("", NONE)})


def read_safeguard(name: str | Path, beside: Path | None = None, where: str = "") -> Safeguard:
    """Read and check one safeguard, by its name or by the path of its file.

    Raises
    ------
    ScslabError
        The first mistake of the file, with its line.

    Examples
    --------
    >>> read_safeguard("five-years").changes[0].at_most
    'remedy.record_ends'
    """
    path = name if isinstance(name, Path) else find_safeguard(name, beside, where)
    return read_file(path, changed_at(path))


def changed_at(path: Path) -> int:
    """When a file was last written, so that one edited in between is read again; 0 without one."""
    return path.stat().st_mtime_ns if path.is_file() else 0


@cache
def read_file(path: Path, _written: int) -> Safeguard:
    """Read and check the file of a safeguard."""
    document = read(path)
    found = fit(Safeguard, document)
    if path.stem != found.id:
        raise ScslabError(
            "the id must be the name of the file",
            where=document.where(("id",)),
            got=found.id,
            expected=path.stem,
        )
    check_safeguard(found, document)
    return found


def check_safeguard(safeguard: Safeguard, document: Document) -> None:
    """Sense of a safeguard: its paths exist, its values have sources, its guesses have ranges.

    Raises
    ------
    ScslabError
        The first mistake, with its line.
    """
    check_sources(safeguard.sources, document)
    for i, law in enumerate(safeguard.law):
        if law.source not in safeguard.sources:
            raise unknown_source(law.source, safeguard, document.where(("law", i, "source")))
    if not (safeguard.changes or safeguard.bounds or safeguard.hardship):
        raise ScslabError(
            "this safeguard changes nothing",
            where=document.where(("id",)),
            expected="changes, bounds or hardship",
        )
    for i, change in enumerate(safeguard.changes):
        check_change(change, ("changes", i), document)
    for name, bound in safeguard.bounds.items():
        check_patterns(bound.acts, ("bounds", name, "acts"), document)
    if safeguard.hardship is not None:
        check_patterns(safeguard.hardship.acts, ("hardship", "acts"), document)
    for place, laid in walk_laid(safeguard, document):
        row = Row(from_=FIRST_DAY, dated="assumed", **laid.row.model_dump())
        check_row(row, laid.unit, (*place, "row"), safeguard.sources, document)


def unknown_source(name: str, safeguard: Safeguard, where: str) -> ScslabError:
    """The message that a source is not there."""
    return ScslabError(
        f'source "{name}" is not in sources', where=where, hint=near(name, safeguard.sources)
    )


def check_change(change: Change, place: Place, document: Document) -> None:
    """A change is of one kind, and of a place and unit that rules have."""
    given = [k for k in ("set_", "at_most", "at_least") if getattr(change, k) is not None]
    if len(given) != 1:
        raise ScslabError(
            "a change needs one of set, at_most and at_least",
            where=document.where(place),
            got=" and ".join(k.strip("_") for k in given),
        )
    check_path(change.path, document.where((*place, change.how)))
    if change.how != "set" and change.unit == "yes/no":
        raise ScslabError(
            f"{change.how} is for numbers", where=document.where((*place, "unit")), hint="set: ..."
        )
    wanted = UNITS.get(change.path.split(".")[-1])
    if wanted and change.unit not in wanted:
        raise ScslabError(
            "this unit does not fit here",
            where=document.where((*place, "unit")),
            got=change.unit,
            expected=" or ".join(sorted(wanted)),
        )


def check_path(path: str, where: str) -> None:
    """A path leads to a dated value of some regime."""
    at: Any = Regime
    for part in path.split("."):
        known = parts_of(at)
        if known is not None and part not in known:
            raise ScslabError(
                f'"{path}" is no place in a regime', where=where, hint=near(part, known)
            )
        at = known[part] if known is not None else get_args(at)[1]
        at = next((t for t in get_args(at) if t is not type(None)), at) if is_optional(at) else at
    if at is not Dated:
        raise ScslabError(f'"{path}" is no dated value of a regime', where=where)


def is_optional(kind: Any) -> bool:
    """Whether a type is of something that may be None."""
    return type(None) in get_args(kind)


def parts_of(kind: Any) -> dict[str, Any] | None:
    """The keys below a model with their types; None below a mapping with names of its own."""
    if isinstance(kind, type) and issubclass(kind, BaseModel) and kind is not Dated:
        return {f.alias or n: f.annotation for n, f in kind.model_fields.items()}
    return None if getattr(kind, "__origin__", None) is dict else {}


def check_patterns(patterns: Sequence[str], place: Place, document: Document) -> None:
    """Each pattern of conduct meets at least one act of the vocabulary."""
    known = {*acts(), *(f"{act.partition('.')[0]}.*" for act in acts())}
    for i, pattern in enumerate(patterns):
        if not any(fnmatchcase(act, pattern) for act in acts()):
            raise ScslabError(
                f'no act of the vocabulary is "{pattern}"',
                where=document.where((*place, i)),
                hint=near(pattern, known),
            )


def walk_laid(safeguard: Safeguard, document: Document) -> Iterator[tuple[Place, Laid]]:
    """Every value of a safeguard, with its place."""
    for i, change in enumerate(safeguard.changes):
        yield ("changes", i), change
    for name, bound in safeguard.bounds.items():
        yield ("bounds", name, "holds"), bound.holds
    if safeguard.hardship is not None:
        yield ("hardship", "holds"), safeguard.hardship.holds
    for key in ("practice", "joins"):
        for place, raw in raw_values(getattr(safeguard, key), (key,)):
            yield place, fit(Laid, below(document, place), raw)


def below(document: Document, place: Place) -> Document:
    """The part of a document below a place, which keeps its lines."""
    n = len(place)
    lines = {at[n:]: line for at, line in document.lines.items() if at[:n] == place}
    return Document(document.name, document.data, lines)


def raw_values(raw: Any, place: Place = ()) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every value with a unit and a row below raw data, with its place."""
    if isinstance(raw, dict) and ("row" in raw or "unit" in raw):
        yield place, raw
    elif isinstance(raw, dict):
        for key, value in raw.items():
            yield from raw_values(value, (*place, key))


def safeguard_schema() -> dict[str, Any]:
    """The JSON Schema of a safeguard file."""
    return TypeAdapter(Safeguard).json_schema(by_alias=True)
