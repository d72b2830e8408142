"""Measure scslab beside its peers on one small society: ``python -m benchmarks.reference_society``.

Every measurement is a fresh process, so that its peak memory is its own, and the engines take
turns, so that a slow spell of the machine falls on all of them. This process stays small and
loads no engine: a child inherits the peak memory of the process that starts it.

The engines must also agree, and the command fails when they do not: the number listed and the mean
score after the last month, over all persons, may differ from those of the yardstick (the first
engine in the list) by at most four standard errors.
"""

import argparse
import importlib.metadata
import json
import math
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from benchmarks.peers.rules import START, Result

ROOT = Path(__file__).resolve().parent.parent
LARGE = 1_000_000
AGREEMENT_PERSONS = 200_000
AGREEMENT_START = 965
STANDARD_ERRORS = 4.0
COLUMNS = (
    "engine",
    "threads",
    "persons",
    "months",
    "month loop, s",
    "setup, s",
    "person-months/s",
    "peak MiB",
    "x Mesa",
    "x NumPy",
    "x NumPy events",
)


@dataclass(frozen=True)
class Engine:
    """One way to run the reference society."""

    name: str
    module: str
    function: str = "run"
    threads: int | None = None

    def measure(
        self, persons: int, months: int, seed: int, start_score: int = START
    ) -> "Measurement":
        """Run once in a fresh process.

        Parameters
        ----------
        persons, months, seed, start_score
            Settings of the run.

        Raises
        ------
        RuntimeError
            If the process fails; the message is the last line that it wrote.
        """
        settings = {
            "persons": persons,
            "months": months,
            "seed": seed,
            "start_score": start_score,
        }
        if self.threads is not None:
            settings["threads"] = self.threads
        print(f"{self.label}: {persons:,} persons, start {start_score}", file=sys.stderr)
        done = subprocess.run(
            [
                *(sys.executable, "-m", "benchmarks.peers.measure"),
                *(f"benchmarks.peers.{self.module}", self.function, json.dumps(settings)),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
            raise RuntimeError(f"{self.label}: {lines[-1]}")
        found = json.loads(done.stdout.splitlines()[-1])
        peak = found.pop("peak_mib")
        return Measurement(self, persons, months, found, peak)

    @property
    def label(self) -> str:
        """Name and, where it can be chosen, number of threads."""
        return self.name if self.threads is None else f"{self.name} on {self.threads}"


@dataclass(frozen=True)
class Measurement:
    """One run of one engine."""

    engine: Engine
    persons: int
    months: int
    result: Result
    peak_mib: float

    @property
    def listed(self) -> int:
        """Number listed after the last month."""
        return sum(self.result["listed"][-1])

    @property
    def mean_score(self) -> float:
        """Mean score of all persons after the last month."""
        sizes, means = self.result["persons"], self.result["mean_score"][-1]
        return sum(n * mean for n, mean in zip(sizes, means, strict=True) if n) / sum(sizes)


@dataclass
class Row:
    """All repeats of one engine at one size."""

    engine: Engine
    persons: int
    months: int
    measurements: list[Measurement] = field(default_factory=list)

    def median(self, key: Literal["seconds", "setup_seconds"]) -> float:
        """Give the median of a time over the repeats."""
        return statistics.median(m.result[key] for m in self.measurements)

    @property
    def rate(self) -> float:
        """Person-months per second of the month loop, at the median time."""
        return self.persons * self.months / self.median("seconds")

    @property
    def peak_mib(self) -> float:
        """Highest peak memory of the repeats."""
        return max(m.peak_mib for m in self.measurements)


@dataclass(frozen=True)
class Check:
    """One comparison of an engine with the yardstick."""

    what: str
    engine: str
    yardstick: str
    value: float
    expected: float
    errors: float

    @property
    def agrees(self) -> bool:
        """Whether the two are near enough to each other."""
        return abs(self.errors) <= STANDARD_ERRORS

    def __str__(self) -> str:
        verdict = "agrees" if self.agrees else "DISAGREES"
        return (
            f"{verdict}: {self.what}: {self.engine} {self.value:.6g}, "
            f"{self.yardstick} {self.expected:.6g} ({self.errors:+.2f} standard errors)"
        )


def engines(threads: int, names: Sequence[str]) -> list[Engine]:
    """List the engines asked for; the first is the yardstick of agreement.

    Parameters
    ----------
    threads
        Threads of the second row of scslab; the first has one, as its peers have.
    names
        Names of the engines, or nothing for all.
    """
    known = [
        Engine("mesa", "mesa_society"),
        Engine("numpy", "numpy_society"),
        Engine("numpy-events", "numpy_society", "run_events"),
        *(Engine("scslab", "scslab_society", threads=count) for count in sorted({1, threads})),
    ]
    return [engine for engine in known if not names or engine.name in names]


def rows_of(chosen: Iterable[Engine], asked: argparse.Namespace) -> list[Row]:
    """Measure every engine at its sizes, taking turns.

    Parameters
    ----------
    chosen
        The engines.
    asked
        The arguments of the command.
    """
    rows = []
    for engine in chosen:
        sizes = [asked.mesa_persons, LARGE] if engine.name == "mesa" else asked.persons
        rows += [Row(engine, persons, asked.months) for persons in sorted(set(sizes))]
    for repeat in range(asked.repeats):
        for row in rows:
            if row.engine.name == "mesa" and row.persons == LARGE and repeat:
                continue
            seed = asked.seed + 1 + repeat
            row.measurements.append(row.engine.measure(row.persons, row.months, seed))
    return rows


def compare(measured: Sequence[Measurement], start_score: int) -> list[Check]:
    """Compare the last month of each measurement with that of the first.

    The standard error of a share is that of the pooled share; that of a mean uses the yardstick's
    variance between persons.

    Parameters
    ----------
    measured
        One measurement for each engine, the yardstick first.
    start_score
        Where the scores began, for the wording.
    """
    first, *others = measured
    checks = []
    for other in others:
        weight = 1 / first.persons + 1 / other.persons
        pooled = (first.listed + other.listed) / (first.persons + other.persons)
        pairs = (
            (
                "share listed",
                other.listed / other.persons,
                first.listed / first.persons,
                math.sqrt(pooled * (1 - pooled) * weight),
            ),
            (
                "mean score",
                other.mean_score,
                first.mean_score,
                math.sqrt(first.result["score_variance"] * weight),
            ),
        )
        for what, value, expected, error in pairs:
            difference = value - expected
            # Where nobody is listed in either, both the difference and its error are zero.
            errors = difference / error if error else math.copysign(math.inf, difference)
            checks.append(
                Check(
                    f"{what} from {start_score} after {other.months} months",
                    f"{other.engine.label} ({other.persons:,})",
                    f"{first.engine.label} ({first.persons:,})",
                    value,
                    expected,
                    errors if difference else 0.0,
                )
            )
    return checks


def agreement(
    rows: Sequence[Row], chosen: Sequence[Engine], asked: argparse.Namespace
) -> list[Check]:
    """Check that the engines simulate the same society.

    First with what was measured, each engine at its size nearest to a million; then with a smaller
    society that starts near the floor, so that many are listed.

    Parameters
    ----------
    rows
        What was measured.
    chosen
        The engines.
    asked
        The arguments of the command.
    """
    nearest = [
        min((row for row in rows if row.engine == engine), key=lambda row: abs(row.persons - LARGE))
        for engine in chosen
    ]
    checks = compare([row.measurements[0] for row in nearest], START)
    small = [
        engine.measure(AGREEMENT_PERSONS, asked.months, asked.seed, AGREEMENT_START)
        for engine in chosen
    ]
    return checks + compare(small, AGREEMENT_START)


def cells(row: Row, rows: Sequence[Row]) -> list[str]:
    """Write one row of the table; a ratio with * is to a rate at another number of persons.

    Parameters
    ----------
    row
        The row.
    rows
        All rows, to find those that it is compared with.
    """

    def ratio(name: str) -> str:
        peers = [peer for peer in rows if peer.engine.name == name]
        if not peers:
            return "-"
        peer = min(peers, key=lambda peer: abs(peer.persons - row.persons))
        return f"{row.rate / peer.rate:.3g}" + ("" if peer.persons == row.persons else "*")

    return [
        row.engine.name,
        str(row.engine.threads or 1),
        f"{row.persons:,}",
        str(row.months),
        f"{row.median('seconds'):.4g}",
        f"{row.median('setup_seconds'):.3g}",
        f"{row.rate:.3g}",
        f"{row.peak_mib:,.0f}",
        *(ratio(name) for name in ("mesa", "numpy", "numpy-events")),
    ]


def table(body: Sequence[Sequence[str]], markdown: bool) -> str:
    """Lay out the table as aligned text or as Markdown.

    Parameters
    ----------
    body
        The cells below the heading.
    markdown
        Whether to write Markdown.
    """
    lines = [COLUMNS, *body]
    widths = [max(len(line[place]) for line in lines) for place in range(len(COLUMNS))]
    written = [
        [
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        for line in lines
    ]
    if not markdown:
        return "\n".join("  ".join(line) for line in written)
    rule = [
        "-" * width if not place else "-" * (width - 1) + ":" for place, width in enumerate(widths)
    ]
    return "\n".join("| " + " | ".join(line) + " |" for line in [written[0], rule, *written[1:]])


def machine() -> str:
    """Name the processor, its cores and the versions that matter."""
    model = platform.processor() or platform.machine()
    described = Path("/proc/cpuinfo")
    if described.exists():
        for line in described.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    versions = [f"Python {platform.python_version()}"]
    for package in ("numpy", "numba", "mesa"):
        try:
            versions.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            versions.append(f"{package} not installed")
    return f"Machine: {model}, {cores} cores; {platform.system()}; {', '.join(versions)}."


def notes(chosen: Sequence[Engine], asked: argparse.Namespace) -> list[str]:
    """Say how the table came about.

    Parameters
    ----------
    chosen
        The engines.
    asked
        The arguments of the command.
    """
    names = {engine.name for engine in chosen}
    said = [
        f"Repeats: {asked.repeats}, each a fresh process with a tiny untimed run before the timed "
        "one. Times are medians, memory is the highest. The month loop includes its output by "
        "group.",
    ]
    if "mesa" in names:
        said.append(
            f"Mesa at {LARGE:,} persons ran once. * The peer was not run at this size: its rate at "
            "its nearest size stands in."
        )
    if {"numpy", "numpy-events"} & names:
        said.append(
            "numpy draws for every person in every month; numpy-events draws only the acts that "
            "happen. Both run on one thread."
        )
    if "scslab" in names:
        said.append(
            "scslab compiled its kernels, or read them from the cache, in the tiny run; the time "
            "of compiling does not count, its memory does."
        )
    return said


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line.

    Parameters
    ----------
    words
        The words after the command, or None for those of this process.
    """
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.reference_society", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--persons", type=int, action="append", help="may be given several times")
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--mesa-persons", type=int, default=100_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--engine",
        action="append",
        choices=("mesa", "numpy", "numpy-events", "scslab"),
        help="only this one; may be given several times",
    )
    parser.add_argument("--markdown", action="store_true", help="write the table as Markdown")
    asked = parser.parse_args(words)
    asked.persons = asked.persons or [LARGE, 10 * LARGE]
    if min(*asked.persons, asked.months, asked.mesa_persons, asked.threads, asked.repeats) < 1:
        parser.error("persons, months, threads and repeats must be at least 1")
    return asked


def main(words: Sequence[str] | None = None) -> int:
    """Measure, compare and print.

    Parameters
    ----------
    words
        The words after the command, or None for those of this process.

    Returns
    -------
    int
        0, or 1 when an engine fails or the engines disagree.
    """
    asked = arguments(words)
    chosen = engines(asked.threads, asked.engine or ())
    try:
        rows = rows_of(chosen, asked)
        checks = agreement(rows, chosen, asked)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    print(table([cells(row, rows) for row in rows], asked.markdown))
    for line in ["", machine(), *notes(chosen, asked), "", *map(str, checks)]:
        print(line)
    return 0 if all(check.agrees for check in checks) else 1


if __name__ == "__main__":
    sys.exit(main())
