"""Objection, review, performance, expiry: who gets off a list, and when."""

import math

import numpy as np
import pytest

from scslab.core.calendar import month, months_until_done
from small import (
    BREACH,
    agency,
    desk_monthly,
    false_monthly,
    held,
    in_first_month,
    listing_study,
    monthly,
    months,
    near,
    one_score,
    places,
    run,
    share,
    study,
    totals,
    write_regime,
    yes,
)

ALL_OBJECT = {"notice": share(1.0), "objects_wronged": share(1.0)}
FALSE = {"wrong_subject": share(0.5), "from_nothing": false_monthly(0.01)}
ONCE = {BREACH: {"rate": in_first_month(0.3)}}


def test_a_perfect_desk_corrects_every_wrong_in_the_month_of_entry(tmp_path):
    file = listing_study(tmp_path, None, length=24, practice=ALL_OBJECT, agencies=agency(**FALSE))
    found = run(file)
    wrongful = totals(found, "wrongful_entries")
    assert wrongful.sum() > 300
    for column in ("wrongful_exits", "objections_wronged", "corrected_wronged"):
        assert (totals(found, column) == wrongful).all()
    assert totals(found, "wrongful_listed").sum() == 0
    assert (totals(found, "removed_by_correction") == wrongful).all()
    assert (totals(found, "exits") == wrongful).all()  # the rightly listed stay
    for column in ("waiting", "months_waited", "rejected"):
        assert totals(found, column).sum() == 0


def test_a_correction_gives_the_points_back(tmp_path):
    write_regime(tmp_path, "points", score=one_score(1000, breach=-10))
    use = {"use": "points", "practice": ALL_OBJECT}
    faults = agency(**FALSE)
    found = run(study(tmp_path, length=24, agencies=faults, regimes=[use]))
    lost = 10 * totals(found, "true_records").cumsum()
    assert (totals(found, "score_sum") == 2000 * 1000 - lost).all()
    assert totals(found, "misattributed").sum() > 0


def test_whoever_is_not_told_does_not_object(tmp_path):
    practice = {"objects_wronged": share(1.0), "objects_rightful": share(1.0)}
    file = listing_study(tmp_path, practice=practice, agencies=agency(**FALSE))
    assert totals(run(file), "objections").sum() == 0


def test_shares_of_notice_and_objection_multiply(tmp_path):
    practice = {
        "notice": share(0.6),
        "objects_wronged": share(0.7),
        "objects_rightful": share(0.2),
    }
    file = listing_study(
        tmp_path, None, persons=20_000, length=24, practice=practice, agencies=agency(**FALSE)
    )
    found = run(file)
    wronged = totals(found, "objections_wronged").sum()
    rightful = totals(found, "objections").sum() - wronged
    entries, wrongful = totals(found, "entries").sum(), totals(found, "wrongful_entries").sum()
    for got, n, p in ((wronged, wrongful, 0.42), (rightful, entries - wrongful, 0.12)):
        assert near(got, n * p, math.sqrt(n * p * (1 - p)))


def test_a_refusal_tells_of_the_listing(tmp_path):
    attempts = 0.4
    effects = {"effects": {"flights": {"says": "No flights", "holds": yes()}}}
    rate = held("attempts per listed person-year", attempts * 12)
    write_regime(
        tmp_path,
        "a-list",
        lists={
            "listed": {
                "says": "Listed",
                "grounds": {"did": {"says": "Did it", "acts": [BREACH], "holds": yes()}},
                **effects,
            }
        },
    )
    use = {
        "use": "a-list",
        "bites": {"flights": rate},
        "practice": {"learns_when_refused": yes(), "objects_rightful": share(1.0)},
    }
    found = run(study(tmp_path, persons=20_000, length=10, conduct=ONCE, regimes=[use]))
    entries = totals(found, "entries")[0]
    left = entries
    for filed in totals(found, "objections")[:5]:
        p = 1 - math.exp(-attempts)
        assert near(filed, left * p, math.sqrt(left * p * (1 - p)))
        left -= filed
    refused = found.table("measures")["refused"]
    assert (found.table("measures")["person_months"] == entries).all()
    assert near(refused.sum(), entries * 10 * attempts, math.sqrt(entries * 10 * attempts))


@pytest.mark.parametrize("capacity", [0.0004, 0.002, 0.01])
def test_a_desk_decides_no_more_than_it_can(tmp_path, capacity):
    practice = {
        "notice": share(1.0),
        "objects_rightful": share(1.0),
        "desk": {"decisions": desk_monthly(capacity)},
    }
    file = listing_study(
        tmp_path, None, persons=4000, length=24, margins=places(10), practice=practice
    )
    found = run(file)
    decided, monthly_ = totals(found, "decided"), 4000 * capacity
    # Ten desks, each of which rounds to whole cases; none saves up what it did not use.
    assert (decided <= 10 * math.ceil(400 * capacity)).all()
    assert (decided.cumsum() <= monthly_ * np.arange(1, 25) + 10).all()
    assert totals(found, "waiting")[-1] > 0
    if capacity == 0.002:  # the desks are always busy, so they decide all they can
        assert abs(decided.sum() - monthly_ * 24) <= 10


def test_the_time_waited_is_that_of_a_queue_served_in_order(tmp_path):
    practice = {
        "notice": share(1.0),
        "objects_rightful": share(1.0),
        "desk": {"decisions": desk_monthly(0.015)},
    }
    file = listing_study(tmp_path, None, length=30, margins=places(1), practice=practice)
    found = run(file)
    filed, decided = totals(found, "objections"), totals(found, "decided")
    queue = np.repeat(np.arange(30), filed)
    decided_in = np.repeat(np.arange(30), decided)
    waited = decided_in - queue[: len(decided_in)]
    assert waited.max() >= 2
    expected = np.bincount(decided_in, waited, 30)
    assert (totals(found, "months_waited") == expected).all()


