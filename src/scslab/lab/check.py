"""Check that a study can run: its regimes, margins and findings, without running it."""

from __future__ import annotations

from scslab.evaluation.findings import finding
from scslab.lab.fieldwork import make_attitudes
from scslab.lab.month import month_of_world
from scslab.lab.world import build_world
from scslab.study.read import StudyFile


def check_study_runs(file: StudyFile) -> None:
    """Build the society of a study and the arrays of its first and last month.

    Raises
    ------
    ScslabError
        Whatever would stop the study.
    """
    from scslab.core.calendar import month

    world = build_world(file, 0)
    for index in (0, len(world.months) - 1):
        month_of_world(world, index, None)
    for survey in file.study.surveys:
        make_attitudes(world, survey, month(survey.month))
    for i, compare in enumerate(file.study.compare):
        where = file.document.where(("compare", i, "finding"))
        _ = finding(compare.finding, where).number
