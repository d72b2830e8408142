"""Which lists a dossier is on: grounds, terms, extension, escalation and the ways off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from scslab.core.calendar import add_months, add_working_days, day
from scslab.core.values import Row, number_on, on
from scslab.regimes.cases import Case, CaseRecord
from scslab.regimes.lists import Ground, ListRules
from scslab.regimes.model import Regime
from scslab.regimes.steps import rows_of

Found = dict[str, tuple[str, tuple[Row, ...]]]


@dataclass
class Entry:
    """One stay on a list: from, to by its term, to by performance, repair or a later act."""

    start: date
    term: date
    gone: date
    why: str
    rows: tuple[Row, ...]

    @property
    def end(self) -> date:
        """The day on which it is over."""
        return min(self.term, self.gone)


def on_lists(
    regime: Regime,
    case: Case,
    records: list[CaseRecord],
    when: date,
    score: int | None,
    grade: str | None,
) -> Found:
    """The lists on which the records put and keep a subject: name -> why, by which rows."""
    found: Found = {}
    moved_on: dict[str, list[tuple[date, str]]] = {}
    for name in in_order(regime):
        rules = regime.lists[name]
        if on(rules.closed, when).value or (rules.members_only and not case.subject.consents):
            continue
        entries = entries_of(rules, records, moved_on.get(name, []), when)
        for entry in entries:
            pass_on(name, rules, entry, when, moved_on)
        standing = [e for e in entries if e.start <= when < e.end]
        if standing:
            found[name] = (standing[-1].why, standing[-1].rows)
            continue
        for ground in rules.grounds.values():
            if on(ground.holds, when).value and low_enough(ground, score, grade, when):
                row = on(ground.holds, when).row
                found[name] = (ground.says, (row,) if row else ())
    return {name: found[name] for name in regime.lists if name in found}


def in_order(regime: Regime) -> list[str]:
    """The lists of a regime, each before the one that its entries move to."""
    left = list(regime.lists)
    ordered: list[str] = []
    while left:
        targets = {regime.lists[n].escalates.to for n in left if regime.lists[n].escalates}  # type: ignore[union-attr]
        free = [n for n in left if n not in targets] or left[:1]
        ordered += free
        left = [n for n in left if n not in free]
    return ordered


def low_enough(ground: Ground, score: int | None, grade: str | None, when: date) -> bool:
    """Whether a score or grade is itself the ground."""
    if grade is not None and grade in ground.grades:
        return True
    below = on(ground.score_below, when).value
    return score is not None and below is not None and score < below


def entries_of(
    rules: ListRules, records: list[CaseRecord], arrivals: list[tuple[date, str]], when: date
) -> list[Entry]:
    """The stays on a list, in order of time; a further ground while listed lengthens a stay."""
    entries: list[Entry] = []
    for start, why, months, rows, record in sorted(
        events(rules, records, arrivals), key=lambda e: e[0]
    ):
        begins = waited(rules, start)
        done = way_off(rules, record, start, begins, records, when)
        if done <= begins:
            continue  # performed while the listing waited
        last = entries[-1] if entries else None
        if last is not None and last.end > start:
            extra = int(number_on(rules.extends, start))
            endless = months < 0 or last.term == date.max
            last.term = date.max if endless else add_months(last.term, extra)
            last.gone = max(last.gone, done)
            extends = on(rules.extends, start).row
            last.rows += (extends,) if extends else ()
            continue
        term = date.max if months < 0 else add_months(begins, months)
        entries.append(Entry(begins, term, done, why, rows))
    return entries


def events(
    rules: ListRules, records: list[CaseRecord], arrivals: list[tuple[date, str]]
) -> Iterator[tuple[date, str, int, tuple[Row, ...], CaseRecord | None]]:
    """What puts a subject on a list: day, why, months (-1 without a term), rows, record."""
    for i, record in enumerate(records):
        start = day(record.ended)
        ground = ground_of(rules, record)
        if ground is None or not enough(ground, records[: i + 1], start):
            continue
        months = term_of(rules, ground, start)
        rows = rows_of(start, ground.holds, ground.stays or rules.stays)
        what = record.act or record.listed_on
        yield start, f"{ground.says} ({what}, {record.ended})", months, rows, record
    for start, why in arrivals:
        answer = on(rules.stays, start)
        months = -1 if answer.value is None else int(answer.value)
        yield start, why, months, (answer.row,) if answer.row else (), None


def ground_of(rules: ListRules, record: CaseRecord) -> Ground | None:
    """The ground in force that a record meets, if any."""
    for ground in rules.grounds.values():
        fits = record.act in ground.acts if record.act else record.listed_on in ground.listed_on
        if fits and ground.of == record.of and on(ground.holds, day(record.ended)).value:
            return ground
    return None


def enough(ground: Ground, records: list[CaseRecord], when: date) -> bool:
    """Whether there are as many acts as the ground asks for, the last of `records` included."""
    needed = int(number_on(ground.times, when, 1.0))
    if needed <= 1:
        return True
    within = on(ground.within, when).value
    first = date.min if within is None else add_months(when, -int(within))
    return sum(r.act in ground.acts and day(r.ended) > first for r in records) >= needed


def term_of(rules: ListRules, ground: Ground, when: date) -> int:
    """Months on the list; -1 without a fixed term."""
    answer = on(ground.stays, when) if ground.stays is not None else on(rules.stays, when)
    return -1 if ground.follows or answer.value is None else int(answer.value)


def ground_term(rules: ListRules, act: str, when: date) -> int | None:
    """Months on the list for an act on a day; -1 without a fixed term; None if no ground."""
    for ground in rules.grounds.values():
        if act in ground.acts and on(ground.holds, when).value:
            return term_of(rules, ground, when)
    return None


def waited(rules: ListRules, start: date) -> date:
    """The day on which a listing takes effect."""
    value = on(rules.waits, start).value
    if rules.waits is None or value is None:
        return start
    if rules.waits.unit == "working days":
        return add_working_days(start, int(value))
    if rules.waits.unit == "months":
        return add_months(start, int(value))
    return start + timedelta(days=int(value))


def way_off(
    rules: ListRules,
    record: CaseRecord | None,
    start: date,
    begins: date,
    records: list[CaseRecord],
    when: date,
) -> date:
    """The first day on which performance, repair, a later act or the listing elsewhere ends it."""
    ways = [date.max]
    if rules.ends_on:
        ways += [day(r.ended) for r in records if r.act in rules.ends_on and day(r.ended) >= start]
    if record is None:
        return min(ways)
    ground = ground_of(rules, record)
    if ground is not None and ground.follows and record.until is not None:
        ways.append(day(record.until))
    wait = on(rules.removal_after_performance, when).value
    if record.performed is not None and wait is not None:
        ways.append(add_working_days(day(record.performed), int(wait)))
    if record.applied is not None:
        applied = day(record.applied)
        opens = on(rules.repair_opens, applied).value
        counts = begins
        if rules.repair_after == "performance":
            counts = day(record.performed) if record.performed is not None else date.max
        if opens is not None and counts < date.max and add_months(counts, int(opens)) <= applied:
            ways.append(applied)
    return min(ways)


def pass_on(
    name: str,
    rules: ListRules,
    entry: Entry,
    when: date,
    moved_on: dict[str, list[tuple[date, str]]],
) -> None:
    """Move an entry that nobody has cleared to the list that it escalates to."""
    if rules.escalates is None:
        return
    months = on(rules.escalates.after, entry.start).value
    if months is None:
        return
    leaves = add_months(entry.start, int(months))
    if leaves < entry.end and leaves <= when:
        entry.term = leaves
        moved_on.setdefault(rules.escalates.to, []).append((leaves, f"moved here from {name}"))
