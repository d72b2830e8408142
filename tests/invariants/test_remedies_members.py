"""Who leaves for good, whom agencies overlook, and what share of breaches is missed."""

import math
from typing import Any

import numpy as np
import pytest

from mechanisms import FINE
from remedies_small import ALL_TOLD, live, sums
from scslab.core.tables import FLOWS, NO_LIST, TRUE
from small import (
    BREACH,
    GOOD,
    OTHER,
    agency,
    desk_monthly,
    false_monthly,
    monthly,
    months,
    near,
    one_list,
    one_score,
    run,
    share,
    study,
    totals,
    write_regime,
    yes,
)

PARTS = {"persons": 20_000, "length": 12}


def spread(n: float, p: float) -> float:
    return math.sqrt(n * p * (1 - p))


# Withdrawal


def joined(folder, withdraws: dict | None, rule: dict | None = None, **more: Any):
    """Three in five have joined; they may leave if the rules let them."""
    who = {"consent": yes()} | ({} if rule is None else {"withdrawal": rule})
    write_regime(folder, "joined", who=who, score=one_score(1000, breach=-10))
    joins = {"share": share(0.6)} | ({} if withdraws is None else {"withdraws": withdraws})
    keys = ("practice", "since")
    use = {"use": "joined", "joins": joins} | {k: more.pop(k) for k in keys if k in more}
    return study(folder, regimes=[use], **(PARTS | {"conduct": CONDUCT} | more))


CONDUCT = {BREACH: {"rate": monthly(0.05)}}


@pytest.mark.parametrize("hazard", [0.02, 0.2])
def test_members_leave_at_the_hazard_and_for_good(tmp_path, hazard):
    file = joined(tmp_path, share(hazard), yes())
    before = None
    for world, month, state, _ in live(file):
        members = state.member[0].astype(bool)
        p = 0.6 * (1 - hazard) ** month.index
        assert near(members.sum(), 20_000 * p, spread(20_000, p))
        assert before is None or not (members & ~before).any()
        before = members
        assert world.society.persons == 20_000
    covered = totals(run(file), "covered")
    assert (np.diff(covered) < 0).all() and covered[-1] == before.sum()


def test_the_hazard_counts_from_the_day_of_the_rule_and_may_change(tmp_path):
    rule = yes(False, ("2020-04-01", True), ("2020-09-01", False))
    hazards = share(0.1, ("2020-07-01", 0.3))
    covered = totals(run(joined(tmp_path, hazards, rule)), "covered")
    stays = [1, 1, 1, 0.9, 0.9, 0.9, 0.7, 0.7, 1, 1, 1, 1]
    for index, p in enumerate(0.6 * np.cumprod(stays)):
        assert near(covered[index], 20_000 * p, spread(20_000, p))
    assert (covered[:3] == covered[0]).all() and (covered[8:] == covered[7]).all()


@pytest.mark.parametrize("why", ["no rule", "no practice"])
def test_nobody_leaves_without_rule_and_practice(tmp_path, why):
    rule, hazard = (None, share(0.3)) if why == "no rule" else (yes(), None)
    found = run(joined(tmp_path, hazard, rule))
    plain = run(joined(tmp_path / "plain", None, None))
    assert found.tallies.equals(plain.tallies)


def test_the_records_of_who_leaves_are_deleted(tmp_path):
    practice = {"practice": ALL_TOLD | {"desk": {"decisions": desk_monthly(0.0)}}}
    for _, _, state, (shard,) in live(joined(tmp_path, share(0.1), yes(), **practice)):
        rows = shard.entries[shard.entries["list"] == NO_LIST]
        assert (state.member[0][rows["subject"]] == 1).all()
        assert (rows["points"] == -10).all()
    assert len(rows) > 500
    assert (state.member[0] == 0).sum() > 500


def test_a_regime_that_begins_later_begins_with_all_who_joined(tmp_path):
    covered = totals(run(joined(tmp_path, share(0.1), yes(), since="2020-07")), "covered")
    for index in range(6, 12):
        p = 0.6 * 0.9 ** (index - 6)
        assert near(covered[index], 20_000 * p, spread(20_000, p))


# Breaches that are missed


def missing(folder, agencies: dict, **more: Any):
    write_regime(folder, "a-list", lists=one_list((BREACH, OTHER), 2))
    write_regime(folder, "points", score=one_score(1000, breach=-10, good=5))
    acts = (BREACH, OTHER, GOOD)
    conduct = {act: {"rate": monthly(0.05)} for act in acts}
    uses = more.pop("regimes", ["a-list", "points"])
    return study(folder, regimes=uses, conduct=conduct, agencies=agencies, **(PARTS | more))


def test_nothing_is_missed_that_is_seen_named_and_passed_on(tmp_path):
    found = run(missing(tmp_path, agency(BREACH, OTHER, GOOD)))
    for regime in ("a-list", "points"):
        one = sums(found, regime)
        assert one["missed"] == 0 < one["breaches"]
    # The list has two breaches among its acts, the score one and a good deed.
    assert sums(found, "a-list")["breaches"] == sums(found, "a-list")["acts"]
    assert sums(found, "points")["breaches"] < 0.6 * sums(found, "points")["acts"]


def test_a_breach_is_recorded_truly_or_missed(tmp_path):
    """Group by group, with everything that can go wrong on the way."""
    faults = {"wrong_subject": share(0.2), "from_nothing": false_monthly(0.01)}
    uses = [{"use": "a-list", "receives": {"coverage": share(0.7)}}]
    agencies = agency(BREACH, OTHER, GOOD, detection=0.8, **faults)
    rows = run(missing(tmp_path, agencies, regimes=uses)).tallies
    assert (rows["breaches"] == rows["missed"] + rows["true_records"]).all()
    n, p = rows["breaches"].sum(), 1 - 0.8 * 0.8 * 0.7
    assert near(rows["missed"].sum(), n * p, spread(n, p))


