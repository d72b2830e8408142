"""The command `audit`: exit codes, formats, and messages for what a user can get wrong."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from faulty_rules import CLEAN, clean_folder, planted
from scslab.cli.audit import audit
from scslab.core.errors import ScslabError

app = typer.Typer()
app.command()(audit)


def call(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    if isinstance(result.exception, ScslabError):
        return 1, result.exception.text()
    return result.exit_code, result.output


def test_a_clean_file_ends_with_nil() -> None:
    code, text = call(str(clean_folder("court-list")))
    assert code == 0 and "none is not met" in text


def test_a_faulty_file_ends_with_three(tmp_path: Path) -> None:
    code, text = call(str(planted("14-no-notice", tmp_path)))
    assert code == 3 and "not met: 1" in text
    assert "remedy.notice_before_listing" in text


def test_a_folder_of_folders(tmp_path: Path) -> None:
    code, text = call(str(clean_folder("court-list").parent))
    assert code == 0 and f"Audit of {len(CLEAN)} regimes" in text
    planted("14-no-notice", tmp_path)
    planted("16-no-reasons", tmp_path / "deeper")
    code, text = call(str(tmp_path))
    assert code == 3 and "14-no-notice" in text and "16-no-reasons" in text


def test_a_gate_can_ask_for_some_criteria_only(tmp_path: Path) -> None:
    folder = str(planted("16-no-reasons", tmp_path))
    assert call(folder, "--only", "cn.notice,cn.hearing")[0] == 0
    assert call(folder, "--instrument", "pipl")[0] == 3


def test_a_safeguard_can_be_laid_over_the_rules(tmp_path: Path) -> None:
    folder = str(planted("16-no-reasons", tmp_path))
    code, text = call(folder, "--safeguards", "reasons")
    assert code == 0 and "with the safeguards reasons" in text


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_machine_formats_go_to_the_terminal(form: str) -> None:
    code, text = call("cn-taxpayer-grades", "--format", form)
    assert code == 3
    assert json.loads(text)["version"]


@pytest.mark.parametrize("form", ["text", "json", "sarif", "html", "docx"])
def test_every_format_can_go_to_a_file(form: str, tmp_path: Path) -> None:
    out = tmp_path / f"audit.{form}"
    code, text = call("cn-taxpayer-grades", "--format", form, "--out", str(out))
    assert code == 3 and out.stat().st_size > 1000
    assert text.strip() == f"{form}: {out}; not met: 9"
    assert [p.name for p in tmp_path.iterdir()] == [out.name]


def test_a_report_is_never_written_over(tmp_path: Path) -> None:
    out = tmp_path / "audit.docx"
    out.write_text("what a lawyer wrote")
    code, text = call("cn-taxpayer-grades", "--format", "docx", "--out", str(out))
    assert code == 1 and "there is such a file already" in text
    assert out.read_text() == "what a lawyer wrote"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["cn-taxpayer-grades", "--format", "pdf"], 'no format "pdf"'),
        (["cn-taxpayer-grades", "--format", "html"], "a report as html needs a file"),
        (["cn-taxpayer-grades", "--out", "no-such-folder/a.txt"], "no such folder"),
        (["cn-taxpayer-grade"], 'did you mean "cn-taxpayer-grades"?'),
        (["cn-taxpayer-grades", "--on", "1999-01-01"], "covers 2014-10-01 onward"),
        (["cn-taxpayer-grades", "--on", "yesterday"], "this is not a day"),
        (["cn-taxpayer-grades", "--only", "cn.notise"], 'did you mean "cn.notice"?'),
        (["cn-taxpayer-grades", "--run", "nowhere"], "this is not a run folder"),
        (["cn-taxpayer-grades", "--safeguards", "notise"], "notise"),
    ],
)
def test_a_mistake_is_one_message(arguments: list[str], says: str) -> None:
    code, text = call(*arguments)
    assert code == 1 and says in text


def test_an_empty_folder_and_double_names_are_mistakes(tmp_path: Path) -> None:
    code, text = call(str(tmp_path))
    assert code == 1 and "no regime in this folder" in text
    planted("14-no-notice", tmp_path / "a")
    planted("14-no-notice", tmp_path / "b")
    code, text = call(str(tmp_path))
    assert code == 1 and 'two regimes are called "14-no-notice"' in text


def test_copies_of_rules_in_a_run_folder_are_passed_over(tmp_path: Path) -> None:
    planted("14-no-notice", tmp_path / "rules")
    planted("14-no-notice", tmp_path / "run" / "regimes")
    assert call(str(tmp_path))[0] == 1
    (tmp_path / "run" / "manifest.json").write_text("{}", encoding="utf-8")
    code, text = call(str(tmp_path))
    assert code == 3 and "rules/14-no-notice/regime.yaml" in text
    # A run that is asked for by its name is audited.
    assert call(str(tmp_path / "run"))[0] == 3


def test_a_broken_file_is_told_with_its_line(tmp_path: Path) -> None:
    folder = planted("14-no-notice", tmp_path)
    path = folder / "regime.yaml"
    path.write_text(path.read_text().replace("unit: working days", "unit: working day", 1))
    code, text = call(str(tmp_path))
    assert code == 1 and "regime.yaml:" in text and "unknown word" in text
