"""What a study can get wrong about practice, with the sentence that it must give.

Each case replaces one piece of a sound study, as in `test_bad_studies.py`.
"""

from pathlib import Path

import pytest

from scslab.core.errors import ScslabError
from scslab.lab.check import check_study_runs
from scslab.lab.simulate import simulate
from scslab.study.read import parse_study

VALID = (Path(__file__).parent / "studies" / "valid.yaml").read_text(encoding="utf-8")


def row(unit: str, value: object, between: str = "[0, 9000]", when: str = "2016-01-01") -> str:
    """A dated value on one line."""
    rows = f"[{{from: {when}, value: {value}, source: guess, between: {between}}}]"
    return f"{{unit: {unit}, rows: {rows}}}"


CLERKS, DAYS = "clerks per 1000000 subjects", "working days"
MONTH = "takes: " + row("months", 1, "[0, 9]")
PRACTICE = f"""practice:
  notices:
    letter: {{says: A letter, reaches: {row("share", 0.8, "[0, 1]")}, {MONTH}}}
  objects_wronged: {row("share", 0.5, "[0, 1]")}
  desk:
    staff: {row(CLERKS, 2000)}
    case_takes: {row(DAYS, 2)}
  complaint:
    complains_wronged: {row("share", 0.5, "[0, 1]")}
    complains_rightful: {row("share", 0.5, "[0, 1]")}
    takes: {row("months", 2, "[0, 9]")}
    upholds_wronged: {row("share", 0.5, "[0, 1]")}
    upholds_rightful: {row("share", 0.5, "[0, 1]")}
  corrections_reach: {row("share", 0.5, "[0, 1]")}
  marked: {row("share", 0.5, "[0, 1]")}
"""
OVERLOOKS = "    sees: [judgment.refused]\n"
BASE = VALID.replace("surveys:\n", PRACTICE + "surveys:\n").replace(
    OVERLOOKS, OVERLOOKS + "    overlooks: [{with: income, times: {low: 0.5}, source: guess}]\n"
)
STAFF = f"    staff: {row(CLERKS, 2000)}\n"
TAKES = f"    case_takes: {row(DAYS, 2)}\n"

CASES = {
    "staff without case_takes": (
        TAKES,
        "",
        """study.yaml:41: practice.desk.staff: say how long a case takes a clerk
  expected: case_takes in working days""",
    ),
    "case_takes without staff": (
        STAFF,
        "",
        """study.yaml:41: practice.desk.case_takes: a case takes time of clerks, and this desk has \
none
  try: say how many: staff, in clerks per 1000000 subjects""",
    ),
    "staff and decisions": (
        STAFF,
        STAFF + f"    decisions: {row('decisions per 1000 persons and year', 5)}\n",
        """study.yaml:42: practice.desk.decisions: a desk has clerks or decisions, not both
  try: leave out staff and case_takes, or decisions""",
    ),
    "notice and notices": (
        "  notices:\n",
        f"  notice: {row('share', 0.5, '[0, 1]')}\n  notices:\n",
        """study.yaml:37: practice.notice: notice is given by one share or by channels, not by both
  try: make it one of the channels: notices: {...: {says: ..., reaches: {...}}}""",
    ),
    "too small for a clerk": (
        row(CLERKS, 2000),
        row(CLERKS, 300),
        """study.yaml:41: practice.desk.staff, row 1, value: this society is too small for one clerk
  got: 0.3 clerks for 1,000 subjects
  try: more persons, or decisions in place of staff""",
    ),
    "too small for a clerk later": (
        "value: 2000, source: guess, between: [0, 9000]}",
        "value: 2000, source: guess, between: [0, 9000]}, "
        "{from: 2016-08-01, value: 400, source: guess, between: [0, 9000]}, "
        "{from: 2017-01-01, value: 0, source: guess, between: [0, 9000]}",
        """study.yaml:41: practice.desk.staff, row 2, value: this society is too small for one clerk
  got: 0.4 clerks for 1,000 subjects
  try: more persons, or decisions in place of staff""",
    ),
    "case_takes no time": (
        row(DAYS, 2),
        row(DAYS, 0),
        """study.yaml:42: practice.desk.case_takes, row 1, value: a case must take some time
  got: 0
  try: a desk without a queue has neither staff nor decisions""",
    ),
    "case_takes that end": (
        row(DAYS, 2),
        row(DAYS, 2).replace(
            "}]}", "}, {from: 2017-01-01, value: null, source: guess, between: [0, 9]}]}"
        ),
        """study.yaml:42: practice.desk.case_takes, row 2, value: a case must take some time
  got: nothing
  try: a desk without a queue has neither staff nor decisions""",
    ),
    "case_takes too late": (
        row(DAYS, 2),
        row(DAYS, 2, when="2016-05-01"),
        """study.yaml:42: practice.desk.case_takes, row 1, from: there are clerks before it is \
said how long a case takes
  got: 2016-05-01
  expected: 2016-01-01 or before""",
    ),
    "staff in persons": (
        f"staff: {row(CLERKS, 2000)}",
        f"staff: {row('persons', 2)}",
        """study.yaml:41: practice.desk.staff.unit: this unit does not fit here
  got: persons
  expected: clerks per 1000000 subjects""",
    ),
    "case_takes in months": (
        row(DAYS, 2),
        row("months", 2, "[0, 9]"),
        """study.yaml:42: practice.desk.case_takes.unit: this unit does not fit here
  got: months
  expected: working days""",
    ),
    "a letter that takes days": (
        MONTH,
        "takes: " + row("days", 10),
        """study.yaml:38: practice.notices.letter.takes.unit: this unit does not fit here
  got: days
  expected: months""",
    ),
    "a letter that takes half a month": (
        MONTH,
        "takes: " + row("months", 0.5, "[0, 9]"),
        """study.yaml:38: practice.notices.letter.takes, row 1, value: months must be a whole number
  got: 0.5""",
    ),
    "a supervisor who takes half a month": (
        "takes: " + row("months", 2, "[0, 9]"),
        "takes: " + row("months", 1.5, "[0, 9]"),
        """study.yaml:46: practice.complaint.takes, row 1, value: months must be a whole number
  got: 1.5""",
    ),
    "a complaint without a time": (
        f"    takes: {row('months', 2, '[0, 9]')}\n",
        "",
        """study.yaml:43: practice.complaint: "takes" is missing""",
    ),
    "a channel that reaches more than all": (
        f"reaches: {row('share', 0.8, '[0, 1]')}",
        f"reaches: {row('share', 1.8, '[0, 2]')}",
        """study.yaml:38: practice.notices.letter.reaches, row 1, value: a share lies between 0 \
and 1
  got: 1.8""",
    ),
    "a channel that says nothing": (
        "{says: A letter, ",
        "{",
        """study.yaml:38: practice.notices.letter: "says" is missing""",
    ),
    "corrections that reach half a time": (
        f"  corrections_reach: {row('share', 0.5, '[0, 1]')}",
        f"  corrections_reach: {row('times', 0.5, '[0, 1]')}",
        """study.yaml:49: practice.corrections_reach.unit: this unit does not fit here
  got: times
  expected: share""",
    ),
    "a mark in no share": (
        f"  marked: {row('share', 0.5, '[0, 1]')}",
        "  marked: true",
        """study.yaml:50: practice.marked: this does not fit here
  got: True
  expected: a unit and rows, each with from, value and source""",
    ),
    "overlooks an attribute of nobody": (
        "overlooks: [{with: income,",
        "overlooks: [{with: incomes,",
        """study.yaml:30: agencies.courts.overlooks, row 1: the society has no attribute "incomes"
  try: did you mean "income"?""",
    ),
    "overlooks in negative times": (
        "times: {low: 0.5}",
        "times: {low: -0.5}",
        """study.yaml:30: agencies.courts.overlooks, row 1, times.low: a multiplier cannot be \
negative
  got: -0.5""",
    ),
}


