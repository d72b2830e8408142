"""Factors find their values in the study and its rules, and move them as they say."""

import json
from pathlib import Path
from typing import Any

import pytest

from scslab.core.errors import ScslabError
from scslab.lab.sweep.levers import moved, with_values
from scslab.lab.sweep.plan import Plan
from scslab.lab.sweep.run import build, run_case
from scslab.lab.world import read_rules
from scslab.study.read import read_study
from small import (
    BREACH,
    OTHER,
    agency,
    months,
    one_score,
    points,
    share,
    write_regime,
    yes,
)
from small_sweep import LIST, ranged, small_plan, swept_study

PRACTICE = f"regimes.{LIST}.practice"


def factor(plan: Plan, name: str) -> Any:
    return next(lever for lever in plan.levers if lever.factor.name == name)


def test_all_assumptions_are_every_value_with_a_range(tmp_path: Path) -> None:
    plan = small_plan(tmp_path, factors={}, assumptions="all")
    found = {lever.factor.name: lever.factor for lever in plan.levers}
    assert list(found) == [
        "contract.breach rate",
        "judgment.refused frailty",
        "watch wrong subject",
        "watch from nothing",
        "notice",
        "learns when refused",
        "performs later",
        "lists listed stays",
    ]
    assert found["notice"].path == f"{PRACTICE}.notice"
    assert (found["notice"].low, found["notice"].high, found["notice"].base) == (0.2, 1.0, 0.6)
    assert found["learns when refused"].levels == (False, True)
    assert found["judgment.refused frailty"].whole and found["lists listed stays"].whole
    assert not found["watch wrong subject"].whole
    assert found["lists listed stays"].path == f"regimes.{LIST}.rules.lists.listed.stays"
    assert found["performs later"].base is None  # two rows


def test_patterns_choose_among_assumptions(tmp_path: Path) -> None:
    plan = small_plan(tmp_path, factors={}, assumptions=["agencies.*", "notice"])
    assert [x.factor.name for x in plan.levers] == [
        "watch wrong subject",
        "watch from nothing",
        "notice",
    ]


def test_a_factor_of_the_file_comes_before_the_assumption(tmp_path: Path) -> None:
    wanted = {"told": {"path": f"{PRACTICE}.notice", "values": [0.1, 0.9]}}
    plan = small_plan(tmp_path, factors=wanted, assumptions="all")
    names = [x.factor.name for x in plan.levers]
    assert names[0] == "told" and "notice" not in names and len(names) == 8


def test_rows_that_hold_in_no_month_are_left_out(tmp_path: Path) -> None:
    late = share(0.5, ("2021-01-01", 0.2))
    late["rows"][1] |= {"between": [0.1, 0.3]}
    swept_study(tmp_path, practice={"notice": late})
    plan = small_plan(tmp_path, factors={}, assumptions="all")
    assert plan.left_out == (f"{PRACTICE}.notice: no row with a range is in force in these months",)
    assert "notice" not in [x.factor.name for x in plan.levers]


def test_a_value_with_two_ranges_moves_as_one_position(tmp_path: Path) -> None:
    value = share(0.4, ("2020-03-01", 0.5), ("2020-05-01", 0.6))
    value["rows"][0] |= {"between": [0.2, 0.6]}
    value["rows"][1] |= {"between": [0.0, 1.0]}
    swept_study(tmp_path, practice={"notice": value})
    plan = small_plan(tmp_path, factors={}, assumptions=["*notice"])
    lever = factor(plan, "notice")
    assert (lever.factor.unit, lever.factor.low, lever.factor.high) == ("position", 0.0, 1.0)
    rows = moved(lever, 0.25)["rows"]
    assert [row["value"] for row in rows] == pytest.approx([0.3, 0.25, 0.6])  # the last one stays


