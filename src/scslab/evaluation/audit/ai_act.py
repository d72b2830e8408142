"""EU AI Act, Art. 5(1)(c): the ban on social scoring, element by element, for each measure."""

from __future__ import annotations

from collections.abc import Sequence

from scslab.core.audit import Element, Finding, There, Verdict
from scslab.core.contexts import degree_rank, related, why_contested
from scslab.evaluation.audit.finding import by_context, finding, measure_text, named, through_ways
from scslab.evaluation.audit.inputs import listed, told_by_name
from scslab.evaluation.audit.parts import Conduct, Measure, Pair, field_open
from scslab.evaluation.audit.register import elements
from scslab.evaluation.audit.single import suffices
from scslab.evaluation.audit.view import View

BUSINESS = {"money", "market", "tax", "customs"}
GIVEN = "whether an AI system does it cannot be seen in a rule file"
NOTHING = "no act of persons leads to it"


def unrelated(view: View) -> list[Finding]:
    """Art. 5(1)(c)(i): detriment in a context unrelated to that of the data."""
    return limbs(view, "ai-act.unrelated", "unrelated")


def disproportionate(view: View) -> list[Finding]:
    """Art. 5(1)(c)(ii): detriment out of proportion to the behaviour."""
    return limbs(view, "ai-act.disproportionate", "disproportionate")


def limbs(view: View, criterion: str, which: str) -> list[Finding]:
    """All measures under one limb, and the score itself where nothing in the file follows."""
    found = [limb(view, m, criterion, which) for m in detriments(view)]
    return [score_itself(view, criterion, which), *found] if view.bare_score else found


def score_itself(view: View, criterion: str, which: str) -> Finding:
    """A score of persons whose use stands in no rule of the file."""
    pairs: list[Pair] = [(None, c) for c in view.harmful]
    absent = "what follows from the score is not in the file"
    return finding(
        view,
        criterion,
        "not testable",
        view.score_place,
        text="the score, and nothing in the file that follows from it",
        condition="Whoever uses the score",
        cause=f"{absent[:1].upper()}{absent[1:]}, so whether it is detrimental cannot be told.",
        recommendation="Say in the file what follows from the score (rewards, or lists by score).",
        judged=True,
        acts=sorted({c.act for _, c in pairs}),
        elements=(
            element("system", "taken as given", GIVEN),
            element("over-time", "there", "records are added up to a score"),
            behaviour(view, pairs),
            element("detriment", "unclear", absent),
            element(which, "unclear", absent),
        ),
    )


def detriments(view: View) -> list[Measure]:
    """Measures against persons, and benefits that may be withheld from them."""
    return [m for m in (*view.measures, *view.benefits) if "persons" in m.subjects]


def limb(view: View, measure: Measure, criterion: str, which: str) -> Finding:
    """One measure under one limb of the ban, with all elements told."""
    pairs = list(view.pairs(measure, "persons"))
    found = [element("system", "taken as given", GIVEN), over_time(measure, pairs)]
    found += [behaviour(view, pairs), detriment(measure)]
    tested = (
        context(view, measure, pairs) if which == "unrelated" else proportion(view, measure, pairs)
    )
    verdict = told(found[1:], tested)
    acts = [c for _, c in pairs]
    return finding(
        view,
        criterion,
        verdict,
        measure.path,
        text=measure_text(measure),
        condition=f"{through_ways(pairs)}, for acts in: {by_context(acts)}" if pairs else NOTHING,
        cause=decisive((*found[1:], tested)),
        effect=effect_words(measure, verdict),
        recommendation=advice(verdict, which),
        rows=measure.rows,
        judged=True,
        severity=measure.severity or "",
        acts=sorted({c.act for c in acts}),
        elements=(*found, tested),
    )


def element(id: str, there: There, why: str) -> Element:
    """One element by its name in the register."""
    title = next(e.title for e in elements() if e.id == id)
    return Element(id, title, there, why)


def over_time(measure: Measure, pairs: list[Pair]) -> Element:
    """Whether persons are evaluated over time."""
    if not pairs:
        return element("over-time", "not there", NOTHING)
    if any(way is None or way.several for way, _ in pairs):
        return element("over-time", "there", "acts are added up over time before it bites")
    why = f"one act puts a person on list {measure.list}, which lasts; nothing is added up"
    return element("over-time", "unclear", why)


def behaviour(view: View, pairs: list[Pair]) -> Element:
    """Whether it rests on social behaviour or on traits."""
    fields = {c.context for _, c in pairs}
    by_score = any(way is None or way.by_score for way, _ in pairs)
    dimensions = view.regime.score.dimensions if view.regime.score is not None and by_score else {}
    traits = [
        name
        for name, d in dimensions.items()
        if set(told_by_name(f"{name} {d.says}")) & set(listed("not_credit"))
    ]
    if traits:
        return element("behaviour", "there", f"traits and ties count: {named(traits)}")
    if fields - BUSINESS:
        return element(
            "behaviour", "there", f"conduct counts in {named(sorted(fields - BUSINESS))}"
        )
    if fields:
        why = (
            f"only conduct in {named(sorted(fields))}, which may serve a lawful purpose of its own"
        )
        return element("behaviour", "unclear", why)
    return element("behaviour", "not there", NOTHING)


