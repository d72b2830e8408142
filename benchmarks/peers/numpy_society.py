"""The reference society in plain NumPy, in two ways. One thread, no compiled code of our own.

``run`` draws for every person in every month, as the rules read. ``run_events`` draws only the
acts that happen; it is the faster of the two as long as acts are rare.

What both do for speed, without changing what the output is distributed as:

- Persons are exchangeable within a group, so each group lies in one piece: sums by group are
  sums of slices, and no person carries a group.
- Work goes block by block; the lengths of the blocks were chosen by measurement.
- An undetected breach leaves no trace in the output, so that breach and detection are one draw
  with the product of both chances.
- The chance of a person to be caught is kept, and changed only on entering or leaving the list.
- Scores take two bytes, chances four.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.peers.rules import (
    BREACH,
    COST,
    DETECTED,
    DETERRED,
    EDUCATIONS,
    FALSE_RECORD,
    FLOOR,
    GAIN,
    GOOD_DEED,
    GROUPS,
    RESET,
    START,
    TERM,
    URBAN,
    Result,
)

Rng = np.random.Generator  # noqa: TID251 - a peer draws as NumPy users do

DENSE_BLOCK = 1 << 15
EVENTS_BLOCK = 1 << 20


@dataclass
class Block:
    """Some neighbours of one group; the arrays are views into those of the society."""

    group: int
    score: npt.NDArray[np.int16]
    chance: npt.NDArray[np.float32]
    listed_months: npt.NDArray[np.int8]


@dataclass
class Society:
    """All persons, group after group."""

    sizes: list[int]
    score: npt.NDArray[np.int16]
    chance: npt.NDArray[np.float32]
    listed_months: npt.NDArray[np.int8]

    def blocks(self, length: int) -> Iterator[Block]:
        """Cut the society into blocks that do not cross the border of a group."""
        start = 0
        for group, size in enumerate(self.sizes):
            for low in range(start, start + size, length):
                part = slice(low, min(low + length, start + size))
                yield Block(group, self.score[part], self.chance[part], self.listed_months[part])
            start += size


def make(rng: Rng, persons: int, start_score: int) -> Society:
    """Draw the persons; ``chance`` is that of a detected breach in a month.

    Parameters
    ----------
    rng
        Source of random numbers.
    persons
        Size of the society.
    start_score
        Score of everybody at the start.
    """
    shares = np.repeat([1 - URBAN, URBAN], EDUCATIONS) / EDUCATIONS
    chance = rng.random(persons, dtype=np.float32)
    chance *= np.float32(BREACH * DETECTED)
    return Society(
        sizes=rng.multinomial(persons, shares).tolist(),
        score=np.full(persons, start_score, np.int16),
        chance=chance,
        listed_months=np.full(persons, 0, np.int8),  # not zeros: memory is claimed in the setup
    )


class Tally:
    """Number listed and sum of scores, by month and group."""

    def __init__(self, months: int) -> None:
        self.listed = np.zeros((months, GROUPS), np.int64)
        self.points = np.zeros((months, GROUPS), np.int64)

    def result(self, society: Society, seconds: float, setup_seconds: float) -> Result:
        """Turn sums into means and add the times."""
        sizes = np.array(society.sizes)
        with np.errstate(invalid="ignore"):
            means = self.points / sizes
        return Result(
            seconds=seconds,
            setup_seconds=setup_seconds,
            persons=society.sizes,
            listed=self.listed.tolist(),
            mean_score=means.tolist(),
            score_variance=float(np.var(society.score, dtype=np.float64)),
        )


def run(persons: int, months: int, seed: int, start_score: int = START) -> Result:
    """Run the reference society with draws for every person in every month.

    A false record and a good deed are independent and rare, so one number decides both: the unit
    interval is cut into the four cases. Acts of a kind happen at most once a month.

    Parameters
    ----------
    persons, months
        Size of the society and length of the run.
    seed
        Seed of the generator.
    start_score
        Score of everybody at the start.

    Returns
    -------
    Result
        Times and monthly output by group.
    """
    began = time.perf_counter()
    rng = Rng(np.random.SFC64(seed))  # noqa: TID251 - a peer draws as NumPy users do
    society = make(rng, persons, start_score)
    tally = Tally(months)
    blocks = list(society.blocks(DENSE_BLOCK))
    draws = np.empty(DENSE_BLOCK, np.float32)
    masks = np.empty((3, DENSE_BLOCK), np.bool_)
    changes = np.empty(DENSE_BLOCK, np.int16)
    # The unit interval: [0, both) both, [both, good) a good deed only, [good, last) a false
    # record only, the rest neither.
    both = np.float32(FALSE_RECORD * GOOD_DEED)
    good = np.float32(GOOD_DEED)
    last = np.float32(GOOD_DEED + FALSE_RECORD - FALSE_RECORD * GOOD_DEED)
    on_list = [0] * GROUPS
    ready = time.perf_counter()
    for month in range(months):
        points = [0] * GROUPS
        for block in blocks:
            score, chance, left = block.score, block.chance, block.listed_months
            count = score.size
            draw, change = draws[:count], changes[:count]
            mask, other, was_listed = masks[0, :count], masks[1, :count], masks[2, :count]

            rng.random(out=draw, dtype=np.float32)
            np.less(draw, chance, out=mask)
            np.multiply(mask, np.int16(-COST), out=change)
            score += change

            rng.random(out=draw, dtype=np.float32)
            np.less(draw, good, out=mask)
            np.multiply(mask, np.int16(GAIN), out=change)
            score += change
            np.less(draw, last, out=other)
            other ^= mask
            np.less(draw, both, out=mask)
            other |= mask
            np.multiply(other, np.int16(-COST), out=change)
            score += change

            np.greater(left, 0, out=was_listed)
            np.less(score, FLOOR, out=mask)
            np.greater(mask, was_listed, out=mask)
            entering = np.flatnonzero(mask)
            if on_list[block.group]:
                np.equal(left, 1, out=other)
                left -= was_listed
                leaving = np.flatnonzero(other)
                score[leaving] = RESET
                chance[leaving] /= np.float32(DETERRED)
                on_list[block.group] -= leaving.size
            left[entering] = TERM
            chance[entering] *= np.float32(DETERRED)
            on_list[block.group] += entering.size
            points[block.group] += int(score.sum(dtype=np.int32))
        tally.listed[month] = on_list
        tally.points[month] = points
    ended = time.perf_counter()
    return tally.result(society, ended - ready, ready - began)


def run_events(persons: int, months: int, seed: int, start_score: int = START) -> Result:
    """Run the reference society by drawing only the acts that happen.

    In each block and month the number of acts of a kind is Poisson and falls on persons at
    random; possible breaches come at the highest chance of the block's persons and are kept in
    proportion to the person's own. Only persons with a bad record can enter the list, and the
    list remembers who leaves it when, so that nothing touches persons to whom nothing happens.
    Acts are Poisson, not at most one a month: they differ from ``run`` at second order.

    Parameters
    ----------
    persons, months
        Size of the society and length of the run.
    seed
        Seed of the generator.
    start_score
        Score of everybody at the start.

    Returns
    -------
    Result
        Times and monthly output by group.
    """
    began = time.perf_counter()
    rng = Rng(np.random.SFC64(seed))  # noqa: TID251 - a peer draws as NumPy users do
    society = make(rng, persons, start_score)
    tally = Tally(months)
    blocks = list(society.blocks(EVENTS_BLOCK))
    entered: list[list[npt.NDArray[np.intp]]] = [[] for _ in blocks]
    highest = BREACH * DETECTED
    on_list = [0] * GROUPS
    points = [size * start_score for size in society.sizes]
    ready = time.perf_counter()
    for month in range(months):
        for block, entries in zip(blocks, entered, strict=True):
            score, chance, left = block.score, block.chance, block.listed_months
            count, group = score.size, block.group

            possible = rng.integers(count, size=rng.poisson(highest * count), dtype=np.int32)
            draw = rng.random(possible.size, dtype=np.float32)
            draw *= np.float32(highest)
            caught = possible[draw < chance[possible]]
            false = rng.integers(count, size=rng.poisson(FALSE_RECORD * count), dtype=np.int32)
            bad = np.concatenate((caught, false))
            np.add.at(score, bad, np.int16(-COST))
            good = rng.integers(count, size=rng.poisson(GOOD_DEED * count), dtype=np.int32)
            np.add.at(score, good, np.int16(GAIN))
            points[group] += GAIN * good.size - COST * bad.size

            if month == 0 and start_score < FLOOR:
                entering = np.flatnonzero(score < FLOOR)
            else:
                entering = np.unique(bad[(score[bad] < FLOOR) & (left[bad] == 0)]).astype(np.intp)
            left[entering] = 1
            chance[entering] *= np.float32(DETERRED)
            entries.append(entering)
            on_list[group] += entering.size
            if month >= TERM:
                leaving = entries[month - TERM]
                points[group] += RESET * leaving.size - int(score[leaving].sum(dtype=np.int64))
                score[leaving] = RESET
                left[leaving] = 0
                chance[leaving] /= np.float32(DETERRED)
                on_list[group] -= leaving.size
        tally.listed[month] = on_list
        tally.points[month] = points
    ended = time.perf_counter()
    return tally.result(society, ended - ready, ready - began)
