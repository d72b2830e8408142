"""Stopped by the user: one message, what was run is kept, and the same command goes on."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from small_sweep import sweep_on_disk, swept_study

# The command as `scslab` runs it.
MAIN = """
import signal, sys, typer
from scslab.cli.main import Stopped, fail, stop
from scslab.cli.sweep import sweep
from scslab.core.errors import ScslabError
app = typer.Typer(pretty_exceptions_enable=False)
app.command()(sweep)
signal.signal(signal.SIGINT, stop)
try:
    app()
except ScslabError as error:
    fail(f"error: {error.text()}")
except (Stopped, KeyboardInterrupt) as stopped:
    fail(f"stopped: {str(stopped) or 'nothing was written'}")
"""


def command(*words: str) -> list[str]:
    return [sys.executable, "-c", MAIN, *words]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_keeps_what_was_run(tmp_path: Path, workers: str) -> None:
    swept_study(tmp_path, persons=20_000)
    sweep_on_disk(tmp_path, sampler={"method": "lhs", "cases": 500})
    out = tmp_path / "out"
    words = [str(tmp_path / "sweep.yaml"), "--out", str(out), "--workers", workers]
    running = subprocess.Popen(command(*words), stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(2400):
            if len(list(out.glob("cases/*.json"))) >= 4:
                break
            assert running.poll() is None, running.communicate()
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
    finally:
        running.kill()
    assert running.returncode == 1, said
    assert "Traceback" not in said
    kept = len(list(out.glob("cases/*.json")))
    assert 4 <= kept < 500
    assert f"cases are in {out}; the same command without --restart goes on" in said
    assert not list(out.rglob(".*"))  # nothing half written
    assert not (out / "results.csv").exists()
    again = subprocess.run(
        command(*words, "--cases", "1-3"), capture_output=True, text=True, timeout=120
    )
    assert again.returncode == 0, again.stderr
    assert "of 500 cases are in" in again.stdout and "add --gather" in again.stdout
    assert len(list(out.glob("cases/*.json"))) <= kept + 3


def test_the_command_tells_what_came_out(tmp_path: Path) -> None:
    swept_study(tmp_path)
    sweep_on_disk(tmp_path, sampler={"method": "lhs", "cases": 40})
    path, out = str(tmp_path / "sweep.yaml"), str(tmp_path / "out")
    listed = subprocess.run(command(path, "--list"), capture_output=True, text=True, check=True)
    assert listed.stdout.startswith("case,detection,term\n1,") and listed.stdout.count("\n") == 41
    done = subprocess.run(
        command(path, "--out", out, "--quiet"), capture_output=True, text=True, check=True
    )
    assert "lhs: 40 cases of 2 factors, 40 runs of 600 persons" in done.stdout
    assert "  1. detection: rank correlation" in done.stdout
    assert f"report: {out}/report.html" in done.stdout
    script = subprocess.run(
        command(path, "--out", out, "--print-slurm", "--tasks", "8", "--seed", "1"),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "#SBATCH --array=1-8" in script
    assert f"scslab sweep {path} --seed 1 --out {out} --cases" in script
    wrong = subprocess.run(command(path, "--case", "1", "--gather"), capture_output=True, text=True)
    assert wrong.stderr == "error: --gather: --case and --gather do not go together\n"
