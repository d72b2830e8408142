"""From truth to what is said: shares in closed form, the order of steps, whose luck it is."""

import numpy as np
import pytest

from scslab.core.errors import ScslabError
from scslab.survey.fieldwork import (
    ANSWERED,
    DONT_KNOW,
    NO_ANSWER,
    NOT_ASKED,
    REFUSED,
    Habits,
    Questions,
    answer_in_a_hurry,
    leave_out,
    make_safer,
    say,
    wave_word,
)

WORD, N = wave_word(np.uint64(4), "spring"), 40_000
PERSONS = np.arange(N) * 3 + 1
GRID = ["g1", "g2", "g3", "g4"]
SYSTEMS = ["systems_a", "systems_b", "systems_c"]
QUESTIONS = Questions(
    codes={name: [1, 2, 3, 4, 5] for name in ["approval", *GRID]} | {"user": [0, 1]},
    blocks=[GRID],
    groups={"systems": SYSTEMS},
    kept=["arm"],
)


def truth(n=N, seed=1):
    rng = np.random.default_rng(seed)
    columns = {name: rng.integers(1, 6, n).astype(float) for name in ["approval", "joy", *GRID]}
    columns |= {name: rng.integers(0, 2, n).astype(float) for name in ["user", *SYSTEMS, "arm"]}
    columns["score"] = np.where(columns["user"] == 1, rng.integers(350, 950, n), np.nan)
    return columns


def asked(columns):
    return {"score": columns["user"] == 1}


def near(share, chance, n):
    return abs(share - chance) < 4 * np.sqrt(chance * (1 - chance) / n)


HABITS = Habits(
    risk=np.linspace(0, 0.6, N),
    safer={"approval": {1: 3, 2: 3}, "user": {1: 0}},
    hurried=PERSONS % 10 == 1,
    straight=0.5,
    wild=0.4,
    unsure={"approval": 0.1, "systems": 0.05},
    untold={"approval": 0.2, "joy": np.linspace(0, 0.3, N)},
    skips=0.03,
)


def test_nothing_changes_where_every_chance_is_0():
    columns = truth()
    nothing = Habits(
        risk=0.0, safer=HABITS.safer, hurried=HABITS.hurried, straight=0.0, wild=0.0,
        unsure={"approval": 0.0}, untold={"joy": np.zeros(N)}, skips=0.0,
    )  # fmt: skip
    for habits in (nothing, Habits()):
        said = say(WORD, PERSONS, columns, asked, QUESTIONS, habits)
        assert all(said.columns[name] is columns[name] for name in columns)
        assert all(not step.changed for step in said.steps)
        assert (said.missing["score"] == np.where(columns["user"] == 1, ANSWERED, NOT_ASKED)).all()
        assert not any(said.missing[name].any() for name in columns if name != "score")


def test_the_truth_is_not_written_to():
    columns = truth()
    copies = {name: values.copy() for name, values in columns.items()}
    say(WORD, PERSONS, columns, asked, QUESTIONS, HABITS)
    for name, values in copies.items():
        np.testing.assert_array_equal(columns[name], values)


def test_a_reply_is_the_persons_own():
    columns = truth()
    whole = say(WORD, PERSONS, columns, asked, QUESTIONS, HABITS)
    rows = np.random.default_rng(9).permutation(N)[:3000]
    part = say(
        WORD, PERSONS[rows], {k: v[rows] for k, v in columns.items()}, asked, QUESTIONS,
        Habits(
            risk=HABITS.risk[rows], safer=HABITS.safer, hurried=HABITS.hurried[rows],
            straight=0.5, wild=0.4, unsure=HABITS.unsure,
            untold={"approval": 0.2, "joy": HABITS.untold["joy"][rows]}, skips=0.03,
        ),
    )  # fmt: skip
    for name in columns:
        np.testing.assert_array_equal(part.columns[name], whole.columns[name][rows])
        np.testing.assert_array_equal(part.missing[name], whole.missing[name][rows])


def test_a_reply_does_not_hang_on_other_questions():
    columns = truth()
    whole = say(WORD, PERSONS, columns, asked, QUESTIONS, HABITS)
    fewer = {name: columns[name] for name in ["approval", "user", "score", "joy", *GRID]}
    part = say(
        WORD, PERSONS, fewer, asked, Questions(QUESTIONS.codes, QUESTIONS.blocks),
        Habits(HABITS.risk, HABITS.safer, HABITS.hurried, 0.5, 0.4, {"approval": 0.1},
               HABITS.untold, 0.03),
    )  # fmt: skip
    for name in fewer:
        np.testing.assert_array_equal(part.columns[name], whole.columns[name])


def test_another_wave_is_other_luck():
    columns = truth()
    one, other = (
        say(wave_word(np.uint64(4), wave), PERSONS, columns, asked, QUESTIONS, HABITS)
        for wave in ("spring", "autumn")
    )
    gone = [np.isnan(said.columns["approval"]).mean() for said in (one, other)]
    both = (np.isnan(one.columns["approval"]) & np.isnan(other.columns["approval"])).mean()
    assert abs(both - gone[0] * gone[1]) < 4 * np.sqrt(gone[0] * gone[1] / N)


