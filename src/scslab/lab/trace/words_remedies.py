"""In words: notice, hearing, plea, objection, decision, complaint, correction elsewhere."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scslab.core.calendar import first_day
from scslab.core.story import Behind, Chance, Step
from scslab.core.tables import NO_LIST
from scslab.core.values import on
from scslab.lab.trace.seen import Seen
from scslab.lab.trace.teller import Teller, counted, lower_first, side_of, word
from scslab.study.model import Channel, Practice

TERMS = ("remedy.objection", "remedy.objection_others_data", "remedy.objection_own_data")
HELPS = {
    "reasons": "remedy.reasons_given",
    "method": "remedy.method_published",
    "help": "remedy.help_with_objections",
}


def thing(teller: Teller, row: np.void) -> str:
    """What an entry is: a listing, or a record that moves a score."""
    if row["list"] <= NO_LIST:
        return f"the record at {teller.system(int(row['regime']))}"
    return f"the listing on {teller.place(row)}"


def practice_of(teller: Teller, row: np.void) -> Practice:
    """The practice around an entry's regime."""
    return teller.world.file.study.regimes[row["regime"]].practice


def both_rows(
    teller: Teller, seen: Seen, rules: tuple[str, ...], practice: tuple[str, ...]
) -> tuple[Behind, ...]:
    """Rows of the rules and of the practice of an entry's regime."""
    assert seen.row is not None
    r, number = int(seen.row["regime"]), teller.number(seen)
    keys = (f"practice.{key}" for key in practice)
    return teller.library.rule(r, number, *rules) + teller.library.practice(r, number, *keys)


def notice_rows(
    teller: Teller, seen: Seen, row: np.void, late: bool
) -> tuple[tuple[Behind, ...], float, list[Channel]]:
    """Rows of the ways of notice, the chance that none arrives, and the ways.

    Parameters
    ----------
    late : bool
        All ways that could have told by now; else those that arrive in this month.
    """
    ways, r, kind = seen.month.ways, int(row["regime"]), teller.kind
    after = seen.month.index - int(row["decided"])
    channels = list(practice_of(teller, row).notices.items())
    used = [
        c
        for c in range(ways.notice.shape[1])
        if ways.notice[r, c, kind] > 0 and (late or ways.notice_takes[r, c] == after)
    ]
    missed = 1.0
    for c in used:
        missed *= 1.0 - float(ways.notice[r, c, kind])
    names = [channels[c][0] for c in used] if channels else []
    keys = tuple(f"notices.{name}.{x}" for name in names for x in ("reaches", "takes"))
    rules = ("remedy.notice_before_listing", "remedy.reasons_given")
    rows = both_rows(teller, seen, rules, keys or ("notice",))
    return rows, missed, [channels[c][1] for c in used] if channels else []


def told(teller: Teller, seen: Seen) -> Step:
    """Notice arrives."""
    row = seen.row
    assert row is not None
    rows, missed, channels = notice_rows(teller, seen, row, late=False)
    says = " or ".join(lower_first(channel.says) for channel in channels)
    how = f" ({says})" if says else ""
    varies = teller.times(channels[0].varies) if len(channels) == 1 else ""
    text = f"Notice{how} tells the {teller.what} of {thing(teller, row)}."
    return teller.step(seen, text, rows, [Chance(f"notice arrives{varies}", 1.0 - missed)])


def not_told(teller: Teller, seen: Seen) -> Step:
    """No notice arrives."""
    row = seen.row
    assert row is not None
    rows, missed, _ = notice_rows(teller, seen, row, late=True)
    text = f"No notice of {thing(teller, row)} reaches the {teller.what}."
    return teller.step(seen, text, rows, [Chance("no notice arrives", missed)])


def learns(teller: Teller, seen: Seen) -> Step:
    """A refusal tells of the listing."""
    row = seen.row
    assert row is not None
    rows = both_rows(teller, seen, (), ("learns_when_refused",))
    return teller.step(seen, f"The refusal tells the {teller.what} of {thing(teller, row)}.", rows)


