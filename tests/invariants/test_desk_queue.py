"""A desk of clerks is the queue M/M/c: waiting times, lateness and stock meet Erlang's formulas.

Records of a score come as a Poisson process and all are objected to, so objections arrive at the
desk at random; a case takes a clerk an exponential time. Runs of independent seeds give means and
their standard errors; a warm-up is left out.
"""

import heapq
import math
from dataclasses import replace

import numpy as np
import pytest

from remedies_small import ALL_TOLD, clerks, days, live, records_study
from scslab.core.tables import (
    CORRECTED,
    DAYS,
    DAYS_WAITED,
    DECIDED,
    FILED,
    LATE,
    OBJECTIONS,
    WAITING,
)
from scslab.lab.clerks import in_office
from scslab.lab.pipeline import REVIEW, STAGES
from scslab.study.read import StudyFile
from scslab.world.remedies.desk import case_times, serve
from small import (
    BREACH,
    monthly,
    months,
    one_score,
    places,
    run,
    share,
    study,
    totals,
    write_regime,
)

PERSONS, RATE, DEADLINE = 500, 160 / DAYS, 1  # objections a working day
WARM, LENGTH, SEEDS = 16, 64, range(1, 21)
DESKS = [(c, rho) for c in (1, 2, 5) for rho in (0.5, 0.8, 0.9)]


def erlang_c(c: int, load: float) -> float:
    """Chance that a case must wait for a clerk; `load` is arrivals times mean service."""
    terms = [load**k / math.factorial(k) for k in range(c)]
    last = load**c / math.factorial(c) * c / (c - load)
    return last / (sum(terms) + last)


def stays_longer(t: float, c: int, rho: float, takes: float) -> float:
    """P(T > t) for the time T in the system M/M/c, service included."""
    load, rate = c * rho, 1 / takes
    gap = c - 1 - load
    alone = math.exp(-rate * t)
    if abs(gap) < 1e-9:
        waits = rate * t * alone
    else:
        waits = (alone - math.exp(-rate * t * (1 + gap))) / gap
    return alone + erlang_c(c, load) * waits


def mean_stay(c: int, rho: float, takes: float) -> float:
    return takes + erlang_c(c, c * rho) * takes / (c * (1 - rho))


def ratio(above: np.ndarray, below: np.ndarray) -> tuple[float, float]:
    """A ratio of sums over independent runs, and its standard error."""
    found = above.sum() / below.sum()
    left = above - found * below
    return found, math.sqrt((left**2).sum() / (len(left) - 1) * len(left)) / below.sum()


def desks(folder) -> StudyFile:
    """All desks at once: one regime each, with the same records and luck of its own.

    Arrivals are the same at all of them, so their utilisation is set by what a case takes.
    """
    uses = []
    for c, rho in DESKS:
        name = f"desk-{c}-{10 * rho:.0f}"
        rules = {"remedy": {"objection": days(DEADLINE)}}
        write_regime(folder, name, score=one_score(0, breach=-1), **rules)
        desk = {"staff": clerks(c * 1e6 / PERSONS), "case_takes": days(rho * c / RATE)}
        practice = ALL_TOLD | {"desk": desk | {"corrects_rightful": share(1.0)}}
        uses.append({"use": name, "practice": practice})
    conduct = {BREACH: {"rate": monthly(RATE * DAYS / PERSONS)}}
    return study(folder, regimes=uses, persons=PERSONS, length=LENGTH, conduct=conduct)


Cases = list[list[np.ndarray]]  # [regime][month]: days that those decided had waited


def watched(file: StudyFile, seed: int) -> tuple[Cases, np.ndarray, np.ndarray]:
    """What each desk decided, month by month, from the entries and from the books.

    Returns
    -------
    list, i8[months, regimes, FLOWS], i8[months, regimes, STOCKS]
    """
    stays: Cases = [[] for _ in file.study.regimes]

    def look(world, month, state, shard):
        STAGES[at].run(world, month, state, shard)
        done = shard.entries[shard.entries["state"] == CORRECTED]
        for regime, found in enumerate(stays):
            mine = done[done["regime"] == regime]
            found.append((mine["due"] - mine["filed_at"]).astype(float))

    at = [stage.name for stage in STAGES].index(REVIEW)
    stages = [*STAGES[:at], replace(STAGES[at], run=look), *STAGES[at + 1 :]]
    flows, standing = [], []
    for _, _, _, (shard,) in live(file, seed, stages=stages):
        flows.append(shard.books.flows.sum(axis=1))
        standing.append(shard.books.stocks.sum(axis=1))
    return stays, np.array(flows), np.array(standing)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """The desks under independent seeds."""
    file = desks(tmp_path_factory.mktemp("desks"))
    return [watched(file, seed) for seed in SEEDS]


