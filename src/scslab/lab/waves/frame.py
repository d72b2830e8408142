"""Who can be asked: the population, the frame, the panel, and the persons in front of the queue."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from scslab.core.draws import word_of
from scslab.core.errors import ScslabError, near
from scslab.lab.waves.lives import PILOTS, Moment, Someone, lived, lives_in
from scslab.lab.world import World
from scslab.study.read_wave import WaveDocument
from scslab.world.attitudes.panel import front_of
from scslab.world.attitudes.truth import Respondents


class Lives(Mapping[str, np.ndarray]):
    """The lives of some persons, each computed when it is asked for.

    A census of a whole society asks for one or two of them, a wave for all.
    """

    def __init__(self, names: list[str], compute: Callable[[str], np.ndarray]) -> None:
        self.names = names
        self.compute = compute
        self.known: dict[str, np.ndarray] = {}

    def __getitem__(self, name: str) -> np.ndarray:
        """One life, f8[n]."""
        if name not in self.known:
            if name not in self.names:
                raise KeyError(name)
            self.known[name] = self.compute(name)
        return self.known[name]

    def __iter__(self) -> Iterator[str]:
        """Their names."""
        return iter(self.names)

    def __len__(self) -> int:
        """How many lives there are."""
        return len(self.names)


def respondents(who: Someone, moment: Moment, document: WaveDocument) -> Respondents:
    """Some persons as the engine of attitudes sees them."""
    kinds = moment.world.kinds

    def compute(name: str) -> np.ndarray:
        where = document.document.where(("lives", name))
        return lived(document.wave.lives[name], who, moment, where)

    return Respondents(
        persons=who.persons,
        codes={name: codes[who.kinds] for name, codes in kinds.codes.items()},
        categories=dict(kinds.attributes),
        lives=Lives(list(document.wave.lives), compute),
    )


def having(world: World, wanted: Mapping[str, list[str]], where: str) -> np.ndarray:
    """Which kinds of persons have one of some categories in each attribute, bool[kinds]."""
    found = world.kinds.persons()
    for attribute, categories in wanted.items():
        found &= world.kinds.having(attribute, categories, f"{where}.{attribute}")
    return found


def population(world: World, document: WaveDocument) -> np.ndarray:
    """The kinds whose opinion is asked for, bool[kinds]."""
    found = having(world, document.wave.population, document.document.where(("population",)))
    return some(found, world, document, "population")


def frame(world: World, document: WaveDocument) -> np.ndarray:
    """The kinds of the population that can be reached, bool[kinds]."""
    reached = having(world, document.wave.frame, document.document.where(("frame",)))
    return some(population(world, document) & reached, world, document, "frame")


def some(found: np.ndarray, world: World, document: WaveDocument, key: str) -> np.ndarray:
    """The same kinds, if anybody is of them."""
    if not sizes(world)[found].any():
        raise ScslabError("nobody is left to ask", where=document.document.where((key,)))
    return found


def sizes(world: World) -> np.ndarray:
    """How many subjects of each kind there are, i8[kinds]."""
    lengths = np.diff(world.people.cell_start)
    return np.bincount(world.people.kind, lengths, world.kinds.count).astype(np.int64)


def odds_of(moment: Moment, document: WaveDocument) -> np.ndarray:
    """Odds of each kind of being in the panel, f8[kinds]."""
    world = moment.world
    log_odds = np.zeros(world.kinds.count)
    for key, effect in document.wave.field.reach.items():
        where = document.document.where(("field", "reach", key))
        if key == PILOTS:
            kinds = lives_in([PILOTS], moment, where)
        else:
            attribute, equals, category = key.partition("=")
            if not equals:
                known = [PILOTS, *world.kinds.attributes]
                raise ScslabError(
                    "reach is by attribute=category", where=where, got=key, hint=near(key, known)
                )
            kinds = world.kinds.having(attribute, [category], where)
        log_odds += effect.value * kinds
    return np.exp(log_odds)


def front(moment: Moment, asked: np.ndarray, odds: np.ndarray, wave: str, wanted: float) -> Someone:
    """About so many persons in front of the queue to a wave, first in front."""
    world = moment.world
    word = word_of(word_of(world.seed, "panel"), f"wave {wave}")
    mass = float((sizes(world) * asked * odds).sum())
    persons, cells = front_of(word, wanted / max(mass, 1e-300), world.people, asked, odds)
    return Someone(persons, world.people.kind[cells].astype(np.int64))


def everybody(world: World, asked: np.ndarray) -> Iterator[Someone]:
    """All persons of some kinds, a part of the society at a time."""
    cells = np.flatnonzero(asked[world.people.kind])
    lengths = np.diff(world.people.cell_start)[cells]
    ends = np.cumsum(lengths)
    parts = np.searchsorted(ends, np.arange(PART, ends[-1] + PART, PART)) + 1
    first = 0
    for last in np.minimum(parts, len(cells)):
        if last > first:
            these, sizes_of = cells[first:last], lengths[first:last]
            starts = world.people.cell_start[these]
            shift = np.repeat(starts - (np.cumsum(sizes_of) - sizes_of), sizes_of)
            persons = np.arange(sizes_of.sum(), dtype=np.int64) + shift
            yield Someone(persons, np.repeat(world.people.kind[these], sizes_of).astype(np.int64))
        first = last


PART = 131_072  # persons in a part: some arrays of them fit a processor's cache
