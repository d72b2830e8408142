"""What persons truly think: every answer of a wave file, for as many persons as are asked.

An answer is a pure function of the seed, the person and what moves it, so a person gives the same
one in every sample and in every wave, unless the person's life has changed it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from scipy.special import expit

from scslab.study.wave import Chance, WaveFile
from scslab.study.wave_columns import columns_of, needs
from scslab.world.attitudes.ground import Floats, Respondents, ground_of
from scslab.world.attitudes.kinds_of_answers import answer

__all__ = ["Respondents", "chance", "traits", "truths"]


def truths(
    wave: WaveFile,
    respondents: Respondents,
    seed: np.uint64,
    needed: Collection[str] | None = None,
    keep: dict[str, Floats] | None = None,
) -> dict[str, Floats]:
    """All answers in truth.

    Parameters
    ----------
    wave : WaveFile
        How answers come about.
    respondents : Respondents
        Whose answers; n persons. Large n in chunks: about 10 arrays of n numbers are held for
        each column.
    seed : np.uint64
        The seed of the study.
    needed : collection of str, optional
        Compute these columns only, and those that they rest on; the name of a ticks variable
        stands for all its columns.
    keep : dict, optional
        Holds the draws of these respondents under this seed from call to call: a calibration
        computes the same persons some thousand times.

    Returns
    -------
    dict of f8[n]
        By column, in the order of the file; ticks have one column for each option. NaN where
        `among` does not hold.

    Raises
    ------
    ScslabError
        A name that is not in the wave; an attribute or a life that the respondents lack.
    """
    found: dict[str, Floats] = {}
    ground = ground_of(wave, respondents, seed, found, keep)
    wanted = columns_of(wave) if needed is None else needs(wave, needed)
    for name, column in wanted.items():
        found[name] = answer(ground, column)
    return found


def chance(
    spec: Chance,
    columns: Mapping[str, Floats],
    respondents: Respondents,
    wave: WaveFile,
    seed: np.uint64,
    keep: dict[str, Floats] | None = None,
) -> Floats:
    """The probability of each person: 1 / (1 + exp(-(base + effects))), f8[n].

    Parameters
    ----------
    spec : Chance
        Any chance of the wave file, such as who begins, or who hurries.
    columns : mapping of f8[n]
        Answers as `truths` gives them; at least those that the chance names.
    respondents, wave, seed, keep
        As in `truths`.
    """
    ground = ground_of(wave, respondents, seed, columns, keep)
    odds: Floats = expit(ground.predictor(spec.base.value, spec.effects))
    return odds


def traits(
    wave: WaveFile, respondents: Respondents, seed: np.uint64, keep: dict[str, Floats] | None = None
) -> dict[str, Floats]:
    """The traits of each person, standard normal, f8[n] by name; the same in every wave."""
    ground = ground_of(wave, respondents, seed, {}, keep)
    return {name: ground.value(name) for name in wave.traits}
