"""The dictionary of an SPSS file, walked: whether it is whole, and what the weight variable is.

Readers in C trust the counts that they find in it: a wrong one ends the whole process without a
word. So they are checked before. Layout: "PSPP Developers Guide, System File Format"; bytes 76 to
79 hold the place of the weight variable among the dictionary's records, counted from 1, or 0.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from pathlib import Path

_AT, _HEADER = 76, 176
_MOST = 1 << 26  # bytes looked at: dictionaries are far shorter
_LONG_NAMES, _ENCODING = 13, 20  # subtypes of record 7


@dataclass
class Dictionary:
    """What a walk over the records finds; `places` has the short names by their record."""

    places: dict[int, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    widths: list[int] = field(default_factory=list)  # of each record: 0 number, -1 rest of a text
    weight: int = 0
    encoding: str = "utf-8"
    labels: list[bytes] = field(default_factory=list)  # the values of the last record 3
    texts: list[bytes] = field(default_factory=list)  # all that must be in the encoding


def weight_of(path: Path) -> str:
    """The name of the weight variable, or "" where the file names none.

    Raises
    ------
    ValueError
        The dictionary is damaged.
    """
    found = walk(path)
    short = found.places.get(found.weight, "")
    return found.names.get(short, short)


def set_weight(path: Path, name: str) -> None:
    """Name the weight variable in a file that was just written."""
    found = walk(path)
    for index, short in found.places.items():
        if found.names.get(short, short) == name:
            with path.open("r+b") as file:
                file.seek(_AT)
                file.write(struct.pack("<i", index))
            return


def without_clock(path: Path) -> None:
    """Take the moment of writing out of an SPSS header: simulated answers have the same bytes.

    Bytes 92 to 108 of the header are day and time (PSPP developers' guide, system files).
    """
    with path.open("r+b") as file:
        file.seek(92)
        file.write(b"01 Jan 7000:00:00")


def walk(path: Path) -> Dictionary:
    """Walk over the records of a dictionary.

    Raises
    ------
    ValueError
        A count or a kind of record is impossible, or the file ends within the dictionary.
    """
    with path.open("rb") as file:
        data = file.read(_MOST)
    order = "<" if data[64:68] in (b"\2\0\0\0", b"\3\0\0\0") else ">"
    found = Dictionary()
    try:
        (found.weight,) = struct.unpack_from(order + "i", data, _AT)
        at, kind = _HEADER, 0
        while kind != 999:
            (kind,) = struct.unpack_from(order + "i", data, at)
            if kind != 2:
                _check_widths(found.widths)
            at = _record(data, order, kind, at + 4, found)
            if at > len(data):
                raise ValueError("it ends within its dictionary")
        _check_texts(found)
        compression, _, cases = struct.unpack_from(order + "3i", data, 72)
        _check_cases(cases, compression, len(found.widths), path.stat().st_size)
    except struct.error:
        raise ValueError("it ends within its dictionary") from None
    return found


def _record(data: bytes, order: str, kind: int, at: int, found: Dictionary) -> int:
    """Read one record; where the next one begins."""
    if kind == 2:
        return _variable(data, order, at, found)
    if kind == 999:
        return at + 4
    (count,) = struct.unpack_from(order + "i", data, at)
    if kind == 3:  # value labels; record 4 has the variables that they are of
        return _labels(data, at + 4, _sane(count, data), found)
    if kind == 4:
        size = _sane(count, data)
        indices = struct.unpack_from(f"{order}{size}i", data, at + 4)
        if any(not 1 <= index <= len(found.widths) for index in indices):
            raise ValueError("labels of variables that it does not have")
        if any(found.widths[index - 1] for index in indices):
            found.texts += [entry[:8] for entry in found.labels]
        return at + 4 + 4 * size
    if kind == 6:
        return at + 4 + 80 * _sane(count, data)
    if kind == 7:
        size, number = struct.unpack_from(order + "2i", data, at + 4)
        return _extension(data, count, at + 12, _sane(size * number, data), found)
    raise ValueError("a record of an unknown kind in its dictionary")


def _sane(count: int, data: bytes) -> int:
    if not 0 <= count <= len(data):
        raise ValueError("an impossible count in its dictionary")
    return count


def _variable(data: bytes, order: str, at: int, found: Dictionary) -> int:
    """A variable, or a further part of a text."""
    width, labelled, missing = struct.unpack_from(order + "3i", data, at)
    if not -1 <= width <= 255 or labelled not in (0, 1) or not -3 <= missing <= 3 or missing == -1:
        raise ValueError("an impossible variable in its dictionary")
    found.widths.append(width)
    if width >= 0:
        found.places[len(found.widths)] = data[at + 20 : at + 28].decode("latin-1").rstrip()
    at += 28
    if labelled:
        length = _sane(struct.unpack_from(order + "i", data, at)[0], data)
        at += 4 + -(-length // 4) * 4
    return at + 8 * abs(missing)


def _labels(data: bytes, at: int, count: int, found: Dictionary) -> int:
    """Value labels: a value of eight bytes, a length, a text."""
    found.labels = []
    for _ in range(count):
        if at + 8 >= len(data):
            raise ValueError("it ends within its dictionary")
        length = data[at + 8]
        found.labels.append(data[at : at + 8])
        found.texts.append(data[at + 9 : at + 9 + length])
        at += 8 + -(-(length + 1) // 8) * 8
    return at


def _extension(data: bytes, subtype: int, at: int, size: int, found: Dictionary) -> int:
    """Long names and the encoding; other extensions are passed over."""
    body = data[at : at + size]
    if subtype == _LONG_NAMES:
        pairs = body.decode("utf-8", "replace").split("\t")
        found.names = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    elif subtype == _ENCODING:
        found.encoding = body.decode("latin-1").strip().lower()
    return at + size


def _check_widths(widths: list[int]) -> None:
    """A text of more than eight bytes has a record for each further eight, no other has."""
    rest = 0
    for width in [*widths, 0]:
        if (width < 0) != (rest > 0):
            raise ValueError("an impossible variable in its dictionary")
        rest = rest - 1 if width < 0 else max(-(-width // 8) - 1, 0)


def _check_cases(cases: int, compression: int, width: int, size: int) -> None:
    """A file has room for its cases: eight bytes a value, or one if compressed.

    zlib shrinks to a thousandth at best.
    """
    most = size // 8 if compression == 0 else size if compression == 1 else size * 1100
    if cases > most // max(width, 1):
        raise ValueError("fewer rows than its header says")


def _check_texts(found: Dictionary) -> None:
    """Labels of values are UTF-8 where the file says so."""
    if found.encoding not in ("utf-8", "utf8"):
        return
    try:
        for text in found.texts:
            text.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("a label that is not in its encoding") from None
