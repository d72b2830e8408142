"""What the regimes brought to some persons by the end of a month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from scslab.core.calendar import first_day
from scslab.core.errors import ScslabError, near
from scslab.core.tables import State
from scslab.core.values import number_on, on
from scslab.lab.month import Month
from scslab.lab.places import read_localities
from scslab.lab.world import World
from scslab.regimes.model import Regime
from scslab.study.wave import Life
from scslab.world.society.localities import LOCALITY
from scslab.world.society.ties import ties_of

PILOTS = "pilots"


@dataclass(frozen=True)
class Someone:
    """Some persons: their numbers i8[n], and the number of the kind of each i8[n]."""

    persons: np.ndarray
    kinds: np.ndarray


@dataclass(frozen=True)
class Moment:
    """The society at the end of a month."""

    world: World
    month: Month
    state: State

    @property
    def number(self) -> int:
        """The month's number in the calendar."""
        return self.world.months[self.month.index]


def lived(life: Life, who: Someone, moment: Moment, where: str) -> np.ndarray:
    """One life of some persons, f8[n]; NaN where they have none.

    Raises
    ------
    ScslabError
        The study has no such regime, reward, effect or locality.
    """
    if life.member_of is not None:
        return any_of((member(r, who, moment) for r in numbers(life.member_of, moment, where)), who)
    if life.score_of is not None:
        return scores(numbers([life.score_of], moment, where)[0], who, moment)
    if life.beside_ties is not None:
        return beside_ties(numbers([life.beside_ties], moment, where)[0], who, moment)
    if life.rewarded is not None:
        return any_of((rewarded(name, who, moment, where) for name in life.rewarded), who)
    if life.barred is not None:
        return any_of((barred(name, who, moment, where) for name in life.barred), who)
    if life.listed is not None:
        names = life.listed or [r.id for r in moment.world.regimes if r.lists]
        return any_of((blacklisted(r, who, moment) for r in numbers(names, moment, where)), who)
    if life.score_below is not None:
        found = numbers(list(life.score_below), moment, where)
        limits = life.score_below.values()
        below = (scores(r, who, moment) < limit for r, limit in zip(found, limits, strict=True))
        return any_of(below, who)
    if life.lives_in is not None:
        return lives_in(life.lives_in, moment, where)[who.kinds].astype(float)
    return heard(who, moment).astype(float)


def any_of(parts: Iterable[np.ndarray], who: Someone) -> np.ndarray:
    """1 where any of some conditions holds, f8[n]."""
    found = np.zeros(len(who.persons), bool)
    for part in parts:
        found |= part
    return found.astype(float)


def numbers(names: list[str], moment: Moment, where: str) -> list[int]:
    """The numbers of regimes in the study."""
    known = [r.id for r in moment.world.regimes]
    for name in names:
        if name not in known:
            raise ScslabError(
                f'no regime "{name}" in the study', where=where, hint=near(name, known)
            )
    return [known.index(name) for name in names]


def member(regime: int, who: Someone, moment: Moment) -> np.ndarray:
    """Who is rated by a regime: a member where one joins, else who is covered; bool[n]."""
    covered = moment.month.rules.covered[regime, who.kinds]
    row = moment.month.rules.member_row[regime]
    if row < 0:
        return np.asarray(covered)
    return np.asarray(covered & (moment.state.member[row, who.persons] != 0))


def scores(regime: int, who: Someone, moment: Moment) -> np.ndarray:
    """Scores of the members, f8[n]; NaN for others, and where no score is in force."""
    row = moment.month.rules.score_row[regime]
    if row < 0:
        return np.full(len(who.persons), np.nan)
    found = moment.state.score[row, who.persons].astype(float)
    return np.where(member(regime, who, moment), found, np.nan)


def beside_ties(regime: int, who: Someone, moment: Moment) -> np.ndarray:
    """Own score less the mean score of ties who are members, f8[n]; NaN without such ties."""
    world = moment.world
    society = world.society
    districts = np.searchsorted(society.district_start, who.persons, "right") - 1
    ties = ties_of(
        world.seed, who.persons, districts, society.district_start, society.persons
    ).astype(np.int64)
    flat = ties.reshape(-1)
    others = scores(regime, Someone(flat, kinds_of(world, flat)), moment).reshape(ties.shape)
    others[ties == who.persons[:, None]] = np.nan  # the mirror falls on the person himself
    known = ~np.isnan(others)
    count = known.sum(axis=1)
    mean = np.where(known, others, 0.0).sum(axis=1) / np.maximum(count, 1)
    return np.where(count > 0, scores(regime, who, moment) - mean, np.nan)


