"""Mistakes in a survey's description are told, not swallowed."""

import warnings

import pytest

from scslab.core.errors import ScslabError
from small import held, listing_study, run, share


def surveyed(tmp_path, *waves):
    return listing_study(tmp_path, None, persons=500, length=2, surveys=list(waves))


def wave(**more) -> dict:
    attitude = {
        "confidence": [share(0.25)] * 4,
        "cuts": [held("log-odds", c) for c in (-2, -1, 0.5, 2)],
        "effects": {},
    }
    attitude |= more.pop("attitude", {})
    plain = {"id": "wave", "month": "2020-02", "respondents": 50, "weight_by": ["sex"]}
    return plain | {"attitude": attitude} | more


def test_the_base_is_sound(tmp_path):
    assert len(run(surveyed(tmp_path, wave())).surveys["wave"]) == 50


@pytest.mark.parametrize("names", [["sexx"], ["age"], ["sex", "region"]])
def test_a_weight_by_what_the_society_does_not_have_is_told(tmp_path, names):
    with pytest.raises(ScslabError, match="weight_by|no attribute"):
        run(surveyed(tmp_path, wave(weight_by=names)))


def test_the_default_weights_fit_any_society_or_say_so(tmp_path):
    spec = wave()
    del spec["weight_by"]  # by default age, sex and region; this society has sex only
    try:
        run(surveyed(tmp_path, spec))
    except ScslabError as error:
        assert "age" in str(error)


@pytest.mark.parametrize("name", ["lissted", "sex=malle", "sexx=male", "sex"])
def test_an_effect_of_nothing_known_is_told(tmp_path, name):
    with pytest.raises(ScslabError):
        run(surveyed(tmp_path, wave(attitude={"effects": {name: held("log-odds", -2)}})))


def test_two_surveys_of_one_name_are_told(tmp_path):
    with pytest.raises(ScslabError, match="wave"):
        run(surveyed(tmp_path, wave(), wave(respondents=20)))


def test_thresholds_that_run_backwards_are_told(tmp_path):
    cuts = [held("log-odds", c) for c in (2, 1, 0, -1)]
    with pytest.raises(ScslabError, match="cuts"):
        run(surveyed(tmp_path, wave(attitude={"cuts": cuts})))


def test_shares_of_confidence_that_are_all_zero_are_told(tmp_path):
    with pytest.raises(ScslabError, match="confidence"):
        run(surveyed(tmp_path, wave(attitude={"confidence": [share(0)] * 4})))


def test_a_survey_that_nobody_answers_is_a_warning_of_the_run_alone(tmp_path):
    nobody = [{"with": "sex", "times": {"female": 0, "male": 0}, "source": "made-up"}]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = run(surveyed(tmp_path, wave(reaches=nobody)))
    assert found.manifest["warnings"] == ["survey wave: nobody could be asked"]
    assert found.summary.surveys == ()
    assert found.surveys == {}
