"""Do intervals hold the truth? ``python -m benchmarks.recovery``.

A society of 64,000 persons is surveyed 400 times in each of several ways, with some 600 respondents
drawn by known chances. Shares and coefficients of everybody are the truth; 95 % intervals should
hold it in 95 % of the waves, and must in 93 to 97 %, all shares and all coefficients together.
Exits 1 where they do not. Where answers are turned into safer ones they cannot: such a way is
shown beside the others, so that the measure is seen to tell.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.recovery.coverage import (
    GOAL,
    Coverage,
    coverage,
    measured,
    quantities,
    table,
    together,
)
from benchmarks.recovery.surveys import Setup, setups, society, whole


def machine() -> str:
    """The processor, its load, and the versions that matter."""
    model = platform.processor() or platform.machine()
    described = Path("/proc/cpuinfo")
    if described.exists():
        lines = described.read_text(encoding="utf-8").splitlines()
        named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
        model = named[0] if named else model
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f"; load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    parts = ", ".join(f"{name} {version(name)}" for name in ("scslab", "numpy", "scipy", "pandas"))
    return (
        f"Machine: {model}, {cores} cores{load}; {platform.system()}; "
        f"Python {platform.python_version()}; {parts}."
    )


def verdict(setup: Setup, rows: Sequence[Coverage]) -> tuple[str, bool]:
    """What is said of a set-up, and whether it is well."""
    shares, coefficients = (together(rows, kind) for kind in ("share", "coefficient"))
    well = all(GOAL[0] <= x <= GOAL[1] for x in (shares, coefficients))
    said = (
        f"{setup.name} ({setup.says}): shares {100 * shares:.1f} %, "
        f"coefficients {100 * coefficients:.1f} %"
    )
    if not setup.honest:
        return f"{said}; not judged", True
    return f"{said}: {'kept' if well else 'MISSED'}", well


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.recovery", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--waves", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="set-ups whose name has this in it")
    asked = parser.parse_args(words)
    if asked.waves < 2:
        parser.error("at least two waves")
    return asked


def main(words: Sequence[str] | None = None) -> int:
    """Survey, count, print; 0 if the goal is kept in every honest set-up, else 1."""
    asked = arguments(words)
    started, header = time.perf_counter(), machine()
    moment, wave = society(asked.seed)
    truth = [m.value for m in measured(whole(moment, wave), quantities())]
    rows, said, well = [], [], True
    for setup in setups(wave):
        if asked.only in setup.name:
            began = time.perf_counter()
            found = coverage(moment, setup, truth, asked.waves)
            print(f"{setup.name}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
            rows += found
            line, kept = verdict(setup, found)
            said.append(f"- {line}")
            well &= kept
    if not rows:
        print(f'nothing is called "{asked.only}"', file=sys.stderr)
        return 1
    about = (
        f"{asked.waves} waves a set-up, seed {asked.seed}, "
        f"{moment.world.society.persons:,} persons. "
        "*error* is the Monte-Carlo error of the coverage in points, *bias / se* the mean error "
        "in standard errors of one wave, *se / spread* the mean standard error over the spread of "
        f"the estimates. Goal: {100 * GOAL[0]:.0f} to {100 * GOAL[1]:.0f} %."
    )
    print("\n\n".join([table(rows), header, about, "\n".join(said)]))
    print(f"{time.perf_counter() - started:.0f} s", file=sys.stderr)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
