"""In words: what the rules make of a record, and what a listing does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from scslab.core.calendar import first_day
from scslab.core.story import Behind, Chance, Step
from scslab.core.tables import COMPLAINED, FILED, MAX_LISTS, NEVER, TRUE
from scslab.core.values import on
from scslab.lab.trace.seen import Seen
from scslab.lab.trace.teller import Teller, counted, listed_words, lower_first
from scslab.lab.trace.words_records import at_least
from scslab.regimes.model import ScoredAct
from scslab.world.consequences.bites import Effects


def points(teller: Teller, seen: Seen) -> Step:
    """A record that moves the score."""
    row = seen.row
    assert row is not None
    rows = score_rows(teller, seen, row)
    return teller.step(seen, f"{score_words(teller, seen, row)}.", rows)


def score_words(teller: Teller, seen: Seen, row: np.void) -> str:
    """What became of the score, in words."""
    system = teller.system(int(row["regime"]))
    score = seen.facts.get("score")
    if score is None or score[0] is None:
        return f"{system} enters the record"
    alone = "points" not in (row.dtype.names or ()) or score[1] - score[0] == row["points"]
    others = "" if alone else " (all records of the month together)"
    moved = teller.moved(int(row["regime"]), *score)
    return f"{system} enters the record: {moved}{others}"


def no_effect(teller: Teller, several: list[Seen]) -> Step:
    """A record that changes nothing at some systems in a month."""
    names = [teller.system(int(one.row["regime"])) for one in several if one.row is not None]
    they = ("it keeps", "its") if len(names) == 1 else ("they keep", "their")
    says = f"The record changes nothing at {listed_words(names)}: {they[0]} no file on the "
    says += f"{teller.what}, or {they[1]} rules make nothing of it."
    return teller.step(several[0], says)


def met(teller: Teller, seen: Seen) -> Step:
    """A record that meets a listing for another record."""
    row = seen.row
    assert row is not None
    system = teller.system(int(row["regime"]))
    says = f"At {system} the record meets a listing for another record, and lengthens it."
    return teller.step(seen, says)


def score_rows(teller: Teller, seen: Seen, row: np.void) -> tuple[Behind, ...]:
    """The rows by which a record moves a score or a grade."""
    r, name = int(row["regime"]), teller.conduct(row)
    regime = teller.world.regimes[r]
    act = regime.rates.get(name)
    if act is None:
        return ()
    scale = "score" if regime.score is not None else "grades"
    base = f"{scale}.{'listings' if '/' in name else 'acts'}.{name}"
    keys = [f"{base}.{x}" for x in ("points", "moves", "cuts.holds", "lifts.holds", "drops")]
    if isinstance(act, ScoredAct) and act.dimension is not None:
        keys.append(f"score.dimensions.{act.dimension}.weight")
    return teller.library.rule(r, teller.number(seen), *keys)


def counted_towards(teller: Teller, seen: Seen) -> Step:
    """A record that counts towards a ground of several."""
    row = seen.row
    assert row is not None
    r = int(row["regime"])
    name, rules = list(teller.world.regimes[r].lists.items())[row["points"]]
    at = seen.month.rules.ground[r, row["conduct"], row["points"]]
    path = f"lists.{name}.grounds.{list(rules.grounds)[at]}"
    needed = int(seen.month.rules.needed[r, row["conduct"], row["points"]])
    says = f"{teller.system(r)} enters the record: it is one of {needed} that its list {name} asks"
    keys = (f"{path}.holds", f"{path}.times", f"{path}.within")
    return teller.step(seen, f"{says} for.", teller.library.rule(r, teller.number(seen), *keys))


def listed(teller: Teller, seen: Seen) -> Step:
    """An entry on a list, at once or after the list's waiting time."""
    row = seen.row
    assert row is not None
    r, number = int(row["regime"]), teller.number(seen)
    name, rules = teller.list_of(row)
    found, keys, why = teller.ground(seen, row), [], ""
    if found is not None:
        key, ground = found
        path = f"lists.{name}.grounds.{key}"
        keys = [f"{path}.{x}" for x in ("holds", "times", "within", "score_below")]
        keys.append(f"{path}.stays" if ground.stays is not None else f"lists.{name}.stays")
        why = f" The ground: {lower_first(ground.says)}."
    if row["decided"] < row["begun"]:
        keys.append(f"lists.{name}.waits")
    rows = teller.library.rule(r, number, *keys)
    score = seen.facts.get("score")
    by_score = found is not None and (found[1].score_below is not None or found[1].grades)
    if by_score and row["conduct"] >= 0 and score is not None and score[0] is not None:
        rows += score_rows(teller, seen, row)
        why += f" With this record {teller.moved(r, *score)}."
    wrong = "Wrongly: " if row["truth"] != TRUE and rules.colour == "black" else ""
    if seen.kind == "to be listed":
        when = f"it takes effect in {teller.month(int(row['begun']))}"
        says = f"{wrong}it is decided to put the {teller.what} on {teller.list_words(row)}; {when}."
    else:
        says = f"{wrong}the {teller.what} is put on {teller.list_words(row)}, {teller.term(row)}."
    return teller.step(seen, says[:1].upper() + says[1:] + why, rows)


