"""Human review of records, entries marked as disputed, and complaints to a supervisor."""

import math
from typing import Any

import numpy as np
import pytest

from remedies_small import ALL_TOLD, FAULTS, complaint, live, sums
from scslab.core.tables import COMPLAINED, REJECTED
from small import (
    BREACH,
    OTHER,
    agency,
    desk_monthly,
    held,
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

PARTS = {"persons": 10_000, "length": 8}
ONCE = {BREACH: {"rate": in_first_month(0.3)}}


def spread(n: float, p: float) -> float:
    return math.sqrt(n * p * (1 - p))


def made(folder, remedy: dict, practice: dict, rules: dict | None = None, **more: Any):
    """A study with one list under remedies; `rules` goes to the list, `who` to the regime."""
    who = {"who": more.pop("who")} if "who" in more else {}
    lists = one_list(**({"stays": None} | (rules or {})))
    write_regime(folder, "a-list", lists=lists, remedy=remedy, **who)
    keys = ("bites", "joins", "receives")
    use = {"use": "a-list", "practice": practice} | {k: more.pop(k) for k in keys if k in more}
    return study(folder, regimes=[use], **(PARTS | {"agencies": agency(**FAULTS)} | more))


# Human review


def screening(wronged: float, rightful: float) -> dict:
    return {"screening": {"stops_wronged": share(wronged), "stops_rightful": share(rightful)}}


def test_what_review_stops_is_no_record(tmp_path):
    """Screened and recorded are all that would have been recorded; by truth at their shares."""
    review = {"human_review": yes()}
    plain = run(made(tmp_path / "plain", review, {}))
    found = run(made(tmp_path, review, screening(0.6, 0.1)))
    both = totals(found, "records") + totals(found, "screened")
    assert (both == totals(plain, "records")).all()
    for true, column in ((True, "true_records"), (False, "")):
        before = totals(plain, "true_records") if true else _false(plain)
        after = totals(found, "true_records") if true else _false(found)
        stopped = totals(found, "screened") - totals(found, "screened_wronged")
        stopped = stopped if true else totals(found, "screened_wronged")
        assert (before - after == stopped).all(), column
        n, p = before.sum(), 0.1 if true else 0.6
        assert n > 1000 and near(stopped.sum(), n * p, spread(n, p))


def _false(found) -> np.ndarray:
    return totals(found, "misattributed") + totals(found, "from_nothing")


def test_a_breach_that_review_stops_is_missed(tmp_path):
    perfect = agency(detection=1.0)
    found = run(made(tmp_path, {"human_review": yes()}, screening(0.0, 0.3), agencies=perfect))
    assert (totals(found, "missed") == totals(found, "screened")).all()
    assert (totals(found, "breaches") == totals(found, "acts")).all()
    expected = totals(found, "missed") + totals(found, "true_records")
    assert (totals(found, "breaches") == expected).all() and totals(found, "missed").sum() > 300


@pytest.mark.parametrize("why", ["no rule", "not yet", "no practice"])
def test_nobody_reviews_without_rule_and_practice(tmp_path, why):
    later = yes(False, ("2020-05-01", True))
    rules = {"no rule": {}, "not yet": {"human_review": later}, "no practice": RULE}[why]
    practice = {} if why == "no practice" else screening(0.5, 0.5)
    screened = totals(run(made(tmp_path, rules, practice)), "screened")
    assert (screened[:4] == 0).all()
    assert (screened[4:] > 0).all() == (why == "not yet")


RULE = {"human_review": yes()}


def test_listings_elsewhere_and_their_ends_are_not_reviewed(tmp_path):
    write_regime(tmp_path, "source", lists=one_list(stays=2))
    ground = {"says": "L", "listed_on": ["source/listed"], "follows": True, "holds": yes()}
    lists = {"follows": {"says": "F", "grounds": {"g": ground}}}
    write_regime(tmp_path, "follower", lists=lists, remedy=RULE)
    uses = ["source", {"use": "follower", "practice": screening(1.0, 1.0)}]
    found = run(study(tmp_path, regimes=uses, **PARTS))
    one, two = (totals(found, "entries", r) for r in ("source", "follower"))
    assert (two[1:] == one[:-1]).all() and one.sum() > 500
    assert sums(found, "follower")["screened"] == 0
    assert sums(found, "follower")["lifted"] > 300


def test_review_of_one_regime_changes_no_record_of_another(tmp_path):
    for name, remedy in (("reviewed", RULE), ("plain", {})):
        write_regime(tmp_path, name, lists=one_list(stays=None), remedy=remedy)
    reviewed = {"use": "reviewed", "practice": screening(0.7, 0.2)}
    both = run(study(tmp_path, regimes=[reviewed, "plain"], agencies=agency(**FAULTS), **PARTS))
    alone = run(study(tmp_path, regimes=["plain"], agencies=agency(**FAULTS), **PARTS))
    mine = both.tallies[both.tallies["regime"] == "plain"].reset_index(drop=True)
    columns = [c for c in mine.columns if c not in ("regime", "copies")]
    assert mine[columns].equals(alone.tallies[columns])


def test_records_about_those_whom_the_regime_does_not_rate_are_not_reviewed(tmp_path):
    """Only women are rated; records of men arrive and are dropped, reviewed or not."""
    found = {}
    for name, part in (("plain", 0.0), ("reviewed", 1.0)):
        write_regime(tmp_path / name, "a-list", lists=one_list(stays=None), remedy=RULE)
        use = {"use": "a-list", "among": {"sex": ["female"]}, "practice": screening(part, part)}
        file = study(tmp_path / name, regimes=[use], agencies=agency(**FAULTS), **PARTS)
        found[name] = run(file).tallies
    assert (found["reviewed"]["screened"] == found["plain"]["records"]).all()
    assert set(found["reviewed"].query("screened > 0")["sex"]) == {"female"}
    assert (found["reviewed"]["missed"] == found["reviewed"]["breaches"]).all()


def test_of_those_without_a_file_nothing_is_reviewed_and_nothing_missed(tmp_path):
    """Three in ten have joined; a record of another is dropped, not stopped."""
    found = {}
    for name, part in (("plain", 0.0), ("reviewed", 1.0)):
        write_regime(
            tmp_path / name,
            "points",
            who={"consent": yes()},
            score=one_score(breach=-1),
            remedy=RULE,
        )
        use = {"use": "points", "joins": {"share": share(0.3)}}
        use["practice"] = screening(part, part)
        agencies = agency(from_nothing=FAULTS["from_nothing"])
        found[name] = run(study(tmp_path / name, regimes=[use], agencies=agencies, **PARTS))
    screened = totals(found["reviewed"], "screened")
    assert (totals(found["reviewed"], "missed") <= totals(found["reviewed"], "breaches")).all()
    assert (screened == totals(found["plain"], "records")).all()


# Marked as disputed

FLIGHTS = {"effects": {"flights": {"says": "No flights", "holds": yes()}}, "waits": None}
BITES = {"bites": {"flights": held("attempts per listed person-year", 24)}}


def refusals(folder, part: float | None, rules: bool = True, **desk: Any):
    """All object in the month of entry; without a desk they wait for good."""
    desk = desk or {"decisions": desk_monthly(0.0)}
    practice = ALL_TOLD | {"desk": desk}
    practice |= {} if part is None else {"marked": share(part)}
    remedy = {"marked_as_disputed": yes()} if rules else {}
    effects = {"effects": FLIGHTS["effects"]}
    more = {"conduct": ONCE, "agencies": agency(wrong_subject=share(0.3)), **BITES}
    return run(made(folder, remedy, practice, effects, **more))


@pytest.mark.parametrize("part", [0.3, 1.0])
def test_marked_entries_are_refused_that_much_less(tmp_path, part):
    plain, marked = refusals(tmp_path / "plain", 0.0), refusals(tmp_path, part)
    one, two = plain.table("measures"), marked.table("measures")
    assert (one["person_months"] == two["person_months"]).all()
    for column in ("refused", "wrongful_refused"):
        a, b = one[column].to_numpy(), two[column].to_numpy()
        assert a[0] == b[0]  # marked from the month after the objection
        n = a[1:].sum()
        assert n > 1000 and near(b[1:].sum(), n * (1 - part), spread(n, part))
        assert (b <= a).all()


def test_the_same_luck_never_refuses_more(tmp_path):
    """Group by group and month by month: attempts are the same, some are let pass."""
    rows = [refusals(tmp_path / str(p), p).measures["refused"].to_numpy() for p in (0, 0.2, 0.6, 1)]
    for more, less in zip(rows[:-1], rows[1:], strict=True):
        assert (less <= more).all() and (less < more).any()


@pytest.mark.parametrize("why", ["no rule", "no practice", "nobody waits"])
def test_without_rule_practice_or_waiting_nothing_is_withheld(tmp_path, why):
    plain = refusals(tmp_path / "plain", 0.0)
    if why == "nobody waits":
        plain = refusals(tmp_path / "plain", 0.0, rejects_wronged=share(1.0))
        other = refusals(tmp_path, 1.0, rejects_wronged=share(1.0))
    else:
        other = refusals(tmp_path, 1.0 if why == "no rule" else None, rules=why != "no rule")
    assert other.measures.equals(plain.measures)


def test_a_complaint_keeps_the_mark(tmp_path):
    practice = ALL_TOLD | {
        "marked": share(1.0),
        "desk": {"rejects_wronged": share(1.0)},
        "complaint": complaint(1.0, 0.0, takes=3),
    }
    remedy = {"marked_as_disputed": yes(), "complaint": yes()}
    effects = {"effects": FLIGHTS["effects"]}
    found = run(made(tmp_path, remedy, practice, effects, conduct=ONCE, agencies=agency(), **BITES))
    refused = found.table("measures")["refused"].to_numpy()
    assert refused[0] > 0 and (refused[1:4] == 0).all() and (refused[4:] > 0).all()


# Complaints


def complaining(folder, what: dict | None, allowed: bool = True, **more: Any):
    practice = ALL_TOLD | {"desk": {"rejects_wronged": share(0.5)}}
    practice |= {} if what is None else {"complaint": what}
    remedy = {"complaint": yes()} if allowed else {}
    return made(folder, remedy, practice, **({"conduct": ONCE, "length": 10} | more))


def test_who_is_rejected_complains_and_is_upheld_at_the_shares_given(tmp_path):
    what = complaint(0.7, 0.6, takes=2, rightful=0.05) | {"complains_rightful": share(0.2)}
    found = run(complaining(tmp_path, what, agencies=agency(wrong_subject=share(0.5))))
    wronged = totals(found, "rejected_wronged")[0]
    rightful = totals(found, "rejected")[0] - wronged
    complaints = totals(found, "complaints")
    mean = 0.7 * wronged + 0.2 * rightful
    assert near(complaints[0], mean, math.hypot(spread(wronged, 0.7), spread(rightful, 0.2)))
    assert complaints[1:].sum() == 0
    upheld, by_wronged = totals(found, "upheld"), totals(found, "upheld_wronged")
    assert upheld.nonzero()[0].tolist() == [2]  # two months later
    assert near(by_wronged[2], 0.42 * wronged, spread(wronged, 0.42))
    assert near(upheld[2] - by_wronged[2], 0.01 * rightful, spread(rightful, 0.01))
    # Who is upheld is off the list at once; the desk's own figures stay as they were.
    assert (totals(found, "removed_by_correction")[1:] == upheld[1:]).all()
    assert totals(found, "wrongs_corrected")[2] == by_wronged[2]
    assert totals(found, "months_wronged")[2] == 2 * by_wronged[2]
    plain = run(complaining(tmp_path / "p", None, agencies=agency(wrong_subject=share(0.5))))
    for column in ("objections", "decided", "corrected", "rejected", "late", "acts"):
        assert (totals(found, column) == totals(plain, column)).all()


@pytest.mark.parametrize("takes", [1, 2, 5])
def test_a_supervisor_takes_the_months_said(tmp_path, takes):
    found = run(complaining(tmp_path, complaint(1.0, 1.0, takes)))
    complaints, upheld = totals(found, "complaints"), totals(found, "upheld")
    assert (upheld[takes:] == totals(found, "rejected_wronged")[: 10 - takes]).all()
    assert upheld[:takes].sum() == 0 < complaints[0]


def test_who_waits_for_the_supervisor_can_leave_before(tmp_path):
    file = complaining(tmp_path, complaint(1.0, 1.0, takes=4), rules={"stays": 3})
    found = sums(run(file))
    assert found["complaints"] > 1000 and found["upheld"] == 0
    assert found["expired"] + found["removed_by_correction"] == found["exits"]
    assert found["removed_by_correction"] == found["corrected"]  # by the desk alone
    for _, month, _, (shard,) in live(file):
        waits = shard.entries[shard.entries["state"] == COMPLAINED]
        assert (waits["filed"] > month.index - 3).all()


def test_the_rejected_stay_rejected_after_the_supervisor_too(tmp_path):
    file = complaining(tmp_path, complaint(1.0, 0.0, takes=1), agencies=agency())
    for _, month, _, (shard,) in live(file):
        states = set(shard.entries["state"].tolist())
        assert states == ({COMPLAINED} if month.index == 0 else {REJECTED})
    assert sums(run(file))["complaints"] == sums(run(file))["rejected"]  # once each


@pytest.mark.parametrize("why", ["no rule", "no practice", "nobody is rejected"])
def test_without_rule_practice_or_rejection_nobody_complains(tmp_path, why):
    what = None if why == "no practice" else complaint(1.0, 1.0)
    if why == "nobody is rejected":
        practice = {"notice": share(1.0), "objects_wronged": share(1.0), "complaint": what}
        file = made(tmp_path, {"complaint": yes()}, practice)
    else:
        file = complaining(tmp_path, what, allowed=why != "no rule")
    assert sums(run(file))["complaints"] == sums(run(file))["upheld"] == 0


def test_a_supervisor_who_takes_no_time_decides_in_the_same_month(tmp_path):
    found = run(complaining(tmp_path, complaint(1.0, 1.0, takes=0)))
    assert (totals(found, "upheld") == totals(found, "rejected_wronged")).all()


def test_complaints_are_decided_when_the_right_to_complain_has_ended(tmp_path):
    practice = ALL_TOLD | {
        "desk": {"rejects_wronged": share(1.0)},
        "complaint": complaint(1.0, 1.0, takes=3),
    }
    remedy = {"complaint": yes(True, ("2020-02-01", False))}
    file = made(tmp_path, remedy, practice, conduct=ONCE)
    *_, (_, _, _, (shard,)) = live(file)
    assert not (shard.entries["state"] == COMPLAINED).any()


def test_a_score_is_corrected_by_the_supervisor_too(tmp_path):
    write_regime(
        tmp_path, "points", score=one_score(1000, breach=-10, other=-3), remedy={"complaint": yes()}
    )
    practice = ALL_TOLD | {
        "desk": {"rejects_wronged": share(1.0)},
        "complaint": complaint(1.0, 1.0, takes=1),
    }
    conduct = {BREACH: {"rate": monthly(0.05)}, OTHER: {"rate": monthly(0.05)}}
    found = run(
        study(
            tmp_path,
            regimes=[{"use": "points", "practice": practice}],
            conduct=conduct,
            agencies=agency(BREACH, OTHER, lag=months(1), **FAULTS),
            **PARTS,
        )
    )
    # Every false record stands for a month.
    lost = totals(found, "points_lost").cumsum() - totals(found, "points_gained").cumsum()
    assert (totals(found, "score_sum") == 10_000 * 1000 - lost).all()
    assert (totals(found, "upheld_wronged")[1:] == _false(found)[:-1]).all()
    assert _false(found).sum() > 300
