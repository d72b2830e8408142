"""Listings that travel: to the same subject, to a representative, to a family; late and in part."""

from typing import Any

import numpy as np
import pytest

from dossiers import checked, gather, lists_of, same_lists, verdict_on
from mechanisms import FIRM_ACT, society, whole_country
from scslab.core.errors import ScslabError
from scslab.core.files import sha256
from scslab.core.tables import LISTED, TRUE
from scslab.lab.pipeline import who_is_told
from small import (
    BREACH,
    OTHER,
    agency,
    everything,
    false_monthly,
    in_first_month,
    monthly,
    months,
    one_list,
    one_score,
    points,
    run,
    share,
    step_through,
    study,
    totals,
    write_regime,
    yes,
)

ONCE = {BREACH: {"rate": in_first_month(0.3)}}
CUTS = [(1, 2), (1, 3), (1, 7), (2, 2), (2, 7)]


def following(listed_on: str = "source/listed", of: str = "same", **more: Any) -> dict:
    """A list that stands while another one does."""
    ground = {"says": "Listed there", "listed_on": [listed_on], "of": of, "holds": yes()}
    return {"follows": {"says": "F", "grounds": {"g": ground | {"follows": True}}, **more}}


def pair(folder, stays: Any = 3, receives: dict | None = None, **parts: Any):
    """A list, and one that follows it; `lists` and `score` go to the follower."""
    source = {k: parts.pop(k) for k in ("practice",) if k in parts}
    write_regime(folder, "source", lists=one_list((BREACH,), stays, **parts.pop("rules", {})))
    own = {"lists": parts.pop("lists", following())}
    own |= {k: parts.pop(k) for k in ("score", "grades", "who") if k in parts}
    write_regime(folder, "follower", **own)
    uses = [{"use": "source", **source}, {"use": "follower", "receives": receives or {}}]
    parts = {"persons": 600, "length": 12, "conduct": ONCE} | parts
    return study(folder, **({"regimes": uses} | parts))


@pytest.mark.parametrize("delay", [0, 2])
def test_a_list_that_follows_begins_and_ends_a_month_later_and_the_delay(tmp_path, delay):
    file = pair(tmp_path, receives={"delay": months(delay)})
    for _ in checked(file):
        pass
    found = run(file)
    for column in ("entries", "exits", "listed"):
        expected = totals(found, column, "source")[: 11 - delay]
        got = totals(found, column, "follower")
        assert (got[1 + delay :] == expected).all() and (got[: 1 + delay] == 0).all()
    assert totals(found, "lifted", "follower").sum() == totals(found, "entries", "source")[0] > 100


@pytest.mark.parametrize("stays", [2, 5])
def test_followers_and_their_dossiers_agree(tmp_path, stays):
    conduct = {BREACH: {"rate": monthly(0.06)}, OTHER: {"rate": monthly(0.06)}}
    lists = following() | {"own": one_list((OTHER,), 4)["listed"]}
    lists["also"] = following(extends=months(1))["follows"]
    lists["also"]["grounds"]["g"].pop("follows")
    lists["also"]["stays"] = months(3)
    file = pair(
        tmp_path, stays, lists=lists, conduct=conduct, agencies=agency(BREACH, OTHER), length=13
    )
    count, on = same_lists(file, regime=1)
    assert count > 200 and min(on.values()) > 20


def test_points_for_a_listing_elsewhere_are_given_back(tmp_path):
    listings = {"source/listed": {"says": "Listed there", "points": points(-30)}}
    file = pair(tmp_path, lists={}, score=one_score(1000) | {"listings": listings})
    for _, month, state, _ in checked(file):
        low = (state.score[0] == 970).sum()
        assert (low > 100) == (1 <= month.index < 4)
        assert low == (state.score[0] != 1000).sum()


def test_a_ladder_falls_while_a_listing_stands(tmp_path):
    listings = {"source/listed": {"says": "L", "cuts": {"to": "C", "holds": yes()}}}
    grades = {"ladder": ["A", "B", "C"], "start": "A", "listings": listings}
    for _, month, state, _ in checked(pair(tmp_path, lists={}, grades=grades)):
        assert ((state.score[0] == 0).sum() > 100) == (1 <= month.index < 4)


def test_wrongs_travel_with_the_listing(tmp_path):
    faults = {"wrong_subject": share(0.3), "from_nothing": false_monthly(0.01)}
    found = run(pair(tmp_path, agencies=agency(**faults)))
    for column in ("wrongful_entries", "wrongful_exits", "wrongful_listed"):
        one, two = (totals(found, column, r) for r in ("source", "follower"))
        assert one.sum() > 50 and (two[1:] == one[:-1]).all()


def test_a_wrong_that_is_corrected_at_once_ends_with_the_follower_too(tmp_path):
    """The entry begins and ends in one month, so nobody hears of it, or hears of both."""
    faults = {"wrong_subject": share(0.3), "from_nothing": false_monthly(0.02)}
    practice = {"notice": share(1.0), "objects_wronged": share(1.0)}
    file = pair(tmp_path, agencies=agency(**faults), practice=practice)
    *_, (world, _, state, parts) = checked(file)
    assert totals(run(file), "corrected_wronged", "source").sum() > 50
    assert (parts[0].entries["truth"] == TRUE).all()
    assert totals(run(file), "wrongful_listed", "follower")[-1] == 0


