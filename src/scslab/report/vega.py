"""From an Altair chart to a small static SVG: the look of every figure, set once."""

from __future__ import annotations

import html
import json
import re
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from scslab.report.words import MONTHS

WIDE = 720
NARROW = 340

INK = "#222222"
QUIET = "#595959"
GRID = "#e4e4e1"
BLUE = "#1f5a8a"
PALE_BLUE = "#b9cfe0"
RUST = "#b3470f"
PALE_RUST = "#efcdb6"
GRADES = ("#0b4f5c", "#3d8a90", "#a3cdc6", "#ecdca9", "#d79b48", "#93450f")

_FONT = "Helvetica, Arial, Liberation Sans, sans-serif"
_DROPPED = re.compile(
    r'\s(?:class|role|aria-[a-z]+|pointer-events|font-family|xmlns(?::xlink)?|version)="[^"]*"'
    r'|\s(?:opacity|stroke-opacity|fill-opacity)="1"|\sstroke-miterlimit="10"'
)
_EMPTY = re.compile(r'<path[^>]*\sd="(?:M0,0h0v0h0Z)?"[^>]*/>')
_NUMBER = re.compile(r"-?\d+\.\d{2,}(?:e-?\d+)?")
_TAG = re.compile(r"<[^>]*>")
_SIZE = re.compile(r'<svg width="([\d.]+)" height="([\d.]+)" viewBox="([^"]*)">')


def is_narrow(width: int) -> bool:
    """Whether the figure is drawn for a phone."""
    return width < 500


def altair() -> Any:
    """Altair, imported when the first figure is drawn (the import takes half a second)."""
    import altair

    return altair


def config() -> dict[str, Any]:
    """The quiet look of all figures: Vega-Lite's `config`."""
    text = {"labelFont": _FONT, "titleFont": _FONT, "labelColor": INK, "titleColor": QUIET}
    axis = {
        **text,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "domainColor": "#8a8a8a",
        "tickColor": "#8a8a8a",
        "gridColor": GRID,
        "labelLimit": 0,
        "titleLimit": 0,
        "labelPadding": 4,
        "tickSize": 4,
    }
    legend = {
        **text,
        "labelFontSize": 11,
        "labelLimit": 0,
        "title": None,
        "orient": "top",
        "symbolSize": 90,
        "symbolOpacity": 1,
        "columnPadding": 16,
        "offset": 8,
    }
    title = {
        "font": _FONT,
        "fontSize": 12,
        "fontWeight": 600,
        "color": INK,
        "anchor": "start",
        "frame": "group",
        "offset": 8,
        "limit": 0,
    }
    return {
        "background": "white",
        "font": _FONT,
        "padding": 4,
        "view": {"stroke": None},
        "axis": axis,
        "axisX": {"labelFlush": False, "labelOverlap": True, "labelSeparation": 7},
        "legend": legend,
        "title": title,
        "text": {"font": _FONT, "fontSize": 11, "color": INK},
        "concat": {"spacing": 24},
    }


def values(rows: Iterable[Mapping[str, Any]]) -> Any:
    """Rows as inline data of a chart, as one text: Altair copies its data many times over."""
    text = json.dumps([dict(row) for row in rows], allow_nan=False)
    return altair().Data(values=text, format=altair().DataFormat(type="json"))


def month_axis(first: int, last: int, width: int) -> dict[str, Any]:
    """Ticks of a month axis: Januaries where the span is long, else every few months."""
    most = max(2, width // 48)
    span = last - first
    step = next((s for s in (1, 2, 3, 6, 12, 24, 36, 60, 120) if span // s <= most), 240)
    ticks = [at for at in range(first, last + 1) if at % step == 0] or [first]
    names = ",".join(f"'{name}'" for name in MONTHS)
    year = "format(floor(datum.value / 12), 'd')"
    short = f"[{names}][datum.value % 12] + ' ' + {year}"
    return {
        "values": ticks,
        "labelExpr": year if step >= 12 else short,
        "grid": False,
        "title": None,
    }


def draw(chart: Any, label: str) -> str:
    """Draw a chart as static SVG with one text alternative.

    Parameters
    ----------
    chart : altair chart
        The figure; its config is set here.
    label : str
        The text alternative, read out instead of the picture.

    Returns
    -------
    str
        An `<svg role="img">` without styles, scripts or ids that could meet another figure's.
    """
    import vl_convert

    specification = chart.to_dict(validate=False)
    specification["config"] = config()
    return tidy(vl_convert.vegalite_to_svg(specification), label)


def tidy(svg: str, label: str) -> str:
    """Strip what the page does not need and make the drawing one labelled image."""
    svg = _EMPTY.sub("", _TAG.sub(_plain_tag, svg))
    names = list(dict.fromkeys(re.findall(r'\sid="([^"]+)"', svg)))
    for place, name in enumerate(names):
        svg = svg.replace(f'id="{name}"', f'id="#{place}"')
        svg = svg.replace(f"url(#{name})", f"url(##{place})")
    prefix = f"f{zlib.crc32(svg.encode()):08x}-"
    svg = svg.replace('id="#', f'id="{prefix}').replace("url(##", f"url(#{prefix}")
    return _SIZE.sub(
        lambda found: open_svg(float(found[1]), float(found[2]), label, found[3]), svg, count=1
    )


def open_svg(width: float, height: float, label: str, view: str = "") -> str:
    """The opening tag of a figure."""
    box = view or f"0 0 {width:g} {height:g}"
    return (
        f'<svg role="img" aria-label="{html.escape(label)}" width="{width:g}" '
        f'height="{height:g}" viewBox="{box}">'
    )


def _plain_tag(found: re.Match[str]) -> str:
    """One tag without what only an interactive chart needs, numbers cut to one decimal."""
    return _NUMBER.sub(
        lambda n: f"{float(n[0]):.1f}".removesuffix(".0"), _DROPPED.sub("", found[0])
    )
