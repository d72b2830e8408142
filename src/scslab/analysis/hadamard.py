"""Hadamard matrices: rows of +1 and -1 that are orthogonal to each other."""

from __future__ import annotations

from functools import cache

import numpy as np


def hadamard(at_least: int) -> np.ndarray:
    """The smallest matrix this file can make with at least so many rows.

    Made by doubling and products (Sylvester 1867) and from quadratic residues of primes (Paley
    1933). Of the multiples of 4 up to 400 these miss 52, 92, 100, 116, ...: the next one serves,
    since balanced replication asks for enough rows only.

    Returns
    -------
    int8[m, m]
        Of +1 and -1; the first row and the first column are +1.

    Examples
    --------
    >>> h = hadamard(10)
    >>> h.shape, bool((h @ h.T == 12 * np.eye(12)).all())
    ((12, 12), True)
    """
    order = max(1, at_least)
    while not can_make(order):
        order += 1
    found = make(order)
    found = found * found[0]
    return (found * found[:, :1]).astype(np.int8)


@cache
def can_make(order: int) -> bool:
    """Whether a matrix of this order follows from primes and products."""
    if order in (1, 2):
        return True
    if order < 1 or order % 4:
        return False
    return paley_prime(order) > 0 or split(order) > 0


def paley_prime(order: int) -> int:
    """The prime that a matrix of this order is made from, or 0."""
    if is_prime(order - 1):  # one less than a multiple of 4
        return order - 1
    half = order // 2 - 1
    return half if half % 4 == 1 and is_prime(half) else 0


@cache
def split(order: int) -> int:
    """A factor so that both parts can be made, or 0."""
    for part in range(2, int(order**0.5) + 1):
        if order % part == 0 and can_make(part) and can_make(order // part):
            return part
    return 0


def is_prime(number: int) -> bool:
    """Whether a number is prime."""
    return number > 1 and all(number % d for d in range(2, int(number**0.5) + 1))


def make(order: int) -> np.ndarray:
    """A matrix of an order that can be made."""
    if order == 1:
        return np.ones((1, 1), np.int64)
    if order == 2:
        return np.array([[1, 1], [1, -1]])
    prime = paley_prime(order)
    if prime == 0:
        part = split(order)
        return np.kron(make(part), make(order // part))
    core = bordered(prime)
    if prime == order - 1:
        return np.eye(order, dtype=np.int64) + core
    # A symmetric core: each 0 becomes [[1, -1], [-1, -1]], each sign that times [[1, 1], [1, -1]].
    identity = np.eye(prime + 1, dtype=np.int64)
    return np.kron(core, [[1, 1], [1, -1]]) + np.kron(identity, [[1, -1], [-1, -1]])


def bordered(prime: int) -> np.ndarray:
    """Paley's conference matrix: residue signs of differences within a border; 0 diagonal."""
    residue = np.full(prime, -1, np.int64)
    residue[np.arange(1, prime) ** 2 % prime] = 1
    residue[0] = 0
    places = np.arange(prime)
    found = np.zeros((prime + 1, prime + 1), np.int64)
    found[1:, 1:] = residue[(places[:, None] - places) % prime]
    found[0, 1:] = 1
    found[1:, 0] = 1 if prime % 4 == 1 else -1
    return found
