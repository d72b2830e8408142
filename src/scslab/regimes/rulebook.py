"""From dated rules to the arrays in force in a month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np

from scslab.core.calendar import first_day, months_until_done
from scslab.core.tables import MAX_LISTS, NEVER, NO_GROUND, NO_SCORE, Rules
from scslab.core.values import number_on, on
from scslab.regimes.arithmetic import (
    NO_LIMIT,
    act_ceiling,
    act_points,
    limits,
    score_in_force,
    start_score,
)
from scslab.regimes.listing import ground_term
from scslab.regimes.model import Regime

Ages = Callable[[float], np.ndarray]


def needs_members(regime: Regime, last: date) -> bool:
    """Whether at some time up to a day only persons who agree are scored."""
    consent = regime.who.consent
    return consent is not None and any(
        row.value and row.from_ <= last.isoformat() for row in consent.rows
    )


def deadline_months(regime: Regime, when: date) -> int:
    """Whole months within which an objection must be decided; NEVER without a deadline."""
    remedy = regime.remedy
    for dated in (remedy.objection, remedy.objection_others_data, remedy.objection_own_data):
        value = on(dated, when).value
        if dated is not None and value is not None:
            # A month has about 21 working days.
            return int(value) // (21 if dated.unit == "working days" else 30)
    return NEVER


def stack_rules(
    regimes: list[Regime],
    conducts: list[str],
    month: int,
    ages: Ages,
    rows: dict[str, list[int]],
    objections: list[bool],
) -> Rules:
    """The rules of all regimes on the first day of a month.

    Parameters
    ----------
    conducts : list of str
        The acts of the study, in its order.
    month : int
        Number of the month.
    ages : callable
        Years -> which kinds are at least so old, bool[kinds].
    rows : dict
        `score`, `member`, `listed`: the row of each regime in the state, -1 without one.
    objections : list of bool
        Whether somebody may object to records of the regime, so that they must be kept.
    """
    when = first_day(month)
    n, k = len(regimes), len(conducts)
    floors = [[number_on(f, when, NO_LIMIT) for f in floors_of(r)] for r in regimes]
    width = max([len(f) for f in floors], default=0)
    rules = Rules(
        score_row=np.array(
            [
                row if score_in_force(r, when) else -1
                for r, row in zip(regimes, rows["score"], strict=True)
            ],
            np.int32,
        ),
        member_row=np.array(rows["member"], np.int32),
        listed_row=np.array(rows["listed"], np.int32),
        covered=np.array([ages(number_on(r.who.adults_from, when)) for r in regimes], bool),
        points=np.zeros((n, k), np.int32),
        ceiling=np.full((n, k), NO_LIMIT, np.int32),
        low=np.full(n, -NO_LIMIT, np.int32),
        high=np.full(n, NO_LIMIT, np.int32),
        floors=np.full((n, width), NO_LIMIT, np.int32),
        floor_count=np.array(
            [len(f) if any(x < NO_LIMIT for x in f) else 0 for f in floors], np.int32
        ),
        lists=np.array([len(r.lists) for r in regimes], np.int32),
        stays=np.full((n, k, MAX_LISTS), NO_GROUND, np.int16),
        extends=np.zeros((n, k, MAX_LISTS), np.int16),
        grounds=np.zeros((n, k), np.uint8),
        open_lists=np.zeros(n, np.uint8),
        below=np.full((n, MAX_LISTS), NO_SCORE, np.int32),
        below_stays=np.full((n, MAX_LISTS), NEVER, np.int16),
        limit=np.full(n, NO_SCORE, np.int32),
        score_after=np.full((n, MAX_LISTS), NO_SCORE, np.int32),
        keeps=np.zeros(n, bool),
        record_ends=np.full(n, NEVER, np.int16),
        deadline=np.array([deadline_months(r, when) for r in regimes], np.int16),
        removal=removals(regimes, month),
    )
    for i, regime in enumerate(regimes):
        rules.floors[i, : len(floors[i])] = floors[i]
        stack_score(regime, i, conducts, when, rules, objections[i])
        stack_lists(regime, i, conducts, month, rules)
    return rules


def floors_of(regime: Regime) -> list:
    """The dated floors of a regime's grades, best first."""
    return list(regime.grades.floors.values()) if regime.grades else []


def stack_score(
    regime: Regime, i: int, conducts: list[str], when: date, rules: Rules, objections: bool
) -> None:
    """Points, downgrades, limits and retention of one regime."""
    ends = on(regime.remedy.record_ends, when).value
    rules.record_ends[i] = NEVER if ends is None else int(ends)
    if regime.score is None:
        return
    rules.low[i], rules.high[i] = limits(regime, when)
    # Records need not be kept one by one where nothing can ever undo them.
    rules.keeps[i] = objections or regime.remedy.record_ends is not None
    for name, act in regime.score.acts.items():
        if name in conducts:
            rules.points[i, conducts.index(name)] = act_points(regime, act, when)
            rules.ceiling[i, conducts.index(name)] = act_ceiling(regime, act, when)


def stack_lists(regime: Regime, i: int, conducts: list[str], month: int, rules: Rules) -> None:
    """Grounds, terms and ways out of one regime's lists."""
    when = first_day(month)
    for j, list_ in enumerate(regime.lists.values()):
        rules.open_lists[i] |= 0 if list_.members_only else 1 << j
        after = on(list_.score_after, when).value
        rules.score_after[i, j] = NO_SCORE if after is None else int(after)
        for k, name in enumerate(conducts):
            months = ground_term(list_, name, when)
            if months is not None:
                rules.grounds[i, k] |= 1 << j
                rules.stays[i, k, j] = NEVER if months < 0 else months
                rules.extends[i, k, j] = int(number_on(list_.extends, when))
        for ground in list_.grounds.values():
            below = on(ground.score_below, when).value
            if below is not None and on(ground.holds, when).value:
                stays = on(ground.stays or list_.stays, when).value
                rules.below[i, j] = max(rules.below[i, j], int(below))
                rules.limit[i] = max(rules.limit[i], int(below))
                rules.below_stays[i, j] = NEVER if stays is None else int(stays)


def removals(regimes: list[Regime], month: int) -> np.ndarray:
    """Months from performance to removal by day of the month, i2[regimes, lists, 31]."""
    found = np.full((len(regimes), MAX_LISTS, 31), NEVER, np.int16)
    for i, regime in enumerate(regimes):
        for j, rules in enumerate(regime.lists.values()):
            days = on(rules.removal_after_performance, first_day(month)).value
            if days is not None:
                until = months_until_done(month, int(days))
                found[i, j, : len(until)] = until
    return found


def starting(regime: Regime, month: int, dimensions: dict[str, float]) -> int:
    """The score of an empty dossier in a month."""
    return start_score(regime, first_day(month), dimensions)
