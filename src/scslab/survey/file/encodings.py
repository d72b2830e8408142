"""Text of a file whose encoding is told, or plainly UTF-8; a guess is only ever told."""

from __future__ import annotations

import codecs
import re

import numpy as np

from scslab.core.errors import ScslabError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HAN = re.compile("[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]")
# Characters of everyday Chinese in each script; the wrong encoding gives rare ones.
_COMMON = {
    "gb18030": "的一是不了在人有我他这中大来上国个到说们为子和你"
    "地出道也时年得就那要下以生会自着去之过家学对可同意满女男",
    "big5": "的一是不了在人有我他這中大來上國個到說們為子和你"
    "地出道也時年得就那要下以生會自著去之過家學對可同意滿女男",
}
_KANA = re.compile("[\u3040-\u30ff]")


def decoded(data: bytes, where: str, encoding: str | None = None) -> str:
    """A file's bytes as text.

    Raises
    ------
    ScslabError
        Not UTF-8 and no encoding is told; the message says what it seems to be. Or the encoding
        told is unknown or does not fit.
    """
    if encoding is not None:
        return _with(data, where, encoding)
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _with(data, where, name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        guess = guessed(data)
        raise ScslabError(
            "the file is not UTF-8",
            where=f"{where}:{line}",
            got=f"bytes that seem to be {guess}",
            why="a guessed encoding turns letters into others without a word",
            hint=f"--encoding {guess}, or save the file as UTF-8",
        ) from None


def _with(data: bytes, where: str, encoding: str) -> str:
    """Text in an encoding that is told."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        raise ScslabError(
            "unknown encoding", where=where, got=encoding,
            expected="a name such as utf-8, gb18030, big5, cp1252",
        ) from None  # fmt: skip
    try:
        return data.decode("utf-8-sig" if name == "utf-8" else name)
    except UnicodeError as error:
        start = getattr(error, "start", 0)
        raise ScslabError(
            f"the file is not {encoding}",
            where=f"{where}:{data.count(bytes([10]), 0, start) + 1}",
            got=f"bytes that seem to be {guessed(data)}",
        ) from None


def guessed(data: bytes) -> str:
    """The encoding that bytes seem to have, by the characters that they would be.

    Examples
    --------
    >>> guessed("同意,不同意,满意".encode("gb18030")), guessed("Größe".encode("cp1252"))
    ('gb18030', 'cp1252')
    """
    sample = data[:200_000]
    sample = sample[: sample.rfind(b"\n") + 1] or sample
    try:
        sample.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        pass
    raw = np.frombuffer(sample[:20_000], np.uint8) > 127
    high = int(raw.sum())
    # Characters of two bytes stand in runs; accented letters of one byte stand among ASCII.
    if (raw[1:] & raw[:-1]).sum() < 0.4 * high:
        return "cp1252"
    best, most = "cp1252", 0.0
    for name, common in _COMMON.items():
        try:
            text = sample.decode(name)
        except UnicodeDecodeError:
            continue
        han = len(_HAN.findall(text[:20_000]))
        if 2 * han < 0.7 * high:  # most high bytes must make up Chinese characters
            continue
        score = sum(text[:20_000].count(c) for c in common) / max(han, 1)
        if score > most:
            best, most = name, score
    try:
        text = sample.decode("shift_jis")
        if len(_KANA.findall(text)) > 0.2 * high / 2:
            return "shift_jis"
    except UnicodeDecodeError:
        pass
    return best
