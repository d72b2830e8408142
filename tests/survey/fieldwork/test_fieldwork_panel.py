"""Panels."""

import numpy as np

from scslab.survey.fieldwork import follow, rates, wave_word

WORD = wave_word(np.uint64(8), "spring")


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
