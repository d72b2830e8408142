"""An audit for the terminal: scope, verdict table, and the findings that are not met."""

from __future__ import annotations

import textwrap

from scslab.core.audit import NOT_ADVICE, AuditReport, Group, Verdict
from scslab.report import audit_words as say
from scslab.report import words
from scslab.report.audit_hypothetical import as_if, hypothetical

WIDTH = 100
HEADS: dict[Verdict, str] = {"needs a lawyer": "lawyer"}


def audit_text(report: AuditReport) -> str:
    """The report in plain text.

    One regime gets its verdict table and all findings that are not met or partly met; several
    get a row each and a line for each finding that is not met.
    """
    single = len(report.scope) == 1
    lines = [say.title(report), "=" * len(say.title(report)), *scope(report), ""]
    lines += table_of_rules(report) if single else table_of_regimes(report)
    if single:
        lines += cards(report, "not met", "Not met") + cards(report, "partly", "Partly met")
        lines += elements(report)
        lines += short(report, "needs a lawyer", "Needs a lawyer")
        lines += short(report, "not testable", "Not testable")
        lines += does_not_apply(report)
    else:
        lines += by_criterion(report)
    for regime, groups in say.run_groups(report):
        lines += ["", f"Time on the lists of {regime} in the run, by group (synthetic)"]
        for line in groups:
            lines += wrapped(line, "  ")
    return "\n".join([*lines, "", *wrapped(NOT_ADVICE)])


def scope(report: AuditReport) -> list[str]:
    """What was audited."""
    failed = len(report.failed)
    lines = [
        f"{words.plural(len(report.criteria), 'criterion', 'criteria')}"
        + (f" ({report.filters})" if report.filters else "")
        + f", {words.plural(len(report.findings), 'finding')}; "
        + (f"not met: {failed}" if failed else "none is not met")
    ]
    if len(report.scope) == 1:
        rules = report.scope[0]
        lines += wrapped(f"{rules.file}, {say.day_words(rules)}") + [f"sha256 {rules.sha256}"]
        how = hypothetical(report, rules)
        lines += ["hypothetical:"] if how else []
        for one in how:
            lines += wrapped(one, "  ")
    if report.run is not None:
        lines.append(f"with the run {report.run.name} (synthetic)")
    for _, why in report.left_out:
        lines += wrapped(f"left out: {why}")
    return lines


def table_of_rules(report: AuditReport) -> list[str]:
    """Criterion by group of rules."""
    regime = report.scope[0].id
    parts = report.parts(regime)
    rows = []
    for criterion in report.criteria:
        cells = [say.cell(report.cell(criterion.id, regime, part)) for part in parts]
        if any(c != words.NONE for c in cells):
            rows.append([criterion.id, *cells])
    if not rows:
        return ["No criterion applies."]
    return narrow([["criterion", *parts], *rows])


def table_of_regimes(report: AuditReport) -> list[str]:
    """A row for each regime: how many criteria come out how."""
    rows = [["regime", "rules of", *(HEADS.get(v, v) for v in say.MARKS), "n. a."]]
    for rules in report.scope:
        found = say.regime_counts(report, rules.id)
        counts = [str(len(ids)) for ids in found.values()]
        none = len(report.criteria) - sum(map(len, found.values()))
        rows.append([rules.id, rules.day, *counts, str(none)])
    return [
        "Criteria by their worst verdict; a count is not a score",
        "(lawyer: needs a lawyer; n. a.: does not apply)",
        *aligned(rows, right=range(2, 8)),
        *idle(report),
    ]


def idle(report: AuditReport) -> list[str]:
    """The regimes of which nothing could be tested."""
    tested = {f.regime for f in report.findings}
    names = [rules.id for rules in report.scope if rules.id not in tested]
    if not names:
        return []
    return wrapped(
        f"Nothing to test in {words.listed(names)}: nobody is scored there, and no blacklist is "
        "open on the day (--on asks about another)."
    )


def by_criterion(report: AuditReport) -> list[str]:
    """What is not met, a line for each group of rules that say the same."""
    lines: list[str] = []
    for criterion in report.criteria:
        groups = [g for g in say.groups_of(report, "not met") if g.first.criterion == criterion.id]
        if groups:
            lines += ["", *wrapped(f"{criterion.id}: {criterion.title} ({criterion.article})")]
            for g in groups:
                lines += wrapped(f"{g.first.where}: {say.rules_words(g, 4)}", "  ")
    return lines or ["", "Nothing is not met."]


def cards(report: AuditReport, verdict: Verdict, heading: str) -> list[str]:
    """The findings of a verdict in full, those that say the same together."""
    groups = say.groups_of(report, verdict)
    if not groups:
        return []
    lines = ["", f"{heading}: {len(report.of(verdict))}", "-" * len(heading)]
    for group in groups:
        lines += card(report, group)
    return lines


