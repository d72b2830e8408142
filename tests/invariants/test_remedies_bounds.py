"""Bounds that hold the rules: acts that do not count, measures that may not follow, grounds."""

from typing import Any

import numpy as np
import pytest

from mechanisms import BOTH, FINE, FIRM_ACT, a_list, ground, mixed, points
from remedies_small import bound, live, sums
from scslab.core.contexts import act_context, act_gravity, measure_context, measure_severity
from scslab.core.tables import NO_LIST
from small import (
    BREACH,
    OTHER,
    agency,
    held,
    in_first_month,
    monthly,
    months,
    one_list,
    one_score,
    run,
    share,
    study,
    totals,
    write_regime,
    yes,
)

ACTS = (BREACH, OTHER, FINE)
LATER = yes(False, ("2020-06-01", True))
PARTS = {
    "persons": 1500,
    "length": 10,
    "conduct": {act: {"rate": monthly(0.05)} for act in ACTS},
    "agencies": agency(*ACTS),
}


def made(folder, bounds: dict | None, practice: dict | None = None, **parts: Any):
    """A regime with a list and, where `score` is given, a score."""
    regime = {k: parts.pop(k) for k in ("lists", "score", "grades", "remedy") if k in parts}
    regime |= {"bounds": bounds} if bounds else {}
    write_regime(folder, "bounded", **({"lists": one_list(ACTS, None)} | regime))
    use = {"use": "bounded", "practice": practice or {}}
    use |= {k: parts.pop(k) for k in ("bites",) if k in parts}
    return study(folder, regimes=[use], **(PARTS | parts))


# Acts that do not count


@pytest.mark.parametrize(
    ("pattern", "out"),
    [("traffic.ticket", {FINE}), ("traffic.*", {FINE}), ("*.refused", {OTHER}), ("*", set(ACTS))],
)
def test_acts_that_match_are_no_ground_and_cost_no_points(tmp_path, pattern, out):
    score = one_score(1000) | {"acts": {a: {"says": "P", "points": points(-1)} for a in ACTS}}
    file = made(tmp_path, bound(acts=[pattern]), score=score)
    seen = set()
    for world, _, state, (shard,) in live(file):
        seen |= {world.conducts[k] for k in shard.entries["conduct"]}
        counted = sum(a["conduct"] >= 0 for a in shard.acts)
        assert counted > 50
        assert (state.score[0] <= 1000).all()
    assert seen == set(ACTS) - out
    found = sums(run(file))
    plain = sums(run(made(tmp_path / "plain", None, score=score)))
    assert found["acts"] == plain["acts"]  # the regime still looks at them
    if out == set(ACTS):
        assert found["entries"] == found["points_lost"] == 0
    else:
        assert 0 < found["points_lost"] < plain["points_lost"]


def test_what_stands_ends_in_the_month_of_the_bound(tmp_path):
    """The listings on the act are lifted; those on other acts stay."""
    file = made(tmp_path, bound(acts=["traffic.*"], holds=LATER))
    fine = ACTS.index(FINE)
    for _, month, state, (shard,) in live(file):
        rows = shard.entries
        if month.index == 4:
            standing = (rows["conduct"] == fine).sum()
            others = (rows["conduct"] != fine).sum()
            assert standing > 50 and others > 100
        if month.index >= 5:
            assert not (rows["conduct"] == fine).any()
            assert (rows["conduct"] != fine).sum() > others
        on_file = np.zeros(1500, bool)
        on_file[rows["subject"]] = True
        assert ((state.listed[0] != 0) == on_file).all()
    found = run(file)
    lifted = totals(found, "lifted")
    assert lifted[5] == lifted.sum() == standing == totals(found, "exits").sum()


def test_a_bound_can_end_and_the_act_counts_again(tmp_path):
    holds = yes(True, ("2020-04-01", False))
    found = run(made(tmp_path, bound(acts=["*"], holds=holds)))
    entries = totals(found, "entries")
    assert (entries[:3] == 0).all() and (entries[3:] > 0).all()


