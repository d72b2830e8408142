from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from scslab.report import charts, page, series, tables, vega, words, write_report

from .sample import COMPARISONS, empty, sample

VOID = {"meta", "link", "br", "hr", "img", "input", "path", "rect", "line", "circle"}


class Outline(HTMLParser):
    """Open and closed tags, ids, headings and captions of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        self.ids += [value for name, value in attrs if name == "id" and value]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.stack.pop() == tag


@pytest.fixture(scope="module")
def text() -> str:
    return page.render(sample())


@pytest.fixture(scope="module")
def outline(text: str) -> Outline:
    return Outline(text)


def test_page_is_one_self_contained_file(text: str) -> None:
    lowered = text.lower()
    for wrong in ("<script", 'src="', "@import", "url(http", "<link", "<iframe", "xlink:href"):
        assert wrong not in lowered
    assert lowered.startswith("<!doctype html>")
    assert len(text.encode()) < 700_000
    assert "None" not in text
    assert not re.search(r"\bnan\b|\binf\b", lowered)


def test_tags_close_and_ids_are_unique(outline: Outline) -> None:
    assert outline.stack == []
    assert len(outline.ids) == len(set(outline.ids))
    links = [found["href"] or "" for tag, found in outline.tags if tag == "a"]
    inside = {link[1:] for link in links if link.startswith("#")}
    assert inside <= set(outline.ids)


def test_headings_are_in_order(outline: Outline) -> None:
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    steps = zip(outline.headings, outline.headings[1:], strict=False)
    assert all(after - before <= 1 for before, after in steps)


def test_page_has_landmarks_language_and_table_headers(outline: Outline) -> None:
    tags = [tag for tag, _ in outline.tags]
    assert {"header", "main", "nav", "footer"} <= set(tags)
    assert tags.count("table") == tags.count("caption")
    assert all("scope" in found for tag, found in outline.tags if tag == "th")
    assert dict(outline.tags)["html"] == {"lang": "en-GB"}


def test_every_figure_says_synthetic_unit_n_and_has_numbers(text: str) -> None:
    figures = re.findall(r"<figure>.*?</figure>", text, re.DOTALL)
    assert len(figures) == 12
    for figure in figures:
        caption = re.search(r"<figcaption>(.*?)</figcaption>", figure, re.DOTALL)
        assert caption
        for word in ("synthetic", "Unit: ", "n: ", "Source: scslab 0.1.0, seed 20261"):
            assert word in caption[1]
        assert len(re.findall(r'<svg role="img" aria-label="[^"]{20,}"', figure)) == 2
        assert "Show as table" in figure or 'href="#table-' in figure


def test_every_number_of_the_comparison_stands_in_the_page(text: str) -> None:
    for row in COMPARISONS:
        assert words.quantity(row.published, row.kind) in text
        assert words.quantity(row.simulated, row.kind) in text
        if row.interval:
            assert words.spread(*row.interval, row.kind) in text
        assert row.role in text


def test_small_groups_are_named_but_not_shown(text: str) -> None:
    assert "n &lt; 30, not shown" in text
    row = re.search(r"<tr><th[^>]*>still in education</th>.*?</tr>", text)
    assert row
    assert "7.1%" not in row[0]  # 1 of 14
    assert ">14<" not in row[0]


def test_a_survey_is_of_simulated_respondents(text: str) -> None:
    assert "simulated respondents" in text
    assert "margin of error" not in text.lower()


def test_same_summary_gives_the_same_bytes(tmp_path: Path, text: str) -> None:
    write_report(sample(), tmp_path / "a.html")
    assert (tmp_path / "a.html").read_bytes() == text.encode()


def test_empty_summary_gives_a_page_without_sections(tmp_path: Path) -> None:
    write_report(empty(), tmp_path / "empty.html")
    found = (tmp_path / "empty.html").read_text(encoding="utf-8")
    assert Outline(found).stack == []
    assert "<svg" not in found
    assert "Fingerprint" in found


def test_all_text_is_escaped() -> None:
    evil = '<script>alert("x")</script>&'
    run = sample(evil)
    run = dataclasses.replace(
        run,
        about=evil,
        cannot_tell=evil,
        society=evil,
        study=evil,
        warnings=(evil,),
        regimes=tuple(dataclasses.replace(one, name=evil, about=evil) for one in run.regimes),
        lists=tuple(dataclasses.replace(one, name=evil) for one in run.lists[:1]),
        histograms=(),
        grades=(dataclasses.replace(run.grades[0], grades={evil: run.grades[0].grades["A"]}),),
        groups=tuple(dataclasses.replace(one, category=evil) for one in run.groups[:4]),
        comparisons=tuple(dataclasses.replace(one, quantity=evil) for one in run.comparisons[:2]),
        surveys=(dataclasses.replace(run.surveys[0], question=evil),),
        values=tuple(dataclasses.replace(one, owner=evil) for one in run.values),
        sources=tuple(
            dataclasses.replace(one, title=evil, href="javascript:alert(1)") for one in run.sources
        ),
    )
    found = page.render(run)
    assert "<script" not in found
    assert "javascript:" not in found
    assert Outline(found).stack == []


def test_what_cannot_be_a_ratio_is_only_in_the_table() -> None:
    sign = dataclasses.replace(COMPARISONS[0], kind="sign", published=1.0, simulated=-1.0)
    zero = dataclasses.replace(COMPARISONS[0], simulated=0.0, interval=None)
    assert charts.ratio(sign) is None
    assert charts.ratio(zero) is None
    found = page.render(dataclasses.replace(empty(), comparisons=(sign, zero)))
    assert "<svg" not in found
    assert "9,590,000" in found


def test_missing_numbers_are_a_dash_not_nan() -> None:
    run = sample()
    late = dataclasses.replace(run.flows[0], mean_wait_months=float("nan"))
    assert tables.flows([late], {}).rows[0][8].split("\n")[0] == words.NONE


def test_a_list_without_anybody_and_of_one_month_is_drawn() -> None:
    run = sample()
    one = dataclasses.replace(
        run.lists[0],
        months=("2020-01",),
        entries=(0,),
        exits=(0,),
        listed=(0,),
        wrongful_entries=(0,),
        wrongful_listed=(0,),
    )
    assert series.list_months(one, vega.WIDE).startswith("<svg role=")


def test_labels_keep_their_distance_and_stay_inside() -> None:
    moved = series.spread_labels([1.0, 2.0, 96.0, 97.0, 98.0], 15.0, 100.0)
    assert moved == [1.0, 16.0, 70.0, 85.0, 100.0]


def test_importing_the_report_does_not_import_the_drawing_libraries() -> None:
    code = "import sys, scslab.report; print('altair' in sys.modules, 'vl_convert' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
