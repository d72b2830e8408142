"""Experiments within a wave find what was planted: framings, and the list beside falsification."""

from dataclasses import replace

import numpy as np
import pytest

from scslab.lab.analyse.prepare import prepare
from scslab.lab.waves.errors import framings_of
from scslab.lab.waves.field import field_wave
from scslab.lab.waves.lives import Moment
from scslab.lab.waves.read import one_wave
from scslab.lab.waves.result import finish
from scslab.study.wave_values import with_values
from small import lived_through
from small_wave import small_study, wave
from small_wave_parts import ALWAYS, chance, number

DRAWS = 30
SAFER = {"risk": chance(ALWAYS), "answers": {"approval": {"1": 4, "2": 3}}}
NONE = {"headlines": []}


def society(folder, **parts):
    file = small_study(folder, wave(**parts), persons=9000, length=3)
    world, month, state, _ = lived_through(file, seed=1)
    return Moment(world, month, state), one_wave(file, 0, values=False)


def drawn(moment, one, draw):
    """Another draw of a wave from the same society: the luck of a wave is addressed by its id."""
    document = one.document
    named = document.wave.model_copy(update={"id": f"draw-{draw}"})
    return finish(moment, replace(one, document=replace(document, wave=named)))


@pytest.fixture(scope="module")
def draws(tmp_path_factory):
    moment, one = society(tmp_path_factory.mktemp("draws"), field={"safer": SAFER})
    return [drawn(moment, one, k) for k in range(DRAWS)]


def of(draws, take):
    """Estimates of all draws, and how often their intervals hold a value."""
    found = np.array([take(result) for result in draws])
    return found[:, 0], found[:, 1], found[:, 2]


def agrees(values, planted):
    """Whether the mean of some estimates is what was planted, within three standard errors."""
    return abs(values.mean() - planted) < 3 * values.std(ddof=1) / np.sqrt(len(values))


# Framings


@pytest.mark.parametrize(("arm", "planted"), [(1, -1.0), (2, 0.5)])
def test_the_effect_of_an_arm_is_what_was_planted(draws, arm, planted):
    # Rounding to whole points moves no mean; few answers reach the ends of the scale.
    value, low, high = of(draws, lambda r: r.framings["news"][arm].difference)
    assert abs(value.mean() - planted) < 0.1
    held = (low <= planted) & (planted <= high)
    assert held.mean() >= 0.85
    assert value.std(ddof=1) == pytest.approx((high - low).mean() / 2 / 1.96, rel=0.35)


def test_arms_have_the_names_of_the_questionnaire(draws):
    arms = draws[0].framings["news"]
    assert [arm.arm for arm in arms] == ["no news", "news of harm", "news of use"]
    assert arms[0].difference is None
    assert sum(arm.n for arm in arms) == 600
    for arm, other in zip(arms[1:], (arms[0], arms[0]), strict=True):
        assert arm.difference[0] == pytest.approx(arm.value - other.value, abs=1e-12)
        assert arm.difference[1] < arm.difference[0] < arm.difference[2]


def test_before_and_after_are_of_the_same_persons(draws):
    result = draws[0]
    before, after = result.framings["arguments"]
    said = result.fielded.answers.frame
    assert before.value == pytest.approx(said["before"].mean(), abs=1e-12)
    assert after.value == pytest.approx(said["after"].mean(), abs=1e-12)
    change = said["after"] - said["before"]
    assert after.difference[0] == pytest.approx(change.mean(), abs=1e-12)
    half = 1.96 * change.std() / np.sqrt(len(change))
    assert after.difference[2] - after.difference[0] == pytest.approx(half, rel=0.01)


def test_a_control_that_is_not_the_first_arm(tmp_path):
    framing = {"id": "news", "says": "news", "outcome": "support", "arm": "arm", "control": "good"}
    moment, one = society(tmp_path, framings=[framing])
    result = finish(moment, one)
    arms = result.framings["news"]
    assert [arm.difference is None for arm in arms] == [False, False, True]
    for arm in arms[:2]:
        assert arm.difference[0] == pytest.approx(arm.value - arms[2].value, abs=1e-12)


def test_answers_left_out_count_in_no_arm(tmp_path):
    moment, one = society(tmp_path, field={"skips": number(0.3, 0, 1)})
    result = finish(moment, one)
    said = result.fielded.answers.frame
    there = said["support"].notna()
    for code, arm in enumerate(result.framings["news"]):
        mine = there & (said["arm"] == code)
        assert arm.n == mine.sum() < (said["arm"] == code).sum()
        assert arm.value == pytest.approx(said["support"][mine].mean(), abs=1e-12)
    assert said["arm"].notna().all()
    assert result.framings["arguments"][0].n == said["before"].notna().sum()


def test_arms_are_drawn_anew_in_every_wave_and_luck_shares_them_out(draws):
    arms = np.array([np.bincount(r.fielded.truth["arm"].astype(int), minlength=3) for r in draws])
    assert agrees(arms[:, 0], 200) and agrees(arms[:, 2], 200)
    assert len({tuple(row) for row in arms}) > 20
    # An arm says nothing of the person.
    party = [
        np.corrcoef(r.fielded.truth["arm"] == 1, r.fielded.truth["party"])[0, 1] for r in draws
    ]
    assert agrees(np.array(party), 0.0)


# The list


def test_everybody_who_disapproves_says_otherwise(draws):
    for result in draws[:3]:
        said, truth = result.fielded.answers.frame["approval"], result.fielded.truth["approval"]
        assert np.isin(truth, (1, 2)).any() and not np.isin(said, (1, 2)).any()
        assert (said[truth == 1] == 4).all() and (said[truth == 2] == 3).all()
        assert (said[truth >= 3] == truth[truth >= 3]).all()


def test_the_list_finds_the_truth_that_the_direct_question_hides(draws):
    listed, low, high = of(draws, lambda r: r.errors[0].by_list)
    truth = draws[0].errors[0].truth
    direct = np.array([r.errors[0].measured for r in draws])
    assert 0.85 < truth < 0.95
    assert (direct == 1.0).all()
    assert agrees(listed, truth)
    assert abs(listed.mean() - truth) < 0.03 < 1 - truth
    held = (low <= truth) & (truth <= high)
    assert held.mean() >= 0.85
    assert (low < listed).all() and (listed < high).all()


def test_the_error_by_falsification_is_told_whole(draws):
    for result in draws:
        error = result.errors[0]
        wrong = np.isin(result.fielded.truth["approval"], (1, 2)).mean()
        assert error.falsification == pytest.approx(wrong, abs=1e-12)
        assert {n: c for n, c, _ in error.steps}["measurement"] == 0.0


def test_without_falsification_list_and_direct_question_agree(tmp_path):
    moment, one = society(tmp_path)
    found = [drawn(moment, one, k).errors[0] for k in range(DRAWS)]
    apart = np.array([e.by_list[0] - e.measured for e in found])
    assert agrees(apart, 0.0)


# Values may change between draws


def test_a_planted_value_moves_its_effect_alone(tmp_path):
    moment, one = society(tmp_path, **NONE)

    def effect(value):
        path = "variables.support.effects.arm=1"
        document = replace(one.document, wave=with_values(one.document.wave, {path: value}))
        fielded = field_wave(moment, document, one.tools)
        ready = prepare(fielded.answers, one.tools.plan)
        return framings_of(document.wave, ready.sample)["news"]

    less, more = effect(-1.0), effect(-3.0)
    assert more[1].value - less[1].value == pytest.approx(-2.0, abs=0.1)
    assert more[0] == less[0] and more[2] == less[2]
