"""Files as other programs write them. R's haven is asked by `tests/reference/haven_checks.py`."""

import contextlib
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from survey_file_samples import assert_same, full

from scslab.core.errors import ScslabError
from scslab.survey.answers import Variable
from scslab.survey.file.r_loader import r_loader
from scslab.survey.file.read import read_answers
from scslab.survey.file.spss_header import set_weight, weight_of
from scslab.survey.file.write import write_answers


def test_the_weight_variable_of_spss(tmp_path: Path) -> None:
    import pyreadstat

    path = tmp_path / "w.sav"
    frame = pd.DataFrame(
        {"long": ["x" * 700], "labelled_variable": [1.0], "a_long_weight_name": [2.0], "z": [1.0]}
    )
    pyreadstat.write_sav(
        frame, str(path), column_labels={"labelled_variable": "odd"},
        variable_value_labels={"labelled_variable": {1: "one", 2: "two and more"}},
        missing_ranges={"labelled_variable": [7, 8, 9]}, note="a note",
    )  # fmt: skip
    assert weight_of(path) == ""
    for name in ("a_long_weight_name", "z", "labelled_variable"):
        set_weight(path, name)
        assert weight_of(path) == name
        assert read_answers(path).weight == name
        assert pyreadstat.read_sav(str(path))[0].equals(frame)


def test_spss_lowest_and_highest(tmp_path: Path) -> None:
    import numpy as np
    import pyreadstat

    path = tmp_path / "r.sav"
    frame = pd.DataFrame({"x": [-5.0, -0.5, 0.0, 3.0, np.nan]})
    lowest = -1.7976931348623155e308
    pyreadstat.write_sav(frame, str(path), missing_ranges={"x": [{"lo": lowest, "hi": -0.5}]})
    answers = read_answers(path)
    assert answers.variables["x"].missing_range == (-np.inf, -0.5)
    assert [m.code for m in answers.variables["x"].missing] == [-5, -0.5]
    assert answers.marks["x"].tolist() == [1, 2, 0, 0, -1]


def test_the_portable_format_tells_what_it_loses(tmp_path: Path) -> None:
    import pyreadstat

    path = tmp_path / "p.por"
    pyreadstat.write_por(pd.DataFrame({"X": [1.0, 2.0], "S": ["a", "b"]}), str(path))
    answers = read_answers(path)
    assert answers.frame["X"].tolist() == [1, 2]
    assert answers.notes[0].startswith("user-missing codes of the portable format are not read")


def test_parquet_of_others(tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "o.parquet"
    duckdb.sql(
        "SELECT * FROM (VALUES (1, 2.5, 'a', TRUE, DATE '2020-01-31', 1.25::DECIMAL(5,2)), "
        "(NULL, NULL, NULL, NULL, NULL, NULL)) t(i, d, s, b, day, dec)"
    ).write_parquet(str(path))
    answers = read_answers(path)
    assert {n: v.kind for n, v in answers.variables.items()} == {
        "i": "number", "d": "number", "s": "text", "b": "number", "day": "date", "dec": "number",
    }  # fmt: skip
    assert answers.frame.iloc[0].tolist()[:4] == [1, 2.5, "a", 1]
    assert answers.frame.iloc[1].isna().all()


def test_a_variable_that_is_dropped_of_a_written_file(tmp_path: Path) -> None:
    for suffix in ("sav", "dta", "csv", "parquet"):
        path = tmp_path / f"{suffix}.{suffix}"
        write_answers(full(), path)
        got = read_answers(path, drop=["trust", "满意"])
        want = full()
        kept = {n: v for n, v in want.variables.items() if n not in ("trust", "满意")}
        marks = {n: m for n, m in want.marks.items() if n in kept}
        frame = want.frame[list(kept)]
        assert_same(got, replace(want, frame=frame, variables=kept, marks=marks))


def test_r_text_is_quoted() -> None:
    answers = replace(
        full(),
        variables={"x": Variable('a"b\\c', labels={1: "line\nbreak", 2: 'say "yes"'})},
    )
    assert r'c("line\nbreak", "say \"yes\"")' in r_loader(answers, "a.csv")


def spss_bytes(tmp_path: Path) -> bytearray:
    write_answers(full(), tmp_path / "whole.sav")
    return bytearray((tmp_path / "whole.sav").read_bytes())


def refused(data: bytes, path: Path) -> str:
    path.write_bytes(bytes(data))
    with pytest.raises(ScslabError) as caught:
        read_answers(path)
    return caught.value.got


def test_a_damaged_dictionary_of_spss_is_an_error_and_no_crash(tmp_path: Path) -> None:
    # Each of these ended the process (ReadStat 1.3.7) before the dictionary was walked over.
    whole = spss_bytes(tmp_path)
    for byte in range(76, whole.find(b"\xe7\x03\x00\x00\x00\x00\x00\x00")):
        if byte % 7:  # every byte takes a minute
            continue
        data = whole.copy()
        data[byte] ^= 0xA5
        path = tmp_path / "damaged.sav"
        path.write_bytes(bytes(data))
        with contextlib.suppress(ScslabError):
            read_answers(path)
    cases = whole.copy()
    cases[83] = 50
    assert refused(cases, tmp_path / "a.sav") == "fewer rows than its header says"
    width = whole.copy()
    at = whole.find(b"INCOME") - 20
    width[at] = 28  # a number of 28 letters
    assert refused(width, tmp_path / "b.sav") == "an impossible variable in its dictionary"
    label = whole.copy()
    label[whole.find(b"Party A") - 2] = 0x88
    assert refused(label, tmp_path / "c.sav") == "a label that is not in its encoding"