def detriment(measure: Measure) -> Element:
    """Whether the treatment is detrimental."""
    if not measure.benefit:
        return element("detriment", "there", f"a measure of list {measure.list}")
    if measure.severity == "slight":
        return element("detriment", "not there", "only a small benefit is withheld")
    return element("detriment", "unclear", "a benefit that may weigh is withheld from others")


def context(view: View, measure: Measure, pairs: list[Pair]) -> Element:
    """Limb (i): the field of life of the data against that of the measure."""
    field = measure.context
    if field is None:
        return element("unrelated", "unclear", "the field of the measure is not known")
    apart = [c for _, c in pairs if not related(c.context, field)]
    plain = [c for c in apart if why_contested(c.context, field) is None]
    if plain:
        return element(
            "unrelated", "there", f"it bites in {field}, the data arose in {fields_of(plain)}"
        )
    if apart:
        why = named(why_contested(c.context, field) or "" for c in apart)
        return element("unrelated", "unclear", f"from {fields_of(apart)} to {field}: {why}")
    if any(field_open(measure, way, view.harmful) for way, _ in pairs):
        why = f"a score or grade of several fields brings it about: {fields_of(view.harmful)}"
        return element("unrelated", "unclear", why)
    return element("unrelated", "not there", f"every act that counts is related to {field}")


def proportion(view: View, measure: Measure, pairs: list[Pair]) -> Element:
    """Limb (ii): the gravity of each act against the severity of the measure."""
    severity = measure.severity
    if severity is None:
        return element("disproportionate", "unclear", "how hard the measure bites is not known")
    steps = [(degree_rank(severity) - degree_rank(c.gravity), way, c) for way, c in pairs]
    far = [c for step, way, c in steps if step >= 2 and (way is None or suffices(view, way, c))]
    if far and not measure.benefit:
        why = f"{article(severity)} measure for slight acts: {named(c.act for c in far)}"
        return element("disproportionate", "there", why)
    near = [c for step, _, c in steps if step >= 1]
    if near:
        acts = named(c.act for c in near)
        why = f"{article(severity)} measure, for less grave acts among others: {acts}"
        return element("disproportionate", "unclear", why)
    return element(
        "disproportionate", "not there", f"no act is less grave than the {severity} measure"
    )


def told(base: list[Element], tested: Element) -> Verdict:
    """The verdict of all elements together: all must be there for the ban to bite."""
    states = [e.there for e in (*base, tested)]
    if "not there" in states:
        return "met"
    return "needs a lawyer" if "unclear" in states else "not met"


def decisive(found: tuple[Element, ...]) -> str:
    """What decides, in a sentence; all elements stand beside it, never a score."""
    absent = next((e for e in found if e.there == "not there"), None)
    if absent is not None:
        return f"Not there: {lowered(absent.title)} ({absent.why})."
    unclear = [e for e in found if e.there == "unclear"]
    if unclear:
        return "Unclear: " + "; ".join(f"{lowered(e.title)} ({e.why})" for e in unclear) + "."
    last = found[-1]
    return f"All elements are there, if an AI system does it. {last.title}: {last.why}."


def lowered(title: str) -> str:
    """A title inside a sentence; a limb keeps its number.

    Examples
    --------
    >>> lowered("Detrimental treatment"), lowered("(i) In an unrelated context")
    ('detrimental treatment', '(i) in an unrelated context')
    """
    if title.startswith("("):
        number, _, rest = title.partition(" ")
        return f"{number} {rest[:1].lower()}{rest[1:]}"
    return title[:1].lower() + title[1:]


def effect_words(measure: Measure, verdict: Verdict) -> str:
    """What follows for those whom it hits."""
    if verdict == "met":
        return ""
    who = "whoever lacks the score goes without" if measure.benefit else "whoever is listed bears"
    return f'{who}: "{measure.says}"'


def advice(verdict: Verdict, which: str) -> str:
    """What the owner of the rule could do."""
    if verdict == "met":
        return ""
    if which == "unrelated":
        return (
            "Drop the measure, or keep to acts of its own field "
            "(bounds: only related); else have the tie between the two examined."
        )
    return (
        "Take a milder measure, or leave out the less grave acts (bounds: only proportionate); "
        "else have the reasons for its weight examined."
    )


def article(severity: str) -> str:
    """A degree with its article.

    Examples
    --------
    >>> article("ordinary"), article("serious")
    ('an ordinary', 'a serious')
    """
    return ("an " if severity[:1] in "aeiou" else "a ") + severity


def fields_of(conduct: Sequence[Conduct]) -> str:
    """The fields of life of some acts."""
    return named(list(dict.fromkeys(c.context for c in conduct)), 12)
