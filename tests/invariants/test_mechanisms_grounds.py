"""Grounds: several acts, grades, exemptions; praise."""

import pytest

from dossiers import checked, gather, same_lists, verdict_on
from mechanisms import FINE, a_list, busy, ground, times
from scslab.core.tables import COUNTED
from small import (
    BREACH,
    GOOD,
    OTHER,
    agency,
    false_monthly,
    lived_through,
    months,
    one_score,
    points,
    run,
    share,
    step_through,
    totals,
    write_regime,
    yes,
)


def test_grounds_of_several_acts_count_their_own_acts_only(tmp_path):
    """Two breaches, or two fines: one of each is neither."""
    grounds = {"b": ground(BREACH, times=times(2)), "f": ground(FINE, times=times(2))}
    write_regime(tmp_path, "lists", lists={"listed": a_list(grounds=grounds)})
    count, on = same_lists(busy(tmp_path, length=6))
    assert count > 200 and on["listed"] > 20


def test_acts_outside_the_months_do_not_count(tmp_path):
    write_regime(
        tmp_path,
        "lists",
        lists={"listed": a_list(grounds={"b": ground(BREACH, times=times(2), within=months(3))})},
    )
    *_, (_, _, state, (shard,)) = checked(busy(tmp_path, length=13))
    kept, _, _ = gather(busy(tmp_path, length=13), most=99, day_of=lambda i, n: 15)
    for person, records in kept.items():
        at = [r["index"] for r in records if r["act"] == BREACH]
        near_ = any(b - a <= 3 for a, b in zip(at, at[1:], strict=False))
        assert near_ == bool(state.listed[0, person])
    assert (shard.entries["list"] == COUNTED).any()


@pytest.mark.parametrize("grades", [["C"], ["C", "D"], ["A"]])
def test_falling_to_a_grade_is_a_ground(tmp_path, grades):
    """On the month's last day: those listed have the grade, if the list ends with each month."""
    fell = {"says": "Grade", "grades": grades, "holds": yes()}
    write_regime(
        tmp_path,
        "lists",
        score=one_score(990, breach=-10, other=-25, good=10),
        grades={"lowest": "D", "floors": {"A": points(1000), "B": points(985), "C": points(970)}},
        lists={"fell": a_list(grounds={"g": fell})},
    )
    kept, crowded, (world, _, state, _) = gather(busy(tmp_path, length=4), most=1)
    for person in set(kept) - crowded:
        grade = verdict_on(world, kept[person]).grade
        assert bool(state.listed[0, person]) == (grade in grades), (grade, kept[person])


@pytest.mark.parametrize(("spared", "acts"), [(1.0, []), (0.0, []), (1.0, [OTHER]), (0.5, [])])
def test_exemptions_spare_all_none_or_some(tmp_path, spared, acts):
    exempt = {"poor": {"says": "Poor", "acts": acts, "holds": yes()}}
    write_regime(
        tmp_path,
        "lists",
        who={"exempt": exempt},
        score=one_score(1000, breach=-10, other=-10),
        lists={"b": a_list(BREACH), "o": a_list(OTHER)},
    )
    use = {"use": "lists", "exempt": {"poor": {"share": share(spared)}}}
    agencies = agency(BREACH, OTHER, from_nothing=false_monthly(0.05), wrong_subject=share(0.2))
    file = busy(tmp_path, agencies=agencies, regimes=[use], persons=1000)
    *_, (_, _, state, _) = checked(file)
    on = [(state.listed[0] >> j & 1).sum() for j in range(2)]
    if spared == 1.0:
        assert on[1] == 0, "records on nothing reach the exempt"
        assert (on[0] == 0) == (not acts)
    elif spared == 0.0:
        assert min(on) > 500
    else:
        *_, (_, _, plain, _) = step_through(busy(tmp_path, agencies=agencies, persons=1000))
        assert set(state.listed[0].nonzero()[0]) < set(plain.listed[0].nonzero()[0])
        assert 0.4 < (state.listed[0] > 0).sum() / (plain.listed[0] > 0).sum() < 0.6
        assert (state.score[0] == 1000).sum() > 450


def test_a_redlist_counts_like_a_list_and_deters_nobody(tmp_path):
    """Praise is no sanction: with it or without it, the same breaches happen."""
    red = {"praised": a_list(GOOD, says="Praised", colour="red", stays=months(5))}
    write_regime(tmp_path, "lists", lists=red)
    learning = {"own": share(0.9), "tie": share(0.5), "fades": months(6)}
    plain, taught = busy(tmp_path), busy(tmp_path, learning=learning)
    for _ in checked(taught):
        pass
    assert totals(run(plain), "listed")[-1] > 50
    acts = [lived_through(file)[3][0].acts["subject"].tolist() for file in (plain, taught)]
    assert acts[0] == acts[1]
