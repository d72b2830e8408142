"""Check that a study can run, without running it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scslab.core.calendar import first_day, month
from scslab.core.errors import ScslabError, moved_to
from scslab.core.values import walk_dated
from scslab.core.yamlfile import dotted
from scslab.evaluation.findings import finding
from scslab.lab.fieldwork import make_attitudes
from scslab.lab.in_force import asks_residence
from scslab.lab.month import month_of_world
from scslab.lab.waves.check import check_lives
from scslab.lab.waves.read import Wave, read_waves
from scslab.lab.world import World, build_world, read_rules
from scslab.study.read import StudyFile
from scslab.study.variants import of_variant, variant_file


def check_study_runs(file: StudyFile) -> None:
    """Build the society of a study and the arrays of its first and last month.

    Raises
    ------
    ScslabError
        Whatever would stop the study.
    """
    world = build_world(file, 0)
    for index in (0, len(world.months) - 1):
        month_of_world(world, index, None)
    check_asked(world, read_waves(file))
    check_used(world)
    check_variants(file, lambda changed: build_world(changed, 0))


def check_variants(file: StudyFile, prepare: Callable[[StudyFile], object] = read_rules) -> None:
    """Each variant must be sound, as far as it is prepared; by default without its society."""
    for name in file.study.variants:
        changed = variant_file(file, name)
        try:
            prepare(changed)
        except ScslabError as error:
            raise of_variant(error, file, name) from error


def check_asked(world: World, waves: Sequence[Wave] = ()) -> None:
    """What is only needed late in a run must be sound before it starts.

    Raises
    ------
    ScslabError
        A survey asks for what the society does not have, or a finding is unknown.
    """
    study = world.file.study
    for survey in study.surveys:
        make_attitudes(world, survey, month(survey.month))
    for wave in waves:
        check_lives(world, wave)
    for i, compare in enumerate(study.compare):
        where = world.file.document.where(("compare", i, "finding"))
        found = finding(compare.finding, where)
        try:
            found.part(compare.part)
        except ScslabError as error:
            at = ("compare", i, "finding" if compare.part is None else "part")
            raise moved_to(error, world.file.document.where(at)) from error


def check_used(world: World) -> None:
    """What a study says about its society must matter to one of its regimes.

    Raises
    ------
    ScslabError
        Localities that no rule names, movers whom no rule asks how long they have lived here, or
        a regime that begins too late.
    """
    spec, where = world.file.study.society, world.file.document.where
    period = world.file.study.period
    for i, use in enumerate(world.file.study.regimes):
        if use.since is not None and month(use.since) > month(period.to):
            raise ScslabError(
                "this regime begins after the study has ended",
                where=where(("regimes", i, "since")),
                got=use.since,
                expected=f"{period.to} or before",
            )
    places = {place for regime in world.regimes for place in regime.who.places}
    named = isinstance(spec.localities, str)
    names = world.society.attributes.get("locality", ()) if named else spec.localities or ()
    if spec.localities is not None and not places & set(names):
        raise ScslabError(
            "no regime of this study has rules for one of these localities",
            where=where(("society", "localities")),
            got=spec.localities if named else ", ".join(spec.localities),
            hint="leave localities out",
        )
    if spec.movers is not None and not any(asks_residence(r) for r in world.regimes):
        raise ScslabError(
            "no regime of this study asks how long somebody has lived here",
            where=where(("society", "movers")),
            hint="leave movers out",
        )


def begins_late(file: StudyFile) -> list[str]:
    """Warnings of rates and practices that count as 0 until some way into the study."""
    first = first_day(file.months[0]).isoformat()
    found = []
    for place, dated in walk_dated(file.study):
        asked = place[0] in ("conduct", "agencies", "learning") or "practice" in place
        if asked and dated.rows[0].from_ > first:
            found.append(f"{dotted(place)} begins on {dated.rows[0].from_} and is 0 until then")
    return found
