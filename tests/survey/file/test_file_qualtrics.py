"""Qualtrics exports: header rows, previews, several answers, paradata."""

import csv
from pathlib import Path

import numpy as np
import pytest

from scslab.core.errors import ScslabError
from scslab.survey.file.read import read_answers

NAMES_TEXT = (
    "StartDate EndDate Status IPAddress Progress Duration__(in_seconds) Finished RecordedDate "
    "ResponseId RecipientLastName RecipientFirstName RecipientEmail LocationLatitude "
    "DistributionChannel UserLanguage Q1 Q2 Q3_1 Q3_2 Q3_3_TEXT Q4"
)
NAMES = NAMES_TEXT.split()
TEXTS = {
    "StartDate": "Start Date",
    "Status": "Response Type",
    "Q1": "How much do you trust\nyour local government?",
    "Q2": "Which of these do you use?",
    "Q3_1": "Which have you heard of? - Blacklist",
    "Q3_2": "Which have you heard of? - Red list",
    "Q3_3_TEXT": "Which have you heard of? - Other - Text",
    "Q4": "你的看法？",
}


def row(status: str, **values: str) -> list[str]:
    usual = {
        "StartDate": "2024-03-01 10:00:00",
        "EndDate": "2024-03-01 10:05:00",
        "Status": status,
        "Progress": "100",
        "Duration__(in_seconds)": "300",
        "Finished": "True",
        "RecordedDate": "2024-03-01 10:05:01",
        "ResponseId": f"R_{abs(hash(str(values))):x}",
        "DistributionChannel": "anonymous",
        "UserLanguage": "ZH-S",
        **values,
    }
    return [usual.get(name, "") for name in NAMES]


ROWS = [
    row("Survey Preview", Q1="1"),
    row("IP Address", Q1="5", Q2="1,3", Q3_1="Blacklist", Q4="同意"),
    row("IP Address", Q1="4", Q2="2", Q3_1="Blacklist", Q3_2="Red list", Q4="不同意,因为"),
    row("IP Address", Q2="", Q4='a "quoted" word'),
]


def export(path: Path, rows: list[list[str]], ids: bool = True) -> Path:
    head = [NAMES, [TEXTS.get(n, n) for n in NAMES]]
    head += [[f'{{"ImportId":"{n}"}}' for n in NAMES]] if ids else []
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows([*head, *rows])
    return path


def test_three_header_rows(tmp_path: Path) -> None:
    answers = read_answers(export(tmp_path / "q.csv", ROWS))
    assert answers.n == 3
    assert answers.variables["Q1"].question == "How much do you trust your local government?"
    assert answers.frame["Q1"].tolist()[:2] == [5, 4]
    assert answers.frame["Duration__(in_seconds)"].tolist() == [300, 300, 300]
    assert answers.variables["StartDate"].kind == "datetime"
    assert answers.frame["Q4"].tolist() == ["同意", "不同意,因为", 'a "quoted" word']
    assert "read as a Qualtrics export with three header rows" in answers.notes
    assert "1 previews or tests of the questionnaire are left out (Status)" in answers.notes


def test_empty_contact_columns_are_left_out(tmp_path: Path) -> None:
    answers = read_answers(export(tmp_path / "q.csv", ROWS))
    gone = [
        *("IPAddress", "RecipientLastName", "RecipientFirstName", "RecipientEmail"),
        "LocationLatitude",
    ]
    assert not set(gone) & set(answers.variables)
    assert f"empty columns for identifiers are left out: {', '.join(gone)}" in answers.notes


def test_filled_contact_columns_are_refused(tmp_path: Path) -> None:
    rows = [
        row("IP Address", IPAddress=f"198.51.100.{i}", RecipientFirstName=f"Zq{i}",
            LocationLatitude=f"39.90{i}77")
        for i in range(6)
    ]  # fmt: skip
    with pytest.raises(ScslabError) as caught:
        read_answers(export(tmp_path / "q.csv", rows))
    assert caught.value.hint == "--drop IPAddress,RecipientFirstName,LocationLatitude"
    assert "198.51" not in str(caught.value)
    names = caught.value.hint.removeprefix("--drop ").split(",")
    assert read_answers(tmp_path / "q.csv", drop=names).n == 6


def test_several_answers(tmp_path: Path) -> None:
    answers = read_answers(export(tmp_path / "q.csv", ROWS))
    for name, chosen in (("Q2_1", [1, 0]), ("Q2_2", [0, 1]), ("Q2_3", [1, 0])):
        assert answers.frame[name].tolist()[:2] == chosen
        assert np.isnan(answers.frame[name][2])
        assert dict(answers.variables[name].labels) == {0: "not chosen", 1: "chosen"}
    assert "Q2" not in answers.variables
    assert answers.frame["Q3_1"].tolist()[:2] == [1, 1]
    assert answers.frame["Q3_2"].tolist()[:2] == [0, 1]
    assert answers.variables["Q3_2"].label == "Red list"
    assert answers.variables["Q3_2"].question == "Which have you heard of?"


def test_legacy_export_with_two_header_rows(tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_text(
        "V1,V2,V7,Q1\nResponseID,ResponseSet,Status,How much trust?\n"
        "R_1,Default,0,5\nR_2,Default,1,4\nR_3,Default,0,3\n"
    )
    answers = read_answers(path)
    assert answers.frame["Q1"].tolist() == [5, 3]
    assert answers.variables["Q1"].question == "How much trust?"
    assert answers.variables["V1"].label == "ResponseID"
    assert "read as a Qualtrics export with two header rows (a legacy export)" in answers.notes


def test_a_plain_csv_is_none(tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    path.write_text("Status,Q1\n1,2\n2,3\n")
    assert read_answers(path).n == 2
