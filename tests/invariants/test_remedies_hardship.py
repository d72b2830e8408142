"""Listings brought about by hardship: the same act is hardship everywhere; who is let off."""

import math
from typing import Any

import numpy as np
import pytest

from mechanisms import a_list
from remedies_small import ALL_TOLD, FAULTS, channel, hardship, live, sums
from scslab.core.draws import unit_for
from scslab.core.tables import FILED, HARDSHIP_LISTED, TRUE, WAITING
from scslab.world.remedies.ways import HARDSHIP
from small import (
    BREACH,
    OTHER,
    agency,
    desk_monthly,
    in_first_month,
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

PARTS = {"persons": 10_000, "length": 5}
ONCE = {"conduct": {BREACH: {"rate": in_first_month(0.3)}}}
ILL = {"hardship": {"says": "Ill", "holds": yes()}}
TOLD = {"notice": share(1.0)}


def spread(n: float, p: float) -> float:
    return math.sqrt(n * p * (1 - p))


def made(folder, cases: dict | None, remedy: dict | None = None, **parts: Any):
    """One list of no term; whoever is listed is told at once, unless `practice` says otherwise."""
    lists = parts.pop("lists", None) or one_list(**({"stays": None} | parts.pop("rules", {})))
    write_regime(folder, "a-list", lists=lists, remedy=ILL if remedy is None else remedy)
    practice = {} if cases is None else {"hardship": cases}
    use = {"use": "a-list", "practice": TOLD | practice | parts.pop("practice", {})}
    return study(folder, regimes=[use], **(PARTS | ONCE | parts))


def test_a_share_of_true_acts_is_hardship_by_group(tmp_path):
    varies = [{"with": "sex", "times": {"female": 0.5}, "source": "made-up"}]
    file = made(tmp_path, hardship(0.6, varies=varies), agencies=agency(**FAULTS))
    found = run(file)
    rows = found.tallies.groupby("sex", observed=True)[
        ["entries", "wrongful_entries", "hardship_entries"]
    ].sum()
    for sex, p in (("female", 0.3), ("male", 0.6)):
        n = rows.loc[sex, "entries"] - rows.loc[sex, "wrongful_entries"]
        assert n > 500 and rows.loc[sex, "wrongful_entries"] > 100
        assert near(rows.loc[sex, "hardship_entries"], n * p, spread(n, p))
    # Nobody leaves, so all who came stand.
    standing = totals(found, "hardship_entries").cumsum()
    assert (totals(found, "hardship_listed") == standing).all()


def records(file, regime: int) -> set[int]:
    *_, (_, _, _, (shard,)) = live(file)
    rows = shard.entries
    return {int(r) for r in rows[rows["regime"] == regime]["record"]}


def test_the_same_act_is_hardship_in_all_systems(tmp_path):
    """Both let off all who are in hardship, and nobody else: the same acts remain."""
    for name in ("one", "two", "three"):
        write_regime(tmp_path, name, lists=one_list(stays=None), remedy=ILL)
    lets_off = [hardship(p, 1.0, 1.0) for p in (0.4, 0.4, 0.7)]
    uses = [
        {"use": name, "practice": TOLD | {"hardship": cases}}
        for name, cases in zip(("one", "two", "three"), lets_off, strict=True)
    ]
    faults = agency(wrong_subject=share(0.3))
    file = study(tmp_path, regimes=uses, agencies=faults, **(PARTS | ONCE))
    one, two, three = (records(file, regime) for regime in range(3))
    assert one == two and three < one
    found = run(file)
    for column in ("hardship_entries", "exempted", "listed"):
        assert (totals(found, column, "one") == totals(found, column, "two")).all()
    assert (totals(found, "hardship_listed") == 0).all()
    n = sums(found, "one")["entries"] - sums(found, "one")["wrongful_entries"]
    assert near(sums(found, "one")["exempted"], 0.4 * n, spread(n, 0.4))


def test_applications_are_made_and_granted_at_their_shares(tmp_path):
    others = {"applies_others": share(0.3), "grants_others": share(0.2)}
    found = run(made(tmp_path, hardship(0.5, 0.6, 0.7, **others)))
    entries, ill = sums(found)["entries"], sums(found)["hardship_entries"]
    let_off = sums(found)["exempted"]
    mean = ill * 0.42 + (entries - ill) * 0.06
    assert near(let_off, mean, math.hypot(spread(ill, 0.42), spread(entries - ill, 0.06)))
    # Those in hardship who are let off are off the books.
    left = ill - totals(found, "hardship_listed")[-1]
    assert near(left, ill * 0.42, spread(ill, 0.42))


def test_who_is_let_off_leaves_once_and_objects_no_more(tmp_path):
    practice = ALL_TOLD | {"desk": {"decisions": desk_monthly(0.0)}}
    found = run(made(tmp_path, hardship(1.0, 0.5, 1.0), practice=practice))
    one = sums(found)
    assert one["exempted"] == one["exits"] > 1000
    assert one["exempted"] + one["objections"] == one["entries"]
    for column in ("expired", "lifted", "removed_by_correction", "repaired", "corrected"):
        assert one[column] == 0, column
    assert totals(found, "listed")[-1] == one["entries"] - one["exempted"]
    assert totals(found, "waiting")[-1] == one["objections"]


def test_who_is_let_off_before_the_listing_was_never_listed(tmp_path):
    file = made(tmp_path, hardship(1.0, 0.5, 1.0), rules={"waits": months(2)})
    found = run(file)
    one = sums(found)
    assert one["exempted"] > 1000 and one["exits"] == 0
    assert totals(found, "exempted").nonzero()[0].tolist() == [0]
    n = one["exempted"] + one["entries"]
    assert near(one["exempted"], 0.5 * n, spread(n, 0.5))
    assert (totals(found, "hardship_listed")[2:] == one["entries"]).all()
    # No bit stays behind in the files: the same person can be listed by a later act.
    for world, _, state, (shard,) in live(file):
        on_file = np.zeros(world.society.subjects, bool)
        on_file[shard.entries[shard.entries["list"] >= 0]["subject"]] = True
        assert ((state.listed[0] != 0) == on_file).all()


def test_who_is_told_late_leaves_late(tmp_path):
    practice = {"notice": None, "notices": {"post": channel(1.0, 2)}}
    found = run(made(tmp_path, hardship(1.0, 1.0, 1.0), practice=practice))
    assert totals(found, "exempted").nonzero()[0].tolist() == [2]
    assert (totals(found, "hardship_listed") == totals(found, "listed")).all()
    assert (totals(found, "listed")[:2] > 1000).all() and totals(found, "listed")[2] == 0


def test_only_the_acts_of_the_rules_can_be_hardship(tmp_path):
    remedy = {"hardship": {"says": "Ill", "acts": [OTHER], "holds": yes()}}
    others = {"applies_others": share(1.0), "grants_others": share(1.0)}
    for acts in ((BREACH,), (OTHER,)):
        found = run(
            made(
                tmp_path / acts[0],
                hardship(1.0, 1.0, 1.0, **others),
                remedy,
                lists=one_list(acts, None),
                conduct={acts[0]: {"rate": in_first_month(0.3)}},
                agencies=agency(*acts),
            )
        )
        one = sums(found)
        expected = one["entries"] if acts == (OTHER,) else 0
        assert one["hardship_entries"] == one["exempted"] == expected
        assert one["entries"] > 1000


def test_the_wrongly_listed_are_not_in_hardship_but_may_ask(tmp_path):
    cases = hardship(1.0, 0.0, 0.0, applies_others=share(1.0), grants_others=share(0.5))
    found = run(made(tmp_path, cases, agencies=agency(**FAULTS)))
    one = sums(found)
    n = one["wrongful_entries"]
    assert one["hardship_entries"] == one["entries"] - n
    assert near(one["exempted"], 0.5 * n, spread(n, 0.5))
    assert one["wrongful_exits"] == one["exempted"]
    assert one["wrongs_corrected"] == 0  # let off is not corrected


@pytest.mark.parametrize("why", ["no rule", "not yet", "no practice"])
def test_nobody_is_let_off_without_rule_and_practice(tmp_path, why):
    later = {"hardship": {"says": "Ill", "holds": yes(False, ("2020-12-01", True))}}
    remedy = {"no rule": {}, "not yet": later, "no practice": ILL}[why]
    cases = None if why == "no practice" else hardship(0.5, 1.0, 1.0)
    found = run(made(tmp_path, cases, remedy))
    assert sums(found)["exempted"] == 0
    # Hardship is there all the same, where the study says so.
    assert (sums(found)["hardship_entries"] > 500) == (why != "no practice")


def test_a_listing_that_moves_on_takes_its_hardship_along(tmp_path):
    lists = {
        "first": a_list(BREACH, escalates={"to": "second", "after": months(2)}),
        "second": a_list(OTHER, stays=months(2)),
    }
    found = run(made(tmp_path, hardship(1.0), lists=lists, length=6))
    one = sums(found)
    assert one["entries"] == 2 * totals(found, "entries")[0] > 4000
    assert one["hardship_entries"] == one["entries"]
    assert (totals(found, "hardship_listed") == totals(found, "listed")).all()
    assert totals(found, "listed")[-1] == 0


def test_the_end_of_an_exemption_is_told_to_those_who_follow(tmp_path):
    listed = {"says": "L", "listed_on": ["a-list/listed"], "follows": True, "holds": yes()}
    write_regime(tmp_path, "follower", lists={"follows": {"says": "F", "grounds": {"g": listed}}})
    write_regime(tmp_path, "a-list", lists=one_list(stays=None), remedy=ILL)
    late = {"notices": {"post": channel(1.0, 2)}, "hardship": hardship(1.0, 1.0, 1.0)}
    uses = [{"use": "a-list", "practice": late}, "follower"]
    found = run(study(tmp_path, regimes=uses, **(PARTS | ONCE)))
    assert totals(found, "exempted", "a-list")[2] == totals(found, "lifted", "follower")[3] > 1000


def test_nobody_is_let_off_a_score(tmp_path):
    write_regime(tmp_path, "points", score=one_score(1000, breach=-10), remedy=ILL)
    practice = ALL_TOLD | {"hardship": hardship(1.0, 1.0, 1.0)}
    practice["desk"] = {"decisions": desk_monthly(0.0)}
    use = {"use": "points", "practice": practice}
    file = study(tmp_path, regimes=[use], **(PARTS | ONCE))
    found = run(file)
    assert sums(found)["exempted"] == sums(found)["hardship_entries"] == 0
    assert (totals(found, "score_sum") == 10_000 * 1000 - totals(found, "points_lost")[0]).all()


def test_hardship_stocks_are_what_stands(tmp_path):
    """Acts every month, exits by expiry, correction and exemption: counted anew each month."""
    practice = ALL_TOLD | {"desk": {"corrects_rightful": share(0.3)}}
    cases = hardship(0.5, 0.3, 0.8)
    conduct = {BREACH: {"rate": monthly(0.1)}}
    parts = {"conduct": conduct, "length": 10, "persons": 3000, "agencies": agency(**FAULTS)}
    lets = made(tmp_path / "lets", cases, rules={"stays": months(3)}, practice=practice, **parts)
    seen_listed = seen_free = 0
    for world, _, _, (shard,) in live(lets):
        true = shard.entries[shard.entries["truth"] == TRUE]
        stock = shard.books.stocks[0, :, HARDSHIP_LISTED].sum()
        ill = _in_hardship(true["record"], 0.5)
        assert stock == ill.sum()
        assert shard.books.stocks[0, :, WAITING].sum() == (shard.entries["state"] == FILED).sum()
        seen_listed += ill.sum()
        seen_free += (~ill).sum()
        assert world.regimes[0].id == "a-list"
    assert seen_listed > 500 and seen_free > 500


def _in_hardship(record: np.ndarray, part: float) -> np.ndarray:
    return np.array([unit_for(np.uint64(r), HARDSHIP) < part for r in record], bool)
