"""From what was seen to a story: the steps in order, the outcome in short, what else happened."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from scslab.core.story import Step
from scslab.core.tables import TRUE
from scslab.lab.trace import words_exits, words_lists, words_records, words_remedies
from scslab.lab.trace.follow import Follower
from scslab.lab.trace.seen import Seen
from scslab.lab.trace.teller import Teller, counted, listed_words
from scslab.lab.trace.words_lists import no_effect, refused_again, times_words

WORDS = words_records.WORDS | words_lists.WORDS | words_remedies.WORDS | words_exits.WORDS
TOGETHER = words_records.TOGETHER | {"no effect": no_effect}
OTHERS = ("other act", "other record")
ENTERED = ("points", "counted", "listed", "to be listed")
NOTICES = ("told", "not told", "silent")
TOLD = {"told", "learns"}
CORRECTIONS = {"upheld", "supervisor upholds", "cleared", "corrected elsewhere"}


def main_thread(teller: Teller, seen: Iterable[Seen]) -> list[Seen]:
    """What was seen of the record on which the story rests, and of rewards while it weighed.

    Where a system made nothing of the record, nobody is told that it is over; notice of what is
    true and lists nobody is left out too.
    """
    word, weighs = np.uint64(teller.record), set[int]()
    found: list[Seen] = []
    for one in seen:
        if one.kind in OTHERS:
            continue
        if one.row is None:
            keep = one.facts["regime"] in weighs
        else:
            keep = word == one.row["luck" if one.kind == "act" else "record"]
        if keep and one.row is not None and one.kind != "act":
            regime = int(one.row["regime"])
            keep = not (one.kind == "over" and regime not in weighs)
            keep = keep and not (one.kind in NOTICES and quiet(one.row))
            if one.kind in ENTERED:
                weighs.add(regime)
            elif one.kind == "points back":
                weighs.discard(regime)
        if keep:
            found.append(one)
    return found


def quiet(row: np.void) -> bool:
    """Whether an entry is a true record that lists nobody."""
    return bool(row["list"] < 0 and row["truth"] == TRUE)


def steps(teller: Teller, thread: list[Seen]) -> tuple[Step, ...]:
    """The steps of a story; what happens at several systems at once, or again, in one."""
    found = []
    again = refused_later(thread)
    for one in thread:
        if one.kind in TOGETHER:
            together = [x for x in thread if same_news(x, one)]
            if together[0] is one:
                found.append(TOGETHER[one.kind](teller, together))
        elif id(one) in again:
            several = again[id(one)]
            if several[-1] is one:
                found.append(refused_again(teller, several))
        else:
            found.append(WORDS[one.kind](teller, one))
    return tuple(found)


def same_news(one: Seen, other: Seen) -> bool:
    """Whether two things seen are one piece of news at two systems."""
    if one.kind != other.kind or one.month is not other.month:
        return False
    return (
        one.row is not None and other.row is not None and one.row["conduct"] == other.row["conduct"]
    )


def refused_later(thread: list[Seen]) -> dict[int, list[Seen]]:
    """Refusals of each listing after its first, where there are several, by their identity."""
    by_entry: dict[tuple[int, int], list[Seen]] = {}
    for one in thread:
        if one.kind == "refused" and one.row is not None:
            by_entry.setdefault(entry_key(one.row), []).append(one)
    found: dict[int, list[Seen]] = {}
    for several in by_entry.values():
        if len(several) > 2:
            found |= {id(one): several[1:] for one in several[1:]}
    return found


def facts(teller: Teller, thread: list[Seen], last: int) -> tuple[tuple[str, str], ...]:
    """The outcome in short."""
    found = [*stays(teller, thread, last)]
    refused = [one.facts["refused"] for one in thread if one.kind == "refused"]
    counts: dict[str, int] = {}
    for one in refused:
        for name, number in one.items():
            counts[name] = counts.get(name, 0) + number
    if listings(thread):
        what = ", ".join(f"{name} {number}" for name, number in counts.items())
        often = f"{times_words(sum(counts.values()))} ({what})" if counts else "never"
        found.append(("Refused", often))
        found.append(("Told", when_first(teller, thread, TOLD)))
        found.append(("Objected", when_first(teller, thread, {"objects"})))
        if any(one.row is not None and one.row["truth"] != TRUE for one in listings(thread)):
            found.append(("Corrected", when_first(teller, thread, CORRECTIONS)))
    rewards = [one for one in thread if one.kind == "rewarded"]
    if rewards:
        names = listed_words(dict.fromkeys(one.facts["reward"] for one in rewards))
        found.append(("Rewards", names))
    return tuple(found)


def listings(thread: list[Seen]) -> list[Seen]:
    """The listings of a thread that took effect."""
    return [one for one in thread if one.kind in ("listed", "in effect")]


def stays(teller: Teller, thread: list[Seen], last: int) -> list[tuple[str, str]]:
    """Each stay on a list: from when to when."""
    found = []
    for one in [*listings(thread), *(x for x in thread if x.kind == "moves")]:
        row = one.row
        assert row is not None
        ends = [
            x.month.index
            for x in thread
            if x.kind in ("leaves", "moves")
            and (gone := x.was if x.kind == "moves" else x.row) is not None
            and entry_key(gone) == entry_key(row)
        ]
        months = (ends[0] if ends else last + 1) - one.month.index
        until = f"to {teller.month(ends[0])}" if ends else "still at the end"
        words = f"{teller.month(one.month.index)} {until}, {counted(months, 'month')}"
        found.append((f"On {teller.place(row)}", words))
    return found


def when_first(teller: Teller, thread: list[Seen], kinds: set[str]) -> str:
    """The first month of some kind of thing, or never; for each listing, if there are several."""
    found = {}
    for listed in listings(thread):
        row = listed.row
        assert row is not None
        months = [
            one.month.index
            for one in thread
            if one.kind in kinds and one.row is not None and entry_key(one.row) == entry_key(row)
        ]
        found[teller.place(row)] = teller.month(min(months)) if months else "never"
    if len(found) == 1:
        return next(iter(found.values()))
    return "; ".join(f"{place} {month}" for place, month in found.items())


def entry_key(row: np.void) -> tuple[int, int]:
    """What tells the listings of a thread apart."""
    return int(row["luck"]), int(row["list"])


def beside(teller: Teller, seen: Iterable[Seen]) -> tuple[str, ...]:
    """What else happened to the subject, in a line each."""
    word, found = np.uint64(teller.record), []
    noted = list(seen)
    acts: dict[str, int] = {}
    for one in noted:
        if one.kind == "other act" and one.row is not None:
            acts[teller.conduct(one.row)] = acts.get(teller.conduct(one.row), 0) + 1
    if acts:
        told = ", ".join(f"{name} {number}" for name, number in acts.items())
        found.append(f"Other acts of the {teller.what}: {told}.")
    records = [one for one in noted if one.kind == "other record"]
    if records:
        false = sum(int(one.row["truth"] != TRUE) for one in records if one.row is not None)
        regimes = dict.fromkeys(
            teller.world.regimes[one.row["regime"]].id for one in records if one.row is not None
        )
        found.append(
            f"Other records that arrived: {len(records)} ({false} of them false), at "
            f"{listed_words(regimes)}."
        )
    for one in noted:
        row = one.row
        if one.kind == "listed" and row is not None and row["record"] != word:
            wrong = ", wrongly" if row["truth"] != TRUE else ""
            found.append(
                f"Also put on {teller.place(row)} in {teller.month(one.month.index)}{wrong}."
            )
    return tuple(found)


def standing(follower: Follower) -> list[Seen]:
    """What of the record still stands when the study ends."""
    assert follower.last is not None
    return [
        Seen(follower.last, "exits", "stands", row)
        for row in follower.files.values()
        if row["record"] == np.uint64(follower.record)
    ]


def systems(teller: Teller, told: tuple[Step, ...]) -> tuple[tuple[str, str], ...]:
    """The regimes and platforms of which the steps tell, with their names."""
    words = " ".join(step.says for step in told)
    cited = {row.of for step in told for row in step.rows}
    return tuple(
        (name, regime.name)
        for name, regime in teller.library.owners.items()
        if name in cited or name in words
    )
