"""What all exhibits share: how figures are measured and looked up, the records they end in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scslab.analysis.model_tables import Hypothesis
from scslab.core.printed import Column, Part, PrintedFigure, PrintedRow, ResultTable, Row
from scslab.evaluation.exhibits.beside import (
    AGREES,
    BLANK,
    Beside,
    Measure,
    Print,
    printed_ns,
    shown,
)
from scslab.evaluation.exhibits.paper import Exhibit, PaperFile


@dataclass(frozen=True)
class Making:
    """What all exhibits of a paper are made with."""

    file: PaperFile
    measured: Measure
    printed: Print
    hypotheses: Sequence[Hypothesis]
    source: str
    synthetic: bool
    below: int

    def look_up(self, finding: str | None) -> tuple[str, str]:
        """The printed value of a finding and its n; empty where none was found."""
        return self.printed(finding) if finding else ("", "")


def chart(
    making: Making, exhibit: Exhibit, rows: Sequence[Beside], *, zero: float | None = None
) -> list[Part]:
    """The figure of an exhibit; none where none is wanted or nothing could be measured."""
    if exhibit.figure == "none":
        return []
    kept, left_out = shown(rows, making.below)
    if not kept:
        return []
    return [printed_figure(making, exhibit, kept, left_out, rows, zero)]


def printed_figure(
    making: Making,
    exhibit: Exhibit,
    kept: tuple[PrintedRow, ...],
    left_out: tuple[str, ...],
    rows: Sequence[Beside],
    zero: float | None,
) -> PrintedFigure:
    """The record of a figure."""
    blank = (BLANK,) if any(not one.said for one in rows) else ()
    return PrintedFigure(
        id=f"{part_id(exhibit)}-chart",
        title=titled(exhibit),
        unit=exhibit.unit or ("%, weighted" if rows[0].values == "share" else ""),
        source=making.source,
        rows=kept,
        form="bars" if exhibit.figure == "bars" else "dots",
        values=rows[0].values,
        printed_in=making.file.paper.short,
        zero=zero,
        notes=(*notes(exhibit), *left_out, *blank, *print_source(making, rows)),
        synthetic=making.synthetic,
    )


def table(
    making: Making,
    exhibit: Exhibit,
    heads: tuple[Column, ...],
    rows: tuple[Row, ...],
    found: Sequence[Beside],
    note: str = AGREES,
) -> ResultTable:
    """The record of a table."""
    some = any(one.said for one in found)
    return ResultTable(
        id=part_id(exhibit),
        title=titled(exhibit),
        columns=heads,
        rows=rows,
        n=max((one.n for one in found), default=0),
        source=making.source,
        unit=exhibit.unit,
        notes=(
            *notes(exhibit),
            *((note,) if some else ()),
            *((BLANK,) if any(not one.said for one in found) else ()),
            *print_source(making, found),
        ),
        synthetic=making.synthetic,
    )


def notes(exhibit: Exhibit) -> tuple[str, ...]:
    """The exhibit's own note."""
    return (exhibit.note,) if exhibit.note else ()


def print_source(making: Making, rows: Sequence[Beside]) -> tuple[str, ...]:
    """Where the printed values stand, and what they rest on."""
    if not any(one.said for one in rows):
        return ()
    return (f"Printed: {making.file.paper.source}", *printed_ns(rows))


def part_id(exhibit: Exhibit) -> str:
    """The name of an exhibit's table in a report, which has tables of its own."""
    return f"paper-{exhibit.id}"


def titled(exhibit: Exhibit) -> str:
    """A title that says which table or figure of the paper this is.

    Examples
    --------
    >>> titled(Exhibit(id="figure-2", title="Use of systems", kind="shares"))
    'Figure 2 of the paper: Use of systems'
    """
    found = re.fullmatch(r"(table|figure)-(\d+)", exhibit.id)
    if found is None:
        return exhibit.title
    return f"{found[1].capitalize()} {found[2]} of the paper: {exhibit.title}"
