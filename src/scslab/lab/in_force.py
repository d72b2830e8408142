"""From the dated values of a study to the arrays that hold in a month."""

from __future__ import annotations

import math
from datetime import date

import numpy as np

from scslab.core.acts import acts
from scslab.core.calendar import first_day, month
from scslab.core.draws import decision
from scslab.core.errors import ScslabError
from scslab.core.values import Dated, number_on, on
from scslab.regimes.arithmetic import score_in_force
from scslab.regimes.model import Regime
from scslab.regimes.rulebook import starting
from scslab.study.model import Movers, RegimeUse, Study, Varies
from scslab.study.read import StudyFile
from scslab.world.conduct.acts import Rates
from scslab.world.enrolment.join import Members
from scslab.world.society.kinds import Kinds

MOST_ACTS = 1000  # of one kind, per person and month


def times(varies: list[Varies], kinds: Kinds) -> np.ndarray:
    """The product of multipliers for each kind, f8[kinds]."""
    found = np.ones(kinds.count)
    for item in varies:
        # The last factor is that of subjects without the attribute, whose code is -1.
        factors = [item.times.get(c, 1.0) for c in kinds.attributes[item.by]]
        found *= np.array([*factors, 1.0])[kinds.codes[item.by]]
    return found


def values(items: list[Dated | None], number: int, default: float = 0.0) -> np.ndarray:
    """The numbers of several dated values in a month, f8[items]."""
    when = first_day(number)
    return np.array([number_on(item, when, default) for item in items], np.float64)


def rates(file: StudyFile, kinds: Kinds, number: int) -> Rates:
    """Conduct in a month."""
    study, when = file.study, first_day(number)
    listed = list(study.conduct.values())
    skew = values([c.frailty for c in listed], number).astype(np.int64)
    candidates = np.zeros((len(listed), kinds.count))
    for k, conduct in enumerate(listed):
        mean = number_on(conduct.rate, when) / 12_000
        # The rate of u**k has mean 1 / (k + 1), so the highest rate is k + 1 means.
        who = committers(list(study.conduct)[k], kinds)
        candidates[k] = mean * (skew[k] + 1) * times(conduct.varies, kinds) * who
        if candidates[k].max(initial=0.0) > MOST_ACTS:
            raise ScslabError(
                "nobody does this so often",
                where=file.document.where(("conduct", list(study.conduct)[k])),
                got=f"{candidates[k].max():.3g} acts per person and month at most",
                expected=f"at most {MOST_ACTS}",
            )
    breaches = [acts()[c]["kind"] == "breach" for c in study.conduct]
    own, tie = deterrence(study, number, len(file.months))
    return Rates(
        candidates=candidates,
        name=np.array([decision(f"act {c}") for c in study.conduct], np.uint64),
        frailty=skew,
        while_listed=values([c.while_listed for c in listed], number, 1.0),
        breach=np.array(breaches, bool),
        own=own,
        tie=tie,
        # Who breaks many rules is not by that the one who does many good deeds.
        trait=np.array(
            [decision(f"trait frailty {acts()[c]['kind']}") for c in study.conduct], np.uint64
        ),
    )


def committers(act: str, kinds: Kinds) -> np.ndarray:
    """The kinds that can commit an act, bool[kinds]: persons, organisations or both."""
    by = acts()[act]["by"]
    if by == "both":
        return kinds.rated
    return kinds.rated & (kinds.organisations() if by == "organisations" else kinds.persons())