def per_run(runs, c: int, rho: float) -> tuple[list[np.ndarray], np.ndarray]:
    """After the warm-up, for each run: the days waited of one desk, and its stocks by month."""
    r = DESKS.index((c, rho))
    return [np.concatenate(a[r][WARM:]) for a, _, _ in runs], np.array(
        [s[WARM:, r, WAITING] for _, _, s in runs]
    )


def test_the_formulas_are_erlangs():
    # Erlang 1917: two clerks at a load of one; and the queue of one clerk is M/M/1.
    assert erlang_c(2, 1.0) == pytest.approx(1 / 3)
    assert erlang_c(1, 0.7) == pytest.approx(0.7)
    assert mean_stay(1, 0.8, 0.5) == pytest.approx(2.5)
    for c, rho in DESKS:
        grid = np.arange(0, 200, 0.005)
        tail = np.array([stays_longer(t, c, rho, 0.5) for t in grid])
        assert np.trapezoid(tail, grid) == pytest.approx(mean_stay(c, rho, 0.5), rel=1e-4)
        assert stays_longer(0, c, rho, 0.5) == pytest.approx(1)
    for t in (0.3, 2.0, 7.0):  # M/M/1: exponential with the rate left over
        assert stays_longer(t, 1, 0.8, 0.5) == pytest.approx(math.exp(-t * (1 - 0.8) / 0.5))


@pytest.mark.parametrize(("c", "rho"), DESKS)
def test_the_mean_wait_is_that_of_m_m_c(runs, c, rho):
    stays, _ = per_run(runs, c, rho)
    sizes = np.array([len(x) for x in stays])
    mean, error = ratio(np.array([x.sum() for x in stays]), sizes)
    expected = mean_stay(c, rho, rho * c / RATE)
    assert error < 0.06 * expected  # the test could tell a wrong formula
    assert abs(mean - expected) < 3 * error
    # It is not the mean of a desk with half as many cases.
    assert abs(mean - mean_stay(c, rho / 2, rho * c / RATE)) > 3 * error


@pytest.mark.parametrize(("c", "rho"), DESKS)
def test_the_share_late_is_that_of_the_time_in_the_system(runs, c, rho):
    """At the deadline of the rules, and at other times that fit the desk."""
    stays, _ = per_run(runs, c, rho)
    sizes, takes = np.array([len(x) for x in stays]), rho * c / RATE
    for t in (DEADLINE, takes, 2 * mean_stay(c, rho, takes)):
        late, error = ratio(np.array([(x > t).sum() for x in stays]), sizes)
        assert abs(late - stays_longer(t, c, rho, takes)) < 3 * max(error, 1 / sizes.sum()), t
        if c == 1:  # M/M/1: exponential with what service leaves over
            assert stays_longer(t, c, rho, takes) == pytest.approx(math.exp(-t * (1 - rho) / takes))


@pytest.mark.parametrize(("c", "rho"), DESKS)
def test_the_books_count_what_the_entries_say(runs, c, rho):
    r = DESKS.index((c, rho))
    for stays, flows, standing in runs:
        for column, counted in (
            (DECIDED, [len(x) for x in stays[r]]),
            (LATE, [(x > DEADLINE).sum() for x in stays[r]]),
            (DAYS_WAITED, [np.floor(x + 0.5).sum() for x in stays[r]]),
        ):
            assert (flows[:, r, column] == counted).all()
        # Filed is decided or waits: nobody leaves before.
        open_ = (flows[:, r, OBJECTIONS] - flows[:, r, DECIDED]).cumsum()
        assert (standing[:, r, WAITING] == open_).all()


@pytest.mark.parametrize(("c", "rho"), DESKS)
def test_littles_law_the_stock_is_the_rate_times_the_wait(runs, c, rho):
    stays, waiting = per_run(runs, c, rho)
    months_ = np.full(len(stays), LENGTH - WARM)
    stock, error = ratio(waiting.sum(axis=1), months_)
    assert abs(stock - RATE * mean_stay(c, rho, rho * c / RATE)) < 3 * error
    # Run by run, too: the rate and the wait of the run itself.
    waits = np.array([x.sum() for x in stays]) / DAYS
    left, error = ratio(waiting.sum(axis=1) - waits, months_)
    assert abs(left) < 3 * error
    assert error < stock


