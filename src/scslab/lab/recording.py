"""From dated values to arrays: how acts are recorded, and how records and listings travel."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from scslab.core.acts import acts
from scslab.core.calendar import first_day
from scslab.core.draws import address, decision
from scslab.core.tables import GRADES, MAX_LISTS
from scslab.core.values import Dated, number_on, on
from scslab.lab.in_force import committers, times, values
from scslab.regimes.bounds import bounds_on, may_follow
from scslab.regimes.lists import Effect, Ground
from scslab.regimes.model import Regime
from scslab.regimes.rulebook import heard_as
from scslab.study.model import Agency, RegimeUse, Study
from scslab.world.consequences.bites import Effects
from scslab.world.records.agencies import Faults
from scslab.world.records.relay import Links
from scslab.world.society.kinds import Kinds

WHOSE = ("same", "representative", "family")


def faults(
    study: Study,
    regimes: list[Regime],
    platforms: dict[str, Regime],
    kinds: Kinds,
    seed: np.uint64,
    number: int,
) -> Faults:
    """Recording in a month.

    Parameters
    ----------
    platforms : dict
        The platforms and the identity code that the study names.
    """
    when = first_day(number)
    names = list(study.conduct)
    agency = {act: a for a in study.agencies.values() for act in a.sees}
    seen = [agency.get(name) for name in names]
    # An agency's records on nothing are spread evenly over the acts that it sees.
    nothing = values([a.from_nothing if a else None for a in seen], number) / 12_000
    nothing /= np.array([len(a.sees) if a else 1 for a in seen])
    could = np.array([committers(name, kinds) for name in names])
    wrong = values([a.wrong_subject if a else None for a in seen], number)
    exempt = exemptions(study.regimes, regimes, names, kinds, seed, when)
    return Faults(
        detection=values([a.detection if a else None for a in seen], number),
        lag=values([a.lag if a else None for a in seen], number),
        wrong_subject=np.stack([wrong, wrong * names_confused(study, platforms, when)], axis=1),
        nothing=nothing[:, None] * could,
        nothing_name=np.array([decision(f"record on nothing {c}") for c in names], np.uint64),
        coverage=coverages(study.regimes, regimes, platforms, names, when),
        delay=np.array([delay(u, platforms, when) for u in study.regimes], np.int64),
        link=np.array([decision(f"link {r.id}") for r in regimes], np.uint64),
        link_wrong=np.array([misfiled(u, study, platforms, when) for u in study.regimes]),
        kind_of=kinds.organisations().astype(np.uint8),
        breach=np.array([acts()[name]["kind"] == "breach" for name in names], bool),
        spared=spared(seen, kinds),
        inspector=np.array([inspector_of(a, regimes) for a in seen], np.int32),
        found=np.array([found_on_visits(a, regimes, when) for a in seen]),
        exempt=exempt[0],
        exempt_act=exempt[1],
        exempt_share=exempt[2],
        exempt_trait=exempt[3],
    )


def spared(seen: list[Agency | None], kinds: Kinds) -> np.ndarray:
    """Times the share of acts seen, f8[conducts, kinds]; no kinds where no agency overlooks any."""
    if not any(agency is not None and agency.overlooks for agency in seen):
        return np.zeros((len(seen), 0))
    return np.array([times(agency.overlooks if agency else [], kinds) for agency in seen])


def share_on(dated: Dated | None, when: date) -> float:
    """A share on a day: all where nothing is said, none where what was said has ended."""
    return 1.0 if dated is None else number_on(dated, when)


def names_confused(study: Study, platforms: dict[str, Regime], when: date) -> float:
    """Share of the confusion of organisations that an identity code leaves."""
    identity = platforms[study.identity].identity if study.identity is not None else None
    if identity is None or not on(identity.holds, when).value:
        return 1.0
    return 1.0 - number_on(identity.removes, when)


def coverages(
    uses: list[RegimeUse],
    regimes: list[Regime],
    platforms: dict[str, Regime],
    names: list[str],
    when: date,
) -> np.ndarray:
    """Share of the records of each act that reaches each regime, f8[conducts, regimes]."""
    found = np.zeros((len(names), len(regimes)))
    for r, (use, regime) in enumerate(zip(uses, regimes, strict=True)):
        share = share_on(use.receives.coverage, when)
        wanted = wanted_acts(regime)
        if use.receives.through is not None:
            platform = platforms[use.receives.through].platform
            assert platform is not None  # checked when the world is built
            share *= number_on(platform.coverage, when)
            wanted &= {
                act
                for link in platform.links.values()
                if on(link.holds, when).value
                for act in link.acts
            }
        found[[k for k, name in enumerate(names) if name in wanted], r] = share
    return found


def wanted_acts(regime: Regime) -> set[str]:
    """The acts of which a regime's rules speak."""
    wanted = {name for name in regime.rates if "/" not in name}
    for rules in regime.lists.values():
        wanted |= {act for ground in rules.grounds.values() for act in ground.acts}
        wanted |= set(rules.ends_on)
    return wanted


