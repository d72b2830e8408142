"""Time of the published surveys in the society: `python -m benchmarks.questionnaires`.

Prints, for this machine: the seconds of `scslab simulate kostka-2018` from the society to the
report (cold: kernels may have to be compiled; warm: the second run), the seconds of the ledger over
20 seeds for each study with the share that agrees, and what the stored calibrations took.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import scslab
from scslab.core.ledger import machine, version
from scslab.evaluation.ledger.summary import summary
from scslab.lab.waves.read import read_waves

STUDIES = ("kostka-2018", "liu-2020", "framing-2019")


def simulate(study: str, folder: Path) -> float:
    """Seconds of the command, from the start of the process to its end."""
    started = time.perf_counter()
    command = [sys.executable, "-c", "from scslab.cli.main import main; main()"]
    options = ["simulate", study, "--seed", "1", "--out", str(folder), "--quiet"]
    subprocess.run([*command, *options], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    seeds = parser.parse_args().seeds
    print(f"machine: {machine()}; scslab {version()}")
    with tempfile.TemporaryDirectory() as folder:
        for run in ("first", "second"):
            seconds = simulate("kostka-2018", Path(folder) / run)
            print(f"simulate kostka-2018, {run} run: {seconds:.1f} s")
    for study in STUDIES:
        started = time.perf_counter()
        rows = scslab.findings(study, seeds=seeds)
        seconds = time.perf_counter() - started
        counts = "; ".join(count.says() for count in summary(rows) if count.share is not None)
        print(f"findings {study}, {seeds} seeds: {seconds:.1f} s; {counts}")
        for wave in read_waves(scslab.read_study(study)):
            if wave.fitted is not None:
                file = wave.fitted.file
                print(
                    f"calibrate {study}: {file.seconds:.0f} s for {file.evaluations} simulations "
                    f"({file.stopped}) on {file.machine}"
                )


if __name__ == "__main__":
    main()
