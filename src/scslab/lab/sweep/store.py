"""The folder of a sweep: one file for each case that was run, so that a killed sweep goes on.

Machines of a cluster may write to one folder at the same time: each case has a file of its own,
written beside and renamed, and the manifest names the sweep by its fingerprint.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from scslab.core.errors import ScslabError
from scslab.core.ledger import machine, versions
from scslab.lab.folder import write_yaml
from scslab.lab.sweep.plan import Plan, runs_of

SHAPE = "sweep/1"
AGAIN = "name another folder with --out, or begin anew with --restart"


def open_folder(folder: Path, plan: Plan, mark: str, restart: bool = False) -> None:
    """Make the folder of a sweep, or check that it is that of this one.

    Raises
    ------
    ScslabError
        The folder holds something else, or another sweep, or cannot be written.
    """
    manifest = folder / "manifest.json"
    try:
        if manifest.is_file():
            check_manifest(manifest, mark, restart)
            if restart or not begun(folder):
                shutil.rmtree(folder)
        elif folder.exists() and (not folder.is_dir() or not_ours(folder)):
            raise not_a_sweep(folder)
        (folder / "cases").mkdir(parents=True, exist_ok=True)
        if not manifest.is_file():
            write_sweep(plan, folder)
            write_whole(manifest, json_text(describe(plan, mark)))
    except OSError as error:
        raise cannot(folder, error) from error


def begun(folder: Path) -> bool:
    """Whether some case of a sweep has been run."""
    return any((folder / "cases").glob("*.json"))


def not_ours(folder: Path) -> list[str]:
    """What lies in a folder and is not of a sweep that another machine is beginning just now."""
    names = [path.name for path in folder.iterdir() if not path.name.startswith(".")]
    return [name for name in names if name not in ("cases", "sweep.yaml", "manifest.json")]


def not_a_sweep(folder: Path) -> ScslabError:
    """A folder that holds something else."""
    return ScslabError(
        "this is not the folder of a sweep", where=str(folder), hint="name another one with --out"
    )


def check_there(folder: Path) -> None:
    """There is a sweep to gather.

    Raises
    ------
    ScslabError
        There is none.
    """
    if not (folder / "manifest.json").is_file():
        raise ScslabError("there is no sweep here", where=str(folder), hint="run its cases first")


def check_manifest(manifest: Path, mark: str, restart: bool) -> None:
    """A folder is not taken for that of another sweep, and nothing else is thrown away."""
    try:
        found = json.loads(manifest.read_text(encoding="utf-8"))
        kind, before = str(found["schema"]), str(found["fingerprint"])
    except (ValueError, KeyError, TypeError) as error:
        raise ScslabError("the manifest cannot be read", where=str(manifest)) from error
    if kind != SHAPE:
        raise not_a_sweep(manifest.parent)
    if before != mark and not restart and begun(manifest.parent):
        raise ScslabError(
            "this folder belongs to another sweep",
            where=str(manifest.parent),
            got=f"fingerprint {before}",
            expected=f"fingerprint {mark}",
            why="the study, the sweep, a setting or the version has changed",
            hint=AGAIN,
        )


def describe(plan: Plan, mark: str) -> dict[str, Any]:
    """What the sweep is, before anything is run."""
    spec, design = plan.sweep.spec, plan.design
    return {
        "schema": SHAPE,
        "synthetic": True,
        "says": "Every person in this sweep is simulated. Nobody real was rated.",
        "sweep": spec.id,
        "study": plan.file.study.id,
        "title": plan.file.study.title,
        "fingerprint": mark,
        "method": design.method,
        "cases": design.cases,
        "replications": len(plan.seeds),
        "seeds": list(plan.seeds),
        "persons": plan.persons,
        "months": len(plan.file.months),
        "at": spec.at,
        "outcomes": [outcome.text for outcome in plan.outcomes],
        "factors": [
            {"name": f.name, "path": f.path, "unit": f.unit, "moves": f.moves}
            | ({"levels": f.levels} if f.levels is not None else {"low": f.low, "high": f.high})
            for f in design.factors
        ],
        "problem": plan.problem,
        "left_out": list(plan.left_out),
        "versions": versions(),
        "machine": machine(),
    }


def write_sweep(plan: Plan, folder: Path) -> None:
    """The sweep file as it was read, or as it was made up."""
    if plan.sweep.text:
        write_whole(folder / "sweep.yaml", plan.sweep.text)
    else:
        write_yaml(plan.sweep.spec, folder / "sweep.yaml", unset=False)


def case_path(folder: Path, number: int) -> Path:
    """The file of a case."""
    return folder / "cases" / f"{number:06d}.json"


def write_case(
    folder: Path, number: int, mark: str, values: np.ndarray, seconds: float = 0.0
) -> None:
    """Write what a case gave, f8[replications, steps, outcomes], to the last bit.

    Raises
    ------
    ScslabError
        The file cannot be written.
    """
    plain = [[[plain_number(x) for x in step] for step in run] for run in values.tolist()]
    entry = {"case": number, "fingerprint": mark, "values": plain, "s": round(seconds, 3)}
    try:
        write_whole(case_path(folder, number), json.dumps(entry) + "\n")
    except OSError as error:
        raise cannot(folder, error) from error


def plain_number(value: float) -> float | None:
    """A number as JSON holds it: what is not there is null."""
    return None if np.isnan(value) else value


def read_case(folder: Path, number: int, mark: str, shape: tuple[int, ...]) -> np.ndarray | None:
    """What a case gave, f8[replications, steps, outcomes]; None where it has not been run.

    Raises
    ------
    ScslabError
        The file is of another sweep, or cannot be read.
    """
    path = case_path(folder, number)
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))
        values = np.array(entry["values"], dtype=float)
        found = (entry["case"], values.shape)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ScslabError("a case cannot be read", where=str(path), got=error.strerror) from error
    except (ValueError, KeyError, TypeError) as error:
        raise broken(path) from error
    if found != (number, shape):
        raise broken(path)
    if entry.get("fingerprint") != mark:
        raise ScslabError(
            "this case was run by another sweep",
            where=str(path),
            got=f"fingerprint {entry.get('fingerprint')}",
            expected=f"fingerprint {mark}",
            hint="remove the file, and run the case again",
        )
    return values


def broken(path: Path) -> ScslabError:
    """A file of a case that is none."""
    return ScslabError(
        "the file of a case cannot be read",
        where=str(path),
        hint="remove it, and run the case again",
    )


def read_all(folder: Path, plan: Plan, mark: str) -> dict[int, np.ndarray]:
    """All cases that were run, by number."""
    shape = shape_of(plan)
    found = {}
    for number in range(1, plan.design.cases + 1):
        values = read_case(folder, number, mark, shape)
        if values is not None:
            found[number] = values
    return found


def shape_of(plan: Plan) -> tuple[int, int, int]:
    """Replications, steps and outcomes of a case; the last step is the whole period."""
    return len(plan.seeds), len(plan.file.months) * plan.every + 1, len(plan.outcomes)


def check_complete(found: dict[int, np.ndarray], plan: Plan, folder: Path) -> None:
    """Nothing is gathered while cases are missing.

    Raises
    ------
    ScslabError
        Naming them, in the form that --cases and SLURM take.
    """
    missing = [n for n in range(1, plan.design.cases + 1) if n not in found]
    if missing:
        text = runs_of(missing)
        raise ScslabError(
            f"{len(missing):,} of {plan.design.cases:,} cases have not been run",
            where=str(folder),
            got=f"missing {text if len(text) < 200 else text[:197] + '...'}",
            hint=f"--cases {text}" if len(text) < 200 else "run the sweep again: it goes on",
        )


def write_whole(path: Path, text: str) -> None:
    """Write a file beside and rename it, so that nobody reads half of it."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        partial.write_text(text, encoding="utf-8", newline="")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def json_text(data: dict[str, Any]) -> str:
    """A manifest as text."""
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def cannot(folder: Path, error: OSError) -> ScslabError:
    """A folder that the system refuses."""
    return ScslabError(
        "the sweep could not be written",
        where=str(folder),
        got=error.strerror,
        why="cases that were written before are kept",
    )
