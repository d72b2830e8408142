"""The sections of a comparison that show figures: differences, groups, ranks, frontier, luck."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from scslab.core.trial import DifferenceLine, QuantityLine, TrialSummary
from scslab.report import charts_compare, compare_tables, parts, words
from scslab.report.charts_compare import Dot, Panel
from scslab.report.compare_tables import KINDS, change, relative, side_by_side, unit
from scslab.report.parts import Block

PANELS = 7  # quantities in one figure
NOTABLE = 0.02  # a smaller relative difference is left to the tables
TOO_FAR = 3.0  # a relative difference beyond it would squeeze the others


def differences(trial: TrialSummary, lines: Mapping[str, QuantityLine]) -> Iterator[Block]:
    """The figure of main differences, and a table for each kind of quantity."""
    first, *others = (arm.label for arm in trial.arms)
    panels = []
    for name in trial.main:
        rows = [r for r in trial.differences if r.quantity == name and small(r)]
        if any(abs(r.difference) >= NOTABLE * r.first for r in rows):
            panels.append(Panel(lines[name].says, tuple(share_dot(row) for row in rows)))
    if panels:
        yield parts.figure(
            partial(
                charts_compare.dots,
                panels[:PANELS],
                f"difference to {first}, percent of its mean",
                True,
            ),
            title=f"Differences to {first}, relative",
            unit=f"percent of the mean under {first}",
            n=words.plural(len(trial.seeds), "seed"),
            note="Lines: 95% interval of the mean paired difference over seeds. Full dots: zero "
            "lies outside it. Open dots: inside. What hardly moves is in the tables only.",
        )
    for kind in KINDS:
        for arms in side_by_side(others):
            table = compare_tables.differences(kind, trial.differences, lines, [first, *arms])
            if table.rows:
                yield parts.table(table)


def small(row: DifferenceLine) -> bool:
    """Whether a relative difference can be drawn beside others."""
    return row.first > 0 and abs(row.difference) <= TOO_FAR * row.first


def share_dot(row: DifferenceLine) -> Dot:
    """A difference relative to the first side."""
    low, mid, high = (value / row.first for value in (row.low, row.difference, row.high))
    return Dot(row.arm, mid, low, high, relative(row))


def dot(row: DifferenceLine, line: QuantityLine) -> Dot:
    """A difference in its unit."""
    return Dot(row.arm, row.difference, row.low, row.high, change(row, line))


def by_group(trial: TrialSummary, line: QuantityLine) -> Iterator[Block]:
    """Differences of the ranked quantity for each group."""
    rows = [row for row in trial.by_group if math.isfinite(row.difference)]
    if not rows:
        return
    yield parts.text(
        f"{line.says}: the difference to {trial.arms[0].label} for each group, all systems "
        "together, relative to what the group has on file under it. Each figure has a scale of "
        "its own."
    )
    for by in dict.fromkeys(row.by for row in rows):
        own = [row for row in rows if row.by == by]
        panels = [
            Panel(group, tuple(dot(row, line) for row in own if row.group == group))
            for group in dict.fromkeys(row.group for row in own)
        ]
        table = compare_tables.split(f"Differences by {shown_by(by)}", own, line)
        yield drawn(panels, line, trial, shown_by(by), table)


def shown_by(by: str) -> str:
    """Attributes in words.

    Examples
    --------
    >>> shown_by("political_capital"), shown_by("residence+sex")
    ('political capital', 'residence and sex')
    """
    return words.listed(by.replace("_", " ").split("+"))


def by_regime(trial: TrialSummary, line: QuantityLine) -> Iterator[Block]:
    """Differences of the ranked quantity for each system, where there are several."""
    called = dict(trial.regimes)
    rows = [row for row in trial.by_regime if math.isfinite(row.difference)]
    rows = [row for row in rows if any(r.difference for r in rows if r.regime == row.regime)]
    if len(trial.regimes) < 2 or not rows:
        return
    yield parts.text(f"{line.says}: systems in which some safeguard changes it.")
    yield parts.table(compare_tables.split("Differences by system", rows, line, called))


def drawn(
    panels: Sequence[Panel],
    line: QuantityLine,
    trial: TrialSummary,
    by: str,
    table: parts.Table,
) -> Block:
    """A figure of differences in the unit of their quantity."""
    if line.unit == "share":
        label = f"difference to {trial.arms[0].label}, percentage points"
    else:
        label = f"difference to {trial.arms[0].label}, {unit(line)}"
    return parts.figure(
        partial(charts_compare.dots, panels, label, line.unit == "share"),
        title=f"{line.says}: difference by {by}",
        unit=unit(line, difference=True),
        n=words.plural(len(trial.seeds), "seed"),
        note="Lines: 95% interval of the mean paired difference. Open dots: zero lies inside.",
        table=table,
    )


def ranking(trial: TrialSummary, line: QuantityLine) -> Iterator[Block]:
    """Ranks of the safeguards with their uncertainty."""
    rows = trial.ranking
    if not rows or not all(math.isfinite(row.place) for row in rows):
        return
    yield parts.text(
        f"By {line.says[:1].lower()}{line.says[1:]} alone, {line.better} being better. Seeds were "
        "drawn again and again with replacement, the same for all safeguards; the figure shows in "
        "what share of these replicates each safeguard had which rank."
    )
    yield parts.figure(
        partial(charts_compare.ranking, rows),
        title=f"Rank by {line.name.replace('_', ' ')}",
        unit="share of replicates",
        n=words.plural(len(trial.seeds), "seed"),
        note="The ranking knows the luck of the simulation only, not what the assumptions may be "
        "wrong by.",
        table=compare_tables.ranking(rows, line),
    )


def frontier(trial: TrialSummary, lines: Mapping[str, QuantityLine]) -> Iterator[Block]:
    """Harm against compliance."""
    rows = [r for r in trial.frontier if math.isfinite(r.x) and math.isfinite(r.y)]
    if len(rows) < 2:
        return
    x, y = (lines[name] for name in trial.axes)
    yield parts.text(
        "Does protection cost compliance? A safeguard is on the frontier if no other one is at "
        f"least as good in both and better in one: {x.better} of the harm, {y.better} of the "
        "compliance. In brackets: the share of replicates in which it is there."
    )
    yield parts.figure(
        partial(
            charts_compare.frontier,
            rows,
            (f"{x.says}, {unit(x)}", f"{y.says}, {unit(y)}"),
            (x.unit == "share", y.unit == "share"),
        ),
        title=f"{x.says} against: {y.says[:1].lower()}{y.says[1:]}",
        unit=f"{unit(x)} across, {unit(y)} upwards",
        n=words.plural(len(trial.seeds), "seed"),
        note="Means over seeds. Full dots, joined: on the frontier. Open diamonds: beaten.",
        table=compare_tables.frontier(rows, x, y),
    )


def luck(trial: TrialSummary, lines: Mapping[str, QuantityLine]) -> Iterator[Block]:
    """Why so few seeds are enough."""
    first, *others = (arm.label for arm in trial.arms)
    yield parts.text(
        "Every draw has an address: seed, decision, month, person. Under another rule the same "
        "person asks the same question of the same luck, commits the same acts and is mistaken "
        "for the same other person, until the rule itself makes a difference. So a difference "
        "between two runs of one seed is what the rule did, and what both runs share cancels out."
    )
    values = [row.saves for row in trial.differences if row.quantity == trial.ranked]
    known = [v for v in values if v is not None and math.isfinite(v)]
    if known:
        low, high = (compare_tables.times(v) for v in (min(known), max(known)))
        span = low if low == high else f"{low} to {high}"
        says = lines[trial.ranked].says
        yield parts.text(
            f"For {says[:1].lower()}{says[1:]}, unpaired runs would need {span} times as many "
            "seeds for intervals of the same width. The wider a safeguard's effect, the less two "
            "runs have in common, and the less there is to save."
        )
    shown = {name: line for name, line in lines.items() if name in trial.main}
    for arms in side_by_side(others):
        yield parts.table(compare_tables.saved(trial.differences, shown, [first, *arms]))
