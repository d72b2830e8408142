"""What holds in one month: rules, rates, faults and remedies, as kernels see them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from scslab.core.calendar import first_day, month
from scslab.core.tables import Rules
from scslab.core.values import number_on, same_rows
from scslab.lab import in_force, recording, remedies
from scslab.lab.oversight import Fallen, without
from scslab.lab.world import World
from scslab.regimes.rulebook import removals, restart_month, stack_rules
from scslab.world.conduct.acts import Rates
from scslab.world.consequences.bites import Effects
from scslab.world.enrolment.join import Members
from scslab.world.records.agencies import Faults
from scslab.world.records.relay import Links
from scslab.world.remedies.ways import Ways


@dataclass(frozen=True)
class Month:
    """What holds in one month, as kernels see it."""

    index: int
    rates: Rates
    faults: Faults
    rules: Rules
    effects: Effects
    links: Links
    ways: Ways
    members: list[Members]
    enrols: list[bool]
    begins: list[bool]
    was_covered: np.ndarray
    lags: bool
    invents: bool
    waking: np.ndarray
    quotas: dict[int, list[int]]
    fallen: Fallen | None


def month_of_world(
    world: World,
    index: int,
    before: Month | None,
    quotas: dict[int, list[int]] | None = None,
    fallen: Fallen | None = None,
) -> Month:
    """What holds in a month; all that nothing changes is taken over from the month before.

    Parameters
    ----------
    quotas : dict, optional
        Regime -> floors that fit the quotas of its grades; none where they stay as they are.
    fallen : Fallen, optional
        Rules that oversight has stopped since the month before.
    """
    number = world.months[index]
    study = world.file.study
    starts = (
        before is not None and (takes_part(world, number) != takes_part(world, number - 1)).any()
    )
    leaves = any(use.joins is not None and use.joins.withdraws for use in study.regimes)
    quiet = (
        not leaves
        and quotas is None
        and fallen is None
        and not restart_near(world, number)
        and not starts
    )
    if before is not None and quiet and same_rows(world.changes, number):
        return replace(
            before,
            index=index,
            rules=before.rules._replace(removal=removals(world.regimes, number)),
            ways=remedies.ways_in(
                before.ways, study.regimes, world.seed, world.society.district_start, number, index
            ),
            waking=np.zeros_like(before.waking),
            enrols=[False] * len(world.regimes),
            begins=[False] * len(world.regimes),
        )
    when = first_day(number)
    ages = [world.kinds.aged_from(number_on(r.who.adults_from, when)) for r in world.regimes]
    # Quotas come anew for some regimes only: the others keep theirs.
    quotas = {} if before is None else before.quotas | (quotas or {})
    # Records are kept one by one where somebody may have one corrected, here or elsewhere.
    told = any(use.practice.corrections_reach is not None for use in study.regimes) or any(
        regime.remedy.correction_reaches is not None for regime in world.regimes
    )
    rules = stack_rules(
        world.regimes,
        world.conducts,
        number,
        world.where & np.array(ages) & takes_part(world, number)[:, None],
        world.kinds.organisations().astype(np.uint8),
        world.rows,
        [remedies.may_object(use) or told for use in study.regimes],
        quotas,
    )
    fallen = fallen if fallen is not None or before is None else before.fallen
    if fallen is not None:
        rules = without(rules, fallen, world)
    faults = recording.faults(
        study, world.regimes, world.platforms, world.kinds, world.seed, number
    )
    members = [
        in_force.members(use, regime, world.kinds, study.society.movers, number, world.months[0])
        for use, regime in zip(study.regimes, world.regimes, strict=True)
    ]
    enrols, begins = enrolments(rules, members, before)
    ways = remedies.ways_in(
        remedies.ways(world, number),
        study.regimes,
        world.seed,
        world.society.district_start,
        number,
        index,
    )
    heard = recording.links(study.regimes, world.regimes, world.platforms, world.conducts, when)
    return Month(
        index=index,
        rates=in_force.rates(world.file, world.kinds, number),
        faults=faults,
        rules=rules,
        effects=recording.effects(
            study.regimes, world.regimes, world.effects, world.conducts, world.kinds, number
        ),
        links=heard,
        waking=waking(world, number, heard, rules, before),
        ways=ways,
        members=members,
        enrols=enrols,
        begins=begins,
        was_covered=np.zeros_like(rules.covered) if before is None else before.rules.covered,
        lags=bool((faults.lag > 0).any() or (faults.delay > 0).any()),
        invents=bool((faults.nothing > 0).any()),
        quotas=quotas,
        fallen=fallen,
    )


def waking(
    world: World, number: int, links: Links, rules: Rules, before: Month | None
) -> np.ndarray:
    """The links whose listener follows listings from this month on, bool[links].

    What stands on the other list already is told to it once.
    """
    follows = rules.follows[links.listener, links.heard_as] > 0
    if before is None:
        return np.zeros_like(follows)
    new = before.rules.follows[links.listener, links.heard_as] == 0
    joins = takes_part(world, number) & ~takes_part(world, number - 1)
    return follows & (new | joins[links.listener])


def takes_part(world: World, number: int) -> np.ndarray:
    """Whether each regime takes part in a month, bool[regimes]."""
    uses = world.file.study.regimes
    return np.array([use.since is None or month(use.since) <= number for use in uses])


def restart_near(world: World, number: int) -> bool:
    """Whether some regime's scores restart this month, or did so in the month before."""
    return any(
        restart_month(regime, first_day(n)) == first_day(n).month
        for regime in world.regimes
        for n in (number, number - 1)
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
