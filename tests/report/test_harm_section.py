"""Harm and fairness on the page: figures, sentences, tables, small n."""

from __future__ import annotations

import dataclasses
import re

import pytest

from made_tallies import lived, society
from scslab.core.harm import HarmReport
from scslab.evaluation.harm import harm_report
from scslab.report import charts_harm, harm, harm_tables, page, vega
from scslab.report.charts_harm import Dot, Panel

from .sample import empty

NAMES = {"court": "The court", "club": "The club"}


@pytest.fixture(scope="module")
def report() -> HarmReport:
    return harm_report(society(), lived(), ["residence", "income", "party"])


@pytest.fixture(scope="module")
def text(report: HarmReport) -> str:
    return page.render(dataclasses.replace(empty(), harm=report))


def test_page_has_the_sections(text: str) -> None:
    assert '<h2 id="harm">' in text and '<h2 id="fairness">' in text
    assert "Harm, costs and benefits" in text and "Groups side by side" in text
    assert not re.search(r"\bnan\b|\binf\b", text.lower())
    assert "None" not in text


def test_a_run_without_harm_has_no_sections() -> None:
    plain = page.render(empty())
    assert '<h2 id="harm">' not in plain and '<h2 id="fairness">' not in plain
    assert harm.harm(None, NAMES) == harm.fairness(None) == ()


def test_lists_of_praise_beside_sanctions_are_owned_up_to(report: HarmReport) -> None:
    blocks = harm.harm(dataclasses.replace(report, mixed=("court",)), NAMES)
    said = " ".join(block.text for block in blocks)
    assert "The court keeps lists of praise beside lists of sanctions" in said


def test_quantities_stand_with_n_and_interval(report: HarmReport) -> None:
    table = harm_tables.whole(report.whole)
    row = next(r for r in table.rows if r[0].startswith("Breaches of which no true record"))
    assert row[1] == "90\nof 200"
    assert row[2] == "45.0%\n38.3% to 51.9%"
    kinds = [r[0] for r in table.rows if len(r) == 1]
    assert kinds == ["Harm and cost", "Errors", "Benefits", "Compliance"]
    small = next(r for r in table.rows if r[0].startswith("Other entries on a record found"))
    assert small[2] == "\N{EN DASH}\nn < 30"


def test_systems_carry_their_names(report: HarmReport) -> None:
    table = harm_tables.systems(report.systems, NAMES)
    assert {row[0] for row in table.rows} == {"The court", "The club"}
    assert table.head[0] == "System"


def test_groups_stand_under_their_attribute(report: HarmReport) -> None:
    table = harm_tables.groups(report.groups)
    headings = [row[0] for row in table.rows if len(row) == 1]
    assert headings == [
        "Residence", "Income", "Party", "Political capital", "Residence and income",
    ]  # fmt: skip
    assert [row[0] for row in table.groups[0].rows] == ["rural", "urban"]


def test_ratio_figure_shows_the_line_and_decrees_nothing(report: HarmReport) -> None:
    figure = harm.ratio_figure(report.ratios).figure
    assert figure is not None and figure.table is not None
    assert figure.unit == "ratio to the best-treated group"
    assert figure.n == "300 person-years"
    assert "0.8" in figure.note and "not a verdict" in figure.note
    for drawn in (figure.wide, figure.narrow):
        assert 'stroke-dasharray="4,3"' in drawn  # the line differs by more than its colour
        assert drawn.count("<svg") == drawn.count("</svg>") == 1
        assert 'role="img"' in drawn and "Impact ratios by group" in drawn
    assert "unfair" not in figure.note.lower() and "discriminat" not in figure.note.lower()


def test_figures_say_source_and_synthetic(text: str) -> None:
    captions = re.findall(r"<figcaption>.*?</figcaption>", text, flags=re.S)
    mine = [c for c in captions if "Impact ratios by group" in c or "Error rates by group" in c]
    assert len(mine) == 2
    for caption in mine:
        assert "Unit:" in caption and "n:" in caption
        assert "Source: scslab" in caption and "synthetic" in caption


def test_best_groups_differ_by_shape() -> None:
    dots = (Dot("Sex", "female", 1.0, 1.0, 1.0, True), Dot("Sex", "male", 0.5, 0.2, 2.0))
    order = [("Sex", "female"), ("Sex", "male")]
    panel = Panel("Listings", dots, 1.25, marks=((0.8, "4,3"),))
    drawn = charts_harm.dot_panels([panel], order, "words", vega.WIDE)
    assert drawn.count("<circle") == 1  # the other is a diamond
    assert drawn == charts_harm.dot_panels([panel], order, "words", vega.WIDE)


def test_rows_keep_their_order_whatever_panel_has_them() -> None:
    order = [("Age", "young"), ("Age", "old")]
    old = Dot("Age", "old", 0.5, 0.4, 0.6)
    young = Dot("Age", "young", 0.4, 0.3, 0.5)
    drawn = charts_harm.dot_panels(
        [Panel("a", (old,), 1.0), Panel("b", (young, old), 1.0)], order, "words", vega.WIDE
    )
    assert drawn.index(">young<") < drawn.index(">old<")
    assert drawn.count(">Age<") == 1


def test_questions_are_answered_in_a_table(report: HarmReport) -> None:
    table = harm_tables.contrasts(report.contrasts)
    rows = {row[0]: row for row in table.rows if len(row) > 1}
    missed = rows["Breaches of which no true record reached the regime\nshare"]
    assert missed[1:] == ("Political capital: high", "60.0%", "low", "30.0%", "2.00") + missed[6:]
    assert "Do the powerful escape?" in {row[0] for row in table.rows}


def test_rates_are_written_alike() -> None:
    assert harm_tables.rate(0.000001, "months") == "0.00"
    assert harm_tables.rate(-0.3, "share") == "\N{MINUS SIGN}30.0%"
    assert harm_tables.rate(float("nan"), "months") == "\N{EN DASH}"
