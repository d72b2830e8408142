"""Which format a file has: by its suffix, checked against its first bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from scslab.core.errors import ScslabError

Format = Literal["sav", "por", "dta", "csv", "tsv", "parquet"]

SUFFIXES: dict[str, Format] = {
    ".sav": "sav",
    ".zsav": "sav",
    ".por": "por",
    ".dta": "dta",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".parquet": "parquet",
    ".pq": "parquet",
}
_NAMES = {
    "sav": "an SPSS file",
    "por": "an SPSS portable file",
    "dta": "a Stata file",
    "parquet": "a Parquet file",
}
_USUAL = {"sav": ".sav", "por": ".por", "dta": ".dta", "parquet": ".parquet"}
_OTHERS = (
    (b"PK\3\4", "a zip archive, such as an Excel workbook"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%PDF", "a PDF"),
    (b"RDX", "an R file"),
    (b"SAS ", "a SAS file"),
)
_ADVICE = {
    ".xlsx": "save the sheet as CSV UTF-8",
    ".xls": "save the sheet as CSV UTF-8",
    ".rds": "write it in R with haven::write_sav",
    ".rdata": "write it in R with haven::write_sav",
    ".sas7bdat": "write it as .sav or .csv",
    ".gz": "unpack it first",
    ".zip": "unpack it first",
}


def check_format(path: Path) -> Format:
    """The format of a file that can be read.

    Raises
    ------
    ScslabError
        No file there, a folder, an empty file, no permission, an unknown suffix, or a file that
        is not what its suffix says.
    """
    head, tail = _ends(path)
    form = SUFFIXES.get(path.suffix.lower())
    if form is None:
        raise ScslabError(
            "unknown kind of file" if path.suffix else "the file's name has no suffix",
            where=str(path),
            got=path.suffix or None,
            expected=", ".join(SUFFIXES),
            hint=_ADVICE.get(path.suffix.lower(), ""),
        )
    seems = _seems(head)
    if form in ("csv", "tsv"):
        if seems in _NAMES:
            raise _not_what(path, "a text file", _NAMES[seems], _USUAL[seems])
        if seems:
            raise _not_what(path, "a text file", seems, "")
    elif seems != form:
        known = seems in _NAMES
        got = _NAMES[seems] if known else seems or _text_or_not(head)
        raise _not_what(path, _NAMES[form], got, _USUAL[seems] if known else "")
    if form == "parquet" and tail != b"PAR1":
        raise ScslabError(
            "the Parquet file is damaged or cut short", where=str(path),
            got="no closing mark", hint="copy it again from its source",
        )  # fmt: skip
    return form


def _ends(path: Path) -> tuple[bytes, bytes]:
    """The first bytes and the last four of a file that is there and not empty."""
    if path.is_dir():
        raise ScslabError("this is a folder, not a file", where=str(path))
    try:
        with path.open("rb") as file:
            head = file.read(1024)
            file.seek(0, 2)
            file.seek(max(0, file.tell() - 4))
            tail = file.read()
    except FileNotFoundError:
        raise ScslabError("there is no such file", where=str(path)) from None
    except OSError as error:
        raise ScslabError("the file cannot be read", where=str(path), got=error.strerror) from error
    if not head:
        raise ScslabError("the file is empty", where=str(path), got="0 bytes")
    return head, tail


def _seems(head: bytes) -> str:
    """What the first bytes are of, or "" where they may be text or anything."""
    if head[:4] in (b"$FL2", b"$FL3"):
        return "sav"
    if b"SPSSPORT" in head.replace(b"\r", b"").replace(b"\n", b""):
        return "por"
    if head.startswith(b"<stata_dta>"):
        return "dta"
    if len(head) > 3 and 104 <= head[0] <= 115 and head[1] in (1, 2) and head[2] in (0, 1):
        return "dta"
    if head[:4] == b"PAR1":
        return "parquet"
    return next((name for mark, name in _OTHERS if head.startswith(mark)), "")


def _text_or_not(head: bytes) -> str:
    if head.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html")):
        return "a web page"
    printable = sum(byte >= 32 or byte in (9, 10, 13) for byte in head)
    return "text" if printable == len(head) else "other bytes"


def _not_what(path: Path, expected: str, got: str, suffix: str) -> ScslabError:
    return ScslabError(
        f"this is not {expected}",
        where=str(path),
        got=f"what seems to be {got}",
        hint=f"name it {path.stem}{suffix}" if suffix else "",
    )
