"""Figures of a survey analysis: estimates with their intervals, and which function draws what."""

from __future__ import annotations

import math
from typing import Any

from scslab.core.printed import (
    CoefficientFigure,
    CoefficientRow,
    ErrorsFigure,
    Figure,
    FrameworkFigure,
    LikertFigure,
    PrintedFigure,
)
from scslab.report import charts_errors, charts_framework, charts_likert, charts_printed, vega
from scslab.report.charts_parts import LINE, keyed, legend, names
from scslab.report.texts import clean, pixels, wrapped
from scslab.report.words import plural
from scslab.report.writers.rounding import printed

MARK = 13  # height of a series within its term
GAP = 12  # between terms

# Colour-blind-safe (Okabe and Ito, darkened); shape tells the same, so that print in grey works.
SERIES = (
    (vega.BLUE, "circle", vega.BLUE),
    (vega.RUST, "diamond", "white"),
    ("#00735c", "square", "#00735c"),
    ("#8a4b78", "triangle-up", "white"),
    ("#6b6b6b", "circle", "white"),
    ("#8c6d00", "diamond", "#8c6d00"),
)


def draw(figure: Figure, width: int) -> str:
    """A figure as static SVG with a text alternative.

    Parameters
    ----------
    figure : Figure
        What to draw, of any of the kinds.
    width : int
        Pixels: `vega.WIDE` for a page, `vega.NARROW` for a phone.

    Returns
    -------
    str
        The SVG; the same record gives the same text.
    """
    match figure:
        case LikertFigure():
            return charts_likert.likert(figure, width)
        case PrintedFigure():
            return charts_printed.printed_figure(figure, width)
        case ErrorsFigure():
            return charts_errors.errors(figure, width)
        case FrameworkFigure():
            return charts_framework.framework(figure, width)
    return coefficients(figure, width)


def coefficients(figure: CoefficientFigure, width: int) -> str:
    """Draw estimates with their intervals, a row a term, series beneath each other in it.

    Terms stand in the order in which they come first. An estimate that is not finite is left out
    (the table has it); an interval without an end runs to the edge.
    """
    alt = vega.altair()
    narrow = vega.is_narrow(width)
    series = list(dict.fromkeys(row.series for row in figure.rows))
    terms = list(dict.fromkeys(row.term for row in figure.rows))
    labels = {term: wrapped(term, 19 if narrow else 40, 4) for term in terms}
    left = 12 + round(max((pixels(label) for label in labels.values()), default=0))
    single = len(series) < 2
    beside = [printed(row.estimate, "number", 2) for row in figure.rows] if single else []
    right = width - 14 - round(max((pixels(text) + 4 for text in beside), default=0))
    low, high = _domain(figure)
    tops, height = _layout(labels, len(series))
    drawn = [row for row in figure.rows if math.isfinite(row.estimate)]
    data = [
        {
            "y": tops[row.term] + (series.index(row.series) + 0.5) * _mark(labels, row, series),
            "estimate": row.estimate,
            "low": _within(row.low, low, high, row.estimate),
            "high": _within(row.high, low, high, row.estimate),
            "series": keyed(series)[series.index(row.series)],
            "text": printed(row.estimate, "number", 2),
        }
        for row in drawn
    ]
    middles = [
        (tops[term] + _height(labels[term], len(series)) / 2, labels[term]) for term in terms
    ]
    x_scale = alt.Scale(domain=[low, high], range=[left, right], nice=False, zero=False)
    y_scale = alt.Scale(domain=[height, 0], nice=False, zero=False)
    axis = alt.Axis(tickCount=4 if narrow else 8, title=clean(figure.unit) or None, format="~g")
    x = alt.X("estimate:Q", scale=x_scale, axis=axis)
    base = alt.Chart(vega.values(data)).encode(y=alt.Y("y:Q", scale=y_scale, axis=None))
    layers = [
        *names(middles, left - 10, "right", y_scale),
        base.mark_rule(strokeWidth=2).encode(
            x=alt.X("low:Q", scale=x_scale, axis=axis), x2="high:Q", stroke=_stroke(series, width)
        ),
        base.mark_point(size=52, filled=True, opacity=1, strokeWidth=1.7).encode(
            x=x,
            stroke=_stroke(series, width),
            **_points(series, width),
        ),
    ]
    if figure.zero is not None:
        line = alt.Chart(vega.values([{"at": figure.zero}]))
        layers.insert(
            0,
            line.mark_rule(color=vega.QUIET, strokeWidth=1.2).encode(
                x=alt.X("at:Q", scale=x_scale, axis=axis)
            ),
        )
    if single:
        layers.append(base.mark_text(align="left").encode(x=alt.value(right + 8), text="text:N"))
    chart = alt.layer(*layers).properties(width=width, height=height)
    return vega.draw(chart, alternative(figure))


