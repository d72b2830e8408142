"""One broken survey file per message, with the message that it must give.

`messages.txt` holds the messages as a user sees them.
"""

import os
import re
import stat
from pathlib import Path

import pytest

from scslab.core.errors import ScslabError
from scslab.survey.file.read import read_answers

FOLDER = Path(__file__).parent
MESSAGES = {
    message.split(".")[0].split(":")[0]: message
    for message in re.split(
        r"\n(?=\S)", (FOLDER / "messages.txt").read_text(encoding="utf-8").rstrip("\n")
    )
}
OTHERS = {"messages.txt", "test_bad_survey_files.py", "__pycache__"}
FILES = {p.stem: p for p in FOLDER.iterdir() if p.name not in OTHERS and ".codebook." not in p.name}


def message_of(path: Path, **options: object) -> str:
    with pytest.raises(ScslabError) as caught:
        read_answers(path, **options)  # type: ignore[arg-type]
    return str(caught.value).replace(f"{path.parent}{os.sep}", "")


def test_every_file_has_its_message() -> None:
    assert sorted(MESSAGES) == sorted(FILES)


@pytest.mark.parametrize("stem", sorted(FILES))
def test_message(stem: str) -> None:
    assert message_of(FILES[stem]) == MESSAGES[stem]


def good(tmp_path: Path, suffix: str) -> Path:
    import pandas as pd

    from scslab.survey.answers import Answers, Variable
    from scslab.survey.file.write import write_answers

    frame = pd.DataFrame({"x": range(500), "y": range(500)})
    variables = {"x": Variable("x", labels={1: "一"}), "y": Variable("y", "Label")}
    path = tmp_path / f"cut.{suffix}"
    write_answers(Answers(frame, variables), path)
    return path


@pytest.mark.parametrize("suffix", ["sav", "zsav", "dta", "parquet"])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.9, 0.999])
def test_cut_short(suffix: str, share: float, tmp_path: Path) -> None:
    path = good(tmp_path, suffix)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    said = message_of(path)
    assert re.match(r"cut\.\w+: (the \w+ file is damaged or cut short)\n", said)
    assert said.endswith("\n  try: copy it again from its source")


def test_another_format_by_its_first_bytes(tmp_path: Path) -> None:
    data = good(tmp_path, "dta").read_bytes()
    wrong = tmp_path / "survey.sav"
    wrong.write_bytes(data)
    assert message_of(wrong) == (
        "survey.sav: this is not an SPSS file\n"
        "  got: what seems to be a Stata file\n"
        "  try: name it survey.dta"
    )


def test_no_such_file_and_a_folder(tmp_path: Path) -> None:
    assert message_of(tmp_path / "none.sav") == "none.sav: there is no such file"
    (tmp_path / "folder.csv").mkdir()
    assert message_of(tmp_path / "folder.csv") == "folder.csv: this is a folder, not a file"


@pytest.mark.skipif(os.geteuid() == 0, reason="everything is readable for root")
def test_no_permission(tmp_path: Path) -> None:
    path = tmp_path / "locked.csv"
    path.write_text("a\n1\n")
    path.chmod(0)
    assert message_of(path) == "locked.csv: the file cannot be read\n  got: Permission denied"
    path.chmod(stat.S_IRWXU)


def test_options(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("trust,age\n1,30\n9,40\n")
    assert message_of(path, drop=["agee"]) == (
        'a.csv: drop: no variable "agee"\n  try: did you mean "age"?'
    )
    assert message_of(path, missing={"trsut": {9: "dk"}}) == (
        'a.csv: missing: no variable "trsut"\n  try: did you mean "trust"?'
    )
    assert message_of(path, missing={"trust": {9: "unsure"}}) == (
        "a.csv: missing: trust: unknown reason of a missing answer\n"
        "  got: unsure\n"
        "  expected: dk, refused, not_applicable, not_asked, no_answer, invalid, attrition, "
        "unknown\n"
        "  try: known: attrition, dk, invalid, no_answer, not_applicable, not_asked, refused, "
        "unknown"
    )
    assert message_of(path, encoding="klingon") == (
        "a.csv: unknown encoding\n"
        "  got: klingon\n"
        "  expected: a name such as utf-8, gb18030, big5, cp1252"
    )
    assert message_of(path, drop=["trust", "age"]) == "a.csv: the file has no variables"
    assert message_of(path, codebook=tmp_path / "none.csv") == (
        "none.csv: the codebook cannot be read\n  got: No such file or directory"
    )
