"""Data dictionary and DDI: what they hold, and which counts they leave out."""

import csv
import io
import json
from dataclasses import replace
from xml.etree.ElementTree import fromstring

import numpy as np
import pytest
from survey_file_samples import full, one

from scslab.core.printed import Suppressed
from scslab.survey.answers import Answers, MissingCode, Variable
from scslab.survey.file.counts import counts
from scslab.survey.file.ddi import ddi_xml
from scslab.survey.file.dictionary import dictionary_csv, dictionary_json, dictionary_table

D = "{ddi:codebook:2_5}"


def counted(
    ones: int, twos: int, threes: int, refused: int = 0, dk: int = 0, blank: int = 0
) -> Answers:
    values = [1.0] * ones + [2.0] * twos + [3.0] * threes + [np.nan] * (refused + dk + blank)
    variable = Variable(
        "x", "X & Y <", measure="ordinal", labels={1: "a", 2: "b", 3: "c"},
        missing=(MissingCode(8, "dk", "dk"), MissingCode(9, "refused", "refused")),
        question="Why?", universe="all",
    )  # fmt: skip
    first = ones + twos + threes
    told = {first + i: 2 for i in range(refused)} | {first + refused + i: 1 for i in range(dk)}
    return one(values, variable, x=told)


HIDDEN = Suppressed(5)


@pytest.mark.parametrize(
    ("answers", "valid", "shown"),
    [
        (counted(10, 20, 30), 60, [10, 20, 30, 0, 0]),
        (counted(10, 20, 0, 6, 7), 30, [10, 20, 0, 7, 6]),
        (counted(3, 20, 30), 53, [HIDDEN, HIDDEN, 30, 0, 0]),  # the next smallest goes with it
        (counted(3, 4, 30), 37, [HIDDEN, HIDDEN, 30, 0, 0]),
        (counted(10, 20, 30, refused=2), HIDDEN, [10, 20, 30, 0, HIDDEN]),  # 62 - 60 would tell
        (counted(10, 20, 30, refused=2, dk=3), 60, [10, 20, 30, HIDDEN, HIDDEN]),
        (counted(10, 20, 30, blank=2), 60, [10, 20, 30, 0, 0]),
        (counted(3, 0, 0), HIDDEN, [HIDDEN, 0, 0, 0, 0]),
    ],
)
def test_counts(answers: Answers, valid: object, shown: list[object]) -> None:
    found = counts(answers, "x")
    assert found.valid == valid
    assert [v.n for v in found.values] == shown


def test_a_hidden_count_cannot_be_found_by_subtraction() -> None:
    for refused in range(1, 5):
        found = counts(counted(10, 20, 30, refused=refused, blank=1), "x")
        assert isinstance(found.valid, Suppressed)


def test_table_json_and_csv_say_the_same() -> None:
    answers = counted(10, 20, 30, refused=6, dk=9, blank=1)
    table = dictionary_table(answers)
    assert [row.cells[-1] for row in table.rows] == [60, 10, 20, 30, 9, 6, 1]
    assert table.rows[4].cells[4:7] == ("8", "dk", "dk")
    book = json.loads(dictionary_json(answers))
    (entry,) = book["variables"]
    assert (book["n"], entry["n"], entry["n_labels"]) == (76, 60, [10, 20, 30])
    assert [m["n"] for m in entry["missing"]] == [9, 6]
    rows = list(csv.DictReader(io.StringIO(dictionary_csv(answers))))
    assert [r["n"] for r in rows if r["variable"]] == ["10", "20", "30", "9", "6"]


def test_simulated_tables_say_so() -> None:
    assert dictionary_table(replace(full(), synthetic=True)).synthetic


def test_ddi_has_the_structure_of_the_schema() -> None:
    # The order below is that of codebook.xsd; the document was validated against it by hand.
    root = fromstring(ddi_xml(counted(10, 20, 30, refused=6, dk=9), "a.csv"))
    assert (root.tag, root.get("version")) == (f"{D}codeBook", "2.5")
    assert [c.tag for c in root] == [f"{D}{t}" for t in ("stdyDscr", "fileDscr", "dataDscr")]
    assert root.find(f"{D}stdyDscr/{D}citation/{D}titlStmt/{D}titl") is not None
    assert root.findtext(f".//{D}caseQnty") == "75"
    assert root.findtext(f".//{D}fileName") == "a.csv"
    (var,) = root.findall(f"{D}dataDscr/{D}var")
    assert (var.get("ID"), var.get("name"), var.get("files")) == ("V1", "x", "F1")
    order = ["labl", "qstn", "invalrng", "universe", "sumStat", "catgry", "varFormat"]
    tags = [c.tag.removeprefix(D) for c in var]
    assert tags == sorted(tags, key=order.index)
    assert var.findtext(f"{D}labl") == "X & Y <"
    assert var.findtext(f"{D}qstn/{D}qstnLit") == "Why?"
    stats = {s.get("type"): s.text for s in var.findall(f"{D}sumStat")}
    assert stats == {"vald": "60", "invd": "15"}
    categories = [
        (
            c.findtext(f"{D}catValu"),
            c.findtext(f"{D}labl"),
            c.get("missing"),
            c.findtext(f"{D}catStat"),
        )
        for c in var.findall(f"{D}catgry")
    ]
    assert categories == [
        ("1", "a", None, "10"),
        ("2", "b", None, "20"),
        ("3", "c", None, "30"),
        ("8", "dk", "Y", "9"),
        ("9", "refused", "Y", "6"),
    ]


def test_ddi_leaves_small_counts_out() -> None:
    xml = ddi_xml(counted(3, 20, 30, refused=2, dk=1))
    root = fromstring(xml)
    stats = [c.findtext(f"{D}catStat") for c in root.iter(f"{D}catgry")]
    assert stats == [None, None, "30", None, None]


def test_ddi_of_everything_is_well_formed() -> None:
    odd = one([1.0] * 6, Variable("x", "bell \x07 and <tag>", labels={1: "a\x00b"}))
    assert fromstring(ddi_xml(odd)).findtext(f".//{D}var/{D}labl") == "bell  and <tag>"
    root = fromstring(ddi_xml(replace(full(), synthetic=True)))
    assert [v.get("name") for v in root.iter(f"{D}var")] == list(full().variables)
    assert "Simulated" in (root.findtext(f".//{D}dataKind") or "")
    weights = [v.get("name") for v in root.iter(f"{D}var") if v.get("wgt")]
    assert weights == ["weight"]
