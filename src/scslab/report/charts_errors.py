"""Total survey error as a waterfall: from the truth, step by step, to what was measured."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import accumulate

from scslab.core.printed import ErrorsFigure
from scslab.report import vega
from scslab.report.pieces import LINE, Scale, axis, below, box, dot, lines, rule, text, ticks
from scslab.report.texts import clean, pixels, wrapped
from scslab.report.words import points
from scslab.report.writers.rounding import printed

BAR, AIR = 14, 10
CHARACTER_ROOM = 6.3
TRUTH, MEASURED, LISTED = "Truth in the population", "As measured", "By the list experiment"


@dataclass(frozen=True)
class _Line:
    """One line of the waterfall: from where to where it goes, in shares."""

    name: str
    meaning: str
    start: float
    end: float
    says: str
    whole: bool  # a share, not a change
    interval: tuple[float, float] | None = None


def errors(figure: ErrorsFigure, width: int) -> str:
    """Draw the truth, a bar for each source of error, and the measured share.

    Bars that raise the share are filled, those that lower it are open; each has its signed length
    in percentage points at the right. A dashed line marks the truth.
    """
    narrow = vega.is_narrow(width)
    found = waterfall(figure)
    left = 10.0 if narrow else 268.0
    right = width - 12 - max(pixels(line.says) for line in found)
    scale = Scale(*domain(figure), left, right)
    top = 10.0
    rows, y = [], top
    for line in found:
        name = wrapped(line.name, (width - 16 if narrow else left - 24) / CHARACTER_ROOM, 2)
        room = (width - 16 if narrow else left - 24) / (0.9 * CHARACTER_ROOM)
        meaning = wrapped(line.meaning, room, 3) if line.meaning else ""
        words = LINE * (name.count("\n") + 1 + (meaning.count("\n") + 1 if meaning else 0))
        middle = y + words + 4 + BAR / 2 if narrow else y + max(words, BAR) / 2
        rows.append((line, name, meaning, y, middle))
        y += (words + 4 + BAR if narrow else max(words, BAR)) + AIR
    bottom = y
    places = ticks(scale.low, scale.high, 5 if narrow else 8)
    unit = wrapped(figure.unit, 44 if narrow else 70, 1) if figure.unit else ""
    parts = [axis(scale, places, bottom, top, share=True)]
    if unit:
        parts.append(below(unit, (left + right) / 2, bottom + 31, width))
    at = scale.at(figure.truth)
    parts.append(rule(at, top, at, bottom, vega.INK, 1, "2 3"))
    for (line, _, _, _, middle), after in zip(rows, [*rows[1:], None], strict=True):
        if after is not None and after[0].name != LISTED:
            x = scale.at(line.end)
            parts.append(rule(x, middle, x, after[4], "#8a8a8a", 1))
    for line, name, meaning, above, middle in rows:
        parts.append(_words(name, meaning, above, middle, left, narrow, line.whole))
        parts.append(_mark(line, scale, middle))
        parts.append(text(width - 4, middle + 4, line.says, anchor="end", bold=line.whole))
    height = bottom + (40 if unit else 24)
    opened = vega.open_svg(width, round(height), alternative(figure))
    return f"{opened}{''.join(parts)}</svg>"


def alternative(figure: ErrorsFigure) -> str:
    """The figure in words, for those who do not see it."""
    steps = "; ".join(f"{clean(step.name)} {points(step.change)}" for step in figure.steps)
    said = (
        f"{clean(figure.title)}. From the truth, {_share(figure.truth)}, to the measured share, "
        f"{_share(figure.measured)} ({_share(figure.low)} to {_share(figure.high)}); changes in "
        f"percentage points: {steps}."
    )
    if figure.by_list is None:
        return said
    value, low, high = figure.by_list
    return f"{said} {LISTED} {_share(value)} ({_share(low)} to {_share(high)})."


def waterfall(figure: ErrorsFigure) -> list[_Line]:
    """The lines of the figure, each step beginning where the one before it ended."""
    found = [_Line(TRUTH, "", figure.truth, figure.truth, _share(figure.truth), True)]
    ends = list(accumulate((step.change for step in figure.steps), initial=figure.truth))
    for step, start, end in zip(figure.steps, ends, ends[1:], strict=False):
        found.append(_Line(step.name, step.meaning, start, end, points(step.change), False))
    measured, between = figure.measured, (figure.low, figure.high)
    found.append(_Line(MEASURED, "", measured, measured, _share(measured), True, between))
    if figure.by_list is not None:
        value, low, high = figure.by_list
        back = [points(figure.measured - one) for one in (value, high, low)]
        says = f"{back[0]} points recovered ({back[1]} to {back[2]})"
        found.append(_Line(LISTED, says, value, value, _share(value), True, (low, high)))
    return found


def domain(figure: ErrorsFigure) -> tuple[float, float]:
    """Ends of the axis: all that is drawn, with air; it need not begin at zero."""
    numbers = [
        value
        for line in waterfall(figure)
        for value in (line.start, line.end, *(line.interval or ()))
        if math.isfinite(value)
    ]
    low, high = min(numbers, default=0.0), max(numbers, default=1.0)
    air = max(0.06 * (high - low), 0.005)
    return max(low - air, min(low, 0.0)), min(high + air, max(high, 1.0))


def _words(
    name: str, meaning: str, above: float, middle: float, left: float, narrow: bool, bold: bool
) -> str:
    """A name with its meaning beneath it: above the bar on a phone, beside it on a page."""
    first = LINE * (name.count("\n") + 1)
    second = LINE * (meaning.count("\n") + 1) if meaning else 0
    x, anchor = (4.0, "start") if narrow else (left - 14, "end")
    start = above if narrow else middle - (first + second) / 2
    parts = [lines(x, start + first / 2, name, anchor=anchor, bold=bold, halo=narrow)]
    if meaning:
        beneath = start + first + second / 2
        parts.append(lines(x, beneath, meaning, anchor=anchor, fill=vega.QUIET, halo=narrow))
    return "".join(parts)


def _mark(line: _Line, scale: Scale, y: float) -> str:
    """A bar for a change, a dot with its interval for a share."""
    if not line.whole:
        start, end = scale.at(line.start), scale.at(line.end)
        if abs(end - start) < 0.8:
            return rule(start, y - BAR / 2, start, y + BAR / 2, vega.INK, 2)
        fill, edge = (vega.BLUE, vega.BLUE) if end > start else ("#ffffff", vega.RUST)
        x = min(start, end)
        bar = box(x, y - BAR / 2, abs(end - start), BAR, fill=fill, stroke=edge)
        return bar.replace("/>", ' stroke-width="1.6"/>') if end < start else bar
    parts = []
    if line.interval is not None:
        low, high = (scale.at(v) for v in line.interval)
        parts.append(rule(low, y, high, y, vega.INK, 2))
    open_ = line.name == LISTED
    parts.append(dot(scale.at(line.start), y, "#ffffff" if open_ else vega.INK, vega.INK, 4.2))
    return "".join(parts)


def _share(value: float) -> str:
    return printed(value, "share")
