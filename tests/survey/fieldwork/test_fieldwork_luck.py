"""Decisions by chance, and whole numbers that add up."""

import numpy as np
import pytest

from scslab.core.errors import ScslabError
from scslab.survey.fieldwork.luck import decide, wave_word
from scslab.survey.fieldwork.whole import allocate, largest_remainder

WORD = wave_word(np.uint64(5), "spring")


def test_a_decision_is_the_persons_own():
    persons = np.arange(0, 9000, 3)
    chance = np.linspace(0, 1, len(persons))
    whole = decide(WORD, "starts", persons, chance)
    order = np.random.default_rng(1).permutation(len(persons))[:500]
    assert (decide(WORD, "starts", persons[order], chance[order]) == whole[order]).all()
    assert (decide(WORD, "starts", persons.astype(np.int32), chance) == whole).all()


def test_never_always_and_in_between():
    persons = np.arange(40_000)
    assert not decide(WORD, "starts", persons, 0.0).any()
    assert decide(WORD, "starts", persons, 1.0).all()
    p = decide(WORD, "starts", persons, 0.3).mean()
    assert abs(p - 0.3) < 4 * np.sqrt(0.3 * 0.7 / 40_000)
    among = persons % 2 == 0
    assert not decide(WORD, "starts", persons, 1.0, among)[~among].any()


def test_names_waves_and_seeds_are_other_luck():
    persons, n = np.arange(20_000), 20_000
    first = decide(WORD, "starts", persons, 0.5)
    for other in (
        decide(WORD, "finishes", persons, 0.5),
        decide(wave_word(np.uint64(5), "autumn"), "starts", persons, 0.5),
        decide(wave_word(np.uint64(6), "spring"), "starts", persons, 0.5),
    ):
        assert abs((first & other).mean() - 0.25) < 4 * np.sqrt(0.25 * 0.75 / n)


@pytest.mark.parametrize("chance", [1.2, -0.1, float("nan"), np.array([0.5, 2.0])])
def test_a_chance_lies_between_0_and_1(chance):
    with pytest.raises(ScslabError, match="a chance outside 0 to 1"):
        decide(WORD, "starts", np.arange(2), chance)


def test_one_chance_a_person():
    with pytest.raises(ScslabError, match="not one chance a person"):
        decide(WORD, "starts", np.arange(2), np.array([0.5, 0.5, 0.5]))


@pytest.mark.parametrize("seed", range(20))
def test_largest_remainders_add_up_and_round_by_less_than_one(seed):
    rng = np.random.default_rng(seed)
    shares, total = rng.random(int(rng.integers(1, 40))), int(rng.integers(0, 5000))
    got = largest_remainder(shares, total)
    assert got.sum() == total
    assert (np.abs(got - shares / shares.sum() * total) < 1).all()


def test_whole_shares_stay_whole():
    assert largest_remainder(np.array([0.1, 0.2, 0.7]), 10).tolist() == [1, 2, 7]
    assert largest_remainder(np.full(3, 1 / 3), 4).tolist() == [2, 1, 1]


@pytest.mark.parametrize("seed", range(20))
def test_an_allocation_keeps_its_bounds_and_is_proportional_between_them(seed):
    rng = np.random.default_rng(seed)
    k = int(rng.integers(1, 20))
    sizes, most = rng.integers(1, 1000, k).astype(float), rng.integers(2, 60, k)
    total = int(rng.integers(2 * k, most.sum() + 1))
    got = allocate(sizes, most, total)
    assert got.sum() == total
    assert (got >= 2).all()
    assert (got <= most).all()
    free = (got > 2) & (got < most)
    if free.sum() > 1:  # all at one rate, but for rounding by less than one
        low, high = ((got[free] - 1) / sizes[free]).max(), ((got[free] + 1) / sizes[free]).min()
        assert low < high


def test_an_allocation_that_cannot_be_is_told_in_one_message():
    with pytest.raises(ScslabError) as caught:
        allocate(np.ones(4), np.array([5, 1, 3, 0]), 8, names=["north", "east", "west", "south"])
    assert "2 of 4 strata have fewer than 2 units to draw from" in str(caught.value)
    assert "east (1), south (0)" in str(caught.value)
    with pytest.raises(ScslabError, match="3 units cannot be drawn from 2 strata"):
        allocate(np.ones(2), np.array([5, 5]), 3)
    with pytest.raises(ScslabError, match="11 units cannot be drawn from 2 strata"):
        allocate(np.ones(2), np.array([5, 5]), 11)
