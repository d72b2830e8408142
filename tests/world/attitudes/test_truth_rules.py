"""What each kind of answer does with conditions, missing values, centres and limits."""

import numpy as np
import pytest
from scipy.special import expit
from small_attitudes import (
    SEED,
    asked,
    chance,
    make_wave,
    number,
    ordered,
    people,
    yes_no,
)

from scslab.core.draws import logistics, normals, units, word_of
from scslab.core.errors import ScslabError
from scslab.world.attitudes import truth
from scslab.world.attitudes.truth import Respondents, traits, truths

N = 3000
SURE, NEVER = 40.0, -40.0


def answers(*variables, who=None):
    return truths(make_wave(*variables), who or people(N), SEED)


def test_answers_are_built_from_named_draws():
    who = people(N)
    found = answers(ordered("x", [0.0], {"trust": 0.5}, lowest=0), who=who)["x"]
    trust = normals(word_of(SEED, "trait trust"), who.persons)
    luck = logistics(word_of(SEED, "opinion x"), who.persons)
    np.testing.assert_array_equal(found, (0.5 * trust + luck > 0).astype(float))


def test_arm_is_drawn_by_wave():
    who = people(N)
    found = answers({"name": "arm", "kind": "arm", "arms": ["a", "b"]}, who=who)["arm"]
    np.testing.assert_array_equal(found, units(word_of(SEED, "arm first arm"), who.persons) >= 0.5)


def test_among_leaves_the_others_without_a_value():
    found = answers(yes_no("x", 0.0), ordered("y", [0.0], among="x and member"))
    inside = (found["x"] == 1) & (people(N).lives["member"] == 1)
    np.testing.assert_array_equal(np.isfinite(found["y"]), inside)
    assert 0 < inside.sum() < N


def test_among_of_ticks_holds_for_all_columns():
    options = {"a": {"base": number(0.0)}, "b": {"base": number(SURE)}}
    row = {"name": "t", "kind": "ticks", "options": options, "otherwise": "none"}
    found = answers({**row, "among": "member"})
    member = people(N).lives["member"] == 1
    for name in ("t_a", "t_b", "t_none"):
        np.testing.assert_array_equal(np.isfinite(found[name]), member)
    assert (found["t_none"][member] == 0).all()


def test_only_bars_an_option_of_ticks():
    found = answers(
        {"name": "t", "kind": "ticks", "otherwise": "none",
         "options": {"a": {"base": number(SURE), "only": "score >= 450"}}}
    )  # fmt: skip
    high = people(N).lives["score"] >= 450
    np.testing.assert_array_equal(found["t_a"], high)
    np.testing.assert_array_equal(found["t_none"], ~high)


def test_one_of_with_every_option_barred_is_missing():
    options = {
        "a": {"code": 1, "base": number(0.0), "only": "member"},
        "b": {"code": 2, "base": number(0.0), "only": "member"},
    }
    found = answers({"name": "x", "kind": "one_of", "options": options})["x"]
    np.testing.assert_array_equal(np.isfinite(found), people(N).lives["member"] == 1)


def test_missing_values_contribute_nothing():
    who = people(N)
    spec = chance(0.5, score=0.01)
    found = truth.chance(spec, {}, who, make_wave(ordered("z", [0.0])), SEED)
    member = who.lives["member"] == 1
    np.testing.assert_allclose(found[~member], expit(0.5))
    np.testing.assert_allclose(found[member], expit(0.5 + 0.01 * who.lives["score"][member]))


def test_centre_is_subtracted_and_then_missing_is_nil():
    life = {"name": "s", "kind": "life", "life": "score", "centre": 450}
    wave, who = make_wave(life), people(N)
    columns = truths(wave, who, SEED)
    found = truth.chance(chance(0.0, s=0.02), columns, who, wave, SEED)
    score = who.lives["score"]
    wanted = np.where(np.isnan(score), 0.5, expit(0.02 * (score - 450)))
    np.testing.assert_allclose(found, wanted)


def test_chance_adds_up_traits_lives_codes_and_categories():
    wave, who = make_wave(ordered("x", [-1.0, 1.0], centre=2)), people(N)
    columns = truths(wave, who, SEED)
    spec = chance(-1.0, **{"trust": 0.3, "member": 0.4, "x": 0.5, "x=3": 0.6, "age=66+": 0.7})
    found = truth.chance(spec, columns, who, wave, SEED)
    latent = (
        -1.0
        + 0.3 * traits(wave, who, SEED)["trust"]
        + 0.4 * who.lives["member"]
        + 0.5 * (columns["x"] - 2)
        + 0.6 * (columns["x"] == 3)
        + 0.7 * (who.codes["age"] == 2)
    )
    np.testing.assert_allclose(found, expit(latent))


def test_chance_of_any_size_is_a_probability():
    wave, who = make_wave(ordered("x", [0.0])), people(5)
    with np.errstate(all="raise"):
        assert (truth.chance(chance(-2000.0), {}, who, wave, SEED) == 0).all()
        assert (truth.chance(chance(2000.0), {}, who, wave, SEED) == 1).all()


def test_code_of_a_variable_that_shares_its_name_with_an_attribute():
    sex = {
        "name": "sex",
        "kind": "attribute",
        "attribute": "sex",
        "codes": {"female": 1, "male": 2},
    }
    wave, who = make_wave(sex), people(N)
    columns = truths(wave, who, SEED)
    by_code, by_category = (
        truth.chance(chance(0.0, **{key: 1.0}), columns, who, wave, SEED)
        for key in ("sex=2", "sex=male")
    )
    np.testing.assert_array_equal(by_code, by_category)
    assert len(set(by_code)) == 2


