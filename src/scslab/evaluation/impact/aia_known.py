"""What the laboratory knows of the answers to Canada's assessment: little, and each with a reason.

An answer is given only where the rules or the study settle it. Where they only tell something that
helps to answer, that is said as a hint and the question stays open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scslab.core.values import Dated, on
from scslab.evaluation.impact.aia_form import DESIGN, PHASE
from scslab.evaluation.impact.figures import Figures, last_month
from scslab.evaluation.impact.harms import happenings
from scslab.evaluation.impact.say import count, listed, plural, share
from scslab.regimes.telling import value_words

YES_PERSONAL, YES_AFFECTS, YES_SEVERAL, ONE_SOURCE = "item1-2", "item1-2", "item1-2", "item2-0"
BY_RULES, DOES_NOT_LEARN = "item1-0", "item2-0"
RECOURSE, REASONS, NO_REASONS = "item1-2", "item1-2", "item2-0"


@dataclass(frozen=True)
class Known:
    """An answer that the rules or the study settle, and why; `source` says which of them."""

    question: str
    values: tuple[str, ...]
    because: str
    source: str


def known(found: Figures) -> Iterator[Known]:
    """The answers that the laboratory gives; a file of answers replaces them."""
    because = "What is assessed here is simulated, not in use."
    yield Known(PHASE, (DESIGN,), because, "the laboratory")
    regime, rules = found.regime, f"regime file {found.regime.id}"
    if regime.score is None or not regime.score.dimensions:
        because = "The file consists of dated rules; no model is learnt from data."
        yield Known("aboutAlgorithm3", (BY_RULES,), because, rules)
        because = "The question is for systems with a model."
        yield Known("aboutAlgorithm4", (), because, rules)
        yield Known("aboutAlgorithm5", (), because, rules)
        because = "Rules change only by a row with a day and a source."
        yield Known("aboutAlgorithm8", (DOES_NOT_LEARN,), because, rules)
    if "persons" in regime.who.subjects:
        because = "Records of the conduct of persons are the input."
        yield Known("aboutDataSource1", (YES_PERSONAL,), because, rules)
        because = "The records decide about the person whom they are of."
        yield Known("aboutDataSource10", (YES_AFFECTS,), because, rules)
    yield from known_sources(found)
    yield from known_remedies(found)


def known_sources(found: Figures) -> Iterator[Known]:
    """Whether records come from more than one agency."""
    agencies, source = found.practice.agencies, f"study {found.manifest['study']}, agencies"
    if len(agencies) > 1:
        because = f"In the study records come from {listed(agencies)}."
        yield Known("aboutDataSource4", (YES_SEVERAL,), because, source)
    elif len(agencies) == 1 and not follows_others(found):
        because = f"In the study all records come from {agencies[0]}."
        yield Known("aboutDataSource4", (ONE_SOURCE,), because, source)


def follows_others(found: Figures) -> bool:
    """Whether listings elsewhere count here, too."""
    regime = found.regime
    moved = any("/" in name for name in regime.rates)
    return moved or any(g.listed_on for x in regime.lists.values() for g in x.grounds.values())


def known_remedies(found: Figures) -> Iterator[Known]:
    """Recourse and reasons, where the rules speak of them."""
    remedy, rules = found.regime.remedy, f"regime file {found.regime.id}, remedy"
    terms = (remedy.objection, remedy.objection_own_data, remedy.objection_others_data)
    term = next((t for t in terms if on(t, found.day).value is not None), None)
    if term is not None:
        because = f"The rules give an objection, to be decided within {held(term, found)}."
        yield Known("fairnessDesign13", (RECOURSE,), because, rules)
    reasons = on(remedy.reasons_given, found.day).value
    if reasons is not None:
        values = (REASONS,) if reasons else (NO_REASONS,)
        because = f"Reasons with the notice, by the rules: {'yes' if reasons else 'no'}."
        yield Known("fairnessDesign10", values, because, rules)


def held(dated: Dated, found: Figures) -> str:
    """A value in force, in words."""
    return value_words(on(dated, found.day).value, dated.unit)


def hints(found: Figures) -> dict[str, str]:
    """What the rules or the run tell about questions that stay open: question -> words."""
    rows = last_month(found)
    covered, listed_now = int(rows["covered"].sum()), int(rows["listed"].sum())
    persons = int(found.manifest["persons"])
    told = {
        "impact26": f"At the end of the run the rules cover {plural(covered, 'subject')} of a "
        f"society of {count(persons)} simulated persons.",
        "aboutDataSource17": accuracy(found),
        "impact28": accuracy(found) + missed(found),
        "fairnessDesign21": times(found),
    }
    if found.regime.lists:
        told["impact7"] = terms(found)
        told["impact6"] = (
            f"In {plural(found.month_count, 'month')} {plural(found.count('exits'), 'listing')} "
            f"ended, {count(found.count('removed_by_correction'))} by a correction; "
            f"{count(listed_now)} stood at the end."
        )
    groups = worst(found)
    if groups:
        told["impact23"] = told["impact18"] = groups
    return {name: text for name, text in told.items() if text}


def accuracy(found: Figures) -> str:
    """False records among all."""
    records = found.count("records")
    false = found.count("misattributed") + found.count("from_nothing")
    if not records:
        return ""
    return (
        f"In the run {count(false)} of {plural(records, 'record')} ({share(false, records)}) were "
        "false, by the study's assumptions."
    )


def missed(found: Figures) -> str:
    """Breaches without a true record."""
    breaches = found.count("breaches")
    if not breaches:
        return ""
    return (
        f" Of {plural(breaches, 'breach', 'breaches')} {count(found.count('missed'))} were missed."
    )


def terms(found: Figures) -> str:
    """How long listings last by the rules."""
    said = []
    for name, rules in found.regime.lists.items():
        # A ground may have a term of its own; one that holds no term lasts until removal.
        own = [g.stays for g in rules.grounds.values() if on(g.holds, found.day).value]
        values = {on(rules.stays if term is None else term, found.day).value for term in own}
        lengths = [value_words(v, "months") for v in sorted(v for v in values if v is not None)]
        lengths += ["until removed, without a fixed term"] if None in values else []
        said.append(f"{name}: {' or '.join(lengths)}")
    months, entries = int(found.whole["listed_months"]), found.count("entries")
    return (
        f"By the rules a listing stays: {'; '.join(said)}. In the run subjects were listed for "
        + (f"{count(months)} months in all, with {plural(entries, 'entry', 'entries')}.")
    )


def times(found: Figures) -> str:
    """How objections were decided."""
    decided = found.count("decided")
    if not decided:
        return ""
    late = share(found.count("late"), decided)
    return (
        f"In the run {late} of {plural(decided, 'objection')} decided came after the term of the "
        "rules."
    )


def worst(found: Figures) -> str:
    """Where differences between groups stand."""
    happened, _ = happenings(found)
    if not len(happened):
        return ""
    return (
        "Rates of harm by group are in the draft of kind fria, selection rates in that of kind "
        "bias. They come from assumptions, so they show where to look, not what is so."
    )
