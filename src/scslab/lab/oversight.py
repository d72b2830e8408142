"""Oversight: what an outcry, a supervisor or a decision stops, and when."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from scslab.core.calendar import first_day, month, month_text
from scslab.core.draws import address, decision, poisson
from scslab.core.tables import COVERED, ENTRIES, LOST, Rules
from scslab.core.values import number_on
from scslab.lab.world import World
from scslab.lab.world_checks import parts_of
from scslab.regimes.model import Regime
from scslab.regimes.rulebook import stop_act
from scslab.study.model import Oversight

POINTS_A_VOICE = 100.0  # so many lost points weigh as much as one listing


@dataclass(frozen=True)
class Fallen:
    """What has been stopped: whole regimes, and (regime, act or list)."""

    regimes: frozenset[int] = frozenset()
    parts: frozenset[tuple[int, str]] = frozenset()


@dataclass
class Watch:
    """What has been heard so far, and what has fallen because of it."""

    heard: np.ndarray  # f8[oversights, regimes]
    done: set[tuple[int, int]] = field(default_factory=set)
    fallen: Fallen = Fallen()
    events: list[tuple[str, str, str, str]] = field(default_factory=list)


def start_watch(world: World) -> Watch:
    """Nothing heard, nothing fallen."""
    watch = Watch(np.zeros((len(world.file.study.oversight), len(world.regimes))))
    number = world.months[0]
    for o, oversight in enumerate(world.file.study.oversight):
        for r, regime in enumerate(world.regimes):
            named = not oversight.regimes or regime.id in oversight.regimes
            if named and oversight.decided is not None and month(oversight.decided) <= number:
                stop(world, watch, (o, r), number - 1, "decided")
    return watch


def watch_month(
    world: World, watch: Watch, index: int, flows: np.ndarray, stocks: np.ndarray
) -> Fallen | None:
    """Let oversight act at the end of a month; what has fallen in all, None without news.

    Parameters
    ----------
    flows : i8[regimes, groups, FLOWS]
        Counts of the month.
    stocks : i8[regimes, groups, STOCKS]
        What stands at its end.
    """
    before = watch.fallen
    number = world.months[index]
    for o, oversight in enumerate(world.file.study.oversight):
        for r, regime in enumerate(world.regimes):
            if (o, r) in watch.done or (oversight.regimes and regime.id not in oversight.regimes):
                continue
            why = reason(world, watch, (o, r), number, flows[r], stocks[r])
            if why:
                stop(world, watch, (o, r), number, why)
    return watch.fallen if watch.fallen != before else None


def reason(
    world: World,
    watch: Watch,
    at: tuple[int, int],
    number: int,
    flows: np.ndarray,
    stocks: np.ndarray,
) -> str:
    """Why a regime is stopped at the end of a month, or nothing."""
    oversight, regime = world.file.study.oversight[at[0]], world.regimes[at[1]]
    when = first_day(number)
    if oversight.decided is not None:
        return "decided" if number >= month(oversight.decided) - 1 else ""
    if oversight.supervisor is not None:
        begins = month(oversight.supervisor.from_) + int(
            number_on(oversight.supervisor.after, when)
        )
        beyond = out_of_scope(regime, oversight.supervisor.allows)
        return f"outside the scope: {', '.join(beyond)}" if beyond and number >= begins - 1 else ""
    outcry = oversight.outcry
    assert outcry is not None  # checked when the study was read
    fades = max(number_on(outcry.fades, when, 1.0), 0.1)
    # Praise hurts nobody; a regime with lists of both colours counts the entries of all of them.
    black = any(rules.colour == "black" for rules in regime.lists.values())
    hurt = black * float(flows[:, ENTRIES].sum()) + float(flows[:, LOST].sum()) / POINTS_A_VOICE
    expected = hurt * number_on(outcry.speaks, when) * number_on(outcry.outlets, when)
    word = np.uint64(address(world.seed, decision(f"voices {regime.id} {oversight.says}")))
    voices = poisson(np.uint64(address(word, number)), expected) if expected > 0 else 0
    watch.heard[at] = watch.heard[at] * round(0.5 ** (1.0 / fades), 9) + voices
    rated = float(stocks[:, COVERED].sum())
    level = 1000.0 * watch.heard[at] / rated if rated else 0.0
    above = number_on(outcry.above, when)
    return f"{level:.2f} voices per 1,000, above {above:g}" if level > above else ""


def out_of_scope(regime: Regime, allowed: list[str]) -> list[str]:
    """The blacklists of a regime with a ground outside the fields allowed."""
    return [
        name
        for name, rules in regime.lists.items()
        if rules.colour == "black"
        and any(
            ground.field not in allowed
            for ground in rules.grounds.values()
            if ground.field is not None or not ground.listed_on  # whoever follows is not asked
        )
    ]


def stop(world: World, watch: Watch, at: tuple[int, int], number: int, why: str) -> None:
    """Stop a regime, or the parts of it that oversight is about."""
    oversight: Oversight = world.file.study.oversight[at[0]]
    regime = world.regimes[at[1]]
    watch.done.add(at)
    known = parts_of(regime)
    parts = [part for part in oversight.withdraws if part in known]
    if oversight.withdraws and not parts:
        return  # what falls is no part of this regime
    if oversight.supervisor is not None and not parts:
        parts = out_of_scope(regime, oversight.supervisor.allows)
    fallen = watch.fallen
    if parts:
        fallen = Fallen(fallen.regimes, fallen.parts | {(at[1], part) for part in parts})
    else:
        fallen = Fallen(fallen.regimes | {at[1]}, fallen.parts)
    watch.fallen = fallen
    what = ", ".join(parts) or "all of it"
    watch.events.append((month_text(number + 1), regime.id, what, f"{oversight.says} ({why})"))


def without(rules: Rules, fallen: Fallen, world: World) -> Rules:
    """The rules of a month without what has been stopped."""
    for r in fallen.regimes:
        rules.score_row[r] = -1
        rules.covered[r] = False
        rules.grounds[r] = 0
        rules.closed[r] = 255
    for r, part in fallen.parts:
        if part in world.regimes[r].lists:
            rules.closed[r] |= np.uint8(1 << list(world.regimes[r].lists).index(part))
        elif part in world.conducts:
            k = world.conducts.index(part)
            stop_act(rules, r, k)
    return rules
