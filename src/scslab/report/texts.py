"""Text from a file or a user, made safe to print: no control characters, width known."""

from __future__ import annotations

import re
import unicodedata

from scslab.report.words import one_line

# Control characters (XML forbids most of them), halves of surrogate pairs, non-characters, and the
# marks that turn the reading direction of all that follows. A plain direction mark stays.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]|["
    + "".join(chr(plane * 0x10000 + end) for plane in range(1, 17) for end in (0xFFFE, 0xFFFF))
    + "]"
)

CHARACTER = 6.1  # pixels of an average Latin character at 11 px
WIDE_CHARACTER = 11.0


def clean(text: str) -> str:
    r"""The text on one line, without characters that could break a file or turn a line round.

    Examples
    --------
    >>> clean("don't\x00 know\n\u202eno")
    "don't know no"
    """
    return one_line(_UNWANTED.sub("", text))


def clean_block(text: str) -> str:
    r"""Text of several lines (code), cleaned line by line; tabs and indents are kept.

    Examples
    --------
    >>> clean_block("a <- 1\r\n\tb\x07\n")
    'a <- 1\n\tb'
    """
    return "\n".join(_UNWANTED.sub("", line).rstrip() for line in text.splitlines()).rstrip("\n")


def is_wide(character: str) -> bool:
    """Whether a character takes a full square, as Chinese ones do."""
    return unicodedata.east_asian_width(character) in "WF"


def columns(text: str) -> float:
    """Width of a text in average Latin characters.

    Examples
    --------
    >>> columns("trust"), round(columns("\u4fe1\u4efb"), 1)
    (5.0, 3.6)
    """
    wide = sum(map(is_wide, text))
    marks = sum(unicodedata.category(character) in ("Mn", "Cf") for character in text)
    return len(text) - wide - marks + wide * WIDE_CHARACTER / CHARACTER


def pixels(text: str) -> float:
    """Width of the longest line of a text at 11 px."""
    return CHARACTER * max((columns(line) for line in text.split("\n")), default=0.0)


def wrapped(text: str, width: float, most: int = 4) -> str:
    r"""Text in at most `most` lines of `width` Latin characters; Chinese breaks anywhere.

    Examples
    --------
    >>> wrapped("trust in the court", 9)
    'trust in\nthe court'
    >>> wrapped("\u4fe1\u4efb\u6cd5\u9662", 4)
    '\u4fe1\u4efb\n\u6cd5\u9662'
    """
    lines = [""]
    for piece in _pieces(clean(text), width):
        if columns((lines[-1] + piece).rstrip()) <= width or not lines[-1]:
            lines[-1] += piece
        else:
            lines.append(piece.lstrip())
    lines = [line.rstrip() for line in lines]
    if len(lines) > most:
        last = lines[most - 1]
        while last and columns(last) > width - 1:
            last = last[:-1]
        lines = [*lines[: most - 1], f"{last.rstrip()}\N{HORIZONTAL ELLIPSIS}"]
    return "\n".join(lines)


def _pieces(text: str, width: float) -> list[str]:
    """What may stand on a line of its own: words, wide characters, parts of overlong words."""
    found = []
    for word in re.findall(r"\S+\s*", text):
        part = ""
        for character in word:
            if part and (is_wide(part[-1]) or is_wide(character) or columns(part) >= width):
                found.append(part)
                part = ""
            part += character
        found.append(part)
    return found
