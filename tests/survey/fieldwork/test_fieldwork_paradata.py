"""Seconds, devices, days, and where people left."""

import numpy as np
import pytest

from scslab.core.errors import ScslabError
from scslab.survey.fieldwork import (
    device,
    left_at,
    question_seconds,
    queue_day,
    start_day,
    total_seconds,
    wave_word,
)

WORD, N = wave_word(np.uint64(2), "spring"), 40_000
PERSONS = np.arange(N)
ALL = np.ones(N, dtype=bool)


def test_the_median_is_the_usual_time_and_hurry_scales_it():
    hurried = PERSONS % 4 == 0
    got = question_seconds(WORD, PERSONS, {"a": ALL}, 9.0, hurried=hurried, pace=0.4)["a"]
    assert np.median(got[~hurried]) == pytest.approx(9.0, rel=0.02)
    assert np.median(got[hurried]) == pytest.approx(0.4 * 9.0, rel=0.03)
    calm = question_seconds(WORD, PERSONS, {"a": ALL}, 9.0)["a"]
    assert (calm[~hurried] == got[~hurried]).all()
    np.testing.assert_allclose(got[hurried], 0.4 * calm[hurried])


def test_the_spread_is_of_the_person_and_of_the_question():
    got = question_seconds(
        WORD, PERSONS, {"a": ALL, "b": ALL}, {"a": 5.0, "b": 20.0},
        person_spread=0.3, question_spread=0.4,
    )  # fmt: skip
    a, b = np.log(got["a"]), np.log(got["b"])
    assert np.var(a) == pytest.approx(0.3**2 + 0.4**2, rel=0.03)
    assert np.cov(a, b)[0, 1] == pytest.approx(0.3**2, rel=0.06)
    assert np.exp(np.median(b) - np.median(a)) == pytest.approx(4, rel=0.03)


def test_what_is_not_asked_takes_no_time():
    put = PERSONS % 2 == 0
    got = question_seconds(WORD, PERSONS, {"a": put, "b": ALL}, 9.0)
    assert (np.isnan(got["a"]) == ~put).all()
    np.testing.assert_array_equal(total_seconds(got)[~put], got["b"][~put])
    np.testing.assert_allclose(total_seconds(got)[put], (got["a"] + got["b"])[put])


def test_times_are_the_persons_own():
    some = np.array([4, 999, 17])
    whole = question_seconds(WORD, PERSONS, {"a": ALL, "b": ALL}, 9.0, hurried=~ALL)
    part = question_seconds(WORD, some, {"a": np.ones(3, dtype=bool)}, 9.0)
    assert (part["a"] == whole["a"][some]).all()


def test_devices_and_days():
    phone = device(WORD, PERSONS, 0.7)
    assert phone.dtype == np.int8
    assert abs(phone.mean() - 0.7) < 4 * np.sqrt(0.21 / N)
    day = start_day(WORD, PERSONS, 5)
    share = np.bincount(day, minlength=5) / N
    assert day.max() == 4
    assert np.abs(share - 0.2).max() < 4 * np.sqrt(0.16 / N)
    river = queue_day(1003, 10)
    assert (np.diff(river) >= 0).all()
    assert set(np.bincount(river)) <= {100, 101}


def test_people_leave_anywhere():
    finished = PERSONS % 10 > 0
    left = left_at(WORD, PERSONS, finished, 20)
    assert (left[finished] == -1).all()
    times = np.bincount(left[~finished], minlength=20)
    assert len(times) == 20
    assert np.abs(times - 200).max() < 4.5 * np.sqrt(200)


def test_mistakes_of_paradata():
    with pytest.raises(ScslabError, match="a time must be above 0"):
        question_seconds(WORD, PERSONS, {"a": ALL}, 0.0)
    with pytest.raises(ScslabError, match="a time must be above 0"):
        question_seconds(WORD, PERSONS, {"a": ALL}, 9.0, hurried=ALL, pace=0.0)
    with pytest.raises(ScslabError, match="at least one day"):
        start_day(WORD, PERSONS, 0)
