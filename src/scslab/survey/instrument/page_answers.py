"""The part of a printed question that is filled in: boxes, lines, lists and tables."""

from __future__ import annotations

from scslab.survey.instrument.answer import nothing_offered, shown_items
from scslab.survey.instrument.draw import Step
from scslab.survey.instrument.model import Choice, Question, Text
from scslab.survey.instrument.page_words import Page
from scslab.survey.instrument.path import columns_told
from scslab.survey.instrument.spoken import DONT_KNOW, NONE_OF_THESE, REFUSE

MANY = 12  # so many choices stand in columns


def answers(page: Page, question: Question, steps: list[Step]) -> str:
    """Boxes, a line for a number, or a table."""
    added = [DONT_KNOW] if question.dont_know == "offered" else []
    added += [REFUSE] if question.refuse == "offered" else []
    if question.type == "grid":
        return table(page, steps, added)
    if question.type in ("number", "count"):
        boxes = "".join(box(page.say(text)) for text in added)
        line = f'<ul class="row"><li><span class="line"></span></li>{boxes}</ul>'
        return (listed(page, steps[0]) if question.type == "count" else "") + line
    several = question.type == "multiple"
    if nothing_offered(steps[0]):
        added = [NONE_OF_THESE, *added]
    choices: list[Text] = [*steps[0].choices, *added]
    shape = "square" if several else "circle"
    kind = "many" if len(choices) > MANY and not several else "list"
    return f'<ul class="{kind}">{"".join(box(page.say(c), shape) for c in choices)}</ul>'


def box(words: str, shape: str = "square") -> str:
    """An empty box or circle with its words."""
    return f'<li><span class="{shape}"></span>{words}</li>'


def listed(page: Page, step: Step) -> str:
    """The statements of a list; on an undrawn form, with whom they belong to."""
    if page.arms:
        told = columns_told(page.instrument, page.arms, {})
        rows = [f"<li>{page.say(item)}</li>" for item in shown_items(step, told)]
    else:
        rows = [f"<li>{page.say(item)}{whose(page, item)}</li>" for item in step.items]
    return f'<ul class="statements">{"".join(rows)}</ul>'


def whose(page: Page, item: Choice) -> str:
    """On which forms a statement stands."""
    if item.shows_when is None:
        return ""
    return f" <em>[{page.word('only_on', page.condition(item.shows_when))}]</em>"


def table(page: Page, steps: list[Step], added: list[Text]) -> str:
    """A grid: an item a row, an answer a column."""
    columns: list[Text] = [*steps[0].choices, *added]
    heads = "".join(f'<th scope="col">{page.say(c)}</th>' for c in columns)
    cells = '<td><span class="circle"></span></td>' * len(columns)
    rows = [
        f'<tr><th scope="row">{page.say(step.item)}</th>{cells}</tr>'
        for step in steps
        if step.item is not None
    ]
    top = f'<thead><tr><th scope="col">{page.word("item")}</th>{heads}</tr></thead>'
    return f"<table>{top}<tbody>{''.join(rows)}</tbody></table>"