def test_an_act_towards_a_ground_of_several_is_forgotten(tmp_path):
    often = {"g": ground(FINE, times=held("times", 3), within=months(9))}
    file = made(tmp_path, bound(acts=[FINE], holds=LATER), lists={"often": a_list(grounds=often)})
    for _, month, _, (shard,) in live(file):
        assert (len(shard.entries) > 0) == (month.index < 5)


@pytest.mark.parametrize("objects", [True, False])
def test_points_of_the_act_are_given_back(tmp_path, objects):
    """With records kept one by one, because somebody may object, or without."""
    score = one_score(1000, breach=-10) | {"lowest": points(0)}
    practice = {"objects_wronged": share(0.0)} if objects else {}
    file = made(tmp_path, bound(acts=[BREACH], holds=LATER), practice, score=score, lists={})
    found = run(file)
    assert totals(found, "points_lost")[:5].sum() > 2000
    assert (totals(found, "score_sum")[5:] == 1500 * 1000).all()
    *_, (_, _, _, (shard,)) = live(file)
    assert not (shard.entries["list"] == NO_LIST).any()


def test_a_bound_on_acts_of_no_rule_changes_nothing(tmp_path):
    plain = run(made(tmp_path / "plain", None))
    assert run(made(tmp_path, bound(acts=["petition.*"]))).tallies.equals(plain.tallies)


# Measures that may not follow

EFFECTS = {
    name: {"says": name, "holds": yes()} for name in ("flights", "no_honours", "bank_credit")
}
BITES = {"bites": dict.fromkeys(EFFECTS, held("attempts per listed person-year", 6))}


def bitten(file) -> dict[str, int]:
    """Person-months under each measure."""
    rows = run(file).table("measures").groupby("measure", observed=True)["person_months"].sum()
    names = [name for use in file.study.regimes for name in use.bites]
    return dict.fromkeys(names, 0) | {str(k): int(v) for k, v in rows.items()}


def with_effects(folder, bounds: dict | None, acts: tuple = (BREACH,), **more: Any):
    effects = more.pop("effects", EFFECTS)
    more.setdefault("bites", BITES["bites"])
    lists = {"listed": a_list(*acts, effects=effects)}
    return made(folder, bounds, lists=lists, **more)


def test_a_measure_by_name_or_pattern_does_not_bite(tmp_path):
    plain = bitten(with_effects(tmp_path / "plain", None))
    assert min(plain.values()) > 1000
    for pattern, out in (("flights", {"flights"}), ("*_*", {"no_honours", "bank_credit"})):
        got = bitten(with_effects(tmp_path / pattern[:2], bound(effects=[pattern])))
        assert got == {name: 0 if name in out else n for name, n in plain.items()}
    rows = run(with_effects(tmp_path / "again", bound(effects=["flights"]))).table("measures")
    assert set(rows["measure"]) == {"no_honours", "bank_credit"}
    assert (rows["refused"] > 0).all()


def test_a_measure_stops_on_the_day_of_the_bound(tmp_path):
    file = with_effects(tmp_path, bound(effects=["flights"], holds=LATER))
    rows = run(file).table("measures")
    by_month = rows[rows["measure"] == "flights"].groupby("month", observed=True)["refused"].sum()
    assert (by_month[:5] > 0).all() and (by_month[5:] == 0).all()


