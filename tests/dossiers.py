"""Months told again as worked cases, so that the judge of one dossier can be asked the same.

A month has no days: what its records find still stands is whatever stood at the end of the month
before, and terms end at its end. Records therefore carry days that fall from month to month, so
that a term of n months has not yet run out when the records of the n-th month come, and has run
out on its last day.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from scslab.core.calendar import first_day, last_day
from scslab.core.draws import address, decision, unit_for
from scslab.core.tables import (
    COVERED,
    ENTRIES,
    EXITS,
    FILED,
    LISTED,
    SCORE_SUM,
    SCORED,
    TRUE,
    WAITING,
    WRONGFUL_ENTRIES,
    WRONGFUL_EXITS,
    WRONGFUL_LISTED,
    State,
)
from scslab.lab.month import Month
from scslab.lab.shard import Shard
from scslab.lab.world import World
from scslab.regimes.cases import Case, CaseOrganisation, CasePerson, CaseRecord
from scslab.regimes.judge import Verdict, judge
from scslab.study.read import StudyFile
from small import step_through

Moment = tuple[World, Month, State, list[Shard]]
Dossiers = dict[int, list[dict[str, Any]]]
Told = Callable[[int, dict[str, Any]], None]


def falling(index: int, number: int) -> int:
    """The day of a month's first (0) and second (1) record: earlier from month to month."""
    return 28 - 2 * index + number


def middle(index: int, number: int) -> int:
    """The same day for all records, where no term matters."""
    return 15


def gather(
    file: StudyFile,
    seed: int = 1,
    regime: int = 0,
    day_of: Callable[[int, int], int] = falling,
    most: int = 2,
) -> tuple[Dossiers, set[int], Moment]:
    """The records of each subject in one regime, who has too many to tell, and the end.

    Parameters
    ----------
    most : int
        Records of a subject and month that days tell apart; who has more is left out.
    """
    kept: Dossiers = {}
    crowded: set[int] = set()
    for moment in step_through(file, seed):
        world, month, _, (shard,) = moment
        first = first_day(world.months[month.index])
        seen: dict[int, int] = {}
        for row in shard.deliveries[shard.deliveries["regime"] == regime]:
            subject, name = int(row["subject"]), world.conducts[row["conduct"]]
            number = seen.get(subject, 0)
            seen[subject] = number + 1
            if number >= most:
                crowded.add(subject)
                continue
            when = first.replace(day=day_of(month.index, number)).isoformat()
            records = kept.setdefault(subject, [])
            if row["lifts"] == 1:
                open_ = [r for r in records if r.get("name") == name and "until" not in r]
                assert open_, "what never began cannot end"
                open_[0]["until"] = when
            else:
                records.append(told(name, when, month.index))
    return kept, crowded, moment


def told(name: str, when: str, index: int) -> dict[str, Any]:
    """A record as a case tells it."""
    if "/" not in name:
        return {"act": name, "ended": when, "index": index}
    listing, _, of = name.partition(" of ")
    return {"listed_on": listing, "of": of or "same", "ended": when, "name": name, "index": index}


def verdict_on(
    world: World,
    records: list[dict[str, Any]],
    regime: int = 0,
    organisation: bool = False,
    months: int | None = None,
    **about: Any,
) -> Verdict:
    """What the judge of one dossier says on the last day of the study, or of an earlier month."""
    number = world.months[-1] if months is None else world.months[months]
    keys = CaseRecord.model_fields
    case = Case(
        name="drawn",
        on=last_day(number).isoformat(),
        person=None if organisation else CasePerson(age=30, **about),
        organisation=CaseOrganisation(**about) if organisation else None,
        records=[CaseRecord(**{k: v for k, v in r.items() if k in keys}) for r in records],
        expect={},
    )
    return judge(world.regimes[regime], case)


def lists_of(world: World, state: State, regime: int, subject: int) -> set[str]:
    """The lists on which the month's judge has a subject, waiting ones included."""
    bits = int(state.listed[world.rows["listed"][regime], subject])
    return {name for j, name in enumerate(world.regimes[regime].lists) if bits >> j & 1}


def waiting_lists(world: World, shard: Shard, index: int, regime: int) -> dict[int, set[str]]:
    """Lists on which subjects wait to be: decided, not yet in effect."""
    found: dict[int, set[str]] = {}
    names = list(world.regimes[regime].lists)
    rows = shard.entries[(shard.entries["list"] >= 0) & (shard.entries["begun"] > index)]
    for row in rows[rows["regime"] == regime]:
        found.setdefault(int(row["subject"]), set()).add(names[row["list"]])
    return found


def meets(records: list[dict[str, Any]], act: str) -> bool:
    """Whether an act falls in the same month as another record."""
    months = [r["index"] for r in records]
    return any(r.get("act") == act and months.count(r["index"]) > 1 for r in records)


