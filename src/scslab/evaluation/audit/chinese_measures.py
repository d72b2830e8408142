"""Chinese limits on measures: basis, relation, proportion, low scores (rows 4 to 6, 12)."""

from __future__ import annotations

from scslab.core.audit import Finding, Verdict
from scslab.core.contexts import degree_rank, related, why_contested
from scslab.evaluation.audit.chinese_inputs import forbidden
from scslab.evaluation.audit.declared import concerned, limit_finding
from scslab.evaluation.audit.finding import (
    by_context,
    finding,
    measure_text,
    named,
    through_ways,
    way_text,
)
from scslab.evaluation.audit.parts import Measure, Pair, field_open
from scslab.evaluation.audit.single import suffices
from scslab.evaluation.audit.view import View

BINDING = ("law", "rule")
UNPUBLISHED = (
    "unpublished_measures",
    "unpublished_measures_allowed",
    "measures_without_a_list_or_law",
    "measures_beyond_the_national_list",
    "measures_heavier_than_the_law",
    "an_agency_may_act_outside_its_own_law",
)
OPEN = (
    "It is taken in the field of the act, but a score or grade of several fields brings it about; "
    "which of them is its own cannot be told."
)
PUNISHED = ("score_alone_may_punish", "low_score_may_be_punished", "class_may_punish")


def published_measures(view: View) -> list[Finding]:
    """Row 4: a published list and a legal basis."""
    id = "cn.published-measures"
    found = forbidden(view, id, UNPUBLISHED, "measures may be taken without a published basis")
    for m in view.measures:
        binding = m.source in BINDING
        found.append(
            finding(
                view,
                id,
                "met" if binding else "not testable",
                m.path,
                text=measure_text(m),
                condition=f"Whoever is put on list {m.list}",
                cause=f"The measure rests on a {m.source} that is cited with its place."
                if binding
                else f"The measure is known from a source of kind {m.source}; the rule behind it, "
                "if any, is not in the file.",
                effect="" if binding else "Whether the law allows the measure cannot be seen.",
                recommendation="" if binding else "Cite the law or rule that allows the measure.",
                rows=m.rows,
                severity=m.severity or "",
            )
        )
    return found


def related_measures(view: View) -> list[Finding]:
    """Row 5: the measure is related to the act."""
    found = forbidden(
        view, "cn.related", ("unrelated_measures",), "unrelated measures may be taken"
    )
    for m in view.measures:
        found += relation(view, m)
    return found


def relation(view: View, m: Measure) -> list[Finding]:
    """One measure against all acts that lead to it, grouped by verdict."""
    pairs = list(view.pairs(m))
    if m.context is None:
        return [
            unknown(view, m, pairs, "cn.related", "The field of life of the measure", "context")
        ]
    groups: dict[Verdict, list[Pair]] = {}
    for pair in pairs:
        field = pair[1].context
        verdict: Verdict = "met"
        if not related(field, m.context):
            contested = why_contested(field, m.context) is not None
            verdict = "needs a lawyer" if contested else "not met"
        elif field_open(m, pair[0], view.harmful):
            verdict = "needs a lawyer"
        groups.setdefault(verdict, []).append(pair)
    found = [relation_finding(view, m, v, some) for v, some in groups.items()]
    return found + strangers(view, m, "cn.related")


def relation_finding(view: View, m: Measure, verdict: Verdict, pairs: list[Pair]) -> Finding:
    """The acts of one verdict against one measure."""
    acts = [c for _, c in pairs]
    field = m.context or ""
    if verdict == "met":
        cause = f"They are in, or tied to, the field in which it bites ({field})."
    elif verdict == "not met":
        cause = f"They have nothing to do with the field in which it bites ({field})."
    elif field == "own-field":
        cause = OPEN
    else:
        whys = named(why_contested(c.context, field) or "" for c in acts)
        cause = f"Lawyers differ over their tie to {field}: {whys}."
    return finding(
        view,
        "cn.related",
        verdict,
        m.path,
        text=measure_text(m),
        condition=f"{through_ways(pairs)}, for acts in: {by_context(acts)}",
        cause=cause,
        effect="" if verdict == "met" else f'It bites where the act was not: "{m.says}"',
        recommendation=""
        if verdict == "met"
        else "Drop the measure for these acts (bounds: only related), or show the tie.",
        rows=m.rows,
        judged=True,
        severity=m.severity or "",
        acts=sorted({c.act for c in acts}),
    )


