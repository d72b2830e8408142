"""Write drafts of impact assessments as one HTML page without script or network."""

from __future__ import annotations

from pathlib import Path

from scslab.core.impact import ImpactDocument
from scslab.report import impact_parts as parts
from scslab.report.templates import fill
from scslab.report.texts import clean
from scslab.report.writers.saving import save


def write_page(document: ImpactDocument, path: Path) -> None:
    """Write the page.

    Parameters
    ----------
    document : ImpactDocument
        The same record gives the same bytes.
    path : Path
        The HTML file.

    Raises
    ------
    ScslabError
        The folder does not exist or cannot be written to.
    """
    save(path, render(document).encode("utf-8", "replace"))


def render(document: ImpactDocument) -> str:
    """The HTML text, with every text of the record escaped."""
    chapters = parts.shown(document)
    return fill(
        "impact.html",
        "page.css",
        "analysis.css",
        "impact.css",
        document=document,
        title=clean(document.title),
        banner=parts.BANNER,
        standing=parts.STANDING,
        key=parts.KEY,
        machine=parts.MACHINE,
        chapters=chapters,
        many=len(chapters) > 1,
        counted=parts.counted,
        paragraphs=parts.paragraphs,
        clean=clean,
        linked=_linked,
    )


def _linked(href: str) -> bool:
    """Whether a source's address may be a link: only plain web addresses."""
    return href.startswith(("https://", "http://"))
