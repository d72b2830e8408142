"""The command as a user calls it: in a process of its own, with exit code and both streams."""

import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

import scslab

ROOT = Path(__file__).resolve().parents[2]
STUDY = (ROOT / "tests" / "bad_files" / "studies" / "valid.yaml").read_text(encoding="utf-8")
COMMAND = Path(sys.executable).with_name("scslab")
# Limits hold on an idle machine; a shared one may take twice as long.
HELP_SECONDS, IMPORT_SECONDS, SLOW_MACHINE = 0.5, 0.3, 2


class Done(NamedTuple):
    """How a call of the command ended."""

    code: int
    out: str
    err: str


def call(*words: str, cwd: Path) -> Done:
    """Call the command; no call may ever show a traceback."""
    done = subprocess.run(
        [COMMAND, *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | {"COLUMNS": "100", "NO_COLOR": "1"},
    )
    assert "Traceback" not in done.stderr + done.stdout
    return Done(done.returncode, done.stdout, done.stderr)


class Caller:
    """Calls the command in this process, which has its libraries loaded already."""

    def __init__(self, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self.capsys, self.patch = capsys, patch

    def __call__(self, *words: str, cwd: Path) -> Done:
        from scslab.cli.main import main

        self.patch.chdir(cwd)
        self.patch.setattr(sys, "argv", ["scslab", *words])
        handler = signal.getsignal(signal.SIGINT)
        try:
            with pytest.raises(SystemExit) as ended:
                main()
        finally:
            signal.signal(signal.SIGINT, handler)
        return Done(int(ended.value.code or 0), *self.capsys.readouterr())


@pytest.fixture
def call_here(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Caller:
    return Caller(capsys, monkeypatch)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with a small study."""
    (tmp_path / "small.yaml").write_text(STUDY, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """A folder in which the small study was run once."""
    folder = tmp_path_factory.mktemp("ran")
    (folder / "small.yaml").write_text(STUDY, encoding="utf-8")
    return folder, call("simulate", "small.yaml", "--seed", "3", "--out", "run", cwd=folder)


# --- how fast


def seconds(*words: str) -> float:
    """Median time of five calls."""
    times = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run(words, check=True, capture_output=True)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def test_help_comes_at_once() -> None:
    assert seconds(str(COMMAND), "--help") < HELP_SECONDS * SLOW_MACHINE


def test_import_costs_nothing() -> None:
    code = (
        "import sys, time; a = time.perf_counter(); import scslab; b = time.perf_counter();"
        "heavy = {'numba', 'numpy', 'pandas', 'altair', 'duckdb', 'pydantic', 'typer'};"
        "print(b - a, *sorted(heavy & set(sys.modules)))"
    )
    shown = [
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
        for _ in range(5)
    ]
    words = [done.stdout.split() for done in shown]
    assert statistics.median(float(w[0]) for w in words) < IMPORT_SECONDS * SLOW_MACHINE
    assert words[0][1:] == []


def test_names_come_on_first_use() -> None:
    assert dir(scslab) == scslab.__all__
    for name in scslab.__all__:
        assert getattr(scslab, name).__name__ == name
    with pytest.raises(AttributeError, match="module 'scslab' has no attribute 'simulat'"):
        _ = scslab.simulat


# --- calls that end well


def test_help_and_version(tmp_path: Path) -> None:
    found = call("--help", cwd=tmp_path)
    assert found.code == 0
    assert "Only synthetic persons are ever" in found.out
    for name in ("simulate", "list", "show", "plan", "check", "ask", "findings", "schema"):
        assert re.search(rf"^ +{name} ", found.out, re.MULTILINE), name
    assert call("--version", cwd=tmp_path) == Done(0, "scslab 0.5.0\n", "")


def test_list_names_studies_and_regimes(here: Path) -> None:
    (here / "studies" / "mine").mkdir(parents=True)
    (here / "studies" / "mine" / "study.yaml").write_text(STUDY, encoding="utf-8")
    found = call("list", cwd=here)
    assert (found.code, found.err) == (0, "")
    rows = [line.split()[0] for line in found.out.splitlines() if line.startswith("  ")]
    for name in (
        "judgment-debtors",
        "mine",
        "cn-rongcheng-points",
        "cn-sesame",
        "cn-spc-judgment-debtors",
    ):
        assert rows.count(name) == 1
    assert rows.index("mine") < rows.index("cn-sesame")


def test_show_says_the_rules_in_words(tmp_path: Path) -> None:
    found = call("show", "cn-spc-judgment-debtors", cwd=tmp_path)
    assert (found.code, found.err) == (0, "")
    assert found.out.startswith("List of dishonest judgment debtors\n====")
    assert "Not modelled" in found.out
    assert "24 months" in found.out


def test_show_on_a_day_leaves_out_what_does_not_hold(tmp_path: Path) -> None:
    before = call("show", "cn-spc-judgment-debtors", "--on", "2014-01-01", cwd=tmp_path)
    after = call("show", "cn-spc-judgment-debtors", "--on", "2018-01-01", cwd=tmp_path)
    assert (before.code, after.code) == (0, 0)
    assert "rules in force on 2014-01-01" in before.out
    assert "24 months" not in before.out
    assert "24 months" in after.out


def test_plan_shows_the_stages_in_order(here: Path) -> None:
    found = call("plan", "small.yaml", cwd=here)
    assert (found.code, found.err) == (0, "")
    assert re.findall(r"^  \d+\. ([a-z ]+) \(", found.out, re.MULTILINE) == [
        "enrolment",
        "conduct",
        "records",
        "human review",
        "rating",
        "consequences",
        "notice",
        "review",
        "exits",
        "learning",
        "relay",
    ]
    assert "at the end of 2017-06: survey wave (100 respondents)" in found.out


def test_check_says_what_is_sound(here: Path) -> None:
    found = call("check", "small.yaml", "cn-sesame", cwd=here)
    assert (found.code, found.err) == (0, "")
    first, second = found.out.splitlines()
    assert first == "small.yaml: study broken is sound (24 months; cn-spc-judgment-debtors)"
    assert re.fullmatch(
        r"cn-sesame: regime cn-sesame is sound \(\d+ values: \d+ published, \d+ press, "
        r"\d+ assumed; \d+ worked cases come out\)",
        second,
    )


@pytest.mark.parametrize(
    "kind, path",
    [
        ("study", "study"),
        ("regime", "regimes"),
        ("instrument", "survey/instrument"),
        ("wave", "study"),
        ("ledger", "evaluation/ledger"),
        ("paper", "evaluation/exhibits"),
        ("design", "lab/analyse"),
        ("analysis", "lab/analyse"),
    ],
)
def test_schema_is_the_shipped_one(kind: str, path: str, tmp_path: Path) -> None:
    found = call("schema", kind, cwd=tmp_path)
    assert found.code == 0
    shipped = ROOT / "src" / "scslab" / path / f"{kind}.schema.json"
    assert found.out == shipped.read_text(encoding="utf-8")


def test_simulate_prints_a_short_table(ran: tuple[Path, Done]) -> None:
    _, done = ran
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0] == "A study that each test breaks once (synthetic)"
    assert lines[1].startswith("1,000 simulated persons for ")
    assert lines[1].endswith("; 2016-01 to 2017-12; seed 3")
    assert re.fullmatch(
        r"cn-spc-judgment-debtors: \d+ entries \(\d+ wrongful\), \d+ exits, \d+ listed at the end "
        r"\(\d+ wrongly\)",
        lines[3],
    )
    assert "approve (weighted, 100 simulated respondents); the truth is" in lines[4]
    assert lines[6].split() == ["finding", "published", "simulated", "ratio", "role", "what"]
    assert lines[7].split()[0] == "S02"
    assert lines[-2:] == ["run:    run", "report: run/report.html"]


def test_progress_is_plain_lines_where_there_is_no_terminal(ran: tuple[Path, Done]) -> None:
    lines = ran[1].err.splitlines()
    assert lines[0] == "building the society and loading the rules"
    assert lines[-1] == "month 24 of 24"
    assert all(re.fullmatch(r"month \d+ of 24", line) for line in lines[1:])
    assert "\r" not in ran[1].err and "\033" not in ran[1].err


def test_the_run_folder_is_whole(ran: tuple[Path, Done]) -> None:
    folder = ran[0] / "run"
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert found == {
        "as-written/cn-spc-judgment-debtors/regime.yaml",
        "events.parquet",
        "histograms.parquet",
        "inspections.parquet",
        "manifest.json",
        "measures.parquet",
        "progress.jsonl",
        "regimes/cn-spc-judgment-debtors/regime.yaml",
        "report.html",
        "study.yaml",
        "survey-wave.parquet",
        "tallies.parquet",
    }
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["synthetic"] is True
    assert manifest["seed"] == 3
    assert set(manifest["outputs"]) == found - {"manifest.json"}
    assert [p.name for p in ran[0].iterdir() if p.name.startswith(".")] == []


def test_a_run_folder_can_be_run_again(ran: tuple[Path, Done]) -> None:
    scslab.simulate(scslab.read_study(ran[0] / "run"), seed=3, out=ran[0] / "again")
    for name in ("tallies", "measures", "histograms", "survey-wave"):
        first, again = (ran[0] / f / f"{name}.parquet" for f in ("run", "again"))
        assert first.read_bytes() == again.read_bytes(), name


def test_without_out_a_run_goes_to_a_new_folder_under_runs(here: Path, call_here: Caller) -> None:
    (here / "runs" / "broken-0").mkdir(parents=True)
    words = ("simulate", "small.yaml", "--seed", "0", "--months", "2", "--persons", "50", "--quiet")
    done = call_here(*words, cwd=here)
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("run:    runs/broken-0-2\nreport: runs/broken-0-2/report.html\n")
    assert (here / "runs" / "broken-0-2" / "manifest.json").is_file()


# --- wrong calls: exit code 2


@pytest.mark.parametrize(
    "words, message",
    [
        (["simulate", "small.yaml"], "Missing option '--seed'"),
        (["simulate", "small.yaml", "--seed", "one"], "Invalid value for '--seed'"),
        (["simulate", "--seed", "1"], "Missing argument 'STUDY'"),
        (["simulate", "small.yaml", "--seed", "1", "--sede", "2"], "No such option: --sede"),
        (["frobnicate"], "No such command 'frobnicate'"),
        (["check"], "Missing argument 'PATH...'"),
    ],
)
def test_wrong_call(words: list[str], message: str, here: Path) -> None:
    found = call(*words, cwd=here)
    assert (found.code, found.out) == (2, "")
    assert message in found.err
    assert "--help' for help" in found.err


# --- mistakes: exit code 1 and one message


@pytest.mark.parametrize(
    "words, message",
    [
        (
            ["small.yaml", "--persons", "0"],
            "error: persons must be a whole number from 1 on\n  got: 0\n",
        ),
        (
            ["small.yaml", "--months", "-3"],
            "error: months must be a whole number from 1 on\n  got: -3\n",
        ),
        (
            ["small.yaml", "--seed=-1"],
            "error: seed must be a whole number from 0 on\n  got: -1\n",
        ),
        (
            ["small.yaml", "--threads", "0"],
            "error: threads must be a whole number from 1 on\n  got: 0\n",
        ),
        (
            ["judgement-debtor"],
            'error: no study "judgement-debtor"\n  try: did you mean "judgment-debtors"?\n',
        ),
        (["nowhere/study.yaml"], "error: nowhere/study.yaml: no such file\n"),
        (
            ["small.yaml", "--out", "full"],
            "error: full: the output folder is not empty\n"
            "  try: name a new folder with --out, or empty this one\n",
        ),
        (
            ["small.yaml", "--out", "small.yaml"],
            "error: small.yaml: the output folder is a file\n",
        ),
    ],
)
def test_mistake_in_simulate(words: list[str], message: str, here: Path, call_here: Caller) -> None:
    (here / "full").mkdir()
    (here / "full" / "note.txt").write_text("mine", encoding="utf-8")
    found = call_here("simulate", "--seed", "1", "--quiet", *words, cwd=here)
    assert found == Done(1, "", message)
    assert sorted(p.name for p in here.rglob("*")) == ["full", "note.txt", "small.yaml"]


def test_a_mistake_in_a_process_of_its_own(here: Path) -> None:
    words = ("simulate", "small.yaml", "--seed", "1", "--persons", "0", "--quiet")
    assert call(*words, cwd=here) == Done(
        1, "", "error: persons must be a whole number from 1 on\n  got: 0\n"
    )


@pytest.mark.parametrize(
    "words, message",
    [
        (
            ["show", "cn-sesame", "--on", "2010-01-01"],
            "error: cn-sesame covers 2015-01-28 onward; 2010-01-01 was asked\n",
        ),
        (
            ["show", "cn-sesame", "--on", "2018-13-01"],
            "error: --on: there is no such day\n  got: 2018-13-01\n"
            "  expected: a day such as 2013-10-01\n",
        ),
        (
            ["show", "cn-sesam"],
            'error: no regime or safeguard "cn-sesam"\n  try: did you mean "cn-sesame"?\n',
        ),
        (
            ["plan", "judgement-debtor"],
            'error: no study "judgement-debtor"\n  try: did you mean "judgment-debtors"?\n',
        ),
        (
            ["schema", "studies"],
            'error: no schema "studies"\n  try: did you mean "study"?\n',
        ),
    ],
)
def test_mistake(words: list[str], message: str, tmp_path: Path, call_here: Caller) -> None:
    assert call_here(*words, cwd=tmp_path) == Done(1, "", message)


def test_check_goes_on_after_a_mistake(here: Path, call_here: Caller) -> None:
    broken = STUDY.replace("period: {", "perid: {")
    (here / "bad.yaml").write_text(broken, encoding="utf-8")
    found = call_here("check", "bad.yaml", "small.yaml", cwd=here)
    assert found.code == 1
    assert found.out.startswith("small.yaml: study broken is sound")
    assert 'bad.yaml:15: perid: unknown key "perid"\n  try: did you mean "period"?\n' in found.err


def test_check_of_a_regime_whose_case_does_not_come_out(tmp_path: Path, call_here: Caller) -> None:
    library = ROOT / "src" / "scslab" / "regimes" / "library" / "cn-sesame"
    folder = tmp_path / "cn-sesame"
    folder.mkdir()
    rules = (library / "regime.yaml").read_text(encoding="utf-8")
    (folder / "regime.yaml").write_text(rules, encoding="utf-8")
    cases = "- name: nobody has a thousand\n  on: 2018-01-01\n  person: {age: 30}\n  records: []\n"
    (folder / "cases.yaml").write_text(cases + "  expect: {score: 1000}\n", encoding="utf-8")
    found = call_here("check", str(folder), cwd=tmp_path)
    assert (found.code, found.out) == (1, "")
    assert 'case "nobody has a thousand" does not come out' in found.err


def test_check_knows_sweeps_and_safeguards(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    sweep = root / "studies" / "objection-desk" / "sweep.yaml"
    safeguard = root / "src" / "scslab" / "regimes" / "safeguards" / "notice.yaml"
    found = call("check", str(sweep), str(safeguard), cwd=tmp_path)
    assert (found.code, found.err) == (0, "")
    assert "sweep objection-desk is sound (256 cases of 6 factors of study " in found.out
    assert found.out.endswith("safeguard notice is sound\n")
