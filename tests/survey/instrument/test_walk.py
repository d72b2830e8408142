"""One respondent: answers read from text, steps in order, draws from a seed."""

from collections import Counter

import pytest
from questioned import BASE, one

from scslab.core.errors import ScslabError
from scslab.survey.instrument.answer import Told, holds, read_answer
from scslab.survey.instrument.columns import columns_of
from scslab.survey.instrument.draw import Step, draw_arms, draw_steps, shuffled
from scslab.survey.instrument.path import next_step, unmet, walk

NAN = float("nan")


def steps(seed: int | None = None) -> dict[str, Step]:
    return {step.name: step for step in draw_steps(one(BASE), seed)}


@pytest.mark.parametrize(
    ("question", "text", "columns"),
    [
        ("town", "2", {"town": 2}),
        ("town", " 0 ", {"town": 0}),
        ("age", "14", {"age": 14}),
        ("member", "1", {"member": 1}),
        ("views_rain", "3", {"views_rain": 3}),
        ("uses", "1", {"uses_app": 1, "uses_card": 0, "uses_none": 0}),
        ("uses", "card, 1", {"uses_app": 1, "uses_card": 1, "uses_none": 0}),
        ("uses", "app，card", {"uses_app": 1, "uses_card": 1, "uses_none": 0}),
        ("uses", "1、2", {"uses_app": 1, "uses_card": 1, "uses_none": 0}),
        ("uses", "None", {"uses_app": 0, "uses_card": 0, "uses_none": 1}),
        ("likes", "nothing", {"likes_red": 0, "likes_blue": 0}),
        ("likes", "0", {"likes_red": 0, "likes_blue": 0}),
        ("likes", "blue,blue", {"likes_red": 0, "likes_blue": 1}),
        ("how_many", "2", {"how_many": 2}),
        ("words", "whatever", {}),
    ],
)
def test_answers(question: str, text: str, columns: dict[str, float]) -> None:
    assert read_answer(steps()[question], text, {"arm": 0}) == Told(columns, "")


@pytest.mark.parametrize(
    ("question", "text", "reason"),
    [("age", "dk", "dk"), ("age", "REFUSE", "refused"), ("uses", "refuse", "refused"),
     ("town", "", "no_answer"), ("uses", " ", "no_answer"), ("views_sun", "dk", "dk")],
)  # fmt: skip
def test_no_answer_keeps_its_reason(question: str, text: str, reason: str) -> None:
    told = read_answer(steps()[question], text, {})
    assert told.reason == reason
    assert told.columns and all(value != value for value in told.columns.values())


@pytest.mark.parametrize(
    ("question", "text", "message"),
    [
        ("town", "3", "this is no answer\n  got: 3\n  expected: 0, 1, 2, dk"),
        ("town", "-1", "this is no answer\n  got: -1\n  expected: 0, 1, 2, dk"),
        ("town", "city", "this is no answer\n  got: city\n  expected: 0, 1, 2, dk"),
        ("town", "refuse", '"refuse" is not offered here\n  expected: 0, 1, 2, dk'),
        ("member", "dk", '"dk" is not offered here\n  expected: 0, 1'),
        ("member", "", "this cannot be left out\n  expected: 0, 1"),
        (
            "age",
            "13",
            "this is no answer\n  got: 13\n  expected: a whole number from 14 to 90, dk, refuse",
        ),
        (
            "age",
            "20.5",
            "this is no answer\n  got: 20.5\n  expected: a whole number from 14 to 90, dk, refuse",
        ),
        (
            "uses",
            "cards",
            "this is no answer\n  got: cards\n  expected: numbers 1 to 3 or names (app, card,"
            ' none), with commas between, refuse\n  try: did you mean "card"?',
        ),
        (
            "uses",
            "4",
            "this is no answer\n  got: 4\n  expected: numbers 1 to 3 or names (app, card, none),"
            " with commas between, refuse",
        ),
        ("uses", "none, app", '"none" excludes all others\n  got: none, app'),
        (
            "uses",
            "nothing",
            "this is no answer\n  got: nothing\n  expected: numbers 1 to 3 or names"
            " (app, card, none), with commas between, refuse\n  try: known: app, card, none",
        ),
        ("how_many", "3", "this is no answer\n  got: 3\n  expected: a whole number from 0 to 2"),
    ],
)
def test_what_is_no_answer(question: str, text: str, message: str) -> None:
    with pytest.raises(ScslabError) as caught:
        read_answer(steps()[question], text, {"arm": 0})
    assert str(caught.value) == message


def test_a_list_is_as_long_as_the_arm_says() -> None:
    assert read_answer(steps()["how_many"], "3", {"arm": 1}).columns == {"how_many": 3}


def test_conditions_on_one_respondent() -> None:
    columns = {"age": 20.0, "town": NAN}
    assert holds("age >= 18 and not town = 0", columns)
    assert not holds("town != 0", columns)


