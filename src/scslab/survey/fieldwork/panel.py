"""A panel: who of an earlier wave answers again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scslab.survey.fieldwork.dispositions import COMPLETE, dispose
from scslab.survey.fieldwork.luck import Chance, decide, shuffled


@dataclass(frozen=True)
class Followed:
    """What became of the persons of an earlier wave.

    Attributes
    ----------
    invited : i8[m]
        Places, among the earlier completes, of those who were invited, rising.
    dispositions : i2[m]
        1.1 complete, 2.12 broke off, 2.112 reached but did not begin, 2.20 lost.
    """

    invited: np.ndarray
    dispositions: np.ndarray

    @property
    def again(self) -> np.ndarray:
        """Places, among the earlier completes, of those who answered again, i8[k]."""
        return self.invited[self.dispositions == COMPLETE]

    @property
    def retention(self) -> float:
        """Share of those invited who answered again; NaN of nobody."""
        return len(self.again) / len(self.invited) if len(self.invited) else float("nan")


def follow(
    word: np.uint64,
    persons: np.ndarray,
    stay: Chance,
    starts: Chance = 1.0,
    finishes: Chance = 1.0,
    most: int | None = None,
) -> Followed:
    """Go back to the completes of an earlier wave.

    Parameters
    ----------
    word : uint64
        The luck of the new wave.
    persons : i8[n]
        Numbers of the earlier completes.
    stay, starts, finishes : float or f8[n]
        Chances of being reached again; then of beginning; then of coming to the end.
    most : int, optional
        At most so many are invited, chosen by luck.

    Raises
    ------
    ScslabError
        A chance outside 0 to 1.

    Examples
    --------
    >>> from scslab.survey.fieldwork.luck import wave_word
    >>> got = follow(wave_word(np.uint64(1), "autumn"), np.arange(4), np.array([1.0, 0, 1, 0]))
    >>> got.dispositions.tolist(), got.again.tolist(), got.retention
    ([1100, 2200, 1100, 2200], [0, 2], 0.5)
    """
    reached = decide(word, "reached again", persons, stay)
    codes = dispose(
        decide(word, "starts", persons, starts),
        decide(word, "finishes", persons, finishes),
        reached,
    )
    invited = np.arange(len(persons))
    if most is not None and most < len(persons):
        invited = np.sort(shuffled(word, "invited", persons)[:most])
    return Followed(invited, codes[invited])
