"""Paradata: how long it took, on what device, on which day, and where people left.

A question takes a lognormal time around the usual one, longer or shorter for all questions of a
slow or quick person. The spreads are assumptions of this laboratory (response times are skewed
and differ more within than between persons); nothing is claimed about real times.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from scslab.core.draws import normals, units, word_of
from scslab.core.errors import ScslabError
from scslab.survey.fieldwork.luck import Chance, decide, numbers_of

DESKTOP, MOBILE = 0, 1
STAYED = -1
PERSON_SPREAD = 0.35
QUESTION_SPREAD = 0.5


def question_seconds(
    word: np.uint64,
    persons: np.ndarray,
    asked: Mapping[str, np.ndarray],
    usual: float | Mapping[str, float],
    *,
    hurried: np.ndarray | None = None,
    pace: float = 1.0,
    person_spread: float = PERSON_SPREAD,
    question_spread: float = QUESTION_SPREAD,
) -> dict[str, np.ndarray]:
    """Seconds that each person takes for each question, f8[n]; NaN where it was not put to him.

    exp(person_spread * a + question_spread * b) times the usual time, with standard normal a of
    the person and b of person and question; hurried persons take `pace` of that. So the median is
    the usual time, and `pace` of it for those who hurry.

    Parameters
    ----------
    word : uint64
        The wave's luck.
    persons : i8[n]
    asked : mapping of question to bool[n]
        To whom it was put (and who had not left before).
    usual : float or mapping of question to float
        Usual seconds.
    hurried : bool[n], optional
    pace : float
        Time of those who hurry, as a share of the usual.
    person_spread, question_spread : float
        Standard deviations of the logarithm.

    Raises
    ------
    ScslabError
        Seconds or a pace that are not above 0.

    Examples
    --------
    >>> from scslab.survey.fieldwork.luck import wave_word
    >>> word, asked = wave_word(np.uint64(1), "spring"), {"approval": np.array([True, False])}
    >>> got = question_seconds(word, np.arange(2), asked, 10.0)["approval"]
    >>> bool(got[0] > 0), bool(np.isnan(got[1]))
    (True, True)
    """
    people = numbers_of(persons)
    own = person_spread * normals(word_of(word, "pace"), people)
    if hurried is not None:
        own = own + np.where(hurried, np.log(above_zero(pace, "pace")), 0.0)
    found = {}
    for name, put in asked.items():
        seconds = above_zero(usual[name] if isinstance(usual, Mapping) else usual, name)
        rows = np.flatnonzero(put)
        took = np.full(len(people), np.nan)
        b = normals(word_of(word, f"seconds {name}"), people[rows])
        took[rows] = seconds * np.exp(own[rows] + question_spread * b)
        found[name] = took
    return found


def above_zero(value: float, where: str) -> float:
    """A time that is above 0.

    Raises
    ------
    ScslabError
        It is not.
    """
    if not value > 0:
        raise ScslabError("a time must be above 0", where=where, got=value)
    return value


def total_seconds(seconds: Mapping[str, np.ndarray]) -> np.ndarray:
    """Seconds of the whole interview, f8[n]; 0 for who was asked nothing.

    Examples
    --------
    >>> total_seconds({"a": np.array([3.0, np.nan]), "b": np.array([4.0, 5.0])}).tolist()
    [7.0, 5.0]
    """
    columns = list(seconds.values())
    total = np.zeros(len(columns[0])) if columns else np.zeros(0)
    for took in columns:
        total += np.where(np.isnan(took), 0.0, took)
    return total


def device(word: np.uint64, persons: np.ndarray, mobile: Chance) -> np.ndarray:
    """On what each person answers, i1[n]: 0 desktop, 1 mobile.

    Raises
    ------
    ScslabError
        A chance outside 0 to 1.
    """
    return decide(word, "device", persons, mobile).astype(np.int8)


def start_day(word: np.uint64, persons: np.ndarray, days: int) -> np.ndarray:
    """The day on which each person of a drawn sample starts, i8[n]: 0 to days - 1, all alike.

    Examples
    --------
    >>> from scslab.survey.fieldwork.luck import wave_word
    >>> start_day(wave_word(np.uint64(1), "spring"), np.arange(3), 1).tolist()
    [0, 0, 0]
    """
    days = checked_days(days)
    drawn = units(word_of(word, "day"), numbers_of(persons))
    return np.minimum((drawn * days).astype(np.int64), days - 1)


def queue_day(used: int, days: int) -> np.ndarray:
    """The day on which each of a river comes by, i8[used]: as many every day, in their order.

    Examples
    --------
    >>> queue_day(6, 3).tolist()
    [0, 0, 1, 1, 2, 2]
    """
    return np.arange(used, dtype=np.int64) * checked_days(days) // max(used, 1)


def checked_days(days: int) -> int:
    """A field period of at least one day.

    Raises
    ------
    ScslabError
        It has none.
    """
    if days < 1:
        raise ScslabError("a field period has at least one day", where="days", got=days)
    return days


def left_at(
    word: np.uint64, persons: np.ndarray, finished: np.ndarray, questions: int
) -> np.ndarray:
    """The question at which each person left, i8[n]: 0 to questions - 1, -1 for who stayed.

    It is the first that has no answer; each is as likely as the next.

    Parameters
    ----------
    word : uint64
        The wave's luck.
    persons : i8[n]
    finished : bool[n]
        Who came to the end.
    questions : int
        Questions (or pages) of the questionnaire.

    Examples
    --------
    >>> from scslab.survey.fieldwork.luck import wave_word
    >>> word = wave_word(np.uint64(1), "spring")
    >>> left_at(word, np.arange(3), np.array([True, False, True]), 1).tolist()
    [-1, 0, -1]
    """
    drawn = units(word_of(word, "left"), numbers_of(persons))
    place = np.minimum((drawn * questions).astype(np.int64), questions - 1)
    return np.where(finished, STAYED, place)
