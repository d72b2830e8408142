"""From dated rules to the arrays in force in a month."""

from __future__ import annotations

from datetime import date

import numpy as np

from scslab.core.calendar import first_day, months_until_done
from scslab.core.tables import DAYS, MAX_LISTS, NEVER, NO_GROUND, NO_SCORE, Rules
from scslab.core.values import Dated, number_on, on
from scslab.regimes.arithmetic import (
    NO_LIMIT,
    act_ceiling,
    act_drops,
    act_lift,
    act_points,
    floors_on,
    limits,
    score_in_force,
    start_score,
)
from scslab.regimes.bounds import allowed, bounds_on, counts
from scslab.regimes.listing import term_of
from scslab.regimes.lists import Ground, ListRules
from scslab.regimes.model import Regime


def needs_members(regime: Regime, last: date) -> bool:
    """Whether at some time up to a day only persons who agree are scored."""
    consent = regime.who.consent
    return consent is not None and any(
        row.value and row.from_ <= last.isoformat() for row in consent.rows
    )


def deadline_months(regime: Regime, when: date) -> int:
    """Whole months within which an objection must be decided; NEVER without a deadline."""
    remedy = regime.remedy
    terms = (remedy.objection, remedy.objection_others_data, remedy.objection_own_data)
    return next((m for m in (months_of(t, when) for t in terms) if m < NEVER), NEVER)


def deadline_days(regime: Regime, when: date) -> float:
    """Working days within which an objection must be decided; infinite without a deadline.

    The same term as `deadline_months`: the first that the rules name. A month has 21 working
    days, and so have 30 days.
    """
    remedy = regime.remedy
    for dated in (remedy.objection, remedy.objection_others_data, remedy.objection_own_data):
        value = on(dated, when).value
        if dated is not None and value is not None:
            return float(value) * {"months": DAYS, "working days": 1.0, "days": 0.7}[dated.unit]
    return float("inf")


def stack_rules(
    regimes: list[Regime],
    conducts: list[str],
    month: int,
    covered: np.ndarray,
    what: np.ndarray,
    rows: dict[str, list[int]],
    objections: list[bool],
    quotas: dict[int, list[int]],
) -> Rules:
    """The rules of all regimes on the first day of a month.

    Parameters
    ----------
    conducts : list of str
        The acts of the study, and behind them the listings elsewhere (`followed`).
    month : int
        Number of the month.
    covered : bool[regimes, kinds]
        Whom each regime rates.
    what : u1[kinds]
        0 for kinds of persons, 1 for kinds of organisations.
    rows : dict
        `score`, `member`, `listed`, `grade`: the row of each regime in the state, -1 without one.
    objections : list of bool
        Whether somebody may object to records of the regime, so that they must be kept.
    quotas : dict
        Regime -> floors that now fit the quotas of its grades.
    """
    when = first_day(month)
    floors = [quotas.get(i, floors_on(r, when)) for i, r in enumerate(regimes)]
    rules = empty_rules(len(regimes), len(conducts), max([len(f) for f in floors], default=0))
    rules = rules._replace(
        score_row=np.array(
            [
                row if score_in_force(r, when) else -1
                for r, row in zip(regimes, rows["score"], strict=True)
            ],
            np.int32,
        ),
        member_row=np.array(rows["member"], np.int32),
        listed_row=np.array(rows["listed"], np.int32),
        grade_row=np.array(rows["grade"], np.int32),
        covered=covered,
        what=what,
        floor_count=np.array(
            [len(f) if any(x < NO_LIMIT for x in f) else 0 for f in floors], np.int32
        ),
        lists=np.array([len(r.lists) for r in regimes], np.int32),
        deadline=np.array([deadline_months(r, when) for r in regimes], np.int16),
        removal=removals(regimes, month),
    )
    for i, regime in enumerate(regimes):
        rules.floors[i, : len(floors[i])] = floors[i]
        rules.yearly[i] = restart_month(regime, when) is not None
        rules.restarts[i] = restart_month(regime, when) == when.month
        stack_score(regime, i, conducts, when, rules, objections[i])
        stack_lists(regime, i, conducts, month, rules)
        for k in unbounded(regime, conducts, when):
            stop_act(rules, i, k)
    return rules


def stop_act(rules: Rules, regime: int, conduct: int) -> None:
    """Let an act count for nothing any more; what rests on it ends."""
    rules.points[regime, conduct] = 0
    rules.drops[regime, conduct] = 0
    rules.ceiling[regime, conduct] = NO_LIMIT
    rules.lift[regime, conduct] = -NO_LIMIT
    rules.grounds[regime, conduct] = 0
    rules.stopped[regime, conduct] = True


