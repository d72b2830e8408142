"""Lists in words: grounds, terms, ways off, measures."""

from __future__ import annotations

from scslab.core.cards import RuleLine, RulePart
from scslab.regimes.lists import Ground, ListRules
from scslab.regimes.telling import Teller, part

OPEN_END = "no fixed term: until removed"
WAITS = "time between decision and listing, in which one can object, or perform and never be listed"
FROM = {"listing": "from the listing", "performance": "from performance"}
WHOSE = {
    "same": "the subject itself",
    "representative": "the organisation that the person represents",
    "family": "a member of the household",
}
FIELDS = {
    "health-and-life": "people's health and life",
    "market-and-order": "fair competition and social order",
    "legal-duty": "legal duties",
    "defence": "national defence",
}


def parts(teller: Teller) -> list[RulePart]:
    """Each list."""
    found = []
    for name, rules in teller.regime.lists.items():
        key = f"lists.{name}"
        lines = teller.rule(
            "closed: nobody enters, everybody leaves", rules.closed, f"{key}.closed"
        )
        for ground_name, ground in rules.grounds.items():
            lines += ground_lines(teller, ground_name, ground, f"{key}.grounds.{ground_name}")
        lines += way_lines(teller, rules, key)
        for effect_name, effect in rules.effects.items():
            by = f"; taken by {effect.by}" if effect.by else ""
            by += f"; for {' and '.join(effect.subjects)} only" if effect.subjects else ""
            by += f"; field of life: {effect.context}" if effect.context else ""
            by += f"; {effect.severity}" if effect.severity else ""
            place = f"{key}.effects.{effect_name}.holds"
            named = f"measure {effect_name}"
            lines += teller.gated(f"{effect.says}{by}", effect.holds, place, name=named)
        found += part(f"List: {name}", [RuleLine(list_head(rules)), *lines])
    return found


def list_head(rules: ListRules) -> str:
    """What a list is."""
    colour = "a redlist, which praises" if rules.colour == "red" else "a blacklist"
    members = "; only those who joined can be listed" if rules.members_only else ""
    return f"{rules.says} ({colour}{members})"


def ground_lines(teller: Teller, name: str, ground: Ground, key: str) -> list[RuleLine]:
    """One ground of listing and what belongs to it."""
    under = teller.rule("such acts needed", ground.times, f"{key}.times")
    under += teller.rule("all within", ground.within, f"{key}.within")
    under += teller.rule("with a score below", ground.score_below, f"{key}.score_below")
    says = "stays for this ground"
    under += teller.rule(says, ground.stays, f"{key}.stays", none=OPEN_END)
    words = ground_words(ground)
    return teller.gated(words, ground.holds, f"{key}.holds", under, f"ground {name}")


def ground_words(ground: Ground) -> str:
    """What a ground is, and by what it is met."""
    notes = []
    if ground.acts:
        notes.append(f"{'act' if len(ground.acts) == 1 else 'acts'} {', '.join(ground.acts)}")
    if ground.grades:
        notes.append(f"grade {' or '.join(ground.grades)}")
    if ground.listed_on:
        whose = WHOSE[ground.of]
        notes.append(f"{whose} stands on {' or '.join(ground.listed_on)}")
    if ground.subjects:
        notes.append(f"{' and '.join(ground.subjects)} only")
    if ground.follows:
        notes.append("the entry stands while that listing stands")
    if ground.field is not None:
        notes.append(f"field: {FIELDS[ground.field]}")
    return ground.says + (f" ({'; '.join(notes)})" if notes else "")


def way_lines(teller: Teller, rules: ListRules, key: str) -> list[RuleLine]:
    """Term, extension and the ways off a list."""
    lines = teller.rule(WAITS, rules.waits, f"{key}.waits")
    lines += teller.rule("stays on the list", rules.stays, f"{key}.stays", none=OPEN_END)
    lines += teller.rule("a further ground adds", rules.extends, f"{key}.extends")
    if rules.ends_on:
        lines.append(RuleLine(f"an entry ends at once on {' or '.join(rules.ends_on)}"))
    says = "off the list once the duty is performed, within"
    lines += teller.rule(says, rules.removal_after_performance, f"{key}.removal_after_performance")
    says = f"can apply to leave early after ({FROM[rules.repair_after]})"
    lines += teller.rule(says, rules.repair_opens, f"{key}.repair_opens")
    if rules.escalates is not None:
        says = f'an entry that nobody has cleared moves to the list "{rules.escalates.to}" after'
        lines += teller.rule(says, rules.escalates.after, f"{key}.escalates.after")
    lines += teller.rule("score on leaving the list", rules.score_after, f"{key}.score_after")
    return lines