def delay(use: RegimeUse, platforms: dict[str, Regime], when: date) -> int:
    """Months from the agency to a regime, those of the platform included."""
    months = number_on(use.receives.delay, when)
    if use.receives.through is not None:
        platform = platforms[use.receives.through].platform
        months += number_on(platform.delay, when) if platform is not None else 0.0
    return int(months)


def misfiled(
    use: RegimeUse, study: Study, platforms: dict[str, Regime], when: date
) -> tuple[float, float]:
    """Share of records that the platform files under another name: of persons, of organisations."""
    platform = platforms[use.receives.through].platform if use.receives.through else None
    if platform is None:
        return 0.0, 0.0
    organisations = number_on(platform.wrong_organisation, when)
    return (
        number_on(platform.wrong_subject, when),
        organisations * names_confused(study, platforms, when),
    )


def inspector_of(agency: Agency | None, regimes: list[Regime]) -> int:
    """The regime whose grades set an agency's inspections, -1 if it makes none."""
    if agency is None or agency.inspects is None:
        return -1
    return [r.id for r in regimes].index(agency.inspects.by)


def found_on_visits(agency: Agency | None, regimes: list[Regime], when: date) -> np.ndarray:
    """Share of breaches that visits find, by the grade of the organisation; f8[GRADES].

    Visits come at random at the grade's rate while the breach can be found.
    """
    found = np.zeros(GRADES)
    at = inspector_of(agency, regimes)
    if at < 0 or agency is None or agency.inspects is None:
        return found
    years = number_on(agency.inspects.within, when) / 12
    finds = number_on(agency.inspects.finds, when)
    regime = regimes[at]
    assert regime.grades is not None and regime.inspections is not None
    for i, grade in enumerate(regime.grades.names):
        visits = number_on(regime.inspections.visits.get(grade), when)
        found[i] = round(1.0 - float(np.exp(-visits * years * finds)), 9)
    return found


