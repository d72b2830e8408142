"""Desks of clerks: one desk serves the whole society, whatever shards it is cut into."""

from __future__ import annotations

import numpy as np

from scslab.core.tables import DAYS, FILED
from scslab.lab.month import Month
from scslab.lab.shard import Shard
from scslab.world.remedies.desk import case_times, serve


def give_cases(month: Month, parts: list[Shard], clerks: dict[int, np.ndarray]) -> None:
    """Give the objections that wait to the clerks of their regime, in the order of filing.

    Parameters
    ----------
    clerks : dict
        Regime -> working day on which each of its clerks is free; moved on.
    """
    for regime in np.flatnonzero(month.ways.staffed).tolist():
        free = in_office(clerks.get(regime), int(month.ways.clerks[regime]), DAYS * month.index)
        clerks[regime] = free
        places = [np.flatnonzero(unassigned(part.entries, regime)) for part in parts]
        cases = np.concatenate([part.entries[at] for part, at in zip(parts, places, strict=True)])
        if not len(cases) or not len(free):
            continue
        order = np.lexsort((cases["luck"], cases["filed_at"]))
        takes, due = np.empty(len(cases)), np.full(len(cases), -1.0)
        case_times(cases[order], float(month.ways.case_takes[regime]), takes)
        filed = cases["filed_at"][order].astype(np.float64)
        serve(filed, takes, free, float(DAYS * (month.index + 1)), due)
        decided = np.empty(len(cases))
        decided[order] = due
        start = 0
        for part, at in zip(parts, places, strict=True):
            part.entries["due"][at] = decided[start : start + len(at)]
            start += len(at)


def unassigned(entries: np.ndarray, regime: int) -> np.ndarray:
    """The objections that no clerk has taken up, bool[n]."""
    mine: np.ndarray = (entries["state"] == FILED) & (entries["regime"] == regime)
    return mine & (entries["due"] < 0)


def in_office(free: np.ndarray | None, clerks: int, today: int) -> np.ndarray:
    """When each clerk is free, f8[clerks]; who is new is free today, the idle leave first."""
    if free is None:
        return np.full(clerks, float(today))
    if len(free) >= clerks:
        return np.sort(free)[len(free) - clerks :]
    return np.concatenate([free, np.full(clerks - len(free), float(today))])
