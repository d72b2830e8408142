"""What can be computed with pencil and paper: the laboratory must agree."""

import math

import numpy as np
import pytest

from small import (
    BREACH,
    GOOD,
    OTHER,
    agency,
    listing_study,
    lived_through,
    monthly,
    near,
    one_list,
    one_score,
    run,
    share,
    study,
    totals,
    write_regime,
)

RATE = 0.01
CONDUCT = {BREACH: {"rate": monthly(RATE)}}


def entry_chances(rate: float, term: int, length: int) -> np.ndarray:
    """Chance that a person enters in each month.

    Who entered in one of the `term` months before is still listed when this month's records are
    judged, and leaves at its end at the earliest.
    """
    p = 1 - math.exp(-rate)
    found: list[float] = []
    for month in range(length):
        found.append(p * (1 - sum(found[max(0, month - term) :])))
    return np.array(found)


@pytest.mark.parametrize(("rate", "term"), [(0.002, 6), (0.03, 6), (0.3, 3), (0.05, 24)])
def test_entries_and_listed_are_those_of_a_renewal_process(tmp_path, rate, term):
    persons, length = 20_000, 3 * term
    file = listing_study(
        tmp_path, term, persons=persons, length=length, conduct={BREACH: {"rate": monthly(rate)}}
    )
    found = run(file)
    chances = entry_chances(rate, term, length)
    for month in (0, 1, term - 1, term, term + 1, length - 1):
        q = chances[month]
        got = totals(found, "entries")[month]
        assert near(got, persons * q, math.sqrt(persons * q * (1 - q)))
        on_list = chances[max(0, month - term + 1) : month + 1].sum()
        got = totals(found, "listed")[month]
        assert near(got, persons * on_list, math.sqrt(persons * on_list * (1 - on_list)))
        assert totals(found, "exits")[month] == (
            totals(found, "entries")[month - term] if month >= term else 0
        )


def test_listed_converges_to_entries_times_term(tmp_path):
    persons, term, rate = 50_000, 12, 0.001
    file = listing_study(
        tmp_path, term, persons=persons, length=48, conduct={BREACH: {"rate": monthly(rate)}}
    )
    found = run(file)
    entries, listed = totals(found, "entries"), totals(found, "listed")
    # The listed at the end of a month are exactly the entries of the last `term` months.
    assert listed[-1] == entries[-term:].sum()
    # So far apart in time, stocks are independent counts.
    mean, stocks = entries[12:].mean() * term, listed[11::12][1:]
    assert near(stocks.mean(), mean, math.sqrt(mean / len(stocks)))


def test_records_of_a_month_are_poisson(tmp_path):
    persons, length = 10_000, 120
    file = listing_study(tmp_path, persons=persons, length=length, conduct=CONDUCT)
    records = totals(run(file), "records")
    mean = persons * RATE
    assert near(records.mean(), mean, math.sqrt(mean / length))
    dispersion = ((records - mean) ** 2 / mean).sum()
    assert near(dispersion, length, math.sqrt(2 * length))


def test_records_of_a_month_are_poisson_across_seeds(tmp_path):
    file = listing_study(tmp_path, persons=1000, length=1, conduct=CONDUCT)
    records = np.array([totals(run(file, seed=s), "records")[0] for s in range(60)])
    assert near(records.mean(), 10, math.sqrt(10 / 60))
    assert near(((records - 10) ** 2 / 10).sum(), 60, math.sqrt(120))


def test_detection_thins_records(tmp_path):
    file = listing_study(
        tmp_path, persons=10_000, length=60, conduct=CONDUCT, agencies=agency(detection=0.3)
    )
    found = run(file)
    acts, records = totals(found, "acts").sum(), totals(found, "records").sum()
    assert near(acts, 10_000 * 60 * RATE, math.sqrt(6000))
    assert near(records, 0.3 * acts, math.sqrt(acts * 0.3 * 0.7))


def test_coverage_thins_records_of_one_regime(tmp_path):
    for name in ("one", "two"):
        write_regime(tmp_path, name, score=one_score(breach=-5))
    uses = [{"use": "one", "receives": {"coverage": share(0.4)}}, {"use": "two"}]
    found = run(study(tmp_path, persons=10_000, length=60, conduct=CONDUCT, regimes=uses))
    acts = totals(found, "acts", "two").sum()
    assert totals(found, "records", "two").sum() == acts
    assert near(totals(found, "records", "one").sum(), 0.4 * acts, math.sqrt(acts * 0.24))


def test_scores_are_spread_as_poisson_counts(tmp_path):
    persons, length, rate, cost = 20_000, 30, 0.05, 7
    write_regime(tmp_path, "points", score=one_score(1000, breach=-cost))
    file = study(
        tmp_path,
        persons=persons,
        length=length,
        conduct={BREACH: {"rate": monthly(rate)}},
        regimes=["points"],
    )
    _, _, state, _ = lived_through(file)
    counts = (1000 - state.score[0].astype(int)) / cost
    mean = length * rate
    assert near(counts.mean(), mean, math.sqrt(mean / persons))
    assert near(counts.var(), mean, math.sqrt((mean + 2 * mean**2) / persons))
    for k in range(5):
        chance = math.exp(-mean) * mean**k / math.factorial(k)
        assert near((counts == k).mean(), chance, math.sqrt(chance * (1 - chance) / persons))
    found = run(file)
    mean_score = float(found.table("scores")["mean_score"].iloc[-1])
    assert mean_score == pytest.approx(1000 - cost * counts.mean(), abs=1e-9)


