"""Every system of the library runs on a society, and its effects are seen."""

import numpy as np
import pytest

from catalogue import closure, lists_in_reach, study_of
from scslab.core.tables import GAINED, LISTED, LOST, RECORDS
from scslab.regimes.load import library, read_regime
from small import step_through

RATING = [
    name
    for name in sorted(library())
    if read_regime(library()[name]).platform is None
    and read_regime(library()[name]).identity is None
]


@pytest.mark.parametrize("name", RATING)
def test_a_system_runs_and_does_something(name):
    regime = closure(name)[0]
    file = study_of(name)
    seen = np.uint8(0)
    moved, records, grades = 0, 0, set()
    for world, _, state, parts in step_through(file):
        at = [r.id for r in world.regimes].index(name)
        row = world.rows["listed"][at]
        if row >= 0:
            seen |= np.bitwise_or.reduce(state.listed[row])
            listed = sum(int(p.books.stocks[at, :, LISTED].sum()) for p in parts)
            assert listed >= 0
        for part in parts:
            records += int(part.books.flows[at, :, RECORDS].sum())
            moved += int(part.books.flows[at][:, [GAINED, LOST]].sum())
            grades.add(tuple(part.books.grades[at].sum(axis=0)))
    assert records > 0
    if regime.score is not None or (regime.grades is not None and regime.grades.ladder):
        assert moved > 0
    if regime.grades is not None:
        assert len(grades) > 1
    present = {r.id for r in world.regimes}
    wanted = lists_in_reach(regime, present, world.months[-6])
    bits = {list_ for j, list_ in enumerate(regime.lists) if seen >> j & 1}
    assert wanted <= bits
