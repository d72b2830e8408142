"""What a run adds to findings: counted from its tables, of synthetic persons."""

import dataclasses

import pandas as pd
import pytest

from scslab.core.audit_evidence import RunNote
from scslab.core.tables import FLOWS, STOCKS
from scslab.evaluation.audit import RunTables, audit, read_rule_file
from scslab.regimes.load import library

NAME = "cn-spc-judgment-debtors"


def tallies() -> pd.DataFrame:
    """Two months, two sexes: 1,000 women and 3,000 men on file."""
    rows = []
    for month in ("2019-01", "2019-02"):
        for sex, covered, listed, wrongful, entries in (
            ("female", 1000, 10, 4, 6),
            ("male", 3000, 15, 0, 9),
        ):
            counts = dict.fromkeys((*FLOWS, *STOCKS), 0)
            counts |= {
                "covered": covered,
                "listed": listed,
                "wrongful_listed": wrongful,
                "entries": entries,
                "wrongful_entries": wrongful // 2,
                "told": entries,
                "objections": 2,
                "decided": 2,
                "months_waited": 5,
                "corrected_wronged": 1,
            }
            rows.append({"regime": NAME, "month": month, "sex": sex, **counts})
    return pd.DataFrame(rows)


def measures() -> pd.DataFrame:
    rows = [
        {
            "regime": NAME,
            "month": month,
            "sex": sex,
            "measure": "flights",
            "comes_of": "blacklist",
            "person_months": months,
            "refused": 3,
            "wrongful_person_months": wrongful,
            "wrongful_refused": 1,
        }
        for month in ("2019-01", "2019-02")
        for sex, months, wrongful in (("female", 10, 4), ("male", 12, 0))
    ]
    return pd.DataFrame(rows)


@pytest.fixture
def tables() -> RunTables:
    note = RunNote(
        "made-up-1", "made-up", "1", "2019-01 to 2019-02", 4000, {NAME: "the same rules"}
    )
    return RunTables(note, tallies(), measures(), ("sex",), 2)


def test_a_measure_gets_months_refusals_and_groups(tables: RunTables) -> None:
    report = audit([read_rule_file(library()[NAME])], run=tables)
    f = next(
        f
        for f in report.findings
        if f.rule == "lists.dishonest.effects.flights" and f.criterion == "cn.related"
    )
    assert f.evidence is not None and f.evidence.run == "made-up-1"
    assert [(a.value, a.unit) for a in f.evidence.amounts] == [
        (44.0, "person-months"),
        (8.0, "person-months"),
        (12.0, "attempts"),
        (4.0, "attempts"),
    ]
    group = f.evidence.groups[0]
    # 20 of 2,000 months against 24 of 6,000.
    assert (group.most, group.most_rate, group.most_n) == ("female", 10.0, 1000)
    assert (group.least, group.least_rate, group.least_n) == ("male", 4.0, 3000)


def test_other_rules_get_the_whole_regime(tables: RunTables) -> None:
    report = audit([read_rule_file(library()[NAME])], run=tables)
    f = next(f for f in report.findings if f.criterion == "cn.reasons")
    assert f.evidence is not None
    assert [a.value for a in f.evidence.amounts] == [30.0, 4.0, 50.0, 8.0]
    late = next(f for f in report.findings if f.criterion == "cn.objection-deadline")
    assert late.evidence is not None
    assert "objections" in [a.unit for a in late.evidence.amounts]


def test_impact_and_errors(tables: RunTables) -> None:
    report = audit([read_rule_file(library()[NAME])], run=tables)
    assert [
        (r.category, r.covered_months, r.listed_months, r.wrongful_months) for r in report.impact
    ] == [
        ("female", 2000, 20, 8),
        ("male", 6000, 30, 0),
    ]
    row = report.errors[0]
    assert (row.entries, row.wrongful_entries, row.told, row.objections) == (30, 4, 30, 8)
    assert (row.decided, row.months_waited, row.corrected_wronged) == (8, 2.5, 4)
    assert report.run is not None and report.run.name == "made-up-1"


def test_evidence_changes_no_verdict(tables: RunTables) -> None:
    files = [read_rule_file(library()[NAME])]
    with_run, without = audit(files, run=tables), audit(files)
    bare = tuple(dataclasses.replace(f, evidence=None) for f in with_run.findings)
    assert bare == without.findings
    assert not without.impact and not without.errors


def test_a_regime_that_was_not_in_the_run_gets_none(tables: RunTables) -> None:
    report = audit([read_rule_file(library()["cn-sesame"])], run=tables)
    assert not [f for f in report.findings if f.evidence is not None]


def test_small_groups_are_not_compared(tables: RunTables) -> None:
    few = tallies()
    few.loc[few["sex"] == "female", "covered"] = 20
    small = dataclasses.replace(tables, tallies=few, memo={})
    report = audit([read_rule_file(library()[NAME])], run=small)
    assert all(not f.evidence.groups for f in report.findings if f.evidence is not None)
