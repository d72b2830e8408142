"""Rows of profiles, read and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scslab.analysis.design import Design
from scslab.analysis.indirect.conjoint_design import clustered
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError


@dataclass(frozen=True)
class Attribute:
    """An attribute: levels that occur, and their code in each row (-1 missing)."""

    name: str
    levels: tuple[str, ...]
    codes: np.ndarray


@dataclass(frozen=True)
class Profiles:
    """Rows of profiles: outcome f8[n] (0 where not used), attributes, and the design by person."""

    outcome: np.ndarray
    attributes: tuple[Attribute, ...]
    used: np.ndarray
    design: Design
    forced: bool
    notes: tuple[str, ...]
    lost: Mapping[str, int]


def read_profiles(
    sample: Sample,
    outcome: str,
    attributes: Sequence[str],
    respondent: str,
    task: str | None,
    forced: bool | None,
) -> Profiles:
    """Read and check a conjoint's rows.

    Raises
    ------
    ScslabError
        No attributes, one level only, or tasks with none or several profiles chosen.
    """
    values = sample.number(outcome)
    inside = sample.design.inside
    known = values[inside & ~np.isnan(values)]
    binary = bool(np.isin(known, (0, 1)).all())
    if forced and not binary:
        raise ScslabError(
            "a forced choice has other values than 0 and 1",
            where=outcome,
            got=f"{known[~np.isin(known, (0, 1))][0]:g}",
            hint="forced: false, for a rating",
        )
    forced = binary if forced is None else forced
    notes: tuple[str, ...] = ()
    answered = ~np.isnan(values)
    if forced and task is not None:
        answered = forced_choice(sample, values, respondent, task)
    elif forced:
        notes = ("No task variable was named, so choices were not checked within tasks.",)
    if not attributes:
        raise ScslabError("no attribute named", where="conjoint attributes")
    read = []
    for name in attributes:
        found = sample.categories(name)
        read.append((name, found, np.asarray(found.codes)))
    used = inside & answered
    lost = {f"a choice in the task ({outcome})": int(np.count_nonzero(inside & ~answered))}
    for name, _, codes in read:
        lost[name] = int(np.count_nonzero(used & (codes < 0)))
        used = used & (codes >= 0)
    return Profiles(
        outcome=np.where(used, values, 0.0),
        attributes=tuple(attribute(n, list(f.categories), c, used) for n, f, c in read),
        used=used,
        design=clustered(sample, respondent),
        forced=forced,
        notes=notes,
        lost=lost,
    )


def attribute(name: str, levels: Sequence[str], codes: np.ndarray, used: np.ndarray) -> Attribute:
    """An attribute with the levels that occur.

    Raises
    ------
    ScslabError
        Fewer than two, or more than 200.
    """
    counts = np.bincount(codes[used], minlength=len(levels))
    met = np.flatnonzero(counts)
    if not 2 <= len(met) <= 200:
        raise ScslabError(
            f"an attribute with {len(met)} level" + ("" if len(met) == 1 else "s"),
            where=f"conjoint attribute {name}",
            expected="2 to 200 levels that were shown",
        )
    place = np.full(len(levels) + 1, -1, np.int64)
    place[met] = np.arange(len(met))
    return Attribute(name, tuple(str(levels[int(i)]) for i in met), place[codes])


def forced_choice(sample: Sample, outcome: np.ndarray, respondent: str, task: str) -> np.ndarray:
    """Rows (bool[n]) of tasks with an answer; every such task has one profile chosen.

    Raises
    ------
    ScslabError
        Tasks with none or several chosen: says how many, and names the first.
    """
    people, tasks = sample.answers.column(respondent), sample.answers.column(task)
    person, number = pd.factorize(people)[0], pd.factorize(tasks)[0]
    place = np.unique(person.astype(np.int64) * (number.max() + 1) + number, return_inverse=True)[1]
    gaps = np.bincount(place, np.isnan(outcome).astype(float)) > 0
    total = np.bincount(place, np.nan_to_num(outcome))
    wrong = ~gaps & (total != 1)
    if wrong.any():
        first = np.unique(place, return_index=True)[1]
        rows = first[np.flatnonzero(wrong)[:3]]
        named = "; ".join(f"respondent {people.iloc[r]}, task {tasks.iloc[r]}" for r in rows)
        none = int((wrong & (total == 0)).sum())
        raise ScslabError(
            "tasks in which not exactly one profile was chosen",
            where=f"conjoint by {respondent} and {task}",
            got=f"{none:,} tasks with none, {int(wrong.sum()) - none:,} with several: {named}",
            expected="one chosen profile a task",
            hint="forced: false, where respondents could choose none or several",
        )
    answered: np.ndarray = ~gaps[place]
    return answered
