"""Endorsement experiments: support for a policy with and without the name of an endorser.

The difference shows what people think of the endorser, without asking. The Bayesian item response
model of Bullock, Imai and Shapiro (2011) is not offered; these are differences in means.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scslab.analysis.indirect.common import (
    Arms,
    about,
    arms_of,
    estimated,
    groups_of,
    mean_of,
    not_empty,
)
from scslab.analysis.indirect.records import Estimates, joined, wald
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError
from scslab.survey.answers import Code

Scale = Literal["mean", "ranks", "shares"]
Effect = Callable[[np.ndarray], tuple[float, np.ndarray]]


@dataclass(frozen=True)
class Policy:
    """Answers to one policy (NaN missing; `known` says who counts) and who saw an endorser."""

    name: str
    answers: np.ndarray
    arms: Arms
    known: np.ndarray


def endorsement_effects(
    sample: Sample,
    policies: Sequence[str],
    treatment: str | Sequence[str],
    *,
    control: Code | None = None,
    scale: Scale = "mean",
    by: str | None = None,
    level: float = 0.95,
) -> Estimates:
    """Effect of an endorsement on the support of policies, each and on average.

    Parameters
    ----------
    policies : sequence of str
        Variables with the support of each policy, as numbers in order.
    treatment : str or sequence of str
        Who read the endorsement: one variable for all policies, or one for each.
    scale : "mean", "ranks" or "shares"
        "mean": difference in mean support. "ranks": for an ordered answer, the chance that a
        person with the endorsement supports more than one without, ties counting half, less a
        half. "shares": difference in the share of each answer.
    by : str, optional
        A variable whose groups get effects of their own.

    Raises
    ------
    ScslabError
        Groups that cannot be, or nobody in one of them.

    Notes
    -----
    The average gives each policy the same weight. A respondent's answers to several policies go
    together in the covariance: respondents, or the design's clusters, are what was drawn.
    """
    if not policies:
        raise ScslabError("no policy named", where="policies", expected="one variable or more")
    names = [treatment] * len(policies) if isinstance(treatment, str) else list(treatment)
    if len(names) != len(policies):
        raise ScslabError(
            "policies and treatment variables do not pair off",
            where="treatment",
            got=f"{len(names)} for {len(policies)} policies",
            expected="one for all, or one for each",
        )
    read = [read_policy(sample, p, t, control) for p, t in zip(policies, names, strict=True)]
    endorsers = read[0].arms.names[1:]
    if any(p.arms.names[1:] != endorsers for p in read):
        raise ScslabError(
            "policies have different endorsers",
            where="treatment",
            got=joined([f'"{x}"' for p in read for x in p.arms.names[1:]]),
            hint="analyse them one at a time",
        )
    used = np.logical_or.reduce([p.known for p in read])
    groups = groups_of(sample, by, used)
    design = sample.design.within(used)
    effects, labels, said, counts = [], [], [], []
    for group, rows in groups:
        for arm, endorser in enumerate(endorsers, 1):
            own, titles = policy_effects(read, arm, rows, scale)
            effects += own
            labels += [f"{t} ({endorser})" if len(endorsers) > 1 else t for t in titles]
            said += [group] * len(own)
            sizes = [
                int(np.count_nonzero(p.known & rows & np.isin(p.arms.codes, (0, arm))))
                for p in read
            ]
            each = len(own) // (len(read) + (len(read) > 1))
            together = [int(np.count_nonzero(rows))] * (each if len(read) > 1 else 0)
            counts += [*together, *(s for s in sizes for _ in range(each))]

    def evaluate(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        found = [effect(weights) for effect in effects]
        return np.array([f[0] for f in found]), np.column_stack([f[1] for f in found])

    values, spread = estimated(design, evaluate)
    df = design.df
    alone = [
        i
        for i, (g, t) in enumerate(zip(said, labels, strict=True))
        if not g and not t.startswith("Mean of")
    ]
    tests = (
        (wald("No effect on any policy", values[alone], spread[np.ix_(alone, alone)], df),)
        if len(read) > 1 and scale != "shares"
        else ()
    )
    return Estimates(
        id="endorsement-" + "-".join(policies),
        title=f"Endorsement experiment: {joined(list(policies))}",
        names=tuple(labels),
        groups=tuple(said),
        estimates=values,
        covariance=spread,
        df=df,
        n=tuple(counts),
        rows=int(np.count_nonzero(used)),
        form="number" if scale == "mean" else "share",
        level=level,
        tests=tests,
        notes=notes_of(sample, read, scale),
        group_title="" if by is None else sample.answers.variable(by).says,
        **about(sample),
    )


def read_policy(sample: Sample, name: str, treatment: str, control: Code | None) -> Policy:
    """Answers to a policy.

    Raises
    ------
    ScslabError
        No groups, or an empty one.
    """
    answers = sample.number(name)
    arms = arms_of(sample, treatment, control)
    known = sample.design.inside & ~np.isnan(answers) & (arms.codes >= 0)
    not_empty(arms, known, treatment)
    return Policy(name, np.nan_to_num(answers), arms, known)


def policy_effects(
    policies: Sequence[Policy], arm: int, rows: np.ndarray, scale: Scale
) -> tuple[list[Effect], list[str]]:
    """Effects of one endorser: their mean over policies first, where there are several."""
    single: list[list[Effect]] = []
    answers = sorted({float(v) for p in policies for v in np.unique(p.answers[p.known])})
    if scale != "mean" and len(answers) > 50:
        raise ScslabError(
            "too many different answers for an ordered scale",
            where=joined([p.name for p in policies]),
            got=f"{len(answers)} different answers",
            hint='scale: "mean"',
        )
    for policy in policies:
        here = [rows & policy.known & (policy.arms.codes == a) for a in (0, arm)]
        for code, part in zip((0, arm), here, strict=True):
            if not part.any():
                raise ScslabError(
                    f'nobody with an answer in group "{policy.arms.names[code]}"',
                    where=f"policy {policy.name}",
                    hint="join small groups",
                )
        if scale == "mean":
            single.append([difference(policy.answers, here[0], here[1])])
        elif scale == "ranks":
            single.append([superiority(policy.answers, here[0], here[1], answers)])
        else:
            single.append([difference((policy.answers == a).astype(float), *here) for a in answers])
    suffix = [f", answer {a:g}" for a in answers] if scale == "shares" else [""]
    titles = [f"{p.name}{s}" for p in policies for s in suffix]
    flat = [effect for effects in single for effect in effects]
    if len(policies) == 1:
        return flat, titles
    means = [average([effects[i] for effects in single]) for i in range(len(suffix))]
    return [*means, *flat], [*(f"Mean of {len(policies)} policies{s}" for s in suffix), *titles]


def difference(values: np.ndarray, control: np.ndarray, treated: np.ndarray) -> Effect:
    """Difference in means."""

    def effect(weights: np.ndarray) -> tuple[float, np.ndarray]:
        base, own = mean_of(values, control, weights)
        mean, other = mean_of(values, treated, weights)
        return mean - base, other - own

    return effect


def superiority(
    values: np.ndarray, control: np.ndarray, treated: np.ndarray, answers: Sequence[float]
) -> Effect:
    """P(treated > control) + P(equal) / 2 - 1 / 2 (Mann and Whitney 1947), by linearisation.

    The influence of a row is that of the mean of its mid-rank in the other group.
    """
    scale = np.array(answers)
    place = np.searchsorted(scale, values).clip(0, len(scale) - 1)

    def mid_ranks(rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
        mass = np.bincount(place, weights * rows, len(scale))
        below: np.ndarray = (np.cumsum(mass) - mass / 2) / mass.sum()
        return below

    def effect(weights: np.ndarray) -> tuple[float, np.ndarray]:
        share, own = mean_of(mid_ranks(control, weights)[place], treated, weights)
        _, other = mean_of(-mid_ranks(treated, weights)[place], control, weights)
        return share - 0.5, own + other

    return effect


def average(effects: Sequence[Effect]) -> Effect:
    """The mean of effects."""

    def effect(weights: np.ndarray) -> tuple[float, np.ndarray]:
        found = [e(weights) for e in effects]
        values = float(np.mean([f[0] for f in found]))
        return values, np.mean([f[1] for f in found], axis=0)

    return effect


def notes_of(sample: Sample, policies: Sequence[Policy], scale: Scale) -> tuple[str, ...]:
    """What is assumed, and who is missing."""
    inside = int(np.count_nonzero(sample.design.inside))
    lost = [f"{p.name} {inside - int(np.count_nonzero(p.known)):,}" for p in policies]
    kinds = {
        "mean": "Difference in mean support, endorsed less not endorsed.",
        "ranks": "Chance that a person with the endorsement supports more than one without (ties "
        "half), less 50 %.",
        "shares": "Difference in the share of each answer, endorsed less not endorsed.",
    }
    return (
        f"{kinds[scale]} Assumes groups drawn by lot, and that the endorsement works through what "
        "people think of the endorser.",
        "The item response model of Bullock, Imai and Shapiro (2011) is not used.",
        *(
            (f"Without an answer or group: {joined(lost)}.",)
            if any(not x.endswith(" 0") for x in lost)
            else ()
        ),
    )
