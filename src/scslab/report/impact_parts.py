"""What the page and the Word file of an impact assessment share: marks, tables, notes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scslab.core.impact import HumanPart, ImpactDocument, ImpactDraft, MachinePart, Part
from scslab.core.printed import ResultTable, Suppressed
from scslab.report.texts import clean
from scslab.report.words import count
from scslab.report.writers.grid import Printed, prepared, sentence

BANNER = "Synthetic: every person and organisation counted here is simulated."
STANDING = "Draft, not legal advice"
MACHINE = "Filled by machine"
HUMAN = "For a person to fill in"
ANSWERED = "Answered by a person"
KEY = (
    (
        MACHINE,
        "a solid line at the left: taken from the run or from the file of rules; edit freely",
    ),
    (HUMAN, "a dashed box: only people can answer; nothing in it was filled by machine"),
    (ANSWERED, "the same box with an answer from the file of answers"),
)


@dataclass(frozen=True)
class Shown:
    """A part ready to be set: its label, and its table with a number, where it has one."""

    part: Part
    label: str
    number: int = 0
    table: Printed | None = None


def label(part: Part) -> str:
    """The text that tells machine-filled from human parts."""
    if isinstance(part, MachinePart):
        return MACHINE
    answered = part.answer or any(choice.chosen for choice in part.choices)
    return ANSWERED if answered else HUMAN


def shown(document: ImpactDocument) -> list[tuple[ImpactDraft, list[list[Shown]]]]:
    """Chapters with the parts of each section; tables are numbered through the document."""
    number = 0
    chapters = []
    for chapter in document.chapters:
        sections = []
        for section in chapter.sections:
            parts = []
            for part in section.parts:
                made = printed(part.table) if isinstance(part, MachinePart) and part.table else None
                number += made is not None
                parts.append(Shown(part, label(part), number if made else 0, made))
            sections.append(parts)
        chapters.append((chapter, sections))
    return chapters


def printed(table: ResultTable) -> Printed:
    """A table ready to print, with notes in words that fit persons and organisations."""
    return replace(prepared(table), notes=notes(table))


def notes(table: ResultTable) -> tuple[str, ...]:
    """What stands beneath a table: unit, n, its notes, source."""
    limits = sorted(
        {cell.below for row in table.rows for cell in row.cells if isinstance(cell, Suppressed)}
    )
    unit = [sentence(f"Unit: {table.unit}")] if table.unit else []
    source = f"Source: {table.source}{', synthetic' if table.synthetic else ''}"
    return (
        *unit,
        *([f"n = {count(table.n)}."] if table.synthetic else []),
        *map(sentence, table.notes),
        *(f"n < {below}: too few to show." for below in limits),
        sentence(source),
    )


def paragraphs(text: str) -> list[list[str]]:
    """Text cut at its empty lines, and each paragraph at its line ends.

    Examples
    --------
    >>> paragraphs("Rules:\\nfirst\\n\\nEnd.")
    [['Rules:', 'first'], ['End.']]
    """
    blocks = [block.splitlines() for block in text.split("\n\n")]
    return [[clean(line) for line in block if clean(line)] for block in blocks if "".join(block)]


def counted(draft: ImpactDraft) -> str:
    """How much of a draft is filled, in words.

    Returns
    -------
    str
        "12 parts filled by machine, 20 for people, 3 of these answered"
    """
    human = [part for part in draft.parts("human") if isinstance(part, HumanPart)]
    answered = sum(label(part) == ANSWERED for part in human)
    text = f"{len(draft.parts('machine'))} parts filled by machine, {len(human)} for people"
    return text + (f", {answered} of these answered" if answered else "")
