"""Workers of a sweep: processes of their own that run the cases they are told.

A month is short work for the processor between much Python, so threads wait for each other; and a
process that starts the interpreter anew needs nothing of the script that called it. A worker reads
a pickled plan, then numbers of cases, a line each; it answers each with a line of JSON.
"""

from __future__ import annotations

import contextlib
import json
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from scslab.core.errors import ScslabError
from scslab.lab.sweep.plan import Plan
from scslab.lab.sweep.run import build, run_case
from scslab.lab.sweep.store import plain_number

FACTS = ("what", "where", "got", "expected", "why", "hint")
Found = tuple[int, np.ndarray, float]


def run_on_workers(plan: Plan, cases: Sequence[int], workers: int) -> Iterator[Found]:
    """Run cases on several processes; number, values and seconds of each, as they end.

    Raises
    ------
    ScslabError
        What is wrong with a case, or a worker that ended by itself.
    """
    todo: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in cases:
        todo.put(number)
    done: queue.SimpleQueue[Any] = queue.SimpleQueue()
    packed = pickle.dumps(plan)
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for _ in range(min(workers, len(cases))):
            processes.append(start())
            threading.Thread(
                target=serve, args=(processes[-1], packed, todo, done), daemon=True
            ).start()
        for _ in cases:
            answer = done.get()
            if isinstance(answer, Exception):
                raise answer
            yield answer
    finally:
        for process in processes:
            process.kill()
        for process in processes:
            process.wait()


def start() -> subprocess.Popen[bytes]:
    """A worker; it leaves Ctrl-C to the process that started it."""
    command = [sys.executable, "-m", "scslab.lab.sweep.worker"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def serve(
    process: subprocess.Popen[bytes],
    packed: bytes,
    todo: queue.SimpleQueue[int],
    done: queue.SimpleQueue[Any],
) -> None:
    """Hand a worker its plan and one case after the other, and pass on what it answers."""
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.write(len(packed).to_bytes(8, "little") + packed)
        while True:
            number = todo.get_nowait()
            process.stdin.write(f"{number}\n".encode())
            process.stdin.flush()
            line = process.stdout.readline()
            if not line.endswith(b"\n"):
                raise OSError
            done.put(answer_of(json.loads(line)))
    except queue.Empty:
        with contextlib.suppress(OSError):
            process.stdin.close()
    except (OSError, ValueError):
        done.put(
            ScslabError(
                "a worker of the sweep has ended by itself",
                why="most often there was not enough memory for several at a time",
                hint="--workers 1",
            )
        )


def answer_of(entry: dict[str, Any]) -> Found | ScslabError:
    """What a worker said."""
    if "error" in entry:
        facts = entry["error"]
        return ScslabError(facts.pop("what"), **facts)
    return entry["case"], np.array(entry["values"], dtype=float), float(entry["s"])


def work() -> None:
    """Be a worker: read the plan, then run each case that is named until no more are."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source = sys.stdin.buffer
    plan = pickle.loads(source.read(int.from_bytes(source.read(8), "little")))
    base = None
    for line in source:
        started = time.monotonic()
        try:
            base = base or build(plan)
            values = run_case(base, int(line))
        except ScslabError as error:
            say({"error": {fact: getattr(error, fact) for fact in FACTS}})
            continue
        plain = [[[plain_number(x) for x in step] for step in run] for run in values.tolist()]
        say({"case": int(line), "values": plain, "s": time.monotonic() - started})


def say(entry: dict[str, Any]) -> None:
    """Answer with a line."""
    sys.stdout.write(json.dumps(entry) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        work()
