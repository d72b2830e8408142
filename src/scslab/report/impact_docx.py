"""Write drafts of impact assessments as a Word file with boxes for people to fill in."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from scslab.core.impact import HumanPart, ImpactDocument, ImpactDraft, MachinePart
from scslab.report import impact_parts as parts
from scslab.report.impact_boxes import box, element, run
from scslab.report.impact_parts import Shown
from scslab.report.texts import clean
from scslab.report.writers import word
from scslab.report.writers.office import AUTHOR, DATE, without_clock
from scslab.report.writers.saving import save

INK, RUST = "1F1F1D", "8F380B"
SMALL = 8
HEADINGS = {"Title": 20, "Heading 1": 17, "Heading 2": 14, "Heading 3": 11}


def write_docx(document: ImpactDocument, path: Path) -> None:
    """Write the Word file.

    Parameters
    ----------
    document : ImpactDocument
        The same record gives the same bytes; the file names no person and no machine.
    path : Path
        The .docx file.

    Raises
    ------
    ScslabError
        The folder does not exist or cannot be written to.
    """
    save(path, docx_bytes(document))


def docx_bytes(document: ImpactDocument) -> bytes:
    """The bytes of the Word file.

    Machine-filled parts have the label "Filled by machine" and a solid line at the left, human
    parts stand in dashed boxes with the label "For a person to fill in" and a field to write in.
    """
    import docx

    chapters = parts.shown(document)
    file = docx.Document()
    wide = any(
        len(one.table.head) > word.MANY_COLUMNS
        for _, sections in chapters
        for section in sections
        for one in section
        if one.table is not None
    )
    word.set_page(file, landscape=wide)
    properties(file, document)
    styles(file)
    header(file, document)
    file.add_paragraph(clean(document.title), style="Title")
    standing(file, document)
    for place, (chapter, sections) in enumerate(chapters):
        if len(chapters) > 1:
            file.add_heading(clean(chapter.title), 1).paragraph_format.page_break_before = place > 0
        write_chapter(file, chapter, sections)
    stream = io.BytesIO()
    file.save(stream)
    return without_clock(stream.getvalue())


def properties(file: Any, document: ImpactDocument) -> None:
    """Properties that name no person and no machine."""
    core = file.core_properties
    core.author = core.last_modified_by = AUTHOR
    core.title = clean(document.title)[:250]
    core.comments = f"Synthetic. {parts.STANDING}"
    core.created = core.modified = DATE
    core.language = "en-GB"


def styles(file: Any) -> None:
    """Headings in black, in the font of the text."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, size in HEADINGS.items():
        style = file.styles[name]
        style.font.name, style.font.size = word.FONT, Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), word.EAST_ASIAN)


def header(file: Any, document: ImpactDocument) -> None:
    """What stands on each page: synthetic, draft, not legal advice; below, version and page."""
    from docx.shared import Pt

    section = file.sections[0]
    above = section.header.paragraphs[0]
    above.add_run(f"{parts.STANDING}. {parts.BANNER}").font.size = Pt(SMALL)
    below = section.footer.paragraphs[0]
    below.add_run(f"{document.source_line}. Page ").font.size = Pt(SMALL)
    field = element("w:fldSimple", {"w:instr": " PAGE "})
    field.append(run("1", SMALL))
    below._p.append(field)


def standing(file: Any, document: ImpactDocument) -> None:
    """What the file is, and how the marks are read."""
    paragraph(file, f"{parts.STANDING}. {parts.BANNER}", bold=True)
    paragraph(
        file,
        f"Study {document.study}, seed {document.seed}, months {document.months[0]} to "
        f"{document.months[1]}, run {document.fingerprint}, scslab {document.version}.",
    )
    for name, says in parts.KEY:
        paragraph(file, f"{name}: {says}.")
    for warning in document.warnings:
        paragraph(file, f"Warning of the run: {warning}")


