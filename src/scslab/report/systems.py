"""Sections of runs with many systems: all at a glance, inspections, oversight, variants."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from scslab.core.results import InspectionLine, RunSummary, SystemLine, VariantRow
from scslab.report import glance, parts, words
from scslab.report.parts import Block, Table
from scslab.report.words import NONE, count, number, plural, share

BASE = "as it stands"
FEW = 4  # more systems than these get a common figure, and only some one of their own
DRAWN = 2
NOTABLE = 0.05  # a smaller relative difference is left to the table
FEWEST = 20  # breaches found below which a yield is largely chance


def with_lists(run: RunSummary) -> set[str]:
    """The regimes whose lists get figures of their own: all of a few, else the most wrongful."""
    return most(run, lambda line: (line.wrongful_entries, line.entries))


def with_scores(run: RunSummary) -> set[str]:
    """The regimes whose scores get figures of their own: all of a few, else the busiest."""
    return most(run, lambda line: line.records * (line.mean_score is not None))


def most(run: RunSummary, size: Callable[[SystemLine], Any]) -> set[str]:
    """All of a few regimes, or the largest by some size."""
    lines = run.systems
    if len(lines) <= FEW:
        return {line.regime for line in lines} or {r.id for r in run.regimes}
    return {line.regime for line in sorted(lines, key=size, reverse=True)[:DRAWN]}


def at_a_glance(run: RunSummary, called: dict[str, str]) -> tuple[Block, ...]:
    """All systems of a run in one figure and one table."""
    rows = run.systems
    if len(rows) < 2:
        return ()
    blocks = []
    if len(rows) > FEW:
        drawn = [row for row in rows if row.records]
        blocks.append(
            parts.text(
                f"{plural(len(rows), 'system')} ran side by side; figures of their own are drawn "
                f"for the {DRAWN} with most wrongful entries and the {DRAWN} scores with most "
                "records."
            )
        )
        if drawn:
            blocks.append(
                parts.figure(
                    partial(glance.systems, drawn, called),
                    title="Records and list entries of each system, whole run",
                    unit="simulated records and entries, logarithmic",
                    n=plural(sum(row.records for row in drawn), "record"),
                    note="Dots: records, entries on a list, wrongful entries. Systems without "
                    "records are in the table only.",
                )
            )
    if run.lists_held:
        total = sum(run.lists_held)
        several = sum(run.lists_held[1:])
        blocks.append(
            parts.text(
                f"At the end {plural(total, 'simulated person')} stood on at least one blacklist, "
                f"{count(several)} of them on those of two or more systems. Organisations are not "
                "among them."
            )
        )
    return (*blocks, parts.table(systems_table(rows, called)))


def systems_table(rows: Sequence[SystemLine], called: dict[str, str]) -> Table:
    """A row for each system."""
    head = (
        "System",
        "Rated#",
        "Records#",
        "False#",
        "Entries#",
        "Wrongful#",
        "Listed#",
        "Mean score#",
        "Refused#",
    )
    body = tuple(
        (
            f"{called.get(row.regime, row.regime)}\n{row.kind}; {row.subjects}",
            count(row.rated),
            count(row.records),
            share(row.false_records / row.records) if row.records else NONE,
            count(row.entries) if row.entries else NONE,
            count(row.wrongful_entries) if row.entries else NONE,
            count(row.listed) if row.entries else NONE,
            number(row.mean_score, 1) if row.mean_score is not None else NONE,
            count(row.refused) if row.refused else NONE,
        )
        for row in rows
    )
    note = (
        "Counts of simulated subjects and records over the whole run; rated, listed and mean score "
        "at its end. False: share of records that rest on another's act or on none. Lists are "
        "blacklists and redlists together."
    )
    return Table("All systems at a glance", head, body, note)


def inspections(run: RunSummary, called: dict[str, str]) -> tuple[Block, ...]:
    """Visits by grade and what they found, in the study and in its variants."""
    if not run.inspections:
        return ()
    whole = [row for row in run.inspections if row.grade == "all" and row.found >= FEWEST]
    blocks = []
    if len(whole) > 1:
        blocks.append(
            parts.figure(
                partial(glance.yields, whole, called),
                title="Breaches found per 1,000 visits",
                unit="breaches per 1,000 expected visits; line: 95% Poisson interval",
                n=plural(whole[0].found, "breach", "breaches") + f" found in {whole[0].variant}",
            )
        )
    return (*blocks, parts.table(inspections_table(run.inspections, called)))


def inspections_table(rows: Sequence[InspectionLine], called: dict[str, str]) -> Table:
    """A row for each grade, and one for all together."""
    head = ("Grade", "Organisation-years#", "Visits#", "Visits a year#", "Found#", "Per 1,000#")
    body: list[tuple[str, ...]] = []
    for owner in dict.fromkeys((row.variant, row.regime) for row in rows):
        body.append((f"{called.get(owner[1], owner[1])}, {owner[0]}",))
        body += [
            (
                row.grade,
                count(row.organisation_years),
                count(row.visits),
                number(row.visits / row.organisation_years) if row.organisation_years else NONE,
                count(row.found),
                number(1000 * row.found / row.visits, 1) if row.visits else NONE,
            )
            for row in rows
            if (row.variant, row.regime) == owner
        ]
    note = "Visits are expected values: grade by grade, organisations times the rate of the grade."
    return Table("Inspections and what they found", head, tuple(body), note)


def oversight(run: RunSummary, called: dict[str, str]) -> tuple[Block, ...]:
    """What oversight stopped."""
    if not run.events:
        return ()
    body = tuple(
        (
            words.month_name(row.month),
            called.get(row.regime, row.regime),
            row.what,
            row.why,
            row.variant,
        )
        for row in run.events
    )
    head = ("From", "System", "What fell", "Why", "Where")
    note = f'Where: "{BASE}" is the study itself, else the name of a variant.'
    return (parts.table(Table("What oversight stopped", head, body, note)),)


def variants(run: RunSummary, called: dict[str, str]) -> tuple[Block, ...]:
    """The study beside its variants."""
    if not run.variants:
        return ()
    blocks = [
        parts.text(
            "Each variant ran with the same society and the same luck, so what differs is due to "
            "the change alone."
        ),
        *(parts.text(f"“{name}”: {words.one_line(text)}") for name, text in run.variants),
    ]
    together = [row for row in run.variant_rows if in_figure(row)]
    names = tuple(name for name, _ in run.variants)
    if together:
        blocks.append(
            parts.figure(
                partial(glance.variants, together, names),
                title="Variants relative to the study as it stands",
                unit="ratio, logarithmic",
                n=plural(len(together), "figure"),
                note="At 1 the variant gives the same figure as the study. Figures that no variant "
                "changes by a twentieth are in the table only.",
            )
        )
    return (*blocks, parts.table(variants_table(run.variant_rows, names, called)))


def in_figure(row: VariantRow) -> bool:
    """Whether a figure is drawn: of all systems together, or a yield, and changed by a variant."""
    base = row.values[0]
    if not base or (row.regime and not row.figure.startswith("breaches found")):
        return False
    return any(v is None or abs(v / base - 1) >= NOTABLE for v in row.values)


def variants_table(
    rows: Sequence[VariantRow], names: Sequence[str], called: dict[str, str]
) -> Table:
    """A row for each figure: all systems together, then each system whose figures differ."""
    head = ("Figure", f"{BASE}#", *(f"{name}#" for name in names))
    body: list[tuple[str, ...]] = []
    for regime in dict.fromkeys(row.regime for row in rows):
        mine = [row for row in rows if row.regime == regime]
        if regime and all(len(set(row.values)) == 1 for row in mine):
            continue
        body.append((called.get(regime, regime) if regime else "All systems together",))
        body += [
            (row.figure, *(NONE if v is None else number(v, 1) for v in row.values)) for row in mine
        ]
    note = "Simulated counts over the whole run. Systems that nothing changed are left out."
    return Table("The study and its variants", head, tuple(body), note)
