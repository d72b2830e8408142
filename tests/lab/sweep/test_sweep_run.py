"""A sweep gives the same bits however it is run, and its factors do what they say."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scslab.api.sweeps import gather_sweep, sweep
from scslab.core.errors import ScslabError
from scslab.lab.loop import run_months
from scslab.lab.simulate import simulate
from scslab.lab.sweep.outcomes import measured, parse_outcome
from scslab.lab.sweep.run import build, run_case, world_of
from scslab.lab.sweep.samplers import values_of
from scslab.lab.sweep.sound import check_cases
from scslab.lab.world import build_world
from scslab.study.read import read_study
from scslab.study.sweep import read_sweep_file
from small import BREACH, agency, held, monthly, one_score, points, share, write_regime
from small_sweep import LIST, OUTCOMES, ranged, small_plan, sweep_on_disk, swept_study

FILES = ("cases", "results", "outcomes", "indices", "boxes", "table")


def bits(folder: Path) -> dict[str, bytes]:
    """The tables of a sweep folder."""
    found = {name: (folder / f"{name}.csv").read_bytes() for name in FILES}
    return found | {"parquet": (folder / "results.parquet").read_bytes()}


def column(frame: pd.DataFrame, outcome: str) -> np.ndarray:
    return frame[outcome].to_numpy()


def test_a_case_is_the_study_with_these_values(tmp_path: Path) -> None:
    """What a sweep measures is what a run of the changed study gives."""
    plan = small_plan(tmp_path)
    base = build(plan)
    found = run_case(base, 3)
    detection, term = values_of(plan.design, 2)
    text = json.loads((tmp_path / "study.yaml").read_text())
    text["agencies"]["watch"]["detection"] = share(detection)
    text["regimes"][0]["changes"] = {"lists.listed.stays": held("months", term)}
    (tmp_path / "other.yaml").write_text(json.dumps(text))
    run = simulate(read_study(tmp_path / "other.yaml"), seed=1, threads=1)
    tallies = run.tallies
    last = tallies[tallies["month"] == tallies["month"].max()]
    assert found.shape == (1, 1, 4)
    assert found[0, 0, 0] == last["listed"].sum() > 0
    assert found[0, 0, 1] == tallies["entries"].sum() > 0
    years = tallies["covered"].sum() / 12
    wrong = tallies["wrongful_listed"].sum()
    assert found[0, 0, 2] == pytest.approx(1e5 * wrong / years)
    missed, breaches = tallies["missed"].sum(), tallies["breaches"].sum()
    assert found[0, 0, 3] == pytest.approx(missed / breaches)


def test_a_shared_society_is_the_one_that_would_be_built(tmp_path: Path) -> None:
    plan = small_plan(tmp_path)
    base = build(plan)
    values = values_of(plan.design, 0)
    shared = world_of(base, values)
    assert shared.society is base.world.society
    anew = build_world(shared.file, 0)
    one, other = run_months(shared, 1), run_months(anew, 1)
    for name in ("flows", "stocks", "grades", "refused", "bitten"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
    assert set(vars(shared)) == set(vars(anew))
    for name in ("rows", "conducts", "effects", "changes"):
        assert getattr(shared, name) == getattr(anew, name), name


def test_only_the_first_months_are_run(tmp_path: Path) -> None:
    swept_study(tmp_path)
    plan = small_plan(tmp_path, months=3, at="every month", outcomes=["entries", "listed"])
    base = build(plan)
    world = world_of(base, values_of(plan.design, 0))
    assert len(world.months) == 3 and world.society is base.world.society
    cut = run_case(base, 1)[0]
    whole = small_plan(tmp_path, at="every month", outcomes=["entries", "listed"])
    long = run_case(build(whole), 1)[0]
    assert cut.shape == (4, 2) and long.shape == (7, 2)
    assert np.array_equal(cut[:3], long[:3])
    assert cut[3, 0] == cut[:3, 0].sum() and cut[3, 1] == cut[2, 1]


def test_case_by_case_is_the_whole(tmp_path: Path) -> None:
    file = sweep_on_disk(tmp_path)
    swept_study(tmp_path)
    whole = sweep(file, out=tmp_path / "whole")
    for part in ("5-8", "1", "2-4"):
        some = sweep(file, out=tmp_path / "parts", cases=part)
        assert (tmp_path / "parts" / "report.html").exists() == (part == "2-4")
    assert len(some.values) == 8
    (tmp_path / "parts" / "table.csv").unlink()
    gathered = gather_sweep(whole.plan, tmp_path / "parts")
    assert bits(tmp_path / "whole") == bits(tmp_path / "parts")
    assert gathered.mark == whole.mark
    first, second = ((tmp_path / name / "report.html").read_bytes() for name in ("whole", "parts"))
    assert first == second


def test_a_sweep_that_was_stopped_goes_on(tmp_path: Path, monkeypatch: Any) -> None:
    swept_study(tmp_path)
    file = sweep_on_disk(tmp_path, replications=2)
    whole = sweep(file, out=tmp_path / "whole")
    done: list[int] = []

    class KilledError(Exception):
        pass

    def stop(number: int, _: int) -> None:
        done.append(number)
        if number == 3:
            raise KilledError

    with pytest.raises(KilledError):
        sweep(file, out=tmp_path / "stopped", progress=stop)
    assert len(list((tmp_path / "stopped" / "cases").iterdir())) == 3
    assert not (tmp_path / "stopped" / "results.csv").exists()
    import scslab.lab.sweep.sweep as module

    ran: list[int] = []
    plain = module.run_case
    monkeypatch.setattr(module, "run_case", lambda b, n: ran.append(n) or plain(b, n))
    resumed = sweep(file, out=tmp_path / "stopped")
    assert ran == [4, 5, 6, 7, 8]
    assert bits(tmp_path / "whole") == bits(tmp_path / "stopped")
    assert all(np.array_equal(whole.values[n], resumed.values[n]) for n in range(1, 9))
    again = sweep(file, out=tmp_path / "stopped")
    assert len(ran) == 5 and again.mark == whole.mark


def test_workers_change_no_bit(tmp_path: Path) -> None:
    swept_study(tmp_path)
    file = sweep_on_disk(tmp_path, at="every month")
    sweep(file, out=tmp_path / "one", workers=1)
    sweep(file, out=tmp_path / "two", workers=2)
    assert bits(tmp_path / "one") == bits(tmp_path / "two")


def test_a_worker_tells_what_is_wrong(tmp_path: Path) -> None:
    """What only a run finds out comes back as the message that it is."""
    swept_study(tmp_path)
    high = {"rate": {"path": f"conduct.{BREACH}.rate", "values": [600, 50_000_000]}}
    file = sweep_on_disk(tmp_path, factors=high, sampler={"method": "factorial"})
    for workers in (1, 2):
        with pytest.raises(ScslabError) as error:
            sweep(file, workers=workers)
        said = str(error.value)
        assert "case 2 cannot be run: nobody does this so often" in said
        assert "why: with rate 50000000" in said


def test_factors_of_rules_and_of_the_study_change_results(tmp_path: Path) -> None:
    swept_study(tmp_path)
    factors = {
        "seen": {"path": "agencies.watch.detection", "values": [0.2, 0.9]},
        "term": {"path": f"regimes.{LIST}.rules.lists.listed.stays", "values": [1, 24]},
        "told": {"path": f"regimes.{LIST}.practice.notice", "values": [0.1, 0.9]},
    }
    data = {"factors": factors, "sampler": {"method": "factorial"}, "seed": 3}
    found = sweep(sweep_on_disk(tmp_path, **data))
    table = found.cases.merge(found.outcomes, on="case")
    by = table.groupby("seen")[OUTCOMES].mean()
    assert by.loc[0.9, "entries"] > 2 * by.loc[0.2, "entries"]
    assert by.loc[0.9, "missed_share"] < by.loc[0.2, "missed_share"]
    terms = table.groupby("term")[OUTCOMES].mean()
    assert terms.loc[24, "listed"] > 2 * terms.loc[1, "listed"]
    # The desk has no queue, so who is told decides who objects, and so who stays wrongly listed.
    told = table.groupby("told")[OUTCOMES].mean()
    assert told.loc[0.9, "wrongful_months"] < told.loc[0.1, "wrongful_months"]


def test_what_nothing_depends_on_has_an_index_of_0(tmp_path: Path) -> None:
    """Cases share their luck, so a factor without effect changes not a bit."""
    swept_study(tmp_path)
    factors = {
        "seen": {"path": "agencies.watch.detection", "low": 0.2, "high": 0.9},
        # The rules of this list know no repair.
        "idle": {"path": f"regimes.{LIST}.practice.repairs", "low": 0.0, "high": 0.5},
    }
    text = (tmp_path / "study.yaml").read_text()
    repairs = json.dumps(share(0.1))
    (tmp_path / "study.yaml").write_text(
        text.replace('"performs_later":', f'"repairs": {repairs}, "performs_later":')
    )
    sampler = {"method": "saltelli", "base": 8}
    found = sweep(sweep_on_disk(tmp_path, factors=factors, sampler=sampler))
    rows = found.indices.set_index(["outcome", "measure", "factor"])["value"]
    for outcome in ("entries", "missed_share"):
        assert rows[outcome, "ST", "idle"] == rows[outcome, "S1", "idle"] == 0.0
        assert rows[outcome, "ST", "seen"] > 0.5


def test_a_factor_of_the_society_builds_it_anew(tmp_path: Path) -> None:
    swept_study(tmp_path)
    factors = {"size": {"path": "society.persons", "values": [200, 800]}}
    outcomes = ["covered", "covered for sex=male"]
    data = {"factors": factors, "sampler": {"method": "factorial"}, "outcomes": outcomes}
    found = sweep(sweep_on_disk(tmp_path, **data)).outcomes
    assert column(found, "covered").tolist() == [200, 800]
    assert column(found, "covered for sex=male").tolist() == [100, 400]


def test_replications_have_the_same_seeds_in_all_cases(tmp_path: Path) -> None:
    swept_study(tmp_path)
    file = sweep_on_disk(tmp_path, replications=3, seed=5)
    found = sweep(file)
    assert found.results["seed"].unique().tolist() == [5, 6, 7]
    single = sweep(sweep_on_disk(tmp_path, seed=5))
    # Cases are drawn with the first seed, so the first replication is the whole of one.
    for case in range(1, 9):
        assert np.array_equal(found.values[case][0], single.values[case][0])
        assert not np.array_equal(found.values[case][0], found.values[case][1])


def test_every_month_adds_up_to_the_period(tmp_path: Path) -> None:
    swept_study(tmp_path)
    names = ["entries", "listed", "missed_share", f"wrongful_entries in {LIST}"]
    found = sweep(sweep_on_disk(tmp_path, at="every month", outcomes=names))
    for values in found.values.values():
        months, whole = values[0, :-1], values[0, -1]
        assert months.shape == (6, 4)
        assert months[:, 0].sum() == whole[0]
        assert months[-1, 1] == whole[1]
        assert np.nanmin(months[:, 2]) <= whole[2] <= np.nanmax(months[:, 2])


def test_harm_by_group_is_that_of_a_run(tmp_path: Path) -> None:
    from scslab.evaluation.harm import harm, measure_totals, totals

    swept_study(tmp_path)
    study = read_study(tmp_path / "study.yaml")
    run = simulate(study, seed=1, threads=1)
    world = build_world(study, 1)
    tallies = run_months(world, 1)
    names = ["wrongful_months", "missed_share", "listed_months", "wrongful_share"]
    wanted = [parse_outcome(n) for n in names]
    by = [parse_outcome(f"{n} for sex=female") for n in names]
    got = measured(world, tallies, [*wanted, *by], False)[0]
    for split, values in (([], got[:4]), (["sex"], got[4:])):
        table = harm(totals(run.tallies, split), measure_totals(run.measures, split), split)
        table = table[table["regime"] == "all"]
        if split:
            table = table[table["sex"] == "female"]
        expected = table.set_index("quantity")["rate"]
        assert values == pytest.approx([expected[n] for n in names])


def test_ends_that_do_not_go_together_name_the_first_case(tmp_path: Path) -> None:
    """Each low end is sound by itself; together the floor of A lies below that of B."""
    swept_study(tmp_path)
    grades = {"lowest": "C", "floors": {"A": points(900), "B": points(600)}}
    write_regime(tmp_path, LIST, score=one_score(800, breach=-10), grades=grades)
    text = json.loads((tmp_path / "study.yaml").read_text())
    text["regimes"] = [{"use": LIST}]
    (tmp_path / "study.yaml").write_text(json.dumps(text))
    floors = f"regimes.{LIST}.rules.grades.floors"
    factors = {
        "A": {"path": f"{floors}.A", "low": 700, "high": 1000},
        "B": {"path": f"{floors}.B", "low": 750, "high": 850},
    }
    plan = small_plan(tmp_path, factors=factors, outcomes=["scored"])
    wrong = [n for n in range(8) if values_of(plan.design, n)[0] <= values_of(plan.design, n)[1]]
    with pytest.raises(ScslabError) as error:
        check_cases(plan)
    assert f"case {wrong[0] + 1} cannot be run: " in str(error.value)
    assert "try: give the factors ranges that go together" in str(error.value)


def test_a_sweep_of_all_assumptions_needs_no_file(tmp_path: Path) -> None:
    file = swept_study(tmp_path)
    found = sweep(
        read_study(tmp_path / "study.yaml"), assumptions=True, size=12, outcomes=["entries"]
    )
    assert found.plan.design.method == "lhs" and len(found.cases) == 12
    assert len(found.problem["names"]) == 8
    assert found.outcomes["entries"].nunique() > 6
    assert file.study.id == found.plan.file.study.id


def test_a_sweep_can_be_given_as_data(tmp_path: Path) -> None:
    swept_study(tmp_path)
    data = {
        "schema": "sweep/1",
        "id": "data",
        "study": str(tmp_path / "study.yaml"),
        "assumptions": ["notice"],
        "sampler": {"method": "one-at-a-time", "levels": 3},
        "outcomes": ["entries"],
    }
    found = sweep(data)
    assert found.cases["notice"].isna().tolist() == [True, False, False, False]
    assert found.cases["notice"].tolist()[1:] == [0.2, 0.6, 1.0]
    # The third level is the study's own value.
    entries = found.outcomes["entries"].tolist()
    assert entries[0] == entries[2]


def test_the_folder_is_read_back(tmp_path: Path) -> None:
    swept_study(tmp_path)
    found = sweep(sweep_on_disk(tmp_path), out=tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["schema"] == "sweep/1" and manifest["synthetic"] is True
    assert manifest["complete"] is True and manifest["fingerprint"] == found.mark
    assert manifest["problem"] == found.problem
    assert manifest["problem"]["bounds"] == [[0.2, 1.0], [1.0, 12.0]]
    assert set(manifest["outputs"]) == {
        *(f"{name}.csv" for name in FILES),
        *("results.parquet", "report.html", "sweep.yaml"),
    }
    assert read_sweep_file(tmp_path / "out" / "sweep.yaml").spec == found.plan.sweep.spec
    cases = pd.read_csv(tmp_path / "out" / "cases.csv")
    assert np.array_equal(cases["detection"], found.cases["detection"])
    results = pd.read_csv(tmp_path / "out" / "results.csv")
    assert np.array_equal(results["value"], found.results["value"], equal_nan=True)


def test_ranged_rates_may_vary_with_their_source(tmp_path: Path) -> None:
    rate = {BREACH: {"rate": ranged(monthly(0.05), 120, 1200)}}
    swept_study(tmp_path, conduct=rate, agencies=agency(BREACH))
    found = sweep(
        sweep_on_disk(tmp_path, factors={}, assumptions=["*rate"], outcomes=["acts"]),
    )
    table = found.cases.merge(found.outcomes, on="case").sort_values("contract.breach rate")
    assert table["acts"].is_monotonic_increasing
