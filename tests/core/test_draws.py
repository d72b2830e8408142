"""Luck: fair, addressed, and the same for ever."""

import hashlib
import math

import numpy as np
import pytest

from scslab.core.draws import (
    address,
    below,
    decision,
    exponential,
    mix,
    normal,
    poisson,
    unit,
    unit_for,
)

SEED = decision("seed 1")
MASK = (1 << 64) - 1


word = np.uint64  # called from Python, kernels give and take plain whole numbers


def words(name: str, count: int) -> list[np.uint64]:
    """Words at consecutive addresses of one decision, as the kernels ask for them."""
    key = word(address(SEED, decision(name)))
    return [word(address(key, i)) for i in range(count)]


def units(name: str, count: int) -> np.ndarray:
    return np.array([unit(w) for w in words(name, count)])


def split_mix(seed: int, step: int) -> int:
    """SplitMix64 in Python's whole numbers (Steele, Lea and Flood 2014)."""
    x = (seed + 0x9E3779B97F4A7C15 * step) & MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def test_consecutive_addresses_are_a_split_mix_sequence():
    # Published test vector of the reference code for seed 1234567.
    published = [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    assert [int(address(word(1234567), i)) for i in range(5)] == published
    for seed, step in ((0, 1), (MASK, 7), (2**63, 12345)):
        assert int(address(word(seed), step - 1)) == split_mix(seed, step)


def test_addresses_never_change():
    # A change here changes the result of every run ever reported: raise the version instead.
    assert int(decision("act contract.breach")) == 0x25B6872E1AADB83F
    assert int(SEED) == 0x2D23F9F41D2E0FE9
    assert int(address(word(address(SEED, decision("record seen"))), 11)) == 0x7C4644284A7AB8E2
    assert int(mix(word(1))) == 0x5692161D100B05E5


def test_the_number_of_a_decision_is_a_hash_of_its_name_alone():
    digest = hashlib.blake2b(b"remedy notice", digest_size=8).digest()
    assert int(decision("remedy notice")) == int.from_bytes(digest, "little")
    names = ["record seen", "record lag", "record name", "record whose", "remedy notice", "tie far"]
    assert len({int(decision(n)) for n in names}) == len(names)


def test_uniform_draws_are_uniform():
    counts = np.bincount((units("even", 20_000) * 100).astype(int), minlength=100)
    chi2 = ((counts - 200.0) ** 2 / 200).sum()
    assert abs(chi2 - 99) < 3 * math.sqrt(2 * 99)


def test_each_bit_is_a_fair_coin():
    drawn = np.array(words("bits", 10_000), np.uint64)
    ones = [int(((drawn >> np.uint64(b)) & np.uint64(1)).sum()) for b in range(64)]
    assert max(abs(n - 5000) for n in ones) < 4 * 50


@pytest.mark.parametrize("lag", [1, 2, 3, 7])
def test_consecutive_addresses_are_independent(lag):
    u = units("neighbours", 20_000)
    pairs = np.histogram2d(u[:-lag], u[lag:], bins=10, range=[[0, 1], [0, 1]])[0]
    expected = (len(u) - lag) / 100
    chi2 = ((pairs - expected) ** 2 / expected).sum()
    assert abs(chi2 - 99) < 3 * math.sqrt(2 * 99)
    assert abs(np.corrcoef(u[:-lag], u[lag:])[0, 1]) < 3 / math.sqrt(len(u))


def test_decisions_about_one_person_are_independent():
    one, two = (word(address(SEED, decision(n))) for n in ("frailty", "joins"))
    a = np.array([unit_for(one, i) for i in range(10_000)])
    b = np.array([unit_for(two, i) for i in range(10_000)])
    assert abs(np.corrcoef(a, b)[0, 1]) < 3 / math.sqrt(len(a))


def test_next_seeds_share_nothing():
    a, b = (word(address(decision(f"seed {s}"), decision("frailty"))) for s in (1, 2))
    same = np.corrcoef(
        [unit_for(a, i) for i in range(10_000)], [unit_for(b, i) for i in range(10_000)]
    )
    assert abs(same[0, 1]) < 0.03


@pytest.mark.parametrize("bits", [0, 1, 2**11 - 1, 2**63, MASK - 2**11, MASK - 1, MASK])
def test_a_unit_lies_strictly_between_0_and_1(bits):
    assert 0.0 < unit(word(bits)) < 1.0
    assert exponential(unit(word(bits))) > 0.0


@pytest.mark.parametrize("bits", [0, 2**63, MASK])
@pytest.mark.parametrize("number", [1, 2, 28, 31, 1_400_000_000])
def test_below_stays_below(bits, number):
    assert 0 <= below(word(bits), number) < number


def test_below_is_even():
    counts = np.bincount([below(w, 31) for w in words("day", 15_500)], minlength=31)
    chi2 = ((counts - 500.0) ** 2 / 500).sum()
    assert abs(chi2 - 30) < 3 * math.sqrt(60)


def test_exponential_is_the_logarithm():
    edges = [2.0**-54, 2.0**-53, 0.25, 0.5, 0.75, math.nextafter(0.5, 0), math.nextafter(1, 0)]
    for u in [*edges, *units("log", 5000)]:
        assert abs(exponential(u) + math.log(u)) < 1e-11 * max(1.0, -math.log(u))


def test_exponential_draws_have_mean_and_variance_1():
    x = np.array([exponential(u) for u in units("waiting", 40_000)])
    assert abs(x.mean() - 1) < 3 / math.sqrt(len(x))
    assert abs(x.var() - 1) < 3 * math.sqrt(8 / len(x))  # fourth central moment is 9


@pytest.mark.parametrize("mean", [0.01, 0.7, 3.0, 20.0])
def test_poisson_counts_have_the_mean_as_mean_and_variance(mean):
    n = 20_000
    x = np.array([poisson(w, mean) for w in words(f"count {mean}", n)])
    assert abs(x.mean() - mean) < 3 * math.sqrt(mean / n)
    assert abs(x.var() - mean) < 3 * math.sqrt((mean + 2 * mean**2) / n)
    assert abs((x == 0).mean() - math.exp(-mean)) < 3 * math.sqrt(math.exp(-mean) / n) + 1e-12


def test_a_poisson_count_grows_with_its_mean():
    for w in words("common", 200):
        counts = [poisson(w, m) for m in (0.0, 0.5, 1.0, 2.0, 8.0)]
        assert counts == sorted(counts)


def test_normal_draws_have_mean_0_and_variance_1():
    x = np.array([normal(w) for w in words("normal", 20_000)])
    assert abs(x.mean()) < 3 / math.sqrt(len(x))
    assert abs(x.var() - 1) < 3 * math.sqrt(2 / len(x))
