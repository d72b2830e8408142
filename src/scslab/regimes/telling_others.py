"""In words: whom a regime rates, inspections, platforms, codes, remedies and limits."""

from __future__ import annotations

from scslab.core.cards import RuleLine, RulePart
from scslab.regimes.links import Identity, Inspections, Platform
from scslab.regimes.lists import Hardship
from scslab.regimes.model import Among, Who
from scslab.regimes.telling import SHOWN_ONLY, Teller, part

WHO = {
    "adults_from": "youngest age that is rated",
    "residence": "residence needed",
    "permit_for_non_locals": "people from elsewhere need a permit to be rated",
    "consent": "only who agrees first is rated",
    "withdrawal": "a member can leave, and the records are deleted",
}
REMEDY = {
    "warning_first": "a warning comes before the record" + SHOWN_ONLY,
    "notice_before_listing": "notice before a listing" + SHOWN_ONLY,
    "heard_before_listing": "the subject is heard before a listing, while the list waits",
    "human_review": "a person looks at each record before it counts",
    "reasons_given": "the notice says which record and which rule",
    "method_published": "everybody can read how scores and listings come about",
    "help_with_objections": "somebody helps to write an objection",
    "marked_as_disputed": "an entry is marked while an objection waits",
    "complaint": "a supervisor outside the operator hears who was rejected",
    "correction_reaches": "a correction must reach everybody who has the record",
    "objection": "an objection is decided within",
    "objection_own_data": "an objection to the operator's own data is decided within",
    "objection_others_data": "an objection to data of others is decided within",
    "basis_cancelled": "removal after the basis fell, within" + SHOWN_ONLY,
    "record_ends": "a record counts, from the end of the conduct, for",
    "repair_opens_slight": "a record of a slight act can be repaired after",
    "repair_opens_ordinary": "a record of ordinary conduct can be repaired after",
    "repair_opens_serious": "a record of a serious act can be repaired after",
    "shown_at_most_slight": "a slight act is published for at most" + SHOWN_ONLY,
    "shown_at_most_ordinary": "ordinary conduct is published for at most" + SHOWN_ONLY,
    "shown_at_most_serious": "a serious act is published for at most" + SHOWN_ONLY,
}
ONLY = {
    "related": "only measures in the field of life of the act",
    "proportionate": "only measures no harder than the act is grave",
    "four-fields": "only lists in the four fields of document 2020 No. 49",
}
PLATFORM = {
    "coverage": "share of the records taken that arrive",
    "delay": "time from the agency to the regime",
    "wrong_subject": "share of a person's records that are filed under another name",
    "wrong_organisation": "share of an organisation's records that are filed under another name",
}


def who(teller: Teller) -> list[RuleLine]:
    """Whom the regime rates, and whom it spares."""
    rules = teller.regime.who
    lines = [RuleLine(subjects_words(rules))]
    lines += [teller.cited(among_words(a), a.source, a.at) for a in rules.among]
    for name, says in WHO.items():
        lines += teller.rule(says, getattr(rules, name), f"who.{name}")
    for name, exemption in rules.exempt.items():
        acts = f", for {' or '.join(exemption.acts)}" if exemption.acts else ""
        key = f"who.exempt.{name}.holds"
        says = f"{exemption.says}: spared{acts}"
        lines += teller.gated(says, exemption.holds, key, name=f"exemption {name}")
    return lines


def subjects_words(rules: Who) -> str:
    """Persons, organisations or both, and where."""
    places = f", in {' or '.join(rules.places)}" if rules.places else ""
    return " and ".join(rules.subjects) + places


def among_words(among: Among) -> str:
    """Which attribute narrows whom the regime rates."""
    return f'only those whose attribute "{among.attribute}" is {" or ".join(among.are)}'


def parts(teller: Teller) -> list[RulePart]:
    """Inspections, platform, code, remedies, limits."""
    regime = teller.regime
    found = part("Inspections", inspection_lines(teller, regime.inspections))
    found += part("What is passed on", platform_lines(teller, regime.platform))
    found += part("How records find their subject", identity_lines(teller, regime.identity))
    remedies = [
        line
        for name, says in REMEDY.items()
        for line in teller.rule(says, getattr(regime.remedy, name), f"remedy.{name}")
    ]
    found += part("Remedies", remedies + hardship_lines(teller, regime.remedy.hardship))
    found += part("What the rules may not do", bound_lines(teller))
    limits = [
        line
        for name, dated in regime.limits.items()
        for line in teller.rule(name.replace("_", " ") + SHOWN_ONLY, dated, f"limits.{name}")
    ]
    return found + part("Limits", limits)


def hardship_lines(teller: Teller, hardship: Hardship | None) -> list[RuleLine]:
    """Who is let off on application."""
    if hardship is None:
        return []
    acts = f", for {' or '.join(hardship.acts)}" if hardship.acts else ""
    says = f"{hardship.says}: let off on application{acts}"
    return teller.gated(says, hardship.holds, "remedy.hardship.holds", name="hardship")


def bound_lines(teller: Teller) -> list[RuleLine]:
    """The bounds to which the laboratory holds the rules."""
    lines = []
    for name, bound in teller.regime.bounds.items():
        notes = [f"not counted: {', '.join(bound.acts)}"] if bound.acts else []
        notes += [f"barred: {', '.join(bound.effects)}"] if bound.effects else []
        if bound.listings_of:
            notes.append(f"no ground: the listing of {' or '.join(bound.listings_of)}")
        notes += [ONLY[bound.only]] if bound.only is not None else []
        says = bound.says + (f" ({'; '.join(notes)})" if notes else "")
        lines += teller.gated(says, bound.holds, f"bounds.{name}.holds", name=f"bound {name}")
    return lines


def inspection_lines(teller: Teller, inspections: Inspections | None) -> list[RuleLine]:
    """How often subjects of each grade are inspected."""
    if inspections is None:
        return []
    lines = [RuleLine(inspections.says)]
    for grade, visits in inspections.visits.items():
        lines += teller.rule(f"grade {grade}", visits, f"inspections.visits.{grade}")
    return lines


def platform_lines(teller: Teller, platform: Platform | None) -> list[RuleLine]:
    """What a platform passes on, how late, with which loss."""
    if platform is None:
        return []
    lines = []
    for name, link in platform.links.items():
        says = f"{link.says} ({', '.join(link.acts)})"
        key = f"platform.links.{name}.holds"
        lines += teller.gated(says, link.holds, key, name=f"link {name}")
    for name, says in PLATFORM.items():
        lines += teller.rule(says, getattr(platform, name), f"platform.{name}")
    return lines


def identity_lines(teller: Teller, identity: Identity | None) -> list[RuleLine]:
    """A code that names subjects."""
    if identity is None:
        return []
    lines = teller.rule(f"{identity.says}: in use", identity.holds, "identity.holds")
    return lines + teller.rule(
        "share of identity errors removed", identity.removes, "identity.removes"
    )
