"""What all forms of an audit report share: words for scope, cells, marks and groups."""

from __future__ import annotations

from scslab.core.audit import (
    AuditedRules,
    AuditReport,
    Criterion,
    Finding,
    Group,
    Verdict,
    counts,
    grouped,
    worst,
)
from scslab.core.audit_evidence import Evidence, GroupRate
from scslab.core.cards import RowLine
from scslab.report import words

# A mark that can be told without colour, and one letter for narrow tables.
MARKS: dict[Verdict, str] = {
    "not met": "✗",
    "partly": "◐",
    "needs a lawyer": "§",
    "not testable": "?",
    "met": "✓",
}
LETTERS: dict[Verdict, str] = {
    "not met": "N",
    "partly": "P",
    "needs a lawyer": "L",
    "not testable": "T",
    "met": "M",
}
MEANS: dict[Verdict, str] = {
    "not met": "the rule fails the test, or the file does not declare what it must",
    "partly": "part of what the criterion asks for is there",
    "needs a lawyer": "the answer turns on a question that a machine cannot decide",
    "not testable": "the file does not say enough to tell",
    "met": "the rule passes this test; it may fail in practice",
}
NONE = "does not apply"


def title(report: AuditReport) -> str:
    """The title of a report."""
    if len(report.scope) == 1:
        return f"Audit of {report.scope[0].name}"
    return f"Audit of {len(report.scope)} regimes"


def cell(findings: tuple[Finding, ...], all_counts: bool = False) -> str:
    """A cell of the verdict table in words: the worst verdict, and how many rules have it."""
    if not findings:
        return words.NONE
    found = counts(findings)
    if all_counts and len(findings) > 1:
        return ", ".join(f"{v} {n}" for v, n in found.items())
    verdict = next(iter(found))
    return f"{verdict} ({found[verdict]} of {len(findings)})" if len(findings) > 1 else verdict


def day_words(rules: AuditedRules) -> str:
    """Which rules were read."""
    laid = f", with the safeguards {rules.safeguards}" if rules.safeguards else ""
    return f"rules of {rules.day} ({rules.why_day}){laid}"


def instruments(report: AuditReport) -> list[tuple[str, list[Criterion]]]:
    """Criteria under their instruments."""
    found: dict[str, list[Criterion]] = {}
    for criterion in report.criteria:
        found.setdefault(criterion.instrument, []).append(criterion)
    return list(found.items())


def groups_of(report: AuditReport, *verdicts: Verdict) -> tuple[Group, ...]:
    """Findings of some verdicts that say the same, together."""
    return grouped(report.of(*verdicts))


def rules_words(group: Group, most: int = 8) -> str:
    """The rules of a group, without what they share."""
    rules = list(group.rules)
    if len(rules) == 1:
        return rules[0]
    heads = {rule.rsplit(".", 1)[0] for rule in rules}
    if len(heads) == 1:
        head = heads.pop()
        rules = [rule[len(head) + 1 :] for rule in rules]
        return f"{head}: {shown(rules, most)}"
    return shown(rules, most)


def shown(items: list[str], most: int) -> str:
    """Items in a sentence; of many the first."""
    if len(items) > most:
        return f"{', '.join(items[:most])} and {len(items) - most} more"
    return words.listed(items)


def row_words(row: RowLine) -> str:
    """One row behind a rule with its source."""
    at = f", {row.at}" if row.at else ""
    assumed = f"; assumed, {row.between}" if row.basis == "assumed" else ""
    press = "; press" if row.basis == "press" else ""
    return f"{row.value} since {row.since} ({row.source}{at}{assumed}{press})"


def evidence_words(evidence: Evidence, groups: bool = True) -> list[str]:
    """What a run adds to a finding, in lines; the groups where they are of the rule itself."""
    amounts = "; ".join(f"{a.says}: {words.count(a.value)} {a.unit}" for a in evidence.amounts)
    found = [f"{amounts} (run {evidence.run}, synthetic)"]
    return found + [group_words(g) for g in evidence.groups if groups]


def group_words(g: GroupRate) -> str:
    """The category of an attribute that is hit most, beside the one hit least."""
    return (
        f"{g.attribute}: most among {g.most} ({words.number(g.most_rate)} {g.unit}, "
        f"n = {words.count(g.most_n)}), least among {g.least} ({words.number(g.least_rate)}, "
        f"n = {words.count(g.least_n)})"
    )


def own_groups(finding: Finding) -> bool:
    """Whether the groups of a finding are those of the rule itself, not of the whole regime."""
    return ".effects." in finding.rule or finding.rule.startswith("rewards.")


def run_groups(report: AuditReport) -> list[tuple[str, list[str]]]:
    """Who is listed most and least in a run, once for each regime."""
    found: dict[str, list[str]] = {}
    for f in report.findings:
        if f.evidence is not None and not own_groups(f) and f.regime not in found:
            found[f.regime] = [group_words(g) for g in f.evidence.groups]
    return [(regime, lines) for regime, lines in found.items() if lines]


def regime_counts(report: AuditReport, regime: str) -> dict[Verdict, list[str]]:
    """The criteria of one regime by their worst verdict: verdict -> ids."""
    found: dict[Verdict, list[str]] = {v: [] for v in MARKS}
    for criterion in report.criteria:
        verdict = worst(report.cell(criterion.id, regime))
        if verdict is not None:
            found[verdict].append(criterion.id)
    return found


def skipped(report: AuditReport, regime: str) -> list[tuple[str, list[str]]]:
    """Why criteria do not apply to a regime, with the criteria."""
    found: dict[str, list[str]] = {}
    for one in report.not_applied:
        if one.regime == regime:
            found.setdefault(one.why, []).append(one.criterion)
    return list(found.items())


def confidence_words(group: Group) -> str:
    """How sure the machine is of a group, with every reason."""
    found = dict.fromkeys(f"{f.confidence} ({f.why_confidence})" for f in group.findings)
    return "; ".join(found)
