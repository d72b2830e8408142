"""Figures of a sweep: outcomes over factors, indices with intervals, and the way to a box; SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scslab.core.sweep import Box, Index, Scatter
from scslab.report import vega, words
from scslab.report.pieces import (
    PERCENT,
    Scale,
    axis,
    below,
    box,
    diamond,
    dot,
    lines,
    rule,
    text,
    ticks,
)
from scslab.report.texts import clean, pixels, wrapped

MOST_POINTS = 600  # of a panel
PARTS = 8  # of a range, for the line of means
LEAST = 3  # cases in a part for which a mean is drawn
PANEL, HEAD, FOOT = 150.0, 34.0, 46.0  # heights of a panel of points
BAR, AIR = 10.0, 7.0


def scatters(panels: Sequence[Scatter], unit: str, width: int) -> str:
    """Draw an outcome over several factors: a point for each case, a line of means through parts.

    All panels share the scale of the outcome.
    """
    narrow = vega.is_narrow(width)
    columns = 1 if narrow else min(3, len(panels))
    values = [y for panel in panels for y in panel.ys]
    low, high = ends(values)
    marks = ticks(low, high, 5)
    room = 10 + max((pixels(words.number(m)) for m in marks), default=0)
    wide = (width - room - 8) / columns
    parts = []
    for i, panel in enumerate(panels):
        left = room + wide * (i % columns)
        top = 22 + (PANEL + HEAD + FOOT) * (i // columns)
        parts += panel_of(
            panel, (low, high), marks, (left, left + wide - 18), top, i % columns == 0
        )
    rows = -(-len(panels) // columns)
    unit_line = text(4, 12, wrapped(unit, (width - 8) / 6.2, 1), fill=vega.QUIET)
    said = f"{words.plural(len(panels), 'panel')}: {words.listed(clean(p.factor) for p in panels)}"
    opened = vega.open_svg(
        width, round(22 + rows * (PANEL + HEAD + FOOT)), f"An outcome over factors. {said}"
    )
    return f"{opened}{unit_line}{''.join(parts)}</svg>"


def panel_of(
    panel: Scatter,
    span: tuple[float, float],
    marks: Sequence[float],
    sides: tuple[float, float],
    top: float,
    first: bool,
) -> list[str]:
    """One factor: its name, the points, the means, its axis."""
    left, right = sides
    name = wrapped(panel.factor, (right - left) / 6.2, 2)
    head, bottom = top + HEAD, top + HEAD + PANEL
    up = Scale(*span, bottom, head)
    parts = [lines(left, top + 15, name, bold=True)]
    for mark in marks:
        y = up.at(mark)
        parts.append(rule(left, y, right, y, vega.GRID))
        if first:
            parts.append(text(left - 6, y + 4, words.number(mark), anchor="end"))
    if panel.levels:
        places = {level: i for i, level in enumerate(panel.levels)}
        across = Scale(-0.5, len(places) - 0.5, left, right)
        xs = [places[str(x)] + spread(i) for i, x in enumerate(panel.xs)]
        shown = max(int((right - left) / len(places) / 6.2), 2)
        for level, place in places.items():
            label = wrapped(level, shown, 1)
            parts.append(text(across.at(place), bottom + 16, label, anchor="middle"))
        edges = [place + 0.5 for place in range(len(places) - 1)]
    else:
        xs = [float(x) for x in panel.xs]
        across = Scale(*ends(xs), left, right)
        parts.append(axis(across, ticks(across.low, across.high, 4), bottom, head, share=False))
        parts.append(
            text((left + right) / 2, bottom + 32, panel.unit, anchor="middle", fill=vega.QUIET)
        )
        edges = [across.low + (across.high - across.low) * k / PARTS for k in range(1, PARTS)]
    parts.append(points([(across.at(x), up.at(y)) for x, y in zip(xs, panel.ys, strict=True)]))
    parts.append(means(xs, panel.ys, edges, across, up))
    return parts


def spread(i: int) -> float:
    """Beside which place of a level a point stands, so that points do not hide each other."""
    return 0.5 * ((i * 0.618034) % 1.0 - 0.5)


def points(places: Sequence[tuple[float, float]]) -> str:
    """Many small dots as one path; of very many, evenly chosen ones."""
    step = -(-len(places) // MOST_POINTS)
    marks = "".join(f"M{x:.1f},{y:.1f}h0" for x, y in places[::step])
    return (
        f'<path d="{marks}" fill="none" stroke="{vega.BLUE}" stroke-width="4" '
        'stroke-linecap="round" stroke-opacity="0.45"/>'
    )


def means(
    xs: Sequence[float], ys: Sequence[float], edges: Sequence[float], across: Scale, up: Scale
) -> str:
    """The mean outcome in parts of a range, as a line with breaks in it; not of very few cases."""
    bounds = [across.low, *edges, across.high]
    parts = []
    for low, high in zip(bounds[:-1], bounds[1:], strict=True):
        inside = [y for x, y in zip(xs, ys, strict=True) if low <= x <= high]
        if len(inside) >= LEAST:
            y = up.at(sum(inside) / len(inside))
            parts.append(rule(across.at(low) + 1, y, across.at(high) - 1, y, vega.RUST, 2.5))
    return "".join(parts)


def ends(values: Sequence[float]) -> tuple[float, float]:
    """Ends of an axis with some air.

    Examples
    --------
    >>> ends([1.0, 3.0]), ends([2.0])
    ((0.94, 3.06), (1.0, 3.0))
    """
    low, high = min(values, default=0.0), max(values, default=1.0)
    if low == high:
        return low - 1, high + 1
    air = 0.03 * (high - low)
    return round(low - air, 12), round(high + air, 12)


def bars(rows: Sequence[Index], measures: Sequence[str], width: int) -> str:
    """Draw indices as bars from zero with their intervals, a factor a row.

    Where there are two measures, the first one is full and the second one open.
    """
    narrow = vega.is_narrow(width)
    factors = list(dict.fromkeys(row.factor for row in rows))
    names = {f: wrapped(f, 17 if narrow else 42, 3) for f in factors}
    left = 14 + max(pixels(name) for name in names.values())
    right = width - 52.0
    numbers = [v for r in rows for v in (r.value, r.low, r.high) if math.isfinite(v)]
    low, high = min(0.0, *numbers), max(0.0, *numbers)
    air = 0.04 * ((high - low) or 1.0)
    scale = Scale(low - air * (low < 0), high + air, left, right)
    top = 24.0 if len(measures) > 1 else 6.0
    y, drawn = top, []
    for factor in factors:
        high_ = max(13.0 * (names[factor].count("\n") + 1), BAR * len(measures)) + AIR
        drawn.append(lines(left - 8, y + high_ / 2, names[factor], anchor="end"))
        start = y + (high_ - BAR * len(measures)) / 2
        for place, measure in enumerate(measures):
            mine = [r for r in rows if (r.factor, r.measure) == (factor, measure)]
            drawn += [bar_of(r, scale, start + BAR * place, place == 0, width) for r in mine]
        y += high_
    parts = [legend(measures)] if len(measures) > 1 else []
    parts.append(axis(scale, ticks(scale.low, scale.high, 4 if narrow else 7), y, top, share=False))
    zero = scale.at(0.0)
    parts += [*drawn, rule(zero, top, zero, y, vega.INK, 1.2)]
    parts.append(below(" and ".join(measures), (left + right) / 2, y + 32, width))
    said = "; ".join(
        f"{clean(r.factor)}, {r.measure}: {words.number(r.value)}"
        + (f" ({words.number(r.low)} to {words.number(r.high)})" if math.isfinite(r.low) else "")
        for r in rows
        if r.measure in measures
    )
    opened = vega.open_svg(width, round(y + 40), f"Indices by factor. {said}")
    return f"{opened}{''.join(parts)}</svg>"


def bar_of(row: Index, scale: Scale, y: float, full: bool, width: int) -> str:
    """A bar with its interval and its number."""
    start, end = sorted((scale.at(0.0), scale.at(row.value)))
    fill = vega.BLUE if full else "#ffffff"
    found = box(start, y + 1, end - start, BAR - 2, fill=fill, stroke=vega.BLUE)
    if math.isfinite(row.low) and math.isfinite(row.high):
        middle = y + BAR / 2
        found += rule(scale.at(row.low), middle, scale.at(row.high), middle, vega.RUST, 1.8)
    return found + text(width - 4, y + BAR - 1, words.number(row.value), anchor="end", size=10)


def legend(measures: Sequence[str]) -> str:
    """Which bar is which measure."""
    found, x = "", 8.0
    for place, measure in enumerate(measures):
        fill = vega.BLUE if place == 0 else "#ffffff"
        found += box(x, 5, 14, 9, fill=fill, stroke=vega.BLUE) + text(x + 20, 14, measure)
        x += 44 + pixels(measure)
    return found


def trajectory(one: Box, width: int) -> str:
    """Draw the way of the peels: from all cases at the lower right, left and up to small boxes."""
    left, right, top, bottom = 58.0, width - 24.0, 14.0, 224.0
    across, up = Scale(0.0, 1.0, left, right), Scale(0.0, 1.0, bottom, top)
    places = ticks(0.0, 1.0, 6)
    parts = [axis(across, places, bottom, top, share=True)]
    for mark in places:
        parts.append(rule(left, up.at(mark), right, up.at(mark), vega.GRID))
        said = f"{100 * mark:.0f}{PERCENT}"
        parts.append(text(left - 8, up.at(mark) + 4, said, anchor="end"))
    way = [(across.at(p.coverage), up.at(p.density)) for p in one.peels]
    for (x, y), (x2, y2) in zip(way[:-1], way[1:], strict=True):
        parts.append(rule(x, y, x2, y2, vega.BLUE, 1))
    parts += [dot(x, y, "#ffffff", vega.BLUE, 2.8) for x, y in way]
    x, y = across.at(one.held.coverage), up.at(one.held.density)
    parts.append(diamond(x, y, 7))
    anchor = "start" if x < (left + right) / 2 else "end"
    parts.append(
        text(x + (11 if anchor == "start" else -11), y - 8, "told here", anchor=anchor, halo=True)
    )
    parts.append(
        below(
            "coverage: share of the worst cases that are inside",
            (left + right) / 2,
            bottom + 34,
            width,
        )
    )
    peel = one.held
    label = (
        f"Density over coverage in {words.plural(len(one.peels), 'step')}. Told: coverage "
        f"{words.share(peel.coverage)}, density {words.share(peel.density)}, "
        f"{words.plural(peel.cases, 'case')}."
    )
    return f"{vega.open_svg(width, round(bottom + 44), label)}{''.join(parts)}</svg>"
