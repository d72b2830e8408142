"""An audit as SARIF 2.1.0, which code hosts and editors show beside the lines of the rules."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from scslab.core.audit import NOT_ADVICE, AuditReport, Criterion, Finding, Verdict

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
HOME = "https://pypi.org/project/scslab/"
# SARIF wants the level "none" wherever the kind is not "fail" (3.27.10). What needs a lawyer is a
# note, so that viewers show it; what cannot be tested is open, what is met passes.
LEVELS: dict[Verdict, tuple[str, str]] = {
    "not met": ("fail", "error"),
    "partly": ("fail", "warning"),
    "needs a lawyer": ("fail", "note"),
    "not testable": ("open", "none"),
    "met": ("pass", "none"),
}


def audit_sarif(report: AuditReport) -> str:
    """The report as SARIF text; rules are the criteria, results the findings."""
    return json.dumps(sarif_data(report), indent=2, ensure_ascii=False) + "\n"


def sarif_data(report: AuditReport) -> dict[str, Any]:
    """The report as a SARIF log of one run."""
    places = {c.id: i for i, c in enumerate(report.criteria)}
    files = {rules.file: rules for rules in report.scope}
    driver = {
        "name": "scslab audit",
        "version": report.version,
        "informationUri": HOME,
        "shortDescription": {"text": "Legal tests of rules that score or list"},
        "fullDescription": {"text": NOT_ADVICE},
        "rules": [rule(c) for c in report.criteria],
    }
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "artifacts": [
                    {
                        "location": {"uri": uri(name)},
                        "sourceLanguage": "yaml",
                        "hashes": {"sha-256": rules.sha256},
                    }
                    for name, rules in files.items()
                ],
                "results": [
                    result(f, report.criterion(f.criterion), places, list(files))
                    for f in report.findings
                ],
                "properties": {"notLegalAdvice": NOT_ADVICE, "target": report.target},
            }
        ],
    }


def rule(criterion: Criterion) -> dict[str, Any]:
    """One criterion as a rule of the tool."""
    source = criterion.sources[0]
    cited = "; ".join(f"{s.title}, {s.at} [{s.tag}]" for s in criterion.sources)
    return {
        "id": criterion.id,
        "name": camel(criterion.id),
        "shortDescription": {"text": f"{criterion.title} ({criterion.article})"},
        "fullDescription": {"text": criterion.says},
        "help": {
            "text": f"Met: {criterion.met}\nTested by: {criterion.test}\n"
            f"Source ({criterion.wording}): {cited}"
        },
        "helpUri": source.href,
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": [criterion.instrument], "inForceSince": criterion.since},
    }


def camel(id: str) -> str:
    """A name without dots and hyphens.

    Examples
    --------
    >>> camel("cn.objection-mark")
    'CnObjectionMark'
    """
    return "".join(word.capitalize() for word in id.replace(".", "-").split("-"))


def result(
    finding: Finding, criterion: Criterion, places: dict[str, int], files: list[str]
) -> dict[str, Any]:
    """One finding as a result."""
    kind, level = LEVELS[finding.verdict]
    text = f"{finding.verdict}: {criterion.title} ({criterion.article}). {finding.cause}"
    if finding.recommendation:
        text += f" {finding.recommendation}"
    return {
        "ruleId": finding.criterion,
        "ruleIndex": places[finding.criterion],
        "kind": kind,
        "level": level,
        "message": {"text": text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {
                        "uri": uri(finding.file),
                        "index": files.index(finding.file),
                    },
                    "region": {"startLine": finding.line},
                },
                "logicalLocations": [
                    {
                        "name": finding.rule.rsplit(".", 1)[-1],
                        "fullyQualifiedName": f"{finding.regime}.{finding.rule}",
                        "kind": "member",
                    }
                ],
            }
        ],
        "partialFingerprints": {"finding/v1": finding.id},
        "properties": {
            "verdict": finding.verdict,
            "confidence": finding.confidence,
            "ruleText": finding.rule_text,
            "condition": finding.condition,
            "elements": {e.id: e.there for e in finding.elements},
        },
    }


def uri(file: str) -> str:
    """A file as a URI: relative where it was given so, else with its scheme.

    Examples
    --------
    >>> uri("rules/my list/regime.yaml"), uri("/srv/regime.yaml")
    ('rules/my%20list/regime.yaml', 'file:///srv/regime.yaml')
    """
    quoted = quote(file)
    return f"file://{quoted}" if file.startswith("/") else quoted
