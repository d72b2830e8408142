"""What the same luck saves: `python -m benchmarks.paired_luck`.

Compares safeguards over 20 seeds in a study of 1,000,000 persons, and prints a Markdown table of
the difference in wrongful person-months: its 95 % interval as a share of the difference, how many
times more seeds unpaired runs would need for an interval of that width, and how many seeds either
needs for one of 5 %. Exits 1 where a safeguard named with --hold misses one of the two goals.
"""

from __future__ import annotations

import argparse
import sys
import time

import numpy as np
from scipy import stats

import scslab
from scslab.api.trials import Trial, compare
from scslab.core.ledger import machine, version

STUDY = "wrongly-listed"
SAFEGUARDS = ("none", "notice", "help", "human-review", "propagation", "notice+help")
HOLD = ("notice",)
PERSONS, SEEDS = 1_000_000, 20
WIDE, FEWER = 0.05, 8.0  # half-width as a share of the difference; times fewer seeds
QUANTITY = "wrongful_months"
MOST = 1_000_000


def needed(sd: float, difference: float) -> int | None:
    """The seeds with which the half-width is 5 % of the difference, if the spread is this.

    Examples
    --------
    >>> needed(10.0, 100.0), needed(1.0, 0.0)
    (18, None)
    """
    if difference == 0:
        return None
    low, high = 2, MOST
    while low < high:
        middle = (low + high) // 2
        half = stats.t.ppf(0.975, middle - 1) * sd / np.sqrt(middle)
        low, high = (low, middle) if half <= WIDE * abs(difference) else (middle + 1, high)
    return low


def lines(trial: Trial) -> list[tuple[str, float, float, float, int | None, int | None]]:
    """For each safeguard: difference, half-width as a share, times saved, seeds needed."""
    found = trial.differences()
    rows = found[
        (found["quantity"] == QUANTITY) & (found["regime"] == "all") & (found["of"] == "amount")
    ]
    seeds = len(trial.values.seeds)
    return [
        (
            row.safeguard,
            row.difference,
            (row.high - row.low) / 2 / abs(row.difference) if row.difference else 0.0,
            row.saves,
            needed(row.sd, row.difference),
            needed(row.unpaired_se * np.sqrt(seeds), row.difference),
        )
        for row in rows.itertuples()
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", default=STUDY)
    parser.add_argument("--persons", type=int, default=PERSONS)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--safeguard", nargs="+", default=SAFEGUARDS)
    parser.add_argument("--hold", nargs="*", default=HOLD)
    given = parser.parse_args()
    started = time.perf_counter()
    trial = compare(
        scslab.read_study(given.study),
        safeguards=given.safeguard,
        seeds=given.seeds,
        persons=given.persons,
        by=[],
        progress=lambda done, of: print(f"run {done} of {of}", file=sys.stderr, flush=True),
    )
    seconds = time.perf_counter() - started
    first = trial.harm()
    mean = first[
        (first["quantity"] == QUANTITY)
        & (first["regime"] == "all")
        & (first["safeguard"] == given.safeguard[0])
    ]["amount"].item()
    print(
        f"Study {given.study}, {given.persons:,} persons, {given.seeds} seeds, scslab {version()}; "
        f"{mean:,.0f} wrongful person-months under {given.safeguard[0]}. "
        f"{len(trial.values.labels) * given.seeds} runs in {seconds:,.0f} s on {machine()}.\n"
    )
    print(
        "| safeguard | difference | half-width of the 95 % interval | times fewer seeds "
        "| seeds for 5 %, paired | seeds for 5 %, unpaired |"
    )
    print("|---|---:|---:|---:|---:|---:|")
    kept = True
    for name, difference, width, saves, mine, theirs in lines(trial):
        print(
            f"| {name} | {difference:,.0f} | {width:.1%} | {saves:,.1f} | {mine or '-'} "
            f"| {theirs or '-'} |"
        )
        if name in given.hold:
            kept &= width <= WIDE and saves >= FEWER
    print(f"\n{'both goals kept' if kept else 'a goal was missed'} by {', '.join(given.hold)}")
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
