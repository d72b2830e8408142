"""One broken wave, or one broken reference between a study and its wave, per message.

The small study of `small_wave` is the base; each case of `broken_waves` changes one thing in one of
its files. `waves/messages.txt` holds the messages as a user sees them, but for the folder and the
number of the line: a line that begins with ## names the case.
"""

import json
import re
from pathlib import Path

import pytest
from broken_waves import EARLY, LATE, Change

from scslab.core.errors import ScslabError
from scslab.lab.check import check_study_runs
from scslab.lab.simulate import simulate
from scslab.study.read import StudyFile, read_study
from small_wave import write

MARGINS = "source: Made up\nmargins:\n  sex: {female: 0.5, male: 0.5}\n  town: {yes: 1.0}\n"
TEXT = (Path(__file__).parent / "waves" / "messages.txt").read_text(encoding="utf-8")
MESSAGES = dict(
    part.rstrip("\n").split("\n", 1) for part in re.split(r"^## ", TEXT, flags=re.M) if part
)
PLACE = re.compile(r"^(?P<file>[\w.-]+\.yaml):(?P<line>\d+): (?P<place>[^:]+): ")


def broken(folder: Path, change: Change) -> Path:
    """The files of the small study with one thing changed."""
    write(folder, persons=600)
    files = {p.stem: json.loads(p.read_text(encoding="utf-8")) for p in folder.glob("*.yaml")}
    if change is not EARLY["unknown locality"]:
        # No regime names them, and this wave does not either.
        del files["study"]["society"]["localities"]
    change(files)
    for name, data in files.items():
        (folder / f"{name}.yaml").write_text(json.dumps(data, indent=1), encoding="utf-8")
    (folder / "quotas.yaml").write_text(MARGINS, encoding="utf-8")
    return folder


def checked(folder: Path) -> StudyFile:
    """As `scslab check` does."""
    file = read_study(folder)
    check_study_runs(file)
    return file


def told(error: ScslabError, folder: Path) -> str:
    """The message without its folder and line; the line must be the one it speaks of."""
    message = str(error).replace(f"{folder}/", "")
    message = re.sub(r"\d+ \(all there are\)", "N (all there are)", message)  # luck of the seed
    found = PLACE.match(message)
    if found is None:
        return message
    key = re.split(r"[.,] ?", found["place"])[-1]
    line = (folder / found["file"]).read_text(encoding="utf-8").splitlines()[int(found["line"]) - 1]
    if re.fullmatch(r"[\w=-]+", key):  # neither a row nor what comes after the place
        assert f'"{key}":' in line or line.strip().rstrip(",") == f'"{key}"', (key, line)
    return message.replace(f":{found['line']}:", ":", 1)


def test_the_base_is_sound(tmp_path: Path) -> None:
    file = checked(broken(tmp_path, lambda files: None))
    assert list(simulate(file, seed=1, threads=1).waves) == ["first"]


def test_every_case_has_its_message() -> None:
    assert list(MESSAGES) == [*EARLY, *LATE]
    assert not set(EARLY) & set(LATE)


@pytest.mark.parametrize("name", EARLY)
def test_message_before_anything_is_lived(tmp_path: Path, name: str) -> None:
    folder = broken(tmp_path, EARLY[name])
    with pytest.raises(ScslabError) as caught:
        checked(folder)
    assert told(caught.value, folder) == MESSAGES[name]


@pytest.mark.parametrize("name", EARLY)
def test_simulate_refuses_the_same_and_writes_nothing(tmp_path: Path, name: str) -> None:
    folder = broken(tmp_path / "study", EARLY[name])
    months: list[int] = []
    with pytest.raises(ScslabError) as caught:
        simulate(
            read_study(folder),
            seed=1,
            threads=1,
            out=tmp_path / "run",
            progress=lambda done, _: months.append(done),
        )
    assert told(caught.value, folder) == MESSAGES[name]
    assert not months and not (tmp_path / "run").exists()


@pytest.mark.parametrize("name", LATE)
def test_message_when_the_answers_are_there(tmp_path: Path, name: str) -> None:
    folder = broken(tmp_path / "study", LATE[name])
    file = checked(folder)
    with pytest.raises(ScslabError) as caught:
        simulate(file, seed=1, threads=1, out=tmp_path / "run")
    assert told(caught.value, folder) == MESSAGES[name]
    assert not (tmp_path / "run").exists()
