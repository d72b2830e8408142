"""Chinese limits on lists of serious dishonesty: the four fields, and a basis in law (No. 49)."""

from __future__ import annotations

from scslab.core.audit import Finding, Verdict
from scslab.evaluation.audit.chinese_inputs import forbidden
from scslab.evaluation.audit.chinese_procedure import serious_lists
from scslab.evaluation.audit.finding import by_context, finding, named, way_text
from scslab.evaluation.audit.parts import Way
from scslab.evaluation.audit.view import View

# Fields of life whose acts can be in each of the four fields of document 2020 No. 49.
FITS = {
    "health-and-life": {"food", "safety", "health", "travel", "environment", "traffic", "work"},
    "market-and-order": {"market", "tax", "customs", "money", "work", "order", "crime", "travel"}
    | {"administration", "food", "safety", "environment"},
    "legal-duty": {"courts", "tax", "work", "administration", "crime"},
    "defence": {"defence"},
}
FIELD_WORDS = {
    "health-and-life": "life and health",
    "market-and-order": "fair competition and social order",
    "legal-duty": "refusal of a legal duty",
    "defence": "national defence",
}


def four_fields(view: View) -> list[Finding]:
    """Lists of serious dishonesty keep to the four fields."""
    id = "cn.four-fields"
    lists = ("lists_outside_the_four_fields",)
    found = forbidden(view, id, lists, "lists outside the four fields may be kept")
    for name in serious_lists(view):
        found += [in_field(view, way) for way in view.all_ways[name]]
    if found:
        return found
    return [
        finding(
            view,
            id,
            "met",
            ("lists",),
            text=f"lists {named(view.lists)}",
            condition="Any list of serious dishonesty",
            cause="No list has a ground in a field or a serious measure, so none is such a list.",
            judged=True,
        )
    ]


def in_field(view: View, way: Way) -> Finding:
    """One ground of a serious list."""
    field = way.ground.field
    odd = [c for c in way.conduct if field is not None and c.context not in FITS[field]]
    if way.ground.follows or (field is None and way.ground.listed_on):
        verdict: Verdict = "needs a lawyer"
        cause = "The ground is a listing elsewhere; whether the field of that list carries over "
        cause += "needs a lawyer."
    elif field is None:
        verdict, cause = "not met", "The file puts the ground in none of the four fields."
    elif odd:
        verdict = "needs a lawyer"
        cause = (
            f"The file puts it under {FIELD_WORDS[field]}; acts in {by_context(odd)} may not fit."
        )
    else:
        verdict, cause = "met", f"The file puts it under {FIELD_WORDS[field]}, and the acts fit."
    good = verdict == "met"
    return finding(
        view,
        "cn.four-fields",
        verdict,
        way.path,
        text=way_text(way),
        condition=f"Listed as seriously dishonest by {way.name}",
        cause=cause,
        effect="" if good else "If it fits none, a list meant for grave cases takes in others.",
        recommendation="" if good else "Drop the ground, or say in which field it is (field: ...).",
        rows=way.rows,
        judged=bool(odd),
        acts=sorted({c.act for c in way.conduct}),
    )


def list_basis(view: View) -> list[Finding]:
    """A list has a basis in law."""
    id = "cn.list-basis"
    local = ("local_list_without_local_regulation",)
    found = forbidden(view, id, local, "local lists need no local regulation")
    for name in view.lists:
        groups: dict[str, list[Way]] = {}
        for way in view.all_ways[name]:
            groups.setdefault(view.source_kind(way.rows), []).append(way)
        found += [basis(view, name, kind, ways) for kind, ways in groups.items()]
    return found


def basis(view: View, name: str, kind: str, ways: list[Way]) -> Finding:
    """The grounds of a list that rest on one kind of source."""
    if kind == "law":
        verdict, cause = "met", "A law or regulation is cited."
    elif kind == "rule":
        verdict = "needs a lawyer"
        cause = (
            "A rule is cited; a sector list may rest on a departmental rule, a local list needs "
        )
        cause += "a local regulation."
    else:
        verdict, cause = "not testable", f"The ground is known from a source of kind {kind}."
    good = verdict == "met"
    return finding(
        view,
        "cn.list-basis",
        verdict,  # type: ignore[arg-type]
        ways[0].path if len(ways) == 1 else ("lists", name, "grounds"),
        text=f"list {name}, grounds {named(w.name for w in ways)}",
        condition=f"Whoever is put on list {name}",
        cause=cause,
        effect="" if good else "Whether the list may exist cannot be seen from the file.",
        recommendation="" if good else "Cite the law or regulation on which the list rests.",
        rows=tuple(dict.fromkeys(r for w in ways for r in w.rows)),
    )