def kinds_of(world: World, persons: np.ndarray) -> np.ndarray:
    """The kind of each person, i8[n]."""
    cells = np.searchsorted(world.people.cell_start, persons, "right") - 1
    return world.people.kind[cells].astype(np.int64)


def rewarded(name: str, who: Someone, moment: Moment, where: str) -> np.ndarray:
    """Who earns a reward (regime.reward) by the rules of the month, bool[n]."""
    regime, reward = split(name, where)
    (row,) = numbers([regime], moment, where)
    rules = moment.world.regimes[row]
    if reward not in rules.rewards:
        raise ScslabError(
            f'{regime} has no reward "{reward}"', where=where, hint=near(reward, rules.rewards)
        )
    mine, found = scores(row, who, moment), np.zeros(len(who.persons), bool)
    for low, high in earned_from(rules, reward, moment, where):
        found |= (mine >= low) & (mine < high)
    return found


def earned_from(rules: Regime, name: str, moment: Moment, where: str) -> list[tuple[float, float]]:
    """Scores that earn a reward, from and below; none where it is not given in this month."""
    reward, when = rules.rewards[name], first_day(moment.number)
    if not on(reward.gives, when).value:
        return []
    if reward.from_score is not None:
        value = on(reward.from_score, when).value
        return [] if value is None else [(float(value), np.inf)]
    assert rules.grades is not None and reward.grades is not None
    if not rules.grades.floors:
        raise ScslabError(
            f"{rules.id}.{name} is earned by a quota or a ladder, which a wave cannot ask about",
            where=where,
            expected="a reward from a score, or of a grade with a floor",
        )
    floors = [number_on(floor, when) for floor in rules.grades.floors.values()]
    grades = zip(rules.grades.names, [*floors, -np.inf], [np.inf, *floors], strict=True)
    return [(low, high) for grade, low, high in grades if grade in reward.grades]


def barred(name: str, who: Someone, moment: Moment, where: str) -> np.ndarray:
    """Who stands on a list under an effect (regime.effect) in force, bool[n]."""
    regime, effect = split(name, where)
    (row,) = numbers([regime], moment, where)
    rules, when = moment.world.regimes[row], first_day(moment.number)
    known = {e for rules_of in rules.lists.values() for e in rules_of.effects}
    if effect not in known:
        raise ScslabError(
            f'{regime} has no effect "{effect}"', where=where, hint=near(effect, known)
        )
    bits = 0
    for place, rules_of in enumerate(rules.lists.values()):
        spec = rules_of.effects.get(effect)
        if spec is not None and on(spec.holds, when).value:
            bits |= 1 << place
    return (listed_bits(row, who, moment) & bits) != 0


def split(name: str, where: str) -> tuple[str, str]:
    """A regime and its reward or effect."""
    regime, dot, what = name.partition(".")
    if not dot:
        raise ScslabError(
            "name the regime and what it brings", where=where, got=name, expected="regime.reward"
        )
    return regime, what


def listed_bits(regime: int, who: Someone, moment: Moment) -> np.ndarray:
    """The lists of a regime on which each person stands, a bit each, u1[n]."""
    row = moment.month.rules.listed_row[regime]
    if row < 0:
        return np.zeros(len(who.persons), np.uint8)
    return np.asarray(moment.state.listed[row, who.persons])


def blacklisted(regime: int, who: Someone, moment: Moment) -> np.ndarray:
    """Who stands on a blacklist of a regime, bool[n]."""
    row = moment.month.rules.listed_row[regime]
    black = moment.state.black[row] if row >= 0 else 0
    return (listed_bits(regime, who, moment) & black) != 0


def heard(who: Someone, moment: Moment) -> np.ndarray:
    """Who was listed or knows somebody who was, bool[n]; nobody where nothing is learned."""
    state = moment.state
    if not state.own.size:
        return np.zeros(len(who.persons), bool)
    return (state.own[who.persons] >= 0) | (state.tie[who.persons] >= 0)


def lives_in(places: list[str], moment: Moment, where: str) -> np.ndarray:
    """Which kinds live in some localities, bool[kinds]."""
    world = moment.world
    known = world.kinds.attributes.get(LOCALITY, ())
    wanted = [p for p in places if p != PILOTS]
    if PILOTS in places:
        wanted += [p for p in pilots(world) if p in known]
    if not known:
        raise ScslabError("the society has no localities", where=where)
    return world.kinds.having(LOCALITY, wanted, where)


def pilots(world: World) -> list[str]:
    """The pilot places among the localities of a study."""
    spec = world.file.study.society.localities
    if isinstance(spec, str):
        spec = read_localities(spec, "")
    return [name for name, place in (spec or {}).items() if place.pilot]