def test_late_decisions_are_those_past_the_deadline(tmp_path):
    write_regime(
        tmp_path,
        "points",
        score=one_score(1000, breach=-10),
        remedy={"objection": held("days", 60)},
    )
    practice = {
        "notice": share(1.0),
        "objects_rightful": share(1.0),
        "desk": {"decisions": desk_monthly(0.015)},
    }
    use = {"use": "points", "practice": practice}
    found = run(study(tmp_path, length=30, margins=places(1), regimes=[use]))
    filed, decided = totals(found, "objections"), totals(found, "decided")
    decided_in = np.repeat(np.arange(30), decided)
    waited = decided_in - np.repeat(np.arange(30), filed)[: len(decided_in)]
    assert (totals(found, "late") == np.bincount(decided_in, waited > 2, 30)).all()
    assert totals(found, "late").sum() > 0


def test_the_desk_errs_as_often_as_it_is_said_to(tmp_path):
    practice = {
        "notice": share(1.0),
        "objects_wronged": share(1.0),
        "objects_rightful": share(1.0),
        "desk": {"rejects_wronged": share(0.25), "corrects_rightful": share(0.1)},
    }
    file = listing_study(
        tmp_path, None, persons=20_000, length=24, practice=practice, agencies=agency(**FALSE)
    )
    found = run(file)
    wronged, every = totals(found, "objections_wronged").sum(), totals(found, "objections").sum()
    rejected = totals(found, "rejected_wronged").sum()
    assert near(rejected, 0.25 * wronged, math.sqrt(wronged * 0.25 * 0.75))
    upheld = totals(found, "corrected").sum() - totals(found, "corrected_wronged").sum()
    rightful = every - wronged
    assert near(upheld, 0.1 * rightful, math.sqrt(rightful * 0.1 * 0.9))


@pytest.mark.parametrize("first", [1, 4, 8])
def test_removal_after_performance_follows_the_calendar(tmp_path, first):
    """All perform in the second month; who does so late in it leaves in the third."""
    begin, end = (f"2020-{first + i:02d}-01" for i in (1, 2))
    rate = {BREACH: {"rate": monthly(0.0, (begin, 0.3), (end, 0.0))}}
    file = listing_study(
        tmp_path,
        None,
        persons=20_000,
        conduct=rate,
        rules={"removal_after_performance": held("working days", 3)},
        practice={"performs_first": share(1.0)},
    )
    found = run(file)
    entries = totals(found, "entries")[first]
    assert totals(found, "performed")[first + 1] == entries
    assert totals(found, "performed_first").sum() == entries
    same = (months_until_done(month(begin[:7]) + 1, 3) == 0).mean()
    exits = totals(found, "exits")
    assert near(exits[first + 1], entries * same, math.sqrt(entries * same * (1 - same)))
    assert exits[first + 2] == entries - exits[first + 1]
    assert exits.sum() == entries
    assert totals(found, "expired").sum() == 0


def test_performance_comes_at_the_shares_given(tmp_path):
    file = listing_study(
        tmp_path,
        None,
        persons=20_000,
        conduct=ONCE,
        rules={"removal_after_performance": held("working days", 0)},
        practice={"performs_first": share(0.3), "performs_later": share(0.1)},
    )
    found = run(file)
    left = entries = totals(found, "entries")[0]
    for index in range(1, 12):
        p = 0.3 if index == 1 else 0.1
        performed = totals(found, "performed")[index]
        assert near(performed, left * p, math.sqrt(left * p * (1 - p)))
        assert totals(found, "exits")[index] == performed
        left -= performed
    assert totals(found, "performed_first").sum() == totals(found, "performed")[1]
    assert totals(found, "listed")[-1] == left > 0.2 * entries


def test_performance_without_a_rule_of_removal_takes_nobody_off(tmp_path):
    file = listing_study(tmp_path, 6, conduct=ONCE, practice={"performs_later": share(0.5)})
    found = run(file)
    assert totals(found, "performed").sum() > 0
    assert totals(found, "exits").nonzero()[0].tolist() == [6]


def test_the_wrongly_listed_have_no_duty_to_perform(tmp_path):
    file = listing_study(
        tmp_path,
        None,
        conduct=ONCE,
        agencies=agency(wrong_subject=share(1.0)),
        rules={"removal_after_performance": held("working days", 3)},
        practice={"performs_first": share(1.0), "performs_later": share(1.0)},
    )
    found = run(file)
    assert totals(found, "entries")[0] > 0
    assert totals(found, "performed").sum() == totals(found, "exits").sum() == 0


@pytest.mark.parametrize(("stays", "extends"), [(4, 3), (6, 0)])
def test_a_further_ground_lengthens_the_term(tmp_path, stays, extends):
    """Everybody has many records in the first month, each after the first adds to the term."""
    file = listing_study(
        tmp_path,
        stays,
        persons=3000,
        length=40,
        conduct={BREACH: {"rate": in_first_month(1.0)}},
        rules={"extends": months(extends)} if extends else {},
    )
    found = run(file)
    exits = totals(found, "exits")
    # Poisson counts of mean 1: k records keep a person for stays + (k - 1) * extends months.
    for k in (1, 2, 3) if extends else (1,):
        p = math.exp(-1) / math.factorial(k) if extends else 1 - math.exp(-1)
        got = exits[stays + (k - 1) * extends]
        assert near(got, 3000 * p, math.sqrt(3000 * p * (1 - p)))
    assert exits.sum() == totals(found, "entries").sum()
