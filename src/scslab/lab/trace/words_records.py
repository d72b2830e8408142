"""In words: the act, the record of it, and how the record travels."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from scslab.core.calendar import first_day
from scslab.core.draws import unit_for
from scslab.core.story import STUDY, Behind, Chance, Step
from scslab.core.tables import FROM_NOTHING, MISATTRIBUTED, TRUE
from scslab.lab.pipeline import who_is_told
from scslab.lab.recording import names_confused
from scslab.lab.trace.seen import Seen
from scslab.lab.trace.teller import Teller, counted, listed_words, side_of, word
from scslab.study.model import Agency
from scslab.world.records.agencies import NAME


def act(teller: Teller, seen: Seen) -> Step:
    """The act behind the record, by whomever."""
    row = seen.row
    assert row is not None
    name, rates = teller.conduct(row), seen.month.rates
    own = int(row["subject"]) == teller.subject
    who = f"The {teller.what}" if own else upper_first(relation(teller, row))
    says = f"{who} commits {teller.act_words(row)}."
    kind = int(teller.world.people.kind[row["cell"]])
    k = int(row["conduct"])
    monthly = rates.candidates[k, kind] / (rates.frailty[k] + 1)
    chances = [
        Chance("one or more of this act in a month, mean of such persons", at_least(monthly))
    ]
    rows = teller.library.rows(STUDY, teller.number(seen), f"conduct.{name}.rate")
    if teller.hardship and own:
        says += " Hardship, such as an illness, brought it about."
        r, number = teller.regime, teller.number(seen)
        rows += teller.library.practice(r, number, "practice.hardship.share")
        share = float(seen.month.ways.hardship[r, teller.kind])
        chances.append(Chance("such an act comes of hardship", share))
    return teller.step(seen, says, rows, chances)


def relation(teller: Teller, row: np.void) -> str:
    """Another subject, and how near it lies."""
    district = teller.world.people.district
    near = district[row["cell"]] == district[teller.cell]
    _, represents, family = who_is_told(teller.world, np.array([row]))[0].tolist()
    if represents == teller.subject:
        return "an organisation that the person represents"
    place = " of the same district" if near else ""
    place = " of the same household" if family == teller.subject else place
    return teller.someone(int(row["subject"]), int(row["cell"])) + place


def recorded(teller: Teller, seen: Seen) -> Step:
    """The record: true, under another's name, or on nothing."""
    row = seen.row
    assert row is not None
    name = teller.conduct(row)
    key, agency = seer(teller, name)
    number, path = teller.number(seen), f"agencies.{key}"
    faults, k = seen.month.faults, int(row["conduct"])
    if row["truth"] == FROM_NOTHING:
        says = f"{agency.says}: a record of {teller.act_words(row)} is written about the "
        says += f"{teller.what}. It rests on nothing: nobody did this."
        rows = teller.library.rows(STUDY, number, f"{path}.from_nothing")
        p = at_least(float(faults.nothing[k, teller.kind]))
        chances = [Chance("one or more such records in a month, mean of such persons", p)]
        return teller.step(seen, says + way(teller, seen, row), rows, chances)
    seen_share = share_seen(teller, seen, row)
    keys = [f"{path}.detection", f"{path}.lag"]
    chances = [Chance("the act is seen and recorded", seen_share)]
    says = f"{agency.says}: the act is recorded"
    rows = teller.library.rows(STUDY, number, *keys)
    if row["truth"] == TRUE:
        return teller.step(seen, f"{says}.{way(teller, seen, row)}", rows, chances)
    wrong = float(faults.wrong_subject[k, side(teller)])
    if wrong > 0 and unit_for(np.uint64(row["record"]), NAME) < wrong:
        rows += teller.library.rows(STUDY, number, f"{path}.wrong_subject")
        luck = "the record gets another's name"
    else:
        through = teller.world.file.study.regimes[row["regime"]].receives.through or ""
        what = "wrong_organisation" if side(teller) else "wrong_subject"
        rows += teller.library.rows(through, number, f"platform.{what}")
        wrong = float(faults.link_wrong[row["regime"], side(teller)])
        luck = "the platform files the record under another's name"
    left = names_left(teller, number)
    if left < 1.0:
        luck += f" (times {left:g} by the identity code)"
        rows += code_rows(teller, number)
    chances.append(Chance(luck, wrong))
    says += f" under the name of the {teller.what} of this story. Whoever did it has no record."
    return teller.step(seen, says + way(teller, seen, row), rows, chances)


def names_left(teller: Teller, number: int) -> float:
    """The share of confused names that an identity code leaves; all of those of persons."""
    if not side(teller):
        return 1.0
    world = teller.world
    return names_confused(world.file.study, world.platforms, first_day(number))