def alternative(figure: Figure) -> str:
    """The figure in words, for those who do not see it."""
    match figure:
        case LikertFigure():
            return charts_likert.alternative(figure)
        case PrintedFigure():
            return charts_printed.alternative(figure)
        case ErrorsFigure():
            return charts_errors.alternative(figure)
        case FrameworkFigure():
            return charts_framework.alternative(figure)
    several = len({row.series for row in figure.rows}) > 1
    said = "; ".join(
        f"{clean(row.term)}{f', {clean(row.series)}' if several else ''}: "
        f"{printed(row.estimate, 'number', 2)} ({printed(row.low, 'number', 2)} to "
        f"{printed(row.high, 'number', 2)})"
        for row in figure.rows
    )
    zero = "" if figure.zero is None else f" Reference line at {printed(figure.zero, 'number', 1)}."
    terms = plural(len({row.term for row in figure.rows}), "term")
    return f"{clean(figure.title)}. {terms}, estimate with 95% interval.{zero} {said}".strip()


def _domain(figure: CoefficientFigure) -> tuple[float, float]:
    """Ends of the axis: all finite estimates and ends of intervals, the reference line, air."""
    ends = [value for row in figure.rows for value in (row.estimate, row.low, row.high)]
    found = [value for value in ends if math.isfinite(value)]
    if figure.zero is not None:
        found.append(figure.zero)
    low, high = min(found, default=0.0), max(found, default=1.0)
    air = 0.04 * (high - low) or 0.5 * max(abs(high), 1.0)
    return low - air, high + air


def _within(value: float, low: float, high: float, estimate: float) -> float:
    return estimate if math.isnan(value) else min(max(value, low), high)


def _layout(labels: dict[str, str], series: int) -> tuple[dict[str, float], float]:
    """Top of each term and height of all: room for the label's lines or for its series."""
    tops, at = {}, GAP / 2
    for term, label in labels.items():
        tops[term] = at
        at += _height(label, series) + GAP
    return tops, at - GAP / 2


def _height(label: str, series: int) -> float:
    return max(LINE * (label.count("\n") + 1), MARK * series)


def _mark(labels: dict[str, str], row: CoefficientRow, series: list[str]) -> float:
    return _height(labels[row.term], len(series)) / len(series)


def _look(series: list[str]) -> list[tuple[str, str, str]]:
    return [SERIES[place % len(SERIES)] for place in range(len(series))]


def _stroke(series: list[str], width: int) -> Any:
    alt = vega.altair()
    scale = alt.Scale(domain=keyed(series), range=[look[0] for look in _look(series)])
    return alt.Stroke("series:N", scale=scale, legend=legend(series, width))


def _points(series: list[str], width: int) -> dict[str, Any]:
    alt = vega.altair()
    looks, one = _look(series), legend(series, width)
    shapes = alt.Scale(domain=keyed(series), range=[look[1] for look in looks])
    fills = alt.Scale(domain=keyed(series), range=[look[2] for look in looks])
    return {
        "shape": alt.Shape("series:N", scale=shapes, legend=one),
        "fill": alt.Fill("series:N", scale=fills, legend=one),
    }
