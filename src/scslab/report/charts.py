"""Figures of what was measured beside what is known: one function, one static SVG.

Every function takes `width` (720 for a page, 340 for a phone) and gives the same bytes for
the same records.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from scslab.core.results import Comparison, GroupShare, SurveyResult, ValueShares
from scslab.report import vega, words

_LINES = "split(datum.label, '\\n')"
_RATIO_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.8, 1, 1.25, 2, 5, 10, 20, 50, 100)

# Mark and filling of each role of a comparison.
ROLES = {
    "check": ("circle", vega.BLUE),
    "calibrated": ("diamond", "white"),
    "input": ("square", "white"),
}


def ratio(row: Comparison) -> float | None:
    """Simulated over published, or None where a ratio has no meaning."""
    return words.ratio(row.published, row.simulated, row.kind)


def comparisons(rows: Sequence[Comparison], width: int) -> str:
    """Draw simulated over published on a log scale, with 1 as the reference line."""
    used = [role for role in ROLES if role in {row.role for row in rows}]
    alt = vega.altair()
    narrow = vega.is_narrow(width)
    data: list[dict[str, Any]] = []
    for place, row in enumerate(rows):
        found = ratio(row)
        if found is None:
            continue
        name = words.wrapped(f"{row.quantity} ({row.group})", 22 if narrow else 42, 5)
        low, high = row.interval or (row.simulated, row.simulated)
        bounds = [min(max(value / row.published, 0.01), 100.0) for value in (low, high)]
        data.append(
            {
                "row": f"{place}\n{name}",
                "ratio": min(max(found, 0.01), 100.0),
                "low": bounds[0],
                "high": bounds[1],
                "role": row.role,
                "text": f"{found:.2f}" if found < 100 else words.count(found),
            }
        )
    logs = [math.log(one[key]) for one in data for key in ("ratio", "low", "high")]
    left = math.exp(min(1.15 * min(logs), -math.log(1.3)))
    right = math.exp(max(1.15 * max(logs), math.log(1.3)))
    ticks = [tick for tick in _RATIO_TICKS if left <= tick <= right]
    round_ones = [tick for tick in ticks if tick in (0.01, 0.1, 0.5, 1, 2, 10, 100)]
    if len(ticks) > (3 if narrow else 7) and len(round_ones) > 1:
        ticks = round_ones
    lines = max(one["row"].count("\n") for one in data)
    extent = extent_of(data)
    plot = width - extent - 62
    x = alt.X(
        "ratio:Q",
        scale=alt.Scale(type="log", domain=[left, right], nice=False),
        axis=alt.Axis(values=ticks, format="~g", title="simulated ÷ published, log scale"),
    )
    base = alt.Chart(vega.values(data)).encode(y=rows_by_name(extent))
    one = alt.Chart(vega.values([{"at": 1}])).mark_rule(color=vega.QUIET, strokeWidth=1.2)
    layers = [
        one.encode(x=alt.X("at:Q")),
        base.mark_rule(strokeWidth=2, color=vega.BLUE).encode(x=alt.X("low:Q"), x2="high:Q"),
        base.mark_point(size=48, filled=True, opacity=1, stroke=vega.BLUE, strokeWidth=1.6).encode(
            x=x,
            shape=alt.Shape(
                "role:N",
                scale=alt.Scale(domain=used, range=[ROLES[r][0] for r in used]),
            ),
            fill=alt.Fill(
                "role:N",
                scale=alt.Scale(domain=used, range=[ROLES[r][1] for r in used]),
            ),
        ),
        base.mark_text(align="left").encode(x=alt.value(plot + 8), text="text:N"),
    ]
    chart = alt.layer(*layers).properties(width=plot, height=alt.Step(13 * lines + 13))
    label = "Simulated figure divided by the published one: " + "; ".join(
        f"{words.one_line(row.quantity)} {found:.2f} ({row.role})"
        for row in rows
        if (found := ratio(row)) is not None
    )
    return vega.draw(chart, label)


def extent_of(data: Sequence[Mapping[str, Any]]) -> int:
    """Room for the row labels: about six pixels a character of the longest line."""
    lines = [line for one in data for line in one["row"].split("\n")[1:]]
    return 14 + round(6.1 * max((len(line) for line in lines), default=0))


def rows_by_name(extent: int, title: str | None = None) -> Any:
    """One row per text of `row`; the part before its first line break only keeps it unique."""
    alt = vega.altair()
    axis = alt.Axis(
        labelExpr=f"slice({_LINES}, 1)",
        title=title,
        domain=False,
        ticks=False,
        grid=True,
        minExtent=extent,
        maxExtent=extent,
        labelLineHeight=13,
        labelPadding=8,
    )
    return alt.Y("row:N", sort=None, axis=axis)


def groups(rows: Sequence[GroupShare], width: int) -> str:
    """Draw the wrongful share of entries per group with its 95 % interval, one panel a trait."""
    alt = vega.altair()
    narrow = vega.is_narrow(width)
    drawn = [row for row in rows if row.shown and math.isfinite(row.share)]
    top = min(1.0, 1.08 * max((row.high for row in drawn), default=1.0) or 1.0)
    attributes = list(dict.fromkeys(row.attribute for row in drawn))
    labels = [words.wrapped(row.category, 18 if narrow else 32, 3) for row in drawn]
    extent = extent_of([{"row": f"\n{label}"} for label in labels])
    plot = width - extent - 70
    panels = []
    for attribute in attributes:
        inside = [row for row in drawn if row.attribute == attribute]
        everyone = [row for row in rows if row.attribute == attribute]
        n = sum(row.n for row in everyone)
        mean = sum(row.wrongful for row in everyone) / n if n else 0.0
        data: list[dict[str, Any]] = [
            {
                "row": f"{place}\n{words.wrapped(row.category, 18 if narrow else 32, 3)}",
                "share": row.share,
                "low": row.low,
                "high": row.high,
                "text": f"n {words.count(row.n)}",
            }
            for place, row in enumerate(inside)
        ]
        lines = max(one["row"].count("\n") for one in data)
        last = attribute == attributes[-1]
        axis = alt.Axis(
            format=".0%" if top >= 0.1 else ".1%" if top >= 0.01 else ".2%",
            tickCount=3 if narrow else 6,
            title="share of entries that were wrongful" if last else None,
            labels=last,
            ticks=last,
        )
        base = alt.Chart(vega.values(data)).encode(y=rows_by_name(extent))
        all_rule = alt.Chart(vega.values([{"at": mean}])).mark_rule(
            strokeDash=[3, 3], color=vega.RUST, strokeWidth=1.2
        )
        x = alt.X("share:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=axis)
        layers = [
            all_rule.encode(x=alt.X("at:Q")),
            base.mark_rule(strokeWidth=2, color=vega.BLUE).encode(x=alt.X("low:Q"), x2="high:Q"),
            base.mark_circle(size=58, color=vega.BLUE, opacity=1).encode(x=x),
            base.mark_text(align="left").encode(x=alt.value(plot + 8), text="text:N"),
        ]
        panels.append(
            alt.layer(*layers).properties(
                width=plot, height=alt.Step(13 * lines + 9), title=words.title(attribute)
            )
        )
    label = "Share of entries that were wrongful, with 95 % interval: " + "; ".join(
        f"{row.attribute} {row.category} {words.share(row.share)}"
        f" ({words.spread(row.low, row.high)}), n {words.count(row.n)}"
        for row in drawn
    )
    return vega.draw(alt.vconcat(*panels, spacing=14), label)


def surveys(rows: Sequence[SurveyResult], width: int) -> str:
    """Draw true values beside measured ones with their intervals, one row a question."""
    narrow = vega.is_narrow(width)
    data = [
        {
            "row": f"{place}\n"
            + words.wrapped(
                f"{row.question} ({words.month_name(row.month)})", 21 if narrow else 38
            ),
            "true": row.true_value,
            "measured": row.measured,
            "low": row.low,
            "high": row.high,
            "text": f"{words.points(row.measured - row.true_value)} pp",
        }
        for place, row in enumerate(rows)
    ]
    label = "True value beside the measured one: " + "; ".join(
        f"{words.one_line(row.question)}: true {words.share(row.true_value)}, measured "
        f"{words.share(row.measured)} ({words.spread(row.low, row.high)})"
        for row in rows
    )
    return vega.draw(_pairs(data, width), label)


def answers(row: SurveyResult, width: int) -> str:
    """Draw the answer categories of one survey, true beside measured."""
    narrow = vega.is_narrow(width)
    data = [
        {
            "row": f"{place}\n{words.wrapped(name, 21 if narrow else 38)}",
            "true": true,
            "measured": measured,
            "low": min(true, measured),
            "high": max(true, measured),
            "text": f"{words.points(measured - true)} pp",
        }
        for place, (name, true, measured) in enumerate(row.categories)
    ]
    label = "Answers, true beside measured: " + "; ".join(
        f"{name} {words.share(true)} and {words.share(measured)}"
        for name, true, measured in row.categories
    )
    return vega.draw(_pairs(data, width, thin=True), label)


def _pairs(data: list[dict[str, Any]], width: int, thin: bool = False) -> Any:
    """Rows with a hollow diamond for the true and a full dot for the measured share."""
    alt = vega.altair()
    extent = extent_of(data)
    plot = width - extent - 76
    lines = max(one["row"].count("\n") for one in data)
    top = min(1.0, 1.1 * max(max(one["true"], one["measured"], one["high"]) for one in data))
    marks = [
        {**one, "what": what, "share": one[key]}
        for one in data
        for what, key in (("measured", "measured"), ("true", "true"))
        if math.isfinite(one[key])
    ]
    what = ["measured", "true"]
    x = alt.X(
        "share:Q",
        scale=alt.Scale(domain=[0, top if top > 0 else 1.0], nice=False),
        axis=alt.Axis(format=".0%", tickCount=3 if width < 500 else 6, title=None),
    )
    base = alt.Chart(vega.values(data)).encode(y=rows_by_name(extent))
    points = alt.Chart(vega.values(marks)).encode(y=rows_by_name(extent))
    interval = base.mark_rule(
        strokeWidth=1 if thin else 2.4, color=vega.QUIET if thin else vega.BLUE
    )
    dots = points.mark_point(size=56, filled=True, opacity=1, strokeWidth=1.7).encode(
        x=x,
        shape=alt.Shape("what:N", scale=alt.Scale(domain=what, range=["circle", "diamond"])),
        fill=alt.Fill("what:N", scale=alt.Scale(domain=what, range=[vega.BLUE, "white"])),
        stroke=alt.Stroke("what:N", scale=alt.Scale(domain=what, range=[vega.BLUE, vega.RUST])),
    )
    text = base.mark_text(align="left").encode(x=alt.value(plot + 10), text="text:N")
    return alt.layer(interval.encode(x=alt.X("low:Q"), x2="high:Q"), dots, text).properties(
        width=plot, height=alt.Step(13 * lines + 13)
    )


def value_kinds(rows: Sequence[ValueShares], width: int) -> str:
    """Draw, per owner, how many values rest on rules or papers, the press, assumptions."""
    alt = vega.altair()
    narrow = vega.is_narrow(width)
    kinds = ["rules or papers", "press", "assumed"]
    bars: list[dict[str, Any]] = []
    for place, row in enumerate(rows):
        start = 0
        name = f"{place}\n{words.wrapped(row.owner, 18 if narrow else 34, 3)}"
        for kind, amount in zip(kinds, (row.published, row.press, row.assumed), strict=True):
            at = start / row.total if row.total else 0.0
            end = (start + amount) / row.total if row.total else 0.0
            text = words.count(amount) if end - at > 0.05 else ""
            middle = (at + end) / 2
            bars.append(
                {"row": name, "kind": kind, "at": at, "end": end, "middle": middle, "text": text}
            )
            start += amount
    lines = max((bar["row"].count("\n") for bar in bars), default=1)
    extent = extent_of(bars)
    plot = width - extent - 34
    base = alt.Chart(vega.values(bars)).encode(y=rows_by_name(extent))
    fill = alt.Scale(domain=kinds, range=[vega.BLUE, "#8fb0cb", "#efb98f"])
    axis = alt.Axis(format=".0%", tickCount=5, title=None)
    x = alt.X("at:Q", scale=alt.Scale(domain=[0, 1]), axis=axis)
    layers = [
        base.mark_bar(height=20, stroke="white", strokeWidth=1).encode(
            x=x, x2="end:Q", fill=alt.Fill("kind:N", scale=fill)
        ),
        base.mark_text().encode(
            x=alt.X("middle:Q"),
            text="text:N",
            color=alt.condition(
                alt.datum.kind == kinds[0], alt.value("white"), alt.value(vega.INK)
            ),
        ),
    ]
    label = "What the values rest on: " + "; ".join(
        f"{row.owner}: {row.published} on rules or papers, {row.press} on the press, "
        f"{row.assumed} assumed"
        for row in rows
    )
    chart = alt.layer(*layers).properties(width=plot, height=alt.Step(max(30, 13 * lines + 10)))
    return vega.draw(chart, label)
