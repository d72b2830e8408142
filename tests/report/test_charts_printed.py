"""Figures that stand beside print: marks stand where their numbers are, texts whole and inside."""

from __future__ import annotations

import dataclasses
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lxml import etree

from scslab.core.printed import (
    AnalysisReport,
    AnalysisSection,
    ErrorStep,
    FrameworkFactor,
    FrameworkLine,
    PrintedFigure,
    PrintedRow,
)
from scslab.report import charts_errors, charts_printed, charts_survey, vega
from scslab.report.analysis_page import render
from scslab.report.figure_tables import as_table
from scslab.report.texts import pixels
from scslab.report.writers import write_figure
from scslab.report.writers.grid import figure_notes, prepared

from .sample_printed import effects, framework, shares, waterfall

WIDTHS = (vega.WIDE, vega.NARROW)
EVIL = "<script>alert(\"1\")</script>\x00\u202e\n</svg>' + datum.x + '"
FIGURES = {
    "dots": shares(),
    "bars": shares("bars"),
    "effects": effects(),
    "waterfall": waterfall(),
    "no list": waterfall(listed=False),
    "framework": framework(),
}
every = pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES.keys())
both = pytest.mark.parametrize("width", WIDTHS)


def drawn(figure: Any, width: int) -> Any:
    return etree.fromstring(charts_survey.draw(figure, width))


def words(root: Any) -> list[str]:
    return ["".join(one.itertext()) for one in root.iter("text")]


def path(one: Any) -> list[tuple[float, float]]:
    pairs = re.findall(r"(-?[\d.]+),(-?[\d.]+)", one.get("d"))
    return [(float(x), float(y)) for x, y in pairs]


def dots(root: Any, fill: str = vega.BLUE) -> list[tuple[float, float]]:
    """Middles of the round marks beside the legend's, in order."""
    found = [one for one in root.iter("circle") if one.get("fill") == fill]
    return [(float(one.get("cx")), float(one.get("cy"))) for one in found]


def diamonds(root: Any) -> list[tuple[float, float]]:
    """Middles of the open diamonds, the legend's first."""
    found = [p for p in root.iter("path") if p.get("stroke-width") == "1.8"]
    return [(sum(x for x, _ in path(p)) / 4, sum(y for _, y in path(p)) / 4) for p in found]


def straight(values: list[float], places: list[float]) -> tuple[float, float]:
    """Slope and start of the scale on which these values stand at these pixels."""
    slope, start = np.polyfit(values, places, 1)
    assert np.abs(slope * np.array(values) + start - places).max() < 0.15
    return float(slope), float(start)


@every
@both
def test_a_figure_fits_its_width_and_is_the_same_each_time(figure: Any, width: int) -> None:
    svg = charts_survey.draw(figure, width)
    assert charts_survey.draw(figure, width) == svg
    root = etree.fromstring(svg)
    assert float(root.get("width")) == width
    assert len(root.get("aria-label")) > 80
    numbers = "".join(re.findall(r' (?:x|y|r|cx|cy|d|width|height)="([^"]*)"', svg))
    assert "n" not in numbers and "inf" not in numbers


@every
@both
def test_no_text_runs_out_of_its_figure(figure: Any, width: int) -> None:
    root = drawn(figure, width)
    for one in root.iter("text"):
        # Real letters are narrower than the width reckoned with: 0.9 of it is a wide text.
        long = 0.9 * pixels("".join(one.itertext())) * float(one.get("font-size", 11)) / 11
        x, y = float(one.get("x")), float(one.get("y"))
        left = x - {"end": long, "middle": long / 2}.get(one.get("text-anchor"), 0)
        assert left > -1, words(root)
        assert left + long < width + 1, "".join(one.itertext())
        assert 0 < y < float(root.get("height"))