def exemptions(
    uses: list[RegimeUse],
    regimes: list[Regime],
    names: list[str],
    kinds: Kinds,
    seed: np.uint64,
    when: date,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The exemptions in force: regime, acts, share of each kind, word of the trait."""
    regime_of, about, shares, traits = [], [], [], []
    for r, (use, regime) in enumerate(zip(uses, regimes, strict=True)):
        for name, spec in use.exempt.items():
            exemption = regime.who.exempt[name]
            if not on(exemption.holds, when).value:
                continue
            regime_of.append(r)
            about.append([not exemption.acts or act in exemption.acts for act in names])
            shares.append(np.minimum(number_on(spec.share, when) * times(spec.varies, kinds), 1.0))
            traits.append(address(seed, decision(f"exempt {regime.id} {name}")))
    return (
        np.array(regime_of, np.int32),
        np.array(about, bool).reshape(len(regime_of), len(names)),
        np.array(shares, np.float64).reshape(len(regime_of), kinds.count),
        np.array(traits, np.uint64),
    )


def links(
    uses: list[RegimeUse],
    regimes: list[Regime],
    platforms: dict[str, Regime],
    conducts: list[str],
    when: date,
) -> Links:
    """Who listens to whose list in a month."""
    at = {regime.id: i for i, regime in enumerate(regimes)}
    rows = []
    for i, (use, regime) in enumerate(zip(uses, regimes, strict=True)):
        share = share_on(use.receives.coverage, when)
        if use.receives.through is not None:
            platform = platforms[use.receives.through].platform
            share *= number_on(platform.coverage, when) if platform is not None else 1.0
        for listing, of in listens_to(regime):
            source, list_ = listing.split("/")
            if source not in at:
                continue  # that regime is not part of the study
            number = list(regimes[at[source]].lists).index(list_)
            name = decision(f"listing {listing} of {of} to {regime.id}")
            heard = conducts.index(heard_as(listing, of))
            row = (at[source], number, i, heard, WHOSE.index(of), share)
            everybody = on(regimes[at[source]].remedy.correction_reaches, when).value
            lifts = 1.0 if everybody else share_on(use.receives.lifts, when)
            rows.append((*row, delay(use, platforms, when), name, lifts))
    columns: list[Any] = list(zip(*rows, strict=True)) if rows else [[] for _ in range(9)]
    types: tuple[type, ...] = (np.int32, np.int32, np.int32, np.int32, np.int32, np.float64)
    types += (np.int32, np.uint64, np.float64)
    return Links(*(np.array(c, t) for c, t in zip(columns, types, strict=True)))


def listens_to(regime: Regime) -> list[tuple[str, str]]:
    """The lists elsewhere of which a regime's rules speak, and whose listing counts."""
    found = [(name, "same") for name in regime.rates if "/" in name]
    grounds: list[Ground] = [g for x in regime.lists.values() for g in x.grounds.values()]
    found += [(name, ground.of) for ground in grounds for name in ground.listed_on]
    return list(dict.fromkeys(found))


def effects(
    uses: list[RegimeUse],
    regimes: list[Regime],
    found: list[tuple[int, int, str]],
    conducts: list[str],
    kinds: Kinds,
    number: int,
) -> Effects:
    """Effects of listings in a month."""
    when = first_day(number)
    holds, barred, unrelated = [], [], []
    for regime, list_, name in found:
        effect = list(regimes[regime].lists.values())[list_].effects[name]
        unrelated.append(may_not_follow(name, effect, regimes, regime, conducts, when))
        named = not may_follow(name, effect, [], bounds_on(regimes[regime], when))
        holds.append(bool(on(effect.holds, when).value) and not named)
        subjects = effect.subjects or ["persons", "organisations"]
        barred.append(["persons" not in subjects, "organisations" not in subjects])
    places = [r * MAX_LISTS + j for r, j, _ in found]
    return Effects(
        first=np.searchsorted(places, np.arange(len(regimes) * MAX_LISTS + 1)).astype(np.int64),
        holds=np.array(holds, bool),
        attempts=values([uses[r].bites.get(name) for r, _, name in found], number) / 12,
        taken_up=np.array([share_on(uses[r].enforces.get(name), when) for r, _, name in found]),
        name=np.array(
            [decision(f"attempt {regimes[r].id} {j} {name}") for r, j, name in found], np.uint64
        ),
        barred=np.array(barred, bool).reshape(len(found), 2),
        what=kinds.organisations().astype(np.uint8),
        learns=np.array([bool(on(u.practice.learns_when_refused, when).value) for u in uses], bool),
        marked=np.array([withheld(u, r, when) for u, r in zip(uses, regimes, strict=True)]),
        unrelated=np.array(unrelated, bool).reshape(len(found), len(conducts)),
    )


def withheld(use: RegimeUse, regime: Regime, when: date) -> float:
    """Share of refusals that a mark as disputed prevents, where the rules ask for it."""
    if not on(regime.remedy.marked_as_disputed, when).value:
        return 0.0
    return number_on(use.practice.marked, when)


def may_not_follow(
    name: str, effect: Effect, regimes: list[Regime], r: int, conducts: list[str], when: date
) -> list[bool]:
    """For each conduct, whether the bounds of a regime keep an effect from what rests on it."""
    bounds = bounds_on(regimes[r], when)
    if not bounds:
        return [False] * len(conducts)
    return [not may_follow(name, effect, acts_behind(x, regimes), bounds) for x in conducts]


def acts_behind(conduct: str, regimes: list[Regime]) -> list[str]:
    """The act itself; of a listing elsewhere, the acts that are its grounds."""
    if "/" not in conduct:
        return [conduct]
    source, _, list_ = conduct.partition(" of ")[0].partition("/")
    found = next((x for x in regimes if x.id == source), None)
    if found is None:
        return []
    return [act for ground in found.lists[list_].grounds.values() for act in ground.acts]
