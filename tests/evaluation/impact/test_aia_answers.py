"""Answers to Canada's assessment: files, mistakes in them, and the tool's own JSON."""

import json
from pathlib import Path

import pytest

from scslab.core.errors import ScslabError
from scslab.evaluation.impact.aia_answers import read_answers


def written(folder: Path, answers: str, head: str = "schema: aia/1\nanswers:\n") -> Path:
    path = folder / "answers.yaml"
    path.write_text(head + answers, encoding="utf-8")
    return path


def test_values_words_and_texts(tmp_path: Path) -> None:
    text = """\
  riskProfile1: item1-3
  riskProfile2: "no"
  decisionSector1: [item2-1, "Other (specify)"]
  aboutAlgorithm5: []
  impact31: It lists   debtors.
"""
    found = read_answers(written(tmp_path, text))
    assert found.chosen == {
        "riskProfile1": ("item1-3",),
        "riskProfile2": ("item2-0",),
        "decisionSector1": ("item2-1", "item6-1"),
        "aboutAlgorithm5": (),
    }
    assert found.texts == {"impact31": "It lists debtors."}


@pytest.mark.parametrize(
    ("line", "what", "more"),
    [
        ("riskProfil1: item1-3", 'no question "riskProfil1"', "riskProfile1"),
        ("riskProfile1: maybe", "has no such answer", "item1-3 (Yes)"),
        ("riskProfile1: [item1-3, item2-0]", "takes one answer", "item1-3, item2-0"),
        ("impact31: [a, b]", "takes one text", "a list of 2"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, line: str, what: str, more: str) -> None:
    with pytest.raises(ScslabError) as error:
        read_answers(written(tmp_path, f"  impact3: item2-0\n  {line}\n"))
    assert what in str(error.value)
    assert more in str(error.value)
    assert "answers.yaml:4" in str(error.value)


def test_what_is_not_asked_cannot_be_answered(tmp_path: Path) -> None:
    ruled_out = "  aboutAlgorithm8: item2-0\n  aboutAlgorithm8A: item1-0\n"
    with pytest.raises(ScslabError, match="does not ask this question") as error:
        read_answers(written(tmp_path, ruled_out))
    assert error.value.where.startswith(str(tmp_path / "answers.yaml") + ":4")
    both = "  projectDetailsPhase: item1\n  fairnessImplementation1: item1-1\n"
    with pytest.raises(ScslabError, match="belongs to the phase Implementation"):
        read_answers(written(tmp_path, both))


def test_a_file_that_the_tool_saved(tmp_path: Path) -> None:
    path = tmp_path / "AIA Results.json"
    saved = {
        "version": "v0.10.0",
        "currentPage": 4,
        "data": {
            "projectDetailsRespondent": "A. N. Other",
            "projectDetailsDepartment-NS": "056",
            "projectDetailsPhase": "item1",
            "decisionSector1": ["item1-1", "item2-1", "item3-1"],
        },
        "translationsOnResult": {},
    }
    path.write_text(json.dumps(saved), encoding="utf-8")
    found = read_answers(path)
    assert found.chosen["decisionSector1"] == ("item1-1", "item2-1", "item3-1")
    assert found.texts["projectDetailsRespondent"] == "A. N. Other"
    assert "version v0.10.0" in found.notes[0]


def test_another_shape_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScslabError, match='"answers" is missing'):
        read_answers(written(tmp_path, "", head="schema: aia/1\n"))
