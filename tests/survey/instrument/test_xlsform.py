"""The XLSForm: valid for pyxform, and asks whom the instrument asks."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from languages_of_forms import xpath
from openpyxl import load_workbook
from pyxform.xls2xform import convert
from questioned import BASE, one, own_columns, respondents

from scslab.survey.instrument.columns import routing
from scslab.survey.instrument.load import instruments
from scslab.survey.instrument.model import Instrument
from scslab.survey.instrument.xlsform import xlsform

Sheet = list[dict[str, str]]
EVERY = [*instruments(), BASE]


def sheets(instrument: Instrument) -> dict[str, Sheet]:
    """The rows of the workbook by sheet, as another program reads them."""
    book = load_workbook(BytesIO(xlsform(instrument)[0]))
    found: dict[str, Sheet] = {}
    for sheet in book:
        header, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [
            {str(k): str(v) for k, v in zip(header, row, strict=True) if v is not None}
            for row in rows
        ]
    return found


def by_name(instrument: Instrument) -> dict[str, dict[str, str]]:
    return {r["name"]: r for r in sheets(instrument)["survey"] if r["type"] != "end_group"}


@pytest.mark.parametrize("name", EVERY)
def test_pyxform_takes_it_without_a_word(name: str | Path, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(xlsform(one(name))[0])
    warnings: list[str] = []
    form = convert(path, warnings=warnings, validate=False)
    assert warnings == []
    assert "jr:itext" in form.xform and '<translation lang="Chinese (zh)"' in form.xform


@pytest.mark.parametrize("name", EVERY)
def test_every_question_is_there_in_both_languages(name: str | Path) -> None:
    rows = by_name(one(name))
    for question in one(name).questions:
        row = rows[question.name]
        if question.type != "assigned":
            assert row["label::English (en)"] and row["label::Chinese (zh)"]
        for item in question.items or [] if question.type == "grid" else []:
            assert rows[str(item.name)]["type"].startswith("select_one ")
    assert list(sheets(one(name))) == ["survey", "choices", "settings"]


def test_settings() -> None:
    assert sheets(one("kostka-2018"))["settings"] == [
        {
            "form_title": "Approval of social credit systems",
            "form_id": "kostka_2018",
            "version": "1",
            "default_language": "English (en)",
        }
    ]


def test_the_form_says_whose_it_is() -> None:
    first = sheets(one("kostka-2018"))["survey"][0]
    assert first["type"] == "note"
    says = first["label::English (en)"]
    assert says.startswith(
        "A questionnaire of the laboratory scslab (kostka-2018), after: G. Kostka"
    )
    assert "it is not the original questionnaire of any study" in says
    assert "并非任何研究的原始问卷" in first["label::Chinese (zh)"]


def test_types_and_limits() -> None:
    rows = by_name(one("kostka-2018"))
    assert rows["approval"]["type"] == "select_one approval"
    assert rows["honest"]["type"] == rows["quality_of_life"]["type"] == "select_one agree"
    assert rows["information"]["type"] == "select_one yes_no"
    assert rows["systems"]["type"] == "select_multiple systems"
    assert rows["score_sesame"]["constraint"] == ". >= 350 and . <= 950"
    assert rows["score_sesame"]["relevant"] == "selected(${systems}, 'sesame')"
    assert rows["list_group"] == {
        "type": "calculate", "name": "list_group", "calculation": "once(int(random() * 2))",
    }  # fmt: skip
    assert rows["list_count"]["constraint"] == ". >= 0 and . <= 3 + if(${list_group} = '1', 1, 0)"
    assert rows["list_count_doubts"]["relevant"] == "${list_group} = '1'"
    assert rows["age"]["required"] == "yes" and "required" not in rows["approval"]


def test_grids_are_tables_of_one_list() -> None:
    rows = by_name(one("liu-2020"))
    assert rows["surveil"]["type"] == "begin_group"
    assert rows["surveil"]["appearance"] == "table-list"
    kinds = {r["type"] for n, r in rows.items() if n.startswith(("surveil_", "punish_"))}
    assert kinds == {"select_one support"}


def test_choices_with_dont_know_and_refusal() -> None:
    lists: dict[str, list[str]] = {}
    for row in sheets(one(BASE))["choices"]:
        lists.setdefault(row["list_name"], []).append(row["name"])
    assert lists == {
        "no_number_dk_refused": ["dk", "refused"],
        "town_dk": ["0", "1", "2", "dk"],
        "uses_refused": ["app", "card", "none", "refused"],
        "likes_nothing": ["red", "blue", "nothing"],
        "agree_dk": ["1", "2", "3", "dk"],
        "agree": ["1", "2", "3"],
        "yes_no": ["1", "0"],
    }


@pytest.mark.parametrize(
    ("question", "answer", "allowed"),
    [
        ("uses", "app card", True),
        ("uses", "none", True),
        ("uses", "app none", False),
        ("uses", "refused", True),
        ("uses", "refused card", False),
        ("likes", "red blue", True),
        ("likes", "nothing", True),
        ("likes", "nothing red", False),
        ("age", "14", True),
        ("age", "13", False),
        ("age", "91", False),
    ],
)
def test_constraints(question: str, answer: str, allowed: bool) -> None:
    assert xpath(by_name(one(BASE))[question]["constraint"], {}, answer) is allowed


def test_a_counted_list_is_as_long_as_what_is_shown() -> None:
    constraint = by_name(one(BASE))["how_many"]["constraint"]
    for arm, count, allowed in (("0", "2", True), ("0", "3", False), ("1", "3", True)):
        assert xpath(constraint, {"arm": arm}, count) is allowed


def test_no_number_is_asked_why_only_where_it_is_asked() -> None:
    why = by_name(one("kostka-2018"))["score_sesame_why"]
    assert why["type"] == "select_one no_number_dk"
    for systems, score, asked in (("sesame", "", True), ("sesame", "700", False), ("", "", False)):
        form = {"systems": systems, "score_sesame": score}
        assert bool(xpath(why["relevant"], form)) is asked


@pytest.mark.parametrize("name", ["kostka-2018", "framing-2019", BASE])
def test_relevant_asks_whom_routing_asks(name: str | Path) -> None:
    instrument = one(name)
    n = 400
    columns = respondents(instrument, n, seed=11)
    asked = routing(instrument, columns, n)
    rows = by_name(instrument)
    info = [q.name for q in instrument.questions if q.type == "info"]
    own = own_columns(instrument)
    for i in range(n):
        form = filled_form(instrument, columns, asked, i)
        for part in instrument.parts:
            whole = holds(rows[part.id], form)
            for question in part.questions:
                shown = whole and holds(rows[question.name], form)
                if question.type == "count":
                    shown = whole and holds(rows[f"{question.name}_list"], form)
                if question.type == "assigned" or question.name in info:
                    continue
                assert shown == asked[own[question.name][0].name][i], (i, question.name)


def holds(row: dict[str, str], form: dict[str, str]) -> bool:
    return "relevant" not in row or bool(xpath(row["relevant"], form))


def filled_form(
    instrument: Instrument, columns: dict[str, np.ndarray], asked: dict[str, np.ndarray], i: int
) -> dict[str, str]:
    """One respondent's form: what is missing was not known or refused where that is offered."""
    form: dict[str, str] = {}
    columns_by_question = own_columns(instrument)
    for question in instrument.questions:
        own = columns_by_question[question.name]
        if question.type == "multiple":
            form[question.name] = ""
        for column in own:
            value = columns[column.name][i]
            name = question.name if column.choice is not None else column.name
            if not asked[column.name][i]:
                form[name] = ""
            elif np.isnan(value):
                none = "dk" if question.dont_know == "offered" else ""
                none = "refused" if question.refuse == "offered" else none
                form[name] = "" if question.type in ("number", "count") else none
            elif column.choice is None:
                form[name] = str(int(value))
            elif value:
                form[name] = f"{form[name]} {column.choice.name}".strip()
        told = own and asked[own[0].name][i] and not np.isnan(columns[own[0].name][i])
        if question.type == "multiple" and told and not form[question.name]:
            form[question.name] = "nothing"
    return form


def test_what_a_form_cannot_say_is_told() -> None:
    notes = xlsform(one("liu-2020"))[1]
    assert notes[0] == 'the items of "surveil" are in a fixed order'
    assert any(
        note.startswith('the choices of "reasons_for" are in a fixed order') for note in notes
    )
    assert xlsform(one("framing-2019"))[1] == ()
    assert 'the questions of part "second" are in a fixed order' in xlsform(one(BASE))[1]


def test_random_choices_without_a_last_one_are_random() -> None:
    base = one(BASE)
    parts = base.model_dump(by_alias=True, exclude_none=True)
    likes = parts["parts"][0]["questions"][3]
    parts["parts"][0]["questions"][4]["exclusive"] = ["red"]
    assert likes["name"] == "uses"
    changed = Instrument.model_validate(parts)
    assert by_name(changed)["likes"]["parameters"] == "randomize=true"


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    data = one(BASE).model_dump(by_alias=True, exclude_none=True)
    data["title"] = {"en": "=1+1", "zh": "=1+1"}
    assert sheets(Instrument.model_validate(data))["settings"][0]["form_title"] == "=1+1"
