"""What a run adds to an audit: people hit, months, groups. Synthetic persons only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from scslab.core.audit import Finding
from scslab.core.audit_evidence import (
    Amount,
    ErrorRow,
    Evidence,
    GroupRate,
    ImpactRow,
    RunNote,
)
from scslab.evaluation.harm import measure_totals, totals
from scslab.evaluation.harm.totals import Collapsed, collapse, regroup

SMALLEST = 30  # persons of a group on file, on average; smaller groups are not compared
PER = 1000  # covered person-months
UNIT = "per 1,000 months on file"
# Column of the sums, what it is, unit.
LISTED = (
    ("entries", "put on its lists (one person can count twice)", "entries"),
    ("wrongful_entries", "of these on a false record", "entries"),
    ("listed_months", "time on its lists", "person-months"),
    ("wrongful_listed_months", "of this on a false record", "person-months"),
)
SCORED = (
    ("records", "records that counted", "records"),
    ("points_lost", "points lost", "points"),
)
OBJECTED = (
    ("objections", "objections", "objections"),
    ("decided", "of these decided", "objections"),
    ("late", "decided late", "objections"),
    ("rejected_wronged", "rejected although founded", "objections"),
)
BITTEN = (
    ("person_months", "time under the measure", "person-months"),
    ("wrongful_person_months", "of this on a false record", "person-months"),
    ("refused", "attempts refused", "attempts"),
    ("wrongful_refused", "of these of the wrongly listed", "attempts"),
)


@dataclass(frozen=True)
class RunTables:
    """The tables of a run, and what it was."""

    note: RunNote
    tallies: pd.DataFrame
    measures: pd.DataFrame
    groups: tuple[str, ...]
    months: int
    memo: dict[tuple[str, ...], tuple[GroupRate, ...]] = field(default_factory=dict)

    @cached_property
    def collapsed(self) -> Collapsed:
        """The tallies with the months summed away, once for all tables."""
        return collapse(self.tallies, self.groups)

    @cached_property
    def all(self) -> pd.DataFrame:
        """Sums per regime."""
        return totals(self.tallies).set_index("regime")

    @cached_property
    def split(self) -> dict[str, pd.DataFrame]:
        """Sums per regime and category, for each attribute; who has none of it is left out."""
        return {name: regroup(self.collapsed, [name]) for name in self.groups}

    @cached_property
    def bitten(self) -> pd.DataFrame:
        """Sums per regime and measure."""
        found = measure_totals(self.measures)
        return found.groupby(["regime", "measure"], observed=True).sum(numeric_only=True)

    @cached_property
    def bitten_split(self) -> dict[str, pd.DataFrame]:
        """Sums per regime, measure and category, for each attribute."""
        return {name: measure_totals(self.measures, [name]) for name in self.groups}


def evidence_of(finding: Finding, run: RunTables) -> Evidence | None:
    """What a run says of one finding; None where its regime was not in it, or nothing counted.

    A measure is told by itself; other rules by the whole regime.
    """
    regime = finding.regime
    if regime not in run.all.index:
        return None
    parts = finding.rule.split(".")
    if "effects" in parts or parts[0] == "rewards":
        return of_measure(regime, parts[-1], run)
    row = run.all.loc[regime]
    columns = list(LISTED) if finding.part.startswith("list") or finding.part == "remedies" else []
    if finding.part in ("score", "grades", "who"):
        columns += list(SCORED)
    if "objection" in finding.criterion or finding.criterion == "gdpr.contest":
        columns += list(OBJECTED)
    amounts = amounts_of(row, columns or LISTED)
    if not any(a.value for a in amounts):
        return None
    return Evidence(run.note.name, amounts, groups_of(regime, run))


def amounts_of(row: pd.Series, columns: Sequence[tuple[str, str, str]]) -> tuple[Amount, ...]:
    """Some sums in words."""
    return tuple(Amount(says, float(row[name]), unit) for name, says, unit in columns)


def of_measure(regime: str, measure: str, run: RunTables) -> Evidence | None:
    """A measure: months, refusals, and the groups hit most."""
    if (regime, measure) not in run.bitten.index:
        return None
    row = run.bitten.loc[(regime, measure)]
    if (regime, measure) not in run.memo:
        groups = []
        for name in run.groups:
            hit = run.bitten_split[name]
            rows = hit[(hit["regime"] == regime) & (hit["measure"] == measure)]
            months = rows.groupby(name, observed=True)["person_months"].sum()
            groups += extremes(name, months, on_file(regime, name, run), run.months)
        run.memo[(regime, measure)] = tuple(groups)
    return Evidence(run.note.name, amounts_of(row, BITTEN), run.memo[(regime, measure)])


def on_file(regime: str, name: str, run: RunTables) -> pd.Series:
    """Months on file of each category."""
    rows = run.split[name]
    rows = rows[rows["regime"] == regime]
    return rows.groupby(name, observed=True)["covered_months"].sum()


def groups_of(regime: str, run: RunTables) -> tuple[GroupRate, ...]:
    """For each attribute the category listed most and least."""
    if (regime,) not in run.memo:
        found = []
        for name in run.groups:
            rows = run.split[name]
            rows = rows[rows["regime"] == regime]
            months = rows.groupby(name, observed=True)["listed_months"].sum()
            found += extremes(name, months, on_file(regime, name, run), run.months)
        run.memo[(regime,)] = tuple(found)
    return run.memo[(regime,)]


def extremes(attribute: str, hit: pd.Series, covered: pd.Series, months: int) -> list[GroupRate]:
    """The categories with the highest and the lowest rate; none where fewer than two compare."""
    kept = covered[covered >= SMALLEST * months]
    if len(kept) < 2:
        return []
    rates = hit.reindex(kept.index).fillna(0) / kept * PER
    most, least = rates.idxmax(), rates.idxmin()
    if not rates[most] > 0:
        return []
    persons = (kept / months).round().astype(int)
    return [
        GroupRate(
            attribute,
            str(most),
            float(rates[most]),
            int(persons[most]),
            str(least),
            float(rates[least]),
            int(persons[least]),
            UNIT,
        )
    ]


def impact_rows(regimes: Sequence[str], run: RunTables) -> tuple[ImpactRow, ...]:
    """Listed months of every group of every audited regime in the run."""
    found = []
    for name, frame in run.split.items():
        for row in frame.to_dict("records"):
            if row["regime"] in regimes and row["listed_months"] and row["covered_months"]:
                found.append(
                    ImpactRow(
                        str(row["regime"]),
                        name,
                        str(row[name]),
                        int(row["covered_months"]),
                        int(row["listed_months"]),
                        int(row["wrongful_listed_months"]),
                    )
                )
    return tuple(sorted(found, key=lambda r: list(regimes).index(r.regime)))


def error_rows(regimes: Sequence[str], run: RunTables) -> tuple[ErrorRow, ...]:
    """Errors and remedies of every audited regime in the run."""
    found = []
    for regime in regimes:
        if regime not in run.all.index:
            continue
        row = run.all.loc[regime]
        decided = int(row["decided"])
        found.append(
            ErrorRow(
                regime=regime,
                entries=int(row["entries"]),
                wrongful_entries=int(row["wrongful_entries"]),
                told=int(row["told"]),
                objections=int(row["objections"]),
                corrected_wronged=int(row["corrected_wronged"]),
                rejected_wronged=int(row["rejected_wronged"]),
                decided=decided,
                months_waited=float(row["months_waited"]) / decided if decided else 0.0,
            )
        )
    return tuple(found)
