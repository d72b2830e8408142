"""From rules and practice to the remedies that work in a month: one acts only if both have it."""

from __future__ import annotations

from datetime import date

import numpy as np

from scslab.core.calendar import first_day, last_day
from scslab.core.draws import address, decision, unit_for
from scslab.core.errors import ScslabError
from scslab.core.values import Dated, number_on, on
from scslab.lab.in_force import times, values
from scslab.lab.world import World
from scslab.regimes.model import Regime
from scslab.regimes.rulebook import deadline_days
from scslab.study.model import Helps, Practice, RegimeUse
from scslab.world.remedies.ways import Ways
from scslab.world.society.kinds import Kinds

NO_QUEUE = 1 << 40


def may_object(use: RegimeUse) -> bool:
    """Whether anybody objects to records of the regime, or learns that one is corrected."""
    practice = use.practice
    given = (practice.objects_wronged, practice.objects_rightful, practice.helps)
    return any(item is not None for item in given)


def ways(world: World, number: int) -> Ways:
    """Remedies in a month, but for what depends on the month alone (see `ways_in`)."""
    uses, kinds, when = world.file.study.regimes, world.kinds, first_day(number)
    practice = [use.practice for use in uses]
    rules = [regime.remedy for regime in world.regimes]
    notice, takes = notices(practice, kinds, when)
    hearings = [p.hearing for p in practice]
    screens = [p.screening for p in practice]
    complaints = [p.complaint for p in practice]
    hard = [p.hardship for p in practice]
    heard = granted([r.heard_before_listing for r in rules], when)
    reviewed = granted([r.human_review for r in rules], when)
    complained = granted([r.complaint for r in rules], when)
    everybody = granted([r.correction_reaches for r in rules], when)
    reaches = values([p.corrections_reach for p in practice], number)
    staffed = np.array([p.desk.staff is not None for p in practice])
    return Ways(
        notice=notice,
        notice_takes=takes,
        objects=objecting(practice, world.regimes, kinds, when),
        appears=pair(hearings, "appears_wronged", "appears_rightful", when) * heard[:, None],
        clears=pair(hearings, "clears_wronged", "clears_rightful", when),
        stops=pair(screens, "stops_wronged", "stops_rightful", when) * reviewed[:, None],
        capacity=np.zeros((0, 0), np.int64),
        staffed=staffed,
        clerks=clerks(world, when),
        case_takes=values([p.desk.case_takes for p in practice], number, 1.0),
        deadline=np.array([deadline_days(r, when) for r in world.regimes]),
        upholds=np.stack(
            [
                1.0 - values([p.desk.rejects_wronged for p in practice], number),
                values([p.desk.corrects_rightful for p in practice], number),
            ],
            axis=1,
        ),
        complains=pair(complaints, "complains_wronged", "complains_rightful", when)
        * complained[:, None],
        complaint_takes=values([c.takes if c else None for c in complaints], number).astype(
            np.int16
        ),
        sustains=pair(complaints, "upholds_wronged", "upholds_rightful", when),
        reaches=np.where(everybody > 0, 1.0, reaches),
        reach_takes=values([p.corrections_take for p in practice], number).astype(np.int16),
        tells=np.array([decision(f"corrections of {r.id}") for r in world.regimes], np.uint64),
        hardship=np.array(
            [
                np.minimum(number_on(h.share, when) * times(h.varies, kinds), 1.0)
                if h is not None
                else np.zeros(kinds.count)
                for h in hard
            ]
        ),
        hardship_acts=hardship_acts(world.regimes, world.conducts),
        applies=pair(hard, "applies", "applies_others", when)
        * granted([r.hardship.holds if r.hardship else None for r in rules], when)[:, None],
        grants=pair(hard, "grants", "grants_others", when),
        performs_first=values([p.performs_first for p in practice], number),
        performs_later=values([p.performs_later for p in practice], number),
        repairs=values([p.repairs for p in practice], number),
        days=0,
    )


def granted(rows: list[Dated | None], when: date) -> np.ndarray:
    """1 where the rules grant something on a day, else 0; f8[regimes]."""
    return np.array([float(bool(on(row, when).value)) for row in rows])


def pair(items: list, first: str, second: str, when: date) -> np.ndarray:
    """Two shares of each item that is there, else 0; f8[items, 2]."""
    return np.array(
        [
            [
                number_on(getattr(x, name), when) if x is not None else 0.0
                for name in (first, second)
            ]
            for x in items
        ]
    )


