"""What the figures of a survey analysis share: a legend that fits, names beside their rows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from scslab.report import vega
from scslab.report.texts import clean, pixels

LINE = 13  # height of a line of text in pixels
SYMBOL = 33  # pixels of a legend's symbol and of the room between two entries


def keyed(names: Iterable[str]) -> list[str]:
    """Names with their place in front, so that two of one name stay apart in a scale."""
    return [f"{place}\n{clean(name)}" for place, name in enumerate(names)]


def legend(names: Sequence[str], width: int, symbol: str | None = None) -> Any:
    """A legend for `keyed` names in as many columns as the width holds.

    Vega-Lite does not wrap legends: without columns a long one would run out of the figure.
    """
    if len(names) < 2:
        return None
    more = {} if symbol is None else {"symbolType": symbol}
    return vega.altair().Legend(
        columns=legend_columns([pixels(clean(name)) for name in names], width),
        labelExpr="split(datum.label, '\\n')[1]",
        labelLimit=width - SYMBOL,
        title=None,
        **more,
    )


def legend_columns(widths: Sequence[float], room: float) -> int:
    """The most columns in which entries of these widths in pixels stand side by side.

    Examples
    --------
    >>> legend_columns([40, 40, 200, 40], 320)
    2
    """
    for number in range(len(widths), 1, -1):
        if sum(max(widths[at::number]) + SYMBOL for at in range(number)) <= room:
            return math.ceil(len(widths) / math.ceil(len(widths) / number))
    return 1


def names(rows: Iterable[tuple[float, str]], x: float, align: str, y_scale: Any) -> list[Any]:
    """Names of one or more lines, each around the height given with it.

    Parameters
    ----------
    rows : iterable of (float, str)
        The middle of each name in pixels, and its lines.
    x : float
        Where they start or end.
    align : {"left", "right"}
        Whether `x` is their start or their end.
    y_scale : altair.Scale
        Scale of the figure's rows.
    """
    alt = vega.altair()
    groups: dict[int, list[dict[str, Any]]] = {}
    for middle, label in rows:
        lines = label.split("\n")
        # Vega sets the first line at the middle: moved up by half of the others.
        y = middle - LINE * (len(lines) - 1) / 2
        groups.setdefault(len(lines), []).append({"y": y, "text": lines})
    return [
        alt.Chart(vega.values(found))
        .mark_text(align=align, baseline="middle", lineHeight=LINE)
        .encode(x=alt.value(x), y=alt.Y("y:Q", scale=y_scale, axis=None), text="text:N")
        for found in groups.values()
    ]