def test_the_base_is_sound() -> None:
    check_study_runs(parse_study(BASE))


@pytest.mark.parametrize("name", CASES)
def test_message(name: str) -> None:
    old, new, message = CASES[name]
    assert BASE.count(old) == 1
    with pytest.raises(ScslabError) as caught:
        check_study_runs(parse_study(BASE.replace(old, new)))
    assert str(caught.value) == message


def test_the_practice_of_a_regime_is_checked_as_well() -> None:
    own = f"    practice: {{desk: {{staff: {row(CLERKS, 2000)}}}}}\n"
    text = VALID.replace("surveys:\n", own + "surveys:\n")
    with pytest.raises(ScslabError, match="say how long a case takes a clerk") as caught:
        parse_study(text)
    assert "regimes, row 1, practice.desk.staff" in str(caught.value)


def test_a_society_made_smaller_is_too_small_for_a_clerk() -> None:
    """Whoever runs the study with fewer persons gets the message, too."""
    with pytest.raises(ScslabError, match="this society is too small for one clerk") as caught:
        simulate(parse_study(BASE), seed=1, persons=200, months=2, threads=1)
    assert "0.4 clerks for 200 subjects" in str(caught.value)


def test_no_clerks_at_all_are_allowed_and_rows_of_other_times_are_not_asked() -> None:
    nobody = BASE.replace(row(CLERKS, 2000), row(CLERKS, 0))
    parse_study(nobody)
    small = "{from: 2015-01-01, value: 300, source: guess, between: [0, 9000]}"
    parse_study(
        BASE.replace(
            "rows: [{from: 2016-01-01, value: 2000",
            f"rows: [{small}, {{from: 2016-01-01, value: 2000",
        )
    )
    late = "{from: 2019-01-01, value: 300, source: guess, between: [0, 9000]}"
    parse_study(BASE.replace(row(CLERKS, 2000), row(CLERKS, 2000)[:-2] + f", {late}]}}"))


def test_a_regimes_own_notice_wins_over_the_channels_of_the_study() -> None:
    own = f"    practice: {{notice: {row('share', 0.1, '[0, 1]')}}}\n"
    common = f"notices: {{text: {{says: T, reaches: {row('share', 0.2, '[0, 1]')}}}}}"
    text = VALID.replace("surveys:\n", f"{own}practice: {{{common}}}\nsurveys:\n")
    practice = parse_study(text).study.regimes[0].practice
    assert practice.notice is not None and not practice.notices
