from __future__ import annotations

import dataclasses
import json
import math
import re
from typing import Any

import pytest
from lxml import etree

from scslab.core.printed import CoefficientFigure, CoefficientRow, LikertFigure, LikertItem
from scslab.report import charts_likert, charts_survey, vega
from scslab.report.charts_parts import SYMBOL, legend_columns
from scslab.report.figure_tables import as_table

from .sample_analysis import coefficients, likert

WIDTHS = (vega.WIDE, vega.NARROW)
EVIL = "<script>alert(\"1\")</script>\x00\u202e\n</svg>' + datum.x + '"


def texts(svg: str) -> list[str]:
    return ["".join(one.itertext()) for one in etree.fromstring(svg).iter("text")]


def size(svg: str) -> tuple[float, float]:
    root = etree.fromstring(svg)
    return float(root.get("width") or 0), float(root.get("height") or 0)


def captured(figure: Any, width: int, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The Vega-Lite specification of a figure."""
    found: list[Any] = []
    monkeypatch.setattr(vega, "draw", lambda chart, label: found.append(chart) or "<svg/>")
    charts_survey.draw(figure, width)
    return dict(found[0].to_dict(validate=False))


def rows(specification: dict[str, Any], mark: str) -> list[dict[str, Any]]:
    """The data behind the layers that draw a kind of mark."""
    return [
        row
        for layer in specification["layer"]
        if layer["mark"]["type"] == mark
        for row in json.loads(layer["data"]["values"])
    ]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "figure",
    [coefficients(1), coefficients(3), likert(), likert(apart=True), likert(number=9)],
    ids=["one series", "three", "likert", "apart", "nine items"],
)
def test_a_figure_fits_its_width_and_is_the_same_each_time(figure: Any, width: int) -> None:
    svg = charts_survey.draw(figure, width)
    assert size(svg)[0] <= width + 24
    assert charts_survey.draw(figure, width) == svg
    assert re.search(r'^<svg role="img" aria-label="[^"]{80,}"', svg)


def test_terms_stand_as_given_with_their_whole_names() -> None:
    svg = charts_survey.draw(coefficients(2), vega.WIDE)
    said = " ".join(texts(svg))
    assert said.index("Age (per ten years)") < said.index("Female") < said.index("Monthly")
    joined = "".join(texts(svg)).replace(" ", "")
    assert "includingstudentsintheirlastyear" in joined
    assert "居住在有积分制度的城市" in joined
    assert "Model 2, with place" in said


def test_a_coefficient_is_drawn_where_its_number_is(monkeypatch: pytest.MonkeyPatch) -> None:
    figure = coefficients(2)
    found = rows(captured(figure, vega.WIDE, monkeypatch), "point")
    assert [row["estimate"] for row in found] == [row.estimate for row in figure.rows]
    assert [(row["low"], row["high"]) for row in found] == [(r.low, r.high) for r in figure.rows]
    tops = [row["y"] for row in found[:5]]
    assert tops == sorted(tops)
    # The second series stands just beneath the first of the same term.
    assert all(0 < found[i + 5]["y"] - found[i]["y"] <= 26 for i in range(5))


def test_one_series_has_its_numbers_beside_and_no_legend() -> None:
    said = texts(charts_survey.draw(coefficients(1), vega.WIDE))
    assert {"0.08", "−0.12", "0.41", "0.63", "0.000042"} <= set(said)
    assert "Model 1" not in said


def test_intervals_without_end_stay_inside_and_missing_estimates_are_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = (
        CoefficientRow("m", "separated", 3.0, -math.inf, math.inf),
        CoefficientRow("m", "no interval", 1.0, math.nan, math.nan),
        CoefficientRow("m", "not estimated", math.nan, math.nan, math.nan),
    )
    figure = dataclasses.replace(coefficients(1), rows=given)
    svg = charts_survey.draw(figure, vega.WIDE)
    assert not re.search(r"NaN|Infinity", svg)
    found = rows(captured(figure, vega.WIDE, monkeypatch), "point")
    assert [row["text"] for row in found] == ["3.00", "1.00"]
    assert found[1]["low"] == found[1]["high"] == 1.0
    assert found[0]["low"] < 0 < found[0]["high"] < 10


@pytest.mark.parametrize("given", [(), (CoefficientRow("m", "a", 0.0, 0.0, 0.0),)])
def test_an_empty_figure_and_one_of_zeros_are_drawn(given: tuple[CoefficientRow, ...]) -> None:
    figure = dataclasses.replace(coefficients(1), rows=given, zero=None)
    assert charts_survey.draw(figure, vega.NARROW).startswith("<svg role=")


# Likert


def segments(figure: LikertFigure, monkeypatch: pytest.MonkeyPatch) -> list[list[dict[str, Any]]]:
    found = rows(captured(figure, vega.WIDE, monkeypatch), "bar")
    levels = len(figure.levels)
    return [found[at : at + levels] for at in range(0, len(found), levels)]


def test_the_neutral_level_is_split_over_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    figure = likert()
    for bar, item in zip(segments(figure, monkeypatch), figure.items, strict=True):
        assert bar[2]["at"] == pytest.approx(-item.shares[2] / 2)
        assert [one["end"] - one["at"] for one in bar] == pytest.approx(list(item.shares))
        assert all(a["end"] == pytest.approx(b["at"]) for a, b in zip(bar, bar[1:], strict=False))


def test_the_neutral_level_apart_starts_at_one_line_at_the_right(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    figure = likert(apart=True)
    found = segments(figure, monkeypatch)
    starts = {round(bar[2]["at"], 9) for bar in found}
    assert len(starts) == 1
    assert starts.pop() > max(bar[4]["end"] for bar in found)
    for bar in found:
        assert bar[1]["end"] == pytest.approx(0)
        assert bar[3]["at"] == pytest.approx(bar[1]["end"])


def test_percentages_stand_in_the_bars_of_fewer_than_eight_items() -> None:
    seven, eight = (texts(charts_survey.draw(likert(number=k), vega.WIDE)) for k in (7, 8))
    assert "38\N{NO-BREAK SPACE}%" in seven
    assert "38\N{NO-BREAK SPACE}%" not in eight
    assert "2\N{NO-BREAK SPACE}%" not in seven  # too narrow for its text


@pytest.mark.parametrize("width", WIDTHS)
def test_every_level_stands_whole_in_the_legend_and_every_n_at_its_bar(width: int) -> None:
    figure = likert()
    said = texts(charts_survey.draw(figure, width))
    assert set(figure.levels) <= set(said)
    assert {"n 2,209", "n 2,196", "n 2,157"} <= set(said)


def test_without_a_neutral_level_the_scale_is_cut_in_the_middle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    item = LikertItem("a", (0.1, 0.2, 0.3, 0.4), 50)
    figure = LikertFigure("f", "T", "share", "s", ("a", "b", "c", "d"), (item,))
    (bar,) = segments(figure, monkeypatch)
    assert [one["at"] for one in bar] == pytest.approx([-0.3, -0.2, 0.0, 0.3])


def test_an_item_without_shares_is_named_but_has_no_bar() -> None:
    hidden = LikertItem("Few answered", (math.nan,) * 5, 3)
    figure = dataclasses.replace(likert(), items=(*likert().items, hidden))
    said = texts(charts_survey.draw(figure, vega.WIDE))
    assert "Few answered" in said and "not shown" in said
    only = dataclasses.replace(likert(), items=(hidden,))
    assert "not shown" in texts(charts_survey.draw(only, vega.NARROW))


@pytest.mark.parametrize("levels", range(2, 12))
def test_levels_have_colours_of_their_own_and_readable_text(levels: int) -> None:
    names = tuple(map(str, range(levels)))
    neutral = levels // 2 if levels % 2 else None
    figure = LikertFigure("f", "T", "share", "s", names, (), neutral)
    found = charts_likert.colors(figure)
    assert len(set(found)) == levels

    def light(color: str) -> float:
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for color in found:
        pair = sorted((light(color), light(charts_likert._ink(color))))
        assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5


# Both


def test_a_legend_takes_as_many_columns_as_fit() -> None:
    assert legend_columns([100.0] * 5, 5 * (100 + SYMBOL)) == 5
    assert legend_columns([100.0] * 5, 5 * (100 + SYMBOL) - 1) == 3
    assert legend_columns([500.0] * 5, 340) == 1


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_breaks_out_of_a_figure(width: int) -> None:
    given = tuple(CoefficientRow(f"{EVIL}{i}", EVIL, 0.1, 0.0, 0.2) for i in range(2))
    figures = (
        CoefficientFigure(EVIL, EVIL, EVIL, 3, EVIL, given),
        LikertFigure(
            EVIL, EVIL, EVIL, EVIL, (EVIL,) * 3, (LikertItem(EVIL, (0.2, 0.3, 0.5), 9),), 1
        ),
    )
    for figure in figures:
        svg = charts_survey.draw(figure, width)
        assert "<script" not in svg
        assert svg.count("</svg>") == 1
        assert "\x00" not in svg and "\u202e" not in svg
        etree.fromstring(svg)


def test_a_figure_as_a_table_holds_all_its_numbers() -> None:
    table = as_table(coefficients(2))
    assert [row.cells for row in table.rows] == [
        (row.term, row.series, row.estimate, row.low, row.high) for row in coefficients(2).rows
    ]
    assert [column.name for column in as_table(coefficients(1)).columns] == [
        "term",
        "estimate",
        "low",
        "high",
    ]
    bars = as_table(likert())
    assert [row.cells for row in bars.rows] == [
        (item.name, *item.shares, item.n) for item in likert().items
    ]
    assert {column.form for column in bars.columns[1:-1]} == {"share"}


def test_the_text_alternative_says_every_estimate() -> None:
    said = charts_survey.alternative(coefficients(2))
    assert "Female, Model 1: −0.12 (−0.31 to 0.06)" in said
    assert "Strongly agree 22.0\N{NO-BREAK SPACE}% (n 2,209)" in charts_survey.alternative(likert())
