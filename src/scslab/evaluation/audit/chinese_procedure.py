"""Chinese limits on procedure: notice, reasons, hearing, marks, consent (rows 7, 9, 11)."""

from __future__ import annotations

from scslab.core.audit import Finding, Verdict
from scslab.core.contexts import degree_rank
from scslab.evaluation.audit.declared import (
    concerned,
    declared,
    has_objection,
    listed_words,
)
from scslab.evaluation.audit.finding import declared_text, finding, named
from scslab.evaluation.audit.view import View

AGREED = "A person must agree first."


def notice(view: View) -> list[Finding]:
    """Row 7: notice before listing."""
    waits = [n for n, rules in view.lists.items() if view.value(rules.waits)]
    warning = view.regime.remedy.warning_first
    partly: tuple[Verdict, str] | None = None
    rests = view.row(warning) if view.value(warning) else ()
    if rests:
        cause = (
            "One is warned before (remedy.warning_first); a notice of the listing itself is not "
            "declared."
        )
        partly = ("partly", cause)
    elif len(waits) == len(view.lists):
        cause = (
            "Every list waits between decision and listing, but that one is told is not declared."
        )
        partly = ("partly", cause)
    return [
        declared(
            view,
            "cn.notice",
            "notice_before_listing",
            condition=listed_words(view),
            without="One learns of the listing when it bites.",
            recommendation="Give notice before listing (remedy.notice_before_listing).",
            otherwise=partly,
            rests=rests,
        )
    ]


def reasons(view: View) -> list[Finding]:
    """Row 7: reasons are given."""
    return [
        declared(
            view,
            "cn.reasons",
            "reasons_given",
            condition=listed_words(view),
            without="One is listed without learning for which record and by which rule.",
            recommendation="Give reasons: which record, which rule (remedy.reasons_given).",
        )
    ]


def serious_lists(view: View) -> list[str]:
    """The lists of serious dishonesty: with a ground in a field, or with a serious measure."""
    return [
        name
        for name in view.lists
        if any(way.ground.field for way in view.all_ways[name])
        or any(
            m.list == name and m.severity and degree_rank(m.severity) == 2 for m in view.measures
        )
    ]


def hearing(view: View) -> list[Finding]:
    """Row 7: a hearing before a serious list."""
    serious = serious_lists(view)
    mild: tuple[Verdict, str] = (
        "met",
        "No list has a ground in the four fields or a serious measure.",
    )
    return [
        declared(
            view,
            "cn.hearing",
            "heard_before_listing",
            condition=f"Whoever is put on {named(f'list {n}' for n in serious or view.lists)}",
            without="One is listed as seriously dishonest without having been heard.",
            recommendation="Hear the person before (remedy.heard_before_listing).",
            otherwise=None if serious else mild,
        )
    ]


def remedy_told(view: View) -> list[Finding]:
    """Row 7: the remedy is told."""
    remedy = view.regime.remedy
    told = view.value(remedy.notice_before_listing) and view.value(remedy.reasons_given)
    helped = view.value(remedy.help_with_objections)
    if not has_objection(view):
        verdict, cause = "not testable", "No objection is declared, so there is nothing to tell."
    elif told or helped:
        verdict = "met"
        how = "with the notice and its reasons" if told else "by those who help to object"
        cause = f"There is an objection, and it is told {how}."
    else:
        verdict, cause = "not testable", "There is an objection; who tells of it is not declared."
    good = verdict == "met"
    return [
        finding(
            view,
            "cn.remedy-told",
            verdict,  # type: ignore[arg-type]
            ("remedy", "objection"),
            text=declared_text(view, "remedy.objection", remedy.objection),
            condition=listed_words(view),
            cause=cause,
            effect="" if good else "A remedy that nobody knows of is not used.",
            recommendation="" if good else "Tell the remedy with the notice and its reasons.",
            rows=view.row(remedy.objection),
        )
    ]


def objection_mark(view: View) -> list[Finding]:
    """Row 9: disputed entries are marked."""
    return [
        declared(
            view,
            "cn.objection-mark",
            "marked_as_disputed",
            condition=f"{concerned(view)}, and objects",
            without="Others go on to act on an entry while it is in dispute.",
            recommendation="Mark entries while an objection is open (remedy.marked_as_disputed).",
        )
    ]


def consent(view: View) -> list[Finding]:
    """Row 11: persons are scored by consent only."""
    dated = view.regime.who.consent
    good = bool(view.value(dated))
    guess = view.guessed(dated, bool)
    verdict: Verdict = "not met"
    effect = "If nobody is asked, persons are scored who never agreed."
    if good:
        verdict = "not testable" if guess else "met"
        cause = f"Whether a person must agree is not known: {guess}." if guess else AGREED
    elif view.row(dated) and not guess:
        cause = "The file says that nobody is asked."
        effect = "Persons are scored who never agreed."
    else:
        cause = "Nothing in the file says that persons are asked."
    return [
        finding(
            view,
            "cn.consent",
            verdict,
            ("who", "consent"),
            text=declared_text(view, "who.consent", dated),
            condition="Any person of the place and age",
            cause=cause,
            effect="" if good and not guess else effect,
            recommendation=""
            if good and not guess
            else "Score only those who agree (who.consent).",
            rows=view.row(dated),
        )
    ]
