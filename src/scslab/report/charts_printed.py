"""Simulated estimates beside printed values: dots or bars with intervals, open diamonds."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scslab.core.printed import PrintedFigure, PrintedRow
from scslab.report import vega
from scslab.report.pieces import (
    LINE,
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
from scslab.report.texts import clean, columns, pixels, wrapped
from scslab.report.words import plural
from scslab.report.writers.rounding import printed

BAR, AIR = 11, 7  # height of a bar; room between two rows
INDENT = 10  # of labels beneath a heading
MARK = 16  # height of a row's marks
BESIDE = 16  # Latin characters: longer labels stand above their marks on a phone
CHARACTER_ROOM = 6.3  # pixels of a character, with some air


@dataclass(frozen=True)
class _Line:
    """A row, or a heading where it has none, with its label in lines."""

    label: str
    top: float
    middle: float  # of the marks
    row: PrintedRow | None


@dataclass(frozen=True)
class _Frame:
    """Where things stand, in pixels."""

    lines: tuple[_Line, ...]
    scale: Scale
    top: float
    bottom: float
    above: bool
    headed: bool
    value_at: float
    said_at: float


def printed_figure(figure: PrintedFigure, width: int) -> str:
    """Draw rows in the order given, a row of numbers at the right.

    Printed values are open diamonds, printed ranges dashed lines under the mark, so that print in
    grey works. A row that is not shown keeps its label and its printed value.

    Parameters
    ----------
    figure : PrintedFigure
        What to draw.
    width : int
        Pixels: `vega.WIDE` for a page, `vega.NARROW` for a phone.
    """
    frame = _frame(figure, width)
    narrow = vega.is_narrow(width)
    places = ticks(frame.scale.low, frame.scale.high, 5 if narrow else 8)
    share = figure.values == "share"
    unit = wrapped(figure.unit, 44 if narrow else 70, 1) if figure.unit else ""
    parts = [
        _legend(figure, width, frame),
        axis(frame.scale, places, frame.bottom, frame.top, share=share),
    ]
    if unit:
        middle = (frame.scale.left + frame.scale.right) / 2
        parts.append(below(unit, middle, frame.bottom + 31, width))
    if figure.zero is not None:
        at = frame.scale.at(figure.zero)
        parts.append(rule(at, frame.top, at, frame.bottom, vega.QUIET, 1.2))
    for line in frame.lines:
        parts.append(_label(line, frame))
        if line.row is not None:
            parts.append(_marks(line.row, line.middle, frame, figure))
    height = frame.bottom + (40 if unit else 24)
    opened = vega.open_svg(width, round(height), alternative(figure))
    return f"{opened}{''.join(parts)}</svg>"


def alternative(figure: PrintedFigure) -> str:
    """The figure in words, for those who do not see it."""
    said, heading = [], ""
    for row in figure.rows:
        where = f"{clean(row.heading)}, " if row.heading and row.heading != heading else ""
        heading = row.heading
        value = (
            f"{_number(row.estimate, figure)} ({_number(row.low, figure)} to "
            f"{_number(row.high, figure)})"
            if math.isfinite(row.estimate)
            else "not shown"
        )
        print_ = f", printed {_said(row, figure)}" if _said(row, figure) else ""
        said.append(f"{where}{clean(row.label)}: {value}{print_}")
    return (
        f"{clean(figure.title)}. {plural(len(figure.rows), 'row')}, simulated with 95% interval "
        f"beside printed values. {'; '.join(said)}"
    )


def _frame(figure: PrintedFigure, width: int) -> _Frame:
    narrow = vega.is_narrow(width)
    longest = max((columns(clean(row.label)) for row in figure.rows), default=0.0)
    above = narrow and longest > BESIDE
    room = (width - 16) / CHARACTER_ROOM if above else (BESIDE if narrow else 40)
    labels = [wrapped(row.label, room, 4) for row in figure.rows]
    headed = any(row.heading for row in figure.rows)
    left = 10.0 if above else 14 + INDENT * headed + max(map(pixels, labels), default=0.0)
    said = [_said(row, figure) for row in figure.rows]
    values = [_number(row.estimate, figure) for row in figure.rows]
    some = any(said)
    said_at = width - 4.0
    value_at = said_at - max(pixels("printed"), *map(pixels, said), 0) - 12 if some else said_at
    right = value_at - max(pixels("simulated"), *map(pixels, values), 0) - 10
    top = 42.0 if narrow and some else 28.0
    found: list[_Line] = []
    y, heading = top + 2, ""
    for row, label in zip(figure.rows, labels, strict=True):
        if row.heading and row.heading != heading:
            name = wrapped(row.heading, (width - 16) / CHARACTER_ROOM, 3)
            high = LINE * (name.count("\n") + 1)
            y += 8 if found else 2
            found.append(_Line(name, y, y + high / 2, None))
            y += high + 5
        heading = row.heading
        high = LINE * (label.count("\n") + 1)
        if above:
            found.append(_Line(label, y, y + high + 3 + MARK / 2, row))
            y += high + 3 + MARK + AIR
        else:
            found.append(_Line(label, y, y + max(high, MARK) / 2, row))
            y += max(high, MARK) + (AIR if figure.form == "bars" else AIR - 3)
    low, high_ = domain(figure)
    scale = Scale(low, high_, left, right)
    return _Frame(tuple(found), scale, top, y + 2, above, headed, value_at, said_at)


def domain(figure: PrintedFigure) -> tuple[float, float]:
    """Ends of the axis: every finite number drawn, with some air; shares stay within 0 and 1."""
    numbers = [
        value
        for row in figure.rows
        for value in (row.estimate, row.low, row.high, row.printed, *(row.between or ()))
        if value is not None and math.isfinite(value)
    ]
    shares = figure.values == "share" and figure.zero is None
    if shares:
        numbers = [min(max(value, 0.0), 1.0) for value in numbers]
    if figure.zero is not None:
        numbers.append(figure.zero)
    if figure.form == "bars":
        numbers.append(0.0)
    low, high = min(numbers, default=0.0), max(numbers, default=1.0)
    if shares and high - low > 0.6:
        return 0.0, 1.0
    air = 0.05 * (high - low) or 0.1 * max(abs(high), 1.0)
    starts = 0.0 if figure.form == "bars" and low >= 0 else low - air
    ends = 0.0 if figure.form == "bars" and high <= 0 else high + air
    return (max(starts, 0.0), min(ends, 1.0)) if shares else (starts, ends)


def _label(line: _Line, frame: _Frame) -> str:
    """A heading or a label; labels stand at the left beneath headings, else at their marks."""
    if line.row is None:
        return lines(4, line.middle, line.label, bold=True, halo=True)
    if frame.above:
        high = LINE * (line.label.count("\n") + 1)
        return lines(4, line.top + high / 2, line.label, halo=True)
    if frame.headed:
        return lines(4 + INDENT, line.middle, line.label)
    return lines(frame.scale.left - 10, line.middle, line.label, anchor="end")


def _marks(row: PrintedRow, y: float, frame: _Frame, figure: PrintedFigure) -> str:
    """Bar or dot with its interval, the printed value, and both numbers at the right."""
    scale, parts = frame.scale, []
    if math.isfinite(row.estimate):
        at = scale.at(row.estimate)
        if figure.form == "bars":
            x, end = sorted((scale.at(0.0), at))
            fill, edge = vega.PALE_BLUE, vega.BLUE
            parts.append(box(x, y - BAR / 2, end - x, BAR, fill=fill, stroke=edge))
        low = row.estimate if math.isnan(row.low) else row.low
        high = row.estimate if math.isnan(row.high) else row.high
        parts.append(rule(scale.at(low), y, scale.at(high), y, vega.BLUE, 2))
        if figure.form == "dots":
            parts.append(dot(at, y))
    if row.between is not None:
        low, high = row.between
        beneath = y + 7
        parts.append(rule(scale.at(low), beneath, scale.at(high), beneath, vega.RUST, 1.5, "3 2"))
    if row.printed is not None and math.isfinite(row.printed):
        parts.append(diamond(scale.at(row.printed), y))
    parts.append(text(frame.value_at, y + 4, _number(row.estimate, figure), anchor="end"))
    if _said(row, figure):
        parts.append(text(frame.said_at, y + 4, _said(row, figure), anchor="end", fill=vega.RUST))
    return "".join(parts)


def _legend(figure: PrintedFigure, width: int, frame: _Frame) -> str:
    """What the marks are, and the heads of the two columns of numbers."""
    some = any(_said(row, figure) for row in figure.rows)
    if figure.form == "bars":
        mark = box(6, 5, 16, 9, fill=vega.PALE_BLUE, stroke=vega.BLUE)
        mark += rule(14, 9.5, 28, 9.5, vega.BLUE, 2)
    else:
        mark = rule(6, 9.5, 28, 9.5, vega.BLUE, 2) + dot(17, 9.5)
    first = "simulated, 95% interval"
    parts = [mark, text(34, 13, first)]
    y = 13.0
    if some:
        where = f"printed: {clean(figure.printed_in)}" if figure.printed_in else "printed"
        x = 34 + pixels(first) + 16
        if vega.is_narrow(width):
            x, y = 6.0, 29.0
        least = wrapped(where, (frame.value_at - 70 - x - 28) / CHARACTER_ROOM, 1)
        parts += [diamond(x + 11, y - 3.5), text(x + 28, y, least)]
    for at, name, shown in (
        (frame.value_at, "simulated", True), (frame.said_at, "printed", some),
    ):  # fmt: skip
        if shown:
            colour = vega.RUST if name == "printed" else vega.QUIET
            parts.append(text(at, frame.top - 6, name, anchor="end", fill=colour))
    return "".join(parts)


def _number(value: float, figure: PrintedFigure) -> str:
    if not math.isfinite(value):
        return "not shown" if math.isnan(value) else printed(value)
    return printed(value, figure.values, 1 if figure.values == "share" else 2)


def _said(row: PrintedRow, figure: PrintedFigure) -> str:
    if row.says or row.printed is None:
        return clean(row.says)
    return printed(row.printed, figure.values, 0 if figure.values == "share" else 2)