def test_objections_arrive_as_a_poisson_process(runs):
    """In number a month, and evenly within it."""
    filed = np.array([flows[:, 0, OBJECTIONS] for _, flows, _ in runs]).ravel()
    mean = RATE * DAYS
    assert abs(filed.mean() - mean) < 3 * math.sqrt(mean / len(filed))
    dispersion = ((filed - mean) ** 2 / mean).sum()
    assert abs(dispersion - len(filed)) < 3 * math.sqrt(2 * len(filed))


def test_of_two_desks_with_the_same_records_each_has_its_own_luck(runs):
    """Service times are drawn per regime: waits of two desks agree no more than their arrivals."""
    one, two = (np.concatenate([runs[0][0][r][m] for m in range(5)]) for r in (0, 3))
    n = min(len(one), len(two))
    assert n > 500
    assert abs(np.corrcoef(one[:n], two[:n])[0, 1]) < 0.3


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    """Every objection of a run with three clerks in shards: when filed, when decided."""
    desk = {"staff": clerks(3e6 / PERSONS), "case_takes": days(0.85 * 3 / RATE)}
    practice = ALL_TOLD | {"desk": desk | {"corrects_rightful": share(1.0)}}
    file = records_study(
        tmp_path_factory.mktemp("cases"),
        practice,
        persons=PERSONS,
        length=24,
        margins=places(5),
        conduct={BREACH: {"rate": monthly(RATE * DAYS / PERSONS)}},
    )
    found = []

    def look(world, month, state, shard):
        done = shard.entries["state"] == FILED
        found.append(shard.entries[done & (shard.entries["due"] >= 0)].copy())
        STAGES[at].run(world, month, state, shard)

    at = [stage.name for stage in STAGES].index(REVIEW)
    stages = [*STAGES[:at], replace(STAGES[at], run=look), *STAGES[at + 1 :]]
    for _ in live(file, shards=3, stages=stages):
        pass
    rows = np.concatenate(found)
    rows = rows[np.unique(rows["luck"], return_index=True)[1]]
    return rows[np.argsort(rows["filed_at"])]


def test_whatever_the_shards_one_desk_serves_all_in_the_order_of_filing(cases):
    """Replayed in plain Python with the same times of service, every day of decision agrees."""
    takes = np.empty(len(cases))
    case_times(cases, 0.85 * 3 / RATE, takes)
    filed = cases["filed_at"].astype(float)
    assert len(cases) > 3000
    assert np.allclose(cases["due"], plain_desk(filed, takes, 3), rtol=0, atol=1e-3)
    assert takes.mean() == pytest.approx(0.85 * 3 / RATE, rel=3 / math.sqrt(len(cases)))


def plain_desk(filed: np.ndarray, takes: np.ndarray, c: int) -> np.ndarray:
    """First come, first served by `c` clerks, in plain Python."""
    free = [0.0] * c
    heapq.heapify(free)
    due = []
    for arrives, needs in zip(filed.tolist(), takes.tolist(), strict=True):
        begins = max(arrives, heapq.heappop(free))
        due.append(begins + needs)
        heapq.heappush(free, due[-1])
    return np.array(due)


