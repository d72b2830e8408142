"""Which lists a dossier is on: grounds, terms, extension, escalation and the ways off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from scslab.core.calendar import add_months, add_working_days, day
from scslab.core.values import Row, number_on, on
from scslab.regimes.cases import Case, CaseRecord
from scslab.regimes.entries import Entry, Way
from scslab.regimes.lists import Ground, ListRules
from scslab.regimes.model import Regime
from scslab.regimes.steps import Step, rows_of


def on_lists(
    regime: Regime,
    case: Case,
    records: list[CaseRecord],
    when: date,
    score: int | None,
    grade: str | None,
    steps: list[Step],
) -> tuple[str, ...]:
    """The lists on which the records put and keep a subject; the steps say why."""
    found = set()
    moved_on: dict[str, list[tuple[date, str]]] = {}
    for name in in_order(regime):
        rules = grounds_for(regime.lists[name], case)
        if not is_open(name, rules, case, when, steps):
            continue
        entries = entries_of(name, rules, records, moved_on, when, steps)
        for entry in entries:
            pass_on(name, rules, entry, when, moved_on)
            steps.append(entry.step(name, when))
        if any(e.start <= when < e.end for e in entries):
            found.add(name)
            continue
        for ground in rules.grounds.values():
            if on(ground.holds, when).value and low_enough(ground, score, grade, when):
                found.add(name)
                rows = rows_of(when, ground.holds, ground.score_below)
                steps.append(Step(f"list {name}: {ground.says}, now", rows))
    return tuple(name for name in regime.lists if name in found)


def is_open(name: str, rules: ListRules, case: Case, when: date, steps: list[Step]) -> bool:
    """Whether the subject can be on a list at all."""
    if on(rules.closed, when).value:
        steps.append(Step(f"list {name}: closed", rows_of(when, rules.closed)))
        return False
    if rules.members_only and not case.subject.consents:
        steps.append(Step(f"list {name}: only for those who joined"))
        return False
    return True


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


def grounds_for(rules: ListRules, case: Case) -> ListRules:
    """The list with the grounds that are for subjects like that of the case."""
    what = "organisations" if case.organisation is not None else "persons"
    fits = {n: g for n, g in rules.grounds.items() if not g.subjects or what in g.subjects}
    return rules if len(fits) == len(rules.grounds) else rules.model_copy(update={"grounds": fits})


def entries_of(
    name: str,
    rules: ListRules,
    records: list[CaseRecord],
    moved_on: dict[str, list[tuple[date, str]]],
    when: date,
    steps: list[Step],
) -> list[Entry]:
    """The stays on a list, in order of time; a further ground while listed lengthens a stay."""
    entries: list[Entry] = []
    for start, why, months, rows, record in sorted(
        events(name, rules, records, moved_on.get(name, []), steps), key=lambda e: e[0]
    ):
        begins = waited(rules, start)
        rows += rows_of(start, rules.waits)
        way = way_off(rules, record, start, begins, records, when)
        if way.day <= begins:
            says = f"list {name}: {why}; never listed: {way.how} before it took effect on {begins}"
            steps.append(Step(says, rows + way.rows))
            continue
        last = entries[-1] if entries else None
        if last is not None:
            pass_on(name, rules, last, start, moved_on)
        if last is not None and last.end > start:
            extra = int(number_on(rules.extends, start))
            endless = months < 0 or last.term == date.max
            last.term = date.max if endless else add_months(last.term, extra)
            last.way = max(last.way, way, key=lambda w: w.day)
            last.rows += rows_of(start, rules.extends)
            last.why += f"; and {why}" + (f", which adds {extra} months" if extra else "")
            continue
        term = date.max if months < 0 else add_months(begins, months)
        entries.append(Entry(begins, term, way, why, rows))
    return entries


def events(
    name: str,
    rules: ListRules,
    records: list[CaseRecord],
    arrivals: list[tuple[date, str]],
    steps: list[Step],
) -> Iterator[tuple[date, str, int, tuple[Row, ...], CaseRecord | None]]:
    """What puts a subject on a list: day, why, months (-1 without a term), rows, record."""
    for i, record in enumerate(records):
        ground = ground_of(rules, record)
        start = day(record.ended) if ground is None else follows_from(ground, record)
        if ground is None:
            steps += [Step(says) for says in too_early_or_late(name, rules, record)]
            continue
        if not enough(ground, records[: i + 1], start):
            says = f"list {name}: {record.ended} {record.act}: not enough such acts yet"
            steps.append(Step(says, rows_of(start, ground.times, ground.within)))
            continue
        months = term_of(rules, ground, start)
        terms = () if ground.follows else (ground.stays or rules.stays,)
        rows = rows_of(start, ground.holds, ground.times, ground.within, *terms)
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
        if not fits or ground.of != record.of:
            continue
        start = follows_from(ground, record)
        over = record.until is not None and record.until <= start.isoformat()
        if on(ground.holds, start).value and not over:
            return ground
    return None


def follows_from(ground: Ground, record: CaseRecord) -> date:
    """The day from which a record counts: a listing elsewhere that stands already is taken up."""
    ended = day(record.ended)
    if not ground.follows or on(ground.holds, ended).value:
        return ended
    later = [day(row.from_) for row in ground.holds.rows if row.value and day(row.from_) > ended]
    return later[0] if later else ended


def too_early_or_late(name: str, rules: ListRules, record: CaseRecord) -> list[str]:
    """In words, that a record meets a ground that was not in force on its day."""
    what = record.act or record.listed_on
    fits = [
        ground.says
        for ground in rules.grounds.values()
        if what in ground.acts + ground.listed_on and ground.of == record.of
    ]
    return [f"list {name}: {says} ({what}, {record.ended}); no ground on that day" for says in fits]


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
) -> Way:
    """The first day on which performance, repair, a later act or the listing elsewhere ends it."""
    ways = [Way(date.max)]
    for later in records:
        if later.act in rules.ends_on and day(later.ended) >= start:
            ways.append(Way(day(later.ended), f"ended by {later.act}"))
    if record is not None:
        ways += own_ways(rules, record, begins, when)
    return min(ways, key=lambda way: way.day)


def own_ways(rules: ListRules, record: CaseRecord, begins: date, when: date) -> Iterator[Way]:
    """The ways off that a record itself opens: performance, repair, the other listing's end."""
    ground = ground_of(rules, record)
    if ground is not None and ground.follows and record.until is not None:
        yield Way(day(record.until), "the other listing is over")
    wait = on(rules.removal_after_performance, when).value
    if record.performed is not None and wait is not None:
        rows = rows_of(when, rules.removal_after_performance)
        off = add_working_days(day(record.performed), int(wait))
        yield Way(off, f"removed after performance on {record.performed}", rows)
    if record.applied is not None:
        applied = day(record.applied)
        opens = on(rules.repair_opens, applied).value
        counts = begins
        if rules.repair_after == "performance":
            counts = day(record.performed) if record.performed is not None else date.max
        if opens is not None and counts < date.max and add_months(counts, int(opens)) <= applied:
            yield Way(applied, "repaired on application", rows_of(applied, rules.repair_opens))


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
        entry.term_says = f"moved to the list {rules.escalates.to}, not cleared in time"
        entry.rows += rows_of(entry.start, rules.escalates.after)
        moved_on.setdefault(rules.escalates.to, []).append((leaves, f"moved here from {name}"))
