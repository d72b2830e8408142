"""Remedies that are off leave no trace; those on share luck, and no cut of work changes them."""

from typing import Any

import numpy as np
import pytest

from mechanisms import a_list, ground
from remedies_small import (
    FAULTS,
    LET_OFF,
    QUEUE,
    RULES,
    STAFF,
    bound,
    channel,
    complaint,
    days,
    every_remedy,
    hardship,
    hearing,
    live,
    recount,
    stocks,
    sums,
)
from scslab.core.tables import COMPLAINED, FILED, FLOWS, STOCKS
from small import (
    BREACH,
    OTHER,
    agency,
    exponent,
    held,
    monthly,
    months,
    one_score,
    places,
    points,
    run,
    share,
    study,
    totals,
    write_regime,
    yes,
)

CUTS = [(1, 1), (1, 3), (1, 7), (2, 1), (2, 2), (2, 3), (2, 7)]
NEW = ("told", "heard", "cleared", "cleared_wronged", "screened", "screened_wronged")
NEW += ("complaints", "upheld", "upheld_wronged", "copies", "copies_corrected")
NEW += ("hardship_entries", "exempted", "days_waited", "wrongs_corrected", "months_wronged")
NEW += ("breaches", "missed")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The study with every remedy on, and its run in one piece."""
    file = every_remedy(tmp_path_factory.mktemp("every"))
    return file, run(file, threads=1, shards=1)


def test_every_remedy_is_on(whole):
    file, found = whole
    one = sums(found)
    for column in NEW:
        assert one[column] > 0, column
    for regime in found.manifest["regimes"]:
        for column in ("told", "corrected_wronged", "copies_corrected", "hardship_entries"):
            assert sums(found, regime)[column] > 0, (regime, column)
    waits = [sums(found, r)["waiting"] for r in ("debts", "firms", "points", "followers")]
    assert min(waits) > 0
    measures = found.table("measures")
    assert (measures[["refused", "wrongful_refused"]].sum() > 0).all()
    *_, (_, _, state, (shard,)) = live(file)
    assert {FILED, COMPLAINED} <= set(shard.entries["state"].tolist())
    assert 0 < state.member.mean() < 0.6


@pytest.mark.parametrize(("threads", "shards"), CUTS)
def test_bits_do_not_depend_on_how_the_work_is_cut(whole, threads, shards):
    file, expected = whole
    found = run(file, threads=threads, shards=shards)
    assert found.tallies.equals(expected.tallies)
    assert found.measures.equals(expected.measures)
    assert found.histograms.equals(expected.histograms)


def test_stocks_are_what_the_entries_say_every_month(whole):
    file, _ = whole
    for world, month, _, parts in live(file, shards=3):
        books = stocks(parts)
        for column, expected in recount(world, month, parts).items():
            assert (books[:, :, column] == expected).all(), STOCKS[column]
    assert month.index == 15


def test_months_before_are_the_same_in_a_shorter_study(whole):
    file, found = whole
    short = run(file, months=9).tallies
    expected = found.tallies[found.tallies["month"].astype(str) <= "2020-09"]
    assert len(short) == len(expected) > 150
    for column in (*FLOWS, *STOCKS):
        assert (short[column].to_numpy() == expected[column].to_numpy()).all(), column


def test_another_seed_gives_other_remedies(whole):
    file, found = whole
    other = run(file, seed=2).tallies
    for column in NEW:
        assert not other[column].equals(found.tallies[column]), column


def test_parts_are_no_more_than_their_wholes(whole):
    """In every month and group."""
    rows = whole[1].tallies
    for part, of in (
        ("cleared", "heard"),
        ("cleared_wronged", "cleared"),
        ("screened_wronged", "screened"),
        ("upheld_wronged", "upheld"),
        ("copies_corrected", "copies"),
        ("hardship_entries", "entries"),
        ("wrongs_corrected", "removed_by_correction"),
        ("wrongs_corrected", "wrongful_exits"),
        ("hardship_listed", "listed"),
        ("complaints", "rejected"),
        ("objections_wronged", "objections"),
    ):
        assert (rows[part] <= rows[of]).all(), (part, of)
        assert (rows[part] >= 0).all()
    assert (rows["hardship_entries"] + rows["wrongful_entries"] <= rows["entries"]).all()
    assert (rows["hardship_listed"] + rows["wrongful_listed"] <= rows["listed"]).all()
    assert (rows["decided"] == rows["corrected"] + rows["rejected"]).all()


def test_who_leaves_a_list_leaves_in_one_way(whole):
    """Who was let off before the listing began is no exit; who repairs a record leaves no list."""
    ways = ("expired", "removed_by_correction", "removed_on_performance", "lifted", "repaired")
    for name in ("debts", "firms", "followers", "city"):
        rows = whole[1].tallies[whole[1].tallies["regime"] == name]
        left = rows["exits"] - sum(rows[way] for way in ways)
        assert ((left >= 0) & (left <= rows["exempted"])).all(), name
        assert name != "debts" or left.sum() > 0


def test_filed_is_decided_waits_or_has_left(whole):
    for name in whole[1].manifest["regimes"]:
        flow = {c: totals(whole[1], c, name) for c in ("objections", "decided", "waiting")}
        left = (flow["objections"] - flow["decided"]).cumsum() - flow["waiting"]
        assert (left >= 0).all() and (np.diff(left) >= 0).all(), name
        assert name == "city" or left[-1] > 0, name
        upheld, complaints = (totals(whole[1], c, name) for c in ("upheld", "complaints"))
        assert (upheld.cumsum() <= complaints.cumsum()).all()


# Off


def plain(folder, remedy: dict, practice: dict, bounds: dict | None = None, **more: Any):
    """Three systems under the same records, one of which follows another; no deterrence."""
    more_rules = {"remedy": remedy | {"record_ends": months(7)}}
    more_rules |= {"bounds": bounds} if bounds else {}
    effects = {"effects": {"flights": {"says": "F", "holds": yes()}}}
    lists = {"first": a_list(BREACH, stays=months(6), waits=months(1), **effects)}
    write_regime(folder, "debts", lists=lists, **more_rules)
    low = {"says": "L", "score_below": points(970), "holds": yes()}
    write_regime(
        folder,
        "points",
        who={"consent": yes()},
        score=one_score(1000, breach=-20, other=-35),
        lists={"low": a_list(grounds={"low": low}, stays=months(4))},
        **more_rules,
    )
    listed = {"says": "L", "listed_on": ["debts/first"], "follows": True, "holds": yes()}
    grounds = {"g": listed, "own": ground(OTHER)}
    write_regime(folder, "followers", lists={"also": a_list(grounds=grounds)}, **more_rules)
    common = {
        "notice": share(0.6),
        "learns_when_refused": yes(),
        "objects_wronged": share(0.6),
        "objects_rightful": share(0.3),
        "desk": QUEUE | {"corrects_rightful": share(0.1)},
    }
    rate = held("attempts per listed person-year", 8)
    uses = [
        {"use": "debts", "bites": {"flights": rate}},
        {"use": "points", "joins": {"share": share(0.6)}},
        {"use": "followers"},
    ]
    uses = [use | {"practice": common | practice} for use in uses]
    conduct = {a: {"rate": monthly(0.06), "frailty": exponent(1)} for a in (BREACH, OTHER)}
    parts = {
        "persons": 2500,
        "length": 10,
        "margins": places(8),
        "conduct": conduct,
        "agencies": agency(BREACH, OTHER, detection=0.8, lag=months(1), **FAULTS),
    }
    return study(folder, regimes=more.pop("regimes", uses), **(parts | more))


ON = {
    "notices": {"letter": channel(0.6), "text": channel(0.5, 1)},
    "helps": {"reasons": share(0.5), "method": share(0.3), "help": share(0.4)},
    "hearing": hearing(0.7, 0.8, (0.3, 0.2)),
    "screening": {"stops_wronged": share(0.4), "stops_rightful": share(0.1)},
    "marked": share(0.7),
    "complaint": complaint(0.8, 0.6, 1, 0.2),
    "hardship": hardship(0.4, 0.6, 0.7),
    "corrections_reach": share(0.7),
}
ZERO = {
    "helps": {"reasons": share(0.0), "method": share(0.0), "help": share(0.0)},
    "hearing": hearing(0.0, 0.0),
    "screening": {"stops_wronged": share(0.0), "stops_rightful": share(0.0)},
    "marked": share(0.0),
    "complaint": complaint(0.0, 0.0, 0),
    "hardship": hardship(0.0, 0.0, 0.0),
    "corrections_reach": share(0.0),
    "corrections_take": months(0),
}
NO_OBJECTION = {name: rule for name, rule in RULES.items() if name != "objection"}


@pytest.fixture(scope="module")
def off(tmp_path_factory):
    return run(plain(tmp_path_factory.mktemp("off"), {}, {}))


def test_rules_without_practice_change_nothing(off, tmp_path):
    found = run(plain(tmp_path, NO_OBJECTION | LET_OFF, {}))
    assert found.tallies.equals(off.tallies) and found.measures.equals(off.measures)


def test_practice_without_rules_changes_nothing(off, tmp_path):
    """But what acts by itself: channels, corrections that travel; hardship is only counted."""
    alone = {k: v for k, v in ON.items() if k not in ("notices", "corrections_reach")}
    found = run(plain(tmp_path, {}, alone))
    hard = ["hardship_entries", "hardship_listed"]
    assert found.tallies.drop(columns=hard).equals(off.tallies.drop(columns=hard))
    assert found.measures.equals(off.measures)
    assert sums(found)["hardship_entries"] > 0 == sums(off)["hardship_entries"]


def test_shares_of_nought_change_nothing(off, tmp_path):
    found = run(plain(tmp_path, NO_OBJECTION | LET_OFF, ZERO))
    assert found.tallies.equals(off.tallies) and found.measures.equals(off.measures)


def test_bounds_that_do_not_hold_yet_change_nothing(off, tmp_path):
    found = run(plain(tmp_path, {}, {}, bound(acts=["*"], effects=["*"], holds=yes(False))))
    assert found.tallies.equals(off.tallies) and found.measures.equals(off.measures)


def test_what_nobody_can_have_is_nought_without_remedies(off):
    never = ("heard", "cleared", "screened", "complaints", "upheld", "exempted")
    never += ("copies_corrected", "hardship_entries", "hardship_listed")
    assert all(sums(off)[column] == 0 for column in never)
    assert all(sums(off)[column] > 0 for column in ("told", "breaches", "missed", "copies"))


# On, one by one

EACH = {
    "notices": ({}, {"notices": ON["notices"], "notice": None}),
    "helps": (NO_OBJECTION, {"helps": ON["helps"]}),
    "hearing": (NO_OBJECTION, {"hearing": ON["hearing"]}),
    "screening": (NO_OBJECTION, {"screening": ON["screening"]}),
    "marked": (NO_OBJECTION, {"marked": ON["marked"]}),
    "complaint": (NO_OBJECTION, {"complaint": ON["complaint"]}),
    "hardship": (LET_OFF, {"hardship": ON["hardship"]}),
    "corrections_reach": ({}, {"corrections_reach": share(0.7)}),
    "correction_reaches": ({"correction_reaches": yes()}, {}),
    "staff": ({}, {"desk": STAFF}),
    "all": (NO_OBJECTION | LET_OFF | {"correction_reaches": yes()}, ON | {"notice": None}),
}


@pytest.mark.parametrize("name", EACH)
def test_a_remedy_changes_nothing_about_who_acts(off, tmp_path, name):
    remedy, practice = EACH[name]
    found = run(plain(tmp_path, remedy, practice))
    columns = ["acts", "breaches", "covered"]
    assert found.tallies[columns].equals(off.tallies[columns])
    same = found.tallies.equals(off.tallies) and found.measures.equals(off.measures)
    assert not same
    if name not in ("screening", "all"):  # listings that travel aside, the records are the same
        for regime in ("debts", "points"):
            for column in ("records", "true_records", "misattributed", "from_nothing", "missed"):
                assert (totals(found, column, regime) == totals(off, column, regime)).all()


@pytest.mark.parametrize("name", [n for n in EACH if n not in ("notices", "staff", "all")])
def test_a_remedy_of_a_later_day_changes_nothing_before(off, tmp_path, name):
    remedy, practice = EACH[name]
    later = {
        k: yes(False, ("2020-06-01", True)) if k != "hardship" else v for k, v in remedy.items()
    }
    if "hardship" in later:
        later["hardship"] = {"says": "I", "holds": yes(False, ("2020-06-01", True))}
    if name == "corrections_reach":
        practice = {name: share(0.0, ("2020-06-01", 0.7))}
    skip = ["hardship_entries", "hardship_listed", "month"]
    found = run(plain(tmp_path, later, practice))
    now, then = found.tallies.drop(columns=skip), off.tallies.drop(columns=skip)
    before = found.tallies["month"].astype(str) < "2020-06"
    assert now[before].equals(then[before])
    assert not now.equals(then) or not found.measures.equals(off.measures)


def test_the_order_of_regimes_does_not_matter(tmp_path):
    remedy, practice = EACH["all"]
    one = plain(tmp_path, remedy, practice)
    uses = [u.model_dump(by_alias=True, mode="json") for u in one.study.regimes]
    two = plain(tmp_path, remedy, practice, regimes=uses[::-1])
    found = [run(file).tallies for file in (one, two)]
    for regime in ("debts", "points", "followers"):
        rows = [f[f["regime"] == regime].drop(columns="regime") for f in found]
        assert rows[0].reset_index(drop=True).equals(rows[1].reset_index(drop=True)), regime


def test_without_faults_no_remedy_finds_a_wrong(tmp_path):
    remedy, practice = EACH["all"]
    agencies = agency(BREACH, OTHER)
    practice = practice | {"screening": {"stops_wronged": share(0.9), "stops_rightful": share(0)}}
    one = sums(run(plain(tmp_path, remedy, practice, agencies=agencies)))
    for column in ("wrongful_entries", "screened", "cleared_wronged", "missed", "upheld_wronged"):
        assert one[column] == 0, column
    assert one["wrongs_corrected"] == one["corrected_wronged"] == one["months_wronged"] == 0
    assert one["breaches"] > 1000 and one["cleared"] > 0  # the rightly listed, by mistake


def test_clerks_who_need_next_to_no_time_are_a_desk_without_a_queue(tmp_path):
    quick = {"staff": {**STAFF["staff"], "rows": STAFF["staff"]["rows"][:1]}}
    desk = quick | {"case_takes": days(1e-9), "rejects_wronged": share(0.4)}
    no_queue = {"desk": {"rejects_wronged": share(0.4)}}
    clerks_, none = (
        run(plain(tmp_path / name, {}, p)).tallies
        for name, p in (("clerks", {"desk": desk}), ("none", no_queue))
    )
    assert clerks_.equals(none)
