"""One simulated person's story: as text, as Markdown, as a page with a vertical time line."""

from __future__ import annotations

import textwrap
from itertools import groupby

from scslab.core.cards import RowLine
from scslab.core.results import SourceLine
from scslab.core.story import STUDY, Behind, CaseCount, Chance, Step, Story
from scslab.report import words
from scslab.report.templates import fill

WIDTH = 100
STYLES = ("page.css", "story.css")


def text(story: Story) -> str:
    """The story for a terminal, in lines of at most 100 columns."""
    lines = [heading(story), "=" * len(heading(story)), *wrapped(story.says), ""]
    for part in above(story):
        lines += wrapped(part, "", "  ")
    number = 0
    for month, steps in by_month(story):
        lines += ["", month]
        for step in steps:
            number += 1
            lines += step_lines(step, number)
    if story.beside:
        lines += ["", "Beside this"]
        lines += [line for one in story.beside for line in wrapped(one, "  - ", "    ")]
    lines += ["", "Sources"]
    for source in story.sources:
        lines += wrapped(source_words(source), "  - ", "    ")
    return "\n".join([*lines, "", *wrapped(footer(story))])


def markdown(story: Story) -> str:
    """The story as Markdown."""
    parts = [f"# {heading(story)}", f"**{story.says}**"]
    parts.append("\n".join(f"- {part}" for part in above(story)))
    for month, steps in by_month(story):
        parts.append(f"## {words.month_name(month)}")
        for step in steps:
            under = [*map(row_words, step.rows), *map(chance_words, step.chances)]
            lines = [f"**{step.says}** ({step.stage})"]
            parts.append("\n".join([*lines, *([""] if under else []), *(f"- {x}" for x in under)]))
    if story.beside:
        parts += ["## Beside this", "\n".join(f"- {one}" for one in story.beside)]
    parts += ["## Sources", "\n".join(f"- {source_words(one)}" for one in story.sources)]
    return "\n\n".join([*parts, footer(story)]) + "\n"


def page(story: Story) -> str:
    """The HTML text of the story: a vertical time line, with every text escaped."""
    return fill(
        "story.html",
        *STYLES,
        story=story,
        heading=heading(story),
        facts=[*story.facts, ("Seed", str(story.seed))],
        months=list(by_month(story)),
        month_name=words.month_name,
        chance=chance_words,
        owner=lambda row: "the study" if row.of == STUDY else row.of,
        footer=footer(story),
        linked=lambda href: href.startswith(("https://", "http://")),
    )


def case_lines(cases: tuple[CaseCount, ...]) -> str:
    """The kinds of stories that a run has, with their numbers, as a table for a terminal."""
    lines = [f"{'case':<18}{'persons':>10}{'found':>10}  what it is"]
    for one in cases:
        head = f"{one.name:<18}{one.persons:>10,}{one.found:>10,}  "
        lines += wrapped(one.says, head, " " * len(head))
    return "\n".join(lines)


def heading(story: Story) -> str:
    """The title of a story."""
    return f"One simulated {story.what}: {story.case.name}"


def above(story: Story) -> list[str]:
    """What a reader needs before the first step, a line each."""
    case = story.case
    of = f" in {story.regime}" if story.regime else ""
    who = ", ".join(f"{name} {category}" for name, category in story.attributes)
    lines = [
        f"Run: {story.title} (synthetic, seed {story.seed}, {story.first_month} to "
        f"{story.last_month})",
        f"Case: {case.says}; number {story.pick:,} of {case.persons:,}{of}, in this order: "
        f"{story.order}",
        f"The {story.what}: number {story.subject:,} of the society; {who or 'no attributes'}",
        *(f"{name}: {full}" for name, full in story.systems),
    ]
    return [*lines, *(f"{name}: {value}" for name, value in story.facts)]


def by_month(story: Story) -> list[tuple[str, list[Step]]]:
    """The steps under their months."""
    return [(month, list(steps)) for month, steps in groupby(story.steps, lambda s: s.month)]


def step_lines(step: Step, number: int) -> list[str]:
    """One step, and below it the rows behind it and what was luck."""
    lines = wrapped(f"{number:>3}. {step.says} [{step.stage}]", "", "     ")
    for one in (*map(row_words, step.rows), *map(chance_words, step.chances)):
        lines += wrapped(one, "       ", "         ")
    return lines


def row_words(row: Behind) -> str:
    """A row behind a step: whose, where, its value, since when, by which source."""
    line = row.row
    since = line.since + (" (day assumed)" if line.day_assumed else "")
    note = f" - {line.note}" if line.note else ""
    of = "study" if row.of == STUDY else row.of
    says = f" ({row.says})" if row.says else ""
    return f"{of}: {row.key}{says}: {line.value}, since {since} [{cited(line)}]{note}"


def cited(row: RowLine) -> str:
    """The source of a row and the place in it; of an assumption the range."""
    found = [f"assumed: {row.source}" if row.basis == "assumed" else row.source]
    return ", ".join([*found, *(x for x in (row.at, row.between) if x)])


def chance_words(chance: Chance) -> str:
    """What was luck in a step, in words.

    Examples
    --------
    >>> chance_words(Chance("notice arrives", 0.6))
    'luck: notice arrives: p = 0.6'
    >>> chance_words(Chance("a record rests on nothing", 2.5e-7))
    'luck: a record rests on nothing: p = 1 in 4,000,000'
    """
    p = f"{chance.p:.3g}" if chance.p >= 0.001 or chance.p <= 0 else one_in(1 / chance.p)
    return f"luck: {chance.says}: p = {p}"


def one_in(number: float) -> str:
    """A small probability in words, to two digits."""
    return f"1 in {float(f'{number:.2g}'):,.0f}"


def source_words(source: SourceLine) -> str:
    """One source: whose, its key, what it is."""
    facts = ", ".join(fact for fact in (source.kind, source.date) if fact)
    because = f" - assumed because: {source.because}" if source.because else ""
    href = f" {source.href}" if source.href else ""
    return f"{source.key} ({source.used_by}): {source.title} ({facts}){because}{href}"


def footer(story: Story) -> str:
    """What decided the story."""
    return (
        f"scslab {story.version}, seed {story.seed}, fingerprint {story.fingerprint}, synthetic. "
        "Luck: each p is the probability with which the draw could come out as it did."
    )


def wrapped(line: str, first: str = "", rest: str = "") -> list[str]:
    """Text in lines of at most 100 columns; a web address is never cut."""
    return textwrap.wrap(
        line,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
