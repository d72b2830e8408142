"""Run a study: months, surveys, summary, and the folder of the run."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scslab.core.calendar import month_text
from scslab.core.errors import ScslabError
from scslab.core.files import whole_folder
from scslab.core.tables import State
from scslab.lab.check import begins_late, check_asked, check_variants
from scslab.lab.fieldwork import Fielded, field_survey
from scslab.lab.folder import Draw, DrawWave, make_manifest, write_run
from scslab.lab.frames import (
    event_frame,
    histogram_frame,
    inspection_frame,
    measure_frame,
    tally_frame,
    uncounted,
)
from scslab.lab.loop import Tallies, run_months
from scslab.lab.month import Month
from scslab.lab.run import Run
from scslab.lab.summary import summarise
from scslab.lab.waves.lives import Moment
from scslab.lab.waves.read import Wave, read_waves
from scslab.lab.waves.report import wave_report
from scslab.lab.waves.result import WaveResult, finish
from scslab.lab.world import World, build_world
from scslab.study.read import StudyFile
from scslab.study.variants import variant_file

# What of a manifest differs in a variant.
OF_VARIANT = ("regimes", "lists", "scored", "grades", "rules_sha256", "lists_held")

Progress = Callable[[int, int], None]


def simulate(
    study: StudyFile,
    *,
    seed: int,
    persons: int | None = None,
    organisations: int | None = None,
    months: int | None = None,
    threads: int | None = None,
    shards: int | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
    draw: Draw | None = None,
    draw_wave: DrawWave | None = None,
) -> Run:
    """Let a society live under a study's rules.

    Parameters
    ----------
    study : StudyFile
        From `read_study`.
    seed : int
        Required; 0 is a seed like any other. Same study, seed and version: same bits.
    persons, organisations, months : int, optional
        Another size of the society; only the first months.
    threads, shards : int, optional
        How the work is cut; results do not depend on it.
    out : str or Path, optional
        Folder to write; must not exist or be empty. Nothing is written without it.
    progress : callable, optional
        Called with (months done, months in all).
    draw : callable, optional
        Called with the summary and the path of `report.html` when a folder is written.
    draw_wave : callable, optional
        Called with each wave's report and its folder when a folder is written.

    Raises
    ------
    ScslabError
        Whatever is wrong, before anything is computed where that can be known.
    """
    check_whole(seed, "seed", 0)
    sizes = {"persons": persons, "organisations": organisations, "months": months}
    sizes |= {"threads": threads, "shards": shards}
    for name, value in sizes.items():
        if value is not None:
            check_whole(value, name, 1)
    options = (seed, persons, organisations, months, threads, shards, progress)
    if out is None:
        return prepare_and_live(study, *options, None)[1]
    # The folder comes first: what cannot be written is known before anything is computed.
    with whole_folder(Path(out)) as folder:
        world, run = prepare_and_live(study, *options, folder)
        write_run(world, run, folder, draw, draw_wave)
    return run


def prepare_and_live(
    study: StudyFile,
    seed: int,
    persons: int | None,
    organisations: int | None,
    months: int | None,
    threads: int | None,
    shards: int | None,
    progress: Progress | None,
    folder: Path | None,
) -> tuple[World, Run]:
    """Build the world, check what is needed late, and live through the months."""
    started = time.perf_counter()
    world = build_world(study, seed, persons, months, organisations)
    check_variants(world.file)
    kept = {use.id for use in world.file.study.waves}
    waves = [wave for wave in read_waves(study) if wave.id in kept]
    check_asked(world, waves)
    ready = time.perf_counter()
    return world, live(
        world,
        waves,
        seed,
        threads,
        shards,
        progress,
        folder,
        started,
        ready,
        left_out(study, world),
    )


def left_out(study: StudyFile, world: World) -> list[str]:
    """Warnings of questionnaires that lie behind the months that are lived through."""
    kept = {use.id for use in world.file.study.waves}
    return [
        f"wave {use.id}: not fielded, because {use.month} is not reached"
        for use in study.study.waves
        if use.id not in kept
    ]


def check_whole(value: object, name: str, least: int, where: str = "") -> None:
    """A number given by a caller must be whole and not too small."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        what = f"{name} must be a whole number from {least} on"
        raise ScslabError(what, where=where, got=repr(value))


