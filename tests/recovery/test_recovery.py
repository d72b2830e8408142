"""A truth is simulated, surveyed, analysed and found again within its interval.

The benchmark `python -m benchmarks.recovery` asks 400 waves a way; here fewer say the same within
wider limits. With 150 waves the Monte-Carlo error of a coverage of 95 % is 1.8 points.
"""

import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.recovery.__main__ import main
from benchmarks.recovery.coverage import (
    Coverage,
    coverage,
    measured,
    quantities,
    table,
    together,
)
from benchmarks.recovery.surveys import setups, society, waves, whole

from scslab.lab.waves.census import census

WAVES = 150
PLACES = {q.name: place for place, q in enumerate(quantities())}


@cache
def known():
    moment, wave = society(seed=11)
    return moment, wave, tuple(m.value for m in measured(whole(moment, wave), quantities()))


def setup(name: str):
    return next(s for s in setups(known()[1]) if s.name == name)


@cache
def rows(name: str, count: int = WAVES) -> dict[str, Coverage]:
    moment, _, truth = known()
    return {row.quantity.name: row for row in coverage(moment, setup(name), truth, count)}


def test_the_truth_is_that_of_the_census() -> None:
    moment, wave, truth = known()
    asked = census(moment, wave.document)
    for id, name in (("approves", "approves"), ("strongly", "strongly approves")):
        assert asked[id].persons == asked[id].framed == 64_000
        assert asked[id].population == pytest.approx(truth[PLACES[name]], abs=1e-12)


def test_the_truth_is_near_what_was_planted() -> None:
    # Effects in the wave file, made smaller by what the model leaves out (trust, provinces).
    truth = dict(zip(PLACES, known()[2], strict=True))
    planted = {"sex": 0.2, "residence": 0.4, "party": 0.3, "app": 0.6, "confidence": 0.5}
    for name, effect in planted.items():
        assert 0.7 * effect < truth[f"effect of {name}"] < 1.1 * effect


@pytest.mark.parametrize("name", ["persons", "places", "half answer"])
def test_intervals_hold_the_truth(name: str) -> None:
    found = rows(name)
    for row in found.values():
        assert 0.90 <= row.share <= 0.99, row
        assert abs(row.bias) < 0.3, row
    for kind in ("share", "coefficient"):
        assert 0.92 <= together(list(found.values()), kind) <= 0.98


def test_false_answers_are_not_covered_and_effects_are() -> None:
    found = rows("false answers", 60)
    assert found["disapproves"].share < 0.5
    assert found["disapproves"].bias < -2
    assert found["approves"].bias > 1
    assert found["strongly approves"].share >= 0.88


def test_a_design_without_its_places_has_too_short_intervals() -> None:
    right, wrong = rows("places")["approves"], rows("places ignored", 60)["approves"]
    assert wrong.honesty < 0.85 < 0.9 < right.honesty


def test_weights_bring_back_the_whole_society_in_every_wave() -> None:
    moment, _, _ = known()
    for name in ("persons", "places", "half answer"):
        for one in waves(moment, setup(name), 5):
            weights = one.sample.design.weights
            assert weights.sum() == pytest.approx(64_000, rel=0.05)
            assert (weights > 0).all()
            if name == "persons":
                assert len(weights) == 600
                assert np.ptp(weights) / weights.mean() < 0.05


def test_each_wave_is_another_sample_of_the_same_truth() -> None:
    moment, _, _ = known()
    one, two = (s.sample.answers.frame for s in waves(moment, setup("persons"), 2))
    assert not one.equals(two)
    again = next(waves(moment, setup("persons"), 1)).sample.answers.frame
    assert one.equals(again)


def test_the_command_prints_a_line_a_quantity(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--waves", "4", "--only", "persons"])
    said = capsys.readouterr().out
    assert said.count("| persons ") == len(quantities())
    assert "Machine: " in said and "4 waves a set-up, seed 1, 64,000 persons." in said
    assert "- persons (600 persons in 16 strata): shares" in said
    assert main(["--only", "nobody"]) == 1


def test_the_goal_is_missed_where_intervals_miss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.recovery.__main__.GOAL", (1.01, 1.02))
    assert main(["--waves", "2", "--only", "persons"]) == 1
    monkeypatch.setattr("benchmarks.recovery.__main__.GOAL", (0.0, 1.0))
    assert main(["--waves", "2", "--only", "persons"]) == 0


def test_the_table_says_truth_and_error() -> None:
    row = Coverage("persons", quantities()[0], 0.75, 0.751, 0.05, 0.99, 142, 150)
    assert table([row]).splitlines()[-1] == (
        "| persons | approves | 0.750 | 0.751 |     +0.05 |        0.99 |  94.7 % |   1.8 |"
    )
