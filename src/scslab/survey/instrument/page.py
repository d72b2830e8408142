"""An instrument as a page to print and fill in by hand, in one language; needs no other file."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from scslab.core.conditions import parse_condition
from scslab.survey.answers import plain
from scslab.survey.instrument.about import about_text
from scslab.survey.instrument.answer import holds
from scslab.survey.instrument.columns import columns_of, say
from scslab.survey.instrument.draw import Step, draw_arms, draw_steps
from scslab.survey.instrument.model import Instrument, Language, Part, Question
from scslab.survey.instrument.page_answers import answers, box
from scslab.survey.instrument.page_style import STYLE
from scslab.survey.instrument.page_words import LANGUAGES, Page
from scslab.survey.instrument.path import columns_told


def printable(instrument: Instrument, language: Language, seed: int | None = None) -> str:
    """An instrument as an HTML page for paper.

    Parameters
    ----------
    instrument : Instrument
    language : {"en", "zh"}
        One of the instrument's.
    seed : int, optional
        Draws the arms and random orders of one form. Without it the page has everything in the
        order of the file, and says what belongs to which arm.

    Returns
    -------
    str
        A page that loads nothing.
    """
    arms = {} if seed is None else draw_arms(instrument, seed)
    steps = [s for s in draw_steps(instrument, seed) if belongs(s.question, instrument, arms)]
    asked = list(dict.fromkeys(s.question.name for s in steps if s.question.type != "info"))
    numbers = {name: str(number) for number, name in enumerate(asked, start=1)}
    page = Page(instrument, language, columns_of(instrument), numbers, arms)
    order = list(dict.fromkeys(step.question.name for step in steps))
    by_question = {name: [s for s in steps if s.question.name == name] for name in order}
    body = [head(page, seed)]
    for part in instrument.parts:
        body += part_lines(page, part, by_question)
    body += [f'<p class="done">{page.word("done")}</p>', foot(page)]
    title = escape(say(instrument.title, language))
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{LANGUAGES[language]}">',
            '<head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title} — {escape(instrument.id)}</title>",
            f"<style>{STYLE}</style></head>",
            "<body><main>",
            *body,
            "</main></body></html>",
            "",
        ]
    )


def head(page: Page, seed: int | None) -> str:
    """Title, whose instrument this is, and the group of the form."""
    about = escape(about_text(page.instrument, page.language))
    lines = [f"<h1>{page.say(page.instrument.title)}</h1>", f'<p class="about">{about}</p>']
    if seed is not None:
        shown = [arm_name(page, name, code) for name, code in page.arms.items()]
        form = f"{page.word('form')} {seed}"
        form += page.word("colon") + ", ".join(shown) if shown else ""
        lines.append(f'<p class="office">{form}</p>')
    else:
        lines += [office(page, q) for q in page.instrument.questions if q.type == "assigned"]
    return "<header>\n" + "\n".join(lines) + "\n</header>"


def arm_name(page: Page, name: str, code: int) -> str:
    """The arm of a form in words."""
    question = next(q for q in page.instrument.questions if q.name == name)
    return page.say((question.arms or [])[code])


def office(page: Page, question: Question) -> str:
    """Boxes for whoever hands the form out: which arm was drawn."""
    boxes = "".join(box(page.say(arm)) for arm in question.arms or [])
    words = page.word("group") + page.word("colon") + page.say(question.ask)
    return f'<div class="office"><p>{words}</p><ul class="row">{boxes}</ul></div>'


def part_lines(page: Page, part: Part, steps: Mapping[str, list[Step]]) -> list[str]:
    """A part: heading, condition, questions; conditions that follow each other are said once."""
    lines = [f'<section><h2 id="{part.id}">{page.say(part.title)}</h2>']
    if part.intro is not None:
        lines.append(f'<p class="intro">{page.say(part.intro)}</p>')
    own = [name for name, found in steps.items() if found[0].part.id == part.id]
    if not own:
        return []
    if part.shows_when is not None:
        lines.append(skip(page, part.shows_when, own[-1]))
    before: str | None = None
    for place, name in enumerate(own):
        question = steps[name][0].question
        condition = question.shows_when
        if condition is not None and condition != before and not settled(page, condition):
            follow = [n for n in own[place:] if steps[n][0].question.shows_when != condition]
            last = own[own.index(follow[0]) - 1] if follow else own[-1]
            lines.append(skip(page, condition, last))
        before = condition
        lines.append(question_block(page, question, steps[name]))
    return [*lines, "</section>"]


def settled(page: Page, condition: str) -> bool:
    """Whether a condition rests on drawn arms alone, so that the form need not tell it."""
    return bool(page.arms) and set(parse_condition(condition).names) <= set(page.arms)


def belongs(question: Question, instrument: Instrument, arms: Mapping[str, int]) -> bool:
    """Whether a question stands on a form: not where its condition rests on other arms."""
    text = question.shows_when
    if text is None or not arms or not set(parse_condition(text).names) <= set(arms):
        return True
    return holds(text, columns_told(instrument, arms, {}))


def skip(page: Page, condition: str, last: str) -> str:
    """Who answers what follows, and where the others go on."""
    names = list(page.numbers)
    later = [n for n in names if names.index(n) > names.index(last)] if last in names else []
    if last not in names:  # words to read have no number
        return f'<p class="skip">{page.word("read_only", page.condition(condition))}</p>'
    goal = page.word("question", page.numbers[later[0]]) if later else page.word("end")
    only = page.word("only", page.condition(condition))
    joint = " " if page.language == "en" else ""
    return f'<p class="skip">{only}{joint}{page.word("otherwise", goal)}</p>'


def question_block(page: Page, question: Question, steps: list[Step]) -> str:
    """One question with its answers."""
    if question.type == "info":
        return f'<div class="read" role="note">{page.say(question.ask)}</div>'
    number = page.numbers[question.name]
    hint = page.say(question.hint) if question.hint is not None else how(page, question)
    lines = [
        f'<div class="question" id="{question.name}">',
        f'<h3><span class="number">{number}</span>{page.say(question.ask)}</h3>',
        f'<p class="hint">{hint}</p>' if hint else "",
        answers(page, question, steps),
        "</div>",
    ]
    return "\n".join(line for line in lines if line)


def how(page: Page, question: Question) -> str:
    """How to answer, where the question does not say it."""
    if question.type == "multiple":
        return page.word("several")
    if question.type == "number":
        low, high = question.between or (0.0, 0.0)
        return page.word("number", plain(low), plain(high))
    return ""


def foot(page: Page) -> str:
    """Sources, and question by question what is assumed, added or published."""
    rows = []
    for source in page.instrument.sources.values():
        because = f" {escape(source.because)}" if source.because else ""
        link = f' <span class="href">{escape(source.href)}</span>' if source.href else ""
        rows.append(f'<li lang="en">{escape(source.title)}.{because}{link}</li>')
    for question in page.instrument.questions:
        said = remarks(page, question)
        if said:
            name = page.numbers.get(question.name)
            at = page.word("question", name).capitalize() if name else question.name
            rows.append(f"<li>{at}{page.word('colon')}{said}</li>")
    return f"<footer><h2>{page.word('sources')}</h2><ul>{''.join(rows)}</ul></footer>"


def remarks(page: Page, question: Question) -> str:
    """What a reader should know of a question's wording."""
    found = []
    if question.zh_published and page.language == "zh":
        found.append(page.word("published") + page.word("stop"))
    for key in ("assumed", "added"):
        text = getattr(question, key)
        if text:
            said = f'<span lang="en">{escape(text)}</span>'
            found.append(page.word(key) + page.word("colon") + said)
    return " ".join(found)
