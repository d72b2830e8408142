"""What is written opens again with nothing lost, in every format."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from survey_file_samples import assert_same, full, one

from scslab.core.errors import ScslabError
from scslab.survey.answers import Answers, MissingCode, Variable
from scslab.survey.file.read import read_answers
from scslab.survey.file.write import write_answers

FORMATS = ("sav", "zsav", "dta", "csv", "parquet")


def again(answers: Answers, path: Path) -> Answers:
    write_answers(answers, path)
    return read_answers(path)


@pytest.mark.parametrize("suffix", FORMATS)
def test_everything(suffix: str, tmp_path: Path) -> None:
    assert_same(again(full(), tmp_path / f"答卷.{suffix}"), full())


@pytest.mark.parametrize("suffix", FORMATS)
def test_written_twice_it_is_the_same(suffix: str, tmp_path: Path) -> None:
    once = again(full(), tmp_path / f"a.{suffix}")
    assert_same(again(once, tmp_path / f"b.{suffix}"), once, formats=True)


@pytest.mark.parametrize("first", FORMATS)
@pytest.mark.parametrize("then", FORMATS)
def test_from_one_format_to_another(first: str, then: str, tmp_path: Path) -> None:
    once = again(full(), tmp_path / f"a.{first}")
    assert_same(again(once, tmp_path / f"b.{then}"), full())


@pytest.mark.parametrize("suffix", FORMATS)
def test_no_respondents(suffix: str, tmp_path: Path) -> None:
    whole = full()
    empty = replace(whole, frame=whole.frame.iloc[:0], marks={})
    got = again(empty, tmp_path / f"a.{suffix}")
    assert_same(got, empty)
    assert "the file has no respondents" in got.notes


@pytest.mark.parametrize("suffix", FORMATS)
def test_simulated_respondents_stay_simulated(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{suffix}"
    write_answers(replace(full(), synthetic=True), path)
    (tmp_path / "a.codebook.json").unlink(missing_ok=True)
    if suffix == "csv":
        assert read_answers(path).synthetic  # from the codebook in CSV
        (tmp_path / "a.codebook.csv").unlink()
        assert read_answers(path, synthetic=True).synthetic
    else:
        assert read_answers(path).synthetic
        assert read_answers(path).label == full().label


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize(
    "answers",
    [
        one([1, 2, 3], Variable("x")),
        one([np.nan, 2.5, np.nan], Variable("x")),
        one(pd.Series(["是", None, "否"], dtype=object), Variable("x", kind="text")),
        one([np.nan, np.nan], Variable("x", labels={1: "yes"})),
    ],
    ids=["whole", "blank", "text", "empty"],
)
def test_one_column(answers: Answers, suffix: str, tmp_path: Path) -> None:
    assert_same(again(answers, tmp_path / f"a.{suffix}"), answers)


@pytest.mark.parametrize("suffix", FORMATS)
def test_range_of_missing_codes(suffix: str, tmp_path: Path) -> None:
    variable = Variable(
        "x",
        labels={1: "yes", 2: "no"},
        missing=(
            MissingCode(-1, "refused", "refused"),
            MissingCode(97, "not asked", "not_asked"),
            MissingCode(99),
        ),
        missing_range=(97.0, np.inf),
    )
    answers = one([1, 2, np.nan, np.nan, np.nan, np.nan], variable, x={2: 1, 3: 2, 4: 3})
    assert_same(again(answers, tmp_path / f"a.{suffix}"), answers)


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize(
    "codes",
    [
        (-1, -2, -3, -4, -5),  # a range holds them
        (6, 7, 8, 9, 99),  # a range and one
        (-3, 4, 11, 12, 50),  # answers lie between: other numbers in SPSS
        (".a", ".r", ".z"),  # letters
        (98, ".d"),
        (0.5, 98),
    ],
    ids=str,
)
def test_many_missing_codes(codes: tuple[float | str, ...], suffix: str, tmp_path: Path) -> None:
    reasons = ("dk", "refused", "not_asked", "no_answer", "unknown")
    variable = Variable(
        "x", missing=tuple(MissingCode(c, "", r) for c, r in zip(codes, reasons, strict=False))
    )
    valid = [1.0, 5.0, 10.0] if 4 in codes else [1.0, 2.0, 5.0]
    k = len(codes)
    answers = one([*valid, *[np.nan] * (k + 1)], variable, x={3 + i: i + 1 for i in range(k)})
    assert_same(again(answers, tmp_path / f"a.{suffix}"), answers)


@pytest.mark.parametrize("suffix", FORMATS)
def test_many_missing_texts(suffix: str, tmp_path: Path) -> None:
    codes = ("z", "a longer code", "不适用")
    variable = Variable(
        "x", kind="text", missing=tuple(MissingCode(c, c, "unknown") for c in codes[:2])
        + (MissingCode("不适用", "", "not_applicable"),)
    )  # fmt: skip
    values = pd.Series(["u", None, None, None, None], dtype=object)
    answers = one(values, variable, x={1: 1, 2: 2, 3: 3})
    assert_same(again(answers, tmp_path / f"a.{suffix}"), answers)


@pytest.mark.parametrize("suffix", FORMATS)
def test_long_labels_and_names_come_back(suffix: str, tmp_path: Path) -> None:
    name = "a name that is far too long for any program and has (signs) in it, " + "长" * 9
    answers = one(
        [1, 2],
        Variable(name, "标签" * 200, labels={1: "很" * 150, 2: "no" * 20_000}, question="问" * 999),
    )
    answers = replace(answers, label="题" * 90)
    assert_same(again(answers, tmp_path / f"a.{suffix}"), answers)


@pytest.mark.parametrize("suffix", FORMATS)
def test_names_that_differ_by_case(suffix: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({"q1": [1, 2], "Q1": [3, 4], "with": [5, 6], "if": [7, 8]})
    answers = Answers(frame, {n: Variable(n) for n in frame.columns})
    assert_same(again(answers, tmp_path / f"a.{suffix}"), answers)


@pytest.mark.parametrize("suffix", FORMATS)
def test_long_texts(suffix: str, tmp_path: Path) -> None:
    values = pd.Series(["x" * 300, "文" * 3000, None, "y"], dtype=object)
    answers = one(values, Variable("x", kind="text"))
    assert_same(again(answers, tmp_path / f"a.{suffix}"), answers)


def test_a_text_too_long_for_spss_is_an_error(tmp_path: Path) -> None:
    answers = one(pd.Series(["x" * 40_000], dtype=object), Variable("x", kind="text"))
    with pytest.raises(ScslabError) as caught:
        write_answers(answers, tmp_path / "a.sav")
    assert str(caught.value).splitlines()[1:] == [
        "  got: 40000 bytes",
        "  expected: at most 32767",
        "  try: write .csv, .dta or .parquet",
    ]
    assert list(tmp_path.iterdir()) == []


def test_losses_are_told(tmp_path: Path) -> None:
    answers = replace(full(), variables={**full().variables})
    assert write_answers(answers, tmp_path / "a.sav") == (
        "question texts and universes are not carried: trust",
        "all of it stands in a.codebook.json",
    )
    assert write_answers(answers, tmp_path / "b.dta") == (
        "missing codes are written as Stata's letters: trust, 满意",
        "the level of measurement is not carried: trust, income, 满意, weight",
        "question texts and universes are not carried: trust",
        "missing codes of texts are not declared: party",
        "labels of codes that are no whole numbers are not carried: party",
        "Stata files name no weight variable: weight",
        "all of it stands in b.codebook.json",
    )
    assert write_answers(answers, tmp_path / "c.csv") == ()
    assert write_answers(answers, tmp_path / "d.parquet") == ()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("mine")
    with pytest.raises(ScslabError, match="there is a file already"):
        write_answers(full(), tmp_path / "a.csv")
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]
    assert (tmp_path / "a.csv").read_text() == "mine"


def test_a_missing_folder_is_one_error(tmp_path: Path) -> None:
    for suffix in FORMATS:
        with pytest.raises(ScslabError, match="could not be written"):
            write_answers(full(), tmp_path / "none" / f"a.{suffix}")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_suffix_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ScslabError, match="unknown kind of file"):
        write_answers(full(), tmp_path / "a.xlsx")