@pytest.mark.parametrize("gap", [False, True])
def test_what_follows_ends_when_the_rule_to_follow_has_ended(tmp_path, gap):
    """A ground that holds no more opens nothing; what it opened ends with the other listing."""
    lists = following()
    lists["follows"]["grounds"]["g"]["holds"] = yes(True, ("2020-03-01", False)) if gap else yes()
    assert totals(run(pair(tmp_path, lists=lists)), "listed", "follower")[-1] == 0


def test_half_of_the_listings_arrive_and_exactly_those_are_lifted(tmp_path):
    file = pair(tmp_path, receives={"coverage": share(0.5)}, persons=3000)
    for _, month, state, _ in checked(file):
        one, two = (state.listed[r] > 0 for r in range(2))
        if month.index == 1:
            assert not (two & ~one).any()
            p = two.sum() / one.sum()
            assert abs(p - 0.5) < 4 * (0.25 / one.sum()) ** 0.5
            arrived = two.copy()
        if month.index == 3:
            assert (two == arrived).all()
    assert not two.any()


@pytest.mark.parametrize("of", ["family", "representative"])
def test_another_person_is_listed_until_the_last_of_the_listings_ends(tmp_path, of):
    """Whoever is family of several listed persons, or speaks for several listed firms."""
    act = BREACH if of == "family" else FIRM_ACT
    conduct = {act: {"rate": monthly(0.05, ("2020-05-01", 0.0))}}
    write_regime(
        tmp_path,
        "source",
        who={"subjects": ["persons"] if of == "family" else ["organisations"]},
        lists=one_list((act,), 4),
    )
    write_regime(tmp_path, "follower", lists=following(of=of))
    file = study(
        tmp_path,
        society=society(300, 600),
        length=12,
        conduct=conduct,
        agencies=agency(act),
        regimes=["source", "follower"],
    )
    before, twice = np.zeros(900, np.int64), 0
    for world, _, state, (shard,) in checked(file):
        assert ((before > 0) == (state.listed[1] > 0)).all()
        twice += (before > 1).sum()
        entries = shard.entries[(shard.entries["list"] >= 0) & (shard.entries["regime"] == 0)]
        told = who_is_told(world, entries)[:, ("same", "representative", "family").index(of)]
        before = np.bincount(told, minlength=900)
        assert (told < 300).all()
    assert twice > 20 or of == "family"  # nobody is family of two


def test_a_listing_that_moves_ends_for_who_follows_the_first_list(tmp_path):
    more = {"escalates": {"to": "grave", "after": months(2)}}
    lists = one_list((BREACH,), None, **more)
    lists["grave"] = one_list(("market.fraud",), 3)["listed"]
    write_regime(tmp_path, "source", lists=lists)
    own = following() | {"grave": following("source/grave")["follows"]}
    write_regime(tmp_path, "follower", lists=own)
    file = study(tmp_path, conduct=ONCE, regimes=["source", "follower"], length=9)
    on = []
    for world, _, state, (shard,) in checked(file):
        listed = [lists_of(world, state, 1, int(s)) for s in shard.entries["subject"][:200]]
        on.append({name for names in listed for name in names})
    assert on == [set()] + [{"follows"}] * 2 + [{"grave"}] * 3 + [set()] * 3


def test_a_list_that_is_not_in_the_study_is_no_error_and_no_trace(tmp_path):
    lists = following() | {"own": one_list((OTHER,), 4)["listed"]}
    conduct = ONCE | {OTHER: {"rate": monthly(0.05)}}
    file = pair(tmp_path, lists=lists, conduct=conduct, agencies=agency(BREACH, OTHER))
    alone = study(
        tmp_path, persons=600, conduct=conduct, agencies=agency(BREACH, OTHER), regimes=["follower"]
    )
    for _ in checked(alone):
        pass
    found = run(alone)
    assert totals(found, "entries").sum() > 0
    assert totals(found, "lifted").sum() == 0
    assert totals(run(file), "lifted", "follower").sum() > 0


def test_a_list_that_the_other_regime_does_not_have_has_its_message(tmp_path):
    with pytest.raises(ScslabError, match='source has no list "listd"') as error:
        run(pair(tmp_path, lists=following("source/listd")))
    assert "listed" in str(error.value)


