"""The quoting of names, texts and numbers.

Nothing from a file may end a string, a name or a comment of the code: every text passes one of
the functions here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from scslab.core.errors import ScslabError
from scslab.survey.answers import Code


def one_line(text: str) -> str:
    """A text that cannot end a comment line: no line breaks or control characters."""
    flat = "".join(" " if ord(c) < 32 or c in "\x7f\x85\u2028\u2029" else c for c in text)
    return flat.strip()


def number(value: float) -> str:
    """A number that both tools read back to the same bits.

    Examples
    --------
    >>> number(3.0), number(0.1), number(1e9)
    ('3', '0.1', '1000000000')
    """
    value = float(value)
    if not np.isfinite(value):
        raise ScslabError("a number of the code is not finite", where="show code", got=value)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


# --- R ------------------------------------------------------------------------------------------

R_RESERVED = frozenset(
    ("if", "else", "repeat", "while", "function", "for", "next", "break", "TRUE", "FALSE", "NULL",
     "Inf", "NaN", "NA", "NA_integer_", "NA_real_", "NA_complex_", "NA_character_", "in")
)  # fmt: skip


def r_name(name: str) -> str:
    """A name in R, in backticks where it needs them.

    Examples
    --------
    >>> r_name("sch.wide"), r_name("my var"), r_name("a`b")
    ('sch.wide', '`my var`', '`a\\\\`b`')
    """
    bare = re.fullmatch(r"[A-Za-z][A-Za-z0-9._]*|\.[A-Za-z._][A-Za-z0-9._]*", name)
    if bare and name not in R_RESERVED and not name.startswith(".."):
        return name
    return "`" + r_escape(name).replace("`", "\\`") + "`"


def r_escape(text: str) -> str:
    """A text with backslashes, line breaks and control characters escaped."""
    found = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    found = found.replace("\t", "\\t").replace("\x00", "")
    return "".join(f"\\x{ord(c):02x}" if ord(c) < 32 or ord(c) == 127 else c for c in found)


def r_text(text: str) -> str:
    """A string in R.

    Examples
    --------
    >>> print(r_text('say "no"'))
    "say \\"no\\""
    """
    return '"' + r_escape(text).replace('"', '\\"') + '"'


def r_code(code: Code) -> str:
    """A code of a variable in R."""
    return r_text(code) if isinstance(code, str) else number(code)


def r_vector(items: Iterable[str]) -> str:
    """c(...), or the item alone."""
    found = list(items)
    return found[0] if len(found) == 1 else f"c({', '.join(found)})"


# --- Stata --------------------------------------------------------------------------------------

STATA_RESERVED = frozenset(
    ("_all", "_b", "byte", "_coef", "_cons", "double", "float", "if", "in", "int", "long", "_n",
     "_N", "_pi", "_pred", "_rc", "_skip", "strL", "using", "with")
)  # fmt: skip


def stata_name(name: str) -> str:
    """A name as Stata allows it: at most 32 letters, digits and _.

    Examples
    --------
    >>> stata_name("sch.wide"), stata_name("2nd"), stata_name("if")
    ('sch_wide', '_2nd', 'if_')
    """
    found = re.sub(r"[^A-Za-z0-9_]", "_", name)
    if not found or found[0].isdigit():
        found = "_" + found
    found = found[:32]
    if found in STATA_RESERVED or re.fullmatch(r"str\d+", found):
        found = found[:31] + "_"
    return found


def stata_names(names: Iterable[str]) -> dict[str, str]:
    """Names in Stata for many variables, no two alike."""
    found: dict[str, str] = {}
    for name in dict.fromkeys(names):
        proposed = base = stata_name(name)
        k = 1
        while proposed in found.values():
            k += 1
            proposed = f"{base[: 32 - len(str(k)) - 1]}_{k}"
        found[name] = proposed
    return found


def stata_shown(text: str) -> str:
    """A text for a label or path in Stata: what could end it or expand is put otherwise."""
    return f'"{stata_comment(text)}"'


def stata_comment(text: str) -> str:
    """A text in a comment of Stata: `///`, `/*` and macros work even there.

    Examples
    --------
    >>> stata_comment("end /// `x' $y")
    "end / / / 'x' USDy"
    """
    flat = one_line(text).replace('"', "'").replace("`", "'").replace("$", "USD")
    return re.sub(r"/(?=[/*])", "/ ", flat).replace("*/", "* /")


def stata_exact(text: str) -> str:
    """A string expression in Stata equal to a text, whatever is in it.

    Examples
    --------
    >>> stata_exact("No"), stata_exact("5$")
    ('"No"', '"5" + uchar(36)')
    """
    parts: list[str] = []
    run = ""
    for c in text:
        if c in "\"`$\\/*'" or ord(c) < 32 or ord(c) == 127:
            parts += [f'"{run}"'] if run else []
            parts.append(f"uchar({ord(c)})")
            run = ""
        else:
            run += c
    parts += [f'"{run}"'] if run or not parts else []
    return " + ".join(parts)
