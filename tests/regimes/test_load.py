"""Reading regimes and cases: changes of rules, and mistakes in cases."""

from pathlib import Path

import pytest

from scslab.core.errors import ScslabError
from scslab.regimes.load import find_regime, library, read_cases, read_regime

POINTS = {
    "unit": "points",
    "rows": [{"from": "2016-01-05", "value": -1, "source": "table", "at": "as changed"}],
}


def test_a_change_reaches_an_act_whose_name_has_a_dot() -> None:
    folder = library()["cn-rongcheng-points"]
    changed = read_regime(folder, {"score.acts.utility.late.points": POINTS})
    assert changed.score.acts["utility.late"].points.rows[0].value == -1
    assert read_regime(folder).score.acts["utility.late"].points.rows[0].value == -20


def test_a_change_may_add_a_last_key() -> None:
    folder = library()["cn-spc-judgment-debtors"]
    notice = {
        "unit": "working days",
        "rows": [
            {"from": "2021-07-01", "value": 10, "source": "assume-hearing", "between": [5, 20]}
        ],
    }
    changed = read_regime(folder, {"remedy.notice_before_listing": notice})
    assert changed.remedy.notice_before_listing.rows[0].value == 10


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (
            "score.acts.utility.latte.points",
            'a change sets "score.acts.utility.latte.points", which the rules do not have\n'
            '  try: did you mean "utility.late"?',
        ),
        (
            "remedies.record_ends",
            'a change sets "remedies.record_ends", which the rules do not have\n'
            '  try: did you mean "remedy"?',
        ),
        ("name.x", 'a change sets "name.x", which the rules do not have'),
    ],
)
def test_a_change_of_nothing_is_refused(target: str, message: str) -> None:
    folder = library()["cn-rongcheng-points"]
    with pytest.raises(ScslabError) as caught:
        read_regime(folder, {target: POINTS})
    assert str(caught.value) == f"{folder / 'regime.yaml'}: {message}"


def test_an_unknown_regime_gets_the_nearest_name() -> None:
    with pytest.raises(ScslabError) as caught:
        find_regime("cn-sesam")
    assert str(caught.value) == 'no regime "cn-sesam"\n  try: did you mean "cn-sesame"?'


CASE = (
    "- name: A case\n  on: {on}\n  person: {{age: {age}}}\n  records: {records}\n  expect: {{}}\n"
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            CASE.format(on="2018-02-30", age=40, records="[]"),
            "cases.yaml:2: cases, row 1, on: there is no such day\n"
            "  got: 2018-02-30\n  expected: a day such as 2013-10-01",
        ),
        (
            CASE.format(
                on="2018-02-01", age=40, records="[{act: utility.thefft, ended: 2018-01-01}]"
            ),
            'cases.yaml:4: cases, row 1, records, row 1, act: act "utility.thefft" is not in the '
            'vocabulary of acts\n  try: did you mean "utility.theft"?',
        ),
        (
            CASE.format(on="2018-02-01", age="forty", records="[]"),
            "cases.yaml:3: cases, row 1, person.age: this does not fit here\n"
            "  got: forty\n  expected: a whole number",
        ),
        (
            CASE.format(on="2018-02-01", age=40, records="[{act: utility.theft}]"),
            'cases.yaml:4: cases, row 1, records, row 1: "ended" is missing',
        ),
        (
            "name: A case\n",
            "cases.yaml:1: cases: this does not fit here\n"
            "  got: {'name': 'A case'}\n  expected: a list",
        ),
    ],
)
def test_a_mistake_in_a_case(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "cases.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScslabError) as caught:
        read_cases(tmp_path)
    assert str(caught.value).replace(str(tmp_path / "cases.yaml"), "cases.yaml") == message
