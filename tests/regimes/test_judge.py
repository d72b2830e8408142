"""The judge at its edges: limits, floors, terms, ways out. Expectations are worked by hand."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from scslab.core.errors import ScslabError
from scslab.regimes.arithmetic import act_points, capped, grade_of, moved
from scslab.regimes.cases import Case, CasePerson, CaseRecord
from scslab.regimes.judge import check_case, judge
from scslab.regimes.model import Regime

MONDAY, WEDNESDAY, FRIDAY, SATURDAY = "2018-06-11", "2018-06-13", "2018-06-08", "2018-06-09"


def dated(unit: str, *rows: tuple[str, Any]) -> dict[str, Any]:
    return {
        "unit": unit,
        "rows": [{"from": day, "value": v, "source": "rule", "at": "art. 1"} for day, v in rows],
    }


def always(unit: str, value: Any) -> dict[str, Any]:
    return dated(unit, ("2000-01-01", value))


def regime(**parts: Any) -> Regime:
    base = {
        "schema": "regime/1",
        "id": "tiny",
        "name": "Tiny",
        "about": "",
        "operator": "",
        "covers": {"from": "2000-01-01", "to": "2029-12-31"},
        "reviewed": "2026-11-22",
        "status": "draft",
        "sources": {"rule": {"kind": "rule", "title": "A rule"}},
        "not_modelled": [],
    }
    return Regime.model_validate(base | parts)


def points(**more: Any) -> dict[str, Any]:
    return {
        "start": always("points", 1000),
        "acts": {
            "honour.city": {"says": "", "points": always("points", 30)},
            "utility.late": {"says": "", "points": always("points", -20)},
            "utility.damage": {"says": "", "points": always("points", -100)},
            "traffic.drunk-driving": {
                "says": "",
                "cuts": {"to": "C", "holds": always("yes/no", True)},
            },
        },
    } | more


GRADES = {
    "lowest": "D",
    "floors": {g: always("points", f) for g, f in (("A", 960), ("B", 850), ("C", 600))},
}


def debtors(**more: Any) -> dict[str, Any]:
    def ground(act: str, **own: Any) -> dict[str, Any]:
        return {"says": "", "acts": [act], "holds": always("yes/no", True)} | own

    rules = {
        "says": "",
        "grounds": {
            "refused": ground("judgment.refused", stays=always("months", None)),
            "evaded": ground("judgment.evaded"),
            "resisted": ground("judgment.resisted"),
        },
        "stays": always("months", 24),
        "extends": always("months", 12),
        "removal_after_performance": always("working days", 3),
    }
    return {"debtors": rules | more}


def verdict(rules: Regime, on: str, *records: tuple, **person: Any) -> Any:
    return judge(rules, case(on, *records, **person))


def case(on: str, *records: tuple, expect: Any = None, **person: Any) -> Case:
    return Case(
        name="",
        on=on,
        person=CasePerson(**{"age": 40, **person}),
        records=[
            CaseRecord(act=r[0], ended=r[1], performed=r[2] if len(r) > 2 else None)
            for r in records
        ],
        expect=expect or {},
    )


# Scores and grades


def test_moved_stops_at_both_limits() -> None:
    assert moved.py_func(355, -10, 350, 950) == 350
    assert moved.py_func(945, 10, 350, 950) == 950
    assert moved.py_func(600, -10, 350, 950) == 590


def test_capped_never_lifts() -> None:
    assert capped.py_func(1000, 849) == 849
    assert capped.py_func(700, 849) == 700


@pytest.mark.parametrize(
    ("score", "rank"), [(960, 0), (959, 1), (850, 1), (849, 2), (600, 2), (599, 3), (-5, 3)]
)
def test_grade_begins_at_its_floor(score: int, rank: int) -> None:
    assert grade_of.py_func(score, np.array([960.0, 850.0, 600.0])) == rank


def test_points_above_the_limit_are_lost_for_good() -> None:
    rules = regime(score=points(highest=always("points", 1010)))
    records = ("honour.city", "2018-01-01"), ("utility.late", "2018-02-01")
    assert verdict(rules, "2018-03-01", *records).score == 990


def test_records_count_in_order_of_time_not_of_the_file() -> None:
    rules = regime(score=points(highest=always("points", 1010)))
    records = ("utility.late", "2018-02-01"), ("honour.city", "2018-01-01")
    assert verdict(rules, "2018-03-01", *records).score == 990


def test_records_of_the_day_count_and_later_ones_do_not() -> None:
    rules = regime(score=points())
    assert verdict(rules, "2018-02-01", ("utility.late", "2018-02-01")).score == 980
    assert verdict(rules, "2018-01-31", ("utility.late", "2018-02-01")).score == 1000


def test_cut_lands_just_below_the_better_floor() -> None:
    rules = regime(score=points(), grades=GRADES)
    got = verdict(rules, "2018-03-01", ("traffic.drunk-driving", "2018-02-01"))
    assert (got.score, got.grade) == (849, "C")


def test_cut_does_not_lift_a_lower_score() -> None:
    rules = regime(score=points(), grades=GRADES)
    damage = [("utility.damage", f"2018-01-0{i}") for i in range(1, 6)]
    got = verdict(rules, "2018-03-01", *damage, ("traffic.drunk-driving", "2018-02-01"))
    assert (got.score, got.grade) == (500, "D")


def test_cut_before_it_is_a_rule_does_nothing() -> None:
    acts = points()["acts"]
    acts["traffic.drunk-driving"]["cuts"]["holds"] = dated("yes/no", ("2019-01-01", True))
    rules = regime(score=points(acts=acts), grades=GRADES)
    assert verdict(rules, "2019-06-01", ("traffic.drunk-driving", "2018-12-31")).score == 1000
    assert verdict(rules, "2019-06-01", ("traffic.drunk-driving", "2019-01-01")).score == 849


def test_points_are_those_of_the_day_of_the_act() -> None:
    acts = points()["acts"]
    acts["utility.late"]["points"] = dated("points", ("2000-01-01", -20), ("2019-01-01", -40))
    rules = regime(score=points(acts=acts))
    assert verdict(rules, "2019-06-01", ("utility.late", "2018-12-31")).score == 980
    assert verdict(rules, "2019-06-01", ("utility.late", "2019-01-01")).score == 960


def test_a_floor_that_is_not_in_force_is_not_reached() -> None:
    later = {g: dated("points", ("2019-01-01", f)) for g, f in (("A", 960), ("B", 850))}
    rules = regime(score=points(), grades={"lowest": "C", "floors": later})
    assert verdict(rules, "2018-12-31").grade is None
    assert verdict(rules, "2019-01-01").grade == "A"
    ended = GRADES["floors"] | {"A": dated("points", ("2000-01-01", 960), ("2019-01-01", None))}
    rules = regime(score=points(), grades={"lowest": "D", "floors": ended})
    assert verdict(rules, "2018-12-31").grade == "A"
    assert verdict(rules, "2019-01-01").grade == "B"


def test_there_is_no_score_before_its_first_row_and_after_its_end() -> None:
    start = dated("points", ("2018-01-01", 1000), ("2020-01-01", None))
    rules = regime(score=points(start=start), grades=GRADES)
    for on, expected in (
        ("2017-12-31", (None, None)),
        ("2018-01-01", (1000, "A")),
        ("2019-12-31", (1000, "A")),
        ("2020-01-01", (None, None)),
    ):
        got = verdict(rules, on)
        assert (got.score, got.grade) == expected


def test_a_move_is_a_share_of_its_dimension() -> None:
    score = {
        "lowest": always("points", 350),
        "highest": always("points", 950),
        "dimensions": {
            "history": {"says": "", "weight": always("share", 0.35)},
            "network": {"says": "", "weight": always("share", 0.65)},
        },
        "acts": {
            "credit.default": {
                "says": "",
                "dimension": "history",
                "moves": always("share of dimension", -0.5),
            }
        },
    }
    rules = regime(score=score)
    assert act_points(rules, rules.score.acts["credit.default"], date(2018, 1, 1)) == -105
    default = ("credit.default", "2018-01-01")
    half = {"history": 0.5, "network": 0.5}
    assert verdict(rules, "2018-01-01", default, dimensions=half).score == 545
    assert verdict(rules, "2018-01-01", default, dimensions={}).score == 350
    assert verdict(rules, "2018-01-01", dimensions={"history": 1.0, "network": 1.0}).score == 950


# Records end


@pytest.mark.parametrize(
    ("ended", "last", "first_free"),
    [
        ("2016-05-31", "2021-05-30", "2021-05-31"),
        ("2016-02-29", "2021-02-27", "2021-02-28"),  # no 29 February five years later
    ],
)
def test_sixty_months_end_on_the_same_day(ended: str, last: str, first_free: str) -> None:
    rules = regime(score=points(), remedy={"record_ends": always("months", 60)})
    assert verdict(rules, last, ("utility.late", ended)).score == 980
    assert verdict(rules, first_free, ("utility.late", ended)).score == 1000


def test_old_records_end_when_the_rule_comes() -> None:
    ends = dated("months", ("2020-10-01", 60))
    rules = regime(score=points(), remedy={"record_ends": ends})
    assert verdict(rules, "2020-09-30", ("utility.late", "2012-01-01")).score == 980
    assert verdict(rules, "2020-10-01", ("utility.late", "2012-01-01")).score == 1000


def test_a_cut_ends_with_its_record() -> None:
    rules = regime(score=points(), grades=GRADES, remedy={"record_ends": always("months", 60)})
    assert verdict(rules, "2020-12-31", ("traffic.drunk-driving", "2016-01-01")).grade == "C"
    assert verdict(rules, "2021-01-01", ("traffic.drunk-driving", "2016-01-01")).grade == "A"


# Lists


@pytest.mark.parametrize(
    ("ended", "last", "first_free"),
    [
        ("2018-03-15", "2020-03-14", "2020-03-15"),
        ("2020-02-29", "2022-02-27", "2022-02-28"),  # no 29 February two years later
    ],
)
def test_term_ends_on_the_same_day(ended: str, last: str, first_free: str) -> None:
    rules = regime(lists=debtors())
    assert verdict(rules, ended, ("judgment.evaded", ended)).listed
    assert verdict(rules, last, ("judgment.evaded", ended)).lists == ("debtors",)
    assert not verdict(rules, first_free, ("judgment.evaded", ended)).listed


def test_further_grounds_add_their_months_to_the_first_term() -> None:
    rules = regime(lists=debtors())
    two = ("judgment.evaded", "2018-01-10"), ("judgment.resisted", "2018-09-01")
    assert verdict(rules, "2021-01-09", *two).listed
    assert not verdict(rules, "2021-01-10", *two).listed
    three = (*two, ("judgment.evaded", "2018-10-01"))
    assert verdict(rules, "2022-01-09", *three).listed
    assert not verdict(rules, "2022-01-10", *three).listed


def test_a_ground_on_the_day_of_the_end_is_a_new_entry() -> None:
    rules = regime(lists=debtors())
    day_before = ("judgment.evaded", "2018-01-10"), ("judgment.evaded", "2020-01-09")
    assert not verdict(rules, "2021-01-10", *day_before).listed
    same_day = ("judgment.evaded", "2018-01-10"), ("judgment.evaded", "2020-01-10")
    assert verdict(rules, "2022-01-09", *same_day).listed
    assert not verdict(rules, "2022-01-10", *same_day).listed


def test_without_an_extension_a_further_ground_adds_nothing() -> None:
    rules = regime(lists=debtors(extends=None))
    two = ("judgment.evaded", "2018-01-10"), ("judgment.resisted", "2018-09-01")
    assert not verdict(rules, "2020-01-10", *two).listed


def test_a_ground_without_a_term_never_ends_by_time() -> None:
    rules = regime(lists=debtors())
    refused, evaded = ("judgment.refused", "2018-03-01"), ("judgment.evaded", "2018-01-10")
    assert verdict(rules, "2029-12-31", refused).listed
    assert verdict(rules, "2029-12-31", evaded, refused).listed
    assert verdict(rules, "2029-12-31", refused, ("judgment.evaded", "2018-04-01")).listed


@pytest.mark.parametrize(
    ("paid", "last", "first_free"),
    [
        (FRIDAY, "2018-06-12", WEDNESDAY),
        (SATURDAY, "2018-06-12", WEDNESDAY),
        (MONDAY, WEDNESDAY, "2018-06-14"),
    ],
)
def test_paying_removes_after_three_working_days(paid: str, last: str, first_free: str) -> None:
    rules = regime(lists=debtors())
    for act in ("judgment.refused", "judgment.evaded"):
        assert verdict(rules, last, (act, "2018-01-10", paid)).listed
        assert not verdict(rules, first_free, (act, "2018-01-10", paid)).listed


def test_paying_after_the_term_does_not_lengthen_it() -> None:
    rules = regime(lists=debtors())
    assert not verdict(rules, "2020-01-10", ("judgment.evaded", "2018-01-10", "2020-06-01")).listed


def test_paying_one_of_two_debts_does_not_remove() -> None:
    rules = regime(lists=debtors())
    unpaid = ("judgment.refused", "2018-01-10")
    paid = ("judgment.evaded", "2018-02-01", FRIDAY)
    assert verdict(rules, "2019-01-01", unpaid, paid).listed
    assert verdict(rules, "2019-01-01", (*unpaid[:1], "2018-03-01"), paid).listed
    both = (*unpaid, MONDAY), paid
    assert verdict(rules, WEDNESDAY, *both).listed
    assert not verdict(rules, "2018-06-14", *both).listed


def test_after_removal_a_new_act_is_a_new_entry() -> None:
    rules = regime(lists=debtors())
    records = ("judgment.evaded", "2018-01-10", FRIDAY), ("judgment.evaded", WEDNESDAY)
    assert verdict(rules, "2020-06-12", *records).listed
    assert not verdict(rules, "2020-06-13", *records).listed


def test_without_removal_paying_does_not_help() -> None:
    rules = regime(lists=debtors(removal_after_performance=None))
    assert verdict(rules, "2019-01-01", ("judgment.evaded", "2018-01-10", FRIDAY)).listed


def test_a_ground_counts_from_the_day_it_holds() -> None:
    grounds = {
        "evaded": {
            "says": "",
            "acts": ["judgment.evaded"],
            "holds": dated("yes/no", ("2018-01-01", True), ("2019-01-01", None)),
        }
    }
    rules = regime(lists=debtors(grounds=grounds))
    assert not verdict(rules, "2018-01-01", ("judgment.evaded", "2017-12-31")).listed
    assert verdict(rules, "2018-01-01", ("judgment.evaded", "2018-01-01")).listed
    assert not verdict(rules, "2019-01-01", ("judgment.evaded", "2019-01-01")).listed


def test_a_low_score_lists_while_it_is_low() -> None:
    grounds = {
        "low": {
            "says": "",
            "holds": dated("yes/no", ("2018-01-01", True)),
            "score_below": dated("points", ("2019-01-01", 1000)),
        }
    }
    rules = regime(score=points(), lists=debtors(grounds=grounds))
    late = ("utility.late", "2018-05-01")
    assert not verdict(rules, "2018-12-31", late).listed  # no limit in force yet
    assert verdict(rules, "2019-01-01", late).listed
    assert not verdict(rules, "2019-01-01").listed  # 1 000 is not below 1 000


# Who is rated


def test_age_residence_and_consent_at_their_limits() -> None:
    who = {
        "adults_from": always("years", 18),
        "residence": always("months", 12),
        "consent": dated("yes/no", ("2021-06-18", True)),
    }
    rules = regime(score=points(), lists=debtors(), who=who)
    evaded = ("judgment.evaded", "2021-01-01")
    assert verdict(rules, "2021-06-17", age=18, months_resident=12, consents=False).score == 1000
    assert verdict(rules, "2021-06-18", age=18, months_resident=12, consents=False).score is None
    assert verdict(rules, "2021-06-18", age=18, months_resident=12, consents=True).score == 1000
    assert verdict(rules, "2021-06-17", age=18, months_resident=11).score is None
    assert verdict(rules, "2021-06-17", evaded, age=17).score is None
    assert not verdict(rules, "2021-06-17", evaded, age=17).listed
    assert verdict(rules, "2021-06-18", evaded, months_resident=0, consents=False).listed


def test_only_members_enter_a_list_of_members() -> None:
    who = {"consent": always("yes/no", True)}
    rules = regime(lists=debtors(members_only=True), who=who)
    evaded = ("judgment.evaded", "2018-01-01")
    assert verdict(rules, "2018-02-01", evaded, consents=True).listed
    assert not verdict(rules, "2018-02-01", evaded, consents=False).listed


def test_rewards_by_grade_and_by_score() -> None:
    rewards = {
        "by_grade": {"says": "", "grades": ["A"], "gives": always("yes/no", True)},
        "by_score": {
            "says": "",
            "from_score": dated("points", ("2018-01-01", 980)),
            "gives": always("yes/no", True),
        },
        "ended": {
            "says": "",
            "grades": ["A"],
            "gives": dated("yes/no", ("2000-01-01", True), ("2017-01-01", None)),
        },
    }
    rules = regime(score=points(), grades=GRADES, rewards=rewards)
    late = [("utility.late", f"2017-06-0{i}") for i in (1, 2, 3)]
    assert verdict(rules, "2016-12-31").rewards == ("by_grade", "ended")
    assert verdict(rules, "2017-12-31").rewards == ("by_grade",)  # no floor of 980 yet
    assert verdict(rules, "2018-01-01", *late[:1]).rewards == ("by_grade", "by_score")
    assert verdict(rules, "2018-01-01", *late[:2]).rewards == ("by_grade",)
    assert verdict(rules, "2018-01-01", *late).rewards == ()


@pytest.mark.parametrize("on", ["1999-12-31", "2030-01-01"])
def test_a_day_outside_is_refused(on: str) -> None:
    with pytest.raises(ScslabError) as caught:
        verdict(regime(), on)
    assert str(caught.value) == f"tiny covers 2000-01-01 to 2029-12-31; {on} was asked"


def test_check_case_names_each_difference() -> None:
    rules = regime(score=points(), grades=GRADES)
    wrong = case(
        "2018-01-01",
        expect={"score": 1, "grade": "A", "rewards": ["x"], "banned": True},
        dimensions={"history": 0.5},
    )
    assert check_case(rules, wrong) == [
        '"history" is not a dimension of tiny',
        "score: expected 1, got 1000",
        "rewards: expected ['x'], got []",
        '"banned" is not something a case can expect (score, grade, rewards, listed, '
        "lists, effects, visits, passed_on, delay, matched_by)",
    ]
