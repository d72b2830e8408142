"""A conceptual framework: factors with their hypotheses in boxes, arrows at the outcome."""

from __future__ import annotations

import html
from dataclasses import dataclass

from scslab.core.printed import FrameworkFactor, FrameworkFigure, FrameworkLine, Sign
from scslab.report import vega
from scslab.report.pieces import LINE, arrow, box, dot, lines, rule, text
from scslab.report.texts import clean, pixels, wrapped

PAD, GAP = 10, 14
MARKS = 24  # pixels of a column of signs
NUMBER = 30  # pixels of a hypothesis' number
OUTCOME = 104  # width of the outcome's box on a page
TITLE = 15  # height of a line of a box's title
CHARACTER_ROOM = 5.8
PAPER = "#f7f7f5"
SAID: dict[Sign, str] = {"+": "positive", "-": "negative", "0": "none", "": "not known"}
GLYPH: dict[Sign, str] = {"+": "+", "-": "\N{MINUS SIGN}", "0": "0", "": ""}
FILLS: dict[Sign, str] = {"+": vega.BLUE, "-": vega.RUST, "0": "#ffffff"}


@dataclass(frozen=True)
class _Box:
    """A factor with its texts in lines."""

    name: str
    lines: tuple[tuple[FrameworkLine, str], ...]
    height: float


def framework(figure: FrameworkFigure, width: int) -> str:
    """Draw factors left and right of the outcome; on a phone above it, one beneath the other.

    Each hypothesis has three signs: expected (plain), printed (in a diamond, as in the other
    figures) and simulated (in a disc).
    """
    narrow = vega.is_narrow(width)
    parts = [_legend(figure, width)]
    top = 46.0 if narrow else 30.0
    if narrow:
        drawn, bottom = _stacked(figure, width, top)
    else:
        drawn, bottom = _around(figure, width, top)
    opened = vega.open_svg(width, round(bottom + 6), alternative(figure))
    return f"{opened}{''.join([*parts, drawn])}</svg>"


def alternative(figure: FrameworkFigure) -> str:
    """The figure in words, for those who do not see it."""
    said = "; ".join(
        f"{clean(factor.name)}: "
        + ", ".join(
            f"{clean(line.id)} {clean(line.says)} (expected {SAID[line.expected]}"
            + (f", printed {SAID[line.printed]}" if line.printed else "")
            + f", simulated {SAID[line.simulated]})"
            for line in factor.lines
        )
        for factor in figure.factors
    )
    return f"{clean(figure.title)}. Effects on {clean(figure.outcome)}. {said}"


def columns(figure: FrameworkFigure) -> tuple[str, ...]:
    """The columns of signs: what is printed has one only where any is known."""
    known = any(line.printed for factor in figure.factors for line in factor.lines)
    return ("expected", "printed", "simulated") if known else ("expected", "simulated")


def _boxed(factor: FrameworkFactor, width: float, marks: int) -> _Box:
    room = (width - 2 * PAD - NUMBER - MARKS * marks) / CHARACTER_ROOM
    found = tuple((line, wrapped(line.says, room, 4)) for line in factor.lines)
    name = wrapped(factor.name, (width - 2 * PAD) / (CHARACTER_ROOM * 1.1), 2)
    titles = TITLE * (name.count("\n") + 1) - 2
    height = 2 * PAD + titles + sum(_high(label) for _, label in found)
    return _Box(name, found, height)


def _high(label: str) -> float:
    return max(LINE * (label.count("\n") + 1), 18) + 3


def _around(figure: FrameworkFigure, width: int, top: float) -> tuple[str, float]:
    """Two columns of boxes with the outcome between them."""
    marks = columns(figure)
    side = (width - OUTCOME - 2 * 34) / 2
    boxes = [_boxed(one, side, len(marks)) for one in figure.factors]
    first = split([one.height + GAP for one in boxes])
    parts, bottoms = [], []
    x = side + 34
    for place, found in ((0, boxes[:first]), (1, boxes[first:])):
        y = top
        for one in found:
            at = 2.0 if place == 0 else width - side - 2
            parts.append(_draw(one, at, y, side, marks))
            middle = y + one.height / 2
            start, end = (at + side, x) if place == 0 else (at, x + OUTCOME)
            parts.append(arrow(start, middle, end, middle))
            y += one.height + GAP
        bottoms.append(y - GAP)
    bottom = max(bottoms, default=top)
    parts.append(_outcome(figure, x, top, OUTCOME, bottom - top))
    return "".join(parts), bottom


