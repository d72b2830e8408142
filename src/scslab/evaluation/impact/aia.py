"""A draft of Canada's Algorithmic Impact Assessment: the form, answered in part, and its score."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from scslab.core.impact import (
    Basis,
    Choice,
    HumanPart,
    ImpactDraft,
    ImpactSection,
    MachinePart,
    Part,
)
from scslab.core.printed import Column, ResultTable, Row
from scslab.core.results import SourceLine
from scslab.evaluation.impact.aia_answers import Filled
from scslab.evaluation.impact.aia_form import (
    DESIGN,
    IMPLEMENTATION,
    PHASE,
    Form,
    Page,
    Question,
    asked,
    form,
)
from scslab.evaluation.impact.aia_known import Known, hints, known
from scslab.evaluation.impact.aia_score import ROMAN, AiaScore, Range, score
from scslab.evaluation.impact.figures import Figures
from scslab.evaluation.impact.frame import draft
from scslab.evaluation.impact.say import listed, plural, table

INSTRUMENT = (
    "Treasury Board of Canada, Directive on Automated Decision-Making: Algorithmic Impact "
    "Assessment (AIA)"
)
NOTHING = Filled({}, {})


def aia(found: Figures, filled: Filled = NOTHING) -> ImpactDraft:
    """Draft Canada's assessment of one regime.

    Parameters
    ----------
    found : Figures
        The regime's rules and what a run counted about it.
    filled : Filled, optional
        Answers of a person; they replace those that the laboratory gives.

    Returns
    -------
    ImpactDraft
        The score as a range while questions are open, the Directive's requirements at the levels
        that are possible, and every question that the form asks or may ask.
    """
    settled = settle(found, filled)
    answers = {**{one.question: one.values for one in settled.values()}, **filled.chosen}
    scored, whole = score(answers), form()
    sections = [
        ImpactSection("result", "Score as it stands", "", tuple(result(found, scored, whole))),
        ImpactSection(
            "duties", "Requirements", "Directive, by impact level", duties(scored, whole)
        ),
    ]
    phase = answers.get(PHASE, ())
    told = {in_phase(name, phase): text for name, text in hints(found).items()}
    for page in whole.pages:
        parts = tuple(page_parts(found, page, answers, settled, filled, told))
        if parts:
            sections.append(ImpactSection(page.id, page.title, f"AIA {whole.version}", parts))
    limits = (
        f"The form is version {whole.version} of the tool. A score counts only if the official "
        "tool gives it: enter the answers there and publish its result.",
        *filled.notes,
    )
    title = f"Algorithmic Impact Assessment (Canada): {found.regime.name}"
    return draft(found, "aia", title, INSTRUMENT, sections, (tool(whole),), limits)


def settle(found: Figures, filled: Filled) -> dict[str, Known]:
    """The answers of the laboratory that no answer of a person replaces or rules out."""
    phase = filled.chosen.get(PHASE, (DESIGN,))
    answered = [replace(one, question=in_phase(one.question, phase)) for one in known(found)]
    mine = {one.question: one for one in answered if one.question not in filled.chosen}
    answers = {**{name: one.values for name, one in mine.items()}, **filled.chosen}
    return {name: one for name, one in mine.items() if asked(name, answers) is not False}


def in_phase(question: str, phase: tuple[str, ...]) -> str:
    """A question of the design phase by its name in the phase that is answered.

    Examples
    --------
    >>> in_phase("fairnessDesign13", (IMPLEMENTATION,))
    'fairnessImplementation13'
    """
    return question.replace("Design", "Implementation") if IMPLEMENTATION in phase else question


def tool(whole: Form) -> SourceLine:
    """The tool whose questions and points these are."""
    title = (
        f"Algorithmic Impact Assessment tool, version {whole.version}, commit {whole.commit[:12]} "
        "(MIT licence, copyright Government of Canada); scoring as in src/store.ts"
    )
    return SourceLine("aia-eia-js", "this draft", "rule", title, "2025-10-03", whole.source, "")


def from_tool(whole: Form) -> Basis:
    """The basis of what the tool says."""
    return Basis(f"the form (aia-eia-js {whole.version})")


def span(one: Range) -> str:
    """A range in words.

    Examples
    --------
    >>> span(Range(3, 3)), span(Range(3, 9))
    ('3', '3 to 9')
    """
    return str(one.low) if one.fixed else f"{one.low} to {one.high}"


def level_words(one: Range) -> str:
    """Impact levels in words.

    Examples
    --------
    >>> level_words(Range(1, 4)), level_words(Range(2, 2))
    ('I to IV', 'II')
    """
    low, high = ROMAN[one.low - 1], ROMAN[one.high - 1]
    return low if one.fixed else f"{low} to {high}"


def result(found: Figures, scored: AiaScore, whole: Form) -> Iterator[Part]:
    """The score, by section, and how it is made."""
    open_ = len(scored.unanswered)
    if scored.complete:
        text = (
            f"Every scored question is answered. Raw impact score {scored.raw.low} of "
            f"{scored.most_raw}, mitigation score {scored.mitigation.low}, current score "
            f"{scored.current.low}: impact level {level_words(scored.level)}."
        )
    else:
        text = (
            f"{plural(open_, 'scored question')} are unanswered, so there is no score yet. With "
            "these at 0 points and at their maximum the raw impact score lies between "
            f"{scored.raw.low} and {scored.raw.high} of {scored.most_raw}, and the impact level is "
            f"{level_words(scored.level)}."
        )
    yield MachinePart(from_tool(whole), "", text)
    yield MachinePart(from_tool(whole), table=score_table(found, scored))
    yield MachinePart(from_tool(whole), table=page_table(found, scored))
    rule = (
        "Raw impact score: points of all risk answers. If the mitigation score reaches 80 % of "
        "half the points of all mitigation questions (they are there twice, for design and for "
        "implementation), the current score is 85 % of the raw score, rounded; else it is the raw "
        "score. Level I to 25 % of the largest raw score, II to 50 %, III to 75 %, IV above."
    )
    yield MachinePart(from_tool(whole), "How it is made", rule)


def score_table(found: Figures, scored: AiaScore) -> ResultTable:
    """Raw, mitigation and current score with their limits."""
    enough = scored.most_mitigation * 0.4
    rows = (
        Row(("Raw impact score", scored.raw.low, scored.raw.high, scored.most_raw)),
        Row(
            (
                "Mitigation score",
                scored.mitigation.low,
                scored.mitigation.high,
                scored.most_mitigation // 2,
            )
        ),
        Row(("Current score", scored.current.low, scored.current.high, scored.most_raw)),
        Row(("Impact level", ROMAN[scored.level.low - 1], ROMAN[scored.level.high - 1], "IV")),
    )
    columns = (
        Column("score", "Score"),
        Column("low", "Unanswered at 0", "count"),
        Column("high", "Unanswered at their maximum", "count"),
        Column("most", "Largest possible", "count"),
    )
    notes = (
        f"The reduction by 15 % needs a mitigation score of {enough:.1f} or more",
        "The lowest current score goes with the most mitigation, the highest with the least",
    )
    return table(
        found, "score", "Scores of the form as it stands", columns, rows, len(scored.unanswered),
        unit="points; n: scored questions unanswered", notes=notes, synthetic=False,
    )  # fmt: skip


def page_table(found: Figures, scored: AiaScore) -> ResultTable:
    """Points by section of the form."""
    columns = (
        Column("section", "Section"),
        Column("counts", "Counts as"),
        Column("questions", "Questions", "count"),
        Column("open", "Unanswered", "count"),
        Column("points", "Points"),
        Column("most", "Maximum", "count"),
    )
    rows = [
        Row(
            (page.title, page.counts, page.questions, page.unanswered, span(page.points), page.most)
        )
        for page in scored.pages
    ]
    total = sum(page.questions for page in scored.pages)
    return table(
        found, "pages", "Points by section", columns, rows, total,
        unit="points; n: scored questions asked", synthetic=False,
    )  # fmt: skip


def duties(scored: AiaScore, whole: Form) -> tuple[Part, ...]:
    """The Directive's requirements at the levels that the score may reach."""
    levels = range(scored.level.low, scored.level.high + 1)
    parts: list[Part] = []
    for duty in whole.duties:
        texts: dict[str, list[str]] = {}
        for level in levels:
            texts.setdefault(duty.levels[level - 1], []).append(ROMAN[level - 1])
        said = [
            f"Level {listed(names)}: {text}" if len(levels) > 1 else text
            for text, names in texts.items()
        ]
        parts.append(MachinePart(from_tool(whole), duty.title, "\n\n".join(said)))
    return tuple(parts)


