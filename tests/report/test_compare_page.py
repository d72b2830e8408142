"""The page of a comparison: what it says, figure by figure, and that it is whole by itself."""

import math
import re
from dataclasses import replace

import pytest

from scslab.core.results import SourceLine
from scslab.core.trial import (
    Arm,
    DifferenceLine,
    FrontierLine,
    QuantityLine,
    RankLine,
    RowChanged,
    SafeguardLine,
    TrialSummary,
)
from scslab.report import charts_compare as charts
from scslab.report.charts_compare import Dot, Panel
from scslab.report.compare_page import render, write_compare
from scslab.report.compare_tables import differences, saved, times

MONTHS = QuantityLine("wrongful_months", "Months of harm", "harm", "months", "less", "amount")
MISSED = QuantityLine("missed_share", "Breaches missed", "error", "share", "less", "rate")
KEPT = QuantityLine("performed_share", "Duties performed", "compliance", "share", "more", "rate")
ARMS = ("none", "notice", "notice+help")


def line(quantity, arm, first, difference, half, saves=9.0, by="all", group="all", regime="all"):
    return DifferenceLine(
        quantity.name, quantity.of, regime, by, group, arm, first, first + difference, difference,
        difference - half, difference + half, saves, 20,
    )  # fmt: skip


def made(**changes):
    notice = SafeguardLine(
        "notice",
        "Notice before listing",
        "Whoever is listed is <b>told</b> before.",
        (("A law, art. 28", "Reasons are told"),),
        (
            RowChanged(
                "notice", "debtors", "lists.x.waits", "0 months", "1 month", "A law, art. 28", "law"
            ),
        ),
        (("Points", "Understated"),),
        (SourceLine("law", "notice", "law", "A law", "2017-09-30", "https://a.example/x", ""),),
    )
    axes = ("wrongful_months", "performed_share")
    found = TrialSummary(
        title="A study",
        study="a-study",
        about="About it.",
        cannot_tell="Anything.",
        version="9.9.9",
        fingerprint="abc",
        facts=(("Simulated persons", "1,000"),),
        regimes=(("debtors", "List of debtors"), ("other", "Other list")),
        seeds=tuple(range(1, 21)),
        arms=(Arm("none", ()), Arm("notice", ("notice",)), Arm("notice+help", ("notice", "help"))),
        safeguards=(notice, SafeguardLine("help", "Help", "Help is given.")),
        ranked="wrongful_months",
        main=("wrongful_months", "missed_share", "performed_share"),
        axes=axes,
        quantities=(MONTHS, MISSED, KEPT),
        differences=(
            line(MONTHS, "notice", 400.0, -100.0, 10.0, 25.0),
            line(MONTHS, "notice+help", 400.0, -220.0, 12.0, 11.0),
            line(MISSED, "notice", 0.25, 0.0, 0.0, math.inf),
            line(MISSED, "notice+help", 0.25, 0.01, 0.02, 3.0),
            line(KEPT, "notice", 0.4, 0.05, 0.01, None),
            line(KEPT, "notice+help", 0.4, -0.02, 0.01, 4.0),
        ),
        group_line=replace(MONTHS, unit="months per 100,000 person-years", of="rate"),
        by_group=tuple(
            line(MONTHS, arm, 50.0, -size, 2.0, by="residence", group=group)
            for group, size in (("rural", 20.0), ("urban", 5.0))
            for arm in ARMS[1:]
        ),
        by_regime=(
            line(MONTHS, "notice", 300.0, -100.0, 10.0, regime="debtors"),
            line(MONTHS, "notice", 100.0, 0.0, 0.0, regime="other"),
        ),
        ranking=(
            RankLine("wrongful_months", "notice+help", 180.0, 1, 1, 1, 1.0, (1.0, 0.0, 0.0)),
            RankLine("wrongful_months", "notice", 300.0, 2, 2, 3, 0.0, (0.0, 0.9, 0.1)),
            RankLine("wrongful_months", "none", 400.0, 3, 2, 3, 0.0, (0.0, 0.1, 0.9)),
        ),
        frontier=(
            FrontierLine(*axes, "none", 400.0, 0.4, False, 0.0),
            FrontierLine(*axes, "notice", 300.0, 0.45, True, 1.0),
            FrontierLine(*axes, "notice+help", 180.0, 0.38, True, 0.97),
        ),
    )  # fmt: skip
    return replace(found, **changes)


def words(page):
    """The text of a page without its styles and tags."""
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


def test_the_page_says_what_was_compared_and_on_what_it_rests():
    said = words(render(made()))
    assert "Synthetic: every person in this report is simulated." in said
    assert "all differences are to none" in said.lower()
    assert "No rule of this study is changed by" not in said
    assert "lists.x.waits 0 months 1 month A law, art. 28 law" in said
    assert "A law, art. 28 Reasons are told" in said
    assert "It changes no row of this study." in said  # help
    assert "Whoever is listed is &lt;b&gt;told&lt;/b&gt; before." in said
    assert "scslab compare a-study --safeguard none --safeguard notice" in said


def test_the_page_says_what_nobody_may_conclude():
    said = words(render(made()))
    limits = said[said.index("What this cannot tell you") : said.index("Contents")]
    assert "Anything." in limits
    assert "Nobody may conclude from this page that a safeguard has this effect" in limits
    assert "no overall score" in limits
    assert "the luck of the simulation and nothing else" in limits


