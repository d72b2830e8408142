"""The folder of a comparison: whole or not there at all, and every figure of it with its hash."""

import json
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest
from trials import two_systems

from scslab.api.trials import compare
from scslab.core.errors import ScslabError
from scslab.core.files import sha256
from scslab.lab.frames import read_parquet
from scslab.study.read import read_study
from small import places

FILES = [
    "changes.csv",
    "differences.csv",
    "frontier.csv",
    "harm.csv",
    "ranking.csv",
    "regimes/first/regime.yaml",
    "regimes/second/regime.yaml",
    "report.html",
    "safeguards/short.yaml",
    "safeguards/slow.yaml",
    "seeds.parquet",
    "study.yaml",
]
SIDES = ["none", "short", "short+slow"]
# The command, also before it has its place among the others.
MAIN = """
from scslab.cli import main
from scslab.cli.compare import compare
if all(one.callback is not compare for one in main.app.registered_commands):
    main.app.command()(compare)
main.main()
"""


def left(folder):
    return sorted(p.name for p in folder.iterdir())


def test_what_is_written(tmp_path):
    out = tmp_path / "deep" / "out"
    trial = compare(two_systems(tmp_path), safeguards=SIDES, seeds=3, threads=2, out=out)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest == json.loads(json.dumps(trial.manifest))
    assert manifest["synthetic"] is True
    assert manifest["schema"] == "compare/1"
    assert manifest["seeds"] == [1, 2, 3]
    assert [side["label"] for side in manifest["sides"]] == SIDES
    assert manifest["sides"][2]["safeguards"] == ["short", "slow"]
    changed = [side["rules_sha256"] for side in manifest["sides"]]
    assert changed[0]["first"] != changed[1]["first"] == changed[2]["first"]
    assert changed[0]["second"] == changed[1]["second"] != changed[2]["second"]
    assert manifest["versions"]["scslab"]
    assert sorted(manifest["outputs"]) == FILES
    for name, digest in manifest["outputs"].items():
        assert sha256(out / name) == digest
    found = sorted(p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file())
    assert found == sorted([*FILES, "manifest.json"])


def test_tables_say_what_the_trial_says(tmp_path):
    out = tmp_path / "out"
    trial = compare(two_systems(tmp_path), safeguards=SIDES, seeds=3, threads=1, out=out)
    pairs = pd.read_csv(out / "differences.csv")
    assert len(pairs) == len(trial.pairs)
    pd.testing.assert_frame_equal(pairs, trial.pairs, check_dtype=False, rtol=1e-9)
    pd.testing.assert_frame_equal(
        pd.read_csv(out / "harm.csv"), trial.harms, check_dtype=False, rtol=1e-9
    )
    seeds = read_parquet(out / "seeds.parquet")
    assert len(seeds) == trial.values.amount.size
    mine = seeds[
        (seeds["quantity"] == "listed_months")
        & (seeds["regime"] == "first")
        & (seeds["by"] == "all")
        & (seeds["safeguard"] == "short")
    ]
    row = trial.values.row("listed_months", "first")
    assert mine["amount"].tolist() == trial.values.amount[row, 1].tolist()
    ranking = pd.read_csv(out / "ranking.csv")
    first = ranking[ranking["quantity"] == "listed_months"].reset_index(drop=True)
    pd.testing.assert_frame_equal(first, trial.ranking("listed_months"), check_dtype=False)
    frontier = pd.read_csv(out / "frontier.csv")
    assert set(frontier["compliance"]) == {"breaches", "breaches_listed", "performed_share"}


def test_changed_rows_name_their_law(tmp_path):
    trial = compare(two_systems(tmp_path), safeguards=SIDES, seeds=2, threads=1)
    rows = trial.changes.to_dict("records")
    short = [row for row in rows if row["safeguard"] == "short"]
    assert [(row["regime"], row["path"]) for row in short] == [("first", "lists.first-list.stays")]
    assert "9" in short[0]["before"] and "3" in short[0]["after"]
    assert (short[0]["kind"], short[0]["title"]) == ("law", "Made up for a test")


