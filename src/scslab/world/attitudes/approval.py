"""What persons think of the systems they live under, and what they say when asked."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scslab.core.compiled import inlined, kernel
from scslab.core.draws import address, decision, exponential, mix, unit, unit_for
from scslab.core.tables import People, State

CATEGORIES = (
    "strongly disapproves",
    "somewhat disapproves",
    "neither",
    "somewhat approves",
    "strongly approves",
)
CONFIDENCE, OPINION, PANEL, FINISH, SAFER = (
    decision(f"attitude {w}") for w in ("confidence", "opinion", "panel", "finish", "safer")
)
SAFE_ANSWER = 3  # somewhat approves


class Attitudes(NamedTuple):
    """The ordered logit of approval and the fielding of a survey, as kernels see them."""

    asked: np.ndarray  # whether persons of the kind can be asked; bool[kinds]
    base: np.ndarray  # log-odds by attributes; f8[kinds]
    cuts: np.ndarray  # thresholds between the five answers; f8[4]
    confidence: np.ndarray  # cumulative shares of confidence 1, 2, 3; f8[3]
    by_confidence: float  # log-odds per step of confidence
    listed: float  # log-odds of being on a list now
    heard: float  # log-odds of knowing somebody who was listed
    member: float  # log-odds of being a member of a scoring system
    odds: np.ndarray  # odds of being in the panel; f8[kinds]
    finishes: float  # share who finish the questionnaire
    falsifies: float  # share of disapproving answers turned into a safer one
    falsifies_heard: float  # the same for persons who were listed or know somebody who was
    wave: np.uint64  # number of the survey


@inlined
def has_heard(person: int, state: State) -> bool:
    """Whether the person or a tie of the person was listed."""
    return state.own.size > 0 and (state.own[person] >= 0 or state.tie[person] >= 0)


@inlined
def is_listed(person: int, state: State) -> bool:
    """Whether the person is on a blacklist now."""
    listed = False
    for row in range(state.listed.shape[0]):
        listed |= (state.listed[row, person] & state.black[row]) != 0
    return listed


@inlined
def confidence_of(seed: np.uint64, person: int, attitudes: Attitudes) -> int:
    """Confidence in how the government runs the country, 1 (none) to 4 (full): a trait."""
    u = unit_for(address(seed, CONFIDENCE), person)
    level = 1
    for i in range(3):
        level += u >= attitudes.confidence[i]
    return level


@inlined
def opinion(seed: np.uint64, person: int, kind: int, attitudes: Attitudes, state: State) -> int:
    """The true answer, 0 (strongly disapproves) to 4: an ordered logit (McCullagh 1980)."""
    latent = attitudes.base[kind]
    latent += attitudes.by_confidence * confidence_of(seed, person, attitudes)
    if is_listed(person, state):
        latent += attitudes.listed
    if has_heard(person, state):
        latent += attitudes.heard
    member = False
    for row in range(state.member.shape[0]):
        member |= state.member[row, person] != 0
    if member:
        latent += attitudes.member
    u = unit_for(address(seed, OPINION), person)
    latent += exponential(1.0 - u) - exponential(u)  # a logistic draw
    answer = 0
    for i in range(4):
        answer += latent > attitudes.cuts[i]
    return answer


@kernel
def census(
    seed: np.uint64, people: People, attitudes: Attitudes, state: State, out: np.ndarray
) -> None:
    """Count the true answers of everybody who could be asked; out: i8[5]."""
    for cell in range(len(people.kind)):
        kind = people.kind[cell]
        if attitudes.asked[kind]:
            for person in range(people.cell_start[cell], people.cell_start[cell + 1]):
                out[opinion(seed, person, kind, attitudes, state)] += 1


@kernel
def ask(
    seed: np.uint64,
    persons: np.ndarray,
    kinds: np.ndarray,
    attitudes: Attitudes,
    state: State,
    finished: np.ndarray,
    true: np.ndarray,
    said: np.ndarray,
    confidence: np.ndarray,
) -> None:
    """Ask invited persons: who finishes, what they think, what they say."""
    for i in range(len(persons)):
        person = persons[i]
        word = address(address(seed, attitudes.wave), person)
        finished[i] = unit(mix(word ^ FINISH)) < attitudes.finishes
        true[i] = opinion(seed, person, kinds[i], attitudes, state)
        said[i] = true[i]
        confidence[i] = confidence_of(seed, person, attitudes)
        share = attitudes.falsifies
        if has_heard(person, state) or is_listed(person, state):
            share = attitudes.falsifies_heard
        if true[i] < 2 and unit(mix(word ^ SAFER)) < share:
            said[i] = SAFE_ANSWER
