"""Why margins cannot be met: which margin and level, how far off, and what would do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from scslab.analysis.weighting.matching import Coded
from scslab.analysis.weighting.rounds import CapUnit, Raking, collapse, run_rounds
from scslab.core.errors import ScslabError

FEW_CELLS = 100_000  # the smallest cap is searched for only where a trial is quick
MANY_PAIRS = 4_000
NAMED = 5
TINY = 1e-12
UNITS: dict[CapUnit, str] = {"mean": "mean weights", "design": "times the start weight"}


@dataclass(frozen=True)
class Task:
    """What is raked: margins, start weights of mean 1 and how often each row counts (f8[n])."""

    coded: Sequence[Coded]
    start: np.ndarray
    copies: np.ndarray
    cap: float | None
    unit: CapUnit
    whose: str = ""

    @property
    def n(self) -> float:
        """Rows, or copies of rows."""
        return float(self.copies.sum())

    @property
    def room(self) -> np.ndarray:
        """What each row can carry at a cap of 1, f8[n]."""
        return self.copies * (self.start if self.unit == "design" else 1.0)


def check_cap(task: Task) -> None:
    """Every level can reach its target with all its respondents at the cap.

    Raises
    ------
    ScslabError
        One cannot: a level with n of N respondents weighs cap * n / N at most.
    """
    cap = task.cap
    if cap is None:
        return
    if not cap > 1:
        raise ScslabError(
            "a cap on weights must be above 1",
            got=cap,
            expected=f"a number of {UNITS[task.unit]}, such as 2.0",
        )
    for margin in task.coded:
        size = len(margin.target)
        most = cap * np.bincount(margin.code, task.room, size) / task.n
        short = margin.target - most
        if (short > TINY).any():
            at = int(np.argmax(short))
            count = np.bincount(margin.code, task.copies, size)[at]
            raise ScslabError(
                f'the cap of {cap:g} keeps "{margin.levels[at]}" from its target{task.whose}',
                where=f'margin "{margin.name}"',
                got=f"{count:,.0f} of {task.n:,.0f} respondents reach {most[at] * 100:.4g} % at "
                f"most; the target is {margin.target[at] * 100:.4g} %",
                hint=cap_hint(task),
            )


def cap_hint(task: Task) -> str:
    """What cap would do."""
    least = smallest_cap(task)
    if least is None:
        return "raise the cap, or join small categories"
    return f"a cap of {least:g} or more, or join small categories"


def smallest_cap(task: Task) -> float | None:
    """The smallest cap (rounded up to 0.01) under which the margins are met, by bisection.

    None where the margins cannot be met at all, or where trying takes long.
    """
    targets = [m.target for m in task.coded]
    sizes = [len(t) for t in targets]
    cells = collapse([m.code for m in task.coded], sizes, task.start, task.copies, capped=True)
    if len(cells.start) > FEW_CELLS:
        return None
    unit_limit = cells.start if task.unit == "design" else np.ones(len(cells.start))

    def meets(cap: float) -> float | None:
        limit = np.inf if math.isinf(cap) else cap * unit_limit
        weights, done = run_rounds(cells, targets, task.n, limit, 1e-7, 300)
        return float((weights / unit_limit).max()) if done.off <= 1e-7 else None

    enough = meets(math.inf)
    if enough is None:
        return None
    low, high = 1.0, enough
    while high - low > 0.005:
        middle = (low + high) / 2
        if meets(middle) is None:
            low = middle
        else:
            high = middle
    return math.ceil(high * 100) / 100


def unmet(task: Task, found: Raking) -> ScslabError:
    """The mistake of margins that the rounds did not meet."""
    coded, cap, whose = task.coded, task.cap, task.whose
    margin = coded[found.worst]
    carried = found.weights * task.copies
    shares = np.bincount(margin.code, carried, len(margin.target)) / carried.sum()
    at = int(np.argmax(margin.target - shares))  # the one that lacks most
    off = (
        f'"{margin.levels[at]}" comes to {shares[at] * 100:.4g} % and its target is '
        f"{margin.target[at] * 100:.4g} %: {abs(shares[at] - margin.target[at]) * 100:.3g} "
        f"points off after {found.rounds} rounds"
    )
    where = f'margin "{margin.name}"'
    why = conflict_of(coded, None)
    if why:
        return ScslabError(
            f"no weights of these respondents meet all margins{whose}",
            where=where,
            got=off,
            why=why,
            hint="join categories, or mend the targets",
        )
    if cap is not None:
        why = conflict_of(coded, cap * task.room / task.n)
        certain = found.stuck or why
        return ScslabError(
            f"the cap of {cap:g} keeps the margins from being met{whose}"
            if certain
            else f"the margins are not met yet under the cap of {cap:g}{whose}",
            where=where,
            got=off,
            why=why,
            hint=cap_hint(task) + ("" if certain else ", or more rounds"),
        )
    if found.stuck:
        return ScslabError(
            f"no weights of these respondents meet all margins{whose}",
            where=where,
            got=off,
            why="the rounds come back to the same weights: some combinations have no respondents",
            hint="join categories, or mend the targets",
        )
    return ScslabError(
        f"the margins are not met yet{whose}",
        where=where,
        got=off,
        why="raking slows down where weights of some combinations must go to 0",
        hint="more rounds, or join categories that few combine",
    )


def conflict_of(coded: Sequence[Coded], limit: np.ndarray | None) -> str:
    """Which two margins contradict each other for these respondents; "" if none do.

    `limit` f8[n] is the share of all weights that each row can carry, if there is a cap.
    """
    for one, other in combinations(coded, 2):
        shape = (len(one.target), len(other.target))
        if shape[0] * shape[1] > MANY_PAIRS:
            continue
        pair = one.code * shape[1] + other.code
        size = shape[0] * shape[1]
        if limit is None:
            room = np.where(np.bincount(pair, minlength=size) > 0, np.inf, 0.0)
        else:
            room = np.bincount(pair, limit, size)
        left, right, excess = bottleneck(room.reshape(shape), one.target, other.target)
        if excess > 1e-9:
            return tell_conflict(one, other, left, right, excess, limit is not None)
    return ""


def tell_conflict(
    one: Coded, other: Coded, left: np.ndarray, right: np.ndarray, excess: float, capped: bool
) -> str:
    """Which levels of one margin lie too narrowly in which levels of another."""
    if (
        not capped and (~left).sum() + (~right).sum() < left.sum() + right.sum()
    ):  # the same said from the other side, shorter
        one, other, left, right = other, one, ~right, ~left
    some, within = names(one, left), names(other, right)
    target, room = one.target[left].sum(), other.target[right].sum()
    if capped:
        return (
            f"at this cap {one.name} {some} reaches {(target - excess) * 100:.4g} % at most beside "
            f"the targets of {other.name}; its target is {target * 100:.4g} %"
        )
    return (
        f"all respondents of {one.name} {some} are of {other.name} {within}; the targets are "
        f"{target * 100:.4g} % and {room * 100:.4g} %, {excess * 100:.3g} points too many"
    )


def names(margin: Coded, which: np.ndarray) -> str:
    """Some levels by name."""
    chosen = [f'"{margin.levels[i]}"' for i in np.flatnonzero(which)]
    more = f" and {len(chosen) - NAMED} more" if len(chosen) > NAMED else ""
    return ", ".join(chosen[:NAMED]) + more


def bottleneck(
    room: np.ndarray, supply: np.ndarray, demand: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float]:
    """Whether shares of one margin fit into those of another: a largest flow (Edmonds and Karp).

    Parameters
    ----------
    room : f8[a, b]
        How much each combination can carry; 0 where nobody is.
    supply, demand : f8[a], f8[b]
        Targets of the two margins.

    Returns
    -------
    bool[a], bool[b], float
        Levels of the first margin that do not fit, those of the second they are bound to, and
        what is left over (0 where all fits).
    """
    flow = np.zeros_like(room)
    left, right = supply.copy(), demand.copy()
    while True:
        path, rows, columns = shortest_path(room - flow, flow, left, right)
        if not path:
            return rows, columns, float(left.sum())
        forward = path[::2]  # pairs (row, column) that gain; between them those that lose
        back = path[1::2]
        amount = min(
            left[path[0][0]],
            right[path[-1][1]],
            *(room[p] - flow[p] for p in forward),
            *(flow[p] for p in back),
        )
        for p in forward:
            flow[p] += amount
        for p in back:
            flow[p] -= amount
        left[path[0][0]] -= amount
        right[path[-1][1]] -= amount


Path = list[tuple[int, int]]


def shortest_path(
    spare: np.ndarray, flow: np.ndarray, left: np.ndarray, right: np.ndarray
) -> tuple[Path, np.ndarray, np.ndarray]:
    """A way for more flow, or the levels reached where there is none."""
    rows, columns = left > TINY, np.zeros(len(right), dtype=bool)
    to_column = np.full(len(right), -1)
    to_row = np.full(len(left), -1)
    fresh = np.flatnonzero(rows)
    while len(fresh):
        found = []
        for row in fresh:
            for column in np.flatnonzero((spare[row] > TINY) & ~columns):
                columns[column] = True
                to_column[column] = row
                if right[column] > TINY:
                    return traced(int(column), to_column, to_row), rows, columns
                for other in np.flatnonzero((flow[:, column] > TINY) & ~rows):
                    rows[other] = True
                    to_row[other] = column
                    found.append(other)
        fresh = np.array(found, dtype=np.int64)
    return [], rows, columns


def traced(column: int, to_column: np.ndarray, to_row: np.ndarray) -> Path:
    """The path that ends at a column, from its first row on."""
    path: Path = []
    while True:
        row = int(to_column[column])
        path.append((row, column))
        if to_row[row] < 0:
            return path[::-1]
        column = int(to_row[row])
        path.append((row, column))
