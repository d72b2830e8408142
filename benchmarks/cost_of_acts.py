"""What a month costs: acts, not persons. `python -m benchmarks.cost_of_acts`.

The reference society with all rates times 1, 0.3, 0.1 and 0, at one size and at ten times the
size. Where cost grows with acts, ten times the persons at a tenth of the rates take about as
long as before, and no acts at all cost next to nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

from scslab.lab.loop import run_months
from scslab.lab.world import build_world
from scslab.study.read import StudyFile, read_study

STUDY = Path(__file__).parent / "reference" / "study.yaml"
REPEATS = 3


def slowed(file: StudyFile, times: float) -> StudyFile:
    """The same study with all rates of acts and of false records times a number."""
    study = file.study.model_copy(deep=True)
    dated = [c.rate for c in study.conduct.values()]
    dated += [a.from_nothing for a in study.agencies.values() if a.from_nothing is not None]
    for one in dated:
        one.rows[:] = [
            row.model_copy(update={"value": float(row.value or 0) * times}) for row in one.rows
        ]
    return StudyFile(study, file.document, file.text, file.folder)


def main() -> None:
    """Measure and print."""
    file = read_study(STUDY)
    run_months(build_world(file, 1, 20_000), 1)  # compile
    print(f"{'persons':>12} {'rates':>6} {'acts':>12} {'seconds':>9} {'ns per act':>11}")
    for persons in (1_000_000, 10_000_000):
        for times in (1.0, 0.3, 0.1, 0.0):
            world = build_world(slowed(file, times), 1, persons)
            runs = [run_months(world, 1) for _ in range(REPEATS)]
            seconds = min(run.seconds for run in runs)
            acts = int(runs[0].flows[..., 0].sum())
            each = f"{seconds / acts * 1e9:.0f}" if acts else "-"
            print(f"{persons:>12,} {times:>6g} {acts:>12,} {seconds:>9.4f} {each:>11}")
    print(f"one thread, {len(file.months)} months, best of {REPEATS}; {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
