"""A simulated survey beside the truth that only a laboratory knows."""

import math

import numpy as np
import pytest

from scslab.core.calendar import month
from scslab.core.tables import State
from scslab.lab.fieldwork import make_attitudes
from scslab.world.attitudes.approval import CATEGORIES, census
from small import (
    BREACH,
    everything,
    held,
    listing_study,
    lived_through,
    monthly,
    run,
    share,
    step_through,
)


def attitude(cuts=(-2.0, -1.0, 0.5, 2.0), **effects) -> dict:
    return {
        "confidence": [share(0.25)] * 4,
        "cuts": [held("log-odds", c) for c in cuts],
        "effects": {k: held("log-odds", v) for k, v in effects.items()},
    }


def survey(respondents=300, **more) -> dict:
    wave = {
        "id": "wave",
        "month": "2020-02",
        "respondents": respondents,
        "weight_by": ["sex"],
        "attitude": attitude(),
    }
    return wave | more


def surveyed(tmp_path, *waves, **parts):
    parts = {"persons": 3000, "length": 2} | parts
    return listing_study(tmp_path, None, surveys=list(waves) or [survey()], **parts)


def result(found):
    return found.summary.surveys[0]


def logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def test_the_truth_is_that_of_the_ordered_logit(tmp_path):
    got = result(run(surveyed(tmp_path, persons=20_000)))
    cuts = [-2.0, -1.0, 0.5, 2.0]
    below = [0.0, *(logistic(c) for c in cuts), 1.0]
    for (label, true, _), p, name in zip(got.categories, np.diff(below), CATEGORIES, strict=True):
        assert label == name
        assert abs(true - p) < 3 * math.sqrt(p * (1 - p) / 20_000)
    assert got.true_value == pytest.approx(got.categories[3][1] + got.categories[4][1])
    assert got.eligible == 20_000


def test_attributes_and_confidence_shift_the_answer(tmp_path):
    effects = {"sex=male": 1.0, "confidence": 0.5}
    file = surveyed(tmp_path, survey(20_000, attitude=attitude(**effects)), persons=20_000)
    answers = run(file).surveys["wave"]
    approves = (answers["approval_true"] >= 4).groupby([answers["sex"], answers["confidence"]])
    for (sex, level), rows in approves:
        p = logistic(1.0 * (sex == "male") + 0.5 * level - 0.5)
        assert abs(rows.mean() - p) < 3.5 * math.sqrt(p * (1 - p) / len(rows))


def test_asking_everybody_gives_the_truth(tmp_path):
    found = run(surveyed(tmp_path, survey(3000)))
    got, answers = result(found), found.surveys["wave"]
    assert got.n == len(answers) == 3000
    assert got.measured == pytest.approx(got.true_value, abs=1e-12)
    for _, true, measured in got.categories:
        assert measured == pytest.approx(true, abs=1e-12)


def test_a_census_at_another_time_asks_the_same_traits(tmp_path):
    file = surveyed(tmp_path, survey(attitude=attitude(listed=-50.0)))
    counts = []
    for world, _, state, _ in step_through(file):
        made = make_attitudes(world, file.study.surveys[0], month("2020-02"))
        now, nobody = np.zeros(5, np.int64), np.zeros(5, np.int64)
        census(world.seed, world.people, made, state, now)
        free = State(*(x.copy() for x in state))
        free.listed[:] = 0
        census(world.seed, world.people, made, free, nobody)
        counts.append((now, nobody, int(state.listed.sum())))
    assert (counts[0][1] == counts[1][1]).all()  # nobody listed: the same opinions
    for now, nobody, listed in counts:
        assert listed > 0
        assert 0 <= now[0] - nobody[0] <= listed  # the listed disapprove strongly, all of them
        assert now.sum() == nobody.sum() == 3000


def test_the_truth_lies_in_the_interval_as_often_as_it_should(tmp_path):
    file = surveyed(tmp_path, survey(200))
    results = [result(run(file, seed=s)) for s in range(30)]
    hits = sum(r.low <= r.true_value <= r.high for r in results)
    assert hits >= 24
    errors = np.array([r.measured - r.true_value for r in results])
    claimed = np.mean([r.standard_error for r in results])
    assert abs(errors.mean()) < 3 * claimed / math.sqrt(30)
    assert 0.6 < errors.std(ddof=1) / claimed < 1.4


