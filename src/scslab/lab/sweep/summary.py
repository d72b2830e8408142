"""What the report of a sweep is told: outcomes, what they answer to, and where they are worst."""

from __future__ import annotations

import numpy as np

from scslab.core.calendar import month_text
from scslab.core.ledger import version
from scslab.core.sweep import (
    Factor,
    FactorLine,
    Index,
    OutcomePart,
    Scatter,
    SweepReport,
    shown,
)
from scslab.lab.sweep.indices import ranked
from scslab.lab.sweep.outcomes import Outcome
from scslab.lab.sweep.samplers import values_of
from scslab.lab.sweep.sweep import Sweep
from scslab.lab.sweep.tables import over_cases

SCATTERS = 6  # factors that are drawn for each outcome, the strongest
MOVES = {
    "set": "all rows are set to it",
    "times": "all rows are multiplied by it",
    "between": "rows with a range move within it",
}


def sweep_report(sweep: Sweep) -> SweepReport:
    """All that the report of a sweep says."""
    plan, spec, study = sweep.plan, sweep.plan.sweep.spec, sweep.plan.file.study
    table = over_cases(plan, sweep.values)
    months = plan.file.months
    period = f"{len(months)} ({month_text(months[0])} to {month_text(months[-1])})"
    return SweepReport(
        id=spec.id,
        title=f"Sweep of {study.title}",
        study=study.id,
        about=spec.about or study.about,
        cannot_tell=study.cannot_tell,
        version=version(),
        fingerprint=sweep.mark,
        method=plan.design.method,
        cases=plan.design.cases,
        replications=len(plan.seeds),
        seed=plan.seeds[0],
        persons=plan.persons,
        months=period,
        factors=tuple(map(line_of, plan.design.factors)),
        outcomes=tuple(part_of(sweep, o, table[:, i]) for i, o in enumerate(plan.outcomes)),
        left_out=plan.left_out,
    )


def line_of(factor: Factor) -> FactorLine:
    """A factor in words."""
    if factor.levels is not None:
        span = ", ".join(map(shown, factor.levels[:12]))
        span += " ..." if len(factor.levels) > 12 else ""
    else:
        span = f"{factor.low:g} to {factor.high:g}{', whole' if factor.whole else ''}"
    dated = factor.unit != ""
    moves = MOVES[factor.moves] if dated else "set to it"
    return FactorLine(factor.name, factor.path, factor.unit, span, shown(factor.base), moves)


def part_of(sweep: Sweep, outcome: Outcome, values: np.ndarray) -> OutcomePart:
    """One outcome: its spread over cases, its indices in order of rank, its boxes."""
    rows, boxes, notes = sweep.found[outcome.text]
    known = values[np.isfinite(values)]
    ends = np.quantile(known, [0.05, 0.95]) if len(known) else (np.nan, np.nan)
    best = ranked(rows)
    place = {row.factor: rank for rank, row in best}
    return OutcomePart(
        name=outcome.text,
        says=outcome.says,
        unit=outcome.unit,
        better=outcome.better,
        mean=float(known.mean()) if len(known) else np.nan,
        low=float(ends[0]),
        high=float(ends[1]),
        cases=len(values),
        missing=len(values) - len(known),
        scatters=scatters(sweep, values, [row for _, row in best]),
        indices=tuple(sorted(rows, key=lambda row: place.get(row.factor, len(place) + 1))),
        boxes=tuple(boxes),
        notes=tuple(notes),
    )


def scatters(sweep: Sweep, values: np.ndarray, best: list[Index]) -> tuple[Scatter, ...]:
    """The outcome over its strongest factors; over the first ones where there is no ranking."""
    design = sweep.plan.design
    names = [f.name for f in design.factors]
    order = [names.index(row.factor) for row in best if row.factor in names]
    order = (order or list(range(len(names))))[:SCATTERS]
    rows = [values_of(design, i) for i in range(design.cases)]
    found = []
    for j in order:
        factor = design.factors[j]
        points = [
            (row[j], float(y))
            for row, y in zip(rows, values, strict=True)
            if row[j] is not None and np.isfinite(y)
        ]
        words = factor.levels is not None and any(
            isinstance(v, bool) or not isinstance(v, int | float) for v in factor.levels
        )
        xs = tuple(shown(x) if words else float(x) for x, _ in points)
        levels = tuple(map(shown, factor.levels or ())) if words else ()
        found.append(Scatter(factor.name, factor.unit, xs, tuple(y for _, y in points), levels))
    return tuple(found)
