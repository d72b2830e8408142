"""Time of a sweep: `python -m benchmarks.sweeps`.

Sweeps all assumptions of a study (256 cases of `objection-desk` at 100,000 persons) on one process
and on two, and prints a Markdown table with the seconds of each, from the reading of the study to
the report, beside the budget of five minutes on two processors; then what one case is made of.
Exits 1 where the budget is not kept, or where the two give other bits.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scslab.api.sweeps import sweep
from scslab.core.ledger import machine, version
from scslab.lab.loop import run_months
from scslab.lab.sweep.levers import with_values
from scslab.lab.sweep.outcomes import measured
from scslab.lab.sweep.plan import changed_sweep, default_sweep, make_plan
from scslab.lab.sweep.run import build, run_case, world_of
from scslab.lab.sweep.samplers import values_of
from scslab.study.read import read_study

BUDGET = 300.0
TABLES = ("results.csv", "table.csv", "indices.csv", "boxes.csv", "report.html")


def processor_seconds() -> float:
    """Seconds of processor that this process and its children have used."""
    own, others = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def timed(call: Callable[[], Any], times: int = 1) -> tuple[float, Any]:
    """Seconds of a call, the mean of several, and what it gave last."""
    started = time.perf_counter()
    for _ in range(times):
        found = call()
    return (time.perf_counter() - started) / times, found


def parts_of_a_case(study: str, persons: int | None, months: int | None) -> list[tuple[str, float]]:
    """Milliseconds of the steps before the cases, and of those of one case."""
    read, file = timed(lambda: read_study(study))
    settings = {"persons": persons, "months": months}
    spec = changed_sweep(default_sweep(file, study), settings)
    planned, plan = timed(lambda: make_plan(spec))
    built, base = timed(lambda: build(plan))
    run_case(base, 1)  # compiled kernels are loaded once
    values = values_of(plan.design, 1)
    levers = list(plan.levers)
    changed, _ = timed(lambda: with_values(plan.file, levers, values), 5)
    whole, world = timed(lambda: world_of(base, values), 5)
    months_, tallies = timed(lambda: run_months(world, 1), 5)
    counted, _ = timed(lambda: measured(world, tallies, plan.outcomes, False), 5)
    found = [
        ("once: study read", read),
        ("once: factors found, cases drawn, ends checked", planned),
        ("once: society built", built),
        ("case: study with its values, checked", changed),
        ("case: rules read, world set up", whole - changed),
        ("case: months lived through", months_),
        ("case: outcomes measured", counted),
    ]
    return [(name, 1000 * s) for name, s in found]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", default="objection-desk")
    parser.add_argument("--persons", type=int, default=100_000)
    parser.add_argument("--months", type=int)
    parser.add_argument("--cases", type=int, default=256)
    asked = parser.parse_args()
    print(f"machine: {machine()}; scslab {version()}; load {os.getloadavg()[0]:.1f}\n")
    steps = parts_of_a_case(asked.study, asked.persons, asked.months)
    options = {"persons": asked.persons, "months": asked.months, "size": asked.cases}
    print(
        f"| `scslab sweep {asked.study} --assumptions`, {asked.cases} cases | s | s of processor |"
    )
    print("|---|---|---|")
    folders, kept = [], True
    with tempfile.TemporaryDirectory() as folder:
        for workers in (1, 2):
            out = Path(folder) / str(workers)
            before = processor_seconds()
            started = time.perf_counter()
            sweep(asked.study, assumptions=True, workers=workers, out=out, **options)
            seconds = time.perf_counter() - started
            used = processor_seconds() - before
            print(f"| {workers} process{'es' * (workers > 1)} | {seconds:.1f} | {used:.1f} |")
            folders.append(out)
        same = all((folders[0] / n).read_bytes() == (folders[1] / n).read_bytes() for n in TABLES)
        kept = seconds < BUDGET
    print(f"| budget, 2 processes | {BUDGET:.0f} | |\n")
    print("| step | ms |\n|---|---|")
    for name, number in steps:
        print(f"| {name} | {number:.1f} |")
    print("\nsame bits on one process and on two" if same else "\nOTHER BITS on two processes")
    print("the budget is kept" if kept else "the budget was not kept")
    sys.exit(0 if kept and same else 1)


if __name__ == "__main__":
    main()
