"""Evaluations of the simulator: on threads, never twice, within limits."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from scslab.core.errors import ScslabError
from scslab.lab.calibrate.journal import Journal
from scslab.lab.calibrate.problem import Problem


class Enough(Exception):  # noqa: N818  (a signal, not a mistake)
    """No more evaluations, or no more time."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Evaluator:
    """Asks for moments and remembers them.

    `asked` counts the different values asked for, whether computed now or read from the journal,
    so a limit on it stops a run that goes on at the same point as one that was never stopped.
    `computed` counts those computed now.
    """

    def __init__(
        self, problem: Problem, journal: Journal | None, threads: int, most: int, seconds: float
    ) -> None:
        self.problem = problem
        self.journal = journal
        self.threads = threads
        self.most = most
        self.reserve = 0
        self.began = time.monotonic()
        self.ends = self.began + seconds
        self.known = {} if journal is None else journal.open(problem.mark, len(problem.targets))
        self.seen: set[bytes] = set()
        self.computed = 0
        self.busy = 0.0
        self.told: Callable[[int], None] | None = None

    @property
    def asked(self) -> int:
        """How many different values were asked for."""
        return len(self.seen)

    def many(self, points: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Moments at each of several rounded points, in their order.

        Raises
        ------
        Enough
            Before it computes anything, if the limits do not allow it; in between, if the time
            is over (what was computed is kept).
        """
        keys = [point.tobytes() for point in points]
        wanted = dict(zip(keys, points, strict=True))
        if len(self.seen | set(wanted)) > self.most - self.reserve:
            raise Enough("evaluations")
        fresh = [point for key, point in wanted.items() if key not in self.known]
        if fresh:
            self.check_time(len(fresh) + self.reserve)
            began = time.monotonic()
            try:
                self.compute(fresh)
            finally:
                self.busy += time.monotonic() - began
                self.computed += sum(point.tobytes() in self.known for point in fresh)
        self.seen |= set(wanted)
        if self.told is not None:
            self.told(self.asked)
        return [self.known[key] for key in keys]

    def check_time(self, ahead: int) -> None:
        """Stop where what lies ahead would take longer than there is."""
        each = self.busy / self.computed if self.computed else 0.0
        if time.monotonic() + each * ahead > self.ends:
            raise Enough("time")

    def compute(self, points: list[np.ndarray]) -> None:
        """Compute the moments at some points, several at a time."""
        if self.threads == 1 or len(points) == 1:
            for point in points:
                self.one(point)
            return
        with ThreadPoolExecutor(self.threads) as pool:
            try:
                for found in [pool.submit(self.one, point) for point in points]:
                    found.result()
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise

    def one(self, point: np.ndarray) -> None:
        """Compute the moments at one point and write them down."""
        began = time.monotonic()
        if began > self.ends:
            raise Enough("time")
        moments = np.array(self.problem.moments(point.copy()), dtype=float)
        if moments.shape != self.problem.printed.shape:
            raise ScslabError(
                "the simulation gave the wrong number of moments",
                got=moments.shape,
                expected=str(len(self.problem.targets)),
            )
        if self.journal is not None:
            self.journal.add(point, moments, time.monotonic() - began)
        self.known[point.tobytes()] = moments