def test_only_measures_of_the_same_field_of_life_follow(tmp_path):
    """A listing for a contract and one for a fine stand side by side on one list."""
    assert (act_context(BREACH), act_context(FINE)) == ("money", "traffic")
    assert [measure_context(x) for x in EFFECTS] == ["travel", "honour", "money"]
    for act, follows in ((BREACH, {"bank_credit"}), (FINE, set())):
        got = bitten(with_effects(tmp_path / act, bound(only="related"), (act,)))
        assert {k for k, v in got.items() if v} - {"no_honours"} == follows
    both = bitten(with_effects(tmp_path / "both", bound(only="related"), (BREACH, FINE)))
    *_, (_, _, _, (shard,)) = live(with_effects(tmp_path / "l", None, (BREACH, FINE)))
    share_ = (shard.entries["conduct"] == ACTS.index(BREACH)).mean()
    everybody = bitten(with_effects(tmp_path / "l", None, (BREACH, FINE)))["bank_credit"]
    assert 0.4 < share_ < 0.6
    assert abs(both["bank_credit"] / everybody - share_) < 0.1


def test_the_file_can_say_in_which_field_a_measure_bites(tmp_path):
    effects = {"flights": {"says": "F", "context": "traffic", "holds": yes()}}
    bites = {"bites": {"flights": BITES["bites"]["flights"]}}
    for act, follows in ((FINE, True), (OTHER, False)):
        file = with_effects(tmp_path / act, bound(only="related"), (act,), effects=effects, **bites)
        assert (bitten(file)["flights"] > 0) == follows


def test_of_an_unknown_measure_nothing_is_known_to_bar_it(tmp_path):
    effects = {"a_thing_of_our_own": {"says": "T", "holds": yes()}}
    bites = {"bites": {"a_thing_of_our_own": BITES["bites"]["flights"]}}
    for only in ("related", "proportionate"):
        file = with_effects(tmp_path / only, bound(only=only), effects=effects, **bites)
        assert bitten(file)["a_thing_of_our_own"] > 1000


def test_only_measures_no_more_severe_than_the_act_is_grave_follow(tmp_path):
    gravity = {act: act_gravity(act) for act in ACTS}
    assert gravity == {BREACH: "ordinary", OTHER: "serious", FINE: "slight"}
    names = ("no_honours", "flights", "company_posts")
    assert [measure_severity(x) for x in names] == ["slight", "ordinary", "serious"]
    effects = {x: {"says": x, "holds": yes()} for x in names}
    bites = {"bites": dict.fromkeys(names, BITES["bites"]["flights"])}
    for act, count in ((FINE, 1), (BREACH, 2), (OTHER, 3)):
        file = with_effects(
            tmp_path / act, bound(only="proportionate"), (act,), effects=effects, **bites
        )
        got = bitten(file)
        assert {k for k, v in got.items() if v} == set(names[:count])
    # What the file says of a measure wins.
    effects["no_honours"]["severity"] = "serious"
    file = with_effects(
        tmp_path / "said", bound(only="proportionate"), (FINE,), effects=effects, **bites
    )
    assert set(bitten(file).values()) == {0}


def test_of_a_listing_elsewhere_the_acts_behind_it_are_asked(tmp_path):
    """Flights may follow from the list that rests on a fine, not through what follows it."""
    write_regime(tmp_path, "source", lists={"listed": a_list(FINE)})
    listed = {"says": "L", "listed_on": ["source/listed"], "follows": True, "holds": yes()}
    effects = {
        "flights": {"says": "F", "holds": yes()},
        "parking": {"says": "P", "holds": yes()},
    }
    lists = {"follows": {"says": "F", "grounds": {"g": listed}, "effects": effects}}
    bites = {"bites": dict.fromkeys(effects, BITES["bites"]["flights"])}
    got = {}
    for name, bounds in (("plain", {}), ("bounded", {"bounds": bound(only="related")})):
        write_regime(tmp_path, name, lists=lists, **bounds)
        file = study(tmp_path, regimes=["source", {"use": name, **bites}], **PARTS)
        got[name] = bitten(file)
    assert got["plain"]["flights"] == got["plain"]["parking"] == got["bounded"]["parking"] > 1000
    assert got["bounded"]["flights"] == 0


