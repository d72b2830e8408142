"""Find, read and check regime folders."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from scslab.core.acts import check_act
from scslab.core.calendar import day
from scslab.core.errors import ScslabError, near
from scslab.core.shapes import fit
from scslab.core.values import Strict
from scslab.core.yamlfile import Document, Place, read
from scslab.regimes.cases import Case
from scslab.regimes.check import check_regime
from scslab.regimes.check_scores import check_other_list
from scslab.regimes.laying import changed
from scslab.regimes.model import Regime
from scslab.regimes.safeguard import read_safeguard
from scslab.regimes.safeguard_shape import Safeguard

LIBRARY = Path(__file__).parent / "library"
AS_WRITTEN = "as-written"


# Groups whose keys are names of the file's own: a change replaces one and adds none.
NAMED_BY_FILE = ("floors", "quotas", "visits", "limits")


class Cases(Strict):
    """The cases of one regime."""

    cases: list[Case]


@cache
def library() -> dict[str, Path]:
    """The regimes that come with the package: id -> folder."""
    return {p.parent.name: p.parent for p in sorted(LIBRARY.glob("*/regime.yaml"))}


def find_regime(name: str, beside: Path | None = None, where: str = "") -> Path:
    """The folder of a regime: one beside the study wins over one of the library.

    Raises
    ------
    ScslabError
        No such regime, with the nearest known name.
    """
    # A run keeps the rules as they were written, beside those that its study made of them.
    places = (beside, beside / AS_WRITTEN, beside / "regimes") if beside is not None else ()
    for folder in places:
        if (folder / name / "regime.yaml").is_file():
            return folder / name
    if name in library():
        return library()[name]
    local = [p.parent.name for p in beside.glob("*/regime.yaml")] if beside is not None else []
    raise ScslabError(f'no regime "{name}"', where=where, hint=near(name, [*library(), *local]))


def read_regime(
    folder: Path,
    changes: dict[str, Any] | None = None,
    sources: dict[str, Any] | None = None,
    safeguards: Sequence[Safeguard | str] = (),
    since: str = "",
) -> Regime:
    """Read one regime folder, with rows replaced where a study changes the rules.

    Parameters
    ----------
    folder : Path
        Folder with `regime.yaml`, or that file.
    changes : dict, optional
        Dotted path -> dated value in place of the one in the file.
    sources : dict, optional
        Sources that changed rows may cite besides those of the file.
    safeguards : sequence of Safeguard or str, optional
        Safeguards laid over the rules, after the changes; names are of the package's. Their order
        does not matter.
    since : str, optional
        First day on which the safeguards hold; by default that of the regime.

    Raises
    ------
    ScslabError
        The first mistake of the file, with its line.
    """
    document = regime_document(folder, changes, sources)
    regime = fit(Regime, document)
    path = folder / "regime.yaml" if folder.is_dir() else folder
    if path.parent.name != regime.id:
        raise ScslabError(
            "the id must be the name of the folder",
            where=document.where(("id",)),
            got=regime.id,
            expected=path.parent.name,
        )
    if safeguards:
        document = with_safeguards(document, safeguards, since)
        regime = fit(Regime, document)
    check_regime(regime, document)
    return regime


def regime_document(
    folder: Path,
    changes: dict[str, Any] | None = None,
    sources: dict[str, Any] | None = None,
) -> Document:
    """The data of a regime file, with rows replaced where a study changes the rules."""
    document = read(folder / "regime.yaml" if folder.is_dir() else folder)
    if changes:
        document = Document(document.name, deepcopy(document.data), document.lines)
        for target, value in changes.items():
            replace(document, target, value)
            add_sources(document, value, sources or {})
    return document


def with_safeguards(
    document: Document, safeguards: Sequence[Safeguard | str], since: str
) -> Document:
    """The data of a regime with safeguards laid over it, in the order of their names."""
    found = [read_safeguard(s) if isinstance(s, str) else s for s in safeguards]
    for safeguard in sorted(found, key=lambda s: s.id):
        document, _ = changed(document, safeguard, since)
    return document


def replace(document: Document, target: str, value: Any) -> None:
    """Put a dated value at a place of a parsed regime; the place must lead to known keys.

    Names of acts have dots, so at each step the longest key that fits is taken.
    """
    at, parts = document.data, target.split(".")
    while len(parts) > 1:
        keys = at if isinstance(at, dict) else {}
        length = next((n for n in range(len(parts), 0, -1) if ".".join(parts[:n]) in keys), 0)
        if length == 0:
            raise ScslabError(
                f'a change sets "{target}", which the rules do not have',
                where=document.name,
                hint=near(parts[0], keys),
            )
        if length == len(parts):
            break
        at, parts = keys[".".join(parts[:length])], parts[length:]
    if not isinstance(at, dict):
        raise ScslabError(
            f'a change sets "{target}", which the rules do not have', where=document.name
        )
    key = ".".join(parts)
    names = target.split(".")[-len(parts) - 1] if len(parts) < len(target.split(".")) else ""
    if key not in at and names in NAMED_BY_FILE:
        raise ScslabError(
            f'a change sets "{target}", which the rules do not have',
            where=document.name,
            hint=near(key, at),
        )
    at[key] = value


def add_sources(document: Document, value: Any, sources: dict[str, Any]) -> None:
    """Add the sources that a changed value cites and the regime file does not have."""
    rows = value.get("rows", []) if isinstance(value, dict) else []
    for row in rows if isinstance(rows, list) else []:
        name = row.get("source") if isinstance(row, dict) else None
        if name in sources:
            document.data["sources"].setdefault(name, sources[name])


def read_cases(folder: Path) -> list[Case]:
    """The worked cases of a regime folder, in the order of the file.

    Raises
    ------
    ScslabError
        The first mistake of the file, with its line.
    """
    document = read(folder / "cases.yaml")
    wrapped = Document(
        document.name,
        {"cases": document.data},
        {("cases", *place): line for place, line in document.lines.items()},
    )
    cases = fit(Cases, wrapped).cases
    for i, case in enumerate(cases):
        check_case_shape(case, ("cases", i), wrapped)
    return cases


def check_case_shape(case: Case, at: Place, document: Document) -> None:
    """A case is about one subject; its records name known acts and real days."""
    day(case.on, document.where((*at, "on")))
    if (case.person is None) == (case.organisation is None):
        raise ScslabError(
            "a case is about a person or an organisation",
            where=document.where(at),
            got="both" if case.person is not None else "neither",
        )
    check_case_numbers(case, at, document)
    for j, record in enumerate(case.records):
        place: Place = (*at, "records", j)
        if (record.act is None) == (record.listed_on is None):
            raise ScslabError(
                "a record is of an act or of a listing elsewhere (listed_on)",
                where=document.where(place),
                got="both" if record.act is not None else "neither",
            )
        if record.listed_on is not None:
            check_other_list(record.listed_on, document.where((*place, "listed_on")))
        if record.act is not None and (record.of != "same" or record.until is not None):
            raise ScslabError(
                "of and until tell of a listing elsewhere (listed_on), not of an act",
                where=document.where(place),
            )
        if record.act is not None:
            check_act(record.act, document.where((*place, "act")))
        for key in ("ended", "until", "performed", "applied"):
            text = getattr(record, key)
            if text is not None and day(text, document.where((*place, key))) < day(record.ended):
                raise ScslabError(
                    f"{key} lies before ended",
                    where=document.where((*place, key)),
                    got=text,
                    expected=f"{record.ended} or later",
                )


def check_case_numbers(case: Case, at: Place, document: Document) -> None:
    """Ages, months, ranks and shares of dimensions make sense."""
    who = "person" if case.person is not None else "organisation"
    subject = case.subject
    numbers = [("rank", subject.rank, 1.0)]
    numbers += [(f"dimensions.{n}", share, 1.0) for n, share in subject.dimensions.items()]
    if case.person is not None:
        numbers += [("age", case.person.age, 120)]
        numbers += [("months_resident", case.person.months_resident, 1440)]
    for name, value, highest in numbers:
        if value is not None and not 0 <= value <= highest:
            raise ScslabError(
                "this number does not fit here",
                where=document.where((*at, who, *name.split("."))),
                got=value,
                expected=f"0 to {highest:g}",
            )


def regime_schema() -> dict[str, Any]:
    """The JSON Schema of a regime file."""
    return TypeAdapter(Regime).json_schema(by_alias=True)
