"""Luck: a number from an address; the only file that makes random numbers.

A draw is never taken from a queue. Its address is (seed, decision, month, place, number), so it
is the same on every machine, for every number of threads and shards, and in two variants of a
study wherever they ask the same question. The address is mixed by the finaliser of SplitMix64
(Steele, Lea and Flood 2014, variant 13 of Stafford), which passes BigCrush as a generator;
draws that follow each other in one place are exactly a SplitMix64 sequence.

An act carries a word of luck of its own; every later decision about it (seen? how late? whose
name?) mixes that word with the decision's number.
"""

from __future__ import annotations

import hashlib

import numpy as np

from scslab.core.compiled import bits_of, float_of, inlined, kernel

Word = np.uint64

GAMMA = np.uint64(0x9E3779B97F4A7C15)
M1 = np.uint64(0xBF58476D1CE4E5B9)
M2 = np.uint64(0x94D049BB133111EB)
S30, S27, S31, S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
TO_UNIT = 1.0 / (1 << 53)
HALF = 0.5 / (1 << 53)
BELOW_ONE = 1.0 - 1.0 / (1 << 53)
LN2 = 0.6931471805599453
LN_4_3 = 0.2876820724517809
S52 = np.uint64(52)
MANTISSA = np.uint64(0xFFFFFFFFFFFFF)
ONE_HALF = np.uint64(0x3FE0000000000000)


def decision(name: str) -> np.uint64:
    """The number of a decision, from its name: stable when others are added.

    Examples
    --------
    >>> hex(decision("frailty"))
    '0xc7923745ef384d0f'
    """
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))


@inlined
def mix(x: Word) -> Word:
    """Mix 64 bits so that each output bit depends on each input bit."""
    x = (x ^ (x >> S30)) * M1
    x = (x ^ (x >> S27)) * M2
    return x ^ (x >> S31)


@inlined
def address(word: Word, number: int | Word) -> Word:
    """A new word of luck from a word and a number (a decision, month, place or person)."""
    return mix(word + GAMMA * (np.uint64(number) + np.uint64(1)))


@inlined
def unit(word: Word) -> float:
    """A number in (0, 1) from a word: the middle of one of 2**53 equal steps.

    The middle of the last step would round to 1, so it is held below.
    """
    return min(np.float64(word >> S11) * TO_UNIT + HALF, BELOW_ONE)


@inlined
def unit_for(word: Word, number: int | Word) -> float:
    """A number in (0, 1) for one decision about the owner of a word."""
    return unit(mix(word + GAMMA * (np.uint64(number) + np.uint64(1))))


@inlined
def exponential(u: float) -> float:
    """An exponential draw with mean 1 from a number in (0, 1): -ln(u).

    Written out so that every machine gives the same bits: libraries differ in the last place
    of the logarithm. Read off the bits of u (4 ns; 18 ns when halving in a loop). The series
    ln(m) = ln(3/4) + 2 artanh((m - 3/4) / (m + 3/4)) is exact to 1e-11 on [1/2, 1).
    """
    bits = bits_of(u)
    power = np.int64(bits >> S52) - 1022
    m = float_of((bits & MANTISSA) | ONE_HALF)
    s = (m - 0.75) / (m + 0.75)
    z = s * s
    tail = 1.0 / 7.0 + z * (1.0 / 9.0 + z * (1.0 / 11.0 + z * (1.0 / 13.0)))
    series = 1.0 + z * (1.0 / 3.0 + z * (0.2 + z * tail))
    return LN_4_3 - power * LN2 - 2.0 * s * series


@inlined
def below(word: Word, number: int) -> int:
    """A whole number from 0 to number - 1, each as likely as the next."""
    return int(unit(word) * number)


@kernel
def poisson(word: Word, mean: float) -> int:
    """A Poisson count from a word, by adding exponential waiting times (means below 30)."""
    count = 0
    total = 0.0
    while True:
        word = address(word, count)
        total += exponential(unit(word))
        if total > mean:
            return count
        count += 1


@kernel
def normal(word: Word) -> float:
    """A standard normal draw: twelve uniform numbers added, less six (Irwin-Hall).

    Exact to the third decimal within two standard deviations and cut at six; used for attitudes
    only, where the tails have no meaning.
    """
    total = -6.0
    for i in range(12):
        total += unit_for(word, i)
    return total


@kernel
def fill_units(word: Word, numbers: np.ndarray, out: np.ndarray) -> None:
    """One number in (0, 1) for each owner: the loop behind `units`."""
    for i in range(len(numbers)):
        out[i] = unit_for(word, numbers[i])


@kernel
def fill_logistics(word: Word, numbers: np.ndarray, out: np.ndarray) -> None:
    """One standard logistic draw for each owner: the loop behind `logistics`."""
    for i in range(len(numbers)):
        u = unit_for(word, numbers[i])
        out[i] = exponential(1.0 - u) - exponential(u)


@kernel
def fill_normals(word: Word, numbers: np.ndarray, out: np.ndarray) -> None:
    """One standard normal draw for each owner: the loop behind `normals`."""
    for i in range(len(numbers)):
        out[i] = normal(address(word, numbers[i]))


def word_of(seed: np.uint64, name: str) -> np.uint64:
    """The word of luck of a decision with a name."""
    return np.uint64(address(seed, decision(name)))


def units(word: Word, numbers: np.ndarray) -> np.ndarray:
    """Numbers in (0, 1) for one decision about many owners (persons), f8[n]."""
    out = np.empty(len(numbers))
    fill_units(word, numbers, out)
    return out


def logistics(word: Word, numbers: np.ndarray) -> np.ndarray:
    """Standard logistic draws for one decision about many owners, f8[n]."""
    out = np.empty(len(numbers))
    fill_logistics(word, numbers, out)
    return out


def normals(word: Word, numbers: np.ndarray) -> np.ndarray:
    """Standard normal draws for one decision about many owners, f8[n]."""
    out = np.empty(len(numbers))
    fill_normals(word, numbers, out)
    return out