def test_risky_answers_are_turned_with_the_persons_chance():
    columns, chance = truth(), np.where(PERSONS % 2 == 0, 0.1, 0.5)
    step = make_safer(WORD, PERSONS, columns, chance, {"approval": {1: 3, 2: 4}})
    before, after = columns["approval"], step.columns["approval"]
    for code, safe in ((1, 3), (2, 4)):
        for p in (0.1, 0.5):
            here = (before == code) & (chance == p)
            assert near((after[here] == safe).mean(), p, here.sum())
            assert np.isin(after[here], [code, safe]).all()
    assert (after[before > 2] == before[before > 2]).all()
    assert (step.changed["approval"] == (before != after)).all()
    assert set(step.changed) == {"approval"}


def test_an_answer_is_turned_once():
    got = make_safer(WORD, np.arange(3), {"a": np.array([1.0, 2.0, 3.0])}, 1.0,
                     {"a": {1: 2, 2: 3, 3: 4}})  # fmt: skip
    assert got.columns["a"].tolist() == [2, 3, 4]


def test_two_answers_of_one_person_are_turned_independently():
    columns = {"a": np.ones(N), "b": np.ones(N)}
    step = make_safer(WORD, PERSONS, columns, 0.3, {"a": {1: 2}, "b": {1: 2}})
    assert near((step.changed["a"] & step.changed["b"]).mean(), 0.09, N)


def test_the_share_of_straight_lines():
    columns, hurried = truth(), PERSONS % 4 == 0
    put = {"g1": PERSONS % 3 > 0}  # some begin with the second item
    step = answer_in_a_hurry(WORD, PERSONS, columns, put, hurried, straight=0.7, blocks=[GRID])
    got = np.array([step.columns[name] for name in GRID])
    line = (got[1:] == got[1]).all(axis=0)
    by_luck = 1 / 25
    assert near(line[hurried].mean(), 0.7 + 0.3 * by_luck, hurried.sum())
    assert (got[:, ~hurried] == np.array([columns[n] for n in GRID])[:, ~hurried]).all()
    lined = np.any([step.changed.get(name, np.zeros(N, bool)) for name in GRID], axis=0)
    assert not lined[~hurried].any()
    first = np.where(put["g1"], columns["g1"], columns["g2"])
    assert (got[3, lined] == first[lined]).all()
    assert (step.columns["g1"][~put["g1"]] == columns["g1"][~put["g1"]]).all()
    assert step.columns["approval"] is columns["approval"]


def test_the_share_of_wild_answers():
    columns, hurried = truth(), PERSONS % 2 == 0
    step = answer_in_a_hurry(
        WORD, PERSONS, columns, {}, hurried, wild=0.5, codes={"approval": [1, 2, 3, 4, 5]}
    )
    changed, n = step.changed["approval"], hurried.sum()
    assert near(changed[hurried].mean(), 0.5 * 0.8, n)
    assert not changed[~hurried].any()
    times = np.bincount(step.columns["approval"][changed].astype(int), minlength=6)[1:]
    assert np.abs(times - changed.sum() / 5).max() < 4.5 * np.sqrt(changed.sum() / 5)


def test_a_wild_answer_to_several_choices_is_one_tick():
    columns = truth()
    step = answer_in_a_hurry(WORD, PERSONS, columns, {}, np.ones(N, bool), wild=1.0,
                             groups={"systems": SYSTEMS})  # fmt: skip
    ticks = np.array([step.columns[name] for name in SYSTEMS])
    assert (ticks.sum(axis=0) == 1).all()
    assert all(near(share, 1 / 3, N) for share in ticks.mean(axis=1))


def test_those_with_straight_lines_give_no_wild_answers():
    columns = truth()
    step = answer_in_a_hurry(WORD, PERSONS, columns, {}, np.ones(N, bool), straight=1.0, wild=1.0,
                             blocks=[GRID], codes={"approval": [1, 2, 3, 4, 5]})  # fmt: skip
    assert "approval" not in step.changed


def test_reasons_of_missing_answers_and_their_order():
    columns = truth()
    columns["approval"][::50] = np.nan
    habits = Habits(unsure={"approval": 0.1}, untold={"approval": 0.2}, skips=0.03)
    said = say(WORD, PERSONS, columns, asked, QUESTIONS, habits)
    there = ~np.isnan(columns["approval"])
    why = said.missing["approval"]
    assert why.dtype == np.int8
    n = there.sum()
    for code, p in (
        (DONT_KNOW, 0.1),
        (REFUSED, 0.9 * 0.2),
        (NO_ANSWER, 0.9 * 0.8 * 0.03),
        (ANSWERED, 0.9 * 0.8 * 0.97),
    ):
        assert near((why[there] == code).mean(), p, n)
    assert (why[~there] == NO_ANSWER).all()
    for name in columns:
        assert (np.isnan(said.columns[name]) == (said.missing[name] != ANSWERED)).all()


