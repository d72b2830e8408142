"""A figure as a file of its own: SVG, PNG or PDF with title, unit, n, notes and source."""

from __future__ import annotations

import html
import re
import warnings
from functools import lru_cache
from pathlib import Path

from scslab.core.errors import ScslabError
from scslab.core.printed import Figure
from scslab.report import charts_survey, vega
from scslab.report.texts import CHARACTER, clean, is_wide, wrapped
from scslab.report.writers.grid import figure_notes
from scslab.report.writers.saving import save

FIGURE_SUFFIXES = (".svg", ".png", ".pdf")
FONTS = (
    "Helvetica, Arial, Liberation Sans, Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif"
)
MARGIN = 12
TITLE, TITLE_LINE = 14, 19
NOTE_LINE = 14
SCALE = 3  # pixels of a PNG for each of the drawing: 216 dots an inch at a page's width

_SIZE = re.compile(r'<svg role="img" aria-label="[^"]*" width="([\d.]+)" height="([\d.]+)"')


def write_figure(figure: Figure, path: str | Path) -> None:
    """Write a figure in the format that the name's suffix asks for.

    Parameters
    ----------
    figure : Figure
        What to draw, on white.
    path : Path
        A name that ends in .svg, .png or .pdf.

    Raises
    ------
    ScslabError
        Another suffix, or a folder that cannot be written to.

    Warns
    -----
    UserWarning
        No font of this machine has some of the characters, so that a PNG or PDF shows boxes in
        their place (Chinese text on a machine without a Chinese font).
    """
    import vl_convert

    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in FIGURE_SUFFIXES:
        raise ScslabError(
            "no writer for a figure of this kind",
            where=str(path),
            got=suffix or "no suffix",
            expected=", ".join(FIGURE_SUFFIXES),
        )
    svg = figure_svg(figure)
    if suffix == ".svg":
        save(path, svg.encode("utf-8"))
        return
    without = missing_glyphs(html.unescape(re.sub(r"<[^>]*>", "", svg)))
    if without:
        shown = "".join(without[:10]) + ("..." if len(without) > 10 else "")
        warnings.warn(
            f"{path}: no font here has these characters: {shown}; boxes stand in their place. "
            "Install a font that has them (for Chinese: Noto Sans CJK), or write .svg.",
            stacklevel=2,
        )
    if suffix == ".png":
        save(path, vl_convert.svg_to_png(svg, scale=SCALE))
    else:
        save(path, vl_convert.svg_to_pdf(svg))


def figure_svg(figure: Figure) -> str:
    """The drawing with its title above and unit, n, notes and source beneath."""
    drawing = charts_survey.draw(figure, vega.WIDE)
    found = _SIZE.match(drawing)
    assert found is not None, "vega.draw gives a labelled svg"
    width, height = (float(found[1]), float(found[2]))
    room = width / (0.92 * CHARACTER)
    title = wrapped(figure.title, room * 11 / (TITLE * 1.15), 4).split("\n")
    notes = wrapped(" ".join(figure_notes(figure)), room, 12).split("\n")
    above = MARGIN + TITLE_LINE * len(title) + 6
    whole = above + height + 8 + NOTE_LINE * len(notes) + MARGIN
    outer = width + 2 * MARGIN
    inner = drawing.replace('<svg role="img"', f'<svg x="{MARGIN}" y="{above:g}"', 1)
    inner = re.sub(r' aria-label="[^"]*"', "", inner, count=1)
    texts = [
        _text(line, MARGIN + TITLE + TITLE_LINE * place, f'font-size="{TITLE}" font-weight="600"')
        for place, line in enumerate(title)
    ]
    texts += [
        _text(line, above + height + 8 + NOTE_LINE * (place + 0.7), f'fill="{vega.QUIET}"')
        for place, line in enumerate(notes)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{outer:g}" '
        f'height="{whole:g}" viewBox="0 0 {outer:g} {whole:g}" font-family="{FONTS}" '
        f'font-size="11"><title>{html.escape(clean(figure.title))}</title>'
        f"<desc>{html.escape(charts_survey.alternative(figure))}</desc>"
        f'<rect width="{outer:g}" height="{whole:g}" fill="white"/>{inner}{"".join(texts)}</svg>\n'
    )


def missing_glyphs(text: str) -> list[str]:
    """Characters that the renderer has no font for, found by drawing each of them."""
    asked = sorted({one for one in text if is_wide(one) or ord(one) > 0x24F})
    return [one for one in asked if one.isprintable() and not _has_glyph(one)]


@lru_cache(maxsize=8192)
def _has_glyph(character: str) -> bool:
    return _drawn(character) not in (_drawn(""), _drawn("\U0010fffd"))


@lru_cache(maxsize=8192)
def _drawn(character: str) -> bytes:
    import vl_convert

    text = f'<text x="4" y="24" font-size="20" font-family="{FONTS}">{character}</text>'
    return vl_convert.svg_to_png(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="32">{text}</svg>'
    )


def _text(line: str, y: float, more: str) -> str:
    fill = "" if "fill=" in more else f' fill="{vega.INK}"'
    return f'<text x="{MARGIN}" y="{y:g}"{fill} {more}>{html.escape(line)}</text>'
