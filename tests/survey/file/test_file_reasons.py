"""Labels of missing codes to reasons, and codes that only look missing."""

import numpy as np
import pandas as pd
import pytest
from survey_file_samples import one

from scslab.survey.answers import MissingCode, Variable
from scslab.survey.file.reasons import reason_in, reason_of
from scslab.survey.file.undeclared import suspects, undeclared_notes


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("Don't know", "dk"),
        ("DON’T KNOW / NO ANSWER", "dk"),
        ("Do not know", "dk"),
        ("DK", "dk"),
        ("不知道", "dk"),
        ("说不清", "dk"),
        ("Weiß nicht", "dk"),
        ("Ne sait pas", "dk"),
        ("No sabe", "dk"),
        ("Refused", "refused"),
        ("Refusal", "refused"),
        ("Prefer not to say", "refused"),
        ("拒绝回答", "refused"),
        ("拒答", "refused"),
        ("Verweigert", "refused"),
        ("Not applicable", "not_applicable"),
        ("INAP", "not_applicable"),
        ("不适用", "not_applicable"),
        ("Trifft nicht zu", "not_applicable"),
        ("Not asked in this wave", "not_asked"),
        ("未问", "not_asked"),
        ("No answer", "no_answer"),
        ("Keine Angabe", "no_answer"),
        ("无回答", "no_answer"),
        ("Invalid", "invalid"),
        ("失访", "attrition"),
        ("Missing; unknown", "unknown"),
        ("System", "unknown"),
        ("", "unknown"),
    ],
)
def test_reason_of(label: str, reason: str) -> None:
    assert reason_of(label) == reason


@pytest.mark.parametrize(
    "label",
    [
        *("Agree", "Neither agree nor disagree", "同意", "没意见", "Never", "None", "No", "Other"),
        *("Not at all", "No trust at all", "Unsatisfied", "Somewhat applies", "Knows well"),
        *("Skiing", "Refugee", "Reference group", "Dropped"),
    ],
)
def test_answers_are_no_reasons(label: str) -> None:
    assert reason_in(label) is None


def column(*values: float) -> pd.Series:
    return pd.Series(np.array(values, dtype=float))


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([1, 2, 3, 4, 5, 8, 9], [8, 9]),
        ([1, 2, 3, 4, 9], [9]),
        ([0, 1, 97, 98, 99], [97, 98, 99]),
        ([1, 2, 3, -1, -2], [-2, -1]),
        ([1, 2, 3, -9], [-9]),
        ([1, 2, 3, 4, 5, 6, 7], []),  # a scale of seven
        ([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], []),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9], []),
        ([1, 2, 3, 7], []),  # 7 alone is no series
        ([-5, -4, -3, 0, 4, 5, -20], []),  # a difference
        ([*range(18, 95)], []),
        ([*range(18, 95), 99], []),  # one old person
        ([*range(18, 90), *[99] * 20], [99]),
        ([0.5, 1.5, 9], []),
        ([1, 1, 1], []),
    ],
)
def test_suspects(values: list[float], found: list[int]) -> None:
    assert list(suspects(column(*values), Variable("x"))) == found


def test_a_label_that_says_dont_know_is_told_with_its_reason() -> None:
    labels = {1: "no", 2: "yes", 3: "don't know", 9: "other"}
    assert suspects(column(1, 2, 3, 9), Variable("x", labels=labels)) == {3: "dk"}


def test_the_note_names_columns_and_how_to_declare() -> None:
    answers = one([1.0, 2.0, 3.0, 8.0, 9.0], Variable("trust"))
    (note,) = undeclared_notes(answers)
    assert note == (
        "codes that look like missing answers count as answers, for nothing declares them missing: "
        "trust (8, 9); to declare them: missing: {trust: {8: unknown, 9: unknown}}"
    )


def test_declared_codes_are_not_suspect() -> None:
    variable = Variable("x", missing=(MissingCode(9, "DK", "dk"),))
    assert undeclared_notes(one([1.0, 2.0, 3.0, np.nan], variable, x={3: 1})) == ()
