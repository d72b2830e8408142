"""What answers are computed from: respondents, their traits and lives, and their other answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scslab.core.draws import logistics, normals, units, word_of
from scslab.core.errors import ScslabError, near
from scslab.study.wave import Estimate, WaveFile
from scslab.study.wave_columns import Column, columns_of, condition, term

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
DRAWS = {"units": units, "normals": normals, "logistics": logistics}


@dataclass(frozen=True)
class Respondents:
    """The persons whose answers are computed.

    Attributes
    ----------
    persons : i8[n]
        Their numbers in the society.
    codes : mapping to arrays, shape (n,)
        Attribute -> the category of each person.
    categories : mapping to tuples
        Attribute -> its categories.
    lives : mapping to f8[n]
        What the regimes brought each of them; NaN where it brought none (the score of somebody
        who is no member).
    """

    persons: NDArray[np.int64]
    codes: Mapping[str, np.ndarray]
    categories: Mapping[str, tuple[str, ...]]
    lives: Mapping[str, Floats] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many persons there are."""
        return len(self.persons)


@dataclass(frozen=True)
class Ground:
    """Respondents in one wave, and what has been computed of them so far.

    `keep` holds draws, which depend on the seed and the persons only: whoever computes the answers
    of the same persons again, with other numbers in the wave file, hands it on.
    """

    wave: WaveFile
    respondents: Respondents
    seed: np.uint64
    known: dict[str, Column]
    columns: Mapping[str, Floats]
    keep: dict[str, Floats] | None = None
    terms: dict[str, np.ndarray] = field(default_factory=dict)
    held: dict[str, Bools] = field(default_factory=dict)

    def draw(self, kind: str, name: str) -> Floats:
        """The luck of each person in a decision: units, normals or logistics; f8[n]."""
        key = f"{kind} {name}"
        if self.keep is not None and key in self.keep:
            return self.keep[key]
        drawn: Floats = DRAWS[kind](word_of(self.seed, name), self.respondents.persons)
        if self.keep is not None:
            drawn.setflags(write=False)
            self.keep[key] = drawn
        return drawn

    def value(self, name: str) -> Floats:
        """A trait, a life or a column, f8[n]; NaN where there is none."""
        if name in self.columns:
            return self.columns[name]
        if name in self.wave.traits:
            return self.draw("normals", f"trait {name}")
        return self.life(name)

    def life(self, name: str) -> Floats:
        """What the regimes brought, f8[n]."""
        lives = self.respondents.lives
        if name not in lives:
            raise ScslabError(
                f'wave "{self.wave.id}" needs "{name}", which is not known of its respondents',
                hint=near(name, [*self.columns, *self.wave.traits, *lives]),
            )
        return lives[name]

    def category(self, attribute: str, category: str) -> Bools:
        """Who has a category of an attribute, bool[n]."""
        known = self.respondents.categories
        if attribute not in known:
            raise ScslabError(
                f'wave "{self.wave.id}" needs the attribute "{attribute}"',
                hint=near(attribute, known),
            )
        if category not in known[attribute]:
            raise ScslabError(
                f'"{category}" is not a category of {attribute}',
                hint=near(category, known[attribute]),
            )
        return self.respondents.codes[attribute] == known[attribute].index(category)

    def term(self, key: str) -> np.ndarray:
        """What an effect multiplies, f8[n] or bool[n]: less the centre, nil where it is missing."""
        found = self.terms.get(key)
        if found is None:
            found = self.terms[key] = self.find_term(key)
        return found

    def find_term(self, key: str) -> np.ndarray:
        """What an effect multiplies, computed."""
        looked = term(key, self.known)
        if looked.kind == "category":
            return self.category(looked.name, looked.value)
        if looked.kind == "code":
            return self.value(looked.name) == float(looked.value)
        value = self.value(looked.name)
        if looked.name in self.wave.traits:
            return value
        column = self.known.get(looked.name)
        if column is not None and column.variable.centre:
            value = value - column.variable.centre
        missing = np.isnan(value)
        return np.where(missing, 0.0, value) if missing.any() else value

    def predictor(self, base: float, effects: Mapping[str, Estimate]) -> Floats:
        """Base and effects added up, f8[n]."""
        total = np.full(len(self.respondents), base, dtype=np.float64)
        for key, effect in effects.items():
            if effect.value:
                total += effect.value * self.term(key)
        return total

    def holds(self, text: str) -> Bools:
        """Where a condition on columns and lives holds, bool[n]."""
        found = self.held.get(text)
        if found is None:
            read = condition(text)
            values = {name: self.value(name) for name in read.names}
            found = self.held[text] = read.holds(values, len(self.respondents))
        return found


def ground_of(
    wave: WaveFile,
    respondents: Respondents,
    seed: np.uint64,
    columns: Mapping[str, Floats],
    keep: dict[str, Floats] | None = None,
) -> Ground:
    """Respondents in one wave; `columns` are answers that are computed already, or will be."""
    return Ground(wave, respondents, np.uint64(seed), columns_of(wave), columns, keep)