def same_lists(
    file: StudyFile,
    seed: int = 1,
    regime: int = 0,
    organisation: bool = False,
    alone: str = "",
) -> tuple[int, dict[str, int]]:
    """Compare all lists of all subjects; how many subjects, and how many are on each list.

    Parameters
    ----------
    alone : str
        An act that ends entries. Subjects of whom it is recorded together with something else are
        left out: in a month, an entry that ends and begins again has not been interrupted.
    """
    kept, crowded, (world, month, state, (shard,)) = gather(file, seed, regime)
    crowded |= {s for s, records in kept.items() if meets(records, alone)}
    waiting = waiting_lists(world, shard, month.index, regime)
    count, on = 0, dict.fromkeys(world.regimes[regime].lists, 0)
    for subject in set(kept) - crowded:
        got = lists_of(world, state, regime, subject) - waiting.get(subject, set())
        expected = verdict_on(world, kept[subject], regime, organisation).lists
        assert got == set(expected), (subject, kept[subject], got, expected)
        count += 1
        for name in got:
            on[name] += 1
    return count, on


def check_books(moment: Moment, before: np.ndarray | None = None) -> np.ndarray:
    """What must hold at the end of every month, whatever the rules; the stocks, for the next."""
    world, month, state, parts = moment
    stocks = np.sum([p.books.stocks for p in parts], axis=0)
    flows = np.sum([p.books.flows for p in parts], axis=0).sum(axis=1)
    grades = np.sum([p.books.grades for p in parts], axis=0)
    entries = np.concatenate([p.entries for p in parts])
    assert (np.delete(stocks, SCORE_SUM, axis=2) >= 0).all()
    assert (grades >= 0).all()
    kind = np.repeat(world.people.kind, np.diff(world.people.cell_start))
    for r, regime in enumerate(world.regimes):
        mine = entries[entries["regime"] == r]
        on_lists = mine[mine["list"] >= 0]
        stands = on_lists[on_lists["begun"] <= month.index]
        stock = stocks[r].sum(axis=0)
        assert stock[LISTED] == len(stands), regime.id
        assert stock[WRONGFUL_LISTED] == (stands["truth"] != TRUE).sum()
        assert stock[WAITING] == (mine["state"] == FILED).sum()
        places = on_lists["subject"].astype(np.int64) * 8 + on_lists["list"]
        assert len(np.unique(places)) == len(places), "one entry for each subject and list"
        row = world.rows["listed"][r]
        if row >= 0:
            assert np.bitwise_count(state.listed[row]).sum() == len(on_lists)
            bits = np.zeros_like(state.listed[row])
            np.bitwise_or.at(bits, on_lists["subject"], (1 << on_lists["list"]).astype(np.uint8))
            assert (bits == state.listed[row]).all()
        if before is not None:
            gone = before[r].sum(axis=0)
            assert stock[LISTED] - gone[LISTED] == flows[r, ENTRIES] - flows[r, EXITS]
            wrongful = flows[r, WRONGFUL_ENTRIES] - flows[r, WRONGFUL_EXITS]
            assert stock[WRONGFUL_LISTED] - gone[WRONGFUL_LISTED] == wrongful
        check_scores(moment, r, kind, stock, grades[r].sum(axis=0))
    return stocks


def check_scores(
    moment: Moment, r: int, kind: np.ndarray, stock: np.ndarray, grades: np.ndarray
) -> None:
    """The books of scores and grades are those of the subjects."""
    world, month, state, _ = moment
    rules = month.rules
    rated = rules.covered[r][kind]
    if rules.member_row[r] >= 0:
        rated = rated & (state.member[rules.member_row[r]] == 1)
    assert stock[COVERED] == rated.sum()
    if rules.score_row[r] < 0:
        assert stock[SCORED] == stock[SCORE_SUM] == grades.sum() == 0
        return
    scores = state.score[rules.score_row[r]][rated]
    assert stock[SCORED] == rated.sum()
    assert stock[SCORE_SUM] == scores.sum()
    count = rules.floor_count[r]
    if not count:
        return
    assert grades.sum() == stock[SCORED]
    if rules.yearly[r]:
        expected = state.grade[rules.grade_row[r]][rated]
    else:
        expected = (scores[:, None] < rules.floors[r, :count][None, :]).sum(axis=1)
    found = np.bincount(expected, minlength=len(grades))
    assert grades.tolist() == found.tolist(), world.regimes[r].id
    assert grades[count + 1 :].sum() == 0


def checked(file: StudyFile, seed: int = 1, shards: int = 1) -> Iterator[Moment]:
    """Live through a study and check the books at the end of every month."""
    before = None
    for moment in step_through(file, seed, shards):
        before = check_books(moment, before)
        yield moment


def coin(number: int, what: str) -> bool:
    """A fair coin for each number and name: always the same."""
    return bool(unit_for(np.uint64(address(np.uint64(number), decision(f"test {what}"))), 1) < 0.5)
