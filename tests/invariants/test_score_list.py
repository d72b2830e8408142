"""A list entered by a low score: the reference society against an exact chain.

One person's score is a Markov chain given the person's skew u, so its distribution can be
carried forward exactly and averaged over u: no dice on that side.
"""

import math
from pathlib import Path

import numpy as np
import pytest

from scslab.study.read import parse_study
from small import near, run, totals

FOLDER = Path(__file__).parents[2] / "benchmarks" / "reference"
PERSONS, MONTHS, START = 20_000, 40, 965
BREACH, DETECTED, WHILE_LISTED = 0.18 / 12, 0.5, 0.54
GOOD, FALSE = 0.24 / 12, 0.006 / 12
LOW, AFTER, TERM = 960, 980, 24
STEP, BOTTOM, CELLS = 5, 600, 160  # scores 600, 605, ... 1395
SCORES = BOTTOM + STEP * np.arange(CELLS)
MOST = 6  # acts of one kind and month that matter


def poisson_chances(mean: float) -> np.ndarray:
    return np.array([math.exp(-mean) * mean**k / math.factorial(k) for k in range(MOST)])


def moved(chances: np.ndarray, steps: int) -> np.ndarray:
    """Scores moved by a number of steps; what would leave the grid is nobody."""
    out = np.roll(chances, steps)
    if steps > 0:
        out[:steps] = 0
    elif steps < 0:
        out[steps:] = 0
    return out


def after_month(chances: np.ndarray, breaches: float) -> tuple[np.ndarray, np.ndarray]:
    """Scores after a month: of whoever got no breach on record, and of all others."""
    raised = sum(p * moved(chances, k) for k, p in enumerate(poisson_chances(GOOD)))
    counts = poisson_chances(breaches)
    return counts[0] * raised, sum(counts[k] * moved(raised, -2 * k) for k in range(1, MOST))


def chain(u: float) -> np.ndarray:
    """Chances to be listed, to enter, and the mean score, by month; f8[3, months]."""
    free = np.where(SCORES == START, 1.0, 0.0)
    listed = [np.zeros(CELLS)] * TERM  # oldest first
    out = np.zeros((3, MONTHS))
    base = 2 * u * BREACH * DETECTED
    for month in range(MONTHS):
        quiet, caught = after_month(free, base + FALSE)
        low = SCORES < LOW
        entered, free = np.where(low, caught, 0.0), quiet + np.where(low, 0.0, caught)
        listed = [sum(after_month(x, base * WHILE_LISTED + FALSE)) for x in listed]
        leaving, listed = listed[0], [*listed[1:], entered]
        free = free + np.where(SCORES == AFTER, leaving.sum(), 0.0)
        held = sum(listed)
        out[:, month] = held.sum(), entered.sum(), ((free + held) * SCORES).sum()
    return out


@pytest.fixture(scope="module")
def expected():
    """The chain averaged over u by Gauss-Legendre quadrature."""
    nodes, weights = np.polynomial.legendre.leggauss(12)
    return sum(w / 2 * chain((x + 1) / 2) for x, w in zip(nodes, weights, strict=True))


@pytest.fixture(scope="module")
def found():
    text = (FOLDER / "study.yaml").read_text(encoding="utf-8").replace("to: 2020-12", "to: 2023-04")
    start = "{unit: points, rows: [{from: 2020-01-01, value: 965, source: yardstick, at: x}]}"
    text = text.replace(
        "  - use: reference-points",
        f"  - use: reference-points\n    changes: {{score.start: {start}}}",
    )
    return run(parse_study(text, folder=FOLDER), persons=PERSONS)


@pytest.mark.parametrize("month", [0, 5, 12, 23, 24, 25, 30, 39])
def test_listed_and_entries_are_those_of_the_chain(found, expected, month):
    listed, entered, _ = expected
    for column, p in (("listed", listed[month]), ("entries", entered[month])):
        got = totals(found, column)[month]
        assert near(got, PERSONS * p, math.sqrt(PERSONS * p * (1 - p)), 4), column


def test_all_entries_together_are_those_of_the_chain(found, expected):
    mean = PERSONS * expected[1].sum()
    assert mean > 1000
    assert near(totals(found, "entries").sum(), mean, math.sqrt(mean), 4)


@pytest.mark.parametrize("month", [0, 12, 23, 30, 39])
def test_the_mean_score_is_that_of_the_chain(found, expected, month):
    got = totals(found, "score_sum")[month] / PERSONS
    # A person's score spreads by the points of 40 months at most: about 15 a month.
    spread = math.sqrt((month + 1) * (100 * (BREACH + FALSE) + 25 * GOOD) + 400)
    assert near(got, expected[2][month], spread / math.sqrt(PERSONS), 4)


def test_whoever_leaves_has_stayed_for_the_whole_term(found):
    entries, exits = totals(found, "entries"), totals(found, "exits")
    assert (exits[:TERM] == 0).all()
    assert (exits[TERM:] == entries[: MONTHS - TERM]).all()
