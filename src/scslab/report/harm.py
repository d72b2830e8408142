"""The sections of the report on harm and fairness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from scslab.core.harm import FOUR_FIFTHS, ErrorRate, HarmReport, ImpactRatio
from scslab.report import charts_harm, harm_tables, parts, words
from scslab.report.charts_harm import Dot, Panel
from scslab.report.harm_tables import attribute_name, group_name, rate
from scslab.report.parts import Block

WIDEST_RATIO = 1.25  # intervals that go further are cut


def harm(report: HarmReport | None, names: Mapping[str, str]) -> tuple[Block, ...]:
    """Who is harmed how much, by error and by rule; what is gained."""
    if report is None or not report.whole:
        return ()
    blocks = [
        parts.text(
            "Harm is counted whether it comes of an error or of the rules: a listing costs whoever "
            "is rightly listed, too. A listing is wrongful where its record tells of another's act "
            "or of none, which only a synthetic society knows. There is no sum of these figures; "
            "what outweighs what is for the reader to say."
        ),
        parts.table(harm_tables.whole(report.whole)),
    ]
    if report.mixed:
        found = words.listed(names.get(name, name) for name in report.mixed)
        blocks.append(
            parts.text(
                f"{found} {'keeps' if len(report.mixed) == 1 else 'keep'} lists of praise beside "
                "lists of sanctions; listings there, and months on a list, count both."
            )
        )
    if len({line.regime for line in report.systems}) > 1:
        blocks.append(parts.table(harm_tables.systems(report.systems, names)))
    return tuple(blocks)


def fairness(report: HarmReport | None) -> tuple[Block, ...]:
    """Groups side by side: impact ratios, error rates, questions."""
    if report is None or not report.groups:
        return ()
    blocks = [
        parts.text(
            "Persons only, all systems together. Groups differ here because the study lets them "
            "differ: in what they do, in what is seen of them, in where systems exist and whom "
            "they admit. The intervals tell the luck of one run only."
        )
    ]
    if any(row.shown for row in report.ratios):
        blocks.append(ratio_figure(report.ratios))
    if any(row.shown for row in report.errors):
        blocks.append(error_figure(report.errors))
    if report.capital:
        blocks.append(parts.text(report.capital))
    if report.contrasts:
        blocks.append(parts.table(harm_tables.contrasts(report.contrasts)))
    blocks.append(parts.table(harm_tables.groups(report.groups)))
    return tuple(blocks)


def ratio_figure(rows: Sequence[ImpactRatio]) -> Block:
    """The impact ratios of each quantity in a panel."""
    panels = []
    for quantity in dict.fromkeys(row.quantity for row in rows if row.shown):
        drawn = [row for row in rows if row.quantity == quantity and row.shown]
        dots = tuple(
            Dot(
                attribute_name(row.group),
                group_name(row.group),
                row.ratio,
                row.low,
                row.high,
                row.group == row.best,
            )
            for row in drawn
        )
        marks = ((1.0, ""), (FOUR_FIFTHS, "4,3"))
        panels.append(Panel(drawn[0].says, dots, WIDEST_RATIO, marks=marks))
    left_out = len({row.group for row in rows if not row.shown})
    note = (
        "Ratio: how a group fares beside the best-treated one, an open diamond at 1: its rate over "
        "the best rate for benefits, the inverse for harms, so that less than 1 is always worse. "
        f"Dashed line: four fifths ({FOUR_FIFTHS}), a line known from rules on hiring, not a "
        "verdict. Line through a dot: 95% interval, cut at the edge."
    )
    if left_out:
        note += f" Too few events are expected of {words.plural(left_out, 'group')} to be drawn."
    return parts.figure(
        partial(charts_harm.dot_panels, panels, order_of(rows), in_words("Impact ratios", panels)),
        title="Impact ratios by group",
        unit="ratio to the best-treated group",
        n=person_years(rows),
        note=note,
        table=harm_tables.ratios(rows),
    )


def error_figure(rows: Sequence[ErrorRate]) -> Block:
    """The error rates of each kind in a panel."""
    panels = []
    for quantity in dict.fromkeys(row.quantity for row in rows if row.shown):
        drawn = [row for row in rows if row.quantity == quantity and row.shown]
        dots = tuple(
            Dot(
                attribute_name(row.group),
                group_name(row.group),
                row.rate,
                row.low,
                row.high,
                row.group == row.least,
            )
            for row in drawn
        )
        unit = drawn[0].unit
        title = drawn[0].says + ("" if unit == "share" else f", {unit}")
        panels.append(Panel(title, dots, charts_harm.top_of(dots), unit == "share"))
    return parts.figure(
        partial(charts_harm.dot_panels, panels, order_of(rows), in_words("Error rates", panels)),
        title="Error rates by group",
        unit="as named above each panel",
        n=person_years(rows),
        note="Open diamond: the group that is wronged least, of those large enough. Line through "
        "a dot: 95% interval, cut at the edge. Equal error rates would stand below each other.",
        table=harm_tables.errors(rows),
    )


def order_of(rows: Sequence[ImpactRatio] | Sequence[ErrorRate]) -> list[tuple[str, str]]:
    """All groups, as headings and labels, in their order."""
    return list(dict.fromkeys((attribute_name(r.group), group_name(r.group)) for r in rows))


def person_years(rows: Sequence[ImpactRatio] | Sequence[ErrorRate]) -> str:
    """Person-years of the first trait, whose groups hold all persons."""
    yearly = [row for row in rows if "person-year" in row.unit]
    first = [row for row in yearly if attribute_name(row.group) == attribute_name(yearly[0].group)]
    quantity = first[0].quantity if first else ""
    years = sum(row.n for row in first if row.quantity == quantity)
    return f"{words.count(years)} person-years" if years else "see table"


def in_words(what: str, panels: Sequence[Panel]) -> str:
    """The figure for those who do not see it."""
    said = [
        f"{panel.title}: "
        + "; ".join(
            f"{one.heading} {one.label} {rate(one.value, 'share' if panel.share else '')}"
            for one in panel.dots
        )
        for panel in panels
    ]
    return f"{what} by group. {'. '.join(said)}"
