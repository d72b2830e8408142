"""What other programs make of our files, and we of theirs: R's haven, and by hand."""

import contextlib
import shutil
import subprocess
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


def has_haven() -> bool:
    if shutil.which("Rscript") is None:
        return False
    code = 'quit(status = !requireNamespace("haven", quietly = TRUE))'
    return subprocess.run(["Rscript", "-e", code], check=False).returncode == 0


HAVEN = pytest.mark.skipif(not has_haven(), reason="R with haven is not installed")


def in_r(folder: Path, code: str) -> list[str]:
    (folder / "run.R").write_text(code, encoding="utf-8")
    done = subprocess.run(
        ["Rscript", "run.R"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@HAVEN
@pytest.mark.parametrize("suffix", ["sav", "zsav", "dta", "csv"])
def test_the_loader_runs_in_r(suffix: str, tmp_path: Path) -> None:
    answers = replace(full(), synthetic=True)
    write_answers(answers, tmp_path / f"a.{suffix}")
    shown = in_r(
        tmp_path,
        r_loader(answers, f"a.{suffix}")
        + 'cat(paste(answers$trust, collapse = ","), class(answers$trust), "\\n")\n'
        + "cat(levels(answers$trust), '\\n')\n"
        + 'cat(paste(answers[["满意"]], collapse = ","), "\\n")\n'
        + 'cat(paste(answers$party, collapse = ","), "\\n")\n'
        + "cat(sprintf('%.15g', sum(answers$weight)), nrow(answers), '\\n')\n"
        + "cat(format(answers$day[1]), '\\n')\n",
    )
    assert [line.rstrip() for line in shown] == [
        "none,little,some,full,NA,NA,NA,NA ordered factor",
        "none little some much full",
        "满意,不满意,满意,不满意,满意,不满意,NA,NA",
        "Party A,Party B,Party A,NA,Party B,Party A,NA,NA",
        f"{answers.frame['weight'].sum():.15g} 8",
        "2020-02-29",
    ]


@HAVEN
def test_haven_sees_codes_and_labels(tmp_path: Path) -> None:
    write_answers(full(), tmp_path / "a.sav")
    shown = in_r(
        tmp_path,
        'x <- haven::read_sav("a.sav", user_na = TRUE)\n'
        "cat(attr(x$trust, 'na_values'), '\\n')\n"
        "cat(as.numeric(unclass(x$trust)), '\\n')\n"
        "cat(names(attr(x$trust, 'labels')), sep = ';')\n"
        "cat('\\n', attr(x[['满意']], 'label'), '\\n')\n",
    )
    assert [line.strip() for line in shown] == [
        "97 98 99",
        "1 2 3 5 97 98 99 NA",
        "none;little;some;much;full;not asked;don't know;refused",
        full().variables["满意"].label,
    ]


@HAVEN
def test_files_of_haven(tmp_path: Path) -> None:
    in_r(
        tmp_path,
        "x <- data.frame(q = haven::labelled_spss(c(1, 2, 8, 9, NA), c(yes = 1, no = 2, DK = 8,\n"
        "  Refused = 9), na_range = c(8, 9), label = 'Frage'), t = c('a', NA, 'ü', '好', 'b'))\n"
        "haven::write_sav(x, 'h.sav')\n"
        "y <- data.frame(q = haven::labelled(c(1, 2, haven::tagged_na('d'), NA), c(yes = 1,\n"
        "  \"don't know\" = haven::tagged_na('d'))), d = as.Date('2020-01-31') + 0:3)\n"
        "haven::write_dta(y, 'h.dta')\n",
    )
    spss = read_answers(tmp_path / "h.sav")
    assert spss.reasons("q").tolist() == ["", "", "dk", "refused", "blank"]
    assert spss.variables["q"].missing_range == (8, 9)
    assert dict(spss.variables["q"].labels) == {1: "yes", 2: "no"}
    assert spss.frame["t"].tolist() == ["a", None, "ü", "好", "b"]
    stata = read_answers(tmp_path / "h.dta")
    assert stata.reasons("q").tolist() == ["", "", "dk", "blank"]
    assert stata.frame["d"].dt.strftime("%F").tolist()[::3] == ["2020-01-31", "2020-02-03"]


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