def test_attribute_without_a_code_is_missing():
    sex = {"name": "x", "kind": "attribute", "attribute": "sex", "codes": {"male": 7}}
    found = answers(sex)["x"]
    np.testing.assert_array_equal(found, np.where(people(N).persons % 2, 7.0, np.nan))


def test_attribute_that_does_not_apply_is_missing():
    sex = {"name": "x", "kind": "attribute", "attribute": "sex", "codes": {"female": 0, "male": 1}}
    who = Respondents(np.arange(3), {"sex": np.array([-1, 0, 1])}, {"sex": ("female", "male")})
    np.testing.assert_array_equal(answers(sex, who=who)["x"], [np.nan, 0, 1])


def test_numbers_are_whole_and_within_whole_limits():
    row = {"name": "x", "kind": "number", "base": number(8.0), "spread": number(2.0)}
    whole = answers({**row, "limits": [0, 10]})["x"]
    free = answers(row)["x"]
    np.testing.assert_array_equal(whole, np.clip(np.rint(free), 0, 10))
    assert set(whole) >= {8.0, 9.0, 10.0}
    parts = answers({**row, "limits": [0, 9.5]})["x"]
    np.testing.assert_array_equal(parts, np.clip(free, 0, 9.5))


def test_life_is_told_as_it_is_or_with_an_error():
    who = people(N)
    row = {"name": "x", "kind": "life", "life": "score"}
    np.testing.assert_array_equal(answers(row)["x"], who.lives["score"])
    clipped = answers({**row, "limits": [420, 480]})["x"]
    np.testing.assert_array_equal(clipped, np.clip(who.lives["score"], 420, 480))
    near = answers({**row, "spread": number(5.0), "limits": [350, 950]})["x"]
    error = (near - who.lives["score"])[who.lives["member"] == 1]
    assert np.isnan(near[who.lives["member"] == 0]).all()
    assert (near[who.lives["member"] == 1] % 1 == 0).all()
    assert error.std() == pytest.approx(5, rel=0.1)


def test_years_within_limits():
    age = answers({"name": "age", "kind": "years", "limits": [16, 25]})["age"]
    code = people(N).codes["age"]
    assert set(age[code == 0]) == {16.0, 17.0}
    assert set(age[code == 1]) == set(range(18, 26))
    assert set(age[code == 2]) == {25.0}  # a band outside meets the nearer limit


def test_count_counts_what_is_one():
    found = answers(
        yes_no("a", 0.0),
        yes_no("b", 0.0, among="a"),
        {"name": "group", "kind": "arm", "arms": ["short", "long"]},
        yes_no("doubts", 0.0),
        {"name": "n", "kind": "count", "of": ["a", "b"], "plus": {"doubts": "group"}},
    )
    wanted = found["a"] + np.nan_to_num(found["b"]) + found["doubts"] * found["group"]
    np.testing.assert_array_equal(found["n"], wanted)
    assert set(found["n"]) == {0.0, 1.0, 2.0, 3.0}


def test_when_is_one_where_its_condition_holds():
    found = answers(yes_no("a", 0.0), {"name": "w", "kind": "when", "holds": "not a or member"})
    wanted = (found["a"] == 0) | (people(N).lives["member"] == 1)
    np.testing.assert_array_equal(found["w"], wanted)


def test_nobody_is_asked():
    wave = make_wave(
        ordered("x", [0.0], {"trust": 1.0, "score": 1.0}), {"name": "age", "kind": "years"}
    )
    found = truths(wave, asked(np.empty(0, dtype=np.int64)), SEED)
    assert {name: len(values) for name, values in found.items()} == {"x": 0, "age": 0}


@pytest.mark.parametrize(
    ("variable", "says"),
    [
        (ordered("x", [0.0], {"region=East": 1.0}), 'needs the attribute "region"'),
        (ordered("x", [0.0], {"age=18-31": 1.0}), 'did you mean "18-30"'),
        (ordered("x", [0.0], {"heard": 1.0}), 'needs "heard", which is not known'),
        ({"name": "x", "kind": "life", "life": "heard"}, 'needs "heard", which is not known'),
        ({"name": "x", "kind": "years", "attribute": "band"}, 'needs the attribute "band"'),
        ({"name": "x", "kind": "attribute", "attribute": "a", "codes": {"b": 1}}, "attribute"),
        ({"name": "x", "kind": "years", "attribute": "sex"}, "not an age band"),
    ],
)
def test_what_respondents_lack_is_named(variable, says):
    with pytest.raises(ScslabError, match=says):
        answers(variable)


def test_effects_without_size_need_nothing():
    found = answers(ordered("x", [0.0], {"heard": 0.0}))["x"]
    np.testing.assert_array_equal(found, answers(ordered("x", [0.0]))["x"])


def test_lives_may_be_computed_when_they_are_asked_for():
    class Lazy(dict):
        def __missing__(self, name):
            raise AssertionError(f"{name} was not needed")

    who = people(N)
    lazy = Respondents(who.persons, who.codes, who.categories, Lazy())
    wave = make_wave(ordered("x", [0.0]), ordered("y", [0.0], {"score": 1.0}))
    assert list(truths(wave, lazy, SEED, needed=["x"])) == ["x"]
