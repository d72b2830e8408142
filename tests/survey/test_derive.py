"""Derived variables: each rule by values worked out by hand, and what is refused."""

import numpy as np
import pandas as pd
import pytest

from scslab.core.errors import ScslabError
from scslab.survey.answers import Answers, MissingCode, Variable
from scslab.survey.derive import (
    AnyOf,
    Combine,
    Copy,
    Cut,
    Definition,
    Recode,
    Reverse,
    derive,
)

NAN = np.nan
LABELS = {1.0: "never", 2.0: "rarely", 3.0: "often", 4.0: "always"}
MISSING = (MissingCode(98, "Don't know", "dk"), MissingCode(99, "Refused", "refused"))


@pytest.fixture
def answers() -> Answers:
    frame = pd.DataFrame(
        {
            "q": [1.0, 4.0, NAN, NAN, 2.0],
            "r": [2.0, 2.0, 3.0, NAN, 1.0],
            "age": [18.0, 30.0, 64.9, 65.0, NAN],
            "poverty": ["Too Much", "Too Little", "About Right", None, "Too Little"],
            "same": [7.0] * 5,
        }
    )
    said = {
        "q": Variable("q", measure="ordinal", labels=LABELS, missing=MISSING),
        "r": Variable("r"),
        "age": Variable("age", missing=(MissingCode(-1, "", "refused"),)),
        "poverty": Variable("poverty", kind="text"),
        "same": Variable("same"),
    }
    marks = {
        "q": np.array([0, 0, 1, 2, 0], np.int16),
        "r": np.array([0, 0, 0, -1, 0], np.int16),
        "age": np.array([0, 0, 0, 0, 1], np.int16),
        "poverty": np.array([0, 0, 0, -1, 0], np.int16),
    }
    return Answers(frame, said, marks)


def made(answers: Answers, **rule: object) -> Answers:
    return derive(answers, [Definition("new", label="New", **rule)])  # type: ignore[arg-type]


def values(answers: Answers, name: str = "new") -> list:
    return [None if pd.isna(v) else v for v in answers.column(name)]


def test_recode_carries_missing_reasons(answers: Answers) -> None:
    result = made(
        answers, recode=Recode("q", {1: 0, 2: 0, 3: 1, 4: 1}), labels={0.0: "no", 1.0: "yes"}
    )
    assert values(result) == [0, 1, None, None, 0]
    assert list(result.reasons("new")) == ["", "", "dk", "refused", ""]
    assert list(result.labelled("new").categories) == ["no", "yes"]
    assert result.variable("new").label == "New"
    assert values(answers, "q") == [1, 4, None, None, 2]  # the source is as it was


def test_recode_of_a_missing_code_and_to_missing(answers: Answers) -> None:
    result = made(answers, recode=Recode("q", {1: None, 2: 2, 4: 4, 98: 2.5}))
    assert values(result) == [None, 4, 2.5, None, 2]
    assert list(result.reasons("new")) == ["blank", "", "", "refused", ""]


def test_recode_keep_and_missing(answers: Answers) -> None:
    kept = made(answers, recode=Recode("q", {4: 3}, other="keep"))
    assert values(kept) == [1, 3, None, None, 2]
    assert kept.variable("new").labels[1.0] == "never"
    assert (
        values(made(answers, recode=Recode("q", {4: 3}, other="missing"))) == [None, 3] + [None] * 3
    )
    text = made(answers, recode=Recode("poverty", {"Too Much": "high"}, other="keep"))
    assert values(text) == ["high", "Too Little", "About Right", None, "Too Little"]


@pytest.mark.parametrize(
    ("closed", "expected"), [("left", [1, 2, 2, 3, None]), ("right", [1, 1, 2, 3, None])]
)
def test_cut(answers: Answers, closed: str, expected: list) -> None:
    breaks = (0, 30, 65 if closed == "left" else 64.95, np.inf)
    rule = Cut("age", breaks, ("young", "middle", "old"), closed=closed)  # type: ignore[arg-type]
    result = made(answers, cut=rule)
    assert values(result) == expected
    assert result.reasons("new")[4] == "refused"
    assert result.labelled("new").ordered


def test_cut_outside(answers: Answers) -> None:
    with pytest.raises(ScslabError, match="lie in no class"):
        made(answers, cut=Cut("age", (0, 30, 65)))
    result = made(answers, cut=Cut("age", (0, 30, 65), outside="missing"))
    assert values(result) == [1, 2, 2, None, None]


def test_mean_and_sum_with_enough_answers(answers: Answers) -> None:
    both = Combine(("q", "r"))
    assert values(made(answers, mean_of=both)) == [1.5, 3, None, None, 1.5]
    assert values(made(answers, sum_of=both)) == [3, 6, None, None, 3]
    one = Combine(("q", "r"), at_least=1, reverse=("q",), scale=(1, 4))
    assert values(made(answers, mean_of=one)) == [3, 1.5, 3, None, 2]  # q turned: 4, 1, -, -, 3