def test_weights_undo_a_panel_bias_in_what_they_weight_by(tmp_path):
    reaches = [{"with": "sex", "times": {"female": 0.4, "male": 2.0}, "source": "made-up"}]
    effects = attitude(**{"sex=male": 2.0})
    wave = survey(1500, reaches=reaches, attitude=effects, cap=4.0)
    got = result(run(surveyed(tmp_path, wave, persons=20_000)))
    assert got.unweighted - got.true_value > 0.08
    assert abs(got.measured - got.true_value) < 3 * got.standard_error
    assert got.deff > 1.2
    answers = run(surveyed(tmp_path, wave, persons=20_000)).surveys["wave"]
    assert answers.groupby("sex")["weight"].sum().to_numpy() == pytest.approx([750, 750])


def test_the_panel_draws_by_odds(tmp_path):
    reaches = [{"with": "sex", "times": {"female": 1.0, "male": 3.0}, "source": "made-up"}]
    answers = run(surveyed(tmp_path, survey(1000, reaches=reaches), persons=50_000)).surveys["wave"]
    male = (answers["sex"] == "male").mean()
    assert abs(male - 0.75) < 0.01 + 3 * math.sqrt(0.75 * 0.25 / 1000)


def test_no_person_is_asked_twice_and_unfinished_ones_do_not_count(tmp_path):
    found = run(surveyed(tmp_path, survey(500, completes=share(0.4)), persons=5000))
    got = result(found)
    assert got.n == 500
    assert abs(got.drawn - 500 / 0.4) < 3 * math.sqrt(500 * 0.6) / 0.4
    assert found.surveys["wave"]["respondent"].tolist() == list(range(1, 501))


def test_a_panel_too_small_is_asked_out(tmp_path):
    found = run(surveyed(tmp_path, survey(5000, completes=share(0.5)), persons=1000))
    got = result(found)
    assert got.drawn == 1000
    assert abs(got.n - 500) < 3 * math.sqrt(250)


def test_falsification_turns_disapproval_into_a_safer_answer(tmp_path):
    wave = survey(3000, falsifies=share(0.4))
    answers = run(surveyed(tmp_path, wave)).surveys["wave"]
    true, said = answers["approval_true"], answers["approval"]
    changed = true != said
    assert (said[changed] == 4).all()
    assert (true[changed] <= 2).all()
    n = int((true <= 2).sum())
    assert abs(changed.sum() - 0.4 * n) < 3 * math.sqrt(n * 0.24)


def test_without_falsification_all_say_what_they_think(tmp_path):
    answers = run(surveyed(tmp_path, survey(3000))).surveys["wave"]
    assert (answers["approval"] == answers["approval_true"]).all()


def test_who_has_heard_of_listings_falsifies_more(tmp_path):
    wave = survey(3000, falsifies=share(0.0), falsifies_when_heard=share(1.0))
    rate = {BREACH: {"rate": monthly(0.05)}}
    file = surveyed(
        tmp_path,
        wave,
        conduct=rate,
        learning={"own": share(0), "tie": share(0), "fades": held("months", 9)},
    )
    got = result(run(file))
    _, _, state, _ = lived_through(file)
    heard = ((state.own >= 0) | (state.tie >= 0)).mean()
    disapproves = got.categories[0][1] + got.categories[1][1]
    gained = got.measured - got.without_falsification
    assert 0.2 < heard < 0.9
    assert abs(gained - disapproves * heard) < 3 * math.sqrt(disapproves / 3000)


def test_only_those_asked_for_are_asked(tmp_path):
    wave = survey(400, among={"sex": ["female"], "residence": ["urban"]})
    found = run(surveyed(tmp_path, wave))
    answers = found.surveys["wave"]
    assert set(answers["sex"]) == {"female"}
    assert set(answers["residence"]) == {"urban"}
    assert result(found).eligible == 3000 * 0.5 * 0.6


def test_a_survey_does_not_touch_the_society(tmp_path):
    with_, without = (run(everything(tmp_path, **parts)) for parts in ({}, {"surveys": []}))
    assert with_.tallies.equals(without.tallies)
    assert with_.measures.equals(without.measures)


def test_a_category_that_nobody_of_the_panel_has_is_a_warning(tmp_path):
    reaches = [{"with": "sex", "times": {"female": 0.0}, "source": "made-up"}]
    found = run(surveyed(tmp_path, survey(200, reaches=reaches)))
    assert any("sex female" in w for w in found.manifest["warnings"])


def test_a_cap_that_leaves_a_margin_off_is_a_warning(tmp_path):
    reaches = [{"with": "sex", "times": {"female": 0.05}, "source": "made-up"}]
    found = run(surveyed(tmp_path, survey(200, reaches=reaches, cap=1.5)))
    assert any("weights are capped at 1.5, so sex" in w for w in found.manifest["warnings"])
