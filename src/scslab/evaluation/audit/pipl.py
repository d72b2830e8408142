"""PIPL: automated decisions (24), sensitive data (28-29), deletion (47), assessment (55-56)."""

from __future__ import annotations

from collections.abc import Callable

from scslab.core.audit import Finding, Verdict
from scslab.evaluation.audit.declared import (
    agreed,
    concerned,
    declared,
    limit_finding,
    measure_words,
)
from scslab.evaluation.audit.finding import declared_text, finding, named
from scslab.evaluation.audit.gdpr import SLIGHT, light, nothing_told
from scslab.evaluation.audit.inputs import listed
from scslab.evaluation.audit.parts import Way
from scslab.evaluation.audit.told_data import Told, kind_words, told
from scslab.evaluation.audit.view import View

KEPT = 36  # months that an assessment is kept (Art. 56)
YOUNG = 14
UNSAID = (
    "Whether automation alone decides, the file does not say (remedy.human_review); whether one "
    "could refuse that needs a lawyer."
)


def transparent(view: View) -> list[Finding]:
    """Art. 24: decisions by automation are transparent."""
    return [
        declared(
            view,
            "pipl.transparent",
            "method_published",
            condition=concerned(view),
            without="Nobody outside can tell how a score or listing comes about.",
            recommendation="Publish the method (remedy.method_published).",
        )
    ]


def explanation(view: View) -> list[Finding]:
    """Art. 24: the person can have the decision explained."""
    return [
        declared(
            view,
            "pipl.explanation",
            "reasons_given",
            condition=concerned(view),
            without="Nobody learns which record and which rule brought about the decision.",
            recommendation="Give reasons: which record, which rule (remedy.reasons_given).",
            otherwise=("met", SLIGHT) if light(view) else None,
        )
    ]


def human_decision(view: View) -> list[Finding]:
    """Art. 24: a decision by automation alone can be refused."""
    otherwise: tuple[Verdict, str] | None = None
    if light(view):
        otherwise = ("met", SLIGHT)
    elif not view.weighty and agreed(view):
        if view.value(view.regime.who.withdrawal):
            cause = "Persons agree first and can leave (who.consent, who.withdrawal)."
            otherwise = ("met", cause)
        else:
            cause = "Persons agree first; that they could refuse a single decision is not said."
            otherwise = ("needs a lawyer", cause)
    what = measure_words(view.weighty or view.weighty_benefits)
    return [
        declared(
            view,
            "pipl.human-decision",
            "human_review",
            condition=concerned(view),
            without=f"Automation alone brings about {what}, and nobody can refuse that.",
            recommendation="Have a person look at each record first (remedy.human_review).",
            otherwise=otherwise,
            silent=("needs a lawyer", UNSAID),
        )
    ]


def equal_terms(view: View) -> list[Finding]:
    """Art. 24: no unreasonable difference of terms."""
    terms = [m for m in view.benefits if m.context == "money"]
    if not terms:
        return [
            finding(
                view,
                "pipl.equal-terms",
                "met",
                ("rewards",),
                text="all benefits",
                condition="As a customer",
                cause="No benefit changes terms of money.",
                judged=True,
            )
        ]
    return [
        finding(
            view,
            "pipl.equal-terms",
            "needs a lawyer",
            m.path,
            text=f'benefit {m.key}: "{m.says}"',
            condition="For customers with the score, not for others",
            cause="Terms differ by score; whether reasonably, depends on what the score measures.",
            effect="Others pay more or get less for the same.",
            recommendation="Show that the difference follows the risk.",
            rows=m.rows,
            judged=True,
            severity=m.severity or "",
        )
        for m in terms
    ]


def sensitive_data(view: View) -> list[Finding]:
    """Arts. 28-29: sensitive data only with separate consent."""
    found = [f for one in told(view) if (f := sensitive(view, one)) is not None]
    age = view.regime.who.adults_from
    youngest = view.value(age)
    if youngest is not None and youngest < YOUNG and not separate(view):
        found.append(
            finding(
                view,
                "pipl.sensitive-data",
                "not met",
                ("who", "adults_from"),
                text=declared_text(view, "who.adults_from", age),
                condition="A child below 14 is rated",
                cause="All data on children below 14 are sensitive; the file asks for no separate "
                "consent.",
                effect="If nobody asks, children are rated without their parents' consent.",
                recommendation="Rate adults only (who.adults_from: 18).",
                rows=view.row(age),
            )
        )
    return found or [nothing_told(view, "pipl.sensitive-data", "sensitive data")]


def separate(view: View) -> bool:
    """Whether separate consent to sensitive data is asked for."""
    return view.limit("separate_consent_for_sensitive_data")[0] is True


