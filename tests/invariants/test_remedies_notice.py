"""Notice by several channels, help with objecting, and hearings before a listing takes effect."""

import math

import numpy as np
import pytest

from remedies_small import FAULTS, channel, hearing, live, sums
from scslab.core.tables import FILED, SILENT, TRUE, UNTOLD
from small import (
    BREACH,
    agency,
    desk_monthly,
    held,
    in_first_month,
    listing_study,
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

ONCE = {"persons": 20_000, "length": 6, "conduct": {BREACH: {"rate": in_first_month(0.3)}}}
ALL_OBJECT = {"objects_wronged": share(1.0), "objects_rightful": share(1.0)}
NO_DESK = {"desk": {"decisions": desk_monthly(0.0)}}


def spread(n: float, p: float) -> float:
    return math.sqrt(n * p * (1 - p))


def told(folder, name: str = "a-list", **practice):
    return run(listing_study(folder, None, name, practice=practice, **ONCE))


def test_several_channels_reach_whom_one_of_them_reaches(tmp_path):
    channels = {"letter": channel(0.5), "text": channel(0.4), "board": channel(0.3)}
    found = told(tmp_path, notices=channels, **ALL_OBJECT)
    entries, p = totals(found, "entries")[0], 1 - 0.5 * 0.6 * 0.7
    assert near(totals(found, "told")[0], entries * p, spread(entries, p))
    assert (totals(found, "told")[1:] == 0).all()
    assert (totals(found, "objections") == totals(found, "told")).all()


def test_channels_reach_groups_as_they_are_said_to(tmp_path):
    letter = channel(0.8, sex={"female": 0.25}, residence={"rural": 0.5})
    found = told(tmp_path, notices={"letter": letter, "text": channel(0.1)})
    groups = found.tallies.groupby(["sex", "residence"], observed=True)[["told", "entries"]].sum()
    for sex, times in (("female", 0.25), ("male", 1.0)):
        for residence, more in (("rural", 0.5), ("urban", 1.0)):
            p = 1 - (1 - 0.8 * times * more) * 0.9
            row = groups.loc[sex, residence]
            assert near(row["told"], row["entries"] * p, spread(row["entries"], p))


def test_who_is_reached_twice_is_told_by_the_earliest(tmp_path):
    channels = {"slow": channel(0.6, 3), "fast": channel(0.5, 1), "at-once": channel(0.2, 0)}
    found = told(tmp_path, notices=channels, **ALL_OBJECT)
    left = entries = totals(found, "entries")[0]
    for month, p in ((0, 0.2), (1, 0.5), (3, 0.6)):
        got = totals(found, "told")[month]
        assert near(got, left * p, spread(left, p))
        left -= got
    assert totals(found, "told").sum() == entries - left  # each once
    assert totals(found, "told")[[2, 4, 5]].sum() == 0
    assert (totals(found, "objections") == totals(found, "told")).all()


def test_one_channel_for_all_is_the_plain_notice(tmp_path):
    """The same luck, too: a channel of its own changes nobody's notice."""
    practice = {**ALL_OBJECT, "desk": {"corrects_rightful": share(0.3)}}
    plain = told(tmp_path, notice=share(0.6), **practice)
    by_channel = told(tmp_path, notices={"letter": channel(0.6)}, **practice)
    assert plain.tallies.equals(by_channel.tallies)
    # A second channel tells more, and nobody less.
    two = told(tmp_path, notices={"letter": channel(0.6), "text": channel(0.2)}, **practice)
    assert (two.tallies["told"] >= plain.tallies["told"]).all()


def test_notices_that_take_longer_than_the_stay_come_too_late(tmp_path):
    parts = ONCE | {"practice": ALL_OBJECT | {"notices": {"post": channel(1.0, 3)}}}
    for stays, reached in ((2, 0), (3, 0), (4, 1)):
        found = run(listing_study(tmp_path, stays, f"stays-{stays}", **parts))
        entries = totals(found, "entries")[0]
        # An entry of three months ends in the month in which the letter comes; it comes first.
        expected = entries if stays >= 3 else 0
        assert totals(found, "told").sum() == totals(found, "objections").sum() == expected
        assert totals(found, "expired").sum() == (0 if reached else entries) + reached * entries
        assert totals(found, "waiting")[-1] == 0


def test_who_learns_by_a_refusal_is_not_told_again(tmp_path):
    effects = {"effects": {"flights": {"says": "No flights", "holds": yes()}}}
    practice = {"notices": {"post": channel(1.0, 2)}, "learns_when_refused": yes(), **ALL_OBJECT}
    write_regime(tmp_path, "a-list", lists=one_list(stays=None, **effects))
    rate = held("attempts per listed person-year", 12)
    use = {"use": "a-list", "bites": {"flights": rate}, "practice": practice}
    file = study(tmp_path, regimes=[use], **ONCE)
    found = run(file)
    entries = totals(found, "entries")[0]
    objections, letters = totals(found, "objections"), totals(found, "told")
    p = 1 - math.exp(-1)
    for month in (0, 1):
        n = entries - objections[:month].sum()
        assert near(objections[month], n * p, spread(n, p)) and letters[month] == 0
    # In the third month a refusal comes before the letter does.
    n = entries - objections[:2].sum()
    assert near(letters[2], n * (1 - p), spread(n, p)) and objections[:3].sum() == entries


HELPS = {"reasons": share(0.3), "method": share(0.2), "help": share(0.5)}
RULES = {"reasons": "reasons_given", "method": "method_published", "help": "help_with_objections"}


@pytest.mark.parametrize(
    "granted", [(), ("reasons",), ("method",), ("help",), ("reasons", "method", "help")]
)
def test_help_wins_over_a_share_of_the_wronged_who_would_be_silent(tmp_path, granted):
    remedy = {RULES[name]: yes() for name in granted}
    write_regime(tmp_path, "a-list", lists=one_list(stays=None), remedy=remedy)
    practice = {
        "notice": share(1.0),
        "objects_wronged": share(0.2),
        "objects_rightful": share(0.1),
        "helps": HELPS,
    }
    use = {"use": "a-list", "practice": practice}
    found = run(study(tmp_path, regimes=[use], agencies=agency(**FAULTS), **ONCE))
    silent = 0.8
    for name in granted:
        silent *= 1 - HELPS[name]["rows"][0]["value"]
    wronged, entries = sums(found)["wrongful_entries"], sums(found)["entries"]
    by_wronged = sums(found)["objections_wronged"]
    assert near(by_wronged, wronged * (1 - silent), spread(wronged, silent))
    # Those rightly listed are not helped.
    others, n = sums(found)["objections"] - by_wronged, entries - wronged
    assert near(others, n * 0.1, spread(n, 0.1))


def test_help_changes_nobody_who_would_have_objected_anyhow(tmp_path):
    """The same luck: with help those object who would have, and some more."""
    seen = {}
    for name, remedy in (("plain", {}), ("helped", {"help_with_objections": yes()})):
        write_regime(tmp_path / name, "a-list", lists=one_list(stays=None), remedy=remedy)
        practice = {"notice": share(1.0), "objects_wronged": share(0.4), "helps": HELPS, **NO_DESK}
        use = {"use": "a-list", "practice": practice}
        file = study(tmp_path / name, regimes=[use], agencies=agency(**FAULTS), **ONCE)
        *_, (_, _, _, (shard,)) = live(file)
        seen[name] = {int(r["luck"]) for r in shard.entries if r["state"] == FILED}
    assert seen["plain"] < seen["helped"]


def test_the_wronged_object_where_there_is_nothing_but_help(tmp_path):
    """Then a score keeps its records, too: a correction gives the points back."""
    rules = {"remedy": {"help_with_objections": yes()}}
    write_regime(tmp_path, "points", score=one_score(1000, breach=-10), **rules)
    practice = {"notice": share(1.0), "helps": {"help": share(1.0)}}
    use = {"use": "points", "practice": practice}
    found = run(study(tmp_path, regimes=[use], agencies=agency(**FAULTS), length=6))
    false = totals(found, "misattributed") + totals(found, "from_nothing")
    assert (totals(found, "corrected_wronged") == false).all() and false.sum() > 50
    true = totals(found, "true_records").cumsum()
    assert (totals(found, "score_sum") == 2000 * 1000 - 10 * true).all()


HEARD = {"heard_before_listing": yes()}
WAITS = {"waits": months(2)}


def heard(folder, found: dict, rules: dict | None = None, remedy: dict | None = None, **more):
    """A list that waits two months; its hearings find what is said."""
    lists = one_list(stays=None, **(WAITS if rules is None else rules))
    write_regime(folder, "a-list", lists=lists, remedy=HEARD if remedy is None else remedy)
    use = {"use": "a-list", "practice": {"notice": share(1.0), "hearing": found, **more}}
    return study(folder, regimes=[use], agencies=agency(**FAULTS), **ONCE)


def test_who_is_cleared_is_never_listed(tmp_path):
    found = run(heard(tmp_path, hearing(1.0, 1.0)))
    wronged = totals(found, "misattributed") + totals(found, "from_nothing")
    assert wronged[0] > 1000
    for column in ("wrongful_entries", "wrongful_listed", "exits", "removed_by_correction"):
        assert totals(found, column).sum() == 0, column
    cleared = totals(found, "cleared_wronged")
    assert (totals(found, "cleared") == cleared).all() and (totals(found, "heard") == cleared).all()
    # One hearing for each person to be listed, whatever the records.
    assert 0.8 * wronged[0] < cleared[0] <= wronged[0]
    assert totals(found, "listed")[-1] == totals(found, "entries").sum() > 3000
    assert totals(found, "wrongs_corrected").sum() == totals(found, "months_wronged").sum() == 0


def test_hearings_find_what_they_are_said_to(tmp_path):
    """Those of the first month, whose listings would take effect in the third."""
    plain = run(heard(tmp_path / "plain", hearing(0.0, 0.0)))
    found = run(heard(tmp_path, hearing(0.6, 0.7, (0.5, 0.2))))
    n = totals(plain, "wrongful_entries")[2]
    by_wronged = totals(found, "cleared_wronged")[0]
    assert near(by_wronged, n * 0.42, spread(n, 0.42))
    m = totals(plain, "entries")[2] - n
    by_others = totals(found, "cleared")[0] - by_wronged
    assert near(by_others, m * 0.1, spread(m, 0.1))
    error = math.hypot(spread(n, 0.6), spread(m, 0.5))
    assert near(totals(found, "heard")[0], 0.6 * n + 0.5 * m, error)


def test_paired_with_no_hearing_the_cleared_are_all_that_is_missing(tmp_path):
    """Only in the first month are there records of acts; later ones rest on nothing."""
    parts = ({}, ALL_OBJECT | NO_DESK)
    for i, more in enumerate(parts):
        one = run(heard(tmp_path / f"{i}-one", hearing(0.0, 0.0), **more), months=3)
        two = run(heard(tmp_path / f"{i}-two", hearing(0.5, 0.5, (0.1, 0.5)), **more), months=3)
        assert (totals(one, "acts") == totals(two, "acts")).all()
        assert (totals(one, "records") == totals(two, "records")).all()
        lost = totals(one, "entries")[2] - totals(two, "entries")[2]
        assert lost == totals(two, "cleared")[0] > 500


@pytest.mark.parametrize("why", ["list that takes effect at once", "no rule", "no practice"])
def test_nobody_is_heard_without_time_rule_or_practice(tmp_path, why):
    file = {
        "list that takes effect at once": lambda: heard(tmp_path, hearing(1.0, 1.0), rules={}),
        "no rule": lambda: heard(tmp_path, hearing(1.0, 1.0), remedy={}),
        "no practice": lambda: heard(tmp_path, hearing(0.0, 1.0)),
    }[why]()
    found = sums(run(file))
    assert found["heard"] == found["cleared"] == 0 < found["wrongful_entries"]


def test_a_letter_that_comes_after_the_listing_brings_no_hearing(tmp_path):
    for takes, hears in ((0, True), (1, True), (2, False), (3, False)):
        folder = tmp_path / str(takes)
        file = heard(folder, hearing(1.0, 1.0), notice=None, notices={"post": channel(1.0, takes)})
        found = sums(run(file))
        assert (found["cleared_wronged"] > 1000) == hears
        assert (found["wrongful_entries"] > 1000) != hears


def test_who_is_heard_in_vain_may_still_object(tmp_path):
    file = heard(tmp_path, hearing(1.0, 0.0, (1.0, 0.0)), **{**ALL_OBJECT, **NO_DESK})
    for _, month, _, (shard,) in live(file):
        entries = shard.entries[shard.entries["list"] >= 0]
        assert not np.isin(entries["state"], [UNTOLD, SILENT]).any()
        assert (entries["state"] == FILED).all() and len(entries) > 1000
        assert month.index > 1 or (entries["begun"] == entries["decided"] + 2).all()
        assert (entries["truth"] != TRUE).any()


def test_months_of_hearings_count_in_the_month_of_the_notice(tmp_path):
    file = heard(tmp_path, hearing(1.0, 1.0), notice=None, notices={"post": channel(1.0, 1)})
    cleared = totals(run(file), "cleared")
    assert cleared[0] == 0 and cleared[1] > 1000
