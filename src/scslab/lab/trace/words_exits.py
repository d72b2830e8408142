"""In words: the duty performed, the ways off a list, and the end of the study."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scslab.core.story import Behind, Chance, Step
from scslab.core.tables import (
    CORRECTED,
    EXEMPTED,
    LIFTED,
    NO_LIST,
    PERFORMED,
    REPAIRED,
)
from scslab.lab.trace.seen import Seen
from scslab.lab.trace.teller import Teller, counted
from scslab.lab.trace.words_remedies import both_rows, thing


def performs(teller: Teller, seen: Seen) -> Step:
    """The duty is performed."""
    row = seen.row
    assert row is not None
    ways, r = seen.month.ways, int(row["regime"])
    first = seen.month.index - int(row["decided"]) == 1
    name, _ = teller.list_of(row)
    key = "performs_first" if first else "performs_later"
    rows = both_rows(teller, seen, (f"lists.{name}.removal_after_performance",), (key,))
    share = float((ways.performs_first if first else ways.performs_later)[r])
    text = f"The {teller.what} performs the duty behind {thing(teller, row)}."
    if row["way_out"] == PERFORMED and row["ends"] > seen.month.index:
        text += f" The name is to be removed by {teller.month(int(row['ends']))}."
    return teller.step(seen, text, rows, [Chance("the duty is performed in a month", share)])


def moves(teller: Teller, seen: Seen) -> Step:
    """An entry moves to another list."""
    row, was = seen.row, seen.was
    assert row is not None and was is not None
    name, _ = teller.list_of(was)
    rows = both_rows(teller, seen, (f"lists.{name}.escalates.after",), ())
    months = seen.month.index - int(was["begun"])
    text = f"After {counted(months, 'month')} that nobody has cleared, the entry moves from "
    text += f"{teller.short_list(was)} to {teller.list_words(row)}, {teller.term(row)}."
    return teller.step(seen, text, rows)


def leaves(teller: Teller, seen: Seen) -> Step:
    """A listing ends."""
    row = seen.row
    assert row is not None
    why, rows, chances = way_off(teller, seen, row)
    months = seen.month.index - int(row["begun"])
    after = f"after {counted(months, 'month')}" if months else "in the month of the listing"
    text = f"Off {teller.short_list(row)} {after}: {why}."
    score = seen.facts.get("score")
    if score is not None and score[0] is not None:
        name, _ = teller.list_of(row)
        rows += both_rows(teller, seen, (f"lists.{name}.score_after",), ())
        text += f" With that {teller.moved(int(row['regime']), *score)}."
    return teller.step(seen, text, rows, chances)


def way_off(
    teller: Teller, seen: Seen, row: np.void
) -> tuple[str, tuple[Behind, ...], list[Chance]]:
    """Why an entry ends: in words, the rows behind it, and what was luck."""
    name, _ = teller.list_of(row)
    path = f"lists.{name}"
    if row["state"] == CORRECTED:
        return "it was corrected", (), []
    if row["way_out"] == EXEMPTED:
        return "let off for hardship", (), []
    if row["way_out"] == PERFORMED and row["performed"] < 0:
        return "an act that ends it", (), []
    if row["way_out"] == PERFORMED:
        rows = both_rows(teller, seen, (f"{path}.removal_after_performance",), ())
        return "the duty is performed", rows, []
    if row["way_out"] == REPAIRED:
        share = float(seen.month.ways.repairs[row["regime"]])
        rows = both_rows(teller, seen, (f"{path}.repair_opens",), ("repairs",))
        chance = Chance("who can apply for repair does so in a month", share)
        return "repaired on application", rows, [chance]
    if row["way_out"] == LIFTED:
        return lifted(teller, seen, row)
    return "its term is over", (), []


def lifted(
    teller: Teller, seen: Seen, row: np.void
) -> tuple[str, tuple[Behind, ...], list[Chance]]:
    """What an entry rested on is gone: in words, with the rows."""
    r, rules = int(row["regime"]), seen.month.rules
    name, list_ = teller.list_of(row)
    if row["conduct"] >= 0 and rules.stopped[r, row["conduct"]]:
        bounds = teller.world.regimes[r].bounds
        rows = both_rows(teller, seen, tuple(f"bounds.{b}.holds" for b in bounds), ())
        return "its ground no longer counts", rows, []
    if rules.closed[r] & np.uint8(1 << row["list"]):
        return "the list is closed", both_rows(teller, seen, (f"lists.{name}.closed",), ()), []
    if row["points"] == 0 and any(ground.follows for ground in list_.grounds.values()):
        return "the listing elsewhere that it followed is over", (), []
    keys = tuple(f"lists.{name}.grounds.{g}.score_below" for g in list_.grounds)
    return "the score or grade is no longer a ground", both_rows(teller, seen, keys, ()), []


def never_listed(teller: Teller, seen: Seen) -> Step:
    """An entry that ends before it takes effect."""
    row = seen.row
    assert row is not None
    why, rows, chances = way_off(teller, seen, row)
    text = f"The listing on {teller.place(row)} never takes effect: {why}."
    return teller.step(seen, text, rows, chances)


def points_back(teller: Teller, seen: Seen) -> Step:
    """A record that moved a score weighs no more."""
    row = seen.row
    assert row is not None
    system = teller.system(int(row["regime"]))
    rows: tuple[Behind, ...] = ()
    if row["state"] == CORRECTED:
        why = "it was corrected"
    elif row["way_out"] == REPAIRED:
        act = teller.world.regimes[row["regime"]].rates.get(teller.conduct(row))
        key = f"remedy.repair_opens_{act.gravity}" if act is not None else ""
        why, rows = "repaired on application", both_rows(teller, seen, (key,), ("repairs",))
    elif row["way_out"] == LIFTED:
        why = "what it rests on is over, or no longer counts"
    else:
        why = "records count for so long and no longer"
        rows = both_rows(teller, seen, ("remedy.record_ends",), ())
    text = f"The record weighs no more at {system}: {why}."
    score = seen.facts.get("score")
    if score is not None and score[0] is not None:
        text += f" With that {teller.moved(int(row['regime']), *score)}."
    return teller.step(seen, text, rows)


def stands(teller: Teller, seen: Seen) -> Step:
    """What still stands when the study ends."""
    row = seen.row
    assert row is not None
    months = seen.month.index - int(row["begun"]) + 1
    if row["list"] <= NO_LIST:
        text = f"The study ends. The record still weighs at {teller.system(int(row['regime']))}."
        return teller.step(seen, text)
    text = f"The study ends. The {teller.what} is still on {teller.short_list(row)}, after "
    return teller.step(seen, f"{text}{counted(months, 'month')}.")


WORDS: dict[str, Callable[[Teller, Seen], Step]] = {
    "performs": performs,
    "moves": moves,
    "leaves": leaves,
    "never listed": never_listed,
    "points back": points_back,
    "stands": stands,
}
