from __future__ import annotations

import csv
import dataclasses
import io
import math
import re
import warnings
import zipfile
from pathlib import Path
from typing import Any

import docx
import numpy as np
import openpyxl
import pandas as pd
import pytest
from lxml import etree

from scslab.core.errors import ScslabError
from scslab.core.printed import Column, ResultTable, Row, Suppressed
from scslab.report import texts
from scslab.report.writers import TABLE_SUFFIXES, figures, rounding, write_figure, write_table
from scslab.report.writers.grid import notes, prepared
from scslab.report.writers.latex import escaped, latex_text
from scslab.report.writers.rounding import printed

from .sample_analysis import coefficients, crosstab, hypotheses, likert, models
from .test_report import Outline

EVIL = (
    "<script>alert(1)</script>\" ' & \\input{/etc/passwd} \\\\[9cm] $x^2$ 100% #1 _a ~ ^^M {"
    "\x00\x07\x1b\u202e\ud800\ufffe\r\n\n=1+1 \u8bda\u4fe1 ]]> --> <!--"
)


def written(table: ResultTable, folder: Path, suffix: str, stars: bool = False) -> Path:
    path = folder / f"t{suffix}"
    assert path in write_table(table, path, stars)
    return path


def text(table: ResultTable, folder: Path, suffix: str, stars: bool = False) -> str:
    return written(table, folder, suffix, stars).read_text(encoding="utf-8")


def one(*cells: Any, form: Any = "number", kind: Any = "body") -> ResultTable:
    columns = (
        Column("name", "Name"),
        *(Column(f"c{i}", f"C{i}", form) for i in range(len(cells) - 1)),
    )
    return ResultTable("one", "One", columns, (Row(cells, kind),), 10, "made up")


def evil_table() -> ResultTable:
    code = {EVIL: EVIL}
    heading, body, beneath = (
        Row((EVIL,), "heading"),
        Row((EVIL, 1.5, EVIL)),
        Row(("", 0.2), "beneath"),
    )
    columns = (Column(EVIL, EVIL), Column("b", EVIL, "number"), Column("c", EVIL, "p"))
    rows = (heading, body, beneath, Row((EVIL, 3), "foot", "count"))
    return ResultTable(EVIL, EVIL, columns, rows, 5, EVIL, EVIL, (EVIL,), True, code)


# Rounding


@pytest.mark.parametrize(
    ("cell", "form", "digits", "expected"),
    [
        (0.125, "share", 1, "12.5 %"),
        (0.125, "share", 0, "12 %"),
        (-0.0213, "share", 1, "−2.1 %"),
        (0.0001, "share", 1, "<0.1 %"),
        (-0.0001, "share", 1, ">−0.1 %"),
        (0.0, "share", 1, "0.0 %"),
        (1.0, "share", 1, "100.0 %"),
        (2209, "count", 3, "2,209"),
        (1234567.6, "count", 3, "1,234,568"),
        (0.2, "count", 3, "<1"),
        (0, "count", 3, "0"),
        (0.0004, "p", 3, "<0.001"),
        (0.0, "p", 3, "<0.001"),
        (0.001, "p", 3, "0.001"),
        (0.9996, "p", 3, ">0.999"),
        (0.0451, "p", 3, "0.045"),
        (-1.23456, "number", 3, "−1.235"),
        (-0.0, "number", 3, "0.000"),
        (1e-17, "number", 3, "0.000"),
        (0.0004, "number", 3, "0.00040"),
        (-4.2e-9, "number", 3, "−4.2e−09"),
        (1234.5678, "number", 3, "1,234.568"),
        (98765432.1, "number", 3, "98,765,432"),
        (5, "number", 3, "5"),
        (np.int64(5), "number", 3, "5"),
        (np.float64(0.5), "number", 2, "0.50"),
        (None, "number", 3, "–"),
        (math.nan, "share", 1, "–"),
        (math.inf, "number", 3, "∞"),
        (-math.inf, "p", 3, "−∞"),
        (Suppressed(5), "share", 1, "n < 5"),
        ("as expected", "number", 3, "as expected"),
    ],
)
def test_a_cell_is_rounded_for_readers(cell: Any, form: Any, digits: int, expected: str) -> None:
    assert printed(cell, form, digits).replace(rounding.PERCENT, " %") == expected


