"""Answers on a scale as bars that diverge from zero."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from scslab.core.printed import LikertFigure, LikertItem
from scslab.report import vega
from scslab.report.charts_parts import LINE, keyed, legend, names
from scslab.report.texts import clean, pixels, wrapped
from scslab.report.words import count
from scslab.report.writers.rounding import PERCENT, printed

# RdBu of ColorBrewer, which colour-blind readers can tell apart, from the ends to the middle.
NEGATIVE = ("#b2182b", "#d6604d", "#f4a582", "#fddbc7")
POSITIVE = ("#2166ac", "#4393c3", "#92c5de", "#d1e5f0")
NEUTRAL = "#d9d9d6"

BAR, GAP = 22, 10
TICK = 34  # pixels that the label of a tick needs
SHOWN_BELOW = 8  # items: beyond, percentages in the bars would be a wall of numbers
APART = 0.08  # room between the positive answers and a neutral block set apart


@dataclass(frozen=True)
class _Frame:
    """Where things stand, in pixels, and the ends of the axis, in shares."""

    labels: tuple[str, ...]
    tops: tuple[float, ...]
    left: float
    right: float
    height: float
    low: float
    high: float
    end: float


def likert(figure: LikertFigure, width: int) -> str:
    """Draw one bar an item; negative levels run left of zero, positive ones right.

    The neutral level is split over zero or, if it is set apart, starts again at a zero of its own
    at the right. An item whose shares are not all known has no bar.
    """
    alt = vega.altair()
    frame = _frame(figure, width)
    x_scale = alt.Scale(
        domain=[-frame.low, frame.end], range=[frame.left, frame.right], nice=False, zero=False
    )
    y_scale = alt.Scale(domain=[frame.height, 0], nice=False, zero=False)
    segments = _segments(figure, frame)
    base = alt.Chart(vega.values(segments)).encode(y=alt.Y("y:Q", scale=y_scale, axis=None))
    x = alt.X("at:Q", scale=x_scale, axis=_axis(frame, vega.is_narrow(width)))
    zeros = alt.Chart(vega.values(_zeros(frame, vega.is_narrow(width))))
    layers = [
        zeros.mark_rule(color=vega.INK, strokeWidth=1).encode(
            x=alt.X("at:Q", scale=x_scale),
            y=alt.Y("y:Q", scale=y_scale, axis=None),
            y2="bottom:Q",
        ),
        base.mark_bar(stroke="white", strokeWidth=1).encode(
            x=x, x2="end:Q", y2="bottom:Q", fill=_fill(figure, width)
        ),
        base.mark_text(baseline="middle").encode(
            x=alt.X("middle:Q", scale=x_scale),
            y=alt.Y("centre:Q", scale=y_scale, axis=None),
            text="text:N",
            color=alt.Color("ink:N", scale=None),
        ),
        *_labels(figure, frame, y_scale, width),
    ]
    chart = alt.layer(*layers).properties(width=width, height=frame.height)
    return vega.draw(chart, alternative(figure))


def alternative(figure: LikertFigure) -> str:
    """The figure in words, for those who do not see it."""
    said = "; ".join(
        f"{clean(item.name)}: "
        + ", ".join(
            f"{clean(level)} {printed(share, 'share')}"
            for level, share in zip(figure.levels, item.shares, strict=False)
        )
        + f" (n {count(item.n)})"
        for item in figure.items
    )
    return f"{clean(figure.title)}. Answers from most negative to most positive. {said}"


def sides(figure: LikertFigure) -> tuple[list[int], list[int]]:
    """Places of the negative and of the positive levels.

    Without a neutral level the scale is cut in the middle; of an odd number of levels the one in
    the middle then counts as positive.
    """
    number = len(figure.levels)
    if figure.neutral is None:
        return list(range(number // 2)), list(range(number // 2, number))
    return list(range(figure.neutral)), list(range(figure.neutral + 1, number))


def shades(ends: tuple[str, ...], number: int) -> list[str]:
    """Colours from the strongest on, spread over a side of the scale.

    Examples
    --------
    >>> shades(("#000000", "#404040", "#808080"), 3)
    ['#000000', '#404040', '#808080']
    """
    if number == 1:
        return [ends[min(1, len(ends) - 1)]]
    last = (len(ends) - 1) * (1.0 if number > 2 else 2 / 3)
    return [_between(ends, last * place / (number - 1)) for place in range(number)]


def _between(ends: tuple[str, ...], at: float) -> str:
    first = min(int(at), len(ends) - 2)
    part = at - first
    pairs = zip(_rgb(ends[first]), _rgb(ends[first + 1]), strict=True)
    return "#" + "".join(f"{round((1 - part) * a + part * b):02x}" for a, b in pairs)


def _rgb(color: str) -> tuple[int, ...]:
    return tuple(int(color[i : i + 2], 16) for i in (1, 3, 5))


def colors(figure: LikertFigure) -> list[str]:
    """A colour for each level."""
    negative, positive = sides(figure)
    neutral = [] if figure.neutral is None else [NEUTRAL]
    return [
        *shades(NEGATIVE, len(negative)),
        *neutral,
        *reversed(shades(POSITIVE, len(positive))),
    ]


def _known(item: LikertItem, figure: LikertFigure) -> bool:
    return len(item.shares) == len(figure.levels) and all(map(math.isfinite, item.shares))


def _frame(figure: LikertFigure, width: int) -> _Frame:
    """The layout: names beside the bars on a page, above them on a phone."""
    narrow = vega.is_narrow(width)
    labels = tuple(wrapped(item.name, 50 if narrow else 42, 4) for item in figure.items)
    left = 8.0 if narrow else 14 + max(map(pixels, labels), default=0.0)
    tops, at = [], GAP / 2
    for label in labels:
        lines = LINE * (label.count("\n") + 1)
        above = lines + 4 if narrow else max(lines - BAR, 0) / 2
        tops.append(at + above)
        at += BAR + GAP + (above if narrow else 2 * above)
    negative, positive = sides(figure)
    split = figure.neutral is not None and not figure.neutral_apart
    reach = [
        (
            sum(item.shares[i] for i in negative) + half,
            sum(item.shares[i] for i in positive) + half,
        )
        for item in figure.items
        if _known(item, figure)
        for half in [item.shares[figure.neutral or 0] / 2 if split else 0.0]
    ]
    low = _up(max((one[0] for one in reach), default=0.5))
    high = _up(max((one[1] for one in reach), default=0.5))
    end = high
    if figure.neutral is not None and figure.neutral_apart:
        apart = [item.shares[figure.neutral] for item in figure.items if _known(item, figure)]
        end = high + APART + max(_up(max(apart, default=0.1)), 0.1)
    return _Frame(labels, tuple(tops), left, width - 58.0, at, low, high, end)


def _up(share: float) -> float:
    return math.ceil(round(share * 20, 6)) / 20 or 0.05


def _segments(figure: LikertFigure, frame: _Frame) -> list[dict[str, Any]]:
    negative, _ = sides(figure)
    fills, levels = colors(figure), keyed(figure.levels)
    scale = (frame.right - frame.left) / (frame.low + frame.end)
    found = []
    for item, top in zip(figure.items, frame.tops, strict=True):
        if not _known(item, figure):
            continue
        at = -sum(item.shares[i] for i in negative)
        if figure.neutral is not None and not figure.neutral_apart:
            at -= item.shares[figure.neutral] / 2
        for level, share in enumerate(item.shares):
            apart = level == figure.neutral and figure.neutral_apart
            start = frame.high + APART if apart else at
            text = printed(share, "share", 0)
            room = pixels(text) + 4 <= share * scale and len(figure.items) < SHOWN_BELOW
            found.append(
                {
                    "y": top,
                    "bottom": top + BAR,
                    "centre": top + BAR / 2 + 0.5,
                    "at": start,
                    "end": start + share,
                    "middle": start + share / 2,
                    "level": levels[level],
                    "text": text if room else "",
                    "ink": _ink(fills[level]),
                }
            )
            at += 0.0 if apart else share
    return found


def _zeros(frame: _Frame, narrow: bool) -> list[dict[str, float]]:
    """The lines at zero: on a phone only beside the bars, for the names stand between them."""
    at = [0.0] + ([frame.high + APART] if frame.end > frame.high else [])
    spans = [(top - 2, top + BAR + 2) for top in frame.tops] if narrow else [(0.0, frame.height)]
    return [{"at": one, "y": y, "bottom": bottom} for one in at for y, bottom in spans]


def _ink(fill: str) -> str:
    """White or black, whichever stands out more: at least 4.5 to 1 (luminance of WCAG 2)."""
    parts = [one / 255 for one in _rgb(fill)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if light < 0.179 else "#000000"


def _axis(frame: _Frame, narrow: bool) -> Any:
    """Shares away from zero on both sides; the block set apart counts from its own zero."""
    step = 0.5 if narrow and frame.low + frame.end > 0.6 else 0.25
    main = [place * step for place in range(-8, 9)]
    ticks = [tick for tick in main if -frame.low - 1e-9 <= tick <= frame.high + 1e-9]
    origin = frame.high + APART
    if frame.end > frame.high:
        room = TICK * (frame.low + frame.end) / (frame.right - frame.left)
        ticks = [tick for tick in ticks if tick <= origin - room]
        ticks += [one for place in range(5) if (one := origin + place * step) <= frame.end + 1e-9]
    away = f"datum.value > {origin - APART / 2} ? datum.value - {origin} : abs(datum.value)"
    return vega.altair().Axis(
        values=ticks,
        labelExpr=f"format(100 * ({away}), '.0f') + '{PERCENT}'",
        title=None,
        labelOverlap=False,
    )


def _fill(figure: LikertFigure, width: int) -> Any:
    alt = vega.altair()
    scale = alt.Scale(domain=keyed(figure.levels), range=colors(figure))
    return alt.Fill("level:N", scale=scale, legend=legend(figure.levels, width, "square"))


def _labels(figure: LikertFigure, frame: _Frame, y_scale: Any, width: int) -> list[Any]:
    """Names of the items, and how many answered each, at the right end."""
    alt = vega.altair()
    narrow = vega.is_narrow(width)
    rows = [
        (top - 4 - LINE * (label.count("\n") + 1) / 2 if narrow else top + BAR / 2, label)
        for label, top in zip(frame.labels, frame.tops, strict=True)
    ]
    x, align = (frame.left, "left") if narrow else (frame.left - 10, "right")
    numbers = [
        {
            "y": top + BAR / 2,
            "text": f"n {count(item.n)}" if _known(item, figure) else "not shown",
        }
        for item, top in zip(figure.items, frame.tops, strict=True)
    ]
    right = alt.Chart(vega.values(numbers)).mark_text(align="right", color=vega.QUIET)
    y = alt.Y("y:Q", scale=y_scale, axis=None)
    n = right.encode(x=alt.value(width - 2), y=y, text="text:N")
    return [*names(rows, x, align, y_scale), n]
