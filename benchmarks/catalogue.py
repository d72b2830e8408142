"""How long it takes to read and check every regime of the library.

python -m benchmarks.catalogue
"""

from __future__ import annotations

import time

from scslab.core.acts import acts
from scslab.core.values import walk_dated
from scslab.regimes.load import library, read_regime

REPEATS = 5
# The goal: a catalogue of this size within a second.
GOAL_SYSTEMS, GOAL_ROWS, GOAL_SECONDS = 45, 150, 1.0


def read_all() -> tuple[float, int, int]:
    """Read the library once: seconds, systems, rows."""
    started = time.perf_counter()
    regimes = [read_regime(folder) for folder in library().values()]
    seconds = time.perf_counter() - started
    rows = sum(len(dated.rows) for regime in regimes for _, dated in walk_dated(regime))
    return seconds, len(regimes), rows


def main() -> None:
    """Print the seconds: the first reading, the best of five, and the best by rows of the goal."""
    acts()
    times = []
    for _ in range(REPEATS):
        seconds, systems, rows = read_all()
        times.append(seconds)
    best = min(times)
    goal = best / rows * GOAL_SYSTEMS * GOAL_ROWS
    print(f"{systems} systems, {rows:,} rows: {times[0]:.2f} s at first, best {best:.2f} s")
    print(
        f"at that pace {GOAL_SYSTEMS} systems of {GOAL_ROWS} rows: {goal:.2f} s "
        f"(goal: under {GOAL_SECONDS:g} s)"
    )


if __name__ == "__main__":
    main()
