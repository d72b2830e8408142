"""Field a wave: recruit, ask, hear, screen. The order of what happens stands in `field_wave`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from scslab.core.errors import ScslabError
from scslab.lab.analyse.prepare import screen_plan
from scslab.lab.analyse.read_plan import Plan, at, read_plan
from scslab.lab.waves.answers import answers_of, check_columns
from scslab.lab.waves.frame import respondents
from scslab.lab.waves.lives import Moment, Someone
from scslab.lab.waves.named import check_named
from scslab.lab.waves.recruit import Taken, recruit
from scslab.study.check_society import check_against
from scslab.study.read_wave import WaveDocument
from scslab.study.wave import Chance
from scslab.survey.answers import Answers
from scslab.survey.fieldwork.luck import decide, wave_word
from scslab.survey.fieldwork.paradata import device, question_seconds, total_seconds
from scslab.survey.fieldwork.replies import Habits, Questions, Said, say
from scslab.survey.instrument.columns import blocks, columns_of, routing
from scslab.survey.instrument.load import find_instrument, read_instrument
from scslab.survey.instrument.model import Instrument
from scslab.survey.screen.flags import screen
from scslab.survey.screen.result import Screen
from scslab.world.attitudes.truth import Respondents, chance, truths


@dataclass(frozen=True)
class Fielded:
    """A wave as it was fielded.

    Attributes
    ----------
    taken : Taken
        The completes and all dispositions.
    truth : dict of f8[n]
        What the completes think.
    said : Said
        What they say, step by step.
    kept : bool[n]
        Whose answers passed the screen.
    answers : Answers
        Of those kept.
    screen : Screen or None
        What it flagged among all completes.
    """

    document: WaveDocument
    instrument: Instrument
    plan: Plan
    taken: Taken
    truth: dict[str, np.ndarray]
    said: Said
    kept: np.ndarray
    answers: Answers
    screen: Screen | None

    @property
    def respondents(self) -> Taken:
        """Those whose answers were kept, for a later wave to go back to."""
        who, kept = self.taken.who, self.kept
        return replace(
            self.taken,
            who=Someone(who.persons[kept], who.kinds[kept]),
            day=self.taken.day[kept],
            design={name: column[kept] for name, column in self.taken.design.items()},
        )


@dataclass(frozen=True)
class Tools:
    """What a wave is fielded with: its instrument and the plan of its analysis."""

    instrument: Instrument
    plan: Plan


def tools_of(document: WaveDocument) -> Tools:
    """Read the instrument and the analysis of a wave, and check that they fit.

    Raises
    ------
    ScslabError
        The first mistake in one of the files.
    """
    wave, folder = document.wave, document.folder or Path()
    beside = folder / wave.instrument
    try:
        path = find_instrument(beside if beside.is_file() else wave.instrument)
    except ScslabError as error:
        raise ScslabError(
            "no such instrument",
            where=document.document.where(("instrument",)),
            got=wave.instrument,
            expected="a file beside this one, or an instrument of the library",
            hint=error.hint,
        ) from error
    found = read_instrument(path)
    check_columns(document, found.instrument)
    check_named(document, found.instrument)
    return Tools(found.instrument, read_plan(folder / wave.design, folder / wave.analysis))


def field_wave(
    moment: Moment,
    document: WaveDocument,
    tools: Tools,
    earlier: Mapping[str, Taken] | None = None,
) -> Fielded:
    """Field a wave at the end of a month.

    Parameters
    ----------
    moment : Moment
        The society at the end of the month.
    document : WaveDocument
    tools : Tools
        From `tools_of`.
    earlier : dict, optional
        Respondents of earlier waves, for a panel.

    Raises
    ------
    ScslabError
        The wave does not fit the society.
    """
    wave, seed = document.wave, moment.world.seed
    check_against(document, dict(moment.world.kinds.attributes))
    word = wave_word(seed, wave.id)
    taken = recruit(moment, document, word, earlier or {})
    people = respondents(taken.who, moment, document)
    truth = truths(wave, people, seed)
    said, hurried = interview(document, tools.instrument, people, truth, seed, word)
    beside = paradata(document, tools.instrument, people, truth, said, hurried, taken, seed, word)
    beside |= {name: truth[name] for name in wave.kept} | taken.design
    source = wave.title
    answers = answers_of(document, tools.instrument, said, beside, source)
    found = screened(answers, tools.plan)
    kept = np.ones(answers.n, bool)
    if found is not None and tools.plan.analysis.screen is not None:
        kept = ~found.flagged(tools.plan.analysis.screen.at_least)
        answers = only(answers, kept)
    plan = without_screen(tools.plan)
    return Fielded(document, tools.instrument, plan, taken, truth, said, kept, answers, found)


def interview(
    document: WaveDocument,
    instrument: Instrument,
    people: Respondents,
    truth: dict[str, np.ndarray],
    seed: np.uint64,
    word: np.uint64,
) -> tuple[Said, np.ndarray]:
    """What the completes say, and who of them hurried."""
    wave, spec, n = document.wave, document.wave.field, len(people)

    def share(one: Chance) -> np.ndarray:
        return chance(one, truth, people, wave, seed)

    columns = columns_of(instrument)
    hurried = np.zeros(n, bool)
    if spec.careless is not None:
        hurried = decide(word, "hurries", people.persons, share(spec.careless.who))
    groups: dict[str, list[str]] = {}
    for name, column in columns.items():
        if column.choice is not None:
            groups.setdefault(column.question.name, []).append(name)
    questions = Questions(
        codes={
            name: c.values
            for name, c in columns.items()
            if c.values is not None and c.question.type != "count"
        },
        blocks=blocks(instrument),
        groups=groups,
        kept=[name for name, c in columns.items() if c.question.type == "assigned"],
        required={c.question.name for c in columns.values() if c.question.required},
    )
    habits = Habits(
        risk=0.0 if spec.safer is None else share(spec.safer.risk),
        safer={} if spec.safer is None else spec.safer.answers,
        hurried=hurried,
        straight=0.0 if spec.careless is None else spec.careless.straight.value,
        wild=0.0 if spec.careless is None else spec.careless.wild.value,
        unsure={name: share(one) for name, one in spec.unsure.items()},
        untold={name: share(one) for name, one in spec.untold.items()},
        skips=0.0 if spec.skips is None else spec.skips.value,
    )
    asked = {name: truth[name] for name in columns}

    def route(now: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        return routing(instrument, now, n)

    return say(word, people.persons, asked, route, questions, habits), hurried  # type: ignore[arg-type]


def paradata(
    document: WaveDocument,
    instrument: Instrument,
    people: Respondents,
    truth: dict[str, np.ndarray],
    said: Said,
    hurried: np.ndarray,
    taken: Taken,
    seed: np.uint64,
    word: np.uint64,
) -> dict[str, np.ndarray]:
    """Seconds, device and day of each interview."""
    spec = document.wave.field
    first: dict[str, np.ndarray] = {}
    for name, column in columns_of(instrument).items():
        first.setdefault(column.question.name, said.asked[name])
    seconds = question_seconds(
        word,
        people.persons,
        first,
        spec.seconds.value,
        hurried=hurried,
        pace=1.0 if spec.careless is None else spec.careless.pace.value,
    )
    mobile = chance(spec.mobile, truth, people, document.wave, seed)
    found = {
        "seconds": np.round(total_seconds(seconds)),
        "device": device(word, people.persons, mobile).astype(float),
    }
    return found | {"day": taken.day.astype(float)}


def screened(answers: Answers, plan: Plan) -> Screen | None:
    """The screen of the analysis, by which the field drops careless interviews."""
    spec = plan.analysis.screen
    if spec is None:
        return None
    with at(plan.analysis_document, "screen"):
        return screen(answers, screen_plan(spec))


def without_screen(plan: Plan) -> Plan:
    """The plan for answers that the field has screened: nobody is flagged a second time."""
    return replace(plan, analysis=plan.analysis.model_copy(update={"screen": None}))


def only(answers: Answers, kept: np.ndarray) -> Answers:
    """The answers of some respondents."""
    return replace(
        answers,
        frame=answers.frame[kept].reset_index(drop=True),
        marks={name: marks[kept] for name, marks in answers.marks.items()},
    )
