"""One simulated figure beside the printed one: cells of tables, rows of figures."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from scslab.core.errors import ScslabError, moved_to
from scslab.core.printed import Cell, Column, PrintedRow, Row, Sign, Suppressed
from scslab.core.yamlfile import Document, Place
from scslab.evaluation.ledger.model import Domain, MeasureSpec

Values = Literal["share", "number"]
SIGNS = ("+", "-", "0")
AGREES = (
    "Inside: the printed value, within its rounding, lies in the interval of this one wave; same "
    "sign: the effect has the printed sign. The ledger judges over seeds"
)
BLANK = "Where no printed value stands, none was found"


class Measured(Protocol):
    """A figure of one wave with its interval at 95 %; NaN where it could not be measured."""

    @property
    def value(self) -> float:
        """The estimate."""

    @property
    def low(self) -> float:
        """Lower end."""

    @property
    def high(self) -> float:
        """Upper end."""

    @property
    def n(self) -> int:
        """Respondents that it rests on."""


# None: nobody is in the domain, or the model has no such coefficient.
Measure = Callable[[MeasureSpec, Domain], Measured | None]
Print = Callable[[str], tuple[str, str]]  # id of a finding -> its value and its n, as printed


@dataclass(frozen=True)
class Beside:
    """A figure of the wave beside print.

    `said` is the printed value as the finding has it ("0.80", "+"), "" where there is none; `sign`
    says that it may be a sign, so that "0" is one.
    """

    label: str
    found: Measured | None
    values: Values
    said: str = ""
    n_printed: str = ""
    heading: str = ""
    between: tuple[float, float] | None = None
    sign: bool = False

    @property
    def known(self) -> bool:
        """Whether there is an estimate."""
        return self.found is not None and math.isfinite(self.found.value)

    @property
    def n(self) -> int:
        """Respondents; 0 where nothing could be measured."""
        return 0 if self.found is None else self.found.n

    @property
    def printed(self) -> float | None:
        """The printed number, None where none is known or a sign is printed."""
        return None if not self.said or self.printed_sign else float(self.said)

    @property
    def printed_sign(self) -> Sign:
        """The printed sign, "" where a number is printed, or nothing."""
        if self.sign and self.said in SIGNS:
            return self.said  # type: ignore[return-value]  # one of the three
        return ""

    def hidden(self, below: int) -> bool:
        """Whether too few respondents stand behind it."""
        return self.known and self.n < below


def measured_at(
    measure: Measure, spec: MeasureSpec, where: Domain, document: Document, place: Place
) -> Measured | None:
    """Measure, and name the line of the paper in a mistake that shows itself only now."""
    try:
        return measure(spec, where)
    except ScslabError as error:
        line = document.where(place)
        raise moved_to(error, f"{line}: {error.where}" if error.where else line) from error


def sign_of(found: Measured | None) -> Sign:
    """The sign of an effect that can be told from none at 95 %, else "0"; "" if not measured."""
    if found is None or not math.isfinite(found.value):
        return ""
    if found.low <= 0 <= found.high:
        return "0"
    return "+" if found.value > 0 else "-"


def agrees(one: Beside) -> str:
    """What a reader may see in one wave; the verdict is the ledger's.

    A printed number stands for all that round to it.

    Examples
    --------
    >>> from types import SimpleNamespace as Found
    >>> found = Found(value=0.81, low=0.79, high=0.83, n=2209)
    >>> agrees(Beside("approves", found, "share", "0.80")), agrees(Beside("a", found, "share"))
    ('inside', '')
    """
    if not one.said or not one.known or one.found is None:
        return ""
    if one.printed is not None:
        half = 0.5 * 10.0 ** -len(one.said.partition(".")[2]) + 1e-12
        inside = one.found.low - half <= one.printed <= one.found.high + half
        return "inside" if inside else "outside"
    return "same sign" if sign_of(one.found) == one.printed_sign else "not the same sign"


def cells(one: Beside, below: int) -> tuple[Cell, Cell, Cell, Cell, Cell, Cell]:
    """Simulated, low, high, n, printed, agrees: the cells of a row."""
    said: Cell = one.printed if one.printed is not None else one.printed_sign
    if one.hidden(below):
        hidden = Suppressed(below)
        return hidden, hidden, hidden, hidden, said, ""
    if not one.known or one.found is None:
        return None, None, None, one.n, said, ""
    found = one.found
    return found.value, found.low, found.high, found.n, said, agrees(one)


def interval(one: Beside) -> str:
    """An interval in words, for a small line beneath its estimate.

    Examples
    --------
    >>> from types import SimpleNamespace as Found
    >>> interval(Beside("a", Found(value=0.81, low=0.79, high=0.83, n=9), "share"))
    '79.0 to 83.0'
    """
    if not one.known or one.found is None:
        return ""
    times, digits = (100, 1) if one.values == "share" else (1, 3)
    ends = (f"{times * end:.{digits}f}" for end in (one.found.low, one.found.high))
    return " to ".join(ends).replace("-", "\N{MINUS SIGN}")


def columns(rows: Sequence[Beside]) -> tuple[Column, ...]:
    """The columns of `cells`."""
    values = rows[0].values if rows else "share"
    digits = 1 if values == "share" else 3
    return (
        Column("simulated", "Simulated", values, digits),
        Column("low", "95% interval from", values, digits),
        Column("high", "to", values, digits),
        Column("n", "n", "count"),
        Column("printed", "Printed", values, printed_digits(rows)),
        Column("agrees", "In this wave"),
    )


def printed_digits(rows: Iterable[Beside]) -> int:
    """Decimals of printed values as the print has them; of percentages two fewer.

    Examples
    --------
    >>> printed_digits([Beside("a", None, "share", "0.80")])
    0
    >>> printed_digits([Beside("a", None, "number", "0.314"), Beside("b", None, "number", "1.2")])
    3
    """
    found = [
        max(len(one.said.partition(".")[2]) - (2 if one.values == "share" else 0), 0)
        for one in rows
        if one.printed is not None
    ]
    return max(found, default=0)


def says(one: Beside) -> str:
    """The printed value as a reader sees it.

    Examples
    --------
    >>> says(Beside("a", None, "share", "0.80")), says(Beside("a", None, "number", "3.60"))
    ('80\\xa0%', '3.60')
    """
    if one.printed is None:
        return one.printed_sign.replace("-", "\N{MINUS SIGN}")
    if one.values == "share":
        return f"{100 * one.printed:.{printed_digits([one])}f}\N{NO-BREAK SPACE}%"
    return one.said.replace("-", "\N{MINUS SIGN}")


def drawn(one: Beside) -> PrintedRow:
    """A row of a figure."""
    value, low, high = math.nan, math.nan, math.nan
    if one.known and one.found is not None:
        value, low, high = one.found.value, one.found.low, one.found.high
    return PrintedRow(
        one.label, value, low, high, one.n, one.printed, one.between, says(one), one.heading
    )


def shown(rows: Sequence[Beside], below: int) -> tuple[tuple[PrintedRow, ...], tuple[str, ...]]:
    """The rows of a figure, and a note that names those that are left out."""
    gone = [one.label for one in rows if one.hidden(below) or not one.known]
    kept = tuple(drawn(one) for one in rows if one.known and not one.hidden(below))
    if not gone:
        return kept, ()
    return kept, (f"Left out, on fewer than {below} respondents: {', '.join(gone)}",)


def with_headings(rows: Sequence[tuple[str, Row]]) -> tuple[Row, ...]:
    """Rows with their headings before them, each named once."""
    found, heading = [], ""
    for name, row in rows:
        if name and name != heading:
            found.append(Row((name,), "heading"))
        heading = name
        found.append(row)
    return tuple(found)


def printed_ns(rows: Iterable[Beside]) -> tuple[str, ...]:
    """A note on how many respondents the printed values rest on."""
    found = sorted({int(one.n_printed) for one in rows if re.fullmatch(r"\d+", one.n_printed)})
    if not found:
        return ()
    said = f"{found[0]:,}" + (f" to {found[-1]:,}" if len(found) > 1 else "")
    return (f"Printed values rest on n = {said}",)