def code_rows(teller: Teller, number: int) -> tuple[Behind, ...]:
    """The rows of the identity code that leaves fewer names confused."""
    code = teller.world.file.study.identity
    assert code is not None  # without a code all stay confused
    return teller.library.rows(code, number, "identity.holds", "identity.removes")


def way(teller: Teller, seen: Seen, row: np.void) -> str:
    """How long the record is under way, in words."""
    months = int(row["due"]) - seen.month.index
    return f" It is under way for {counted(months, 'month')}." if months > 0 else ""


def share_seen(teller: Teller, seen: Seen, row: np.void) -> float:
    """The share of such acts that is recorded (visits of inspectors not counted)."""
    faults, k = seen.month.faults, int(row["conduct"])
    share = float(faults.detection[k])
    if faults.spared.shape[1] and row["truth"] == TRUE:
        share = min(share * float(faults.spared[k, teller.kind]), 1.0)
    return share


def seer(teller: Teller, name: str) -> tuple[str, Agency]:
    """The agency that sees an act: its key and what it is."""
    agencies = teller.world.file.study.agencies.items()
    return next((key, agency) for key, agency in agencies if name in agency.sees)


def arrived(teller: Teller, several: list[Seen]) -> Step:
    """The record reaches the regimes that are to judge it."""
    seen = several[0]
    number, study = teller.number(seen), teller.world.file.study
    rows: list[Behind] = []
    chances, names = [], []
    for one in several:
        assert one.row is not None
        r = int(one.row["regime"])
        names.append(teller.system(r))
        rows += teller.library.practice(r, number, "receives.coverage", "receives.delay")
        through = study.regimes[r].receives.through
        if through is not None:
            rows += teller.library.rows(through, number, "platform.coverage", "platform.delay")
        share = float(seen.month.faults.coverage[one.row["conduct"], r])
        if share < 1.0:
            chances.append(Chance(f"the record reaches {teller.system(r)}", share))
    return teller.step(seen, f"The record reaches {listed_words(names)}.", rows, chances)


def stopped(teller: Teller, seen: Seen) -> Step:
    """Human review stops the record."""
    row = seen.row
    assert row is not None
    r, number = int(row["regime"]), teller.number(seen)
    rows = teller.library.rule(r, number, "remedy.human_review")
    rows += teller.library.practice(r, number, f"practice.screening.stops_{word(row)}")
    p = float(seen.month.ways.stops[r, side_of(row)])
    says = f"Somebody at {teller.system(r)} looks at the record before it counts, and stops it."
    return teller.step(seen, says, rows, [Chance("such a record is stopped", p)])


def heard(teller: Teller, several: list[Seen]) -> Step:
    """A listing elsewhere is told to the regimes whose rules follow it."""
    seen = several[0]
    row = seen.row
    assert row is not None
    listing, _, of = teller.conduct(row).partition(" of ")
    source = listing.partition("/")[0]
    whose = {
        "representative": "of the organisation that the person represents",
        "family": "of a member of the household",
    }.get(of, f"of the {teller.what}")
    rows: list[Behind] = []
    number, names = teller.number(seen), []
    for one in several:
        assert one.row is not None
        names.append(teller.system(int(one.row["regime"])))
        keys = ("receives.coverage", "receives.delay", "receives.lifts")
        rows += teller.library.practice(int(one.row["regime"]), number, *keys)
    over = "is over" if seen.kind == "over" else "began"
    are = "is" if len(names) == 1 else "are"
    says = f"{listed_words(names)} {are} told that a listing {whose} on {listing} {over}."
    if seen.kind == "over":
        of_source = [x.id for x in teller.world.regimes].index(source)
        rows += teller.library.rule(of_source, number, "remedy.correction_reaches")
    return teller.step(seen, says, rows)


def other_listed(teller: Teller, seen: Seen) -> Step:
    """Somebody else is listed for the same record."""
    row = seen.row
    assert row is not None
    who = upper_first(relation(teller, row))
    says = f"{who} is put on {teller.short_list(row)} for the same record"
    says += ", by mistake." if row["truth"] == MISATTRIBUTED else "."
    return teller.step(seen, says)


def side(teller: Teller) -> int:
    """0 for persons, 1 for organisations."""
    return int(teller.what == "organisation")


def at_least(mean: float) -> float:
    """The probability of one or more, of a Poisson count."""
    return 1.0 - math.exp(-mean)


def upper_first(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


TOGETHER: dict[str, Callable[[Teller, list[Seen]], Step]] = {
    "arrived": arrived,
    "heard": heard,
    "over": heard,
}
WORDS: dict[str, Callable[[Teller, Seen], Step]] = {
    "act": act,
    "recorded": recorded,
    "stopped": stopped,
    "other listed": other_listed,
}