def cleared(teller: Teller, seen: Seen) -> Step:
    """A hearing before the listing finds no ground."""
    row = seen.row
    assert row is not None
    keys = (f"hearing.appears_{word(row)}", f"hearing.clears_{word(row)}")
    rows = both_rows(teller, seen, ("remedy.heard_before_listing",), keys)
    ways, at = seen.month.ways, (int(row["regime"]), side_of(row))
    chances = [
        Chance("who is told appears and is heard", float(ways.appears[at])),
        Chance("the hearing finds no ground", float(ways.clears[at])),
    ]
    text = f"The {teller.what} is heard before {thing(teller, row)} takes effect, and is cleared."
    return teller.step(seen, text, rows, chances)


def let_off(teller: Teller, seen: Seen) -> Step:
    """A plea of hardship that is granted."""
    row = seen.row
    assert row is not None
    other = "" if teller.hardship else "_others"
    keys = tuple(f"hardship.{x}{other}" for x in ("applies", "grants"))
    rows = both_rows(teller, seen, ("remedy.hardship.holds",), keys)
    ways, at = seen.month.ways, (int(row["regime"]), int(not teller.hardship))
    chances = [
        Chance("who is told asks to be let off", float(ways.applies[at])),
        Chance("the plea is granted", float(ways.grants[at])),
    ]
    text = f"The {teller.what} pleads hardship, and is let off {thing(teller, row)}."
    return teller.step(seen, text, rows, chances)


def share_objecting(teller: Teller, seen: Seen, row: np.void) -> tuple[float, tuple[Behind, ...]]:
    """The share of such subjects who object once told, and the rows behind it."""
    practice, number = practice_of(teller, row), teller.number(seen)
    keys, rules = [f"objects_{word(row)}"], []
    if practice.helps is not None and word(row) == "wronged":
        remedy = teller.world.regimes[row["regime"]].remedy
        for name, rule in HELPS.items():
            granted = on(getattr(remedy, rule.removeprefix("remedy.")), first_day(number)).value
            if granted and getattr(practice.helps, name) is not None:
                keys.append(f"helps.{name}")
                rules.append(rule)
    rows = both_rows(teller, seen, tuple(rules), tuple(keys))
    return float(seen.month.ways.objects[side_of(row), row["regime"], teller.kind]), rows


def objects(teller: Teller, seen: Seen) -> Step:
    """An objection is filed."""
    row = seen.row
    assert row is not None
    share, rows = share_objecting(teller, seen, row)
    r, number = int(row["regime"]), teller.number(seen)
    rows += teller.library.rule(r, number, *TERMS, "remedy.marked_as_disputed")
    varies = teller.times(practice_of(teller, row).objects_varies)
    text = f"The {teller.what} objects to {thing(teller, row)}."
    return teller.step(seen, text, rows, [Chance(f"who is told objects{varies}", share)])


def silent(teller: Teller, seen: Seen) -> Step:
    """No objection, ever."""
    row = seen.row
    assert row is not None
    share, rows = share_objecting(teller, seen, row)
    varies = teller.times(practice_of(teller, row).objects_varies)
    text = f"The {teller.what} knows of {thing(teller, row)} and stays silent."
    return teller.step(seen, text, rows, [Chance(f"who is told stays silent{varies}", 1 - share)])


def waited(seen: Seen, row: np.void, was: np.void) -> tuple[str, bool]:
    """How long the desk took, in words, and whether that was too long."""
    ways, r = seen.month.ways, int(row["regime"])
    if ways.staffed[r] and row["due"] >= 0:
        days = float(row["due"] - row["filed_at"])
        return f"after {counted(round(days), 'working day')}", days > float(ways.deadline[r])
    months = seen.month.index - int(was["filed"])
    when = f"after {counted(months, 'month')}" if months else "in the month of the objection"
    return when, months > int(seen.month.rules.deadline[r])


