"""Figures of a comparison: differences with intervals, ranks, and the frontier; drawn as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scslab.core.trial import FrontierLine, RankLine
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

ROW = 21.0  # height of a row of one line
HEAD = 24.0  # room for the title of a panel


@dataclass(frozen=True)
class Dot:
    """A row of a figure: a difference, its interval, and what is written at the right."""

    label: str
    value: float
    low: float
    high: float
    says: str

    @property
    def clear(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Panel:
    """Rows under one title."""

    title: str
    rows: tuple[Dot, ...]


def dots(panels: Sequence[Panel], unit: str, share: bool, width: int) -> str:
    """Draw differences as dots with their intervals, all panels on one scale with zero on it.

    A full dot has an interval that leaves zero out; an open dot has zero inside.
    """
    narrow = vega.is_narrow(width)
    rows = [row for panel in panels for row in panel.rows]
    names = {row.label: wrapped(row.label, 15 if narrow else 30, 3) for row in rows}
    left = 24 + max(pixels(name) for name in names.values())
    right = width - 16 - max(pixels(row.says) for row in rows)
    scale = Scale(*domain([v for row in rows for v in (row.low, row.high, row.value)]), left, right)
    places = ticks(scale.low, scale.high, 4 if narrow else 7)
    drawn: list[str] = []
    y = 4.0
    for panel in panels:
        title = wrapped(panel.title, (width - 8) / 6.6, 2)
        deep = HEAD + 13 * title.count("\n")
        drawn.append(lines(4, y + deep / 2, title, bold=True))
        y += deep
        for row in panel.rows:
            high = ROW + 13 * names[row.label].count("\n")
            drawn += row_of(row, names[row.label], scale, y + high / 2, left, width)
            y += high
        y += 6
    under = [axis(scale, places, y, HEAD, share=share)]
    under.append(rule(scale.at(0.0), HEAD, scale.at(0.0), y, vega.INK, 1.2))
    under.append(below(unit, (left + right) / 2, y + 32, width))
    said = "; ".join(f"{p.title}, {r.label}: {r.says}" for p in panels for r in p.rows)
    opened = vega.open_svg(width, round(y + 42), clean(f"Differences with intervals. {said}"))
    return f"{opened}{''.join(under)}{''.join(drawn)}</svg>"


def row_of(row: Dot, name: str, scale: Scale, y: float, left: float, width: float) -> Iterator[str]:
    """The pieces of one row."""
    yield lines(left - 10, y, name, anchor="end", halo=True)
    low, high, at = (scale.at(v) for v in (row.low, row.high, row.value))
    yield rule(low, y, high, y, vega.BLUE, 2)
    yield dot(at, y, vega.BLUE if row.clear else "#ffffff", vega.BLUE, 4)
    yield text(width - 4, y + 4, row.says, anchor="end")


def domain(values: Sequence[float]) -> tuple[float, float]:
    """Ends of an axis that holds all values and zero, with air.

    Examples
    --------
    >>> domain([-10.0, -2.0])
    (-10.6, 0.6)
    >>> domain([0.0])
    (-1.0, 1.0)
    """
    known = [0.0, *(v for v in values if math.isfinite(v))]
    low, high = min(known), max(known)
    if low == high:
        return -1.0, 1.0
    air = 0.06 * (high - low)
    return low - air, high + air


def ranking(rows: Sequence[RankLine], width: int) -> str:
    """Draw, for each safeguard, the share of replicates at each rank; best at the top.

    Shares are written in their fields; shades only repeat them.
    """
    narrow = vega.is_narrow(width)
    names = [wrapped(row.arm, 14 if narrow else 34, 3) for row in rows]
    left = 24 + max(pixels(name) for name in names)
    wide = (width - left - 6) / len(rows)
    drawn, y = [], 40.0
    drawn.append(text(left, 14, "rank", fill=vega.QUIET))
    for rank in range(len(rows)):
        drawn.append(text(left + wide * (rank + 0.5), 32, str(rank + 1), anchor="middle"))
    for row, name in zip(rows, names, strict=True):
        high = max(26.0, 13.0 * (name.count("\n") + 1) + 8)
        drawn.append(lines(left - 10, y + high / 2, name, anchor="end"))
        for rank, share in enumerate(row.shares):
            x = left + wide * rank
            drawn.append(box(x, y, wide - 2, high - 2, fill=shade(share), stroke=vega.GRID))
            if math.isfinite(share) and share > 0:
                ink = "#ffffff" if share > 0.55 else vega.INK
                said = percent(share, wide < 46)
                drawn.append(
                    text(x + wide / 2 - 1, y + high / 2 + 3, said, anchor="middle", fill=ink)
                )
        y += high
    label = "Share of replicates at each rank: " + "; ".join(
        f"{row.arm}: "
        + ", ".join(f"rank {k + 1} {percent(s)}" for k, s in enumerate(row.shares) if s > 0)
        for row in rows
    )
    return f"{vega.open_svg(width, round(y + 6), clean(label))}{''.join(drawn)}</svg>"


def percent(share: float, short: bool = False) -> str:
    """A share in whole percent; less than one and more than 99 are said so.

    Examples
    --------
    >>> percent(0.0004), percent(0.7512), percent(1.0)
    ('<1\\xa0%', '75\\xa0%', '100\\xa0%')
    """
    mark = "" if short else PERCENT
    if 0 < share < 0.005:
        return f"<1{mark}"
    if 0.995 < share < 1:
        return f">99{mark}"
    return f"{100 * share:.0f}{mark}"


def shade(share: float) -> str:
    """Paper for nothing, blue for all.

    Examples
    --------
    >>> shade(0.0), shade(1.0)
    ('#ffffff', '#1f5a8a')
    """
    if not math.isfinite(share):
        return "#ffffff"
    ends = ((255, int(vega.BLUE[k : k + 2], 16)) for k in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in ends)


def frontier(
    rows: Sequence[FrontierLine], names: tuple[str, str], shares: tuple[bool, bool], width: int
) -> str:
    """Draw harm against compliance; safeguards that none beats in both are joined by a line.

    Parameters
    ----------
    names : names of the axes, harm across and compliance upwards
    shares : whether each axis is a share
    """
    narrow = vega.is_narrow(width)
    height = 330.0 if narrow else 400.0
    left, right, top, bottom = 58.0, width - 16.0, 34.0, height - 46.0
    across = Scale(*around([row.x for row in rows]), left, right)
    upwards = Scale(*around([row.y for row in rows]), bottom, top)
    places = ticks(across.low, across.high, 4 if narrow else 7)
    drawn = [axis(across, places, bottom, top, share=shares[0])]
    for at in ticks(upwards.low, upwards.high, 6):
        y = upwards.at(at)
        said = f"{100 * at:g}{PERCENT}" if shares[1] else words.number(at)
        drawn += [rule(left, y, right, y, vega.GRID), text(left - 6, y + 4, said, anchor="end")]
    drawn.append(text(4, 14, names[1], fill=vega.QUIET))
    drawn.append(below(names[0], (left + right) / 2, bottom + 34, width))
    on = sorted((across.at(row.x), upwards.at(row.y)) for row in rows if row.on)
    for (x, y), (x2, y2) in zip(on, on[1:], strict=False):
        drawn.append(rule(x, y, x2, y2, vega.BLUE, 1.4, "4 3"))
    marks = [(across.at(row.x), upwards.at(row.y)) for row in rows]
    for row, (x, y) in zip(rows, marks, strict=True):
        drawn.append(dot(x, y, r=5) if row.on else diamond(x, y))
    labels = [f"{row.arm} ({percent(row.share)})" for row in rows]
    for label, (x, y) in zip(
        labels, placed(labels, marks, (left, top, right, bottom)), strict=True
    ):
        drawn.append(text(x, y + 4, label, halo=True))
    label = f"{names[1]} against {names[0]}: " + "; ".join(
        f"{row.arm} {'on the frontier' if row.on else 'beaten'}, in {percent(row.share)} of "
        "replicates on it"
        for row in rows
    )
    return f"{vega.open_svg(width, round(height), clean(label))}{''.join(drawn)}</svg>"


def around(values: Sequence[float]) -> tuple[float, float]:
    """Ends of an axis around values, which need not hold zero."""
    low, high = min(values), max(values)
    air = 0.12 * (high - low) or abs(low) * 0.1 or 1.0
    return low - air, high + air


def placed(
    labels: Sequence[str],
    marks: Sequence[tuple[float, float]],
    frame: tuple[float, float, float, float],
) -> list[tuple[float, float]]:
    """Where each label starts: beside its mark, off the other marks and labels, in the frame."""
    left, top, right, bottom = frame
    taken = [(x - 6, y - 6, x + 6, y + 6) for x, y in marks]
    found = []
    for label, (x, y) in zip(labels, marks, strict=True):
        long = pixels(label)
        beside = [(x + 10, y), (x - 10 - long, y)]
        spots = beside + [
            (start, y + step)
            for step in (-15, 15, -29, 29, -43, 43, -57, 57)
            for start in (x - long / 2, x + 10, x - 10 - long)
        ]
        spots = [
            (start, at)
            for start, at in spots
            if left <= start <= right - long and top - 6 <= at <= bottom
        ]
        free = [
            s
            for s in spots
            if not any(meets((s[0], s[1] - 7, s[0] + long, s[1] + 7), t) for t in taken)
        ]
        at = (free or spots or [(min(x + 10, right - long), y)])[0]
        taken.append(around_text(at, long))
        found.append(at)
    return found


def around_text(at: tuple[float, float], long: float) -> tuple[float, float, float, float]:
    """The box of a label: left, top, right, bottom."""
    return at[0], at[1] - 7, at[0] + long, at[1] + 7


def meets(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether two boxes (left, top, right, bottom) overlap."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
