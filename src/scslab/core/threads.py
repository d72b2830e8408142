"""Who computes on how many threads.

The linear algebra under numpy and scipy starts threads for every product. On the small products of
a fit they wait for each other longer than they work: on a busy machine with two cores an inverse
of 24 x 24 took 105 ms instead of 0.1, a fit to 1,000,000 rows 12 s instead of 4. So fits hold it to
one thread and share out blocks of rows themselves.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache, reduce, wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

BLOCK = 8192  # rows that are worked on while they lie in the processor's cache
CHUNK = 16 * BLOCK  # rows that one thread takes at a time
MOST_WORKERS = 8


@cache
def controller() -> Any:
    """What holds the libraries of linear algebra that are loaded."""
    import numpy  # noqa: F401  (loaded first, so that the controller finds them)
    import scipy.linalg  # noqa: F401
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def calm(function: Callable[P, R]) -> Callable[P, R]:
    """A function whose linear algebra runs on one thread."""

    @wraps(function)
    def held(*args: P.args, **keys: P.kwargs) -> R:
        with one_thread():
            return function(*args, **keys)

    return held


@contextmanager
def one_thread() -> Iterator[None]:
    """Hold linear algebra to one thread; the last of several fits at a time lets it go again."""
    with LOCK:
        HELD.append(controller().limit(limits=1, user_api="blas") if not HELD else None)
    try:
        yield
    finally:
        with LOCK:
            if len(HELD) == 1:
                HELD[0].restore_original_limits()
                HELD.clear()
            else:
                HELD.pop()


LOCK = threading.Lock()
HELD: list[Any] = []  # the limit that was set by the first of those who hold it, then a None each


def blocks(n: int, start: int = 0) -> Iterator[slice]:
    """Slices over the rows from `start` to n."""
    for at in range(start, n, BLOCK):
        yield slice(at, min(at + BLOCK, n))


def add_up(n: int, part: Callable[[slice], tuple[Any, ...]]) -> tuple[Any, ...]:
    """The sums, over blocks of n rows, of what `part` gives for each.

    Sums are taken in the order of the rows whatever the number of threads, so they are the same
    to the last bit.

    Examples
    --------
    >>> add_up(3, lambda rows: (rows.stop - rows.start, 1.0))
    (3, 1.0)
    """
    starts = range(0, n, CHUNK)

    def of_chunk(start: int) -> tuple[Any, ...]:
        return reduce(added, map(part, blocks(min(start + CHUNK, n), start)))

    if len(starts) <= 1:
        return of_chunk(0)
    return reduce(added, workers().map(of_chunk, starts))


def added(one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
    """Two tuples of numbers and arrays, added place by place."""
    return tuple(a + b for a, b in zip(one, other, strict=True))


@cache
def workers() -> ThreadPoolExecutor:
    """The threads that take chunks of rows; an idle one costs nothing."""
    return ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_WORKERS))


if hasattr(os, "register_at_fork"):  # a forked child has the pool and none of its threads
    os.register_at_fork(after_in_child=workers.cache_clear)
