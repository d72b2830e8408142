"""Shares of answers have closed forms; draws that should be independent are."""

import numpy as np
import pytest
from scipy.special import expit, softmax
from small_attitudes import SEED, make_wave, number, ordered, people, yes_no

from scslab.world.attitudes.truth import traits, truths

N = 200_000


def within_errors(values, shares):
    """Each code's share lies within four standard errors of what it should be."""
    for code, share in shares.items():
        error = np.sqrt(share * (1 - share) / np.isfinite(values).sum())
        assert abs((values == code).sum() / np.isfinite(values).sum() - share) <= 4 * error, code


def one_of(name, bases, **only):
    options = {
        f"o{i}": {"code": 10 + i, "base": number(base), "only": only.get(f"o{i}")}
        for i, base in enumerate(bases)
    }
    return {"name": name, "kind": "one_of", "options": options}


@pytest.mark.parametrize("lowest", [1, 0, -2])
def test_ordered_logit(lowest):
    cuts = [-2.0, -0.5, 0.3, 2.5]
    found = truths(make_wave(ordered("x", cuts, lowest=lowest)), people(N), SEED)["x"]
    steps = np.diff([0, *expit(cuts), 1])
    within_errors(found, {lowest + i: step for i, step in enumerate(steps)})


def test_base_of_an_ordered_logit_moves_all_cuts():
    wave = make_wave(ordered("x", [-1.0, 1.0], base=number(0.7)))
    steps = np.diff([0, *expit([-1.7, 0.3]), 1])
    within_errors(truths(wave, people(N), SEED)["x"], dict(enumerate(steps, 1)))


def test_effect_of_a_category_moves_the_shares_of_those_who_have_it():
    who = people(N)
    found = truths(make_wave(yes_no("x", -1.0, {"sex=male": 1.5})), who, SEED)["x"]
    within_errors(found[who.codes["sex"] == 0], {1: expit(-1.0)})
    within_errors(found[who.codes["sex"] == 1], {1: expit(0.5)})


def test_effect_of_a_trait_is_a_mixture_over_it():
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    share = (weights * expit(0.4 + 1.2 * nodes)).sum() / weights.sum()
    found = truths(make_wave(yes_no("x", 0.4, {"trust": 1.2})), people(N), SEED)["x"]
    within_errors(found, {1: share})


def test_multinomial_logit():
    bases = [0.4, -1.0, 1.3, -3.0]
    found = truths(make_wave(one_of("x", bases)), people(N), SEED)["x"]
    within_errors(found, {10 + i: s for i, s in enumerate(softmax(bases))})


def test_effects_on_an_option_are_log_odds_beside_the_others():
    variable = one_of("x", [0.0, -0.5])
    variable["options"]["o1"]["effects"] = {"sex=male": number(1.0)}
    who = people(N)
    found = truths(make_wave(variable), who, SEED)["x"]
    within_errors(found[who.codes["sex"] == 1], {11: expit(0.5)})
    within_errors(found[who.codes["sex"] == 0], {11: expit(-0.5)})


def test_barred_options_leave_the_odds_of_the_others():
    who = people(N)
    found = truths(make_wave(one_of("x", [0.0, 1.0, 2.0], o2="member")), who, SEED)["x"]
    member = who.lives["member"] == 1
    within_errors(found[member], {10 + i: s for i, s in enumerate(softmax([0.0, 1.0, 2.0]))})
    within_errors(found[~member], {10: expit(-1.0), 11: expit(1.0), 12: 0.0})


def test_ticks_are_drawn_one_by_one():
    options = {"a": {"base": number(0.0)}, "b": {"base": number(-1.0)}}
    wave = make_wave({"name": "x", "kind": "ticks", "options": options, "otherwise": "none"})
    found = truths(wave, people(N), SEED)
    within_errors(found["x_a"], {1: 0.5})
    within_errors(found["x_b"], {1: expit(-1.0)})
    within_errors(found["x_a"] * found["x_b"], {1: 0.5 * expit(-1.0)})
    within_errors(found["x_none"], {1: 0.5 * expit(1.0)})


def test_number_is_normal():
    found = truths(make_wave(normal(7.0, 2.0)), people(N), SEED)["x"]
    assert found.mean() == pytest.approx(7, abs=4 * 2 / np.sqrt(N))
    assert found.std() == pytest.approx(2, rel=4 / np.sqrt(2 * N))
    assert not (found == np.rint(found)).any()


def normal(base, spread, **more):
    row = {"name": "x", "kind": "number", "base": number(base), "spread": number(spread)}
    return {**row, **more}


def test_arms_are_equal_and_bear_on_nothing():
    arm = {"name": "arm", "kind": "arm", "arms": ["a", "b", "c"]}
    found = truths(make_wave(arm, yes_no("x", 0.3)), people(N), SEED)
    within_errors(found["arm"], dict.fromkeys(range(3), 1 / 3))
    for code in range(3):
        within_errors(found["x"][found["arm"] == code], {1: expit(0.3)})


def test_years_are_uniform_within_the_band():
    who = people(N)
    found = truths(make_wave({"name": "age", "kind": "years"}), who, SEED)["age"]
    for band, (low, high) in enumerate([(14, 17), (18, 30), (66, 85)]):
        inside = found[who.codes["age"] == band]
        within_errors(inside, dict.fromkeys(range(low, high + 1), 1 / (high - low + 1)))
        assert inside.min() == low and inside.max() == high


def test_draws_of_different_variables_are_independent():
    wave = make_wave(
        ordered("a", [0.0]), ordered("b", [0.0]), yes_no("c", 0.0), one_of("d", [0.0, 0.0])
    )
    who = people(N)
    found = [*truths(wave, who, SEED).values(), *traits(wave, who, SEED).values()]
    correlations = np.corrcoef(found)[np.triu_indices(len(found), 1)]
    assert np.abs(correlations).max() < 4.5 / np.sqrt(N)


def test_traits_are_standard_normal():
    for trait in traits(make_wave(ordered("a", [0.0])), people(N), SEED).values():
        assert trait.mean() == pytest.approx(0, abs=4 / np.sqrt(N))
        assert trait.std() == pytest.approx(1, abs=4 / np.sqrt(2 * N))
