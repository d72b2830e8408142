"""Same seed, same bits, however the work is cut; and luck shared between variants."""

import hashlib

import numpy as np
import pytest

from scslab.core.files import sha256
from small import (
    BREACH,
    agency,
    everything,
    listing_study,
    monthly,
    months,
    one_score,
    places,
    points,
    run,
    study,
    totals,
    write_regime,
    yes,
)

FILES = ("tallies.parquet", "measures.parquet", "histograms.parquet", "survey-wave.parquet")
CUTS = [(1, 2), (1, 3), (1, 7), (1, 31), (2, 1), (2, 2), (2, 7), (2, 31)]


def marks(file, folder, **more) -> dict[str, str]:
    """Hashes of the tables that a run writes."""
    run(file, out=folder, **more)
    return {name: sha256(folder / name) for name in FILES if (folder / name).exists()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The study with everything on, cut nowhere: file and hashes."""
    folder = tmp_path_factory.mktemp("everything")
    file = everything(folder)
    return file, marks(file, folder / "run", threads=1, shards=1)


def test_every_mechanism_is_on(whole):
    file, _ = whole
    found = run(file)
    counts = found.tallies.drop(columns=["month", "region", "sex"])
    sums = counts.groupby("regime", observed=True).sum()
    for column in ("misattributed", "from_nothing", "wrongful_entries", "corrected_wronged"):
        assert (sums[column] > 0).all(), column
    for column in ("decided", "rejected", "expired", "removed_by_correction", "waiting"):
        assert (sums[column] > 0).all(), column
    assert sums.loc["debtors", "performed"] > 0
    assert sums["late"].sum() > 0
    assert (found.measures["refused"] > 0).any()
    assert len(found.surveys["wave"]) == 300


@pytest.mark.parametrize(("threads", "shards"), CUTS)
def test_bits_do_not_depend_on_how_the_work_is_cut(whole, tmp_path, threads, shards):
    file, expected = whole
    assert len(expected) == 4
    assert marks(file, tmp_path / "run", threads=threads, shards=shards) == expected


def test_another_seed_gives_other_bits(whole, tmp_path):
    file, expected = whole
    other = marks(file, tmp_path / "run", seed=2)
    assert all(other[name] != expected[name] for name in FILES)


def test_seeds_share_no_luck(tmp_path):
    file = listing_study(tmp_path, None, persons=5000, length=40)
    a, b = (totals(run(file, seed=s), "acts") for s in (0, 1))
    assert abs(np.corrcoef(a, b)[0, 1]) < 3 / np.sqrt(40)


def test_a_list_by_score_does_not_depend_on_who_shares_the_shard(tmp_path):
    """A person at the bottom of the scale gets a record that cannot lower the score further."""
    low = {"says": "Few points", "score_below": points(960), "holds": yes()}
    write_regime(
        tmp_path,
        "bottom",
        score=one_score(965, breach=-10) | {"lowest": points(955)},
        lists={"low": {"says": "Low", "grounds": {"low": low}, "stays": months(1)}},
    )
    file = study(
        tmp_path,
        persons=400,
        length=24,
        margins=places(40),
        conduct={BREACH: {"rate": monthly(0.1)}},
        regimes=["bottom"],
    )
    expected = run(file, shards=1).tallies
    for shards in (4, 40):
        assert run(file, shards=shards).tallies.equals(expected)


def test_months_before_are_the_same_in_a_shorter_study(whole, tmp_path):
    file, _ = whole
    short, long = run(file, months=5).tallies, run(file).tallies
    expected = long[long["month"].astype(str) <= "2020-05"]
    assert (short.to_numpy() == expected.to_numpy()).all()


def test_variants_share_acts_and_records_wherever_their_rules_agree(tmp_path):
    parts = {"persons": 5000, "length": 30, "agencies": agency(detection=0.5)}
    short, long = (
        run(listing_study(tmp_path, stays, f"stays-{stays}", **parts)) for stays in (6, 12)
    )
    for column in ("acts", "records"):
        assert (totals(short, column) == totals(long, column)).all()
    for column in ("entries", "listed"):  # nobody is off either list in the first months
        assert (totals(short, column)[:6] == totals(long, column)[:6]).all()
    assert totals(short, "listed")[-1] < totals(long, "listed")[-1]


def test_a_higher_detection_adds_records_and_takes_none_away(tmp_path):
    parts = {"persons": 5000, "length": 30}
    low, high = (
        run(listing_study(tmp_path, None, agencies=agency(detection=d), **parts))
        for d in (0.5, 0.55)
    )
    assert (totals(low, "acts") == totals(high, "acts")).all()
    assert (totals(low, "records") <= totals(high, "records")).all()
    assert (totals(low, "listed") <= totals(high, "listed")).all()


def test_a_higher_rate_has_its_own_acts_in_the_month_of_the_change_only(tmp_path):
    later = {BREACH: {"rate": monthly(0.02, ("2020-07-01", 0.03))}}
    same, changed = (
        run(listing_study(tmp_path, persons=5000, **parts)) for parts in ({}, {"conduct": later})
    )
    assert (totals(same, "acts")[:6] == totals(changed, "acts")[:6]).all()
    assert totals(changed, "acts")[6:].sum() > totals(same, "acts")[6:].sum()


def test_a_difference_between_variants_varies_little(tmp_path):
    parts = {"persons": 1000, "length": 12}
    a, b = (listing_study(tmp_path, agencies=agency(detection=d), **parts) for d in (0.5, 0.52))
    seeds = range(30)
    one = np.array([totals(run(a, seed=s), "entries").sum() for s in seeds])
    two = np.array([totals(run(b, seed=s), "entries").sum() for s in seeds])
    paired, unpaired = np.var(two - one, ddof=1), np.var(two - np.roll(one, 1), ddof=1)
    assert unpaired > 8 * paired


def test_hashes_are_of_the_bytes_of_the_tables(whole, tmp_path):
    file, expected = whole
    assert expected == marks(file, tmp_path / "again")
    text = (tmp_path / "again" / "tallies.parquet").read_bytes()
    assert hashlib.sha256(text).hexdigest() == expected["tallies.parquet"]