def test_frailty_gives_a_mixed_poisson_of_the_same_mean(tmp_path):
    persons, length, rate, skew = 20_000, 24, 0.05, 2
    write_regime(tmp_path, "points", score=one_score(0, breach=1))
    frailty = {"unit": "exponent", "rows": monthly(0)["rows"]}
    frailty["rows"][0]["value"] = skew
    file = study(
        tmp_path,
        persons=persons,
        length=length,
        conduct={BREACH: {"rate": monthly(rate), "frailty": frailty}},
        regimes=["points"],
    )
    _, _, state, _ = lived_through(file)
    counts = state.score[0].astype(float)
    mean = length * rate
    # (k + 1) u^k has mean 1 and variance (k + 1)^2 / (2 k + 1) - 1.
    variance = mean + mean**2 * ((skew + 1) ** 2 / (2 * skew + 1) - 1)
    assert near(counts.mean(), mean, math.sqrt(variance / persons))
    fourth = ((counts - counts.mean()) ** 4).mean()
    assert near(counts.var(), variance, math.sqrt((fourth - variance**2) / persons))


def test_varying_rates_multiply(tmp_path):
    varies = [
        {"with": "sex", "times": {"female": 0.5, "male": 1.5}, "source": "made-up"},
        {"with": "residence", "times": {"rural": 0}, "source": "made-up"},
    ]
    file = listing_study(
        tmp_path,
        persons=20_000,
        length=30,
        conduct={BREACH: {"rate": monthly(0.02), "varies": varies}},
    )
    rows = run(file).table("records", by=["sex", "residence"])
    acts = rows.groupby(["sex", "residence"], observed=True)
    sums, sizes = acts["acts"].sum(), acts["covered"].mean()
    for sex, times in (("female", 0.5), ("male", 1.5)):
        assert sums[sex, "rural"] == 0
        mean = sizes[sex, "urban"] * 30 * 0.02 * times
        assert near(sums[sex, "urban"], mean, math.sqrt(mean))


def test_the_delay_of_a_record_has_the_mean_that_the_study_gives(tmp_path):
    """An act falls anywhere in its month, so the mean lag in months is that of the exponential."""
    lag = {"unit": "months", "rows": monthly(0)["rows"]}
    lag["rows"][0]["value"] = 2.0
    rate = monthly(0.5, ("2020-02-01", 0.0))
    file = listing_study(
        tmp_path,
        None,
        persons=20_000,
        length=36,
        conduct={BREACH: {"rate": rate}},
        agencies=agency(lag=lag),
    )
    records = totals(run(file), "records")
    mean = (records * np.arange(36)).sum() / records.sum()
    assert near(mean, 2.0, 2.0 / math.sqrt(records.sum()))


def test_a_perfect_agency_wrongs_nobody(tmp_path):
    write_regime(tmp_path, "points", score=one_score(1000, breach=-5, other=-9, good=3))
    write_regime(tmp_path, "a-list", lists=one_list((BREACH, OTHER)))
    file = study(
        tmp_path,
        length=24,
        conduct={act: {"rate": monthly(0.05)} for act in (BREACH, OTHER, GOOD)},
        agencies=agency(BREACH, OTHER, GOOD),
        regimes=["points", "a-list"],
    )
    found = run(file)
    assert totals(found, "entries", "a-list").sum() > 500
    assert (found.tallies["records"] == found.tallies["true_records"]).all()
    for column in ("misattributed", "from_nothing", "wrongful_entries", "wrongful_listed"):
        assert found.tallies[column].sum() == 0
    for column in ("wrongful_exits", "objections", "corrected_wronged"):
        assert found.tallies[column].sum() == 0


def test_with_detection_1_every_act_has_one_record(tmp_path):
    write_regime(tmp_path, "points", score=one_score(1000, breach=-5, other=-9, good=3))
    conduct = {act: {"rate": monthly(0.05)} for act in (BREACH, OTHER, GOOD)}
    file = study(
        tmp_path,
        length=24,
        conduct=conduct,
        agencies=agency(BREACH, OTHER, GOOD),
        regimes=["points"],
    )
    found = run(file)
    assert (found.tallies["records"] == found.tallies["acts"]).all()
    assert (found.tallies["true_records"] == found.tallies["acts"]).all()
    columns = ("points_gained", "points_lost", "score_sum")
    sums = found.tallies.groupby("month", observed=True)[list(columns)].sum()
    moved = (sums["points_gained"] - sums["points_lost"]).cumsum()
    assert (sums["score_sum"] == 2000 * 1000 + moved).all()
