"""Figures over time: lists month by month, scores at snapshots, grades over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scslab.core.results import GradeSeries, ListSeries, ScoreHistogram
from scslab.report import vega, words

_PARTS = ("all", "of these, wrongful")


def list_months(row: ListSeries, width: int) -> str:
    """Draw entries, exits, the stock listed and its wrongful share, four small panels."""
    alt = vega.altair()
    at = [words.month_index(month) for month in row.months]
    plot = _panel_width(width)
    nothing: tuple[int, ...] = ()
    panels = [
        _parts("Entries per month", at, row.entries, row.wrongful_entries, plot),
        _parts("Exits per month", at, row.exits, nothing, plot),
        _parts("Listed at the end of the month", at, row.listed, row.wrongful_listed, plot),
        _wrongful_share(at, row, plot),
    ]
    label = (
        f"Entries, exits and persons listed per month, {row.name}, "
        f"{words.month_name(row.months[0])} to {words.month_name(row.months[-1])}: "
        f"{words.count(sum(row.entries))} entries of which {words.count(sum(row.wrongful_entries))}"
        f" wrongful, {words.count(sum(row.exits))} exits, {words.count(row.listed[-1])} listed at"
        f" the end of which {words.count(row.wrongful_listed[-1])} wrongfully"
    )
    chart = alt.concat(*panels, columns=1 if vega.is_narrow(width) else 2)
    return vega.draw(chart.resolve_scale(color="shared", x="independent"), label)


def _panel_width(width: int, columns: int = 2) -> int:
    """Width of one plot in a row of `columns` panels; a phone has one column."""
    return width - 62 if vega.is_narrow(width) else (width - 60 * columns) // columns


def _height(plot: int) -> int:
    return 105 if plot < 290 else 120


def _month_x(at: Sequence[int], plot: int) -> Any:
    alt = vega.altair()
    first, last = at[0], max(at[-1], at[0] + 1)
    return alt.X(
        "month:Q",
        scale=alt.Scale(domain=[first, last], nice=False),
        axis=alt.Axis(**vega.month_axis(first, last, plot)),
    )


def _parts(
    title: str, at: Sequence[int], whole: Sequence[int], part: Sequence[int], plot: int
) -> Any:
    """Draw one panel: all as a pale area, the wrongful part as a dark one inside it."""
    alt = vega.altair()
    x = _month_x(at, plot)
    most = max(whole, default=0)
    y = alt.Y(
        "persons:Q",
        scale=alt.Scale(domain=[0, most or 1], nice=True),
        axis=alt.Axis(
            tickCount=max(1, min(4, most)), format=",d", title=None, domain=False, minExtent=38
        ),
    )
    color = alt.Color(
        "part:N",
        scale=alt.Scale(domain=list(_PARTS), range=[vega.BLUE, vega.RUST]),
        legend=alt.Legend(symbolType="square"),
    )
    layers = []
    shades = ((_PARTS[0], whole, 0.25), (_PARTS[1], part, 0.85))
    for name, numbers, opacity in shades:
        pairs = list(zip(at, numbers, strict=False))
        data = [{"month": month, "persons": number, "part": name} for month, number in pairs]
        if data:
            area = {"opacity": opacity, "clip": True}
            layers.append(
                alt.Chart(vega.values(data)).mark_area(**area).encode(x=x, y=y, color=color)
            )
            stroke = {"strokeWidth": 1.4, "clip": True}
            layers.append(
                alt.Chart(vega.values(data)).mark_line(**stroke).encode(x=x, y=y, color=color)
            )
    return alt.layer(*layers).properties(width=plot, height=_height(plot), title=title)


def _wrongful_share(at: Sequence[int], row: ListSeries, plot: int) -> Any:
    """Draw the wrongful share of those listed; months with nobody listed have no point."""
    alt = vega.altair()
    stock = zip(at, row.wrongful_listed, row.listed, strict=False)
    data = [{"month": month, "share": part / all_} for month, part, all_ in stock if all_]
    top = max((one["share"] for one in data), default=0.0)
    y = alt.Y(
        "share:Q",
        scale=alt.Scale(domain=[0, min(1.0, 1.25 * top) or 0.01], nice=True),
        axis=alt.Axis(
            tickCount=4,
            format=".0%" if top >= 0.08 else ".1%" if top >= 0.008 else ".2%",
            title=None,
            domain=False,
            minExtent=38,
        ),
    )
    line = {"strokeWidth": 1.8, "color": vega.RUST, "clip": True}
    chart = alt.Chart(vega.values(data)).mark_line(**line).encode(x=_month_x(at, plot), y=y)
    title = "Wrongful share of those listed"
    return chart.properties(width=plot, height=_height(plot), title=title)


def histograms(rows: Sequence[ScoreHistogram], width: int) -> str:
    """Draw the score distribution at each snapshot, as shares of the scored persons."""
    alt = vega.altair()
    columns = 1 if vega.is_narrow(width) else min(3, len(rows))
    plot = width - 62 if columns == 1 else (width - 58 * columns) // columns
    plot = min(plot, 420)
    bins = [
        (low, high)
        for row in rows
        for low, high, persons in zip(row.low, row.high, row.persons, strict=True)
        if persons
    ]
    domain = [min(low for low, _ in bins), max(high for _, high in bins)] if bins else [0, 1]
    highest = max(
        (persons / (sum(row.persons) or 1) for row in rows for persons in row.persons), default=0.0
    )
    panels = []
    for row in rows:
        whole = sum(row.persons) or 1
        data = [
            {"low": low, "high": high, "share": persons / whole, "floor": 0}
            for low, high, persons in zip(row.low, row.high, row.persons, strict=True)
            if persons
        ]
        x = alt.X(
            "low:Q",
            scale=alt.Scale(domain=domain, nice=False),
            axis=alt.Axis(title="score", grid=False, tickCount=5, format=",d"),
        )
        y = alt.Y(
            "share:Q",
            scale=alt.Scale(domain=[0, highest or 1], nice=True),
            axis=alt.Axis(tickCount=4, format=".0%", title=None, domain=False, minExtent=34),
        )
        bar = alt.Chart(vega.values(data)).mark_rect(
            color=vega.BLUE, opacity=0.75, stroke="white", strokeWidth=0.6
        )
        title = f"{words.month_name(row.month)}, n {words.count(sum(row.persons))}"
        panels.append(
            bar.encode(x=x, x2="high:Q", y=y, y2="floor:Q").properties(
                width=plot, height=110, title=title
            )
        )
    label = "Share of persons per score bin: " + "; ".join(
        f"{words.month_name(row.month)} " + _fullest(row) for row in rows
    )
    return vega.draw(alt.concat(*panels, columns=columns), label)


def _fullest(row: ScoreHistogram) -> str:
    """Where most persons are, in words."""
    whole = sum(row.persons)
    if not whole:
        return "nobody scored"
    best = max(range(len(row.persons)), key=row.persons.__getitem__)
    part = words.share(row.persons[best] / whole)
    return f"{part} of {words.count(whole)} persons from {row.low[best]} to below {row.high[best]}"


def grade_colours(number: int) -> list[str]:
    """Colours from best to worst, safe for the colour-blind, any number of them.

    Examples
    --------
    >>> grade_colours(2)
    ['#0b4f5c', '#93450f']
    """
    if number < 2:
        return list(vega.GRADES[:number])
    last = len(vega.GRADES) - 1
    return [vega.GRADES[round(place * last / (number - 1))] for place in range(number)]


def spread_labels(places: Sequence[float], gap: float, top: float) -> list[float]:
    """Move labels apart so that none stands nearer than `gap` to the next; keeps the order.

    Examples
    --------
    >>> spread_labels([5.0, 6.0, 50.0], 10.0, 100.0)
    [5.0, 15.0, 50.0]
    """
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + gap) if moved else place)
    limit = top
    for at in range(len(moved) - 1, -1, -1):
        moved[at] = min(moved[at], limit)
        limit = moved[at] - gap
    return moved


def grades(row: GradeSeries, width: int) -> str:
    """Draw the share of each grade over time, best on top, named at the right edge."""
    alt = vega.altair()
    at = [words.month_index(month) for month in row.months]
    plot, height = width - (118 if vega.is_narrow(width) else 150), 230
    names = list(row.grades)
    colours = dict(zip(names, grade_colours(len(names)), strict=True))
    totals = [sum(row.grades[name][i] for name in names) or 1 for i in range(len(at))]
    upper = [1.0] * len(at)
    layers = []
    ends: list[tuple[str, float, float]] = []
    x = _month_x(at, plot)
    for name in names:
        shares = [persons / total for persons, total in zip(row.grades[name], totals, strict=True)]
        data = [
            {"month": month, "high": high, "low": high - part}
            for month, high, part in zip(at, upper, shares, strict=True)
        ]
        y = alt.Y(
            "low:Q",
            scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(format=".0%", tickCount=5, title=None, domain=False, minExtent=34),
        )
        area = {"color": colours[name], "opacity": 1, "stroke": "white", "strokeWidth": 0.7}
        layers.append(alt.Chart(vega.values(data)).mark_area(**area).encode(x=x, y=y, y2="high:Q"))
        upper = [one["low"] for one in data]
        ends.append((name, (1 - (upper[-1] + shares[-1] / 2)) * height, shares[-1]))
    moved = spread_labels([place for _, place, _ in ends], 15.0, height - 4.0)
    for (name, _, part), place in zip(ends, moved, strict=True):
        shown = alt.Chart(vega.values([{"text": f"{name}  {words.share(part)}"}]))
        mark = {"size": 80, "shape": "square", "filled": True, "opacity": 1}
        dot = shown.mark_point(color=colours[name], **mark)
        layers.append(dot.encode(x=alt.value(plot + 12), y=alt.value(place)))
        text = shown.mark_text(align="left", baseline="middle")
        layers.append(text.encode(x=alt.value(plot + 21), y=alt.value(place), text="text:N"))
    label = (
        f"Share of persons in each grade, {words.month_name(row.months[0])} to "
        f"{words.month_name(row.months[-1])}; at the end "
        + ", ".join(f"{name} {words.share(part)}" for name, _, part in ends)
    )
    return vega.draw(alt.layer(*layers).properties(width=plot, height=height), label)
