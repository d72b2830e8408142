"""Trace one simulated person of a run: live through its months again, and follow one of them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scslab.core.calendar import month_text
from scslab.core.errors import ScslabError
from scslab.core.ledger import version
from scslab.core.story import CaseCount, Story
from scslab.core.tables import FLOWS, STOCKS
from scslab.lab.frames import rated_groups
from scslab.lab.loop import Tallies, run_months
from scslab.lab.run import Run, read_run
from scslab.lab.trace import compose
from scslab.lab.trace.behind import Library
from scslab.lab.trace.cases import ORDER, check_case, counts, picked
from scslab.lab.trace.census import Census
from scslab.lab.trace.follow import Follower
from scslab.lab.trace.observe import attended, watched
from scslab.lab.trace.teller import Teller
from scslab.lab.world import World, build_world
from scslab.study.read import read_study


@dataclass(frozen=True)
class Again:
    """A run whose months were lived through again, and who was listed or rewarded in it."""

    run: Run
    world: World
    found: np.ndarray
    workers: int
    shards: int | None


def live_again(folder: str | Path, threads: int | None = None, shards: int | None = None) -> Again:
    """Live through the months of a run again, and note who is listed or rewarded.

    Raises
    ------
    ScslabError
        Not a run folder, a file of it has changed, or the months come out differently here.
    """
    run = read_run(folder)
    world = attended(build_world(read_study(Path(folder)), int(run.manifest["seed"])))
    workers = threads or os.cpu_count() or 1
    census = Census(len(world.months))
    tallies = run_months(world, workers, shards, stages=watched(census))
    check_same(run, world, tallies, folder)
    return Again(run, world, census.table(), workers, shards)


def check_same(run: Run, world: World, tallies: Tallies, folder: str | Path) -> None:
    """The months lived again must give every count of the run.

    This is stricter than comparing fingerprints, and holds for runs of another size too.

    Raises
    ------
    ScslabError
        They do not, most likely because another version made the run.
    """
    names = [*FLOWS, *STOCKS]
    same = run.manifest["regimes"] == [regime.id for regime in world.regimes]
    same = same and set(names) <= set(run.tallies.columns)
    for r, regime in enumerate(world.regimes if same else ()):
        rows = run.tallies.loc[(run.tallies["regime"] == regime.id).to_numpy(), names]
        groups = rated_groups(tallies, r)
        parts = (tallies.flows[:, r, groups], tallies.stocks[:, r, groups])
        again = np.concatenate(parts, axis=2).reshape(-1, len(names))
        same = same and np.array_equal(rows.to_numpy(), again)
    if not same:
        raise ScslabError(
            "the months of this run come out differently when they are lived again",
            where=str(folder),
            got=f"scslab {version()}; fingerprint {run.manifest['fingerprint']} was written by "
            f"scslab {run.manifest['versions']['scslab']}",
            why="a story is told by living through the same months once more",
            hint="trace it with the version that made it, or run the study again",
        )


def count_cases(
    folder: str | Path, regime: str | None = None, threads: int | None = None
) -> tuple[CaseCount, ...]:
    """How many stories of each case a run has.

    Raises
    ------
    ScslabError
        As `live_again`; no such regime.
    """
    again = live_again(folder, threads)
    return counts(again.found, again.world, regime)


def trace(
    folder: str | Path,
    case: str,
    pick: int = 1,
    regime: str | None = None,
    threads: int | None = None,
    shards: int | None = None,
) -> Story:
    """The story of one simulated person of a run.

    Parameters
    ----------
    folder : path
        A run folder.
    case : str
        A key of `cases.CASES`.
    pick : int
        Which of them, from 1, in the order that `cases.ORDER` tells.
    regime : str, optional
        Only listings and rewards of this regime.
    threads, shards : int, optional
        How the work is cut; the story does not depend on it.

    Raises
    ------
    ScslabError
        As `live_again`; no such case or regime, or fewer stories of it than `pick`.
    """
    check_case(case)
    if isinstance(pick, bool) or pick < 1:
        raise ScslabError("pick counts from 1", where="--pick", got=pick)
    return story_of(live_again(folder, threads, shards), case, pick, regime)


def story_of(again: Again, case: str, pick: int, regime: str | None = None) -> Story:
    """One story of a run that was lived through again.

    Raises
    ------
    ScslabError
        No such regime, or fewer stories of the case than `pick`.
    """
    row = picked(case, pick, again.found, again.world, regime)
    follower = Follower(int(row["subject"]), int(row["cell"]), int(row["record"]))
    run_months(again.world, again.workers, again.shards, stages=watched(follower))
    (of,) = (c for c in counts(again.found, again.world, regime) if c.name == case)
    return told(again, row, follower, of, pick, regime or "")


def told(
    again: Again, row: np.void, follower: Follower, of: CaseCount, pick: int, regime: str
) -> Story:
    """The story in words."""
    world, manifest = again.world, again.run.manifest
    library = Library(world)
    about = (follower.subject, follower.cell, follower.record, int(row["regime"]))
    teller = Teller(world, library, *about, bool(row["hardship"]))
    seen = [*follower.in_order(), *compose.standing(follower)]
    thread = compose.main_thread(teller, seen)
    steps = compose.steps(teller, thread)
    return Story(
        study=manifest["study"],
        title=manifest["title"],
        seed=int(manifest["seed"]),
        fingerprint=manifest["fingerprint"],
        version=version(),
        first_month=month_text(world.months[0]),
        last_month=month_text(world.months[-1]),
        case=of,
        regime=regime,
        pick=pick,
        order=ORDER,
        what=teller.what,
        subject=follower.subject,
        attributes=teller.attributes(follower.cell),
        steps=steps,
        facts=compose.facts(teller, thread, len(world.months) - 1),
        beside=compose.beside(teller, seen),
        systems=compose.systems(teller, steps),
        sources=library.cited([one for step in steps for one in step.rows]),
    )