def empty_rules(n: int, k: int, width: int) -> Rules:
    """Rules of `n` regimes about `k` conducts that say nothing yet."""
    lists = (n, MAX_LISTS)
    return Rules(
        score_row=np.full(n, -1, np.int32),
        member_row=np.full(n, -1, np.int32),
        listed_row=np.full(n, -1, np.int32),
        grade_row=np.full(n, -1, np.int32),
        yearly=np.zeros(n, bool),
        restarts=np.zeros(n, bool),
        covered=np.zeros((n, 0), bool),
        points=np.zeros((n, k), np.int32),
        ceiling=np.full((n, k), NO_LIMIT, np.int32),
        lift=np.full((n, k), -NO_LIMIT, np.int32),
        drops=np.zeros((n, k), np.int8),
        low=np.full(n, -NO_LIMIT, np.int32),
        high=np.full(n, NO_LIMIT, np.int32),
        # Behind a regime's own floors every score is high enough: the lowest grade is found there.
        floors=np.full((n, width), -NO_LIMIT, np.int32),
        floor_count=np.zeros(n, np.int32),
        lists=np.zeros(n, np.int32),
        stays=np.full((n, k, MAX_LISTS), NO_GROUND, np.int16),
        extends=np.zeros((n, k, MAX_LISTS), np.int16),
        ground=np.zeros((n, k, MAX_LISTS), np.int16),
        ends_with=np.zeros((n, k), np.uint8),
        needed=np.ones((n, k, MAX_LISTS), np.int16),
        within=np.full((n, k, MAX_LISTS), NEVER, np.int16),
        waits=np.zeros(lists, np.int16),
        grounds=np.zeros((n, k), np.uint8),
        follows=np.zeros((n, k), np.uint8),
        barred=np.zeros((n, k, 2), np.uint8),
        what=np.zeros(0, np.uint8),
        ends_on=np.zeros((n, k), np.uint8),
        stopped=np.zeros((n, k), bool),
        closed=np.zeros(n, np.uint8),
        repair=np.full(lists, NEVER, np.int16),
        after_performance=np.zeros(lists, bool),
        record_repair=np.full((n, k), NEVER, np.int16),
        moves_to=np.full(lists, -1, np.int8),
        moves_after=np.full(lists, NEVER, np.int16),
        own_stays=np.full(lists, NEVER, np.int16),
        open_lists=np.zeros(n, np.uint8),
        below=np.full(lists, NO_SCORE, np.int32),
        by_grade=np.zeros(lists, np.uint16),
        graded_lists=np.zeros(n, bool),
        below_stays=np.full(lists, NEVER, np.int16),
        limit=np.full(n, NO_SCORE, np.int32),
        score_after=np.full(lists, NO_SCORE, np.int32),
        keeps=np.zeros(n, bool),
        record_ends=np.full(n, NEVER, np.int16),
        deadline=np.full(n, NEVER, np.int16),
        removal=np.full((n, MAX_LISTS, 31), NEVER, np.int16),
    )


def followed(regimes: list[Regime]) -> list[str]:
    """The listings elsewhere that some rule names, as REGIME/LIST, in order and once each.

    One's own, one's organisation's and one's family's are told apart by a mark at the end.
    """
    found = []
    for regime in regimes:
        found += [heard_as(name, "same") for name in regime.rates if "/" in name]
        for rules in regime.lists.values():
            for ground in rules.grounds.values():
                found += [heard_as(name, ground.of) for name in ground.listed_on]
    return list(dict.fromkeys(found))


def unbounded(regime: Regime, conducts: list[str], when: date) -> list[int]:
    """The conducts of which a bound in force says that they may not count."""
    bounds = bounds_on(regime, when)
    if not bounds:
        return []
    barred = {of for bound in bounds for of in bound.listings_of}
    found = []
    for k, name in enumerate(conducts):
        listing, _, of = name.partition(" of ")
        if "/" in listing:
            if (of or "same") in barred:
                found.append(k)
        elif not counts(name, bounds):
            found.append(k)
    return found


def heard_as(listing: str, of: str) -> str:
    """The name under which a listing elsewhere reaches a rule."""
    return listing if of == "same" else f"{listing} of {of}"


def restart_month(regime: Regime, when: date) -> int | None:
    """The month of the year in which scores restart, if they do."""
    value = on(regime.score.restarts, when).value if regime.score is not None else None
    return None if value is None else int(value)


def months_of(dated: Dated | None, when: date, without: int = NEVER) -> int:
    """A term in whole months (a month has about 21 working days), or `without` where none is."""
    value = on(dated, when).value
    if dated is None or value is None:
        return without
    return int(value) // {"months": 1, "working days": 21, "days": 30}[dated.unit]