@pytest.mark.parametrize("c", [1, 2, 5, 17])
@pytest.mark.parametrize("rho", [0.3, 0.9, 1.4])
def test_month_by_month_the_kernel_is_a_plain_queue(c, rho):
    rng = np.random.default_rng(c * 100 + int(10 * rho))
    filed = np.cumsum(rng.exponential(2.0 / (c * rho), 3000))
    takes = rng.exponential(2.0, 3000)
    expected = plain_desk(filed, takes, c)
    due, free = np.full(3000, -1.0), None
    for month in range(int(expected.max() / DAYS) + 2):
        free = in_office(free, c, 0)
        end = float(DAYS * (month + 1))
        open_ = np.flatnonzero((due < 0) & (filed < end))
        got = np.full(len(open_), -1.0)
        begun = serve(filed[open_], takes[open_], free, end, got)
        assert (got[:begun] >= 0).all() and (got[begun:] == -1).all()
        due[open_] = got
        # What waits could not have begun: every clerk is busy until the end of the month.
        assert begun == len(open_) or free.min() >= end
    assert np.allclose(due, expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize(("c", "rho"), DESKS)
def test_the_kernel_alone_meets_erlang(c, rho):
    means = []
    for seed in range(24):
        rng = np.random.default_rng([seed, c, int(100 * rho)])
        filed = np.cumsum(rng.exponential(1 / (c * rho), 30_000))
        due = np.empty(30_000)
        assert serve(filed, rng.exponential(1.0, 30_000), np.zeros(c), np.inf, due) == 30_000
        means.append((due - filed)[5000:].mean())
    error = np.std(means, ddof=1) / math.sqrt(len(means))
    assert error < 0.05 * mean_stay(c, rho, 1.0)
    assert abs(np.mean(means) - mean_stay(c, rho, 1.0)) < 3 * error


def test_a_lone_clerk_obeys_lindley():
    """W' = max(0, W + S - A): the wait before service, case by case."""
    rng = np.random.default_rng(8)
    gaps, takes = rng.exponential(1.2, 5000), rng.exponential(1.0, 5000)
    filed, due = np.cumsum(gaps), np.empty(5000)
    serve(filed, takes, np.zeros(1), np.inf, due)
    waits = due - takes - filed
    expected = np.maximum(0, waits[:-1] + takes[:-1] - gaps[1:])
    assert np.allclose(waits[1:], expected, atol=1e-8)


def test_the_idle_leave_first_and_new_clerks_are_free_today():
    free = np.array([40.0, 3.0, 25.0])
    assert in_office(free, 2, 21).tolist() == [25.0, 40.0]
    assert in_office(free, 0, 21).tolist() == []
    assert sorted(in_office(free, 5, 21)) == [3.0, 21.0, 21.0, 25.0, 40.0]
    assert in_office(None, 2, 42).tolist() == [42.0, 42.0]


def test_without_clerks_nobody_is_decided_and_then_the_oldest_come_first(tmp_path):
    """Two clerks, none from June on, ten from September on."""
    row = [2e6 / PERSONS, ("2020-06-01", 0), ("2020-09-01", 10e6 / PERSONS)]
    desk = {"staff": clerks(row), "case_takes": days(3)}
    practice = ALL_TOLD | {"desk": desk | {"corrects_rightful": share(1.0)}}
    conduct = {BREACH: {"rate": monthly(0.022)}}
    parts = {"persons": PERSONS, "length": 14, "conduct": conduct}
    file = records_study(tmp_path, practice, **parts)
    found = run(file)
    filed, decided = totals(found, "objections"), totals(found, "decided")
    assert (decided[:5] > 0).all()
    # In June the last cases begun in May may be decided: two at most. Then none.
    assert decided[5:8].sum() <= 2 and decided[6:8].sum() == 0
    assert totals(found, "waiting")[7] > 25
    assert decided[8] > 30  # ten clerks and three days: 70 cases a month
    assert (totals(found, "waiting") == (filed - decided).cumsum()).all()
    for _, _, _, (shard,) in live(file):
        waiting = shard.entries[shard.entries["state"] == FILED]
        begun = waiting[waiting["due"] >= 0]["filed_at"]
        idle = waiting[waiting["due"] < 0]["filed_at"]
        assert not len(begun) or not len(idle) or begun.max() <= idle.min()


def test_those_who_leave_before_the_decision_are_neither_waiting_nor_decided(tmp_path):
    """Records lapse after two months, and the desk is far too small."""
    desk = {"staff": clerks(1e6 / PERSONS), "case_takes": days(2)}
    practice = ALL_TOLD | {"desk": desk | {"corrects_rightful": share(1.0)}}
    file = records_study(
        tmp_path,
        practice,
        persons=PERSONS,
        length=24,
        conduct={BREACH: {"rate": monthly(0.06)}},
        remedy={"record_ends": months(2)},
    )
    found = run(file)
    filed, decided, waiting = (totals(found, k) for k in ("objections", "decided", "waiting"))
    left = np.diff((filed - decided).cumsum() - waiting, prepend=0)
    assert (left[:2] == 0).all() and (left >= 0).all() and left.sum() > 200
    assert (left[2:] <= filed[:-2]).all()  # filed two months before
    # Those who wait are of the last two months; no clerk begins a case that has lapsed.
    for _, month, _, (shard,) in live(file):
        waits = shard.entries[shard.entries["state"] == FILED]
        assert (waits["filed"] > month.index - 2).all()
    # So the clerk decides nearly all that he can: what lapses while he works on it is lost.
    assert 0.7 * 20 * DAYS / 2 < decided[4:].sum() <= 20 * DAYS / 2 * 1.2


def test_a_case_that_takes_next_to_no_time_never_waits(tmp_path):
    desk = {"staff": clerks(1e6 / PERSONS), "case_takes": days(1e-9)}
    practice = ALL_TOLD | {"desk": desk}
    conduct = {BREACH: {"rate": monthly(0.3)}}
    found = run(records_study(tmp_path, practice, persons=PERSONS, length=6, conduct=conduct))
    assert (totals(found, "decided") == totals(found, "objections")).all()
    assert totals(found, "days_waited").sum() == totals(found, "waiting").sum() == 0
