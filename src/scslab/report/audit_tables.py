"""The tables of an audit: verdicts by rule and by regime, elements, impact, errors."""

from __future__ import annotations

from dataclasses import dataclass

from scslab.core.audit import AuditReport, Criterion, Verdict, worst
from scslab.core.audit_evidence import ErrorRow, ImpactRow
from scslab.report import audit_words as say
from scslab.report import words

SMALLEST = 30  # persons; the rate of a smaller group is not shown


@dataclass(frozen=True)
class Cell:
    """One cell of a verdict table: the worst verdict, and the words around it."""

    verdict: Verdict | None
    text: str
    letter: str
    of: str
    long: str


@dataclass(frozen=True)
class VerdictRow:
    """A row of a verdict table."""

    head: str
    criterion: Criterion | None
    cells: tuple[Cell, ...]


def cell(report: AuditReport, criterion: str, regime: str, part: str = "") -> Cell:
    """One cell."""
    found = report.cell(criterion, regime, part)
    verdict = worst(found)
    if verdict is None:
        return Cell(None, words.NONE, words.NONE, "", say.NONE)
    number = sum(f.verdict == verdict for f in found)
    of = f"{number} of {len(found)} rules" if len(found) > 1 else ""
    return Cell(verdict, verdict, say.LETTERS[verdict], of, say.cell(found, True))


def verdict_rows(report: AuditReport) -> list[VerdictRow]:
    """Criterion by group of rules, for the first regime; criteria that do not apply left out."""
    regime = report.scope[0].id
    parts = report.parts(regime)
    rows = []
    for criterion in report.criteria:
        cells = tuple(cell(report, criterion.id, regime, part) for part in parts)
        if any(c.verdict for c in cells):
            rows.append(VerdictRow(criterion.id, criterion, cells))
    return rows


def matrix(report: AuditReport) -> list[VerdictRow]:
    """Regime by criterion."""
    return [
        VerdictRow(rules.id, None, tuple(cell(report, c.id, rules.id) for c in report.criteria))
        for rules in report.scope
    ]


def element_rows(report: AuditReport) -> list[tuple[str, tuple[str, ...]]]:
    """Rule by element of Art. 5(1)(c), for the rules where the ban may bite."""
    names = [e.id for e in report.elements if e.id != "system"]
    found: dict[str, dict[str, str]] = {}
    for f in report.of("not met", "partly", "needs a lawyer"):
        if f.elements:
            rule = f.rule if len(report.scope) == 1 else f"{f.regime}: {f.rule}"
            found.setdefault(rule, {}).update({e.id: e.there for e in f.elements})
    return [
        (rule, tuple(there.get(name, "not there") for name in names))
        for rule, there in found.items()
    ]


@dataclass(frozen=True)
class ImpactTable:
    """Listed months by category of one attribute, for one regime."""

    regime: str
    attribute: str
    rows: tuple[tuple[str, str, str, str, str], ...]


def impact_tables(report: AuditReport) -> list[ImpactTable]:
    """Who is listed how long, by group; none without a run."""
    found: dict[tuple[str, str], list[ImpactRow]] = {}
    for row in report.impact:
        found.setdefault((row.regime, row.attribute), []).append(row)
    return [
        ImpactTable(regime, attribute, tuple(impact_row(r) for r in rows))
        for (regime, attribute), rows in found.items()
    ]


def impact_row(row: ImpactRow) -> tuple[str, str, str, str, str]:
    """Category, months on file, listed, per 1,000, wrongly."""
    small = row.covered_months < SMALLEST
    rate = words.NONE if small else words.number(1000 * row.listed_months / row.covered_months)
    return (
        row.category,
        words.count(row.covered_months),
        words.count(row.listed_months),
        rate,
        words.count(row.wrongful_months),
    )


def error_table(report: AuditReport) -> list[tuple[str, ...]]:
    """Errors and remedies, a row for each regime; none without a run."""
    return [error_row(row) for row in report.errors]


def error_row(row: ErrorRow) -> tuple[str, ...]:
    """Regime, entries, of these wrongful, told, objections, corrected, rejected, mean wait."""
    told = words.NONE if row.told is None else words.count(row.told)
    return (
        row.regime,
        words.count(row.entries),
        words.count(row.wrongful_entries),
        told,
        words.count(row.objections),
        words.count(row.corrected_wronged),
        words.count(row.rejected_wronged),
        f"{words.number(row.months_waited)} months" if row.decided else words.NONE,
    )
