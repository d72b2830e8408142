"""Days, months and working days: the only file that adds to a date.

A month is counted from January of year 0, so that months subtract like numbers.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import numpy as np

from scslab.core.errors import ScslabError

DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
MONTH = re.compile(r"\d{4}-\d{2}\Z")


def day(text: object, where: str = "") -> date:
    """A day from text such as 2013-10-01.

    Raises
    ------
    ScslabError
        Not a day of the calendar, or not spelled year-month-day.
    """
    if isinstance(text, str) and DAY.match(text):
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise ScslabError(
                "there is no such day", where=where, got=text, expected="a day such as 2013-10-01"
            ) from error
    raise ScslabError(
        "this is not a day", where=where, got=text, expected="a day such as 2013-10-01"
    )


def month(text: object, where: str = "") -> int:
    """The number of a month from text such as 2013-10.

    Examples
    --------
    >>> month("2014-01") - month("2013-10")
    3
    """
    if isinstance(text, str) and MONTH.match(text):
        year, number = int(text[:4]), int(text[5:])
        if 1 <= number <= 12 and 1000 <= year <= 9000:
            return year * 12 + number - 1
    raise ScslabError(
        "this is not a month", where=where, got=text, expected="a month such as 2013-10"
    )


def month_text(number: int) -> str:
    """The text of a month's number: 24165 is 2013-10."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def month_of(when: date) -> int:
    """The number of the month in which a day lies."""
    return when.year * 12 + when.month - 1


def first_day(number: int) -> date:
    """The first day of a month."""
    return date(number // 12, number % 12 + 1, 1)


def last_day(number: int) -> date:
    """The last day of a month."""
    return first_day(number + 1) - timedelta(days=1)


def add_months(when: date, months: int) -> date:
    """The same day some months later, or the month's last day where it has no such day.

    Examples
    --------
    >>> add_months(date(2021, 1, 31), 1)
    datetime.date(2021, 2, 28)
    """
    target = month_of(when) + months
    return min(first_day(target) + timedelta(days=when.day - 1), last_day(target))


def add_working_days(when: date, days: int) -> date:
    """The day on which a term of working days, counted from the next day, ends.

    Working days are Monday to Friday: China's public holidays and their make-up weekends
    are announced year by year and are not modelled.

    Examples
    --------
    >>> add_working_days(date(2018, 6, 8), 3)  # a Friday
    datetime.date(2018, 6, 13)
    """
    end = when
    while days > 0:
        end += timedelta(days=1)
        if end.weekday() < 5:
            days -= 1
    return end


def months_until_done(number: int, working_days: int) -> np.ndarray:
    """For each day of a month: how many months later a term begun that day ends.

    Returns
    -------
    ndarray of int16, one per day of the month
        0 where the term ends within the same month.
    """
    start = first_day(number)
    return np.array(
        [
            month_of(add_working_days(start + timedelta(days=i), working_days)) - number
            for i in range(last_day(number).day)
        ],
        dtype=np.int16,
    )