@pytest.mark.parametrize("sides", [["none", "notice", "short+slow"], ["notice+short", "none"]])
def test_the_written_folder_gives_the_same_again(tmp_path, sides):
    """The folder is a study with its regimes and safeguards: comparing it changes no number."""
    out = tmp_path / "out"
    first = compare(two_systems(tmp_path), safeguards=sides, seeds=2, threads=1, out=out)
    again = compare(read_study(out), safeguards=sides, seeds=2, threads=1)
    assert again.pairs.equals(first.pairs)
    assert (first.pairs["difference"] != 0).any()
    assert [s["rules_sha256"] for s in again.manifest["sides"]] == [
        s["rules_sha256"] for s in first.manifest["sides"]
    ]


def test_same_question_same_bytes(tmp_path):
    folders = [tmp_path / name for name in ("one", "two")]
    for folder, threads in zip(folders, (1, 3), strict=True):
        file = two_systems(tmp_path)
        compare(file, safeguards=SIDES, seeds=2, threads=threads, out=folder)
    manifests = [json.loads((f / "manifest.json").read_text()) for f in folders]
    assert manifests[0]["outputs"] == manifests[1]["outputs"]
    assert manifests[0]["fingerprint"] == manifests[1]["fingerprint"]


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(ScslabError, match="the output folder is not empty"):
        compare(two_systems(tmp_path), safeguards=SIDES, seeds=2, out=tmp_path / "out")
    assert left(tmp_path / "out") == ["mine.txt"]


def test_a_mistake_while_running_leaves_nothing(tmp_path):
    before = left(tmp_path)

    def stop(done, of):
        raise MemoryError

    file = two_systems(tmp_path)
    before = left(tmp_path)
    with pytest.raises(MemoryError):
        compare(file, safeguards=SIDES, seeds=9, threads=2, out=tmp_path / "out", progress=stop)
    assert left(tmp_path) == before


def command(file, folder, *words):
    (folder / "study.yaml").write_text(file.text, encoding="utf-8")
    sides = [word for side in SIDES for word in ("--safeguard", side)]
    return [sys.executable, "-c", MAIN, "compare", str(folder / "study.yaml"), *sides, *words]


def test_a_stop_by_the_user_leaves_nothing(tmp_path):
    file = two_systems(tmp_path, persons=300_000, length=600, margins=places(20))
    words = command(file, tmp_path, "--seeds", "50", "--threads", "2", "--out")
    before = left(tmp_path)
    running = subprocess.Popen(
        [*words, str(tmp_path / "out")], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert running.stderr is not None
        assert "building the society" in running.stderr.readline()
        for _ in range(1200):
            if list(tmp_path.glob(".out.partial-*")):
                break
            time.sleep(0.05)
        time.sleep(2)  # into the months of the first runs
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
    finally:
        running.kill()
    assert left(tmp_path) == before
    assert running.returncode == 1, said
    assert "stopped: nothing was written" in said
    assert "Traceback" not in said


def test_the_command_says_what_came_out(tmp_path):
    words = command(two_systems(tmp_path), tmp_path, "--seeds", "4", "--quiet", "--out")
    done = subprocess.run(
        [*words, str(tmp_path / "out")], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "A small study (synthetic)"
    assert "simulated persons 6,000" in lines[1]
    assert "seeds of each 4" in lines[1]
    (head,) = [line for line in lines if line.startswith("difference to none")]
    assert head.split()[3:] == ["none", "short", "short+slow"]
    (row,) = [line for line in lines if line.startswith("listed_months (months)")]
    assert row.count(" to -") == 2  # both intervals lie below zero
    assert any(line.startswith("ranking by wrongful_months: 1.") for line in lines)
    assert "so many times fewer than unpaired" in done.stdout
    assert lines[-1].endswith("out/report.html")
    assert done.stderr == ""


def test_the_command_tells_a_mistake_once(tmp_path):
    words = command(two_systems(tmp_path), tmp_path, "--seeds", "1", "--out")
    done = subprocess.run(
        [*words, str(tmp_path / "out")], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].strip().startswith("why: an interval comes from")
    assert done.stderr.count("error:") == 1
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()