def test_choices_are_left_out_together():
    said = say(WORD, PERSONS, truth(), asked, QUESTIONS,
               Habits(unsure={"systems": 0.1}, skips=0.2))  # fmt: skip
    why = [said.missing[name] for name in SYSTEMS]
    assert (why[0] == why[1]).all()
    assert (why[0] == why[2]).all()
    assert near((why[0] == DONT_KNOW).mean(), 0.1, N)
    assert near((why[0] == NO_ANSWER).mean(), 0.9 * 0.2, N)


def test_an_arm_is_never_skipped_or_random():
    questions = Questions(codes={"arm": [0, 1], "approval": [1, 2]}, kept=["arm"])
    columns = {name: truth()[name] for name in ["arm", "approval"]}
    said = say(WORD, PERSONS, columns, {}, questions,
               Habits(hurried=np.ones(N, bool), wild=1.0, skips=1.0))  # fmt: skip
    assert said.columns["arm"] is columns["arm"]
    assert np.isnan(said.columns["approval"]).all()


def test_routing_follows_what_is_said():
    columns = truth()
    user = columns["user"] == 1
    said = say(WORD, PERSONS, columns, asked, QUESTIONS,
               Habits(risk=0.3, safer={"user": {1: 0}}, skips=0.1))  # fmt: skip
    still = said.columns["user"] == 1
    assert (said.asked["score"] == still).all()
    assert (said.missing["score"][~still] == NOT_ASKED).all()
    assert near(still[user].mean(), 0.7 * 0.9, user.sum())
    routing = [step for step in said.steps if step.name == "routing"]
    assert not routing[0].changed
    denied = said.steps[1].changed["user"]
    np.testing.assert_array_equal(routing[1].changed["score"], denied)
    # Routing by the truth leaves the score of those who deny being users.
    fixed = say(WORD, PERSONS, columns, asked(columns), QUESTIONS,
                Habits(risk=0.3, safer={"user": {1: 0}}, skips=0.1))  # fmt: skip
    assert (fixed.asked["score"] == user).all()


def test_routing_is_followed_through():
    columns = {name: np.ones(4) for name in "abcdefgh"}
    columns["a"] = np.array([1.0, 0, 1, 0])

    def chain(answers):
        return {q: answers[p] == 1 for p, q in zip("abcdefg", "bcdefgh", strict=True)}

    said = say(WORD, np.arange(4), columns, chain, Questions(), Habits())
    assert said.missing["h"].tolist() == [0, 3, 0, 3]


def test_questions_are_skipped_independently():
    said = say(WORD, PERSONS, truth(), asked, QUESTIONS, Habits(skips=0.3))
    joy, approval, systems = (
        said.missing[name] == NO_ANSWER for name in ("joy", "approval", "systems_a")
    )
    assert near((joy & approval).mean(), 0.09, N)
    assert near((joy & systems).mean(), 0.09, N)


def test_who_is_asked_and_has_no_answer_in_truth_gives_none():
    columns = {"user": np.array([0.0, 1.0]), "score": np.array([np.nan, 500.0])}
    said = say(
        WORD, np.arange(2), columns, {"score": np.array([True, True])}, Questions(), Habits()
    )
    assert said.missing["score"].tolist() == [NO_ANSWER, ANSWERED]


def test_steps_come_in_order_and_tell_every_change():
    columns = truth()
    said = say(WORD, PERSONS, columns, asked, QUESTIONS, HABITS)
    assert [step.name for step in said.steps] == [
        "routing", "safer", "hurried", "routing", "unsure", "untold", "skipped", "routing",
    ]  # fmt: skip
    before = columns
    for step in said.steps:
        for name, values in step.columns.items():
            other = step.changed.get(name, np.zeros(N, bool))
            differs = ~((values == before[name]) | (np.isnan(values) & np.isnan(before[name])))
            assert (differs == other).all()
        before = step.columns
    assert said.columns is said.steps[-1].columns


def test_mistakes_in_habits():
    columns = {"approval": np.ones(2), **{name: np.ones(2) for name in SYSTEMS}}
    two = np.arange(2)
    with pytest.raises(ScslabError, match='did you mean "approval"'):
        make_safer(WORD, two, columns, 0.5, {"aproval": {1: 2}})
    with pytest.raises(ScslabError, match="a chance outside 0 to 1"):
        make_safer(WORD, two, columns, 1.5, {"approval": {1: 2}})
    with pytest.raises(ScslabError, match='no answers to "trust"'):
        leave_out(WORD, two, columns, {"trust": 0.1})
    with pytest.raises(ScslabError, match='"systems_a" is one choice of "systems"'):
        leave_out(WORD, two, columns, {"systems_a": 0.1}, {"systems": SYSTEMS})
    with pytest.raises(ScslabError, match='blocks: no answers to "g1"'):
        answer_in_a_hurry(WORD, two, columns, {}, np.ones(2, bool), straight=1.0, blocks=[GRID])
