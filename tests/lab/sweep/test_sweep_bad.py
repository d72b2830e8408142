"""What is wrong with a sweep is told in one message, at its line, before anything is run."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from scslab.api.sweeps import gather_sweep, planned, sweep
from scslab.cli.sweep import checked_sweep, told
from scslab.cli.sweep import sweep as command
from scslab.core.errors import ScslabError
from scslab.lab.sweep.plan import make_plan
from scslab.lab.sweep.run import build
from scslab.study.sweep import sweep_schema
from small import share, yes
from small_sweep import LIST, small_plan, sweep_data, sweep_on_disk, swept_study

DETECTION = "agencies.watch.detection"
TERM = f"regimes.{LIST}.rules.lists.listed.stays"


def message(folder: Path, **more: Any) -> str:
    swept_study(folder)
    with pytest.raises(ScslabError) as error:
        build(make_plan(sweep_on_disk(folder, **more)))
    return str(error.value).replace(f"{folder}/", "")


def of_factor(**spec: Any) -> dict[str, Any]:
    return {"factors": {"f": spec}}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"factors": {}}, "sweep.yaml:1: a sweep needs something that varies"),
        (of_factor(path=DETECTION, low=0.5), "factors.f: a range needs both low and high"),
        (
            of_factor(path=DETECTION, low=0.5, high=1, values=[1]),
            "factors.f: a factor has one kind of range\n  got: low and high and values",
        ),
        (
            of_factor(path=DETECTION, low=0.5, high=0.5),
            "sweep.yaml:7: factors.f.low: the range runs backwards\n  got: 0.5 to 0.5",
        ),
        (of_factor(path=DETECTION, values=[1, 0.5, 1]), "a value is there twice\n  got: 1"),
        (of_factor(path=DETECTION), '"agencies.watch.detection" has no range of its own'),
        (of_factor(path=DETECTION, **{"as": "times"}), "what is multiplied needs a range"),
        (
            of_factor(path="agencies.watch.detektion", low=0, high=1),
            'leads nowhere in small\n  try: did you mean "agencies.watch.detection"?',
        ),
        (of_factor(path="agencies.watch", low=0, high=1), '"agencies.watch" holds several values'),
        (
            of_factor(path=f"regimes.{LIST}.rules.lists.dishonest.stays", low=1, high=2),
            f'did you mean "{TERM}"?',
        ),
        (of_factor(path="surveys.0.cap", low=2, high=3), "nothing in a sweep reads surveys"),
        (
            of_factor(path=f"regimes.{LIST}.practice.learns_when_refused", low=0, high=1),
            "is no number\n  got: study.yaml:",
        ),
        (of_factor(path="title", low=0, high=1), '"title" is no number'),
        ({"factors": {"=f": {"path": DETECTION, "values": [1]}}}, "cannot be called so"),
        ({"factors": {"listed": {"path": DETECTION, "values": [1]}}}, "is a factor and an outcome"),
        (
            {"factors": {n: {"path": TERM, "values": [1]} for n in ("a", "b")}},
            'factors.b: "b" and "a" move the same value',
        ),
        ({"assumptions": ["nothing.*"]}, 'assumptions, row 1: no assumption fits "nothing.*"'),
        ({"factors": {"notice": {"path": TERM}}, "assumptions": "all"}, 'is called "notice" too'),
        ({"sampler": {"method": "lhs"}}, "sampler: lhs needs cases\n  try: cases: 256"),
        ({"sampler": {"method": "saltelli", "cases": 8}}, "saltelli does not take cases"),
        ({"sampler": {"method": "saltelli", "base": 48}}, "base: 64"),
        ({"sampler": {"method": "morris", "trajectories": 4, "levels": 5}}, "levels of morris"),
        ({"sampler": {"method": "latin", "cases": 8}}, "unknown word\n  got: latin"),
        ({"groups": {"g": ["*"]}}, "factors move together in saltelli and morris only"),
        (
            {"sampler": {"method": "saltelli", "base": 8}, "groups": {"g": ["x*"]}},
            'groups.g, row 1: no factor fits "x*"',
        ),
        (
            {"sampler": {"method": "saltelli", "base": 8}, "groups": {"g": ["*"], "h": ["term"]}},
            '"term" is in two groups\n  got: g and h',
        ),
        ({"outcomes": ["listed", "listed"]}, 'outcomes, row 1: outcome "listed" is there twice'),
        ({"outcomes": ["wrongful_moths"]}, 'did you mean "wrongful_months"?'),
        ({"outcomes": ["listed on a-list"]}, "this is no outcome"),
        ({"outcomes": ["listed in b-list"]}, 'no regime "b-list" in this study'),
        ({"outcomes": ["listed for age=old"]}, 'cannot be split by "age"'),
        ({"outcomes": ["listed for sex=men"]}, 'sex has no category "men"'),
        ({"outcomes": [f"systems_holding in {LIST}"]}, "systems_holding is of all regimes"),
        ({"months": 9}, "months: the study has 6 months\n  got: 9"),
        ({"study": "studi.yaml"}, "sweep.yaml:3: study: no such file"),
        ({"study": "judgment-detors"}, 'did you mean "judgment-debtors"?'),
        ({"replication": 3}, 'unknown key "replication"'),
        ({"worst": 0}, "worst: this does not fit here"),
    ],
)
def test_bad_sweeps_are_told(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    assert said in message(tmp_path, **change)


def test_a_study_without_ranges_has_nothing_to_vary(tmp_path: Path) -> None:
    from small import listing_study, study_text

    file = listing_study(tmp_path, 12, LIST)
    (tmp_path / "study.yaml").write_text(file.text)
    with pytest.raises(ScslabError) as error:
        make_plan(sweep_on_disk(tmp_path, factors={}, assumptions="all"))
    assert "nothing varies\n  why: small and its regimes have no value with a range" in str(
        error.value
    )
    assert study_text


def test_settings_of_the_caller_are_told_as_theirs(tmp_path: Path) -> None:
    swept_study(tmp_path)
    path = str(tmp_path / "study.yaml")
    for arguments, said in (
        ((path, False, None, None, {}), "has no sweep of its own"),
        (("judgment-detors", False, None, None, {}), 'no sweep or study "judgment-detors"'),
        ((path, True, "latin", None, {}), '--method: no method "latin"'),
        ((path, True, "list", None, {}), "--method: a list needs a sweep file"),
        ((path, True, "one-at-a-time", 9, {}), "--size: the size of one-at-a-time follows from"),
    ):
        with pytest.raises(ScslabError) as error:
            planned(*arguments)
        assert said in str(error.value)


@pytest.mark.parametrize("what", ["--list", "--print-slurm"])
@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("listed in nosuch", 'no regime "nosuch" in this study'),
        ("listed for sex=purple", 'sex has no category "purple"'),
    ],
)
def test_nothing_is_printed_that_could_not_run(
    tmp_path: Path, what: str, outcome: str, said: str
) -> None:
    swept_study(tmp_path)
    app = typer.Typer()
    app.command()(command)
    call = [str(tmp_path / "study.yaml"), "--assumptions", "--size", "4", what]
    found = CliRunner().invoke(app, [*call, "--outcome", outcome])
    assert isinstance(found.exception, ScslabError)
    assert said in str(found.exception)
    assert found.output == ""
    good = CliRunner().invoke(app, call, catch_exceptions=False)
    assert good.exit_code == 0 and good.output


def test_few_cases_have_no_share_of_them_told(tmp_path: Path) -> None:
    swept_study(tmp_path)
    found = sweep(sweep_on_disk(tmp_path))
    said = told(found, tmp_path / "out")
    assert "entries (count): mean" in said and "of 8 cases" in said
    assert "90 %" not in said
    more = sweep(sweep_on_disk(tmp_path, sampler={"method": "lhs", "cases": 10}))
    assert "90 % of the cases" in told(more, tmp_path / "out")


@pytest.mark.parametrize(
    ("method", "size", "cases"),
    [("lhs", 30, 30), ("sobol", 30, 16), ("saltelli", 90, 80), ("morris", 90, 90)],
)
def test_about_so_many_cases(tmp_path: Path, method: str, size: int, cases: int) -> None:
    swept_study(tmp_path)
    plan = planned(str(tmp_path / "study.yaml"), True, method, size, {})
    assert plan.design.cases == cases  # of 8 factors


def test_another_sweep_is_not_mixed_in(tmp_path: Path) -> None:
    swept_study(tmp_path)
    out = tmp_path / "out"
    sweep(sweep_on_disk(tmp_path), out=out, cases="1-2")
    before = sorted(p.name for p in out.rglob("*"))
    with pytest.raises(ScslabError) as error:
        sweep(sweep_on_disk(tmp_path, seed=2), out=out)
    said = str(error.value)
    assert said.startswith(f"{out}: this folder belongs to another sweep\n  got: fingerprint ")
    assert "name another folder with --out, or begin anew with --restart" in said
    assert sorted(p.name for p in out.rglob("*")) == before
    with pytest.raises(ScslabError, match="6 of 8 cases have not been run"):
        gather_sweep(small_plan(tmp_path), out)
    sweep(sweep_on_disk(tmp_path, seed=2), out=out, restart=True)
    assert len(list((out / "cases").iterdir())) == 8


def test_a_sweep_of_which_nothing_was_run_gives_way(tmp_path: Path) -> None:
    """Who mends a mistake that the first case has shown need not clear anything away."""
    swept_study(tmp_path)
    out = tmp_path / "out"
    sweep(sweep_on_disk(tmp_path), out=out, cases="1")
    (out / "cases" / "000001.json").unlink()
    found = sweep(sweep_on_disk(tmp_path, seed=2), out=out, cases=[1])
    assert json.loads((out / "manifest.json").read_text())["fingerprint"] == found.mark
    assert "seed: 2" in (out / "sweep.yaml").read_text()


def test_nothing_is_gathered_where_there_is_no_sweep(tmp_path: Path) -> None:
    swept_study(tmp_path)
    with pytest.raises(ScslabError, match="there is no sweep here"):
        gather_sweep(small_plan(tmp_path), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_two_machines_may_begin_at_the_same_time(tmp_path: Path) -> None:
    swept_study(tmp_path)
    out = tmp_path / "out"
    (out / "cases").mkdir(parents=True)  # the other one has come so far
    (out / ".manifest.json.77").write_text("{")
    assert len(sweep(sweep_on_disk(tmp_path), out=out, cases="8").values) == 1


def test_numbers_of_cases_are_checked(tmp_path: Path) -> None:
    swept_study(tmp_path)
    for cases in ([9], [0], [-1], "9", "a"):
        with pytest.raises(ScslabError, match="cases: "):
            sweep(sweep_on_disk(tmp_path), cases=cases)


def test_a_sweep_file_is_checked_as_a_whole(tmp_path: Path) -> None:
    swept_study(tmp_path)
    sweep_on_disk(tmp_path)
    assert checked_sweep(str(tmp_path / "sweep.yaml")) == (
        "sweep small is sound (8 cases of 2 factors of study small)"
    )


def test_a_changed_study_is_another_sweep(tmp_path: Path) -> None:
    swept_study(tmp_path)
    out = tmp_path / "out"
    sweep(sweep_on_disk(tmp_path), out=out, cases="1")
    text = (tmp_path / "study.yaml").read_text()
    (tmp_path / "study.yaml").write_text(text.replace('"value": 0.6', '"value": 0.61'))
    with pytest.raises(ScslabError, match="belongs to another sweep"):
        sweep(sweep_on_disk(tmp_path), out=out)


def test_missing_cases_are_named(tmp_path: Path) -> None:
    swept_study(tmp_path)
    out = tmp_path / "out"
    sweep(sweep_on_disk(tmp_path), out=out, cases="2-4,7")
    with pytest.raises(ScslabError) as error:
        gather_sweep(small_plan(tmp_path), out)
    assert str(error.value) == (
        f"{out}: 4 of 8 cases have not been run\n  got: missing 1,5-6,8\n  try: --cases 1,5-6,8"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("half of it", "the file of a case cannot be read"),
        ('{"case": 2, "fingerprint": "x", "values": [[[1]]]}', "the file of a case cannot be"),
        ("OTHER", "this case was run by another sweep"),
    ],
)
def test_broken_cases_are_told(tmp_path: Path, text: str, said: str) -> None:
    swept_study(tmp_path)
    out = tmp_path / "out"
    sweep(sweep_on_disk(tmp_path), out=out, cases="2")
    path = out / "cases" / "000002.json"
    if text == "OTHER":
        text = json.dumps(json.loads(path.read_text()) | {"fingerprint": "other"})
    path.write_text(text)
    with pytest.raises(ScslabError, match=said):
        sweep(sweep_on_disk(tmp_path), out=out)


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    swept_study(tmp_path)
    out = tmp_path / "out"
    out.mkdir()
    (out / "letter.txt").write_text("dear")
    for restart in (False, True):
        with pytest.raises(ScslabError, match="this is not the folder of a sweep"):
            sweep(sweep_on_disk(tmp_path), out=out, restart=restart)
    (out / "manifest.json").write_text('{"schema": "run/1", "fingerprint": "x"}')
    with pytest.raises(ScslabError, match="this is not the folder of a sweep"):
        sweep(sweep_on_disk(tmp_path), out=out, restart=True)
    assert (out / "letter.txt").read_text() == "dear"


def test_the_schema_describes_every_key() -> None:
    schema = sweep_schema()
    shapes = [schema, *schema["$defs"].values()]
    keys = [(k, v) for shape in shapes for k, v in shape.get("properties", {}).items()]
    assert {"factors", "sampler", "path", "between"} - {k for k, _ in keys} == {"between"}
    assert all(v.get("description") for _, v in keys)
    assert set(sweep_data()) <= set(schema["properties"])
    assert share(0.1) and yes()
