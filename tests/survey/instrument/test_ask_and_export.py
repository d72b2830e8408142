"""The commands `ask` and `export`; `check`, `list` and `schema` as they concern instruments."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from questioned import BASE, one

from scslab.cli.instruments import talk
from scslab.core.errors import ScslabError
from scslab.survey.instrument.export import export_instrument

ANSWERS = """\
age: 30
sex: 1
approval: 4
systems: [tencent, local]
score_tencent: dk
joining: automatic
effects: no_effect
score_sesame: 700
responsible: []
list_group: 1
list_count: 4
"""


def run(
    capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch, *words: str
) -> tuple[int, str, str]:
    from scslab.cli.main import main

    patch.setattr(sys, "argv", ["scslab", *words])
    patch.setenv("COLUMNS", "100")
    code = 0
    try:
        main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def call(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator:
    monkeypatch.chdir(tmp_path)
    yield lambda *words: run(capsys, monkeypatch, *words)


# --- ask


def test_the_path_of_a_respondent(call, tmp_path: Path) -> None:
    (tmp_path / "answers.yaml").write_text(ANSWERS, encoding="utf-8")
    code, out, err = call("ask", "kostka-2018", "--answers", "answers.yaml", "--seed", "3")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "kostka-2018: Approval of social credit systems (seed 3)"
    assert lines[1] == (
        "This is for looking at a questionnaire, not for asking real persons: nothing is stored."
    )
    assert lines[3] == "arm list_group: 1 long list of four"
    rows = {line.split()[1]: line for line in lines if line.startswith("  ") and len(line) > 8}
    assert rows["age"] == "    1  age              30"
    assert rows["approval"].endswith("approval         4 somewhat approve")
    assert rows["systems"].endswith("systems          tencent, local")
    assert rows["score_sesame"] == (
        '   --  score_sesame     not shown: only if you chose “Sesame Credit” at question "systems"'
    )
    assert rows["score_tencent"].endswith("(don't know)")
    assert rows["income"].endswith("(no answer)")
    assert rows["responsible"].endswith("none of these")
    assert rows["list_count"].split()[:3] == ["27", "list_count", "4"]
    assert lines[-1] == "note: score_sesame was answered but not shown"


def test_the_path_in_chinese(call, tmp_path: Path) -> None:
    (tmp_path / "answers.yaml").write_text(ANSWERS, encoding="utf-8")
    _, out, _ = call("ask", "kostka-2018", "--answers", "answers.yaml", "--language", "zh")
    assert "此命令仅用于查看问卷，不用于询问真实的人" in out
    assert (
        "approval         4 有点赞同" in out
        and "未显示：仅当您在第systems题选择了“芝麻信用”" in out
    )


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ("aeg: 3\n", 'answers.yaml:1: aeg: no question "aeg"\n  try: did you mean "age"?\n'),
        (
            "sex: 1\napproval: 9\n",
            "answers.yaml:2: approval: this is no answer\n  got: 9\n  expected: 1, 2, 3, 4, 5\n",
        ),
        (
            "party: true\n",
            "answers.yaml:1: party: this is no answer\n  got: True\n"
            "  expected: a code, a number, a word, or a list of them\n",
        ),
        (
            "- 1\n",
            "answers.yaml: this is no file of answers\n"
            "  expected: lines such as approval: 4 or systems: [sesame, tencent]\n",
        ),
    ],
)
def test_mistakes_in_answers(answers: str, message: str, call, tmp_path: Path) -> None:
    (tmp_path / "answers.yaml").write_text(answers, encoding="utf-8")
    assert call("ask", "kostka-2018", "--answers", "answers.yaml") == (1, "", f"error: {message}")


def test_ask_leaves_nothing_behind(call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = iter(["1", "", "11", "7"])

    def typed(_: str) -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", typed)
    code, out, _ = call("ask", "framing-2019", "--seed", "4")
    assert code == 0 and list(tmp_path.iterdir()) == []
    assert out.count("nothing is stored") == 2
    assert "expected: a whole number from 0 to 10" in out


def test_a_talk_to_its_end() -> None:
    shown: list[str] = []
    lines = iter(["20", "9", "1", "back", "2", "app", "red", "1", "1", "1", "", "0"])
    end = talk(one(BASE), "en", 1, shown.append, lambda: next(lines, None))
    assert end == "That was the last question. Nothing was stored."
    asked = [text.split("]")[0].strip("\n[") for text in shown if text.startswith("\n[")]
    assert asked[:7] == ["age", "town", "town", "uses", "town", "uses", "likes"]
    assert "this is no answer\n  got: 9\n  expected: 0, 1, 2, dk" in shown


def test_a_question_as_it_is_shown() -> None:
    shown: list[str] = []
    talk(one("kostka-2018"), "en", 1, shown.append, lambda: None)
    assert shown[1] == "\n== About you =="
    assert shown[2] == "\n[age] How old are you?\n  In full years."
    shown = []
    lines = iter(["20", "1"])
    talk(one(BASE), "zh", 1, shown.append, lambda: next(lines, None))
    assert shown[-1].splitlines()[1:] == [
        "[uses] 您使用什么？", "  可多选。", "    1  应用", "    2  卡", "    3  都没有",
        "  refuse  不愿回答",
    ]  # fmt: skip


# --- export


@pytest.mark.parametrize(
    ("name", "what", "begins"),
    [
        ("form.xlsx", "an XLSForm for ODK, Kobo or SurveyCTO", b"PK"),
        ("form.txt", "LimeSurvey's tab-separated structure", b"\xef\xbb\xbfid\t"),
        ("form.html", "a page to print", b"<!doctype html>"),
    ],
)
def test_export(name: str, what: str, begins: bytes, call, tmp_path: Path) -> None:
    code, out, err = call("export", "liu-2020", name)
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == f"{name}: liu-2020 as {what}"
    assert (tmp_path / name).read_bytes().startswith(begins)
    assert [p.name for p in tmp_path.iterdir()] == [name]
    assert all(line.startswith("note: ") for line in out.splitlines()[1:])


def test_export_of_a_page_in_chinese_for_one_form(call, tmp_path: Path) -> None:
    assert call("export", "framing-2019", "f.html", "--language", "zh", "--seed", "2")[0] == 0
    page = (tmp_path / "f.html").read_text(encoding="utf-8")
    assert '<html lang="zh-Hans">' in page and "问卷版本 2" in page


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["form.pdf"],
            "form.pdf: unknown kind of file\n  got: .pdf\n  expected: .xlsx (an XLSForm for ODK,"
            " Kobo or SurveyCTO); .txt (LimeSurvey's tab-separated structure); .html (a page to"
            " print)\n",
        ),
        (
            ["form.xlsx", "--language", "zh"],
            "form.xlsx: --language is for a page to print\n  why: the file holds all languages and"
            " leaves what is drawn to the program\n",
        ),
        (
            ["form.html", "--language", "de"],
            'liu-2020 is not in language "de"\n  try: known: en, zh\n',
        ),
        (
            ["no/form.html"],
            "no/form.html: the file could not be written\n  got: No such file or directory\n"
            "  try: name a file in a folder that is there\n",
        ),
    ],
)
def test_mistakes_in_export(words: list[str], message: str, call, tmp_path: Path) -> None:
    assert call("export", "liu-2020", *words) == (1, "", f"error: {message}")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "form.html"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(ScslabError, match="there is a file already"):
        export_instrument(one("liu-2020"), path)
    assert path.read_text(encoding="utf-8") == "mine"


# --- check, list, schema


def test_check_list_and_schema(call, tmp_path: Path) -> None:
    (tmp_path / "form.yaml").write_text(BASE.read_text(encoding="utf-8"), encoding="utf-8")
    assert call("check", "form.yaml") == (
        0,
        "form.yaml: instrument small is sound (8 questions, 13 columns, in en and zh)\n",
        "",
    )
    (tmp_path / "form.yaml").write_text("instrument: instrument/1\n", encoding="utf-8")
    code, _, err = call("check", "form.yaml")
    assert code == 1 and err == 'error: form.yaml:1: "id" is missing\n'
    _, out, _ = call("list")
    assert "\ninstruments (questionnaires)\n  framing-2019  Information and support" in out
    _, out, _ = call("schema", "instrument")
    assert json.loads(out)["properties"]["instrument"]["const"] == "instrument/1"