def live(
    world: World,
    waves: list[Wave],
    seed: int,
    threads: int | None,
    shards: int | None,
    progress: Progress | None,
    folder: Path | None,
    started: float,
    ready: float,
    not_fielded: list[str],
) -> Run:
    """Live through the months and gather what they leave behind."""
    fielded: list[Fielded] = []
    results: dict[str, WaveResult] = {}
    workers = threads or os.cpu_count() or 1

    def watch(world: World, month: Month, state: State) -> None:
        number = world.months[month.index]
        for survey in world.file.study.surveys:
            if survey.month == month_text(number):
                fielded.append(field_survey(world, survey, number, state))
        for wave in waves:
            if wave.number == number:
                earlier = {name: result.fielded.respondents for name, result in results.items()}
                results[wave.id] = finish(Moment(world, month, state), wave, earlier, workers)

    def report_progress(done: int, total: int) -> None:
        if folder is not None:
            with (folder / "progress.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps({"month": done, "of": total}) + "\n")
        if progress is not None:
            progress(done, total)

    held = np.zeros(0, np.int64)

    def last(world: World, month: Month, state: State) -> None:
        nonlocal held
        watch(world, month, state)
        if month.index == len(world.months) - 1:
            held = lists_held(world, state)

    tallies = run_months(world, workers, shards, report_progress, last)
    surveys = [f.result for f in fielded if f.result is not None]
    manifest = make_manifest(world, seed, [s.id for s in surveys], waves)
    manifest["warnings"] = [w for f in fielded for w in f.warnings]
    manifest["warnings"] += uncounted(world) + begins_late(world.file)
    manifest["warnings"] += not_fielded
    manifest["threads"] = workers
    timings = {
        "society": round(ready - started, 3),
        "months": round(tallies.seconds, 4),
        "tables": 0.0,
    }
    manifest["lists_held"] = held.tolist()
    variants = {
        name: live_variant(world, name, workers, shards) for name in world.file.study.variants
    }
    manifest["variants"] = {n: {k: v.manifest[k] for k in OF_VARIANT} for n, v in variants.items()}
    answers = {f.result.id: f.answers for f in fielded if f.result is not None}
    run = tables(world, tallies, manifest, answers, timings, variants)
    reports = {name: wave_report(result) for name, result in results.items()}
    object.__setattr__(run, "waves", reports)
    manifest["waves"] = list(reports)
    manifest["warnings"] += [
        f"wave {n}: {note}" for n, result in results.items() for note in result.notes
    ]
    summary = summarise(world, run, surveys)
    timings["tables"] = round(time.perf_counter() - ready - tallies.seconds, 3)
    object.__setattr__(run, "summary", summary)
    return run


def tables(
    world: World,
    tallies: Tallies,
    manifest: dict[str, Any],
    answers: dict[str, pd.DataFrame],
    timings: dict[str, float],
    variants: dict[str, Run],
) -> Run:
    """The tables of a run."""
    return Run(
        manifest=manifest,
        tallies=tally_frame(world, tallies),
        measures=measure_frame(world, tallies),
        histograms=histogram_frame(world, tallies),
        surveys=answers,
        timings=timings,
        inspections=inspection_frame(world, tallies),
        events=event_frame(tallies),
        variants=variants,
    )


def live_variant(base: World, name: str, workers: int, shards: int | None) -> Run:
    """Live through a variant of a study with the luck and the size of its base; nobody is asked."""
    file = variant_file(base.file, name)
    world = with_seed(base, file)
    held = np.zeros(0, np.int64)

    def last(world: World, month: Month, state: State) -> None:
        nonlocal held
        if month.index == len(world.months) - 1:
            held = lists_held(world, state)

    tallies = run_months(world, workers, shards, None, last)
    manifest = make_manifest(world, -1, [])
    manifest["lists_held"] = held.tolist()
    return tables(world, tallies, manifest, {}, {}, {})


def with_seed(base: World, file: StudyFile) -> World:
    """The world of a variant: the seed, the size and the months of its base."""
    size = base.society.persons
    organisations = base.society.organisations or None
    return replace(build_world(file, 0, size, None, organisations), seed=base.seed)


def lists_held(world: World, state: State) -> np.ndarray:
    """Persons whom exactly 1, 2, 3 ... regimes blacklist at once, i8[regimes]."""
    held = np.zeros(world.society.persons, np.uint8)
    for row in range(len(state.black)):
        held += (state.listed[row, : len(held)] & state.black[row]) != 0
    counts = np.bincount(held)[1:]
    return counts.astype(np.int64)
