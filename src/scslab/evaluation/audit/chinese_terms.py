"""Chinese limits in time: five years, deadlines, a cancelled basis (rows 8 to 10)."""

from __future__ import annotations

from scslab.core.audit import Finding, Verdict
from scslab.core.values import Dated
from scslab.core.yamlfile import Place
from scslab.evaluation.audit.declared import OBJECTIONS, concerned, declared_words, if_none
from scslab.evaluation.audit.finding import declared_text, finding, named
from scslab.evaluation.audit.parts import Way
from scslab.evaluation.audit.view import View

MOST = 60  # months
DECIDED = {"working days": 20, "days": 28}  # 20 working days are four weeks
CANCELLED = {"working days": 3, "days": 5}


def five_years(view: View) -> list[Finding]:
    """Row 8: no record is used after five years."""
    found = []
    if view.harmful or (view.regime.score is not None and view.regime.score.dimensions):
        found.append(record_term(view))
    for name in view.lists:
        found += list_terms(view, name)
    return found


def record_term(view: View) -> Finding:
    """The term of records of a score."""
    score = view.regime.score
    yearly = score is not None and view.value(score.restarts) is not None
    ends = view.regime.remedy.record_ends
    return term(
        view,
        ("remedy", "record_ends"),
        "remedy.record_ends",
        ends,
        concerned(view),
        "All scores restart every year." if yearly else "",
    )


def list_terms(view: View, name: str) -> list[Finding]:
    """The terms of a list: of each ground that has its own, and of the rest together."""
    rules = view.lists[name]
    found: list[Finding] = []
    rest: list[Way] = []
    for way in view.all_ways[name]:
        own = way.ground.stays
        if own is not None:
            place: Place = (*way.path, "stays")
            text = f"{way.name}, term"
            if view.value(own) is not None:
                found.append(term(view, place, text, own, f"Listed by {way.name}"))
            else:
                found.append(open_end(view, name, place, f"Listed by {way.name}"))
        elif way.ground.follows:
            continue
        else:
            rest.append(way)
    if not rest:
        return found
    place = ("lists", name, "stays")
    where = f"Listed by {named(w.name for w in rest)}"
    if view.value(rules.stays) is None:
        if all(w.by_score for w in rest):
            return found
        return [*found, open_end(view, name, place, where)]
    return [*found, term(view, place, f"list {name}, term", rules.stays, where)]


def term(
    view: View, place: Place, text: str, dated: Dated | None, condition: str, instead: str = ""
) -> Finding:
    """A term in months against five years."""
    months = view.value(dated)
    guess = view.guessed(dated, lambda v: v <= MOST)
    verdict: Verdict
    if months is None and instead:
        verdict, cause = "met", instead
    elif months is None:
        verdict, cause = "not met", "Nothing in the file says when a record ends."
    elif guess:
        verdict, cause = "not testable", f"Whether five years are kept is not known: {guess}."
    elif months <= MOST:
        verdict, cause = "met", f"It ends after {months:g} months."
    else:
        verdict, cause = "not met", f"It is used for {months:g} months, more than five years."
    good = verdict == "met"
    return finding(
        view,
        "cn.five-years",
        verdict,
        place,
        text=declared_text(view, text, dated),
        condition=condition,
        cause=cause,
        effect=""
        if good
        else "What was done long ago goes on to weigh."
        if months is not None
        else "If no rule ends it, what was done long ago goes on to weigh.",
        recommendation="" if good else "End it after 60 months or less.",
        rows=view.row(dated),
    )


def open_end(view: View, name: str, place: Place, condition: str) -> Finding:
    """A listing without a term: ends in another way, or not at all."""
    rules = view.lists[name]
    performed = view.value(rules.removal_after_performance) is not None
    repaired = view.value(rules.repair_opens) is not None
    ways = [w for w, there in (("performance", performed), ("repair", repaired)) if there]
    ways += [f"a later act ({a})" for a in rules.ends_on]
    if ways:
        verdict: Verdict = "needs a lawyer"
        cause = f"There is no term; it ends by {named(ways)} only. Regional law lets entries last "
        cause += "while one stays listed, which some read as no limit."
    else:
        verdict, cause = "not met", "The file has no term and no way off the list."
    return finding(
        view,
        "cn.five-years",
        verdict,
        place,
        text=f"list {name}: no term",
        condition=condition,
        cause=cause,
        effect="If that is all, whoever cannot get off stays listed for good.",
        recommendation="End entries after 60 months at the latest (stays).",
        rows=view.row(rules.stays) or view.row(rules.removal_after_performance),
    )


def objection_deadline(view: View) -> list[Finding]:
    """Row 9: objections are decided in time."""
    remedy = view.regime.remedy
    terms = {
        n: getattr(remedy, n) for n in OBJECTIONS if view.value(getattr(remedy, n)) is not None
    }
    name = max(terms, key=lambda n: over(view, terms[n], DECIDED), default="objection")
    within = any(over(view, t, DECIDED) <= 1 for t in terms.values())
    return [
        in_time(
            view,
            "cn.objection-deadline",
            name,
            DECIDED,
            f"{concerned(view)}, and objects",
            "Objections can wait for ever.",
            "Decide objections within 20 working days or less",
            "partly" if within else "not met",
        )
    ]


def basis_cancelled(view: View) -> list[Finding]:
    """Row 10: a cancelled basis is deleted in time."""
    return [
        in_time(
            view,
            "cn.basis-cancelled",
            "basis_cancelled",
            CANCELLED,
            "The decision behind a record or entry is cancelled",
            "An entry stands whose ground is gone.",
            "Delete within 3 working days",
        )
    ]


def over(view: View, dated: Dated, limits: dict[str, int]) -> float:
    """A time as a multiple of what its unit allows."""
    return float(view.value(dated) or 0) / limits.get(dated.unit, 1)


def in_time(
    view: View,
    id: str,
    name: str,
    limits: dict[str, int],
    condition: str,
    effect: str,
    advice: str,
    late: Verdict = "not met",
) -> Finding:
    """A time limit that must be declared and not be too long."""
    dated: Dated | None = getattr(view.regime.remedy, name)
    value = view.value(dated)
    unit = "" if dated is None else dated.unit
    guess = view.guessed(dated, lambda v: v <= limits.get(unit, 1))
    if dated is None or value is None:
        verdict: Verdict = "not met"
        cause = f"No time is declared (remedy.{name}), and the rules must set one."
        effect = if_none(effect)
    elif guess and over(view, dated, limits) <= 1:
        verdict, cause = "not testable", f"Whether it is in time is not known: {guess}."
    elif over(view, dated, limits) > 1:
        most = limits[dated.unit]
        verdict, cause = late, f"{value:g} {dated.unit} are more than {most} {dated.unit}."
    else:
        verdict, cause = "met", f"{value:g} {dated.unit}. {declared_words(view.row(dated))}"
    good = verdict == "met"
    return finding(
        view,
        id,
        verdict,
        ("remedy", name),
        text=declared_text(view, f"remedy.{name}", dated),
        condition=condition,
        cause=cause,
        effect="" if good else effect,
        recommendation="" if good else f"{advice} (remedy.{name}).",
        rows=view.row(dated),
    )