def test_a_measure_barred_by_name_does_not_follow_from_a_grade_either(tmp_path):
    low = {"says": "G", "grades": ["B"], "holds": yes()}
    file = made(
        tmp_path,
        bound(effects=["flights"]),
        score=one_score(1000, breach=-1),
        grades={"lowest": "B", "floors": {"A": points(2000)}},
        lists={"low": a_list(grounds={"g": low}, effects=EFFECTS)},
        **BITES,
    )
    got = bitten(file)
    assert got["bank_credit"] > 1000 and got["flights"] == 0


# Grounds that may not hold


def kin(*also: str, of: str = "family", **more: Any) -> dict:
    listed = {"says": "K", "listed_on": ["source/listed"], "of": of, "holds": yes()}
    grounds = {"kin": listed} | ({"own": ground(*also)} if also else {})
    return {"kin": {"says": "K", "grounds": grounds, **more}}


def follower(folder, bounds: dict, lists: dict):
    write_regime(folder, "source", lists=one_list((BREACH,), None))
    write_regime(folder, "bounded", lists=lists, **({"bounds": bounds} if bounds else {}))
    return study(folder, regimes=["source", "bounded"], **PARTS)


def test_listings_of_the_family_are_no_ground(tmp_path):
    plain = sums(run(follower(tmp_path / "plain", {}, kin())), "bounded")
    bounds = bound(listings_of=["family"])
    found = sums(run(follower(tmp_path, bounds, kin())), "bounded")
    assert plain["entries"] > 200 and found["entries"] == 0
    other = sums(run(follower(tmp_path / "o", bound(listings_of=["representative"]), kin())))
    assert other["entries"] > plain["entries"]  # with those of the source


def test_ones_own_listings_stay_a_ground(tmp_path):
    bounds = bound(listings_of=["family", "representative"])
    found = [run(follower(tmp_path / str(len(b)), b, kin(of="same"))) for b in ({}, bounds)]
    assert found[0].tallies.equals(found[1].tallies)
    assert sums(found[0], "bounded")["entries"] > 200


def test_kin_on_the_list_leave_when_the_bound_comes_and_others_stay(tmp_path):
    file = follower(tmp_path, bound(listings_of=["family"], holds=LATER), kin(OTHER))
    own = ACTS.index(OTHER)
    for _, month, _, (shard,) in live(file):
        mine = shard.entries[shard.entries["regime"] == 1]
        kin_ = (mine["conduct"] != own).sum()
        if month.index == 4:
            assert kin_ > 100
        assert (kin_ == 0) == (month.index in (0, 5, 6, 7, 8, 9))
    assert (totals(run(file), "entries", "bounded")[5:] > 0).all()  # by their own acts


def test_a_list_of_nobody_but_kin_closes(tmp_path):
    found = run(follower(tmp_path, bound(listings_of=["family"], holds=LATER), kin()))
    listed = totals(found, "listed", "bounded")
    assert listed[4] > 100 and (listed[5:] == 0).all()
    assert totals(found, "lifted", "bounded")[5] == listed[4]


def test_firms_and_those_who_represent_them(tmp_path):
    write_regime(
        tmp_path, "source", who={"subjects": ["organisations"]}, lists=one_list((FIRM_ACT,), None)
    )
    write_regime(
        tmp_path,
        "bounded",
        lists=kin(of="representative"),
        bounds=bound(listings_of=["representative"], holds=LATER),
    )
    acts = {a: {"rate": monthly(0.1)} for a in (FIRM_ACT, BOTH)}
    file = mixed(tmp_path, "source", "bounded", conduct=acts, length=8)
    listed = totals(run(file), "listed", "bounded")
    assert listed[4] > 50 and (listed[5:] == 0).all()


def fielded(*fields: str | None) -> dict:
    """A list with a ground for each act; the first in the first field, and so on."""
    more = [{"field": f} if f else {} for f in fields]
    grounds = {f"g{i}": ground(ACTS[i], **x) for i, x in enumerate(more)}
    return {"listed": a_list(grounds=grounds)}


