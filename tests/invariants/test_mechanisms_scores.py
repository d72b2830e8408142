"""Scores and grades: every way of moving them, and one judge for dossiers and for months."""

import itertools
from typing import Any

import numpy as np
import pytest

from dossiers import check_books, checked, coin, gather, middle, verdict_on
from scslab.core.calendar import last_day
from scslab.core.tables import NO_LIST
from scslab.regimes.arithmetic import quota_floors
from small import (
    BREACH,
    GOOD,
    OTHER,
    agency,
    false_monthly,
    in_first_month,
    monthly,
    months,
    one_score,
    points,
    run,
    share,
    step_through,
    study,
    totals,
    write_regime,
    yes,
)
from small import held as held_

PRAISE, FINE = "civic.blood-donation", "traffic.ticket"
ACTS = (BREACH, OTHER, GOOD, PRAISE, FINE)
BUSY = {act: {"rate": monthly(0.08)} for act in ACTS}
ALL_TOLD = {"notice": share(1.0), "objects_wronged": share(1.0)}
LADDER = ["A", "B", "C", "D", "E"]


def drops(*values: Any) -> dict:
    return held_("grades", *values)


def acts_of(number: int) -> dict:
    """Acts that move a score or a ladder in ways drawn by number; most change on a day."""
    later = ("2020-06-01", 2)
    cut = {"to": "D" if coin(number, "deep") else "C", "holds": yes()}
    if coin(number, "cut later"):
        cut["holds"] = yes(False, ("2020-05-01", True))
    lift = {"to": "A" if coin(number, "high") else "B", "holds": yes()}
    if coin(number, "lift ends"):
        lift["holds"] = yes(True, ("2020-08-01", False))
    return {
        BREACH: {"says": "Falls", "drops": drops(1, later) if coin(number, "falls") else drops(2)},
        OTHER: {"says": "Down", "cuts": cut},
        PRAISE: {"says": "Up", "lifts": lift},
    }


def busy_study(folder, name: str = "moved", **parts: Any):
    parts = {"persons": 300, "length": 13, "conduct": BUSY, "agencies": agency(*ACTS)} | parts
    return study(folder, **({"regimes": [name]} | parts))


def same_scores(file, day_of=middle, most: int = 99, **about: Any) -> dict[str, int]:
    """Compare score and grade of every subject with the judge; how many have each grade."""
    kept, crowded, (world, month, state, _) = gather(file, 1, 0, day_of, most)
    regime, rules = world.regimes[0], month.rules
    counted: dict[str, int] = {}
    for person in set(range(world.society.persons)) - crowded:
        found = verdict_on(world, kept.get(person, []), **about)
        score = int(state.score[0, person])
        if regime.score is not None:
            assert found.score == score, (person, kept.get(person))
        grade = int((score < rules.floors[0, : rules.floor_count[0]]).sum())
        if rules.yearly[0]:
            grade = int(state.grade[rules.grade_row[0], person])
        if regime.grades is not None:
            assert found.grade == regime.grades.names[grade], (person, score, kept.get(person))
            counted[found.grade] = counted.get(found.grade, 0) + 1
    return counted


@pytest.mark.parametrize("number", range(8))
def test_points_lifts_drops_and_vetoes_are_those_of_the_dossiers(tmp_path, number):
    acts = acts_of(number)
    acts[GOOD] = {"says": "Good", "points": points(7, ("2020-04-01", 3))}
    acts[FINE] = {"says": "Bad", "points": points(-4), "drops": drops(1)}
    if coin(number, "both"):
        acts[PRAISE] |= {"points": points(-5)}
        acts[OTHER] |= {"points": points(6)}
    floors = {"A": points(1010), "B": points(990), "C": points(970), "D": points(940)}
    score = {"start": points(1000), "lowest": points(920), "highest": points(1015), "acts": acts}
    write_regime(tmp_path, "moved", score=score, grades={"lowest": "E", "floors": floors})
    assert sum(n > 5 for n in same_scores(busy_study(tmp_path)).values()) >= 4


@pytest.mark.parametrize("number", range(8))
def test_a_ladder_needs_no_score(tmp_path, number):
    grades = {"ladder": LADDER, "start": LADDER[number % 5], "acts": acts_of(number)}
    write_regime(tmp_path, "moved", grades=grades)
    assert len(same_scores(busy_study(tmp_path))) >= 3


def test_dimensions_move_with_lifts_drops_and_vetoes(tmp_path):
    dimensions = {n: {"says": n, "weight": share(w)} for n, w in (("pays", 0.75), ("knows", 0.25))}
    acts = acts_of(3)
    moves = {"dimension": "pays", "moves": held_("share of dimension", -0.1)}
    acts[FINE] = {"says": "Late", **moves}
    acts[GOOD] = {"says": "Known", "dimension": "knows", "moves": held_("share of dimension", 0.2)}
    floors = {"A": points(700), "B": points(600), "C": points(500), "D": points(400)}
    ends = {"lowest": points(350), "highest": points(950)}
    score = {**ends, "dimensions": dimensions, "acts": acts}
    write_regime(tmp_path, "moved", score=score, grades={"lowest": "E", "floors": floors})
    brings = {n: {"mean": share(0.5), "spread": share(0.0)} for n in dimensions}
    file = busy_study(tmp_path, regimes=[{"use": "moved", "brings": brings}])
    assert len(same_scores(file, dimensions=dict.fromkeys(dimensions, 0.5))) >= 4


