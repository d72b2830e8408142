"""A killed calibration goes on and ends with the same bits, on any number of threads."""

import json
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scslab.core.errors import ScslabError
from scslab.lab.calibrate.fit import Fit, fit
from scslab.lab.calibrate.journal import Journal
from scslab.lab.calibrate.problem import Problem

SLOPES = np.random.default_rng(5).normal(size=(12, 8))
TRUTH = np.random.default_rng(6).uniform(-1, 1, 8)


class KilledError(Exception):
    pass


class Simulator:
    """Counts its calls; dies at one of them."""

    def __init__(self, dies: int = 10**9) -> None:
        self.calls = 0
        self.dies = dies
        self.lock = threading.Lock()

    def __call__(self, values: np.ndarray) -> np.ndarray:
        with self.lock:
            self.calls += 1
            if self.calls >= self.dies:
                raise KilledError
        return np.tanh(SLOPES @ values / 3)


def problem(simulator: Simulator, about: str = "seed 1") -> Problem:
    return Problem(
        tuple("abcdefgh"),
        np.zeros(8),
        np.full(8, -2.0),
        np.full(8, 2.0),
        tuple(f"K{i:02}" for i in range(12)),
        np.tanh(SLOPES @ TRUTH / 3),
        np.full(12, 0.01),
        simulator,
        about=about,
    )


def same(one: Fit, other: Fit) -> bool:
    assert one.slopes is not None and other.slopes is not None
    return (
        one.values.tobytes() == other.values.tobytes()
        and one.moments.tobytes() == other.moments.tobytes()
        and one.slopes.tobytes() == other.slopes.tobytes()
        and (one.evaluations, one.stopped) == (other.evaluations, other.stopped)
    )


@pytest.mark.parametrize("threads", [2, 5])
def test_threads_change_no_bit(threads: int) -> None:
    assert same(fit(problem(Simulator())), fit(problem(Simulator()), threads=threads))


@pytest.mark.parametrize(("dies", "threads"), [(2, 1), (7, 1), (15, 2), (24, 3)])
def test_a_killed_run_goes_on(tmp_path: Path, dies: int, threads: int) -> None:
    whole = fit(problem(Simulator()))
    path = tmp_path / "calibrate.jsonl"
    with pytest.raises(KilledError):
        fit(problem(Simulator(dies)), journal=Journal(path), threads=threads)
    done = len(path.read_text().splitlines()) - 1
    assert dies - threads <= done < dies
    rest = Simulator()
    resumed = fit(problem(rest), journal=Journal(path), threads=threads)
    assert same(whole, resumed)
    assert rest.calls == resumed.computed == whole.evaluations - done
    again = Simulator()
    assert same(whole, fit(problem(again), journal=Journal(path)))
    assert again.calls == 0


def test_a_limit_on_evaluations_stops_a_resumed_run_at_the_same_place(tmp_path: Path) -> None:
    whole = fit(problem(Simulator()), evaluations=30)
    path = tmp_path / "j"
    with pytest.raises(KilledError):
        fit(problem(Simulator(20)), journal=Journal(path), evaluations=30)
    assert same(whole, fit(problem(Simulator()), journal=Journal(path), evaluations=30))
    # With a higher limit it goes on from there.
    more = Simulator()
    further = fit(problem(more), journal=Journal(path))
    assert same(further, fit(problem(Simulator())))
    assert more.calls < further.evaluations


def test_a_half_written_last_line_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "j"
    whole = fit(problem(Simulator()), journal=Journal(path))
    text = path.read_bytes()
    path.write_bytes(text[:-9])
    simulator = Simulator()
    assert same(whole, fit(problem(simulator), journal=Journal(path)))
    assert simulator.calls == 1
    assert [values_of(line) for line in path.read_bytes().splitlines()[1:]] == [
        values_of(line) for line in text.splitlines()[1:]
    ]
    path.write_bytes(text[:20])  # killed in the first line
    assert same(whole, fit(problem(Simulator()), journal=Journal(path)))


def values_of(line: bytes) -> tuple[list[float], list[float]]:
    entry = json.loads(line)
    return entry["values"], entry["moments"]


def test_a_journal_of_another_calibration_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "j"
    fit(problem(Simulator()), journal=Journal(path), evaluations=3)
    before = path.read_bytes()
    other = problem(Simulator(), about="seed 2")
    with pytest.raises(ScslabError) as error:
        fit(other, journal=Journal(path))
    assert str(error.value).startswith(f"{path}: this journal belongs to another calibration")
    assert "try: begin anew with --restart" in str(error.value)
    assert path.read_bytes() == before
    fit(other, journal=Journal(path, restart=True), evaluations=3)
    assert json.loads(path.read_text().splitlines()[0])["fingerprint"] == other.mark


def test_new_ranges_and_printed_values_use_the_old_evaluations(tmp_path: Path) -> None:
    path = tmp_path / "j"
    one = problem(Simulator())
    first = fit(one, journal=Journal(path), evaluations=20)
    simulator = Simulator()
    changed = replace(one, moments=simulator, printed=one.printed + 0.001)
    assert fit(changed, journal=Journal(path), evaluations=1).evaluations == 1
    assert simulator.calls == 0
    assert first.evaluations <= 20


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"runs": 3}\n', "j:1: this is not the journal of a calibration"),
        ("hello\nworld\n", "j:1: this line of the journal cannot be read"),
        ("FIRST\n{}\n", "j:2: this line of the journal cannot be read"),
        ('FIRST\n{"values": [1], "moments": [2]}\n', "j:2: this line of the journal"),
        ("FIRST\n\x00\x00\nx\n", "j:2: this line of the journal cannot be read"),
    ],
)
def test_bad_journals_are_told(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "j"
    first = {"journal": "calibration-journal/1", "fingerprint": problem(Simulator()).mark}
    path.write_text(text.replace("FIRST", json.dumps(first)))
    with pytest.raises(ScslabError) as error:
        fit(problem(Simulator()), journal=Journal(path))
    assert str(error.value).startswith(f"{tmp_path}/{sentence}")


def test_a_journal_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScslabError, match="the journal cannot be read or written"):
        fit(problem(Simulator()), journal=Journal(tmp_path))


def test_moments_that_are_not_finite_are_read_back(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j")
    journal.open("m", 2)
    journal.add(np.array([1.5]), np.array([np.nan, 0.1]), 0.2)
    known = journal.open("m", 2)
    assert list(known) == [np.array([1.5]).tobytes()]
    assert np.array_equal(known[np.array([1.5]).tobytes()], [np.nan, 0.1], equal_nan=True)
