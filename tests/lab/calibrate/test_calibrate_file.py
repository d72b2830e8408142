"""The calibrated file: read back as written, refused where it is bad, told where it is stale."""

from pathlib import Path

import numpy as np
import pytest

from scslab.core.errors import ScslabError
from scslab.lab.calibrate.fit import fit
from scslab.lab.calibrate.identify import Reached
from scslab.lab.calibrate.problem import Problem
from scslab.lab.calibrate.store import CalibratedFile, read_calibrated, values_of
from scslab.lab.calibrate.text import told
from scslab.lab.calibrate.write import About, beside, calibrated, text_of, write_calibrated

NAMES = ("variables.joy.cuts.0", "variables.joy.effects.sex", "field.reach.education=none")
SAYS = {
    "K01": ("approves: \"strongly\" or 'somewhat'", "all"),
    "no": ("coefficient of sex", ""),
    "K03": ("z of the trait", "中国"),
}


@pytest.fixture
def file() -> CalibratedFile:
    def moments(v: np.ndarray) -> np.ndarray:
        return np.array([0.3 + v[0] / 10, v[1], 10 * v[1]])

    problem = Problem(
        NAMES,
        np.array([0.0, 0.5, 0.00321]),
        np.array([-1.0, 0.0, 0.001]),
        np.array([1.0, 0.7, 0.005]),
        tuple(SAYS),
        np.array([0.32, 0.9, 3.0]),
        np.array([0.0085, 0.05, 1.0]),
        moments,
        ("equal", "equal", "at least"),
    )
    about = About("kostka-2018", "approval", "0123456789abcdef", (7, 8), 100_000, 8836, ("K09",))
    rows = [
        beside(Reached("K07", 0.19, 0.21414, 0.0084, 2.874, "equal"), "is neutral", "all"),
        beside(Reached("K08", 0.1, float("nan"), 0.02, float("nan"), "equal"), "undefined"),
    ]
    return calibrated(fit(problem), about, SAYS, held_out=rows, simulation_share=0.25)


def test_read_back_as_written(file: CalibratedFile, tmp_path: Path) -> None:
    path = tmp_path / "calibrated.yaml"
    write_calibrated(file, path)
    found = read_calibrated(path, "0123456789abcdef")
    assert found.file == file
    assert found.note == ""
    assert list(found.file.values) == list(NAMES)
    assert values_of(found.file) == {
        "variables.joy.cuts.0": pytest.approx(0.2, abs=0.002),
        "variables.joy.effects.sex": 0.7,
        "field.reach.education=none": 0.00321,
    }
    assert [p.name for p in tmp_path.iterdir()] == ["calibrated.yaml"]
    assert text_of(found.file) == path.read_text(encoding="utf-8")


def test_says_for_readers_what_is_known(file: CalibratedFile) -> None:
    text = text_of(file)
    assert text.startswith("# Written by `scslab calibrate`. Do not edit")
    assert (
        "  variables.joy.effects.sex: {value: 0.7, se: 0.0559, between: [0.0, 0.7], start: 0.5,\n"
        '      identified: true, note: "at the edge of its range", moved_by: [no, K03]}\n'
    ) in text
    assert (
        "  field.reach.education=none: {value: 0.00321, between: [0.001, 0.005], start: 0.00321,\n"
        '      identified: false, note: "not identified: no target moves with it"}\n'
    ) in text
    assert (
        '  - {id: K03, quantity: "z of the trait", group: "中国", kind: "at least", printed: 3.0,\n'
        "      simulated: 7.0, error: 1.0, away: 0.0}\n"
    ) in text
    assert "seeds: [7, 8]\n" in text and "input: [K09]\n" in text
    assert max(len(line) for line in text.splitlines()) <= 100


def test_a_stale_file_is_noticed(file: CalibratedFile, tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    write_calibrated(file, path)
    note = read_calibrated(path, "fedcba9876543210").note
    assert note == (
        f"{path}: these values were fitted to a study and wave that have changed since "
        "(fingerprint 0123456789abcdef, now fedcba9876543210); run: scslab calibrate kostka-2018"
    )


BAD = [
    ("value: 0.7, se", "value: 0.71, se", "values.variables.joy.effects.sex.value: the value lies"),
    ("value: 0.7, se", "value: high, se", "this does not fit here\n  got: high"),
    ("value: 0.7, se", "valeu: 0.7, se", 'unknown key "valeu"\n  try: did you mean "value"?'),
    (", se: 0.0559", ", se: -0.0559", "this does not fit here\n  got: -0.0559"),
    ("calibrated/1", "calibrated/2", "unknown word\n  got: calibrated/2"),
    ("id: K07", "id: K01", '"K01" is there twice (first in targets)'),
    (', note: "not identified: no target moves with it"', "", "needs a note that says so"),
    ("wave: approval\n", "", '"wave" is missing'),
    ("persons: 100000", "persons: -1", "this does not fit here\n  got: -1"),
    ("value: 0.7, se", "value: .inf, se", "this does not fit here\n  got: .inf"),
]


@pytest.mark.parametrize(("old", "new", "sentence"), BAD)
def test_bad_files_are_told(
    file: CalibratedFile, tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    path = tmp_path / "c.yaml"
    text = text_of(file)
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ScslabError) as error:
        read_calibrated(path)
    assert sentence in str(error.value)
    assert str(error.value).startswith(f"{path}:")


def test_a_file_that_cannot_be_written_leaves_the_old_one(
    file: CalibratedFile, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(ScslabError, match="the calibrated values could not be written"):
        write_calibrated(file, tmp_path / "folder")
    with pytest.raises(ScslabError, match="could not be written"):
        write_calibrated(file, tmp_path / "missing" / "c.yaml")
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]
    assert not list((tmp_path / "folder").iterdir())


def test_what_is_printed(file: CalibratedFile) -> None:
    lines = told(file).splitlines()
    assert lines[0] == (
        "kostka-2018, wave approval: 3 values fitted to 3 findings, 2 held out (synthetic)"
    )
    assert lines[1].endswith("ended: converged")
    assert lines[2] == "2 of 3 targets within 2 standard errors of the printed value"
    assert lines[3].startswith("1 of 3 values are not identified: the targets do not tell them")
    table = [" ".join(line.split()) for line in lines]
    assert "no coefficient of sex 0.9 0.7 0.05 -4.0" in table
    assert "K03 z of the trait, 中国 >= 3 7 1 0.0" in table
    assert "K07 is neutral, all 0.19 0.2141 0.0084 +2.9" in table
    assert "K08 undefined 0.1 - 0.02 -" in table
    assert ("variables.joy.effects.sex 0.5 0.7 0.0559 0 to 0.7 at the edge of its range") in table
    assert (
        "field.reach.education=none 0.0032 0.0032 - 0.001 to 0.005 "
        "not identified: no target moves with it"
    ) in table