@both
def test_dots_and_diamonds_stand_where_their_numbers_are(width: int) -> None:
    figure = shares()
    root = drawn(figure, width)
    shown = [row for row in figure.rows if math.isfinite(row.estimate)]
    at = dots(root)[1:]
    assert len(at) == len(shown) == 5
    slope, start = straight([row.estimate for row in shown], [x for x, _ in at])
    assert slope > 0
    known = [row for row in figure.rows if row.printed is not None]
    found = diamonds(root)[1:]
    assert [round(x, 0) for x, _ in found] == pytest.approx(
        [slope * (row.printed or 0) + start for row in known], abs=0.6
    )
    heights = {round(y) for row, (_, y) in zip(shown, at, strict=True) if row.printed is not None}
    assert {round(y) for _, y in found} == heights


def test_intervals_end_where_they_should() -> None:
    figure = shares()
    root = drawn(figure, vega.WIDE)
    shown = [row for row in figure.rows if math.isfinite(row.estimate)]
    slope, start = straight([r.estimate for r in shown], [x for x, _ in dots(root)[1:]])
    lines = [
        path(p) for p in root.iter("path")
        if p.get("stroke") == vega.BLUE and p.get("stroke-width") == "2"
    ][1:]  # fmt: skip
    ends = [x for line in lines for x, _ in line]
    wanted = [slope * end + start for row in shown for end in (row.low, row.high)]
    assert ends == pytest.approx(wanted, abs=0.2)
    (dashed,) = [path(p) for p in root.iter("path") if p.get("stroke-dasharray") == "3 2"]
    assert [x for x, _ in dashed] == pytest.approx([slope * v + start for v in (0.5, 0.7)], abs=0.2)


def test_bars_begin_at_zero_and_end_at_their_number() -> None:
    figure = shares("bars")
    root = drawn(figure, vega.WIDE)
    bars = [r for r in root.iter("rect") if r.get("fill") == vega.PALE_BLUE][1:]
    shown = [row for row in figure.rows if math.isfinite(row.estimate)]
    assert len({r.get("x") for r in bars}) == 1
    long = [float(r.get("width")) for r in bars]
    assert np.array(long) / [row.estimate for row in shown] == pytest.approx(
        long[0] / shown[0].estimate, abs=0.3
    )
    assert charts_printed.domain(figure) == (0.0, 1.0)


def test_rows_keep_their_order_under_headings_said_once() -> None:
    said = words(drawn(shares(), vega.WIDE))
    for heading in ("Age", "Residence", "Membership"):
        assert said.count(heading) == 1
    order = [said.index(one) for one in ("Age", "14 to 30", "31 to 50", "Residence", "urban")]
    assert order == sorted(order)


@both
def test_a_row_that_is_not_shown_keeps_its_label_and_has_no_mark(width: int) -> None:
    root = drawn(shares(), width)
    assert "51 to 65" in words(root) and words(root).count("not shown") == 1
    assert len(dots(root)) == 1 + 5


def test_printed_values_are_written_as_printed() -> None:
    said = words(drawn(effects(), vega.WIDE))
    assert {"0.29", "0.314", "0.62", "0.589", "+", "0"} <= set(said)
    assert "81.3 %" in words(drawn(shares(), vega.WIDE))
    assert "printed: Kostka 2019" in said
    without = dataclasses.replace(
        effects(), rows=tuple(PrintedRow(r.label, 1, 0, 2, 9) for r in effects().rows)
    )
    assert not any("printed" in one for one in words(drawn(without, vega.WIDE)))


@pytest.mark.parametrize("rows", [(), (PrintedRow("a", math.nan, math.nan, math.nan, 0),)])
@both
def test_a_figure_without_any_number_is_drawn(rows: Any, width: int) -> None:
    figure = dataclasses.replace(shares(), rows=rows)
    assert charts_survey.draw(figure, width).startswith("<svg role=")


def test_dots_of_shares_leave_zero_out_and_stay_within_0_and_1() -> None:
    low, high = charts_printed.domain(shares())
    assert 0.4 < low < 0.47 and 0.845 < high < 0.9
    row = PrintedRow("all", 0.98, 0.94, 1.02, 40)
    assert charts_printed.domain(dataclasses.replace(shares(), rows=(row,)))[1] == 1.0


# The waterfall


