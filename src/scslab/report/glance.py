"""Charts of runs with many systems: a row each, on one scale."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from scslab.core.results import InspectionLine, SystemLine, VariantRow
from scslab.report import vega, words
from scslab.report.charts import extent_of, rows_by_name

DOTS = {"records": vega.BLUE, "entries": "#3d8a90", "wrongful entries": vega.RUST}


def systems(rows: Sequence[SystemLine], called: Mapping[str, str], width: int) -> str:
    """Records, entries and wrongful entries of each system on a log scale, most first."""
    alt = vega.altair()
    narrow = vega.is_narrow(width)
    data: list[dict[str, Any]] = []
    for place, row in enumerate(sorted(rows, key=lambda x: -x.records)):
        name = words.wrapped(called.get(row.regime, row.regime), 22 if narrow else 44, 3)
        counts = (row.records, row.entries, row.wrongful_entries)
        data += [
            {"row": f"{place:03d}\n{name}", "what": what, "n": value}
            for what, value in zip(DOTS, counts, strict=True)
            if value > 0
        ]
    extent = extent_of(data)
    top = max(one["n"] for one in data)
    x = alt.X(
        "n:Q",
        scale=alt.Scale(type="log", domain=[1, max(top * 1.5, 10)], nice=False),
        axis=alt.Axis(
            format="~s", values=[10**k for k in range(10) if 10**k <= 2 * top], title=None
        ),
    )
    fill = alt.Scale(domain=list(DOTS), range=list(DOTS.values()))
    chart = (
        alt.Chart(vega.values(data))
        .mark_point(size=52, filled=True, opacity=1)
        .encode(
            y=rows_by_name(extent),
            x=x,
            color=alt.Color("what:N", scale=fill),
            shape=alt.Shape(
                "what:N", scale=alt.Scale(domain=list(DOTS), range=["circle", "square", "diamond"])
            ),
        )
    )
    lines = max(one["row"].count("\n") for one in data)
    label = "Records and entries of each system: " + "; ".join(
        f"{called.get(r.regime, r.regime)} {r.records} records, {r.entries} entries, "
        f"{r.wrongful_entries} wrongful"
        for r in rows
    )
    plot = width - extent - 30
    return vega.draw(chart.properties(width=plot, height=alt.Step(12 * lines + 6)), label)


def yields(rows: Sequence[InspectionLine], called: Mapping[str, str], width: int) -> str:
    """Breaches found per 1,000 visits of each way to inspect."""
    data = []
    for place, row in enumerate(rows):
        found, per = row.found, 1000 / row.visits
        half = 1.96 * math.sqrt(found)
        name = f"{called.get(row.regime, row.regime)}, {row.variant}"
        data.append(
            {
                "row": f"{place}\n{words.wrapped(name, 22 if vega.is_narrow(width) else 40, 4)}",
                "value": found * per,
                "low": max(0.0, found - half) * per,
                "high": (found + half) * per,
                "text": words.number(found * per, 1),
            }
        )
    label = "Breaches found per 1,000 visits: " + "; ".join(
        f"{row.variant} {one['text']}" for row, one in zip(rows, data, strict=True)
    )
    return _dots(data, width, "linear", label)


def variants(rows: Sequence[VariantRow], names: Sequence[str], width: int) -> str:
    """Each figure of each variant over that of the study, on a log scale."""
    data = []
    for place, (name, row, i) in enumerate(
        (name, row, i) for row in rows for i, name in enumerate(names)
    ):
        base, value = row.values[0], row.values[i + 1]
        if not base or not value:
            continue
        text = f"{row.figure}: {name}" if len(names) > 1 else row.figure
        text = words.wrapped(text, 22 if vega.is_narrow(width) else 44, 4)
        data.append(
            {
                "row": f"{place:03d}\n{text}",
                "value": min(max(value / base, 0.001), 1000.0),
                "text": f"{value / base:.2f}",
            }
        )
    label = "Variant over study: " + "; ".join(
        f"{words.one_line(str(one['row']).split(chr(10), 1)[1])} {one['text']}" for one in data
    )
    return _dots(data, width, "log", label, 1.0)


def _dots(
    data: list[dict[str, Any]], width: int, scale: str, label: str, line: float | None = None
) -> str:
    """A dot a row with its figure at the right, and an interval where there is one."""
    alt = vega.altair()
    extent = extent_of(data)
    plot = width - extent - 62
    found = [float(one.get(k, one["value"])) for one in data for k in ("value", "low", "high")]
    domain = [0.0, max(found) * 1.1 or 1.0]
    if scale == "log":
        domain = [min(*found, 0.5) / 1.1, max(*found, 2.0) * 1.1]
    x = alt.X(
        "value:Q",
        scale=alt.Scale(type=scale, domain=domain, nice=False),
        axis=alt.Axis(format=",~r", tickCount=4 if vega.is_narrow(width) else 7, title=None),
    )
    base = alt.Chart(vega.values(data)).encode(y=rows_by_name(extent))
    layers = []
    if line is not None:
        layers.append(
            alt.Chart(vega.values([{"at": line}]))
            .mark_rule(color=vega.QUIET, strokeWidth=1.2)
            .encode(x=alt.X("at:Q"))
        )
    if all("low" in one for one in data):
        layers.append(
            base.mark_rule(strokeWidth=2, color=vega.BLUE).encode(x=alt.X("low:Q"), x2="high:Q")
        )
    layers += [
        base.mark_point(size=52, filled=True, opacity=1, color=vega.BLUE).encode(x=x),
        base.mark_text(align="left").encode(x=alt.value(plot + 8), text="text:N"),
    ]
    lines = max(one["row"].count("\n") for one in data)
    chart = alt.layer(*layers).properties(width=plot, height=alt.Step(13 * lines + 11))
    return vega.draw(chart, label)
