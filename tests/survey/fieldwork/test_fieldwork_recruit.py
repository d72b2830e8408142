"""A river and its quotas: against a plain loop, closed forms, and what may never happen."""

import numpy as np
import pytest

from scslab.core.errors import ScslabError
from scslab.survey.fieldwork import cells_of, counts, decide, quota_cells, take, wave_word

WORD = wave_word(np.uint64(11), "spring")


def loop(started, finished, cells, quotas, wanted):
    """The same, one person after the other."""
    filled, codes, done = [0] * len(quotas), [], []
    for i in range(len(started)):
        if len(done) == wanted or filled == list(quotas):
            break
        if not started[i]:
            codes.append(2112)
        elif filled[cells[i]] >= quotas[cells[i]]:
            codes.append(4800)
        elif not finished[i]:
            codes.append(2120)
        else:
            codes.append(1100)
            filled[cells[i]] += 1
            done.append(i)
    return codes, done, filled


@pytest.mark.parametrize("seed", range(40))
def test_as_a_plain_loop(seed):
    rng = np.random.default_rng(seed)
    n, k = int(rng.integers(0, 300)), int(rng.integers(1, 6))
    started, finished = rng.random(n) < 0.5, rng.random(n) < 0.6
    cells, quotas = rng.integers(0, k, n), rng.integers(0, 15, k)
    wanted = int(rng.integers(1, 60))
    got = take(started, finished, cells, quotas, wanted)
    codes, done, filled = loop(started, finished, cells, quotas, wanted)
    assert got.dispositions.tolist() == codes
    assert got.completes.tolist() == done
    assert got.filled.tolist() == filled
    assert got.used == len(codes)
    assert got.short == wanted - len(done)
    assert got.dispositions.dtype == np.int16


def test_screened_out_only_once_the_quota_is_full():
    rng = np.random.default_rng(3)
    n, quotas = 5_000, np.array([60, 100, 5])
    cells = rng.integers(0, 3, n)
    got = take(rng.random(n) < 0.4, rng.random(n) < 0.7, cells, quotas, 165)
    assert got.filled.tolist() == [60, 100, 5]
    for cell, quota in enumerate(quotas):
        here = cells[: got.used] == cell
        done = np.cumsum((got.dispositions == 1100) & here)
        screened = (got.dispositions == 4800) & here
        began_and_not_screened = np.isin(got.dispositions, [1100, 2120]) & here
        assert (done[screened] == quota).all()
        assert (done[began_and_not_screened] <= quota).all()
    assert got.dispositions[-1] == 1100  # the last one who is needed ends the fieldwork


def test_without_quotas_the_counts_are_those_of_the_chances():
    n = 60_000
    started = decide(WORD, "starts", np.arange(n), 0.3)
    finished = decide(WORD, "finishes", np.arange(n), 0.64)
    got = take(started, finished, None, None, n)
    found = counts(got.dispositions)
    assert got.used == n
    for code, chance in ((1100, 0.3 * 0.64), (2120, 0.3 * 0.36), (2112, 0.7)):
        assert abs(found[code] - n * chance) < 4 * np.sqrt(n * chance * (1 - chance))
    assert 4800 not in found


def test_a_river_stops_with_the_last_wanted():
    yes = np.ones(10, dtype=bool)
    got = take(yes, yes, None, None, 4)
    assert (got.used, got.completes.tolist(), got.short) == (4, [0, 1, 2, 3], 0)


def test_full_quotas_stop_before_the_wanted_are_there():
    yes = np.ones(10, dtype=bool)
    got = take(yes, yes, np.zeros(10, int), np.array([3]), 5)
    assert (got.used, got.short) == (3, 2)
    assert take(yes, yes, np.zeros(10, int), np.array([0]), 5).used == 0


def test_quota_cells_add_up_and_are_the_product_rounded():
    age, sex, region = np.array([0.48, 0.37, 0.15]), np.array([0.47, 0.53]), np.array([5, 3, 2.2])
    quotas = quota_cells([age, sex, region], 2209)
    assert quotas.sum() == 2209
    exact = 2209 * np.einsum("i,j,k", age, sex, region / region.sum()).ravel()
    assert (np.abs(quotas - exact) < 1).all()
    slack = quota_cells([age, sex, region], 2209, slack=0.1)
    assert (slack <= 1.1 * quotas + 1e-9).all()
    assert (slack > 1.1 * quotas - 1).all()


def test_cells_are_numbered_as_quotas_are():
    codes = [np.array([0, 2, 1]), np.array([1, 0, 1])]
    assert cells_of(codes, [3, 2]).tolist() == [1, 4, 3]


def test_mistakes_with_quotas():
    yes = np.ones(3, dtype=bool)
    with pytest.raises(ScslabError, match="2 persons are in no quota cell"):
        take(yes, yes, np.array([0, 2, -1]), np.array([1, 1]), 2)
    with pytest.raises(ScslabError, match="quotas need the cell of each person"):
        take(yes, yes, None, np.array([1]), 2)
    with pytest.raises(ScslabError, match="shares of a margin must be 0 or more"):
        quota_cells([np.array([0.5, -0.5])], 10)
    with pytest.raises(ScslabError, match="slack must be 0 or more"):
        quota_cells([np.array([1.0])], 10, slack=-0.1)