def sensitive(view: View, one: Told) -> Finding | None:
    """One input under Arts. 28-29; None where it tells of nothing sensitive."""
    kinds = [k for k in one.kinds if k in listed("sensitive")]
    grey = [k for k in one.kinds if k in ("finance", "private-life", "membership", "opinion")]
    if not kinds and not grey:
        return None
    verdict: Verdict = "needs a lawyer"
    if separate(view):
        verdict, why = "met", "separate consent is asked for"
    elif kinds and (one.plain or not agreed(view)):
        verdict, why = "not met", "the file asks for no separate consent"
    elif kinds:
        why = "persons agree first; whether separately to this is not said"
    else:
        why = "whether that is sensitive, and on what ground it is handled, needs a lawyer"
    return finding(
        view,
        "pipl.sensitive-data",
        verdict,
        one.path,
        text=one.text,
        condition="It counts",
        cause=f"It tells of {kind_words(kinds or grey)}; {why}.",
        effect=""
        if verdict == "met"
        else "Sensitive facts become known to whoever sees the record.",
        recommendation=""
        if verdict == "met"
        else "Leave it out, or ask for separate "
        "consent (limits.separate_consent_for_sensitive_data).",
        rows=one.rows,
        judged=True,
        acts=(one.name,),
    )


def deletion(view: View) -> list[Finding]:
    """Art. 47: data are deleted when consent or term ends."""
    id, who, remedy = "pipl.deletion", view.regime.who, view.regime.remedy
    if agreed(view):
        return [
            finding(
                view,
                id,
                "met" if view.value(who.withdrawal) else "not met",
                ("who", "withdrawal"),
                text=declared_text(view, "who.withdrawal", who.withdrawal),
                condition="Whoever agreed and changes the mind",
                cause="Members can leave, and their records are deleted."
                if view.value(who.withdrawal)
                else "Consent is asked for, and nothing says that it can be withdrawn.",
                effect=""
                if view.value(who.withdrawal)
                else "If it cannot, consent once given binds for good.",
                recommendation=""
                if view.value(who.withdrawal)
                else "Let members leave, and delete their records (who.withdrawal).",
                rows=view.row(who.withdrawal),
            )
        ]
    ends = view.value(remedy.record_ends) is not None
    yearly = view.regime.score is not None and view.value(view.regime.score.restarts) is not None
    kept = bool(view.scores) and not ends and not yearly
    verdict, cause = end_of_data(view, kept, ends)
    return [
        finding(
            view,
            id,
            verdict,
            ("remedy", "record_ends"),
            text=declared_text(view, "remedy.record_ends", remedy.record_ends),
            condition=concerned(view),
            cause=cause,
            effect=""
            if verdict == "met"
            else "If nothing else ends it, a record can follow a person for life.",
            recommendation="" if verdict == "met" else "Let records end (remedy.record_ends).",
            rows=view.row(remedy.record_ends),
        )
    ]


def end_of_data(view: View, kept: bool, ends: bool) -> tuple[Verdict, str]:
    """Whether records and listings end, and why; `kept` where records of a score do not.

    A ground without a term that one leaves by performance only is for a lawyer, as under the
    five years of Chinese limits.
    """
    open_ends = [
        f"{way.name} of list {name}"
        for name in view.lists
        for way in view.all_ways[name]
        if not way_ends(view, name, way)
    ]
    if kept or (open_ends and not ends and not all(left(view, n) for n in view.lists)):
        return "not met", "Nothing in the file says when a record ends."
    if open_ends:
        return "needs a lawyer", (
            f"There is no term for {named(open_ends)}; whether the purpose is done when one "
            "performs, or at all, needs a lawyer."
        )
    return "met", "Records or listings end."


def way_ends(view: View, name: str, way: Way) -> bool:
    """Whether entries by one ground end by a term, with the score, or with another listing."""
    if way.ground.follows or way.by_score:
        return True
    own = way.ground.stays
    return view.value(view.lists[name].stays if own is None else own) is not None


def left(view: View, name: str) -> bool:
    """Whether one gets off a list, or need not: by performance, repair or another act."""
    rules = view.lists[name]
    ways_out = (rules.removal_after_performance, rules.repair_opens)
    if rules.ends_on or any(view.value(d) is not None for d in ways_out):
        return True
    return all(way_ends(view, name, way) for way in view.all_ways[name])


def assessment(view: View) -> list[Finding]:
    """Art. 55: an impact assessment was made."""
    return [told_limit(view, "pipl.assessment", "impact_assessment_made", lambda v: bool(v))]


def assessment_kept(view: View) -> list[Finding]:
    """Art. 56: it is kept three years."""
    kept = "impact_assessment_kept"
    return [told_limit(view, "pipl.assessment-kept", kept, lambda v: float(v) >= KEPT)]


def told_limit(view: View, id: str, name: str, good: Callable[[float], bool]) -> Finding:
    """What only the owner can tell, by a limit of the file."""
    value, _ = view.limit(name)
    if value is None:
        return finding(
            view,
            id,
            "not testable",
            ("limits", name),
            text=f"limits.{name}: nothing declared",
            condition=concerned(view),
            cause="Whether it was done cannot be seen in rules; the owner can say it here.",
            recommendation=f"Say so in the file (limits.{name}).",
        )
    met = good(float(value))
    return limit_finding(
        view,
        id,
        name,
        verdict="met" if met else "not met",
        cause="The file says so." if met else "The file itself says that it is not so.",
        effect="" if met else "Nobody has looked at what the rules do to persons.",
        recommendation="" if met else "Make the assessment, and keep it for three years.",
    )
