from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scslab.core.errors import ScslabError
from scslab.core.printed import AnalysisReport, AnalysisSection, Paragraph, Row
from scslab.report import analysis_page
from scslab.report.analysis_page import write_analysis

from .sample_analysis import analysis, coefficients, crosstab, likert, models
from .test_report import Outline
from .test_writers import EVIL, evil_table


@pytest.fixture(scope="module")
def text() -> str:
    return analysis_page.render(analysis())


@pytest.fixture(scope="module")
def outline(text: str) -> Outline:
    return Outline(text)


def empty() -> AnalysisReport:
    return AnalysisReport("", "", "", 0, False, "0.3.0", (), ())


def test_the_page_is_one_self_contained_file(text: str) -> None:
    lowered = text.lower()
    for wrong in ("<script", 'src="', "@import", "url(http", "<link", "<iframe", "xlink:href"):
        assert wrong not in lowered
    assert lowered.startswith("<!doctype html>")
    assert "content=\"default-src 'none'; style-src 'unsafe-inline'" in text
    assert not re.search(r"\bnan\b|\bNone\b|\bundefined\b", text)


def test_tags_close_ids_are_unique_and_links_lead_somewhere(outline: Outline) -> None:
    assert outline.stack == []
    assert len(outline.ids) == len(set(outline.ids))
    links = {found["href"] or "" for tag, found in outline.tags if tag == "a"}
    assert {link[1:] for link in links} <= set(outline.ids)


def test_headings_landmarks_and_table_headers(outline: Outline) -> None:
    assert outline.headings[0] == 1 and outline.headings.count(1) == 1
    steps = zip(outline.headings, outline.headings[1:], strict=False)
    assert all(after - before <= 1 for before, after in steps)
    tags = [tag for tag, _ in outline.tags]
    assert {"header", "main", "nav", "footer"} <= set(tags)
    assert tags.count("table") == tags.count("caption") == 3 + 3
    assert all("scope" in found for tag, found in outline.tags if tag == "th")


def test_facts_and_warnings_come_before_the_sections(text: str) -> None:
    places = [
        text.index(word)
        for word in (
            "<dt>Respondents",
            "Effective n",
            ">Warnings<",
            "12 respondents",
            'id="section-1"',
        )
    ]
    assert places == sorted(places)
    assert "2,209" in text


def test_every_table_has_n_source_and_its_code_closed_and_escaped(text: str) -> None:
    tables = re.findall(r'<div class="table" id="table-\d">.*?\n</div>\n(?=<|$)', text, re.DOTALL)
    assert len(tables) == 3
    assert all("n = 2,2" in one and "Source: Survey of opinions" in one for one in tables)
    details = re.findall(r"<details[^>]*>\s*<summary>Show the code.*?</details>", text, re.DOTALL)
    assert len(details) == 2
    assert not any("<details open" in one for one in details)
    assert "# &lt;- as printed &amp; checked" in details[0]
    assert re.findall(r'class="language">(\w+)<', details[0]) == ["R", "Stata"]
    assert "x = 1\n\tif x &lt; 2:" in details[1]


def test_every_figure_has_two_widths_unit_n_source_and_its_table(text: str) -> None:
    figures = re.findall(r"<figure.*?</figure>", text, re.DOTALL)
    assert len(figures) == 3
    for figure in figures:
        assert len(re.findall(r'<svg role="img" aria-label="[^"]{80,}"', figure)) == 2
        for needed in ("Unit: ", "n = ", "Source: Survey", "Show as table", "<table"):
            assert needed in figure


def test_a_verdict_is_a_word(text: str) -> None:
    assert {"as expected", "contrary", "not significant"} <= set(
        re.findall(r"<td>([a-z ]+)</td></tr>", text)
    )


def test_synthetic_results_have_banner_meta_and_words(text: str) -> None:
    assert "ynthetic" not in re.sub(r"(?s)<style>.*?</style>", "", text)
    found = analysis_page.render(dataclasses.replace(analysis(), synthetic=True))
    assert '<meta name="synthetic" content="true">' in found
    assert '<p class="banner" role="note"><strong>Synthetic:</strong>' in found
    assert "(synthetic)</title>" in found


def test_the_same_report_gives_the_same_bytes(tmp_path: Path, text: str) -> None:
    write_analysis(analysis(), tmp_path / "a.html")
    assert (tmp_path / "a.html").read_bytes() == text.encode()


def test_an_empty_report_and_an_empty_section_are_a_page() -> None:
    found = analysis_page.render(empty())
    assert Outline(found).stack == []
    assert "Untitled analysis" in found and "<svg" not in found and "<nav" not in found
    hollow = dataclasses.replace(empty(), sections=(AnalysisSection("a", "Hollow", ()),))
    assert "Hollow" not in analysis_page.render(hollow)


def test_a_long_table_scrolls_on_screen() -> None:
    rows = tuple(Row((f"row {i}", i / 100)) for i in range(61))
    long = dataclasses.replace(crosstab(), rows=rows)
    one = dataclasses.replace(empty(), sections=(AnalysisSection("a", "A", (long,)),))
    assert 'class="scroll long"' in analysis_page.render(one)


def test_nothing_breaks_out_of_the_page() -> None:
    figure = dataclasses.replace(coefficients(), title=EVIL, unit=EVIL, source=EVIL, notes=(EVIL,))
    bars = dataclasses.replace(likert(), title=EVIL, levels=(EVIL,) * 5, source=EVIL)
    parts = (Paragraph(EVIL), evil_table(), figure, bars)
    report = AnalysisReport(
        EVIL,
        EVIL,
        EVIL,
        3,
        True,
        EVIL,
        ((EVIL, EVIL),),
        (AnalysisSection(EVIL, EVIL, parts),),
        (EVIL,),
    )
    found = analysis_page.render(report)
    assert "<script" not in found and "<!--" not in found
    assert Outline(found).stack == []
    assert not set("\x00\x07\x1b\u202e\ufffe") & set(found)
    found.encode("utf-8")


def test_stars_only_when_asked(text: str) -> None:
    assert 'class="stars"' not in text
    assert 'class="stars">***<' in analysis_page.render(analysis(), stars=True)


def test_a_missing_folder_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(ScslabError, match="the file could not be written"):
        write_analysis(dataclasses.replace(empty(), sections=()), tmp_path / "no" / "a.html")


def test_importing_the_page_imports_no_drawing_and_no_office_library() -> None:
    code = (
        "import sys, scslab.report.analysis_page, scslab.report.writers; "
        "late = {'altair', 'vl_convert', 'docx', 'openpyxl', 'jinja2'}; "
        "print(sorted(late & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_brackets_have_room_in_every_row_of_a_model(text: str) -> None:
    assert '<table class="result bracketed">' in text
    beneath = [row for row in models().rows if row.kind == "beneath"]
    assert text.count('<tr class="beneath">') == text.count('<tr class="over">') == len(beneath)
