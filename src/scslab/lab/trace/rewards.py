"""Who earns which reward of a regime, by the score or by the grade that stands."""

from __future__ import annotations

import numpy as np

from scslab.core.calendar import first_day
from scslab.core.tables import State
from scslab.core.values import on
from scslab.lab.month import Month
from scslab.lab.shard import Shard
from scslab.lab.world import World
from scslab.regimes.model import Reward

LOWEST = 1 << 15
SCORES = np.arange(-LOWEST, LOWEST)
GRADE_CODES = 256


def earning(
    world: World, month: Month, state: State, shard: Shard, regime: int
) -> tuple[int, np.ndarray]:
    """The first subject of a shard, and which of its subjects earn some reward; bool[subjects]."""
    start = world.society.district_start
    first, last = (int(start[d]) for d in shard.districts)
    rules, found = month.rules, np.zeros(last - first, bool)
    if rules.score_row[regime] < 0:
        return first, found
    mine = slice(first, last)
    for reward in world.regimes[regime].rewards.values():
        found |= earns(world, month, state, regime, reward, mine)
    kinds = world.people.kind[shard.cells[0] : shard.cells[1]]
    sizes = np.diff(world.people.cell_start[shard.cells[0] : shard.cells[1] + 1])
    return first, found & np.repeat(rules.covered[regime, kinds], sizes)


def earned_by(
    world: World, month: Month, state: State, regime: int, subject: int, kind: int
) -> tuple[str, ...]:
    """The rewards of a regime that one subject earns now, by name."""
    rules = month.rules
    if rules.score_row[regime] < 0 or not rules.covered[regime, kind]:
        return ()
    mine = slice(subject, subject + 1)
    rewards = world.regimes[regime].rewards
    return tuple(n for n, r in rewards.items() if earns(world, month, state, regime, r, mine)[0])


def earns(
    world: World, month: Month, state: State, regime: int, reward: Reward, mine: slice
) -> np.ndarray:
    """Which of some subjects next to each other earn a reward, bool[n]; nobody where it is void."""
    rules, when = month.rules, first_day(world.months[month.index])
    score = state.score[rules.score_row[regime], mine]
    found = np.zeros(len(score), bool)
    if not on(reward.gives, when).value:
        return found
    limit = on(reward.from_score, when).value
    if limit is not None:
        found = score >= limit
    if reward.grades is not None and rules.floor_count[regime] > 0:
        grade = score_grades(month, regime)[score.astype(np.int64) + LOWEST]
        if rules.yearly[regime] and rules.grade_row[regime] >= 0:
            grade = state.grade[rules.grade_row[regime], mine]
        found = found | earning_grades(world, regime, reward)[grade]
    if rules.member_row[regime] >= 0:
        found = found & (state.member[rules.member_row[regime], mine] == 1)
    return found


def score_grades(month: Month, regime: int) -> np.ndarray:
    """The grade of each score, by number, best first; i8[65536]."""
    floors = month.rules.floors[regime, : month.rules.floor_count[regime]]
    found = np.full(len(SCORES), len(floors))
    for i in range(len(floors) - 1, -1, -1):
        found[floors[i] <= SCORES] = i
    return found


def earning_grades(world: World, regime: int, reward: Reward) -> np.ndarray:
    """Which grades, by number, earn a reward; bool[256]."""
    grades, found = world.regimes[regime].grades, np.zeros(GRADE_CODES, bool)
    for i, name in enumerate(grades.names if grades is not None else ()):
        found[i] = name in (reward.grades or ())
    return found
