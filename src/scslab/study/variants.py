"""Variants: the same study but for some of its parts, to be run with the same luck."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

from scslab.core.errors import ScslabError, moved_to, near
from scslab.core.yamlfile import Document
from scslab.study.model import Variant
from scslab.study.read import StudyFile, check_study


def variant_file(file: StudyFile, name: str) -> StudyFile:
    """The study of one variant, checked like any other.

    Raises
    ------
    ScslabError
        A path leads nowhere, a regime is unknown, or the changed study makes no sense.
    """
    variant = file.study.variants[name]
    where = file.document.where(("variants", name, "without"))
    data = deepcopy(file.document.data)
    data.pop("variants")
    leave_out(data, variant, where)
    for path, value in file.document.data["variants"][name].get("set", {}).items():
        at = file.document.where(("variants", name, "set", path))
        before = deepcopy(data)
        put(data, path, deepcopy(value), at)
        if data == before:
            raise ScslabError(f'a variant sets "{path}", which changes nothing', where=at)
    known = {use["use"] for use in data["regimes"]}
    data["compare"] = [c for c in data.get("compare", []) if c.get("regime", "") in {"", *known}]
    document = Document(file.document.name, data, file.document.lines)
    try:
        found = check_study(document, file.text, file.folder)
    except ScslabError as error:
        raise of_variant(error, file, name) from error
    months = file.study.period
    return replace(found, study=found.study.model_copy(update={"period": months}))


def of_variant(error: ScslabError, file: StudyFile, name: str) -> ScslabError:
    """A mistake in a study as changed, told at the variant that changes it."""
    line, _, path = error.where.partition(": ")
    inside = line.rpartition(":")[0] == file.document.name
    place = (path if inside else error.where) or "the study"
    where = file.document.where(("variants", name))
    return moved_to(error, where, f"as changed here, {place}: {error.what}")


def leave_out(data: dict[str, Any], variant: Variant, where: str) -> None:
    """Drop the regimes that a variant does without, and oversight of nothing but them."""
    names = [use["use"] for use in data["regimes"]]
    for name in variant.without:
        if name not in names:
            raise ScslabError(
                f'no regime "{name}" in this study', where=where, hint=near(name, names)
            )
    data["regimes"] = [use for use in data["regimes"] if use["use"] not in variant.without]
    for oversight in data.get("oversight", []):
        had = bool(oversight["regimes"])
        oversight["regimes"] = [n for n in oversight["regimes"] if n not in variant.without]
        oversight["gone"] = had and not oversight["regimes"]
    data["oversight"] = [
        {k: v for k, v in o.items() if k != "gone"}
        for o in data.get("oversight", [])
        if not o["gone"]
    ]


def put(data: Any, path: str, value: Any, where: str) -> None:
    """Set what stands at a dotted path; null takes it away.

    Regimes are found by their names. Acts have dots in their names, so at each step the longest
    key that fits is taken.
    """
    at, parts = data, path.split(".")
    while True:
        keys = by_name(at)
        length = next((n for n in range(len(parts), 0, -1) if ".".join(parts[:n]) in keys), 0)
        if length == len(parts) or (len(parts) == 1 and isinstance(at, dict)):
            break
        if length == 0:
            raise ScslabError(
                f'a variant sets "{path}", which leads nowhere',
                where=where,
                hint=near(parts[0], [str(k) for k in keys]),
            )
        at, parts = at[keys[".".join(parts[:length])]], parts[length:]
    key = by_name(at).get(".".join(parts), ".".join(parts))
    if value is None:
        at.pop(key, None) if isinstance(at, dict) else at.pop(key)
    else:
        at[key] = value


def by_name(at: Any) -> dict[str, Any]:
    """The keys of a mapping; the places of a list by number, and regimes by their names."""
    if isinstance(at, dict):
        return {str(key): key for key in at}
    if isinstance(at, list):
        named = {
            use["use"]: i for i, use in enumerate(at) if isinstance(use, dict) and "use" in use
        }
        return {str(i): i for i in range(len(at))} | named
    return {}