def notices(practice: list[Practice], kinds: Kinds, when: date) -> tuple[np.ndarray, np.ndarray]:
    """Share of each kind that each channel reaches, and the months it takes.

    Returns
    -------
    f8[regimes, channels, kinds], i2[regimes, channels]
    """
    most = max([1, *(len(p.notices) for p in practice)])
    shares = np.zeros((len(practice), most, kinds.count))
    takes = np.zeros((len(practice), most), np.int16)
    for r, item in enumerate(practice):
        if not item.notices:
            shares[r, 0] = number_on(item.notice, when)
        for c, channel in enumerate(item.notices.values()):
            reached = number_on(channel.reaches, when) * times(channel.varies, kinds)
            shares[r, c] = np.minimum(reached, 1.0)
            takes[r, c] = int(number_on(channel.takes, when))
    return shares, takes


def objecting(
    practice: list[Practice], regimes: list[Regime], kinds: Kinds, when: date
) -> np.ndarray:
    """Share of the told who object: the wronged, the rightly entered; f8[2, regimes, kinds].

    What makes objecting easier wins over a share of the wronged who would stay silent.
    """
    found = np.zeros((2, len(practice), kinds.count))
    for r, (item, regime) in enumerate(zip(practice, regimes, strict=True)):
        varies = times(item.objects_varies, kinds)
        wronged = np.minimum(number_on(item.objects_wronged, when) * varies, 1.0)
        found[0, r] = 1.0 - (1.0 - wronged) * silent(item.helps, regime, when)
        found[1, r] = number_on(item.objects_rightful, when) * varies
    return found


def silent(helps: Helps | None, regime: Regime, when: date) -> float:
    """Share of those who would stay silent who still do, with the help that the rules grant."""
    if helps is None:
        return 1.0
    remedy = regime.remedy
    share = 1.0
    for rule, help_ in (
        (remedy.reasons_given, helps.reasons),
        (remedy.method_published, helps.method),
        (remedy.help_with_objections, helps.help),
    ):
        if on(rule, when).value:
            share *= 1.0 - number_on(help_, when)
    return share


def clerks(world: World, when: date) -> np.ndarray:
    """Clerks of each regime's desk, i8[regimes]; 0 where it has none.

    Raises
    ------
    ScslabError
        The society is too small for one clerk.
    """
    found = np.zeros(len(world.regimes), np.int64)
    subjects = world.society.subjects
    for r, use in enumerate(world.file.study.regimes):
        staff = use.practice.desk.staff
        if staff is None:
            continue
        share = number_on(staff, when) * subjects / 1_000_000
        found[r] = round(share)
        if share > 0 and found[r] == 0:
            raise ScslabError(
                "this society is too small for one clerk",
                where=world.file.document.where(("regimes", r, "practice", "desk", "staff")),
                got=f"{share:.2g} clerks for {subjects:,} subjects",
                hint="more persons, or decisions in place of staff",
            )
    return found


def hardship_acts(regimes: list[Regime], conducts: list[str]) -> np.ndarray:
    """The acts that hardship can bring about by the rules; all acts where they name none."""
    found = np.zeros((len(regimes), len(conducts)), bool)
    for r, regime in enumerate(regimes):
        rule = regime.remedy.hardship
        for k, name in enumerate(conducts):
            if "/" not in name:
                found[r, k] = rule is None or not rule.acts or name in rule.acts
    return found


def ways_in(
    found: Ways,
    uses: list[RegimeUse],
    seed: np.uint64,
    district_start: np.ndarray,
    number: int,
    index: int,
) -> Ways:
    """Remedies with the desks' capacity and the days of a month."""
    capacity = capacities(uses, seed, np.diff(district_start), number, index)
    return found._replace(capacity=capacity, days=last_day(number).day)


def capacities(
    uses: list[RegimeUse], seed: np.uint64, persons: np.ndarray, number: int, index: int
) -> np.ndarray:
    """Decisions that each desk can take in a month, i8[regimes, districts].

    A desk that decides 0.4 cases a month decides one in some months and none in others; where
    in the round a desk starts is drawn from its district.
    """
    found = np.full((len(uses), len(persons)), NO_QUEUE, np.int64)
    for r, use in enumerate(uses):
        if use.practice.desk.decisions is None:
            continue
        yearly = number_on(use.practice.desk.decisions, first_day(number))
        monthly = yearly * persons / 12_000
        trait = np.uint64(address(seed, decision(f"desk {use.use}")))
        start = np.array([unit_for(trait, d) for d in range(len(persons))])
        found[r] = np.floor(monthly * (index + 1) + start) - np.floor(monthly * index + start)
    return found
