"""Public verbs for published findings: `findings` sets a study beside them, `calibrate` fits it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from scslab.core.errors import ScslabError
from scslab.evaluation.findings import findings as known_findings
from scslab.evaluation.findings import read_findings
from scslab.evaluation.ledger.records import LedgerRow
from scslab.lab.calibrate.store import CalibratedFile
from scslab.lab.calibrate.write import write_calibrated
from scslab.lab.waves.calibrating import calibrate as lab_calibrate
from scslab.lab.waves.calibrating import fitted_wave
from scslab.lab.waves.over_seeds import ledger_over_seeds
from scslab.study.read import StudyFile, read_study

SEEDS = 20
DRAWS = 6
MINUTES = 15.0


def findings(
    study: StudyFile | str | Path,
    *,
    seeds: int | Sequence[int] = SEEDS,
    persons: int | None = None,
    file: str | Path | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    tell: Callable[[str], None] | None = None,
) -> tuple[LedgerRow, ...]:
    """Set each published finding beside what a study gives, over seeds.

    Parameters
    ----------
    study : StudyFile, str or Path
        From `read_study`, or what `read_study` takes.
    seeds : int or sequence of int
        So many seeds from 1 on, or these.
    persons : int, optional
        Another size of the society.
    file : path, optional
        A CSV file of findings instead of those that come with the package; columns id, source,
        quantity, group, kind, value, n, note.
    threads : int, optional
        Workers; no result depends on it.
    progress : callable, optional
        Called with (seeds done, seeds in all).
    tell : callable, optional
        Called with what a reader should know first, such as stale fitted values.

    Returns
    -------
    tuple of LedgerRow
        One for each finding, also for those that the study cannot produce.

    Raises
    ------
    ScslabError
        Whatever is wrong in the study, its waves or the file of findings.
    """
    wanted = list((known_findings() if file is None else read_findings(file)).values())
    found = read_study(study) if not isinstance(study, StudyFile) else study
    if isinstance(seeds, int):
        if seeds < 1:
            raise ScslabError("seeds must be a whole number from 1 on", got=seeds)
        seeds = range(1, seeds + 1)
    workers = threads or os.cpu_count() or 1
    return tuple(ledger_over_seeds(found, wanted, list(seeds), persons, workers, progress, tell))


def calibrate(
    study: StudyFile | str | Path,
    *,
    out: str | Path | None = None,
    journal: str | Path | None = None,
    restart: bool = False,
    seed: int = 1,
    persons: int | None = None,
    draws: int = DRAWS,
    minutes: float = MINUTES,
    threads: int | None = None,
    tell: Callable[[int, float], None] | None = None,
) -> tuple[Path, CalibratedFile]:
    """Fit the assumed values of a study's wave to the findings marked for it; write them.

    Parameters
    ----------
    study : StudyFile, str or Path
        From `read_study`, or what `read_study` takes.
    out : path, optional
        The file of fitted values; by default the one that the wave names.
    journal : path, optional
        Evaluations are written here; a run that was stopped goes on from it. By default
        `runs/STUDY.jsonl`.
    restart : bool
        Begin anew, whatever the journal says.
    seed, persons, draws : int
        Luck and size of the society; waves fielded for each set of values.
    minutes : float
        Stop after so long, with the best values so far.
    tell : callable, optional
        Called with the number of simulations and the distance from the targets.

    Returns
    -------
    (Path, CalibratedFile)
        Where the values were written, and what they are.

    Raises
    ------
    ScslabError
        Nothing to fit, nowhere to write, or whatever is wrong in the files.
    """
    if not minutes > 0:  # nan as well
        raise ScslabError("minutes must be above 0", got=minutes)
    found = study if isinstance(study, StudyFile) else read_study(study)
    wave = fitted_wave(found)[1]
    named = wave.document.wave.calibrated
    if out is None and (named is None or found.folder is None):
        raise ScslabError(
            "the wave names no file for its fitted values",
            where=wave.document.document.where(("calibrated",)),
            hint="calibrated: calibrated.yaml in the wave file, or --out",
        )
    target = Path(out) if out is not None else Path(found.folder or ".") / str(named)
    book = Path(journal) if journal is not None else Path("runs") / f"{found.study.id}.jsonl"
    for path in (target, book) if journal is not None else (target,):
        if not path.parent.is_dir():
            raise ScslabError("no such folder", where=str(path.parent))
    book.parent.mkdir(exist_ok=True)
    file = lab_calibrate(
        found,
        seed=seed,
        persons=persons,
        draws=draws,
        seconds=60 * minutes,
        threads=threads or os.cpu_count() or 1,
        journal=book,
        restart=restart,
        tell=tell,
    )
    write_calibrated(file, target)
    return target, file