def test_only_lists_in_the_four_fields(tmp_path):
    bounds = bound(only="four-fields", holds=LATER)
    for fields, open_ in (
        ((None,), []),
        (("legal-duty",), [BREACH]),
        (("market-and-order", None, "defence"), [BREACH, FINE]),
    ):
        file = made(tmp_path / str(len(fields) + len(open_)), bounds, lists=fielded(*fields))
        new: set[str] = set()
        for world, month, _, (shard,) in live(file):
            if month.index == 4:
                assert len(shard.entries) > 100
            if month.index >= 5:
                rows = shard.entries[shard.entries["decided"] == month.index]
                new |= {world.conducts[k] for k in rows["conduct"]}
                assert open_ or not len(shard.entries)
        assert new == set(open_)


def test_where_one_ground_is_in_the_four_fields_others_list_nobody_new(tmp_path):
    """Entries that stand on a ground outside run out: only a list with no ground left closes."""
    bounds = bound(only="four-fields", holds=LATER)
    file = made(tmp_path, bounds, lists=fielded("legal-duty", None))
    *_, (_, _, _, (shard,)) = live(file)
    outside = shard.entries[shard.entries["conduct"] != ACTS.index(BREACH)]
    inside = shard.entries[shard.entries["conduct"] == ACTS.index(BREACH)]
    assert len(outside) and outside["decided"].max() < inside["decided"].max()


def test_a_list_that_follows_another_is_asked_in_no_field(tmp_path):
    bounds = bound(only="four-fields")
    plain, found = (
        run(follower(tmp_path / name, b, kin(of="same")))
        for name, b in (("plain", {}), ("bounded", bounds))
    )
    assert plain.tallies.equals(found.tallies)


def test_a_list_by_score_without_a_field_closes(tmp_path):
    low = {"says": "L", "score_below": points(995), "holds": yes()}
    for field, closed in ((None, True), ("legal-duty", False)):
        lists = {"low": a_list(grounds={"g": low | ({"field": field} if field else {})})}
        score = one_score(1000, breach=-10)
        file = made(
            tmp_path / str(field), bound(only="four-fields", holds=LATER), score=score, lists=lists
        )
        listed = totals(run(file), "listed")
        assert listed[4] > 100 and (listed[5:] == 0).all() == closed


def test_praise_is_bound_by_acts_alone(tmp_path):
    red = {"red": a_list(BREACH, colour="red")}
    plain = run(made(tmp_path / "plain", None, lists=red))
    assert run(made(tmp_path, bound(only="four-fields"), lists=red)).tallies.equals(plain.tallies)
    assert sums(run(made(tmp_path / "a", bound(acts=["*"]), lists=red)))["entries"] == 0


def test_the_bounds_of_one_regime_bind_no_other(tmp_path):
    write_regime(tmp_path, "free", lists=one_list(ACTS, None))
    write_regime(tmp_path, "bounded", lists=one_list(ACTS, None), bounds=bound(acts=["*"]))
    both = run(study(tmp_path, regimes=["bounded", "free"], **PARTS))
    alone = run(study(tmp_path, regimes=["free"], **PARTS))
    rows = both.tallies[both.tallies["regime"] == "free"].reset_index(drop=True)
    assert rows.drop(columns="regime").equals(alone.tallies.drop(columns="regime"))
    assert sums(both, "bounded")["entries"] == 0


def test_two_bounds_bind_together(tmp_path):
    two = {
        "one": bound(acts=[FINE])["it"],
        "two": bound(acts=[OTHER], holds=LATER)["it"],
    }
    conduct = {act: {"rate": in_first_month(0.3)} for act in ACTS}
    file = made(tmp_path, two, conduct=conduct)
    for world, month, _, (shard,) in live(file):
        acts = {world.conducts[k] for k in shard.entries["conduct"]}
        assert acts == ({BREACH, OTHER} if month.index < 5 else {BREACH})
