"""Records of a month: which acts are seen, how late, and under whose name."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scslab.core.arrivals import next_cell, person_at
from scslab.core.compiled import inlined, kernel
from scslab.core.draws import (
    GAMMA,
    address,
    below,
    decision,
    exponential,
    mix,
    unit,
    unit_for,
)
from scslab.core.tables import (
    ACTS,
    BREACHES,
    FOUND_ON_VISIT,
    FROM_NOTHING,
    MISATTRIBUTED,
    MISSED,
    TRUE,
    Books,
    People,
    Rules,
    State,
)

SEEN, LAG, DAY, NAME, WHOSE, ON_THE_WAY = (
    decision(f"record {w}") for w in ("seen", "lag", "day", "name", "whose", "on the way")
)


class Faults(NamedTuple):
    """How agencies record in a month, as kernels see it."""

    detection: np.ndarray  # share seen; f8[conducts]
    lag: np.ndarray  # mean months to the record; f8[conducts]
    wrong_subject: np.ndarray  # share under another's name; f8[conducts, 2]: of persons, of
    # organisations
    nothing: np.ndarray  # records on no act, per person and month; f8[conducts, kinds]
    nothing_name: np.ndarray  # number of the decision to write one; u8[conducts]
    coverage: np.ndarray  # share that reaches the regime; f8[conducts, regimes], 0: not sent
    delay: np.ndarray  # months to the regime; i8[regimes]
    link: np.ndarray  # number of the decision to pass a record on; u8[regimes]
    link_wrong: np.ndarray  # share misfiled on the way to the regime; f8[regimes, 2]
    kind_of: np.ndarray  # 0 for persons, 1 for organisations; u1[kinds]
    inspector: np.ndarray  # regime whose grades set the inspections, -1 if none; i4[conducts]
    breach: np.ndarray  # whether the act is a breach; bool[conducts]
    spared: np.ndarray  # times the share seen, by kind; f8[conducts, kinds], or no kinds where
    # nobody is spared
    found: np.ndarray  # share of acts found on a visit, by grade; f8[conducts, grades]
    exempt: np.ndarray  # regime of each exemption; i4[exemptions]
    exempt_act: np.ndarray  # whether it is about the act; bool[exemptions, conducts]
    exempt_share: np.ndarray  # share of the kind that is exempt; f8[exemptions, kinds]
    exempt_trait: np.ndarray  # word of the trait "is exempt"; u8[exemptions]


@inlined
def cell_of(person: int, district: int, people: People) -> int:
    """The cell in which a person of a district lies (binary search)."""
    low, high = people.district_cells[district], people.district_cells[district + 1]
    while high - low > 1:
        middle = (low + high) // 2
        if people.cell_start[middle] <= person:
            low = middle
        else:
            high = middle
    return low


@inlined
def on_file(regime: int, person: int, kind: int, rules: Rules, state: State) -> bool:
    """Whether a regime keeps a file on a person: old enough, and a member where it needs one."""
    row = rules.member_row[regime]
    return rules.covered[regime, kind] and (row < 0 or state.member[row, person] == 1)


@inlined
def namesake(
    luck: np.uint64,
    subject: int,
    cell: int,
    regime: int,
    people: People,
    rules: Rules,
    state: State,
) -> tuple[int, int]:
    """Another person of the same district, who gets the record of `subject` in a regime's files.

    All regimes try the same persons in the same order and take the first whom they have on file,
    so each regime's records are conserved and none depends on another regime. Returns the
    subject himself where 16 tries find nobody else: then the clerk makes no mistake.
    """
    district = people.district[cell]
    first = people.cell_start[people.district_cells[district]]
    size = people.cell_start[people.district_cells[district + 1]] - first
    word = address(luck, WHOSE)
    expected = on_file(regime, subject, people.kind[cell], rules, state)
    for attempt in range(16):
        other = first + below(address(word, attempt), size)
        other_cell = cell_of(other, district, people)
        if other == subject or not people.rated[other_cell]:
            continue
        if on_file(regime, other, people.kind[other_cell], rules, state) == expected:
            return other, other_cell
    return subject, cell


@inlined
def deliver(
    luck: np.uint64,
    subject: int,
    cell: int,
    conduct: int,
    truth: int,
    due: int,
    regime: int,
    faults: Faults,
    out: np.ndarray,
    count: int,
) -> int:
    """Pass a record on to a regime that takes it; the new number of deliveries."""
    share = faults.coverage[conduct, regime]
    if share < 1.0 and unit_for(luck, faults.link[regime]) >= share:
        return count
    if count < len(out):
        row = out[count]
        row.luck = address(luck, faults.link[regime])
        row.record = luck
        row.subject = subject
        row.cell = cell
        row.due = due + faults.delay[regime]
        row.conduct = conduct
        row.regime = regime
        row.truth = truth
        row.lifts = 0
    return count + 1


@inlined
def is_exempt(regime: int, subject: int, kind: int, conduct: int, faults: Faults) -> bool:
    """Whether the rules of a regime spare a subject for an act."""
    for e in range(len(faults.exempt)):
        if (
            faults.exempt[e] == regime
            and faults.exempt_act[e, conduct]
            and faults.exempt_share[e, kind] > 0.0
            and unit_for(faults.exempt_trait[e], subject) < faults.exempt_share[e, kind]
        ):
            return True
    return False


@inlined
def is_seen(
    luck: np.uint64,
    subject: int,
    kind: int,
    group: int,
    conduct: int,
    faults: Faults,
    rules: Rules,
    state: State,
    books: Books,
) -> bool:
    """Whether an act is recorded: seen anyhow, or found on a visit that the grade brought."""
    u, share = unit_for(luck, SEEN), faults.detection[conduct]
    if faults.spared.shape[1] > 0:
        share = min(share * faults.spared[conduct, kind], 1.0)
    if u < share:
        return True
    inspector = faults.inspector[conduct]
    if faults.kind_of[kind] == 0:
        return False  # nobody inspects persons
    if inspector < 0 or rules.score_row[inspector] < 0 or rules.floor_count[inspector] == 0:
        return False  # no grade is in force
    if not on_file(inspector, subject, kind, rules, state):
        return False
    grade = state.grade[rules.grade_row[inspector], subject]
    if u >= share + (1.0 - share) * faults.found[conduct, grade]:
        return False
    books.flows[inspector, group, FOUND_ON_VISIT] += 1
    books.found[inspector, grade] += 1
    return True


@kernel
def write_down(
    month: int,
    acts: np.ndarray,
    people: People,
    faults: Faults,
    rules: Rules,
    state: State,
    books: Books,
    out: np.ndarray,
) -> int:
    """Turn acts into records under way to the regimes; count the acts of persons on file.

    Parameters
    ----------
    out : DELIVERY[k]
        Room for one delivery for each act and regime.

    Returns
    -------
    int
        Number of deliveries.
    """
    count = 0
    for i in range(len(acts)):
        act = acts[i]
        conduct, luck = act.conduct, act.luck
        group, kind = people.group[act.cell], people.kind[act.cell]
        seen = is_seen(luck, act.subject, kind, group, conduct, faults, rules, state, books)
        breach = faults.breach[conduct]
        for regime in range(faults.coverage.shape[1]):
            if faults.coverage[conduct, regime] > 0.0 and on_file(
                regime, act.subject, kind, rules, state
            ):
                flows = books.flows[regime, group]
                flows[ACTS] += 1
                if breach:
                    flows[BREACHES] += 1
                    if not seen:
                        flows[MISSED] += 1
        if not seen:
            continue
        due = month
        if faults.lag[conduct] > 0.0:
            # From a day of this month on, so that whole months have the mean asked for.
            months = faults.lag[conduct] * exponential(unit_for(luck, LAG))
            due += int(months + unit_for(luck, DAY))
        what = faults.kind_of[kind]
        wrong = faults.wrong_subject[conduct, what]
        mistaken = wrong > 0.0 and unit_for(luck, NAME) < wrong
        for regime in range(faults.coverage.shape[1]):
            if faults.coverage[conduct, regime] <= 0.0:
                continue
            subject, cell, truth = int(act.subject), int(act.cell), TRUE
            wrong = faults.link_wrong[regime, what]
            if mistaken or (wrong > 0.0 and unit_for(luck, ON_THE_WAY) < wrong):
                subject, cell = namesake(luck, subject, cell, regime, people, rules, state)
                truth = MISATTRIBUTED if subject != act.subject else TRUE
            exempt = is_exempt(regime, subject, people.kind[cell], conduct, faults)
            if exempt and truth == TRUE:
                continue  # the rules spare who did it: nothing is missed
            before = count
            if not exempt:
                count = deliver(
                    luck, subject, cell, conduct, truth, due, regime, faults, out, count
                )
            lost = count == before or truth != TRUE
            if lost and breach and on_file(regime, act.subject, kind, rules, state):
                books.flows[regime, group, MISSED] += 1
    return count


@kernel
def invent(
    seed: np.uint64,
    month: int,
    districts: tuple[int, int],
    people: People,
    faults: Faults,
    out: np.ndarray,
    count: int,
) -> int:
    """Write records that rest on nothing; the new number of deliveries."""
    for district in range(districts[0], districts[1]):
        first, last = people.district_cells[district], people.district_cells[district + 1]
        for conduct in range(faults.nothing.shape[0]):
            line = faults.nothing[conduct]
            key = address(address(address(seed, faults.nothing_name[conduct]), month), district)
            cell, opens, closes, step = first - 1, 0.0, 0.0, np.uint64(2)
            position = exponential(unit(mix(key)))
            while True:
                if position >= closes:
                    cell, opens, closes = next_cell(
                        position, cell, closes, last, line, people.kind, people.cell_start
                    )
                    if cell == last:
                        break
                rate = line[people.kind[cell]]
                person = person_at(position, cell, opens, rate, people.cell_start)
                luck = mix(key + GAMMA * (step + np.uint64(1)))
                for regime in range(faults.coverage.shape[1]):
                    if faults.coverage[conduct, regime] > 0.0 and not is_exempt(
                        regime, person, people.kind[cell], conduct, faults
                    ):
                        count = deliver(
                            luck,
                            person,
                            cell,
                            conduct,
                            FROM_NOTHING,
                            month,
                            regime,
                            faults,
                            out,
                            count,
                        )
                position += exponential(unit(mix(key + GAMMA * step)))
                step += np.uint64(2)
    return count


@kernel
def take_due(waiting: np.ndarray, month: int, out: np.ndarray) -> int:
    """Move the deliveries due by `month` to `out`, the rest to the front; how many moved."""
    kept = 0
    moved = 0
    for i in range(len(waiting)):
        if waiting[i].due <= month:
            out[moved] = waiting[i]
            moved += 1
        else:
            waiting[kept] = waiting[i]
            kept += 1
    return moved
