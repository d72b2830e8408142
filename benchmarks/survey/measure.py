"""Run methods, each in a process of its own, and keep their times, memory and results."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.main_job import peak_mib
from benchmarks.survey.tasks import LARGE, REPLICATES, SMALL, Agreement, Numbers, Runner, Task, Tool

ROOT = Path(__file__).resolve().parent.parent.parent
INNER = 9  # times within a process, at most
INNER_SECONDS = 1.0  # after which a process does not begin again
LARGE_TURNS = 2  # of processes with a million rows


@dataclass(frozen=True)
class Run:
    """One process: the times within it, its result, and its peak memory."""

    times: tuple[float, ...]
    found: Numbers
    peak_mib: float


@dataclass
class Row:
    """All runs of a tool at its task; `failed` says why there are none."""

    task: Task
    tool: Tool
    runs: list[Run] = field(default_factory=list)
    failed: str = ""
    idle_mib: float = 0.0
    agreements: list[Agreement] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """The median of the processes' medians, for the whole work."""
        return self.tool.scaled * statistics.median(statistics.median(r.times) for r in self.runs)

    @property
    def peak_mib(self) -> float:
        """The highest peak memory."""
        return max(run.peak_mib for run in self.runs)

    @property
    def data_mib(self) -> float:
        """The columns that the work needs, 8 bytes a figure."""
        return self.task.rows * self.tool.columns * 8 / 2**20

    @property
    def name(self) -> str:
        """The tool, what it does, and to how many rows."""
        return f"{self.task.title}, {self.tool.says}, {self.task.rows:,} rows"


@dataclass(frozen=True)
class Place:
    """Where data lie and which Python has svy ("" for none)."""

    folder: Path
    svy_python: str

    def command(self, runner: Runner, method: str, rows: int) -> list[str]:
        """The command of a method, without repeats and seconds."""
        data = str(self.folder / str(rows))
        if runner == "R":
            script = str(ROOT / "benchmarks" / "survey" / "methods.R")
            return ["Rscript", "--vanilla", script, method, data]
        python = self.svy_python if runner == "svy" else sys.executable
        module = "svy_peer" if runner == "svy" else "methods"
        return [python, "-m", f"benchmarks.survey.{module}", method, data]


def launch(command: Sequence[str]) -> tuple[str, float]:
    """What a command prints, and its peak memory in MiB.

    Raises
    ------
    RuntimeError
        It fails; the message is the last lines that it wrote.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True
        )
        assert process.stdout is not None
        said = process.stdout.read()
        process.stdout.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            lines = [line.strip() for line in errors.read().splitlines() if line.strip()]
            raise RuntimeError("; ".join(lines[-3:]) or f"exit status {process.returncode}")
    return said, peak_mib(usage)


def run(place: Place, runner: Runner, method: str, rows: int, repeats: int, seconds: float) -> Run:
    """Run a method in a fresh process.

    Raises
    ------
    RuntimeError
        It fails, or prints something else than times and figures.
    """
    command = place.command(runner, method, rows)
    said, peak = launch([*command, str(repeats), f"{seconds:g}"])
    try:
        times, found = ([float(v) for v in line.split()] for line in said.splitlines()[-2:])
    except ValueError:
        raise RuntimeError(f"printed no figures: {said.strip()[-200:]}") from None
    return Run(tuple(times), found, peak)


def make_data(folder: Path, sizes: Sequence[int]) -> None:
    """Write the data of each size, in a process of its own."""
    for rows in sizes:
        where = folder / str(rows)
        where.mkdir()
        command = [sys.executable, "-m", "benchmarks.survey.data", str(rows), str(where)]
        launch([*command, str(REPLICATES)] if rows == SMALL else command)


def measure(rows: Sequence[Row], place: Place, repeats: int) -> None:
    """Measure all rows, taking turns, so that a slow spell of the machine falls on all."""
    for turn in range(repeats):
        for row in rows:
            tool = row.tool
            most = 1 if tool.once else LARGE_TURNS if row.task.rows == LARGE else repeats
            if row.failed or turn >= most:
                continue
            print(f"{turn + 1}/{repeats} {row.name}", file=sys.stderr, flush=True)
            inner = 1 if tool.once else INNER
            try:
                row.runs.append(
                    run(place, tool.runner, tool.method, row.task.rows, inner, INNER_SECONDS)
                )
                if tool.memory and not turn:
                    idle = run(place, tool.runner, tool.method, row.task.rows, 0, 0.0)
                    row.idle_mib = idle.peak_mib
            except RuntimeError as error:
                row.failed = str(error)


def compare(rows: Sequence[Row], place: Place) -> None:
    """Hold each result against scslab's."""
    known: dict[tuple[str, int], Numbers] = {
        (row.tool.method, row.task.rows): row.runs[0].found
        for row in rows
        if row.tool.runner == "scslab" and row.runs
    }
    for row in rows:
        if row.tool.compare is None or not row.runs:
            continue
        key = (row.tool.like or row.task.tools[0].method, row.task.rows)
        try:
            if key not in known:
                known[key] = run(place, "scslab", *key, 1, 0.0).found
            row.agreements = row.tool.compare(row.runs[0].found, known[key])
        except RuntimeError as error:
            row.failed = f"nothing to compare with: {error}"


def missing_peers(svy_python: str) -> dict[Runner, str]:
    """Peers that are not here, each with what to install."""
    found: dict[Runner, str] = {}
    wanted = (
        "R's survey is not here and is left out; on Debian: apt install r-base-core r-cran-survey"
    )
    if shutil.which("Rscript") is None:
        found["R"] = wanted
    else:
        try:
            launch(["Rscript", "--vanilla", "-e", "suppressMessages(library(survey))"])
        except RuntimeError:
            found["R"] = wanted
    try:
        launch([sys.executable, "-c", "import statsmodels"])
    except RuntimeError:
        found["statsmodels"] = (
            "statsmodels is not here and is left out: pip install --editable '.[bench]'"
        )
    if not svy_python:
        found["svy"] = "svy was not asked for (--svy PYTHON: an interpreter that has it)"
    else:
        try:
            launch([svy_python, "-c", "import svy"])
        except (RuntimeError, OSError) as error:
            found["svy"] = f"svy is left out: {error}"
    return found
