"""Tables of a comparison, and how its figures are written."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from scslab.core.trial import (
    DifferenceLine,
    FrontierLine,
    QuantityLine,
    RankLine,
    SafeguardLine,
)
from scslab.report import words
from scslab.report.charts_compare import percent
from scslab.report.parts import Table
from scslab.report.words import NONE

DIGITS = ((0, 100), (1, 10), (2, 0.1), (3, 0.01))  # decimals from a size on
MINUS = "\N{MINUS SIGN}"
MOST = 3  # arms side by side in a table
KINDS = {
    "harm": "Harm",
    "error": "Errors of recording and review",
    "benefit": "Benefits",
    "compliance": "Compliance",
}


def is_share(line: QuantityLine) -> bool:
    """Whether a figure is written in percent."""
    return line.unit == "share"


def shown(value: float, line: QuantityLine, size: float | None = None) -> str:
    """A figure in its unit, to two or three places of a size, by default its own.

    Examples
    --------
    >>> months = QuantityLine("m", "Months", "harm", "months", "less", "amount")
    >>> shown(1234.5, months), shown(12.3, months), shown(0.5, months, 40.0)
    ('1,234', '12.3', '0.5')
    """
    if not math.isfinite(value):
        return NONE
    times = 100 if is_share(line) else 1
    large = times * abs(value if size is None else size)
    digits = 0 if large == 0 else next((d for d, least in DIGITS if large >= least), 4)
    said = f"{times * value:,.{digits}f}".replace("-", MINUS)
    return f"{said}%" if is_share(line) and size is None else said


def signed(value: float, line: QuantityLine, size: float | None = None) -> str:
    """A difference with its sign; of shares in percentage points.

    Examples
    --------
    >>> months = QuantityLine("m", "Months", "harm", "months", "less", "amount")
    >>> signed(-1234.5, months), signed(0.0, months), signed(2.25, months)
    ('\N{MINUS SIGN}1,234', '0', '+2.25')
    """
    if value == 0:
        return "0"
    said = shown(value, line, abs(value) if size is None else size)
    return said if said.startswith(MINUS) or said == NONE else f"+{said}"


def unit(line: QuantityLine, difference: bool = False) -> str:
    """The unit in words; shares differ by percentage points."""
    if is_share(line):
        return "percentage points" if difference else "percent"
    if line.unit == "count":
        return "simulated cases"
    return f"simulated {line.unit}" if line.of == "amount" else line.unit


def between(row: DifferenceLine, line: QuantityLine) -> str:
    """The interval of a difference."""
    if row.low == row.high == 0:
        return "exactly"
    if not math.isfinite(row.low + row.high):
        return ""  # a side has no value in some seed
    return f"{signed(row.low, line, widest(row))} to {signed(row.high, line, widest(row))}"


def change(row: DifferenceLine, line: QuantityLine) -> str:
    """A difference, written as finely as its interval."""
    return signed(row.difference, line, widest(row))


def widest(row: DifferenceLine) -> float:
    """The size that decides the decimals of a difference and its interval."""
    return max(abs(row.difference), abs(row.low), abs(row.high))


def side_by_side(others: Sequence[str]) -> list[list[str]]:
    """The sides cut into tables of about the same width.

    Examples
    --------
    >>> side_by_side(["a", "b", "c", "d", "e"]), side_by_side(["a"])
    ([['a', 'b', 'c'], ['d', 'e']], [['a']])
    """
    tables = -(-len(others) // MOST)
    each = -(-len(others) // max(tables, 1))
    return [list(others[i * each : (i + 1) * each]) for i in range(tables)]


def differences(
    kind: str,
    rows: Sequence[DifferenceLine],
    lines: Mapping[str, QuantityLine],
    arms: Sequence[str],
) -> Table:
    """The first safeguard's mean of each quantity of a kind, and the differences of the others."""
    found = {(row.quantity, row.arm): row for row in rows}
    others = list(arms[1:])
    body = []
    for name, line in lines.items():
        own = [found[name, arm] for arm in others if (name, arm) in found]
        if line.kind != kind or not own:
            continue
        cells = [f"{change(row, line)}\n{between(row, line)}" for row in own]
        says = f"{line.says}\n{unit(line)}; {name}"
        body.append((says, shown(own[0].first, line), *cells))
    head = ("Quantity", f"{arms[0]}#", *(f"{arm}#" for arm in others))
    note = (
        f"First column of figures: mean under {arms[0]}. Others: mean paired difference to it and "
        "its 95% interval over seeds; of percentages in percentage points."
    )
    return Table(f"{KINDS[kind]}, and what each safeguard changes", head, tuple(body), note)