def test_what_is_under_way_is_not_missed(tmp_path):
    agencies = agency(BREACH, OTHER, GOOD, detection=0.7, lag=months(3))
    file = missing(
        tmp_path, agencies, regimes=[{"use": "a-list", "receives": {"delay": months(1)}}]
    )
    flows = {"breaches": 0, "missed": 0, "true_records": 0}
    for _, _, _, (shard,) in live(file):
        counts = shard.books.flows.sum(axis=(0, 1))
        for name in flows:
            flows[name] += counts[FLOWS.index(name)]
        way = (shard.waiting["truth"] == TRUE).sum()
        assert flows["breaches"] == flows["missed"] + flows["true_records"] + way
    assert way > 1000


def test_a_breach_in_the_files_of_two_is_missed_by_each_on_its_own(tmp_path):
    uses = [{"use": "a-list", "receives": {"coverage": share(0.5)}}, "points"]
    found = run(missing(tmp_path, agency(BREACH, OTHER, GOOD), regimes=uses))
    n = sums(found, "a-list")["breaches"]
    assert near(sums(found, "a-list")["missed"], n * 0.5, spread(n, 0.5))
    assert sums(found, "points")["missed"] == 0


@pytest.mark.parametrize("detection", [0.5, 0.8])
def test_agencies_overlook_whom_they_are_said_to(tmp_path, detection):
    spared = [
        {"with": "sex", "times": {"male": 0.4}, "source": "made-up"},
        {"with": "residence", "times": {"urban": 1.5}, "source": "made-up"},
    ]
    agencies = agency(BREACH, OTHER, GOOD, detection=detection, overlooks=spared)
    rows = run(missing(tmp_path, agencies, regimes=["a-list"])).tallies
    groups = rows.groupby(["sex", "residence"], observed=True)[["breaches", "missed"]].sum()
    for sex, times in (("female", 1.0), ("male", 0.4)):
        for residence, more in (("rural", 1.0), ("urban", 1.5)):
            p = 1 - min(detection * times * more, 1.0)
            n, got = groups.loc[(sex, residence), ["breaches", "missed"]]
            assert n > 1000 and near(got, n * p, spread(n, p))


def test_whom_nobody_overlooks_is_seen_with_the_same_luck(tmp_path):
    """Others change nothing about a group; the one overlooked has some records less."""
    spared = [{"with": "sex", "times": {"male": 0.5}, "source": "made-up"}]
    rows = {}
    for name, more in (("plain", {}), ("spared", {"overlooks": spared})):
        agencies = agency(BREACH, OTHER, GOOD, detection=0.6, **more)
        found = run(missing(tmp_path / name, agencies, regimes=["points"]))
        rows[name] = found.tallies.groupby(["sex", "month"], observed=True)[
            ["acts", "records", "missed", "score_sum"]
        ].sum()
    assert rows["plain"].loc["female"].equals(rows["spared"].loc["female"])
    assert (rows["plain"]["acts"] == rows["spared"]["acts"]).all()
    for month in rows["plain"].loc["male"].index:
        more, less = rows["plain"].loc["male", month], rows["spared"].loc["male", month]
        assert less["records"] < more["records"] and less["missed"] > more["missed"]


def test_a_factor_of_one_overlooks_nobody(tmp_path):
    same = [{"with": "sex", "times": {"male": 1.0}, "source": "made-up"}]
    one = run(missing(tmp_path / "one", agency(BREACH, OTHER, GOOD, detection=0.6)))
    agencies = agency(BREACH, OTHER, GOOD, detection=0.6, overlooks=same)
    assert run(missing(tmp_path / "two", agencies)).tallies.equals(one.tallies)


def test_a_breach_under_the_name_of_somebody_exempt_is_missed(tmp_path):
    """Half are exempt by a trait, and every record names somebody else: no true one arrives."""
    who = {"exempt": {"spared": {"says": "S", "holds": yes()}}}
    write_regime(tmp_path, "a-list", who=who, lists=one_list((BREACH,), 2))
    use = {"use": "a-list", "exempt": {"spared": {"share": share(0.5)}}}
    parts = PARTS | {"conduct": CONDUCT, "agencies": agency(wrong_subject=share(1.0))}
    found = sums(run(study(tmp_path, regimes=[use], **parts)))
    assert found["true_records"] == 0
    assert found["missed"] == found["breaches"]


def test_who_is_no_member_breaches_nothing_here(tmp_path):
    """Breaches are of subjects on file, as acts are."""
    write_regime(tmp_path, "joined", who={"consent": yes()}, score=one_score(1000, breach=-10))
    use = {"use": "joined", "joins": {"share": share(0.25)}}
    parts = {"conduct": {BREACH: {"rate": monthly(0.05)}, FINE: {"rate": monthly(0.05)}}}
    agencies = agency(BREACH, FINE, detection=0.5, wrong_subject=share(0.3))
    rows = run(study(tmp_path, regimes=[use], agencies=agencies, **(PARTS | parts))).tallies
    assert (rows["breaches"] == rows["acts"]).all()
    assert near(rows["acts"].sum(), 0.25 * 12_000, math.sqrt(0.25 * 12_000) * 1.2)
    assert (rows["breaches"] == rows["missed"] + rows["true_records"]).all()
