"""Records under way: what is due comes out, the rest waits in its order."""

import numpy as np
import pytest

from scslab.core.tables import DELIVERY
from scslab.world.records.agencies import take_due
from small import (
    BREACH,
    agency,
    in_first_month,
    months,
    one_score,
    run,
    step_through,
    study,
    totals,
    write_regime,
)


def under_way(due: list[int]) -> np.ndarray:
    rows = np.zeros(len(due), DELIVERY)
    rows["due"], rows["luck"] = due, np.arange(len(due))
    return rows


@pytest.mark.parametrize("due", [[], [1], [9], [3, 9, 2, 5, 9, 1, 5, 6], [5] * 4, [6] * 4])
def test_what_is_due_comes_out_in_order(due):
    waiting, out = under_way(due), np.empty(len(due), DELIVERY)
    moved = take_due(waiting, 5, out)
    assert out["luck"][:moved].tolist() == [i for i, d in enumerate(due) if d <= 5]
    kept = waiting[: len(due) - moved]
    assert kept["luck"].tolist() == [i for i, d in enumerate(due) if d > 5]


@pytest.mark.parametrize("delay", [0, 1, 5])
def test_a_delay_moves_every_record_by_as_many_months(tmp_path, delay):
    write_regime(tmp_path, "points", score=one_score(1000, breach=-5))
    use = {"use": "points", "receives": {"delay": months(delay)}}
    conduct = {BREACH: {"rate": in_first_month(0.3)}}
    found = run(study(tmp_path, conduct=conduct, regimes=[use]))
    records = totals(found, "records")
    assert records[delay] == records.sum() == totals(found, "acts")[0]


def test_no_record_is_lost_on_its_way(tmp_path):
    write_regime(tmp_path, "points", score=one_score(1000, breach=-5))
    file = study(tmp_path, length=30, agencies=agency(lag=months(4)), regimes=["points"])
    acts = records = 0
    for _, month, _, (shard,) in step_through(file):
        acts += len(shard.acts)
        records += len(shard.deliveries)
        assert acts == records + len(shard.waiting)
        assert (shard.waiting["due"] > month.index).all()
        assert (shard.deliveries["due"] == month.index).all()
    assert len(shard.waiting) > 0
