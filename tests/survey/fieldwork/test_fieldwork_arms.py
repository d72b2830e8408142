"""Arms of experiments, and panels."""

import numpy as np
import pytest

from scslab.core.errors import ScslabError
from scslab.survey.fieldwork import assign, assign_balanced, follow, rates, wave_word

WORD = wave_word(np.uint64(8), "spring")


def test_plain_arms_have_equal_chances_and_are_the_persons_own():
    persons = np.arange(30_000)
    arms = assign(WORD, "arm", persons, 3)
    share = np.bincount(arms.astype(int), minlength=3) / len(persons)
    assert np.abs(share - 1 / 3).max() < 4 * np.sqrt(2 / 9 / len(persons))
    some = persons[::-7]
    assert (assign(WORD, "arm", some, 3) == arms[some]).all()
    other = assign(WORD, "list_group", persons, 3)
    assert abs((other == arms).mean() - 1 / 3) < 4 * np.sqrt(2 / 9 / len(persons))


@pytest.mark.parametrize("n", [0, 1, 7, 600, 601])
@pytest.mark.parametrize(("arms", "per_block"), [(2, 1), (3, 2)])
def test_balanced_arms_differ_by_no_more_than_a_block_allows(n, arms, per_block):
    got = assign_balanced(WORD, "arm", n, arms, per_block).astype(int)
    times = np.bincount(got, minlength=arms)
    assert len(got) == n
    assert times.max() - times.min() <= per_block
    for start in range(0, n - n % (arms * per_block), arms * per_block):
        block = got[start : start + arms * per_block]
        assert (np.bincount(block, minlength=arms) == per_block).all()


def test_balanced_arms_are_random_at_every_place():
    words = [wave_word(np.uint64(seed), "spring") for seed in range(3000)]
    got = np.array([assign_balanced(word, "arm", 5, 3) for word in words])
    share = np.array([(got == arm).mean(axis=0) for arm in range(3)])
    assert np.abs(share - 1 / 3).max() < 4 * np.sqrt(2 / 9 / 3000)


def test_mistakes_with_arms():
    with pytest.raises(ScslabError, match="at least two arms"):
        assign(WORD, "arm", np.arange(3), 1)
    with pytest.raises(ScslabError, match="each arm at least once"):
        assign_balanced(WORD, "arm", 3, 2, 0)


def test_a_panel_in_expectation():
    n = 50_000
    got = follow(WORD, np.arange(n), stay=0.8, starts=0.7, finishes=0.9)
    want = {2200: 0.2, 2112: 0.8 * 0.3, 2120: 0.8 * 0.7 * 0.1, 1100: 0.8 * 0.7 * 0.9}
    for code, p in want.items():
        share = (got.dispositions == code).mean()
        assert abs(share - p) < 4 * np.sqrt(p * (1 - p) / n)
    assert got.retention == len(got.again) / n == rates(got.dispositions)["RR1"]


def test_who_stays_does_not_hang_on_who_else_was_there():
    persons = np.arange(0, 3000, 2)
    stay = np.linspace(0.2, 1, len(persons))
    whole = follow(WORD, persons, stay)
    part = follow(WORD, persons[100:200], stay[100:200])
    assert (part.dispositions == whole.dispositions[100:200]).all()


def test_at_most_so_many_are_invited():
    persons, stay = np.arange(500), np.full(500, 0.5)
    whole, some = follow(WORD, persons, stay), follow(WORD, persons, stay, most=120)
    assert len(some.invited) == 120
    assert (np.diff(some.invited) > 0).all()
    assert (some.dispositions == whole.dispositions[some.invited]).all()
    assert set(some.again) == set(whole.again) & set(some.invited)
    assert len(follow(WORD, persons, stay, most=900).invited) == 500
    assert np.isnan(follow(WORD, persons[:0], 1.0).retention)
