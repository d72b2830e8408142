"""Rule files for the audit: ten clean ones, and forty that are a clean one with one fault."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from scslab.core.yamlfile import read

FOLDER = Path(__file__).parent / "audit_files"
CLEAN = sorted(p.name for p in (FOLDER / "clean").iterdir())
FAULTY = sorted(p.name for p in (FOLDER / "faulty").iterdir())


@dataclass(frozen=True)
class Fault:
    """What is planted, and what an audit must find: criterion and rule."""

    name: str
    base: str
    finds: set[tuple[str, str]]


def clean_folder(name: str) -> Path:
    return FOLDER / "clean" / name


def fault(name: str) -> Fault:
    data = read(FOLDER / "faulty" / name / "change.yaml").data
    return Fault(name, data["base"], {(f["criterion"], f["rule"]) for f in data["finds"]})


def planted(name: str, under: Path) -> Path:
    """A real regime folder with one planted fault, below a folder."""
    change = read(FOLDER / "faulty" / name / "change.yaml").data
    return changed(change["base"], name, under, change.get("set", ()), change.get("remove", ()))


def changed(base: str, name: str, under: Path, put: Any = (), remove: Any = ()) -> Path:
    """A clean regime under another name, with values set and keys removed."""
    data = read(clean_folder(base) / "regime.yaml").data
    data["id"] = name
    for one in put:
        *way, last = one["at"]
        spot(data, way)[last] = one["value"]
    for *way, last in remove:
        del spot(data, way)[last]
    folder = under / name
    folder.mkdir(parents=True)
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
    for own in ("SELF", base):
        text = text.replace(f"{own}/", f"{name}/")
    (folder / "regime.yaml").write_text(text, encoding="utf-8")
    return folder


def spot(data: Any, way: list[str]) -> Any:
    for key in way:
        data = data.setdefault(key, {})
    return data
