"""Boxes of a Word file in which people write: dashed, labelled, with fields to fill in."""

from __future__ import annotations

from typing import Any

from scslab.core.impact import HumanPart
from scslab.report.texts import clean

LINE = {"w:val": "dashed", "w:sz": "12", "w:space": "0", "w:color": "8F380B"}
WRITE, CHOOSE = "Click here and write.", "Click here and choose."
UNCHOSEN, CHOSEN = "\N{BALLOT BOX}", "\N{BALLOT BOX WITH X}"
SMALL, NORMAL = 8, 9.5
LONGEST = 250  # characters that Word shows of an item of a list


def box(file: Any, part: HumanPart, label: str) -> None:
    """Set a question as a dashed box with a field for the answer.

    Parameters
    ----------
    file : docx document
    part : HumanPart
        With `rows` each gets a field of its own beside it.
    label : str
        What tells that the part is for a person.
    """
    columns = 2 if part.rows else 1
    table = file.add_table(rows=1, cols=columns)
    table.autofit = columns == 1
    bordered(table)
    head = table.rows[0].cells[0]
    if columns == 2:
        head = head.merge(table.rows[0].cells[1])
    words(head.paragraphs[0], label, SMALL, bold=True)
    words(head.add_paragraph(), part.question, NORMAL, bold=True)
    if part.guidance:
        words(head.add_paragraph(), part.guidance, SMALL)
    for row in part.rows:
        cells = table.add_row().cells
        words(cells[0].paragraphs[0], row, NORMAL)
        cells[1].paragraphs[0]._p.append(field(row, "", WRITE))
    if not part.rows:
        answer(head, part)
    if part.id:
        words(head.add_paragraph(), f"Question {part.id}", SMALL)
    keep_together(table)
    # Tables that touch would become one.
    file.add_paragraph().paragraph_format.space_after = 0


def answer(cell: Any, part: HumanPart) -> None:
    """The answers to choose from, and a field."""
    from docx.shared import Pt

    for choice in part.choices:
        sign = CHOSEN if choice.chosen else UNCHOSEN
        note = f" ({choice.note})" if choice.note else ""
        words(cell.add_paragraph(), f"{sign} {choice.text}{note}", NORMAL, bold=choice.chosen)
    if part.several:
        words(cell.add_paragraph(), "Several may be chosen.", SMALL)
    items = [] if part.several else [choice.text for choice in part.choices]
    prompt = CHOOSE if items else WRITE
    line = cell.add_paragraph()
    line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(4), Pt(16)
    line._p.append(field(part.question, part.answer, prompt, items))


def words(paragraph: Any, text: str, size: float, bold: bool = False) -> None:
    """Text in a paragraph of a box."""
    from docx.shared import Pt

    paragraph.paragraph_format.space_after = Pt(2)
    one = paragraph.add_run(clean(text))
    one.font.size, one.bold = Pt(size), bold or None


def field(title: str, text: str, prompt: str, items: list[str] | None = None) -> Any:
    """A field to write in, or with `items` to choose in; the prompt goes once one writes.

    Content controls of the file format as of 2006, so that older programs read them, too.
    """
    made, about = element("w:sdt"), element("w:sdtPr")
    about.append(element("w:alias", {"w:val": clean(title)[:64]}))
    if not text:
        about.append(element("w:showingPlcHdr"))
    if items:
        choices = element("w:dropDownList")
        for item in dict.fromkeys(clean(one)[:LONGEST] for one in items):
            choices.append(element("w:listItem", {"w:displayText": item, "w:value": item}))
        about.append(choices)
    else:
        about.append(element("w:text", {"w:multiLine": "1"}))
    content = element("w:sdtContent")
    content.append(run(clean(text) or prompt, NORMAL, grey=not text))
    made.append(about)
    made.append(content)
    return made


def bordered(table: Any) -> None:
    """Dashed lines around and inside a box."""
    borders = element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH"):
        borders.append(element(f"w:{side}", LINE))
    about = table._tbl.tblPr
    layout = about.find(element("w:tblLayout").tag)
    look = about.find(element("w:tblLook").tag)
    before = layout if layout is not None else look
    if before is None:
        about.append(borders)
    else:
        before.addprevious(borders)


def keep_together(table: Any) -> None:
    """Keep each row of a box on one page."""
    for row in table.rows:
        row._tr.get_or_add_trPr().append(element("w:cantSplit"))


def run(text: str, size: float, bold: bool = False, grey: bool = False) -> Any:
    """A run of text as an element."""
    made, about, said = element("w:r"), element("w:rPr"), element("w:t")
    if bold:
        about.append(element("w:b"))
    if grey:
        about.append(element("w:color", {"w:val": "6B6B66"}))
    about.append(element("w:sz", {"w:val": str(round(2 * size))}))
    said.text = text
    made.append(about)
    made.append(said)
    return made


def element(name: str, attributes: dict[str, str] | None = None) -> Any:
    """An element of the file format."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(name)
    for key, value in (attributes or {}).items():
        made.set(qn(key), value)
    return made
