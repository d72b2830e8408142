"""One broken study per message, with the sentence that it must give: the newer parts of a study.

`messages.txt` holds the messages as a user sees them; `valid.yaml` and `valid-rich.yaml` are sound,
and each other file is one of them, broken once. Regimes that such files use stand in `regimes/`.
"""

import re
from pathlib import Path

import pytest

from scslab.core import acts
from scslab.core.errors import ScslabError
from scslab.lab.check import check_study_runs
from scslab.study.read import read_study

FOLDER = Path(__file__).parent / "studies"
MESSAGES = {
    message.split(":")[0]: message.rstrip("\n")
    for message in re.split(r"\n(?=\S)", (FOLDER / "messages.txt").read_text(encoding="utf-8"))
}
FILES = sorted(p.name for p in FOLDER.glob("*.yaml") if not p.name.startswith("valid"))


@pytest.mark.parametrize("name", ["valid.yaml", "valid-rich.yaml"])
def test_the_bases_are_sound(name: str) -> None:
    file = read_study(FOLDER / name)
    check_study_runs(file)
    assert len(file.months) == 24


def test_every_file_has_its_message() -> None:
    assert sorted(MESSAGES) == FILES


@pytest.mark.parametrize("name", FILES)
def test_message(name: str) -> None:
    path = FOLDER / name
    with pytest.raises(ScslabError) as caught:
        check_study_runs(read_study(path))
    assert str(caught.value).replace(str(path), name) == MESSAGES[name]


def test_an_act_stands_once_in_the_vocabulary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "acts").mkdir()
    for name in ("courts.yaml", "firms.yaml"):
        text = "# Acts.\njudgment.refused: {kind: breach, says: Refuses}\n"
        (tmp_path / "acts" / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(acts, "__file__", str(tmp_path / "acts.py"))
    with pytest.raises(ScslabError) as caught:
        acts.acts.__wrapped__()
    assert str(caught.value) == (
        'firms.yaml:2: act "judgment.refused" stands twice in the vocabulary'
    )