def stack_score(
    regime: Regime, i: int, conducts: list[str], when: date, rules: Rules, objections: bool
) -> None:
    """Points, grades given at once, limits, retention and repair of one regime."""
    ends = on(regime.remedy.record_ends, when).value
    rules.record_ends[i] = NEVER if ends is None else int(ends)
    if regime.score is None and (regime.grades is None or not regime.grades.ladder):
        return
    rules.low[i], rules.high[i] = limits(regime, when)
    floors = rules.floors[i, : rules.floor_count[i]]
    for name, act in regime.rates.items():
        if name not in conducts:
            continue
        k = conducts.index(name)
        rules.points[i, k] = act_points(regime, act, when)
        rules.ceiling[i, k] = act_ceiling(regime, act, when, floors)
        rules.lift[i, k] = act_lift(regime, act, when, floors)
        rules.drops[i, k] = act_drops(act, when)
        rules.record_repair[i, k] = months_of(
            getattr(regime.remedy, f"repair_opens_{act.gravity}"), when
        )
    # Records need not be kept one by one where nothing can ever undo them.
    rules.keeps[i] = (
        objections
        or bool(regime.bounds)
        or regime.remedy.record_ends is not None
        or any("/" in name for name in regime.rates)
        or bool((rules.record_repair[i] < NEVER).any())
    )


def stack_lists(regime: Regime, i: int, conducts: list[str], month: int, rules: Rules) -> None:
    """Grounds, terms and ways out of one regime's lists."""
    when = first_day(month)
    names = list(regime.lists)
    for j, list_ in enumerate(regime.lists.values()):
        bit = 1 << j
        rules.open_lists[i] |= 0 if list_.members_only else bit
        rules.closed[i] |= bit if on(list_.closed, when).value else 0
        after = on(list_.score_after, when).value
        rules.score_after[i, j] = NO_SCORE if after is None else int(after)
        rules.waits[i, j] = months_of(list_.waits, when, 0)
        rules.repair[i, j] = months_of(list_.repair_opens, when)
        rules.after_performance[i, j] = list_.repair_after == "performance"
        rules.own_stays[i, j] = months_of(list_.stays, when)
        if list_.escalates is not None:
            rules.moves_to[i, j] = names.index(list_.escalates.to)
            rules.moves_after[i, j] = months_of(list_.escalates.after, when)
        for act in list_.ends_on:
            if act in conducts:
                rules.ends_on[i, conducts.index(act)] |= bit
        bounds = bounds_on(regime, when)
        if list_.colour == "black" and not any(allowed(g, bounds) for g in list_.grounds.values()):
            rules.closed[i] |= bit
        for n, ground in enumerate(list_.grounds.values()):
            if ground.follows:  # what has begun ends with the other, whatever holds by then
                for name in ground.listed_on:
                    k = conducts.index(heard_as(name, ground.of))
                    rules.ends_with[i, k] |= bit
            if on(ground.holds, when).value and (list_.colour == "red" or allowed(ground, bounds)):
                stack_ground(regime, list_, ground, (i, j, n), conducts, when, rules)


def stack_ground(
    regime: Regime,
    list_: ListRules,
    ground: Ground,
    at: tuple[int, int, int],
    conducts: list[str],
    when: date,
    rules: Rules,
) -> None:
    """One ground in force; where two name the same act, the first in the file counts."""
    i, j, number = at
    months = term_of(list_, ground, when)
    for name in ground.acts + [heard_as(x, ground.of) for x in ground.listed_on]:
        if name not in conducts or rules.grounds[i, conducts.index(name)] & (1 << j):
            continue
        k = conducts.index(name)
        rules.grounds[i, k] |= 1 << j
        rules.follows[i, k] |= (1 << j) if ground.follows else 0
        rules.ground[i, k, j] = number
        for what, subjects in enumerate(("persons", "organisations")):
            if ground.subjects and subjects not in ground.subjects:
                rules.barred[i, k, what] |= 1 << j
        rules.stays[i, k, j] = NEVER if months < 0 else months
        rules.extends[i, k, j] = int(number_on(list_.extends, when))
        rules.needed[i, k, j] = int(number_on(ground.times, when, 1.0))
        rules.within[i, k, j] = months_of(ground.within, when)
    below = on(ground.score_below, when).value
    for grade in ground.grades if regime.grades is not None else ():
        assert regime.grades is not None
        rules.by_grade[i, j] |= 1 << regime.grades.names.index(grade)
        rules.graded_lists[i] = True
        rules.below_stays[i, j] = NEVER if months < 0 else months
    if below is not None and below < NO_LIMIT:
        rules.below[i, j] = max(rules.below[i, j], int(below))
        rules.limit[i] = max(rules.limit[i], int(below))
        rules.below_stays[i, j] = NEVER if months < 0 else months


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
