"""Scores, grades and rewards in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from scslab.core.cards import RuleLine, RulePart
from scslab.core.values import on
from scslab.regimes.model import Cut, GradedAct, Grades, Reward, Score, ScoredAct
from scslab.regimes.telling import IN_FORCE, SHOWN_ONLY, Teller, below, part

SCORE = {
    "start": "every score starts at",
    "lowest": "lowest score",
    "highest": "highest score",
    "updated": "scores are updated on this day of the month" + SHOWN_ONLY,
    "restarts": "month in which all scores restart; the grade then reached stands until the next",
}
GRAVITY = {"slight": "a slight act", "serious": "a serious act"}


def parts(teller: Teller) -> list[RulePart]:
    """Scale, what moves it, rewards."""
    regime = teller.regime
    score, grades = regime.score, regime.grades
    found = part("Score", score_lines(teller, score) if score is not None else [])
    found += part("Grades", grade_lines(teller, grades) if grades is not None else [])
    moves: list[RuleLine] = []
    if score is not None:
        moves += acts(teller, score.acts, "score.acts", "")
        moves += acts(teller, score.listings, "score.listings", "stands on ")
    if grades is not None:
        moves += acts(teller, grades.acts, "grades.acts", "")
        moves += acts(teller, grades.listings, "grades.listings", "stands on ")
    found += part("What moves it", moves)
    rewards = [line for n, r in regime.rewards.items() for line in reward_lines(teller, n, r)]
    return found + part("Rewards", rewards)


def score_lines(teller: Teller, score: Score) -> list[RuleLine]:
    """Where scores start, their limits, and the parts of a weighted score."""
    lines = []
    for name, says in SCORE.items():
        lines += teller.rule(says, getattr(score, name), f"score.{name}")
    for name, dimension in score.dimensions.items():
        key = f"score.dimensions.{name}.weight"
        for line in teller.rule(f"{dimension.says}; weight in the score", dimension.weight, key):
            lines.append(replace(line, name=f"part {name}"))
    return lines


def grade_lines(teller: Teller, grades: Grades) -> list[RuleLine]:
    """Grades, best first: by floor, by quota, or as a ladder."""
    lines = []
    if grades.ladder:
        lines.append(RuleLine(f"grades without a score, best first: {', '.join(grades.ladder)}"))
    if grades.start is not None:
        lines.append(RuleLine(f"everybody begins at grade {grades.start}"))
    for name, floor in grades.floors.items():
        lines += teller.rule(f"grade {name} from a score of", floor, f"grades.floors.{name}")
    for name, quota in grades.quotas.items():
        says = f"grade {name}, for the best of the rest: at most this share of all subjects"
        lines += teller.rule(says, quota, f"grades.quotas.{name}")
    if grades.lowest is not None:
        lines.append(RuleLine(f"grade {grades.lowest} for all others"))
    return lines


def acts(
    teller: Teller, found: dict[str, ScoredAct] | dict[str, GradedAct], key: str, of: str
) -> list[RuleLine]:
    """What acts, or listings elsewhere, do to a score or grade."""
    return [line for n, act in found.items() for line in act_lines(teller, n, act, key, of)]


def act_lines(teller: Teller, name: str, act: GradedAct, key: str, of: str) -> list[RuleLine]:
    """What one act does: points, a move of a dimension, a grade at once."""
    head = act_head(name, act, of)
    effects = list(act_effects(teller, act, f"{key}.{name}"))
    return [RuleLine(f"{head}: {e.says}" if e.says else head, e.key, e.rows) for e in effects]


def act_head(name: str, act: GradedAct, of: str) -> str:
    """What the rules call an act, its name, and how grave it is."""
    notes = [of + name]
    if act.gravity in GRAVITY:
        notes.append(GRAVITY[act.gravity])
    if act.repeats is not None:
        notes.append(f"counted each month{SHOWN_ONLY}".replace(" (", ", ").replace(")", ""))
    return f"{act.says} ({'; '.join(notes)})"


def act_effects(teller: Teller, act: GradedAct, key: str) -> Iterator[RuleLine]:
    """Each thing that an act does."""
    if isinstance(act, ScoredAct):
        yield from teller.rule("", act.points, f"{key}.points")
        yield from teller.rule(f'moves "{act.dimension}" by', act.moves, f"{key}.moves")
    yield from cut_lines(teller, "falls to", act.cuts, f"{key}.cuts.holds")
    yield from cut_lines(teller, "rises to", act.lifts, f"{key}.lifts.holds")
    yield from teller.rule("falls by", act.drops, f"{key}.drops")


def cut_lines(teller: Teller, how: str, cut: Cut | None, key: str) -> Iterable[RuleLine]:
    """A grade that is given at once."""
    if cut is None:
        return []
    return teller.gated(f"{how} grade {cut.to} at once", cut.holds, key)


def reward_lines(teller: Teller, name: str, reward: Reward) -> list[RuleLine]:
    """A benefit and who earns it."""
    if teller.when is not None and not on(reward.gives, teller.when).value:
        return []
    earns = f", for grade {' or '.join(reward.grades)}" if reward.grades else ""
    key = f"rewards.{name}"
    lines = teller.rule(f"{reward.says}{earns}", reward.gives, f"{key}.gives", IN_FORCE)
    floor = teller.rule("from a score of", reward.from_score, f"{key}.from_score")
    return [replace(line, name=f"reward {name}") for line in lines] + below(floor)
