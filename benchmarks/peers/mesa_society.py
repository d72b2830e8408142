"""The reference society in Mesa 3, written for speed with Mesa's own means.

- Persons do not meet, so their order cannot matter: ``AgentSet.do``, not ``shuffle_do``, which
  takes three times as long.
- ``do`` gets the function itself, which spares a look-up by name for each agent, and hands each
  agent the bound random function of the model.
- No data collector: each agent adds itself to the month's tally as it steps. Reading the
  attributes afterwards with ``AgentSet.get`` or ``groupby`` was measured and is slower.
"""

import time
from collections.abc import Callable

import numpy as np
from mesa import Agent, Model

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


class Person(Agent):  # type: ignore[misc]  # Mesa ships no types
    """A person with a score, who may be on the list."""

    def __init__(self, model: Model, group: int, propensity: float, score: int) -> None:
        super().__init__(model)
        self.group = group
        self.breach = BREACH * propensity
        self.score = score
        self.listed_months = 0

    def step(self, draw: Callable[[], float], listed: list[int], points: list[int]) -> None:
        """Live one month and add to the month's tally.

        Parameters
        ----------
        draw
            Gives a uniform number in [0, 1).
        listed, points
            Number listed and sum of scores by group, to add to.
        """
        months = self.listed_months
        score = self.score
        if draw() < (self.breach * DETERRED if months else self.breach) and draw() < DETECTED:
            score -= COST
        if draw() < FALSE_RECORD:
            score -= COST
        if draw() < GOOD_DEED:
            score += GAIN
        group = self.group
        if months:
            self.listed_months = months = months - 1
            if not months:
                score = RESET
        elif score < FLOOR:
            self.listed_months = months = TERM
        if months:
            listed[group] += 1
        self.score = score
        points[group] += score


class Society(Model):  # type: ignore[misc]  # Mesa ships no types
    """The reference society and the tallies of its past months."""

    def __init__(self, persons: int, start_score: int, seed: int) -> None:
        super().__init__(seed=seed)
        groups = EDUCATIONS * (self.rng.random(persons) < URBAN)
        groups += self.rng.integers(EDUCATIONS, size=persons)
        self.sizes: list[int] = np.bincount(groups, minlength=GROUPS).tolist()
        self.listed: list[list[int]] = []
        self.points: list[list[int]] = []
        propensities = self.rng.random(persons).tolist()
        Person.create_agents(self, persons, groups.tolist(), propensities, start_score)

    def step(self) -> None:
        """Let every person live one month."""
        listed, points = [0] * GROUPS, [0] * GROUPS
        self.agents.do(Person.step, self.random.random, listed, points)
        self.listed.append(listed)
        self.points.append(points)


def run(persons: int, months: int, seed: int, start_score: int = START) -> Result:
    """Run the reference society in Mesa.

    Parameters
    ----------
    persons, months
        Size of the society and length of the run.
    seed
        Seed of the model.
    start_score
        Score of everybody at the start.

    Returns
    -------
    Result
        Times and monthly output by group.
    """
    began = time.perf_counter()
    society = Society(persons, start_score, seed)
    ready = time.perf_counter()
    for _ in range(months):
        society.step()
    ended = time.perf_counter()
    return Result(
        seconds=ended - ready,
        setup_seconds=ready - began,
        persons=society.sizes,
        listed=society.listed,
        mean_score=[
            [
                total / size if size else float("nan")
                for total, size in zip(row, society.sizes, strict=True)
            ]
            for row in society.points
        ],
        score_variance=float(np.var(society.agents.get("score"))),
    )
