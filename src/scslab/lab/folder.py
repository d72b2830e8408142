"""What a run leaves in a folder: its manifest, tables, rules and pages, so that it runs again."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from pydantic import BaseModel

from scslab.core.calendar import month_text
from scslab.core.files import sha256
from scslab.core.ledger import fingerprint, machine, text_hash, version, versions
from scslab.core.results import RunSummary
from scslab.lab.frames import write_parquet
from scslab.lab.run import Run, seal
from scslab.lab.waves.read import Wave
from scslab.lab.waves.report import WaveReport
from scslab.lab.world import World
from scslab.regimes.load import AS_WRITTEN, find_regime
from scslab.study.model import Study
from scslab.study.read import check_study

# The dumper in C is five times as fast.
Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

Draw = Callable[[RunSummary, Path], None]
DrawWave = Callable[[WaveReport, Path], None]


def make_manifest(
    world: World, seed: int, surveys: list[str], waves: Sequence[Wave] = ()
) -> dict[str, Any]:
    """What the run is, and all that decided its results."""
    society, study = world.society, world.file.study
    persons = world.kinds.persons()[world.people.kind]
    rated = int(np.diff(world.people.cell_start)[world.people.rated & persons].sum())
    first, last = month_text(world.months[0]), month_text(world.months[-1])
    rules = {r.id: text_hash(r.model_dump_json(by_alias=True)) for r in world.regimes}
    decides = {
        "version": version(),
        "study": text_hash(study.model_dump_json(by_alias=True)),
        "regimes": rules,
        "society": society_hash(world),
        "numba": versions()["numba"],
        "seed": seed,
        "persons": society.persons,
        "months": [first, last],
    }
    if society.organisations:
        decides["organisations"] = society.organisations
    if waves:
        decides["waves"] = {
            w.id: [w.mark, text_hash(w.document.wave.model_dump_json())] for w in waves
        }

    return {
        "schema": "run/1",
        "synthetic": True,
        "says": "Every person and organisation in this run is simulated. Nobody real was rated.",
        "study": study.id,
        "title": study.title,
        "seed": seed,
        "persons": society.persons,
        "rated": rated,
        "stands_for": society.stands_for,
        "scale": society.scale,
        "organisations": society.organisations,
        "organisations_stand_for": society.organisations_stand_for,
        "first_month": first,
        "last_month": last,
        "society": society.id,
        "groups": {name: list(society.attributes[name]) for name in society.group_codes},
        "regimes": [r.id for r in world.regimes],
        "lists": [r.id for r in world.regimes if r.lists],
        "scored": [r.id for r in world.regimes if r.score is not None],
        "grades": {r.id: r.grades.names for r in world.regimes if r.grades is not None},
        "surveys": surveys,
        "rules_sha256": rules,
        "fingerprint": fingerprint(decides),
        "versions": versions(),
        "machine": machine(),
        "luck": "SplitMix64 finaliser over (seed, decision, month, place, number)",
    }


def society_hash(world: World) -> str:
    """A hash of the society: its cells, their sizes and their attributes."""
    digest = hashlib.sha256(world.people.cell_start.tobytes())
    for name, codes in world.society.cell_codes.items():
        digest.update(name.encode() + codes.astype(np.int32).tobytes())
    return digest.hexdigest()


def write_run(
    world: World, run: Run, folder: Path, draw: Draw | None, draw_wave: DrawWave | None
) -> None:
    """Write all files of a run; the manifest last, with the hash of every other file."""
    started = time.perf_counter()
    write_yaml(resolved(world, folder), folder / "study.yaml")
    for report in run.waves.values():
        copy_wave(report.result.wave, folder / "waves" / report.id)
    for regime in world.regimes:
        rules = folder / "regimes" / regime.id
        rules.mkdir(parents=True)
        write_yaml(regime, rules / "regime.yaml")
        keep_as_written(world, regime.id, folder)
    for name in world.platforms:
        keep_as_written(world, name, folder)
    write_tables(run, folder)
    for name, variant in run.variants.items():
        (folder / "variants" / name).mkdir(parents=True)
        write_tables(variant, folder / "variants" / name)
    for name, answers in run.surveys.items():
        write_parquet(answers, folder / f"survey-{name}.parquet")
    for name, report in run.waves.items():
        if draw_wave is not None:
            (folder / f"wave-{name}").mkdir()
            draw_wave(report, folder / f"wave-{name}")
    if draw is not None and run.summary is not None:
        draw(run.summary, folder / "report.html")
    run.timings["files"] = round(time.perf_counter() - started, 3)
    run.manifest["timings"] = run.timings
    run.manifest["outputs"] = {
        path.relative_to(folder).as_posix(): sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    run.manifest["seal"] = seal(run.manifest)
    (folder / "manifest.json").write_text(
        json.dumps(run.manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def keep_as_written(world: World, name: str, folder: Path) -> None:
    """The rules without the study's changes and safeguards, so that the folder runs again.

    A variant may lay other changes over them, so those as they were run will not do.
    """
    source = find_regime(name, world.file.folder)
    target = folder / AS_WRITTEN / name
    target.mkdir(parents=True)
    shutil.copyfile(source / "regime.yaml", target / "regime.yaml")


def write_tables(run: Run, folder: Path) -> None:
    """Write the tables of a run or of a variant."""
    for name in ("tallies", "measures", "histograms", "inspections", "events"):
        write_parquet(getattr(run, name), folder / f"{name}.parquet")


def resolved(world: World, folder: Path) -> Study:
    """The study as it was run, so that its copy runs alone; what lies beside it comes along.

    The practice of safeguards is left out: they are laid over it again.
    """
    file = world.file
    asked = check_study(file.document, file.text, file.folder).study
    study = file.study.model_copy(update={"regimes": asked.regimes, "sources": asked.sources})
    own = file.folder / "safeguards" if file.folder is not None else Path("safeguards")
    if file.folder is not None and own.is_dir():
        shutil.copytree(own, folder / "safeguards")
    update: dict[str, Any] = {"persons": world.society.persons}
    if study.society.organisations is not None:
        size = {"count": world.society.organisations}
        update["organisations"] = study.society.organisations.model_copy(update=size)
    if isinstance(study.society.margins, str) and world.file.folder is not None:
        margins = world.file.folder / study.society.margins
        if margins.is_dir():
            shutil.copytree(margins, folder / "margins")
            update["margins"] = "margins"
    waves = [w.model_copy(update={"file": f"waves/{w.id}/wave.yaml"}) for w in study.waves]
    society = study.society.model_copy(update=update)
    return study.model_copy(update={"society": society, "waves": waves})


def copy_wave(wave: Wave, folder: Path) -> None:
    """The files of a wave as it was fielded: fitted values stand in place of the guesses."""
    folder.mkdir(parents=True)
    spec, source = wave.document.wave, wave.document.folder or Path()
    names = (spec.design, spec.analysis, spec.findings, spec.paper)
    for name in names:
        if name is not None:
            shutil.copyfile(source / name, folder / Path(name).name)
    beside = source / spec.instrument
    changes: dict[str, Any] = {"calibrated": None}
    if beside.is_file():
        shutil.copyfile(beside, folder / beside.name)
        changes["instrument"] = beside.name
    for key in ("design", "analysis", "findings", "paper"):
        name = getattr(spec, key)
        changes[key] = None if name is None else Path(name).name
    # Keys that the file did not have belong to other kinds of variables.
    write_yaml(spec.model_copy(update=changes), folder / "wave.yaml", unset=False)


def write_yaml(model: BaseModel, path: Path, unset: bool = True) -> None:
    """Write a checked file back as YAML; with `unset` also what stands at its default."""
    shown = model.model_dump(by_alias=True, exclude_none=True, exclude_unset=not unset, mode="json")
    text = yaml.dump(
        restore_ends(shown), Dumper=Dumper, sort_keys=False, allow_unicode=True, width=100
    )
    path.write_text(text, encoding="utf-8")


def restore_ends(data: Any) -> Any:
    """Give rows that ended their `value: null` back, which a dump without nulls drops."""
    if isinstance(data, dict):
        found = {key: restore_ends(value) for key, value in data.items()}
        if "from" in found and "source" in found and "value" not in found:
            found["value"] = None
        return found
    if isinstance(data, list):
        return [restore_ends(item) for item in data]
    return data