def deterrence(study: Study, number: int, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Shares deterred by months since a listing, of oneself and of a tie."""
    if study.learning is None:
        return np.zeros(0), np.zeros(0)
    when = first_day(number)
    half = max(number_on(study.learning.fades, when, 1.0), 0.1)
    # Rounded, so that the last place of the power is the same on every machine.
    fade = np.round(0.5 ** (np.arange(length + 1) / half), 9)
    own, tie = number_on(study.learning.own, when), number_on(study.learning.tie, when)
    return own * fade, tie * fade


def asks_residence(regime: Regime) -> bool:
    """Whether the rules ask for months of residence or for a permit."""
    return regime.who.residence is not None or regime.who.permit_for_non_locals is not None


def settled(movers: Movers | None, regime: Regime, when: date) -> float:
    """Share of persons who have lived here for as long as the rules ask, with a permit if needed.

    Stays of movers end at random, so their lengths have a geometric tail.
    """
    if movers is None or not asks_residence(regime):
        return 1.0
    new = number_on(movers.share, when)
    months = number_on(regime.who.residence, when)
    stay = max(number_on(movers.stay, when, 1.0), 0.1)
    stayed = round(math.exp(-months / stay), 9)
    if on(regime.who.permit_for_non_locals, when).value:
        stayed *= number_on(movers.permit, when)
    return 1.0 - new * (1.0 - stayed)


def may_leave(use: RegimeUse, regime: Regime) -> bool:
    """Whether the rules let members leave for good, and the study says how many do."""
    withdraws = use.joins.withdraws if use.joins is not None else None
    return withdraws is not None and regime.who.withdrawal is not None


def stayed(use: RegimeUse, regime: Regime, first: int, number: int) -> float:
    """Share of the members of a study's first month who have not left for good by this one."""
    if not may_leave(use, regime):
        return 1.0
    assert use.joins is not None
    share = 1.0
    if use.since is not None:
        first = max(first, month(use.since))
    for past in range(first + 1, number + 1):
        when = first_day(past)
        if on(regime.who.withdrawal, when).value:
            share *= 1.0 - number_on(use.joins.withdraws, when)
    return share


def members(
    use: RegimeUse, regime: Regime, kinds: Kinds, movers: Movers | None, number: int, first: int
) -> Members:
    """Membership and starting scores of a regime in a month; `first` is that of the study."""
    when = first_day(number)
    needs = regime.who.consent is None or bool(on(regime.who.consent, when).value)
    # Organisations do not move.
    share = np.where(kinds.organisations(), 1.0, settled(movers, regime, when))
    if use.joins is not None and needs:
        joined = number_on(use.joins.share, when) * times(use.joins.varies, kinds)
        share *= np.minimum(joined, 1.0) * stayed(use, regime, first, number)
    scored = score_in_force(regime, when)
    base, spread = np.zeros(0), np.zeros((0, kinds.count))
    names = list(regime.score.dimensions) if regime.score else []
    if scored and names:
        means = {
            d: np.clip(
                number_on(use.brings[d].mean, when) * times(use.brings[d].varies, kinds), 0, 1
            )
            for d in names
        }
        base, spread = weighted_start(use, regime, means, number)
    return Members(
        share=share,
        joins=decision(f"joins {regime.id}"),
        start=starting(regime, number, {}) if scored and not names else 0,
        base=base,
        spread=spread,
        brings=np.array([decision(f"brings {regime.id} {d}") for d in names], np.uint64),
    )


def weighted_start(
    use: RegimeUse, regime: Regime, means: dict[str, np.ndarray], number: int
) -> tuple[np.ndarray, np.ndarray]:
    """Mean starting score of each kind, and the score points of each dimension's spread.

    A dimension stays within 0 and 1: the spread shrinks where the mean comes near an end.
    """
    assert regime.score is not None
    when = first_day(number)
    low = number_on(regime.score.lowest, when)
    span = number_on(regime.score.highest, when) - low
    base = np.full(len(next(iter(means.values()))), low)
    spread = []
    for name, mean in means.items():
        weight = number_on(regime.score.dimensions[name].weight, when)
        room = np.minimum(np.minimum(mean, 1 - mean), number_on(use.brings[name].spread, when))
        base = base + span * weight * mean
        spread.append(span * weight * room)
    return base, np.array(spread)
