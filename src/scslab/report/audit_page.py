"""Write an audit as one HTML page, without script, network or any other file."""

from __future__ import annotations

from dataclasses import dataclass

from scslab.core.audit import (
    NOT_ADVICE,
    AuditedRules,
    AuditReport,
    Criterion,
    Finding,
    Group,
    Verdict,
    counts,
    grouped,
)
from scslab.report import audit_words as say
from scslab.report import words
from scslab.report.audit_hypothetical import as_if, hypothetical
from scslab.report.audit_tables import (
    element_rows,
    error_table,
    impact_tables,
    matrix,
    verdict_rows,
)
from scslab.report.templates import fill

STYLES = ("page.css", "audit.css")
# Findings are told in full where somebody has to act; the others in a line.
FULL: tuple[Verdict, ...] = ("not met", "partly")
SHORT: tuple[Verdict, ...] = ("needs a lawyer", "not testable", "met")


@dataclass(frozen=True)
class Card:
    """Findings that say the same, ready to be drawn."""

    group: Group
    criterion: Criterion
    rules: str
    sure: str
    hypothetical: str
    evidence: tuple[str, ...]

    @property
    def first(self) -> Finding:
        """The finding that speaks for all."""
        return self.group.first


@dataclass(frozen=True)
class Chapter:
    """The findings of one regime."""

    rules: AuditedRules
    cards: tuple[Card, ...]
    short: tuple[tuple[Verdict, tuple[Card, ...]], ...]
    skipped: tuple[tuple[str, str], ...]


def audit_page(report: AuditReport) -> str:
    """The HTML text of an audit; the same report gives the same bytes.

    Parameters
    ----------
    report : AuditReport
        All that the page says; every text is escaped.
    """
    single = len(report.scope) == 1
    return fill(
        "audit.html",
        *STYLES,
        report=report,
        title=say.title(report),
        single=single,
        facts=facts(report),
        parts=report.parts(report.scope[0].id) if single else (),
        table=verdict_rows(report) if single else [],
        matrix=matrix(report),
        elements=element_rows(report),
        chapters=[chapter(report, rules) for rules in report.scope],
        instruments=say.instruments(report),
        hypothetical={rules.id: hypothetical(report, rules) for rules in report.scope},
        impact=impact_tables(report),
        errors=error_table(report),
        marks=say.MARKS,
        letters=say.LETTERS,
        means=say.MEANS,
        not_advice=NOT_ADVICE,
        plural=words.plural,
        linked=_linked,
        slug=slug,
        row_words=say.row_words,
        day_words=say.day_words,
    )


def facts(report: AuditReport) -> list[tuple[str, str]]:
    """The key facts: short name and value."""
    found = [
        ("Rules", words.plural(len(report.scope), "regime")),
        ("Criteria", words.count(len(report.criteria))),
    ]
    found += [
        (f"{say.MARKS[v]} {v}", words.plural(n, "finding"))
        for v, n in counts(report.findings).items()
    ]
    if report.run is not None:
        found.append(("Run", f"{report.run.name} (synthetic)"))
    return found


def chapter(report: AuditReport, rules: AuditedRules) -> Chapter:
    """The findings of one regime, as cards and lines."""
    own = [f for f in report.findings if f.regime == rules.id]
    full = [f for v in FULL for f in own if f.verdict == v]
    short = []
    for verdict in SHORT:
        cards = tuple(
            card(report, rules, g) for g in grouped(f for f in own if f.verdict == verdict)
        )
        if cards:
            short.append((verdict, cards))
    return Chapter(
        rules,
        tuple(card(report, rules, g) for g in grouped(full)),
        tuple(short),
        tuple((why, ", ".join(ids)) for why, ids in say.skipped(report, rules.id)),
    )


def card(report: AuditReport, rules: AuditedRules, group: Group) -> Card:
    """One group of findings with what stands beside it."""
    criterion = report.criterion(group.first.criterion)
    several = len(group.findings) > 1
    evidence = []
    for one in group.findings:
        if one.evidence is not None:
            of = f"{one.rule}: " if several else ""
            evidence += [
                of + line for line in say.evidence_words(one.evidence, say.own_groups(one))
            ]
    return Card(
        group,
        criterion,
        say.rules_words(group, 30),
        say.confidence_words(group),
        as_if(criterion, rules),
        tuple(dict.fromkeys(evidence)),
    )


def slug(text: str) -> str:
    """A name as the target of a link.

    Examples
    --------
    >>> slug("cn.objection-mark")
    'cn-objection-mark'
    """
    return text.replace(".", "-").replace(" ", "-")


def _linked(href: str) -> bool:
    """Whether a source's address may be a link: only plain web addresses."""
    return href.startswith(("https://", "http://"))