def decided(teller: Teller, seen: Seen) -> Step:
    """The desk decides."""
    row, was = seen.row, seen.was
    assert row is not None and was is not None
    when, late = waited(seen, row, was)
    upheld = seen.kind == "upheld"
    share = float(seen.month.ways.upholds[row["regime"], side_of(row)])
    key = "desk.rejects_wronged" if word(row) == "wronged" else "desk.corrects_rightful"
    keys = ("desk.decisions", "desk.staff", "desk.case_takes", key)
    rows = both_rows(teller, seen, TERMS, keys)
    founded = "founded" if word(row) == "wronged" else "unfounded"
    does = "upheld" if upheld else "rejected"
    text = f"The objection to {thing(teller, row)}, which is {founded}, is {does} {when}"
    text += ", later than the rules allow." if late else "."
    such = "a founded" if word(row) == "wronged" else "an unfounded"
    chance = Chance(f"{such} objection is {does}", share if upheld else 1.0 - share)
    return teller.step(seen, text, rows, [chance])


def complains(teller: Teller, seen: Seen) -> Step:
    """A complaint to the supervisor."""
    row = seen.row
    assert row is not None
    keys = (f"complaint.complains_{word(row)}", "complaint.takes")
    rows = both_rows(teller, seen, ("remedy.complaint",), keys)
    share = float(seen.month.ways.complains[row["regime"], side_of(row)])
    text = f"The {teller.what} complains to the supervisor."
    return teller.step(seen, text, rows, [Chance("who is rejected complains", share)])


def supervised(teller: Teller, seen: Seen) -> Step:
    """The supervisor decides."""
    row = seen.row
    assert row is not None
    upheld = seen.kind == "supervisor upholds"
    keys = (f"complaint.upholds_{word(row)}", "complaint.takes")
    rows = both_rows(teller, seen, ("remedy.complaint",), keys)
    share = float(seen.month.ways.sustains[row["regime"], side_of(row)])
    does = "upholds" if upheld else "rejects"
    text = f"The supervisor {does} the complaint about {thing(teller, row)}."
    chance = Chance(f"the supervisor {does} such a complaint", share if upheld else 1.0 - share)
    return teller.step(seen, text, rows, [chance])


def correction_sent(teller: Teller, seen: Seen) -> Step:
    """A correction made elsewhere is on its way, or arrives at once."""
    row = seen.row
    assert row is not None
    arrives = int(row["told_of"])
    when = "at once" if arrives <= seen.month.index else f"in {teller.month(arrives)}"
    by, rows, p = passed_on(teller, seen)
    text = (
        f"{by} passes its correction on to {teller.system(int(row['regime']))}: it arrives {when}."
    )
    return teller.step(seen, text, rows, [Chance("another holder learns of a correction", p)])


def correction_missed(teller: Teller, seen: Seen) -> Step:
    """A correction made elsewhere does not reach a holder of the record."""
    row = seen.row
    assert row is not None
    by, rows, p = passed_on(teller, seen)
    text = f"{by} has corrected the record. {teller.system(int(row['regime']))} holds it too and "
    text += f"does not learn of that: {thing(teller, row)} stands."
    chance = Chance("another holder does not learn of a correction", 1.0 - p)
    return teller.step(seen, text, rows, [chance])


def passed_on(teller: Teller, seen: Seen) -> tuple[str, tuple[Behind, ...], float]:
    """Who has corrected the record, the rows on passing it on, and the share that learns of it."""
    if not seen.facts["by"]:
        return "Another system", (), 0.0
    r, number = int(seen.facts["by"][0]), teller.number(seen)
    keys = ("practice.corrections_reach", "practice.corrections_take")
    rows = teller.library.rule(r, number, "remedy.correction_reaches")
    rows += teller.library.practice(r, number, *keys)
    return teller.system(r), rows, float(seen.month.ways.reaches[r])


def corrected_elsewhere(teller: Teller, seen: Seen) -> Step:
    """A correction made elsewhere arrives."""
    row = seen.row
    assert row is not None
    text = f"The correction made elsewhere arrives: {thing(teller, row)} is corrected."
    return teller.step(seen, text)


WORDS: dict[str, Callable[[Teller, Seen], Step]] = {
    "told": told,
    "not told": not_told,
    "learns": learns,
    "cleared": cleared,
    "let off": let_off,
    "objects": objects,
    "silent": silent,
    "upheld": decided,
    "rejected": decided,
    "complains": complains,
    "supervisor upholds": supervised,
    "supervisor rejects": supervised,
    "correction sent": correction_sent,
    "corrected elsewhere": corrected_elsewhere,
    "correction missed": correction_missed,
}
