"""One broken regime file per message, with the sentence that it must give.

`messages.txt` holds the messages as a user sees them, in the order of the files' names; lines
that go on are indented. `valid.yaml`, `valid-ladder.yaml` and `valid-links.yaml` are the bases:
each other file breaks one of them once.
"""

import re
from pathlib import Path

import pytest

from scslab.core.errors import ScslabError
from scslab.regimes.load import read_regime

FOLDER = Path(__file__).parent / "regimes"
MESSAGES = {
    message.split(":")[0]: message.rstrip("\n")
    for message in re.split(r"\n(?=\S)", (FOLDER / "messages.txt").read_text(encoding="utf-8"))
}
FILES = sorted(p.name for p in FOLDER.glob("*.yaml") if not p.name.startswith("valid"))
BASES = {
    "valid.yaml": "points",
    "valid-ladder.yaml": "grades by rule",
    "valid-links.yaml": "platform",
}


@pytest.mark.parametrize("name", BASES)
def test_the_bases_are_valid(name: str) -> None:
    assert read_regime(FOLDER / name).kind == BASES[name]


def test_every_file_has_its_message() -> None:
    assert sorted(MESSAGES) == FILES


@pytest.mark.parametrize("name", FILES)
def test_message(name: str) -> None:
    path = FOLDER / name
    with pytest.raises(ScslabError) as caught:
        read_regime(path)
    assert str(caught.value).replace(str(path), name) == MESSAGES[name]
