"""Chinese limits on whom measures use and hit: banks, relatives, names (rows 14, 15, section 6)."""

from __future__ import annotations

from scslab.core.audit import Finding, Verdict
from scslab.evaluation.audit.chinese_inputs import forbidden
from scslab.evaluation.audit.chinese_measures import BINDING
from scslab.evaluation.audit.declared import limit_finding
from scslab.evaluation.audit.finding import finding, measure_text, named, way_text
from scslab.evaluation.audit.inputs import listed, words_in
from scslab.evaluation.audit.parts import Measure, Way
from scslab.evaluation.audit.view import View

FORCED = ("banks_may_be_forced", "banks_and_media_forced_to_punish")
NAMED = ("personal_records_published", "entries_published_with_names")
NAMES = ("name", "names", "named", "published", "publicly", "public notice")


def banks_not_forced(view: View) -> list[Finding]:
    """Row 14: banks, media and associations are not forced to punish."""
    id = "cn.banks-not-forced"
    found = forbidden(view, id, FORCED, "banks may be forced to punish")
    declared, name = view.limit(*FORCED)
    if declared is False:
        return [
            limit_finding(
                view,
                id,
                name,
                verdict="met",
                cause="The file forbids it.",
                effect="",
                recommendation="",
            )
        ]
    for m in view.measures:
        if words_in(m.by, listed("unforced")):
            found += laid_on(view, m)
        elif m.context == "money" and not m.by and not leaves_choice(m):
            found.append(
                measure_finding(
                    view,
                    id,
                    "not testable",
                    m,
                    "The measure is one of credit, and the file does not say who takes it.",
                    "If banks must, they are forced.",
                    "Say who takes it (by), or forbid force (limits.banks_may_be_forced: no).",
                )
            )
    return found or [none_found(view, id, "No measure is laid on banks, media or associations.")]


def leaves_choice(m: Measure) -> bool:
    """Whether the words of a measure leave it to those who take it."""
    said = f"{m.says} {m.by}".lower().replace("may not", "must not")
    return bool(words_in(said, listed("choice")))


def laid_on(view: View, m: Measure) -> list[Finding]:
    """A measure that banks, media or associations take; nothing where they may choose."""
    if leaves_choice(m):
        return []
    must = words_in(f"{m.says} {m.by}", listed("force"))
    cause = (
        f"It is laid on {m.by}, in words that force ({named(must)})."
        if must
        else f"It is taken by {m.by}; whether they must, the words do not say."
    )
    return [
        measure_finding(
            view,
            "cn.banks-not-forced",
            "not met" if must else "needs a lawyer",
            m,
            cause,
            "Private parties punish for the state.",
            "Leave it to them (may, can take into account), or let the state take it.",
        )
    ]


def measure_finding(
    view: View, id: str, verdict: Verdict, m: Measure, cause: str, effect: str, advice: str
) -> Finding:
    """A finding about one measure."""
    return finding(
        view,
        id,
        verdict,
        m.path,
        text=measure_text(m),
        condition=f"Whoever is put on list {m.list}",
        cause=cause,
        effect=effect,
        recommendation=advice,
        rows=m.rows,
        severity=m.severity or "",
        judged=not m.rows,
    )


def none_found(view: View, id: str, cause: str) -> Finding:
    """No rule of the file is of the kind that a criterion forbids."""
    names = named(f"list {n}" for n in view.lists)
    return finding(
        view,
        id,
        "met",
        ("lists",),
        text="all grounds and measures of lists",
        condition=f"Whoever is put on {names}",
        cause=cause,
        judged=True,
    )


def family(view: View) -> list[Finding]:
    """Row 15: nobody is punished for the debt of another."""
    id = "cn.family"
    others = ("representative_listed_for_the_firm",)
    found = forbidden(view, id, others, "a representative is listed because the firm is")
    declared, _ = view.limit(*others)
    for name in view.lists:
        for way in view.all_ways[name]:
            if way.ground.of == "same":
                continue
            found.append(for_another(view, way, declared is True))
    for m in view.measures:
        kin = words_in(m.says, listed("relatives"))
        if not kin or "persons" not in m.subjects:
            continue
        own = words_in(m.says, listed("own_spending"))
        found.append(
            measure_finding(
                view,
                id,
                "needs a lawyer" if own else "not met",
                m,
                f"It bites on {named(kin)}"
                + (
                    "; on the debtor's own spending only, the words of the courts' rules allow it."
                    if own
                    else ", who did nothing."
                ),
                "A relative bears what another did.",
                "Drop it, or bind it to the own spending of whoever is listed.",
            )
        )
    return found or [none_found(view, id, "No ground and no measure reaches a relative.")]


def for_another(view: View, way: Way, listed_for_firm: bool) -> Finding:
    """A ground that rests on the listing of another."""
    relative = way.ground.of == "family"
    verdict: Verdict = "not met" if relative or listed_for_firm else "needs a lawyer"
    whose = "a relative" if relative else "a firm that the person represents"
    return finding(
        view,
        "cn.family",
        verdict,
        way.path,
        text=way_text(way),
        condition=f"Not the person, but {whose} is listed",
        cause=f"The ground is the listing of {whose}"
        + (
            "."
            if relative
            else "; the courts do not list representatives, but limit their spending "
            "of the firm's money."
        ),
        effect="Somebody is punished who did nothing.",
        recommendation="Drop the ground (bounds: listings_of), or name what the person did.",
        rows=way.rows,
        acts=sorted({c.act for c in way.conduct}),
    )


def names(view: View) -> list[Finding]:
    """Section 6: persons are named in public by law only."""
    id = "cn.names"
    found = forbidden(view, id, NAMED, "records of persons are made public")
    declared, limit = view.limit(*NAMED)
    for m in view.measures:
        public = m.context == "publicity" and words_in(f"{m.key} {m.says}", NAMES)
        if public and "persons" in m.subjects:
            found.append(naming(view, m))
    if found:
        return found
    if declared is False:
        return [
            limit_finding(
                view,
                id,
                limit,
                verdict="met",
                cause="The file forbids it, and no measure names.",
                effect="",
                recommendation="",
            )
        ]
    place = ("lists",) if view.lists else view.score_place
    return [
        finding(
            view,
            id,
            "met",
            place,
            text="all measures",
            condition="Whoever is rated",
            cause="No measure names persons in public.",
            judged=True,
        )
    ]


def naming(view: View, m: Measure) -> Finding:
    """One measure that names persons in public."""
    verdict: Verdict
    if m.source == "law":
        verdict, why = "met", "A law that is cited says so."
    elif m.source in BINDING:
        verdict, why = (
            "needs a lawyer",
            "A rule says so; whether it is a state rule needs a lawyer.",
        )
    elif m.source == "assumption":
        verdict, why = "not testable", "That names are published is an assumption of the file."
    else:
        verdict, why = "not met", f"No law is cited; it is known from a source of kind {m.source}."
    good = verdict == "met"
    return measure_finding(
        view,
        "cn.names",
        verdict,
        m,
        why,
        "" if good else "Persons are put to shame before all.",
        "" if good else "Do not publish names of persons, or cite the law that says so.",
    )
