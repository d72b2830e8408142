"""Columns that look like direct identifiers of persons: reported, and refused unless dropped.

Nothing in this program reads or links real people, so there is no way to keep such a column.
Content is looked at on at most 5,000 values, spread evenly over the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from scslab.core.errors import ScslabError
from scslab.survey.answers import Answers, Variable
from scslab.survey.file import identifier_checks as checks
from scslab.survey.file.identifier_names import (
    BIRTH_DAY,
    BORN,
    INTERVIEWER,
    LATITUDE,
    LONGITUDE,
    WORDS,
    is_chinese_name,
    is_western_name,
    tokens,
)

_LOOKED_AT = 5_000
# A form with a check digit or a shape of its own is met by chance in fewer than one value in a
# hundred: one in twenty is no chance, even among free text. Other forms are common by chance (Luhn
# passes one number in ten, a telephone number is only digits): half of the values must have them.
_STRONG, _WEAK = 0.05, 0.5
# A third of Chinese words of two characters begin with a surname's character, so 60 %; names are
# mostly different from person to person where categories repeat, so 30 % different values.
# A quarter of English full names begin with a name of the list at least (a half in the census).
_CHINESE, _WESTERN, _DIFFERENT = 0.6, 0.25, 0.3
_MANY = 50  # labels that are names: no ballot has so many candidates
_FEWEST = 3  # values; below it only the column's name and strong forms speak

_Check = Callable[[str], bool]
_TEXT_CHECKS: tuple[tuple[str, str, _Check, float], ...] = (
    ("e-mail", "e-mail addresses", checks.is_email, _STRONG),
    ("identity number", "resident identity numbers", checks.is_resident_id, _STRONG),
    ("device", "device numbers (IMEI)", checks.is_imei, _WEAK),
    ("identity number", "resident identity numbers of 15 digits", checks.is_old_resident_id, _WEAK),
    ("identity number", "US social security numbers", checks.is_ssn, _WEAK),
    ("credit code", "credit codes of sole traders", checks.is_sole_trader, _STRONG),
    ("telephone", "mobile telephone numbers", checks.is_mobile, _WEAK),
    ("telephone", "telephone numbers", checks.is_telephone, _WEAK),
    ("device", "network addresses", checks.is_ip_address, _WEAK),
    ("device", "addresses of network cards", checks.is_mac, _STRONG),
    ("bank account", "bank card numbers", checks.is_bank_card, _WEAK),
    ("location", "latitude and longitude", checks.is_position, _STRONG),
    ("address", "street addresses", checks.is_address, _CHINESE / 2),
    ("account", "social media accounts", checks.is_handle, _WEAK),
)


@dataclass(frozen=True)
class Identifier:
    """A column that looks like a direct identifier: which kind, and why; never a value."""

    name: str
    kind: str
    why: str


def find_identifiers(answers: Answers) -> tuple[Identifier, ...]:
    """Columns that look like direct identifiers of persons, by name, label and content.

    Parameters
    ----------
    answers : Answers
        Settled answers.

    Returns
    -------
    tuple of Identifier
        In the order of the columns. A wholly empty column is none.

    Examples
    --------
    >>> import pandas as pd
    >>> from scslab.survey.answers import Variable
    >>> frame = pd.DataFrame({"contact": ["a@b.org", "c@d.org"], "age": [31, 45]})
    >>> kinds = {"contact": Variable("contact", kind="text"), "age": Variable("age")}
    >>> find_identifiers(Answers(frame, kinds))[0].why
    'its values are e-mail addresses'
    """
    found = (_suspect(answers.frame[n], v) for n, v in answers.variables.items())
    return tuple(each for each in found if each is not None)


def refuse_identifiers(answers: Answers, where: str) -> Answers:
    """Answers without columns that only their names make identifiers, for they are empty.

    Raises
    ------
    ScslabError
        Some column looks like a direct identifier; all of them are named, no value is shown.
    """
    found = find_identifiers(answers)
    if found:
        names = ",".join(i.name for i in found)
        raise ScslabError(
            "columns look like direct identifiers of persons",
            where=where,
            got="; ".join(f"{i.name} ({i.kind}: {i.why})" for i in found),
            why="nothing here reads or links real people, so such columns are never kept",
            hint=f"--drop {names}",
        )
    empty = [
        name for name, variable in answers.variables.items()
        if not answers.frame[name].notna().any() and _by_name(variable) and answers.n
    ]  # fmt: skip
    if not empty:
        return answers
    note = f"empty columns for identifiers are left out: {', '.join(empty)}"
    return replace(
        answers,
        frame=answers.frame.drop(columns=empty),
        variables={n: v for n, v in answers.variables.items() if n not in empty},
        marks={n: m for n, m in answers.marks.items() if n not in empty},
        notes=(*answers.notes, note),
    )


def _sample(column: pd.Series) -> pd.Series:
    """At most 5,000 values that are there, spread evenly."""
    step = max(1, len(column) // (4 * _LOOKED_AT))
    there = column.iloc[::step].dropna() if step > 1 else column.dropna()
    if step > 1 and len(there) < 100:  # mostly missing: look at all
        there = column.dropna()
    if len(there) <= _LOOKED_AT:
        return there
    return there.iloc[np.linspace(0, len(there) - 1, _LOOKED_AT).astype(int)]


def _suspect(column: pd.Series, variable: Variable) -> Identifier | None:
    """Why one column looks like an identifier, or None."""
    kind = why = ""
    if variable.kind == "time":
        return None
    sample = _sample(column)
    if len(sample):
        if variable.kind in ("date", "datetime"):
            kind, why = _of_dates(sample, variable)
        elif variable.kind == "text":
            kind, why = _of_text(sample, variable)
        else:
            kind, why = _of_numbers(sample, variable)
    if not kind:
        labels = [*variable.labels.values(), *(m.label for m in variable.missing)]
        kind, why = _of_labels(labels, variable)
    return Identifier(variable.name, kind, why) if kind else None


def _by_name(variable: Variable) -> str:
    """The kind of identifier that a column's name or label tells, or ""."""
    for text in {tokens(variable.name), tokens(variable.label)}:
        for kind, pattern in WORDS:
            if pattern.fullmatch(text):
                return kind
        if len(text) < 40 and (LATITUDE.fullmatch(text) or LONGITUDE.fullmatch(text)):
            return "location"
    return ""