def write_chapter(file: Any, chapter: ImpactDraft, sections: list[list[Shown]]) -> None:
    """One regime: facts, limits, sections, sources."""
    paragraph(file, f"{chapter.instrument}. {parts.counted(chapter)}.")
    for name, value in chapter.facts:
        paragraph(file, f"{name}: {value}")
    file.add_heading("What this draft cannot tell", 3)
    for limit in chapter.limits:
        file.add_paragraph(clean(limit), style="List Bullet")
    for section, shown in zip(chapter.sections, sections, strict=True):
        said = f" ({clean(section.article)})" if section.article else ""
        file.add_heading(f"{clean(section.heading)}{said}", 2)
        for one in shown:
            if isinstance(one.part, HumanPart):
                box(file, one.part, one.label)
            else:
                machine(file, one, one.part)
    file.add_heading("Sources", 2)
    for source in chapter.sources:
        dated = f", {source.date}" if source.date else ""
        why = f" Reason: {source.because}" if source.because else ""
        where = f" {source.href}" if source.href else ""
        text = f"{source.key}: {source.title}{dated}. {source.kind.capitalize()}.{why}{where}"
        file.add_paragraph(clean(text), style="List Bullet")


def paragraph(file: Any, text: str, bold: bool = False, size: float = 0.0) -> Any:
    """A paragraph of running text."""
    from docx.shared import Pt

    made = file.add_paragraph()
    made.paragraph_format.space_after = Pt(3)
    one = made.add_run(clean(text))
    one.bold = bold or None
    if size:
        one.font.size = Pt(size)
    return made


def machine(file: Any, one: Shown, part: MachinePart) -> None:
    """A machine-filled part: label, text, table, basis, all along a solid line."""
    label = lined(paragraph(file, one.label, bold=True, size=SMALL))
    label.paragraph_format.keep_with_next = True
    label.paragraph_format.space_before = word_points(8)
    if part.heading:
        lined(paragraph(file, part.heading, bold=True)).paragraph_format.keep_with_next = True
    for lines in parts.paragraphs(part.text):
        for place, line in enumerate(lines):
            made = lined(paragraph(file, line if place == 0 else f"\N{EN DASH} {line}"))
            made.paragraph_format.space_after = word_points(3 if place == len(lines) - 1 else 0)
    if one.table is not None:
        caption(file, one)
        word.add_table(file, one.table)
        side_line(file.tables[-1])
        made = lined(paragraph(file, " ".join(one.table.notes), size=SMALL))
        made.paragraph_format.space_before = word_points(3)
    lined(paragraph(file, part.basis.says, size=SMALL)).paragraph_format.space_after = word_points(
        8
    )


def word_points(size: float) -> Any:
    """A length in points."""
    from docx.shared import Pt

    return Pt(size)


def caption(file: Any, one: Shown) -> None:
    """A caption that Word can renumber; the number shown is that of the page."""
    made = lined(paragraph(file, "", bold=True))
    made.add_run("Table ").bold = True
    made.paragraph_format.keep_with_next = True
    field = element("w:fldSimple", {"w:instr": " SEQ Table \\* ARABIC "})
    field.append(run(str(one.number), word.NORMAL, bold=True))
    made._p.append(field)
    made.add_run(f". {one.table.title if one.table else ''}").bold = True


def lined(made: Any) -> Any:
    """Draw a solid line at the left of a paragraph."""
    properties_ = made._p.get_or_add_pPr()
    borders = element("w:pBdr")
    sides = {"w:val": "single", "w:sz": "24", "w:space": "6", "w:color": INK}
    borders.append(element("w:left", sides))
    # In the order that the file format asks for.
    after = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    properties_.insert_element_before(borders, *after)
    return made


def side_line(table: Any) -> None:
    """Draw the solid line at the left of a table, too."""
    borders = element("w:tblBorders")
    borders.append(
        element("w:left", {"w:val": "single", "w:sz": "24", "w:space": "0", "w:color": INK})
    )
    properties_ = table._tbl.tblPr
    found = properties_.find(element("w:tblLayout").tag)
    if found is None:
        properties_.append(borders)
    else:
        found.addprevious(borders)