def unknown(view: View, m: Measure, pairs: list[Pair], id: str, what: str, key: str) -> Finding:
    """A measure whose field or severity is not known."""
    return finding(
        view,
        id,
        "not testable",
        m.path,
        text=measure_text(m),
        condition=through_ways(pairs) if pairs else f"Whoever is put on list {m.list}",
        cause=f"{what} is not known by its name, and the file does not say.",
        recommendation=f"Say it at the measure ({key}: ...).",
        rows=m.rows,
    )


def strangers(view: View, m: Measure, id: str) -> list[Finding]:
    """Grounds that rest on listings elsewhere whose acts are not known."""
    names = [x for w in view.ways_of(m.list) for x in w.unknown]
    if not names:
        return []
    return [
        finding(
            view,
            id,
            "not testable",
            m.path,
            text=measure_text(m),
            condition=f"Whoever stands on {named(names)}",
            cause="The acts that lead onto that list are in no file that the audit can see.",
            recommendation="Audit the file of that list together with this one.",
            rows=m.rows,
            severity=m.severity or "",
        )
    ]


def proportionate(view: View) -> list[Finding]:
    """Row 6: the measure is proportionate."""
    heavier = ("disproportionate_measures",)
    found = forbidden(view, "cn.proportionate", heavier, "measures need not be proportionate")
    for m in view.measures:
        found += proportion(view, m)
    return found


def proportion(view: View, m: Measure) -> list[Finding]:
    """One measure against the gravity of all acts that lead to it, grouped by verdict."""
    pairs = list(view.pairs(m))
    if m.severity is None:
        return [
            unknown(view, m, pairs, "cn.proportionate", "How hard the measure bites", "severity")
        ]
    groups: dict[Verdict, list[Pair]] = {}
    for way, c in pairs:
        step = degree_rank(m.severity) - degree_rank(c.gravity)
        verdict: Verdict = "met"
        if step >= 1:
            alone = way is None or not way.by_score or suffices(view, way, c)
            verdict = "not met" if step >= 2 and alone else "needs a lawyer"
        groups.setdefault(verdict, []).append((way, c))
    return [proportion_finding(view, m, v, some) for v, some in groups.items()] + strangers(
        view, m, "cn.proportionate"
    )


def proportion_finding(view: View, m: Measure, verdict: Verdict, pairs: list[Pair]) -> Finding:
    """The acts of one verdict against one measure."""
    acts = [c for _, c in pairs]
    grave = named(f"{c.act} ({c.gravity})" for c in acts)
    words: dict[Verdict, str] = {
        "met": f"No act is less grave than the {m.severity} measure: {grave}.",
        "not met": f"The measure is {m.severity}, the acts are slight: {grave}.",
        "needs a lawyer": f"The measure is {m.severity}, the acts are less grave: {grave}.",
    }
    return finding(
        view,
        "cn.proportionate",
        verdict,
        m.path,
        text=measure_text(m),
        condition=f"{through_ways(pairs)}, for {named(c.act for c in acts)}",
        cause=words[verdict],
        effect="" if verdict == "met" else f'It weighs more than the act: "{m.says}"',
        recommendation=""
        if verdict == "met"
        else "Take a milder measure for these acts (bounds: only proportionate), or show why not.",
        rows=m.rows,
        judged=True,
        severity=m.severity or "",
        acts=sorted({c.act for c in acts}),
    )


def score_alone(view: View) -> list[Finding]:
    """Row 12: a low score alone carries no punishment."""
    id = "cn.score-alone"
    found = forbidden(view, id, PUNISHED, "a low score alone may be punished")
    for name in view.lists:
        what = [m.key for m in view.measures if m.list == name and "persons" in m.subjects]
        for way in view.all_ways[name]:
            if not way.by_score or not what:
                continue
            found.append(
                finding(
                    view,
                    id,
                    "not met",
                    way.path,
                    text=way_text(way),
                    condition="The score or grade is low, whatever the acts",
                    cause=f"The score itself is the ground of {named(what)}.",
                    effect="Somebody is punished for a number, without any act being named.",
                    recommendation="Let punishment follow from acts; let the score only reward.",
                    rows=way.rows,
                )
            )
    if found:
        return found
    value, name = view.limit(*PUNISHED)
    if value is False:
        return [
            limit_finding(
                view,
                id,
                name,
                verdict="met",
                cause="The file forbids it, and no list breaks that.",
                effect="",
                recommendation="",
            )
        ]
    return [
        finding(
            view,
            id,
            "met",
            view.score_place,
            text="all grounds of lists",
            condition=concerned(view),
            cause="No list with a measure is entered by score or grade.",
        )
    ]