def test_next_steps_and_a_step_back() -> None:
    instrument = one(BASE)
    order = draw_steps(instrument, None)
    given: dict[str, Told] = {}
    for name, text in (("age", "20"), ("town", "1"), ("uses", "app"), ("likes", "red")):
        step = next_step(instrument, order, {"arm": 0}, given)
        assert step is not None and step.name == name
        given[name] = read_answer(step, text, {})
    after = next_step(instrument, order, {"arm": 0}, given)
    assert after is not None and after.name == "views_rain"
    given.pop("likes")
    given.pop("uses")
    given["uses"] = read_answer(steps()["uses"], "none", {})
    after = next_step(instrument, order, {"arm": 0}, given)  # likes and the grid fall away
    assert after is not None and after.name == "member"


def test_the_end() -> None:
    instrument = one("framing-2019")
    order = draw_steps(instrument, 1)
    given = {step.name: Told({step.name: 1.0}) for step in order}
    assert next_step(instrument, order, {"arm": 1}, given) is None


def test_a_path_says_what_was_skipped_and_why() -> None:
    path = walk(one(BASE), {"age": "17", "uses": "none", "arm": "1", "member": "1"}, seed=3)
    skipped = {v.step.name: v.unmet for v in path.visits if v.told is None}
    assert skipped["likes"] == "uses_app or uses_card"
    assert skipped["member"] == skipped["views_sun"] == "age >= 18 and not town = 0"
    assert "words" not in skipped
    assert path.arms == {"arm": 1} and path.unused == ("member",)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"agee": "3"}, 'agee: no question "agee"\n  try: did you mean "age"?'),
        ({"views": "3"}, 'views: no question "views"\n  try: did you mean "views_sun"?'),
        ({"words": "1"}, 'words: no question "words"'),
        (
            {"age": "5"},
            "age: this is no answer\n  got: 5\n  expected: a whole number from 14 to 90, dk,",
        ),
        ({"arm": "2"}, "arm: no such arm\n  got: 2\n  expected: 0 to 1"),
    ],
)
def test_answers_that_do_not_fit(answers: dict[str, str], message: str) -> None:
    with pytest.raises(ScslabError) as caught:
        walk(one(BASE), answers, seed=1)
    assert str(caught.value).startswith(message)


def test_same_seed_same_draw() -> None:
    instrument = one("kostka-2018")
    names = [[c.name for s in draw_steps(instrument, 9) for c in s.choices] for _ in range(2)]
    assert names[0] == names[1]
    assert draw_arms(instrument, 9) == draw_arms(instrument, 9)
    orders = {tuple(c.name for c in steps_of("joining", seed)) for seed in range(20)}
    assert len(orders) > 15


def steps_of(name: str, seed: int) -> tuple:
    return next(s.choices for s in draw_steps(one("kostka-2018"), seed) if s.name == name)


def test_without_a_seed_the_order_is_that_of_the_file() -> None:
    asked = [s.name for s in draw_steps(one(BASE), None)]
    assert asked == [
        "age", "town", "uses", "likes", "views_rain", "views_sun", "member", "words", "why",
        "how_many",
    ]  # fmt: skip


def test_random_orders_keep_what_stays_last_and_lose_nothing() -> None:
    for seed in range(30):
        choices = [c.name for c in steps_of("joining", seed)]
        assert choices[-1] == "other_reason" and len(set(choices)) == 7
        drawn = [s.name for s in draw_steps(one(BASE), seed)]
        assert sorted(drawn) == sorted(steps())
        assert drawn[:4] == ["age", "town", "uses", "likes"]
        # The items of a grid stay together, also where the order of questions is drawn.
        assert abs(drawn.index("views_rain") - drawn.index("views_sun")) == 1
    seconds = {draw_steps(one(BASE), seed)[4].name for seed in range(30)}
    assert seconds == {"views_rain", "views_sun", "member"}


def test_arms_and_orders_have_equal_chances() -> None:
    n = 450
    arms = Counter(draw_arms(one("framing-2019"), seed)["arm"] for seed in range(n))
    # Three standard deviations of a count with chance 1/3 are 30.
    assert set(arms) == {0, 1, 2} and all(abs(count - n / 3) < 31 for count in arms.values())
    orders = Counter("".join(shuffled(seed, "abc", "abc")) for seed in range(n))
    assert len(orders) == 6 and all(abs(count - n / 6) < 24 for count in orders.values())


def test_unmet_is_the_first_condition_that_fails() -> None:
    columns = dict.fromkeys(columns_of(one(BASE)), NAN)
    assert unmet(steps()["member"], columns) == "age >= 18 and not town = 0"
    columns["age"] = 50.0
    assert unmet(steps()["member"], columns).startswith("likes_red != 1")
    columns["likes_red"] = 0.0
    assert unmet(steps()["member"], columns) == ""
