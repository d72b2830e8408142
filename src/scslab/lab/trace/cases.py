"""The kinds of stories: whom they fit, how many there are, and in which order they come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scslab.core.errors import ScslabError, near
from scslab.core.story import CaseCount
from scslab.core.tables import CORRECTED, TRUE, UNTOLD
from scslab.lab.world import World

ORDER = (
    "those to whose listing most happened (told, objected, decided, performed, left), then the "
    "longest listed, then the earliest"
)


@dataclass(frozen=True)
class Case:
    """A kind of story: its name, what it is about, and the rows of the census that fit."""

    name: str
    says: str
    fits: Callable[[np.ndarray, np.ndarray], np.ndarray]


def wrong(found: np.ndarray, black: np.ndarray) -> np.ndarray:
    """On a blacklist for a record that is false, bool[n]."""
    fits: np.ndarray = black & (found["truth"] != TRUE)
    return fits


def right(found: np.ndarray, black: np.ndarray) -> np.ndarray:
    """On a blacklist for one's own act, bool[n]."""
    fits: np.ndarray = black & (found["truth"] == TRUE)
    return fits


def corrected(found: np.ndarray, black: np.ndarray) -> np.ndarray:
    """Wrongly on a blacklist, until that was corrected, bool[n]."""
    fits: np.ndarray = wrong(found, black) & (found["state"] == CORRECTED)
    return fits


CASES = {
    case.name: case
    for case in (
        Case("wrongly-listed", "put on a blacklist for a record that is false", wrong),
        Case("rightly-listed", "put on a blacklist for an act of their own", right),
        Case("corrected", "wrongly on a blacklist, until that was corrected", corrected),
        Case(
            "never-corrected",
            "wrongly on a blacklist, and not corrected: it ended otherwise, or stands at the end",
            lambda found, black: wrong(found, black) & (found["state"] != CORRECTED),
        ),
        Case(
            "never-told",
            "wrongly on a blacklist, and never told of it: by no notice and at no counter",
            lambda found, black: wrong(found, black) & (found["state"] == UNTOLD),
        ),
        Case(
            "late-correction",
            "wrongly on a blacklist, and corrected after the deadline for deciding objections",
            lambda found, black: corrected(found, black) & (found["late"] == 1),
        ),
        Case(
            "compounded",
            "wrongly on a blacklist for a false record that two or more systems hold",
            lambda found, black: wrong(found, black) & (found["systems"] > 1),
        ),
        Case(
            "hardship",
            "put on a blacklist for an act that hardship, such as an illness, brought about",
            lambda found, black: right(found, black) & (found["hardship"] == 1),
        ),
        Case(
            "rewarded",
            "put on a list of praise, or given a reward of the rules because of a record",
            lambda found, black: ~black,
        ),
    )
}


def check_case(name: str) -> None:
    """A case must be one of those known.

    Raises
    ------
    ScslabError
        With the nearest known case.
    """
    if name not in CASES:
        raise ScslabError(f'no case "{name}"', where="--case", hint=near(name, CASES))


def fitting(name: str, found: np.ndarray, world: World, regime: str | None) -> np.ndarray:
    """The rows of the census that fit a case, of one regime if it is named; FOUND[n]."""
    fits = CASES[name].fits(found, blacklisted(found, world))
    if regime is not None:
        fits = fits & (found["regime"] == regime_number(world, regime))
    kept: np.ndarray = found[fits]
    return kept


def regime_number(world: World, name: str) -> int:
    """The number of a regime in the study.

    Raises
    ------
    ScslabError
        The study has no such regime.
    """
    known = [regime.id for regime in world.regimes]
    if name not in known:
        raise ScslabError(
            f'no regime "{name}" in this run', where="--regime", hint=near(name, known)
        )
    return known.index(name)


def blacklisted(found: np.ndarray, world: World) -> np.ndarray:
    """Which rows are of blacklists, bool[n]; the others are of praise and rewards."""
    most = max([1, *(len(regime.lists) for regime in world.regimes)])
    black = np.zeros((len(world.regimes), most + 1), bool)  # the last column is of rewards
    for r, regime in enumerate(world.regimes):
        for j, rules in enumerate(regime.lists.values()):
            black[r, j] = rules.colour == "black"
    kept: np.ndarray = black[found["regime"], found["list"]]
    return kept


def counts(found: np.ndarray, world: World, regime: str | None) -> tuple[CaseCount, ...]:
    """How many stories of each case there are."""
    rows = {name: fitting(name, found, world, regime) for name in CASES}
    return tuple(
        CaseCount(name, CASES[name].says, len(np.unique(mine["subject"])), len(mine))
        for name, mine in rows.items()
    )


def in_order(found: np.ndarray, last: int) -> np.ndarray:
    """One row for each subject, the one to which most happened; `ORDER` says in which order.

    Parameters
    ----------
    last : int
        The study's last month, until which a listing that stands is counted.
    """
    months = np.where(found["left"] >= 0, found["left"], last + 1) - found["begun"]
    keys = (found["luck"], found["list"], found["regime"], found["subject"], found["begun"])
    ranked = found[np.lexsort((*keys, -months, -found["steps"].astype(np.int64)))]
    _, first = np.unique(ranked["subject"], return_index=True)
    kept: np.ndarray = ranked[np.sort(first)]
    return kept


def picked(name: str, pick: int, found: np.ndarray, world: World, regime: str | None) -> np.void:
    """The row of one story.

    Raises
    ------
    ScslabError
        There are fewer; the message says how many of each case there are.
    """
    ranked = in_order(fitting(name, found, world, regime), len(world.months) - 1)
    if pick <= len(ranked):
        row: np.void = ranked[pick - 1]
        return row
    of = f" in {regime}" if regime is not None else ""
    there = ", ".join(f"{c.name} {c.persons:,}" for c in counts(found, world, regime) if c.persons)
    raise ScslabError(
        f"no story of this case{of}"
        if not len(ranked)
        else f"the run has {len(ranked):,} of this case{of}",
        where="--case" if not len(ranked) else "--pick",
        got=name if not len(ranked) else pick,
        hint=f"there are: {there}" if there else "nobody was listed or rewarded in this run",
    )
