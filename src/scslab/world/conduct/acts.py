"""Acts of a month: who does what, given how persons differ and what they have lived through."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scslab.core.arrivals import next_cell, person_at
from scslab.core.compiled import inlined, kernel
from scslab.core.draws import GAMMA, address, exponential, mix, unit, unit_for
from scslab.core.tables import People, State


class Rates(NamedTuple):
    """Conduct of a month, as kernels see it."""

    candidates: np.ndarray  # highest rate per person and month; f8[conducts, kinds]
    name: np.ndarray  # number of the decision to commit the act; u8[conducts]
    frailty: np.ndarray  # skew between persons, 0 if alike; i8[conducts]
    while_listed: np.ndarray  # times the rate while on a list; f8[conducts]
    breach: np.ndarray  # whether a sanction deters from the act; bool[conducts]
    own: np.ndarray  # share deterred, by months since the month after one's listing; f8[months + 1]
    tie: np.ndarray  # share deterred, by months since the month after a tie's; f8[months + 1]
    trait: np.ndarray  # number of the trait "frailty" for breaches or good acts; u8[conducts]


@inlined
def frailty_share(u: float, skew: int) -> float:
    """A person's rate as a share of the highest: u**skew."""
    share = 1.0
    for _ in range(skew):
        share *= u
    return share


@inlined
def deterred_share(person: int, month: int, conduct: int, rates: Rates, state: State) -> float:
    """Share of the undeterred rate that a person has left."""
    share = 1.0
    if rates.while_listed[conduct] < 1.0:
        for row in range(state.listed.shape[0]):
            if state.listed[row, person] & state.black[row]:
                share = rates.while_listed[conduct]
                break
    if rates.breach[conduct] and state.own.size > 0:
        if state.own[person] >= 0:
            share *= 1.0 - rates.own[month - state.own[person] - 1]
        if state.tie[person] >= 0:
            share *= 1.0 - rates.tie[month - state.tie[person] - 1]
    return share


@kernel
def commit(
    seed: np.uint64,
    month: int,
    districts: tuple[int, int],
    anybody_listed: bool,
    people: People,
    state: State,
    rates: Rates,
    out: np.ndarray,
) -> int:
    """Draw the acts of a month in some districts.

    Candidates arrive at the highest rate that a person of the kind can have; a candidate is an
    act with the probability own rate / highest rate. What a candidate draws does not depend on
    anybody's state, so two variants of a study share their candidates.

    Parameters
    ----------
    anybody_listed : bool
        Whether somebody in these districts is on a list; spares a look at each candidate if not.
    out : ACT[k]
        Room for acts.

    Returns
    -------
    int
        Number of acts written to `out`; more than its length where it was too short.
    """
    count = 0
    for district in range(districts[0], districts[1]):
        first, last = people.district_cells[district], people.district_cells[district + 1]
        for conduct in range(rates.candidates.shape[0]):
            line = rates.candidates[conduct]
            skew = rates.frailty[conduct]
            key = address(address(address(seed, rates.name[conduct]), month), district)
            trait = address(seed, rates.trait[conduct])
            deterred = (anybody_listed and rates.while_listed[conduct] < 1.0) or (
                rates.breach[conduct] and state.own.size > 0
            )
            cell, opens, closes, step = first - 1, 0.0, 0.0, np.uint64(3)
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
                chance = 1.0
                if skew > 0:
                    chance = frailty_share(unit_for(trait, person), skew)
                if deterred:
                    chance *= deterred_share(person, month, conduct, rates, state)
                if count < len(out):
                    act = out[count]
                    act.luck = mix(key + GAMMA * (step + np.uint64(2)))
                    act.subject = person
                    act.cell = cell
                    act.conduct = conduct
                count += unit(mix(key + GAMMA * (step + np.uint64(1)))) < chance
                position += exponential(unit(mix(key + GAMMA * step)))
                step += np.uint64(3)
    return count
