"""What counts as selected in a bias audit of a regime: favourable outcomes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from scslab.core.values import on
from scslab.evaluation.impact.figures import Figures, last_month
from scslab.evaluation.impact.say import listed


@dataclass(frozen=True)
class Outcome:
    """A favourable outcome at the end of the last month.

    Attributes
    ----------
    says, opposite : what it is, and what those have who lack it
    rows : DataFrame
        Attributes, `pool` (who could have it) and `selected` (who has it).
    tables : the tables of the run that it is counted from
    """

    id: str
    says: str
    opposite: str
    rows: pd.DataFrame
    tables: str


def outcomes(found: Figures) -> Iterator[Outcome]:
    """The favourable outcomes of a regime: off the blacklist, top grade, each reward."""
    rows = last_month(found)
    colours = {rules.colour for rules in found.regime.lists.values()}
    if colours == {"black"}:
        off = rows.assign(pool=rows["covered"], selected=rows["covered"] - rows["listed"])
        says = "not on a blacklist at the end of the last month"
        yield Outcome("not-listed", says, "listed", off, "tallies, last month")
    elif colours == {"red"}:
        on_it = rows.assign(pool=rows["covered"], selected=rows["listed"])
        says = "on the redlist at the end of the last month"
        yield Outcome("praised", says, "not praised", on_it, "tallies, last month")
    yield from grade_outcome(found, rows)
    yield from reward_outcomes(found, rows)


def grade_outcome(found: Figures, rows: pd.DataFrame) -> Iterator[Outcome]:
    """The top grade, among those who have a grade."""
    names = found.manifest["grades"].get(found.regime.id, [])
    if not names:
        return
    graded = rows.assign(
        pool=rows[[f"grade_{i + 1}" for i in range(len(names))]].sum(axis=1),
        selected=rows["grade_1"],
    )
    if graded["pool"].sum():
        says = f"in the top grade, {names[0]}, at the end of the last month"
        yield Outcome("top-grade", says, "in a lower grade", graded, "tallies (grades), last month")


def reward_outcomes(found: Figures, rows: pd.DataFrame) -> Iterator[Outcome]:
    """Each reward in force that somebody earned in the last month; those of the same as one."""
    keys = [name for name in found.manifest["groups"] if name in rows]
    measures = found.measures
    measures = measures[measures["month"].astype(str) == found.manifest["last_month"]]
    alike: dict[bytes, tuple[list[str], pd.DataFrame]] = {}
    for name, reward in found.regime.rewards.items():
        mine = measures[measures["measure"].astype(str) == name]
        if not on(reward.gives, found.day).value or not mine["person_months"].sum():
            continue
        got = mine[[*keys, "person_months"]].rename(columns={"person_months": "selected"})
        mark = got.to_csv(index=False).encode()
        alike.setdefault(mark, ([], got))[0].append(name)
    for names, got in alike.values():
        # Cells without the reward count in the pool, too.
        pool = rows[[*keys, "covered"]].rename(columns={"covered": "pool"}).assign(selected=0)
        both = pd.concat([pool, got.assign(pool=0)], ignore_index=True)
        says = f"earns the reward {names[0]} in the last month"
        if len(names) > 1:
            says = f"earns the rewards {listed(names)} in the last month (the same subjects)"
        where = "measures, tallies, last month"
        yield Outcome(f"reward-{names[0]}", says, "not earned", both, where)
