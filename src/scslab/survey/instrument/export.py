"""Write an instrument for other programs, or for paper; the suffix says which."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from scslab.core.errors import ScslabError, near
from scslab.survey.instrument.limesurvey import limesurvey
from scslab.survey.instrument.model import Instrument, Language
from scslab.survey.instrument.page import printable
from scslab.survey.instrument.xlsform import xlsform

SUFFIXES = {
    ".xlsx": "an XLSForm for ODK, Kobo or SurveyCTO",
    ".txt": "LimeSurvey's tab-separated structure",
    ".html": "a page to print",
}


def export_instrument(
    instrument: Instrument,
    path: str | Path,
    language: str | None = None,
    seed: int | None = None,
) -> tuple[str, ...]:
    """Write an instrument to a new file, by its suffix.

    Parameters
    ----------
    instrument : Instrument
    path : str or Path
        .xlsx: XLSForm. .txt: LimeSurvey. .html: a page to print.
    language : str, optional
        Of a page; by default the instrument's first. The other formats have all languages.
    seed : int, optional
        Of a page: draws the arms and random orders of one form.

    Returns
    -------
    tuple of str
        What the format cannot say, and what a user should know.

    Raises
    ------
    ScslabError
        An unknown suffix or language, an option that the format does not have, a file that is
        there already or cannot be written.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        kinds = "; ".join(f"{ending} ({what})" for ending, what in SUFFIXES.items())
        raise ScslabError(
            "unknown kind of file", where=str(path), got=suffix or "no suffix", expected=kinds
        )
    for name, value in (("language", language), ("seed", seed)):
        if suffix != ".html" and value is not None:
            raise ScslabError(
                f"--{name} is for a page to print",
                where=str(path),
                why="the file holds all languages and leaves what is drawn to the program",
            )
    if path.exists():
        raise ScslabError(
            "there is a file already", where=str(path), hint="name another file, or remove it"
        )
    notes: tuple[str, ...] = ()
    if suffix == ".html":
        content = printable(instrument, language_of(instrument, language), seed).encode()
    elif suffix == ".xlsx":
        content, notes = xlsform(instrument)
    else:
        content, notes = limesurvey(instrument)
    write_whole(path, content)
    return notes


def language_of(instrument: Instrument, language: str | None) -> Language:
    """A language of the instrument; the first, if none is named.

    Raises
    ------
    ScslabError
        The instrument does not have it.
    """
    for known in instrument.languages:
        if language in (None, known):
            return known
    raise ScslabError(
        f'{instrument.id} is not in language "{language}"',
        hint=near(str(language), instrument.languages),
    )


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    ScslabError
        It cannot be written.
    """
    partial = path.with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        partial.write_bytes(content)
        partial.rename(path)
    except OSError as error:
        raise ScslabError(
            "the file could not be written",
            where=str(path),
            got=error.strerror,
            hint="name a file in a folder that is there",
        ) from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()
