"""Human review: somebody looks at a record before it counts."""

from __future__ import annotations

import numpy as np

from scslab.core.compiled import inlined, kernel
from scslab.core.draws import decision, unit_for
from scslab.core.tables import (
    MISSED,
    SCREENED,
    SCREENED_WRONGED,
    TRUE,
    Books,
    People,
    Record,
    Rules,
    State,
)
from scslab.regimes.month_scores import is_member
from scslab.world.remedies.ways import RIGHTFUL, WRONGED, Ways

STOPPED = decision("remedy human review")


@inlined
def is_taken_up(row: Record, kind: int, member: bool, rules: Rules) -> bool:
    """Whether the rules look at a record: about a member, or for a list that is open to others."""
    if member or not rules.covered[row.regime, kind]:
        return member
    grounds = rules.grounds[row.regime, row.conduct] & ~rules.closed[row.regime]
    grounds &= rules.open_lists[row.regime]
    return (grounds | rules.ends_on[row.regime, row.conduct]) != 0


@kernel
def screen(
    deliveries: np.ndarray,
    acts: int,
    breach: np.ndarray,
    people: People,
    rules: Rules,
    state: State,
    ways: Ways,
    books: Books,
) -> int:
    """Stop some records, more of the false than of the true where review works.

    Parameters
    ----------
    deliveries : DELIVERY[n]
        What arrives this month; those that go on are moved to the front.
    acts : int
        How many conducts are acts: listings elsewhere are not reviewed.
    breach : bool[acts]

    Returns
    -------
    int
        How many go on.
    """
    kept = 0
    for i in range(len(deliveries)):
        row = deliveries[i]
        side = WRONGED if row.truth != TRUE else RIGHTFUL
        share = ways.stops[row.regime, side]
        if share > 0.0 and row.conduct < acts and unit_for(row.luck, STOPPED) < share:
            kind = people.kind[row.cell]
            member = is_member(row.regime, row.subject, kind, rules, state)
            if not is_taken_up(row, kind, member, rules):
                continue
            flows = books.flows[row.regime, people.group[row.cell]]
            flows[SCREENED] += 1
            if side == WRONGED:
                flows[SCREENED_WRONGED] += 1
            elif breach[row.conduct] and member:
                flows[MISSED] += 1
            continue
        if kept != i:
            deliveries[kept] = deliveries[i]
        kept += 1
    return kept
