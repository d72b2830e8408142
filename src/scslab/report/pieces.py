"""Pieces of figures that are drawn by hand: text, lines, marks and an axis, as SVG."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

from scslab.report import vega
from scslab.report.texts import clean, pixels

PERCENT = "\N{NO-BREAK SPACE}%"  # as in writers.rounding, which imports what imports this
LINE = 13  # height of a line of text in pixels
HALO = ' stroke="#fff" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke"'


@dataclass(frozen=True)
class Scale:
    """From numbers between `low` and `high` to pixels between `left` and `right`."""

    low: float
    high: float
    left: float
    right: float

    def at(self, value: float) -> float:
        """Pixels of a number; what lies outside is set to the edge.

        Examples
        --------
        >>> Scale(0.0, 2.0, 10.0, 110.0).at(0.5), Scale(0.0, 2.0, 10.0, 110.0).at(9.0)
        (35.0, 110.0)
        """
        inside = min(max(value, self.low), self.high)
        width = self.high - self.low
        return self.left + (inside - self.low) / width * (self.right - self.left)


def ticks(low: float, high: float, most: int) -> list[float]:
    """At most `most` round numbers from low to high, evenly apart.

    Examples
    --------
    >>> ticks(0.0, 1.0, 6), ticks(-0.4, 1.9, 5)
    ([0.0, 0.2, 0.4, 0.6, 0.8, 1.0], [0.0, 0.5, 1.0, 1.5])
    """
    span = high - low
    if not (math.isfinite(span) and span > 0):
        return []
    ten = 10.0 ** math.floor(math.log10(span))
    for step in (ten * f for f in (0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5, 10)):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            return [round(k * step, 12) + 0.0 for k in range(first, last + 1)]
    return []


def text(
    x: float,
    y: float,
    words: str,
    *,
    anchor: str = "start",
    fill: str = vega.INK,
    size: float = 11,
    bold: bool = False,
    halo: bool = False,
) -> str:
    """Words that start, end or have their middle at x, on a base line at y.

    With a `halo` they stay readable over a line.
    """
    more = "" if anchor == "start" else f' text-anchor="{anchor}"'
    more += ' font-weight="600"' if bold else ""
    more += HALO if halo else ""
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" font-size="{size:g}" fill="{fill}"{more}>'
        f"{html.escape(clean(words))}</text>"
    )


def below(words: str, middle: float, y: float, width: float) -> str:
    """A line of quiet words around a middle, moved where they would run out of the figure."""
    half = pixels(words) / 2
    x = min(max(middle, half + 4), width - half - 4)
    return text(x, y, words, anchor="middle", fill=vega.QUIET)


def lines(
    x: float,
    middle: float,
    label: str,
    *,
    anchor: str = "start",
    fill: str = vega.INK,
    bold: bool = False,
    halo: bool = False,
) -> str:
    """A label of one or more lines around a height."""
    parts = label.split("\n")
    first = middle - LINE * (len(parts) - 1) / 2 + 4
    return "".join(
        text(x, first + LINE * place, part, anchor=anchor, fill=fill, bold=bold, halo=halo)
        for place, part in enumerate(parts)
    )


def rule(
    x: float,
    y: float,
    x2: float,
    y2: float,
    colour: str = vega.INK,
    width: float = 1,
    dash: str = "",
) -> str:
    """A straight line."""
    more = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<path d="M{_n(x)},{_n(y)}L{_n(x2)},{_n(y2)}" fill="none" stroke="{colour}" '
        f'stroke-width="{width:g}"{more}/>'
    )


def box(
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    fill: str = "none",
    stroke: str = "none",
    round: float = 0,
) -> str:
    """A rectangle."""
    more = f' rx="{round:g}"' if round else ""
    edge = "" if stroke == "none" else f' stroke="{stroke}"'
    return (
        f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(max(width, 0))}" height="{_n(height)}"'
        f'{more} fill="{fill}"{edge}/>'
    )


def dot(x: float, y: float, fill: str = vega.BLUE, stroke: str = vega.BLUE, r: float = 3.6) -> str:
    """A round mark."""
    return (
        f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{r:g}" fill="{fill}" stroke="{stroke}" '
        'stroke-width="1.5"/>'
    )


def diamond(x: float, y: float, half: float = 6.0, colour: str = vega.RUST) -> str:
    """An open mark on a corner."""
    return (
        f'<path d="M{_n(x - half)},{_n(y)}L{_n(x)},{_n(y - half)}L{_n(x + half)},{_n(y)}'
        f'L{_n(x)},{_n(y + half)}Z" fill="none" stroke="{colour}" stroke-width="1.8"/>'
    )


def arrow(x: float, y: float, x2: float, y2: float, colour: str = vega.QUIET) -> str:
    """A line along one axis with a head at its end."""
    across = abs(x2 - x) >= abs(y2 - y)
    back = math.copysign(6, (x - x2) if across else (y - y2))
    one, other = (
        ((x2 + back, y2 - 4), (x2 + back, y2 + 4))
        if across
        else ((x2 - 4, y2 + back), (x2 + 4, y2 + back))
    )
    head = (
        f'<path d="M{_n(x2)},{_n(y2)}L{_n(one[0])},{_n(one[1])}L{_n(other[0])},{_n(other[1])}Z" '
        f'fill="{colour}"/>'
    )
    end = (x2 + back, y2) if across else (x2, y2 + back)
    return rule(x, y, *end, colour=colour, width=1.4) + head


def axis(scale: Scale, places: Sequence[float], y: float, top: float, *, share: bool) -> str:
    """Ticks with their numbers at the bottom, and lines up to `top`."""
    digits = _digits(places, share)
    parts = [rule(scale.left, y, scale.right, y, "#8a8a8a")]
    for one in places:
        at = scale.at(one)
        parts.append(rule(at, top, at, y, vega.GRID))
        parts.append(rule(at, y, at, y + 4, "#8a8a8a"))
        said = f"{100 * one:.{digits}f}{PERCENT}" if share else f"{one:.{digits}f}"
        parts.append(text(at, y + 16, said.replace("-", "\N{MINUS SIGN}"), anchor="middle"))
    return "".join(parts)


def _digits(places: Sequence[float], share: bool) -> int:
    """Decimals that tell neighbouring ticks apart."""
    values = [100 * one if share else one for one in places]
    return next(
        (k for k in range(4) if all(abs(v - float(f"{v:.{k}f}")) < 1e-9 for v in values)), 4
    )


def _n(value: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")
