"""Samples drawn with known chances: of persons within strata, or of communities and persons."""

from __future__ import annotations

import numpy as np

from scslab.core.draws import units, word_of
from scslab.core.errors import ScslabError, moved_to, near
from scslab.lab.waves.frame import everybody, frame
from scslab.lab.waves.lives import Moment, Someone
from scslab.study.read_wave import WaveDocument
from scslab.survey.fieldwork.clusters import draw_clusters
from scslab.survey.fieldwork.probability import Drawn, draw_persons, draw_within

PLACES = 64  # communities of a district, some 500 persons each


def draw(moment: Moment, document: WaveDocument, word: np.uint64) -> tuple[Someone, Drawn]:
    """The persons of a drawn sample, whether they answer or not, with their chances.

    Raises
    ------
    ScslabError
        So many, or from such strata, cannot be drawn.
    """
    wanted = document.wave.sample.wanted
    parts = list(everybody(moment.world, frame(moment.world, document)))
    who = Someone(
        np.concatenate([p.persons for p in parts]), np.concatenate([p.kinds for p in parts])
    )
    strata = strata_of(moment, document, who)
    spec = document.wave.sample
    try:
        if spec.clusters is None:
            got = draw_persons(who.persons, wanted, word, strata)
        else:
            got = in_clusters(moment, document, word, who, strata, spec.clusters, wanted)
    except ScslabError as error:
        if error.where not in ("sample", "strata"):
            raise
        raise moved_to(error, document.document.where(("sample",))) from error
    return Someone(who.persons[got.chosen], who.kinds[got.chosen]), got


def strata_of(moment: Moment, document: WaveDocument, who: Someone) -> np.ndarray | None:
    """The stratum of each person, i8[N]; None without strata."""
    kinds, found = moment.world.kinds, np.zeros(len(who.persons), np.int64)
    for i, name in enumerate(document.wave.sample.strata):
        if name not in kinds.attributes:
            raise ScslabError(
                f'the society has no attribute "{name}"',
                where=document.document.where(("sample", "strata", i)),
                hint=near(name, kinds.attributes),
            )
        found = found * len(kinds.attributes[name]) + kinds.codes[name][who.kinds]
    return found if document.wave.sample.strata else None


def communities(moment: Moment, persons: np.ndarray) -> np.ndarray:
    """The community of each person, i8[n]: a part of the district, drawn once and for all."""
    district = np.searchsorted(moment.world.society.district_start, persons, "right") - 1
    luck = units(word_of(moment.world.seed, "community"), persons)
    return district * PLACES + (luck * PLACES).astype(np.int64)


def in_clusters(
    moment: Moment,
    document: WaveDocument,
    word: np.uint64,
    who: Someone,
    strata: np.ndarray | None,
    count: int,
    wanted: int,
) -> Drawn:
    """Communities by their size, and persons within them."""
    names, first, place, size = np.unique(
        communities(moment, who.persons), return_index=True, return_inverse=True, return_counts=True
    )
    of_place = np.zeros(len(names), np.int64) if strata is None else strata[first]
    if strata is not None and (of_place[place] != strata).any():
        raise ScslabError(
            "a community lies in several strata",
            where=document.document.where(("sample", "strata")),
            got=", ".join(document.wave.sample.strata),
            expected="attributes of places, such as region or province, where clusters are drawn",
        )
    chosen = draw_clusters(size, of_place, count, word)
    return draw_within(place.reshape(-1), who.persons, chosen, wanted, word)
