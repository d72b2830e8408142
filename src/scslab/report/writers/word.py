"""A result table as a Word document."""

from __future__ import annotations

import io
from typing import Any

from scslab.core.printed import ResultTable
from scslab.report.texts import columns
from scslab.report.writers.grid import Printed, Shown, prepared
from scslab.report.writers.office import AUTHOR, DATE, without_clock

MANY_COLUMNS = 6
FONT = "Calibri"
EAST_ASIAN = "SimSun"
SMALL, NORMAL = 8, 9.5
LEAST = 2.8  # centimetres that a column of text keeps
CHARACTER = 0.2  # centimetres of an average character at 9.5 points
PORTRAIT, LANDSCAPE = 16.0, 24.7  # centimetres of A4 between the margins


def word_bytes(table: ResultTable, stars: bool = False) -> bytes:
    """A document with a caption, one real table whose header repeats, and its notes.

    The caption is numbered by a field, so that Word renumbers it where it is pasted. The document
    names no person and no machine and has a fixed date: the same table gives the same bytes.

    Parameters
    ----------
    table : ResultTable
        The table.
    stars : bool
        Whether estimates get stars by their p values.

    Returns
    -------
    bytes
        The .docx file.

    Raises
    ------
    ScslabError
        A table that cannot be written (see `grid.check`).
    """
    import docx

    ready = prepared(table, stars)
    document = docx.Document()
    _properties(document, ready)
    set_page(document, landscape=len(ready.head) > MANY_COLUMNS)
    _caption(document, ready.title)
    add_table(document, ready)
    notes = document.add_paragraph()
    notes.paragraph_format.space_before = docx.shared.Pt(4)
    notes.add_run(" ".join(ready.notes)).font.size = docx.shared.Pt(SMALL)
    file = io.BytesIO()
    document.save(file)
    return without_clock(file.getvalue())


def _properties(document: Any, ready: Printed) -> None:
    core = document.core_properties
    core.author = core.last_modified_by = AUTHOR
    core.title = ready.title[:250]
    core.comments = "Synthetic" if ready.synthetic else ""
    core.created = core.modified = DATE
    core.language = "en-GB"


def set_page(document: Any, landscape: bool) -> None:
    """Size, direction and margins of the page."""
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    if landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(2.5)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(NORMAL)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), EAST_ASIAN)


def _caption(document: Any, title: str) -> None:
    """A caption that Word numbers itself; "1" is shown until it does."""
    from docx.shared import Pt, RGBColor

    style = document.styles["Caption"]
    style.font.color.rgb, style.font.size = RGBColor(0, 0, 0), Pt(10)
    caption = document.add_paragraph(style=style)
    caption.paragraph_format.keep_with_next = True
    caption.paragraph_format.space_after = Pt(3)
    caption.add_run("Table ")
    field = _element("w:fldSimple", {"w:instr": " SEQ Table \\* ARABIC "})
    run = _element("w:r")
    number = _element("w:t")
    number.text = "1"
    run.append(number)
    field.append(run)
    caption._p.append(field)
    caption.add_run(f". {title}")


def add_table(document: Any, ready: Printed) -> None:
    """Add a table as it is to be printed."""
    from docx.shared import Cm

    table = document.add_table(rows=0, cols=len(ready.head))
    table.autofit = False
    properties = table._tbl.tblPr
    properties.append(_element("w:tblDescription", {"w:val": ready.title[:250]}))
    lines: list[tuple[str, tuple[Shown, ...], int]] = [("head", ready.head, 1)]
    lines += [(line.kind, line.cells, line.span) for line in ready.lines]
    widths = _widths(ready, LANDSCAPE if len(ready.head) > MANY_COLUMNS else PORTRAIT)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for place, (kind, cells, _) in enumerate(lines):
        row = table.add_row()
        one_page = row._tr.get_or_add_trPr()
        one_page.append(_element("w:cantSplit"))
        if kind == "head":
            one_page.append(_element("w:tblHeader"))
        if kind == "heading" and len(ready.head) > 1:
            row.cells[0].merge(row.cells[-1])
        follows = lines[place + 1][0] if place + 1 < len(lines) else ""
        lines_around = _rules(kind, lines[place - 1][0] if place else "", follows)
        for target, cell, width in zip(row.cells, cells, widths, strict=False):
            if kind != "heading":
                target.width = Cm(width)
            _cell(target, cell, kind, follows)
        for target in row._tr.tc_lst:
            _border(target, lines_around)
    # A long name stands beside its estimate and the brackets beneath it.
    for place, (_, _, span) in enumerate(lines):
        if span > 1:
            _merge_down([table.rows[at]._tr.tc_lst[0] for at in range(place, place + span)])


def _merge_down(cells: list[Any]) -> None:
    for place, cell in enumerate(cells):
        merged = _element("w:vMerge", {"w:val": "continue" if place else "restart"})
        properties = cell.get_or_add_tcPr()
        borders = properties.find(merged.tag.replace("vMerge", "tcBorders"))
        if borders is None:
            properties.append(merged)
        else:
            borders.addprevious(merged)


def _rules(kind: str, before: str, after: str) -> dict[str, int]:
    """Rules around a row as in a printed book: top, beneath the head, above the foot, bottom."""
    found = {}
    if kind == "head":
        found = {"top": 12, "bottom": 6}
    elif kind == "foot" and before != "foot":
        found = {"top": 6}
    if not after:
        found["bottom"] = 12
    return found


def _cell(target: Any, cell: Shown, kind: str, follows: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = target.paragraphs[0]
    paragraph.paragraph_format.space_before = Pt(0 if kind == "beneath" else 2)
    paragraph.paragraph_format.space_after = Pt(0 if follows == "beneath" else 1)
    paragraph.paragraph_format.keep_with_next = follows == "beneath" or kind in ("head", "heading")
    if cell.right and kind != "heading":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(cell.text)
    run.font.size = Pt(SMALL if kind == "beneath" else NORMAL)
    run.font.bold = kind in ("head", "heading") or None
    if cell.stars:
        mark = paragraph.add_run(cell.stars)
        mark.font.size, mark.font.superscript = Pt(NORMAL), True


def _border(target: Any, rules: dict[str, int]) -> None:
    if not rules:
        return
    properties = target.get_or_add_tcPr()
    borders = _element("w:tcBorders")
    for side in ("top", "bottom"):
        if side in rules:
            given = {"w:val": "single", "w:sz": str(rules[side]), "w:space": "0"}
            borders.append(_element(f"w:{side}", {**given, "w:color": "000000"}))
    properties.append(borders)


def _widths(ready: Printed, room: float) -> list[float]:
    """Widths in centimetres: what each column asks for, long text giving way first."""
    lines = [line for line in ready.lines if line.kind != "heading"]
    asked = []
    for place, head in enumerate(ready.head):
        texts = (line.cells[place].text + line.cells[place].stars for line in lines)
        title = max(map(columns, head.text.split() or [""]))
        asked.append(0.5 + CHARACTER * max([*map(columns, texts), 1.1 * title, 4]))
    over = sum(asked) - room
    gives = [
        0.0 if head.right else max(width - LEAST, 0.0)
        for head, width in zip(ready.head, asked, strict=True)
    ]
    if over > 0 and sum(gives) > 0:
        part = min(over / sum(gives), 1.0)
        asked = [width - part * give for width, give in zip(asked, gives, strict=True)]
    scale = min(1.0, room / sum(asked))
    return [width * scale for width in asked]


def _element(name: str, attributes: dict[str, str] | None = None) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    found = OxmlElement(name)
    for key, value in (attributes or {}).items():
        found.set(qn(key), value)
    return found
