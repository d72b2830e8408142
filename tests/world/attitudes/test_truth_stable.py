"""An answer belongs to a person: whoever else is asked, whatever else is computed."""

import numpy as np
import pytest
from small_attitudes import SEED, asked, chance, make_wave, number, ordered, people, yes_no

from scslab.core.errors import ScslabError
from scslab.study.wave_columns import names_in, needs
from scslab.study.wave_values import with_values
from scslab.world.attitudes import truth
from scslab.world.attitudes.truth import traits, truths

VARIABLES = (
    {"name": "age", "kind": "years"},
    {"name": "sex", "kind": "attribute", "attribute": "sex", "codes": {"female": 0, "male": 1}},
    ordered("a", [-1.0, 1.0], {"trust": 0.8, "sex": 0.3, "age=66+": 1.0}),
    yes_no("b", -0.5, {"a=3": 1.0, "member": 0.5}),
    {
        "name": "c",
        "kind": "ticks",
        "options": {
            "x": {"base": number(0.0), "effects": {"open": number(1.0)}, "only": "member"},
            "y": {"base": number(-1.0), "effects": {"b": number(1.0)}},
        },
        "otherwise": "none",
    },
    {"name": "d", "kind": "life", "life": "score", "spread": number(10.0), "among": "c_x"},
    {
        "name": "e",
        "kind": "one_of",
        "options": {
            "p": {"code": 1, "base": number(0.0)},
            "q": {"code": 2, "base": number(0.2), "effects": {"d": number(0.01)}},
        },
    },
    {"name": "f", "kind": "number", "base": number(5.0), "spread": number(1.0), "limits": [0, 9]},
    {"name": "arm", "kind": "arm", "arms": ["u", "v"]},
    {"name": "g", "kind": "count", "of": ["b", "c_y"], "plus": {"c_x": "arm"}},
    {"name": "h", "kind": "when", "holds": "arm and not b"},
)


def full():
    return make_wave(*VARIABLES)


def test_a_person_answers_the_same_in_another_sample_and_order():
    everybody = truths(full(), people(500), SEED)
    some = np.array([499, 3, 77, 250, 4], dtype=np.int64)
    for name, values in truths(full(), asked(some), SEED).items():
        np.testing.assert_array_equal(values, everybody[name][some], err_msg=name)


def test_other_seeds_are_other_persons():
    found, other = (truths(full(), people(500), np.uint64(s)) for s in (1, 2))
    for name in ("age", "a", "b", "c_y", "e", "f", "arm"):
        assert (found[name] != other[name]).mean() > 0.1, name


@pytest.mark.parametrize("name", ["age", "b", "c", "c_y", "c_none", "d", "e", "g", "h"])
def test_needed_gives_the_same_bits(name):
    everything = truths(full(), people(500), SEED)
    found = truths(full(), people(500), SEED, needed=[name])
    assert found.keys() <= everything.keys()
    assert name in found or name == "c"
    for column, values in found.items():
        np.testing.assert_array_equal(values, everything[column], err_msg=column)


def test_needed_computes_what_it_rests_on_and_no_more():
    assert list(needs(full(), ["c_y"])) == ["sex", "a", "b", "c_y"]
    assert list(needs(full(), ["d"])) == ["c_x", "d"]
    assert list(needs(full(), ["h"])) == ["sex", "a", "b", "arm", "h"]
    assert list(needs(full(), ["c_none", "age"])) == [
        "age",
        "sex",
        "a",
        "b",
        "c_x",
        "c_y",
        "c_none",
    ]
    assert list(needs(full(), ["c"])) == ["sex", "a", "b", "c_x", "c_y", "c_none"]
    assert list(needs(full(), ["e"])) == ["c_x", "d", "e"]
    assert list(needs(full(), [])) == []


@pytest.mark.parametrize("kind", ["ticks", "one_of"])
def test_needed_follows_the_conditions_of_options(kind):
    code = {"code": 1} if kind == "one_of" else {}
    options = {"x": {"base": number(0.0), "only": "a", **code}}
    wave = make_wave(yes_no("a", 0.0), {"name": "o", "kind": kind, "options": options})
    assert [*needs(wave, ["o"])][0] == "a"
    assert len(truths(wave, people(3), SEED, needed=["o"])) == 2


def test_needed_that_is_unknown_is_refused():
    with pytest.raises(ScslabError, match='did you mean "age"'):
        truths(full(), people(3), SEED, needed=["aga"])


def test_names_in_a_chance():
    assert names_in(chance(0.0, **{"a=3": 1, "trust": 1, "c_x": 1, "sex=male": 1}), full()) == [
        "a",
        "c_x",
    ]


def test_kept_draws_give_the_same_bits():
    keep: dict = {}
    first = truths(full(), people(500), SEED, keep=keep)
    again = truths(full(), people(500), SEED, keep=keep)
    plain = truths(full(), people(500), SEED)
    for name in plain:
        np.testing.assert_array_equal(first[name], plain[name], err_msg=name)
        np.testing.assert_array_equal(again[name], plain[name], err_msg=name)
    assert not any(values.flags.writeable for values in keep.values())


def test_kept_draws_are_used(monkeypatch):
    keep: dict = {}
    truths(full(), people(50), SEED, needed=["f"], keep=keep)
    monkeypatch.setattr("scslab.world.attitudes.ground.DRAWS", {})
    assert len(truths(full(), people(50), SEED, needed=["f"], keep=keep)["f"]) == 50


def test_persons_stay_the_same_in_a_later_wave_and_arms_are_drawn_anew():
    later = make_wave(*VARIABLES, id="second")
    who = people(5000)
    first, second = truths(full(), who, SEED), truths(later, who, SEED)
    for name in ("age", "sex", "a", "b", "c_x", "d", "e", "f"):
        np.testing.assert_array_equal(first[name], second[name], err_msg=name)
    assert abs(np.corrcoef(first["arm"], second["arm"])[0, 1]) < 4 / np.sqrt(5000)
    for name, values in traits(full(), who, SEED).items():
        np.testing.assert_array_equal(values, traits(later, who, SEED)[name])


def test_another_question_changes_no_answer():
    who = people(500)
    alone = truths(make_wave(VARIABLES[7]), who, SEED)["f"]
    np.testing.assert_array_equal(alone, truths(full(), who, SEED)["f"])


def test_a_higher_cut_lowers_answers_of_some_and_raises_none():
    who = people(20_000)
    before = truths(full(), who, SEED)["a"]
    after = truths(with_values(full(), {"variables.a.cuts.2": 1.4}), who, SEED)["a"]
    assert set(after - before) == {-1.0, 0.0}
    changed = after != before
    assert (before[changed] == 3).all()
    assert 0.02 < changed.mean() < 0.15


def test_a_person_in_another_life_differs_only_by_it():
    who = people(3000)
    lives = {**who.lives, "member": np.ones(3000)}
    other = truth.Respondents(who.persons, who.codes, who.categories, lives)
    before, after = (truths(full(), w, SEED)["b"] for w in (who, other))
    assert (after >= before).all()
    assert (after != before)[who.lives["member"] == 1].sum() == 0
    assert 0.05 < (after != before)[who.lives["member"] == 0].mean() < 0.2
