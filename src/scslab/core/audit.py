"""The small frozen records of an audit: criteria, findings, what they rest on, the report.

Findings are about rules, never about a person. A verdict belongs to one rule and one criterion;
no record adds verdicts up to an overall score.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from scslab.core.audit_evidence import ErrorRow, Evidence, ImpactRow, RunNote
from scslab.core.cards import RowLine

Verdict = Literal["not met", "partly", "needs a lawyer", "not testable", "met"]
# Worst first: a cell of a table shows the first that it has.
VERDICTS: tuple[Verdict, ...] = ("not met", "partly", "needs a lawyer", "not testable", "met")
There = Literal["there", "not there", "unclear", "taken as given"]
# Groups of rules in the order of a table; each list is one of its own.
PARTS = (
    "who",
    "score",
    "grades",
    "rewards",
    "list",
    "lists",
    "inspections",
    "platform",
    "limits",
    "remedies",
)
MACHINE, HUMAN = "machine", "human"

NOT_ADVICE = (
    "This is not legal advice. A machine compared the text of a rule file with the text of "
    "criteria. What the rules do in practice, and what a court would say, it does not know."
)


@dataclass(frozen=True)
class LegalSource:
    """A text on which a criterion rests, with the place in it.

    `tag` is published, reported by press or uncertain; `since` is its first day in force.
    """

    key: str
    title: str
    at: str
    href: str
    tag: str
    since: str
    place: str
    note: str = ""


@dataclass(frozen=True)
class Criterion:
    """One test of the register.

    `wording` says whether `says` is a quote or a paraphrase; `asks` is declared, rules or told;
    `row` is the number of the row of the table of Chinese limits, 0 elsewhere.
    """

    id: str
    instrument: str
    article: str
    title: str
    says: str
    wording: str
    place: str
    since: str
    until: str
    subjects: tuple[str, ...]
    kinds: tuple[str, ...]
    asks: str
    met: str
    test: str
    sources: tuple[LegalSource, ...]
    row: int = 0


@dataclass(frozen=True)
class ElementOfLaw:
    """One element of Art. 5(1)(c): its title, what it says and how it is looked for."""

    id: str
    title: str
    says: str
    test: str


@dataclass(frozen=True)
class Element:
    """Whether one element of the ban is there for a rule, and why."""

    id: str
    title: str
    there: There
    why: str


@dataclass(frozen=True)
class Finding:
    """One rule under one criterion.

    `rule` is the place in the file in dots, `part` the group of rules it belongs to (score,
    list dishonest, remedy); `condition`, `cause` and `effect` say when the rule bites, why it gets
    the verdict and what follows; `severity` is how hard the measure bites, empty where the rule is
    no measure; `file` and `line` say where it stands.
    """

    criterion: str
    verdict: Verdict
    regime: str
    rule: str
    part: str
    rule_text: str
    condition: str
    cause: str
    effect: str
    recommendation: str
    confidence: Literal["high", "medium", "low"]
    why_confidence: str
    file: str
    line: int
    severity: str = ""
    acts: tuple[str, ...] = ()
    rows: tuple[RowLine, ...] = ()
    elements: tuple[Element, ...] = ()
    evidence: Evidence | None = None
    id: str = ""

    @property
    def where(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class NotApplied:
    """A criterion that does not apply to a regime, and why."""

    criterion: str
    regime: str
    why: str


@dataclass(frozen=True)
class AuditedRules:
    """One regime of an audit: which file, on which day, under whose law, with what laid over it."""

    id: str
    name: str
    kind: str
    subjects: str
    operator: str
    public: str
    place: str
    file: str
    sha256: str
    status: str
    reviewed: str
    day: str
    why_day: str
    safeguards: str = ""


@dataclass(frozen=True)
class AuditReport:
    """All that an audit says."""

    version: str
    target: str
    criteria: tuple[Criterion, ...]
    elements: tuple[ElementOfLaw, ...]
    scope: tuple[AuditedRules, ...]
    findings: tuple[Finding, ...]
    not_applied: tuple[NotApplied, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    filters: str = ""
    run: RunNote | None = None
    impact: tuple[ImpactRow, ...] = ()
    errors: tuple[ErrorRow, ...] = ()

    @property
    def failed(self) -> tuple[Finding, ...]:
        """The findings that are not met: a repository of rules is gated by them."""
        return self.of("not met")

    def of(self, *verdicts: Verdict) -> tuple[Finding, ...]:
        """Findings with one of some verdicts, in the order of the report."""
        return tuple(f for f in self.findings if f.verdict in verdicts)

    def criterion(self, id: str) -> Criterion:
        """A criterion of the register."""
        return next(c for c in self.criteria if c.id == id)

    def cell(self, criterion: str, regime: str, part: str = "") -> tuple[Finding, ...]:
        """The findings of one cell of the verdict table, worst first."""
        found = [
            f
            for f in self.findings
            if f.criterion == criterion and f.regime == regime and part in ("", f.part)
        ]
        return tuple(sorted(found, key=lambda f: VERDICTS.index(f.verdict)))

    def parts(self, regime: str) -> tuple[str, ...]:
        """The groups of rules of a regime with findings: what counts, what follows, the rest."""
        found = dict.fromkeys(f.part for f in self.findings if f.regime == regime)
        return tuple(sorted(found, key=lambda part: PARTS.index(part.split(" ")[0])))


def worst(findings: Iterable[Finding]) -> Verdict | None:
    """The worst verdict of some findings; None where there are none."""
    found = {f.verdict for f in findings}
    return next((v for v in VERDICTS if v in found), None)


def counts(findings: Iterable[Finding]) -> dict[Verdict, int]:
    """How many findings have each verdict, worst first; verdicts without any are left out."""
    all_ = [f.verdict for f in findings]
    return {v: all_.count(v) for v in VERDICTS if v in all_}


def with_evidence(finding: Finding, evidence: Evidence | None) -> Finding:
    """The same finding with what a run adds to it."""
    return finding if evidence is None else replace(finding, evidence=evidence)


@dataclass(frozen=True)
class Group:
    """Findings that say the same of several rules: one cause, one condition."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The finding that speaks for all."""
        return self.findings[0]

    @property
    def rules(self) -> tuple[str, ...]:
        """The places of all rules."""
        return tuple(f.rule for f in self.findings)


def grouped(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """Findings that differ only in the rule, together; in the order of their first."""
    found: dict[tuple[str, ...], list[Finding]] = {}
    for f in findings:
        key = (f.regime, f.criterion, f.verdict, f.part, f.condition, f.cause)
        found.setdefault(key, []).append(f)
    return tuple(Group(tuple(some)) for some in found.values())
