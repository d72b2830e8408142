"""What everybody thinks, and what those would say who can be reached and would take part."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from scslab.lab.waves.frame import everybody, frame, odds_of, population, respondents
from scslab.lab.waves.lives import Moment, Someone
from scslab.study.read_wave import WaveDocument
from scslab.study.wave import Headline
from scslab.study.wave_columns import names_in
from scslab.world.attitudes.truth import chance, truths


@dataclass(frozen=True)
class Census:
    """True shares of one headline, from the population to those who would take part.

    Who is drawn by chance comes through no panel, and who was interviewed before is no draw from
    the frame: the steps that do not apply change nothing.

    Each share is exact for the simulated society: everybody is asked.
    """

    persons: int  # in the population, of those who have a true answer
    framed: int  # of them in the frame
    population: float
    frame: float
    panel: float  # the frame, by the odds of being in the panel
    response: float  # the panel, by the chances of beginning and of coming to the end


def census(moment: Moment, document: WaveDocument, threads: int = 1) -> dict[str, Census]:
    """Ask everybody in the population the truth about each headline."""
    wave = document.wave
    asked, framed = population(moment.world, document), frame(moment.world, document)
    kind = wave.sample.kind
    odds = odds_of(moment, document) if kind == "river" else np.ones(moment.world.kinds.count)
    takes_part = () if kind == "panel" else (wave.field.starts, wave.field.finishes)
    needed = {h.variable for h in wave.headlines}
    needed |= {*names_in(wave.field.starts, wave), *names_in(wave.field.finishes, wave)}

    def part(who: Someone) -> np.ndarray:
        people = respondents(who, moment, document)
        columns = truths(wave, people, moment.world.seed, needed)
        inside = framed[who.kinds]
        panel = odds[who.kinds] * inside
        taking = panel.copy()
        for spec in takes_part:
            taking *= chance(spec, columns, people, wave, moment.world.seed)
        weights = np.stack([np.ones(len(who.persons)), inside, panel, taking])
        counted = [has(columns, headline) for headline in wave.headlines]
        asked = [(~np.isnan(values)).astype(float) for values in counted]
        return np.array(
            [(weights @ a, weights @ np.nan_to_num(c)) for a, c in zip(asked, counted, strict=True)]
        )

    with ThreadPoolExecutor(threads) as pool:
        # A fixed order of adding: the same bits for any number of threads.
        sums = np.sum(list(pool.map(part, everybody(moment.world, asked))), axis=0)
    found = {}
    for headline, (there, counts) in zip(wave.headlines, sums, strict=True):
        shares = [float(s) for s in counts / np.maximum(there, 1e-300)]
        found[headline.id] = Census(int(there[0]), int(there[1]), *shares)
    return found


def has(columns: Mapping[str, np.ndarray], headline: Headline) -> np.ndarray:
    """Whose answer counts for a headline, f8[n]; NaN for those who have none."""
    values = columns[headline.variable]
    return np.where(np.isnan(values), np.nan, np.isin(values, headline.codes))
