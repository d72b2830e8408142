"""Field a survey in the society, and set what was measured beside what is true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scslab.analysis.estimate import weighted_share
from scslab.analysis.weighting.rounds import rake_codes
from scslab.core.calendar import first_day
from scslab.core.draws import address, decision
from scslab.core.results import SurveyResult
from scslab.core.tables import State
from scslab.core.values import number_on
from scslab.lab.in_force import times
from scslab.lab.world import World
from scslab.study.model import Survey
from scslab.world.attitudes.approval import CATEGORIES, PANEL, Attitudes, ask, census
from scslab.world.attitudes.panel import front_of

QUESTION = "How much do you approve of social credit systems?"


@dataclass(frozen=True)
class Fielded:
    """A fielded survey: its result if anybody answered, its answers, and what went wrong."""

    result: SurveyResult | None
    answers: pd.DataFrame
    warnings: tuple[str, ...]


def field_survey(world: World, survey: Survey, number: int, state: State) -> Fielded:
    """Draw, ask and weight simulated respondents at the end of a month."""
    attitudes = make_attitudes(world, survey, number)
    counts = np.zeros(len(CATEGORIES), np.int64)
    census(world.seed, world.people, attitudes, state, counts)
    eligible = int(counts.sum())
    answers, drawn = interview(world, survey, attitudes, state)
    if not len(answers):
        return Fielded(None, answers, (f"survey {survey.id}: nobody could be asked",))
    weights, warnings = weigh(world, survey, attitudes, answers)
    answers["weight"] = weights
    if drawn > eligible / 50:
        warnings.append(
            f"survey {survey.id}: {drawn:,} of {eligible:,} who could be asked were asked; so "
            "large a part exhausts those who are easy to reach. Simulate more persons"
        )
    return Fielded(measured(survey, counts, eligible, drawn, answers), answers, tuple(warnings))


def make_attitudes(world: World, survey: Survey, number: int) -> Attitudes:
    """The numbers behind a survey in its month."""
    when, kinds, spec = first_day(number), world.kinds, survey.attitude
    at = ("surveys", world.file.study.surveys.index(survey))
    where = world.file.document.where
    asked = kinds.rated & kinds.persons()
    for attribute, categories in survey.among.items():
        asked &= kinds.having(attribute, categories, where((*at, "among", attribute)))
    for attribute in survey.weight_by or ():
        kinds.having(attribute, [], where((*at, "weight_by")))
    base = np.zeros(kinds.count)
    effects = {name: number_on(dated, when) for name, dated in spec.effects.items()}
    for name, size in effects.items():
        if "=" in name:
            attribute, category = name.split("=", 1)
            place = where((*at, "attitude", "effects", name))
            base += size * kinds.having(attribute, [category], place)
    shares = np.array([number_on(c, when) for c in spec.confidence])
    falsifies = number_on(survey.falsifies, when)
    return Attitudes(
        asked=asked,
        base=base,
        cuts=np.array([number_on(c, when) for c in spec.cuts]),
        confidence=np.cumsum(shares / shares.sum())[:3],
        by_confidence=effects.get("confidence", 0.0),
        listed=effects.get("listed", 0.0),
        heard=effects.get("heard", 0.0),
        member=effects.get("member", 0.0),
        odds=times(survey.reaches, kinds),
        finishes=1.0 if survey.completes is None else number_on(survey.completes, when),
        falsifies=falsifies,
        falsifies_heard=number_on(survey.falsifies_when_heard, when, falsifies),
        wave=decision(f"survey {survey.id}"),
    )


def interview(
    world: World, survey: Survey, attitudes: Attitudes, state: State
) -> tuple[pd.DataFrame, int]:
    """Invite until enough have finished or nobody is left; the answers and the number invited."""
    sizes = np.bincount(world.people.kind, np.diff(world.people.cell_start), world.kinds.count)
    mass = float((sizes * attitudes.asked * attitudes.odds).sum())
    wanted = survey.respondents
    limit = 1.5 * wanted / max(attitudes.finishes, 0.01) / max(mass, 1e-300)
    while True:
        persons, cells = queue(world, attitudes, limit)
        kinds = world.people.kind[cells].astype(np.int64)
        finished = np.zeros(len(persons), np.bool_)
        true, said, confidence = (np.zeros(len(persons), np.int64) for _ in range(3))
        ask(world.seed, persons, kinds, attitudes, state, finished, true, said, confidence)
        everybody = len(persons) >= (sizes * (attitudes.asked & (attitudes.odds > 0))).sum()
        if finished.sum() >= wanted or everybody:
            break
        limit *= 2
    done = np.flatnonzero(finished)[:wanted]
    drawn = int(done[-1]) + 1 if len(done) == wanted else len(persons)
    frame = pd.DataFrame({"respondent": np.arange(1, len(done) + 1)})
    for name, codes in world.kinds.codes.items():
        if name == "subject" or (codes[kinds[done]] < 0).any():
            continue  # an attribute of organisations
        frame[name] = np.array(world.kinds.attributes[name])[codes[kinds[done]]]
    frame["confidence"] = confidence[done]
    frame["approval"] = said[done] + 1
    frame["approval_true"] = true[done] + 1
    return frame, drawn


def queue(world: World, attitudes: Attitudes, limit: float) -> tuple[np.ndarray, np.ndarray]:
    """Persons and cells of the queue to the survey below a limit, first in front."""
    # Called from Python, `address` gives a plain integer, which kernels would take as signed.
    word = np.uint64(address(np.uint64(address(world.seed, PANEL)), attitudes.wave))
    return front_of(word, limit, world.people, attitudes.asked, attitudes.odds)


def weigh(
    world: World, survey: Survey, attitudes: Attitudes, answers: pd.DataFrame
) -> tuple[np.ndarray, list[str]]:
    """Weights to the margins of the population asked; what could not be honoured."""
    sizes = np.bincount(world.people.kind, np.diff(world.people.cell_start), world.kinds.count)
    sizes = sizes * attitudes.asked
    codes, targets, warnings = [], [], []
    usual = [name for name in ("age", "sex", "region") if name in world.kinds.attributes]
    names = usual if survey.weight_by is None else survey.weight_by
    for name in names:
        known = list(world.kinds.attributes[name])
        code = answers[name].map(known.index).to_numpy(np.int64)
        target = np.bincount(world.kinds.codes[name], sizes, len(known))
        absent = (np.bincount(code, minlength=len(known)) == 0) & (target > 0)
        for i in np.flatnonzero(absent):
            warnings.append(
                f"survey {survey.id}: no respondent with {name} {known[i]}, "
                "so the weights leave these persons out"
            )
        target[absent] = 0
        codes.append(code)
        targets.append(target / target.sum())
    if not codes:
        return np.ones(len(answers)), warnings
    raked = rake_codes(codes, targets, cap=survey.cap, give_up=False)
    weights = raked.weights
    if raked.off > 1e-6:
        warnings.append(unmet(survey, names, world.kinds.attributes, codes, targets, weights))
    return weights, warnings


def unmet(
    survey: Survey,
    names: Sequence[str],
    attributes: dict[str, tuple[str, ...]],
    codes: list[np.ndarray],
    targets: list[np.ndarray],
    weights: np.ndarray,
) -> str:
    """Which category the cap on the weights leaves furthest from its target, and how far."""
    gaps = [
        (np.bincount(c, weights, minlength=len(t)) / weights.sum() - t)
        for c, t in zip(codes, targets, strict=True)
    ]
    k = int(np.argmax([np.abs(g).max() for g in gaps]))
    i = int(np.argmax(np.abs(gaps[k])))
    side = "below" if gaps[k][i] < 0 else "above"
    return (
        f"survey {survey.id}: weights are capped at {survey.cap:g}, so {names[k]} "
        f"{attributes[names[k]][i]} stays {abs(gaps[k][i]) * 100:.1f} points {side} its share"
    )


def measured(
    survey: Survey, counts: np.ndarray, eligible: int, drawn: int, answers: pd.DataFrame
) -> SurveyResult:
    """The true values beside the measured ones."""
    said = answers["approval"].to_numpy()
    true = answers["approval_true"].to_numpy()
    weights = answers["weight"].to_numpy()
    share = weighted_share((said >= 4).astype(float), weights)
    honest = weighted_share((true >= 4).astype(float), weights)
    categories = tuple(
        (
            label,
            float(counts[i] / max(eligible, 1)),
            weighted_share((said == i + 1).astype(float), weights).value,
        )
        for i, label in enumerate(CATEGORIES)
    )
    among = "; ".join(f"{a}: {', '.join(c)}" for a, c in survey.among.items()) or "all ages rated"
    return SurveyResult(
        id=survey.id,
        question=QUESTION,
        month=survey.month,
        population=among,
        eligible=eligible,
        drawn=drawn,
        n=share.n,
        true_value=float(counts[3:].sum() / max(eligible, 1)),
        measured=share.value,
        standard_error=share.standard_error,
        low=share.low,
        high=share.high,
        deff=share.deff,
        unweighted=float((said >= 4).mean()),
        without_falsification=honest.value,
        categories=categories,
    )
