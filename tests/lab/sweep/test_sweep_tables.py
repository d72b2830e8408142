"""Tables of a sweep: BehaviorSpace's, tidy ones, and a script for SLURM."""

import csv
import io
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from scslab.api.sweeps import sweep
from scslab.core.errors import ScslabError
from scslab.lab.sweep.plan import chosen_cases
from scslab.lab.sweep.slurm import slurm_script
from small_sweep import LIST, small_plan, sweep_on_disk, swept_study

FACTORS = {
    "told": {"path": f"regimes.{LIST}.practice.learns_when_refused", "values": [False, True]},
    "term": {"path": f"regimes.{LIST}.rules.lists.listed.stays", "values": [2, 12]},
}
OUTCOMES = ["entries", f"listed in {LIST}", "wrongful_refused"]


@pytest.fixture
def plan_folder(tmp_path: Path) -> Path:
    swept_study(tmp_path)
    return tmp_path


def table(folder: Path, **more: object) -> list[list[str]]:
    data = {"factors": FACTORS, "sampler": {"method": "factorial"}, "outcomes": OUTCOMES}
    found = sweep(sweep_on_disk(folder, **(data | more)))
    return list(csv.reader(io.StringIO(found.table)))


def test_the_table_is_behaviorspaces(plan_folder: Path) -> None:
    rows = table(plan_folder, replications=2, at="every month")
    assert rows[0][0].startswith("BehaviorSpace results (scslab ")
    assert rows[0][1] == "Table version 2.0"
    assert [row[0] for row in rows[1:3]] == ["small (synthetic)", "small"]
    assert rows[4] == ["persons", "months", "first-seed", "replications"]
    assert rows[5] == ["600", "6", "1", "2"]
    assert rows[6] == ["[run number]", "told", "term", "[step]", *OUTCOMES]
    body = rows[7:]
    assert len(body) == 4 * 2 * 6
    assert [row[0] for row in body[::6]] == [str(n) for n in range(1, 9)]
    assert [row[3] for row in body[:6]] == ["1", "2", "3", "4", "5", "6"]
    assert [row[1:3] for row in body[::12]] == [
        ["false", "2"],
        ["false", "12"],
        ["true", "2"],
        ["true", "12"],
    ]


def test_pandas_reads_it_as_it_reads_behaviorspaces(plan_folder: Path) -> None:
    found = sweep(
        sweep_on_disk(
            plan_folder, factors=FACTORS, sampler={"method": "factorial"}, outcomes=OUTCOMES
        )
    )
    frame = pd.read_csv(io.StringIO(found.table), skiprows=6)
    assert frame["[run number]"].tolist() == [1, 2, 3, 4]
    assert frame["[step]"].tolist() == [6] * 4
    assert frame["told"].dtype == bool and frame["term"].tolist() == [2, 12, 2, 12]
    assert frame["entries"].tolist() == found.outcomes["entries"].tolist()


def test_results_are_tidy(plan_folder: Path) -> None:
    found = sweep(sweep_on_disk(plan_folder, replications=2, at="every month"))
    frame = found.results
    assert list(frame) == ["run", "case", "replication", "seed", "month", "outcome", "value"]
    assert len(frame) == 8 * 2 * 7 * 4
    assert frame["month"].unique().tolist()[0] == "2020-01"
    assert frame["month"].unique().tolist()[-1] == "all"
    one = frame[(frame["case"] == 5) & (frame["replication"] == 2) & (frame["month"] == "all")]
    assert one["run"].unique().tolist() == [10]
    assert one["value"].tolist() == found.values[5][1, -1].tolist()


def test_cases_are_named_as_people_name_them(plan_folder: Path) -> None:
    plan = small_plan(plan_folder)
    assert chosen_cases("3", plan) == [3]
    assert chosen_cases("7-8,1,2-3", plan) == [1, 2, 3, 7, 8]
    for text, said in (("9", "1 to 8"), ("0", "1 to 8"), ("5-4", "1 to 8"), ("x", "17 or 17-32")):
        with pytest.raises(ScslabError) as error:
            chosen_cases(text, plan)
        assert said in str(error.value)


def test_the_script_for_slurm_covers_every_case_once(plan_folder: Path) -> None:
    plan = small_plan(plan_folder, sampler={"method": "lhs", "cases": 50})
    for tasks in (None, 7, 50, 1):
        script = slurm_script(plan, ["echo", "sweep file.yaml"], "out folder", tasks)
        lines = script.splitlines()
        count = int(next(x for x in lines if "--array=" in x).partition("=1-")[2])
        found: list[int] = []
        for task in range(1, count + 1):
            done = subprocess.run(
                ["bash", "-c", script],
                capture_output=True,
                text=True,
                env={"SLURM_ARRAY_TASK_ID": str(task), "PATH": "/usr/bin:/bin"},
                check=True,
            )
            words = done.stdout.split()
            assert "out folder --cases" in done.stdout
            first, last = words[words.index("--cases") + 1].split("-")
            found += range(int(first), int(last) + 1)
        assert found == list(range(1, 51))
