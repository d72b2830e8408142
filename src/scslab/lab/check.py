"""Check that a study can run, without running it."""

from __future__ import annotations

from scslab.core.calendar import first_day, month
from scslab.core.values import walk_dated
from scslab.core.yamlfile import dotted
from scslab.evaluation.findings import finding
from scslab.lab.fieldwork import make_attitudes
from scslab.lab.month import month_of_world
from scslab.lab.world import World, build_world
from scslab.study.read import StudyFile


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
    check_asked(world)


def check_asked(world: World) -> None:
    """What is only needed late in a run must be sound before it starts.

    Raises
    ------
    ScslabError
        A survey asks for what the society does not have, or a finding is unknown.
    """
    study = world.file.study
    for survey in study.surveys:
        make_attitudes(world, survey, month(survey.month))
    for i, compare in enumerate(study.compare):
        where = world.file.document.where(("compare", i, "finding"))
        _ = finding(compare.finding, where).part(compare.part)


def begins_late(file: StudyFile) -> list[str]:
    """Warnings of rates and practices that count as 0 until some way into the study."""
    first = first_day(file.months[0]).isoformat()
    found = []
    for place, dated in walk_dated(file.study):
        asked = place[0] in ("conduct", "agencies", "learning") or "practice" in place
        if asked and dated.rows[0].from_ > first:
            found.append(f"{dotted(place)} begins on {dated.rows[0].from_} and is 0 until then")
    return found
