"""An audit as a Word document that can be edited: what is the machine's and what is to be written.

Machine and human parts are told apart by words in brackets, not by colour.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from scslab.core.audit import NOT_ADVICE, AuditReport, Group, Verdict, grouped
from scslab.report import audit_words as say
from scslab.report import words
from scslab.report.audit_hypothetical import hypothetical
from scslab.report.audit_tables import (
    element_rows,
    error_table,
    impact_tables,
    matrix,
    verdict_rows,
)
from scslab.report.texts import clean
from scslab.report.writers.office import AUTHOR, DATE, without_clock

FONT, EAST_ASIAN, SIZE = "Calibri", "SimSun", 10
ROOM = 25.7  # centimetres of a landscape page between its margins
MACHINE, HUMAN = "[machine]", "[human]"
BLANK = "…"
FULL: tuple[Verdict, ...] = ("not met", "partly")
SHORT: tuple[Verdict, ...] = ("needs a lawyer", "not testable")
ERROR_HEAD = (
    "Regime",
    "Entries",
    "On a false record",
    "Notices",
    "Objections",
    "Founded, corrected",
    "Founded, rejected",
    "Mean wait",
)


def audit_docx(report: AuditReport) -> bytes:
    """The document: the same report gives the same bytes.

    Parameters
    ----------
    report : AuditReport
        All that the document says. Rules that are met stand in the verdict table only.

    Returns
    -------
    bytes
        The .docx file.
    """
    import docx

    document = docx.Document()
    set_up(document, report)
    document.add_heading(clean(say.title(report)), 0)
    paragraph(document, f"{MACHINE} written by scslab {report.version}. {HUMAN} parts are yours.")
    paragraph(document, NOT_ADVICE)
    verdicts(document, report)
    scope(document, report)
    register(document, report)
    findings(document, report)
    run_parts(document, report)
    document.add_heading(f"7 Residual risk {HUMAN}", 1)
    human(document, "What remains after the recommendations, who bears it, who accepts it")
    document.add_heading("8 Limits", 1)
    paragraph(document, NOT_ADVICE)
    paragraph(
        document,
        "Fields of life, gravity and severity are judgements made once, in the open. A file that "
        "is silent on a safeguard is taken to have none. Verdicts are never added up to an "
        "overall score.",
    )
    human(document, "Signed: name, date")
    file = io.BytesIO()
    document.save(file)
    return without_clock(file.getvalue())


def set_up(document: Any, report: AuditReport) -> None:
    """Page, font and properties."""
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    core = document.core_properties
    core.author = core.last_modified_by = AUTHOR
    core.title = clean(say.title(report))[:250]
    core.comments = "About rules, not about persons. Not legal advice."
    core.created = core.modified = DATE
    core.language = "en-GB"
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(2)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(SIZE)
    style.paragraph_format.space_after = Pt(4)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), EAST_ASIAN)


def paragraph(document: Any, text: str, label: str = "") -> Any:
    """A paragraph, with a bold label before it."""
    found = document.add_paragraph()
    if label:
        found.add_run(f"{label}: ").bold = True
    found.add_run(clean(text))
    return found


def human(document: Any, label: str) -> None:
    """A part that only a human can write."""
    paragraph(document, BLANK, f"{label} {HUMAN}")


def table(
    document: Any, head: Sequence[str], rows: Iterable[Sequence[str]], first: float = 0.0
) -> None:
    """A plain table whose header repeats on each page; its first column can have a width in cm."""
    from docx.oxml import OxmlElement
    from docx.shared import Cm, Pt

    found = document.add_table(rows=1, cols=len(head))
    found.style = "Table Grid"
    if first:
        found.autofit = False
        widths = [first, *[(ROOM - first) / (len(head) - 1)] * (len(head) - 1)]
        for column, width in zip(found.columns, widths, strict=True):
            column.width = Cm(width)
    for cell, text in zip(found.rows[0].cells, head, strict=True):
        write(cell, text, Pt(8), True)
    found.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in rows:
        for cell, text in zip(found.add_row().cells, row, strict=True):
            write(cell, text, Pt(8), False)
    document.add_paragraph()


def write(cell: Any, text: str, size: Any, bold: bool) -> None:
    """Fill a cell."""
    run = cell.paragraphs[0].add_run(clean(text))
    run.font.size, run.bold = size, bold or None


def verdicts(document: Any, report: AuditReport) -> None:
    """1: the verdict table, and the elements of Art. 5(1)(c)."""
    document.add_heading(f"1 Verdicts {MACHINE}", 1)
    for verdict, means in say.MEANS.items():
        paragraph(document, means, f"{say.MARKS[verdict]} {verdict}")
    if len(report.scope) == 1:
        parts = report.parts(report.scope[0].id)
        rows = [
            (
                f"{r.criterion.title} ({r.head})" if r.criterion else r.head,
                *(f"{c.text} ({c.of})" if c.of else c.text for c in r.cells),
            )
            for r in verdict_rows(report)
        ]
        table(document, ["Criterion", *parts], rows, 8.0)
    else:
        found = matrix(report)
        rows = [
            (c.id, *(str(sum(r.cells[i].verdict == v for r in found)) for v in say.MARKS))
            for i, c in enumerate(report.criteria)
        ]
        paragraph(document, "How many regimes have which worst verdict, by criterion; no score.")
        table(document, ["Criterion", *say.MARKS], rows, 8.0)
    elements = element_rows(report)
    if elements:
        paragraph(document, "EU AI Act, Art. 5(1)(c), element by element").runs[0].bold = True
        names = [e.title for e in report.elements if e.id != "system"]
        table(document, ["Rule", *names], [(rule, *there) for rule, there in elements], 8.0)


def scope(document: Any, report: AuditReport) -> None:
    """2: what was audited, by whom."""
    document.add_heading("2 Scope", 1)
    human(document, "Auditor, date of audit, mandate")
    head = ["Regime", "Rules of", "Operator", "Law of", "Subjects", "File and its SHA-256"]
    rows = [
        (
            f"{r.name} ({r.id})",
            say.day_words(r),
            f"{r.operator} ({r.public})",
            r.place,
            r.subjects,
            f"{r.file} {r.sha256}",
        )
        for r in report.scope
    ]
    table(document, head, rows)
    for rules in report.scope:
        for line in hypothetical(report, rules):
            paragraph(document, line, f"Hypothetical for {rules.id}")
    for _, why in report.left_out:
        paragraph(document, why, "Left out")


def register(document: Any, report: AuditReport) -> None:
    """3: the criteria with their sources."""
    document.add_heading(f"3 Register of criteria {MACHINE}", 1)
    head = ["Criterion", "Asks (wording)", "Met", "Tested by", "Source, place (tag), in force from"]
    rows = []
    for c in report.criteria:
        sources = "; ".join(f"{s.title}, {s.at} ({s.tag}), {s.since}" for s in c.sources)
        rows.append((f"{c.title} ({c.id})", f"{c.says} ({c.wording})", c.met, c.test, sources))
    table(document, head, rows)


def findings(document: Any, report: AuditReport) -> None:
    """4: the cards, each with room for the rule owner."""
    document.add_heading("4 Findings", 1)
    for rules in report.scope:
        own = [f for f in report.findings if f.regime == rules.id]
        document.add_heading(f"{clean(rules.name)} ({rules.id})", 2)
        full = [f for v in FULL for f in own if f.verdict == v]
        if not full:
            paragraph(document, "No rule is not met or partly met.")
        for group in grouped(full):
            card(document, report, group)
        for verdict in SHORT:
            groups = grouped(f for f in own if f.verdict == verdict)
            if groups:
                document.add_heading(f"{say.MARKS[verdict]} {verdict} {MACHINE}", 3)
            for g in groups:
                text = f"{say.rules_words(g)} ({g.first.where}). {g.first.cause}"
                paragraph(document, text, g.first.criterion)
                evidence(document, g)


def card(document: Any, report: AuditReport, group: Group) -> None:
    """One group of findings."""
    f = group.first
    criterion = report.criterion(f.criterion)
    mark = say.MARKS[f.verdict]
    document.add_heading(f"{mark} {f.verdict}: {clean(criterion.title)} {MACHINE}", 3)
    ids = ", ".join(x.id for x in group.findings)
    paragraph(document, f"{ids}; {criterion.id}, {criterion.instrument} {criterion.article}", "Id")
    for one in group.findings:
        rows = "; ".join(say.row_words(row) for row in one.rows)
        text = f"{one.rule_text} ({one.where})" + (f". {rows}" if rows else "")
        paragraph(document, text, "Rule")
    for label, text in (
        ("Condition", f.condition),
        ("Cause", f.cause),
        ("Effect", f.effect),
        ("Severity", f.severity),
        ("Confidence", say.confidence_words(group)),
        ("Recommendation", f.recommendation),
    ):
        if text:
            paragraph(document, text, label)
    evidence(document, group)
    human(document, "Response of the rule owner")


def evidence(document: Any, group: Group) -> None:
    """What a run adds to a group of findings."""
    for one in group.findings:
        if one.evidence is not None:
            for line in say.evidence_words(one.evidence, say.own_groups(one)):
                of = f"{one.rule}: " if len(group.findings) > 1 else ""
                paragraph(document, of + line, "Evidence")


def run_parts(document: Any, report: AuditReport) -> None:
    """5 and 6: impact by group, errors and remedies."""
    document.add_heading(f"5 Impact by group {MACHINE}", 1)
    note = report.run
    if note is None:
        paragraph(document, "No run was given, so the rules are judged by their text alone.")
    else:
        paragraph(
            document,
            f"Run {note.name} of the study {note.study}, seed {note.seed}, {note.months}, "
            f"{words.plural(note.persons, 'simulated person')}; synthetic.",
        )
        for id, same in note.same_rules.items():
            paragraph(document, same, id)
    for t in impact_tables(report):
        paragraph(document, f"{t.regime}, by {t.attribute}: person-months, synthetic")
        head = [t.attribute, "On file", "Listed", "Listed per 1,000 on file", "On a false record"]
        table(document, head, t.rows)
    document.add_heading(f"6 Errors and remedies {MACHINE}", 1)
    rows = error_table(report)
    if rows:
        table(document, ERROR_HEAD, rows)
    else:
        paragraph(document, "No run was given: how often the rules err is not known here.")