def _stacked(figure: FrameworkFigure, width: int, top: float) -> tuple[str, float]:
    """Boxes beneath each other, a line at their right that leads to the outcome."""
    marks = columns(figure)
    side = width - 24.0
    spine = width - 8.0
    parts, y, first = [], top, 0.0
    for factor in figure.factors:
        one = _boxed(factor, side, len(marks))
        parts.append(_draw(one, 2, y, side, marks))
        middle = y + one.height / 2
        first = first or middle
        parts.append(rule(2 + side, middle, spine, middle, vega.QUIET, 1.4))
        y += one.height + GAP
    name = wrapped(figure.outcome, (width - 40) / CHARACTER_ROOM, 3)
    high = LINE * (name.count("\n") + 1) + 2 * PAD + 4
    parts.append(_outcome(figure, 2, y + 6, width - 4, high))
    parts.append(arrow(spine, first, spine, y + 6))
    return "".join(parts), y + 6 + high


def _outcome(figure: FrameworkFigure, x: float, y: float, width: float, height: float) -> str:
    name = wrapped(figure.outcome, (width - 12) / CHARACTER_ROOM, 6)
    return box(x, y, width, height, fill=vega.BLUE, round=3) + lines(
        x + width / 2, y + height / 2, name, anchor="middle", fill="#ffffff", bold=True
    )


def _draw(one: _Box, x: float, y: float, width: float, marks: tuple[str, ...]) -> str:
    """A box: its name, and a line of number, text and signs for each hypothesis."""
    parts = [box(x, y, width, one.height, fill=PAPER, stroke="#8a8a8a", round=3)]
    at = y + PAD + 9
    for words in one.name.split("\n"):
        parts.append(text(x + PAD, at, words, size=12, bold=True))
        at += TITLE
    at += PAD - 17
    for line, label in one.lines:
        high = _high(label)
        middle = at + high / 2
        parts.append(text(x + PAD, middle + 4, line.id, fill=vega.QUIET))
        parts.append(lines(x + PAD + NUMBER, middle, label))
        signs = {"expected": line.expected, "printed": line.printed, "simulated": line.simulated}
        for place, kind in enumerate(marks):
            right = x + width - PAD - MARKS * (len(marks) - place - 0.5)
            parts.append(_sign(kind, signs[kind], right, middle))
        at += high
    return "".join(parts)


def _sign(kind: str, sign: Sign, x: float, y: float) -> str:
    """A sign in the shape that tells whose it is."""
    if not sign:
        return ""
    ink = vega.INK if kind == "expected" else vega.RUST
    if kind == "printed":
        half = 9.5
        shape = (
            f'<path d="M{x - half:.1f},{y:.1f}L{x:.1f},{y - half:.1f}L{x + half:.1f},{y:.1f}'
            f'L{x:.1f},{y + half:.1f}Z" fill="#ffffff" stroke="{vega.RUST}" stroke-width="1.4"/>'
        )
        ink = vega.INK
    elif kind == "simulated":
        edge = FILLS[sign] if sign != "0" else vega.INK
        shape = dot(x, y, FILLS[sign], edge, 8)
        ink = vega.INK if sign == "0" else "#ffffff"
    else:
        shape = ""
    return shape + (
        f'<text x="{x:.1f}" y="{y + 4.2:.1f}" font-size="12" font-weight="600" fill="{ink}" '
        f'text-anchor="middle">{html.escape(GLYPH[sign])}</text>'
    )


def _legend(figure: FrameworkFigure, width: int) -> str:
    """Whose sign has which shape, and what the signs say."""
    x, parts = 12.0, []
    for kind in columns(figure):
        parts.append(_sign(kind, "+", x, 11))
        parts.append(text(x + 14, 15, kind))
        x += 14 + pixels(kind) + 24
    said = "+ positive, \N{MINUS SIGN} negative, 0 not told from none"
    if vega.is_narrow(width):
        return "".join([*parts, text(4, 35, said, fill=vega.QUIET)])
    return "".join([*parts, text(width - 4, 15, said, anchor="end", fill=vega.QUIET)])


def split(heights: list[float]) -> int:
    """How many boxes stand in the first of two columns, so that these are about equally high.

    Examples
    --------
    >>> split([3.0, 1.0, 1.0, 1.0]), split([1.0])
    (1, 1)
    """
    whole = sum(heights)
    options = range(1, len(heights) + 1)
    return min(options, key=lambda k: abs(2 * sum(heights[:k]) - whole), default=0)
