"""Tables of harm and fairness: rates with their intervals, by subject, system and group."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from scslab.core.harm import Contrast, ErrorRate, Group, HarmLine, ImpactRatio
from scslab.report import words
from scslab.report.parts import Table
from scslab.report.words import NONE, count, number, share

KINDS = {
    "harm": "Harm and cost",
    "error": "Errors",
    "benefit": "Benefits",
    "compliance": "Compliance",
}
HIDDEN = f"n < {words.SMALLEST_N}"


def rate(value: float, unit: str) -> str:
    """A rate in its unit: shares as percentages, others with as many decimals as their size asks.

    Examples
    --------
    >>> rate(0.125, "share"), rate(24.0, "months"), rate(2.0, "months"), rate(1234.5, "months")
    ('12.5%', '24.0', '2.00', '1,234')
    """
    if unit == "share":
        return share(value)
    if not math.isfinite(value):
        return NONE
    digits = 2 if abs(value) < 10 else 1 if abs(value) < 1000 else 0
    return f"{value:,.{digits}f}".replace("-", "\N{MINUS SIGN}")


def with_interval(line: HarmLine | ErrorRate) -> str:
    """A rate, and below it its interval; nothing where n is too small."""
    if not math.isfinite(line.rate):
        return NONE
    if not line.shown:
        return f"{NONE}\n{HIDDEN}"
    said = rate(line.rate, line.unit)
    return f"{said}\n{rate(line.low, line.unit)} to {rate(line.high, line.unit)}"


def between(low: float, high: float) -> str:
    """The interval of a ratio; none where a rate is 0."""
    return f"{low:.2f} to {high:.2f}" if math.isfinite(low + high) else NONE


def group_name(group: Group) -> str:
    """The categories of a group: "urban, high"."""
    return ", ".join(words.one_line(category) for _, category in group)


def attribute_name(group: Group) -> str:
    """The attributes of a group as a heading: "Residence and income"."""
    return words.title(words.listed(name for name, _ in group))


def whole(lines: Sequence[HarmLine]) -> Table:
    """Every quantity of all systems together, persons and organisations apart."""
    subjects = list(dict.fromkeys(line.group for line in lines))
    held = {(line.quantity, line.group): line for line in lines}
    head = ["Quantity"]
    for group in subjects:
        name = f"{words.title(group_name(group))}s: " if group else ""
        head += [words.title(f"{name}count") + "#", words.title(f"{name}rate") + "#"]
    body: list[tuple[str, ...]] = []
    for kind, heading in KINDS.items():
        found = dict.fromkeys(line.quantity for line in lines if line.kind == kind)
        body.append((heading,))
        for quantity in found:
            first = next(line for line in lines if line.quantity == quantity)
            cells = [f"{first.says}\n{first.unit}"]
            for group in subjects:
                line = held[quantity, group]
                cells += [f"{count(line.amount)}\nof {count(line.n)}", with_interval(line)]
            body.append(tuple(cells))
    note = (
        "Under a count: what it is divided by (person-years are years of subjects on file "
        "anywhere, each counted once). Under a rate: its interval at 95%, for the luck of this "
        "run: Wilson's for shares, Poisson's for counts; months, refusals and costs count by "
        "listing, since one listing brings many. Measures at once and costs count each measure."
    )
    return Table("All systems together, whole run", tuple(head), tuple(body), note)


def systems(lines: Sequence[HarmLine], names: Mapping[str, str]) -> Table:
    """The most telling quantities of each system."""
    return grid(
        [(names.get(line.regime, line.regime), line) for line in lines],
        "Each system, whole run",
        "System",
        "Person-years are those on file with the system; subjects are persons and organisations. "
        f"Under a rate: its interval at 95%. Rates with n below {words.SMALLEST_N} are not shown.",
    )


def groups(lines: Sequence[HarmLine]) -> Table:
    """Persons by group, all systems together."""
    table = grid(
        [(f"{attribute_name(line.group)}\n{group_name(line.group)}", line) for line in lines],
        "Persons by group, all systems together",
        "Group",
        f"Under a rate: its interval at 95%. Rates with n below {words.SMALLEST_N} are not shown.",
    )
    rows: list[tuple[str, ...]] = []
    heading = ""
    for row in table.rows:
        name, _, group = row[0].partition("\n")
        if name != heading:
            rows.append((name,))
            heading = name
        rows.append((group, *row[1:]))
    return Table(table.caption, table.head, tuple(rows), table.note)


def grid(lines: Sequence[tuple[str, HarmLine]], caption: str, first: str, note: str) -> Table:
    """Rows of names, a column for each quantity."""
    units = {line.quantity: line.unit for _, line in lines}
    head = [f"{words.title(name)}, {unit}#" for name, unit in units.items()]
    held = {(name, line.quantity): line for name, line in lines}
    body = tuple(
        (
            name,
            *(
                with_interval(line) if (line := held.get((name, quantity))) is not None else NONE
                for quantity in units
            ),
        )
        for name in dict.fromkeys(name for name, _ in lines)
    )
    return Table(caption, (first, *head), body, note)


def ratios(rows: Sequence[ImpactRatio]) -> Table:
    """Impact ratios of one table per figure: each quantity, each group."""
    head = ("Group", "n#", "Rate#", "Times the best#", "Impact ratio#", "95% interval#")
    body: list[tuple[str, ...]] = []
    heading = ""
    for row in rows:
        name = f"{row.says}, {row.unit}: {attribute_name(row.group).lower()}"
        if name != heading:
            body.append((name,))
            heading = name
        best = row.group == row.best
        body.append(
            (
                group_name(row.group) + (" (best)" if best else ""),
                count(row.n),
                rate(row.rate, row.unit) if row.n >= words.SMALLEST_N else HIDDEN,
                number(row.times) if row.shown else NONE,
                f"{row.ratio:.2f}" if row.shown else NONE,
                between(row.low, row.high) if row.shown and not best else NONE,
            )
        )
    note = (
        "Impact ratio: the group's rate over that of the best-treated group where more is better, "
        "the inverse where less is. Groups of which fewer than 5 events are expected have none."
    )
    return Table("Impact ratios", head, tuple(body), note)


def errors(rows: Sequence[ErrorRate]) -> Table:
    """Error rates by group, with gaps to the group that is wronged least."""
    head = ("Group", "Count#", "n#", "Rate#", "Gap to the least#")
    body: list[tuple[str, ...]] = []
    heading = ""
    for row in rows:
        name = f"{row.says}, {row.unit}: {attribute_name(row.group).lower()}"
        if name != heading:
            body.append((name,))
            heading = name
        least = row.group == row.least
        gap = (
            NONE
            if least or not row.shown or not math.isfinite(row.gap)
            else f"{rate(row.gap, row.unit)}\n{rate(row.gap_low, row.unit)} to "
            f"{rate(row.gap_high, row.unit)}"
        )
        label = group_name(row.group) + (" (least)" if least else "")
        body.append((label, count(row.amount), count(row.n), with_interval(row), gap))
    note = "Gaps have intervals from those of both rates (Zou and Donner 2008)."
    return Table("Error rates by group", head, tuple(body), note)


def contrasts(rows: Sequence[Contrast]) -> Table:
    """The answers to questions of fairness."""
    head = ("Quantity", "Group", "Rate#", "Beside", "Rate#", "Ratio#", "95% interval#")
    body: list[tuple[str, ...]] = []
    heading = ""
    for row in rows:
        if row.question != heading:
            body.append((row.question,))
            heading = row.question
        known = math.isfinite(row.ratio) and min(row.n, row.against_n) >= words.SMALLEST_N
        body.append(
            (
                f"{row.says}\n{row.unit}",
                f"{attribute_name(row.group)}: {group_name(row.group)}",
                rate(row.rate, row.unit),
                group_name(row.against),
                rate(row.against_rate, row.unit),
                f"{row.ratio:.2f}" if known else NONE,
                between(row.low, row.high) if known else NONE,
            )
        )
    return Table("Who is favoured, who escapes", head, tuple(body))