def test_a_range_of_its_own_sets_all_rows_or_multiplies_them(tmp_path: Path) -> None:
    path = f"{PRACTICE}.performs_later"
    plan = small_plan(
        tmp_path,
        factors={
            "set": {"path": path, "low": 0.0, "high": 0.5},
            "term": {"path": f"regimes.{LIST}.rules.lists.listed.stays", "low": 2, "high": 3},
        },
    )
    rows = moved(factor(plan, "set"), 0.4)["rows"]
    assert [row["value"] for row in rows] == [0.4, 0.4]
    assert rows[0]["between"] == [0.02, 0.4]  # the range of the assumption is widened
    assert factor(plan, "term").factor.whole
    times = {"more": {"path": path, "low": 0.5, "high": 2.0, "as": "times"}}
    plan = small_plan(tmp_path, factors=times)
    rows = moved(factor(plan, "more"), 2.0)["rows"]
    assert [row["value"] for row in rows] == pytest.approx([0.1, 0.2])
    assert factor(plan, "more").factor.base == 1.0


def test_rows_that_end_a_rule_stay_ended(tmp_path: Path) -> None:
    rules = ranged(months(12, ("2020-04-01", None)), 2, 24)
    del rules["rows"][1]["between"]
    swept_study(tmp_path, rules={"extends": rules})
    path = f"regimes.{LIST}.rules.lists.listed.extends"
    plan = small_plan(tmp_path, factors={"e": {"path": path, "low": 1, "high": 5}})
    assert [row["value"] for row in moved(plan.levers[0], 5)["rows"]] == [5, None]


def test_steps_are_those_of_behaviorspace(tmp_path: Path) -> None:
    steps = {"start": 2, "step": 3, "stop": 10}
    path = f"regimes.{LIST}.rules.lists.listed.stays"
    plan = small_plan(tmp_path, factors={"term": {"path": path, "range": steps}})
    assert plan.levers[0].factor.levels == (2, 5, 8)


def test_values_reach_the_study_and_the_rules(tmp_path: Path) -> None:
    plan = small_plan(tmp_path)
    file = with_values(plan.file, list(plan.levers), [0.35, 7])
    assert file.study.agencies["watch"].detection.rows[0].value == 0.35
    regime = read_rules(file)[1][0]
    stays = regime.lists["listed"].stays
    assert stays is not None and stays.rows[0].value == 7
    # What the study itself says is as it was.
    assert plan.file.study.agencies["watch"].detection.rows[0].value == 0.7
    assert read_rules(plan.file)[1][0].lists["listed"].stays.rows[0].value == 12  # type: ignore


def test_plain_values_of_a_study_vary_too(tmp_path: Path) -> None:
    factors = {
        "size": {"path": "society.persons", "values": [300, 600]},
        "since": {"path": f"regimes.{LIST}.safeguards", "values": [[], ["notice"]]},
    }
    swept_study(tmp_path)
    text = (tmp_path / "study.yaml").read_text()
    (tmp_path / "study.yaml").write_text(text.replace('"practice"', '"safeguards": [], "practice"'))
    plan = small_plan(tmp_path, factors=factors)
    file = with_values(plan.file, list(plan.levers), [300, ("notice",)])
    assert file.study.society.persons == 300
    assert file.study.regimes[0].safeguards == ["notice"]


def test_a_range_that_the_study_refuses_is_told_at_its_factor(tmp_path: Path) -> None:
    swept_study(tmp_path)
    seen = {"path": "agencies.watch.detection", "low": 0.5, "high": 1.5}
    with pytest.raises(ScslabError) as error:
        small_plan(tmp_path, factors={"seen": seen}, assumptions="all")
    said = str(error.value)
    assert said.startswith(f'{tmp_path}/sweep.yaml:5: factors.seen: with "seen" at 1.5: ')
    assert "a share lies between 0 and 1" in said


