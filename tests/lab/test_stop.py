"""Stopped by the user, or by a full disk: one message, exit code 1, nothing left behind."""

import signal
import subprocess
import sys
import time

import pytest

from small import BREACH, everything, listing_study, monthly, places, run

MAIN = "from scslab.cli.main import main; main()"
LIMITED = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))
"""


def command(code: str, *args: str) -> list[str]:
    return [sys.executable, "-c", code, *args]


def left(folder) -> list[str]:
    """All that lies in a folder, hidden files too."""
    return sorted(p.name for p in folder.iterdir())


def on_disk(file, folder):
    """The study's text where the command finds it, beside its regimes."""
    (folder / "study.yaml").write_text(file.text, encoding="utf-8")
    return str(folder / "study.yaml")


@pytest.mark.parametrize("size", [0, 500, 15_000, 100_000])
def test_a_full_disk_is_one_message_and_leaves_nothing(tmp_path, size):
    """Too full for anything, for the study's copy, for a table, for the report."""
    file = everything(tmp_path)
    run(file)  # kernels are compiled before the disk is full
    path = on_disk(file, tmp_path)
    before = left(tmp_path)
    code = LIMITED.format(size=size) + MAIN
    args = ("simulate", path, "--seed", "1", "--threads", "1", "--out", str(tmp_path / "run"))
    done = subprocess.run(command(code, *args), capture_output=True, text=True, timeout=120)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("error:") == 1
    assert "the folder could not be written" in done.stderr
    assert "File too large" in done.stderr
    assert left(tmp_path) == before


@pytest.mark.parametrize("threads", [1, 2])
def test_a_stop_by_the_user_leaves_nothing(tmp_path, threads):
    rate = {BREACH: {"rate": monthly(0.3)}}
    file = listing_study(tmp_path, 6, persons=400_000, length=600, conduct=rate, margins=places(20))
    path = on_disk(file, tmp_path)
    before = left(tmp_path)
    args = ("simulate", path, "--seed", "1", "--threads", str(threads))
    running = subprocess.Popen(
        command(MAIN, *args, "--out", str(tmp_path / "run")),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for_months(tmp_path, running)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
    finally:
        running.kill()
    assert left(tmp_path) == before
    assert "Traceback" not in said
    assert running.returncode == 1, said
    assert "stopped: nothing was written" in said


def wait_for_months(folder, running) -> None:
    """Wait until the run has got through some months."""
    for _ in range(1200):
        found = list(folder.glob(".run.partial-*/progress.jsonl"))
        if found and found[0].read_text().count("\n") >= 3:
            return
        assert running.poll() is None, running.communicate()
        time.sleep(0.05)
    pytest.fail("no month was finished within a minute")
