"""Tables of a sweep: cases, tidy results, and one as BehaviorSpace of NetLogo writes it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from scslab.core.calendar import month_text
from scslab.core.ledger import version
from scslab.core.sweep import shown
from scslab.lab.sweep.plan import Plan
from scslab.lab.sweep.samplers import values_of

RUN, STEP = "[run number]", "[step]"
WHOLE = "all"  # months of the whole period


def case_frame(plan: Plan) -> pd.DataFrame:
    """The cases: a row each, with its number and the value of each factor.

    A value is missing where the study's own stands.
    """
    rows = [values_of(plan.design, i) for i in range(plan.design.cases)]
    columns: dict[str, Any] = {"case": np.arange(1, len(rows) + 1)}
    for j, factor in enumerate(plan.design.factors):
        column = [row[j] for row in rows]
        plain = factor.levels is None or all(
            isinstance(v, int | float) and not isinstance(v, bool) for v in factor.levels
        )
        if plain:
            columns[factor.name] = numbers(column, factor.whole)
        else:
            columns[factor.name] = pd.Series([None if v is None else shown(v) for v in column])
    return pd.DataFrame(columns)


def numbers(column: Sequence[Any], whole: bool) -> pd.Series:
    """A column of numbers, whole ones where none is missing."""
    found = pd.Series([np.nan if v is None else v for v in column])
    return found.astype("int64") if whole and found.notna().all() else found


def result_frame(plan: Plan, values: dict[int, np.ndarray]) -> pd.DataFrame:
    """Tidy results: a row for each case, replication, month and outcome.

    Parameters
    ----------
    values : dict
        Case -> f8[replications, steps, outcomes].

    Returns
    -------
    DataFrame
        run, case, replication, seed, month, outcome, value. The month is "all" where the whole
        period is measured.
    """
    cases = sorted(values)
    table = np.array([values[case] for case in cases])
    n, runs, steps, outcomes = table.shape
    months = [*(month_text(m) for m in plan.file.months), WHOLE][-steps:]
    size = runs * steps * outcomes
    number = np.array(cases)
    replication = np.tile(np.repeat(np.arange(runs), steps * outcomes), n)
    return pd.DataFrame(
        {
            "run": (np.repeat(number, size) - 1) * runs + replication + 1,
            "case": np.repeat(number, size),
            "replication": replication + 1,
            "seed": np.array(plan.seeds)[replication],
            "month": np.tile(np.repeat(np.array(months, object), outcomes), n * runs),
            "outcome": np.tile(np.array([o.text for o in plan.outcomes], object), n * runs * steps),
            "value": table.ravel(),
        }
    )


def over_cases(plan: Plan, values: dict[int, np.ndarray]) -> np.ndarray:
    """Each outcome of each case over the whole period, f8[cases, outcomes].

    The mean over the replications in which there is a value; NaN where there is none.
    """
    table = np.array([values[case][:, -1] for case in sorted(values)])
    known = np.isfinite(table)
    counts = known.sum(axis=1)
    sums = np.where(known, table, 0.0).sum(axis=1)
    return np.divide(sums, counts, where=counts > 0, out=np.full(sums.shape, np.nan))


def behaviorspace(plan: Plan, values: dict[int, np.ndarray], mark: str) -> str:
    """The table that BehaviorSpace users know: six lines of head, then a row per run and step.

    The head has the lines of BehaviorSpace (program, model, experiment, when, and the size of the
    world); where it has the time, this one has the fingerprint, so that the same sweep gives the
    same bytes. Runs are numbered from 1, replications of a case one after the other. `[step]`
    counts months from 1.
    """
    text = io.StringIO()
    write = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
    write([f"BehaviorSpace results (scslab {version()})", "Table version 2.0"])
    write([f"{plan.file.study.id} (synthetic)"])
    write([plan.sweep.spec.id])
    write([f"fingerprint {mark}"])
    world = {"persons": plan.persons, "months": len(plan.file.months)}
    world |= {"first-seed": plan.seeds[0], "replications": len(plan.seeds)}
    write(list(world))
    write(list(world.values()))
    factors = [factor.name for factor in plan.design.factors]
    write([RUN, *factors, STEP, *(outcome.text for outcome in plan.outcomes)])
    last = len(plan.file.months)
    for case in sorted(values):
        settings = list(map(shown, values_of(plan.design, case - 1)))
        for r, run in enumerate(values[case]):
            number = (case - 1) * len(plan.seeds) + r + 1
            steps = enumerate(run[:-1], 1) if plan.every else [(last, run[-1])]
            for step, found in steps:
                write([number, *settings, step, *map(cell, found.tolist())])
    return text.getvalue()


def cell(value: float) -> str:
    """A number as it is read back to the last bit; nothing where there is none.

    Examples
    --------
    >>> cell(3.0), cell(0.1), cell(float("nan"))
    ('3', '0.1', '')
    """
    if np.isnan(value):
        return ""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