def in_effect(teller: Teller, seen: Seen) -> Step:
    """A listing whose waiting time is over."""
    row = seen.row
    assert row is not None
    name, _ = teller.list_of(row)
    rows = teller.library.rule(int(row["regime"]), teller.number(seen), f"lists.{name}.waits")
    says = f"The listing on {teller.place(row)} takes effect, {teller.term(row)}."
    return teller.step(seen, says, rows)


def lengthened(teller: Teller, seen: Seen) -> Step:
    """A further ground that lengthens a listing."""
    row, was = seen.row, seen.was
    assert row is not None and was is not None
    name, rules = teller.list_of(row)
    more = f"A further record about the {teller.what} meets the listing on {teller.place(row)}"
    follows = [f"lists.{name}.grounds.{g}.holds" for g, x in rules.grounds.items() if x.follows]
    if row["points"] > was["points"]:
        keys, what = follows, "it now follows one more listing elsewhere"
    elif row["points"] < was["points"]:
        keys, what = follows, "one of the listings elsewhere that it follows is over"
    else:
        keys, what = [f"lists.{name}.extends"], f"it now stands to {teller.month(int(row['ends']))}"
        if row["ends"] >= NEVER:
            keys, what = [], "it now stands without a fixed term"
    rows = teller.library.rule(int(row["regime"]), teller.number(seen), *keys)
    return teller.step(seen, f"{more}: {what}.", rows)


def ended_by_act(teller: Teller, seen: Seen) -> Step:
    """An act that ends the listing."""
    row = seen.row
    assert row is not None
    says = f"A record arrives of an act that ends the listing on {teller.place(row)}."
    return teller.step(seen, says)


def nothing_to_follow(teller: Teller, seen: Seen) -> Step:
    """The last of the listings elsewhere that an entry follows is over."""
    row = seen.row
    assert row is not None
    says = f"No listing elsewhere is left on which that on {teller.place(row)} rests."
    return teller.step(seen, says)


def effect_numbers(teller: Teller, seen: Seen, row: np.void) -> dict[str, int]:
    """The measures of an entry's list by name, with their numbers."""
    at = int(row["regime"]) * MAX_LISTS + int(row["list"])
    first, last = seen.month.effects.first[at], seen.month.effects.first[at + 1]
    return {teller.world.effects[e][2]: e for e in range(first, last)}


def measures(teller: Teller, seen: Seen) -> Step:
    """The measures that bite from now on, those not taken, and those that bounds keep away."""
    row = seen.row
    assert row is not None
    r, number, effects = int(row["regime"]), teller.number(seen), seen.month.effects
    name, rules = teller.list_of(row)
    names = seen.facts["names"]
    rows = tuple(
        replace(row, says=rules.effects[effect].says)
        for effect in names
        for row in teller.library.rule(r, number, f"lists.{name}.effects.{effect}.holds")
    )
    rows += teller.library.practice(r, number, *(f"enforces.{effect}" for effect in names))
    numbers = effect_numbers(teller, seen, row)
    chances = [
        Chance(
            f"{effect} is taken on a listed {teller.what}", float(effects.taken_up[numbers[effect]])
        )
        for effect in names
        if effects.taken_up[numbers[effect]] < 1.0
    ]
    says = f"From now on {counted(len(names), 'measure')} of {teller.short_list(row)}."
    kept_away = [n for n, e in numbers.items() if kept_off(effects, e, row)]
    if kept_away:
        says += f" Bounds of the rules keep off: {', '.join(kept_away)}."
        bounds = teller.world.regimes[r].bounds
        rows += teller.library.rule(r, number, *(f"bounds.{b}.holds" for b in bounds))
    return teller.step(seen, says, rows, chances)


