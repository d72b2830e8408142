"""The judge of a month and the judge of one dossier are one judge."""

import numpy as np
import pytest

from scslab.core.calendar import first_day, last_day
from scslab.core.tables import NO_LIST
from scslab.regimes.cases import Case, CasePerson, CaseRecord
from scslab.regimes.judge import judge
from small import (
    BREACH,
    GOOD,
    OTHER,
    agency,
    lived_through,
    monthly,
    one_list,
    one_score,
    points,
    run,
    step_through,
    study,
    totals,
    write_regime,
    yes,
)

CONDUCT = {
    BREACH: {"rate": monthly(0.1)},
    OTHER: {"rate": monthly(0.04)},
    GOOD: {"rate": monthly(0.15)},
}


def dossiers(file) -> tuple:
    """Every record of every person, as worked cases would tell them, and the end of the study."""
    kept: dict[int, list[CaseRecord]] = {}
    for world, month, _, (shard,) in step_through(file):
        ended = first_day(world.months[month.index]).isoformat()
        for row in shard.deliveries:
            act = world.conducts[row["conduct"]]
            kept.setdefault(int(row["subject"]), []).append(CaseRecord(act=act, ended=ended))
    return kept, lived_through(file)


def verdict(world, records):
    on = last_day(world.months[-1]).isoformat()
    person = CasePerson(age=30)
    case = Case(name="drawn", on=on, person=person, records=records, expect={})
    return judge(world.regimes[0], case)


def test_scores_grades_and_lists_are_those_of_the_dossiers(tmp_path):
    score = one_score(1000, breach=-30, good=5)
    score |= {"lowest": points(900), "highest": points(1012)}
    cut = {"says": "Down to C", "cuts": {"to": "C", "holds": yes()}}
    score["acts"][OTHER] = cut
    write_regime(
        tmp_path,
        "all-in-one",
        score=score,
        grades={"lowest": "D", "floors": {"A": points(1005), "B": points(960), "C": points(930)}},
        lists=one_list((BREACH,), None),
    )
    file = study(
        tmp_path,
        persons=400,
        length=15,
        conduct=CONDUCT,
        agencies=agency(BREACH, OTHER, GOOD),
        regimes=["all-in-one"],
    )
    kept, (world, _, state, (shard,)) = dossiers(file)
    assert len(kept) > 300
    grades = dict.fromkeys("ABCD", 0)
    for person in range(400):
        found = verdict(world, kept.get(person, []))
        assert found.score == state.score[0, person]
        assert found.listed == bool(state.listed[0, person])
        grades[found.grade] += 1
    counted = shard.books.grades[0].sum(axis=0)[:4]
    assert counted.tolist() == list(grades.values())
    assert min(grades.values()) > 0


def test_a_person_enters_every_list_that_an_act_is_a_ground_of(tmp_path):
    lists = one_list((BREACH,), None) | {"second": one_list((BREACH,), None)["listed"]}
    write_regime(tmp_path, "two-lists", lists=lists)
    kept, (world, _, _, (shard,)) = dossiers(study(tmp_path, persons=500, regimes=["two-lists"]))
    entries = shard.entries[shard.entries["list"] != NO_LIST]
    for person, records in kept.items():
        on = {list(lists)[i] for i in entries[entries["subject"] == person]["list"]}
        assert on == set(verdict(world, records).lists)


@pytest.mark.parametrize("grounds", [("low",), ("low", "lower")])
def test_a_person_enters_every_list_that_the_score_leads_to(tmp_path, grounds):
    limits = {"low": 990, "lower": 975}
    lists = {
        name: {
            "says": name,
            "grounds": {"by": {"says": "x", "score_below": points(limits[name]), "holds": yes()}},
        }
        for name in grounds
    }
    write_regime(tmp_path, "by-score", score=one_score(1000, breach=-10), lists=lists)
    file = study(
        tmp_path,
        persons=500,
        conduct={BREACH: {"rate": monthly(0.15)}},
        regimes=["by-score"],
    )
    world, _, state, _ = lived_through(file)
    for i, name in enumerate(grounds):
        expected = state.score[0] < limits[name]
        assert expected.any()
        assert (((state.listed[0] >> i) & 1).astype(bool) == expected).all()
    assert world.regimes[0].id == "by-score"


def test_scores_lie_within_the_scale_in_force(tmp_path):
    """When the scale is narrowed, whoever is outside it is brought to its end."""
    score = one_score(1000, breach=-30)
    score |= {"lowest": points(0, ("2020-06-01", 950)), "highest": points(1000)}
    write_regime(tmp_path, "narrowed", score=score)
    file = study(tmp_path, conduct={BREACH: {"rate": monthly(0.3)}}, regimes=["narrowed"])
    for _, month, state, _ in step_through(file):
        if month.index >= 5:
            assert state.score.min() >= 950


def test_points_change_for_acts_from_their_day_on(tmp_path):
    score = one_score(1000, breach=-10)
    score["acts"][BREACH]["points"] = points(-10, ("2020-07-01", -1))
    write_regime(tmp_path, "milder", score=score)
    found = run(study(tmp_path, regimes=["milder"]))
    costs = np.array([10] * 6 + [1] * 6)
    assert (totals(found, "points_lost") == totals(found, "records") * costs).all()
