"""Arms of an experiment within a wave: the researcher's own luck."""

from __future__ import annotations

import numpy as np

from scslab.core.draws import units, word_of
from scslab.core.errors import ScslabError
from scslab.survey.fieldwork.luck import numbers_of


def assign(word: np.uint64, name: str, persons: np.ndarray, arms: int) -> np.ndarray:
    """Arms with equal chances, each person by himself, f8[n] of codes 0 to arms - 1.

    Parameters
    ----------
    word : uint64
        The wave's luck.
    name : str
        The column of the arms; another name is other luck.
    persons : i8[n]
    arms : int
        At least two.

    Raises
    ------
    ScslabError
        Fewer than two arms.

    Examples
    --------
    >>> from scslab.survey.fieldwork.luck import wave_word
    >>> set(assign(wave_word(np.uint64(1), "spring"), "arm", np.arange(50), 3).tolist())
    {0.0, 1.0, 2.0}
    """
    drawn = units(word_of(word, f"arm {name}"), numbers_of(persons))
    return np.minimum(np.floor(drawn * checked(arms)), arms - 1)


def assign_balanced(
    word: np.uint64, name: str, n: int, arms: int, per_block: int = 1
) -> np.ndarray:
    """Arms in permuted blocks, f8[n] of codes 0 to arms - 1 in the order of arrival.

    Each block of arms * per_block persons holds every arm `per_block` times, in random order, so
    arms never differ by more than `per_block`. The arm then depends on the place in the order
    and not on the person alone, as a quota does.

    Parameters
    ----------
    word : uint64
        The wave's luck.
    name : str
        The column of the arms.
    n : int
        Persons, in the order in which they came.
    arms : int
        At least two.
    per_block : int
        How often each arm is in a block.

    Raises
    ------
    ScslabError
        Fewer than two arms, or empty blocks.

    Examples
    --------
    >>> from scslab.survey.fieldwork.luck import wave_word
    >>> got = assign_balanced(wave_word(np.uint64(1), "spring"), "arm", 6, 3)
    >>> sorted(got[:3].tolist()), sorted(got[3:].tolist())
    ([0.0, 1.0, 2.0], [0.0, 1.0, 2.0])
    """
    if per_block < 1:
        raise ScslabError("a block holds each arm at least once", where=name, got=per_block)
    size = checked(arms, name) * per_block
    blocks = -(-n // size)
    # Luck is drawn for whole blocks, so that the last arms of a cut block are random as well.
    slots = np.arange(blocks * size)
    order = np.lexsort((units(word_of(word, f"arm {name}"), slots), slots // size))
    return (order[:n] % arms).astype(float)


def checked(arms: int, name: str = "arms") -> int:
    """At least two arms.

    Raises
    ------
    ScslabError
        There are fewer.
    """
    if arms < 2:
        raise ScslabError("an experiment has at least two arms", where=name, got=arms)
    return arms