def kept_off(effects: Effects, number: int, row: np.void) -> bool:
    """Whether a bound keeps a measure in force from an entry."""
    off = effects.holds[number] and effects.unrelated[number, row["conduct"]]
    return bool(row["conduct"] >= 0 and off)


def measures_over(teller: Teller, seen: Seen) -> Step:
    """Measures that bite no more while the listing stands."""
    row = seen.row
    assert row is not None
    name, _ = teller.list_of(row)
    names = seen.facts["names"]
    rows = teller.library.rule(
        int(row["regime"]), teller.number(seen), *(f"lists.{name}.effects.{n}.holds" for n in names)
    )
    says = f"No more in force on {teller.short_list(row)}: {listed_words(names)}."
    return teller.step(seen, says, rows)


def refused(teller: Teller, seen: Seen) -> Step:
    """Attempts that measures refuse in a month."""
    row, counts = seen.row, Counter(seen.facts["refused"])
    assert row is not None
    r, number, effects = int(row["regime"]), teller.number(seen), seen.month.effects
    name, rules = teller.list_of(row)
    numbers = effect_numbers(teller, seen, row)
    marked = float(effects.marked[r]) if row["state"] in (FILED, COMPLAINED) else 0.0
    keys = [f"lists.{name}.effects.{effect}.holds" for effect in counts]
    rows = teller.library.rule(r, number, *keys)
    rows += teller.library.practice(r, number, *(f"bites.{effect}" for effect in counts))
    chances = [
        Chance(
            f"{effect}: one or more refusals in a month",
            at_least(float(effects.attempts[numbers[effect]]) * (1.0 - marked)),
        )
        for effect in counts
    ]
    told = listed_words(f"{name} ({lower_first(rules.effects[name].says)})" for name in counts)
    says = f"Refused {times_words(counts.total())}: {told}."
    if marked:
        rows += teller.library.rule(r, number, "remedy.marked_as_disputed")
        rows += teller.library.practice(r, number, "practice.marked")
        says += " Fewer refuse, because the entry is marked as disputed."
    return teller.step(seen, says, rows, chances)


def refused_again(teller: Teller, several: list[Seen]) -> Step:
    """Further refusals of one listing, told together in the month of the last."""
    counts: Counter[str] = Counter()
    for one in several:
        counts.update(one.facts["refused"])
    first, last = several[0], several[-1]
    row = last.row
    assert row is not None
    told = listed_words(f"{effect} {number}" for effect, number in counts.items())
    since = teller.month(first.month.index)
    often = f"{times_words(counts.total())} more, in {counted(len(several), 'month')}"
    says = f"Since {since} refused {often}: {told}."
    practice = (f"bites.{effect}" for effect in counts)
    rows = teller.library.practice(int(row["regime"]), teller.number(last), *practice)
    return teller.step(last, says, rows)


def times_words(number: int) -> str:
    """How often, in words."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def rewarded(teller: Teller, seen: Seen) -> Step:
    """A reward that begins, or is over."""
    r, number = int(seen.facts["regime"]), teller.number(seen)
    regime, name = teller.world.regimes[r], seen.facts["reward"]
    reward = regime.rewards[name]
    keys = [f"rewards.{name}.gives", f"rewards.{name}.from_score"]
    keys += [f"grades.floors.{grade}" for grade in reward.grades or ()]
    keys += [f"grades.quotas.{grade}" for grade in reward.grades or ()]
    verb = "earns" if seen.kind == "rewarded" else "no longer earns"
    says = (
        f"The {teller.what} {verb} a reward of {regime.name}: {lower_first(reward.says)} ({name})."
    )
    if seen.kind == "reward over" and not on(reward.gives, first_day(number)).value:
        says += " It is no longer given."
    return teller.step(seen, says, teller.library.rule(r, number, *keys))


WORDS: dict[str, Callable[[Teller, Seen], Step]] = {
    "points": points,
    "lengthens another": met,
    "counted": counted_towards,
    "listed": listed,
    "to be listed": listed,
    "in effect": in_effect,
    "lengthened": lengthened,
    "ended by an act": ended_by_act,
    "nothing to follow": nothing_to_follow,
    "measures": measures,
    "measures over": measures_over,
    "refused": refused,
    "rewarded": rewarded,
    "reward over": rewarded,
}
