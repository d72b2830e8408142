"""How numbers, months and names are written in the report: British, the same everywhere."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NONE = "\N{EN DASH}"
SMALLEST_N = 30


def count(value: float) -> str:
    """A whole number with thousands commas.

    Examples
    --------
    >>> count(1234567)
    '1,234,567'
    """
    return f"{value:,.0f}".replace("-", "\N{MINUS SIGN}") if math.isfinite(value) else NONE


def share(value: float, digits: int = 1) -> str:
    """A share as a percentage with one decimal.

    Examples
    --------
    >>> share(0.0425)
    '4.2%'
    """
    if not math.isfinite(value):
        return NONE
    return f"{100 * value:,.{digits}f}%".replace("-", "\N{MINUS SIGN}")


def points(value: float) -> str:
    """A difference of shares in percentage points, always with its sign.

    Examples
    --------
    >>> points(0.021)
    '+2.1'
    """
    if not math.isfinite(value):
        return NONE
    text = f"{100 * value:+.1f}"
    return "0.0" if text in ("+0.0", "-0.0") else text.replace("-", "\N{MINUS SIGN}")


def number(value: float, digits: int = 2) -> str:
    """Any other number: whole from 1,000 on, else at most `digits` decimals, no idle zeros.

    Examples
    --------
    >>> number(3.60), number(2457000.0), number(12), number(100, 0)
    ('3.6', '2,457,000', '12', '100')
    """
    if not math.isfinite(value):
        return NONE
    if abs(value) >= 1000:
        return count(value)
    if value != 0 and abs(value) < 10**-digits:
        return f"{value:.1g}".replace("-", "\N{MINUS SIGN}")
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return ("0" if text in ("-0", "") else text).replace("-", "\N{MINUS SIGN}")


def fixed(value: float) -> str:
    """A rate with exactly one decimal, so that a column lines up.

    Examples
    --------
    >>> fixed(10.04)
    '10.0'
    """
    return f"{value:,.1f}".replace("-", "\N{MINUS SIGN}") if math.isfinite(value) else NONE


def ratio(published: float, simulated: float, kind: str) -> float | None:
    """Simulated over published, or None where a ratio has no meaning.

    A ratio needs two positive quantities; a sign or a log-odds effect has none.

    Examples
    --------
    >>> ratio(0.8, 0.4, "share")
    0.5
    """
    whole = all(math.isfinite(value) and value > 0 for value in (published, simulated))
    return simulated / published if whole and kind not in ("sign", "log-odds") else None


def title(name: str) -> str:
    """A key as a heading.

    Examples
    --------
    >>> title("fast_travel")
    'Fast travel'
    """
    text = one_line(name.replace("_", " ").replace(".", " "))
    return text[:1].upper() + text[1:]


def quantity(value: float, kind: str) -> str:
    """A published or simulated figure, written as its kind asks.

    Examples
    --------
    >>> quantity(0.8, "share"), quantity(9590000, "count")
    ('80.0%', '9,590,000')
    """
    if kind == "share":
        return share(value)
    return count(value) if kind == "count" else number(value)


def spread(low: float, high: float, kind: str = "share") -> str:
    """An interval, from low to high.

    Examples
    --------
    >>> spread(0.031, 0.058)
    '3.1% to 5.8%'
    """
    return f"{quantity(low, kind)} to {quantity(high, kind)}"


def month_index(month: str) -> int:
    """Months since year 0, so that months can stand on a number line.

    Examples
    --------
    >>> month_index("2021-03")
    24254
    """
    return 12 * int(month[:4]) + int(month[5:7]) - 1


def month_name(month: str) -> str:
    """A month as a reader writes it; text of another shape is left as it is.

    Examples
    --------
    >>> month_name("2021-03")
    'Mar 2021'
    """
    try:
        at = month_index(month)
    except ValueError:
        return month
    return f"{MONTHS[at % 12]} {at // 12}"


def months_between(first: str, last: str) -> int | None:
    """How many months a run covers, both ends counted; None if a month cannot be read.

    Examples
    --------
    >>> months_between("2020-01", "2020-12")
    12
    """
    try:
        return month_index(last) - month_index(first) + 1
    except ValueError:
        return None


def one_line(text: str) -> str:
    """The text with every run of white space made one space."""
    return " ".join(text.split())


def wrapped(text: str, width: int, most: int = 4) -> str:
    """Text broken into at most `most` lines of about `width` characters.

    Examples
    --------
    >>> wrapped("new entries on the list", 12).splitlines()
    ['new entries', 'on the list']
    """
    lines = textwrap.wrap(one_line(text), width) or [""]
    if len(lines) > most:
        lines = [*lines[: most - 1], textwrap.shorten(lines[most - 1], width - 1, placeholder="")]
        lines[-1] = f"{lines[-1].rstrip()}\N{HORIZONTAL ELLIPSIS}"
    return "\n".join(lines)


def plural(value: float, one: str, many: str = "") -> str:
    """A count with its noun.

    Examples
    --------
    >>> plural(1, "month"), plural(75, "month")
    ('1 month', '75 months')
    """
    return f"{count(value)} {one if value == 1 else many or one + 's'}"


def listed(items: Iterable[str]) -> str:
    """Items in a sentence.

    Examples
    --------
    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    all_items = list(items)
    if len(all_items) < 2:
        return "".join(all_items)
    return f"{', '.join(all_items[:-1])} and {all_items[-1]}"
