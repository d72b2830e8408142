"""Deterrence: by being listed, by having been, by knowing somebody who was."""

import math

import numpy as np
import pytest

from scslab.core.errors import ScslabError
from small import (
    BREACH,
    OTHER,
    agency,
    held,
    in_first_month,
    listing_study,
    monthly,
    months,
    near,
    places,
    share,
    step_through,
)

QUIET = months(1200)  # so slow that nothing fades within a test


def watched(tmp_path, learning, rate=0.02, length=16, **more):
    """A list for breaches of the first month; another act goes on and is only counted."""
    return listing_study(
        tmp_path,
        more.pop("stays", None),
        persons=20_000,
        length=length,
        margins=places(4),
        conduct={BREACH: {"rate": in_first_month(0.05)}, OTHER: {"rate": monthly(rate)}},
        agencies=agency(BREACH, OTHER),
        **({"learning": learning} if learning else {}),
        **more,
    )


def acts_of(file):
    """Acts of each person after the first month, and the state at the end of it."""
    counts, known = None, None
    for _, month, state, parts in step_through(file):
        if month.index == 0:
            known = [x.copy() for x in (state.listed[0], state.own, state.tie)]
            counts = np.zeros(len(known[0]))
            continue
        for shard in parts:
            counts += np.bincount(shard.acts["subject"], minlength=len(counts))
    return counts, *known


def test_who_is_listed_and_fully_deterred_does_nothing(tmp_path):
    rate = {"rate": monthly(0.2), "while_listed": held("times", 0)}
    file = listing_study(tmp_path, 5, length=24, conduct={BREACH: rate})
    before = np.zeros(2000, np.uint8)
    for _, _, state, (shard,) in step_through(file):
        assert (before[shard.acts["subject"]] == 0).all()
        before = state.listed[0].copy()
    assert before.sum() > 200


@pytest.mark.parametrize("times", [0.4, 1.0])
def test_the_listed_act_at_their_own_rate(tmp_path, times):
    conduct = {
        BREACH: {"rate": in_first_month(0.3)},
        OTHER: {"rate": monthly(0.1), "while_listed": held("times", times)},
    }
    file = listing_study(
        tmp_path, None, persons=5000, conduct=conduct, agencies=agency(BREACH, OTHER)
    )
    listed, acts = np.zeros(5000, bool), np.zeros(2)
    for _, month, state, (shard,) in step_through(file):
        if month.index > 0:
            inside = listed[shard.acts["subject"]]
            acts += [inside.sum(), (~inside).sum()]
        listed = state.listed[0] > 0
    for got, persons, rate in ((acts[0], listed, 0.1 * times), (acts[1], ~listed, 0.1)):
        mean = 11 * persons.sum() * rate
        assert near(got, mean, math.sqrt(mean))


def test_a_rate_that_rises_while_listed_is_honoured_or_refused(tmp_path):
    try:
        test_the_listed_act_at_their_own_rate(tmp_path, 1.5)
    except ScslabError as error:
        assert "while_listed" in str(error)


def test_a_listing_of_ones_own_lowers_the_rate_by_the_share_given(tmp_path):
    learning = {"own": share(0.6), "tie": share(0.0), "fades": QUIET}
    counts, listed, own, tie = acts_of(watched(tmp_path, learning))
    assert ((own == 0) == (listed > 0)).all()
    for who, rate in ((own >= 0, 0.02 * 0.4), ((own < 0) & (tie < 0), 0.02)):
        mean = who.sum() * 15 * rate
        assert near(counts[who].sum(), mean, math.sqrt(mean))


def test_the_listing_of_a_tie_lowers_the_rate_by_the_share_given(tmp_path):
    learning = {"own": share(0.0), "tie": share(0.5), "fades": QUIET}
    counts, _, own, tie = acts_of(watched(tmp_path, learning))
    for who, rate in ((tie >= 0, 0.01), (tie < 0, 0.02)):
        mean = who.sum() * 15 * rate
        assert near(counts[who].sum(), mean, math.sqrt(mean))
    # Six ties, each of a person who was listed with the same chance.
    p = 1 - (1 - (own >= 0).mean()) ** 6
    assert near((tie >= 0).mean(), p, math.sqrt(p / 20_000) * 2)


def test_both_multiply(tmp_path):
    learning = {"own": share(0.5), "tie": share(0.5), "fades": QUIET}
    counts, _, own, tie = acts_of(watched(tmp_path, learning, rate=0.1))
    both = (own >= 0) & (tie >= 0)
    mean = both.sum() * 15 * 0.025
    assert near(counts[both].sum(), mean, math.sqrt(mean))


def test_half_of_the_effect_is_gone_after_the_time_given(tmp_path):
    learning = {"own": share(1.0), "tie": share(0.0), "fades": months(3)}
    file = watched(tmp_path, learning, rate=0.3, length=14)
    own = None
    for _, month, state, parts in step_through(file):
        if month.index == 0:
            own = state.own >= 0
            continue
        acts = sum(own[p.acts["subject"]].sum() for p in parts)
        mean = own.sum() * 0.3 * (1 - 0.5 ** (month.index / 3))
        if month.index % 3 == 0:
            assert near(acts, mean, math.sqrt(mean)), month.index


def test_the_latest_listing_counts(tmp_path):
    learning = {"own": share(0.1), "tie": share(0.1), "fades": months(3)}
    file = listing_study(tmp_path, 2, length=20, learning=learning)
    for _, month, state, (shard,) in step_through(file):
        entered = shard.entries[shard.entries["begun"] == month.index]["subject"]
        assert (state.own[entered] == month.index).all()
        assert state.own.max() <= month.index
        assert (state.own[state.listed[0] > 0] >= 0).all()


def test_nobody_learns_from_the_listing_of_strangers(tmp_path):
    learning = {"own": share(0.1), "tie": share(0.1), "fades": months(3)}
    file = listing_study(
        tmp_path,
        None,
        persons=50_000,
        length=1,
        conduct={BREACH: {"rate": monthly(0.0002)}},
        learning=learning,
    )
    for _, _, state, (shard,) in step_through(file):
        listed = len(shard.entries)
        assert 0 < (state.tie >= 0).sum() <= 6 * listed