def test_differences_stand_with_their_intervals():
    said = words(render(made()))
    assert "Months of harm simulated months; wrongful_months 400 −100 −110 to −90" in said
    assert "−220 −232 to −208" in said
    assert "Breaches missed percent; missed_share 25.0% 0 exactly +1.00 −1.00 to +3.00" in said
    assert "unpaired runs would need 11 to 25 times as many seeds" in said
    assert "Breaches missed ∞ 3" in said
    assert "Duties performed – 4" in said


def test_a_system_that_nothing_changes_is_not_listed():
    said = words(render(made()))
    systems = said[said.index("Differences by system") :]
    assert "List of debtors notice 300 200 −100 −110 to −90 −33.3%" in systems
    assert "Other list notice" not in systems


def test_ranks_and_the_frontier_are_in_words_and_tables():
    said = words(render(made()))
    assert "notice+help 180 1 1 to 1 100 %" in said
    assert "notice 300 2 2 to 3 0 %" in said
    assert "notice+help 180 38.0% yes 97 %" in said
    assert "none 400 40.0% no 0 %" in said


def test_the_page_needs_nothing_else(tmp_path):
    page = render(made())
    assert "<script" not in page
    assert not re.search(r'(src|href)="(?!#|https://a\.example)', page)
    assert page.count("<svg role=") == page.count("</svg>") == 8  # four figures in two widths
    assert len(set(re.findall(r'<h2 id="([^"]+)"', page))) == page.count("<h2 id=")
    write_compare(made(), tmp_path / "a.html")
    write_compare(made(), tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_one_system_and_no_groups_leave_sections_out():
    page = words(render(made(by_group=(), by_regime=(), frontier=(), regimes=(("d", "D"),))))
    for title in ("For whom", "In which system", "Harm against compliance"):
        assert title not in page
    assert "Ranking by one harm" in page


def test_many_sides_are_cut_into_tables():
    arms = ["none", *(f"s{i}" for i in range(6))]
    rows = [line(MONTHS, arm, 10.0, -1.0, 0.5) for arm in arms[1:]]
    page = words(
        render(
            made(
                arms=tuple(Arm(arm, ()) for arm in arms),
                differences=tuple(rows),
                quantities=(MONTHS, KEPT),
                main=("wrongful_months",),
            )
        )
    )
    assert page.count("Harm, and what each safeguard changes") >= 2
    assert "Quantity none s0 s1 s2 " in page
    assert "Quantity none s3 s4 s5 " in page


def test_the_first_figure_holds_what_moves_and_not_all():
    names = [f"harm_{i}" for i in range(12)]
    lines = [replace(MONTHS, name=name, says=f"Harm number {i}") for i, name in enumerate(names)]
    rows = [
        line(one, arm, 100.0, -1.0 if i == 0 else -30.0, 0.5)
        for i, one in enumerate(lines)
        for arm in ARMS[1:]
    ]
    page = render(
        made(
            quantities=(*lines, MONTHS, KEPT), differences=tuple(rows), main=tuple(names),
            by_group=(), frontier=(),
        )
    )  # fmt: skip
    figure = page[page.index("<figure>") : page.index("</figure>")]
    shown = [i for i in range(12) if f"Harm number {i}<" in figure]
    assert shown == list(range(1, 8))  # the first hardly moves; seven are enough
    assert "Harm number 11" in words(page)  # in the table


def test_marks_tell_what_the_interval_holds():
    rows = (Dot("a", -2.0, -3.0, -1.0, "−2"), Dot("b", 0.5, -1.0, 2.0, "+0.5"))
    svg = charts.dots([Panel("Harm", rows)], "months", False, 720)
    fills = re.findall(r'<circle[^>]*fill="([^"]+)"', svg)
    assert fills == ["#1f5a8a", "#ffffff"]
    places = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', svg)]
    assert places[0] < places[1]
    assert "Harm, a: −2; Harm, b: +0.5" in svg


@pytest.mark.parametrize("width", [720, 340])
def test_labels_of_the_frontier_do_not_meet(width):
    rows = [
        FrontierLine("h", "c", f"safeguard {i}", 10.0 + i % 2, 0.5 + 0.001 * i, i < 2, 0.5)
        for i in range(6)
    ]
    svg = charts.frontier(rows, ("harm", "kept"), (False, True), width)
    labels = re.findall(r'<text x="([\d.]+)" y="([\d.]+)"[^>]*>(safeguard[^<]*)<', svg)
    boxes = [
        charts.around_text((float(x), float(y) - 4), charts.pixels(said)) for x, y, said in labels
    ]
    assert len(boxes) == 6
    for i, one in enumerate(boxes):
        assert one[0] >= 0 and one[2] <= width
        assert not any(charts.meets(one, other) for other in boxes[i + 1 :])


def test_shares_of_ranks_are_written_in_their_fields():
    svg = charts.ranking(made().ranking, 720)
    said = re.findall(r">([^<]+)</text>", svg)
    assert said.count("90 %") == 2
    assert "notice: rank 2 90" in svg


def test_times():
    assert times(7.5) == "7.5"
    assert times(float("nan")) == "–"
    table = saved(
        [line(MONTHS, "notice", 1.0, 0.0, 0.0, math.inf)], {"wrongful_months": MONTHS}, ARMS[:2]
    )
    assert table.rows == (("Months of harm", "∞"),)
    none = differences("benefit", [], {"wrongful_months": MONTHS}, ARMS)
    assert none.rows == ()