def card(report: AuditReport, group: Group) -> list[str]:
    """One group of findings."""
    f = group.first
    criterion = report.criterion(f.criterion)
    lines = wrapped(f"{f.where}: {f.criterion}, {criterion.article}")
    rules = next(r for r in report.scope if r.id == f.regime)
    how = as_if(criterion, rules)
    lines += wrapped(f"test: {how}", "  ") if how else []
    lines += wrapped(f"rule: {say.rules_words(group)}", "  ")
    for one in group.findings:
        line = f" (line {one.line})" if len(group.findings) > 1 else ""
        lines += wrapped(f"says: {one.rule_text}{line}", "  ")
    for name, text in (
        ("when", f.condition),
        ("why", f.cause),
        ("so", f.effect),
        ("try", f.recommendation),
        ("sure", say.confidence_words(group)),
    ):
        lines += wrapped(f"{name}: {text}", "  ") if text else []
    for one in group.findings:
        if one.evidence is not None:
            for line in say.evidence_words(one.evidence, say.own_groups(one)):
                of = f"{one.rule}: " if len(group.findings) > 1 else ""
                lines += wrapped(f"run: {of}{line}", "  ")
    return [*lines, ""]


def elements(report: AuditReport) -> list[str]:
    """Art. 5(1)(c) element by element, for rules where the ban may bite."""
    found = [f for f in report.of("not met", "partly", "needs a lawyer") if f.elements]
    if not found:
        return []
    lines = ["", "EU AI Act, Art. 5(1)(c), element by element", "-" * 43]
    rows = [["rule", *(e.title for e in report.elements if e.id != "system")]]
    by_rule: dict[str, dict[str, str]] = {}
    for f in found:
        by_rule.setdefault(f.rule, {}).update({e.id: e.there for e in f.elements})
    for rule, there in by_rule.items():
        cells = [there.get(e.id, words.NONE) for e in report.elements if e.id != "system"]
        rows.append([rule, *cells])
    given = next(e for e in report.elements if e.id == "system")
    return [*lines, *narrow(rows), *wrapped(f"{given.title}: {given.test}")]


def short(report: AuditReport, verdict: Verdict, heading: str) -> list[str]:
    """Findings of a verdict, two lines each."""
    groups = say.groups_of(report, verdict)
    if not groups:
        return []
    lines = ["", f"{heading}: {len(report.of(verdict))}", "-" * len(heading)]
    for g in groups:
        lines += wrapped(f"{g.first.where}: {g.first.criterion}: {say.rules_words(g, 6)}")
        lines += wrapped(g.first.cause, "  ")
        for one in g.findings:
            if one.evidence is not None and say.own_groups(one):
                lines += wrapped(f"run: {one.rule}: {say.evidence_words(one.evidence)[0]}", "  ")
    return lines


def does_not_apply(report: AuditReport) -> list[str]:
    """The criteria that do not apply, and why."""
    found = say.skipped(report, report.scope[0].id)
    if not found:
        return []
    lines = ["", "Does not apply", "-" * 14]
    for why, ids in found:
        lines += wrapped(f"{', '.join(ids)}: {why}")
    return lines


def narrow(rows: list[list[str]]) -> list[str]:
    """Rows in columns; where they are wider than a terminal, each with its cells below its head.

    Cells that do not apply are then left out.
    """
    columns = aligned(rows)
    if max(map(len, columns)) <= WIDTH:
        return columns
    heads = rows[0]
    lines = [f"by {heads[0]}", "-" * len(f"by {heads[0]}")]
    for row in rows[1:]:
        cells = [f"{h}: {c}" for h, c in zip(heads[1:], row[1:], strict=True) if c != words.NONE]
        lines += [*wrapped(row[0]), *packed(cells, "  ")]
    return lines


def packed(items: list[str], indent: str) -> list[str]:
    """Items in lines of at most 100 columns, none of them broken over two."""
    lines: list[str] = []
    for item in items:
        if lines and len(lines[-1]) + len(item) + 2 < WIDTH:
            lines[-1] += f"; {item}"
        else:
            lines.append(indent + item)
    return lines


def aligned(rows: list[list[str]], right: range = range(0)) -> list[str]:
    """Rows in columns, the first one a head."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    found = []
    for row in rows:
        cells = [
            c.rjust(w) if i in right else c.ljust(w)
            for i, (c, w) in enumerate(zip(row, widths, strict=True))
        ]
        found.append("  ".join(cells).rstrip())
    return [found[0], "-" * max(map(len, found)), *found[1:]]


def wrapped(text: str, indent: str = "") -> list[str]:
    """Text in lines of at most 100 columns."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + ("  " if indent else ""),
        break_long_words=False,
        break_on_hyphens=False,
    )
