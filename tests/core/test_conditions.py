"""The language of conditions: what it means, also where values are missing, and what it refuses."""

import numpy as np
import pytest

from scslab.core.conditions import parse_condition
from scslab.core.errors import ScslabError

NAN = float("nan")
DEEPEST = "at most 40 brackets and nots within each other"
ANYTHING = "names, numbers, =, !=, <, <=, >, >=, in (1, 2), and, or, not, brackets"
COLUMNS = {
    "a": np.array([0.0, 1.0, 2.0, 3.0, NAN]),
    "b": np.array([1.0, 1.0, 0.0, NAN, NAN]),
    "c_d": np.array([-1.5, 2.5, 2.5, 0.0, 7.0]),
}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("a", [0, 1, 0, 0, 0]),
        ("a = 1", [0, 1, 0, 0, 0]),
        ("a != 1", [1, 0, 1, 1, 0]),
        ("a < 2", [1, 1, 0, 0, 0]),
        ("a <= 2", [1, 1, 1, 0, 0]),
        ("a > 1", [0, 0, 1, 1, 0]),
        ("a >= 1", [0, 1, 1, 1, 0]),
        ("a in (0, 3)", [1, 0, 0, 1, 0]),
        ("a in(2)", [0, 0, 1, 0, 0]),
        ("c_d = -1.5", [1, 0, 0, 0, 0]),
        ("c_d = +2.5", [0, 1, 1, 0, 0]),
        ("c_d>.5", [0, 1, 1, 0, 1]),
        ("not a", [1, 0, 1, 1, 1]),
        ("not a != 1", [0, 1, 0, 0, 1]),
        ("not not a", [0, 1, 0, 0, 0]),
        ("not a in (0, 3)", [0, 1, 1, 0, 1]),
        ("a and b", [0, 1, 0, 0, 0]),
        ("a or b", [1, 1, 0, 0, 0]),
        ("not b and a >= 2", [0, 0, 1, 1, 0]),
        ("a = 3 or a = 0 and b", [1, 0, 0, 1, 0]),
        ("(a = 3 or a = 0) and b", [1, 0, 0, 0, 0]),
        ("not (a or b)", [0, 0, 1, 1, 1]),
        ("a = 0 and b or c_d > 5 and not a", [1, 0, 0, 0, 1]),
        ("  a=1 and(b)  ", [0, 1, 0, 0, 0]),
    ],
)
def test_meaning(text: str, holds: list[int]) -> None:
    assert parse_condition(text).holds(COLUMNS, 5).astype(int).tolist() == holds


def test_missing_fulfils_no_comparison_and_its_opposite_holds() -> None:
    missing = {"x": np.full(3, NAN)}
    for sign in ("=", "!=", "<", "<=", ">", ">="):
        assert not parse_condition(f"x {sign} 1").holds(missing, 3).any()
        assert parse_condition(f"not x {sign} 1").holds(missing, 3).all()
    assert not parse_condition("x in (1, 2)").holds(missing, 3).any()


def test_whole_numbers_and_truths_are_columns_too() -> None:
    columns = {"x": np.array([1, 0]), "y": np.array([True, True])}
    assert parse_condition("x and y").holds(columns, 2).tolist() == [True, False]


def test_names_stand_once_in_order() -> None:
    condition = parse_condition("b and (a = 1 or b = 0) and not c_d in (1, 2)")
    assert condition.names == ("b", "a", "c_d")
    assert condition.text.startswith("b and")


def test_conditions_that_say_the_same_are_equal() -> None:
    assert parse_condition("a  =1").tree == parse_condition("(a)").tree


def test_no_rows() -> None:
    assert parse_condition("a").holds({"a": np.empty(0)}, 0).shape == (0,)


def test_an_unknown_column() -> None:
    with pytest.raises(ScslabError) as caught:
        parse_condition("a and bb").holds(COLUMNS, 5)
    assert str(caught.value) == (
        '"bb" in a condition is not known\n  got: a and bb\n  try: did you mean "b"?'
    )


@pytest.mark.parametrize(
    ("text", "got", "expected"),
    [
        ("", "nothing", "the name of a column"),
        ("a == 3", '"=" after "a ="', "a number"),
        ("a and", 'the end after "a and"', "the name of a column"),
        ("and a", '"and"', "the name of a column"),
        ("a b", '"b" after "a"', "and, or, or the end of the condition"),
        ("a not in (1)", '"not" after "a"', "and, or, or the end of the condition"),
        ("a in 1", '"1" after "a in"', "numbers in brackets, such as (1, 2)"),
        ("a in ()", '")" after "a in ("', "a number"),
        ("a in (1 2)", '"2" after "a in (1"', "a comma or a closing bracket"),
        ("(a or b", 'the end after "(a or b"', "a closing bracket"),
        ("a)", '")" after "a"', "and, or, or the end of the condition"),
        ("a = high", '"high" after "a ="', "a number"),
        ("3 = a", '"3"', "the name of a column"),
        ("a & b", '"&" after "a"', ANYTHING),
        ("a = 3x", '"3x" after "a ="', ANYTHING),
        ("年龄 > 3", '"年龄"', ANYTHING),
        ("(" * 60 + "a" + ")" * 60, f'"(" after "{"(" * 41}"', DEEPEST),
    ],
)  # fmt: skip
def test_what_cannot_be_read(text: str, got: str, expected: str) -> None:
    with pytest.raises(ScslabError) as caught:
        parse_condition(text, "form.yaml:7")
    assert str(caught.value) == (
        f"form.yaml:7: this condition cannot be read\n  got: {got}\n  expected: {expected}"
    )
