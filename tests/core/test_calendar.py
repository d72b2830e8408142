"""Months, leap years and working days."""

from datetime import date, timedelta

import pytest

from scslab.core.calendar import (
    add_months,
    add_working_days,
    day,
    first_day,
    last_day,
    month,
    month_of,
    month_text,
    months_until_done,
)
from scslab.core.errors import ScslabError


@pytest.mark.parametrize(
    ("begin", "months", "end"),
    [
        ("2021-01-31", 1, "2021-02-28"),
        ("2020-01-31", 1, "2020-02-29"),
        ("2000-01-31", 1, "2000-02-29"),
        ("1900-01-31", 1, "1900-02-28"),
        ("2020-02-29", 12, "2021-02-28"),
        ("2020-02-29", 48, "2024-02-29"),
        ("2019-12-31", 2, "2020-02-29"),
        ("2021-03-31", -1, "2021-02-28"),
        ("2021-05-31", 0, "2021-05-31"),
        ("2013-10-01", 24, "2015-10-01"),
    ],
)
def test_months_are_added_to_the_same_day_or_the_last(begin, months, end):
    assert add_months(day(begin), months) == day(end)


@pytest.mark.parametrize(
    ("begin", "days", "end"),
    [
        ("2018-06-08", 0, "2018-06-08"),
        ("2018-06-08", 1, "2018-06-11"),  # Friday to Monday
        ("2018-06-08", 3, "2018-06-13"),
        ("2018-06-09", 1, "2018-06-11"),  # from a Saturday
        ("2018-06-10", 1, "2018-06-11"),  # from a Sunday
        ("2018-06-11", 5, "2018-06-18"),
        ("2018-12-28", 3, "2019-01-02"),
        ("2020-02-27", 2, "2020-03-02"),  # over the end of a leap February
    ],
)
def test_working_days_skip_weekends(begin, days, end):
    assert add_working_days(day(begin), days) == day(end)


@pytest.mark.parametrize("days", [1, 3, 5, 20, 61])
def test_a_term_holds_that_many_weekdays(days):
    for start in (date(2019, 12, 20) + timedelta(days=i) for i in range(14)):
        end = add_working_days(start, days)
        between = [start + timedelta(days=i + 1) for i in range((end - start).days)]
        assert sum(d.weekday() < 5 for d in between) == days
        assert end.weekday() < 5


@pytest.mark.parametrize("text", ["2019-02", "2020-02", "2020-12", "2021-01", "2021-05"])
@pytest.mark.parametrize("days", [0, 1, 3, 22, 45])
def test_months_until_done_agrees_with_the_calendar(text, days):
    number = month(text)
    until = months_until_done(number, days)
    assert len(until) == last_day(number).day
    for i, months in enumerate(until):
        done = add_working_days(first_day(number) + timedelta(days=i), days)
        assert first_day(number + months) <= done <= last_day(number + months)
    assert (until[1:] >= until[:-1]).all()


def test_three_working_days_in_february_2021():
    # 28 February 2021 is a Sunday: who performs by Tuesday 23 is off by Friday 26.
    until = months_until_done(month("2021-02"), 3)
    assert until.tolist() == [0] * 23 + [1] * 5


def test_months_are_numbered_without_gaps():
    assert month("2020-01") - month("2019-12") == 1
    for number in range(month("1999-01"), month("2001-12") + 1):
        assert month(month_text(number)) == number
        assert month_of(first_day(number)) == month_of(last_day(number)) == number
        assert last_day(number) + timedelta(days=1) == first_day(number + 1)


@pytest.mark.parametrize("text", ["2019-02-29", "2019-13-01", "2019-1-01", "2019-01-01T", None, 1])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ScslabError, match="day"):
        day(text)


@pytest.mark.parametrize("text", ["2019-00", "2019-13", "2019-1", "0000-01", "2019-01-01", None])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ScslabError, match="month"):
        month(text)
