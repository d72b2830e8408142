"""The journal of a calibration: every evaluation on a line, so that a killed run goes on."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import numpy as np

from scslab.core.errors import ScslabError

SHAPE = "calibration-journal/1"
AGAIN = "begin anew with --restart, or move the file away"


class Journal:
    """A file of evaluations (JSON lines) of one problem.

    The first line names the problem by its fingerprint; each line after it holds the values that
    were tried, the moments they gave and the seconds it took. Numbers are written so that they
    are read back to the last bit. Lines stand in the order in which evaluations ended.

    Parameters
    ----------
    path : Path
        The file; it is made if it is not there.
    restart : bool
        Throw away what the file holds.
    """

    def __init__(self, path: Path, restart: bool = False) -> None:
        self.path = path
        self.restart = restart
        self.lock = threading.Lock()

    def open(self, mark: str, targets: int) -> dict[bytes, np.ndarray]:
        """What was evaluated before: bytes of the values -> moments f8[m].

        Raises
        ------
        ScslabError
            The journal is of another problem, is no journal, or cannot be read or written.
        """
        try:
            if self.restart or not self.path.exists() or not self.path.stat().st_size:
                return self.begin(mark)
            text = self.path.read_bytes()
        except OSError as error:
            raise self.unusable("the journal cannot be read or written", error.strerror) from error
        lines = text.split(b"\n")
        if len(lines) == 1:  # killed while it wrote the first line
            return self.begin(mark)
        if lines[-1]:  # killed while it wrote a line
            with self.path.open("r+b") as file:
                file.truncate(len(text) - len(lines[-1]))
        first, *rest = lines[:-1]
        self.check_first(self.parsed(first, 1), mark)
        return dict(self.entry(line, i, targets) for i, line in enumerate(rest, 2))

    def begin(self, mark: str) -> dict[bytes, np.ndarray]:
        """An empty journal of this problem."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        first = {"journal": SHAPE, "fingerprint": mark}
        self.path.write_text(json.dumps(first) + "\n", encoding="utf-8")
        return {}

    def add(self, values: np.ndarray, moments: np.ndarray, seconds: float) -> None:
        """Write one evaluation down, at once."""
        entry = {"values": values.tolist(), "moments": moments.tolist(), "s": round(seconds, 3)}
        line = json.dumps(entry) + "\n"
        try:
            with self.lock, self.path.open("a", encoding="utf-8") as file:
                file.write(line)
        except OSError as error:
            raise self.unusable("the journal cannot be written", error.strerror) from error

    def check_first(self, first: Any, mark: str) -> None:
        """The first line names a journal, and this problem."""
        if not isinstance(first, dict) or first.get("journal") != SHAPE:
            raise ScslabError(
                "this is not the journal of a calibration", where=f"{self.path}:1", expected=SHAPE
            )
        if first.get("fingerprint") != mark:
            raise ScslabError(
                "this journal belongs to another calibration",
                where=str(self.path),
                got=f"fingerprint {first.get('fingerprint')}",
                expected=f"fingerprint {mark}",
                why="the study, the wave, the targets, the seed, the number of persons "
                "or the version has changed",
                hint=AGAIN,
            )

    def entry(self, line: bytes, number: int, targets: int) -> tuple[bytes, np.ndarray]:
        """One evaluation: its key and its moments."""
        found = self.parsed(line, number)
        try:
            values = np.array(found["values"], dtype=float)
            moments = np.array(found["moments"], dtype=float)
        except (KeyError, TypeError, ValueError) as error:
            raise self.broken(number) from error
        if moments.shape != (targets,):
            raise self.broken(number)
        return values.tobytes(), moments

    def parsed(self, line: bytes, number: int) -> Any:
        """A line as data."""
        try:
            return json.loads(line)
        except ValueError as error:  # not JSON, or not UTF-8
            raise self.broken(number) from error

    def broken(self, number: int) -> ScslabError:
        """A line within the journal that cannot be read."""
        return ScslabError(
            "this line of the journal cannot be read",
            where=f"{self.path}:{number}",
            hint=f"remove the line, or {AGAIN}",
        )

    def unusable(self, what: str, reason: str | None) -> ScslabError:
        """A file that the system refuses."""
        return ScslabError(what, where=str(self.path), got=reason)
