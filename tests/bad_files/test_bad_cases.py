"""One broken file of worked cases per message, with the sentence that it must give.

`messages.txt` holds the messages as a user sees them; `valid.yaml` is the base that each file
breaks once.
"""

import re
from pathlib import Path

import pytest

from scslab.core.errors import ScslabError
from scslab.regimes.case_files import read_case_file

FOLDER = Path(__file__).parent / "cases"
MESSAGES = {
    message.split(":")[0]: message.rstrip("\n")
    for message in re.split(r"\n(?=\S)", (FOLDER / "messages.txt").read_text(encoding="utf-8"))
}
FILES = sorted(p.name for p in FOLDER.glob("*.yaml") if p.name != "valid.yaml")


def test_the_base_is_valid() -> None:
    assert [case.name for case in read_case_file(FOLDER / "valid.yaml")] == [
        "A debtor who stood on another list",
        "A firm",
    ]


def test_every_file_has_its_message() -> None:
    assert sorted(MESSAGES) == FILES


@pytest.mark.parametrize("name", FILES)
def test_message(name: str) -> None:
    path = FOLDER / name
    with pytest.raises(ScslabError) as caught:
        read_case_file(path)
    assert str(caught.value).replace(str(path), name) == MESSAGES[name]
