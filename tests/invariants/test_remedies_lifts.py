"""Ends of listings that get lost: who follows another list stays where nobody tells it."""

import math
from typing import Any

import pytest

from mechanisms import BOTH_BUSY, FIRM_ACT, mixed
from remedies_small import channel, sums
from small import (
    BREACH,
    agency,
    in_first_month,
    monthly,
    near,
    one_list,
    one_score,
    points,
    run,
    share,
    study,
    totals,
    write_regime,
    yes,
)

ONCE = {"conduct": {BREACH: {"rate": in_first_month(0.4)}}}


def spread(n: float, p: float) -> float:
    return math.sqrt(n * p * (1 - p))


def following(folder, lifts: float | None, stays: int = 2, **more: Any):
    """A list, and one that follows it; of its ends a share is told."""
    write_regime(folder, "source", lists=one_list(stays=stays), remedy=more.pop("remedy", {}))
    listed = {"says": "L", "listed_on": ["source/listed"], "follows": True, "holds": yes()}
    write_regime(
        folder,
        "follower",
        lists={"follows": {"says": "F", "grounds": {"g": listed}}},
        score=one_score(1000)
        | {"listings": {"source/listed": {"says": "L", "points": points(-30)}}},
    )
    receives = {"coverage": share(more.pop("coverage", 1.0))}
    receives |= {} if lifts is None else {"lifts": share(lifts)}
    uses = ["source", {"use": "follower", "receives": receives}]
    return study(folder, regimes=uses, **({"persons": 5000, "length": 7} | ONCE | more))


@pytest.mark.parametrize("lifts", [0.0, 0.6, 1.0])
def test_a_follower_stays_where_the_end_was_lost(tmp_path, lifts):
    found = run(following(tmp_path, lifts))
    entries = totals(found, "entries", "follower")[1]
    assert entries == totals(found, "entries", "source")[0] > 1000
    lifted = totals(found, "lifted", "follower")
    assert lifted[3] == lifted.sum() and near(lifted[3], entries * lifts, spread(entries, lifts))
    assert (totals(found, "listed", "follower")[3:] == entries - lifted[3]).all()
    # The points of a listing stay lost with it.
    back = totals(found, "points_gained", "follower")[3]
    assert near(back, 30 * entries * lifts, 30 * spread(entries, lifts))


def test_without_a_word_of_lifts_all_ends_are_told(tmp_path):
    plain = run(following(tmp_path / "plain", None))
    assert plain.tallies.equals(run(following(tmp_path / "all", 1.0)).tallies)


def test_of_what_arrived_the_ends_are_lost_on_top(tmp_path):
    found = run(following(tmp_path, 0.5, coverage=0.7))
    n = totals(found, "entries", "source")[0]
    entries, lifted = (sums(found, "follower")[k] for k in ("entries", "lifted"))
    assert near(entries, 0.7 * n, spread(n, 0.7))
    assert near(lifted, 0.5 * entries, spread(entries, 0.5))


def test_where_the_rules_of_the_source_ask_for_it_no_end_is_lost(tmp_path):
    remedy = {"correction_reaches": yes()}
    found = run(following(tmp_path, 0.2, remedy=remedy))
    assert totals(found, "listed", "follower")[3:].sum() == 0
    assert sums(found, "follower")["lifted"] == sums(found, "source")["entries"]


def test_the_representative_of_a_firm_that_is_cleared_is_told_by_the_end_of_its_listing(tmp_path):
    """In another district, so in another shard: no copy, but a listing that is over."""
    for name, parts in (("firms", {"who": {"subjects": ["organisations"]}}), ("led", {})):
        speaks = {"says": "S", "listed_on": ["firms/listed"], "of": "representative"}
        lists = {"led": {"says": "L", "grounds": {"g": speaks | {"follows": True, "holds": yes()}}}}
        if name == "firms":
            lists = one_list((FIRM_ACT,), None)
        write_regime(tmp_path, name, lists=lists, **parts)
    letter = {"notices": {"post": channel(1.0, 2)}, "objects_wronged": share(1.0)}
    uses = [
        {"use": "firms", "practice": letter | {"corrections_reach": share(1.0)}},
        {"use": "led"},
    ]
    conduct = {FIRM_ACT: BOTH_BUSY[FIRM_ACT], BREACH: {"rate": monthly(0.0)}}
    faults = agency(FIRM_ACT, wrong_subject=share(0.5))
    file = mixed(tmp_path, *uses, conduct=conduct, agencies=faults, length=8)
    runs = [run(file, shards=s) for s in (1, 2, 6)]
    assert runs[0].tallies.equals(runs[1].tallies) and runs[0].tallies.equals(runs[2].tallies)
    two = sums(runs[0], "led")
    assert two["copies"] == 0 and two["lifted"] > 30
