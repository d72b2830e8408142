"""The society, what it thinks in truth, and surveys of it by known chances."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from scslab.analysis.design import make_design
from scslab.analysis.fitted import Fitted
from scslab.analysis.sample import Sample
from scslab.lab.analyse.models import fit_one
from scslab.lab.analyse.prepare import prepare
from scslab.lab.analyse.read_plan import Plan, read_plan
from scslab.lab.waves.field import Tools, field_wave
from scslab.lab.waves.frame import everybody, frame, respondents
from scslab.lab.waves.lives import Moment
from scslab.lab.waves.read import Wave
from scslab.lab.waves.seeds import moment_of, seeded, with_waves, world_of
from scslab.study.read import read_study
from scslab.study.read_wave import WaveDocument
from scslab.study.wave import Chance, Estimate, Safer
from scslab.survey.answers import Answers
from scslab.survey.instrument.columns import codebook
from scslab.world.attitudes.truth import truths

STUDY = Path(__file__).parent / "study"
RESPONDENTS, PLACES = 600, 60
FALSE = 0.4  # chance that who disapproves says that he approves


@dataclass(frozen=True)
class Setup:
    """A way to ask: how persons are drawn, and what is between truth and answer.

    `honest` is whether intervals are to hold the truth; where answers are turned they cannot.
    """

    name: str
    says: str
    document: WaveDocument
    tools: Tools
    honest: bool = True


@dataclass(frozen=True)
class Surveyed:
    """A sample with its weights and design, and the models of the analysis fitted to it."""

    sample: Sample
    model: Callable[[str], Fitted]


def society(seed: int, persons: int | None = None) -> tuple[Moment, Wave]:
    """The society at the end of its last month, and its wave."""
    file, waves = with_waves(read_study(STUDY))
    world = seeded(world_of(file, waves, persons), seed)
    return moment_of(world, waves[-1], 1), waves[-1]


def surveyed(sample: Sample, plan: Plan) -> Surveyed:
    """A sample with its models, each fitted when it is first asked for."""
    specs = {spec.id: spec for spec in plan.analysis.models}
    return Surveyed(sample, cache(lambda name: fit_one(specs[name], sample).fitted))


def setups(wave: Wave) -> list[Setup]:
    """The ways to ask."""
    by_persons, spec = wave.document, wave.document.wave
    sample = {"strata": ["region"], "clusters": PLACES}
    by_places = changed(by_persons, sample=spec.sample.model_copy(update=sample))
    clustered = replace(wave.tools, plan=plan("design-places.yaml"))
    half: dict[str, object] = {
        "sample": by_places.wave.sample.model_copy(update={"wanted": 2 * RESPONDENTS})
    }
    half["field"] = spec.field.model_copy(update={"starts": Chance(base=number(0.0))})
    turned = Safer(
        risk=Chance(base=number(float(np.log(FALSE / (1 - FALSE))))),
        answers={"approval": {1: 4, 2: 4}},
    )
    false = {"field": spec.field.model_copy(update={"safer": turned})}
    return [
        Setup("persons", f"{RESPONDENTS} persons in 16 strata", by_persons, wave.tools),
        Setup("places", f"10 persons in each of {PLACES} places", by_places, clustered),
        Setup(
            "half answer",
            f"20 persons in each of {PLACES} places, of whom half answer",
            changed(by_places, **half),
            clustered,
        ),
        Setup(
            "places ignored",
            f"10 persons in each of {PLACES} places, analysed as if drawn one by one",
            by_places,
            wave.tools,
            honest=False,
        ),
        Setup(
            "false answers",
            f"{RESPONDENTS} persons in 16 strata; {FALSE:.0%} of who disapproves says he approves",
            changed(by_persons, **false),
            wave.tools,
            honest=False,
        ),
    ]


def plan(design: str) -> Plan:
    """The analysis under another design."""
    return read_plan(STUDY / design, STUDY / "analysis.yaml")


def number(value: float) -> Estimate:
    """A number of the wave file."""
    return Estimate(value=value, source="invented", at="here")


def changed(document: WaveDocument, **parts: object) -> WaveDocument:
    """The wave with other parts."""
    return replace(document, wave=document.wave.model_copy(update=parts))


def whole(moment: Moment, wave: Wave) -> Surveyed:
    """Everybody in the frame, asked the truth; all count the same."""
    book = codebook(wave.tools.instrument)
    document = wave.document
    parts = []
    for who in everybody(moment.world, frame(moment.world, document)):
        people = respondents(who, moment, document)
        found = truths(document.wave, people, moment.world.seed, list(book))
        parts.append(pd.DataFrame({name: found[name] for name in book}))
    answers = Answers(pd.concat(parts, ignore_index=True), book, source="everybody", synthetic=True)
    return surveyed(Sample(answers, make_design(n=answers.n)), wave.tools.plan)


def waves(moment: Moment, setup: Setup, count: int) -> Iterator[Surveyed]:
    """So many surveys of the same society: the luck of a wave is addressed by its id."""
    for k in range(count):
        document = changed(setup.document, id=f"wave-{k}")
        fielded = field_wave(moment, document, setup.tools)
        yield surveyed(prepare(fielded.answers, setup.tools.plan).sample, setup.tools.plan)