@both
def test_each_step_begins_where_the_one_above_it_ended(width: int) -> None:
    figure = waterfall()
    root = drawn(figure, width)
    bars = [(float(r.get("x")), float(r.get("width")), r.get("fill")) for r in root.iter("rect")]
    changes = [step.change for step in figure.steps if step.change]
    assert len(bars) == len(changes)
    long = [w for _, w, _ in bars]
    scale = long[-1] / changes[-1]
    assert long == pytest.approx([abs(change) * scale for change in changes], abs=0.3)
    assert [fill == vega.BLUE for *_, fill in bars] == [change > 0 for change in changes]
    at = [x for x, _ in dots(root, vega.INK)]  # the truth, then the measured share
    for (x, w, _), change in zip(bars, changes, strict=True):
        start, end = (x, x + w) if change > 0 else (x + w, x)
        assert start == pytest.approx(at[0], abs=0.3)
        at[0] = end
    assert at[0] == pytest.approx(at[1], abs=0.3)


def test_the_waterfall_says_every_change_and_what_the_list_recovers() -> None:
    said = words(drawn(waterfall(), vega.WIDE))
    assert {"+1.8", "−0.4", "0.0", "+6.4", "71.2 %"} <= set(said)
    assert "+5.1 points recovered (−1.3 to +11.5)" in said
    assert not any("list" in one for one in words(drawn(waterfall(listed=False), vega.WIDE)))


def test_the_axis_of_the_waterfall_holds_all_intervals() -> None:
    low, high = charts_errors.domain(waterfall())
    assert 0.6 < low < 0.688 and 0.82 < high < 0.84
    sure = dataclasses.replace(waterfall(), truth=1.0, measured=1.0, high=1.0, steps=())
    assert charts_errors.domain(sure)[1] == 1.0


# The framework


@both
def test_every_hypothesis_stands_in_its_box_with_its_signs(width: int) -> None:
    figure = framework()
    root = drawn(figure, width)
    said = words(root)
    lines = [line for factor in figure.factors for line in factor.lines]
    assert [one for one in said if re.fullmatch(r"H\d+", one)] == [line.id for line in lines]
    joined = "".join(said).replace(" ", "")
    for factor in figure.factors:
        assert factor.name in said
    for line in lines:
        assert line.says.replace(" ", "") in joined
    discs = [one.get("fill") for one in root.iter("circle")][1:]  # the legend's first
    fills = {"+": vega.BLUE, "-": vega.RUST, "0": "#ffffff"}
    assert discs == [fills[line.simulated] for line in lines if line.simulated]


@both
def test_boxes_do_not_overlap_and_hold_their_texts(width: int) -> None:
    root = drawn(framework(), width)
    boxes = [
        tuple(float(r.get(k)) for k in ("x", "y", "width", "height"))
        for r in root.iter("rect") if r.get("rx")
    ]  # fmt: skip
    assert len(boxes) == 7 + 1
    for i, (x, y, w, h) in enumerate(boxes):
        for x2, y2, w2, h2 in boxes[i + 1 :]:
            assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y
    ids = [t for t in root.iter("text") if re.fullmatch(r"H\d+", t.text)]
    for one in ids:
        x, y = float(one.get("x")), float(one.get("y"))
        assert sum(bx < x < bx + w and by + 8 < y < by + h - 3 for bx, by, w, h in boxes) == 1


def test_arrows_end_at_the_outcome() -> None:
    root = drawn(framework(), vega.WIDE)
    outcome = next(r for r in root.iter("rect") if r.get("fill") == vega.BLUE)
    left = float(outcome.get("x"))
    right = left + float(outcome.get("width"))
    heads = [path(p)[0][0] for p in root.iter("path") if p.get("fill") == vega.QUIET]
    assert sorted(set(heads)) == [left, right] and len(heads) == 7


def test_without_printed_signs_there_is_no_column_for_them() -> None:
    lines = (FrameworkLine("H1", "Age", "-", "", "+"),)
    figure = dataclasses.replace(framework(), factors=(FrameworkFactor("Persons", lines),))
    assert "printed" not in words(drawn(figure, vega.WIDE))
    assert "printed" in words(drawn(framework(), vega.WIDE))


# All