@pytest.mark.parametrize("how", ["expiry", "repair"])
def test_records_end_and_are_repaired_by_gravity_as_in_the_dossiers(tmp_path, how):
    """Everybody applies as soon as the rules allow it; the terms change in July."""
    terms = {"slight": (2, 1), "ordinary": (4, 5), "serious": (7, 4)}
    gravity = dict(zip((BREACH, OTHER, FINE), terms, strict=True))
    acts = {a: {"says": a, "points": points(-9), "gravity": g} for a, g in gravity.items()}
    remedy = {f"repair_opens_{g}": months(a, ("2020-07-01", b)) for g, (a, b) in terms.items()}
    use = {"use": "moved", "practice": {"repairs": share(1.0)}}
    if how == "expiry":
        remedy, use = {"record_ends": months(5, ("2020-07-01", 3))}, {"use": "moved"}
    write_regime(tmp_path, "moved", score={"start": points(1000), "acts": acts}, remedy=remedy)
    file = busy_study(tmp_path, regimes=[use])
    kept, crowded, (world, _, state, (shard,)) = gather(file)
    for person in set(range(300)) - crowded:
        records = kept.get(person, [])
        for record in records if how == "repair" else []:
            first, then = terms[gravity[record["act"]]]
            since = record["index"]
            term = [first if t < 6 else then for t in range(13)]
            opens = next((t for t in range(since, 13) if t - since >= term[t]), 13)
            if opens < 13:
                record["applied"] = last_day(world.months[opens]).isoformat()
        assert verdict_on(world, records).score == state.score[0, person], records
    assert (shard.entries["list"] == NO_LIST).any()
    if how == "repair":
        assert totals(run(file), "repaired").sum() > 100


@pytest.mark.parametrize("restart", [1, 4])
def test_scores_restart_and_the_grade_stands_but_for_vetoes(tmp_path, restart):
    acts = {
        BREACH: {"says": "Bad", "points": points(-15)},
        GOOD: {"says": "Good", "points": points(10, ("2021-02-01", 12))},
        OTHER: {"says": "Down", "cuts": {"to": "C", "holds": yes()}},
    }
    floors = {"A": points(1010), "B": points(980), "C": points(900)}
    restarts = held_("month of the year", restart)
    score = {"start": points(1000), "acts": acts, "restarts": restarts}
    write_regime(tmp_path, "moved", score=score, grades={"lowest": "D", "floors": floors})
    for length in (8, 12, 13, 20, 29):
        assert len(same_scores(busy_study(tmp_path, length=length))) >= 2
    *_, (_, month, _, _) = checked(busy_study(tmp_path, length=29))
    assert month.rules.yearly[0]


def yearly_vetoes(folder, **practice: Any):
    """A score that restarts each January; a breach means the lowest grade at once."""
    cut = {"says": "Down", "points": points(-50), "cuts": {"to": "C", "holds": yes()}}
    restarts = held_("month of the year", 1)
    write_regime(
        folder,
        "moved",
        score={"start": points(1000), "acts": {BREACH: cut}, "restarts": restarts},
        grades={"lowest": "C", "floors": {"A": points(1000), "B": points(900)}},
    )
    faults = {"wrong_subject": share(0.3), "from_nothing": false_monthly(0.02)}
    use = {"use": "moved", "practice": practice}
    conduct = {BREACH: {"rate": in_first_month(0.2)}}
    return study(
        folder, persons=500, length=6, conduct=conduct, agencies=agency(**faults), regimes=[use]
    )


def test_a_corrected_veto_gives_score_and_standing_grade_back(tmp_path):
    """Every false record is corrected in its month: only true ones leave a grade."""
    *_, (world, _, state, _) = checked(yearly_vetoes(tmp_path, **ALL_TOLD))
    kept, _, _ = gather(yearly_vetoes(tmp_path, **ALL_TOLD), most=99, day_of=middle)
    assert (state.grade[0] == 2).any() and (state.grade[0] == 0).any()
    low = state.score[0] < 1000
    assert (state.grade[0][low] == 2).all()
    assert len(kept) > 100
    assert (state.grade[0][~low] == 0).all(), "a veto that was corrected still stands"