def test_any_of(answers: Answers) -> None:
    rule = AnyOf(("q", "r"), (4, 3))
    assert values(made(answers, any_of=rule)) == [0, 1, 1, None, 0]
    no = AnyOf(("q", "r"), (4,), missing_is_no=True)
    assert values(made(answers, any_of=no)) == [0, 1, 0, 0, 0]


def test_reverse_turns_labels_and_twice_is_nothing(answers: Answers) -> None:
    result = made(answers, reverse=Reverse("q"))
    assert values(result) == [4, 1, None, None, 3]
    assert result.labelled("new").tolist()[:2] == ["never", "always"]
    assert list(result.reasons("new")) == list(answers.reasons("q"))
    again = derive(result, [Definition("back", reverse=Reverse("new"))])
    assert values(again, "back") == values(answers, "q")
    assert dict(again.variable("back").labels) == LABELS


def test_standardise(answers: Answers) -> None:
    found = made(answers, standardise="age").column("new")
    assert found.mean() == pytest.approx(0, abs=1e-15)
    assert found.std() == pytest.approx(1)
    assert found.iloc[0] == pytest.approx((18 - 44.475) / 24.1448, abs=1e-4)


def test_text_levels_in_order(answers: Answers) -> None:
    result = made(answers, copy=Copy("poverty", ("Too Little", "About Right", "Too Much")))
    assert values(result) == [3, 1, 2, None, 1]
    assert result.variable("new").measure == "ordinal"
    assert list(result.labelled("new").categories) == ["Too Little", "About Right", "Too Much"]
    again = derive(
        result, [Definition("o", copy=Copy("q", ("always", "often", "rarely", "never")))]
    )
    assert values(again, "o") == [4, 1, None, None, 3]
    assert list(again.reasons("o")) == list(answers.reasons("q"))


def test_copy_keeps_all_but_the_label(answers: Answers) -> None:
    result = made(answers, copy=Copy("q"), labels={1.0: "nie"})
    assert values(result) == values(answers, "q")
    assert result.variable("new").labels == {1.0: "nie"}
    assert result.variable("new").missing == MISSING


def test_definitions_in_any_order_and_replacing_oneself(answers: Answers) -> None:
    result = derive(
        answers,
        [
            Definition("z", standardise="index"),
            Definition("index", mean_of=Combine(("q", "r"), at_least=1)),
            Definition("q", recode=Recode("q", {1: 10, 2: 20, 4: 40}), replace=True),
        ],
    )
    assert values(result, "q") == [10, 40, None, None, 20]
    assert values(result, "index") == [6, 21, 3, None, 10.5]
    assert list(result.reasons("q")) == list(answers.reasons("q"))


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        (Definition("n", recode=Recode("qq", {})), 'did you mean "q"?'),
        (Definition("n", standardise="aeg"), 'n: no variable "aeg"\n  try: did you mean "age"?'),
        (Definition("n"), "n: a derived variable needs exactly one rule\n  got: none"),
        (Definition("n", standardise="q", copy=Copy("q")), "got: standardise, copy"),
        (Definition("q", copy=Copy("r")), 'a variable "q" exists'),
        (
            Definition("n", recode=Recode("q", {1: 1})),
            'n: codes of "q" that the recode does not cover\n  got: 2, 4',
        ),
        (Definition("n", recode=Recode("q", {1: "a"}, "keep")), "mixes numbers and text"),
        (Definition("n", recode=Recode("q", {1: 98, 2: 2, 4: 4})), "code 98 would be valid and"),
        (Definition("n", cut=Cut("age", (0, 30, 30))), "breaks must rise"),
        (Definition("n", cut=Cut("age", (0, 99), ("a", "b"))), "a label for each class"),
        (Definition("n", cut=Cut("poverty", (0, 9))), '"poverty" is text, not a number'),
        (Definition("n", reverse=Reverse("r")), 'the scale of "r" is not known'),
        (Definition("n", reverse=Reverse("r", (1, 2))), "lie outside its scale\n  got: 3"),
        (Definition("n", mean_of=Combine(("q", "r"), at_least=3)), "expected: 1 to 2"),
        (Definition("n", mean_of=Combine(("q",), reverse=("r",))), '"r" is reversed but no item'),
        (Definition("n", standardise="same"), '"same" does not vary'),
        (Definition("n", copy=Copy("poverty", ("Too Little", "Too Much"))), 'got: "About Right"'),
        (Definition("n", copy=Copy("n")), "definitions need each other\n  got: n -> n"),
    ],
)
def test_mistakes(answers: Answers, definition: Definition, message: str) -> None:
    with pytest.raises(ScslabError) as error:
        derive(answers, [definition])
    assert message in str(error.value)


def test_a_circle_and_a_double_are_named(answers: Answers) -> None:
    with pytest.raises(ScslabError, match="got: a -> b -> a"):
        derive(answers, [Definition("a", copy=Copy("b")), Definition("b", standardise="a")])
    with pytest.raises(ScslabError, match='"a" is defined twice'):
        derive(answers, [Definition("a", copy=Copy("q"))] * 2)
