"""Public verbs for simulated societies: `simulate`, `write_report`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scslab.api.surveys import write_all
from scslab.core.errors import ScslabError
from scslab.core.results import RunSummary
from scslab.lab import simulate as lab
from scslab.lab.frames import write_parquet
from scslab.lab.run import Run
from scslab.lab.waves.report import WaveReport
from scslab.report import page
from scslab.study.read import StudyFile, read_study


def simulate(study: StudyFile | str | Path, *, seed: int, **options: Any) -> Run:
    """Let a society live under a study's rules; with `out`, write a run folder with its report.

    Parameters
    ----------
    study : StudyFile, str or Path
        From `read_study`, or what `read_study` takes.
    seed : int
        Required; 0 is a seed like any other. Same study, seed and version: same bits.
    **options
        `persons`, `months`, `threads`, `shards`, `out`, `progress`: see
        `scslab.lab.simulate.simulate`.

    Raises
    ------
    ScslabError
        Whatever is wrong, before anything is computed where that can be known.
    """
    file = study if isinstance(study, StudyFile) else read_study(study)
    return lab.simulate(file, seed=seed, draw=page.write_report, draw_wave=write_wave, **options)


def write_wave(wave: WaveReport, folder: Path) -> None:
    """The folder of a wave: what an analysis writes, and what the respondents truly think."""
    write_all(wave.analysed, wave.result.fielded.plan.analysis, folder)
    write_parquet(wave.truth, folder / "truth.parquet")


def write_report(summary: Run | RunSummary, to: str | Path) -> None:
    """Write the report page of a run that was just simulated.

    Raises
    ------
    ScslabError
        The run was read from a folder, which has its report already.
    """
    found = summary.summary if isinstance(summary, Run) else summary
    if found is None:
        raise ScslabError(
            "a run that was read from a folder has no summary",
            hint="its report is report.html in the folder",
        )
    page.write_report(found, Path(to))
