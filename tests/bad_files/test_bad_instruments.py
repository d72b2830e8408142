"""One broken instrument per message, with the sentence that it must give.

`messages.txt` holds the messages as a user sees them, in the order of the files' names; lines
that go on are indented. `valid.yaml` is the base: each other file breaks it once.
"""

import re
from pathlib import Path

import pytest

from scslab.core.errors import ScslabError
from scslab.survey.instrument.load import read_instrument

FOLDER = Path(__file__).parent / "instruments"
MESSAGES = {
    message.split(":")[0]: message.rstrip("\n")
    for message in re.split(r"\n(?=\S)", (FOLDER / "messages.txt").read_text(encoding="utf-8"))
}
FILES = sorted(p.name for p in FOLDER.glob("*.yaml") if p.name != "valid.yaml")


def test_the_base_is_valid() -> None:
    assert read_instrument(FOLDER / "valid.yaml").instrument.id == "small"


def test_every_file_has_its_message() -> None:
    assert sorted(MESSAGES) == FILES
    assert len(FILES) > 90


@pytest.mark.parametrize("name", FILES)
def test_message(name: str) -> None:
    path = FOLDER / name
    with pytest.raises(ScslabError) as caught:
        read_instrument(path)
    assert str(caught.value).replace(str(path), name) == MESSAGES[name]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("kostka-2081", 'no instrument "kostka-2081"\n  try: did you mean "kostka-2018"?'),
        ("nowhere/form.yaml", "nowhere/form.yaml: no such file"),
        ("form.yaml", "form.yaml: no such file"),
    ],
)
def test_instrument_that_is_not_there(name: str, message: str) -> None:
    with pytest.raises(ScslabError) as caught:
        read_instrument(name)
    assert str(caught.value) == message
