"""An audit as JSON: all records, the verdict table, and the fields that only a human can fill."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from scslab.core.audit import MACHINE, NOT_ADVICE, AuditReport, counts, worst
from scslab.report.audit_hypothetical import as_if

# What a machine cannot know; the owner of the rules and the auditor fill it in.
HUMAN_PARTS = (
    "auditor",
    "date_of_audit",
    "response_of_the_rule_owner",
    "residual_risk",
    "sign_off",
)


def audit_json(report: AuditReport) -> str:
    """The report as JSON text; the same report gives the same text."""
    return json.dumps(audit_data(report), indent=2, ensure_ascii=False) + "\n"


def audit_data(report: AuditReport) -> dict[str, Any]:
    """The report as plain data."""
    return {
        "schema": "audit/1",
        "says": NOT_ADVICE,
        "made_by": MACHINE,
        "version": report.version,
        "target": report.target,
        "filters": report.filters,
        "fails": bool(report.failed),
        "verdicts": verdict_table(report),
        "scope": [asdict(rules) for rules in report.scope],
        "left_out": [{"regime": id, "why": why} for id, why in report.left_out],
        "criteria": [asdict(c) for c in report.criteria],
        "elements": [asdict(e) for e in report.elements],
        "findings": [asdict(f) | {"response_of_the_rule_owner": ""} for f in report.findings],
        "not_applied": [asdict(n) for n in report.not_applied],
        "run": None if report.run is None else asdict(report.run) | {"synthetic": True},
        "impact": [asdict(row) for row in report.impact],
        "errors": [asdict(row) for row in report.errors],
        "human": dict.fromkeys(HUMAN_PARTS, ""),
    }


def verdict_table(report: AuditReport) -> list[dict[str, Any]]:
    """Criterion by group of rules of each regime: worst verdict, counts, whether hypothetical."""
    found = []
    for rules in report.scope:
        for criterion in report.criteria:
            for part in report.parts(rules.id):
                cell = report.cell(criterion.id, rules.id, part)
                if cell:
                    found.append(
                        {
                            "regime": rules.id,
                            "criterion": criterion.id,
                            "part": part,
                            "verdict": worst(cell),
                            "counts": counts(cell),
                            "hypothetical": as_if(criterion, rules),
                        }
                    )
    return found
