"""LimeSurvey's tab-separated structure: rows as its importer reads them, and who is asked."""

import csv
import re
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from languages_of_forms import script
from questioned import BASE, one, own_columns, respondents

from scslab.core.errors import ScslabError
from scslab.survey.instrument.columns import routing
from scslab.survey.instrument.expression_script import codes_for, short, variable
from scslab.survey.instrument.limesurvey import limesurvey
from scslab.survey.instrument.load import instruments
from scslab.survey.instrument.model import Instrument

Rows = list[dict[str, str]]
EVERY = [*instruments(), BASE]
TYPES = {
    "single": "L", "yes_no": "L", "multiple": "M", "number": "N", "count": "N", "grid": "F",
    "info": "X", "assigned": "*",
}  # fmt: skip


def rows_of(instrument: Instrument) -> Rows:
    text = limesurvey(instrument)[0].decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text), delimiter="\t"))


def of_class(rows: Rows, *kinds: str, language: str = "en") -> Rows:
    return [r for r in rows if r["class"] in kinds and r["language"] == language]


def questions(instrument: Instrument) -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in of_class(rows_of(instrument), "Q")}


@pytest.mark.parametrize("name", EVERY)
def test_the_first_thousand_bytes_are_plain(name: str | Path) -> None:
    """The importer guesses the encoding from them."""
    content = limesurvey(one(name))[0]
    assert content.startswith(b"\xef\xbb\xbfid\t")
    assert max(content[3:1000]) < 128


@pytest.mark.parametrize("name", EVERY)
def test_both_languages_have_the_same_rows(name: str | Path) -> None:
    rows = rows_of(one(name))
    kinds = ("G", "Q", "SQ", "A")
    english, chinese = (of_class(rows, *kinds, language=lang) for lang in ("en", "zh-Hans"))
    assert len(english) == len(chinese) > 20
    translated = ("name", "text", "help", "language")
    for mine, other in zip(english, chinese, strict=True):
        kept = [key for key in mine if key not in translated] + (
            ["name"] if mine["class"] != "G" else []
        )
        if "{if(" in mine["text"]:
            assert other["text"].count("{if(") == mine["text"].count("{if(")
        assert [mine[key] for key in kept] == [other[key] for key in kept]
    assert all(row["text"] for row in [*english, *chinese] if row["class"] != "G")
    assert re.search("[\u4e00-\u9fff]", chinese[1]["text"])


@pytest.mark.parametrize("name", EVERY)
def test_ids_and_codes_are_as_limesurvey_wants_them(name: str | Path) -> None:
    rows = of_class(rows_of(one(name)), "Q", "SQ", "A")
    asked = [row for row in rows if row["class"] != "A"]
    assert [row["id"] for row in asked] == [str(i) for i in range(1, len(asked) + 1)]
    codes = [row["name"] for row in rows if row["class"] == "Q"]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch("[a-z][a-z0-9]{0,19}", code) for code in codes), codes
    question, within = "", set()
    for row in rows:
        if row["class"] == "Q":
            question, within = row["id"], set()
        elif row["class"] == "SQ":
            assert re.fullmatch("[a-z0-9]{1,20}", row["name"])
        else:
            assert re.fullmatch("[a-z0-9]{1,5}", row["name"]) and row["id"] == question
        key = (row["class"], row["name"])
        assert row["class"] == "Q" or key not in within
        within.add(key)


@pytest.mark.parametrize("name", EVERY)
def test_types_answers_and_subquestions(name: str | Path) -> None:
    instrument = one(name)
    codes = codes_for(instrument)
    rows = of_class(rows_of(instrument), "Q", "SQ", "A")
    starts = {row["name"]: i for i, row in enumerate(rows) if row["class"] == "Q"}
    for question in instrument.questions:
        at = starts[codes.questions[question.name]]
        assert rows[at]["type/scale"] == TYPES[question.type]
        below = [*rows[at + 1 :]]
        end = next((i for i, row in enumerate(below) if row["class"] == "Q"), len(below))
        kinds = [row["class"] for row in below[:end]]
        listed = {
            "multiple": len(question.choices or []),
            "grid": len(question.items or []),
        }.get(question.type, 0)
        extra = question.type == "multiple"
        extra_rows = (not question.exclusive) + (question.dont_know == "offered") if extra else 0
        extra_rows += (question.refuse == "offered") if extra else 0
        assert kinds.count("SQ") == listed + extra_rows, question.name
        assert ("A" in kinds) == (question.type in ("single", "yes_no", "grid")), question.name


