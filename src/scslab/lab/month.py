"""What holds in one month: rules, rates, faults and remedies, as kernels see them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from scslab.core.tables import Rules
from scslab.core.values import same_rows
from scslab.lab import in_force
from scslab.lab.world import World
from scslab.regimes.rulebook import removals, stack_rules
from scslab.world.conduct.acts import Rates
from scslab.world.consequences.bites import Effects
from scslab.world.enrolment.join import Members
from scslab.world.records.agencies import Faults
from scslab.world.remedies.desk import Ways


@dataclass(frozen=True)
class Month:
    """What holds in one month, as kernels see it."""

    index: int
    rates: Rates
    faults: Faults
    rules: Rules
    effects: Effects
    ways: Ways
    members: list[Members]
    enrols: list[bool]
    begins: list[bool]
    was_covered: np.ndarray
    lags: bool
    invents: bool


def month_of_world(world: World, index: int, before: Month | None) -> Month:
    """What holds in a month; all that no row changes is taken over from the month before."""
    number = world.months[index]
    study = world.file.study
    if before is not None and same_rows(world.changes, number):
        return replace(
            before,
            index=index,
            rules=before.rules._replace(removal=removals(world.regimes, number)),
            ways=in_force.ways_in(
                before.ways, study.regimes, world.seed, world.society.district_start, number, index
            ),
            enrols=[False] * len(world.regimes),
            begins=[False] * len(world.regimes),
        )
    rules = stack_rules(
        world.regimes,
        world.conducts,
        number,
        world.kinds.aged_from,
        world.rows,
        [in_force.may_object(use) for use in study.regimes],
    )
    faults = in_force.faults(world.file, world.regimes, world.kinds, number)
    members = [
        in_force.members(use, regime, world.kinds, number)
        for use, regime in zip(study.regimes, world.regimes, strict=True)
    ]
    enrols, begins = enrolments(rules, members, before)
    ways = in_force.ways_in(
        in_force.ways(study.regimes, world.kinds, number),
        study.regimes,
        world.seed,
        world.society.district_start,
        number,
        index,
    )
    return Month(
        index=index,
        rates=in_force.rates(world.file, world.kinds, number),
        faults=faults,
        rules=rules,
        effects=in_force.effects(study.regimes, world.regimes, world.effects, number),
        ways=in_force.ways_in(
            ways, study.regimes, world.seed, world.society.district_start, number, index
        ),
        members=members,
        enrols=enrols,
        begins=begins,
        was_covered=np.zeros_like(rules.covered) if before is None else before.rules.covered,
        lags=bool((faults.lag > 0).any() or (faults.delay > 0).any()),
        invents=bool((faults.nothing > 0).any()),
    )


def enrolments(
    rules: Rules, members: list[Members], before: Month | None
) -> tuple[list[bool], list[bool]]:
    """Which regimes must count their members anew, and which give everybody a first score."""
    enrols, begins = [], []
    for r, now in enumerate(members):
        if before is None:
            enrols.append(True)
            begins.append(True)
            continue
        old, was = before.rules, before.members[r]
        scored, had = rules.score_row[r] >= 0, old.score_row[r] >= 0
        changed = (
            scored != had
            or not np.array_equal(now.share, was.share)
            or not np.array_equal(rules.covered[r], old.covered[r])
            or not np.array_equal(rules.floors[r], old.floors[r])
            or (rules.low[r], rules.high[r]) != (old.low[r], old.high[r])
        )
        enrols.append(bool(changed))
        begins.append(bool(scored and not had))
    return enrols, begins