def test_a_correction_after_the_restart_changes_nothing_any_more(tmp_path):
    file = yearly_vetoes(tmp_path, notice=share(0.0))
    practice = {"objects_wronged": share(1.0), "objects_rightful": share(1.0)}
    assert totals(run(file), "points_gained").sum() == 0
    desk = {"decisions": held_("decisions per 1000 persons and year", 0, ("2021-02-01", 9999))}
    late = yearly_vetoes(tmp_path, notice=share(1.0), desk=desk, **practice)
    period = late.study.period.model_copy(update={"to": "2021-04"})
    late = type(late)(late.study.model_copy(update={"period": period}), late.document, "", tmp_path)
    *_, (_, _, state, _) = checked(late)
    assert totals(run(late), "corrected").sum() > 0
    assert (state.score[0] <= 1000).all()


def test_floors_by_quota_are_the_lowest_that_fit():
    for number, shares in itertools.product(range(40), ([0.2, 0.3], [0.05, 0.5, 0.45], [0.0, 1.0])):
        counts = np.array([(number * 7 + 3 * i * i + number // 3 * i) % 11 for i in range(12)])
        floors, allowed = quota_floors(counts, 100, shares), 0.0
        for floor, part in zip(floors, shares, strict=True):
            allowed += part * counts.sum()
            reached = [int(counts[max(f - 100, 0) :].sum()) for f in (floor, floor - 1)]
            assert reached[0] <= allowed + 1e-6
            assert reached[1] > allowed + 1e-6 or floor == 100 or reached[1] == reached[0] == 0


@pytest.mark.parametrize("steps", [(1, 7), (0, 10)])
def test_quotas_give_each_grade_at_most_its_share(tmp_path, steps):
    """Set anew after the first month and each December; with steps of 0 and 10 many are tied."""
    quotas = {"A": share(0.1), "B": share(0.3), "C": share(0.4)}
    score = one_score(1000, breach=-steps[1], good=steps[0], other=-3)
    write_regime(tmp_path, "moved", score=score, grades={"lowest": "D", "quotas": quotas})
    before, set_in = None, []
    for moment in checked(busy_study(tmp_path, length=26, persons=700)):
        _, month, state, _ = moment
        if before is not None and (len(set_in) == 0 or month.quotas != set_in[-1][1]):
            set_in.append((month.index, month.quotas))
            floors = month.quotas[0]
            for i, allowed in enumerate((70, 280, 560)):
                assert (before >= floors[i]).sum() <= allowed < (before >= floors[i] - 1).sum()
        before = state.score[0].copy()
    assert [index for index, _ in set_in] == [1, 12, 24]


def test_with_everybody_tied_all_have_the_lowest_grade(tmp_path):
    score = one_score(1000, breach=-1)
    grades = {"lowest": "C", "quotas": {"A": share(0.2), "B": share(0.3)}}
    write_regime(tmp_path, "moved", score=score, grades=grades)
    file = busy_study(
        tmp_path, length=3, conduct={BREACH: {"rate": monthly(0.0)}}, agencies=agency()
    )
    found = run(file)
    assert totals(found, "grade_3")[1:].tolist() == [300, 300]


def test_a_yearly_grade_by_quota_begins_with_the_quota(tmp_path):
    """Before the first quota is set nobody has a grade, so nobody keeps the best."""
    score = one_score(1000, breach=-10) | {"restarts": held_("month of the year", 1)}
    write_regime(
        tmp_path, "moved", score=score, grades={"lowest": "B", "quotas": {"A": share(0.25)}}
    )
    *_, (_, month, state, (shard,)) = checked(busy_study(tmp_path, length=13))
    early = [m[3][0].books.grades[0].sum(axis=0)[0] for m in step_through(busy_study(tmp_path))]
    assert shard.books.grades[0].sum(axis=0)[0] <= 75
    assert max(early[1:]) <= 75, "more than a quarter have the best grade"


def test_quotas_hold_when_the_grades_are_given_in_another_month(tmp_path):
    score = one_score(1000, breach=-10, good=3) | {"restarts": held_("month of the year", 7)}
    write_regime(
        tmp_path, "moved", score=score, grades={"lowest": "B", "quotas": {"A": share(0.25)}}
    )
    *_, (_, _, state, _) = checked(busy_study(tmp_path, length=19))
    assert 0 < (state.grade[0] == 0).sum() <= 75


def test_regimes_with_fewer_grades_count_their_lowest_as_their_last(tmp_path):
    """A regime with three grades beside one with five: the lowest is its third."""
    few = {"lowest": "C", "floors": {"A": points(1000), "B": points(990)}}
    many = {"lowest": "E", "floors": {g: points(1000 - 5 * i) for i, g in enumerate("ABCD")}}
    for name, grades in (("few", few), ("many", many)):
        write_regime(tmp_path, name, score=one_score(1000, breach=-10), grades=grades)
    for moment in checked(busy_study(tmp_path, regimes=["few", "many"], agencies=agency(*ACTS))):
        check_books(moment)
    alone = run(busy_study(tmp_path, regimes=["few"]))
    both = run(busy_study(tmp_path, regimes=["few", "many"]))
    assert totals(both, "grade_3", "few").tolist() == totals(alone, "grade_3").tolist()
