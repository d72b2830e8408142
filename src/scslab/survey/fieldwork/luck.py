"""Decisions of persons by chance: the same person in the same wave always decides alike.

Every function of this room takes the word of luck of one wave (`wave_word`) and makes its own
words below it, by name. A draw is addressed by the person's number, so it does not depend on who
else is in the sample, on the order of the rows, or on what else is drawn.
"""

from __future__ import annotations

import numpy as np

from scslab.core.draws import units, word_of
from scslab.core.errors import ScslabError

Chance = float | np.ndarray


def wave_word(seed: np.uint64, wave: str) -> np.uint64:
    """The word of luck of a wave's fieldwork, from the seed and the wave's id."""
    return word_of(seed, f"fieldwork {wave}")


def numbers_of(persons: np.ndarray) -> np.ndarray:
    """Persons' numbers as i8[n], as the draws take them."""
    return np.ascontiguousarray(persons, dtype=np.int64)


def chances(value: Chance, n: int, where: str) -> np.ndarray:
    """One chance for everybody, or one a person, as f8[n].

    Raises
    ------
    ScslabError
        Some lie outside 0 to 1, or are missing; not one a person.
    """
    given = np.asarray(value, dtype=float)
    if given.ndim and given.shape != (n,):
        raise ScslabError(
            "not one chance a person", where=where, got=given.shape, expected=f"{n:,} chances"
        )
    wrong = ~((given >= 0) & (given <= 1))
    if wrong.any():
        raise ScslabError(
            "a chance outside 0 to 1",
            where=where,
            got=f"{given[wrong].flat[0]:g}" if given.ndim else f"{given:g}",
            expected="0 to 1",
        )
    return np.broadcast_to(given, (n,))


def decide(
    word: np.uint64,
    name: str,
    persons: np.ndarray,
    chance: Chance,
    among: np.ndarray | None = None,
) -> np.ndarray:
    """Who does what is done with a chance, bool[n]; nobody outside `among`.

    Parameters
    ----------
    word : uint64
        The wave's luck.
    name : str
        What is decided ("starts"); another name is other luck.
    persons : i8[n]
        Numbers of the persons.
    chance : float or f8[n]
        0 is never, 1 is always.
    among : bool[n], optional
        Who decides at all.

    Raises
    ------
    ScslabError
        A chance outside 0 to 1.

    Examples
    --------
    >>> word = wave_word(np.uint64(1), "spring")
    >>> decide(word, "starts", np.arange(4), np.array([0, 0.5, 0.5, 1])).tolist()
    [False, False, False, True]
    """
    n = len(persons)
    p = chances(chance, n, name)
    done = np.zeros(n, dtype=bool)
    rows = np.flatnonzero(p > 0 if among is None else (p > 0) & among)
    if len(rows):
        done[rows] = units(word_of(word, name), numbers_of(persons)[rows]) < p[rows]
    return done


def shuffled(word: np.uint64, name: str, persons: np.ndarray) -> np.ndarray:
    """Places of persons in an order by luck, i8[n].

    Of two persons the same one always comes first, whoever else is there.

    Examples
    --------
    >>> word = wave_word(np.uint64(1), "spring")
    >>> shuffled(word, "queue", np.arange(5)).tolist()
    [3, 2, 0, 4, 1]
    >>> shuffled(word, "queue", np.arange(3)).tolist()
    [2, 0, 1]
    """
    return np.argsort(units(word_of(word, name), numbers_of(persons)), kind="stable")