def split(
    title: str,
    rows: Sequence[DifferenceLine],
    line: QuantityLine,
    called: Mapping[str, str] | None = None,
) -> Table:
    """Differences of one quantity by group or regime."""
    body: list[tuple[str, ...]] = []
    before = ""
    for row in rows:
        name = (
            called.get(row.regime, row.regime) if called else words.title(f"{row.by}: {row.group}")
        )
        if name != before:
            body.append((name,))
            before = name
        body.append(
            (
                row.arm,
                shown(row.first, line),
                shown(row.mean, line),
                f"{change(row, line)}\n{between(row, line)}",
                relative(row),
            )
        )
    first = "Under the first#"
    head = ("Safeguard", first, "Under this one#", "Difference#", "Relative#")
    note = f"Unit: {unit(line)}. Relative: difference divided by the mean under the first."
    return Table(title, head, tuple(body), note)


def group_name(row: DifferenceLine) -> str:
    """A group with what it is a group of."""
    return words.title(f"{row.by}: {row.group}")


def relative(row: DifferenceLine) -> str:
    """A difference in percent of the first side's mean."""
    if not (math.isfinite(row.difference) and row.first):
        return NONE
    said = words.points(row.difference / row.first)
    return NONE if said == NONE else f"{said}%"


def ranking(rows: Sequence[RankLine], line: QuantityLine) -> Table:
    """Safeguards by one quantity, best first."""
    body = tuple(
        (
            row.arm,
            shown(row.mean, line),
            words.number(row.place, 1),
            f"{words.number(row.low, 1)} to {words.number(row.high, 1)}",
            percent(row.best),
        )
        for row in rows
    )
    head = ("Safeguard", f"{words.title(line.name)}#", "Rank#", "95% interval#", "First in#")
    note = (
        "Rank 1 is best; equals share the middle of their ranks. First in: share of replicates, "
        f"equals sharing it. Unit: {unit(line)}."
    )
    return Table("Safeguards by one quantity, best first", head, body, note)


def frontier(rows: Sequence[FrontierLine], x: QuantityLine, y: QuantityLine) -> Table:
    """Harm and compliance of each safeguard."""
    body = tuple(
        (
            row.arm,
            shown(row.x, x),
            shown(row.y, y),
            "yes" if row.on else "no",
            percent(row.share) if math.isfinite(row.share) else NONE,
        )
        for row in rows
    )
    head = (
        "Safeguard",
        f"{words.title(x.name)}#",
        f"{words.title(y.name)}#",
        "On the frontier",
        "Share of replicates#",
    )
    return Table("Harm against compliance", head, body, f"Units: {unit(x)}; {unit(y)}.")


def saved(
    rows: Sequence[DifferenceLine], lines: Mapping[str, QuantityLine], arms: Sequence[str]
) -> Table:
    """How many times fewer seeds the same interval needs, by quantity and safeguard."""
    found = {(row.quantity, row.arm): row.saves for row in rows}
    body = tuple(
        (line.says, *(times(found.get((name, arm))) for arm in arms[1:]))
        for name, line in lines.items()
        if any((name, arm) in found for arm in arms[1:])
    )
    head = ("Quantity", *(f"{arm}#" for arm in arms[1:]))
    note = (
        "Times as many seeds that unpaired runs would need for an interval of the same width. "
        "\N{INFINITY}: no seed differs from another, so pairing leaves nothing to estimate."
    )
    return Table("What the same luck saves", head, body, note)


def times(value: float | None) -> str:
    """A factor.

    Examples
    --------
    >>> times(12.34), times(None), times(math.inf), times(1234.0)
    ('12', '\N{EN DASH}', '\N{INFINITY}', '1,234')
    """
    if value is None or math.isnan(value):
        return NONE
    if math.isinf(value):
        return "\N{INFINITY}"
    return words.number(value, 1 if value < 10 else 0)


def changed(safeguard: SafeguardLine, called: Mapping[str, str]) -> Table:
    """The rows that a safeguard changes, regime by regime."""
    body: list[tuple[str, ...]] = []
    before = ""
    kinds = {source.key: source.kind for source in safeguard.sources}
    for row in safeguard.rows:
        if row.regime != before:
            body.append((called.get(row.regime, row.regime),))
            before = row.regime
        rests_on = f"{row.source}\n{kinds.get(row.key, '')}"
        body.append((row.path, row.before or NONE, row.after, rests_on))
    head = ("Row", "Before", "After", "Rests on")
    return Table(f"Rows that {safeguard.id} changes", head, tuple(body), synthetic=False)
