"""How a cell is printed: the one place where numbers are rounded for readers."""

from __future__ import annotations

import math
from numbers import Integral, Real

from scslab.core.printed import Cell, Form, Suppressed, decimals
from scslab.report.texts import clean
from scslab.report.words import NONE

# R's default as well: a double holds more, a survey does not.
SIGNIFICANT = 7
# What is nearer to zero is the rounding error of a sum.
NOISE = 1e-12
PERCENT = "\N{NO-BREAK SPACE}%"
STARS = ((0.001, "***"), (0.01, "**"), (0.05, "*"))
STARS_NOTE = "* p < .05, ** p < .01, *** p < .001."


def printed(cell: Cell, form: Form = "number", digits: int | None = None) -> str:
    r"""One cell as a reader sees it.

    Parameters
    ----------
    cell : Cell
        Text, a number, None, or a suppressed cell.
    form : {"text", "number", "share", "count", "p"}
        What a number stands for.
    digits : int
        Decimals as printed: by default 3, of percentages 1. At most 7 significant digits are
        printed, and a number that would round to zero shows its first two digits instead.

    Returns
    -------
    str
        One line with a true minus sign; an en dash for None and NaN.

    Examples
    --------
    >>> printed(-1234.5678), printed(0.000042), printed(12345678.9)
    ('−1,234.568', '0.000042', '12,345,679')
    >>> printed(0.125, "share"), printed(0.0004, "p"), printed(2209, "count")
    ('12.5\xa0%', '<0.001', '2,209')
    >>> printed(None), printed(Suppressed(5)), printed("don't know")
    ('–', 'n < 5', "don't know")
    """
    if cell is None:
        return NONE
    if isinstance(cell, Suppressed):
        return f"n < {cell.below}"
    if not isinstance(cell, Real):
        return clean(str(cell))
    value = float(cell)
    if math.isnan(value):
        return NONE
    if math.isinf(value):
        return _signed("\N{INFINITY}", value)
    places = decimals(form, digits)
    if form == "share":
        return _share(value, places)
    if form == "count":
        return _count(value)
    if form == "p":
        return _p(value, places)
    return _count(value) if isinstance(cell, Integral) else _number(value, places)


def stars(p: float | None) -> str:
    """Stars of a p value.

    Examples
    --------
    >>> stars(0.0004), stars(0.03), stars(0.05), stars(None)
    ('***', '*', '', '')
    """
    if p is None or not math.isfinite(p):
        return ""
    return next((mark for limit, mark in STARS if p < limit), "")


def _signed(text: str, value: float) -> str:
    return f"\N{MINUS SIGN}{text}" if value < 0 else text


def _number(value: float, digits: int) -> str:
    size = abs(value)
    if size < NOISE:
        return f"{0:.{digits}f}"
    if size < 0.5 * 10.0**-digits:
        if size < 1e-6:
            return _signed(f"{size:.1e}".replace("-", "\N{MINUS SIGN}"), value)
        return _signed(f"{size:.{1 - math.floor(math.log10(size))}f}", value)
    places = min(digits, max(SIGNIFICANT - 1 - math.floor(math.log10(size)), 0))
    return _signed(f"{size:,.{places}f}", value)


def _share(value: float, places: int) -> str:
    size = f"{100 * abs(value):,.{places}f}"
    if float(size.replace(",", "")) > 0:
        return _signed(f"{size}{PERCENT}", value)
    if abs(value) < NOISE:
        return f"{size}{PERCENT}"
    least = f"{10.0**-places:.{places}f}{PERCENT}"
    return f"<{least}" if value > 0 else f">\N{MINUS SIGN}{least}"


def _count(value: float) -> str:
    size = f"{abs(value):,.0f}"
    if size == "0":
        return "<1" if value > NOISE else "0"
    return _signed(size, value)


def _p(value: float, digits: int) -> str:
    least = 10.0**-digits
    if 0 <= value < least:
        return f"<{least:.{digits}f}"
    if 1 - least < value <= 1:
        return f">{1 - least:.{digits}f}"
    return _number(value, digits)
