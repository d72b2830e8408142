"""The report of a sweep: what it says, that nothing in it can break it, and that it is one file."""

import math
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from scslab.core.sweep import (
    Box,
    FactorLine,
    Index,
    Limit,
    OutcomePart,
    Peel,
    Scatter,
    SweepReport,
)
from scslab.report import vega
from scslab.report.charts_sweep import bars, scatters, trajectory
from scslab.report.sweep_page import render, write_sweep_page

WAY = (
    Peel(100, 20, 1.0, 0.2, 1.0),
    Peel(60, 19, 0.95, 19 / 60, 0.6),
    Peel(25, 18, 0.9, 0.72, 0.25),
)
BOX = Box(
    "wrongful_months",
    1,
    41.5,
    "above",
    (
        Limit("seen", 0.7, 1.0, None, 0.0001),
        Limit("rule", math.nan, math.nan, ("none", "notice"), 0.02),
    ),
    Peel(30, 18, 0.9, 0.6, 0.3),
    WAY,
)
PART = OutcomePart(
    name="wrongful_months",
    says="Months on a list for a false record",
    unit="months per 100,000 person-years",
    better="less",
    mean=30.5,
    low=2.0,
    high=80.0,
    cases=100,
    missing=3,
    scatters=(
        Scatter("seen", "share", (0.1, 0.5, 0.9), (1.0, 20.0, 60.0)),
        Scatter("rule", "", ("none", "notice", "none"), (50.0, 4.0, 30.0), ("none", "notice")),
    ),
    indices=(
        Index("wrongful_months", "seen", "ST", 0.7, 0.6, 0.8),
        Index("wrongful_months", "rule", "ST", 0.3, 0.2, 0.4),
        Index("wrongful_months", "seen", "S1", 0.6, 0.5, 0.7),
        Index("wrongful_months", "rule", "S1", 0.2, 0.1, 0.3),
    ),
    boxes=(BOX,),
    notes=("no second box",),
)
REPORT = SweepReport(
    id="small",
    title="Sweep of a small study",
    study="small",
    about="What it asks.",
    cannot_tell="How it is in a real place.",
    version="0.0",
    fingerprint="abc123",
    method="saltelli",
    cases=100,
    replications=2,
    seed=4,
    persons=600,
    months="6 (2020-01 to 2020-06)",
    factors=(
        FactorLine("seen", "agencies.watch.detection", "share", "0.2 to 1", "0.7", "all rows"),
        FactorLine("rule", "safeguards", "", "none, notice", "none", "set to it"),
    ),
    outcomes=(PART,),
    left_out=("regimes.x.rules.who.consent: at true, it makes no sense",),
)


class Reader(HTMLParser):
    """The words of a page, and whether its tags close."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag not in ("meta", "br", "link"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def words(page: str) -> str:
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    return " ".join(" ".join(reader.words).split())


def test_nothing_is_said_that_few_cases_cannot_tell() -> None:
    few = replace(PART, indices=(), boxes=(), cases=5)
    said = words(render(replace(REPORT, outcomes=(few,))))
    assert "wrongful_months over the first 2 factors" in said
    assert "answers to most" not in said
    assert "person-years 30.5 – – 2" in said
    whole = words(render(REPORT))
    assert "person-years 30.5 2 80 97" in whole
    assert "wrongful_months over the factors that it answers to most" in whole


def test_no_mean_is_drawn_of_one_or_two_cases() -> None:
    xs, ys = (0.0, 0.01, 1.0, 1.01, 1.02), (1.0, 2.0, 3.0, 4.0, 5.0)
    drawn = scatters([Scatter("seen", "share", xs, ys)], "months", 600)
    less = scatters([Scatter("seen", "share", xs[:4], ys[:4])], "months", 600)
    assert (drawn.count(vega.RUST), less.count(vega.RUST)) == (1, 0)


def test_the_page_says_what_was_found() -> None:
    said = words(render(REPORT))
    for sentence in (
        "Synthetic: every person in this report is simulated.",
        "Sweep of a small study",
        "100 sets of values of 2 factors",
        "Nobody may conclude from this page how likely an outcome is.",
        "How it is in a real place.",
        "cases with wrongful_months above 41.5, 20 of 100 looked at",
        "Inside the box are 30 cases, of which 60.0% are such (density), and with them 90.0% of",
        "No second box.",
        "1 assumption did not vary: regimes.x.rules.who.consent: at true, it makes no sense.",
        "Source: scslab 0.0, seeds 4 to 5, synthetic",
        "share by this factor with all that it does together with others",
    ):
        assert sentence in said, sentence


def test_every_figure_has_unit_n_source_and_its_numbers() -> None:
    page = render(REPORT)
    figures = re.findall(r"<figure.*?</figure>", page, re.DOTALL)
    assert len(figures) == 3
    for figure in figures:
        said = words(figure)
        assert " Unit: " in said and " n: " in said and "synthetic" in said
        assert "Show as table" in said
        assert figure.count('role="img"') == 2  # page and phone


def test_bars_tell_their_numbers_without_colour() -> None:
    svg = bars(list(PART.indices), ("ST", "S1"), 720)
    assert "seen, ST: 0.7 (0.6 to 0.8)" in svg and "rule, S1: 0.2 (0.1 to 0.3)" in svg
    assert svg.count('fill="#ffffff"') >= 2  # the second measure is open
    assert ">0.7<" in svg and ">0.3<" in svg


def test_the_way_to_a_box_marks_the_box_that_is_told() -> None:
    svg = trajectory(BOX, 720)
    assert "Told: coverage 90.0%, density 60.0%, 30 cases." in svg
    assert ">told here<" in svg and svg.count("<circle") == 3


def test_points_of_all_cases_are_drawn_and_thinned_where_there_are_very_many() -> None:
    svg = scatters(PART.scatters, "months", 720)
    assert svg.count("h0") == 6
    many = replace(PART.scatters[0], xs=tuple(map(float, range(5000))), ys=(1.0, 2.0) * 2500)
    assert 500 <= scatters([many], "months", 340).count("h0") <= 600


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "a\x00b\u202ec", "&amp;", "x" * 100])
def test_hostile_names_break_nothing(name: str) -> None:
    scatter = replace(PART.scatters[1], factor=name, xs=(name,) * 3, levels=(name, "other"))
    index = replace(PART.indices[0], factor=name)
    limit = replace(BOX.limits[1], factor=name, levels=(name,))
    part = replace(
        PART,
        name=name,
        scatters=(scatter,),
        indices=(index,),
        boxes=(replace(BOX, limits=(limit,), outcome=name),),
    )
    factor = replace(REPORT.factors[0], name=name, path=name, unit=name)
    page = render(replace(REPORT, title=name, outcomes=(part,), factors=(factor,), study=name))
    assert "<script" not in page
    assert words(page)


def test_outcomes_without_anything_are_told_all_the_same() -> None:
    empty = replace(
        PART,
        mean=math.nan,
        low=math.nan,
        high=math.nan,
        missing=100,
        scatters=(),
        indices=(),
        boxes=(),
        notes=("no indices: 100 of 100 cases have no value",),
    )
    said = words(render(replace(REPORT, outcomes=(empty,))))
    assert "No indices: 100 of 100 cases have no value." in said
    assert "nan" not in said.lower().split()


def test_the_same_record_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.html", "two.html"):
        write_sweep_page(REPORT, tmp_path / name)
    first = (tmp_path / "one.html").read_bytes()
    assert first == (tmp_path / "two.html").read_bytes()
    assert b"http" not in re.sub(rb"http://www.w3.org", b"", first)
