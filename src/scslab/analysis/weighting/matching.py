"""Margins meet a sample: the code of each respondent in each margin, and the target shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from scslab.analysis.sample import Sample
from scslab.analysis.weighting.margins import CROSS, Margin, Margins
from scslab.core.errors import ScslabError, near
from scslab.survey.answers import plain


@dataclass(frozen=True)
class Coded:
    """A margin as a sample has it: rows are those of the domain, codes count target levels."""

    name: str
    levels: tuple[str, ...]
    code: np.ndarray  # int64[n]
    target: np.ndarray  # f8[levels], sums to 1


def match(sample: Sample, margins: Margins) -> list[Coded]:
    """The codes of the domain's rows in each margin.

    Raises
    ------
    ScslabError
        A variable that the sample lacks, missing answers, a level that has a target but no
        respondent or respondents but no target.
    """
    inside = sample.design.inside
    if not inside.any():
        raise ScslabError("nobody to weight", where=sample.answers.source, got="an empty domain")
    return [code_margin(sample, margin, inside) for margin in margins.margins]


def code_margin(sample: Sample, margin: Margin, inside: np.ndarray) -> Coded:
    """The codes of one margin."""
    joint = np.zeros(int(inside.sum()), np.int64)
    names: list[list[str]] = []
    for k, variable in enumerate(margin.variables):
        # A category that has neither a target nor a respondent is no matter.
        wanted = list(
            dict.fromkeys(
                level[k]
                for level, share in zip(margin.levels, margin.shares, strict=True)
                if share > 0
            )
        )
        code, known = categories(sample, variable, wanted, margin)
        code = code[inside]
        check_missing(variable, margin, code)
        check_known(variable, known, wanted, margin)
        joint = joint * len(known) + code
        names.append(known)
    margin = only_known(margin, names)
    sizes = [len(known) for known in names]
    places = [
        int(np.ravel_multi_index([n.index(p) for n, p in zip(names, level, strict=True)], sizes))
        for level in margin.levels
    ]
    lookup = np.full(int(np.prod(sizes)), -1, np.int64)
    lookup[places] = np.arange(len(places))
    code = lookup[joint]
    target = np.array(margin.shares)
    check_levels(margin, names, sizes, joint, code, target)
    return Coded(margin.name, tuple(CROSS.join(level) for level in margin.levels), code, target)


def categories(
    sample: Sample, name: str, wanted: Sequence[str], margin: Margin
) -> tuple[np.ndarray, list[str]]:
    """Codes (-1 where missing) and categories of a variable, by label or, failing that, by code.

    Rows are numbered by hashing first (0.1 s for a million texts; labelling each row took 0.4).
    """
    answers = sample.answers
    if name not in answers.variables:
        raise ScslabError(
            f'margin "{margin.name}" is of a variable that the answers lack',
            where=answers.source,
            got=name,
            hint=near(name, answers.variables),
        )
    numbers, found = pd.factorize(answers.frame[name])
    few = replace(answers, frame=pd.DataFrame({name: found}), marks={})
    labelled = few.labelled(name)
    labels = [str(c) for c in labelled.categories]
    if not set(wanted) <= set(labels):
        codes = [plain(c) for c in sorted({*found, *answers.variables[name].labels}, key=in_order)]
        if set(wanted) <= set(codes):
            labels = codes
    place = np.append(np.asarray(labelled.codes, np.int64), -1)  # the last is of missing answers
    return place[numbers], labels


def only_known(margin: Margin, names: Sequence[Sequence[str]]) -> Margin:
    """The margin without levels that are of no category; their targets are 0."""
    kept = [
        (level, share)
        for level, share in zip(margin.levels, margin.shares, strict=True)
        if all(part in known for part, known in zip(level, names, strict=True))
    ]
    return replace(margin, levels=tuple(k[0] for k in kept), shares=tuple(k[1] for k in kept))


def in_order(code: float | str) -> tuple[bool, float | str]:
    """The order of codes: numbers before texts, as `Answers.labelled` has them."""
    return isinstance(code, str), code


def check_missing(variable: str, margin: Margin, code: np.ndarray) -> None:
    """Every respondent has an answer."""
    missing = int((code < 0).sum())
    if missing:
        raise ScslabError(
            f'missing answers in "{variable}"',
            where=f'margin "{margin.name}"',
            got=f"{missing:,} of {len(code):,} respondents ({missing / len(code) * 100:.1f} %)",
            expected="an answer of everybody who is weighted",
            hint="give them a category and a target of their own, or weight within the domain of "
            "those who answered",
        )


def check_known(variable: str, known: Sequence[str], wanted: Sequence[str], margin: Margin) -> None:
    """Every category of a margin is one of the variable."""
    for level in wanted:
        if level not in known:
            share = sum(
                s
                for s, parts in zip(margin.shares, margin.levels, strict=True)
                if parts[margin.variables.index(variable)] == level
            )
            raise ScslabError(
                f'target category "{level}" has no respondent',
                where=f'margin "{margin.name}"',
                got=f'no category "{level}" in "{variable}"; its target is {share * 100:.4g} %',
                hint=near(level, known),
            )


def check_levels(
    margin: Margin,
    names: Sequence[Sequence[str]],
    sizes: Sequence[int],
    joint: np.ndarray,
    code: np.ndarray,
    target: np.ndarray,
) -> None:
    """Respondents and targets are of the same categories."""
    where = f'margin "{margin.name}"'
    stray = code < 0
    if stray.any():
        first = int(joint[stray][0])
        parts = [n[int(i)] for n, i in zip(names, np.unravel_index(first, sizes), strict=True)]
        level = CROSS.join(parts)
        raise ScslabError(
            f'respondents of category "{level}" have no target',
            where=where,
            got=f'{int((joint == first).sum()):,} respondents of "{level}"; '
            f"{int(stray.sum()):,} of {len(code):,} without a target in all",
            hint="give the category a target, or weight within a domain without it",
        )
    n = np.bincount(code, minlength=len(target))
    empty = np.flatnonzero((n == 0) & (target > 0))
    if len(empty):
        more = f" ({len(empty)} such categories)" if len(empty) > 1 else ""
        raise ScslabError(
            f'target category "{CROSS.join(margin.levels[empty[0]])}" has no respondent{more}',
            where=where,
            got=f"0 respondents; its target is {target[empty[0]] * 100:.4g} %",
            why="no weight brings nobody to a share",
            hint="join it with another category, in the margin and in the answers",
        )
    nobody = np.flatnonzero((n > 0) & (target == 0))
    if len(nobody):
        raise ScslabError(
            f'the target of category "{CROSS.join(margin.levels[nobody[0]])}" is 0, but it has '
            "respondents",
            where=where,
            got=f"{int(n[nobody[0]]):,} respondents",
            hint="weight within a domain without them",
        )
