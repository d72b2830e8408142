"""CSV, codebooks and `missing:`: what is read, and what is said about it."""

import time
from pathlib import Path

import numpy as np
import pytest

from scslab.core.errors import ScslabError
from scslab.survey.answers import MissingCode
from scslab.survey.file.read import read_answers

REFERENCE = Path(__file__).parents[2] / "reference" / "data"


def csv(tmp_path: Path, text: str, name: str = "a.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_numbers_text_dates_and_blanks(tmp_path: Path) -> None:
    answers = read_answers(
        csv(tmp_path, 'id,score,word,day,at\n1,2.5,"a, b",2020-02-29,2020-01-01 10:00:00\n2,,,,\n')
    )
    kinds = {n: v.kind for n, v in answers.variables.items()}
    assert list(kinds.values()) == ["number", "number", "text", "date", "datetime"]
    assert answers.frame["id"].dtype == np.int64
    assert answers.frame["word"].tolist() == ["a, b", None]
    assert answers.reasons("score").tolist() == ["", "blank"]
    assert answers.frame["day"][0].isoformat() == "2020-02-29T00:00:00"
    assert answers.source == "a.csv"


def test_leading_zeros_long_numbers_and_truth_stay_text(tmp_path: Path) -> None:
    answers = read_answers(
        csv(tmp_path, "fips,long,ok\n06037,12345678901234567890,TRUE\n36061,1,FALSE\n1,,\n")
    )
    assert answers.frame["fips"].tolist() == ["06037", "36061", "1"]
    assert answers.frame["long"].tolist() == ["12345678901234567890", "1", None]
    assert answers.frame["ok"].tolist() == ["TRUE", "FALSE", None]
    assert 'numbers with leading zeros ("007") are kept as text: fips' in answers.notes


def test_na_is_blank_and_told(tmp_path: Path) -> None:
    answers = read_answers(csv(tmp_path, "x,y,z\n1,NA,NULL\nNA,b,c\n3,a,d\n"))
    assert answers.frame["x"].tolist()[::2] == [1, 3]
    assert answers.reasons("y").tolist() == ["blank", "", ""]
    assert answers.frame["z"][0] == "NULL"  # R writes NA; among words nothing else is blank
    assert 'cells such as "NA" are read as blank: x, y' in answers.notes


def test_a_codebook_can_keep_na(tmp_path: Path) -> None:
    csv(tmp_path, "variable,value,value_label\ncountry,NA,Namibia\n", "a.codebook.csv")
    answers = read_answers(csv(tmp_path, "country,x\nNA,1\nDE,2\n"))
    assert answers.frame["country"].tolist() == ["NA", "DE"]
    assert answers.variables["country"].labels == {"NA": "Namibia"}


def test_stata_letters_in_csv_are_missing_codes(tmp_path: Path) -> None:
    answers = read_answers(csv(tmp_path, "x\n1\n.a\n2\n.d\n"))
    assert answers.variables["x"].missing == (MissingCode(".a"), MissingCode(".d"))
    assert answers.marks["x"].tolist() == [0, 1, 0, 2]


def test_semicolons_and_decimal_commas(tmp_path: Path) -> None:
    answers = read_answers(csv(tmp_path, "x;y\n1,5;a,b\n2,25;c\n"))
    assert answers.frame["x"].tolist() == [1.5, 2.25]
    assert answers.frame["y"].tolist() == ["a,b", "c"]


def test_tabs_marks_of_order_and_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_bytes("\ufeffx\t满意\r\n1\t是\r\n2\t否\r\n".encode())
    answers = read_answers(path)
    assert list(answers.frame) == ["x", "满意"]
    assert answers.frame["满意"].tolist() == ["是", "否"]
    (tmp_path / "u.csv").write_bytes("x,满意\n1,是\n".encode("utf-16"))
    assert read_answers(tmp_path / "u.csv").frame["满意"].tolist() == ["是"]


def test_an_encoding_that_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("意见,n\n同意,1\n".encode("gb18030"))
    assert read_answers(path, encoding="gb18030").frame["意见"].tolist() == ["同意"]


def test_row_names_of_r(tmp_path: Path) -> None:
    answers = read_answers(csv(tmp_path, '"","x"\n"1",5\n"2",6\n'))
    assert list(answers.frame) == ["row", "x"]
    assert 'the first column has no name and is called "row"' in answers.notes


def test_codebook_of_a_user(tmp_path: Path) -> None:
    csv(
        tmp_path,
        "Variable,Label,Value,Value label,Missing,Question,Remark\n"
        "trust,Trust,1,little,,How much?,\n"
        "trust,,5,much,no,,\n"
        "trust,,8,don't know,yes,,\n"
        "trust,,9,gone,attrition,,\n"
        "text,,z,kein Kommentar,refused,,x\n",
        "a-codebook.csv",
    )
    answers = read_answers(csv(tmp_path, "trust,text\n1,a\n8,z\n9,b\n5,\n"))
    trust = answers.variables["trust"]
    assert (trust.label, trust.question) == ("Trust", "How much?")
    assert dict(trust.labels) == {1: "little", 5: "much"}
    assert trust.missing == (
        MissingCode(8, "don't know", "dk"),
        MissingCode(9, "gone", "attrition"),
    )
    assert answers.reasons("trust").tolist() == ["", "dk", "attrition", ""]
    assert answers.reasons("text").tolist() == ["", "refused", "", "blank"]
    assert "columns of the codebook that are not used: remark" in answers.notes


def test_a_codebook_of_another_file_in_the_folder_is_left_alone(tmp_path: Path) -> None:
    csv(tmp_path, "variable,label\nother,Something\n", "codebook.csv")
    assert read_answers(csv(tmp_path, "x\n1\n")).variables["x"].label == ""


def test_missing_is_declared(tmp_path: Path) -> None:
    path = csv(tmp_path, "trust,hope,n\n1,9,9\n9,2,1\n8,3,2\n")
    answers = read_answers(path, missing={"trust": {9: "dk"}, "*": {8: "refused"}})
    assert answers.reasons("trust").tolist() == ["", "dk", "refused"]
    assert answers.frame["hope"].tolist() == [9, 2, 3]
    assert np.isnan(answers.frame["trust"].to_numpy()[1:]).all()
    assert [m.reason for m in answers.variables["trust"].missing] == ["dk", "refused"]


def test_missing_codes_written_as_text(tmp_path: Path) -> None:
    path = csv(tmp_path, "trust,word\n1,a\n9,9\n")
    answers = read_answers(path, missing={"trust": {"9": "dk"}, "word": {9: "refused"}})
    assert answers.reasons("trust").tolist() == ["", "dk"]
    assert answers.reasons("word").tolist() == ["", "refused"]
    with pytest.raises(ScslabError, match='"trust" holds numbers'):
        read_answers(path, missing={"trust": {"nine": "dk"}})


def test_empty_columns_are_told(tmp_path: Path) -> None:
    answers = read_answers(csv(tmp_path, "x,y,z\n1,,\n2,,\n"))
    assert "nobody has an answer to: y, z" in answers.notes


def test_dropped_columns_leave_nothing(tmp_path: Path) -> None:
    csv(tmp_path, "variable,label,value,value_label\nname,Name,1,x\nx,X,1,one\n", "a.codebook.csv")
    path = csv(tmp_path, "name,x\nAnna Schmidt,1\nHans Meyer,2\nLea Kurz,1\n")
    answers = read_answers(path, drop=["name"])
    assert list(answers.variables) == ["x"] and list(answers.frame) == ["x"]
    assert "Anna" not in repr(answers)


@pytest.mark.parametrize("path", sorted(REFERENCE.glob("*.csv")), ids=lambda p: p.stem)
def test_reference_data_have_no_identifiers(path: Path) -> None:
    assert read_answers(path).n > 0


def test_reading_is_quick(tmp_path: Path) -> None:
    n = 100_000  # a tenth, so that the test itself is quick
    codes = np.random.default_rng(1).integers(1, 6, (n, 9))
    words = np.array(["agree", "disagree", "不知道"])[codes[:, 0] % 3]
    rows = [",".join(map(str, row)) for row in codes.tolist()]
    text = "\n".join(f"{r},{w}" for r, w in zip(rows, words, strict=True))
    path = csv(tmp_path, ",".join(f"q{i}" for i in range(9)) + ",word\n" + text + "\n")
    start = time.perf_counter()
    answers = read_answers(path)
    took = time.perf_counter() - start
    assert (answers.frame.iloc[:, :9].to_numpy() == codes).all()
    assert answers.frame["word"].tolist() == words.tolist()
    assert took < 2, f"{took:.2f} s for 100,000 rows (0.2 s on two idle cores)"
