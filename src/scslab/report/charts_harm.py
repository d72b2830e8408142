"""Dots with intervals by group, in panels: impact ratios and error rates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scslab.report import vega
from scslab.report.pieces import LINE, Scale, axis, diamond, dot, lines, rule, text, ticks
from scslab.report.texts import pixels, wrapped

ROW = 17  # height of a row
GAP = 22  # between two panels
CHARACTER = 6.3  # pixels of a character, with some air


@dataclass(frozen=True)
class Dot:
    """One group in a panel; the best-treated one is an open diamond."""

    heading: str
    label: str
    value: float
    low: float
    high: float
    best: bool = False


@dataclass(frozen=True)
class Panel:
    """Dots of one quantity on an axis from 0 to `top`.

    `marks` are lines from top to bottom: where, and how they are dashed.
    """

    title: str
    dots: tuple[Dot, ...]
    top: float
    share: bool = False
    marks: tuple[tuple[float, str], ...] = ()


def dot_panels(
    panels: Sequence[Panel], order: Sequence[tuple[str, str]], label: str, width: int
) -> str:
    """Draw panels beside each other on a page, below each other on a phone.

    Parameters
    ----------
    panels : sequence of Panel
        At least one, each with a dot.
    order : sequence of (heading, label)
        All groups in their order; those without a dot are left out.
    label : str
        The figure in words.
    width : int
        Pixels: `vega.WIDE` for a page, `vega.NARROW` for a phone.
    """
    dots = [one for panel in panels for one in panel.dots]
    left = 22 + max(pixels(wrapped(one.label, 22, 1)) for one in dots)
    left = max(left, 12 + 1.1 * max(pixels(wrapped(one.heading, 22, 1)) for one in dots))
    if vega.is_narrow(width):
        drawn: list[str] = []
        y = 0.0
        for panel in panels:
            part, y = _block((panel,), order, y + (8 if drawn else 0), left, width)
            drawn.append(part)
    else:
        part, y = _block(panels, order, 0.0, left, width)
        drawn = [part]
    return f"{vega.open_svg(width, round(y + 6), label)}{''.join(drawn)}</svg>"


def _block(
    panels: Sequence[Panel],
    order: Sequence[tuple[str, str]],
    top: float,
    left: float,
    width: int,
) -> tuple[str, float]:
    """Panels that share their rows, and where they end."""
    room = (width - left - 14 - GAP * (len(panels) - 1)) / len(panels)
    titles = [wrapped(p.title, (room + GAP / 2) / CHARACTER, 4) for p in panels]
    y = top + LINE * (1 + max(t.count("\n") for t in titles)) + 12
    first = y
    parts: list[str] = []
    places: dict[tuple[str, str], float] = {}
    heading = ""
    used = {(one.heading, one.label) for panel in panels for one in panel.dots}
    for name, label in dict.fromkeys(row for row in order if row in used):
        if name != heading:
            parts.append(text(4, y + 13, wrapped(name, 22, 1), bold=True))
            y, heading = y + ROW + 1, name
        places[name, label] = y + ROW / 2
        parts.append(lines(12, y + ROW / 2, wrapped(label, 22, 1)))
        y += ROW
    for at, (panel, title) in enumerate(zip(panels, titles, strict=True)):
        x = left + at * (room + GAP)
        scale = Scale(0.0, panel.top, x, x + room)
        parts.append(lines(x, top + 8 + LINE * title.count("\n") / 2, title, bold=True))
        parts.append(_panel(panel, places, scale, first, y + 4))
    return "".join(parts), y + 4 + 22


def _panel(
    panel: Panel, places: dict[tuple[str, str], float], scale: Scale, top: float, bottom: float
) -> str:
    most = 3 if scale.right - scale.left < 180 else 6
    parts = [axis(scale, ticks(0.0, panel.top, most), bottom, top, share=panel.share)]
    for at, dash in panel.marks:
        colour = vega.RUST if dash else vega.QUIET
        parts.append(rule(scale.at(at), top, scale.at(at), bottom, colour, 1.2, dash))
    for one in panel.dots:
        y = places[one.heading, one.label]
        if math.isfinite(one.low) and math.isfinite(one.high):
            parts.append(rule(scale.at(one.low), y, scale.at(one.high), y, vega.BLUE, 2))
        parts.append(
            diamond(scale.at(one.value), y, 5) if one.best else dot(scale.at(one.value), y)
        )
    return "".join(parts)


def top_of(dots: Sequence[Dot], least: float = 0.0) -> float:
    """A top of the axis that shows all values, and intervals up to twice the largest value."""
    values = max((one.value for one in dots), default=0.0)
    high = max((one.high for one in dots if math.isfinite(one.high)), default=values)
    return max(least, 1.05 * min(high, 2 * values)) or 1.0
