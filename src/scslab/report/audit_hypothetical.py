"""In which respects tests are hypothetical: a law that binds elsewhere, or came later."""

from __future__ import annotations

import re

from scslab.core.audit import AuditedRules, AuditReport, Criterion, LegalSource
from scslab.report import words

NATIONWIDE = ("EU", "China")
BUREAUX = ("credit-reporting",)  # nationwide, but binds credit bureaux and those who file with them


def bureau(rules: AuditedRules) -> bool:
    """Whether the operator can be a credit bureau."""
    return rules.public == "company" or "credit reference" in rules.operator.lower()


def binds(source: LegalSource, rules: AuditedRules) -> bool:
    """Whether a text binds where the rules are used, and whoever operates them.

    A region is told by the words that name the operator.
    """
    if source.place not in NATIONWIDE:
        return source.place in rules.operator
    if rules.place not in (source.place, "not known"):
        return False
    return source.key not in BUREAUX or bureau(rules)


def texts(sources: tuple[LegalSource, ...], rules: AuditedRules) -> tuple[LegalSource, ...]:
    """The texts on which a test rests: those that bind, else those that could."""
    found = tuple(s for s in sources if binds(s, rules))
    general = tuple(s for s in sources if s.key not in BUREAUX or bureau(rules))
    return found or general or sources


def as_if(criterion: Criterion, rules: AuditedRules) -> str:
    """In which respect one test is hypothetical; empty where it is not.

    A European test of Chinese rules asks what would hold if they were used in the EU, a test by
    the law of a region what would hold there.
    """
    used = texts(criterion.sources, rules)
    found = []
    if not binds(used[0], rules):
        places = list(dict.fromkeys(s.place for s in used))
        whole = [p for p in places if p in NATIONWIDE and p != rules.place]
        found.append(f"as if used in {land(whole[0]) if whole else one_of(places)}")
    since = min(s.since for s in used)
    if since > rules.day:
        found.append(f"as if in force before {since}")
    if criterion.until and criterion.until < rules.day:
        found.append(f"as if still in force after {criterion.until}")
    return ", ".join(found)


def hypothetical(report: AuditReport, rules: AuditedRules) -> list[str]:
    """In which respects tests of one regime are hypothetical, a line for each instrument."""
    lines = []
    for name in dict.fromkeys(c.instrument for c in report.criteria):
        asked = [c for c in report.criteria if c.instrument == name]
        sources = {s.key: s for c in asked for s in c.sources}
        how = [*where(list(sources.values()), rules), *when(list(sources.values()), rules)]
        over = sorted({c.until for c in asked if c.until and c.until < rules.day})
        how += [f"as if still in force after {day}" for day in over]
        lines += [f"{name}: {'; '.join(how)}"] if how else []
    return lines


def where(sources: list[LegalSource], rules: AuditedRules) -> list[str]:
    """Where texts bind that do not bind the rules."""
    lands = [s.place for s in sources if s.place in NATIONWIDE]
    found = [f"as if used in {land(p)}" for p in dict.fromkeys(lands) if not at_home(p, rules)]
    regions = [s.place for s in sources if s.place not in NATIONWIDE and not binds(s, rules)]
    if regions:
        found.append(
            f"regional articles as if used in {words.listed(list(dict.fromkeys(regions)))}"
        )
    if regions and not found[0].startswith("as if"):
        found += [f"{short(s)} holds nationwide" for s in sources if s.key == "no-49"]
    if any(s.key in BUREAUX and at_home(s.place, rules) for s in sources) and not bureau(rules):
        found.append("the regulation on credit reporting binds credit bureaux only")
    return found


def when(sources: list[LegalSource], rules: AuditedRules) -> list[str]:
    """Texts that came after the day of the rules."""
    later = [s for s in sources if s.since > rules.day]
    if not later:
        return []
    if len(sources) == len(later) == 1:
        return [f"as if already in force on {rules.day} (it is since {later[0].since})"]
    told = [f"{short(s)} (since {s.since})" for s in sorted(later, key=lambda s: s.since)]
    return [f"as if already in force on {rules.day}: {words.listed(told)}"]


def at_home(place: str, rules: AuditedRules) -> bool:
    """Whether a land is that of the rules, as far as known."""
    return rules.place in (place, "not known")


def land(place: str) -> str:
    """A land in a sentence."""
    return "the EU" if place == "EU" else place


def one_of(places: list[str]) -> str:
    """Places of which one is enough.

    Examples
    --------
    >>> one_of(["Shanghai", "Shandong", "Shenzhen"]), one_of(["Rongcheng"])
    ('Shanghai, Shandong or Shenzhen', 'Rongcheng')
    """
    return " or ".join([", ".join(places[:-1]), places[-1]]) if len(places) > 1 else places[0]


def short(source: LegalSource) -> str:
    """A text by its region, else by its title without what stands in another script.

    A Chinese name in brackets is left out.
    """
    if source.place not in NATIONWIDE:
        return source.place
    if source.key == "no-49":
        return "document 2020 No. 49"
    return re.sub(r" \([^)]*[^\x00-\x7f][^)]*\)", "", source.title)