def test_rounding_never_moves_a_number_by_more_than_half_a_last_digit() -> None:
    rng = np.random.default_rng(4)
    for value in rng.normal(size=300) * 10.0 ** rng.integers(-5, 9, 300):
        shown = printed(float(value)).replace("−", "-").replace(",", "")
        last = len(shown.partition(".")[2])
        assert abs(float(shown) - value) <= 0.5000001 * 10.0**-last
        assert len(re.sub(r"\D", "", shown).lstrip("0")) <= max(7, len(f"{abs(value):.0f}"))


@pytest.mark.parametrize("suffix", [".html", ".tex", ".docx", ".csv", ".xlsx"])
def test_the_same_table_gives_the_same_bytes(suffix: str, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    for table in (crosstab(), models(), hypotheses()):
        first, second = (
            written(table, tmp_path / name, suffix).read_bytes() for name in ("a", "b")
        )
        assert first == second


# HTML


def test_html_stands_alone_and_names_what_it_shows(tmp_path: Path) -> None:
    found = text(models(), tmp_path, ".html")
    outline = Outline(found)
    assert outline.stack == []
    assert "default-src &#39;none&#39;" in found or "default-src 'none'" in found
    assert [tag for tag, _ in outline.tags].count("caption") == 1
    assert all("scope" in given for tag, given in outline.tags if tag == "th")
    for needed in (
        "n = 2,209.",
        "Source: Survey of opinions",
        "(0.118)",
        "Show the code",
        "svyolr",
    ):
        assert needed in found
    assert '<tr class="beneath">' in found
    assert 'rowspan="2"' in found
    assert "synthetic" not in found.lower()


def test_standard_errors_stand_in_brackets_beneath_in_every_print(tmp_path: Path) -> None:
    for suffix in (".html", ".tex", ".docx"):
        path = written(models(), tmp_path, suffix)
        if suffix == ".docx":
            cells = [row.cells[2] for row in docx.Document(str(path)).tables[0].rows]
            at = [cell.text for cell in cells].index("(0.118)")
            sizes = [cells[place].paragraphs[0].runs[0].font.size for place in (at - 1, at)]
            assert sizes[1] < sizes[0]
            assert cells[at - 1].text == "0.412"
        else:
            assert re.search(r"0\.412.*\n?.*\(0\.118\)", path.read_text(encoding="utf-8"))


# Stars


def test_stars_are_off_unless_asked_for(tmp_path: Path) -> None:
    assert "***" not in text(models(), tmp_path, ".html")
    starred = text(models(), tmp_path, ".html", stars=True)
    assert '0.412<span class="stars">***</span>' in starred
    assert '−0.121<span class="stars"></span>' in starred
    assert "* p &lt; .05, ** p &lt; .01, *** p &lt; .001." in starred


def test_without_p_values_of_its_own_a_row_has_stars_at_its_p_column() -> None:
    found = prepared(hypotheses(), stars=True)
    assert [line.cells[3].stars for line in found.lines] == ["***", "", "***"]
    assert prepared(crosstab(), stars=True).notes == prepared(crosstab()).notes


def test_a_missing_estimate_has_no_star() -> None:
    table = dataclasses.replace(
        one("a", None, 1.0), rows=(Row(("a", None, 1.0), p=(None, 0.0, 0.0)),)
    )
    assert [cell.stars for cell in prepared(table, stars=True).lines[0].cells] == ["", "", "***"]


# LaTeX


def test_latex_is_booktabs_without_preamble(tmp_path: Path) -> None:
    found = text(models(), tmp_path, ".tex")
    assert found.count(r"\toprule") == found.count(r"\bottomrule") == 1
    assert found.count(r"\midrule") == 2
    assert "documentclass" not in found and "usepackage" not in found
    assert "居住在有积分制度的城市" in found
    body = found.split(r"\midrule", 1)[1].split(r"\bottomrule")[0]
    rows = [
        line for line in body.splitlines() if line.endswith(r"\\") and "multicolumn" not in line
    ]
    assert {line.count("&") for line in rows} == {2}


def test_latex_reads_no_command_and_no_option_from_a_text() -> None:
    found = latex_text(evil_table())
    for command in (r"\input{", " $x", "^^M", " #1", " 100% ", "<", "--", "''"):
        assert command not in found
    opened = re.sub(r"\\[\\{}]", "", found)
    assert opened.count("{") == opened.count("}")
    assert found.count(r"\begin") == found.count(r"\end")
    table = dataclasses.replace(one("[2cm] x", 1.0), rows=(Row(("a", 1.0)), Row(("[2cm] x", 1.0))))
    assert re.search(r"\\\\\s*\[", latex_text(table)) is None
    starred = dataclasses.replace(table, rows=(Row(("a", 1.0)), Row(("* x", 1.0))))
    assert re.search(r"\\\\\s*\*", latex_text(starred)) is None


@pytest.mark.parametrize("special", list('\\{}$&#%_~^<>|`"[]*'))
def test_every_special_character_is_escaped(special: str) -> None:
    found = escaped(f"a{special}b")
    assert found != f"a{special}b"
    assert found.startswith("a") and found.endswith("b")


# CSV


def test_csv_keeps_full_precision_and_machine_names(tmp_path: Path) -> None:
    value = 0.1 + 0.2
    table = one("a", value, Suppressed(5), None, math.nan, math.inf, 7)
    rows = list(csv.reader(io.StringIO(text(table, tmp_path, ".csv"))))
    assert rows == [
        ["name", "c0", "c1", "c2", "c3", "c4", "c5"],
        ["a", "0.30000000000000004", "n<5", "", "", "Inf", "7"],
    ]
    assert float(rows[1][1]) == value
    said = (tmp_path / "t.notes.txt").read_text(encoding="utf-8")
    assert "Source: made up." in said and "c0: C0 (number)" in said


def test_csv_of_a_model_is_tidy(tmp_path: Path) -> None:
    found = pd.read_csv(written(models(), tmp_path, ".csv"))
    assert list(found.columns) == ["term", "model_1", "model_2", "row_group", "row_kind"]
    se = found[(found.term == "Female") & (found.row_kind == "beneath")]
    assert se.model_2.tolist() == [0.094]
    assert found[found.row_kind == "foot"].row_group.isna().all()
    assert found.model_2.dtype == float


@pytest.mark.parametrize(
    "attack", ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", " =1", "'=1", "\uff1d1"]
)
def test_no_text_is_a_formula_but_numbers_stay_numbers(attack: str, tmp_path: Path) -> None:
    table = one(attack, -1.5)
    row = list(csv.reader(io.StringIO(text(table, tmp_path, ".csv"))))[1]
    assert row[0].startswith("'") and row[1] == "-1.5"
    sheet = openpyxl.load_workbook(written(table, tmp_path, ".xlsx"))["Table"]
    assert sheet["A2"].data_type == "s" and sheet["A2"].quotePrefix
    assert sheet["B2"].value == -1.5 and sheet["B2"].data_type == "n"


# Excel


def test_xlsx_holds_numbers_with_formats_and_notes(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(crosstab(), tmp_path, ".xlsx"))
    sheet = book["Table"]
    assert [cell.value for cell in sheet[1]][:2] == ["Age group", "Approve or strongly approve"]
    assert sheet["B3"].value == 0.7412 and sheet["B3"].number_format == "0.0%"
    assert sheet["G3"].value == 612 and sheet["G3"].number_format == "#,##0"
    assert sheet["B7"].value == "n < 5"
    assert sheet["C9"].value is None
    said = [row[0].value for row in book["Notes"].iter_rows()]
    assert said[0] == "Approval of the system by age group"
    assert "svyset [pw = w]" in said
    assert book.properties.creator == "scslab"
    brackets = openpyxl.load_workbook(written(models(), tmp_path, ".xlsx"))["Table"]
    assert brackets["C4"].number_format == "(#,##0.000);(-#,##0.000)"
    assert brackets["C11"].value == 4.2e-05 and brackets["C11"].number_format == "#,##0.000000"


# Word


def test_word_has_a_real_table_with_a_repeated_head(tmp_path: Path) -> None:
    document = docx.Document(str(written(models(), tmp_path, ".docx")))
    (table,) = document.tables
    assert "w:tblHeader" in table.rows[0]._tr.xml
    assert document.paragraphs[0].style is not None
    assert document.paragraphs[0].style.name == "Caption"
    assert "SEQ Table" in document.paragraphs[0]._p.xml
    assert "n = 2,209." in document.paragraphs[-1].text
    right = docx.enum.text.WD_ALIGN_PARAGRAPH.RIGHT
    assert table.rows[3].cells[1].paragraphs[0].alignment == right
    assert len(table.rows) == 1 + len(models().rows)
    wide = docx.Document(str(written(crosstab(), tmp_path, ".docx"))).sections[0]
    assert wide.page_width is not None and wide.page_height is not None
    assert wide.page_width > wide.page_height


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_an_office_file_names_no_person_no_machine_no_time(suffix: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(written(crosstab(), tmp_path, suffix)) as file:
        core = file.read("docProps/core.xml").decode()
        assert {info.date_time for info in file.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        parts = {name: file.read(name) for name in file.namelist()}
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[^<]*", core)) == {"2000-01-01T00:00:00Z"}
    authors = re.findall(r"<(?:\w+:)?(?:creator|lastModifiedBy)[^>]*>([^<]*)<", core)
    assert authors and set(authors) == {"scslab"}
    assert not any(b"openpyxl" in data or b"python-docx" in data for data in parts.values())


# Attacks


@pytest.mark.parametrize("suffix", TABLE_SUFFIXES)
def test_nothing_breaks_out_of_a_table(suffix: str, tmp_path: Path) -> None:
    path = written(evil_table(), tmp_path, suffix, stars=True)
    if suffix == ".html":
        found = path.read_text(encoding="utf-8")
        assert "<script" not in found and "<!--" not in found
        assert Outline(found).stack == []
    elif suffix == ".docx":
        assert "<script>" in docx.Document(str(path)).tables[0].rows[2].cells[0].text
    elif suffix == ".xlsx":
        assert "<script>" in openpyxl.load_workbook(path)["Table (synthetic)"]["A3"].value
    if suffix in (".docx", ".xlsx"):
        with zipfile.ZipFile(path) as file:
            for name in file.namelist():
                if name.endswith((".xml", ".rels")):
                    etree.fromstring(file.read(name))
    else:
        found = path.read_text(encoding="utf-8")
        assert not set("\x00\x07\x1b\u202e\ufffe") & set(found)


def test_synthetic_results_say_so_in_every_format(tmp_path: Path) -> None:
    table = dataclasses.replace(crosstab(), synthetic=True)
    for suffix in (".html", ".tex"):
        assert "Synthetic: every respondent" in text(table, tmp_path, suffix)
    assert pd.read_csv(written(table, tmp_path, ".csv")).synthetic.all()
    assert "Synthetic: every" in (tmp_path / "t.notes.txt").read_text(encoding="utf-8")
    assert (
        "Table (synthetic)" in openpyxl.load_workbook(written(table, tmp_path, ".xlsx")).sheetnames
    )
    document = docx.Document(str(written(table, tmp_path, ".docx")))
    assert "Synthetic: every" in document.paragraphs[-1].text


def test_suppressed_cells_are_told_once_beneath() -> None:
    said = [note for note in notes(crosstab()) if "n < 5" in note]
    assert said == [
        "n < 5: not shown; it rests on fewer than 5 respondents, or would tell of such."
    ]


# Mistakes


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (
            ResultTable("t", "T", (), (), 1, "s"),
            "table t: the table has no columns",
        ),
        (
            ResultTable("t", "T", (Column("a", "A"), Column("a", "B")), (), 1, "s"),
            "table t: two columns have one name\n  got: a",
        ),
        (
            ResultTable("t", "T", (Column("a", "A"),), (Row(("x", 1)),), 1, "s"),
            "table t, row 1: a row has more cells than the table has columns\n"
            "  got: 2\n  expected: at most 1",
        ),
    ],
)
def test_a_table_that_cannot_be_written_is_one_error(
    table: ResultTable, message: str, tmp_path: Path
) -> None:
    for suffix in TABLE_SUFFIXES:
        with pytest.raises(ScslabError) as caught:
            write_table(table, tmp_path / f"t{suffix}")
        assert str(caught.value) == message


def test_an_unknown_suffix_and_a_missing_folder_are_errors(tmp_path: Path) -> None:
    with pytest.raises(ScslabError) as caught:
        write_table(crosstab(), tmp_path / "t.pdf")
    assert str(caught.value) == (
        f"{tmp_path / 't.pdf'}: no writer for a table of this kind\n"
        "  got: .pdf\n  expected: .html, .tex, .docx, .csv, .xlsx"
    )
    with pytest.raises(ScslabError) as caught:
        write_figure(likert(), tmp_path / "f.gif")
    assert "expected: .svg, .png, .pdf" in str(caught.value)
    with pytest.raises(ScslabError) as caught:
        write_table(crosstab(), tmp_path / "no" / "t.csv")
    assert "the file could not be written" in str(caught.value)
    assert "try: make the folder first" in str(caught.value)


def test_a_short_row_and_an_empty_table_are_written(tmp_path: Path) -> None:
    table = dataclasses.replace(one("a", 1.0, 2.0), rows=(Row(("a", 1.0)), Row((), "heading")))
    for suffix in TABLE_SUFFIXES:
        written(table, tmp_path, suffix)
        written(dataclasses.replace(table, rows=()), tmp_path, suffix)
    assert prepared(table).lines[0].cells[2].text == ""


# Figures as files


def test_a_figure_file_carries_title_unit_n_and_source(tmp_path: Path) -> None:
    figure = dataclasses.replace(coefficients(), synthetic=True)
    write_figure(figure, tmp_path / "f.svg")
    found = (tmp_path / "f.svg").read_bytes()
    root = etree.fromstring(found)
    said = " ".join(" ".join(root.itertext()).split())
    for needed in ("What goes with approval", "Unit: log-odds", "n = 2,201.", "Source: Survey"):
        assert needed in said
    assert "Synthetic: every respondent" in said
    assert root.get("font-family") and root[2].get("fill") == "white"
    write_figure(figure, tmp_path / "g.svg")
    assert (tmp_path / "g.svg").read_bytes() == found
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a machine without a Chinese font
        write_figure(figure, tmp_path / "f.png")
        write_figure(figure, tmp_path / "f.pdf")
    assert (tmp_path / "f.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "f.pdf").read_bytes().startswith(b"%PDF")


def test_characters_without_a_font_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "_has_glyph", lambda character: character not in "居住")
    with pytest.warns(UserWarning, match="no font here has these characters: 住居; boxes"):
        write_figure(coefficients(), tmp_path / "f.png")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        write_figure(coefficients(), tmp_path / "f.svg")


def test_a_glyph_is_looked_for_by_drawing_it() -> None:
    assert figures._has_glyph("≤") or figures._has_glyph("é")
    assert not figures._has_glyph("\U000e0fff")


# Text


def test_text_is_cleaned_but_not_mutilated() -> None:
    assert texts.clean("a\x00b\x1bc \u202ed\u2066") == "abc d"
    assert texts.clean("诚信 Ñandú é 👍") == "诚信 Ñandú é 👍"
    assert texts.clean_block("x\x00\n\ty\r\nz  ") == "x\n\ty\nz"


@pytest.mark.parametrize("width", [5, 12, 30])
def test_wrapped_lines_are_never_too_wide_and_lose_nothing(width: int) -> None:
    source = "Agreement with 一个人的信用记录应当影响他 andaverylongwordwithoutanybreak end"
    lines = texts.wrapped(source, width, 99).split("\n")
    assert all(texts.columns(line) <= width + 1.9 for line in lines)
    assert "".join(lines).replace(" ", "") == source.replace(" ", "")
    assert len(texts.wrapped(source, width, 2).split("\n")) == 2
