"""Same seed, same bits: whatever the threads and shards, and on every way to the answers."""

import numpy as np
import pandas as pd
import pytest

from scslab.lab.simulate import simulate
from scslab.lab.waves.seeds import over_seeds
from small_wave import small_study, wave
from small_wave_parts import NEVER, chance, number

FULL = {
    "reach": {"age=18-30": number(0.8), "pilots": number(-0.5)},
    "starts": chance(0.5, {"trust": 0.5, "confidence": 0.2}),
    "finishes": chance(1.0, {"sex": 0.4}),
    "careless": {
        "who": chance(-2.0, {"age=18-30": 0.5}),
        "straight": number(0.5, 0, 1),
        "wild": number(0.4, 0, 1),
        "pace": number(0.4, 0, 1),
    },
    "skips": number(0.02, 0, 1),
    "unsure": {"confidence": chance(-3.0)},
    "untold": {"systems": chance(-3.0)},
    "safer": {"risk": chance(-1.0, {"trust": 0.5}), "answers": {"approval": {"1": 3, "2": 3}}},
}
AGAIN = {"id": "again", "sample": {"kind": "panel", "of": "first", "wanted": 300}}
TABLES = ("tallies", "measures", "histograms")


def two_waves(folder, **more):
    """A river and a panel, with everything between truth and answer switched on."""
    field = {"field": FULL}
    return small_study(folder, wave(**field), wave(**field, **AGAIN), **more)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return two_waves(tmp_path_factory.mktemp("two-waves"), persons=8000)


@pytest.fixture(scope="module")
def run(study):
    return simulate(study, seed=3, threads=1, shards=1)


def frames(run):
    return {name: report.result.fielded.answers.frame for name, report in run.waves.items()}


@pytest.mark.parametrize(("threads", "shards"), [(2, 2), (3, 1), (1, 4)])
def test_threads_and_shards_change_nothing(study, run, threads, shards):
    other = simulate(study, seed=3, threads=threads, shards=shards)
    assert list(other.waves) == ["first", "again"]
    for name, report in run.waves.items():
        pd.testing.assert_frame_equal(frames(other)[name], frames(run)[name], check_exact=True)
        pd.testing.assert_frame_equal(other.waves[name].truth, report.truth, check_exact=True)
        assert other.waves[name].result.errors == report.result.errors
        assert other.waves[name].result.framings == report.result.framings
        assert other.waves[name].result.rates == report.result.rates
        assert other.waves[name].ledger == report.ledger
        mine, theirs = report.result.fielded, other.waves[name].result.fielded
        assert np.array_equal(mine.taken.who.persons, theirs.taken.who.persons)
        assert np.array_equal(mine.taken.dispositions, theirs.taken.dispositions)


def test_another_seed_gives_other_answers(study, run):
    other = simulate(study, seed=4, threads=1)
    assert not frames(other)["first"].equals(frames(run)["first"])


def test_over_seeds_gives_the_answers_of_simulate(study, run):
    found = dict(zip((3, 4), over_seeds(study, [3, 4]), strict=True))
    later = simulate(study, seed=4, threads=1)
    for name in ("first", "again"):
        for seed, whole in ((3, run), (4, later)):
            mine, theirs = found[seed][name], whole.waves[name].result
            pd.testing.assert_frame_equal(
                mine.fielded.answers.frame, theirs.fielded.answers.frame, check_exact=True
            )
            assert mine.rates == theirs.rates
            assert mine.errors == () and theirs.errors


def test_over_seeds_is_the_same_where_the_study_goes_on_after_the_wave(tmp_path, study):
    longer = two_waves(tmp_path, persons=8000, length=9)
    one = next(iter(over_seeds(study, [3])))["again"].fielded.answers.frame
    two = next(iter(over_seeds(longer, [3])))["again"].fielded.answers.frame
    pd.testing.assert_frame_equal(one, two, check_exact=True)


def test_over_seeds_tells_how_far_it_is(study):
    told = []
    for _ in over_seeds(study, [1, 2], done=lambda *said: told.append(said)):
        pass
    assert told == [(1, 2), (2, 2)]


def test_a_wave_leaves_the_society_as_it_is(tmp_path, run):
    quiet = simulate(two_waves(tmp_path, persons=8000, waves=[]), seed=3, threads=1)
    assert not quiet.waves
    for name in TABLES:
        mine, theirs = getattr(run, name), getattr(quiet, name)
        assert len(mine) and mine.equals(theirs), name
    assert run.manifest["lists_held"] == quiet.manifest["lists_held"]


def test_a_person_in_both_waves_keeps_traits_opinions_and_luck(run):
    first, again = (run.waves[name].result.fielded for name in ("first", "again"))
    assert 100 < len(again.respondents.who.persons) <= 300
    assert set(again.taken.who.persons) <= set(first.respondents.who.persons)
    place = {person: row for row, person in enumerate(first.taken.who.persons)}
    rows = [place[person] for person in again.taken.who.persons]
    # What no regime moves stays for good; a score may have moved, an arm is drawn anew.
    for name in ("age", "sex", "party", "confidence", "fair", "safe", "useful", "item_a", "before"):
        assert np.array_equal(first.truth[name][rows], again.truth[name]), name
    assert (first.truth["score_app"][rows] != again.truth["score_app"]).any()
    same = (first.truth["arm"][rows] == again.truth["arm"]).mean()
    assert 0.2 < same < 0.5


def test_who_is_in_the_panel_answers_by_the_life_of_that_month(run):
    again = run.waves["again"].result.fielded.truth
    asked = again["systems_app"] == 1
    assert np.array_equal(~np.isnan(again["score_app"]), asked)
    assert NEVER < np.nanmin(again["score_app"]) < 600 < np.nanmax(again["score_app"])