def test_the_text_alternatives_say_the_numbers() -> None:
    assert "Residence, urban: 81.3\N{NO-BREAK SPACE}% (79.4" in charts_survey.alternative(shares())
    assert "printed 68 %" in charts_survey.alternative(shares())
    said = charts_survey.alternative(waterfall())
    assert "Falsification +6.4" in said and "By the list experiment 75.2" in said
    said = charts_survey.alternative(framework())
    assert "H2 Income (expected negative, printed positive, simulated none)" in said


def test_a_figure_as_a_table_holds_all_its_numbers() -> None:
    rows = [row.cells for row in as_table(shares()).rows]
    assert rows[0] == ("Age",)
    assert rows[3] == ("51 to 65", None, None, None, 3, None, None, None)
    assert rows[5] == ("urban", 0.813, 0.794, 0.83, 1856, 0.82, None, None)
    assert rows[-1][5:] == (0.6, 0.5, 0.7)
    assert [r.cells[5] for r in as_table(effects()).rows if len(r.cells) > 1] == [
        0.314, 0.589, "+", "0", None,
    ]  # fmt: skip
    steps = as_table(waterfall())
    assert steps.rows[0].cells[2] == 0.712
    assert steps.rows[7].cells[1:3] == pytest.approx((6.4, 0.803))
    assert steps.rows[-2].cells[2:5] == (0.803, 0.785, 0.82)
    signs = as_table(framework())
    assert signs.rows[1].cells == ("H1", "Age", "-", "+", "+")


@every
def test_notes_name_n_unit_source_and_that_all_is_synthetic(figure: Any) -> None:
    said = " ".join(figure_notes(figure))
    assert said.startswith("Synthetic: every respondent counted here is simulated.")
    assert "n = " in said and said.endswith("Source: A made-up wave, synthetic.")
    assert prepared(as_table(figure)).synthetic
    if isinstance(figure, PrintedFigure):
        assert f"Unit: {figure.unit}." in said


def test_n_of_rows_is_a_range() -> None:
    assert "n = 3 to 1,856, by row." in figure_notes(shares())


@pytest.mark.parametrize(
    "figure", [shares(), waterfall(), framework()], ids=["rows", "errors", "f"]
)
@pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf"])
def test_figures_are_written_to_files(figure: Any, suffix: str, tmp_path: Path) -> None:
    write_figure(figure, tmp_path / f"a{suffix}")
    data = (tmp_path / f"a{suffix}").read_bytes()
    assert data.startswith({".svg": b"<svg", ".png": b"\x89PNG", ".pdf": b"%PDF"}[suffix])
    if suffix == ".svg":
        said = "".join(etree.fromstring(data).itertext())
        assert figure.title in said and "Synthetic: every respondent" in said


def test_the_page_of_an_analysis_draws_them_in_both_widths() -> None:
    parts = tuple(FIGURES.values())
    report = AnalysisReport(
        "Beside print", "", "A made-up wave", 2209, True, "0", (),
        (AnalysisSection("paper", "The paper", parts),),
    )  # fmt: skip
    page = render(report)
    assert page.count("<svg") == 2 * len(parts)
    assert "Figure 6. Conceptual framework" in page


@both
def test_nothing_breaks_out_of_a_figure(width: int) -> None:
    row = PrintedRow(EVIL, 0.2, 0.1, 0.3, 9, 0.2, None, EVIL, EVIL)
    line = FrameworkLine(EVIL, EVIL, "+", "+", "-")
    figures = (
        dataclasses.replace(shares(), title=EVIL, unit=EVIL, printed_in=EVIL, rows=(row, row)),
        dataclasses.replace(waterfall(), title=EVIL, steps=(ErrorStep(EVIL, 0.1, EVIL),)),
        dataclasses.replace(
            framework(), title=EVIL, outcome=EVIL, factors=(FrameworkFactor(EVIL, (line,)),)
        ),
    )
    for figure in figures:
        svg = charts_survey.draw(figure, width)
        assert "<script" not in svg and svg.count("</svg>") == 1
        assert "\x00" not in svg and "\u202e" not in svg
        etree.fromstring(svg)
