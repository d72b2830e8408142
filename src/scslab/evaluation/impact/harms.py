"""Tables of harm and error in a draft: over the whole run, scaled, and by group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from scslab.core.impact import MachinePart
from scslab.core.printed import Cell, Column, Form, Row, Suppressed
from scslab.evaluation.harm import QUANTITIES, SMALLEST_N
from scslab.evaluation.impact.counted import covered_attributes
from scslab.evaluation.impact.figures import SUBJECT, Figures, categories, harm_by, weights
from scslab.evaluation.impact.say import count, of_table, plural, table, title

# What is shown by group, where it happened at all; the rest is in the table of the whole.
BY_GROUP = (
    "wrongful_entries",
    "wrongful_share",
    "false_records",
    "listed_months",
    "wrongful_months",
    "wrongful_refused",
    "lost_credit_months",
    "lost_post_months",
    "never_corrected",
    "hardship_months",
    "missed_share",
    "points_lost",
)
HARMFUL = ("harm", "error")
HIDDEN = Suppressed(SMALLEST_N)


def harm_tables(found: Figures) -> Iterator[MachinePart]:
    """Every harm and error that happened: counts per person-years, means and shares apart."""
    happened, zero = happenings(found)
    shares = happened["quantity"].map(is_share).astype(bool)
    tables: tuple[tuple[str, str, pd.DataFrame, Form], ...] = (
        ("harm", "Harm over the whole run", happened[~shares], "number"),
        (
            "harm-shares",
            "Errors and missed corrections over the whole run",
            happened[shares],
            "share",
        ),
    )
    for name, heading, rows, form in tables:
        if not len(rows):
            continue
        body = [
            Row((said(row.quantity), row.amount, row.n, *rate_cells(row)))
            for row in rows.itertuples()
        ]
        made = table(
            found,
            name,
            heading,
            (Column("quantity", "Risk of harm, with its unit"), *rate_columns(form)),
            body,
            found.count("covered_months"),
            unit="named in each row",
            notes=(
                "Count: simulated. Base: what the rate is a rate of (person-years, listings, "
                "records, objections)",
                "Intervals hold the luck of this one run, not what the assumptions may be wrong by",
                *(zero_note(zero) if form == "number" else ()),
            ),
        )
        n = plural(found.count("covered_months"), "covered subject-month")
        yield of_table(found, "tallies, measures", made, n, "95 %")


def happenings(found: Figures) -> tuple[pd.DataFrame, list[str]]:
    """The harms and errors that happened, and the names of those that did not."""
    rows = found.harm[found.harm["kind"].isin(HARMFUL)]
    happened = rows[(rows["n"] > 0) & (rows["amount"] > 0)]
    zero = [q for q in rows["quantity"] if q not in set(happened["quantity"])]
    return happened, zero


def is_share(quantity: str) -> bool:
    """Whether a quantity is a share between 0 and 1."""
    return QUANTITIES[quantity].unit == "share"


def rate_columns(form: Form) -> tuple[Column, ...]:
    """Count, base, rate and interval."""
    return (
        Column("count", "Count", "count"),
        Column("n", "Base, n", "count"),
        Column("rate", "Rate", form, None if form == "share" else 2),
        Column("low", "95% interval from", form, None if form == "share" else 2),
        Column("high", "to", form, None if form == "share" else 2),
    )


def said(quantity: str) -> str:
    """A quantity in words, with its unit."""
    one = QUANTITIES[quantity]
    return one.says if is_share(quantity) else f"{one.says} ({one.unit})"


def rate_cells(row: Any) -> tuple[Cell, ...]:
    """Rate and interval of a row of harm, hidden where they rest on too few."""
    return (row.rate, row.low, row.high) if row.shown else (HIDDEN,) * 3


def zero_note(zero: Sequence[str]) -> tuple[str, ...]:
    """Which harms did not happen in this run, or could not."""
    names = "; ".join(QUANTITIES[quantity].says for quantity in zero)
    return (f"None in this run, or nothing to count them by: {names}",) if names else ()


def harm_scaled(found: Figures) -> MachinePart:
    """The counts of harm, scaled to the real subjects for whom the simulated ones stand."""
    both = SUBJECT in covered_attributes(found)
    kinds = harm_by(found, SUBJECT) if both else None
    body = []
    for row in happenings(found)[0].itertuples():
        scaled = row.amount * float(found.manifest["scale"])
        if kinds is not None:
            mine = kinds[kinds["quantity"] == row.quantity]
            scaled = float((mine["amount"] * weights(found, mine)).sum())
        body.append(Row((QUANTITIES[row.quantity].says, row.amount, scaled)))
    made = table(
        found,
        "harm-scaled",
        "The same counts, scaled to the real population",
        (
            Column("quantity", "Risk of harm"),
            Column("count", "Count, simulated", "count"),
            Column("real", "Count, scaled to real", "count"),
        ),
        body,
        found.count("covered_months"),
        unit="events or subject-months",
        notes=("Scaled: what the count would be if the assumptions held for the real population",),
    )
    n = plural(found.count("covered_months"), "covered subject-month")
    return of_table(found, "tallies, measures", made, n)


def harm_groups(found: Figures) -> Iterator[MachinePart]:
    """A table for each main harm that happened, by every attribute."""
    happened = happenings(found)[0].set_index("quantity")
    frames = {attribute: harm_by(found, attribute) for attribute in covered_attributes(found)}
    for quantity in BY_GROUP:
        if quantity not in happened.index or not happened.loc[quantity].shown:
            continue
        whole = happened.loc[quantity]
        body = list(group_rows(found, frames, quantity))
        body.append(Row(("All", whole.amount, whole.n, *rate_cells(whole)), "foot"))
        one = QUANTITIES[quantity]
        made = table(
            found,
            f"by-{quantity.replace('_', '-')}",
            f"By group: {one.says[:1].lower()}{one.says[1:]}",
            (Column("group", "Group"), *rate_columns("share" if is_share(quantity) else "number")),
            body,
            round(whole.n),
            unit="share of the base" if is_share(quantity) else one.unit,
        )
        n = f"{count(whole.n)}, the base of the rate"
        yield of_table(found, "tallies, measures", made, n, "95 %")


def group_rows(found: Figures, frames: dict[str, pd.DataFrame], quantity: str) -> Iterator[Row]:
    """A heading for each attribute and a row for each of its categories with a base."""
    for attribute, frame in frames.items():
        mine = frame[(frame["quantity"] == quantity) & (frame["n"] > 0)]
        if not len(mine):
            continue
        yield Row((title(attribute),), "heading")
        for category in categories(found, attribute):
            for row in mine[mine[attribute].astype(str) == category].itertuples():
                yield Row((category, row.amount, row.n, *rate_cells(row)))