def test_a_follower_leaves_no_trace_where_listings_deter(tmp_path):
    """Learning hears of moves to another list whether or not somebody follows it."""
    more = {"escalates": {"to": "grave", "after": months(2)}}
    lists = one_list((BREACH,), None, **more)
    lists["grave"] = one_list(("market.fraud",), 3)["listed"]
    write_regime(tmp_path, "source", lists=lists)
    write_regime(tmp_path, "follower", lists=following(of="representative"))
    parts = {"conduct": {BREACH: {"rate": monthly(0.1)}}, "length": 10}
    parts["learning"] = {"own": share(0.9), "tie": share(0.5), "fades": months(6)}
    alone, both = (
        run(study(tmp_path, regimes=uses, **parts)) for uses in (["source"], ["source", "follower"])
    )
    assert (totals(alone, "acts", "source") == totals(both, "acts", "source")).all()


def test_only_ones_own_listing_moves_the_score(tmp_path):
    """That of a relative is a ground of the list, and no more, for both judges."""
    listings = {"source/listed": {"says": "Listed there", "points": points(-30)}}
    score = one_score(1000) | {"listings": listings}
    file = pair(tmp_path, None, lists=following(of="family"), score=score)
    kept, crowded, (world, _, state, _) = gather(file, regime=1)
    kin = [p for p in set(kept) - crowded if all(r["of"] == "family" for r in kept[p])]
    assert len(kin) > 50 and (state.score[0][kin] == 1000).all()
    for person in kin:
        assert verdict_on(world, kept[person], 1).score == 1000


def test_an_exemption_is_from_acts_not_from_listings_elsewhere(tmp_path):
    exempt = {"poor": {"says": "Poor", "holds": yes()}}
    pair(tmp_path, None, who={"exempt": exempt})
    use = {"use": "follower", "exempt": {"poor": {"share": share(1.0)}}}
    found = run(study(tmp_path, persons=600, conduct=ONCE, regimes=["source", use]))
    assert totals(found, "entries", "source").sum() > 50
    assert totals(found, "entries", "follower").sum() > 50


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    """Links, organisations, localities, quotas and oversight on: file and hash, cut nowhere."""
    folder = tmp_path_factory.mktemp("country")
    file = whole_country(folder)
    run(file, out=folder / "run", threads=1, shards=1)
    return file, sha256(folder / "run" / "tallies.parquet")


def test_all_of_it_is_on(country):
    file, _ = country
    for _ in checked(file):
        pass
    sums = run(file).tallies.groupby("regime", observed=True)[["entries", "lifted", "exits"]].sum()
    assert (sums["entries"] > 0).all() and sums.loc["persons-too", "lifted"] > 0


@pytest.mark.parametrize(("threads", "shards"), CUTS)
def test_bits_do_not_depend_on_how_links_are_cut(country, tmp_path, threads, shards):
    file, expected = country
    run(file, out=tmp_path / "run", threads=threads, shards=shards)
    assert sha256(tmp_path / "run" / "tallies.parquet") == expected


@pytest.mark.parametrize("shards", [3, 7])
def test_books_add_up_in_every_cut(country, tmp_path, shards):
    for _, _, _, parts in step_through(country[0], shards=shards):
        assert len(parts) > 1
        assert all((part.books.stocks[:, :, LISTED] >= 0).all() for part in parts)
    months_lived = sum(1 for _ in checked(everything(tmp_path), shards=shards))  # each is checked
    assert months_lived == len(everything(tmp_path).months)


def test_a_ground_that_comes_into_force_takes_up_each_standing_listing_once(tmp_path):
    lists = following()
    lists["follows"]["grounds"]["g"]["holds"] = yes(("2020-05-01", True))
    file = pair(tmp_path, lists=lists, conduct={BREACH: {"rate": monthly(0.1)}}, length=20)
    found = run(file)
    source, follower = (totals(found, "listed", name) for name in ("source", "follower"))
    assert (follower[:4] == 0).all() and 0 < follower[4] < source[3]
    assert (follower[5:] == source[4:-1]).all()


def test_a_listing_that_an_act_began_ends_with_the_one_that_it_came_to_follow(tmp_path):
    lists = following()
    own = {"says": "Did it", "acts": [OTHER], "stays": months(2), "holds": yes()}
    lists["follows"]["grounds"]["own"] = own
    conduct = {act: {"rate": in_first_month(0.5)} for act in (BREACH, OTHER)}
    found = run(pair(tmp_path, lists=lists, conduct=conduct, agencies=agency(BREACH, OTHER)))
    listed = totals(found, "listed", "follower")
    assert listed[1] > listed[0] > 0 and (listed[4:] == 0).all()


def test_listings_by_grade_travel_like_others(tmp_path):
    grades = {"lowest": "D", "floors": {"B": points(10), "C": points(0)}}
    ground = {"says": "Is C", "grades": ["C"], "holds": yes()}
    lists = {"low": {"says": "Those of C", "stays": months(2), "grounds": {"is": ground}}}
    write_regime(tmp_path, "graded", score=one_score(10, breach=-1), grades=grades, lists=lists)
    write_regime(tmp_path, "follower", lists=following("graded/low"))
    file = study(tmp_path, regimes=["graded", "follower"], conduct=ONCE, length=10)
    found = run(file)
    source, follower = (totals(found, "listed", name) for name in ("graded", "follower"))
    assert source[4] > 0 and (follower[1:] == source[:-1]).all()