def test_a_question_as_its_row_stands() -> None:
    found = questions(one("kostka-2018"))
    sesame = found["scoresesame"]
    assert sesame["relevance"] == 'systems_sesame.NAOK == "Y"'
    assert (sesame["min_num_value_n"], sesame["max_num_value_n"]) == ("350", "950")
    assert sesame["num_value_int_only"] == "1" and sesame["help"] == "A number from 350 to 950."
    assert found["systems"]["exclude_all_others"] == "none"
    assert found["joining"]["subquestion_order"] == "random"
    assert found["joining"]["keep_codes_order"] == "otherreason;nothing"
    assert found["age"]["mandatory"] == "Y" and found["approval"]["mandatory"] == "N"
    group = found["listgroup"]
    assert group["hidden"] == "1"
    assert group["equation"] == "{if(is_empty(listgroup.NAOK), rand(0, 1), listgroup.NAOK)}"
    count = found["listcount"]
    assert '{if(listgroup.NAOK == "1", \'<li>I have doubts' in count["text"]
    assert count["max_num_value_n"] == "4"
    assert count["em_validation_q"].endswith('1 + 1 + 1 + if(listgroup.NAOK == "1", 1, 0)')


def test_text_is_not_read_as_html_or_as_an_expression() -> None:
    rows = rows_of(one(BASE))
    assert "Some information &lt;b&gt;" in [row["text"] for row in rows]
    assert "city { 1 }" in [row["text"] for row in rows]
    assert "<li>I’m tall</li>" in questions(one(BASE))["howmany"]["text"]


def test_random_parts_and_items() -> None:
    found = questions(one(BASE))
    assert found["views"]["random_group"] == found["member"]["random_group"] == "second"
    assert found["views"]["subquestion_order"] == "random" and found["age"]["random_group"] == ""
    assert found["town"]["answer_order"] == "random"
    assert found["town"]["keep_codes_order"] == "2;dk"
    assert found["likes"]["exclude_all_others"] == "nothing"


def test_survey_rows() -> None:
    rows = rows_of(one("kostka-2018"))
    survey = {row["name"]: row["text"] for row in rows if row["class"] == "S"}
    assert survey["language"] == "en" and survey["additional_languages"] == "zh-Hans"
    titles = [row["text"] for row in rows if row["name"] == "surveyls_title"]
    assert titles == ["Approval of social credit systems", "社会信用体系赞同度调查"]
    welcome = [row["text"] for row in rows if row["name"] == "surveyls_welcometext"]
    assert all("scslab" in text for text in welcome)


@pytest.mark.parametrize("name", ["kostka-2018", "framing-2019", BASE])
def test_relevance_asks_whom_routing_asks(name: str | Path) -> None:
    instrument = one(name)
    n = 400
    columns = respondents(instrument, n, seed=12)
    asked = routing(instrument, columns, n)
    codes = codes_for(instrument)
    groups = of_class(rows_of(instrument), "G")
    rows = questions(instrument)
    own = own_columns(instrument)
    for i in range(n):
        form = filled_form(instrument, columns, asked, i)
        for part, group in zip(instrument.parts, groups, strict=True):
            for question in part.questions:
                if question.type in ("assigned", "info"):
                    continue
                row = rows[codes.questions[question.name]]
                shown = all(bool(script(r["relevance"], form)) for r in (group, row))
                assert shown == asked[own[question.name][0].name][i], (i, question.name)


def filled_form(
    instrument: Instrument, columns: dict[str, np.ndarray], asked: dict[str, np.ndarray], i: int
) -> dict[str, str]:
    """One respondent's answers by LimeSurvey's names."""
    codes, form = codes_for(instrument), {}
    columns_by_question = own_columns(instrument)
    for question in instrument.questions:
        own = columns_by_question[question.name]
        for column in own:
            value, given = columns[column.name][i], asked[column.name][i]
            if not given or np.isnan(value):
                answer = ""
                if given and column.choice is None and question.type not in ("number", "count"):
                    answer = "dk" if question.dont_know == "offered" else ""
            elif column.choice is not None:
                answer = "Y" if value else ""
            else:
                answer = str(int(value))
            form[variable(column, codes)] = answer
        if question.type == "multiple" and not question.exclusive:
            name = codes.questions[question.name]
            ticked = any(columns[c.name][i] == 1 for c in own)
            known = not np.isnan(columns[own[0].name][i]) and asked[own[0].name][i]
            form[f"{name}_nothing"] = "Y" if known and not ticked else ""
    return form


def test_codes_are_short_and_their_own() -> None:
    names = ["a" * 30, "a" * 29 + "_b", "a" * 25]
    assert list(short(names).values()) == ["a" * 20, "a" * 19 + "2", "a" * 19 + "3"]


def test_a_code_that_is_too_long_there() -> None:
    data = one(BASE).model_dump(by_alias=True, exclude_none=True)
    data["parts"][0]["questions"][2]["choices"][1]["code"] = 123456
    with pytest.raises(ScslabError, match='code 123456 of "town" is too long for LimeSurvey'):
        limesurvey(Instrument.model_validate(data))


def test_what_a_user_should_know_is_told() -> None:
    first, second = limesurvey(one("kostka-2018"))[1]
    assert first == (
        "LimeSurvey's codes have letters and digits only: scoresesame for score_sesame, "
        "scoretencent for score_tencent, relativescore for relative_score, ..."
    )
    assert "keep_codes_order" in second
