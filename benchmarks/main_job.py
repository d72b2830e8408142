"""The main jobs as a user runs them: `python -m benchmarks.main_job`.

Runs `scslab simulate STUDY --seed 1` in fresh processes: the first study once with an empty cache
of compiled kernels, then each a few times with a full one. Prints wall seconds and peak memory of
the whole command, and of `scslab --help` and `import scslab`, beside their budgets. Exits 1
where a budget is not kept.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPEATS = 3
FIRST_RUN = 60.0  # seconds, with compiling
# Study: seconds of a warm run; MiB.
BUDGETS = {"judgment-debtors": (10.0, 1024.0), "patchwork-2018": (15.0, 4096.0)}


def timed(command: list[str], cache: str) -> tuple[float, float]:
    """Wall seconds and peak MiB of a command, run with a cache folder of its own."""
    env = os.environ | {"SCSLAB_CACHE": cache}
    started = time.perf_counter()
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"failed: {' '.join(command)}")
    return seconds, peak_mib(usage)


def peak_mib(usage: resource.struct_rusage) -> float:
    """Peak memory; Linux counts KiB, macOS bytes."""
    return usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


def main() -> None:
    """Measure, print, and fail where a budget is not kept."""
    rows: list[tuple[str, float, float, float]] = []
    kept = True
    with tempfile.TemporaryDirectory() as folder:
        cache = str(Path(folder) / "cache")
        for study, (budget, most) in BUDGETS.items():
            for i in range(REPEATS + 1):
                out = str(Path(folder) / f"{study}-{i}")
                command = [sys.executable, "-m", "scslab.cli.main", "simulate", study]
                seconds, memory = timed([*command, "--seed", "1", "--quiet", "--out", out], cache)
                rows.append((f"{study}, run {i}", seconds, memory, budget if i else FIRST_RUN))
                kept &= memory < most
        for name, command, budget in (
            ("scslab --help", ["-m", "scslab.cli.main", "--help"], 0.5),
            ("import scslab", ["-c", "import scslab"], 0.3),
        ):
            times = [timed([sys.executable, *command], cache)[0] for _ in range(5)]
            rows.append((name, statistics.median(times), 0.0, budget))
    for name, seconds, memory, budget in rows:
        kept &= seconds < budget
        says = f"{memory:7.0f} MiB" if memory else " " * 11
        print(f"{name:<24} {seconds:7.2f} s {says}   budget {budget:g} s")
    print(f"{os.cpu_count()} processors")
    print("all budgets kept" if kept else "a budget was not kept")
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