def page_parts(
    found: Figures,
    page: Page,
    answers: Mapping[str, tuple[str, ...]],
    settled: Mapping[str, Known],
    filled: Filled,
    told: Mapping[str, str],
) -> Iterator[Part]:
    """The questions of a page that are asked, or may be."""
    if page.intro and any(asked(question.id, answers) for question in page.questions):
        yield MachinePart(from_tool(form()), "", page.intro)
    for question in page.questions:
        state = asked(question.id, answers)
        # A text that hangs on an open answer is asked once that is given.
        if state is False or (state is None and question.form == "text"):
            continue
        if question.id in settled:
            yield settled_part(question, settled[question.id])
            continue
        if question.id in told and question.id not in filled.chosen:
            basis = Basis(f"rules and run of {found.regime.id}", found.months)
            yield MachinePart(basis, f"For the next question ({question.id})", told[question.id])
        yield human_part(question, filled)


def settled_part(question: Question, one: Known) -> MachinePart:
    """A question that the rules or the study answer."""
    points = f" ({plural(question.points(one.values), 'point')})" if scores(question) else ""
    text = f"{question.said(one.values) or 'Left blank'}{points}. {one.because}"
    return MachinePart(Basis(f"{one.source}; question {question.id}"), question.text, text)


def scores(question: Question) -> bool:
    """Whether a question counts and can give points."""
    return question.counts != "none" and question.most > 0


def human_part(question: Question, filled: Filled) -> HumanPart:
    """A question for a person, with an answer where one was given."""
    chosen = filled.chosen.get(question.id, ())
    choices = tuple(
        Choice(
            item.text,
            plural(item.points, "point") if scores(question) else "",
            item.value in chosen,
        )
        for item in question.items
    )
    answer = filled.texts.get(question.id, "")
    if question.id in filled.chosen:
        answer = question.said(chosen) or "Left blank"
    return HumanPart(
        question=question.text,
        guidance=question.help,
        answer=answer,
        choices=choices,
        several=question.form == "several",
        id=question.id,
    )
