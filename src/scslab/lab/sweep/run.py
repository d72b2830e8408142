"""Run the cases of a sweep: one society, shared by all cases that do not touch it.

All cases have the same seeds, so that a difference between two cases is not luck: where both ask
the same question of the same person, both get the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from scslab.core.errors import ScslabError
from scslab.lab.loop import run_months
from scslab.lab.reuse import world_like
from scslab.lab.sweep.levers import Lever, with_values
from scslab.lab.sweep.outcomes import check_outcomes, measured
from scslab.lab.sweep.plan import Plan, mark
from scslab.lab.sweep.samplers import values_of
from scslab.lab.sweep.sound import of_case
from scslab.lab.waves.seeds import seeded
from scslab.lab.world import World, build_world
from scslab.study.read import StudyFile


@dataclass
class Base:
    """A plan with its society, and the fingerprint of both.

    `others` keeps the last society that factors have changed, with the values it was made of.
    """

    plan: Plan
    world: World
    mark: str
    others: dict[str, World] = field(default_factory=dict)


def build(plan: Plan) -> Base:
    """Build the society of a sweep and check what needs one.

    Raises
    ------
    ScslabError
        Whatever is wrong with the study, its society or the outcomes.
    """
    world = build_world(plan.file, 0, plan.persons)
    check_outcomes(plan.outcomes, world, plan.sweep.document)
    return Base(plan, world, mark(plan, world))


def run_case(base: Base, number: int) -> np.ndarray:
    """The outcomes of one case, f8[replications, steps, outcomes].

    Parameters
    ----------
    number : int
        From 1 on.

    Raises
    ------
    ScslabError
        The study makes no sense with the values of the case.
    """
    plan = base.plan
    try:
        world = world_of(base, values_of(plan.design, number - 1))
        found = [
            measured(world, run_months(seeded(world, seed), 1), plan.outcomes, plan.every)
            for seed in plan.seeds
        ]
    except ScslabError as error:
        raise of_case(error, plan, number) from error
    return np.array(found)


def world_of(base: Base, values: list[Any]) -> World:
    """The world of a case: its own rules and rates, the society of the base where it can."""
    plan = base.plan
    file = with_values(plan.file, list(plan.levers), values)
    touched = {
        lever.spot.path: value
        for lever, value in zip(plan.levers, values, strict=True)
        if touches_society(lever) and value is not None
    }
    if not touched:
        return world_like(same_movers(base.world, file), file)
    key = repr(touched)
    if key not in base.others:
        sized = "society.persons" in touched
        base.others.clear()
        base.others[key] = build_world(file, 0, None if sized else plan.persons)
    return world_like(same_movers(base.others[key], file), file)


def touches_society(lever: Lever) -> bool:
    """Whether a factor changes who lives here; how long movers stay is read month by month."""
    return lever.spot.place[:1] == ("society",) and lever.spot.place[:2] != ("society", "movers")


def same_movers(world: World, file: StudyFile) -> World:
    """The world with the movers of another study: they are no part of the society as built."""
    society = world.file.study.society.model_copy(update={"movers": file.study.society.movers})
    study = world.file.study.model_copy(update={"society": society})
    return replace(world, file=replace(world.file, study=study))
