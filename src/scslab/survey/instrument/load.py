"""Find, read and check instrument files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from scslab.core.errors import ScslabError, near
from scslab.core.shapes import fit
from scslab.core.yamlfile import Document, read
from scslab.survey.instrument.check import check_instrument
from scslab.survey.instrument.model import Instrument

LIBRARY = Path(__file__).parents[1] / "library" / "instruments"
SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class InstrumentFile:
    """A checked instrument and the file that it stands in."""

    instrument: Instrument
    document: Document


@cache
def instruments() -> dict[str, Path]:
    """The instruments that come with the package: id -> file."""
    return {path.stem: path for path in sorted(LIBRARY.glob("*.yaml"))}


def find_instrument(name: str | Path) -> Path:
    """The file of an instrument: a path, or the name of one of the library.

    Raises
    ------
    ScslabError
        Neither, with the nearest name.
    """
    path = Path(name)
    if path.is_file():
        return path
    if str(name) in instruments():
        return instruments()[str(name)]
    if path.suffix in SUFFIXES or len(path.parts) > 1:
        raise ScslabError("no such file", where=str(name))
    raise ScslabError(f'no instrument "{name}"', hint=near(str(name), instruments()))


def read_instrument(path_or_name: str | Path) -> InstrumentFile:
    """Read and check an instrument.

    Parameters
    ----------
    path_or_name : str or Path
        An instrument file, or the name of one of the library.

    Raises
    ------
    ScslabError
        The first mistake of the file, with its line.

    Examples
    --------
    >>> read_instrument("liu-2020").instrument.languages
    ['en', 'zh']
    """
    document = read(find_instrument(path_or_name))
    data = document.data
    if isinstance(data, dict) and not str(data.get("instrument", "instrument/")).startswith(
        "instrument/"
    ):
        raise ScslabError(
            "this is not an instrument file",
            where=document.name,
            expected="a file that begins with instrument: instrument/1",
        )
    instrument = fit(Instrument, document)
    check_instrument(instrument, document)
    return InstrumentFile(instrument, document)


def instrument_schema() -> dict[str, Any]:
    """The JSON Schema of an instrument file."""
    return TypeAdapter(Instrument).json_schema(by_alias=True)
