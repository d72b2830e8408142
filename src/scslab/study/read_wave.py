"""Read a wave file and check its sense."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scslab.core.errors import ScslabError
from scslab.core.shapes import fit
from scslab.core.values import check_sources
from scslab.core.yamlfile import Document, parse, read, read_text
from scslab.study.check_field import (
    check_field,
    check_framings,
    check_headlines,
    check_kept,
    check_sample,
)
from scslab.study.check_variables import check_conditions, check_effects, check_variables
from scslab.study.check_wave import check_estimates, check_lives, check_names
from scslab.study.wave import WaveFile

KINDS = ("study", "regime", "instrument", "design", "analysis", "ledger", "paper", "calibrated")


@dataclass(frozen=True)
class WaveDocument:
    """A wave with the document it was read from, so that later mistakes can name a line."""

    wave: WaveFile
    document: Document
    folder: Path | None
    text: str


def read_wave(path: str | Path) -> WaveDocument:
    """Read and check a wave file.

    Parameters
    ----------
    path : str or Path
        The file, or a folder that holds `wave.yaml`.

    Raises
    ------
    ScslabError
        The first mistake, with file and line.
    """
    path = Path(path)
    if path.is_dir():
        path = path / "wave.yaml"
    return check_wave(read(path), read_text(path), path.parent)


def parse_wave(text: str, name: str = "wave.yaml", folder: Path | None = None) -> WaveDocument:
    """Check a wave given as text."""
    return check_wave(parse(text, name), text, folder)


def check_wave(document: Document, text: str, folder: Path | None) -> WaveDocument:
    """Shape and sense of a wave file.

    Raises
    ------
    ScslabError
        The first mistake, with file and line.
    """
    data = document.data
    if isinstance(data, dict) and "wave" not in data:
        found = next((k for k in KINDS if k in data), "")
        if found:
            raise ScslabError(
                f"this is a file of kind {found}, not wave",
                where=document.name,
                expected="a file that begins with wave: wave/1",
            )
    wave = fit(WaveFile, document)
    check_sources(wave.sources, document)
    check_estimates(wave, document)
    check_lives(wave, document)
    check_names(wave, document)
    check_variables(wave, document)
    check_effects(wave, document)
    check_conditions(wave, document)
    check_sample(wave, document)
    check_field(wave, document)
    check_kept(wave, document)
    check_headlines(wave, document)
    check_framings(wave, document)
    return WaveDocument(wave, document, folder, text)


def wave_schema() -> dict[str, Any]:
    """The JSON Schema of a wave file."""
    return WaveFile.model_json_schema(by_alias=True)