def test_assumptions_that_cannot_be_are_left_out(tmp_path: Path) -> None:
    """Rules that may ask for consent need a study that says who joins."""
    rules = {"who": {"consent": ranged(yes(False), False, True)}}
    write_regime(tmp_path, "asks", score=one_score(100, breach=-5), **rules)
    swept_study(tmp_path, agencies=agency(BREACH, OTHER))
    text = json.loads((tmp_path / "study.yaml").read_text())
    text["regimes"].append({"use": "asks"})
    (tmp_path / "study.yaml").write_text(json.dumps(text))
    plan = small_plan(tmp_path, factors={}, assumptions="all")
    assert plan.left_out == (
        "regimes.asks.rules.who.consent: at true, asks asks for consent, so the study must say "
        "who joins",
    )
    assert len(plan.levers) == 6


def test_weights_stay_parts_of_one_whole(tmp_path: Path) -> None:
    dimensions = {
        name: {"says": name, "weight": ranged(share(weight), 0.1, 0.6)}
        for name, weight in (("money", 0.5), ("honour", 0.3), ("ties", 0.2))
    }
    ends = {"lowest": points(0), "highest": points(100)}
    write_regime(tmp_path, "parts", score={"dimensions": dimensions, **ends})
    swept_study(tmp_path)
    brings = {name: {"mean": share(0.5), "spread": share(0.1)} for name in dimensions}
    text = json.loads((tmp_path / "study.yaml").read_text())
    text["regimes"].append({"use": "parts", "brings": brings})
    (tmp_path / "study.yaml").write_text(json.dumps(text))
    plan = small_plan(tmp_path, factors={}, assumptions=["*money*weight", "*ties*weight"])
    file = with_values(plan.file, list(plan.levers), [0.6, 0.6])
    regime = next(r for r in read_rules(file)[1] if r.id == "parts")
    assert regime.score is not None
    found = {n: d.weight.rows[0].value for n, d in regime.score.dimensions.items()}
    assert found == pytest.approx({"money": 0.4, "honour": 0.2, "ties": 0.4})


def test_safeguards_are_a_factor_like_any_other(tmp_path: Path) -> None:
    swept_study(tmp_path)
    levels = ["none", "notice", "notice+human-review"]
    plan = small_plan(
        tmp_path,
        factors={"safeguards": {"path": "safeguards", "values": levels}},
        sampler={"method": "factorial"},
        outcomes=["wrongful_entries", "heard", "screened"],
    )
    assert plan.levers[0].factor.base == ()
    file = with_values(plan.file, list(plan.levers), [levels[2]])
    assert file.study.safeguards == ["human-review", "notice"]
    base = build(plan)
    none, notice, both = (run_case(base, n)[0, 0] for n in (1, 2, 3))
    assert none[1] == none[2] == 0
    assert notice[1] > 0 and notice[2] == 0
    assert both[1] > 0 and both[2] > 0
    assert none[0] > notice[0] > both[0]  # fewer wrongful listings with each


def test_what_safeguards_fill_in_can_vary(tmp_path: Path) -> None:
    """The practice of the study's own safeguards is among its assumptions."""
    swept_study(tmp_path)
    text = (tmp_path / "study.yaml").read_text()
    changed = text.replace('"regimes":', '"safeguards": ["notice"], "regimes":')
    (tmp_path / "study.yaml").write_text(changed)
    plan = small_plan(tmp_path, factors={}, assumptions="all", outcomes=["heard", "cleared"])
    found = {lever.factor.name: lever.factor for lever in plan.levers}
    hearing = f"{PRACTICE}.hearing.appears_wronged"
    assert found["hearing appears wronged"].path == hearing
    assert "notice" in found  # the study says it, so the safeguard does not
    plain = read_rules(read_study(tmp_path / "study.yaml"))[0].study
    assert read_rules(plan.file)[0].study.regimes[0].practice == plain.regimes[0].practice
    levers = [x for x in plan.levers if x.factor.name == "hearing appears wronged"]
    changed_file = with_values(plan.file, levers, [0.9])
    practice = read_rules(changed_file)[0].study.regimes[0].practice
    assert practice.hearing is not None
    assert practice.hearing.appears_wronged.rows[0].value == 0.9