def _of_text(sample: pd.Series, variable: Variable) -> tuple[str, str]:
    """Kind and why of a text column."""
    counts = sample.astype(str).str.strip().value_counts()
    words, weights = list(counts.index), counts.to_numpy()
    total, different = weights.sum(), len(words)
    many = different >= _DIFFERENT * total
    for kind, what, check, share in _TEXT_CHECKS:
        if _share(words, weights, check) >= share:
            return kind, f"its values are {what}"
    named = _by_name(variable)
    # In a diary or a panel names repeat; then the column's own name has to say what they are.
    says_name = named == "name" or tokens(variable.name) == "name"
    if total >= _FEWEST and (many or says_name):
        if _share(words, weights, is_chinese_name) >= _CHINESE:
            return "name", "its values are Chinese names of persons"
        if _share(words, weights, is_western_name) >= _WESTERN:
            return "name", "its values are names of persons"
    if named == "location":
        # Written positions were found above; a place's name is not precise.
        return "", ""
    if named and many and not variable.labels:
        return named, f"its name says so and {'its values differ' if total > 1 else 'it is text'}"
    if _born(variable) and _share(words, weights, _is_written_day) >= _WEAK:
        return "date of birth", "its name says so and it is to the day"
    return "", ""


def _share(words: list[str], weights: np.ndarray, check: _Check) -> float:
    """Share of values that pass a check."""
    passed = np.fromiter((check(word) for word in words), bool, len(words))
    return float(weights[passed].sum() / weights.sum())


def _is_written_day(text: str) -> bool:
    return (
        re.fullmatch(r"(19|20)\d{2}\D?\d{1,2}\D?\d{1,2}\D?|\d{1,2}\D\d{1,2}\D\d{2,4}", text)
        is not None
    )


def _born(variable: Variable) -> bool:
    return any(BORN.fullmatch(tokens(t)) for t in (variable.name, variable.label))


def _of_dates(sample: pd.Series, variable: Variable) -> tuple[str, str]:
    """Kind and why of dates: a birthday, unless it is always the first of a month."""
    if _born(variable) and (sample.dt.day != 1).mean() > _STRONG:
        return "date of birth", "its name says so and it is to the day"
    return "", ""


def _of_numbers(sample: pd.Series, variable: Variable) -> tuple[str, str]:
    """Kind and why of a numeric column: long whole numbers, precise positions, days of birth."""
    values = sample.to_numpy(dtype=float)
    if (values == np.floor(values)).all():
        low, high = values.min(), values.max()
        if BIRTH_DAY.fullmatch(tokens(variable.name)) and low >= 1 and 28 <= high <= 31:
            return "date of birth", "its name says that it is the day of birth"
        if _born(variable) and 1.8e7 < np.median(values) < 2.2e7:
            return "date of birth", "its name says so and it is to the day"
        named = _by_name(variable)
        if high < (1e4 if named == "account" else 1e6):
            return "", ""
        words = [str(v) for v in sample.astype("int64").unique()]
        ones = np.ones(len(words))
        for kind, what, check, share in _TEXT_CHECKS:
            if kind != "location" and _share(words, ones, check) >= share:
                return kind, f"its values are {what}"
        shortest = 5 if named == "account" else 7  # the oldest QQ numbers have five digits
        long = sum(len(w.lstrip("-")) >= shortest for w in words) / len(words)
        if named not in ("", "location", "name") and long >= _WEAK and not variable.labels:
            return named, "its name says so and its values are long numbers"
        return "", ""
    text = {tokens(variable.name), tokens(variable.label)}
    latitude = any(LATITUDE.fullmatch(t) for t in text)
    longitude = any(LONGITUDE.fullmatch(t) for t in text)
    precise = (np.abs(values * 100 - np.round(values * 100)) > 1e-6).mean() >= _WEAK
    if precise and (latitude or longitude) and (np.abs(values) <= (90 if latitude else 180)).all():
        return "location", "its name says so and its values have three decimals or more"
    return "", ""


def _of_labels(labels: list[str], variable: Variable) -> tuple[str, str]:
    """Kind and why where the labels of codes are names, addresses or numbers of persons."""
    words = [label.strip() for label in labels if label.strip()]
    if len(words) < 2 * _FEWEST:
        return "", ""
    ones = np.ones(len(words))
    for kind, what, check, _ in _TEXT_CHECKS:
        if _share(words, ones, check) >= _WEAK:
            return kind, f"its value labels are {what}"
    private = len(words) > _MANY or any(
        INTERVIEWER.fullmatch(tokens(t)) for t in (variable.name, variable.label)
    )
    names = max(_share(words, ones, c) for c in (is_chinese_name, is_western_name))
    if private and names >= _CHINESE:
        return "name", "its value labels are names of persons"
    return "", ""
