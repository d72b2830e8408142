"""The review desk: who is heard when, what is decided, and what a supervisor makes of it.

There are two kinds of desk. One of a `capacity` takes so many decisions a month in each district.
One of clerks serves all subjects of a regime in the order of filing, each case as long as it
takes: with exponential times it is the queue M/M/c (Erlang 1917), and waiting is counted in
working days.
"""

from __future__ import annotations

import numpy as np

from scslab.core.compiled import inlined, kernel
from scslab.core.draws import decision, exponential, unit_for
from scslab.core.tables import (
    COMPLAINED,
    COMPLAINTS,
    CORRECTED,
    CORRECTED_COUNT,
    CORRECTED_WRONGED,
    DAYS,
    DAYS_WAITED,
    DECIDED,
    FILED,
    LATE,
    MONTHS_WAITED,
    REJECTED,
    REJECTED_COUNT,
    REJECTED_WRONGED,
    TRUE,
    UPHELD,
    UPHELD_WRONGED,
    WAITING,
    Books,
    People,
    Record,
    Rules,
)
from scslab.world.remedies.ways import RIGHTFUL, WRONGED, Ways, word_of

REVIEW, CASE, COMPLAINS, SUPERVISOR = (
    decision(f"remedy {w}") for w in ("review", "case", "complains", "supervisor")
)


def queue(entries: np.ndarray) -> np.ndarray:
    """The objections that wait, the oldest first; those of one month in an order drawn by lot.

    Returns
    -------
    i8[n]
        Places in `entries`.
    """
    waiting = np.flatnonzero(entries["state"] == FILED)
    rows = entries[waiting]
    return waiting[np.lexsort((rows["luck"], rows["filed"]))]


@inlined
def decide(
    row: Record,
    month: int,
    waited: int,
    days: float,
    late: bool,
    people: People,
    ways: Ways,
    books: Books,
) -> None:
    """Decide one objection, with the desk's errors; who is rejected may complain."""
    regime, group = row.regime, people.group[row.cell]
    wronged = row.truth != TRUE
    side = WRONGED if wronged else RIGHTFUL
    corrected = unit_for(word_of(row), REVIEW) < ways.upholds[regime, side]
    row.state = CORRECTED if corrected else REJECTED
    books.stocks[regime, group, WAITING] -= 1
    flows = books.flows[regime, group]
    flows[DECIDED] += 1
    flows[MONTHS_WAITED] += waited
    flows[DAYS_WAITED] += int(days + 0.5)
    if late:
        flows[LATE] += 1
    flows[CORRECTED_COUNT if corrected else REJECTED_COUNT] += 1
    if wronged:
        flows[CORRECTED_WRONGED if corrected else REJECTED_WRONGED] += 1
    complains = ways.complains[regime, side]
    if not corrected and complains > 0.0 and unit_for(word_of(row), COMPLAINS) < complains:
        row.state = COMPLAINED
        row.filed = month
        flows[COMPLAINTS] += 1


@kernel
def review(
    entries: np.ndarray,
    waiting: np.ndarray,
    month: int,
    first: int,
    capacity: np.ndarray,
    people: People,
    rules: Rules,
    ways: Ways,
    books: Books,
) -> None:
    """Decide what the desks get through in the month.

    Parameters
    ----------
    waiting : i8[n]
        Places of the objections, in order (`queue`).
    first : int
        The first district of the shard.
    capacity : i8[regimes, districts of the shard]
        Decisions left to each desk without clerks this month; counted down.
    """
    for i in range(len(waiting)):
        row = entries[waiting[i]]
        regime = row.regime
        waited = month - row.filed
        if ways.staffed[regime]:
            if row.due < 0.0 or row.due >= DAYS * (month + 1):
                continue
            days = row.due - row.filed_at
            late = days > ways.deadline[regime]
            decide(row, month, waited, days, late, people, ways, books)
            continue
        desk = people.district[row.cell] - first
        if capacity[regime, desk] == 0:
            continue
        capacity[regime, desk] -= 1
        late = waited > rules.deadline[regime]
        decide(row, month, waited, DAYS * waited, late, people, ways, books)


@kernel
def supervise(entries: np.ndarray, month: int, people: People, ways: Ways, books: Books) -> None:
    """Decide the complaints to the supervisor that are due."""
    for i in range(len(entries)):
        row = entries[i]
        if row.state != COMPLAINED or month - row.filed < ways.complaint_takes[row.regime]:
            continue
        side = WRONGED if row.truth != TRUE else RIGHTFUL
        if unit_for(word_of(row), SUPERVISOR) >= ways.sustains[row.regime, side]:
            row.state = REJECTED
            continue
        row.state = CORRECTED
        flows = books.flows[row.regime, people.group[row.cell]]
        flows[UPHELD] += 1
        if side == WRONGED:
            flows[UPHELD_WRONGED] += 1


@kernel
def case_times(cases: np.ndarray, mean: float, out: np.ndarray) -> None:
    """Working days that each case takes a clerk: exponential, drawn from the entry's luck."""
    for i in range(len(cases)):
        out[i] = mean * exponential(unit_for(word_of(cases[i]), CASE))


@kernel
def serve(
    filed: np.ndarray, takes: np.ndarray, free: np.ndarray, end: float, due: np.ndarray
) -> int:
    """Give cases to clerks, first come, first served.

    Parameters
    ----------
    filed : f8[n]
        Working day on which each case came in, in order.
    takes : f8[n]
        Working days that it takes.
    free : f8[clerks]
        When each clerk is free; moved on.
    end : float
        Cases that would begin on this day or later wait.
    due : f8[n]
        When each case is decided; filled for those that begin.

    Returns
    -------
    int
        How many cases begin.

    Examples
    --------
    >>> due = np.zeros(3)
    >>> serve(np.array([0.0, 1.0, 2.0]), np.array([5.0, 5.0, 5.0]), np.array([0.0]), 8.0, due)
    2
    >>> due.tolist()
    [5.0, 10.0, 0.0]
    """
    for i in range(len(filed)):
        clerk = np.argmin(free)
        begins = max(filed[i], free[clerk])
        if begins >= end:
            return i
        due[i] = begins + takes[i]
        free[clerk] = due[i]
    return len(filed)
