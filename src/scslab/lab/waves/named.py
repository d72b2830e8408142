"""What a wave says of its questions is said of questions that are asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from scslab.core.errors import ScslabError, near
from scslab.core.yamlfile import Place
from scslab.study.read_wave import WaveDocument
from scslab.study.wave import Framing, WaveFile
from scslab.survey.instrument.columns import columns_of
from scslab.survey.instrument.model import Instrument


def check_named(document: WaveDocument, instrument: Instrument) -> None:
    """Headlines, experiments and fieldwork name what the questionnaire asks.

    Raises
    ------
    ScslabError
        The first name that it does not, with its line.
    """
    wave, columns = document.wave, columns_of(instrument)
    asked = list(columns)
    questions = [c.name if c.choice is None else c.question.name for c in columns.values()]
    checks: list[tuple[Iterator[tuple[Place, str]], Collection[str]]] = [
        (headlines(wave), asked),
        (experiments(wave), [*asked, *wave.kept]),
        (safer(wave), asked),
        (left_out(wave), questions),
    ]
    for named, known in checks:
        for place, name in named:
            if name not in known:
                raise ScslabError(
                    f'"{name}" is not asked',
                    where=document.document.where(place),
                    expected=f"a question of {instrument.id}",
                    hint=near(name, dict.fromkeys(known)),
                )


def headlines(wave: WaveFile) -> Iterator[tuple[Place, str]]:
    """Columns whose true and measured answers are compared, with their places."""
    for i, headline in enumerate(wave.headlines):
        yield ("headlines", i, "variable"), headline.variable
        for key in ("count", "group"):
            if headline.by_list is not None:
                yield ("headlines", i, "by_list", key), headline.by_list[key]


def experiments(wave: WaveFile) -> Iterator[tuple[Place, str]]:
    """Columns of the experiments, with their places."""
    for i, framing in enumerate(wave.framings):
        for key in ("outcome", "arm", "before"):
            name = getattr(framing, key)
            if name is not None:
                yield ("framings", i, key), name


def safer(wave: WaveFile) -> Iterator[tuple[Place, str]]:
    """Columns whose answers are turned, with their places."""
    if wave.field.safer is not None:
        for name in wave.field.safer.answers:
            yield ("field", "safer", "answers", name), name


def left_out(wave: WaveFile) -> Iterator[tuple[Place, str]]:
    """Questions whose answers are left out, with their places."""
    for key in ("unsure", "untold"):
        for name in getattr(wave.field, key):
            yield ("field", key, name), name


def arms_of(framing: Framing, wave: WaveFile) -> list[str]:
    """The arms of an experiment in the order of their codes, or what comes before and after."""
    if framing.arm is None:
        return ["before", "after"]
    return next(v.arms for v in wave.variables if v.name == framing.arm)
