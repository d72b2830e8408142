"""Frames: from the tallies of a run, and to and from Parquet with the same bytes each time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from scslab.core.calendar import first_day, month_text
from scslab.core.tables import FLOWS, GRADES, STOCKS
from scslab.core.values import number_on, on
from scslab.lab.loop import Tallies
from scslab.lab.world import World


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame.

    One thread and the order of rows kept, so that the same frame gives the same bytes.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("frame", frame)
        target = str(path).replace("'", "''")
        try:
            connection.execute(
                f"COPY (SELECT * FROM frame) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
            )
        except duckdb.Error as error:
            raise OSError(f"{path.name}: {str(error).splitlines()[0]}") from error


def read_parquet(path: Path) -> pd.DataFrame:
    """Read a frame that `write_parquet` wrote."""
    with duckdb.connect(config={"threads": 1}) as connection:
        return connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).df()


def labelled(codes: np.ndarray, names: Sequence[str]) -> pd.Categorical:
    """Codes as a column of names, kept as codes: tallies have many rows and few names.

    What does not apply to a subject (the age of a firm) is left empty.
    """
    return pd.Categorical.from_codes(codes, list(names), ordered=True)


def group_columns(world: World, rows: np.ndarray) -> dict[str, pd.Categorical]:
    """The categories of some tally groups (by number) in each attribute."""
    return {
        name: labelled(codes[rows], world.society.attributes[name])
        for name, codes in world.society.group_codes.items()
    }


def tally_frame(world: World, tallies: Tallies) -> pd.DataFrame:
    """All counts, a row per regime, month and group that the regime ever rates."""
    months = [month_text(m) for m in world.months]
    names = [regime.id for regime in world.regimes]
    parts = []
    for r in range(len(names)):
        groups = rated_groups(tallies, r)
        rows = len(months) * len(groups)
        columns: dict[str, Any] = {
            "regime": labelled(np.full(rows, r), names),
            "month": labelled(np.repeat(np.arange(len(months)), len(groups)), months),
        }
        columns |= group_columns(world, np.tile(groups, len(months)))
        for stem, counts in (("flows", FLOWS), ("stocks", STOCKS)):
            table = getattr(tallies, stem)[:, r, groups].reshape(rows, -1)
            columns |= {c: table[:, i] for i, c in enumerate(counts)}
        table = tallies.grades[:, r, groups].reshape(rows, -1)
        columns |= {f"grade_{i + 1}": table[:, i] for i in range(GRADES)}
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def rated_groups(tallies: Tallies, r: int) -> np.ndarray:
    """The tally groups of which a regime has ever counted anything; all where there are none."""
    seen: np.ndarray = np.asarray(
        tallies.flows[:, r].any(axis=(0, 2))
        | tallies.stocks[:, r].any(axis=(0, 2))
        | tallies.grades[:, r].any(axis=(0, 2))
    )
    return np.flatnonzero(seen) if seen.any() else np.arange(len(seen))


COMES_OF = ("blacklist", "redlist", "score")


def measure_frame(world: World, tallies: Tallies) -> pd.DataFrame:
    """What was lived through: refused attempts of the listed, benefits of the graded.

    A row per regime, month, group and measure, and per list of the regime that has the measure;
    `comes_of` tells whether the list is one of sanctions or of praise, or whether a score earned
    it. Nobody is wrongly rewarded: those columns are 0 for what a score earns.
    """
    months = [month_text(m) for m in world.months]
    regimes = [regime.id for regime in world.regimes]
    names = list(
        dict.fromkeys(
            [name for _, _, name in world.effects] + [n for x in world.regimes for n in x.rewards]
        )
    )
    parts = []
    for e, (r, list_, name) in enumerate(world.effects):
        colour = list(world.regimes[r].lists.values())[list_].colour
        counts = (tallies.bitten, tallies.refused, tallies.wrongly_bitten, tallies.wrongly_refused)
        keys = (r, names.index(name), COMES_OF.index(f"{colour}list"))
        parts.append(measure_rows(keys, *(table[:, e] for table in counts)))
    for r, regime in enumerate(world.regimes):
        for name in regime.rewards:
            enjoyed = reward_months(world, tallies, r, name)
            nothing = np.zeros_like(enjoyed)
            keys = (r, names.index(name), COMES_OF.index("score"))
            parts.append(measure_rows(keys, enjoyed, nothing, nothing, nothing))
    found = np.concatenate(parts) if parts else np.zeros((0, 9), np.int64)
    regime_of, measure, comes_of, month, group, persons, refused, wronged, denied = found.T
    columns: dict[str, Any] = {
        "regime": labelled(regime_of, regimes),
        "month": labelled(month, months),
    }
    columns |= group_columns(world, group)
    columns |= {
        "measure": labelled(measure, names),
        "comes_of": labelled(comes_of, COMES_OF),
        "person_months": persons.copy(),
        "refused": refused.copy(),
        "wrongful_person_months": wronged.copy(),
        "wrongful_refused": denied.copy(),
    }
    return pd.DataFrame(columns)


def measure_rows(keys: tuple[int, int, int], *counts: np.ndarray) -> np.ndarray:
    """Keys, month, group and counts wherever the first two are not 0; i8[rows, 9].

    Parameters
    ----------
    keys : tuple of int
        Regime, measure, and what it comes of.
    counts : i8[months, groups]
        Person-months and refused attempts, and the same of the wrongly listed.
    """
    keep = (counts[0] > 0) | (counts[1] > 0)
    at, group = np.nonzero(keep)
    one = np.ones_like(at)
    columns = (*(key * one for key in keys), at, group, *(table[keep] for table in counts))
    return np.stack(columns, axis=1)


def reward_months(world: World, tallies: Tallies, r: int, name: str) -> np.ndarray:
    """Persons at a grade that earns a reward, i8[months, groups]; 0 where none is in force."""
    regime = world.regimes[r]
    reward = regime.rewards[name]
    found = np.zeros(tallies.grades.shape[:1] + tallies.grades.shape[2:3], np.int64)
    if regime.grades is None:
        return found
    names = regime.grades.names
    for index, number in enumerate(world.months):
        when = first_day(number)
        if not on(reward.gives, when).value:
            continue
        wanted = reward.grades
        if wanted is None:
            floor = on(reward.from_score, when).value
            floors = [on(f, when).value for f in regime.grades.floors.values()]
            # A reward from a score that is no floor of a grade is not counted; see `uncounted`.
            wanted = names[: floors.index(floor) + 1] if floor in floors else []
        for grade in wanted:
            found[index] += tallies.grades[index, r, :, names.index(grade)]
    return found


def inspection_frame(world: World, tallies: Tallies) -> pd.DataFrame:
    """Expected visits by grade and in all, and what they found, by regime and month."""
    rows: list[tuple[str, str, str, int, float, int]] = []
    visited = np.unique(world.people.group[world.kinds.organisations()[world.people.kind]])
    for r, regime in enumerate(world.regimes):
        if regime.inspections is None or regime.grades is None:
            continue
        for index, number in enumerate(world.months):
            stock = tallies.grades[index, r, visited].sum(axis=0)
            month, visits = month_text(number), 0.0
            for g, grade in enumerate(regime.grades.names):
                rate = number_on(regime.inspections.visits.get(grade), first_day(number))
                found = int(tallies.found[index, r, g])
                rows.append((regime.id, month, grade, int(stock[g]), stock[g] * rate / 12, found))
                visits += stock[g] * rate / 12
            found = int(tallies.found[index, r].sum())
            rows.append((regime.id, month, "all", int(stock.sum()), visits, found))
    columns = ["regime", "month", "grade", "organisations", "visits", "found"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"organisations": "int64", "visits": "float64", "found": "int64"})


def event_frame(tallies: Tallies) -> pd.DataFrame:
    """The rules that oversight stopped, in order of time."""
    columns = ["month", "regime", "what", "why"]
    return pd.DataFrame(sorted(tallies.events), columns=columns).astype(str)


def uncounted(world: World) -> list[str]:
    """Warnings of rewards that the table of measures cannot count."""
    found = []
    for regime in world.regimes:
        floors = regime.grades.floors.values() if regime.grades else ()
        known = {row.value for floor in floors for row in floor.rows}
        for name, reward in regime.rewards.items():
            limit = reward.from_score
            if limit is not None and not {row.value for row in limit.rows} <= known:
                found.append(
                    f"{regime.id}: who gets the reward {name} is not counted, because no grade "
                    "begins at its score"
                )
    return found


def histogram_frame(world: World, tallies: Tallies) -> pd.DataFrame:
    """Score histograms, a row per regime, month and bin [low, high)."""
    parts = [
        pd.DataFrame(
            {
                "regime": world.regimes[r].id,
                "month": month_text(world.months[index]),
                "low": edges[:-1],
                "high": edges[1:],
                "persons": counts,
            }
        )
        for index, r, edges, counts in tallies.histograms
    ]
    if not parts:
        columns = {"regime": str, "month": str, "low": "int64", "high": "int64", "persons": "int64"}
        return pd.DataFrame({c: pd.Series(dtype=t) for c, t in columns.items()})
    return pd.concat(parts, ignore_index=True)
