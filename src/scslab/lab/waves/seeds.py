"""The waves of a study under several seeds: the society is built once, and lived in anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from scslab.core.calendar import month_text
from scslab.core.draws import decision
from scslab.core.errors import ScslabError
from scslab.core.tables import State
from scslab.lab.check import check_asked
from scslab.lab.loop import run_months
from scslab.lab.month import Month
from scslab.lab.waves.lives import Moment
from scslab.lab.waves.read import Wave, read_waves
from scslab.lab.waves.result import WaveResult, finish
from scslab.lab.world import World, build_world, shortened
from scslab.study.read import StudyFile

Done = Callable[[int, int], None]


def with_waves(file: StudyFile, values: bool = True) -> tuple[StudyFile, list[Wave]]:
    """A study cut to the month of its last wave, and its waves.

    Raises
    ------
    ScslabError
        It has none, or one of their files is wrong.
    """
    if not file.study.waves:
        raise ScslabError(
            "this study fields no questionnaire",
            where=file.document.where(()),
            expected="waves: in the study file",
        )
    waves = read_waves(file, values)
    last = waves[-1].number
    if last < file.months[-1]:
        file = shortened(file, last - file.months[0] + 1)
    return file, waves


def world_of(file: StudyFile, waves: Sequence[Wave], persons: int | None) -> World:
    """The society of a study, checked for its waves."""
    world = build_world(file, 0, persons)
    check_asked(world, waves)
    return world


def seeded(world: World, seed: int) -> World:
    """The same society with another luck."""
    return replace(world, seed=decision(f"seed {seed}"))


def over_seeds(
    file: StudyFile,
    seeds: Sequence[int],
    persons: int | None = None,
    threads: int = 1,
    done: Done | None = None,
) -> Iterator[dict[str, WaveResult]]:
    """The waves of a study under each seed, by name; nobody is asked for the truth.

    Parameters
    ----------
    file : StudyFile
    seeds : sequence of int
    persons : int, optional
        Another size of the society.
    done : callable, optional
        Called with (seeds done, seeds in all).
    """
    file, waves = with_waves(file)
    world = world_of(file, waves, persons)
    for count, seed in enumerate(seeds, 1):
        yield field_all(seeded(world, seed), waves, threads)
        if done is not None:
            done(count, len(seeds))


def field_all(world: World, waves: Sequence[Wave], threads: int) -> dict[str, WaveResult]:
    """Live through the months and field each wave."""
    results: dict[str, WaveResult] = {}

    def watch(world: World, month: Month, state: State) -> None:
        for wave in waves:
            if wave.number == world.months[month.index]:
                earlier = {name: result.fielded.respondents for name, result in results.items()}
                moment = Moment(world, month, state)
                results[wave.id] = finish(moment, wave, earlier, threads, truth=False)

    run_months(world, threads, watch=watch)
    return results


def moment_of(world: World, wave: Wave, threads: int) -> Moment:
    """The society at the end of a wave's month, which must be the last of the study."""
    found: list[Moment] = []

    def watch(world: World, month: Month, state: State) -> None:
        if world.months[month.index] == wave.number:
            found.append(Moment(world, month, state))

    if wave.number != world.months[-1]:
        raise ScslabError(
            "only the last wave of a study can be fitted",
            where=wave.document.document.where(("id",)),
            got=month_text(wave.number),
        )
    run_months(world, threads, watch=watch)
    return found[0]
