"""Tables of a draft that a run fills: who is covered, how often, what harm, what remedies did."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from scslab.core.impact import MachinePart
from scslab.core.printed import Cell, Column, Row
from scslab.evaluation.impact.figures import (
    SUBJECT,
    Figures,
    categories,
    last_month,
    real,
)
from scslab.evaluation.impact.say import of_table, plural, table, title


def covered_attributes(found: Figures) -> tuple[str, ...]:
    """The attributes of a table by groups; what kind of subject first, where there are two."""
    both = SUBJECT in found.tallies and found.tallies[SUBJECT].nunique() > 1
    return (SUBJECT, *found.groups) if both else found.groups


def sizes(found: Figures) -> MachinePart:
    """Subjects covered at the end of the run by group, as simulated and scaled to real ones."""
    rows = last_month(found)
    n = int(rows["covered"].sum())
    body: list[Row] = []
    for attribute in covered_attributes(found):
        body.append(Row((title(attribute),), "heading"))
        for category in categories(found, attribute):
            mine = rows[rows[attribute].astype(str) == category]
            covered = int(mine["covered"].sum())
            if covered:
                body.append(Row((category, *size_cells(found, mine, covered, n))))
    body.append(Row(("All covered", *size_cells(found, rows, n, n)), "foot"))
    columns = [
        Column("group", "Group"),
        Column("covered", "Covered, simulated", "count"),
        Column("share", "Share of covered", "share"),
        Column("real", "Covered, scaled to real", "count"),
    ]
    if found.regime.lists:
        columns.append(Column("listed", "Listed, simulated", "count"))
        columns.append(Column("listed_real", "Listed, scaled to real", "count"))
    month = found.manifest["last_month"]
    made = table(
        found,
        "sizes",
        f"Subjects covered at the end of {month}, by group",
        columns,
        body,
        n,
        unit="subjects",
        notes=(
            f"One simulated person stands for {found.manifest['scale']:,.1f} real ones",
            "Groups overlap: each subject is in one category of each attribute that applies to it",
        ),
    )
    return of_table(
        found, "tallies, last month", made, plural(n, "subject covered", "subjects covered")
    )


def size_cells(found: Figures, rows: pd.DataFrame, covered: int, n: int) -> tuple[Cell, ...]:
    """The cells of one group: covered, share, scaled, and where there are lists those listed."""
    cells: tuple[Cell, ...] = (covered, covered / n if n else None, real(found, rows, "covered"))
    if not found.regime.lists:
        return cells
    return (*cells, int(rows["listed"].sum()), real(found, rows, "listed"))


@dataclass(frozen=True)
class Step:
    """A flow as a row: its column, what it is."""

    column: str
    says: str


FREQUENCY = (
    Step("acts", "Acts that the rules speak about"),
    Step("records", "Records that reach the operator"),
    Step("entries", "Subjects listed"),
    Step("exits", "Subjects taken off a list"),
    Step("objections", "Objections"),
    Step("decided", "Objections decided"),
)


def frequency(found: Figures) -> MachinePart:
    """How often the system works: events in all, a month, and a month scaled to real subjects."""
    months = found.month_count
    body = [
        Row(
            (
                step.says,
                found.count(step.column),
                found.count(step.column) / months,
                real(found, found.tallies, step.column) / months,
            )
        )
        for step in FREQUENCY
        if found.count(step.column)
    ]
    columns = (
        Column("event", "Event"),
        Column("count", "In all, simulated", "count"),
        Column("monthly", "A month, simulated", "number", 1),
        Column("real", "A month, scaled to real", "count"),
    )
    n = found.count("records")
    heading = f"Events in {plural(months, 'month')}"
    made = table(found, "frequency", heading, columns, body, n, unit="events")
    return of_table(found, "tallies", made, plural(n, "record"))
