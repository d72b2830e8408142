"""GDPR, Art. 22: automated decisions about persons."""

from __future__ import annotations

from scslab.core.audit import Finding, Verdict
from scslab.evaluation.audit.declared import (
    agreed,
    concerned,
    declared,
    has_objection,
    limit_finding,
    measure_words,
)
from scslab.evaluation.audit.finding import finding
from scslab.evaluation.audit.inputs import listed
from scslab.evaluation.audit.told_data import kind_words, told
from scslab.evaluation.audit.view import View

PARTNERS = {"money", "housing"}
EXCEPTIONS = "whether a contract, a law or explicit consent allows it with safeguards (Art. 22(2))"
SLIGHT = "No measure and no benefit is more than slight."


def light(view: View) -> bool:
    """Whether nothing that follows for persons is more than slight."""
    return not view.weighty and not view.weighty_benefits


def human_decision(view: View) -> list[Finding]:
    """Art. 22(1): no decision based solely on automated processing."""
    otherwise: tuple[Verdict, str] | None = None
    if light(view):
        otherwise = ("met", SLIGHT)
    elif not view.weighty and agreed(view):
        cause = (
            "Persons agree first (who.consent); whether that is explicit consent needs a lawyer."
        )
        otherwise = ("needs a lawyer", cause)
    what = measure_words(view.weighty or view.weighty_benefits)
    cause = (
        "Whether automation alone decides, the file does not say (remedy.human_review). If it "
        f"does, {EXCEPTIONS} needs a lawyer."
    )
    return [
        declared(
            view,
            "gdpr.human-decision",
            "human_review",
            condition=f"{concerned(view)}; what weighs: {what}" if what else concerned(view),
            without=f"A record brings about {what}, and no person has looked at it, "
            "save where Art. 22(2) allows it.",
            recommendation="Have a person look at each record first (remedy.human_review), or "
            "name contract, law or explicit consent, and the safeguards.",
            otherwise=otherwise,
            silent=("needs a lawyer", cause),
        )
    ]


def contest(view: View) -> list[Finding]:
    """Art. 22(3): the decision can be contested."""
    heard = bool(view.value(view.regime.remedy.heard_before_listing)) and not view.scores
    otherwise: tuple[Verdict, str] | None = None
    if light(view):
        otherwise = ("met", SLIGHT)
    elif has_objection(view):
        otherwise = ("met", "An objection to data of one's own or of others is declared.")
    elif heard:
        otherwise = ("met", "The person is heard before (remedy.heard_before_listing).")
    return [
        declared(
            view,
            "gdpr.contest",
            "objection",
            condition=concerned(view),
            without="Whoever is wronged has no way to say so that must be answered.",
            recommendation="Declare an objection and its deadline (remedy.objection).",
            otherwise=otherwise,
        )
    ]


def special_data(view: View) -> list[Finding]:
    """Art. 22(4): no decision on special categories of data."""
    found = []
    for one in told(view):
        kinds = [k for k in one.kinds if k in listed("special")]
        if not kinds:
            continue
        # An act only reveals such data; who asks for them outright uses them.
        plain = one.plain and one.asked and not agreed(view)
        why = "explicit consent" if agreed(view) else "whether the act reveals them"
        found.append(
            finding(
                view,
                "gdpr.special-data",
                "not met" if plain else "needs a lawyer",
                one.path,
                text=one.text,
                condition="It counts",
                cause=f"It tells of {kind_words(kinds)}"
                + (
                    "; the file asks for no explicit consent. "
                    if plain
                    else f"; {why} needs a lawyer. "
                )
                + "A substantial public interest is not tested.",
                effect="Decisions rest on what the law protects most.",
                recommendation="Leave it out.",
                rows=one.rows,
                judged=True,
                acts=(one.name,),
            )
        )
    return found or [nothing_told(view, "gdpr.special-data", "special categories of data")]


def nothing_told(view: View, criterion: str, what: str) -> Finding:
    """No input tells of some kinds of data."""
    place = view.score_place if view.scores else ("lists",)
    return finding(
        view,
        criterion,
        "met",
        place,
        text="all acts, attributes and dimensions that count",
        condition=concerned(view),
        cause=f"None of them tells of {what}.",
        judged=True,
    )


def score_as_decision(view: View) -> list[Finding]:
    """C-634/21: a score on which others draw strongly is itself a decision."""
    id, name = "gdpr.score-as-decision", "report_decides_alone"
    measures = [
        m
        for m in (*view.measures, *view.benefits)
        if m.context in PARTNERS and "persons" in m.subjects
    ]
    value, _ = view.limit(name)
    if value is None and view.bare_score and view.public == "company":
        kept = [score_for_partners(view)]
    else:
        kept = []
    if value is not None:
        return [
            limit_finding(
                view,
                id,
                name,
                verdict="not met" if value else "met",
                cause="The file says that others may decide by it alone."
                if value
                else "The file says that nobody may decide by it alone.",
                effect="Contracts are refused by a number." if value else "",
                recommendation="Forbid partners to decide by the score alone." if value else "",
            )
        ]
    if not measures and not kept:
        return [
            finding(
                view,
                id,
                "met",
                view.score_place if view.scores else ("lists",),
                text="all measures and benefits",
                condition=concerned(view),
                cause="None of them is one of lenders, landlords or other contract partners.",
                judged=True,
            )
        ]
    return kept + [
        finding(
            view,
            id,
            "needs a lawyer",
            m.path,
            text=f'{m.key}: "{m.says}"',
            condition="A contract partner sees the score or entry",
            cause="How strongly the partner draws on it cannot be seen in the rules.",
            effect="If strongly, the score itself is an automated decision.",
            recommendation="Say in the rules that partners may not decide by it alone "
            "(limits.report_decides_alone: no).",
            rows=m.rows,
            judged=True,
            severity=m.severity or "",
        )
        for m in measures
    ]


def score_for_partners(view: View) -> Finding:
    """A company's score from which nothing follows in the file: it is kept for others."""
    return finding(
        view,
        "gdpr.score-as-decision",
        "needs a lawyer",
        view.score_place,
        text="the score, and nothing in the file that follows from it",
        condition="A contract partner asks for the score",
        cause="A company scores persons, and what others do with the score is not in the file. "
        "How strongly they draw on it decides.",
        effect="If strongly, the score itself is an automated decision.",
        recommendation="Say in the rules that partners may not decide by it alone "
        "(limits.report_decides_alone: no).",
    )
