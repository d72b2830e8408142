"""A fielded wave with its weights, its errors and its experiments: what reports are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from scslab.core.printed import FramingResult, HeadlineErrors
from scslab.lab.analyse.prepare import Prepared, prepare
from scslab.lab.waves.census import census
from scslab.lab.waves.errors import framings_of, headline_errors
from scslab.lab.waves.field import Fielded, field_wave
from scslab.lab.waves.lives import Moment
from scslab.lab.waves.read import Wave
from scslab.lab.waves.recruit import Taken
from scslab.survey.fieldwork.dispositions import (
    BREAK_OFF,
    COMPLETE,
    PARTIAL,
    QUOTA_FILLED,
    rates,
)


@dataclass(frozen=True)
class WaveResult:
    """All that is known of a fielded wave.

    Attributes
    ----------
    wave : Wave
    fielded : Fielded
        Who took part, what they think and say.
    ready : Prepared
        The answers kept, weighted as the design says.
    errors : tuple of HeadlineErrors
        Truth and measurement of each headline; empty where nobody asked for the truth.
    framings : dict of name to FramingResult
        Experiments.
    seed : uint64
        The luck of the society.
    """

    wave: Wave
    fielded: Fielded
    ready: Prepared
    errors: tuple[HeadlineErrors, ...]
    framings: Mapping[str, tuple[FramingResult, ...]]
    seed: np.uint64

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know first."""
        return (*self.wave.notes, *self.fielded.taken.notes)

    @property
    def rates(self) -> dict[str, tuple[float, int]]:
        """Rates of the fieldwork, with the number of cases that each is of."""
        codes = self.fielded.taken.dispositions
        began = int(np.isin(codes, (COMPLETE, PARTIAL, BREAK_OFF)).sum())
        screened = int((codes == QUOTA_FILLED).sum())
        of = {"completion": began, "screened": began + screened}
        found = {name: (value, of.get(name, len(codes))) for name, value in rates(codes).items()}
        return found | {"finished": found["completion"]}


def finish(
    moment: Moment,
    wave: Wave,
    earlier: Mapping[str, Taken] | None = None,
    threads: int = 1,
    truth: bool = True,
) -> WaveResult:
    """Field a wave and weight its answers; with `truth`, ask everybody as well."""
    fielded = field_wave(moment, wave.document, wave.tools, earlier)
    ready = prepare(fielded.answers, fielded.plan)
    spec = wave.document.wave
    errors: tuple[HeadlineErrors, ...] = ()
    if truth and spec.headlines:
        everybody = census(moment, wave.document, threads)
        errors = tuple(
            headline_errors(headline, everybody[headline.id], fielded, ready.sample)
            for headline in spec.headlines
        )
    return WaveResult(
        wave, fielded, ready, errors, framings_of(spec, ready.sample), moment.world.seed
    )
